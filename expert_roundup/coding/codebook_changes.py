"""Change a codebook and carry the codings along: rename, merge, split, and a log of what was done and why."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from expert_roundup.coding.check import check_codings
from expert_roundup.coding.codebook import COLUMNS, check_codebook, load_yaml
from expert_roundup.coding.faults import Faults, shown
from expert_roundup.coding.recoding import join_codings, split_codings

#: columns of the change log; themes and into hold theme names, one a line
CHANGE_COLUMNS = ("version", "kind", "themes", "into", "reason")


@dataclass(frozen=True, slots=True)
class Edition:
    """A codebook at one version, with the codings made by it."""

    codebook: pd.DataFrame
    """Codebook frame."""
    codings: pd.DataFrame
    """Codings frame; its themes are those of the codebook."""
    changes: pd.DataFrame
    """Change log: version (int), kind (created, renamed, merged, split), themes, into (one a line), reason."""

    @property
    def version(self) -> int:
        """Number of the last change."""
        return int(self.changes["version"].iloc[-1])


def first_edition(codebook: pd.DataFrame, codings: pd.DataFrame, *, reason: str = "") -> Edition:
    """Start a change log at version 1.

    Raises
    ------
    ValueError
        Codebook or codings are unusable, or codings name themes that the codebook lacks.
    """
    book = check_codebook(codebook)
    log = pd.DataFrame([[1, "created", "", "", reason]], columns=list(CHANGE_COLUMNS))
    return Edition(book, check_codings(codings, codebook=book), log)


def read_changes(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read the change log of a codebook file in yaml.

    Returns
    -------
    DataFrame
        One row per change, oldest first: version, kind, themes, into, reason; no rows where the file has no log.

    Raises
    ------
    ValueError
        The file is no yaml, or its log is no list of changes with rising versions.
    """
    content = load_yaml(path)
    entries = content.get("changes") or [] if isinstance(content, dict) else []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("changes: must be a list of entries with version, kind, themes, into and reason")
    if not all(isinstance(value, str | int | None) for entry in entries for value in entry.values()):
        raise ValueError("changes: an entry holds words and a version, no lists")
    log = pd.DataFrame(entries, columns=list(CHANGE_COLUMNS)).astype("str").fillna("")
    version = pd.to_numeric(log["version"], errors="coerce")
    faults = Faults("changes")
    faults.add(~(version % 1 == 0), lambda row: f"version {shown(log['version'].iloc[row])} is no whole number")
    faults.add(version.diff() <= 0, lambda row: f"version {shown(log['version'].iloc[row])} does not rise")
    faults.raise_any()
    return log.assign(version=version.astype("int64"))


def rename_theme(edition: Edition, theme: str, to: str, *, label: str | None = None, reason: str = "") -> Edition:
    """Give a theme another name, and another label if one is given.

    Raises
    ------
    ValueError
        `theme` is not in the codebook, or `to` is already.
    """
    _check_known(edition, [theme])
    _check_free(edition, [to], but=[theme])
    renamed = edition.codebook.replace({"theme": {theme: to}})
    is_it = renamed["theme"] == to
    old_label = edition.codebook.loc[edition.codebook["theme"] == theme, "label"].iloc[0]
    new_label = label if label is not None else (to if old_label == theme else old_label)
    book = renamed.assign(label=renamed["label"].mask(is_it, new_label))
    return _next(edition, book, edition.codings.replace({"theme": {theme: to}}), "renamed", [theme], [to], reason)


def merge_themes(edition: Edition, themes: Sequence[str], into: str, *, reason: str = "", **entry: str) -> Edition:
    """Make one theme of several.

    Parameters
    ----------
    themes
        Two or more themes of the codebook.
    into
        Name of the merged theme: one of them, or a new one. It stands where the first of them stood.
    **entry
        label, definition, include, exclude, examples, group, color of the merged theme. What is not given comes from
        `into` if it is one of them, else from the first; include, exclude and examples of all are joined.

    Returns
    -------
    Edition
        The next version. Where a coder had considered several of the themes for one quote, one coding is left: its
        confidence is the highest, its evidence that of the surest coding, and its rationale keeps every one of them in
        words, with confidence and evidence.

    Raises
    ------
    ValueError
        A theme is unknown or given twice, fewer than two are given, or `into` belongs to another theme.
    """
    if len(set(themes)) != len(themes) or len(themes) < 2:
        raise ValueError(f"themes must be two or more different themes, not {list(themes)}")
    _check_known(edition, themes)
    _check_free(edition, [into], but=themes)
    book = edition.codebook
    rows = book[book["theme"].isin(themes)]
    base = book[book["theme"] == (into if into in themes else rows["theme"].iloc[0])].iloc[0]
    joined = {name: "\n".join(filter(None, rows[name])) for name in ("include", "exclude", "examples")}
    merged = _entry({**base.to_dict(), **joined, "label": _label(base, into), **entry, "theme": into})
    codings = join_codings(edition.codings, themes, into)
    return _next(edition, _put(book, themes, [merged]), codings, "merged", themes, [into], reason)


def split_theme(
    edition: Edition, theme: str, into: pd.DataFrame, assigned: pd.DataFrame, *, reason: str = ""
) -> Edition:
    """Make several themes of one, with every coded coding given to the part where it belongs.

    Parameters
    ----------
    into
        Entries of the new themes: a codebook frame of two or more rows. `theme` itself may be one of them.
    assigned
        Which part a coding goes to: quote_id, theme (the part) and, where coders are to be told apart, coder. A coding
        may go to several parts. Rejected codings that are not assigned are rejections of every part.

    Raises
    ------
    ValueError
        `theme` is unknown, a part's name is taken, `assigned` names something that is not there, or coded codings are
        not assigned; all of them are named.
    """
    parts = check_codebook(into)
    if len(parts) < 2:
        raise ValueError("into: a theme is split into two or more themes")
    _check_known(edition, [theme])
    _check_free(edition, list(parts["theme"]), but=[theme])
    codings = split_codings(edition.codings, theme, list(parts["theme"]), assigned)
    book = _put(edition.codebook, [theme], parts.to_dict("records"))
    return _next(edition, book, codings, "split", [theme], list(parts["theme"]), reason)


def compare_codebooks(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """List what differs between two codebooks.

    Returns
    -------
    DataFrame
        One row per difference, themes in the order of the new codebook, then those that are gone: theme, column
        ("theme" where a whole theme came or went), old, new.

    Examples
    --------
    >>> old = pd.DataFrame({"theme": ["goals", "craft"], "definition": ["have a plan", ""]})
    >>> new = pd.DataFrame({"theme": ["goals", "tools"], "definition": ["have a goal", ""]})
    >>> compare_codebooks(old, new).iloc[0].to_dict()
    {'theme': 'goals', 'column': 'definition', 'old': 'have a plan', 'new': 'have a goal'}
    """
    before, after = _by_theme(old), _by_theme(new)
    rows: list[tuple[str, str, str, str]] = []
    for theme in [*after, *(theme for theme in before if theme not in after)]:
        if theme not in before or theme not in after:
            rows.append((theme, "theme", theme if theme in before else "", theme if theme in after else ""))
            continue
        pairs = [(name, before[theme][name], after[theme][name]) for name in COLUMNS[1:]]
        rows += [(theme, name, one, other) for name, one, other in pairs if one != other]
    return pd.DataFrame(rows, columns=["theme", "column", "old", "new"], dtype="str")


def _by_theme(book: pd.DataFrame) -> dict[str, dict[Any, str]]:
    return {row["theme"]: {**row} for row in check_codebook(book).to_dict("records")}


def _label(base: pd.Series[Any], into: str) -> str:
    return into if base["label"] == base["theme"] else str(base["label"])


def _entry(values: dict[Any, Any]) -> dict[str, str]:
    unknown = set(values) - set(COLUMNS)
    if unknown:
        raise ValueError(f"a theme has no {', '.join(sorted(unknown))}; it has {', '.join(COLUMNS)}")
    return values


def _put(book: pd.DataFrame, themes: Sequence[str], entries: Sequence[dict[Any, Any]]) -> pd.DataFrame:
    """The codebook with `entries` where the first of `themes` stood, and without `themes`."""
    at = int(book.index[book["theme"].isin(themes)][0])
    before, after = book.iloc[:at], book.iloc[at:]
    return pd.concat([before, pd.DataFrame(list(entries)), after[~after["theme"].isin(themes)]], ignore_index=True)


def _check_known(edition: Edition, themes: Sequence[str]) -> None:
    unknown = [theme for theme in themes if theme not in set(edition.codebook["theme"])]
    if unknown:
        raise ValueError(f"not in the codebook: {', '.join(unknown)}; it has {', '.join(edition.codebook['theme'])}")


def _check_free(edition: Edition, names: Sequence[str], *, but: Sequence[str]) -> None:
    taken = [name for name in names if name in set(edition.codebook["theme"]) - set(but)]
    if taken:
        raise ValueError(f"already in the codebook: {', '.join(taken)}")


def _next(
    edition: Edition,
    book: pd.DataFrame,
    codings: pd.DataFrame,
    kind: str,
    themes: Sequence[str],
    into: Sequence[str],
    reason: str,
) -> Edition:
    checked = check_codebook(book)
    row = [edition.version + 1, kind, "\n".join(themes), "\n".join(into), reason]
    log = pd.concat([edition.changes, pd.DataFrame([row], columns=list(CHANGE_COLUMNS))], ignore_index=True)
    return replace(edition, codebook=checked, codings=check_codings(codings, codebook=checked), changes=log)

"""The codebook: what each theme means, what belongs to it and what does not."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from expert_roundup.coding.csv_input import decode, read_bytes, read_table
from expert_roundup.coding.faults import Faults, shown

#: columns of the codebook frame, in order
COLUMNS = ("theme", "label", "definition", "include", "exclude", "examples", "group", "color")
#: columns that hold several items, one a line
LISTS = ("include", "exclude", "examples")
#: colours for themes that have none: Okabe-Ito without its black and yellow first, then darker ones of Paul Tol
PALETTE = (
    "#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7",
    "#F0E442", "#000000", "#332288", "#999933", "#882255", "#888888",
)  # fmt: skip
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_MAX_YAML_BYTES = 10_000_000
_TAGUETTE_NAMES = ("tag", "name", "path")


def read_codebook(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a codebook from yaml, csv (ours, or Taguette's with a column tag, name or path) or QDC.

    Parameters
    ----------
    path
        `.csv` and `.tsv` are read as csv, `.qdc` as a REFI-QDA codebook, everything else as yaml.

    Returns
    -------
    DataFrame
        One row per theme, in the order of the file: the codebook frame (see `check_codebook`).

    Raises
    ------
    ValueError
        The file is no codebook, or themes are unusable; all of them are named.
    OSError
        The file cannot be read.
    """
    file = Path(path)
    if file.suffix.lower() == ".qdc":
        from expert_roundup.coding.refi_qda import import_codebook  # it builds on this module

        return import_codebook(file)
    if file.suffix.lower() in (".csv", ".tsv"):
        return _from_csv(file)
    return check_codebook(_from_yaml(_entries(load_yaml(file), file.name)))


def check_codebook(codebook: pd.DataFrame) -> pd.DataFrame:
    """Return the codebook with all its columns, or name everything that is unusable in it.

    Parameters
    ----------
    codebook
        At least the column theme. Without a label the theme is its own label; without a colour it gets the next free
        one of PALETTE.

    Returns
    -------
    DataFrame
        One row per theme, in the given order: theme, label, definition, include, exclude, examples (several items are
        several lines), group, color (#RRGGBB); all text, "" where nothing was said.

    Raises
    ------
    TypeError
        `codebook` is no frame.
    ValueError
        There is no theme at all, or themes are empty, stand there twice, share a label or have no proper colour.

    Examples
    --------
    >>> check_codebook(pd.DataFrame({"theme": ["goals", "craft"]}))[["theme", "label", "color"]].to_dict("records")[1]
    {'theme': 'craft', 'label': 'craft', 'color': '#D55E00'}
    """
    if not isinstance(codebook, pd.DataFrame):
        raise TypeError(f"codebook must be a frame, not {type(codebook).__name__}")
    if "theme" not in codebook.columns or codebook.empty:
        raise ValueError("codebook: no themes; needed is a column theme with a row per theme")
    given = codebook.reset_index(drop=True)
    columns = {name: given[name].astype("str").fillna("").str.strip() if name in given else "" for name in COLUMNS}
    book = pd.DataFrame(columns, columns=list(COLUMNS), index=given.index, dtype="str")
    book = book.assign(**{name: book[name].map(_lines).astype("str") for name in LISTS})
    book = book.assign(label=book["label"].where(book["label"] != "", book["theme"]))
    _check_themes(book)
    return book.assign(color=_colored(book["color"]))


def codebook_to_yaml(codebook: pd.DataFrame, *, changes: pd.DataFrame | None = None) -> str:
    """Write a codebook as yaml that `read_codebook` reads back equal.

    Parameters
    ----------
    changes
        The change log (see `expert_roundup.coding.codebook_changes`); the number of its last entry is the version.

    Returns
    -------
    str
        A mapping with `themes` and, with `changes`, `version` and `changes`; same input, same text.
    """
    from yaml import safe_dump

    book = check_codebook(codebook)
    content: dict[str, Any] = {}
    if changes is not None and len(changes):
        entries = changes.astype({"version": int}).to_dict("records")
        content = {"version": entries[-1]["version"], "changes": entries}
    content["themes"] = [_entry(row) for row in book.to_dict("records")]
    return str(safe_dump(content, sort_keys=False, allow_unicode=True, width=10_000))


def codebook_for_taguette(codebook: pd.DataFrame) -> pd.DataFrame:
    """Lay out a codebook as Taguette imports it.

    Returns
    -------
    DataFrame
        One row per theme: tag (the theme), description (label and definition); to be saved as csv.
    """
    book = check_codebook(codebook)
    description = book["label"] + (": " + book["definition"]).where(book["definition"] != "", "")
    return pd.DataFrame({"tag": book["theme"], "description": description})


def themes_by_group(codebook: pd.DataFrame) -> dict[str, list[str]]:
    """Themes of every group, groups in order of their first theme; the group "" holds themes without one.

    Examples
    --------
    >>> themes_by_group(pd.DataFrame({"theme": ["goals", "craft"], "group": ["Strategy", "Content"]}))
    {'Strategy': ['goals'], 'Content': ['craft']}
    """
    book = check_codebook(codebook)
    return {str(group): list(themes) for group, themes in book.groupby("group", sort=False)["theme"]}


def codebook_fingerprint(codebook: pd.DataFrame) -> str:
    """Twelve hexadecimal digits that differ when any word of the codebook does; colours do not count.

    Two coders with one fingerprint coded by the same definitions.
    """
    book = check_codebook(codebook).drop(columns="color")
    return hashlib.sha256(book.to_json(orient="values", force_ascii=True).encode()).hexdigest()[:12]


def load_yaml(path: str | os.PathLike[str]) -> Any:
    """Read a yaml file without running anything in it.

    Raises
    ------
    ValueError
        The file is empty, larger than 10 MB, or no yaml.
    """
    import yaml

    class _Loader(yaml.SafeLoader):
        def flatten_mapping(self, node: yaml.MappingNode) -> None:
            # merge keys unfold: a page of them fills any memory, and no codebook needs them
            if any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value):
                raise yaml.YAMLError("merge keys (<<) are not read here")

    name = f"codebook {Path(path).name}"
    text = decode(read_bytes(path, _MAX_YAML_BYTES, argument=name), argument=name)
    try:
        content = yaml.load(text, _Loader)  # noqa: S506 (a SafeLoader, made stricter)
    except yaml.YAMLError as error:
        raise ValueError(f"{name}: no readable yaml ({' '.join(str(error).split())[:300]})") from error
    except (RecursionError, ValueError, OverflowError) as error:  # deep nesting; impossible dates and numbers
        raise ValueError(f"{name}: no readable yaml ({type(error).__name__})") from error
    if content is None:
        raise ValueError(f"{name}: the file is empty")
    return content


def _from_csv(file: Path) -> pd.DataFrame:
    table = read_table(file, required=(), optional=(*COLUMNS, *_TAGUETTE_NAMES, "description"), argument="codebook")
    if "theme" in table:
        return check_codebook(table)
    column = next((name for name in _TAGUETTE_NAMES if name in table), None)
    if column is None:
        raise ValueError(f"codebook {file.name}: no column theme (ours), tag, name or path (Taguette)")
    themes = table[column]
    # Taguette shows "people.staff" as staff under people
    group = themes.str.rpartition(".")[0]
    definition = table.get("description", "")
    return check_codebook(pd.DataFrame({"theme": themes, "definition": definition, "group": group}))


def _entries(content: Any, name: str) -> list[Mapping[str, Any]]:
    entries = content.get("themes") if isinstance(content, Mapping) else content
    if not isinstance(entries, list) or not entries:
        raise ValueError(f"codebook {name}: no list of themes")
    faults = Faults(f"codebook {name}")
    faults.add(
        [not isinstance(entry, Mapping) for entry in entries], lambda row: f"{_described(entries[row])} is no theme"
    )
    faults.raise_any()
    return entries


def _from_yaml(entries: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    faults = Faults("codebook")
    for name in COLUMNS:
        _check_texts(name, [entry.get(name) for entry in entries], faults)
    faults.raise_any()
    return pd.DataFrame([{name: _text(entry.get(name)) for name in COLUMNS} for entry in entries])


def _check_texts(name: str, values: Sequence[Any], faults: Faults) -> None:
    bad = [not _is_text(value, is_list=name in LISTS) for value in values]
    faults.add(bad, lambda row: f"{name} {_described(values[row])} is no text; put it in quotes")


def _is_text(value: Any, *, is_list: bool) -> bool:
    # yaml reads no, off and 12e03 as something else than the words that were written
    if isinstance(value, list):
        return is_list and all(isinstance(item, str) for item in value)
    return value is None or isinstance(value, str)


def _described(value: Any) -> str:
    # a few aliases may stand for a billion items, so a collection is never written out
    return f"a {type(value).__name__}" if isinstance(value, list | dict | set | tuple) else shown(value)


def _text(value: Any) -> str:
    return "\n".join(" ".join(item.split()) for item in value) if isinstance(value, list) else value or ""


def _lines(text: str) -> str:
    """Items of a list column, one a line, without blank ones."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def _entry(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name].split("\n") if name in LISTS else row[name] for name in COLUMNS if row[name]}


def _check_themes(book: pd.DataFrame) -> None:
    theme, label = book["theme"], book["label"].str.casefold()
    faults = Faults("codebook")
    faults.add(theme == "", lambda _: "theme is empty")
    faults.add(theme.str.contains("[\r\n]"), lambda row: f"theme {shown(theme.iloc[row])} holds a line break")
    faults.add((theme != "") & theme.duplicated(), lambda row: f"theme {shown(theme.iloc[row])} stands there already")
    faults.add(
        (label != "") & label.duplicated() & ~theme.duplicated(),
        lambda row: f"label {shown(book['label'].iloc[row])} belongs to an earlier theme",
    )
    is_color = book["color"].str.fullmatch(_COLOR)
    faults.add(
        (book["color"] != "") & ~is_color, lambda row: f"color {shown(book['color'].iloc[row])} is not like #0072B2"
    )
    faults.raise_any()


def _colored(color: pd.Series[str]) -> list[str]:
    taken = {name.upper() for name in color}
    free = [name for name in PALETTE if name not in taken]
    # past the palette colours repeat: twelve are already more than eyes tell apart
    rank = (color == "").cumsum() - 1
    return [name.upper() or (free or PALETTE)[at % len(free or PALETTE)] for name, at in zip(color, rank, strict=True)]

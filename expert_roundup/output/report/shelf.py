"""What the explorer sorts answers by: themes, readings, speakers, platforms, each with its token on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expert_roundup.output.charts.readings import THRESHOLD, most, shares
from expert_roundup.output.charts.words import check_frame, labels_of
from expert_roundup.output.report.tables import shown_speakers

if TYPE_CHECKING:
    import pandas as pd

_CODINGS = ("quote_id", "theme", "coder", "confidence")
_Rows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """A study's answers with what they are sorted by.

    Attributes
    ----------
    quotes
        The quotes frame.
    codings
        Answer to its rows of the codings frame; an empty theme says that the coder read it and gave nothing.
    given
        Answer to the themes that at least one reader gave it: theme, n_coded, n_readers, share.
    named
        Answer to the platforms that it names.
    labels
        Theme to label, in the order of the codebook.
    n_given, n_named
        Theme to the answers that most readers gave it, platform to the answers that name it.
    themes, coders, speakers, platforms
        Name to token, such as t0 or c2.
    """

    quotes: pd.DataFrame
    codings: _Rows
    given: _Rows
    named: _Rows
    labels: Mapping[str, str]
    n_given: Mapping[str, int]
    n_named: Mapping[str, int]
    themes: Mapping[str, str]
    coders: Mapping[str, str]
    speakers: Mapping[str, str]
    platforms: Mapping[str, str]


def shelve(frames: Mapping[str, pd.DataFrame]) -> Shelf:
    """Return what the frames of a study sort its quotes by."""
    quotes, codebook = frames["quotes"], frames.get("codebook")
    codings, given = _codings(frames.get("codings"))
    named = frames["platforms"] if "platforms" in frames else quotes.iloc[:0].assign(platform="")
    named = named[named["quote_id"].isin(quotes["quote_id"])]
    n_named = named.groupby("platform", sort=False)["quote_id"].nunique().sort_values(ascending=False, kind="stable")
    known = list(codebook["theme"].astype(str)) if codebook is not None and len(codings) else []
    themes = list(dict.fromkeys([*known, *filter(None, codings["theme"])]))
    labels = labels_of(codebook)
    return Shelf(
        quotes=quotes, codings=_by_quote(codings), given=_by_quote(given), named=_by_quote(named),
        labels={theme: labels[theme] for theme in themes}, n_given=_counts(most(given)["theme"].value_counts()),
        n_named=_counts(n_named), themes=_tokens(themes, "t"), coders=_tokens(codings["coder"], "c"),
        speakers=_tokens(shown_speakers(quotes).values(), "s"), platforms=_tokens(n_named.index, "p"),
    )  # fmt: skip


def theme_tokens(quote_id: str, shelf: Shelf) -> list[str]:
    """Return who gives which theme to an answer: ``t0.c1`` a reading, ``t0.any`` any, ``t0.most`` more than half."""
    own = [row for row in shelf.codings.get(quote_id, []) if row["theme"] and row["confidence"] >= THRESHOLD]
    tokens = {f"{shelf.themes[row['theme']]}.{shelf.coders[row['coder']]}" for row in own}
    for row in shelf.given.get(quote_id, []):
        theme = shelf.themes[row["theme"]]
        tokens |= {f"{theme}.any", f"{theme}.most"} if row["share"] > 0.5 else {f"{theme}.any"}
    return sorted(tokens)


def _codings(codings: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The codings with missing themes empty, and how many readers gave each theme to each answer."""
    import pandas as pd

    if codings is None or not len(codings):
        return pd.DataFrame({name: [] for name in _CODINGS}), pd.DataFrame({"quote_id": [], "theme": [], "share": []})
    read = check_frame(codings, "codings", _CODINGS)
    read = read.assign(theme=read["theme"].fillna("").astype(str))
    return read, shares(read)


def _by_quote(frame: pd.DataFrame) -> _Rows:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        rows.setdefault(str(row["quote_id"]), []).append({str(name): value for name, value in row.items()})
    return rows


def _counts(counts: pd.Series[int]) -> dict[str, int]:
    return {str(name): int(n) for name, n in counts.items()}


def _tokens(names: Any, letter: str) -> dict[str, str]:
    return {name: f"{letter}{i}" for i, name in enumerate(dict.fromkeys(names))}

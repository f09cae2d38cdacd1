"""What the explorer sorts answers by: themes, readings, speakers, platforms, each with its token on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expert_roundup.output.charts.readings import THRESHOLD, shares
from expert_roundup.output.charts.words import check_frame, labels_of
from expert_roundup.output.report.tables import shown_speakers

if TYPE_CHECKING:
    import pandas as pd

_CODINGS = ("quote_id", "theme", "coder", "confidence", "start", "end", "rationale")


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """A study's answers with what they are sorted by.

    Attributes
    ----------
    quotes
        The quotes frame.
    codings
        The codings frame without missing themes; without rows where nobody has coded.
    given
        One row per answer and theme that at least one reader gave: quote_id, theme, n_coded, n_readers, share.
    named
        One row per answer and platform named in it: quote_id, platform.
    labels
        Theme to label, in the order of the codebook.
    themes, coders, speakers, platforms
        Name to token, such as t0 or c2.
    """

    quotes: pd.DataFrame
    codings: pd.DataFrame
    given: pd.DataFrame
    named: pd.DataFrame
    labels: Mapping[str, str]
    themes: Mapping[str, str]
    coders: Mapping[str, str]
    speakers: Mapping[str, str]
    platforms: Mapping[str, str]


def shelve(frames: Mapping[str, pd.DataFrame]) -> Shelf:
    """Return what the frames of a study sort its quotes by."""
    import pandas as pd

    quotes, codebook = frames["quotes"], frames.get("codebook")
    codings = check_frame(frames["codings"], "codings", _CODINGS[:4]) if len(frames.get("codings", ())) else None
    if codings is None:
        codings = pd.DataFrame({name: [] for name in _CODINGS})
    codings = codings.assign(theme=codings["theme"].fillna("").astype(str))
    given = shares(codings) if len(codings) else pd.DataFrame({"quote_id": [], "theme": [], "share": []})
    known = list(codebook["theme"].astype(str)) if codebook is not None and len(codings) else []
    themes = list(dict.fromkeys([*known, *filter(None, codings["theme"])]))
    named = frames.get("platforms", pd.DataFrame({"quote_id": [], "platform": []}))
    named = named[named["quote_id"].isin(quotes["quote_id"])]
    labels = labels_of(codebook)
    return Shelf(
        quotes=quotes, codings=codings, given=given, named=named, labels={theme: labels[theme] for theme in themes},
        themes=_tokens(themes, "t"), coders=_tokens(codings["coder"], "c"),
        speakers=_tokens(shown_speakers(quotes).values(), "s"),
        platforms=_tokens(named["platform"].value_counts().index, "p"),
    )  # fmt: skip


def theme_tokens(quote_id: str, shelf: Shelf) -> list[str]:
    """Return who gives which theme to an answer: ``t0.c1`` a reading, ``t0.any`` any, ``t0.most`` more than half."""
    own = [row for row in rows_of(shelf.codings, quote_id) if row["theme"] and row["confidence"] >= THRESHOLD]
    tokens = {f"{shelf.themes[row['theme']]}.{shelf.coders[row['coder']]}" for row in own}
    for row in rows_of(shelf.given, quote_id):
        theme = shelf.themes[row["theme"]]
        tokens |= {f"{theme}.any", f"{theme}.most"} if row["share"] > 0.5 else {f"{theme}.any"}
    return sorted(tokens)


def rows_of(frame: pd.DataFrame, quote_id: str) -> list[dict[str, Any]]:
    """Return the rows of an answer."""
    return [
        {str(name): value for name, value in row.items()}
        for row in frame[frame["quote_id"] == quote_id].to_dict("records")
    ]


def _tokens(names: Any, letter: str) -> dict[str, str]:
    return {name: f"{letter}{i}" for i, name in enumerate(dict.fromkeys(names))}

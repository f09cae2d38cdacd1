"""The coding sheet: what one coder has given to which quote so far. Every change makes a new sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from expert_roundup.coding.codings import THRESHOLD

if TYPE_CHECKING:
    import pandas as pd

#: the theme of the mark that says: read, and no theme applies
NO_THEME = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One theme that was considered for one quote."""

    theme: str
    """A theme of the codebook, or NO_THEME."""
    confidence: float = 1.0
    """0 to 1; from THRESHOLD on the theme is given, below it was considered and rejected. NO_THEME has none."""
    evidence: tuple[int, int] | None = None
    """start and end in the source, in code points."""
    memo: str = ""
    """Why; the rationale of the coding."""

    @property
    def is_given(self) -> bool:
        """Whether it counts as coded."""
        return self.theme != NO_THEME and self.confidence >= THRESHOLD


@dataclass(frozen=True, slots=True)
class Sheet:
    """All marks of one coder."""

    coder: str
    quotes: tuple[str, ...]
    """Ids of the quotes, in page order."""
    themes: tuple[str, ...]
    """Themes, in codebook order."""
    marks: Mapping[str, tuple[Mark, ...]]
    """Marks by quote id, in codebook order; a quote that is not here has not been read."""

    def mark(self, quote_id: str, theme: str) -> Mark | None:
        """Return the mark of one theme at one quote, None where there is none."""
        return next((mark for mark in self.marks.get(quote_id, ()) if mark.theme == theme), None)

    @property
    def n_read(self) -> int:
        """Number of quotes with a mark."""
        return len(self.marks)

    @property
    def is_complete(self) -> bool:
        """Whether every quote was read."""
        return self.n_read == len(self.quotes)


def empty_sheet(coder: str, quotes: Sequence[str], themes: Sequence[str]) -> Sheet:
    """Return the sheet of a coder who has read nothing yet.

    Raises
    ------
    ValueError
        The coder has no name or one that stands for a derived reading, or there are no quotes or themes.
    """
    from expert_roundup.coding.codings import DERIVED_CODERS

    if not coder.strip() or coder in DERIVED_CODERS:
        raise ValueError(f"coder must be a name, and not one of {', '.join(DERIVED_CODERS)}; got {coder!r}")
    if not quotes or not themes:
        raise ValueError(f"needed are quotes and themes; there are {len(quotes)} quotes and {len(themes)} themes")
    return Sheet(coder.strip(), tuple(quotes), tuple(themes), {})


def give(sheet: Sheet, quote_id: str, theme: str, *, evidence: tuple[int, int] | None = None) -> Sheet:
    """Give a theme, fully sure; a theme that stands there keeps what is said of it, and takes new evidence."""
    known = sheet.mark(quote_id, theme) or Mark(theme)
    return _put(sheet, quote_id, replace(known, evidence=evidence or known.evidence))


def take_back(sheet: Sheet, quote_id: str, theme: str) -> Sheet:
    """Take a theme (or NO_THEME) back; with its last mark a quote is unread again."""
    _check(sheet, quote_id, theme)
    return _with(sheet, quote_id, [mark for mark in sheet.marks.get(quote_id, ()) if mark.theme != theme])


def read_without_theme(sheet: Sheet, quote_id: str) -> Sheet:
    """Say that a quote was read and no theme applies; given themes go, considered and rejected ones stay."""
    return _put(sheet, quote_id, Mark(NO_THEME))


def weigh(sheet: Sheet, quote_id: str, theme: str, confidence: float) -> Sheet:
    """Say how sure a theme is, 0 to 1; below THRESHOLD it stays as considered and rejected."""
    if not 0 <= confidence <= 1:
        raise ValueError(f"confidence must be a number from 0 to 1, not {confidence!r}")
    if theme == NO_THEME:
        raise ValueError("confidence belongs to a theme, not to a quote without one")
    return _put(sheet, quote_id, replace(_standing(sheet, quote_id, theme), confidence=round(confidence, 2)))


def show_evidence(sheet: Sheet, quote_id: str, theme: str, evidence: tuple[int, int] | None) -> Sheet:
    """Set the words that show a theme, or take them away (None)."""
    if theme == NO_THEME and evidence is not None:
        raise ValueError("evidence belongs to a theme, not to a quote without one")
    return _put(sheet, quote_id, replace(_standing(sheet, quote_id, theme), evidence=evidence))


def note(sheet: Sheet, quote_id: str, theme: str, memo: str) -> Sheet:
    """Set the memo of a mark."""
    return _put(sheet, quote_id, replace(_standing(sheet, quote_id, theme), memo=memo))


def to_codings(sheet: Sheet) -> pd.DataFrame:
    """Return the sheet as codings.

    Returns
    -------
    DataFrame
        One row per quote x theme considered, and one with an empty theme per quote read without: the codings frame,
        quotes in page order, themes in codebook order.
    """
    import pandas as pd

    from expert_roundup.coding.check import COLUMNS, check_codings

    rows = [_row(quote_id, mark, sheet.coder) for quote_id in sheet.quotes for mark in sheet.marks.get(quote_id, ())]
    return check_codings(pd.DataFrame(rows, columns=list(COLUMNS)))


def from_codings(sheet: Sheet, codings: pd.DataFrame) -> Sheet:
    """Return the sheet with the marks that its coder's rows in `codings` hold.

    Raises
    ------
    ValueError
        Rows name a quote or a theme that the sheet does not have, or are unusable; all of them are named.
    """
    import pandas as pd

    from expert_roundup.coding.check import check_codings

    known = {"quotes": pd.DataFrame({"quote_id": sheet.quotes}), "codebook": pd.DataFrame({"theme": sheet.themes})}
    checked = check_codings(codings, **known)
    for row in checked[checked["coder"] == sheet.coder].to_dict("records"):
        evidence = None if pd.isna(row["start"]) else (int(row["start"]), int(row["end"]))
        confidence = 1.0 if pd.isna(row["confidence"]) else float(row["confidence"])
        sheet = _put(sheet, row["quote_id"], Mark(row["theme"], confidence, evidence, row["rationale"]))
    return sheet


def _row(quote_id: str, mark: Mark, coder: str) -> tuple[object, ...]:
    start, end = mark.evidence or (None, None)
    return quote_id, mark.theme, coder, mark.confidence if mark.theme else None, start, end, mark.memo


def _standing(sheet: Sheet, quote_id: str, theme: str) -> Mark:
    _check(sheet, quote_id, theme)
    mark = sheet.mark(quote_id, theme)
    if mark is None:
        raise ValueError(f"theme {theme!r} was not given to {quote_id}")
    return mark


def _put(sheet: Sheet, quote_id: str, mark: Mark) -> Sheet:
    """Set one mark; "no theme" and given themes drive each other out."""
    _check(sheet, quote_id, mark.theme)
    others = [old for old in sheet.marks.get(quote_id, ()) if old.theme != mark.theme]
    if mark.theme == NO_THEME:
        others = [old for old in others if not old.is_given]
    elif mark.is_given:
        others = [old for old in others if old.theme != NO_THEME]
    return _with(sheet, quote_id, [*others, mark])


def _with(sheet: Sheet, quote_id: str, marks: Sequence[Mark]) -> Sheet:
    order = {theme: at for at, theme in enumerate(sheet.themes)}
    held = {name: old for name, old in sheet.marks.items() if name != quote_id}
    if marks:
        held[quote_id] = tuple(sorted(marks, key=lambda mark: order.get(mark.theme, -1)))
    return replace(sheet, marks=held)


def _check(sheet: Sheet, quote_id: str, theme: str) -> None:
    if quote_id not in sheet.quotes:
        raise ValueError(f"quote_id {quote_id!r} is not among the {len(sheet.quotes)} quotes")
    if theme != NO_THEME and theme not in sheet.themes:
        raise ValueError(f"theme {theme!r} is not in the codebook; it has {', '.join(sheet.themes)}")

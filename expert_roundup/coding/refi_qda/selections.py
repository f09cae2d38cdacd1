"""Codings as selections: one for every span and coder, which carries all themes that the coder gave to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from expert_roundup.coding.refi_qda.memos import Memo
from expert_roundup.coding.refi_qda.places import origin_of, runs_of
from expert_roundup.coding.refi_qda.plain_text import PlainText, plain_text

#: said of a quote in pieces that was exported without its source
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class QuoteText:
    """A quote as a source of its own.

    Attributes
    ----------
    plain
        The text that selections count in, with its places in the source (or in the quote, where no source is known).
    places
        What a reader needs to get from positions to offsets: "" where it is enough to know the quote's start, else
        breaks in the count (see `runs_of`), or UNKNOWN.
    has_source
        Whether places count in a source; without one, a reader counts in this text.
    """

    plain: PlainText
    places: str
    has_source: bool = True

    def position(self, start: int, end: int) -> tuple[int, int] | None:
        """Span of the plain text that covers start..end of the source; None where it cannot be told."""
        return None if self.places == UNKNOWN else self.plain.position(start, end)

    def tells(self, span: tuple[int, int], evidence: tuple[int, int]) -> bool:
        """Whether a reader gets from this span back to the evidence."""
        return not self.has_source or self.plain.place(*span) == evidence


@dataclass(frozen=True, slots=True)
class Selection:
    """A span of one quote that one coder marked, or the whole quote, with what the coder said of it.

    Attributes
    ----------
    start, end
        Half-open span of the plain text, in Unicode code points.
    coder
        Who marked it.
    memos
        One for every theme, themes in the order of the codings; theme "" says that the quote was read and given none.
    """

    start: int
    end: int
    coder: str
    memos: tuple[Memo, ...]


def quote_text(row: dict[str, Any], *, source_text: str) -> QuoteText:
    """The text of a quote (a row of the quotes frame as a dictionary), normalised, with its places."""
    text, start, end = str(row["text"]), row.get("start"), row.get("end")
    if start is None or end is None or pd.isna(start) or pd.isna(end):
        return QuoteText(plain_text(text), "", has_source=False)
    origin = origin_of(text, int(start), int(end), source_text=source_text)
    plain = plain_text(text, origin=origin)
    if origin is None:
        return QuoteText(plain, UNKNOWN)
    runs = runs_of(plain)
    return QuoteText(plain, "" if runs == f"0:{start}" and plain.ends[-1] == end else runs)


def split_selections(codings: pd.DataFrame, quote: QuoteText) -> list[Selection]:
    """Selections of one quote, in the order of the text.

    Parameters
    ----------
    codings
        The codings of this quote, in the columns of the codings frame.

    Returns
    -------
    list of Selection
        Each span and coder once, sorted by start, end and first appearance of the coder.
    """
    spans: dict[tuple[int, int, str], list[Memo]] = {}
    for coder, memo, span in _spans(codings, quote):
        spans.setdefault((*span, coder), []).append(memo)
    found = [Selection(start, end, coder, tuple(memos)) for (start, end, coder), memos in spans.items()]
    return sorted(found, key=lambda selection: (selection.start, selection.end))


def _spans(codings: pd.DataFrame, quote: QuoteText) -> Iterator[tuple[str, Memo, tuple[int, int]]]:
    whole = (0, len(quote.plain.text))
    columns = (codings[name].tolist() for name in ("coder", "theme", "confidence", "rationale", "start", "end"))
    for coder, theme, confidence, rationale, start, end in zip(*columns, strict=True):
        evidence = None if pd.isna(start) else (start, end)
        span = quote.position(*evidence) if evidence and theme else None
        # where the span cannot say it, the memo does
        is_told = evidence and span and quote.tells(span, evidence)
        memo = Memo(theme, confidence, rationale, evidence is not None, None if is_told else evidence)
        yield coder, memo, span or whole

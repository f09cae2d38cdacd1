"""Places: where the text of a quote stands in its source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Places:
    """Pieces of a quote's text that are exact slices of its source, in order."""

    in_quote: tuple[int, ...]  #: where each piece begins in the quote's text; the first is 0
    in_source: tuple[int, ...]  #: where it begins in the source

    def span(self, start: int, end: int) -> Span:
        """Return the span of the source that holds `start`..`end` of the quote's text."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, offset: int) -> int:
        piece = bisect_right(self.in_quote, offset) - 1
        return self.in_source[piece] + offset - self.in_quote[piece]


def one_piece(start: int) -> Places:
    """Places of a quote whose text is the slice of its source that begins at `start`."""
    return Places((0,), (start,))


def find_places(text: str, source_text: str, spans: Sequence[Span]) -> Places | None:
    """Find the lines of a quote's `text` in `spans` of its source, in order; None where one is missing.

    A quote of several answer segments is their slices joined by a blank line, without the "> " that opens quoted lines:
    every line of it is an exact slice of the source, the whole is not.
    """
    start, end = spans[0][0], spans[0][0] + len(text)
    if source_text[start:end] == text:
        return one_piece(start)
    pieces: list[Span] = []
    cursor = start
    for in_quote, line in _lines(text):
        found = _find(line, source_text, spans, cursor)
        if found is None:
            return None
        pieces.append((in_quote, found))
        cursor = found + len(line)
    return _places(pieces, start)


def _places(pieces: Sequence[Span], start: int) -> Places:
    if not pieces:
        return one_piece(start)
    return Places((0, *(piece[0] for piece in pieces[1:])), (pieces[0][1] - pieces[0][0], *(p[1] for p in pieces[1:])))


def _lines(text: str) -> Iterable[tuple[int, str]]:
    """Lines that are not blank, without the blanks around them, and where they begin."""
    at = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            yield at + line.index(stripped), stripped
        at += len(line)


def _find(line: str, source_text: str, spans: Sequence[Span], cursor: int) -> int | None:
    for start, end in spans:
        found = source_text.find(line, max(start, cursor), end)
        if found >= 0:
            return found
    return None

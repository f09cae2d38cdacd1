"""Segments: the whole text cut without loss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

KINDS = ("front_matter", "roster", "question", "attribution", "answer", "trailer", "remark", "tally")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text, [start, end), with the part it plays."""

    kind: str  #: one of KINDS
    start: int
    end: int
    quote_id: str | None = None  #: of an attribution, answer or trailer


def split_segments(text: str, pieces: Iterable[Segment]) -> tuple[Segment, ...]:
    """Cover `text` by `pieces` and what lies between them, without gap or overlap.

    Pieces that overlap an earlier one (by `start`) are cut; what no piece covers before the first attribution is front matter,
    after it a remark. White space alone belongs to the piece before it, else to the one behind it; only between two answers,
    which keep their own bounds, it is a remark of its own.

    Examples
    --------
    >>> [(one.kind, one.start, one.end) for one in split_segments("Jane: Yes. ", [Segment("answer", 6, 10, "Q01")])]
    [('front_matter', 0, 6), ('answer', 6, 10), ('remark', 10, 11)]
    """
    return tuple(_without_blanks(text, list(_covering(len(text), pieces))))


def _covering(length: int, pieces: Iterable[Segment]) -> Iterator[Segment]:
    """The pieces in page order, cut where they overlap, with what lies between."""
    cursor = 0
    between = "front_matter"
    for piece in sorted(pieces, key=lambda piece: (piece.start, piece.end)):
        start = max(piece.start, cursor)
        if piece.end <= start:
            continue
        if start > cursor:
            yield Segment(between, cursor, start)
        if piece.kind in ("attribution", "answer"):
            between = "remark"
        yield piece if start == piece.start else replace(piece, start=start)
        cursor = piece.end
    if length > cursor:
        yield Segment(between, cursor, length)


def _without_blanks(text: str, cut: Sequence[Segment]) -> list[Segment]:
    """The segments, those of white space alone joined to a neighbour that is no answer."""
    kept: list[Segment] = []
    waiting: int | None = None  # where white space begins that the next segment takes in
    for number, segment in enumerate(cut):
        if segment.kind in ("front_matter", "remark") and not text[segment.start : segment.end].strip():
            if kept and kept[-1].kind != "answer":
                kept[-1] = replace(kept[-1], end=segment.end)
                continue
            if number + 1 < len(cut) and cut[number + 1].kind != "answer":
                waiting = segment.start if waiting is None else waiting
                continue
        kept.append(segment if waiting is None else replace(segment, start=waiting))
        waiting = None
    return kept

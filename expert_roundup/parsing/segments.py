"""Segments: the whole text cut without loss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

KINDS = ("front_matter", "roster", "question", "attribution", "answer", "trailer", "remark", "tally")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text, [start, end), with the part it plays."""

    kind: str  #: one of KINDS
    start: int
    end: int
    quote_id: str | None = None  #: of an attribution, answer or trailer


def split_segments(length: int, pieces: Iterable[Segment]) -> tuple[Segment, ...]:
    """Cover 0..`length` by `pieces` and what lies between them, without gap or overlap.

    Pieces that overlap an earlier one (by `start`) are cut; what no piece covers before the first attribution is front matter,
    after it a remark. Neighbours of one kind and quote are joined, save answers, which keep their own bounds.
    """
    cut: list[Segment] = []
    cursor = 0
    begun = False

    def between(end: int) -> None:
        nonlocal cursor
        if end > cursor:
            cut.append(Segment("remark" if begun else "front_matter", cursor, end))
            cursor = end

    for piece in sorted(pieces, key=lambda piece: (piece.start, piece.end)):
        start = max(piece.start, cursor)
        if piece.end <= start:
            continue
        between(start)
        begun = begun or piece.kind in ("attribution", "answer")
        cut.append(Segment(piece.kind, start, piece.end, piece.quote_id))
        cursor = piece.end
    between(length)
    return tuple(_joined(cut))


def _joined(cut: list[Segment]) -> Iterable[Segment]:
    waiting: Segment | None = None
    for segment in cut:
        same = waiting is not None and (waiting.kind, waiting.quote_id) == (segment.kind, segment.quote_id)
        if waiting is not None and same and segment.kind in ("front_matter", "remark"):
            waiting = Segment(segment.kind, waiting.start, segment.end, segment.quote_id)
            continue
        if waiting is not None:
            yield waiting
        waiting = segment
    if waiting is not None:
        yield waiting

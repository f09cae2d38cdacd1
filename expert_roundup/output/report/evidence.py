"""Evidence: the words of an answer on which a coding stands, as spans that a page can light up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from expert_roundup.output.cells import is_missing
from expert_roundup.output.charts.readings import THRESHOLD
from expert_roundup.output.report.escaping import Html, element, escaped, joined

_BREAK = re.compile(r"(?:[ \t]*(?:\r\n|\r(?!\n)|\n)){2,}")


@dataclass(frozen=True, slots=True)
class Span:
    """Part of an answer's text.

    Attributes
    ----------
    start, end
        Offsets into the answer's text, half open.
    by
        Who stands on it, as a word without blanks.
    """

    start: int
    end: int
    by: str


def evidence_spans(
    quote: Mapping[Any, Any],
    codings: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    *,
    threshold: float = THRESHOLD,
) -> tuple[list[Span], int]:
    """Place the evidence of one answer's codings in its text.

    Parameters
    ----------
    quote
        A row of the quotes frame: text, start, end.
    codings
        Rows of the codings frame: confidence, start, end; considered and rejected ones are left out.
    names
        What to call each coding.
    threshold
        Confidence from which a coding counts.

    Returns
    -------
    list of Span
        In the order of the codings.
    int
        How many codings have evidence without a place: it lies outside the answer, or the answer's text was put
        together from several pieces of its source, so that offsets no longer lead to it.
    """
    first, last = _offset(quote.get("start")), _offset(quote.get("end"))
    is_one_piece = first is not None and last == first + len(str(quote["text"]))
    spans, n_lost = [], 0
    for name, coding in zip(names, codings, strict=True):
        start, end = _offset(coding.get("start")), _offset(coding.get("end"))
        if not coding["confidence"] >= threshold or start is None or end is None:
            continue
        if is_one_piece and first is not None and last is not None and first <= start < end <= last:
            spans.append(Span(start - first, end - first, name))
        else:
            n_lost += 1
    return spans, n_lost


def marked(text: str, spans: Sequence[Span]) -> Html:
    """Return an answer's text as paragraphs whose evidence is wrapped, each stretch with all who stand on it.

    Examples
    --------
    >>> marked("Listen & reply.", [Span(0, 6, "t0.c0"), Span(0, 6, "t0.c1")])
    '<p><span class="evidence" data-by="t0.c0 t0.c1">Listen</span> &amp; reply.</p>'
    """
    return joined(element("p", *_stretches(text, spans, *bounds)) for bounds in _paragraphs(text))


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where paragraphs begin and end; a text without any letter is one."""
    gaps = [(0, 0), *(gap.span() for gap in _BREAK.finditer(text)), (len(text), len(text))]
    found = [(end, start) for (_, end), (start, _) in pairwise(gaps) if text[end:start].strip()]
    yield from found or [(0, len(text))]


def _stretches(text: str, spans: Sequence[Span], start: int, end: int) -> Iterator[Html]:
    """The text from start to end, cut wherever evidence begins or ends."""
    cuts = {start, end, *(at for span in spans for at in (span.start, span.end) if start < at < end)}
    places = sorted(cuts)
    for begins, ends in pairwise(places):
        by = sorted({span.by for span in spans if span.start <= begins and ends <= span.end})
        words = text[begins:ends]
        yield element("span", words, class_="evidence", data_by=" ".join(by)) if by else escaped(words)


def _offset(value: Any) -> int | None:
    """An offset, or None where there is none."""
    return None if is_missing(value) or value == "" else int(value)

"""Evidence in an answer's text: each stretch is told with everybody who stands on it, and no letter is lost."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.output.report.escaping import visible
from expert_roundup.output.report.evidence import Span, evidence_spans, marked

#: letters that need care: markup, line ends, a letter outside the basic plane, one that combines
TEXTS = st.text(st.sampled_from("ab <>&\"'\n\r\u0301\U0001f680ж\x00"), min_size=1, max_size=40)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(TEXTS)
    place = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(lambda pair: pair[0] < pair[1])
    spans = draw(st.lists(st.tuples(place, st.sampled_from(["t0.c0", "t0.c1", "t1.c0"])), max_size=5))
    return text, [Span(*places, name) for places, name in spans]


@given(texts_with_spans())
def test_every_letter_stands_once_under_all_who_point_to_it(drawn: tuple[str, list[Span]]) -> None:
    """Read back from the page, each letter carries the readings whose spans hold it, and no others."""
    text, spans = drawn
    soup = BeautifulSoup(marked(text, spans), "html.parser")
    read = [
        (letter, frozenset((node.parent.get("data-by") or "").split()))
        for node in soup.find_all(string=True)
        for letter in str(node)
    ]
    wanted = [
        (shown, frozenset(span.by for span in spans if span.start <= i < span.end))
        for i, letter in enumerate(text)
        for shown in visible(letter)
    ]

    def letters(pairs: list[tuple[str, frozenset[str]]]) -> list[tuple[str, frozenset[str]]]:
        return [pair for pair in pairs if not pair[0].isspace()]

    assert letters(read) == letters(wanted)


@given(TEXTS)
def test_paragraphs_are_cut_at_empty_lines_only(text: str) -> None:
    """As many paragraphs as the text has parts between empty lines, whatever the line ends are."""
    lines = visible(text).split("\n")
    parts = sum(bool(line.strip(" ")) and not (i and lines[i - 1].strip(" ")) for i, line in enumerate(lines))
    assert len(BeautifulSoup(marked(text, []), "html.parser").find_all("p")) == max(parts, 1)


def coding(start: int | None, end: int | None, confidence: float = 0.9) -> dict[str, Any]:
    return {"start": start, "end": end, "confidence": confidence}


def test_offsets_of_the_source_become_offsets_of_the_answer() -> None:
    """An answer that is one slice of its source: evidence moves by where the slice begins."""
    quote = {"text": "Listen and reply.", "start": 1000, "end": 1017}
    spans, n_lost = evidence_spans(quote, [coding(1000, 1006), coding(1011, 1017, 0.5)], ["x", "y"])
    assert (spans, n_lost) == ([Span(0, 6, "x"), Span(11, 17, "y")], 0)


@pytest.mark.parametrize(
    ("quote", "evidence", "n_lost"),
    [
        ({"text": "abc", "start": 10, "end": 13}, coding(9, 12), 1),
        ({"text": "abc", "start": 10, "end": 13}, coding(12, 14), 1),
        ({"text": "abc", "start": 10, "end": 13}, coding(12, 12), 1),
        ({"text": "a\n\nc", "start": 10, "end": 50}, coding(10, 11), 1),  # two pieces of a source
        ({"text": "abc", "start": None, "end": None}, coding(0, 1), 1),
        ({"text": "abc"}, coding(0, 1), 1),
        ({"text": "abc", "start": 10, "end": 13}, coding(None, None), 0),
        ({"text": "abc", "start": 10, "end": 13}, coding(9, 12, 0.49), 0),
    ],
)
def test_evidence_without_a_place_is_counted_and_not_shown(
    quote: dict[str, Any], evidence: dict[str, Any], n_lost: int
) -> None:
    """Outside the answer, or in an answer of several pieces; rejected codings and those without have none to lose."""
    assert evidence_spans(quote, [evidence], ["x"]) == ([], n_lost)

"""Segments: the whole text cut without loss, whatever pieces are handed in."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from expert_roundup.parsing.segments import KINDS, Segment, split_segments

LENGTH = 40
texts = st.text("ab \n", min_size=LENGTH, max_size=LENGTH)


@st.composite
def pieces(draw: st.DrawFn) -> list[Segment]:
    """Any pieces of a text of LENGTH characters: overlapping, empty, nested, in any order."""
    spans = draw(st.lists(st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)), max_size=8))
    found = []
    for number, (a, b) in enumerate(spans, start=1):
        kind = draw(st.sampled_from(KINDS))
        quote_id = f"Q{number:02d}" if kind in ("attribution", "answer", "trailer") else None
        found.append(Segment(kind, min(a, b), max(a, b), quote_id))
    return found


@given(texts, pieces())
@example("  " + "a" * (LENGTH - 2), [Segment("front_matter", 1, 2)])
def test_segments_cover_the_text_without_gap_or_overlap(text: str, found: list[Segment]) -> None:
    """From 0 to the end, none empty, each where the one before it ends."""
    segments = split_segments(text, found)
    bounds = [0, *(segment.end for segment in segments)]
    assert [segment.start for segment in segments] == bounds[:-1]
    assert bounds[-1] == LENGTH
    assert all(segment.start < segment.end for segment in segments)


@given(texts, pieces())
def test_a_segment_is_part_of_its_piece_and_blanks_around_it(text: str, found: list[Segment]) -> None:
    """Overlapping pieces are cut, never stretched over words; an answer is not stretched at all."""
    for segment in split_segments(text, found):
        if segment.kind in ("front_matter", "remark"):
            continue
        owners = [one for one in found if (one.kind, one.quote_id) == (segment.kind, segment.quote_id)]
        assert any(
            not text[segment.start : max(segment.start, one.start)].strip()
            and not text[min(segment.end, one.end) : segment.end].strip()
            for one in owners
        )
        if segment.kind == "answer":
            assert any(one.start <= segment.start and segment.end <= one.end for one in owners)


@given(texts, pieces())
def test_the_order_of_pieces_does_not_matter(text: str, found: list[Segment]) -> None:
    """The same pieces, the same cut."""
    distinct = list({(one.start, one.end): one for one in found}.values())
    assert split_segments(text, distinct) == split_segments(text, distinct[::-1])


def test_what_lies_between_is_front_matter_then_remark() -> None:
    """A worked example: intro, question, attribution, answer, the author's remark, the next answer, the outro."""
    text = "Hi. Why? Jane: I do. Well. We do. Bye."
    places = {"question": "Why?", "attribution": "Jane:", "answer": "I do."}
    found = [
        Segment(kind, text.index(said), text.index(said) + len(said), None if kind == "question" else "Q01")
        for kind, said in places.items()
    ]
    found.append(Segment("answer", text.index("We do."), text.index("We do.") + 6, "Q02"))
    assert [(one.kind, text[one.start : one.end]) for one in split_segments(text, found)] == [
        ("front_matter", "Hi. "),
        ("question", "Why? "),
        ("attribution", "Jane: "),
        ("answer", "I do."),
        ("remark", " Well. "),
        ("answer", "We do."),
        ("remark", " Bye."),
    ]


def test_answers_next_to_each_other_keep_their_bounds() -> None:
    """Two pieces of one answer stay two segments: a picture was between them once."""
    cut = split_segments("I do.We do", [Segment("answer", 0, 5, "Q01"), Segment("answer", 5, 10, "Q01")])
    assert [(one.start, one.end) for one in cut] == [(0, 5), (5, 10)]


@pytest.mark.parametrize("text", ["", "text", " \n "])
def test_a_text_without_pieces_is_front_matter(text: str) -> None:
    """And an empty text has no segments."""
    assert split_segments(text, []) == ((Segment("front_matter", 0, len(text)),) if text else ())

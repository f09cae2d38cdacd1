"""Places: what a browser selects, in UTF-16 units, and where it stands in the source, in code points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.datasets import load_quotes
from expert_roundup.notebook.places import places
from expert_roundup.parsing import parse_text

#: emoji, joined emoji, combining marks, right-to-left and blanks, as quotes have them
_TEXT = st.text(st.sampled_from("ab ё🎉👩\u200d💻e\u0301שلا中\n\t𝔘"), min_size=1, max_size=40)


def units(text: str) -> int:
    """Length as a browser counts."""
    return len(text.encode("utf-16-le")) // 2


@given(_TEXT, st.integers(0, 40), st.integers(0, 40), st.integers(0, 5))
def test_selected_words_are_the_slice_of_the_source(text, a, b, before):
    """Whatever is selected, the evidence cuts exactly those words out of the source, blanks at the ends left out."""
    first, last = sorted((min(a, len(text)), min(b, len(text))))
    source = "🎉" * before + text + "tail"
    where = places(text, start=before, end=before + len(text), source_text=source)
    words = text[first:last]
    if not words.strip():
        with pytest.raises(ValueError, match="no words are selected"):
            where.evidence(units(text[:first]), units(text[:last]))
        return
    start, end = where.evidence(units(text[:first]), units(text[:last]))
    assert source[start:end] == words.strip()
    assert where.words(start, end) == words.strip()
    shown = where.shown(start, end)
    assert text.encode("utf-16-le")[2 * shown[0] : 2 * shown[1]].decode("utf-16-le") == words.strip()


def test_a_selection_may_run_backwards():
    """The end of a selection may lie before its beginning."""
    assert places("one two").evidence(7, 4) == (4, 7)


def test_half_a_character_is_selected_as_a_whole():
    """A selection that cuts an emoji in two takes all of it."""
    assert places("a🎉b").evidence(2, 4) == (1, 3)
    assert places("a🎉b").evidence(1, 2) == (1, 2)


def test_evidence_counts_from_the_quote_where_the_quote_has_no_place():
    """Without start and end, offsets index the text of the quote."""
    assert places("we listen").find("listen") == (3, 9)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (
            "**Ann Lee:**\n\n> Start small.\n> Then grow 🎉.\n\n**Bo Ray:**\n\n> We wait.\n> We see.\n",
            "small.\nThen grow 🎉",
        ),
        ("### Ann Lee\n\nStart small.\n\nThen grow.\n\n### Bo Ray\n\nWe wait.\n\nWe see.\n", "small.\n\nThen"),
    ],
)
def test_words_over_several_lines_have_their_place_in_the_source(page, words):
    """Marks before the lines of a quote are not shown, but evidence over them has its ends at the right words."""
    roundup = parse_text(page, format="md")
    quote = roundup.quotes.iloc[0]
    where = places(quote["text"], start=quote["start"], end=quote["end"], source_text=page)
    start, end = where.find(words)
    lines = words.split("\n")
    assert page[start:].startswith(lines[0])
    assert page[:end].endswith(lines[-1])
    assert quote["start"] <= start < end <= quote["end"]
    assert where.words(start, end) == words


def test_words_that_are_not_in_the_source_have_no_place():
    """A text that differs from its source takes no evidence, rather than a wrong one."""
    where = places("edited by hand", start=0, end=20, source_text="something else here!")
    with pytest.raises(ValueError, match="not found in the source"):
        where.evidence(0, 6)
    assert where.shown(0, 6) is None
    assert where.words(0, 6) == ""


def test_words_that_the_quote_does_not_hold_are_named():
    """`find` says what it looked for."""
    with pytest.raises(ValueError, match="'elsewhere' does not stand in the quote"):
        places("here").find("elsewhere")


def test_every_character_of_the_first_study_has_its_place():
    """The condensed edition is cut in slices: the first and the last character of each quote stand where it says."""
    for quote in load_quotes().to_dict("records"):
        where = places(quote["text"], start=quote["start"], end=quote["end"])
        assert where.evidence(0, units(quote["text"])) == (quote["start"], quote["end"])

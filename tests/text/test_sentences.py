"""Sentences: hard cases as a text file, and properties that hold for any text."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.text.sentences import split_sentences

FIXTURE = Path(__file__).parent / "fixtures" / "sentences.txt"


def _cases() -> list[tuple[str, str | None, str, list[str]]]:
    """(title, language, text, expected sentences) of every case of the fixture."""
    cases = []
    for block in FIXTURE.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, text, *expected = block.strip().splitlines()
        language = title.rpartition("(")[2].rstrip(")")
        cases.append(
            (title, None if language == "none" else language, _unescape(text), [_unescape(e[2:]) for e in expected])
        )
    return cases


def _unescape(text: str) -> str:
    return text.replace("\\r", "\r").replace("\\n", "\n")


@pytest.mark.parametrize(("language", "text", "expected"), [pytest.param(*c[1:], id=c[0]) for c in _cases()])
def test_hard_sentences(language: str | None, text: str, expected: list[str]) -> None:
    """Every case of the fixture splits as a reader would split it."""
    assert [text[start:end] for start, end in split_sentences(text, language)] == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"), [pytest.param(*c[1:], id=c[0]) for c in _cases() if c[1] in ("en", "ru")]
)
def test_without_a_language_english_and_russian_split_alike(language: str, text: str, expected: list[str]) -> None:
    """The lists of all languages together spoil none of the English and Russian cases."""
    assert [text[start:end] for start, end in split_sentences(text)] == expected


_PIECES = st.lists(
    st.sampled_from(
        [
            "Word",
            "word",
            "слово",
            "Слово",
            "5",
            "1.",
            "2)",
            ".",
            "!",
            "…",
            "...",
            "»",
            "«",
            "”",
            "(",
            ")",
            "\n",
            "\n\n",
            " ",
            "  ",
            "# ",
            "- ",
            "。",
            "Dr.",
            "т.д.",
            "\r\n",
            "—",
            "\u2028",
            "🙂",
        ]
    )
    | st.characters(),
    max_size=40,
).map("".join)


@given(_PIECES)
def test_sentences_cover_everything_but_blanks(text: str) -> None:
    """Spans are ordered, trimmed and apart, and nothing but blanks lies outside them."""
    spans = split_sentences(text)
    covered = "".join(text[start:end] for start, end in spans)
    assert re.sub(r"\s", "", covered) == re.sub(r"\s", "", text)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(_PIECES)
def test_a_sentence_found_is_one_sentence(text: str) -> None:
    """Splitting a sentence again does not find more in it than its own beginning and end."""
    for start, end in split_sentences(text):
        again = split_sentences(text[start:end])
        assert again[0][0] == 0
        assert again[-1][1] == end - start


def test_empty_and_blank_texts_have_no_sentence() -> None:
    """No text, no sentence."""
    assert split_sentences("") == []
    assert split_sentences(" \n\t ") == []


@pytest.mark.parametrize("unit", [".", " ", "\n", "!»", "a", "1. ", "A. ", "е. ", "— ", '"', "。", "# ", "-", "\n- "])
def test_monotonous_text_of_any_length_is_split(unit: str) -> None:
    """A quadratic rule would run into the time limit of the suite; the ends of the text stay where they are."""
    text = "x" + unit * (500_000 // len(unit)) + "x"
    spans = split_sentences(text)
    assert (spans[0][0], spans[-1][1]) == (0, len(text))

"""Word lists: data that every language brings."""

from __future__ import annotations

import pytest

from expert_roundup.text.words import primary_subtag, stop_words, word_lists


def test_english_and_russian_are_on_file() -> None:
    """The two languages of the first study have their lists."""
    assert {"en", "ru"} <= set(word_lists())


@pytest.mark.parametrize("language", sorted(word_lists()))
def test_lists_are_lower_case_and_abbreviations_have_no_last_full_stop(language: str) -> None:
    """Lists are compared with lower-case words, and abbreviations with what stands before a full stop."""
    lists = word_lists()[language]
    words = lists.stop_words | lists.never_final | lists.before_number | lists.sometimes_final
    assert words
    assert sorted(w for w in words if w != w.lower() or w.endswith(".")) == []


@pytest.mark.parametrize("language", sorted(word_lists()))
def test_an_abbreviation_stands_in_one_list(language: str) -> None:
    """No abbreviation stands in two lists, where the order of the tests would decide."""
    lists = word_lists()[language]
    together = [*lists.never_final, *lists.before_number, *lists.sometimes_final]
    assert len(together) == len(set(together))


@pytest.mark.parametrize("word", ["need", "best", "should", "facebook"])
def test_english_content_words_are_no_stop_words(word: str) -> None:
    """A list that swallows "best" or "need" hides what advice is about."""
    assert (word in stop_words("en")) is (word == "should")


@pytest.mark.parametrize("word", ["лучше", "нужно", "время", "сеть"])
def test_russian_content_words_are_no_stop_words(word: str) -> None:
    """The Russian list is as short."""
    assert word not in stop_words("ru")


def test_region_and_case_of_a_tag_do_not_matter() -> None:
    """Tags are read by their primary subtag."""
    assert stop_words("en-GB") == stop_words("EN_us") == stop_words("en")
    assert primary_subtag("zh-Hant-TW") == "zh"


def test_an_unknown_language_has_no_stop_words() -> None:
    """Without a list nothing is dropped."""
    assert stop_words("tlh") == frozenset()

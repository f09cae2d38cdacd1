"""Terms: tokens, counts, lemmas and n-grams of text in any script."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_roundup.text.terms import lemma_counts, ngram_counts, split_terms, term_counts, term_spans, without_terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("— … !", []),
        ("Don't, don’t, DON‘T", ["don't", "don't", "don't"]),
        ("'quoted' words-", ["quoted", "words"]),
        ("one - two -- three", ["one", "two", "three"]),
        ("Re‑share some\u00adthing snake_case", ["re-share", "something", "snake", "case"]),
        ("Из-за соцсетей Й и\u0306", ["из-за", "соцсетей", "й", "й"]),
        ("LinkedIn и Фейсбук 24/7", ["linkedin", "и", "фейсбук", "24", "7"]),
        ("भाषा हिन्दी", ["भाषा", "हिन्दी"]),
        ("人 関係 人間関係", ["人", "関係", "人間", "間関", "関係"]),
        ("naïve nai\u0308ve", ["naïve", "naïve"]),
    ],
)
def test_terms_are_runs_of_letters_and_digits(text: str, expected: list[str]) -> None:
    """Terms are lower-case words in page order, whatever the script or the typography."""
    assert split_terms(text) == expected


@given(st.text(alphabet="abЖ '-’\n人系", max_size=40))
def test_counts_add_up_to_the_terms(text: str) -> None:
    """Counts are a plain count of the terms, in code point order, and forget the order of the words."""
    counts = term_counts(text)
    assert counts == Counter(split_terms(text))
    assert list(counts) == sorted(counts)


@given(st.text(alphabet="abЖи\u0306\u00ad '’_-\\n人系", max_size=40))
def test_spans_lead_to_the_printed_word(text: str) -> None:
    """Every span holds the word as printed: read alone it is the same term, and spans follow the page."""
    spans = list(term_spans(text))
    assert [term for _, _, term in spans] == split_terms(text)
    assert all(split_terms(text[start:end]) == [term] for start, end, term in spans)
    assert all(first[0] < second[0] for first, second in pairwise(spans))


@given(st.lists(st.text(alphabet="abcшщ", min_size=1, max_size=6), max_size=8))
def test_word_order_is_forgotten(words: list[str]) -> None:
    """The counts of a text and of its words reversed are the same."""
    assert term_counts(" ".join(words)) == term_counts(" ".join(reversed(words)))


def test_stop_words_match_however_the_apostrophe_is_printed() -> None:
    """A stop word with a typographic apostrophe takes out the typed form, and numbers and single letters go too."""
    counts = term_counts("I don't plan 7 or 100 b2b posts: plan! 人")
    assert dict(without_terms(counts, ["don’t", "OR"])) == {"b2b": 1, "plan": 2, "posts": 1, "人": 1}


def test_lemmas_add_up_across_forms_in_two_scripts() -> None:
    """Forms of one word are counted together; terms no dictionary knows stay as they are."""
    counts = {"networks": 2, "network": 1, "сетей": 1, "сети": 1, "zzqx": 1}
    assert dict(lemma_counts(counts, ["ru", "en-GB"])) == {"network": 3, "zzqx": 1, "сеть": 2}


def test_a_language_without_dictionary_changes_nothing() -> None:
    """Unknown languages leave every term as it is."""
    assert lemma_counts({"b": 1, "a": 2}, ["tlh"]) == Counter({"a": 2, "b": 1})


@settings(deadline=None)  # the first call imports scikit-learn
@given(st.dictionaries(st.text(alphabet="абв", min_size=1, max_size=6), st.integers(1, 3), max_size=4))
def test_ngrams_agree_with_scikit_learn(counts: dict[str, int]) -> None:
    """The n-grams are those of scikit-learn's char_wb analyser, an independent implementation."""
    from sklearn.feature_extraction.text import CountVectorizer

    analyser = CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)).build_analyzer()
    expected = Counter(analyser(" ".join(term for term, n in counts.items() for _ in range(n))))
    assert ngram_counts(counts, sizes=(2, 4)) == expected


@pytest.mark.parametrize("sizes", [(0, 3), (4, 3)])
def test_ngram_sizes_are_checked(sizes: tuple[int, int]) -> None:
    """Sizes that mean nothing are refused."""
    with pytest.raises(ValueError, match="sizes must be"):
        ngram_counts({"plan": 1}, sizes=sizes)


def test_the_counts_given_are_left_alone() -> None:
    """No function changes its argument."""
    counts = Counter({"posts": 2, "the": 1})
    without_terms(counts, ["the"])
    lemma_counts(counts, ["en"])
    ngram_counts(counts)
    assert counts == Counter({"posts": 2, "the": 1})

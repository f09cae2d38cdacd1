"""Wording and its matrices: what is counted, weighed and taken away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from expert_roundup.analysis.clusters import similarity, term_matrix, wording_of_quotes, wording_of_terms
from expert_roundup.analysis.clusters.matrix import UNITS, Cells, inner_products
from expert_roundup.text.terms import split_terms

QUOTES = pd.DataFrame(
    {
        "quote_id": ["Q01", "Q02", "Q03", "Q04"],
        "text": ["Plan your goals. Plan!", "Goals need a plan", "Планируйте цели и посты", "Цели, цели и планы"],
        "language": ["en", "en", "ru", "ru"],
    }
)


def test_stop_words_of_every_language_are_left_out_everywhere() -> None:
    """An answer may mix languages, so English stop words go from Russian answers too; lengths keep them."""
    mixed = QUOTES.assign(text=["plan и goals", "the plan", "цели the", "и и и"])
    wording = wording_of_quotes(mixed)
    assert set(wording.counts["term"]) == {"plan", "goals", "цели"}
    assert wording.n_words.to_list() == [3, 2, 2, 3]


def test_counts_and_texts_lead_to_the_same_wording() -> None:
    """Term counts made elsewhere stand for the texts, whatever the order of their rows."""
    rows = [
        (q, term, n) for q, text in zip(QUOTES["quote_id"], QUOTES["text"], strict=True) for term, n in _counts(text)
    ]
    counts = pd.DataFrame(rows, columns=["quote_id", "term", "n"]).sample(frac=1, random_state=1)
    from_counts, from_texts = wording_of_terms(counts, QUOTES), wording_of_quotes(QUOTES)
    pd.testing.assert_frame_equal(from_counts.counts, from_texts.counts)
    pd.testing.assert_frame_equal(from_counts.answers, from_texts.answers)


def _counts(text: str) -> list[tuple[str, int]]:
    terms = split_terms(text)
    return [(term, terms.count(term)) for term in dict.fromkeys(terms)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quote_id": ["Q01", "Q01", "", "Q04"]}, r"unique in every row; empty or doubled: , Q01"),
        ({"text": None}, "missing: text"),
        ({"quote_id": None}, "missing: quote_id"),
    ],
)
def test_unusable_quotes_are_named(change: dict[str, object], message: str) -> None:
    """A missing column, and every empty or doubled id, is named."""
    quotes = QUOTES.drop(columns=[name for name, value in change.items() if value is None])
    with pytest.raises(ValueError, match=message):
        wording_of_quotes(quotes.assign(**{name: value for name, value in change.items() if value is not None}))


def test_no_quotes_and_too_many_are_refused() -> None:
    """Pairs grow with the square: the limit is named."""
    with pytest.raises(ValueError, match="between 1 and 2000 quotes"):
        wording_of_quotes(QUOTES.iloc[:0])
    many = pd.DataFrame({"quote_id": [f"Q{n}" for n in range(2001)], "text": ""})
    with pytest.raises(ValueError, match="not 2001"):
        wording_of_quotes(many)


def test_all_bad_counts_are_named_at_once() -> None:
    """Every unusable row of the counts is named with its fault."""
    rows = [
        ("Q01", "plan", 1),
        ("Q09", "plan", 1),
        ("Q01", "", 2),
        ("Q02", "plan", 0),
        ("Q02", "goal", 1.5),
        ("Q01", "plan", 3),
    ]
    counts = pd.DataFrame(rows, columns=["quote_id", "term", "n"])
    with pytest.raises(
        ValueError, match=r"row 1: unknown quote_id, row 3: n is no .*, row 4: n .*, row 2: term is empty, row 5"
    ):
        wording_of_terms(counts, QUOTES)


def test_quotes_without_a_named_speaker_are_speakers_of_their_own() -> None:
    """Support by two speakers means two quotes where nobody is named."""
    wording = wording_of_quotes(QUOTES.assign(speaker=["Ann", "Ann", "", ""]))
    assert wording.speakers.to_list() == ["Ann", "Ann", "Q03", "Q04"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="abcd ", max_size=30), min_size=2, max_size=8), st.booleans(), st.integers(1, 3))
def test_weights_are_those_of_scikit_learn(texts: list[str], sublinear: bool, min_df: int) -> None:
    """tf-idf equals scikit-learn's, an independent implementation, for every text and setting."""
    quotes = pd.DataFrame({"quote_id": [f"Q{n}" for n in range(len(texts))], "text": texts})
    wording = wording_of_quotes(quotes, stop=())
    mine = term_matrix(wording, sublinear=sublinear, min_df=min_df, centred=False)
    vectorizer = TfidfVectorizer(
        analyzer=lambda text: [term for term in split_terms(text) if len(term) > 1], sublinear_tf=sublinear, min_df=1
    )
    try:
        vectorizer.fit(texts)
    except ValueError:  # no term at all
        assert mine.empty
        return
    if min_df > 1:
        counts = (vectorizer.transform(texts) > 0).sum(axis=0).A1
        kept = [term for term, place in vectorizer.vocabulary_.items() if counts[place] >= min_df]
        if not kept:
            assert mine.empty
            return
        vectorizer.set_params(vocabulary=sorted(kept)).fit(texts)
    expected = vectorizer.transform(texts).toarray()
    assert list(mine.columns) == list(vectorizer.get_feature_names_out())
    np.testing.assert_allclose(mine.to_numpy(), expected, atol=1e-12)


def test_centred_rows_of_a_language_add_up_to_nothing_before_scaling() -> None:
    """Centring takes the mean of each language away: of two quotes, one becomes the other's opposite."""
    matrix = term_matrix(wording_of_quotes(QUOTES))
    np.testing.assert_allclose(matrix.loc["Q01"], -matrix.loc["Q02"], atol=1e-12)


def test_similarity_is_the_product_of_the_matrix(original) -> None:
    """The quick way through inner products gives the cosines of the matrix, for every unit, centred or not."""
    for unit in UNITS:
        for centred in (True, False):
            matrix = term_matrix(original, unit=unit, centred=centred).to_numpy()
            table = similarity(original, unit=unit, centred=centred)
            np.testing.assert_allclose(table.to_numpy(), matrix @ matrix.T, atol=1e-9)
            assert (np.diagonal(table) == 1).all()


def test_products_of_many_terms_are_those_of_few() -> None:
    """Beyond half a million cells the rare terms are multiplied sparsely, and the products stay the same."""
    rng = np.random.default_rng(0)
    table = rng.random((60, 9000)) * (rng.random((60, 9000)) < np.linspace(0.001, 0.9, 9000))
    rows, columns = np.nonzero(table)
    np.testing.assert_allclose(inner_products(Cells(rows, columns, table[rows, columns], table.shape)), table @ table.T)


def test_what_cannot_be_compared_is_like_nothing(make) -> None:
    """Empty quotes, those that share no word and the only one in a language are like nothing, not even themselves."""
    texts = [{"plan": 1, "goal": 1}, {"plan": 1, "post": 1}, {"goal": 1, "post": 1}, {}, {"alone": 3}, {"plan": 1}]
    table = similarity(make(texts, ["en"] * 5 + ["ru"]))
    assert np.diagonal(table).tolist() == [1, 1, 1, 0, 0, 0]
    assert (table.loc["Q004"] == 0).all()


def test_units_and_min_df_are_checked(original) -> None:
    """Settings that mean nothing are refused with what is allowed."""
    with pytest.raises(ValueError, match="unit must be one of words, lemmas, characters, not 'letters'"):
        similarity(original, unit="letters")
    with pytest.raises(ValueError, match="min_df must be 1 or more, not 0"):
        term_matrix(original, min_df=0)


def test_the_quotes_given_are_left_alone() -> None:
    """No function changes its argument."""
    before = QUOTES.copy(deep=True)
    similarity(wording_of_quotes(QUOTES))
    pd.testing.assert_frame_equal(QUOTES, before)

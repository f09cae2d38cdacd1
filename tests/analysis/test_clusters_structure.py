"""Structure beyond chance: what the shuffles keep, and how often the test speaks."""

from __future__ import annotations

import numpy as np
import pytest

from expert_roundup.analysis.clusters import power, shuffles, structure
from expert_roundup.analysis.clusters.permutations import corrected_p
from expert_roundup.analysis.clusters.planting import planted
from expert_roundup.analysis.clusters.shuffles import Cells, Deal, deal_of, drawn_apart, search_contrasts

SEARCH = [(algorithm, k) for algorithm in ("average", "ward") for k in (4, 6)]


def _table(cells: Cells) -> np.ndarray:
    table = np.zeros(cells.shape, dtype=int)
    np.add.at(table, (cells.rows, cells.columns), cells.numbers)
    return table


def _sums(deal: Deal, table: np.ndarray) -> list[np.ndarray]:
    return [table[deal.languages == language].sum(axis=0) for language in np.unique(deal.languages)]


def test_shuffled_tokens_keep_lengths_languages_and_totals(original) -> None:
    """Every quote stays as long as it was, and every word is said as often in every language; only places change."""
    deal = deal_of(original)
    before, after = _table(deal.cells(deal.tokens)), _table(deal.deal_tokens(np.random.default_rng(1)))
    assert all((a == b).all() for a, b in zip(_sums(deal, before), _sums(deal, after), strict=True))
    lengths = original.counts.groupby("quote_id")["n"].sum().loc[original.answers["quote_id"]]
    assert np.bincount(deal.slots).tolist() == lengths.to_list()
    assert (after.sum(axis=1) <= lengths.to_numpy()).all()  # the rest are words that occur once
    assert (before != after).any()


def test_dealt_repeats_keep_every_count_of_every_word(original) -> None:
    """A word stands in as many quotes as before, as often in each, only in others of its language."""
    deal = deal_of(original)
    before, after = _table(deal.cells(deal.tokens)), _table(deal.deal_repeats(np.random.default_rng(1)))
    for language in np.unique(deal.languages):
        rows = deal.languages == language
        assert (np.sort(before[rows], axis=0) == np.sort(after[rows], axis=0)).all()


def test_longer_quotes_draw_more_words() -> None:
    """Words go to quotes by weight, and never twice to one, for rare and for frequent words alike."""
    weights = np.array([1.0, 1, 1, 1, 1, 1, 1, 1, 8, 8])
    terms = np.repeat(np.arange(3000), 1)
    rare = np.bincount(drawn_apart(terms, weights, np.random.default_rng(0)), minlength=10)
    assert rare / 3000 == pytest.approx(weights / weights.sum(), abs=0.03)
    often = np.repeat(np.arange(400), 5)
    drawn = drawn_apart(often, weights, np.random.default_rng(0)).reshape(400, 5)
    assert all(len(set(row)) == 5 for row in drawn.tolist())
    assert (drawn >= 8).sum() > 0.9 * 800  # both heavy quotes are in nearly every draw


def test_planted_words_keep_every_total(original) -> None:
    """Planting moves words between quotes of one language and changes no length and no total."""
    deal = deal_of(original)
    table = _table(deal.cells(planted(deal, 0.7, np.random.default_rng(2), n_topics=5, n_words=20)))
    before = _table(deal.cells(deal.tokens))
    assert all((a == b).all() for a, b in zip(_sums(deal, before), _sums(deal, table), strict=True))


def test_corrected_p_is_the_rank_of_the_largest() -> None:
    """The data count as one more shuffle; the corrected p compares with each shuffle's largest z."""
    rng = np.random.default_rng(5)
    found, reference = np.array([2.0, 0.1, -1.0]), rng.normal(size=(49, 3))
    p, corrected, z = corrected_p(found, reference)
    everything = np.vstack([found, reference])
    scaled = (everything - everything.mean(axis=0)) / everything.std(axis=0)
    assert p.tolist() == [(everything[:, j] >= found[j]).mean() for j in range(3)]
    assert corrected.tolist() == [sum(row.max() >= scaled[0, j] - 1e-9 for row in scaled) / 50 for j in range(3)]
    assert z == pytest.approx(scaled[0], abs=1e-8)
    assert (corrected >= p).all()


def test_a_pool_is_built_once_for_each_shape_of_data(original, monkeypatch) -> None:
    """Shuffles of the same data share one pool; another seed or null does not."""
    monkeypatch.setattr(shuffles, "_POOLS", {})
    deal = deal_of(original)
    tokens = deal.tokens.copy()
    for block in deal.blocks:
        tokens[block] = np.random.default_rng(0).permutation(tokens[block])
    other = Deal(deal.languages, deal.slots, tokens, deal.blocks, deal.n_terms)
    first = shuffles.pool(deal, SEARCH, null="tokens", n_shuffles=9, seed=0)
    assert shuffles.pool(other, SEARCH, null="tokens", n_shuffles=9, seed=0) is first
    assert shuffles.pool(deal, SEARCH, null="tokens", n_shuffles=9, seed=1) is not first
    assert shuffles.pool(deal, SEARCH, null="repeats", n_shuffles=9, seed=0) is not first
    assert len(shuffles._POOLS) == 3


def test_null_data_are_called_structured_about_as_often_as_five_in_a_hundred(original) -> None:
    """Of 60 shuffles of the article's words, an exact 5 % test exceeds 8 with probability .004."""
    deal = deal_of(original)
    reference = shuffles.pool(deal, SEARCH, null="tokens", n_shuffles=199, seed=0)
    called = 0
    for seed in range(60):
        values = search_contrasts(deal.deal_tokens(np.random.default_rng(9000 + seed)), deal.languages, SEARCH)
        called += corrected_p(values, reference)[1].min() <= 0.05
    assert called <= 8


def test_planted_topics_are_called_structured(plant) -> None:
    """Five topics are beyond chance by both nulls; the same words shuffled are not."""
    wording, _ = plant(0, n=60)
    for null in ("tokens", "repeats"):
        found = structure(wording, null=null, n_shuffles=99)
        assert found["p_corrected"].min() == pytest.approx(0.01)
        assert (found["p"] <= found["p_corrected"]).all()


def test_words_that_single_quotes_repeat_are_no_structure(make) -> None:
    """Bursts alone are told apart from clusters by the null that keeps repeats together."""
    rng = np.random.default_rng(1)
    chance = 1 / np.arange(1, 81)
    texts = [
        {f"w{w}": int(rng.integers(1, 9)) for w in rng.choice(80, size=14, replace=False, p=chance / chance.sum())}
        for _ in range(30)
    ]
    assert structure(make(texts), null="repeats", n_shuffles=99)["p_corrected"].min() > 0.05


def test_strong_planting_is_found_and_none_is_not(original) -> None:
    """Power rises from the level of the test to nearly one."""
    table = power(original, strengths=(0.0, 0.9), n_simulations=20, n_shuffles=99)
    assert table["share_found"].iloc[0] <= 0.25
    assert table["share_found"].iloc[1] >= 0.9


def test_two_calls_are_equal(original) -> None:
    """The same seed gives the same table, from the pool or anew."""
    first = structure(original, n_shuffles=29, seed=8)
    shuffles._POOLS.clear()
    assert structure(original, n_shuffles=29, seed=8).to_csv() == first.to_csv()


@pytest.mark.parametrize(
    ("given", "message"),
    [({"null": "none"}, "null must be one of tokens, repeats"), ({"n_shuffles": 0}, "n_shuffles must be 1")],
)
def test_settings_are_checked(given: dict[str, object], message: str, original) -> None:
    """Settings that mean nothing are refused."""
    with pytest.raises(ValueError, match=message):
        structure(original, **given)


def test_too_few_quotes_have_no_test(make) -> None:
    """Where fewer than four quotes can be compared the table is empty, with its columns."""
    assert list(structure(make([{"plan": 1}, {"plan": 2}])).columns)[:2] == ["algorithm", "k"]
    assert structure(make([{"plan": 1}] * 9)).empty
    assert power(make([{"plan": 1}, {"plan": 2}])).empty

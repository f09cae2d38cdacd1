"""Bootstrap intervals against plain resampling and scipy."""

from __future__ import annotations

import numpy as np
import pytest

from expert_roundup.coding.agreement import alpha
from expert_roundup.coding.agreement.alphas import alpha_estimator, matrix_estimator, nominal_estimator
from expert_roundup.coding.agreement.distances import set_distance
from expert_roundup.coding.agreement.estimator import clustered
from expert_roundup.coding.agreement.intervals import bootstrap_interval, resampled_values
from expert_roundup.coding.agreement.kappas import (
    ac1_estimator,
    cohen_estimator,
    fleiss_estimator,
    percent_estimator,
)
from expert_roundup.coding.agreement.multivalued import multivalued_estimator
from expert_roundup.coding.agreement.ratings import Ratings, ratings_of_sets, ratings_of_values

MAKERS = {
    "percent": percent_estimator,
    "cohen_kappa": cohen_estimator,
    "fleiss_kappa": fleiss_estimator,
    "gwet_ac1": lambda ratings: ac1_estimator(ratings, 4),
    **{
        f"alpha_{level}": lambda ratings, level=level: alpha_estimator(ratings, level)
        for level in ("nominal", "ordinal", "interval", "ratio")
    },
}


@pytest.fixture(scope="module")
def table() -> np.ndarray:
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 4, size=40)
    values = np.where(rng.random((3, 40)) < 0.25, rng.integers(0, 4, size=(3, 40)), truth).astype(float)
    values[rng.random(values.shape) < 0.1] = np.nan
    return values


def _every_unit_repeated(ratings: Ratings, times: np.ndarray) -> Ratings:
    return Ratings(np.repeat(ratings.codes, times, axis=0), ratings.values)


@pytest.mark.parametrize("name", MAKERS)
def test_weights_are_repeated_units(table, name):
    """A coefficient at weights w is the coefficient of data in which every unit stands w times."""
    make, ratings = MAKERS[name], ratings_of_values(table)
    estimator = make(ratings)
    rng = np.random.default_rng(0)
    for _ in range(5):
        times = rng.multinomial(40, np.full(40, 1 / 40))
        used = estimator.of_unit >= 0
        weights = np.bincount(estimator.of_unit[used], times[used], minlength=len(estimator.counts))
        expected = make(_every_unit_repeated(ratings, times)).value()
        assert estimator.evaluate(weights[None, :])[0] == pytest.approx(expected, abs=1e-12)


def test_weights_are_repeated_units_for_sets():
    """The same for MASI, Jaccard and multi-valued alpha."""
    rng = np.random.default_rng(1)
    truth = [frozenset(rng.choice(list("abcd"), size=rng.integers(0, 3), replace=False)) for _ in range(25)]
    sets = [[labels ^ frozenset("a") if rng.random() < 0.2 else labels for labels in truth] for _ in range(3)]
    ratings = ratings_of_sets(sets)
    makers = [
        lambda r: matrix_estimator(r, set_distance(r.values, "masi")),
        lambda r: matrix_estimator(r, set_distance(r.values, "jaccard")),
        multivalued_estimator,
    ]
    times = rng.multinomial(25, np.full(25, 1 / 25))
    for make in makers:
        estimator = make(ratings)
        weights = np.bincount(estimator.of_unit, times, minlength=len(estimator.counts))
        expected = make(_every_unit_repeated(ratings, times)).value()
        assert estimator.evaluate(weights[None, :])[0] == pytest.approx(expected, abs=1e-12)


def test_percentiles_are_those_of_plain_resampling(table):
    """Drawing patterns by counts gives the interval of drawing units one by one."""
    rng = np.random.default_rng(7)
    plain = [alpha(table[:, rng.integers(0, 40, size=40)]) for _ in range(4000)]
    found = bootstrap_interval(nominal_estimator(ratings_of_values(table)), n_resamples=4000)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(plain, (0.025, 0.975))), abs=0.02)
    assert found.share_undefined == 0


def test_many_patterns_are_drawn_like_few(table):
    """The two ways of drawing have the same mean and spread: few patterns by counts, many by single units."""
    few = ratings_of_values(np.tile((table > 1).astype(float), 10))
    rng = np.random.default_rng(0)
    many = ratings_of_values(np.tile(table, 10) + rng.integers(0, 10**6, size=400))
    for ratings in (few, many):
        estimator = percent_estimator(ratings)
        is_few = len(estimator.counts) * 8 < estimator.counts.sum()
        assert is_few == (ratings is few)
        values = resampled_values(estimator, n_resamples=3000)
        # the standard error of a mean of 400 draws from the shares of agreeing pairs
        share = np.array([estimator.evaluate(unit[None, :])[0] for unit in np.eye(len(estimator.counts))])
        mean = np.average(share, weights=estimator.counts)
        spread = np.sqrt(np.average((share - mean) ** 2, weights=estimator.counts) / estimator.counts.sum())
        assert values.mean() == pytest.approx(mean, abs=4 * spread / np.sqrt(3000))
        assert values.std() == pytest.approx(spread, rel=0.06)


def test_bca_is_that_of_scipy(table):
    """Bias-corrected and accelerated intervals of percent agreement, a mean over units, equal scipy's."""
    from scipy import stats

    pairs = table[:2, ~np.isnan(table[:2]).any(axis=0)]
    agree = (pairs[0] == pairs[1]).astype(float)
    expected = stats.bootstrap(
        (agree,), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(0)
    ).confidence_interval
    found = bootstrap_interval(percent_estimator(ratings_of_values(pairs)), n_resamples=20_000, kind="bca")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.03)


def test_bca_of_alpha_is_that_of_scipy(table):
    """The same for alpha, through scipy's bootstrap of unit numbers."""
    from scipy import stats

    def statistic(units):
        return alpha(table[:, units.astype(int)])

    expected = stats.bootstrap(
        (np.arange(40.0),), statistic, n_resamples=2000, method="BCa", vectorized=False, rng=np.random.default_rng(0)
    ).confidence_interval
    found = bootstrap_interval(nominal_estimator(ratings_of_values(table)), n_resamples=10_000, kind="bca")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.04)


def test_small_pieces_give_the_same_resamples(table, monkeypatch):
    """How many resamples are held at once does not change them."""
    estimator = nominal_estimator(ratings_of_values(table))
    whole = resampled_values(estimator, n_resamples=100)
    interval = bootstrap_interval(estimator, n_resamples=100, kind="bca")
    monkeypatch.setattr("expert_roundup.coding.agreement.intervals._HELD", 300)
    np.testing.assert_array_equal(resampled_values(estimator, n_resamples=100), whole)
    assert bootstrap_interval(estimator, n_resamples=100, kind="bca") == interval


def test_large_tables_are_counted_like_small_ones(table, monkeypatch):
    """Past a size, values are counted anew for every resample: the same numbers."""
    ratings = ratings_of_values(table)
    whole = resampled_values(fleiss_estimator(ratings), n_resamples=50)
    monkeypatch.setattr("expert_roundup.coding.agreement.estimator._DENSE_CELLS", 0)
    np.testing.assert_allclose(resampled_values(fleiss_estimator(ratings), n_resamples=50), whole, atol=1e-12)


def test_blocks_of_a_distance_matrix_add_up(monkeypatch):
    """A distance matrix too large to keep is made piece by piece: the same alpha."""
    sets = [[{"a"}, {"b"}, {"a", "b"}, set(), {"c"}], [{"a"}, {"b", "c"}, {"a"}, set(), {"c", "a"}]]
    ratings = ratings_of_sets(sets)
    whole = matrix_estimator(ratings, set_distance(ratings.values, "masi")).value()
    monkeypatch.setattr("expert_roundup.coding.agreement.distances._BLOCK", 7)
    monkeypatch.setattr("expert_roundup.coding.agreement.alphas._KEPT_VALUES", 0)
    assert matrix_estimator(ratings, set_distance(ratings.values, "masi")).value() == pytest.approx(whole)


def test_clusters_are_drawn_whole():
    """Two cells a quote: the value is that of all cells, and a resample holds both cells of a quote or none."""
    cells = np.array([[0, 1, 0, 1, 1, 1, 0, 0], [0, 1, 0, 1, 0, 1, 0, 1]], dtype=float)
    estimator = nominal_estimator(ratings_of_values(cells))
    quotes = clustered(estimator, 4)
    assert quotes.value() == pytest.approx(alpha(cells))
    found = quotes.evaluate(np.array([[2.0, 0, 1, 1]]))[0]
    assert found == pytest.approx(alpha(np.concatenate([cells[:, :2], cells[:, :2], cells[:, 4:]], axis=1)))


def test_no_resamples_give_no_interval(table):
    """Zero resamples: no ends, and nothing to take a share of."""
    found = bootstrap_interval(nominal_estimator(ratings_of_values(table)), n_resamples=0)
    assert np.isnan([found.low, found.high, found.share_undefined]).all()

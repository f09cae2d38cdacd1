"""Partitions, and what two of them share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, silhouette_score

from expert_roundup.analysis.clusters import adjusted_mutual_information, adjusted_rand, similarity
from expert_roundup.analysis.clusters.information import codes, information
from expert_roundup.analysis.clusters.matrix import cosines
from expert_roundup.analysis.clusters.partitions import (
    ALGORITHMS,
    SECOND_OPINIONS,
    contrasts,
    cuts,
    linkage,
    nested_cuts,
    partition,
    silhouette,
)
from expert_roundup.analysis.clusters.permutations import permutations

GROUPS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=30)


@settings(deadline=None)
@given(GROUPS)
def test_information_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    """Adjusted mutual information and Rand index equal scikit-learn's, an independent implementation."""
    a, b = (np.array(column) for column in zip(*pairs, strict=True))
    assert adjusted_rand(a, b) == pytest.approx(adjusted_rand_score(a, b), abs=1e-9)
    assert adjusted_mutual_information(a, b) == pytest.approx(adjusted_mutual_info_score(a, b), abs=1e-9)


def test_many_permutations_at_once_are_each_alone() -> None:
    """Counting all permutations in one product gives what each relabelling gives by itself."""
    rng = np.random.default_rng(3)
    partitions = np.array([codes(rng.integers(k, size=25)) for k in (2, 3, 5, 8)])
    labels, orders = codes(rng.integers(4, size=25)), permutations(np.zeros(25, dtype=int), 20, rng)
    together = information(partitions, labels, orders)
    alone = [[adjusted_mutual_information(row, labels[order]) for row in partitions] for order in orders]
    np.testing.assert_allclose(together, alone, atol=1e-9)


def test_permutations_stay_inside_their_group() -> None:
    """A reordering moves every position, but never into another group."""
    groups = np.array([0, 1, 0, 1, 2, 0, 1])
    orders = permutations(groups, 300, np.random.default_rng(0))
    assert (groups[orders] == groups).all()
    assert (np.sort(orders, axis=1) == np.arange(7)).all()
    assert (orders[:, 4] == 4).all()
    assert len({tuple(order) for order in orders}) == 36  # 3! * 3! * 1!


def test_groupings_of_different_quotes_are_refused() -> None:
    """Two groupings must be of the same quotes."""
    with pytest.raises(ValueError, match="the same quotes; they have 2 and 3"):
        adjusted_mutual_information(np.array([0, 1]), np.array([0, 1, 1]))


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 14), st.integers(0, 10_000))
def test_cuts_are_those_of_scipy(n: int, seed: int) -> None:
    """Every cut equals scipy's fcluster, ties included; equal quotes are never parted."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(1, 4, size=(n, 3)).astype(float)
    table = cosines(rows @ rows.T)
    for method in ("average", "complete", "ward"):
        tree = linkage(table, method)
        found = cuts(tree, range(1, n))
        tree[:, 2] = np.round(tree[:, 2], 9)
        for k, labels in found.items():
            assert adjusted_rand(labels, fcluster(tree, k, "maxclust")) == 1
            assert all(labels[i] == labels[j] for i, j in zip(*np.nonzero(table == 1), strict=True))


@pytest.mark.parametrize("algorithm", ALGORITHMS + SECOND_OPINIONS)
def test_every_algorithm_finds_clear_groups(algorithm: str, plant) -> None:
    """Five planted topics are found at k = 5 by every family; complete linkage, the weakest, comes near."""
    wording, topics = plant(1)
    labels = partition(similarity(wording).to_numpy(), algorithm, [5])[5]
    assert adjusted_rand(labels, topics) > (0.6 if algorithm == "complete" else 0.95)
    assert list(dict.fromkeys(labels)) == list(range(5))  # numbered in page order


def test_an_unknown_algorithm_is_refused(original) -> None:
    """The names that are known are listed."""
    with pytest.raises(ValueError, match="algorithm must be one of average, complete"):
        partition(similarity(original).to_numpy(), "dbscan", [2])


def test_contrast_is_the_mean_inside_less_the_mean_between(original) -> None:
    """The quick sums give the two means counted pair by pair."""
    table = similarity(original).to_numpy()
    base, merged = nested_cuts(linkage(table, "ward"), [9, 4, 6])
    above = ~np.tri(len(table), dtype=bool)
    for row, value in zip(merged, contrasts(table, base, merged), strict=True):
        same = row[base][:, None] == row[base][None, :]
        assert value == pytest.approx(table[same & above].mean() - table[~same & above].mean(), abs=1e-9)


def test_silhouette_is_that_of_scikit_learn(original) -> None:
    """The mean silhouette equals scikit-learn's."""
    table = similarity(original).to_numpy()
    labels = partition(table, "average", [6])[6]
    distances = 1 - table
    assert silhouette(table, labels) == pytest.approx(
        silhouette_score(distances, labels, metric="precomputed"), abs=1e-9
    )
    assert silhouette(table, np.zeros(len(table), dtype=int)) == 0

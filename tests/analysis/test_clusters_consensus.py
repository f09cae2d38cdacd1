"""Consensus: planted groups are found, doubt is shown, and nothing depends on anything but the seed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from expert_roundup.analysis.clusters import (
    adjusted_rand,
    ambiguous_share,
    clusters_of,
    consensus,
    consensus_tree,
    examples,
    similarity,
    tree_cuts,
)


def _matrix(values: list[list[float]]) -> pd.DataFrame:
    quotes = pd.Index([f"Q{place + 1:02d}" for place in range(len(values))])
    return pd.DataFrame(values, index=quotes, columns=quotes, dtype=float)


@pytest.mark.parametrize("seed", range(3))
def test_planted_topics_are_found(seed: int, plant) -> None:
    """200 texts of five topics are put together again nearly without error (twenty seeds: bench_null_clusters.py)."""
    wording, topics = plant(seed)
    matrix = consensus([similarity(wording), similarity(wording, unit="characters")], runs=200, seed=seed)
    found = clusters_of(matrix)["cluster"].fillna(0).to_numpy("int64")
    assert adjusted_rand(found, topics) >= 0.9


def test_two_runs_are_equal_and_two_seeds_are_not(original) -> None:
    """The same seed gives the same bytes, another seed other draws."""
    views = [similarity(original), similarity(original, unit="characters")]
    first, second, other = (consensus(views, runs=60, seed=seed) for seed in (4, 4, 5))
    assert first.to_csv() == second.to_csv()
    assert first.to_csv() != other.to_csv()


def test_shares_are_counted_over_runs_that_held_both(original) -> None:
    """Shares lie between 0 and 1, are symmetric, and are whole multiples of one run."""
    matrix = consensus(similarity(original), runs=28, share=1.0, seed=0).to_numpy()
    assert (matrix == matrix.T).all()
    assert (np.diagonal(matrix) == 1).all()
    np.testing.assert_allclose(matrix * 28, np.round(matrix * 28), atol=1e-8)


def test_equal_quotes_are_always_together(make) -> None:
    """Equal texts are never parted, whatever k asks for."""
    texts = (
        [{"plan": 2, "goal": 1}] * 4 + [{"post": 1, "image": 2}] * 4 + [{"plan": 1, "image": 1}, {"goal": 2, "post": 1}]
    )
    matrix = consensus(similarity(make(texts)), runs=84).to_numpy()
    assert (matrix[:4, :4] == 1).all()
    assert (matrix[4:8, 4:8] == 1).all()


def test_ambiguous_pairs_are_counted() -> None:
    """One pair of three lies between the bounds."""
    matrix = _matrix([[1, 0.95, 0.4], [0.95, 1, 0.1], [0.4, 0.1, 1]])
    assert ambiguous_share(matrix) == pytest.approx(1 / 3)
    assert np.isnan(ambiguous_share(matrix.iloc[:1, :1]))


def test_clusters_are_read_off_where_runs_agree() -> None:
    """Groups that were together in more than half of the runs are clusters, smaller ones and singles are unassigned."""
    values = np.full((8, 8), 0.1)
    values[:4, :4], values[4:7, 4:7], values[7, 4:7], values[4:7, 7] = 0.9, 0.8, 0.3, 0.3
    np.fill_diagonal(values, 1)
    found = clusters_of(_matrix(values.tolist()))
    assert found["cluster"].fillna(0).to_list() == [1, 1, 1, 1, 2, 2, 2, 0]
    assert found["certainty"].to_list() == pytest.approx([0.9] * 4 + [0.8] * 3 + [0.3])


def test_the_number_of_clusters_can_be_asked_for() -> None:
    """With k the tree is cut into k groups; k beyond the quotes is refused."""
    matrix = _matrix([[1, 0.9, 0.2, 0.2], [0.9, 1, 0.2, 0.2], [0.2, 0.2, 1, 0.4], [0.2, 0.2, 0.4, 1]])
    assert clusters_of(matrix, k=2, smallest=1)["cluster"].to_list() == [1, 1, 2, 2]
    assert clusters_of(matrix, k=4, smallest=1)["cluster"].to_list() == [1, 2, 3, 4]
    with pytest.raises(ValueError, match="k must be between 1 and the number of quotes, 4, not 5"):
        clusters_of(matrix, k=5)


def test_the_tree_joins_the_surest_first() -> None:
    """Heights are 1 - consensus, and the last join holds all quotes."""
    tree = consensus_tree(_matrix([[1, 0.9, 0.2], [0.9, 1, 0.4], [0.2, 0.4, 1]]))
    assert tree.to_dict("list") == {"first": [0, 2], "second": [1, 3], "height": [0.1, 0.7], "n_quotes": [2, 3]}
    assert consensus_tree(_matrix([[1.0]])).empty


def test_every_cut_shows_its_stability_and_the_language(original) -> None:
    """Raw, the cut into two is the language and the steadiest of small cuts; centred it is not the language."""
    raw = tree_cuts(consensus(similarity(original, centred=False), runs=112), original).set_index("k")
    centred = tree_cuts(consensus(similarity(original), runs=112), original).set_index("k")
    assert raw.loc[2, "language"] == 1
    assert centred["language"].abs().max() < 0.15
    assert (raw["together"] - raw["apart"]).round(9).to_list() == raw["stability"].round(9).to_list()


def test_medoid_and_borderline_quotes_are_those_of_the_matrix(make) -> None:
    """The medoid is the surest of its cluster; the borderline quote leans most to the other one."""
    values = np.array(
        [
            [1, 0.9, 0.8, 0.1, 0.1],
            [0.9, 1, 0.7, 0.1, 0.2],
            [0.8, 0.7, 1, 0.5, 0.5],
            [0.1, 0.1, 0.5, 1, 0.9],
            [0.1, 0.2, 0.5, 0.9, 1],
        ]
    )
    wording = make([{"plan": 1}] * 5, speaker=["Ann", "Ben", "Cay", "Dan", "Eve"])
    matrix = pd.DataFrame(values, index=wording.answers["quote_id"], columns=wording.answers["quote_id"])
    clusters = pd.DataFrame({"quote_id": matrix.index, "cluster": pd.array([1, 1, 1, 2, 2], dtype="Int64")})
    found = examples(matrix, clusters, wording, borderline=1)
    assert found[["cluster", "kind", "speaker", "other_cluster"]].to_numpy().tolist() == [
        [1, "medoid", "Ann", 2],
        [1, "borderline", "Cay", 2],
        [2, "medoid", "Dan", 1],
        [2, "borderline", "Eve", 1],
    ]
    assert found["other"].to_list() == pytest.approx([0.1, 0.5, 0.7 / 3, 0.8 / 3])


@pytest.mark.parametrize(
    ("given", "message"), [({"runs": 0}, "runs must be 1"), ({"share": 0}, "share in"), ({"share": 1.1}, "share")]
)
def test_settings_are_checked(given: dict[str, float], message: str, original) -> None:
    """Settings that mean nothing are refused."""
    with pytest.raises(ValueError, match=message):
        consensus(similarity(original), **given)


def test_matrices_over_other_quotes_are_refused(original) -> None:
    """Several vectorisers must describe the same quotes in the same order."""
    table = similarity(original)
    with pytest.raises(ValueError, match="the same quotes in the same order"):
        consensus([table, table.iloc[::-1, ::-1]])

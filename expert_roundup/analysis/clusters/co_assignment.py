"""Consensus: which quotes stay together over hundreds of clusterings of parts of them, and what no run agrees on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.information import adjusted_mutual_information
from expert_roundup.analysis.clusters.partitions import (
    ALGORITHMS,
    cuts,
    linkage,
    page_order,
    partition,
    random_start,
    settle,
)
from expert_roundup.analysis.clusters.threads import one_thread
from expert_roundup.analysis.clusters.wording import Wording

Array = np.ndarray[Any, Any]

_BATCH = 100  # runs counted at once

#: numbers of groups the runs are cut into
KS = range(4, 11)

#: quotes belong together when they were put together in more than this share of the runs that held both
TOGETHER = 0.5

#: a cluster has at least this many quotes; smaller groups are unassigned
SMALLEST = 3


@one_thread()
def consensus(
    similarities: pd.DataFrame | Sequence[pd.DataFrame],
    *,
    runs: int = 400,
    share: float = 0.8,
    ks: Iterable[int] = KS,
    algorithms: Sequence[str] = ALGORITHMS,
    seed: int = 0,
    progress: bool = False,
) -> pd.DataFrame:
    """Cluster random parts of the quotes many times and count how often two quotes end up together.

    Parameters
    ----------
    similarities
        Cosines, quotes x quotes, of one or several vectorisers, all over the same quotes; the recipe takes
        `similarity(wording)` and `similarity(wording, unit="characters")`.
    runs
        Number of clusterings. Every combination of vectoriser, algorithm and k has its turn before any has a second.
    share
        Share of the quotes each run draws.
    ks
        Numbers of groups; those above what a run can hold are left out.
    algorithms
        Names as in `partition`; k-means starts from quotes drawn at random.
    seed
        Of the draws.
    progress
        Show a bar on standard error.

    Returns
    -------
    DataFrame
        One row and one column per quote: the share of the runs holding both in which they were put together. The
        diagonal is 1; a quote that cannot be compared is together with none.

    References
    ----------
    Monti, Tamayo, Mesirov, Golub (2003). Consensus clustering. Machine Learning 52, 91-118.
    """
    if runs < 1 or not 0 < share <= 1:
        raise ValueError(f"runs must be 1 or more and share in (0, 1], not {runs!r} and {share!r}")
    tables = [similarities] if isinstance(similarities, pd.DataFrame) else list(similarities)
    if not tables or any(not table.index.equals(tables[0].index) for table in tables):
        raise ValueError("similarities must be one or several matrices over the same quotes in the same order")
    views = [table.to_numpy() for table in tables]
    n = len(tables[0])
    groups: list[Array] = []
    drawn: list[Array] = []
    rng = np.random.default_rng(seed)
    plan = _plan(len(views), algorithms, sorted(set(ks)), runs, rng)
    for view, algorithm, k in _shown(plan, progress):
        placed = np.flatnonzero(np.diagonal(views[view]) > 0)
        part = np.sort(rng.choice(placed, size=int(np.ceil(share * len(placed))), replace=False))
        if len(part) < 3:
            continue
        labels = _run(views[view][np.ix_(part, part)], algorithm, k, rng)
        member = np.zeros((n, int(labels.max()) + 1), dtype=np.float32)
        member[part, labels] = 1
        groups.append(member)
        drawn.append(member.sum(axis=1, keepdims=True))
    together, both = _counted(groups, n), _counted(drawn, n)
    matrix = np.round(np.divide(together, both, out=np.zeros((n, n)), where=both > 0), 10)
    np.fill_diagonal(matrix, 1.0)
    return pd.DataFrame(matrix, index=tables[0].index, columns=tables[0].index)


def ambiguous_share(matrix: pd.DataFrame, *, low: float = 0.1, high: float = 0.9) -> float:
    """Share of pairs that are neither nearly always apart nor nearly always together (PAC); 0 is a clear consensus.

    Parameters
    ----------
    matrix
        From `consensus`.
    low, high
        A pair is ambiguous when it was together in more than `low` and less than `high` of the runs.

    Returns
    -------
    float
        From 0 to 1; nan for a single quote.

    References
    ----------
    Senbabaoglu, Michailidis, Li (2014). Critical limitations of consensus clustering in class discovery. Scientific
    Reports 4, 6207.
    """
    pairs = matrix.to_numpy()[np.triu_indices(len(matrix), 1)]
    return float(np.round(((pairs > low) & (pairs < high)).mean(), 10)) if len(pairs) else float("nan")


def consensus_tree(matrix: pd.DataFrame) -> pd.DataFrame:
    """Average linkage of 1 - consensus.

    Returns
    -------
    DataFrame
        One row per join, the closest first, as in scipy's linkage matrix: first, second (below n a quote, from n on
        the join of row minus n), height (0.3: the two sides were together in 70 % of the runs on average), n_quotes.
        Empty for a single quote.
    """
    rows = linkage(matrix.to_numpy(), "average") if len(matrix) > 1 else np.zeros((0, 4))
    frame = pd.DataFrame(rows, columns=["first", "second", "height", "n_quotes"])
    return frame.astype({"first": "int64", "second": "int64", "n_quotes": "int64"}).round({"height": 9})


def tree_cuts(matrix: pd.DataFrame, wording: Wording, *, ks: Iterable[int] = range(2, 13)) -> pd.DataFrame:
    """Cut the consensus tree at several k and say, for each, how stable it is and whether it is the languages again.

    Returns
    -------
    DataFrame
        One row per k: k, n_clusters, smallest, largest (quotes), together (mean consensus inside clusters), apart
        (mean consensus between clusters), stability (together - apart), language (adjusted mutual information with
        the language).

    Notes
    -----
    No k is recommended: stability is highest for cuts that copy a confounder, such as the language of uncentred
    answers.
    """
    values = matrix.to_numpy()
    usable = [k for k in ks if 2 <= k <= len(matrix) - 1]
    above = ~np.tri(len(matrix), dtype=bool)
    rows = []
    for k, labels in cuts(consensus_tree(matrix).to_numpy(), usable).items():
        same = labels[:, None] == labels[None, :]
        inside, between = values[same & above], values[~same & above]
        sizes = np.bincount(labels)
        means = [float(part.mean()) if len(part) else float("nan") for part in (inside, between)]
        language = adjusted_mutual_information(labels, wording.answers["language"])
        rows.append((k, len(sizes), sizes.min(), sizes.max(), *means, means[0] - means[1], language))
    columns = ["k", "n_clusters", "smallest", "largest", "together", "apart", "stability", "language"]
    return pd.DataFrame(rows, columns=columns).round(10)


def clusters_of(
    matrix: pd.DataFrame, *, k: int | None = None, together: float = TOGETHER, smallest: int = SMALLEST
) -> pd.DataFrame:
    """Read clusters off the consensus, leaving quotes unassigned that belong nowhere.

    Parameters
    ----------
    matrix
        From `consensus`.
    k
        Cut the tree into k groups. By default it is cut where quotes have been together in more than `together` of
        the runs, so that the number of clusters follows from the runs and is not chosen.
    together
        Mean consensus at which two groups become one.
    smallest
        Groups of fewer quotes are unassigned.

    Returns
    -------
    DataFrame
        One row per quote: quote_id, cluster (1 is the largest, then page order; empty: unassigned), certainty (mean
        consensus with the other quotes of its cluster; of an unassigned quote, with the cluster it is closest to; 0
        where there is none).
    """
    if k is not None and not 1 <= k <= len(matrix):
        raise ValueError(f"k must be between 1 and the number of quotes, {len(matrix)}, not {k!r}")
    tree = consensus_tree(matrix).to_numpy()
    if k is None:
        # merges below the height are taken: as many groups are left as merges are not
        k = len(matrix) - int((tree[:, 2] < 1 - together).sum())
    labels = cuts(tree, [k])[k] if len(tree) else np.zeros(1, dtype=np.intp)
    sizes = np.bincount(labels)
    order = sorted(np.flatnonzero(sizes >= smallest), key=lambda group: (-sizes[group], group))
    number = {int(group): place + 1 for place, group in enumerate(order)}
    assigned = pd.array([number.get(int(label), pd.NA) for label in labels], dtype="Int64")
    certainty = _certainty(matrix.to_numpy(), np.array([number.get(int(label), 0) for label in labels]))
    return pd.DataFrame({"quote_id": matrix.index.to_numpy(), "cluster": assigned, "certainty": certainty})


def _plan(
    n_views: int, algorithms: Sequence[str], ks: list[int], runs: int, rng: np.random.Generator
) -> list[tuple[int, str, int]]:
    """Settings of all runs: whole rounds of every combination, each round in an order of its own."""
    settings = [(view, algorithm, k) for view in range(n_views) for algorithm in algorithms for k in ks]
    rounds = [rng.permutation(len(settings)) for _ in range(-(-runs // len(settings)))]
    return [settings[place] for place in np.concatenate(rounds)[:runs]]


def _run(part: Array, algorithm: str, k: int, rng: np.random.Generator) -> Array:
    k = min(k, len(part) - 1)
    if algorithm == "k_means":
        return page_order(settle(part, random_start(part, k, rng)))
    return partition(part, algorithm, [k])[k]


def _counted(members: list[Array], n: int) -> Array:
    """How often two quotes have a 1 in one column: products of 0 and 1, exact in single precision."""
    total = np.zeros((n, n))
    for start in range(0, len(members), _BATCH):
        columns = np.hstack(members[start : start + _BATCH])
        total += columns @ columns.T
    return total


def _certainty(matrix: Array, numbers: Array) -> Array:
    others = matrix - np.eye(len(matrix))
    values = np.zeros(len(matrix))
    for number in range(1, numbers.max(initial=0) + 1):
        member = numbers == number
        mean = others[:, member].sum(axis=1) / np.maximum(member.sum() - member, 1)
        values = np.where(member, mean, np.where(numbers == 0, np.maximum(values, mean), values))
    return np.round(values, 10)


def _shown(plan: list[tuple[int, str, int]], progress: bool) -> Iterable[tuple[int, str, int]]:
    if not progress:
        return plan
    from tqdm import tqdm

    return tqdm(plan, desc="consensus", unit="run", disable=None)

"""Partitions: the ways of cutting quotes into k groups by their similarity, each of them deterministic or seeded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

#: what the consensus is made of
ALGORITHMS = ("average", "complete", "ward", "k_means")

#: other families, as a second opinion
SECOND_OPINIONS = ("nmf", "spectral")

_ROUNDS = 20  # of k-means, which has settled long before
_UPDATES = 100  # of the factorisation


def partition(similarity: Array, algorithm: str, ks: Iterable[int]) -> dict[int, Array]:
    """Cut quotes into k groups, for several k at once.

    Parameters
    ----------
    similarity
        Cosines, quotes x quotes, every quote comparable (diagonal 1).
    algorithm
        "average", "complete" or "ward" (agglomerative linkage), "k_means" (started from the Ward cut), "nmf"
        (symmetric non-negative factorisation of the positive similarities) or "spectral" (normalised cut).
    ks
        Numbers of groups, each from 1 to the number of quotes.

    Returns
    -------
    dict
        k to one group a quote, numbered from 0 in page order. There are fewer than k groups where ties cannot be
        parted: equal quotes always stay together under a linkage.

    References
    ----------
    Ding, He, Simon (2005). On the equivalence of nonnegative matrix factorization and spectral clustering. SDM,
    606-610. Ng, Jordan, Weiss (2001). On spectral clustering. NIPS 14; groups read off as in Damle, Minden, Ying
    (2019). Simple, direct and efficient multi-way spectral clustering. Information and Inference 8, 181-203.
    """
    wanted = sorted(set(ks))
    if algorithm in ("average", "complete", "ward"):
        return cuts(linkage(similarity, algorithm), wanted)
    if algorithm == "k_means":
        started = cuts(linkage(similarity, "ward"), wanted)
        if not wanted:
            return {}
        settled = settle(similarity, np.array([started[k] for k in wanted]))
        return {k: page_order(labels) for k, labels in zip(wanted, settled, strict=True)}
    if algorithm == "nmf":
        started = partition(similarity, "k_means", wanted)
        return {k: page_order(_factorise(similarity, labels)) for k, labels in started.items()}
    if algorithm == "spectral":
        return _spectral(similarity, wanted)
    raise ValueError(f"algorithm must be one of {', '.join(ALGORITHMS + SECOND_OPINIONS)}, not {algorithm!r}")


def linkage(similarity: Array, method: str) -> Array:
    """Merge quotes step by step (scipy's linkage matrix), the most alike first.

    Distance is 1 - cosine; for "ward" the Euclidean distance of rows of length 1, which is sqrt(2 - 2 cosine).
    """
    from scipy.cluster.hierarchy import linkage as merge

    distances = 1 - _pairs(similarity)
    np.maximum(distances, 0, out=distances)
    return np.asarray(merge(np.sqrt(2 * distances) if method == "ward" else distances, method))


def cuts(tree: Array, ks: Iterable[int]) -> dict[int, Array]:
    """Cut one tree into k groups, for several k at once; merges of equal height are never parted."""
    wanted = list(ks)
    if not wanted:
        return {}
    base, merged = nested_cuts(tree, wanted)
    return {k: page_order(groups[base]) for k, groups in zip(wanted, merged, strict=True)}


def nested_cuts(tree: Array, ks: list[int]) -> tuple[Array, Array]:
    """Cut one tree at its finest wanted k, and say which of these groups each coarser cut joins.

    Returns
    -------
    base
        Group of every quote at the largest k, numbered from 0.
    merged
        One row per k in the order of `ks`: the group that each base group goes into.
    """
    n = len(tree) + 1
    heights = np.round(tree[:, 2], 9)
    # a cut into k groups takes the first n - k merges, and those after them that are as high as the last of these
    taken = [int(np.searchsorted(heights, max(heights[n - k - 1], 0) if k < n else 0, side="right")) for k in ks]
    first = min(taken)
    parent = np.arange(2 * n - 1)
    for side in (0, 1):
        parent[tree[:first, side].astype(np.intp)] = np.arange(n, n + first)
    while (parent[parent] != parent).any():
        parent = parent[parent]
    roots, base = np.unique(parent[:n], return_inverse=True)
    number = np.empty(2 * n - 1, dtype=np.intp)
    number[roots] = np.arange(len(roots))
    groups, after = np.arange(len(roots)), {first: np.arange(len(roots))}
    for step in range(first, max(taken)):
        left, right = number[tree[step, :2].astype(np.intp)]
        groups = np.where(groups == right, left, groups)
        number[n + step], after[step + 1] = left, groups
    return base.reshape(-1), np.array([after[step] for step in taken])


def _pairs(similarity: Array) -> Array:
    """The cells above the diagonal, row by row."""
    from scipy.spatial.distance import squareform

    return np.asarray(squareform(similarity, checks=False))


def page_order(labels: Array) -> Array:
    """Number the groups from 0 in the order of their first quotes."""
    _, first, places = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.intp)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[places.reshape(-1)]


def settle(similarity: Array, labels: Array) -> Array:
    """Move every quote to the nearest group mean until none moves (k-means on inner products).

    `labels` is one partition, or partitions x quotes, which are settled at once.
    """
    stack = np.atleast_2d(labels)
    width = int(stack.max()) + 1
    for _ in range(_ROUNDS):
        member = (stack.T[:, :, None] == np.arange(width)).reshape(stack.shape[1], -1).astype(float)
        sizes = member.sum(axis=0)
        closeness = similarity @ member / np.maximum(sizes, 1)
        spread = np.where(sizes > 0, (member * closeness).sum(axis=0) / np.maximum(sizes, 1), np.inf)
        distances = np.round(spread - 2 * closeness, 9).reshape(len(similarity), len(stack), width)
        moved = distances.argmin(axis=2).T
        if (moved == stack).all():
            break
        stack = moved
    return stack.reshape(np.shape(labels))


def contrasts(similarity: Array, base: Array, merged: Array) -> Array:
    """Mean similarity inside groups less the mean between groups.

    Parameters
    ----------
    similarity
        Cosines, quotes x quotes.
    base, merged
        Groups as in `nested_cuts`.

    Returns
    -------
    ndarray
        One value a row of `merged`; 0 where there are no pairs inside or none between.
    """
    member = (base[:, None] == np.arange(merged.shape[1])).astype(float)
    own, n = float(np.trace(similarity)), len(similarity)
    sums, sizes = member.T @ (similarity @ member), member.sum(axis=0)
    same = merged[:, :, None] == merged[:, None, :]
    inside = (sums * same).sum(axis=(1, 2)) - own
    pairs = (np.outer(sizes, sizes) * same).sum(axis=(1, 2)) - n
    rest, others = float(sums.sum()) - own - inside, n * (n - 1) - pairs
    both = (pairs > 0) & (others > 0)
    values = inside / np.maximum(pairs, 1) - rest / np.maximum(others, 1)
    rounded: Array = np.round(np.where(both, values, 0.0), 10)
    return rounded


def silhouette(similarity: Array, labels: Array) -> float:
    """Mean silhouette over quotes, distance 1 - cosine; a quote alone in its group counts 0.

    References
    ----------
    Rousseeuw (1987). Silhouettes. Journal of Computational and Applied Mathematics 20, 53-65.
    """
    member = (labels[:, None] == np.arange(labels.max() + 1)).astype(float)
    sizes, own = member.sum(axis=0), np.arange(len(labels))
    sums = (1 - similarity) @ member
    inside = sums[own, labels] / np.maximum(sizes[labels] - 1, 1)
    means = sums / np.maximum(sizes, 1)
    means[own, labels] = np.inf
    nearest = means.min(axis=1)
    if not np.isfinite(nearest).all():  # one group only
        return 0.0
    largest = np.maximum(np.maximum(inside, nearest), 1e-12)
    return float(np.round(np.where(sizes[labels] > 1, (nearest - inside) / largest, 0.0).mean(), 10))


def random_start(similarity: Array, k: int, rng: np.random.Generator) -> Array:
    """Groups around k quotes drawn far apart (k-means++; Arthur, Vassilvitskii, 2007. SODA, 1027-1035)."""
    centres = [int(rng.integers(len(similarity)))]
    nearest = 1 - similarity[:, centres[0]]
    for _ in range(k - 1):
        weight = np.maximum(nearest, 0)
        if weight.sum() <= 0:  # fewer than k different quotes
            break
        centres.append(int(rng.choice(len(similarity), p=weight / weight.sum())))
        nearest = np.minimum(nearest, 1 - similarity[:, centres[-1]])
    labels: Array = similarity[:, centres].argmax(axis=1)
    return labels


def _factorise(similarity: Array, labels: Array) -> Array:
    """Symmetric non-negative factorisation, started from a partition; a quote goes where its weight is largest."""
    affinity = np.maximum(similarity, 0)
    weights = (labels[:, None] == np.arange(labels.max() + 1)) + 0.2
    for _ in range(_UPDATES):
        fitted = np.maximum(weights @ (weights.T @ weights), 1e-12)
        weights = weights * (0.5 + 0.5 * (affinity @ weights) / fitted)
    heaviest: Array = np.round(weights, 9).argmax(axis=1)
    return heaviest


def _spectral(similarity: Array, ks: list[int]) -> dict[int, Array]:
    from scipy.linalg import qr

    affinity = np.maximum(similarity - np.eye(len(similarity)), 0)
    scale = 1 / np.sqrt(np.maximum(affinity.sum(axis=1), 1e-9))
    _, vectors = np.linalg.eigh(scale[:, None] * affinity * scale[None, :])
    found = {}
    for k in ks:
        leading = vectors[:, ::-1][:, :k]
        pivots = qr(leading.T, mode="r", pivoting=True)[-1][:k]
        left, _, right = np.linalg.svd(leading[pivots].T)
        found[k] = page_order(np.round(np.abs(leading @ (left @ right)), 7).argmax(axis=1))
    return found

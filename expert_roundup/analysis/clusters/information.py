"""How much one grouping tells about another: adjusted mutual information and adjusted Rand index, many at a time."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, Any]

_CELLS = 4_000_000  # numbers held at once while permutations are counted


def adjusted_mutual_information(a: pd.Series | Array, b: pd.Series | Array) -> float:
    """Information two groupings share, 0 at chance and 1 when they are the same grouping.

    Parameters
    ----------
    a, b
        The group of every quote in two groupings, in the same order.

    Returns
    -------
    float
        (MI - expected MI) / (mean entropy - expected MI), expected over random groupings of the same sizes.

    Raises
    ------
    ValueError
        `a` and `b` differ in length or are empty.

    References
    ----------
    Vinh, Epps, Bailey (2010). Information theoretic measures for clusterings comparison. JMLR 11, 2837-2854, eq. 24a.

    Examples
    --------
    >>> import numpy as np
    >>> adjusted_mutual_information(np.array([0, 0, 1, 1]), np.array(["a", "a", "b", "b"]))
    1.0
    """
    first, second = codes(a), codes(b)
    if len(first) != len(second) or not len(first):
        raise ValueError(f"a and b must be groupings of the same quotes; they have {len(first)} and {len(second)}")
    return float(information(first[None, :], second)[0])


def adjusted_rand(a: pd.Series | Array, b: pd.Series | Array) -> float:
    """Agreement of two groupings over pairs of quotes, 0 at chance and 1 when they are the same grouping.

    References
    ----------
    Hubert, Arabie (1985). Comparing partitions. Journal of Classification 2, 193-218, eq. 5.
    """
    first, second = codes(a), codes(b)
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1)
    together, rows, columns = _pairs(table).sum(), _pairs(table.sum(1)).sum(), _pairs(table.sum(0)).sum()
    expected = rows * columns / max(_pairs(np.array(len(first))), 1)
    most = (rows + columns) / 2
    return 1.0 if most == expected else float((together - expected) / (most - expected))


def codes(groups: pd.Series | Array) -> Array:
    """Number the groups from 0, in sorted order of their names."""
    return np.unique(np.asarray(groups), return_inverse=True)[1].reshape(-1)


def information(partitions: Array, labels: Array, permutations: Array | None = None) -> Array:
    """Adjusted mutual information of many partitions with one labelling, or with its permutations.

    Parameters
    ----------
    partitions
        Partitions x quotes, groups numbered from 0.
    labels
        The labelling, one number from 0 a quote.
    permutations
        Permutations x quotes: positions in `labels`, each row a reordering.

    Returns
    -------
    ndarray
        One value a partition; with `permutations`, permutations x partitions.
    """
    n_labels = int(labels.max()) + 1
    expected, most = _expected_and_most(partitions, labels)
    orders = np.arange(len(labels))[None, :] if permutations is None else permutations
    member, first_rows = _members(partitions)
    table = _n_log_n(len(labels))
    values = np.empty((len(orders), len(partitions)))
    step = max(1, _CELLS // len(member))
    for start in range(0, len(orders), step):
        shuffled = labels[orders[start : start + step]].T
        logs = np.zeros((len(member), shuffled.shape[1]))
        for label in range(n_labels):
            with np.errstate(all="ignore"):  # some BLAS look past the rows, and warn of what they find there
                shared = member @ (shuffled == label).astype(np.float32)
            logs += table[shared.astype(np.intp)]
        values[start : start + step] = np.add.reduceat(logs, first_rows, axis=0).T
    sizes = np.add.reduceat(table[member.sum(axis=1).astype(np.intp)], first_rows)
    mutual = (values - sizes - table[np.bincount(labels)].sum()) / len(labels) + np.log(len(labels))
    room = most - expected
    alike = np.divide(mutual - expected, room, out=np.zeros_like(mutual), where=room > 1e-12)
    # no room between chance and the most there can be (one group each, or one quote a group): equal groupings agree
    alike[(np.abs(mutual - most) < 1e-12) & (room <= 1e-12)] = 1.0
    rounded: Array = np.round(alike, 10) + 0.0
    return rounded[0] if permutations is None else rounded


def _members(partitions: Array) -> tuple[Array, Array]:
    """Groups x quotes as 0 and 1, all partitions below each other, and the first row of each partition."""
    n_groups = partitions.max(axis=1) + 1
    first_rows = np.concatenate([[0], np.cumsum(n_groups)[:-1]])
    member = np.zeros((int(n_groups.sum()), partitions.shape[1]), dtype=np.float32)
    member[first_rows[:, None] + partitions, np.arange(partitions.shape[1])[None, :]] = 1
    return member, first_rows


def _expected_and_most(partitions: Array, labels: Array) -> tuple[Array, Array]:
    """Expected mutual information and mean entropy, one a partition."""
    columns = _sizes(labels)
    rows = [_sizes(partition) for partition in partitions]
    expected = np.array([_expected_information(sizes, columns) for sizes in rows])
    return expected, np.array([(_entropy(sizes) + _entropy(columns)) / 2 for sizes in rows])


@lru_cache(maxsize=4096)
def _expected_information(rows: tuple[int, ...], columns: tuple[int, ...]) -> float:
    """Mean mutual information of random groupings of these sizes (hypergeometric cells; Vinh and others, eq. 24)."""
    n = sum(rows)
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])  # ln k!
    total = 0.0
    for (a, times_a), (b, times_b) in product(Counter(rows).items(), Counter(columns).items()):
        cell = np.arange(max(1, a + b - n), min(a, b) + 1)
        chance = logs[a] + logs[b] + logs[n - a] + logs[n - b] - logs[n]
        chance = chance - logs[cell] - logs[a - cell] - logs[b - cell] - logs[n - a - b + cell]
        total += times_a * times_b * float((cell / n * np.log(n * cell / (a * b)) * np.exp(chance)).sum())
    return total


def _sizes(groups: Array) -> tuple[int, ...]:
    counts = np.bincount(groups)
    return tuple(sorted(counts[counts > 0].tolist()))


def _entropy(sizes: tuple[int, ...]) -> float:
    shares = np.array(sizes) / sum(sizes)
    return float(-(shares * np.log(shares)).sum())


def _n_log_n(n: int) -> Array:
    whole = np.arange(n + 1)
    table: Array = whole * np.log(np.maximum(whole, 1))
    return table


def _pairs(counts: Array) -> Array:
    pairs: Array = counts * (counts - 1) / 2
    return pairs

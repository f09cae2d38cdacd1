"""Wording against codes: whether quotes that share codes share words, once language and length had their say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.information import codes
from expert_roundup.analysis.clusters.permutations import permutations
from expert_roundup.analysis.clusters.threads import one_thread

Array = np.ndarray[Any, Any]

# standard normal quantiles of a one-sided test at 5 % and of a power of 80 %
_ONE_SIDED, _POWER = 1.6449, 0.8416


@one_thread()
def mantel(
    a: pd.DataFrame,
    b: pd.DataFrame,
    groups: pd.Series | None = None,
    *,
    lengths: pd.Series | None = None,
    n_permutations: int = 9999,
    seed: int = 0,
) -> pd.DataFrame:
    """Correlate two similarity matrices of the same quotes and test it by permutation within groups.

    Parameters
    ----------
    a, b
        Similarities, quotes x quotes, both axes quote_id. Quotes in one of them only, or with 0 on a diagonal (they
        cannot be compared), are left out.
    groups
        Group of each quote, such as its language (index quote_id). Only pairs inside a group count, each less the
        mean of its group, and quotes change places only within their group. Without groups all pairs count.
    lengths
        Words of each quote; what the lengths of a pair explain (sum, squared sum
        and difference of their logarithms) is taken
        out of both matrices first.
    n_permutations
        Permutations of the quotes.
    seed
        Of the permutations.

    Returns
    -------
    DataFrame
        One row: adjusted_for ("", "length"), r, p (one-sided: more alike here, more alike there), detectable (the r
        that would be found with 80 % power at 5 %), n_quotes, n_pairs, n_permutations. r, p and detectable are empty
        where nothing varies or fewer than four quotes are left.

    Notes
    -----
    Permuting freely over languages finds what the languages alone bring about: with 27 and 4 quotes and no relation
    at all it rejects in most data sets.

    References
    ----------
    Mantel (1967). The detection of disease clustering. Cancer Research 27, 209-220. Smouse, Long, Sokal (1986).
    Multiple regression and correlation extensions of the Mantel test. Systematic Zoology 35, 627-632.
    """
    quotes = _compared(a, b)
    numbers = np.zeros(len(quotes), dtype=np.intp) if groups is None else codes(groups.loc[quotes])
    words = None if lengths is None else lengths.loc[quotes].to_numpy("float64")
    first = residuals(a.loc[quotes, quotes].to_numpy("float64"), numbers, words)
    second = residuals(b.loc[quotes, quotes].to_numpy("float64"), numbers, words)
    scale = float(np.sqrt((first**2).sum() * (second**2).sum()))
    row: dict[str, Any] = {"adjusted_for": "" if lengths is None else "length"}
    row |= {"r": np.nan, "p": np.nan, "detectable": np.nan, "n_quotes": len(quotes)}
    row |= {"n_pairs": int((np.bincount(numbers) * (np.bincount(numbers) - 1) // 2).sum()) if len(quotes) else 0}
    row |= {"n_permutations": n_permutations}
    if len(quotes) >= 4 and scale > 1e-9:
        orders = permutations(numbers, n_permutations, np.random.default_rng(seed))
        found, shuffled = (first * second).sum() / scale, _permuted_sums(first, second, orders) / scale
        # sums of the same numbers in another order differ in the last digit: equal is equal up to 10 digits
        exceeding = (np.round(shuffled, 10) >= np.round(found, 10)).sum()
        row |= {"r": found, "p": (1 + exceeding) / (1 + n_permutations)}
        row["detectable"] = (_ONE_SIDED + _POWER) * shuffled.std()
    return pd.DataFrame([row]).round(10)


def indicator_similarity(indicators: pd.DataFrame) -> pd.DataFrame:
    """Compare quotes by the codes they share: shared codes by codes either has (Jaccard).

    Parameters
    ----------
    indicators
        One row per quote (index quote_id), one column per code, 0 or 1.

    Returns
    -------
    DataFrame
        One row and column per quote, 0 to 1. The diagonal of a quote without a code is 0: it cannot be compared.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"goals": [1, 1, 0], "craft": [0, 1, 0]}, index=["Q01", "Q02", "Q03"])
    >>> indicator_similarity(table).loc["Q01"].tolist()
    [1.0, 0.5, 0.0]
    """
    table = check_indicators(indicators).to_numpy("float64")
    shared = table @ table.T
    either = np.add.outer(table.sum(axis=1), table.sum(axis=1)) - shared
    values = np.divide(shared, either, out=np.zeros_like(shared), where=either > 0)
    return pd.DataFrame(values.round(10), index=indicators.index, columns=indicators.index)


def check_indicators(indicators: pd.DataFrame) -> pd.DataFrame:
    """Return `indicators` when its quotes are unique and it holds only 0 and 1.

    Raises
    ------
    ValueError
        A quote stands twice, or a value is neither 0 nor 1.
    """
    doubled = sorted(set(indicators.index[indicators.index.duplicated()].astype(str)))
    if doubled:
        raise ValueError(f"indicators must hold each quote once; doubled: {', '.join(doubled[:20])}")
    wrong = ~indicators.isin([0, 1]).all(axis=1)
    if wrong.any():
        names = indicators.index[wrong].astype(str)
        raise ValueError(f"indicators must be 0 or 1; other values at {', '.join(names[:20])} ({len(names)} quotes)")
    return indicators


def residuals(similarity: Array, groups: Array, lengths: Array | None = None) -> Array:
    """Similarities of pairs inside a group, less the group's mean and what lengths explain; 0 for all other pairs."""
    inside = (groups[:, None] == groups[None, :]) & ~np.eye(len(groups), dtype=bool)
    values = _less_group_means(similarity, inside, groups)
    if lengths is not None and inside.any():
        logs = np.log(np.maximum(lengths, 1))
        sums = np.add.outer(logs, logs)
        pairs = (sums, sums**2, np.abs(np.subtract.outer(logs, logs)))
        explaining = np.column_stack([_less_group_means(pair, inside, groups)[inside] for pair in pairs])
        weights = np.linalg.lstsq(explaining, values[inside], rcond=None)[0]
        values[inside] -= explaining @ weights
    rounded: Array = np.round(values, 12)
    return rounded


def _less_group_means(matrix: Array, inside: Array, groups: Array) -> Array:
    values = np.zeros(matrix.shape)
    for group in np.unique(groups):
        block = inside & (groups == group)[:, None]
        if block.any():
            values[block] = matrix[block] - matrix[block].mean()
    return values


def _permuted_sums(first: Array, second: Array, orders: Array) -> Array:
    """Sum of products of `first` with `second` under each reordering of its quotes."""
    # rows first, then columns: each is one contiguous copy, where indexing both at once is a jump a cell
    return np.array([np.vdot(first, second[order][:, order]) for order in orders])


def _compared(a: pd.DataFrame, b: pd.DataFrame) -> pd.Index:
    for name, matrix in (("a", a), ("b", b)):
        if list(matrix.index) != list(matrix.columns) or matrix.index.duplicated().any():
            raise ValueError(f"{name} must be a square matrix with the same quotes, once each, on both axes")
    shared = a.index[a.index.isin(b.index)]
    held = [np.diagonal(matrix.loc[shared, shared]) > 0 for matrix in (a, b)]
    return shared[held[0] & held[1]]

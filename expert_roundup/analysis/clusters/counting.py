"""Counting together: clusters against codes, and codes against each other, with what chance would give beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.correlation import check_indicators
from expert_roundup.analysis.clusters.information import codes
from expert_roundup.analysis.clusters.permutations import permutations

Array = np.ndarray[Any, Any]


def crosstab(
    clusters: pd.DataFrame,
    indicators: pd.DataFrame,
    groups: pd.Series | None = None,
    *,
    n_permutations: int = 9999,
    seed: int = 0,
) -> pd.DataFrame:
    """Count the codes in every cluster; a quote with several codes counts for each of them.

    Parameters
    ----------
    clusters
        One row per quote: quote_id, cluster (empty: unassigned).
    indicators
        One row per quote (index quote_id), one column per code, 0 or 1. Quotes in one of the two only are left out.
    groups
        Group of each quote, such as its language (index quote_id); expected counts and permutations stay within it.
    n_permutations, seed
        Reorderings of the quotes within their groups.

    Returns
    -------
    DataFrame
        One row per cluster and code: cluster, theme, n_quotes, n_cluster (quotes of the cluster), expected, residual
        (n_quotes less expected, in standard deviations of chance), p (two-sided, alone), p_corrected (against the
        largest residual of the table).

    References
    ----------
    Haberman (1973). The analysis of residuals in cross-classified tables. Biometrics 29, 205-220.
    """
    columns = ["cluster", "theme", "n_quotes", "n_cluster", "expected", "residual", "p", "p_corrected"]
    check_indicators(indicators)
    known = clusters.set_index("quote_id")["cluster"]
    quotes = known.index[known.index.isin(indicators.index)]
    names = sorted(known.loc[quotes].dropna().unique())
    if not names or not len(indicators.columns):
        return pd.DataFrame(columns=columns)
    member = np.column_stack([(known.loc[quotes] == name).fillna(False).to_numpy("float64") for name in names])
    table = indicators.loc[quotes].to_numpy("float64")
    numbers = np.zeros(len(quotes), dtype=np.intp) if groups is None else codes(groups.loc[quotes])
    observed, expected, spread = member.T @ table, *_chance(member, table, numbers)
    residual = _standard(observed, expected, spread)
    orders = permutations(numbers, n_permutations, np.random.default_rng(seed))
    shuffled = np.abs(np.array([_standard(member.T @ table[order], expected, spread) for order in orders]))
    p = (1 + (shuffled >= np.abs(residual)).sum(axis=0)) / (1 + n_permutations)
    most = shuffled.max(axis=(1, 2))[:, None, None]
    corrected = (1 + (most >= np.abs(residual)).sum(axis=0)) / (1 + n_permutations)
    frame = pd.MultiIndex.from_product([names, indicators.columns], names=["cluster", "theme"]).to_frame(index=False)
    sizes = np.repeat(member.sum(axis=0).astype("int64"), len(indicators.columns))
    values = [observed.astype("int64").ravel(), sizes, expected.ravel(), residual.ravel(), p.ravel(), corrected.ravel()]
    return frame.assign(**dict(zip(columns[2:], values, strict=True))).round(10)


def cooccurrence(indicators: pd.DataFrame, others: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count the quotes that hold two codes, beside the number chance would give.

    Parameters
    ----------
    indicators
        One row per quote (index quote_id), one column per code, 0 or 1.
    others
        A second table of the same kind, such as platforms; every column of the first then meets every column of the
        second, over the quotes in both. Without it, every two columns of `indicators` meet.

    Returns
    -------
    DataFrame
        One row per pair: theme_a, theme_b, n_a, n_b, n_both, expected (n_a n_b / quotes), p (Fisher's exact test,
        two-sided), p_corrected (Holm, over all pairs).

    References
    ----------
    Fisher (1935). The logic of inductive inference. Journal of the Royal Statistical Society 98, 39-82.
    Holm (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"goals": [1, 1, 0, 0], "craft": [1, 1, 0, 0]}, index=["Q01", "Q02", "Q03", "Q04"])
    >>> cooccurrence(table)[["theme_a", "theme_b", "n_both", "expected", "p"]].round(2)
      theme_a theme_b  n_both  expected     p
    0   goals   craft       2       1.0  0.33
    """
    check_indicators(indicators)
    second = indicators if others is None else check_indicators(others)
    quotes = indicators.index[indicators.index.isin(second.index)]
    left, right = indicators.loc[quotes], second.loc[quotes]
    rows = [
        (a, b, int(left[a].sum()), int(right[b].sum()), int((left[a].astype(bool) & right[b].astype(bool)).sum()))
        for place, a in enumerate(left.columns)
        for b in (right.columns[place + 1 :] if others is None else right.columns)
    ]
    frame = pd.DataFrame(rows, columns=["theme_a", "theme_b", "n_a", "n_b", "n_both"])
    p = np.array([exact_p(both, a, b, len(quotes)) for _, _, a, b, both in rows])
    expected = frame["n_a"] * frame["n_b"] / max(len(quotes), 1)
    return frame.assign(expected=expected, p=p, p_corrected=holm(p)).round(10)


def exact_p(both: int, a: int, b: int, n: int) -> float:
    """Two-sided p of Fisher's exact test: the probability of all tables no likelier than the one seen."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    cells = np.arange(max(0, a + b - n), min(a, b) + 1)
    chance = logs[a] + logs[n - a] + logs[b] + logs[n - b] - logs[n]
    chance = chance - logs[cells] - logs[a - cells] - logs[b - cells] - logs[n - a - b + cells]
    likelihood = np.exp(chance)
    return float(min(1.0, likelihood[likelihood <= likelihood[both - cells[0]] * (1 + 1e-7)].sum()))


def holm(p: Array) -> Array:
    """Holm's corrected p-values."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p))))
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected


def _chance(member: Array, table: Array, groups: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of the counts when codes are dealt out anew within groups (hypergeometric)."""
    mean = np.zeros((member.shape[1], table.shape[1]))
    variance = np.zeros_like(mean)
    for group in np.unique(groups):
        here = groups == group
        n, rows, columns = here.sum(), member[here].sum(axis=0), table[here].sum(axis=0)
        mean += np.outer(rows, columns) / n
        if n > 1:
            variance += np.outer(rows * (n - rows), columns * (n - columns)) / (n * n * (n - 1))
    return mean, np.sqrt(variance)


def _standard(counts: Array, mean: Array, spread: Array) -> Array:
    values: Array = np.round(np.divide(counts - mean, spread, out=np.zeros_like(mean), where=spread > 1e-12), 9)
    return values

"""Cohesion: whether the quotes of one code are more alike in wording than other quotes of their language."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.correlation import check_indicators, residuals
from expert_roundup.analysis.clusters.information import codes
from expert_roundup.analysis.clusters.permutations import corrected_p, permutations
from expert_roundup.analysis.clusters.threads import one_thread

Array = np.ndarray[Any, Any]

#: a code with fewer pairs of quotes inside a language is not tested
FEWEST_PAIRS = 3

_CELLS = 4_000_000


@one_thread()
def cohesion(
    similarity: pd.DataFrame,
    indicators: pd.DataFrame,
    groups: pd.Series | None = None,
    *,
    lengths: pd.Series | None = None,
    n_permutations: int = 9999,
    seed: int = 0,
) -> pd.DataFrame:
    """Ask of every code whether it is a word cluster, its quotes alike beyond chance.

    Parameters
    ----------
    similarity
        Similarities of wording, quotes x quotes.
    indicators
        One row per quote (index quote_id), one column per code, 0 or 1.
    groups, lengths, n_permutations, seed
        As in `mantel`.

    Returns
    -------
    DataFrame
        One row per code, in the order of the columns: theme, n_quotes, n_pairs (pairs of its quotes inside a group),
        excess (their mean similarity less the mean of their group), z, p (one-sided, alone), p_corrected (against the
        largest z of all codes). The last four are empty for a code with fewer than three such pairs: two quotes are
        no cluster.

    References
    ----------
    Westfall, Young (1993). Resampling-based multiple testing, section 2.6.
    """
    check_indicators(indicators)
    quotes = similarity.index[similarity.index.isin(indicators.index) & (np.diagonal(similarity) > 0)]
    table = indicators.loc[quotes].to_numpy("float64")
    numbers = np.zeros(len(quotes), dtype=np.intp) if groups is None else codes(groups.loc[quotes])
    words = None if lengths is None else lengths.loc[quotes].to_numpy("float64")
    values = residuals(similarity.loc[quotes, quotes].to_numpy("float64"), numbers, words)
    per_group = np.array([table[numbers == group].sum(axis=0) for group in range(numbers.max(initial=-1) + 1)])
    pairs = (per_group * (per_group - 1) / 2).sum(axis=0) if len(quotes) else np.zeros(table.shape[1])
    frame = pd.DataFrame({"theme": indicators.columns, "n_quotes": indicators.sum().to_numpy(), "n_pairs": pairs})
    tested = np.flatnonzero(pairs >= FEWEST_PAIRS)
    results = np.full((4, table.shape[1]), np.nan)
    if len(tested):
        orders = permutations(numbers, n_permutations, np.random.default_rng(seed))
        found = _mean_inside(values, table[:, tested], np.arange(len(quotes))[None, :], pairs[tested])
        shuffled = _mean_inside(values, table[:, tested], orders, pairs[tested])
        p, corrected, z = corrected_p(found[0], shuffled)
        results[:, tested] = [found[0], z, p, corrected]
    names = ("excess", "z", "p", "p_corrected")
    whole = {"n_quotes": frame["n_quotes"].astype("int64"), "n_pairs": frame["n_pairs"].astype("int64")}
    return frame.assign(**whole, **dict(zip(names, results, strict=True))).round(10)


def _mean_inside(values: Array, table: Array, orders: Array, pairs: Array) -> Array:
    """Mean residual similarity of the pairs of each code, one row an order of the quotes."""
    step = max(1, _CELLS // max(table.size, 1))
    rows = []
    for start in range(0, len(orders), step):
        moved = table[orders[start : start + step]].transpose(1, 0, 2)
        flat = moved.reshape(len(table), -1)
        rows.append((flat * (values @ flat)).sum(axis=0).reshape(moved.shape[1:]) / 2 / pairs)
    return np.vstack(rows)

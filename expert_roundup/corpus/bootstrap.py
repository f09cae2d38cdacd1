"""Intervals of shares over many documents: documents are drawn again, for quotes of one page are not independent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: documents below which there is no interval: two or three pages do not show how pages differ
FEWEST = 5
#: resamples held in memory at once
_AT_ONCE = 50


def resampled_shares(
    counts: NDArray[np.float64], sizes: NDArray[np.float64], *, n_resamples: int, seed: int
) -> NDArray[np.float64]:
    """Shares in redrawn corpora.

    Parameters
    ----------
    counts
        documents x themes: quotes of the document with the theme.
    sizes
        documents: its quotes that were read.
    n_resamples, seed
        Corpora redrawn, of as many documents each, with replacement.

    Returns
    -------
    array
        resamples x themes; not a number where a resample holds no quote.
    """
    rng = np.random.default_rng(seed)
    n = len(sizes)
    table = np.column_stack([counts, sizes]).astype(np.float64)
    shares = np.empty((n_resamples, counts.shape[1]))
    for at in range(0, n_resamples, _AT_ONCE):
        rows = range(at, min(at + _AT_ONCE, n_resamples))
        weights = np.stack([np.bincount(rng.integers(n, size=n), minlength=n) for _ in rows]).astype(np.float64)
        sums = weights @ table
        with np.errstate(invalid="ignore", divide="ignore"):
            shares[at : at + len(rows)] = sums[:, :-1] / sums[:, -1:]
    return shares


def share_intervals(
    counts: NDArray[np.float64], sizes: NDArray[np.float64], *, n_resamples: int = 2_000, seed: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """95 % intervals of the share of each theme, from a bootstrap over documents.

    Returns
    -------
    low, high : arrays
        One entry per theme; not a number with fewer than five documents.

    Notes
    -----
    Percentile intervals of few draws are too narrow; these are expanded by sqrt(n / (n - 1)) and the t distribution, as
    Hesterberg (2015) proposes.

    References
    ----------
    Hesterberg, T. C. (2015). What teachers should know about the bootstrap. The American Statistician 69, 371-386,
    section 3.3 (expanded percentile interval).
    """
    n = len(sizes)
    if n < FEWEST:
        nothing = np.full(counts.shape[1], np.nan)
        return nothing, nothing.copy()
    shares = resampled_shares(counts, sizes, n_resamples=n_resamples, seed=seed)
    tail = expanded_tail(n)
    return np.nanquantile(shares, tail, axis=0), np.nanquantile(shares, 1 - tail, axis=0)


def expanded_tail(n: int, *, tail: float = 0.025) -> float:
    """Share to cut at either end of n documents' bootstrap distribution, so that 2 x `tail` of intervals miss.

    Examples
    --------
    >>> round(expanded_tail(20), 4), round(expanded_tail(10_000), 4)
    (0.0159, 0.025)
    """
    from scipy import stats

    return float(stats.norm.cdf(np.sqrt(n / (n - 1)) * stats.t.ppf(tail, n - 1)))

"""How far a ranking of themes can be trusted: what other draws of such answers would do to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

_Ints = npt.NDArray[np.int64]

# resamples x patterns that are drawn at a time: 40 MB
_DRAWN_AT_ONCE = 5_000_000
_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True)
class TopChange:
    """How few recodings would change which themes stand at the top."""

    n_recodings: int | None
    """Fewest codings to add or remove; 0 when a tie leaves the top open, None when every theme is in it."""
    top: tuple[str, ...]
    """Themes at the top now, best first; of themes at one level, those first in the codebook."""
    leaving: tuple[str, ...]
    """Themes of the top that could leave it at that price."""
    entering: tuple[str, ...]
    """Themes that could take the place."""


def resampled_counts(indicator: pd.DataFrame, *, n_resamples: int = 10_000, seed: int = 0) -> _Ints:
    """Count themes in bootstrap resamples of the quotes.

    Parameters
    ----------
    indicator
        One row per quote, one column of 0 and 1 per theme.
    n_resamples
        Number of resamples, each as many quotes as there are, drawn with replacement.

    Returns
    -------
    ndarray of shape (n_resamples, n_themes)
        One row per resample: how many of its quotes carry each theme.

    Raises
    ------
    ValueError
        There is no quote, or `n_resamples` is not positive.

    Notes
    -----
    Quotes with the same themes are interchangeable, so the resample is drawn over distinct sets of themes with
    multinomial weights. That is the same distribution, does not depend on the order of quotes, and stays fast for
    many quotes.
    """
    if n_resamples < 1:
        raise ValueError(f"n_resamples must be at least 1, not {n_resamples}")
    if indicator.empty:
        raise ValueError("indicator: no quotes or no themes to resample")
    patterns, n_quotes = np.unique(indicator.to_numpy(dtype=np.float64), axis=0, return_counts=True)
    rng = np.random.default_rng(seed)
    at_once = max(1, _DRAWN_AT_ONCE // len(patterns))
    counts = np.empty((n_resamples, indicator.shape[1]), dtype=np.int64)
    for first in range(0, n_resamples, at_once):
        size = min(at_once, n_resamples - first)
        weights = rng.multinomial(n_quotes.sum(), n_quotes / n_quotes.sum(), size=size)
        # floats go through BLAS and hold whole numbers exactly
        counts[first : first + size] = weights.astype(np.float64) @ patterns
    return counts


def best_ranks(counts: npt.ArrayLike) -> _Ints:
    """Best possible rank of every theme: one more than the number of themes strictly ahead.

    Examples
    --------
    >>> best_ranks([9, 8, 8, 5]).tolist()
    [1, 2, 2, 4]
    """
    table = np.asarray(counts)
    ahead = [(table > table[..., [at]]).sum(axis=-1) for at in range(table.shape[-1])]
    return 1 + np.stack(ahead, axis=-1).astype(np.int64)


def worst_ranks(counts: npt.ArrayLike) -> _Ints:
    """Worst possible rank of every theme: the number of themes at least level with it, itself included.

    Examples
    --------
    >>> worst_ranks([9, 8, 8, 5]).tolist()
    [1, 3, 3, 4]
    """
    table = np.asarray(counts)
    level = [(table >= table[..., [at]]).sum(axis=-1) for at in range(table.shape[-1])]
    return np.stack(level, axis=-1).astype(np.int64)


def rank_intervals(counts: _Ints) -> tuple[_Ints, _Ints]:
    """Middle 95 % of the ranks in resamples: low from the best possible ranks, high from the worst.

    Returns
    -------
    low, high : ndarray
        One number per theme; both are ranks that occurred.

    Notes
    -----
    Descriptive: what another draw of such answers might do, not a test. Intervals hold for each theme by itself.
    """
    low = np.quantile(best_ranks(counts), _LOW, axis=0, method="inverted_cdf")
    high = np.quantile(worst_ranks(counts), _HIGH, axis=0, method="inverted_cdf")
    return low.astype(np.int64), high.astype(np.int64)


def ahead_shares(counts: _Ints) -> npt.NDArray[np.float64]:
    """Share of resamples in which the theme of the row is strictly ahead of the theme of the column.

    Returns
    -------
    ndarray of shape (n_themes, n_themes)
        The diagonal is missing; what row and column leave to 1 is the share of ties.
    """
    ahead = [(counts[:, [at]] > counts).mean(axis=0) for at in range(counts.shape[1])]
    shares = np.stack(ahead)
    np.fill_diagonal(shares, np.nan)
    return shares


def top_change(tally: pd.DataFrame, *, size: int = 3) -> TopChange:
    """Find the fewest recodings after which another set of themes can be called the top.

    Parameters
    ----------
    tally
        Frame with theme and n_quotes.
    size
        How many themes make the top.

    Returns
    -------
    TopChange
        The price and the themes it concerns.

    Notes
    -----
    A recoding adds or removes one theme at one quote. A set can be called the top when no theme outside is ahead of a
    theme inside. The last theme inside and the first outside lie nearest, and each recoding brings them nearer by
    one at most, so the price is the difference of their counts; removing that many codings of the last theme inside
    is always possible. The answer is exact.

    Examples
    --------
    >>> tally = pd.DataFrame({"theme": list("abcde"), "n_quotes": [11, 9, 6, 4, 4]})
    >>> top_change(tally)
    TopChange(n_recodings=2, top=('a', 'b', 'c'), leaving=('c',), entering=('d', 'e'))
    """
    if size < 1:
        raise ValueError(f"size must be at least 1, not {size}")
    ranked = tally.sort_values("n_quotes", ascending=False, kind="stable")
    inside, outside = ranked.iloc[:size], ranked.iloc[size:]
    top = tuple(inside["theme"])
    if outside.empty:
        return TopChange(n_recodings=None, top=top, leaving=(), entering=())
    last, first = inside["n_quotes"].min(), outside["n_quotes"].max()
    return TopChange(
        n_recodings=int(last - first),
        top=top,
        leaving=tuple(inside.loc[inside["n_quotes"] == last, "theme"]),
        entering=tuple(outside.loc[outside["n_quotes"] == first, "theme"]),
    )

"""Two roundups with one codebook: which themes weigh more in one than in the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from expert_roundup.coding.check import check_codings
from expert_roundup.coding.codebook import check_codebook
from expert_roundup.coding.codings import THRESHOLD, indicator

_Floats = npt.NDArray[np.float64]

# 97.5 % quantile of the normal distribution
_Z = 1.959963984540054


def compare_roundups(
    first: pd.DataFrame,
    second: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    coder: str = "majority",
    threshold: float = THRESHOLD,
) -> pd.DataFrame:
    """Compare the shares of every theme in two roundups that were coded by one codebook.

    Parameters
    ----------
    first, second
        Codings frames; their quotes are different people's.
    coder
        Whose reading is counted in both.

    Returns
    -------
    DataFrame
        One row per theme, in codebook order: theme, label, n_first, share_first, n_second, share_second, difference
        (share_second - share_first), low and high (its 95 % interval by Newcombe's score method).

    Raises
    ------
    ValueError
        Codings or codebook are unusable, or nobody is called `coder` in one of them.

    Notes
    -----
    Each interval stands for itself: among twelve themes that do not differ at all, one interval in twenty still misses
    zero. The codebook must have been applied alike in both, which no interval can tell.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison of
    eleven methods. Statistics in Medicine 17, 873-890 (method 10).
    """
    book = check_codebook(codebook)
    themes = list(book["theme"])
    cells = [
        indicator(check_codings(codings, codebook=book), coder=coder, themes=themes, threshold=threshold)
        for codings in (first, second)
    ]
    (count_1, count_2), (n_1, n_2) = ([table.sum().to_numpy() for table in cells], [len(table) for table in cells])
    low, high = newcombe_interval(count_2, n_2, count_1, n_1)
    return book[["theme", "label"]].assign(
        n_first=count_1.astype("int64"),
        share_first=count_1 / n_1,
        n_second=count_2.astype("int64"),
        share_second=count_2 / n_2,
        difference=count_2 / n_2 - count_1 / n_1,
        low=low,
        high=high,
    )


def newcombe_interval(count_1: npt.ArrayLike, n_1: int, count_2: npt.ArrayLike, n_2: int) -> tuple[_Floats, _Floats]:
    """95 % interval of a difference of two independent proportions, count_1 / n_1 - count_2 / n_2.

    Wilson's score intervals of both are combined (Newcombe 1998, method 10); unlike a bootstrap it has width where a
    count is 0.

    Examples
    --------
    >>> low, high = newcombe_interval(56, 70, 48, 80)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    p_1, low_1, high_1 = _wilson(np.asarray(count_1, dtype=np.float64), n_1)
    p_2, low_2, high_2 = _wilson(np.asarray(count_2, dtype=np.float64), n_2)
    difference = p_1 - p_2
    low = difference - np.sqrt((p_1 - low_1) ** 2 + (high_2 - p_2) ** 2)
    high = difference + np.sqrt((high_1 - p_1) ** 2 + (p_2 - low_2) ** 2)
    return low, high


def _wilson(count: _Floats, n: int) -> tuple[_Floats, _Floats, _Floats]:
    share = count / n
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return share, middle - half, middle + half

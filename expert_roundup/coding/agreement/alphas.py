"""Krippendorff's alpha of single values and of sets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from expert_roundup.coding.agreement.distances import Distance, ratio_distance, set_distance
from expert_roundup.coding.agreement.estimator import Estimator, coder_pairs, differ, pair_sums, value_totals
from expert_roundup.coding.agreement.ratings import (
    MISSING,
    Codes,
    Floats,
    Ratings,
    patterns,
    ratings_of_sets,
    ratings_of_values,
)

#: levels of measurement, from names to numbers with a zero
LEVELS = ("nominal", "ordinal", "interval", "ratio")
# a whole distance matrix is kept up to this many values, else it is made again piece by piece
_KEPT_VALUES = 2_000


def alpha(data: npt.ArrayLike, *, level: str = "nominal") -> float:
    """Krippendorff's alpha of reliability data.

    Parameters
    ----------
    data
        Coders x units; nan (or None among labels) where a coder did not read the unit.
    level
        - ``nominal``: values are equal or not
        - ``ordinal``: the difference of two values is how many ratings lie between them
        - ``interval``: the squared difference
        - ``ratio``: the squared difference relative to the sum, for numbers from 0 up

    Returns
    -------
    float
        1 is perfect agreement, 0 what chance would give, below 0 systematic disagreement; nan where no unit was read
        by two coders or all their values are the same: without variation there is nothing to agree about.

    Raises
    ------
    ValueError
        `level` is none of these, `data` is no table, or the level needs numbers and there are none.

    References
    ----------
    Krippendorff, K. (2019). Content analysis: an introduction to its methodology, 4th edition, Sage, chapter 12.
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.

    Examples
    --------
    >>> round(alpha([[1, 1, 0, 0], [1, 0, 0, 0]]), 3)
    0.533
    >>> alpha([[1, 1], [1, 1]])
    nan
    """
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, not {level!r}")
    ratings = ratings_of_values(data)
    if level != "nominal" and ratings.values.dtype.kind not in "biuf":
        raise ValueError(f"level {level!r} needs numbers; without an order of the labels only 'nominal' is defined")
    if level == "ratio" and len(ratings.values) and ratings.values.min() < 0:
        raise ValueError(f"level 'ratio' needs numbers from 0 up, not {ratings.values.min()}")
    return alpha_estimator(ratings, level).value()


def set_alpha(sets: Sequence[Sequence[Collection[Any] | None]], *, distance: str = "masi") -> float:
    """Krippendorff's alpha of sets of labels.

    Parameters
    ----------
    sets
        One sequence a coder, in it one set a unit: None where the coder did not read the unit, an empty set where the
        coder read it and gave nothing.
    distance
        ``masi``, ``jaccard`` or ``dice`` (see `set_distance`).

    Returns
    -------
    float
        As `alpha`.

    Raises
    ------
    ValueError
        `distance` is none of these, or the coders have different numbers of units.

    References
    ----------
    Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation.
    LREC 2006.

    Examples
    --------
    >>> round(set_alpha([[{"a"}, {"a", "b"}, set()], [{"a"}, {"b"}, set()]]), 3)
    0.722
    """
    ratings = ratings_of_sets(sets)
    return matrix_estimator(ratings, set_distance(ratings.values, distance)).value()


def alpha_estimator(ratings: Ratings, level: str) -> Estimator:
    """Alpha of single values as a function of pattern counts."""
    if level == "nominal":
        return nominal_estimator(ratings)
    if level == "ratio":
        return matrix_estimator(ratings, ratio_distance(ratings.values.astype(np.float64)))
    if level == "interval":
        return _interval_estimator(ratings)
    return _ordinal_estimator(ratings)


def nominal_estimator(ratings: Ratings) -> Estimator:
    """Nominal alpha as a function of pattern counts; the values may be sets, which are then equal or not."""

    def expected(totals: Floats) -> Floats:
        return np.asarray(totals.sum(axis=1) ** 2 - (totals**2).sum(axis=1))

    return _fixed_estimator(ratings, differ, expected)


def matrix_estimator(ratings: Ratings, distance: Distance) -> Estimator:
    """Alpha with any distance as a function of pattern counts."""
    kept = list(distance.blocks()) if distance.n_values <= _KEPT_VALUES else None

    def expected(totals: Floats) -> Floats:
        total = np.zeros(len(totals))
        for block, rows in kept if kept is not None else distance.blocks():
            total += (totals[:, block] * (totals @ rows.T)).sum(axis=1)
        return total

    return _fixed_estimator(ratings, distance.pairs, expected)


def _interval_estimator(ratings: Ratings) -> Estimator:
    values = ratings.values.astype(np.float64)
    # the mean does not matter to differences, and small numbers lose fewer digits when squared
    values = values - values.mean() if len(values) else values

    def expected(totals: Floats) -> Floats:
        return np.asarray(2 * (totals.sum(axis=1) * (totals @ values**2) - (totals @ values) ** 2))

    return _fixed_estimator(ratings, lambda first, second: (values[first] - values[second]) ** 2, expected)


def _fixed_estimator(
    ratings: Ratings, difference: Callable[[Codes, Codes], Floats], expected: Callable[[Floats], Floats]
) -> Estimator:
    """Alpha whose differences do not depend on how often values occur.

    `expected` gets how often each value occurs and returns the sum of differences over all ordered pairs of ratings.
    """
    found = patterns(ratings)
    disagreement = 2 * pair_sums(found.codes, difference) / (found.n_readers - 1)
    totals = value_totals(found.codes, len(ratings.values))

    def evaluate(weights: Floats) -> Floats:
        frequencies = totals(weights)
        return _alpha(frequencies, weights @ disagreement, expected(frequencies))

    return Estimator(found.counts, evaluate, found.of_unit, 2 * len(ratings.values))


def _ordinal_estimator(ratings: Ratings) -> Estimator:
    """Ordinal alpha: the interval alpha of mid-ranks, and ranks change with every resample."""
    found = patterns(ratings)
    codes, shares = found.codes, 2 / (found.n_readers - 1)
    totals = value_totals(codes, len(ratings.values))

    def evaluate(weights: Floats) -> Floats:
        frequencies = totals(weights)
        # ratings below a value and half of those at it, counted from the middle, so that the mean rank is 0
        ranks = np.cumsum(frequencies, axis=1) - frequencies / 2 - frequencies.sum(axis=1, keepdims=True) / 2
        observed = np.zeros(len(weights))
        for first, second in coder_pairs(codes.shape[1]):
            both = np.flatnonzero((codes[:, first] != MISSING) & (codes[:, second] != MISSING))
            squared = (ranks[:, codes[both, first]] - ranks[:, codes[both, second]]) ** 2
            observed += (weights[:, both] * shares[both] * squared).sum(axis=1)
        return _alpha(frequencies, observed, 2 * frequencies.sum(axis=1) * (frequencies * ranks**2).sum(axis=1))

    return Estimator(found.counts, evaluate, found.of_unit, 3 * len(codes) + 3 * len(ratings.values))


def _alpha(frequencies: Floats, observed: Floats, expected: Floats) -> Floats:
    """1 - D_o / D_e with D_o = observed / n and D_e = expected / (n (n - 1)); nan where fewer than two values occur."""
    is_defined = (frequencies > 0).sum(axis=1) >= 2
    n = frequencies.sum(axis=1)
    return np.where(is_defined, 1 - (n - 1) * observed / np.where(is_defined, expected, 1.0), np.nan)

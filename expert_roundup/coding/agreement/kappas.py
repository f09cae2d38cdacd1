"""Percent agreement, Cohen's and Fleiss' kappa, and Gwet's AC1."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from expert_roundup.coding.agreement.estimator import Estimator, coder_pairs, differ, pair_sums, value_totals
from expert_roundup.coding.agreement.ratings import (
    MISSING,
    Codes,
    Floats,
    Patterns,
    Ratings,
    patterns,
    ratings_of_values,
)

_Evaluate = Callable[[Floats], Floats]
# chance agreement above this is 1 but for rounding
_CERTAIN = 1 - 1e-12


def percent_agreement(data: npt.ArrayLike) -> float:
    """Share of agreeing pairs of coders, averaged over the units that at least two coders read.

    Parameters
    ----------
    data
        Coders x units; nan or None where a coder did not read the unit.

    Returns
    -------
    float
        0 to 1; nan where no unit was read by two coders.

    Examples
    --------
    >>> percent_agreement([[1, 1, 0], [1, 0, 0]])
    0.6666666666666666
    """
    return percent_estimator(ratings_of_values(data)).value()


def cohen_kappa(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Cohen's kappa of two coders, over the units that both read.

    Parameters
    ----------
    first, second
        The values of one coder each, in the order of the units; nan or None where the coder did not read the unit.

    Returns
    -------
    float
        1 is perfect agreement, 0 what two coders with these marginals reach by chance; nan where both give one and
        the same value throughout, or share no unit.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement 20(1),
    37-46.

    Examples
    --------
    >>> round(cohen_kappa([1, 1, 0, 0], [1, 0, 0, 0]), 3)
    0.5
    """
    data = [list(np.asarray(first, dtype=object)), list(np.asarray(second, dtype=object))]
    return cohen_estimator(ratings_of_values(np.array(data, dtype=object))).value()


def fleiss_kappa(data: npt.ArrayLike) -> float:
    """Fleiss' kappa, for missing values as Gwet generalises it.

    Parameters
    ----------
    data
        Coders x units; nan or None where a coder did not read the unit.

    Returns
    -------
    float
        1 is perfect agreement, 0 chance; nan where only one value occurs or no unit was read by two coders.

    Notes
    -----
    Observed agreement is taken from the units read by two coders or more, the shares of the values from all units.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin 76(5), 378-382.
    Gwet, K. L. (2014). Handbook of inter-rater reliability, 4th edition, Advanced Analytics, chapter 2.
    """
    return fleiss_estimator(ratings_of_values(data)).value()


def gwet_ac1(data: npt.ArrayLike, *, n_categories: int | None = None) -> float:
    """Gwet's AC1.

    Parameters
    ----------
    data
        Coders x units; nan or None where a coder did not read the unit.
    n_categories
        How many values a coder could give; without it, as many as occur.

    Returns
    -------
    float
        1 is perfect agreement, 0 chance; nan where there is only one category or no unit was read by two coders.

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. British
    Journal of Mathematical and Statistical Psychology 61(1), 29-48.
    """
    ratings = ratings_of_values(data)
    return ac1_estimator(ratings, len(ratings.values) if n_categories is None else n_categories).value()


def percent_estimator(ratings: Ratings) -> Estimator:
    """Percent agreement as a function of pattern counts."""
    found = patterns(ratings)
    agreeing = _agreeing(found)
    return Estimator(
        found.counts, lambda weights: weights @ agreeing / weights.sum(axis=1), found.of_unit, len(ratings.values)
    )


def fleiss_estimator(ratings: Ratings) -> Estimator:
    """Fleiss' kappa as a function of pattern counts."""
    return _from_shares(ratings, lambda shares: (shares**2).sum(axis=1))


def ac1_estimator(ratings: Ratings, n_categories: int) -> Estimator:
    """Gwet's AC1 as a function of pattern counts."""
    if n_categories < 2:
        return _from_shares(ratings, lambda shares: np.ones(len(shares)))
    return _from_shares(ratings, lambda shares: (shares * (1 - shares)).sum(axis=1) / (n_categories - 1))


def cohen_estimator(ratings: Ratings) -> Estimator:
    """Cohen's kappa as a function of pattern counts, averaged over the pairs of coders that have a value."""
    found = patterns(ratings, ignore_coders=False)
    n_coders, n_values = found.codes.shape[1], len(ratings.values)
    pairs = [_pair(found.codes, first, second, n_values) for first, second in coder_pairs(n_coders)]

    def evaluate(weights: Floats) -> Floats:
        total, n_defined = np.zeros(len(weights)), np.zeros(len(weights))
        for pair in pairs:
            kappa = pair(weights)
            total += np.nan_to_num(kappa)
            n_defined += ~np.isnan(kappa)
        return _ratio(total, n_defined)

    return Estimator(found.counts, evaluate, found.of_unit, 2 * n_values)


def _pair(codes: Codes, first: int, second: int, n_values: int) -> _Evaluate:
    both = np.flatnonzero((codes[:, first] != MISSING) & (codes[:, second] != MISSING))
    agree = 1 - differ(codes[both, first], codes[both, second])
    totals = [value_totals(codes[both, coder : coder + 1], n_values) for coder in (first, second)]

    def evaluate(weights: Floats) -> Floats:
        shared = weights[:, both]
        n = shared.sum(axis=1)
        expected = _ratio((totals[0](shared) * totals[1](shared)).sum(axis=1), n**2)
        return _corrected(_ratio(shared @ agree, n), expected)

    return evaluate


def _from_shares(ratings: Ratings, chance: _Evaluate) -> Estimator:
    found = patterns(ratings, min_readers=1)
    is_pairable = (found.n_readers >= 2).astype(np.float64)
    agreeing = np.where(is_pairable, _agreeing(found), 0.0)
    totals = value_totals(found.codes, len(ratings.values), as_shares=True)

    def evaluate(weights: Floats) -> Floats:
        observed = _ratio(weights @ agreeing, weights @ is_pairable)
        return _corrected(observed, chance(totals(weights) / weights.sum(axis=1)[:, None]))

    return Estimator(found.counts, evaluate, found.of_unit, len(ratings.values))


def _agreeing(found: Patterns) -> Floats:
    """For every pattern the share of its pairs of readers that agree; 1 where there is no pair."""
    n_pairs = found.n_readers * (found.n_readers - 1) / 2
    return 1 - pair_sums(found.codes, differ) / np.maximum(n_pairs, 1)


def _corrected(observed: Floats, expected: Floats) -> Floats:
    is_undefined = np.isnan(observed) | (expected > _CERTAIN)
    return np.where(is_undefined, np.nan, (observed - expected) / np.where(is_undefined, 1.0, 1 - expected))


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.where(below == 0, np.nan, above / np.where(below == 0, 1.0, below))

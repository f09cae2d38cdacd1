"""An estimator: a coefficient as a function of how often each pattern of ratings occurs.

A bootstrap over units only changes how often each unit counts. Units with the same ratings are one pattern, so the
value, every resample and every value with one unit left out come from the same function of pattern counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from expert_roundup.coding.agreement.ratings import MISSING, Codes, Floats

# above this many cells a table of patterns x values costs more than counting anew
_DENSE_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Estimator:
    """A coefficient of certain data.

    Attributes
    ----------
    counts
        How often each pattern occurs.
    evaluate
        Weights (resamples x patterns) to values (resamples), nan where the coefficient is undefined.
    of_unit
        The pattern of each unit; MISSING for units that too few coders read.
    n_values
        How many values there are; with the patterns, what a resample takes in memory.
    """

    counts: Floats
    evaluate: Callable[[Floats], Floats]
    of_unit: Codes
    n_values: int

    def value(self) -> float:
        """The coefficient of the data; nan where it is undefined."""
        return float(self.evaluate(self.counts[None, :])[0]) if len(self.counts) else float("nan")


def clustered(estimator: Estimator, n_clusters: int) -> Estimator:
    """The same coefficient, resampled by clusters of units: the units are `n_clusters` runs of equal length."""
    member = estimator.of_unit.reshape(n_clusters, len(estimator.of_unit) // max(1, n_clusters))
    member = member[(member != MISSING).any(axis=1)]
    totals = value_totals(member, len(estimator.counts))
    return Estimator(
        np.ones(len(member)),
        lambda weights: estimator.evaluate(totals(weights)),
        np.arange(len(member)),
        len(estimator.counts) + estimator.n_values,
    )


def value_totals(codes: Codes, n_values: int, *, as_shares: bool = False) -> Callable[[Floats], Floats]:
    """Function from weights (resamples x patterns) to how often each value occurs (resamples x values).

    With `as_shares` a unit counts once, shared among the values its readers gave.
    """
    pattern, coder = np.nonzero(codes != MISSING)
    value = codes[pattern, coder]
    n_readers = (codes != MISSING).sum(axis=1)
    weight = 1.0 / n_readers[pattern] if as_shares else np.ones(len(pattern))
    if len(codes) * n_values <= _DENSE_CELLS:
        table = np.zeros((len(codes), n_values))
        np.add.at(table, (pattern, value), weight)
        return lambda weights: weights @ table

    def totals(weights: Floats) -> Floats:
        return np.array([np.bincount(value, row[pattern] * weight, minlength=n_values) for row in weights])

    return totals


def coder_pairs(n_coders: int) -> list[tuple[int, int]]:
    """All pairs of positions below `n_coders`, the smaller first."""
    return [(first, second) for first in range(n_coders) for second in range(first + 1, n_coders)]


def pair_sums(codes: Codes, difference: Callable[[Codes, Codes], Floats]) -> Floats:
    """For every unit the sum of `difference` over its pairs of readers, each pair once."""
    total = np.zeros(len(codes))
    for first, second in coder_pairs(codes.shape[1]):
        both = np.flatnonzero((codes[:, first] != MISSING) & (codes[:, second] != MISSING))
        total[both] += difference(codes[both, first], codes[both, second])
    return total


def differ(first: Codes, second: Codes) -> Floats:
    """1 where two values differ, else 0: the nominal difference."""
    return np.asarray(first != second, dtype=np.float64)

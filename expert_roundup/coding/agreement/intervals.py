"""Bootstrap intervals over units."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from expert_roundup.coding.agreement.estimator import Estimator
from expert_roundup.coding.agreement.ratings import Floats

#: the two quantiles of a 95 % interval
LEVELS = (0.025, 0.975)
# numbers held at once: 64 MB
_HELD = 8_000_000
# resamples closer than this do not vary but for rounding
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Interval:
    """A bootstrap interval.

    Attributes
    ----------
    low, high
        Its ends; nan where no resample, or no variation among the resamples, gives one.
    share_undefined
        Share of resamples in which the coefficient is undefined; these are left out.
    """

    low: float
    high: float
    share_undefined: float


def bootstrap_interval(
    estimator: Estimator, *, n_resamples: int = 1000, kind: str = "percentile", seed: int = 0
) -> Interval:
    """Interval of a coefficient from resampled units.

    Parameters
    ----------
    estimator
        The coefficient and its data.
    n_resamples
        How many resamples; each draws as many units as there are, with replacement.
    kind
        - ``percentile``: the 2.5 % and 97.5 % quantiles of the resampled values
        - ``bca``: the same, corrected for bias and for a spread that changes with the value
    seed
        Seed of the draws.

    Returns
    -------
    Interval
        Without ends where every defined resample gives the same value: that is no certainty, only data that cannot
        say more. For ``bca`` also where all resamples lie on one side of the value.

    References
    ----------
    Efron, B. and Tibshirani, R. J. (1993). An introduction to the bootstrap, Chapman & Hall, sections 13.3 and 14.3.
    """
    if n_resamples == 0 or len(estimator.counts) == 0:
        return Interval(np.nan, np.nan, np.nan if n_resamples == 0 else 1.0)
    values = resampled_values(estimator, n_resamples=n_resamples, seed=seed)
    defined = values[~np.isnan(values)]
    share_undefined = 1 - len(defined) / len(values)
    if len(defined) == 0 or np.ptp(defined) < _SAME:
        return Interval(np.nan, np.nan, share_undefined)
    levels = _bca_levels(estimator, defined) if kind == "bca" else LEVELS
    if levels is None:
        return Interval(np.nan, np.nan, share_undefined)
    low, high = np.quantile(defined, levels)
    return Interval(float(low), float(high), share_undefined)


def resampled_values(estimator: Estimator, *, n_resamples: int, seed: int = 0) -> Floats:
    """The coefficient in every resample; nan where it is undefined."""
    # a stream of its own, so that the same seed elsewhere does not draw the same numbers
    rng = np.random.default_rng(seed).spawn(1)[0]
    size = max(1, _HELD // (len(estimator.counts) + estimator.n_values))
    values = [
        estimator.evaluate(_draws(estimator.counts, min(size, n_resamples - done), rng))
        for done in range(0, n_resamples, size)
    ]
    return np.concatenate(values)


def _draws(counts: Floats, n_resamples: int, rng: np.random.Generator) -> Floats:
    """How often each pattern occurs in each resample (resamples x patterns)."""
    n_units = int(counts.sum())
    if len(counts) * 8 < n_units:
        return rng.multinomial(n_units, counts / n_units, size=n_resamples).astype(np.float64)
    # with nearly as many patterns as units, drawing units one by one is faster
    pattern = np.repeat(np.arange(len(counts)), counts.astype(np.intp))
    drawn = pattern[rng.integers(0, n_units, size=(n_resamples, n_units))]
    drawn += np.arange(n_resamples)[:, None] * len(counts)
    table = np.bincount(drawn.ravel(), minlength=n_resamples * len(counts))
    return table.reshape(n_resamples, len(counts)).astype(np.float64)


def _bca_levels(estimator: Estimator, defined: Floats) -> tuple[float, float] | None:
    value = estimator.value()
    normal = NormalDist()
    below = float((defined < value - _SAME).mean() + (np.abs(defined - value) <= _SAME).mean() / 2)
    if not 0 < below < 1:
        return None
    bias, acceleration = normal.inv_cdf(below), _acceleration(estimator)
    quantiles = [bias + normal.inv_cdf(level) for level in LEVELS]
    if any(1 - acceleration * quantile <= 0 for quantile in quantiles):
        return None
    low, high = (normal.cdf(bias + quantile / (1 - acceleration * quantile)) for quantile in quantiles)
    return low, high


def _acceleration(estimator: Estimator) -> float:
    """Skewness of the values with one unit left out, divided by 6."""
    counts, n_patterns = estimator.counts, len(estimator.counts)
    size = max(1, _HELD // (n_patterns + estimator.n_values))
    values = np.concatenate(
        [
            # one row a pattern, with one unit fewer of that pattern
            estimator.evaluate(counts - np.eye(min(size, n_patterns - start), n_patterns, k=start))
            for start in range(0, n_patterns, size)
        ]
    )
    is_defined = ~np.isnan(values)
    weights = counts[is_defined]
    deviations = np.average(values[is_defined], weights=weights) - values[is_defined] if weights.size else weights
    spread = float((weights * deviations**2).sum())
    return float((weights * deviations**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0

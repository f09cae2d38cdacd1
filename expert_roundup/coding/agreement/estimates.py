"""Estimates: value and interval of one coefficient for one panel and theme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from expert_roundup.coding.agreement.alphas import alpha_estimator, matrix_estimator, nominal_estimator
from expert_roundup.coding.agreement.distances import set_distance
from expert_roundup.coding.agreement.estimator import Estimator, clustered
from expert_roundup.coding.agreement.intervals import bootstrap_interval
from expert_roundup.coding.agreement.kappas import ac1_estimator, cohen_estimator, fleiss_estimator, percent_estimator
from expert_roundup.coding.agreement.multivalued import multivalued_estimator
from expert_roundup.coding.agreement.names import CONFIDENCE_COEFFICIENTS
from expert_roundup.coding.agreement.panel import Panel
from expert_roundup.coding.agreement.ratings import Ratings

# a value closer to 1 than this is 1 but for rounding
_SAME = 1e-12


@dataclass(frozen=True, slots=True)
class Resampling:
    """How an interval is made: number of resamples, kind of interval, seed."""

    n_resamples: int
    kind: str
    seed: int


def estimate(
    panel: Panel, theme: int | None, name: str, n_coded: int, resampling: Resampling
) -> tuple[float, float, float, float]:
    """Value, interval and share of undefined resamples, all empty where there is nothing to go by."""
    ratings = _ratings(panel, theme, name)
    no_resamples = resampling.n_resamples == 0
    if not ratings.varies():
        return np.nan, np.nan, np.nan, np.nan if no_resamples else 1.0
    estimator = _estimator(ratings, name, theme)
    if theme is None and name in CONFIDENCE_COEFFICIENTS:
        estimator = clustered(estimator, len(panel.quotes))
    value = estimator.value()
    found = bootstrap_interval(
        estimator, n_resamples=resampling.n_resamples, kind=resampling.kind, seed=resampling.seed
    )
    if n_coded == 1 and value > 1 - _SAME:
        return np.nan, np.nan, np.nan, found.share_undefined
    return value, found.low, found.high, found.share_undefined


def _ratings(panel: Panel, theme: int | None, name: str) -> Ratings:
    if name in CONFIDENCE_COEFFICIENTS:
        return panel.confidences(theme)
    return panel.sets() if theme is None else panel.given(theme)


def _estimator(ratings: Ratings, name: str, theme: int | None) -> Estimator:
    match name:
        case "percent":
            return percent_estimator(ratings)
        case "cohen_kappa":
            return cohen_estimator(ratings)
        case "fleiss_kappa":
            return fleiss_estimator(ratings)
        case "gwet_ac1":
            # a theme can be coded or not; of the sets of themes only those count that somebody gave
            return ac1_estimator(ratings, len(ratings.values) if theme is None else 2)
        case "alpha_nominal":
            return nominal_estimator(ratings)
        case "alpha_masi" | "alpha_jaccard":
            return matrix_estimator(ratings, set_distance(ratings.values, name.removeprefix("alpha_")))
        case "alpha_multivalued":
            return multivalued_estimator(ratings)
        case _:
            return alpha_estimator(ratings, name.removeprefix("alpha_"))

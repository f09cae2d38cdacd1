"""How many codings lie near the best one, estimated where there are too many to count."""

from __future__ import annotations

import numpy as np

from expert_roundup.coding.reconstruction.model import Floats
from expert_roundup.coding.reconstruction.residual import TOLERANCE
from expert_roundup.coding.reconstruction.sampling import GROUPS, sample
from expert_roundup.coding.reconstruction.solution import Solution

_DRAWS = 200
# a step is taken where between these shares of the draws lie within the loss that is known already
_LEAST_SHARE, _MOST_SHARE = 0.05, 0.5
_MOST_RUNS = 200


def estimated_count(
    solution: Solution, within: float, *, nearer: float, known: int, seed: int = 0
) -> tuple[float, float]:
    """Estimate how many codings lose at most `within`, from the number that lose at most `nearer`.

    Parameters
    ----------
    solution
        What `solve` returned.
    within
        The greatest loss.
    nearer, known
        A smaller loss, and how many codings lose at most that.
    seed
        Seed of the draws.

    Returns
    -------
    tuple of float
        Natural logarithm of the number, and its standard error from drawing.

    Notes
    -----
    Draws with weights times s visit a coding of loss L in proportion to exp(-s L). Counting each draw exp(s L) times
    makes all codings count alike, so the ratio of two numbers is the ratio of two such sums. From `nearer` to `within`
    one goes in steps, each with an s at which both sums are well filled (thermodynamic integration in its simplest
    form [1]_).

    References
    ----------
    .. [1] A. Gelman and X.-L. Meng (1998), Simulating normalizing constants: from importance sampling to bridge
       sampling to path sampling, Statistical Science 13 (2), 163-185.
    """
    logarithm, variance, reached = np.log(known), 0.0, nearer
    sharpness = 1.0 / max(nearer, 1e-3)
    for run in range(_MOST_RUNS):
        losses = _losses(solution, sharpness, seed + run)
        share = float((losses <= reached + TOLERANCE).mean())
        if share < _LEAST_SHARE:
            sharpness *= 1.5
            continue
        farthest = float(np.quantile(losses, 0.9))
        if share > _MOST_SHARE and farthest < within:
            sharpness /= 1.4
            continue
        ahead = min(within, max(farthest, reached))
        step, error = _log_ratio(losses, sharpness, reached, ahead)
        logarithm, variance, reached = logarithm + step, variance + error**2, ahead
        if reached >= within:
            return float(logarithm), float(np.sqrt(variance))
    return float("inf"), float("inf")


def _losses(solution: Solution, sharpness: float, seed: int) -> Floats:
    """What drawn codings lose against the best one: groups of chains x draws."""
    problem = solution.problem
    draws = sample(problem, solution.best, seed=seed, n_draws=_DRAWS, sharpness=sharpness)
    weights = problem.weights.ravel()
    kept = draws.kept.reshape(*draws.kept.shape[:2], -1)  # times x chains x cells
    return np.asarray((solution.best.ravel() @ weights - kept @ weights).T.reshape(GROUPS, -1))


def _log_ratio(losses: Floats, sharpness: float, near: float, far: float) -> tuple[float, float]:
    """Logarithm of the number within `far` over the number within `near`, and its standard error."""
    counted = np.exp(sharpness * np.minimum(losses - far, 0.0)) * (losses <= far + TOLERANCE)
    per_group_far, per_group_near = counted.mean(axis=1), (counted * (losses <= near + TOLERANCE)).mean(axis=1)
    far_sum, near_sum = per_group_far.mean(), per_group_near.mean()
    # the delta method, over groups of chains
    residuals = per_group_far / far_sum - per_group_near / near_sum
    return float(np.log(far_sum / near_sum)), float(residuals.std(ddof=1) / np.sqrt(len(losses)))

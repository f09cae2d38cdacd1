"""The most plausible coding that meets the published totals, by linear programming."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from expert_roundup.coding.reconstruction.feasibility import check_feasible
from expert_roundup.coding.reconstruction.model import Bools, Floats, Problem
from expert_roundup.coding.reconstruction.residual import improved

# how much an early cell is preferred to a late one, far below any difference between confidences
_TILT = 1e-6
# HiGHS stops at absolute tolerances, so costs are handed over large
_SCALE = 1e3


def best_coding(problem: Problem) -> Bools:
    """Find the coding with the greatest sum of weights among those that meet all limits.

    Returns
    -------
    ndarray of bool
        Quotes x themes. Where several codings are best, early quotes and themes are coded before late ones, so that
        equal input gives equal output.

    Raises
    ------
    ValueError
        No coding meets the limits; every reason is named (see `check_feasible`).

    Notes
    -----
    Bounds on row sums, column sums and single cells form a network matrix, which is totally unimodular, so that the
    linear programme has a 0/1 solution [1]_. It is solved by the dual simplex of HiGHS [2]_ and then checked, and if
    need be completed, in the residual graph: a coding is best exactly when no cycle there is a gain.

    References
    ----------
    .. [1] A. J. Hoffman and J. B. Kruskal (1956), Integral boundary points of convex polyhedra, in Linear Inequalities
       and Related Systems, Princeton University Press, 223-246.
    .. [2] Q. Huangfu and J. A. J. Hall (2018), Parallelizing the dual revised simplex method, Mathematical Programming
       Computation 10, 119-142.
    """
    place = np.arange(problem.n_cells).reshape(problem.weights.shape) / problem.n_cells
    # squared, because a preference that is linear in row and column cancels out around every cycle
    tilted = problem.weights + _TILT * (1 - place) ** 2
    coding = _solved(problem, tilted)
    if coding is None:
        check_feasible(problem)
        raise AssertionError("the linear programme finds no coding, and no limit forbids one")
    return improved(problem, improved(replace(problem, weights=tilted), coding))


def _solved(problem: Problem, weights: Floats) -> Bools | None:
    """The 0/1 solution of the linear programme; None when it has none."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, vstack

    limits, (n, m) = problem.limits, weights.shape
    cell, ones = np.arange(n * m), np.ones(n * m)
    by_quote = coo_array((ones, (cell // m, cell)), shape=(n, n * m))
    by_theme = coo_array((ones, (cell % m, cell)), shape=(m, n * m))
    most = np.where(limits.is_fixed, limits.is_fixed_coded, True)
    found = linprog(
        -_SCALE * weights.ravel(),
        A_ub=vstack([by_quote, -by_quote, by_theme, -by_theme]).tocsr(),
        b_ub=np.r_[limits.max_themes, -limits.min_themes, limits.max_quotes, -limits.min_quotes],
        bounds=np.column_stack([limits.is_fixed_coded.ravel(), most.ravel()]).astype(float),
        method="highs-ds",
        options={"dual_feasibility_tolerance": 1e-10, "primal_feasibility_tolerance": 1e-10},
    )
    if found.status == 2:
        return None
    assert found.status == 0, found.message
    coded = found.x.round()
    assert np.abs(found.x - coded).max() < 1e-6, "the matrix is totally unimodular, so the solution is 0 or 1"
    return np.asarray(coded.reshape(n, m) > 0)

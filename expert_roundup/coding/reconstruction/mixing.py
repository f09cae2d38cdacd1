"""Whether the chains agree, and how much the drawn probabilities may be off."""

from __future__ import annotations

import numpy as np
import pandas as pd

from expert_roundup.coding.reconstruction.sampling import GROUPS
from expert_roundup.coding.reconstruction.solution import Solution

# a cell is open between this probability and 1 less it; beyond, chains change it too seldom to be compared
_OPEN = 0.05


def convergence(solution: Solution) -> pd.DataFrame:
    """Compare the chains, cell by cell.

    Parameters
    ----------
    solution
        What `solve` returned.

    Returns
    -------
    DataFrame
        One row per quote x theme, in the order of the reconstruction frame: quote_id, theme, probability, r_hat (split
        R-hat: 1 where chains and their halves agree; missing where no chain ever changed the cell), n_effective (the
        number of independent draws that would be as accurate; missing likewise), standard_error (of the probability,
        from drawing).

    Notes
    -----
    Many chains of moderate length are drawn, in eight groups that start at one coding each. Each group is cut into
    halves, and R-hat compares the variance between the half groups with that within: split R-hat [1]_ in its nested
    form for many chains [2]_. Above 1.01 the chains have not mixed. The number of effective draws comes from the spread
    of the halves of single chains: with many of them it needs no model of how draws follow on each other. A cell that
    is coded in next to all or no codings has few changes to judge by.

    References
    ----------
    .. [1] A. Vehtari, A. Gelman, D. Simpson, B. Carpenter and P.-C. Bürkner (2021), Rank-normalization, folding, and
       localization: An improved R-hat for assessing convergence of MCMC, Bayesian Analysis 16 (2), 667-718.
    .. [2] C. C. Margossian, M. D. Hoffman, P. Sountsov, L. Riou-Durand, A. Vehtari and A. Gelman (2024), Nested R-hat:
       Assessing the convergence of Markov chain Monte Carlo when running many short chains, Bayesian Analysis.
    """
    draws, n_cells = solution.draws, solution.problem.n_cells
    length = draws.n_draws // 2
    halves = draws.n_coded.reshape(2, GROUPS, -1, n_cells) / length
    groups = halves.mean(axis=2).reshape(2 * GROUPS, n_cells)
    singles = halves.reshape(-1, n_cells)
    mean = groups.mean(axis=0)
    # within a half group: draws around their chain's mean, and the chains' means around the group's
    within_chains = (singles * (1 - singles)).mean(axis=0) * length / (length - 1)
    between_chains = halves.var(axis=2, ddof=1).mean(axis=(0, 1)) if halves.shape[2] > 1 else np.zeros(n_cells)
    within = within_chains + between_chains
    error = np.sqrt(singles.var(axis=0, ddof=1) / len(singles))
    with np.errstate(divide="ignore", invalid="ignore"):
        r_hat = np.sqrt(1 + groups.var(axis=0, ddof=1) / within)
        n_effective = np.minimum(mean * (1 - mean) / error**2, singles.shape[0] * length)
    varies = (mean > 0) & (mean < 1)
    return solution.problem.cells().assign(
        probability=mean,
        r_hat=np.where(varies, np.where(within > 0, r_hat, np.inf), np.nan),
        n_effective=np.where(varies, n_effective, np.nan),
        standard_error=error,
    )


def convergence_sentence(solution: Solution) -> str:
    """Return one sentence on how well the chains agree."""
    frame = convergence(solution).query("@_OPEN <= probability <= 1 - @_OPEN")
    n_chains, n_draws = solution.draws.n_coded.shape[1], solution.draws.n_draws
    drawn = f"{n_chains} chains of {n_draws:,} draws"
    if frame.empty:
        return f"Convergence: {drawn}; no cell is open, one coding is all but certain."
    worst, fewest, error = frame["r_hat"].max(), frame["n_effective"].min(), frame["standard_error"].max()
    verdict = "the chains agree" if worst <= 1.01 else "the chains do not agree well: take more draws"
    return (
        f"Convergence: {drawn}; where the probability is {_OPEN:g} to {1 - _OPEN:g}, split R-hat is at most "
        f"{worst:.3f}, effective draws are at least {fewest:,.0f} and standard errors at most {error:.3f}: {verdict}."
    )

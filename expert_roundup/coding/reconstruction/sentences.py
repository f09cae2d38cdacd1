"""What must be said beside a reconstruction, in sentences with their numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from expert_roundup.coding.codings import indicator
from expert_roundup.coding.reconstruction.counting import near_optimal
from expert_roundup.coding.reconstruction.mixing import convergence_sentence
from expert_roundup.coding.reconstruction.solution import Solution, changes, doubtful_cells

#: what a reconstruction is not
NOT_THE_AUTHORS = (
    "This is the coding that fits the readings and the published totals best; how the author coded is not known."
)


def remarks(solution: Solution, codings: pd.DataFrame, *, within: float = 1.0, n_cells: int = 9) -> list[str]:
    """Sentences on totals, changes, doubtful cells, near-optimal codings and convergence, and what it is not.

    Parameters
    ----------
    solution
        What `solve` returned.
    codings
        The codings behind it.
    within
        Loss up to which codings are counted as nearly as good as the best one.
    n_cells
        How many of the doubtful cells are named.

    Returns
    -------
    list of str
        Six sentences.
    """
    frame = solution.to_frame()
    return [
        totals_sentence(solution),
        _changes_sentence(frame, codings),
        _doubt_sentence(frame, n_cells),
        f"{near_optimal(solution, within=within)}.",
        convergence_sentence(solution),
        NOT_THE_AUTHORS,
    ]


def totals_sentence(solution: Solution) -> str:
    """Say how many codings meet which totals."""
    problem, limits = solution.problem, solution.problem.limits
    size = f"{solution.best.sum():,} coded cells in {len(problem.themes)} themes over {len(problem.quotes):,} quotes"
    if limits.is_exact:
        return f"Every published total is met: {size}."
    bounds = f"{limits.min_quotes.sum():,} to {limits.max_quotes.sum():,} in all"
    return f"Every published total is met within its bounds ({bounds}): {size}."


def _changes_sentence(frame: pd.DataFrame, codings: pd.DataFrame) -> str:
    changed = changes(frame, codings)
    n_majority = int(indicator(codings, themes=list(frame["theme"].unique())).to_numpy().sum())
    n_added = int(changed["is_coded"].sum())
    return (
        f"It differs from the majority reading ({n_majority:,} coded cells) in {len(changed):,} of {len(frame):,} "
        f"cells: {n_added:,} added, {len(changed) - n_added:,} dropped."
    )


def _doubt_sentence(frame: pd.DataFrame, n_cells: int) -> str:
    doubtful = doubtful_cells(frame[np.isfinite(frame["regret"])], n=n_cells)
    if doubtful.empty:
        return "No cell can be the other way round: the totals leave one coding only."
    cells = [
        f"{quote_id} {theme} {regret:.2f} ({'coded' if is_coded else 'not coded'}, p {probability:.2f})"
        for quote_id, theme, is_coded, probability, regret in doubtful.itertuples(index=False)
    ]
    return f"Least certain cells, by regret: {', '.join(cells)}."

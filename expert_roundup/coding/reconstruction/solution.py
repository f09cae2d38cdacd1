"""The reconstruction as a whole: the best coding, what every cell's change costs, and how probable every cell is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from expert_roundup.coding.codings import indicator
from expert_roundup.coding.reconstruction.model import FLOOR, Bools, Floats, Options, Problem, pose
from expert_roundup.coding.reconstruction.optimum import best_coding
from expert_roundup.coding.reconstruction.residual import regrets
from expert_roundup.coding.reconstruction.sampling import Draws, sample

#: floors at which the sensitivity is shown, the usual one between them
FLOORS = (0.001, FLOOR, 0.05)


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A solved problem, for everything that asks more of it than the reconstruction frame."""

    problem: Problem
    best: Bools  # quotes x themes: the most plausible coding
    regret: Floats  # quotes x themes
    draws: Draws

    def to_frame(self) -> pd.DataFrame:
        """Return the reconstruction frame (see `reconstruct`)."""
        return self.problem.cells().assign(
            is_coded=self.best.ravel(), probability=self.draws.probability.ravel(), regret=self.regret.ravel()
        )


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    n_chains: int | None = None,
    n_draws: int = 1000,
    progress: bool = False,
) -> Solution:
    """Solve a problem that `pose` made.

    Parameters
    ----------
    problem
        What to solve.
    seed
        Seed of the draws.
    n_chains, n_draws
        How many chains (chosen by size if not given), and draws of each (see `sample`).
    progress
        Show a bar on standard error.

    Returns
    -------
    Solution
        The best coding, the regrets and the draws.

    Raises
    ------
    ValueError
        No coding meets the limits; every reason is named.
    """
    best = best_coding(problem)
    draws = sample(problem, best, seed=seed, n_chains=n_chains, n_draws=n_draws, progress=progress)
    return Solution(problem, best, regrets(problem, best), draws)


def reconstruct(
    codings: pd.DataFrame,
    published: pd.DataFrame,
    *,
    codebook: pd.DataFrame | None = None,
    quotes: Iterable[str] | pd.DataFrame | None = None,
    min_themes: int = 1,
    max_themes: int = 4,
    quote_bounds: pd.DataFrame | None = None,
    theme_bounds: pd.DataFrame | None = None,
    error: int | Mapping[str, int] = 0,
    fixed: pd.DataFrame | None = None,
    coder_weights: Mapping[str, float] | None = None,
    floor: float = FLOOR,
    seed: int = 0,
    n_chains: int | None = None,
    n_draws: int = 1000,
    progress: bool = False,
) -> pd.DataFrame:
    """Reconstruct the most plausible coding behind published totals, cell by cell.

    Parameters
    ----------
    codings
        The codings frame: what coders gave, with their confidences.
    published
        The published tally frame: theme (or label, with a codebook) and n_published.
    codebook, quotes, min_themes, max_themes, quote_bounds, theme_bounds, error, fixed, coder_weights, floor
        What a coding must meet and how readings count: see `pose`.
    seed
        Seed of the draws behind the probabilities.
    n_chains, n_draws
        How many chains (chosen by size if not given), and draws of each (see `sample`).
    progress
        Show a bar on standard error.

    Returns
    -------
    DataFrame
        One row per quote x theme, quotes in page order and themes in the order of the codebook (else of the published
        tally): quote_id, theme, is_coded (in the most plausible coding), probability (share of all codings that meet
        the limits, weighted by plausibility, in which the cell is coded), regret (what the best coding loses in
        log-probability when this cell must be the other way round; inf where it cannot be).

    Raises
    ------
    TypeError
        An argument is of no usable type.
    ValueError
        An argument is unusable, or no coding meets the totals; all faults and reasons are named.

    Notes
    -----
    The published author's own coding is unknown: this is the coding that fits these readings and totals best, and
    readings that share a mistake share it here. Probabilities are no better than the confidences they come from
    (docs/method.md says how far they were off on synthetic rounds), and move with the floor (`floor_sensitivity`).
    They come from draws, `convergence` says how exactly; a cell may be coded in the best coding and still be less
    probable than not.

    Examples
    --------
    Two of three quotes are known to carry a theme, and the readings lean to the first two.

    >>> codings = pd.DataFrame(
    ...     {"quote_id": ["Q01", "Q02", "Q03"], "theme": "goals", "coder": "A", "confidence": [0.9, 0.5, 0.2]}
    ... )
    >>> published = pd.DataFrame({"theme": ["goals"], "n_published": [2]})
    >>> frame = reconstruct(codings, published, min_themes=0)
    >>> frame["is_coded"].tolist()
    [True, True, False]
    >>> frame["regret"].round(2).tolist()
    [3.58, 1.39, 1.39]
    """
    problem = pose(
        codings,
        published,
        codebook=codebook,
        quotes=quotes,
        min_themes=min_themes,
        max_themes=max_themes,
        quote_bounds=quote_bounds,
        theme_bounds=theme_bounds,
        error=error,
        fixed=fixed,
        coder_weights=coder_weights,
        floor=floor,
    )
    return solve(problem, seed=seed, n_chains=n_chains, n_draws=n_draws, progress=progress).to_frame()


def floor_sensitivity(
    codings: pd.DataFrame,
    published: pd.DataFrame,
    *,
    floors: Iterable[float] = FLOORS,
    seed: int = 0,
    n_draws: int = 1000,
    progress: bool = False,
    **options: Unpack[Options],
) -> pd.DataFrame:
    """Reconstruct with several floors: how much depends on how sure a unanimous reading is allowed to be.

    Parameters
    ----------
    codings, published
        As for `reconstruct`.
    floors
        The floors to compare.
    seed, n_draws, progress
        As for `reconstruct`.
    **options
        What a coding must meet and how readings count: see `pose`; its floor is not used.

    Returns
    -------
    DataFrame
        One row per floor x quote x theme: floor, then the columns of the reconstruction frame.

    Raises
    ------
    ValueError
        As for `reconstruct`.
    """
    problem = pose(codings, published, **options)
    parts = []
    for floor in floors:
        frame = solve(problem.with_floor(floor), seed=seed, n_draws=n_draws, progress=progress).to_frame()
        frame.insert(0, "floor", floor)
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def doubtful_cells(reconstruction: pd.DataFrame, *, n: int = 10) -> pd.DataFrame:
    """Cells of a reconstruction frame that could most easily be the other way round.

    Returns
    -------
    DataFrame
        One row per cell, the smallest regret first (level ones in their given order), at most `n` rows; columns of
        the reconstruction frame.

    Examples
    --------
    >>> frame = pd.DataFrame({"quote_id": ["Q01", "Q02"], "theme": "goals", "regret": [2.0, 0.1]})
    >>> doubtful_cells(frame, n=1)["quote_id"].tolist()
    ['Q02']
    """
    return reconstruction.sort_values("regret", kind="stable").head(n).reset_index(drop=True)


def changes(reconstruction: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Cells in which a reconstruction differs from the majority reading.

    Parameters
    ----------
    reconstruction
        The reconstruction frame.
    codings
        The codings it was made from.

    Returns
    -------
    DataFrame
        One row per cell that differs, in the order of the reconstruction: its columns, is_coded saying what the
        reconstruction has (the majority has the opposite). A quote that nobody read has no theme in the majority.
    """
    majority = indicator(codings, themes=list(reconstruction["theme"].unique()))
    quote = majority.index.get_indexer(pd.Index(reconstruction["quote_id"]))
    theme = majority.columns.get_indexer(pd.Index(reconstruction["theme"]))
    is_coded = np.where(quote >= 0, majority.to_numpy()[quote, theme] > 0, False)
    return reconstruction[reconstruction["is_coded"] != is_coded].reset_index(drop=True)

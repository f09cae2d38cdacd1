"""Codings drawn at random, each as often as it is plausible, among all that meet the limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from expert_roundup.coding.reconstruction.dealing import Chains, deal
from expert_roundup.coding.reconstruction.model import Bools, Floats, Problem
from expert_roundup.coding.reconstruction.roundabout import flip, roundabout

# chains times quotes: about what one step moves in a millisecond or two
_CHAINS_TIMES_QUOTES = 4_000
_MOST_CHAINS = 256
#: chains come in groups that start at one coding each, so that chains within and between groups can be compared
GROUPS = 8
_SCATTERING = 60
_LEAST_UNUSED = 100
_ROUNDABOUT_EVERY = 5
_WANTED_KEPT, _MOST_KEPT_CELLS = 5_000, 40_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """What the chains visited, after the part that is thrown away."""

    n_coded: npt.NDArray[np.int32]  # halves x chains x quotes x themes: in how many draws the cell is coded
    n_draws: int  # draws a chain, an even number
    kept: npt.NDArray[np.bool_]  # some of the codings, evenly spaced: times x chains x quotes x themes

    @property
    def probability(self) -> Floats:
        """Share of the draws in which a cell is coded, quotes x themes."""
        return np.asarray(self.n_coded.sum(axis=(0, 1)) / (self.n_draws * self.n_coded.shape[1]))


def sample(
    problem: Problem,
    start: Bools,
    *,
    seed: int = 0,
    n_chains: int | None = None,
    n_draws: int = 1000,
    sharpness: float = 1.0,
    progress: bool = False,
) -> Draws:
    """Draw codings with probability proportional to exp(sum of weights) among those that meet the limits.

    Parameters
    ----------
    problem
        Weights and limits.
    start
        A coding that meets the limits.
    seed
        Equal seeds give equal draws.
    n_chains
        A multiple of 8; by default 128 for 31 quotes, fewer where there are many. Eighths of the chains start at one
        coding each: half of them at `start`, the others far from it, where weights switched off have led them.
    n_draws
        Draws a chain, even, at least 10, after a fifth of as many, or 100, that are thrown away.
    sharpness
        Factor of the weights; above 1 the draws stay nearer to the best coding.
    progress
        Show a bar on standard error.

    Returns
    -------
    Draws
        Counts per cell, half and chain, and some of the codings.

    Raises
    ------
    ValueError
        `n_chains` is no multiple of 8 or `n_draws` no even number from 10.
    """
    n_chains = _multiple("n_chains", _default_chains(len(problem.quotes)) if n_chains is None else n_chains, GROUPS)
    n_draws = _multiple("n_draws", n_draws, 2, least=10)
    rng = np.random.default_rng(seed)
    chains = Chains.at(_starts(problem, start, rng), n_chains // GROUPS)
    n_coded = np.zeros((2, *chains.coding.shape), dtype=np.int32)
    weights, unused = sharpness * problem.weights, max(n_draws // 5, _LEAST_UNUSED)
    every = _spacing(n_draws, n_chains, chains.coding.size)
    kept = []
    for step in _bar(unused + n_draws, progress):
        _move(chains, weights, problem, step, rng)
        draw = step - unused
        if draw >= 0:
            n_coded[2 * draw // n_draws] += chains.coding
            if draw % every == every - 1:
                kept.append(chains.coding.copy())
    return Draws(n_coded, n_draws, np.array(kept))


def _starts(problem: Problem, start: Bools, rng: np.random.Generator) -> Bools:
    """One coding a group of chains: the first half `start`, the others scattered from it."""
    groups = Chains.at(start[None], GROUPS)
    scattered = groups.part(slice(GROUPS // 2, None))
    for step in range(_SCATTERING):
        _move(scattered, np.zeros_like(problem.weights), problem, step, rng)
    return groups.coding


def _move(chains: Chains, weights: Floats, problem: Problem, step: int, rng: np.random.Generator) -> None:
    limits = problem.limits
    deal(chains, np.exp(weights), limits, rng)
    if not limits.is_exact:
        flip(chains, weights, limits, rng)
    # deals reach every coding that meets exact totals; otherwise longer exchanges are needed now and then
    if step % _ROUNDABOUT_EVERY == 0 and (limits.is_fixed.any() or not limits.is_exact):
        roundabout(chains, weights, limits, rng)


def _default_chains(n_quotes: int) -> int:
    wanted = _CHAINS_TIMES_QUOTES // max(n_quotes, 1) // GROUPS * GROUPS
    return min(max(wanted, GROUPS), _MOST_CHAINS)


def _multiple(name: str, value: int, step: int, *, least: int = 1) -> int:
    if value < least or value % step:
        raise ValueError(f"{name} must be a multiple of {step}{f' from {least}' if least > 1 else ''}, not {value!r}")
    return value


def _spacing(n_draws: int, n_chains: int, n_cells: int) -> int:
    """After how many draws the chains are kept: thousands of codings in all, fewer where that would fill the memory."""
    times = min(-(-_WANTED_KEPT // n_chains), max(_MOST_KEPT_CELLS // n_cells, 1))
    return max(n_draws // times, 1)


def _bar(n_steps: int, progress: bool) -> range:
    if not progress:
        return range(n_steps)
    from tqdm import tqdm

    return tqdm(range(n_steps), desc="codings drawn", unit="step", leave=False, delay=1, disable=None)  # type: ignore[return-value]

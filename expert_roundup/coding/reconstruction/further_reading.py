"""Which quote a further reading should take next: where it is expected to settle most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from expert_roundup.coding.codings import THRESHOLD
from expert_roundup.coding.reconstruction.model import Bools, Floats, Ints
from expert_roundup.coding.reconstruction.solution import Solution

# cells that are less open than this (in bits) are not followed: together they hold next to no entropy
_LEAST_ENTROPY = 1e-4
# with fewer kept codings than this, what a reading settles at other quotes is lost in noise
_LEAST_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """How often readers coded a cell, as far as the reconstruction knows the cells."""

    hit_rate: float  # of the cells that are coded, the share that a reader codes
    false_alarm_rate: float  # of the cells that are not coded, the share that a reader codes


def error_rates(solution: Solution) -> ErrorRates:
    """Compare every reading with the reconstruction, each cell counted by its probability.

    Parameters
    ----------
    solution
        What `solve` returned.

    Returns
    -------
    ErrorRates
        Over all coders, quotes and themes.

    Notes
    -----
    One hit, one miss, one false alarm and one correct rejection are added to what was observed (Laplace's rule of
    succession), so that no reader seems infallible.
    """
    readings, probability = solution.problem.readings, solution.draws.probability
    is_read = ~np.isnan(readings)
    coded = np.broadcast_to(probability, readings.shape)[is_read]
    given = readings[is_read] >= THRESHOLD
    return ErrorRates(
        (coded[given].sum() + 1) / (coded.sum() + 2), ((1 - coded[given]).sum() + 1) / ((1 - coded).sum() + 2)
    )


def next_reading(
    solution: Solution, *, n_candidates: int = 50, n_readings: int = 500, seed: int = 0, progress: bool = False
) -> pd.DataFrame:
    """Rank quotes by how much one more reading of them is expected to settle.

    Parameters
    ----------
    solution
        What `solve` returned.
    n_candidates
        Only the quotes whose own cells are the most open are tried.
    n_readings
        How many readings are drawn for each of them.
    seed
        Seed of the readings.
    progress
        Show a bar on standard error.

    Returns
    -------
    DataFrame
        One row per quote tried, the greatest expected drop first: quote_id, entropy (of its own cells, in bits),
        expected_drop (of the sum of the entropies of all cells of all quotes, in bits), standard_error (of the drop,
        from drawing readings).

    Raises
    ------
    ValueError
        `n_candidates` or `n_readings` is below 1.

    Notes
    -----
    A reading is drawn so: a coding of the quote from the draws of the reconstruction; then every theme is coded with
    the readers' observed hit rate where the coding has it, and with their false alarm rate where not (`error_rates`).
    The draws are then weighted by how probable they make that reading (Bayes), and the entropies of all cells are
    summed again: the expected drop is what Lindley calls the information of an experiment [1]_, summed over cells. The
    further reading is taken to err independently of those at hand; where readers share mistakes, it settles less, but
    the order of the quotes is a guide all the same. Where fewer than 2,000 codings were kept (some hundred quotes),
    only the quote's own cells are summed.

    References
    ----------
    .. [1] D. V. Lindley (1956), On a measure of the information provided by an experiment, The Annals of Mathematical
       Statistics 27 (4), 986-1005.
    """
    if n_candidates < 1 or n_readings < 1:
        raise ValueError(f"n_candidates and n_readings must be at least 1, not {n_candidates!r} and {n_readings!r}")
    rng = np.random.default_rng(seed)
    kept = solution.draws.kept
    rates = error_rates(solution)
    entropy = _bits(solution.draws.probability)
    own = entropy.sum(axis=1)
    rows = []
    for quote in _bar(np.argsort(-own, kind="stable")[:n_candidates], progress):
        others = entropy > _LEAST_ENTROPY
        others[quote] = False
        if kept.shape[0] * kept.shape[1] < _LEAST_KEPT:
            others[:] = False
        drop = _drops(kept[:, :, quote], kept[:, :, others], rates, n_readings, rng)
        error = drop.std(ddof=1) / np.sqrt(n_readings) if n_readings > 1 else np.nan
        rows.append((solution.problem.quotes[quote], own[quote], drop.mean(), error))
    frame = pd.DataFrame(rows, columns=["quote_id", "entropy", "expected_drop", "standard_error"])
    return frame.sort_values("expected_drop", ascending=False, kind="stable").reset_index(drop=True)


def _drops(own: Bools, others: Bools, rates: ErrorRates, n_readings: int, rng: np.random.Generator) -> Floats:
    """Drop of the summed entropy after each of the drawn readings of one quote.

    Parameters
    ----------
    own
        Kept codings of the quote: times x chains x themes.
    others
        Kept codings of the open cells of other quotes: times x chains x cells.

    Notes
    -----
    A finite number of codings makes any two cells seem related, so that reading one would seem to settle the other.
    What the same reading seems to settle among codings of other chains, with which it has nothing to do, is that
    illusion, and is taken off.
    """
    shape = own.shape[0] * own.shape[1], -1
    patterns, kind, sizes = np.unique(own.reshape(shape), axis=0, return_inverse=True, return_counts=True)
    share = sizes / sizes.sum()
    truth = patterns[rng.choice(len(patterns), size=n_readings, p=share)]
    is_given = rng.random(truth.shape) < np.where(truth, rates.hit_rate, rates.false_alarm_rate)
    weight = share * _likelihood(is_given, patterns, rates)
    weight /= weight.sum(axis=1, keepdims=True)
    unrelated = np.roll(others, own.shape[1] // 2, axis=1)
    settled = [
        _settled(share, weight, _given_pattern(states.reshape(shape), kind, sizes)) for states in (others, unrelated)
    ]
    return _settled(share, weight, patterns.astype(float)) + settled[0] - settled[1]


def _given_pattern(states: Bools, kind: Ints, sizes: Ints) -> Floats:
    """Share of the codings with each pattern in which a cell is coded: patterns x cells."""
    begin = np.cumsum(sizes) - sizes
    sums = np.add.reduceat(states[np.argsort(kind, kind="stable")], begin, axis=0, dtype=np.int32)
    return np.asarray(sums / sizes[:, None])


def _settled(share: Floats, weight: Floats, given_pattern: Floats) -> Floats:
    """How much less open the cells are with the patterns weighted by each reading than before."""
    return np.asarray(_bits(share @ given_pattern).sum() - _bits(weight @ given_pattern).sum(axis=1))


def _likelihood(is_given: Bools, patterns: Bools, rates: ErrorRates) -> Floats:
    """How probable each reading is under each pattern of the quote, up to a factor a reading: readings x patterns."""
    for_given = np.log(rates.hit_rate / rates.false_alarm_rate)
    for_not = np.log((1 - rates.hit_rate) / (1 - rates.false_alarm_rate))
    gain = np.where(is_given, for_given, for_not) @ patterns.T.astype(float)
    return np.asarray(np.exp(gain - gain.max(axis=1, keepdims=True)))


def _bits(probability: Floats) -> Floats:
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    return np.asarray(-(p * np.log2(p) + (1 - p) * np.log2(1 - p)))


def _bar(quotes: Ints, progress: bool) -> Ints:
    if not progress:
        return quotes
    from tqdm import tqdm

    return tqdm(quotes, desc="readings drawn", unit="quote", leave=False, delay=1, disable=None)  # type: ignore[return-value]

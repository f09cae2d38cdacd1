"""Synthetic rounds: readings and published totals behind which the truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from expert_roundup.coding.reconstruction.model import FLOOR, Bools, Floats, Problem, mean_of, pose

_MIN_THEMES, _MAX_THEMES = 1, 4


@dataclass(frozen=True, slots=True)
class Rounds:
    """How synthetic rounds come about."""

    name: str
    is_own_model: bool  # whether the truth is drawn from the model of the reconstruction itself, given the readings
    common: float  # share of the variance of the coders' errors that they have in common
    sharpness: float  # factor of the coders' log-odds: 1 states what they know, above 1 they are too sure
    n_quotes: int = 31
    n_themes: int = 12
    n_coders: int = 3


#: (a) rounds drawn from the model itself, (b) rounds of coders who err together and are too sure
OWN_MODEL = Rounds("own model", is_own_model=True, common=0.5, sharpness=1.0)
COMMON_ERRORS = Rounds("common errors", is_own_model=False, common=0.9, sharpness=3.0)


def synthetic_round(rounds: Rounds, rng: np.random.Generator) -> tuple[Problem, Bools]:
    """Make one round: readings, the totals that an author would have published, and the truth behind them.

    Parameters
    ----------
    rounds
        How it comes about.
    rng
        Source of everything random.

    Returns
    -------
    tuple
        The problem that the readings and the totals pose, and the truth (quotes x themes).

    Notes
    -----
    Themes are from frequent (.3 of the quotes) to rare, each .8 times as frequent as the one before. A coder sees a
    normal signal around +1 where a quote has the theme and around -1 where not, with variance 1.2; part of the error is
    common to all coders. Confidence is the probability that follows from the signal, sharpened, to two decimals; below
    .05 the coder gives no row. In rounds of the model itself the truth is then drawn anew: every cell coded with its
    mean confidence, quotes with no or more than four themes drawn again, and the totals counted from that. Given
    readings and totals, such a truth has exactly the distribution that the reconstruction states.
    """
    shape = (rounds.n_quotes, rounds.n_themes)
    frequency = np.broadcast_to(0.3 * 0.8 ** np.arange(rounds.n_themes), shape)
    truth = _coded(frequency, rng)
    readings = _readings(rounds, truth, frequency, rng)
    if rounds.is_own_model:
        mean = mean_of(readings, np.ones(rounds.n_coders), otherwise=frequency)
        truth = _coded(mean.clip(FLOOR, 1 - FLOOR), rng)
    themes = [f"theme {number}" for number in range(1, rounds.n_themes + 1)]
    published = pd.DataFrame({"theme": themes, "n_published": truth.sum(axis=0)})
    return pose(_codings(readings, themes), published, min_themes=_MIN_THEMES, max_themes=_MAX_THEMES), truth


def _coded(probability: Floats, rng: np.random.Generator) -> Bools:
    """Cells coded independently, quotes outside the bounds drawn again."""
    coded = rng.random(probability.shape) < probability
    while True:
        n_themes = coded.sum(axis=1)
        again = np.flatnonzero((n_themes < _MIN_THEMES) | (n_themes > _MAX_THEMES))
        if not len(again):
            return coded
        coded[again] = rng.random((len(again), probability.shape[1])) < probability[again]


def _readings(rounds: Rounds, truth: Bools, frequency: Floats, rng: np.random.Generator) -> Floats:
    """Confidences: coders x quotes x themes."""
    variance = 1.2
    common = rng.normal(size=truth.shape) * np.sqrt(rounds.common * variance)
    own = rng.normal(size=(rounds.n_coders, *truth.shape)) * np.sqrt((1 - rounds.common) * variance)
    signal = np.where(truth, 1.0, -1.0) + common + own
    known = np.log(frequency / (1 - frequency)) + 2 * signal / variance
    confidence = (1 / (1 + np.exp(-rounds.sharpness * known))).round(2)
    return np.where(confidence < 0.05, 0.0, confidence)


def _codings(readings: Floats, themes: list[str]) -> pd.DataFrame:
    coder, quote, theme = np.nonzero(readings)
    given = pd.DataFrame(
        {
            "quote_id": [f"Q{number + 1:02d}" for number in quote],
            "theme": [themes[number] for number in theme],
            "coder": [chr(ord("A") + number) for number in coder],
            "confidence": readings[coder, quote, theme],
        }
    )
    # a coder who read a quote and gave it nothing
    coder, quote = np.nonzero(~readings.any(axis=2))
    nothing = pd.DataFrame(
        {
            "quote_id": [f"Q{number + 1:02d}" for number in quote],
            "theme": "",
            "coder": [chr(ord("A") + number) for number in coder],
            "confidence": np.nan,
        }
    )
    return pd.concat([frame for frame in (given, nothing) if len(frame)], ignore_index=True)

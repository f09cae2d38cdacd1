"""How far stated probabilities can be trusted: synthetic rounds in which the truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from expert_roundup.coding.reconstruction.model import Bools, Floats
from expert_roundup.coding.reconstruction.optimum import best_coding
from expert_roundup.coding.reconstruction.sampling import sample
from expert_roundup.coding.reconstruction.synthetic import COMMON_ERRORS, OWN_MODEL, Rounds, synthetic_round

COLUMNS = (
    "rounds", "low", "high", "n_rounds", "n_cells", "mean_probability", "share_coded", "share_low", "share_high",
    "slope", "slope_low", "slope_high", "brier", "brier_of_shares",
)  # fmt: skip

_N_CHAINS, _N_DRAWS = 64, 500
# a probability from draws is never quite 0 or 1
_LEAST = 0.5 / (_N_CHAINS * _N_DRAWS)
_RESAMPLES = 200


def stated_and_true(
    rounds: Rounds, *, n_rounds: int, seed: int = 0, progress: bool = False
) -> tuple[Floats, Bools, Floats]:
    """Reconstruct many synthetic rounds.

    Returns
    -------
    tuple of ndarray
        Rounds x cells each: the stated probability, the truth, and the published share of the cell's theme.
    """
    stated, true, share = [], [], []
    for number in _bar(n_rounds, rounds.name, progress):
        problem, truth = synthetic_round(rounds, np.random.default_rng([seed, number]))
        draws = sample(problem, best_coding(problem), seed=seed, n_chains=_N_CHAINS, n_draws=_N_DRAWS)
        stated.append(draws.probability.ravel())
        true.append(truth.ravel())
        share.append(np.tile(truth.mean(axis=0), rounds.n_quotes))
    return np.array(stated), np.array(true), np.array(share)


def calibration_study(*, n_rounds: int = 200, seed: int = 0, n_bins: int = 10, progress: bool = False) -> pd.DataFrame:
    """Compare stated probabilities with the truth of synthetic rounds, of the model itself and of another one.

    Parameters
    ----------
    n_rounds
        Rounds of each kind.
    seed
        Seed of rounds and draws.
    n_bins
        Bins of equal width for the curve.
    progress
        Show a bar on standard error.

    Returns
    -------
    DataFrame
        One row per kind of rounds and bin of the stated probability (low, included, to high), and first one for all
        cells (0 to 1): rounds, low, high, n_rounds, n_cells, mean_probability (stated), share_coded (in truth),
        share_low, share_high (binomial interval of that share, 95 % for all bins of a curve together); in the row of
        all cells also slope with slope_low and slope_high (see Notes), brier (mean squared error of the stated
        probability) and brier_of_shares (the same, had every cell been stated as its theme's published share).

    Notes
    -----
    The slope is that of a logistic regression of the truth on the log-odds of the stated probability [1]_: 1 where
    probabilities mean what they say, below 1 where they are too sure. Its interval is a 95 % percentile bootstrap over
    rounds. Binomial intervals are those of Clopper and Pearson [2]_, at 1 - .05 / bins each.

    References
    ----------
    .. [1] D. R. Cox (1958), Two further applications of a model for binary regression, Biometrika 45, 562-565.
    .. [2] C. J. Clopper and E. S. Pearson (1934), The use of confidence or fiducial limits illustrated in the case of
       the binomial, Biometrika 26, 404-413.
    """
    parts = []
    for rounds in (OWN_MODEL, COMMON_ERRORS):
        stated, true, share = stated_and_true(rounds, n_rounds=n_rounds, seed=seed, progress=progress)
        curve = calibration_curve(stated.ravel(), true.ravel(), n_bins=n_bins)
        slope, low, high = _slope_interval(stated, true, seed)
        whole = calibration_curve(stated.ravel(), true.ravel(), n_bins=1).assign(
            slope=slope,
            slope_low=low,
            slope_high=high,
            brier=np.mean((stated - true) ** 2),
            brier_of_shares=np.mean((share - true) ** 2),
        )
        parts += [frame.assign(rounds=rounds.name, n_rounds=n_rounds) for frame in (whole, curve)]
    return pd.concat(parts, ignore_index=True).reindex(columns=list(COLUMNS)).round(6)


def calibration_curve(stated: Floats, true: Bools, *, n_bins: int = 10) -> pd.DataFrame:
    """Share of cells that are coded in truth, by the probability stated for them.

    Returns
    -------
    DataFrame
        One row per bin of equal width that holds a cell: low, high, n_cells, mean_probability, share_coded, share_low,
        share_high (95 % for all bins together).

    Examples
    --------
    >>> curve = calibration_curve(np.array([0.2, 0.3, 0.9]), np.array([False, True, True]), n_bins=2)
    >>> curve[["low", "n_cells", "share_coded"]].to_dict("list")
    {'low': [0.0, 0.5], 'n_cells': [2, 1], 'share_coded': [0.5, 1.0]}
    """
    from scipy.stats import beta

    place = np.minimum((stated * n_bins).astype(int), n_bins - 1)
    n_cells = np.bincount(place, minlength=n_bins)
    n_coded = np.bincount(place, weights=true, minlength=n_bins)
    sums = np.bincount(place, weights=stated, minlength=n_bins)
    filled = n_cells > 0
    tail = 0.025 / n_bins
    with np.errstate(invalid="ignore"):
        low = np.where(n_coded > 0, beta.ppf(tail, n_coded, n_cells - n_coded + 1), 0.0)
        high = np.where(n_coded < n_cells, beta.ppf(1 - tail, n_coded + 1, n_cells - n_coded), 1.0)
    size = np.where(filled, n_cells, 1)
    curve = pd.DataFrame(
        {
            "low": np.arange(n_bins) / n_bins,
            "high": np.arange(1, n_bins + 1) / n_bins,
            "n_cells": n_cells,
            "mean_probability": sums / size,
            "share_coded": n_coded / size,
            "share_low": low,
            "share_high": high,
        }
    )
    return curve[filled].reset_index(drop=True)


def calibration_slope(stated: Floats, true: Bools, *, times: Floats | None = None) -> float:
    """Slope of a logistic regression of the truth on the log-odds of the stated probability.

    Parameters
    ----------
    stated, true
        One value a cell.
    times
        How often each cell counts; once without it.
    """
    p = stated.clip(_LEAST, 1 - _LEAST)
    design = np.column_stack([np.ones(len(p)), np.log(p / (1 - p))])
    count = np.ones(len(p)) if times is None else times
    estimate = np.array([0.0, 1.0])
    for _ in range(25):
        fitted = 1 / (1 + np.exp(-(design @ estimate)))
        information = (design * (count * fitted * (1 - fitted))[:, None]).T @ design
        step = np.linalg.solve(information, design.T @ (count * (true - fitted)))
        estimate += step
        if np.abs(step).max() < 1e-9:
            break
    return float(estimate[1])


def calibration_sentence(study: pd.DataFrame, *, rounds: str = COMMON_ERRORS.name) -> str:
    """Say in one sentence how far the stated probabilities of one kind of rounds were off."""
    whole, curve = _whole_and_curve(study, rounds)
    off = curve["share_coded"] - curve["mean_probability"]
    inner = curve[curve["n_cells"] >= 30]
    worst = inner.iloc[int(off[inner.index].abs().to_numpy().argmax())]
    mean_off = float((off.abs() * curve["n_cells"]).sum() / curve["n_cells"].sum())
    verdict = (
        "mean what they say"
        if whole["slope_low"] <= 1 <= whole["slope_high"]
        else ("are too sure" if whole["slope"] < 1 else "are not sure enough")
    )
    return (
        f"In {whole['n_rounds']:.0f} synthetic rounds ({rounds}) the stated probabilities {verdict}: slope "
        f"{whole['slope']:.2f} [{whole['slope_low']:.2f}, {whole['slope_high']:.2f}], Brier score {whole['brier']:.3f} "
        f"({whole['brier_of_shares']:.3f} by published shares alone), off by {mean_off:.3f} on average and most where "
        f"{worst['mean_probability']:.2f} was stated and {worst['share_coded']:.2f} were coded."
    )


def is_on_diagonal(study: pd.DataFrame, *, rounds: str = OWN_MODEL.name) -> bool:
    """Whether the mean stated probability of every bin lies in the binomial interval of what is true."""
    _, curve = _whole_and_curve(study, rounds)
    return bool(curve["mean_probability"].between(curve["share_low"], curve["share_high"]).all())


def _whole_and_curve(study: pd.DataFrame, rounds: str) -> tuple[pd.Series, pd.DataFrame]:
    chosen = study[study["rounds"] == rounds]
    if chosen.empty:
        raise ValueError(f"rounds must be one of {', '.join(study['rounds'].unique())}, not {rounds!r}")
    return chosen.iloc[0], chosen.iloc[1:]


def _slope_interval(stated: Floats, true: Bools, seed: int) -> tuple[float, float, float]:
    """Slope with its 95 % percentile interval over rounds."""
    rng = np.random.default_rng(seed)
    n_rounds, n_cells = stated.shape
    flat = stated.ravel(), true.ravel()
    slopes = []
    for _ in range(_RESAMPLES):
        drawn = np.bincount(rng.integers(n_rounds, size=n_rounds), minlength=n_rounds)
        slopes.append(calibration_slope(*flat, times=np.repeat(drawn, n_cells).astype(float)))
    low, high = np.quantile(slopes, [0.025, 0.975])
    return calibration_slope(*flat), float(low), float(high)


def _bar(n_rounds: int, name: str, progress: bool) -> range:
    if not progress:
        return range(n_rounds)
    from tqdm import tqdm

    return tqdm(range(n_rounds), desc=name, unit="round", leave=False, delay=1, disable=None)  # type: ignore[return-value]

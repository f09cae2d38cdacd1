"""How far stated probabilities can be trusted: the synthetic rounds, the curve, the slope, and the study that ships."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from expert_roundup.coding.reconstruction import (
    calibration_curve,
    calibration_sentence,
    calibration_slope,
    calibration_study,
    is_on_diagonal,
)
from expert_roundup.coding.reconstruction.calibration import COLUMNS, stated_and_true
from expert_roundup.coding.reconstruction.synthetic import COMMON_ERRORS, OWN_MODEL, synthetic_round
from expert_roundup.datasets import data_path


def test_a_synthetic_round_is_possible_and_its_totals_are_the_truth() -> None:
    """Both kinds give one to four themes a quote, and totals that count the truth."""
    for rounds in (OWN_MODEL, COMMON_ERRORS):
        problem, truth = synthetic_round(rounds, np.random.default_rng(3))
        assert truth.shape == problem.weights.shape == (31, 12)
        assert ((truth.sum(axis=1) >= 1) & (truth.sum(axis=1) <= 4)).all()
        assert (problem.limits.min_quotes == truth.sum(axis=0)).all()


def test_coders_of_the_other_model_err_together() -> None:
    """Errors of two coders correlate strongly in rounds of common errors, and as much as was asked for."""
    rounds = replace(COMMON_ERRORS, n_quotes=400, sharpness=0.3)
    problem, truth = synthetic_round(rounds, np.random.default_rng(0))
    a, b, _ = problem.readings.clip(0.02, 0.98)
    errors = [np.log(c / (1 - c))[~truth & (a > 0.05) & (b > 0.05)] for c in (a, b)]
    assert np.corrcoef(errors)[0, 1] > 0.7


def test_the_curve_is_the_share_coded_by_stated_probability() -> None:
    """Bins, counts and the Clopper-Pearson interval: 0 of 10 gives 1 - tail^(1/10) as its upper end."""
    stated = np.r_[np.full(10, 0.05), np.full(4, 0.95), 1.0]
    true = np.r_[np.zeros(10), np.ones(4), 0].astype(bool)
    curve = calibration_curve(stated, true, n_bins=10)
    assert curve["low"].tolist() == [0.0, 0.9]
    assert curve["n_cells"].tolist() == [10, 5]
    assert curve["share_coded"].tolist() == [0.0, 0.8]
    assert curve["mean_probability"].tolist() == pytest.approx([0.05, 0.96])
    assert curve["share_low"][0] == 0
    assert curve["share_high"][0] == pytest.approx(1 - math.pow(0.025 / 10, 1 / 10))


def test_the_slope_is_one_for_honest_probabilities_and_half_for_doubled_log_odds() -> None:
    """Truth drawn as stated has slope 1; stated log-odds twice too large have slope 1/2; weights count as repeats."""
    rng = np.random.default_rng(0)
    p = rng.random(40_000)
    true = rng.random(p.size) < p
    assert calibration_slope(p, true) == pytest.approx(1, abs=0.03)
    doubled = p**2 / (p**2 + (1 - p) ** 2)
    assert calibration_slope(doubled, true) == pytest.approx(0.5, abs=0.015)
    times = rng.integers(0, 3, size=500)
    repeated = calibration_slope(np.repeat(p[:500], times), np.repeat(true[:500], times))
    assert calibration_slope(p[:500], true[:500], times=times.astype(float)) == pytest.approx(repeated)


def test_a_small_study_has_every_column_for_both_kinds() -> None:
    """A row for all cells and the bins, for both kinds; the Brier score is that of the rounds drawn again."""
    study = calibration_study(n_rounds=1)
    assert tuple(study.columns) == COLUMNS
    assert study["rounds"].unique().tolist() == ["own model", "common errors"]
    for _, rows in study.groupby("rounds"):
        assert rows["n_cells"].iloc[0] == rows["n_cells"].iloc[1:].sum() == 372
        assert rows["slope"].notna().tolist() == [True] + [False] * (len(rows) - 1)
    stated, true, _ = stated_and_true(OWN_MODEL, n_rounds=1)
    assert study["brier"].iloc[0] == pytest.approx(np.mean((stated - true) ** 2), abs=1e-6)


@pytest.fixture(scope="module")
def shipped() -> pd.DataFrame:
    return pd.read_csv(data_path("calibration.csv"))


def test_the_shipped_study_has_two_hundred_rounds_of_each_kind(shipped: pd.DataFrame) -> None:
    """data/calibration.csv holds both curves over 200 rounds of 372 cells."""
    assert tuple(shipped.columns) == COLUMNS
    whole = shipped[(shipped["low"] == 0) & (shipped["high"] == 1)]
    assert whole["n_rounds"].tolist() == [200, 200]
    assert whole["n_cells"].tolist() == [200 * 372] * 2


def test_rounds_of_the_model_itself_lie_on_the_diagonal(shipped: pd.DataFrame) -> None:
    """(a) Each bin's stated mean lies in its binomial interval, and the slope's interval holds 1."""
    assert is_on_diagonal(shipped)
    assert "mean what they say" in calibration_sentence(shipped, rounds="own model")


def test_coders_who_err_together_and_are_too_sure_make_probabilities_too_sure(shipped: pd.DataFrame) -> None:
    """(b) The slope is below 1, the curve leaves the diagonal, and the sentence says how far."""
    assert not is_on_diagonal(shipped, rounds="common errors")
    sentence = calibration_sentence(shipped)
    assert "are too sure" in sentence
    whole = shipped[shipped["rounds"] == "common errors"].iloc[0]
    assert f"slope {whole['slope']:.2f}" in sentence
    assert whole["slope_high"] < 1
    assert whole["brier"] < whole["brier_of_shares"]


def test_an_unknown_kind_of_rounds_is_named(shipped: pd.DataFrame) -> None:
    """Asking for rounds that were not studied says which there are."""
    with pytest.raises(ValueError, match="rounds must be one of own model, common errors, not 'mine'"):
        calibration_sentence(shipped, rounds="mine")

"""Draws, counts and the next reading of a reconstruction, against all codings tried one by one."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from expert_roundup.coding.reconstruction import (
    Problem,
    Solution,
    convergence,
    convergence_sentence,
    error_rates,
    near_optimal,
    next_reading,
    pose,
    solve,
)
from expert_roundup.coding.reconstruction.counting import count_within
from expert_roundup.coding.reconstruction.dealing import Chains, deal
from expert_roundup.coding.reconstruction.optimum import best_coding
from expert_roundup.coding.reconstruction.roundabout import roundabout
from expert_roundup.coding.reconstruction.sampling import sample

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def posed(confidence: npt.ArrayLike, totals: list[int], **options: Any) -> Problem:
    """A problem from one coder's confidences, quotes x themes."""
    matrix = np.asarray(confidence, dtype=float)
    themes = [f"t{number}" for number in range(matrix.shape[1])]
    rows = [(f"Q{i + 1:02d}", themes[j], "A", matrix[i, j]) for i in range(len(matrix)) for j in range(len(themes))]
    codings = pd.DataFrame(rows, columns=["quote_id", "theme", "coder", "confidence"])
    return pose(codings, pd.DataFrame({"theme": themes, "n_published": totals}), **options)


def possible(problem: Problem) -> Bools:
    """Every coding that meets the limits, by trying all of them: codings x quotes x themes."""
    limits, (n, m) = problem.limits, problem.weights.shape
    every = (np.arange(2 ** (n * m))[:, None] >> np.arange(n * m) & 1).astype(bool).reshape(-1, n, m)
    quotes, themes = every.sum(axis=2), every.sum(axis=1)
    meets = (
        ((quotes >= limits.min_themes) & (quotes <= limits.max_themes)).all(axis=1)
        & ((themes >= limits.min_quotes) & (themes <= limits.max_quotes)).all(axis=1)
        & (~limits.is_fixed | (every == limits.is_fixed_coded)).all(axis=(1, 2))
    )
    return every[meets]


def plausibility(problem: Problem, codings: Bools) -> Floats:
    """Probability of each coding under the model."""
    values = np.exp((codings * problem.weights).sum(axis=(1, 2)))
    return np.asarray(values / values.sum())


CONFIDENCE = np.random.default_rng(5).integers(1, 10, size=(4, 4)) / 10
DIAGONAL = pd.DataFrame({"quote_id": ["Q01", "Q02", "Q03", "Q04"], "theme": ["t0", "t1", "t2", "t3"]})
CASES: dict[str, Problem] = {
    "exact totals": posed(CONFIDENCE, [2, 1, 2, 1], max_themes=2),
    "exact totals, any number of themes": posed(CONFIDENCE, [2, 1, 2, 1], min_themes=0),
    "odd number of quotes": posed(CONFIDENCE[:3], [2, 1, 2, 1], max_themes=3),
    "one theme each": posed(CONFIDENCE, [1, 1, 1, 1], max_themes=1),
    "totals off by one": posed(CONFIDENCE, [2, 1, 2, 1], error=1),
    "totals off by one, one theme each": posed(CONFIDENCE, [2, 1, 1, 1], error=1, max_themes=1),
    "one total off": posed(CONFIDENCE, [2, 1, 2, 1], error={"t2": 1}, max_themes=3),
    "known cells": posed(CONFIDENCE, [2, 1, 2, 1], fixed=DIAGONAL.iloc[:2].assign(is_coded=[True, False])),
    # without their diagonal, permutations are three at a time or not at all: no two quotes can deal
    "known diagonal": posed(CONFIDENCE, [1, 1, 1, 1], max_themes=1, fixed=DIAGONAL.assign(is_coded=False)),
    "known diagonal of three": posed(
        CONFIDENCE[:3, :3], [1, 1, 1], max_themes=1, fixed=DIAGONAL.iloc[:3].assign(is_coded=False)
    ),
    "bounds by quote": posed(
        CONFIDENCE,
        [2, 1, 2, 1],
        quote_bounds=pd.DataFrame({"quote_id": ["Q01", "Q04"], "min_themes": [0, 2], "max_themes": [0, 3]}),
    ),
    "a single quote": posed(CONFIDENCE[:1], [1, 0, 1, 0]),
    "a single theme": posed(CONFIDENCE[:, :1], [2], min_themes=0),
}


@pytest.mark.parametrize("name", CASES)
def test_drawn_probabilities_are_those_of_all_codings(name: str) -> None:
    """Every cell's probability agrees with the sum over all codings, within five standard errors of the draws."""
    problem = CASES[name]
    codings = possible(problem)
    expected = np.tensordot(plausibility(problem, codings), codings, axes=1)
    solution = solve(problem, n_chains=32, n_draws=300)
    error = convergence(solution)["standard_error"].to_numpy().reshape(expected.shape)
    assert (np.abs(solution.draws.probability - expected) <= 5 * error + 2e-3).all()


@pytest.mark.parametrize("name", CASES)
def test_every_drawn_coding_meets_the_limits_and_all_are_reached(name: str) -> None:
    """Kept codings are possible ones; with the weights switched off each of them is seen, unless there are many."""
    problem = CASES[name]
    codings = {coding.tobytes() for coding in possible(problem)}
    kept = sample(problem, best_coding(problem), n_chains=32, n_draws=200, sharpness=0).kept
    seen = {coding.tobytes() for coding in kept.reshape(-1, *kept.shape[2:])}
    assert seen <= codings
    if len(codings) < 200:
        assert seen == codings


def test_swaps_of_two_quotes_and_two_themes_alone_leave_islands() -> None:
    """Crosswise swaps alone split the codings of a 4 x 4 example into many groups; deals join them."""
    problem = CASES["exact totals, any number of themes"]
    codings = possible(problem)
    index = {coding.tobytes(): place for place, coding in enumerate(codings)}
    island = list(range(len(codings)))

    def root(place: int) -> int:
        while island[place] != place:
            place = island[place]
        return place

    for place, coding in enumerate(codings):
        for (a, b), (j, k) in itertools.product(itertools.combinations(range(4), 2), repeat=2):
            swapped = coding.copy()
            swapped[np.ix_([a, b], [j, k])] = coding[np.ix_([a, b], [k, j])]
            if (coding[a, j], coding[a, k]) == (coding[b, k], coding[b, j]) and coding[a, j] != coding[a, k]:
                island[root(place)] = root(index[swapped.tobytes()])
    n_islands = len({root(place) for place in range(len(codings))})
    assert n_islands > 10
    chains = Chains.at(codings[:1], 512)
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(100):
        deal(chains, np.ones((4, 4)), problem.limits, rng)
        seen |= {root(index[coding.tobytes()]) for coding in chains.coding}
    assert len(seen) == n_islands


def test_roundabouts_alone_keep_the_distribution() -> None:
    """Chains that start as the model has them are as the model has them after many roundabouts."""
    for name in ("totals off by one", "known cells"):
        problem = CASES[name]
        codings = possible(problem)
        share = plausibility(problem, codings)
        rng = np.random.default_rng(0)
        start = codings[rng.choice(len(codings), size=20_000, p=share)]
        chains = Chains.at(start, 1)
        for _ in range(6):
            roundabout(chains, problem.weights, problem.limits, rng)
        expected = np.tensordot(share, codings, axes=1)
        np.testing.assert_allclose(chains.coding.mean(axis=0), expected, atol=5 * 0.5 / np.sqrt(20_000))
        assert (chains.coding != start).any(axis=(1, 2)).mean() > 0.1
        assert (chains.n_themes == chains.coding.sum(axis=2)).all()
        assert (chains.n_quotes == chains.coding.sum(axis=1)).all()


def test_more_than_four_themes_and_confidences_near_one_do_not_overflow() -> None:
    """Weights of log(10^9) and thirty themes a quote stay numbers, and totals are met."""
    confidence = np.random.default_rng(0).integers(0, 2, size=(6, 40))
    problem = posed(confidence, [3] * 40, min_themes=0, max_themes=40, floor=1e-9)
    draws = sample(problem, best_coding(problem), n_chains=16, n_draws=50)
    np.testing.assert_allclose(draws.probability.sum(axis=0), 3)


# convergence


def test_convergence_is_good_on_a_small_case_and_has_no_value_where_nothing_varies() -> None:
    """R-hat is near 1 and the standard error matches the true deviation; a known cell has neither R-hat nor error."""
    problem = CASES["known cells"]
    frame = convergence(solve(problem, n_chains=64, n_draws=400)).set_index(["quote_id", "theme"])
    assert frame.loc[("Q01", "t0"), ["r_hat", "n_effective"]].isna().all()
    assert frame.loc[("Q01", "t0"), "standard_error"] == 0
    varying = frame.dropna()
    assert (varying["r_hat"] < 1.01).all()
    assert (varying["n_effective"] > 1000).all()


def test_chains_that_disagree_are_shown() -> None:
    """Ten draws a chain on a large problem leave groups that differ: R-hat says so, and so does the sentence."""
    confidence = np.random.default_rng(0).random((60, 6)).round(2)
    solution = solve(posed(confidence, [12] * 6), n_chains=8, n_draws=10)
    assert convergence(solution)["r_hat"].max() > 1.05
    assert "do not agree well" in convergence_sentence(solution)


def test_a_single_possible_coding_is_called_certain() -> None:
    """Where one coding is left, probabilities are 0 and 1 and the sentence says that no cell is open."""
    solution = solve(posed([[0.9, 0.2]], [1, 1]), n_draws=10)
    assert solution.draws.probability.tolist() == [[1.0, 1.0]]
    assert "one coding is all but certain" in convergence_sentence(solution)


# near-optimal codings


@pytest.mark.parametrize("name", CASES)
def test_near_optimal_codings_are_counted_exactly(name: str) -> None:
    """The number within any loss equals the number found by trying all codings."""
    problem = CASES[name]
    values = (possible(problem) * problem.weights).sum(axis=(1, 2))
    solution = solve(problem, n_chains=8, n_draws=10)
    for within in (0.0, 0.3, 1.0, 2.7, 6.0, 50.0):
        found = near_optimal(solution, within=within)
        assert found.is_exact
        assert found.n_codings == found.estimate == (values >= values.max() - within - 1e-9).sum()


def test_ties_count_as_codings_of_their_own() -> None:
    """Four quotes alike, two of them coded: six codings lose nothing."""
    solution = solve(posed(np.full((4, 1), 0.5), [2], min_themes=0), n_draws=10)
    assert str(near_optimal(solution, within=0)) == "6 codings lie within 0 of the best one in log-probability"


def test_beyond_the_limit_the_number_is_estimated_from_draws() -> None:
    """With a low limit the count is given up, and the estimate comes near the number counted without it."""
    confidence = np.random.default_rng(2).integers(1, 10, size=(10, 4)) / 10
    solution = solve(posed(confidence, [3, 4, 3, 2], max_themes=3), n_chains=64, n_draws=10)
    exact = near_optimal(solution, within=5)
    assert exact.is_exact
    rough = near_optimal(solution, within=5, limit=300)
    assert (rough.n_codings, rough.is_exact) == (301, False)
    assert abs(np.log(rough.estimate / exact.n_codings)) < max(5 * rough.standard_error, 0.1)
    assert str(rough).startswith("at least 301 codings lie within 5 of the best one")
    assert near_optimal(solution, within=5, limit=300, estimate=False).estimate == np.inf


def test_more_than_a_hundred_thousand_is_said_in_these_words() -> None:
    """Twelve of 24 equal quotes: 2.7 million codings, too many to count one by one."""
    solution = solve(posed(np.full((24, 1), 0.5), [12], min_themes=0), n_chains=8, n_draws=10)
    assert count_within(solution, 0.0, limit=100_000) == (100_001, False)
    found = near_optimal(solution, within=1.0, estimate=False)
    assert str(found) == "more than 100,000 codings lie within 1 of the best one in log-probability"


@pytest.mark.parametrize(("within", "limit"), [(-1.0, 10), (float("nan"), 10), (1.0, 0)])
def test_a_count_needs_a_loss_and_a_limit(within: float, limit: int) -> None:
    """A negative loss, no number and a limit of 0 are refused."""
    solution = solve(CASES["a single quote"], n_draws=10)
    with pytest.raises(ValueError, match="must be"):
        near_optimal(solution, within=within, limit=limit)


# the next reading


def bits(p: Floats) -> Floats:
    q = np.clip(p, 1e-15, 1 - 1e-15)
    return np.asarray(-(q * np.log2(q) + (1 - q) * np.log2(1 - q)))


def expected_drop(solution: Solution, quote: int) -> float:
    """Expected drop of the summed entropy, over every possible reading of one quote and every possible coding."""
    problem, rates = solution.problem, error_rates(solution)
    codings = possible(problem)
    prior = plausibility(problem, codings)
    before = bits(np.tensordot(prior, codings, axes=1)).sum()
    drop = 0.0
    for reading in itertools.product([False, True], repeat=len(problem.themes)):
        chance = np.where(codings[:, quote], rates.hit_rate, rates.false_alarm_rate)
        joint = prior * np.where(reading, chance, 1 - chance).prod(axis=1)
        posterior = joint / joint.sum()
        drop += joint.sum() * (before - bits(np.tensordot(posterior, codings, axes=1)).sum())
    return float(drop)


@pytest.mark.parametrize("name", ["exact totals", "one total off"])
def test_the_expected_drop_is_that_over_all_readings_and_codings(name: str) -> None:
    """Drawn readings give the expected drop that all readings of all codings give, for every quote."""
    solution = solve(CASES[name], n_chains=64, n_draws=600)
    frame = next_reading(solution, n_readings=4000)
    assert frame["expected_drop"].is_monotonic_decreasing
    for quote_id, _, drop, error in frame.itertuples(index=False):
        expected = expected_drop(solution, solution.problem.quotes.index(quote_id))
        assert drop == pytest.approx(expected, abs=5 * error + 0.02)


def test_error_rates_are_hits_and_false_alarms_against_the_reconstruction() -> None:
    """A reader who codes what is known to be coded, and one cell more, has hits and one false alarm (Laplace added)."""
    known = DIAGONAL.assign(is_coded=True)
    off = [(f"Q{i + 1:02d}", f"t{j}", False) for i in range(4) for j in range(4) if i != j]
    fixed = pd.concat([known, pd.DataFrame(off, columns=["quote_id", "theme", "is_coded"])])
    confidence = np.eye(4) * 0.9
    confidence[0, 1] = 0.7
    rates = error_rates(solve(posed(confidence, [1, 1, 1, 1], fixed=fixed), n_draws=10))
    assert rates.hit_rate == pytest.approx((4 + 1) / (4 + 2))
    assert rates.false_alarm_rate == pytest.approx((1 + 1) / (12 + 2))


def test_only_the_most_open_quotes_are_tried() -> None:
    """`n_candidates` limits the rows to the quotes with the greatest entropy; both numbers must be positive."""
    solution = solve(CASES["exact totals"], n_chains=8, n_draws=10)
    frame = next_reading(solution, n_candidates=2, n_readings=10)
    own = bits(solution.draws.probability).sum(axis=1)
    assert set(frame["quote_id"]) == {solution.problem.quotes[place] for place in np.argsort(-own)[:2]}
    with pytest.raises(ValueError, match="must be at least 1, not 0 and 500"):
        next_reading(solution, n_candidates=0)

"""The best coding behind published totals, its regrets, what is refused, and what it says about the first study."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_roundup.coding.codings import majority
from expert_roundup.coding.reconstruction import (
    Problem,
    changes,
    doubtful_cells,
    floor_sensitivity,
    pose,
    reconstruct,
    remarks,
    solve,
)
from expert_roundup.coding.reconstruction.feasibility import check_feasible
from expert_roundup.coding.reconstruction.optimum import best_coding
from expert_roundup.coding.reconstruction.residual import improved, potentials, regrets
from expert_roundup.datasets import load_codebook, load_codings, load_published_tally

Bools = npt.NDArray[np.bool_]


def frames(confidence: npt.ArrayLike, totals: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Codings of one coder from a matrix quotes x themes, and a published tally."""
    matrix = np.asarray(confidence, dtype=float)
    themes = [f"t{number}" for number in range(matrix.shape[1])]
    rows = [(f"Q{i + 1:02d}", themes[j], "A", matrix[i, j]) for i in range(len(matrix)) for j in range(len(themes))]
    codings = pd.DataFrame(rows, columns=["quote_id", "theme", "coder", "confidence"])
    return codings, pd.DataFrame({"theme": themes, "n_published": totals})


def posed(confidence: npt.ArrayLike, totals: list[int], **options: Any) -> Problem:
    return pose(*frames(confidence, totals), **options)


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


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Problems of up to 12 cells with every option, feasible or not; confidences in tenths, so that there are ties."""
    n, m = draw(st.sampled_from([(1, 1), (2, 2), (3, 2), (2, 4), (4, 3), (3, 4)]))
    confidence = np.array(draw(st.lists(st.integers(0, 10), min_size=n * m, max_size=n * m))).reshape(n, m) / 10
    totals = draw(st.lists(st.integers(0, n), min_size=m, max_size=m))
    low = draw(st.integers(0, 1))
    fixed = pd.DataFrame(
        draw(
            st.lists(
                st.tuples(st.integers(0, n - 1), st.integers(0, m - 1), st.booleans()),
                max_size=2,
                unique_by=lambda cell: cell[:2],
            )
        ),
        columns=["quote", "theme", "is_coded"],
    )
    cells = pd.DataFrame(
        {
            "quote_id": [f"Q{i + 1:02d}" for i in fixed["quote"]],
            "theme": [f"t{j}" for j in fixed["theme"]],
            "is_coded": fixed["is_coded"],
        }
    )
    return posed(
        confidence,
        totals,
        min_themes=low,
        max_themes=draw(st.integers(low, m)),
        error=draw(st.integers(0, 1)),
        fixed=cells,
    )


def value(problem: Problem, codings: Bools) -> npt.NDArray[np.float64]:
    return np.asarray((codings * problem.weights).sum(axis=(-2, -1)))


def is_certified(problem: Problem, best: Bools) -> bool:
    """No open cell gains by changing under the prices, and a quote or theme with a price sits at its bound."""
    limits, is_open = problem.limits, ~problem.limits.is_fixed
    by_quote, by_theme = potentials(problem, best)
    gain = problem.weights - by_quote[:, None] - by_theme
    return (
        bool((gain[best & is_open] >= -1e-9).all() and (gain[~best & is_open] <= 1e-9).all())
        and at_its_bound(by_quote, best.sum(axis=1), limits.min_themes, limits.max_themes)
        and at_its_bound(by_theme, best.sum(axis=0), limits.min_quotes, limits.max_quotes)
    )


def at_its_bound(price: Any, n: Any, low: Any, high: Any) -> bool:
    return bool((n[price > 1e-9] == high[price > 1e-9]).all() and (n[price < -1e-9] == low[price < -1e-9]).all())


@settings(max_examples=35, deadline=None)
@given(problems())
def test_best_coding_regrets_prices_and_reasons_against_all_codings(problem: Problem) -> None:
    """Trying all codings finds none better and the same regrets; prices certify; reasons are given only if needed."""
    codings = possible(problem)
    if not len(codings):
        for function in (check_feasible, best_coding):
            with pytest.raises(ValueError, match="no coding can meet it: "):
                function(problem)
        return
    assert check_feasible(problem) is problem
    best = best_coding(problem)
    values = value(problem, codings)
    assert (codings == best).all(axis=(1, 2)).any()
    assert value(problem, best) == pytest.approx(values.max(), abs=1e-9)
    for (quote, theme), regret in np.ndenumerate(regrets(problem, best)):
        flipped = values[codings[:, quote, theme] != best[quote, theme]]
        assert regret == pytest.approx(values.max() - flipped.max() if len(flipped) else np.inf, abs=1e-8)
    assert is_certified(problem, best)


def test_a_poor_coding_is_improved_to_the_best() -> None:
    """Cancelling cycles from the worst coding reaches the value of the linear programme."""
    confidence = np.random.default_rng(1).random((4, 4))
    problem = posed(confidence, [2, 1, 2, 1], max_themes=3, error=1)
    codings = possible(problem)
    worst = codings[value(problem, codings).argmin()]
    assert value(problem, improved(problem, worst)) == pytest.approx(value(problem, codings).max())


def test_between_equals_early_quotes_and_themes_are_coded() -> None:
    """With nothing to choose between cells, the first ones are coded, and the order of the rows does not matter."""
    codings, published = frames(np.full((4, 3), 0.5), [2, 1, 1])
    first = reconstruct(codings, published, n_draws=10)
    again = reconstruct(codings.sample(frac=1, random_state=1), published, n_draws=10)
    assert first[first["is_coded"]][["quote_id", "theme"]].to_numpy().tolist() == [
        ["Q01", "t0"],
        ["Q02", "t0"],
        ["Q03", "t1"],
        ["Q04", "t2"],
    ]
    pd.testing.assert_frame_equal(first, again)


# what is refused, and why


def test_all_reasons_stand_in_one_sentence() -> None:
    """Sums, a total above the number of quotes and known cells that contradict a total are named together."""
    codings, published = frames(np.full((3, 2), 0.5), [4, 1])
    fixed = pd.DataFrame({"quote_id": ["Q01", "Q02"], "theme": "t1", "is_coded": True})
    reasons = (
        r"no coding can meet it: the totals add up to 5, but 3 quotes take at most 3 themes in all; "
        r"t0 is published for 4 quotes, but there are 3; t1 is fixed at 2 quotes, but its total is 1$"
    )
    with pytest.raises(ValueError, match=reasons):
        reconstruct(codings, published, max_themes=1, fixed=fixed)


@pytest.mark.parametrize(
    ("totals", "options", "reason"),
    [
        ([1, 0], {}, "the totals add up to 1, but 3 quotes need at least 3 themes in all"),
        ([0, 0], {}, "the totals add up to 0, but 3 quotes need"),
        ([3, 1], {"max_themes": 1}, "add up to 4, but 3 quotes take at most 3"),
        ([2, 2], {"min_themes": 3, "max_themes": 3}, "Q01 needs at least 3 themes, but there are 2"),
        (
            [2, 2],
            {"fixed": pd.DataFrame({"quote_id": "Q02", "theme": ["t0", "t1"], "is_coded": "false"})},
            "Q02 needs at least 1 themes, but fixed cells leave it 0",
        ),
        (
            [2, 2],
            {"fixed": pd.DataFrame({"quote_id": ["Q01", "Q02"], "theme": "t0", "is_coded": 0})},
            "t0 has a total of 2, but is fixed as not coded at all but 1 quotes",
        ),
        (
            [2, 2],
            {
                "fixed": pd.DataFrame({"quote_id": "Q02", "theme": ["t0", "t1"]}),
                "quote_bounds": pd.DataFrame({"quote_id": ["Q02"], "min_themes": [1], "max_themes": [1]}),
            },
            "Q02 has 2 fixed themes, but takes at most 1",
        ),
    ],
)
def test_totals_that_no_coding_meets_are_refused_with_the_reason(
    totals: list[int], options: dict[str, Any], reason: str
) -> None:
    """Each way in which totals, bounds and known cells can contradict each other has its words."""
    codings, published = frames(np.full((3, 2), 0.5), totals)
    with pytest.raises(ValueError, match=reason):
        reconstruct(codings, published, **options)


def test_a_bottleneck_among_several_themes_is_named() -> None:
    """Two themes that only one quote is open to ask for two, though every sum is fine: they are named with the room."""
    closed = [("Q02", "t0"), ("Q03", "t0"), ("Q02", "t1"), ("Q03", "t1")]
    fixed = pd.DataFrame(closed, columns=["quote_id", "theme"]).assign(is_coded=False)
    codings, published = frames(np.full((3, 3), 0.5), [1, 1, 2])
    bounds = pd.DataFrame({"quote_id": ["Q01"], "min_themes": [1], "max_themes": [1]})
    with pytest.raises(ValueError, match=r"t0 and t1 ask for 2 codings together, but .* have room for 1$"):
        reconstruct(codings, published, fixed=fixed, quote_bounds=bounds)


def test_quotes_that_need_more_than_their_themes_give_are_named() -> None:
    """Two quotes that are open to one theme of total 1 need two, though every sum is fine."""
    fixed = pd.DataFrame({"quote_id": ["Q01", "Q02"], "theme": "t1", "is_coded": False})
    codings, published = frames(np.full((3, 2), 0.5), [1, 1])
    with pytest.raises(ValueError, match=r"Q01 and Q02 need 2 themes together, but .* have room for 1$"):
        reconstruct(
            codings,
            published,
            fixed=fixed,
            quote_bounds=pd.DataFrame({"quote_id": ["Q03"], "min_themes": [0], "max_themes": [2]}),
        )


CODINGS, PUBLISHED = frames([[0.9, 0.1], [0.2, 0.7]], [1, 1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"codings": CODINGS.iloc[:0]}, "codings: no coder of their own"),
        ({"codings": CODINGS.assign(coder="majority")}, "codings: no coder of their own"),
        ({"published": PUBLISHED.iloc[:0]}, "published tally: no theme"),
        ({"published": PUBLISHED.iloc[:1]}, "codings: themes without a published total: 't1'"),
        ({"published": PUBLISHED.assign(n_published=[1.5, -1])}, "2 faults: .*'1.5' is no whole number.*'-1.0' is no"),
        ({"published": PUBLISHED.assign(theme="t0")}, "'t0' stands there already"),
        ({"codings": pd.concat([CODINGS, CODINGS.iloc[:1]])}, "stands there already"),
        ({"floor": 0.0}, "floor must be above 0 and below 0.5, not 0.0"),
        ({"floor": 0.5}, "floor must be"),
        ({"min_themes": -1}, "min_themes must be a whole number from 0, not -1"),
        ({"max_themes": 2.5}, "max_themes must be a whole number from 0, not 2.5"),
        ({"min_themes": 3, "max_themes": 2}, r"min_themes \(3\) must not be above max_themes \(2\)"),
        ({"error": -1}, "error must be a whole number from 0, not -1"),
        ({"error": {"t9": 1}}, "error: themes without a published total: 't9'"),
        ({"coder_weights": {"Z": 1}}, "coder_weights: nobody called 'Z' codes here; coders are A"),
        ({"coder_weights": {"A": -1}}, "coder_weights must be numbers from 0, not A=-1"),
        ({"coder_weights": {"A": float("nan")}}, "coder_weights must be numbers from 0"),
        ({"coder_weights": {"A": 0}}, "every coder weighs 0"),
        ({"quotes": ["Q01"]}, "codings: quotes that are not among the 1 quotes: 'Q02'"),
        ({"quotes": ["Q01", "Q02", "Q02"]}, "quotes: 'Q02' stands there twice"),
        ({"fixed": pd.DataFrame({"quote_id": ["Q09", "Q01"], "theme": ["t0", "t9"]})}, "2 faults: .*'Q09'.*'t9'"),
        ({"fixed": pd.DataFrame({"quote_id": ["Q01"]})}, "fixed: no column theme"),
        (
            {"fixed": pd.DataFrame({"quote_id": ["Q01"] * 2, "theme": "t0", "is_coded": ["maybe", True]})},
            "2 faults: .*'maybe' is neither true nor false.*stands there already",
        ),
        (
            {"quote_bounds": pd.DataFrame({"quote_id": ["Q01"], "min_themes": [2], "max_themes": [1]})},
            "min_themes and max_themes are reversed: 2 > 1",
        ),
        (
            {"theme_bounds": pd.DataFrame({"theme": ["t9", "t0"], "min_quotes": ["x", 1], "max_quotes": [1, 1]})},
            "theme_bounds: 2 faults: .*'t9' is unknown.*'x', '1'",
        ),
        ({"n_chains": 12}, "n_chains must be a multiple of 8, not 12"),
        ({"n_draws": 9}, "n_draws must be a multiple of 2 from 10, not 9"),
    ],
)
def test_unusable_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    """Each fault of an argument is said in its words, all faults of a table at once."""
    with pytest.raises(ValueError, match=message):
        reconstruct(**({"codings": CODINGS, "published": PUBLISHED} | arguments))


def test_one_text_is_no_list_of_quotes() -> None:
    """A single id where all quotes belong is refused, not taken letter by letter."""
    with pytest.raises(TypeError, match="quotes must be quote ids"):
        reconstruct(CODINGS, PUBLISHED, quotes="Q01")


@pytest.mark.parametrize("argument", ["codings", "published", "fixed", "quote_bounds", "theme_bounds"])
def test_what_is_no_frame_is_refused(argument: str) -> None:
    """A list where a frame belongs is a TypeError that names the argument."""
    given_ = {"codings": CODINGS, "published": PUBLISHED, argument: ["Q01"]}
    with pytest.raises(TypeError, match=f"{argument} must be a frame, not list"):
        reconstruct(**given_)  # type: ignore[arg-type]


# how readings and options count


def test_the_mean_is_over_those_who_read_the_quote() -> None:
    """A reader without a row for the theme counts as 0, somebody who did not read the quote not at all."""
    rows = [("Q01", "t0", "A", 0.9), ("Q01", "", "B", None), ("Q02", "t0", "A", 0.6), ("Q01", "t1", "C", 0.3)]
    codings = pd.DataFrame(rows, columns=["quote_id", "theme", "coder", "confidence"])
    problem = pose(codings, PUBLISHED)
    np.testing.assert_allclose(problem.mean, [[0.3, 0.1], [0.6, 0.0]])
    heavier = pose(codings, PUBLISHED, coder_weights={"A": 2, "B": 0})
    np.testing.assert_allclose(heavier.mean, [[0.6, 0.1], [0.6, 0.0]])
    p = np.array([[0.3, 0.1], [0.6, 0.01]])
    np.testing.assert_allclose(problem.weights, np.log(p / (1 - p)))


def test_majority_and_consensus_do_not_count_twice() -> None:
    """Readings made of others are left out of the mean."""
    more = pd.concat([CODINGS, majority(CODINGS), CODINGS.assign(coder="consensus", confidence=1.0)])
    pd.testing.assert_frame_equal(reconstruct(more, PUBLISHED, n_draws=10), reconstruct(CODINGS, PUBLISHED, n_draws=10))


def test_a_quote_that_nobody_read_takes_the_published_shares() -> None:
    """Its cells weigh what the theme's total over all quotes says, and totals count it."""
    codings, published = frames([[0.9, 0.1], [0.2, 0.9]], [2, 1])
    problem = pose(codings, published, quotes=["Q01", "Q02", "Q03"])
    np.testing.assert_allclose(problem.mean[2], [2 / 3, 1 / 3])
    quotes = pd.DataFrame({"quote_id": ["Q01", "Q02", "Q03"]})
    frame = reconstruct(codings, published, quotes=quotes, n_draws=10)
    assert frame.set_index(["quote_id", "theme"])["is_coded"]["Q03"].tolist() == [True, False]


def test_a_theme_that_no_coder_considered_still_meets_its_total() -> None:
    """A published theme without any coding weighs the floor everywhere and is placed all the same."""
    codings, published = frames([[0.9], [0.8]], [2])
    published = pd.concat([published, pd.DataFrame({"theme": ["new"], "n_published": [1]})])
    frame = reconstruct(codings, published, n_draws=10)
    assert frame.groupby("theme")["is_coded"].sum().to_dict() == {"t0": 2, "new": 1}


def test_a_total_of_zero_leaves_no_cell_coded() -> None:
    """The theme's probabilities are 0 and its regrets inf: no coding has it."""
    frame = reconstruct(*frames([[0.9, 0.9], [0.8, 0.9]], [2, 0]), n_draws=10).query("theme == 't1'")
    assert not frame["is_coded"].any()
    assert (frame["probability"] == 0).all()
    assert np.isinf(frame["regret"]).all()


def test_known_cells_stay_and_cannot_be_flipped() -> None:
    """A fixed cell has its value, probability 0 or 1 and an infinite regret."""
    fixed = pd.DataFrame({"quote_id": ["Q01", "Q03"], "theme": ["t0", "t1"], "is_coded": [False, True]})
    frame = reconstruct(*frames(np.full((4, 2), 0.5), [2, 2]), fixed=fixed, n_draws=50).set_index(["quote_id", "theme"])
    known = frame.loc[[("Q01", "t0"), ("Q03", "t1")]]
    assert known["is_coded"].tolist() == [False, True]
    assert known["probability"].tolist() == [0.0, 1.0]
    assert np.isinf(known["regret"]).all()


def test_labels_are_matched_and_themes_follow_the_codebook() -> None:
    """A tally with labels only is matched to the codebook, whose order the rows take."""
    codebook = load_codebook()
    published = load_published_tally().iloc[::-1][["label", "n_published"]]
    frame = reconstruct(load_codings(), published, codebook=codebook, n_draws=10)
    assert frame["theme"].unique().tolist() == codebook["theme"].tolist()
    whole = reconstruct(load_codings(), load_published_tally(), n_draws=10)
    pd.testing.assert_frame_equal(frame, whole)


def test_arguments_stay_as_they_are(inputs_unchanged: Callable[..., Any]) -> None:
    """Reconstructing with every option changes none of them."""
    codings, published = frames(np.full((4, 2), 0.5), [2, 2])
    inputs_unchanged(
        reconstruct,
        codings,
        published,
        fixed=pd.DataFrame({"quote_id": ["Q01"], "theme": ["t0"], "is_coded": [True]}),
        quote_bounds=pd.DataFrame({"quote_id": ["Q02"], "min_themes": [1], "max_themes": [2]}),
        theme_bounds=pd.DataFrame({"theme": ["t1"], "min_quotes": [1], "max_quotes": [3]}),
        error={"t0": 1},
        coder_weights={"A": 2.0},
        n_draws=10,
    )


# the first study


@pytest.fixture(scope="module")
def study() -> pd.DataFrame:
    return reconstruct(load_codings(), load_published_tally())


def test_every_published_total_of_the_study_is_met(study: pd.DataFrame) -> None:
    """372 cells, 31 quotes by 12 themes in order; every total exactly, one to four themes a quote."""
    assert list(study.columns) == ["quote_id", "theme", "is_coded", "probability", "regret"]
    published = load_published_tally()
    assert study["quote_id"].unique().tolist() == [f"Q{number:02d}" for number in range(1, 32)]
    assert study["theme"].tolist() == published["theme"].tolist() * 31
    totals = study.groupby("theme", sort=False)["is_coded"].sum()
    assert totals.tolist() == published["n_published"].tolist()
    assert study.groupby("quote_id")["is_coded"].sum().between(1, 4).all()
    # the draws meet the totals too
    expected = study.groupby("theme", sort=False)["probability"].sum()
    np.testing.assert_allclose(expected, published["n_published"].astype(float))


def test_the_study_differs_from_its_majority_in_nine_cells(study: pd.DataFrame) -> None:
    """The majority codes 48 cells, the reconstruction 45, and 9 of the 372 differ."""
    assert len(changes(study, load_codings())) == 9
    assert study["is_coded"].sum() == 45


def test_the_least_certain_cells_of_the_study(study: pd.DataFrame) -> None:
    """They are the consistent, craft, networks and repurpose cells that the notes on the model name."""
    cells = doubtful_cells(study, n=9)
    assert set(cells["quote_id"] + " " + cells["theme"]) == {
        "Q14 consistent", "Q31 consistent", "Q02 craft", "Q04 craft", "Q18 craft", "Q08 networks", "Q11 networks",
        "Q09 repurpose", "Q22 repurpose",
    }  # fmt: skip


def test_probabilities_of_the_study_equal_the_exact_ones(study: pd.DataFrame) -> None:
    """Six cells against their exact probabilities, summed over all codings (bench_reconstruction.py --exact)."""
    cells = study.set_index(["quote_id", "theme"])["probability"]
    exact = {
        ("Q02", "craft"): 0.3220,
        ("Q14", "consistent"): 0.3668,
        ("Q20", "relationships"): 0.3245,
        ("Q22", "budget"): 0.6586,
        ("Q25", "budget"): 0.4484,
        ("Q31", "relationships"): 0.7619,
    }
    for cell, probability in exact.items():
        assert cells[cell] == pytest.approx(probability, abs=0.04), cell


def test_equal_seeds_give_equal_frames() -> None:
    """A second run is equal to the last bit; another seed moves the probabilities only."""
    first, again, other = (
        reconstruct(load_codings(), load_published_tally(), seed=seed, n_draws=50) for seed in (0, 0, 1)
    )
    pd.testing.assert_frame_equal(first, again)
    assert (other["probability"] != first["probability"]).any()
    pd.testing.assert_frame_equal(first.drop(columns="probability"), other.drop(columns="probability"))


def test_probabilities_move_with_the_floor(study: pd.DataFrame) -> None:
    """A floor of .001 moves no cell by more than .1 from one of .01, a floor of .05 moves some by more than .2."""
    frame = floor_sensitivity(load_codings(), load_published_tally(), n_draws=300)
    assert frame["floor"].unique().tolist() == [0.001, 0.01, 0.05]
    parts = [part["probability"].to_numpy() for _, part in frame.groupby("floor")]
    assert np.abs(parts[1] - study["probability"]).max() < 0.06
    assert np.abs(parts[0] - study["probability"]).max() < 0.1
    assert 0.2 < np.abs(parts[2] - study["probability"]).max() < 0.3
    best = frame["is_coded"].to_numpy().reshape(3, -1)
    assert (best == best[1]).all()


def test_the_remarks_say_what_it_is_not() -> None:
    """Totals, changes, doubt, near-optimal codings, convergence, and that it is not the author's own coding."""
    codings = load_codings()
    sentences = remarks(solve(pose(codings, load_published_tally()), n_draws=100), codings)
    assert sentences[0] == "Every published total is met: 45 coded cells in 12 themes over 31 quotes."
    assert "in 9 of 372 cells: 3 added, 6 dropped" in sentences[1]
    assert sentences[2].startswith("Least certain cells, by regret: Q14 consistent 0.03 (not coded")
    assert sentences[3] == "142 codings lie within 1 of the best one in log-probability."
    assert sentences[4].startswith("Convergence: 128 chains of 100 draws")
    assert "how the author coded is not known" in sentences[5]

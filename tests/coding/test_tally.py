"""The tally, its ranks, groups, weights and the comparison of two roundups."""

from __future__ import annotations

import itertools
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_roundup.coding.codings import indicator
from expert_roundup.coding.comparison import compare_roundups, newcombe_interval
from expert_roundup.coding.published import check_published_tally, read_published_tally
from expert_roundup.coding.ranks import (
    ahead_shares,
    best_ranks,
    rank_intervals,
    resampled_counts,
    top_change,
    worst_ranks,
)
from expert_roundup.coding.tally import (
    ahead_probabilities,
    first_probabilities,
    tally,
    tally_by_group,
    weighted_tally,
)

BOOK = pd.DataFrame({"theme": ["goals", "craft", "tools"], "label": ["Have Goals", "Craft Posts & More", "Use Tools"]})
CODINGS = pd.DataFrame(
    [
        ("Q01", "goals", "A", 0.9),
        ("Q01", "craft", "A", 0.5),
        ("Q02", "goals", "A", 0.6),
        ("Q02", "tools", "A", 0.4),
        ("Q03", "", "A", None),
        ("Q01", "tools", "B", 1.0),
    ],
    columns=["quote_id", "theme", "coder", "confidence"],
)
PUBLISHED = pd.DataFrame({"label": ["CRAFT posts  & more", "Have goals"], "n_published": [3, 2]})

COLUMNS = ("theme", "label", "n_quotes", "share", "n_published", "difference", "rank", "rank_low", "rank_high")
COUNTED = [name for name in COLUMNS if name not in ("n_published", "difference")]

st_cells = st.integers(2, 7).flatmap(
    lambda n_themes: st.lists(st.lists(st.integers(0, 1), min_size=n_themes, max_size=n_themes), min_size=1, max_size=6)
)


def as_codings(cells, coder: str = "A") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Codings and codebook of a 0/1 table quotes x themes."""
    rows = [
        (f"Q{quote:02d}", f"t{theme}" if is_coded else "", coder, 1.0)
        for quote, row in enumerate(cells)
        for theme, is_coded in [*enumerate(row), (None, False)]
        if is_coded or theme is None
    ]
    book = pd.DataFrame({"theme": [f"t{theme}" for theme in range(len(cells[0]))]})
    return pd.DataFrame(rows, columns=["quote_id", "theme", "coder", "confidence"]), book


def test_columns_are_those_of_the_design():
    """Themes in codebook order, shares of what the coder read, ranks with ties at their best."""
    result = tally(CODINGS, BOOK, coder="A")
    assert list(result.columns) == list(COLUMNS)
    assert result["theme"].to_list() == ["goals", "craft", "tools"]
    assert result["n_quotes"].to_list() == [2, 1, 0]
    assert result["share"].to_list() == [2 / 3, 1 / 3, 0]
    assert result["rank"].to_list() == [1, 2, 3]


def test_without_published_totals_nothing_is_invented():
    """Published count and difference are missing, not 0."""
    result = tally(CODINGS, BOOK, coder="A")
    assert result[["n_published", "difference"]].isna().all(axis=None)
    assert [str(result[name].dtype) for name in ("n_published", "difference")] == ["Int64", "Int64"]


def test_published_totals_are_matched_by_label():
    """Labels match whatever their case and spaces; a theme that was not published stays without a total."""
    result = tally(CODINGS, BOOK, coder="A", published=PUBLISHED)
    assert result["n_published"].to_list() == [2, 3, pd.NA]
    assert result["difference"].to_list() == [0, -2, pd.NA]


def test_majority_is_the_default():
    """Q01 was read by two: nobody has more than half there; elsewhere A is alone."""
    assert tally(CODINGS, BOOK)["n_quotes"].to_list() == [1, 0, 0]


def test_the_threshold_is_an_argument():
    """At .4 the rejected coding counts."""
    assert tally(CODINGS, BOOK, coder="A", threshold=0.4)["n_quotes"].to_list() == [2, 1, 1]


def test_unknown_themes_and_coders_are_named():
    """Themes outside the codebook stop the tally, rejected ones too."""
    with pytest.raises(ValueError, match=r"row 4: theme 'tools'.*row 6: theme 'tools'"):
        tally(CODINGS, BOOK.iloc[:2])
    with pytest.raises(ValueError, match="coder 'Z' has no codings; there are A, B and majority"):
        tally(CODINGS, BOOK, coder="Z")


@pytest.mark.parametrize(
    "function",
    [tally, weighted_tally, ahead_probabilities, first_probabilities, lambda c, b: compare_roundups(c, c, b)],
)
def test_inputs_are_left_unchanged(function):
    """No function writes into codings or codebook."""
    codings, book = CODINGS.copy(deep=True), BOOK.copy(deep=True)
    function(codings, book)
    pd.testing.assert_frame_equal(codings, CODINGS)
    pd.testing.assert_frame_equal(book, BOOK)


@settings(max_examples=15, deadline=None)
@given(st_cells, st.randoms(use_true_random=False))
def test_the_tally_ignores_the_order_of_rows(cells, random):
    """Shuffled codings give the same tally, rank intervals included."""
    codings, book = as_codings(cells)
    order = list(range(len(codings)))
    random.shuffle(order)
    one, other = (tally(rows, book, coder="A", n_resamples=200) for rows in (codings, codings.iloc[order]))
    pd.testing.assert_frame_equal(one, other)


@settings(max_examples=15, deadline=None)
@given(st_cells)
def test_counts_shares_and_ranks_equal_a_plain_loop(cells):
    """Counts are column sums, ranks one more than the themes strictly ahead, and the rank lies in no odd interval."""
    codings, book = as_codings(cells)
    result = tally(codings, book, coder="A", n_resamples=200)
    counts = [sum(row[theme] for row in cells) for theme in range(len(cells[0]))]
    assert result["n_quotes"].to_list() == counts
    assert result["share"].to_list() == [count / len(cells) for count in counts]
    assert result["rank"].to_list() == [1 + sum(other > count for other in counts) for count in counts]
    assert (result["rank_low"] <= result["rank_high"]).all()


def test_a_seed_gives_the_same_bytes():
    """Same seed, same frame; another seed is another draw of the same distribution."""
    codings, book = as_codings(np.random.default_rng(1).integers(0, 2, (9, 4)).tolist())
    first, again, other = (ahead_probabilities(codings, book, coder="A", seed=seed) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)
    assert (first - other).abs().max(axis=None) < 0.03


def test_resampling_is_the_bootstrap_over_quotes():
    """Counts of resamples have the mean and the covariance of drawing quotes with replacement."""
    cells = np.array([[1, 0, 1], [1, 1, 0], [0, 0, 0], [1, 0, 1], [0, 1, 0]])
    counts = resampled_counts(pd.DataFrame(cells), n_resamples=60_000)
    assert counts.mean(axis=0) == pytest.approx(cells.sum(axis=0), abs=0.02)
    assert np.cov(counts.T) == pytest.approx(5 * np.cov(cells.T, ddof=0), abs=0.02)


def test_resamples_do_not_depend_on_how_many_are_drawn_at_a_time(monkeypatch):
    """Large tables are drawn in pieces, with the same result."""
    table = pd.DataFrame(np.random.default_rng(0).integers(0, 2, (20, 6)))
    whole = resampled_counts(table, n_resamples=500)
    monkeypatch.setattr("expert_roundup.coding.ranks._DRAWN_AT_ONCE", 70)
    assert np.array_equal(resampled_counts(table, n_resamples=500), whole)


def test_rank_intervals_are_quantiles_of_best_and_worst_ranks():
    """Two themes, three quotes: the distribution can be written down. Theme a is in two quotes, b in one of the others.

    b is ahead when it is drawn more often than a: with p(a) = 2/3, p(b) = 1/3 and three draws, P(b ahead) is
    P(b >= 2) = 7/27, so the best rank of a is 2 in 26 % of draws and its interval is [1, 2]. With a in every quote and
    b in none, no draw changes anything.
    """
    assert sum(comb(3, k) * 2 ** (3 - k) for k in (2, 3)) == 7
    codings, book = as_codings([[1, 0], [1, 0], [0, 1]])
    result = tally(codings, book, coder="A")
    assert result[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 2], [1, 2]]
    shares = ahead_probabilities(codings, book, coder="A", n_resamples=40_000)
    assert shares.loc["t1", "t0"] == pytest.approx(7 / 27, abs=0.01)
    assert shares.loc["t0", "t1"] == pytest.approx(20 / 27, abs=0.01)
    codings, book = as_codings([[1, 0], [1, 0], [1, 0]])
    assert tally(codings, book, coder="A")[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1], [2, 2]]


def test_ties_widen_an_interval_to_the_worst_rank():
    """Two themes always level: best rank 1 of both, worst rank 2 of both."""
    codings, book = as_codings([[1, 1], [0, 0], [1, 1]])
    result = tally(codings, book, coder="A")
    assert result["rank"].to_list() == [1, 1]
    assert result[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 2], [1, 2]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_best_and_worst_ranks_equal_their_definition(counts):
    """Strictly ahead for the best rank, at least level for the worst, for one row and for many."""
    best = [1 + sum(other > count for other in counts) for count in counts]
    worst = [sum(other >= count for other in counts) for count in counts]
    assert best_ranks(counts).tolist() == best
    assert worst_ranks(counts).tolist() == worst
    assert best_ranks([counts, counts]).tolist() == [best, best]


def test_quantiles_are_ranks_that_occurred():
    """2.5 % and 97.5 % of a known table: the 25th and the 975th of 1000 sorted ranks."""
    counts = np.array([[2, 1]] * 975 + [[1, 2]] * 25)
    low, high = rank_intervals(counts)
    assert low.tolist() == [1, 1]
    assert high.tolist() == [1, 2]
    low, high = rank_intervals(np.array([[2, 1]] * 976 + [[1, 2]] * 24))
    assert low.tolist() == [1, 2]
    assert high.tolist() == [1, 2]


def test_opposite_shares_and_ties_add_up_to_one():
    """Ahead, behind and level are all there is; the diagonal says nothing."""
    counts = resampled_counts(pd.DataFrame(np.random.default_rng(3).integers(0, 2, (7, 4))), n_resamples=500)
    shares = ahead_shares(counts)
    assert np.isnan(np.diag(shares)).all()
    for i, j in itertools.combinations(range(4), 2):
        ties = (counts[:, i] == counts[:, j]).mean()
        assert shares[i, j] + shares[j, i] + ties == pytest.approx(1)


def test_the_first_place_is_alone_or_level():
    """Shares of being alone at the top add up to 1 less the ties."""
    codings, book = as_codings([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]])
    result = first_probabilities(codings, book, coder="A", n_resamples=2_000)
    assert (result["share_first"] <= result["share_first_or_level"]).all()
    assert result["share_first"].sum() < 1 < result["share_first_or_level"].sum()
    assert result["share_first"].iloc[0] == pytest.approx(result["share_first"].iloc[1], abs=0.05)


def brute_force_change(cells: np.ndarray, size: int) -> int | None:
    """Fewest flipped cells after which another set can be called the top, by trying all flips of 1, 2, 3 ... cells."""

    def callable_tops(counts) -> set[frozenset[int]]:
        everything = range(len(counts))
        return {
            frozenset(top)
            for top in itertools.combinations(everything, min(size, len(counts)))
            if all(counts[inside] >= counts[outside] for inside in top for outside in everything if outside not in top)
        }

    tops = callable_tops(cells.sum(axis=0))
    if len(tops) > 1:
        return 0
    for n_flips in range(1, cells.size + 1):
        for flips in itertools.combinations(range(cells.size), n_flips):
            changed = cells.copy().ravel()
            changed[list(flips)] ^= 1
            if callable_tops(changed.reshape(cells.shape).sum(axis=0)) - tops:
                return n_flips
    return None


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda n_themes: st.lists(
            st.lists(st.integers(0, 1), min_size=n_themes, max_size=n_themes), min_size=1, max_size=3
        )
    ),
    st.integers(1, 3),
)
def test_the_price_of_another_top_equals_brute_force(cells, size):
    """On small tables, trying every set of recodings finds nothing cheaper."""
    table = np.array(cells)
    counted = pd.DataFrame({"theme": [f"t{at}" for at in range(table.shape[1])], "n_quotes": table.sum(axis=0)})
    assert top_change(counted, size=size).n_recodings == brute_force_change(table, size)


def test_a_tie_at_the_border_leaves_the_top_open():
    """With third and fourth level, another set can be called the top three already."""
    change = top_change(pd.DataFrame({"theme": list("abcd"), "n_quotes": [9, 8, 4, 4]}))
    assert (change.n_recodings, change.top, change.leaving, change.entering) == (0, ("a", "b", "c"), ("c",), ("d",))
    with pytest.raises(ValueError, match="size must be at least 1"):
        top_change(pd.DataFrame({"theme": ["a"], "n_quotes": [1]}), size=0)


def test_groups_are_tallied_by_themselves():
    """Each group has its own quotes read, counts and ranks; groups stand in page order."""
    groups = {"Q01": "ru", "Q02": "en", "Q03": "en", "Q99": "de"}
    result = tally_by_group(CODINGS, BOOK, groups, coder="A")
    assert list(result.columns) == ["group", "n_read", *COUNTED]
    assert result[["group", "n_read", "theme", "n_quotes"]].to_numpy().tolist() == [
        ["ru", 1, "goals", 1],
        ["ru", 1, "craft", 1],
        ["ru", 1, "tools", 0],
        ["en", 2, "goals", 1],
        ["en", 2, "craft", 0],
        ["en", 2, "tools", 0],
    ]
    one = tally_by_group(CODINGS, BOOK, dict.fromkeys(["Q01", "Q02", "Q03"], "all"), coder="A")
    pd.testing.assert_frame_equal(
        one[["n_quotes", "rank_high"]], tally(CODINGS, BOOK, coder="A")[["n_quotes", "rank_high"]]
    )


def test_quotes_without_a_group_are_named():
    """A missing group would drop quotes silently."""
    with pytest.raises(ValueError, match=r"no group for Q02, Q03$"):
        tally_by_group(CODINGS, BOOK, pd.Series({"Q01": "ru", "Q02": None}), coder="A")


def test_weights_are_the_confidence_of_coded_codings():
    """Rejected codings weigh nothing; a sure theme can pass a frequent one."""
    result = weighted_tally(CODINGS, BOOK, coder="A")
    assert result["n_weighted"].to_list() == [1.5, 0.5, 0]
    assert result["share_weighted"].to_list() == [0.5, pytest.approx(1 / 6), 0]
    doubtful = pd.DataFrame(
        [("Q1", "goals", "A", 0.5), ("Q2", "goals", "A", 0.5), ("Q1", "craft", "A", 1.0), ("Q2", "craft", "A", 0.4)],
        columns=CODINGS.columns,
    )
    ranks = weighted_tally(doubtful, BOOK, coder="A")[["rank", "rank_weighted"]].to_numpy().tolist()
    assert ranks == [[1, 1], [2, 1], [3, 3]]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((0, 10, 0, 10), (-0.2775, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0000)),
        ((10, 10, 0, 10), (0.6075, 1.0000)),
    ],
)
def test_newcombes_printed_intervals_are_reproduced(counts, expected):
    """Newcombe (1998), Statistics in Medicine 17, table II, method 10."""
    low, high = newcombe_interval(*counts)
    assert (float(low), float(high)) == pytest.approx(expected, abs=6e-5)


def test_two_roundups_are_compared_by_shares():
    """Difference is second less first, and its interval holds it; exchanged roundups mirror it."""
    first, book = as_codings([[1, 0]] * 8 + [[0, 1]] * 2)
    second, _ = as_codings([[1, 0]] * 2 + [[0, 1]] * 18)
    result = compare_roundups(first, second, book, coder="A")
    assert result[["n_first", "n_second"]].to_numpy().tolist() == [[8, 2], [2, 18]]
    assert result["difference"].round(9).to_list() == [-0.7, 0.7]
    assert ((result["low"] < result["difference"]) & (result["difference"] < result["high"])).all()
    back = compare_roundups(second, first, book, coder="A")
    assert back["low"].to_list() == pytest.approx((-result["high"]).to_list())


def test_published_totals_may_name_themes_or_labels():
    """With a codebook a label finds its theme, a theme its label; without one, what is written stands."""
    both = check_published_tally(pd.DataFrame({"theme": ["goals"], "n_published": ["3"]}), codebook=BOOK)
    assert both.to_numpy().tolist() == [["goals", "Have Goals", 3]]
    alone = check_published_tally(pd.DataFrame({"label": ["Have Goals"], "n_published": [3]}))
    assert alone.to_numpy().tolist() == [["Have Goals", "Have Goals", 3]]


def test_all_faults_of_published_totals_are_named():
    """Unknown, double and uncountable rows in one message."""
    rows = pd.DataFrame({"theme": ["goals", "gaols", "goals", "craft"], "n_published": [1, 2, 3, -0.5]})
    with pytest.raises(
        ValueError, match=r"published tally: 3 faults: row 2: theme 'gaols'.*row 3: .*row 4: n_published"
    ):
        check_published_tally(rows, codebook=BOOK)
    with pytest.raises(ValueError, match="needed are n_published and theme or label"):
        check_published_tally(pd.DataFrame({"n_published": [1]}))


def test_a_published_csv_is_read(tmp_path):
    """A csv with labels alone is enough."""
    path = tmp_path / "published.csv"
    path.write_text("label,n_published\nCraft posts & more,4\n")
    assert read_published_tally(path, codebook=BOOK)["theme"].to_list() == ["craft"]


def test_a_tally_of_no_resamples_is_refused():
    """Intervals need at least one resample."""
    with pytest.raises(ValueError, match="n_resamples must be at least 1, not 0"):
        tally(CODINGS, BOOK, n_resamples=0)
    with pytest.raises(ValueError, match="no quotes or no themes"):
        resampled_counts(indicator(CODINGS, coder="A").iloc[:0])

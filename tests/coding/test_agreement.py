"""The agreement frame: what is a row, what stays empty, what nothing changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_roundup.coding.agreement import COEFFICIENTS, agreement, alpha, cohen_kappa, gwet_ac1, set_alpha
from expert_roundup.coding.agreement.frame import COLUMNS
from expert_roundup.coding.agreement.names import DEFAULT_COEFFICIENTS, SET_COEFFICIENTS
from expert_roundup.coding.codings import majority, read_codings
from expert_roundup.datasets import data_path


def _codings(given_themes: dict[str, list[str | None]]) -> pd.DataFrame:
    """Codings from one list a coder: per quote its themes as letters, "" for none, None where it was not read."""
    rows = [
        {"quote_id": f"Q{quote:02}", "theme": theme, "coder": coder, "confidence": 1.0 if theme else None}
        for coder, quotes in given_themes.items()
        for quote, themes in enumerate(quotes, start=1)
        if themes is not None
        for theme in list(themes) or [""]
    ]
    return pd.DataFrame(rows, columns=["quote_id", "theme", "coder", "confidence"])


def _row(frame: pd.DataFrame, theme: str, coefficient: str, coders: str | None = None) -> pd.Series:
    found = frame[(frame["theme"] == theme) & (frame["coefficient"] == coefficient)]
    found = found if coders is None else found[found["coders"] == coders]
    assert len(found) == 1
    return found.iloc[0]


@pytest.fixture
def three() -> pd.DataFrame:
    return _codings(
        {
            "A": ["a", "ab", "b", "", "a", "c", "ab", ""],
            "B": ["a", "b", "b", "", "ab", "c", "ab", None],
            "C": ["a", "ab", "", "", "a", "", "b", "a"],
        }
    )


@pytest.fixture(scope="module")
def shipped() -> pd.DataFrame:
    return read_codings(data_path("codings.csv"))


def test_the_frame_has_the_columns_of_the_design(three):
    """Columns and types of the agreement frame, all themes first, then the themes, coefficients in their order."""
    frame = agreement(three)
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["theme"]) == ["", "", "a", "b", "c"]
    assert list(frame["coefficient"]) == ["alpha_nominal", "alpha_masi", *["alpha_nominal"] * 3]
    assert [str(frame[name].dtype) for name in ("value", "low", "high", "share_undefined")] == ["float64"] * 4
    assert [str(frame[name].dtype) for name in ("n_units", "n_coded", "n_coders")] == ["int64"] * 3
    assert list(frame["n_coded"]) == [7, 7, 5, 4, 1]
    assert set(frame["n_units"]) == {8}
    assert set(frame["coders"]) == {"A B C"}


def test_every_coefficient_has_its_rows(three):
    """Eleven coefficients over all themes; by theme all but those of sets; Cohen's kappa also for every pair."""
    frame = agreement(three, coefficients=list(COEFFICIENTS), n_resamples=0)
    overall, by_theme = frame[frame["theme"] == ""], frame[frame["theme"] == "a"]
    assert list(overall["coefficient"].unique()) == list(COEFFICIENTS)
    assert list(by_theme["coefficient"].unique()) == [name for name in COEFFICIENTS if name not in SET_COEFFICIENTS]
    for rows in (overall, by_theme):
        kappas = rows[rows["coefficient"] == "cohen_kappa"]
        assert list(kappas["coders"]) == ["A B C", "A B", "A C", "B C"]
        assert list(kappas["n_coders"]) == [3, 2, 2, 2]
        assert kappas["value"].iloc[0] == pytest.approx(kappas["value"].iloc[1:].mean())


def test_a_row_is_the_coefficient_of_its_indicators(three):
    """By theme 0 and 1 with nan where a quote was not read; over all themes the sets."""
    nan = float("nan")
    data = [[1, 1, 0, 0, 1, 0, 1, 0], [1, 0, 0, 0, 1, 0, 1, nan], [1, 1, 0, 0, 1, 0, 0, 1]]
    frame = agreement(three, coefficients=["alpha_nominal", "gwet_ac1", "alpha_masi", "cohen_kappa"], n_resamples=0)
    assert _row(frame, "a", "alpha_nominal")["value"] == pytest.approx(alpha(data))
    assert _row(frame, "a", "gwet_ac1")["value"] == pytest.approx(gwet_ac1(data, n_categories=2))
    assert _row(frame, "a", "cohen_kappa", "A B")["value"] == pytest.approx(cohen_kappa(data[0], data[1]))
    sets = [
        [set("a"), set("ab"), set("b"), set(), set("a"), set("c"), set("ab"), set()],
        [set("a"), set("b"), set("b"), set(), set("ab"), set("c"), set("ab"), None],
        [set("a"), set("ab"), set(), set(), set("a"), set(), set("b"), set("a")],
    ]
    assert _row(frame, "", "alpha_masi")["value"] == pytest.approx(set_alpha(sets))


def test_missing_is_not_empty():
    """A quote that B did not read is left out; one that B read and gave nothing is a disagreement."""
    empty = agreement(_codings({"A": ["a", "b", "a"], "B": ["a", "b", ""]}), n_resamples=0)
    missing = agreement(_codings({"A": ["a", "b", "a"], "B": ["a", "b", None]}), n_resamples=0)
    assert list(empty["n_units"].unique()) == [3]
    assert list(missing["n_units"].unique()) == [2]
    assert _row(missing, "", "alpha_masi")["value"] == 1.0
    assert _row(empty, "", "alpha_masi")["value"] < 1.0


def test_a_rejected_theme_shows_that_the_quote_was_read():
    """A row below the threshold counts as read and not coded; at the threshold it is coded."""
    codings = pd.DataFrame(
        {
            "quote_id": ["Q1", "Q1", "Q2", "Q2"],
            "theme": "a",
            "coder": ["A", "B", "A", "B"],
            "confidence": [0.5, 0.49, 0.9, 0.8],
        }
    )
    row = _row(agreement(codings, coefficients=["percent"], n_resamples=0), "a", "percent")
    assert (row["n_units"], row["n_coded"], row["value"]) == (2, 2, 0.5)
    assert agreement(codings, coefficients=["percent"], threshold=0.4, n_resamples=0)["value"].isna().all()


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_no_value_where_nothing_varies(name):
    """All coders give every quote the same: no value, no interval, every resample undefined."""
    frame = agreement(_codings({"A": ["a"] * 5, "B": ["a"] * 5, "C": ["a"] * 5}), coefficients=[name])
    assert frame[["value", "low", "high"]].isna().all(axis=None)
    assert (frame["share_undefined"] == 1.0).all()
    assert (frame["n_coded"] == 5).all()


def test_no_value_from_one_quote_that_all_coded():
    """One coded quote of 30: all three numbers stay empty; (29/30)**30 of the resamples do not vary."""
    row = _row(agreement(_codings({name: ["a"] + [""] * 29 for name in "ABC"})), "a", "alpha_nominal")
    assert np.isnan([row["value"], row["low"], row["high"]]).all()
    assert row["n_coded"] == 1
    assert row["share_undefined"] == pytest.approx((29 / 30) ** 30, abs=0.04)


def test_no_interval_where_coders_never_differ():
    """Identical coders whose codings vary: value 1, and no interval, because no resample could show anything else."""
    frame = agreement(_codings({name: ["a", "b", "ab", "", "a", "b"] for name in "ABC"}))
    assert (frame["value"] == 1.0).all()
    assert frame[["low", "high"]].isna().all(axis=None)


def test_one_quote_where_coders_differ_has_a_value_and_an_interval():
    """A theme given once by one of three: alpha near 0, and resamples without it are counted as undefined."""
    codings = _codings({"A": ["a"] + [""] * 19, "B": [""] * 20, "C": [""] * 20})
    row = _row(agreement(codings), "a", "alpha_nominal")
    assert row["value"] == pytest.approx(0.0, abs=0.05)
    assert row["share_undefined"] == pytest.approx((19 / 20) ** 20, abs=0.05)
    assert row["low"] < row["high"] <= 0.05


@pytest.mark.parametrize(
    ("codings", "n_units", "n_coders"),
    [
        (_codings({"A": ["a", "b", ""]}), 0, 1),
        (_codings({"A": ["a", "b", None, None], "B": [None, None, "a", "b"]}), 0, 2),
        (_codings({"A": ["a"], "B": ["a"]}), 1, 2),
        (_codings({"A": [""], "B": [""]}), 1, 2),
        (_codings({}), 0, 0),
    ],
    ids=["one coder", "no overlap", "one quote", "one empty quote", "no codings"],
)
@pytest.mark.parametrize("kind", ["percentile", "bca"])
def test_too_little_gives_no_value_and_no_error(codings, n_units, n_coders, kind):
    """One coder, coders without a common quote, a single quote or no row: every value empty, every count right."""
    frame = agreement(codings, coefficients=list(COEFFICIENTS), interval=kind, leave_one_out=True, n_resamples=50)
    assert len(frame) >= len(COEFFICIENTS)
    assert frame[["value", "low", "high"]].isna().all(axis=None)
    assert set(frame["n_units"]) == {n_units}
    assert set(frame["n_coders"]) == {n_coders}


def test_one_quote_on_which_coders_differ():
    """Alpha of one unit with two values is 0 for two coders by its definition; no resample can say more."""
    row = _row(agreement(_codings({"A": ["a"], "B": [""]})), "a", "alpha_nominal")
    assert row["value"] == 0.0
    assert np.isnan(row["low"])


def test_readings_made_of_others_are_left_out(three):
    """The majority repeats the coders and is no coder; asked for by name it is compared."""
    both = pd.concat([three, majority(three)], ignore_index=True)
    pd.testing.assert_frame_equal(agreement(both), agreement(three))
    assert set(agreement(both, coders=["A", "majority"], n_resamples=0)["coders"]) == {"A majority"}


def test_leaving_a_coder_out_equals_never_having_had_one(three):
    """Rows of the remaining coders are those of a panel without the other's codings."""
    frame = agreement(three, leave_one_out=True)
    assert list(frame["coders"].unique()) == ["A B C", "A B", "A C", "B C"]
    for left_out in "ABC":
        rest = three[three["coder"] != left_out]
        rows = frame[frame["coders"] == " ".join(name for name in "ABC" if name != left_out)]
        expected = agreement(rest, codebook=pd.DataFrame({"theme": ["a", "b", "c"]}))
        pd.testing.assert_frame_equal(rows.reset_index(drop=True), expected)


def test_leaving_out_does_not_repeat_the_pairs(three):
    """With three coders Cohen's kappa of the two that remain is a pair's kappa, which is there already."""
    frame = agreement(three, coefficients=["cohen_kappa"], leave_one_out=True, n_resamples=0)
    assert not frame.duplicated(["theme", "coefficient", "coders"]).any()
    four = pd.concat([three, three[three["coder"] == "A"].assign(coder="D")])
    frame = agreement(four, coefficients=["cohen_kappa"], leave_one_out=True, n_resamples=0)
    assert list(frame.loc[frame["n_coders"] == 3, "coders"].unique()) == ["A B C", "A B D", "A C D", "B C D"]


def test_two_coders_cannot_lose_one():
    """Leaving one of two out would leave nobody to agree with, so there are no such rows."""
    codings = _codings({"A": ["a", "", "a"], "B": ["a", "", ""]})
    assert set(agreement(codings, leave_one_out=True)["coders"]) == {"A B"}


def test_the_codebook_gives_themes_and_their_order(three):
    """A theme that nobody considered has a row without a value."""
    frame = agreement(three, codebook=pd.DataFrame({"theme": ["d", "c", "b", "a"]}), n_resamples=0)
    assert list(frame["theme"]) == ["", "", "d", "c", "b", "a"]
    assert _row(frame, "d", "alpha_nominal")[["value", "n_coded"]].isna().tolist() == [True, False]


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_row_order_and_the_names_of_coders_do_not_matter(random):
    """Shuffled rows give the same frame; renamed coders give the same values and intervals."""
    codings = _codings({"A": ["a", "ab", "b", "", "a"], "B": ["a", "b", "b", "", None], "C": ["", "ab", "", "a", "a"]})
    codebook = pd.DataFrame({"theme": ["a", "b"]})
    expected = agreement(codings, codebook=codebook, coefficients=list(COEFFICIENTS), n_resamples=50)
    order = list(range(len(codings)))
    random.shuffle(order)
    found = agreement(codings.iloc[order], codebook=codebook, coefficients=list(COEFFICIENTS), n_resamples=50)
    pd.testing.assert_frame_equal(found, expected)
    renamed = codings.assign(coder=codings["coder"].map(dict(zip("ABC", random.sample("XYZ", 3), strict=True))))
    numbers = ["value", "low", "high", "share_undefined", "n_units", "n_coded"]
    for name in ("alpha_nominal", "alpha_masi", "alpha_interval", "alpha_multivalued", "fleiss_kappa"):
        one = agreement(renamed, codebook=codebook, coefficients=[name], n_resamples=50)
        two = expected[expected["coefficient"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(one[numbers], two[numbers])


def test_the_same_seed_gives_the_same_frame_and_another_seed_another_interval(three):
    """Values do not depend on the seed, intervals do."""
    one, again, other = agreement(three), agreement(three), agreement(three, seed=1)
    pd.testing.assert_frame_equal(one, again)
    pd.testing.assert_series_equal(one["value"], other["value"])
    assert not one["low"].equals(other["low"])


def test_a_row_does_not_depend_on_what_else_is_asked_for(three):
    """The interval of a coefficient is the same alone and among others."""
    alone = agreement(three, coefficients=["alpha_masi"])
    among = agreement(three, coefficients=list(COEFFICIENTS))
    among = among[among["coefficient"] == "alpha_masi"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, among)


def test_the_codings_are_not_changed(three):
    """The frame given stays as it was."""
    before = three.copy(deep=True)
    agreement(three, coefficients=list(COEFFICIENTS), n_resamples=10, leave_one_out=True)
    pd.testing.assert_frame_equal(three, before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"coefficients": ["kappa", "percent", "pi"]}, "coefficients must be among percent, .*, not kappa, pi"),
        ({"interval": "normal"}, "interval must be one of percentile, bca, not 'normal'"),
        ({"n_resamples": -1}, "n_resamples must be 0 or more, not -1"),
        ({"threshold": 0}, "threshold must be above 0 and at most 1, not 0"),
        ({"coders": ["A", "Z"]}, "coders Z have no codings; there are A, B, C"),
        ({"codebook": pd.DataFrame({"theme": ["a"]})}, "theme 'b' is not in the codebook"),
    ],
)
def test_unusable_options_are_named(three, options, message):
    """The error names the option, what is allowed and what came."""
    with pytest.raises(ValueError, match=message):
        agreement(three, **options)


def test_the_shipped_readings_by_a_second_implementation(shipped):
    """Alpha of every theme equals the krippendorff package's; the two themes coded once have no value."""
    import krippendorff

    frame = agreement(shipped)
    pivot = shipped.pivot_table(index="coder", columns=["theme", "quote_id"], values="confidence")
    quotes = sorted(shipped["quote_id"].unique())
    for theme in shipped["theme"].unique():
        given_themes = pivot[theme].reindex(columns=quotes).fillna(0) >= 0.5
        row = _row(frame, theme, "alpha_nominal")
        assert row["n_coded"] == given_themes.any().sum()
        if row["n_coded"] == 1:
            assert theme in ("tools", "influencers")
            assert np.isnan([row["value"], row["low"], row["high"]]).all()
            assert row["share_undefined"] == pytest.approx((30 / 31) ** 31, abs=0.04)
        else:
            expected = krippendorff.alpha(given_themes.to_numpy(dtype=float), level_of_measurement="nominal")
            assert row["value"] == pytest.approx(expected, abs=1e-9)


def test_default_coefficients_are_alpha_of_themes_and_of_sets(three):
    """Unless something else is asked for."""
    assert set(agreement(three, n_resamples=0)["coefficient"]) == set(DEFAULT_COEFFICIENTS)
    one = agreement(three, coefficients="alpha_masi", n_resamples=0)
    assert list(one["coefficient"]) == ["alpha_masi"]

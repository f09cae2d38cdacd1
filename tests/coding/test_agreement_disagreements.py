"""Overlap of evidence, disagreements one by one, and what an agreement frame says in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_roundup.coding.agreement import (
    MACHINE_ASSISTED,
    agreement,
    alpha,
    disagreements,
    evidence_overlap,
    interpretation,
)
from expert_roundup.coding.agreement.disputes import COLUMNS as DISPUTE_COLUMNS
from expert_roundup.coding.agreement.evidence import COLUMNS as EVIDENCE_COLUMNS
from expert_roundup.coding.codebook import read_codebook
from expert_roundup.coding.codings import read_codings
from expert_roundup.datasets import data_path

TEXT = "Budget first, said one. Then people, then tools; goals last of all."


@pytest.fixture
def codings() -> pd.DataFrame:
    rows = [
        ("Q1", "budget", "A", 0.9, 0, 12, "the first thing"),
        ("Q1", "budget", "B", 0.3, 0, 6, "only named"),
        ("Q1", "budget", "C", 0.8, 0, 12, ""),
        ("Q1", "goals", "A", 0.6, None, None, ""),
        ("Q1", "goals", "C", 0.2, None, None, ""),
        ("Q2", "people", "A", 0.7, 29, 35, "people"),
        ("Q2", "people", "B", 0.8, 24, 35, ""),
        ("Q2", "tools", "A", 0.5, 42, 47, "tools"),
        ("Q2", "tools", "C", 0.45, 37, 47, "listed"),
        ("Q2", "people", "C", 0.6, 37, 40, ""),
        ("Q3", "", "A", None, None, None, ""),
        ("Q3", "goals", "B", 1.0, 49, 54, ""),
    ]
    columns = ["quote_id", "theme", "coder", "confidence", "start", "end", "rationale"]
    return pd.DataFrame(rows, columns=columns).astype({"start": "Int64", "end": "Int64"})


@pytest.fixture
def quotes() -> pd.DataFrame:
    spans = [(0, 23), (24, 47), (49, 67)]
    return pd.DataFrame(
        {
            "quote_id": ["Q1", "Q2", "Q3"],
            "speaker": ["Ann", "Бо", "Cy"],
            "start": [start for start, _ in spans],
            "end": [end for _, end in spans],
            "text": [TEXT[start:end] for start, end in spans],
        }
    )


def test_disagreements_stand_by_cost(codings):
    """One row per quote x theme that some readers gave and others did not; most costly first, then by spread."""
    frame = disagreements(codings)
    assert list(frame.columns[: len(DISPUTE_COLUMNS)]) == list(DISPUTE_COLUMNS)
    assert list(zip(frame["quote_id"], frame["theme"], strict=True)) == [
        ("Q3", "goals"), ("Q1", "budget"), ("Q1", "goals"), ("Q2", "tools"),
    ]  # fmt: skip
    # eight pairable readings; two of two readers differ: 2 x 1 x 1 / 1; one of three: 2 x 1 x 2 / 2
    assert frame["cost"].tolist() == pytest.approx([2 / 8] * 4)
    assert frame["spread"].tolist() == pytest.approx([1.0, 0.6, 0.6, 0.5])
    assert frame["share"].sum() == pytest.approx(1.0)
    assert frame["coded_by"].tolist() == ["B", "A C", "A", "A"]
    assert frame["not_coded_by"].tolist() == ["A", "B", "B C", "B C"]


def test_costs_add_up_to_the_observed_disagreement(codings):
    """The costs of a theme are D_o of its nominal alpha, which is 1 - D_o / D_e."""
    frame = disagreements(codings)
    nan = float("nan")
    goals = np.array([[1, 0, 0], [0, 0, 1], [0, 0, nan]])
    observed = frame.loc[frame["theme"] == "goals", "cost"].sum()
    n, ones = 8, 2
    expected = 2 * ones * (n - ones) / (n * (n - 1))
    assert alpha(goals) == pytest.approx(1 - observed / expected)


def test_each_disagreement_shows_quote_evidence_and_rationale_side_by_side(codings, quotes):
    """Text and speaker from the quotes, evidence cut out, confidence 0 without a row, empty where not read."""
    frame = disagreements(codings, quotes).set_index(["quote_id", "theme"])
    row = frame.loc[("Q1", "budget")]
    assert (row["speaker"], row["text"]) == ("Ann", "Budget first, said one.")
    assert (row["evidence_A"], row["evidence_B"]) == ("Budget first", "Budget")
    assert (row["rationale_A"], row["rationale_B"]) == ("the first thing", "only named")
    assert (row["confidence_A"], row["confidence_B"]) == (0.9, 0.3)
    row = frame.loc[("Q3", "goals")]
    assert row["confidence_A"] == 0.0
    assert np.isnan(row["confidence_C"])
    assert row["evidence_B"] == "goals"


def test_evidence_without_a_text_is_its_offsets(codings, quotes):
    """No quotes: offsets. A quote whose text is no slice of the source: offsets, unless the source itself is given."""
    assert disagreements(codings).set_index("theme").loc["budget", "evidence_A"] == "0..12"
    changed = quotes.assign(text=quotes["text"] + "!")
    assert disagreements(codings, changed).set_index("theme").loc["budget", "evidence_A"] == "0..12"
    whole = disagreements(codings, changed, source_text=TEXT).set_index("theme")
    assert whole.loc["budget", "evidence_A"] == "Budget first"


def test_without_disagreement_the_list_is_empty():
    """The columns are there all the same."""
    codings = pd.DataFrame({"quote_id": "Q1", "theme": "a", "coder": ["A", "B"], "confidence": 1.0})
    frame = disagreements(codings)
    assert len(frame) == 0
    assert {"cost", "confidence_A", "evidence_B"} <= set(frame.columns)
    empty = disagreements(codings.iloc[:0])
    assert len(empty) == 0
    assert list(empty.columns) == list(DISPUTE_COLUMNS)


def test_overlap_of_evidence(codings):
    """Shared characters by characters in either span, over quotes x themes that both coded with evidence."""
    frame = evidence_overlap(codings)
    assert list(frame.columns) == list(EVIDENCE_COLUMNS)
    assert list(frame["theme"].unique()) == ["", "budget", "goals", "people", "tools"]
    overall = frame[frame["theme"] == ""].set_index("coders")
    # A and B both coded people in Q2: 29..35 and 24..35 share 6 of 11 characters
    assert overall.loc["A B", ["n_coded_by_both", "n_with_evidence"]].tolist() == [1, 1]
    assert overall.loc["A B", "mean_iou"] == pytest.approx(6 / 11)
    # A and C both coded budget (12 of 12) and people (0 of 9)
    assert overall.loc["A C", "mean_iou"] == pytest.approx(0.5)
    assert overall.loc["A C", "share_characters"] == pytest.approx(12 / 21)
    assert overall.loc["A C", "share_touching"] == 0.5
    goals = frame[(frame["theme"] == "goals") & (frame["coders"] == "A B")].iloc[0]
    assert goals["n_coded_by_both"] == 0
    assert np.isnan(goals["mean_iou"])


span = st.integers(0, 30).flatmap(lambda start: st.integers(start + 1, 40).map(lambda end: (start, end)))


@settings(max_examples=25, deadline=None)
@given(span, span)
def test_overlap_is_that_of_sets_of_characters(first, second):
    """Intersection over union of two spans equals that of the sets of their characters."""
    codings = pd.DataFrame({"quote_id": "Q1", "theme": "a", "coder": ["A", "B"], "confidence": 1.0})
    codings = codings.assign(start=[first[0], second[0]], end=[first[1], second[1]])
    one, two = set(range(*first)), set(range(*second))
    row = evidence_overlap(codings).iloc[0]
    assert row["mean_iou"] == pytest.approx(len(one & two) / len(one | two))
    assert row["share_touching"] == float(bool(one & two))


def test_overlap_of_nothing():
    """No codings, or codings without evidence: no rows, or rows without a share."""
    none = pd.DataFrame(columns=["quote_id", "theme", "coder", "confidence"])
    assert len(evidence_overlap(none)) == 0
    plain = pd.DataFrame({"quote_id": "Q1", "theme": "a", "coder": ["A", "B"], "confidence": 1.0})
    frame = evidence_overlap(plain)
    assert frame["n_coded_by_both"].tolist() == [1, 1]
    assert frame[["share_touching", "share_characters", "mean_iou"]].isna().all(axis=None)


def test_interpretation_of_the_shipped_readings():
    """The number, its interval and its n; the note right behind; what it means; what has no value or interval."""
    codebook = read_codebook(data_path("codebook.yaml"))
    frame = agreement(read_codings(data_path("codings.csv")), codebook=codebook)
    text = interpretation(frame, note=MACHINE_ASSISTED)
    sets = frame[(frame["theme"] == "") & (frame["coefficient"] == "alpha_masi")].iloc[0]
    assert f"alpha_masi over all themes is {sets['value']:.2f} for 3 coders (A B C) over 31 quotes" in text
    assert f"from {sets['low']:.2f} to {sets['high']:.2f}" in text
    assert text.index(MACHINE_ASSISTED) < text.index("1 would be perfect agreement")
    assert "not that it is right" in text
    assert "No value of alpha_nominal for tools (1 quote), influencers (1 quote)" in text
    assert "coders never differ" in text
    for adjective in ("excellent", "substantial", "almost perfect", "good", "acceptable", "strong"):
        assert adjective not in text


def test_interpretation_survives_a_csv(tmp_path):
    """A frame read back from a file, where an empty theme is a missing value, says the same."""
    frame = agreement(read_codings(data_path("codings.csv")), n_resamples=100)
    frame.to_csv(tmp_path / "agreement.csv", index=False)
    assert interpretation(pd.read_csv(tmp_path / "agreement.csv")) == interpretation(frame)


def test_interpretation_where_there_is_nothing_to_say():
    """One coder, or nothing that varies, is said so; no value is made up."""
    codings = pd.DataFrame({"quote_id": ["Q1", "Q2"], "theme": "a", "coder": "A", "confidence": 1.0})
    assert interpretation(agreement(codings)).startswith("No quote was read by two coders")
    assert interpretation(agreement(codings.iloc[:0])).startswith("No quote was read by two coders")
    both = pd.concat([codings, codings.assign(coder="B")])
    assert "has no value for 2 coders (A B) over 2 quotes: the codings do not vary." in interpretation(agreement(both))


def test_interpretation_speaks_of_the_whole_panel_first():
    """Rows with a coder left out, and pairs, do not repeat the story."""
    codings = read_codings(data_path("codings.csv"))
    options = {"coefficients": ["cohen_kappa"], "n_resamples": 50}
    text = interpretation(agreement(codings, leave_one_out=True, **options))
    assert text.count("over all themes is") == 1
    assert interpretation(agreement(codings, coefficients=["percent"], n_resamples=50)).count("chance would give") == 1


def test_interpretation_needs_an_agreement_frame():
    """Any other frame is refused, naming what it lacks."""
    with pytest.raises(ValueError, match="agreement: no column coders, coefficient, high, low"):
        interpretation(pd.DataFrame({"theme": ["a"]}))

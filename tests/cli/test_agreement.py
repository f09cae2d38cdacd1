"""The command `expert-roundup agreement`."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from expert_roundup.cli import main
from expert_roundup.coding.agreement import COEFFICIENTS, MACHINE_ASSISTED, agreement
from expert_roundup.coding.codings import read_codings
from expert_roundup.datasets import data_path

CODINGS = str(data_path("codings.csv"))


@pytest.fixture
def file(tmp_path):
    """Writes codings to a csv and returns its path."""

    def write(*rows: str) -> str:
        path = tmp_path / "codings.csv"
        path.write_text("\n".join(["quote_id,theme,coder,confidence", *rows]) + "\n", encoding="utf-8")
        return str(path)

    return write


def test_json_holds_the_agreement_frame(capsys):
    """Standard output is the frame and nothing else; empty numbers are null."""
    assert main(["agreement", CODINGS, "--format", "json", "--seed", "3"]) == 0
    rows = json.loads(capsys.readouterr().out)
    expected = agreement(read_codings(CODINGS), seed=3)
    assert [list(row) for row in rows] == [list(expected.columns)] * len(expected)
    found = pd.DataFrame(rows).astype({"value": float, "low": float, "high": float})
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    once = [row for row in rows if row["theme"] in ("tools", "influencers")]
    assert all(row["value"] is row["low"] is row["high"] is None and row["n_coded"] == 1 for row in once)


def test_csv_and_options(capsys):
    """Coefficients, kind of interval, resamples, codebook and left-out coders reach the frame."""
    words = [
        "--coefficient",
        "cohen_kappa",
        "--coefficient",
        "alpha_multivalued",
        "--interval",
        "bca",
        "--resamples",
        "60",
    ]
    codebook = str(data_path("codebook.yaml"))
    assert main(["agreement", CODINGS, *words, "--codebook", codebook, "--leave-one-out", "--format", "csv"]) == 0
    frame = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert set(frame["coefficient"]) == {"cohen_kappa", "alpha_multivalued"}
    assert set(frame["interval"]) == {"bca"}
    assert set(frame["coders"]) == {"A B C", "A B", "A C", "B C"}
    assert frame["theme"].nunique() == 12


def test_the_interpretation_is_a_remark(capsys, file):
    """On standard error, with the note for the readings that ship, wherever a copy lies; silent with --quiet."""
    main(["agreement", CODINGS, "--format", "csv"])
    assert MACHINE_ASSISTED in capsys.readouterr().err
    own = file("Q1,a,A,1", "Q1,a,B,1", "Q2,b,A,1", "Q2,a,B,1")
    main(["agreement", own, "--format", "csv", "--note", "A and B are one person."])
    told = capsys.readouterr().err
    assert MACHINE_ASSISTED not in told
    assert "A and B are one person." in told
    main(["agreement", own, "--format", "csv", "--quiet"])
    assert capsys.readouterr().err == ""


def test_disagreements_and_evidence_take_the_place_of_the_frame(capsys, tmp_path, file):
    """--disagreements lists them, with the text of --quotes; --evidence says how far spans overlap."""
    quotes = tmp_path / "quotes.csv"
    quotes.write_text('quote_id,speaker,text\nQ1,Ann,"Budget, then people."\n', encoding="utf-8")
    own = file("Q1,budget,A,0.9", "Q1,budget,B,0.2")
    assert main(["agreement", own, "--disagreements", "--quotes", str(quotes), "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["theme"], row["coded_by"], row["not_coded_by"], row["speaker"]) == ("budget", "A", "B", "Ann")
    assert row["text"] == "Budget, then people."
    assert main(["agreement", CODINGS, "--evidence", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["coders"] for row in rows[:3]] == ["A B", "A C", "B C"]


def test_unknown_coefficients_are_refused_with_the_known_ones(capsys):
    """Wrong usage, exit 2, and the message lists every name."""
    with pytest.raises(SystemExit, match="2"):
        main(["agreement", CODINGS, "--coefficient", "pi"])
    told = capsys.readouterr().err
    assert all(name in told for name in COEFFICIENTS)
    with pytest.raises(SystemExit, match="2"):
        main(["agreement", CODINGS, "--resamples", "-5"])
    assert "whole number from 0 up, not '-5'" in capsys.readouterr().err


def test_unusable_codings_are_one_sentence(capsys, file, tmp_path):
    """Exit 1 and every fault named; a missing file likewise; no traceback."""
    assert main(["agreement", file("Q1,a,A,2", "Q1,a,A,1")]) == 1
    told = capsys.readouterr().err
    assert "row 1: confidence '2'" in told
    assert "row 2" in told
    assert main(["agreement", str(tmp_path / "nowhere.csv")]) == 1
    assert "nowhere.csv" in capsys.readouterr().err


@pytest.mark.parametrize("rows", [(), ("Q1,a,A,1",), ("Q1,a,A,1", "Q2,a,B,1"), ("Q1,,A,", "Q1,,B,")])
def test_too_little_to_agree_on_is_no_error(capsys, file, rows):
    """No row, one coder, no common quote, nothing given: empty values, exit 0, and it is said."""
    assert main(["agreement", file(*rows), "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert all(row["value"] is None for row in json.loads(captured.out))
    assert "no" in captured.err.lower()


def test_a_result_is_saved(tmp_path):
    """-o writes the frame, by the file's ending, and does not replace one that is there."""
    out = tmp_path / "agreement.csv"
    words = ["agreement", CODINGS, "-o", str(out), "--resamples", "0", "--quiet"]
    assert main(words) == 0
    assert len(pd.read_csv(out)) == 14
    assert main(words) == 1
    assert main([*words, "--overwrite"]) == 0

"""`expert-roundup reconstruct`: the frame on standard output, remarks on standard error, faults in one sentence."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest

from expert_roundup import cli
from expert_roundup.datasets import data_path

CODINGS, PUBLISHED = str(data_path("codings.csv")), str(data_path("published_tally.csv"))
QUICK = ["--draws", "20"]


def test_the_frame_goes_out_and_the_remarks_go_aside(capsys: pytest.CaptureFixture[str]) -> None:
    """372 rows of csv on standard output; totals, doubt, counts, convergence and the caveat on standard error."""
    assert cli.main(["reconstruct", CODINGS, "--published", PUBLISHED, "--format", "csv", *QUICK]) == 0
    out, err = capsys.readouterr()
    frame = pd.read_csv(io.StringIO(out))
    assert list(frame.columns) == ["quote_id", "theme", "is_coded", "probability", "regret"]
    assert len(frame) == 372
    assert "Every published total is met: 45 coded cells" in err
    assert "Q14 consistent 0.03" in err
    assert "142 codings lie within 1 of the best one" in err
    assert "Convergence: 128 chains of 20 draws" in err
    assert "how the author coded is not known" in err


def test_quiet_says_nothing_and_out_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --quiet and -o both streams stay empty, and the file holds the frame."""
    target = tmp_path / "reconstruction.json"
    words = ["reconstruct", CODINGS, "--published", PUBLISHED, "--quiet", "-o", str(target), *QUICK]
    assert cli.main(words) == 0
    assert capsys.readouterr() == ("", "")
    rows = json.loads(target.read_text(encoding="utf-8"))
    assert len(rows) == 372
    assert sum(row["is_coded"] for row in rows) == 45


def test_options_bound_and_weigh(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Known cells, bounds, errors and coder weights from the command line reach the model."""
    fix, quotes, themes = tmp_path / "fix.csv", tmp_path / "quotes.csv", tmp_path / "themes.csv"
    fix.write_text("quote_id,theme,is_coded\nQ14,consistent,true\nQ31,consistent,false\n", encoding="utf-8")
    quotes.write_text("quote_id,min_themes,max_themes\nQ01,3,3\n", encoding="utf-8")
    themes.write_text("theme,min_quotes,max_quotes\ntools,0,0\n", encoding="utf-8")
    words = ["reconstruct", CODINGS, "--published", PUBLISHED, "--format", "json", *QUICK, "--quiet"]
    options = ["--fix", str(fix), "--quote-bounds", str(quotes), "--theme-bounds", str(themes), "--error", "1"]
    weights = ["--error", "goals=0", "--coder-weight", "A=2", "B=0", "--coder-weight", "C=1", "--max-themes", "3"]
    assert cli.main([*words, *options, *weights]) == 0
    frame = pd.DataFrame(json.loads(capsys.readouterr().out)).set_index(["quote_id", "theme"])["is_coded"]
    assert frame["Q14", "consistent"]
    assert not frame["Q31", "consistent"]
    assert frame["Q01"].sum() == 3
    assert frame[:, "tools"].sum() == 0
    assert frame[:, "goals"].sum() == 8
    assert frame.groupby("quote_id").sum().max() == 3


@pytest.mark.parametrize(
    ("option", "columns", "n_rows"),
    [
        ("--next-reading", ["quote_id", "entropy", "expected_drop", "standard_error"], 31),
        ("--convergence", ["quote_id", "theme", "probability", "r_hat", "n_effective", "standard_error"], 372),
        ("--floor-sensitivity", ["floor", "quote_id", "theme", "is_coded", "probability", "regret"], 3 * 372),
    ],
)
def test_other_frames_can_be_asked_for(
    option: str, columns: list[str], n_rows: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The next reading, the convergence and the floors take the place of the reconstruction frame."""
    words = ["reconstruct", CODINGS, "--published", PUBLISHED, "--format", "csv", "--quiet", option, *QUICK]
    assert cli.main(words) == 0
    frame = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert list(frame.columns) == columns
    assert len(frame) == n_rows


def test_labels_without_themes_need_the_codebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A tally of labels is matched by --codebook; without it the themes of the codings have no total."""
    labels = tmp_path / "labels.csv"
    pd.read_csv(PUBLISHED)[["label", "n_published"]].to_csv(labels, index=False)
    words = ["reconstruct", CODINGS, "--published", str(labels), "--quiet", *QUICK]
    assert cli.main([*words, "--codebook", str(data_path("codebook.yaml"))]) == 0
    capsys.readouterr()
    assert cli.main(words) == 1
    assert "codings: themes without a published total: 'budget'" in capsys.readouterr().err


def test_totals_that_cannot_be_met_are_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1, the reason on standard error, nothing on standard output."""
    assert cli.main(["reconstruct", CODINGS, "--published", PUBLISHED, "--max-themes", "1"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "expert-roundup: published tally: no coding can meet it: the totals add up to 45, "
        "but 31 quotes take at most 31 themes in all\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ["--min-themes", "-1"],
        ["--error", "goals=x"],
        ["--within", "-1"],
        ["--within", "nan"],
        ["--coder-weight", "A"],
        ["--coder-weight", "=2"],
        ["--next-reading", "--convergence"],
    ],
)
def test_wrong_usage_exits_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers that are none and options that exclude each other are usage errors."""
    with pytest.raises(SystemExit, match=r"^2$"):
        cli.main(["reconstruct", CODINGS, "--published", PUBLISHED, *words])
    assert "usage: expert-roundup reconstruct" in capsys.readouterr().err

"""The command `charts`: which charts, where, in what shape, and what it says when it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from expert_roundup.cli import main
from expert_roundup.output.tables import csv_to_frame, frame_to_csv

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a call of the command that gives its exit code, standard output and standard error."""

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["charts", *words])
        return code, *capsys.readouterr()

    return call


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small study folder of our own making, as `study -o FOLDER` writes one."""
    path = tmp_path_factory.mktemp("study")
    quotes = pd.DataFrame(
        {
            "quote_id": ["Q01", "Q02", "Q03"],
            "speaker": ["Ann Lee", "Bo Ray", "Цветана"],
            "role": "",
            "is_on_roster": pd.array([None] * 3, dtype="boolean"),
            "question": "",
            "language": "en",
            "n_words": [5, 4, 3],
            "start": [0, 30, 60],
            "end": [25, 55, 80],
            "text": ["You should plan your posts.", "Never buy Facebook fans.", "Listen on LinkedIn."],
            "links": "",
        }
    )
    tally = pd.DataFrame({"theme": ["plan", "listen"], "label": ["Plan", "Listen"], "n_quotes": [2, 1]}).assign(
        share=[2 / 3, 1 / 3], n_published=[1, 2], difference=[1, -1], rank=[1, 2], rank_low=[1, 1], rank_high=[2, 2]
    )
    for name, frame in {"quotes": quotes, "tally": tally}.items():
        (path / f"{name}.csv").write_text(frame_to_csv(frame), encoding="utf-8")
    return path


def test_the_charts_that_a_folder_allows_are_saved(run: Run, folder: Path, tmp_path: Path) -> None:
    """Each with its numbers and alt text; what could not be drawn is said, and why."""
    code, out, err = run(str(folder), "-o", str(tmp_path / "c"), "--format", "svg")
    assert (code, out) == (0, "")
    assert {path.suffix for path in (tmp_path / "c").iterdir()} == {".svg", ".csv", ".txt"}
    assert (tmp_path / "c" / "platforms-chart.svg").exists()
    assert "tally: “Plan” leads with 2 of 3 answers; the published tally has “Listen” first (2)" in err
    assert "not drawn: map needs clusters" in err
    numbers = csv_to_frame((tmp_path / "c" / "tally-chart.csv").read_text("utf-8"))
    assert numbers["n_quotes"].tolist() == [2, 1]


def test_only_and_the_look_are_obeyed_and_quiet_is_quiet(run: Run, folder: Path, tmp_path: Path) -> None:
    """One chart, square, dark, plain, without paper."""
    options = ["--only", "tally", "--preset", "square", "--dark", "--plain", "--transparent", "--svg-text", "--quiet"]
    code, out, err = run(str(folder), "-o", str(tmp_path), "--format", "svg,svg", *options)
    assert (code, out, err) == (0, "", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tally-chart.csv", "tally-chart.svg", "tally-chart.txt"]
    svg = (tmp_path / "tally-chart.svg").read_text("utf-8")
    assert 'width="518.4pt" height="518.4pt"' in svg
    assert "leads with" not in svg.partition("<metadata>")[2].partition("</metadata>")[2]
    assert "#56b4e9" in svg


def test_the_source_line_names_study_version_and_data(run: Run, folder: Path, tmp_path: Path) -> None:
    """So that a picture on a slide can be traced."""
    run(str(folder), "-o", str(tmp_path), "--format", "svg", "--only", "tally", "--svg-text")
    svg = (tmp_path / "tally-chart.svg").read_text("utf-8")
    assert f"Source: {folder.name}" in svg
    assert "expert-roundup" in svg
    assert ", data " in svg


def test_what_stands_in_the_folder_besides_changes_no_hash(run: Run, folder: Path, tmp_path: Path) -> None:
    """Charts saved into the study's own folder are not data of the study."""
    for name in ("one", "two"):
        run(str(folder), "-o", str(tmp_path / name), "--format", "svg", "--only", "tally")
        (folder / "tally-chart.csv").write_text("theme\nx\n")
    first, second = ((tmp_path / name / "tally-chart.svg").read_bytes() for name in ("one", "two"))
    assert first == second


def test_a_chart_that_exists_stops_the_run_before_anything_is_written(run: Run, folder: Path, tmp_path: Path) -> None:
    """Exit 1 and one sentence; --overwrite replaces it."""
    (tmp_path / "tally-chart.svg").write_text("old")
    words = [str(folder), "-o", str(tmp_path), "--format", "svg", "--only", "tally"]
    code, _, err = run(*words)
    assert code == 1
    assert "tally-chart.svg exists already; pass --overwrite" in err
    assert [path.name for path in tmp_path.iterdir()] == ["tally-chart.svg"]
    assert run(*words, "--overwrite")[0] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--only", "pie"], "no chart is called pie; there are tally"),
        (["--only", "map"], "map needs clusters"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_one_sentence(
    run: Run, folder: Path, tmp_path: Path, words: list[str], message: str
) -> None:
    """Exit 1, and nothing written."""
    code, _, err = run(str(folder), "-o", str(tmp_path / "c"), *words)
    assert code == 1
    assert message in err
    assert err.count("\n") == 1
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize("words", [["--format", "gif"], ["--format", ","], ["--preset", "3:2"], ["--scale", "4"], []])
def test_wrong_usage_is_exit_two(run: Run, folder: Path, tmp_path: Path, words: list[str]) -> None:
    """An unknown format, shape or scale, or no folder to write to."""
    out = ["-o", str(tmp_path)] if words else []
    with pytest.raises(SystemExit, match="2"):
        run(str(folder), *out, *words)


def test_a_folder_that_is_no_study_is_one_sentence(run: Run, tmp_path: Path) -> None:
    """Missing, or without quotes."""
    for given in (tmp_path / "none", tmp_path):
        code, _, err = run(str(given), "-o", str(tmp_path / "c"))
        assert code == 1
        assert err.count("\n") == 1

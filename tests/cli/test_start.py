"""`expert-roundup start` and the commands that it names, from the command line."""

from __future__ import annotations

import shlex
import zipfile
from pathlib import Path

import pytest

from expert_roundup.cli import main
from expert_roundup.datasets import data_path

EXAMPLE = str(data_path("example/roundup.md"))


@pytest.fixture
def folder(tmp_path) -> Path:
    """The study folder of the example, coded by those who wrote it."""
    path = tmp_path / "my notes"
    assert main(["start", EXAMPLE, "-o", str(path), "--quiet"]) == 0
    (path / "codings.csv").write_bytes(data_path("example/codings.csv").read_bytes())
    return path


def test_the_roster_check_is_the_result_and_the_rest_is_said_beside(tmp_path, capsys):
    """Standard output holds the check; what was written and what comes next stand on standard error."""
    assert main(["start", EXAMPLE, "-o", str(tmp_path / "notes")]) == 0
    said = capsys.readouterr()
    assert "without an answer: @open-window" in said.out
    assert "next:" not in said.out
    assert f"expert-roundup tally {tmp_path}/notes/codings.csv" in said.err
    assert "without an answer: @open-window" in (tmp_path / "notes/README.md").read_text("utf-8")


def test_quiet_leaves_the_check_alone(tmp_path, capsys):
    """--quiet says nothing on standard error."""
    assert main(["start", EXAMPLE, "-o", str(tmp_path / "notes"), "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_a_folder_in_the_way_is_told_and_kept_aside_on_request(tmp_path, capsys):
    """Exit 1 and one sentence; with --overwrite the old folder is beside, and its place is told."""
    words = ["start", EXAMPLE, "-o", str(tmp_path / "notes")]
    assert main(words) == 0
    capsys.readouterr()
    assert main(words) == 1
    error = capsys.readouterr().err
    assert "may hold your work" in error
    assert len(error.splitlines()) == 1
    assert main([*words, "--overwrite"]) == 0
    assert f"what stood there is now {tmp_path}/notes.1" in capsys.readouterr().err


def test_the_commands_that_it_names_work_in_the_folder(folder, tmp_path, monkeypatch, capsys):
    """README's second and third command, run as they stand, give the tally and a deck."""
    monkeypatch.chdir(folder)
    block = (folder / "README.md").read_text("utf-8").partition("```sh\n")[2].partition("```")[0]
    _, tally, slides = (shlex.split(line) for line in block.splitlines())
    assert main([*tally[1:], "--format", "csv", "--quiet"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].startswith("theme,label,n_quotes,share,n_published,difference")
    assert rows[3].startswith("read-them-again,Read Them Again,3,0.375,2,1")
    assert main([*slides[1:], "--quiet"]) == 0
    charts = [name for name in zipfile.ZipFile(folder / "slides.pptx").namelist() if "charts/chart" in name]
    assert len(charts) >= 3


def test_study_and_charts_work_in_the_folder(folder, tmp_path, capsys):
    """A whole study from the folder, and its charts, without a step between."""
    assert main(["study", str(folder), "-o", str(folder / "reports"), "--quiet"]) == 0
    assert (folder / "reports/tally.csv").is_file()
    assert main(["charts", str(folder), "-o", str(tmp_path / "charts"), "--format", "svg", "--quiet"]) == 0
    assert (tmp_path / "charts/tally-chart.svg").is_file()


@pytest.mark.parametrize("command", [["study"], ["charts", "--format", "svg"], ["slides"]])
def test_a_folder_that_nobody_coded_yet_is_no_error(tmp_path, command):
    """Before the first click the commands show what there is."""
    folder = tmp_path / "notes"
    assert main(["start", EXAMPLE, "-o", str(folder), "--quiet"]) == 0
    out = tmp_path / ("deck.pptx" if command[0] == "slides" else "out")
    assert main([command[0], str(folder), "-o", str(out), *command[1:], "--quiet"]) == 0


def test_what_is_no_roundup_is_refused_in_one_sentence(tmp_path, capsys):
    """Exit 1, no folder."""
    (tmp_path / "plain.txt").write_text("Nothing here is said by anybody.\n")
    assert main(["start", str(tmp_path / "plain.txt"), "-o", str(tmp_path / "notes")]) == 1
    assert "no attributed answers" in capsys.readouterr().err
    assert not (tmp_path / "notes").exists()

"""`expert-roundup study` from the command line to its folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from expert_roundup.cli import main


@pytest.fixture
def page(tmp_path) -> Path:
    """A roundup of our own with two answers."""
    path = tmp_path / "page.md"
    path.write_text("# What helps?\n\n**Jane Doe:** I start small.\n\n**John Roe:** We measure our work.\n")
    return path


def test_the_result_goes_to_standard_output_and_the_rest_beside(tmp_path, capsys):
    """The tally alone stands on standard output; where everything lies is told on standard error."""
    assert main(["study", "-o", str(tmp_path / "r"), "--format", "json"]) == 0
    captured = capsys.readouterr()
    rows = json.loads(captured.out)
    assert len(rows) == 12
    assert rows[0]["n_quotes"] == 11
    for name in ("quotes.csv", "tally.csv", "agreement.csv", "reconstruction.csv", "tally-chart.png"):
        assert (tmp_path / "r" / name).stat().st_size > 0
        assert name in captured.err


def test_quiet_says_nothing_on_standard_error(page, tmp_path, capsys):
    """--quiet leaves the result only."""
    assert main(["study", str(page), "-o", str(tmp_path / "r"), "--quiet"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "Jane Doe" in captured.out


def test_an_existing_result_stops_the_run_with_one_sentence(page, tmp_path, capsys):
    """The second run without --overwrite fails, names the file and the option, and with it succeeds."""
    words = ["study", str(page), "-o", str(tmp_path / "r"), "--quiet"]
    assert main(words) == 0
    assert main(words) == 1
    error = capsys.readouterr().err
    assert "exists already" in error
    assert "--overwrite" in error
    assert len(error.splitlines()) == 1
    assert main([*words, "--overwrite"]) == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "picture"),
        (b"Nothing here is said by anybody.\n", "no attributed answers"),
        (b"# Why?\n\n**Jane Doe:** I start small, and I like it.\n", "no attributed answers"),
    ],
)
def test_what_is_no_roundup_is_refused_in_one_sentence(tmp_path, capsys, content, reason):
    """Exit 1, one line, no traceback, and no folder left behind."""
    path = tmp_path / "page.md"
    path.write_bytes(content)
    assert main(["study", str(path), "-o", str(tmp_path / "r"), "--quiet"]) == 1
    error = capsys.readouterr().err
    assert reason in error
    assert len(error.splitlines()) == 1
    assert not (tmp_path / "r").exists()


def test_a_missing_file_is_named(tmp_path, capsys):
    """The sentence names the path."""
    assert main(["study", str(tmp_path / "gone.md"), "-o", str(tmp_path / "r"), "--quiet"]) == 1
    assert "gone.md" in capsys.readouterr().err


def test_an_output_that_cannot_be_a_folder_is_refused(page, tmp_path, capsys):
    """A file in the way of the folder: one sentence, the file untouched."""
    (tmp_path / "r").write_text("mine")
    assert main(["study", str(page), "-o", str(tmp_path / "r"), "--quiet", "--overwrite"]) == 1
    assert "name a folder" in capsys.readouterr().err
    assert (tmp_path / "r").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_refused(page, tmp_path, capsys):
    """No permission: one sentence that names the place."""
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    assert main(["study", str(page), "-o", str(locked / "r"), "--quiet"]) == 1
    assert "locked" in capsys.readouterr().err

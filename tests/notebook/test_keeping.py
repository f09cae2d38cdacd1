"""No work is lost beyond the last click: kills, full disks, folders that cannot be written, other people's files."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from expert_roundup.coding.codings import read_codings
from expert_roundup.notebook import code_quotes

QUOTES = pd.DataFrame({"quote_id": ["Q01", "Q02", "Q03"], "text": ["We listen.", "We plan.", "We wait."]})
CODEBOOK = pd.DataFrame({"theme": ["goals", "craft"]})

_OPEN = """
import json, os, sys
import pandas as pd
from expert_roundup.notebook import code_quotes
quotes = pd.DataFrame({"quote_id": ["Q01", "Q02", "Q03"], "text": ["We listen.", "We plan.", "We wait."]})
widget = code_quotes(quotes, pd.DataFrame({"theme": ["goals", "craft"]}), coder="me", path=sys.argv[1])
"""


def opened(path: Path, coder: str = "me", **options: object):
    """The widget over a file."""
    return code_quotes(QUOTES, CODEBOOK, coder=coder, path=path, **options)


def rows(path: Path) -> list[tuple[str, str]]:
    """Quote and theme of every row on the disk."""
    codings = read_codings(path)
    return list(zip(codings["quote_id"], codings["theme"], strict=True))


def test_every_step_is_on_the_disk_before_the_next(tmp_path):
    """After each step the file is a whole csv of codings that reads back equal, undone steps too."""
    path = tmp_path / "new" / "codings.csv"
    widget = opened(path)
    assert not path.exists()  # nothing is written before the first step
    widget.give("Q01", "goals", words="listen", confidence=0.7, memo="says so")
    pd.testing.assert_frame_equal(read_codings(path), widget.codings)
    widget.give_none("Q02")
    pd.testing.assert_frame_equal(read_codings(path), widget.codings)
    widget.undo()
    assert rows(path) == [("Q01", "goals")]


def test_work_is_resumed_where_the_file_ends(tmp_path):
    """A new widget over the same file has every mark, and opens the first unread quote."""
    path = tmp_path / "codings.csv"
    first = opened(path)
    first.give("Q01", "goals", words="listen", memo="why")
    first.give_none("Q02")
    again = opened(path)
    assert again.desk.sheet == first.desk.sheet
    assert again.desk.quote_id == "Q03"
    assert again.state["n_read"] == 2
    assert repr(again) == "Coding widget of me: 3 quotes, 2 themes; run this cell to open it"


def test_a_kill_in_the_middle_of_a_save_loses_that_step_alone(tmp_path):
    """The process is killed while the third step is being written: the file holds the first two, whole."""
    script = _OPEN + (
        "widget.give('Q01', 'goals'); widget.give('Q02', 'craft')\n"
        "def hang(_):\n"
        "    print('writing', flush=True)\n"
        "    import time; time.sleep(60)\n"
        "os.fsync = hang\n"
        "widget.give('Q03', 'goals')\n"
    )
    path = tmp_path / "codings.csv"
    child = subprocess.Popen([sys.executable, "-c", script, path], stdout=subprocess.PIPE, text=True)
    with child:
        assert child.stdout.readline() == "writing\n"
        child.send_signal(signal.SIGKILL)
    assert rows(path) == [("Q01", "goals"), ("Q02", "craft")]
    widget = opened(path)
    widget.give("Q03", "goals")
    assert len(rows(path)) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are a matter of Unix")
def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path):
    """With no room for a byte more, steps are kept and told; with room again the next step saves all of them."""
    script = _OPEN + (
        "import resource\n"
        "said = []\n"
        "widget.give('Q01', 'goals')\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))\n"
        "widget.give('Q02', 'craft'); said.append([widget.problem, widget.state['is_saved'], len(widget.codings)])\n"
        "widget.give_none('Q03'); said.append([widget.problem, widget.state['is_saved'], len(widget.codings)])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))\n"
        "said.append(open(sys.argv[1]).read().count('Q0'))\n"
        "widget.give('Q03', 'goals'); said.append([widget.problem, widget.state['is_saved'], len(widget.codings)])\n"
        "print(json.dumps(said))\n"
    )
    path = tmp_path / "codings.csv"
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    second, third, on_disk, after = json.loads(done.stdout)
    assert second == ["File too large", False, 2]
    assert third == ["File too large", False, 3]
    assert on_disk == 1  # what stood there was not touched
    assert after == ["", True, 3]
    assert rows(path) == [("Q01", "goals"), ("Q02", "craft"), ("Q03", "goals")]
    assert [each.name for each in tmp_path.iterdir()] == ["codings.csv"]  # and nothing half-written lies about


@contextlib.contextmanager
def without_rights(folder: Path):
    """Nobody, or everybody but root, may write into `folder`."""
    if os.geteuid() == 0:
        os.seteuid(65534)
    else:
        folder.chmod(0o555)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are other on Windows")
def test_a_folder_that_may_not_be_written_is_told_and_another_one_helps(tmp_path):
    """The step is kept; "save there" goes on in another file with everything in it."""
    folder = tmp_path / "locked"
    folder.mkdir()
    widget = opened(folder / "codings.csv")
    with without_rights(folder):
        widget.give("Q01", "goals")
        assert "Permission denied" in widget.problem
        assert "Permission denied" in widget.state["problem"]
    other = tmp_path / "other.csv"
    widget._on_message(widget, {"do": "move", "path": str(other), "step": 1}, [])
    assert widget.problem == ""
    assert rows(other) == [("Q01", "goals")]
    assert not (folder / "codings.csv").exists()


def test_a_file_that_somebody_else_changed_is_left_as_it_is(tmp_path):
    """Two notebooks on one file: the second to write is told, and overwrites nothing."""
    path = tmp_path / "codings.csv"
    one, other = opened(path), opened(path)
    one.give("Q01", "goals")
    other.give("Q02", "craft")
    assert "was changed elsewhere" in other.problem
    assert rows(path) == [("Q01", "goals")]
    assert len(other.codings) == 1  # and its own work is still there
    one.give("Q03", "craft")
    assert one.problem == ""


def test_another_coder_s_file_is_refused_unless_asked(tmp_path):
    """Not read, not written, named; with overwrite it is begun anew, at the first step and not before."""
    path = tmp_path / "codings.csv"
    opened(path, "Ann").give("Q01", "goals")
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"codings.csv holds codings of Ann, not of me alone.*merge.*overwrite=True"):
        opened(path)
    widget = opened(path, overwrite=True)
    assert widget.codings.empty
    assert path.read_bytes() == before
    widget.give("Q02", "craft")
    assert rows(path) == [("Q02", "craft")]
    assert read_codings(path)["coder"].unique().tolist() == ["me"]


def test_a_file_with_a_header_only_is_anybody_s(tmp_path):
    """What `expert-roundup start` lays out is taken over by whoever codes first."""
    path = tmp_path / "codings.csv"
    path.write_text("quote_id,theme,coder,confidence,start,end,rationale\n", encoding="utf-8")
    opened(path).give("Q01", "goals")
    assert rows(path) == [("Q01", "goals")]


def test_save_there_never_takes_an_existing_file(tmp_path):
    """The other file must be new."""
    taken = tmp_path / "taken.csv"
    taken.write_text("mine")
    widget = opened(tmp_path / "codings.csv")
    widget._on_message(widget, {"do": "move", "path": str(taken), "step": 1}, [])
    assert "exists already" in widget.state["said"]
    assert taken.read_text() == "mine"


@pytest.mark.parametrize("content", ["", "no csv\n", "quote_id,theme,coder,confidence\nQ09,goals,me,1\n"])
def test_a_file_that_does_not_fit_is_refused_and_kept(tmp_path, content):
    """An empty file, another table, codings of other quotes: an error before the first click, and the file stays."""
    path = tmp_path / "codings.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="codings"):
        opened(path)
    assert path.read_text(encoding="utf-8") == content

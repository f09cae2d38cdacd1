"""What the fixtures promise: skip with a reason where something is absent, fail where it must be there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest


def run_pytest(folder: Path, code: str, **environment: str) -> str:
    """Closing lines of pytest over `code`, with our conftest, an empty PATH and `environment`."""
    (folder / "test_probe.py").write_text(code, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "PATH")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rsfE", "-p", "conftest", "-p", "no:cacheprovider", "--rootdir", folder,
         folder / "test_probe.py"],
        # no other plugin is needed, and loading them takes longer than these tests
        env={**kept, "PATH": "", "PYTHONPATH": str(Path(__file__).parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
             **environment},
        capture_output=True, text=True, check=False, cwd=folder,
    )  # fmt: skip
    return done.stdout


NEEDS = """
import pytest
def test_fixture(chromium): pass
@pytest.mark.office
def test_marker(): pass
"""


def test_what_needs_a_browser_or_an_office_skips_where_there_is_none(tmp_path: Path) -> None:
    """Outside CI the reason says what to install; a marker alone is enough."""
    said = run_pytest(tmp_path, NEEDS)
    assert "chromium is not installed (Debian: apt-get install chromium)" in said
    assert "soffice is not installed" in said
    assert "2 skipped" in said


def test_in_ci_the_browser_and_the_office_must_be_there(tmp_path: Path) -> None:
    """A skip in CI would look like a pass."""
    said = run_pytest(tmp_path, NEEDS, CI="true")
    assert "2 errors" in said


def test_a_fixture_brings_its_marker(tmp_path: Path) -> None:
    """`-m "not browser"` leaves out what asks for Chromium."""
    said = run_pytest(tmp_path, NEEDS, PYTEST_ADDOPTS="-m 'not browser and not office'")
    assert "2 deselected" in said


def test_an_article_that_is_named_but_absent_is_an_error(tmp_path: Path) -> None:
    """Who names the article wants it read: the run does not skip quietly."""
    said = run_pytest(tmp_path, "def test_it(article): pass", EXPERT_ROUNDUP_SOURCE=str(tmp_path / "none.txt"))
    assert "1 error" in said
    assert "does not exist" in said


@pytest.mark.parametrize("options", ["", "-p xdist.plugin -n 1"])
def test_notebooks_and_commands_under_test_do_not_see_the_article(tmp_path: Path, options: str) -> None:
    """What is compared with stored outputs runs on what ships, whatever the shell says; the fixture knows it."""
    code = "import os\ndef test_it(article): assert 'EXPERT_ROUNDUP_SOURCE' not in os.environ and article.exists()"
    said = run_pytest(tmp_path, code, EXPERT_ROUNDUP_SOURCE=__file__, PYTEST_ADDOPTS=options)
    assert "1 passed" in said


def test_a_test_cannot_leave_the_machine(tmp_path: Path) -> None:
    """A connection to another machine fails the test that tried it, even where the code would have caught the error."""
    code = (
        "import socket\n"
        "def test_it():\n"
        "    try: socket.create_connection(('192.0.2.1', 9), timeout=1)\n"
        "    except Exception: pass\n"
    )
    assert "tests use no network" in run_pytest(tmp_path, code)


def test_inputs_unchanged_sees_a_changed_argument(inputs_unchanged: Callable[..., object]) -> None:
    """The check fails for a function that writes into its frame or its list."""
    frame = pd.DataFrame({"share": [0.5]})
    assert inputs_unchanged(len, frame) == 1
    with pytest.raises(AssertionError, match="share"):
        inputs_unchanged(lambda f: f.__setitem__("share", 1.0), frame)
    with pytest.raises(AssertionError):
        inputs_unchanged(list.clear, [1])

"""The frame of the command line: exit codes, one-sentence errors, options that mean the same everywhere."""

from __future__ import annotations

import argparse
import errno
import importlib
import importlib.metadata
import json
import math
import os
import re
import signal
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from expert_roundup import cli
from expert_roundup.cli import options

Run = Callable[[argparse.Namespace], int]
FRAME = pd.DataFrame({"theme": ["цели", "goals"], "n_quotes": [9, 8], "share": [0.1 + 0.2, None]})


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], None]:
    """Put a command `probe` in place that takes the output options and runs what the test gives."""

    def install(run: Run) -> None:
        module = types.ModuleType("expert_roundup.cli.probe")
        module.add_arguments = options.add_output_options  # type: ignore[attr-defined]
        module.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "expert_roundup.cli.probe", module)
        monkeypatch.setitem(cli.COMMANDS, "probe", ("probe", "a command of this test"))

    return install


def raises(error: BaseException) -> Run:
    def run(args: argparse.Namespace) -> int:
        raise error

    return run


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_its_module_with_arguments_and_run(name: str) -> None:
    """A command of the help page can be called: its module has `add_arguments` and `run`, and its help prints."""
    module = importlib.import_module(f"expert_roundup.cli.{cli.COMMANDS[name][0]}")
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    assert parser.format_help()
    assert callable(module.run)


def test_help_lists_every_command_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` goes to standard output, exits with 0 and names the commands in the order of the table."""
    with pytest.raises(SystemExit, match=r"^0$"):
        cli.main(["--help"])
    assert re.findall(r"^    (\w+)", capsys.readouterr().out, flags=re.MULTILINE) == list(cli.COMMANDS)


def test_version_is_that_of_the_installed_package(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints the name and the version that pip knows."""
    with pytest.raises(SystemExit, match=r"^0$"):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"expert-roundup {importlib.metadata.version('expert-roundup')}\n"


@pytest.mark.parametrize(
    "words", [[], ["no-such-command"], ["probe", "--no-such-option"], ["probe", "--format", "xml"]]
)
def test_wrong_usage_exits_with_2(
    words: list[str], probe: Callable[[Run], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be understood is wrong usage, told on standard error, with nothing on standard output."""
    probe(lambda args: 0)
    with pytest.raises(SystemExit, match=r"^2$"):
        cli.main(words)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "usage: expert-roundup" in printed.err


@pytest.mark.parametrize("code", [0, 1])
def test_the_exit_code_is_what_the_command_returns(code: int, probe: Callable[[Run], None]) -> None:
    """A command that finished with failures says so by its own code."""
    probe(lambda args: code)
    assert cli.main(["probe"]) == code


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ValueError("codings: unknown theme goal"), "codings: unknown theme goal"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "a.txt"), "a.txt: No such file or directory"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (OSError("the page took longer than 20 s"), "the page took longer than 20 s"),
        (MemoryError(), "the input is too large for this machine's memory"),
        (RecursionError("maximum recursion depth exceeded"), "the input is nested too deeply"),
        (ValueError(), "ValueError"),
        (
            ModuleNotFoundError("No module named 'dask'", name="dask.dataframe"),
            'this needs the extra "corpus" (module dask.dataframe): pip install "expert-roundup[corpus]"',
        ),
    ],
)
def test_an_unusable_input_is_one_sentence_and_exit_1(
    error: Exception, sentence: str, probe: Callable[[Run], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """What the user can mend is told in one sentence, without a traceback."""
    probe(raises(error))
    assert cli.main(["probe"]) == 1
    assert capsys.readouterr() == ("", f"expert-roundup: {sentence}\n")


@pytest.mark.parametrize(
    "error",
    [
        KeyError("theme"),
        TypeError("unsupported operand"),
        ModuleNotFoundError("No module named 'pandas'", name="pandas"),
        ImportError("cannot import name", name="expert_roundup.coding"),
    ],
)
def test_a_fault_of_ours_keeps_its_traceback(error: Exception, probe: Callable[[Run], None]) -> None:
    """A bug is not dressed up as bad input."""
    probe(raises(error))
    with pytest.raises(type(error), match=str(error)):
        cli.main(["probe"])


def test_every_extra_module_names_an_extra_of_the_project(root: Path) -> None:
    """The extra that an error tells people to install exists and brings the module."""
    extras = importlib.metadata.metadata("expert-roundup").get_all("Provides-Extra")
    assert set(cli.EXTRAS.values()) <= set(extras or ())
    brought = importlib.metadata.packages_distributions()
    assert set(cli.EXTRAS) <= set(brought)


def test_an_interrupt_exits_with_130(probe: Callable[[Run], None], capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl+C is no error with a traceback."""
    probe(raises(KeyboardInterrupt()))
    assert cli.main(["probe"]) == 130
    assert "interrupted" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGTERM")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_killed_save_leaves_no_part_file(sign: signal.Signals, tmp_path: Path) -> None:
    """Ctrl+C and a polite kill in the middle of a save end with 130 and an untouched folder."""
    script = f"""
import os, sys, time, types
from expert_roundup import cli
from expert_roundup.output import files
module = types.ModuleType("probe")
module.add_arguments = lambda parser: None
def run(args):
    os.fsync = lambda handle: (print("saving", flush=True), time.sleep(30))
    files.save_text({str(tmp_path / "tally.csv")!r}, "theme")
module.run = run
sys.modules["expert_roundup.cli.probe"] = module
cli.COMMANDS["probe"] = ("probe", "a command of this test")
sys.argv = ["expert-roundup", "probe"]
sys.exit(cli.main())
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"saving"
    assert list(tmp_path.iterdir())
    process.send_signal(sign)
    assert b"Traceback" not in process.communicate(timeout=20)[1]
    assert process.returncode == 130
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="no /bin/sh")
def test_a_reader_that_leaves_ends_the_command_silently() -> None:
    """`expert-roundup ... | head` prints no traceback when head has seen enough."""
    script = (
        "import sys, types; from expert_roundup import cli; m = types.ModuleType('probe');"
        "m.add_arguments = lambda p: None;"
        "m.run = lambda a: [print('x' * 1000) for _ in range(1000)] and 0;"
        "sys.modules['expert_roundup.cli.probe'] = m; cli.COMMANDS['probe'] = ('probe', 'p');"
        "sys.argv = ['expert-roundup', 'probe']; sys.exit(cli.main())"
    )
    command = f"{sys.executable!r} -c {script!r} | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=20, check=True)
    assert done.stderr == ""
    assert done.stdout == "x" * 1000 + "\n"


def test_results_are_utf8_whatever_the_locale(tmp_path: Path) -> None:
    """A result that goes into a pipe is the same bytes on every machine."""
    script = (
        "import sys, types; from expert_roundup import cli; m = types.ModuleType('probe');"
        "m.add_arguments = lambda p: None; m.run = lambda a: print('цели 引用') or 0;"
        "sys.modules['expert_roundup.cli.probe'] = m; cli.COMMANDS['probe'] = ('probe', 'p');"
        "sys.argv = ['expert-roundup', 'probe']; sys.exit(cli.main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    assert done.stdout.decode("utf-8") == "цели 引用\n"


def arguments(*words: str, folder: bool = False) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    options.add_output_options(parser, folder=folder)
    options.add_seed(parser)
    return parser.parse_args(words)


def test_json_of_a_frame_is_one_object_a_row_with_exact_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    """Floats read back equal, what is missing is null, and letters stay letters."""
    options.emit(arguments("--format", "json"), FRAME)
    text = capsys.readouterr().out
    assert json.loads(text) == [
        {"theme": "цели", "n_quotes": 9, "share": 0.1 + 0.2},
        {"theme": "goals", "n_quotes": 8, "share": None},
    ]
    assert "цели" in text


def test_json_turns_values_of_numpy_and_pandas_into_plain_ones() -> None:
    """Every kind of cell that our frames hold has a json form; no text is NaN, which json does not know."""
    kinds = {
        "start": pd.array([1, None], dtype="Int64")[1], "n": np.int64(3), "low": np.float64(math.nan),
        "is_coded": np.True_, "links": ["a", "b"], "draws": np.array([[1, 2]]), "when": pd.NaT,
        "high": math.inf, "path": Path("a.txt"), "pair": (1, "x"),
    }  # fmt: skip
    assert json.loads(options.render(kinds, "json")) == {
        "start": None, "n": 3, "low": None, "is_coded": True, "links": ["a", "b"], "draws": [[1, 2]], "when": None,
        "high": None, "path": "a.txt", "pair": [1, "x"],
    }  # fmt: skip


def test_the_table_is_the_default_and_holds_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    """Without options a person reads the result."""
    assert options.emit(arguments(), FRAME) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines() if line[0] not in "-"] == [
        "theme",
        "цели",
        "goals",
    ]


@pytest.mark.parametrize(
    ("words", "style"),
    [
        ([], "table"),
        (["-o", "tally.json"], "json"),
        (["-o", "TALLY.CSV"], "csv"),
        (["-o", "tally.txt"], "table"),
        (["-o", "tally.md"], "md"),
        (["-o", "tally.tex"], "tex"),
        (["-o", "tally.xlsx"], "xlsx"),
        (["--out", "tally.csv", "--format", "json"], "json"),
    ],
)
def test_the_format_follows_the_ending_unless_it_is_said(words: list[str], style: str) -> None:
    """--format wins over the ending of -o; -o and --out are one option."""
    assert options.chosen_format(arguments(*words)) == style


def test_a_result_is_saved_as_a_workbook_markdown_or_latex(tmp_path: Path) -> None:
    """The ending of -o chooses; numbers stay numbers in the workbook, and it has the same bytes on every run."""
    for name in ("tally.md", "tally.tex", "tally.xlsx", "again.xlsx"):
        options.emit(arguments("-o", str(tmp_path / name), "--quiet"), FRAME)
    assert (tmp_path / "tally.md").read_text("utf-8").splitlines()[2] == "| цели | 9 | 0.3 |"
    assert r"цели & 9 & 0.3 \\" in (tmp_path / "tally.tex").read_text("utf-8")
    sheet = openpyxl.load_workbook(tmp_path / "tally.xlsx").active
    assert sheet.title == "tally"
    assert [cell.value for cell in sheet[2]] == ["цели", 9, pytest.approx(0.3)]


def test_a_workbook_needs_a_file_and_a_table(tmp_path: Path) -> None:
    """Neither the screen nor a nested result can be a workbook: one clear error each, nothing written."""
    with pytest.raises(ValueError, match=r"name it with -o FILE\.xlsx"):
        options.emit(arguments("--format", "xlsx"), FRAME)
    with pytest.raises(ValueError, match="json holds it"):
        options.emit(arguments("-o", str(tmp_path / "a.xlsx")), {"a": 1})
    assert not list(tmp_path.iterdir())


def test_out_saves_and_says_where_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A saved result leaves standard output empty."""
    path = tmp_path / "new" / "tally.csv"
    options.emit(arguments("-o", str(path)), FRAME)
    assert path.read_bytes().startswith("theme,n_quotes,share\nцели,9,".encode())
    assert capsys.readouterr() == ("", f"written: {path}\n")


def test_an_existing_result_is_replaced_only_when_asked(tmp_path: Path) -> None:
    """Without --overwrite a result that exists is an error and stays as it is."""
    path = tmp_path / "tally.json"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="exists already"):
        options.emit(arguments("-o", str(path)), FRAME)
    assert path.read_text(encoding="utf-8") == "mine"
    options.emit(arguments("-o", str(path), "--overwrite"), FRAME)
    assert json.loads(path.read_text(encoding="utf-8"))[0]["n_quotes"] == 9


def test_quiet_silences_remarks(capsys: pytest.CaptureFixture[str]) -> None:
    """--quiet leaves standard error empty; without it a remark is a line there."""
    options.remark(arguments("--quiet"), "31 quotes")
    options.remark(arguments(), "31 quotes")
    assert capsys.readouterr() == ("", "31 quotes\n")


def test_a_folder_is_required_where_a_command_writes_many_files(capsys: pytest.CaptureFixture[str]) -> None:
    """With `folder`, -o must be given and there is no --format."""
    with pytest.raises(SystemExit, match=r"^2$"):
        arguments(folder=True)
    assert "--out" in capsys.readouterr().err
    assert not hasattr(arguments("-o", "reports", folder=True), "format")


@pytest.mark.parametrize("seed", ["-1", "1.5", "x", ""])
def test_a_seed_is_a_whole_number(seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The generator of numpy takes no negative seed, so the option does not either."""
    with pytest.raises(SystemExit, match=r"^2$"):
        arguments(f"--seed={seed}")
    assert "a whole number from 0" in capsys.readouterr().err
    assert arguments().seed == 0


def test_emit_leaves_its_frame_as_it_was(inputs_unchanged: Callable[..., int]) -> None:
    """Printing changes nothing."""
    for style in ("table", "json", "csv"):
        inputs_unchanged(options.render, FRAME, style)


def test_help_starts_without_the_sciences() -> None:
    """`expert-roundup --help` is quick because it loads no library beyond the standard one."""
    script = "import sys; from expert_roundup import cli\ntry: cli.main(['--help'])\nfinally: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert "expert_roundup" in loaded
    assert loaded - {"expert_roundup", "__main__"} <= sys.stdlib_module_names | {"_distutils_hack", "sitecustomize"}

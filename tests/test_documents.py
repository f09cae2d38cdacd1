"""Documents cannot fall behind: names, commands, columns and links in them are checked, and what no file may hold."""

from __future__ import annotations

import csv
import doctest
import fnmatch
import json
import os
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

import expert_roundup
from expert_roundup import cli

ROOT = Path(__file__).resolve().parent.parent


@cache
def texts() -> dict[str, str]:
    """Path and text of every file of the project that is no binary and that .gitignore does not name."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()] + [".git"]

    def kept(names: list[str]) -> list[str]:
        return sorted(name for name in names if not any(fnmatch.fnmatch(name, pattern) for pattern in ignored))

    found = {}
    for folder, folders, files in os.walk(ROOT):
        folders[:] = kept(folders)  # not entered: .venv is large, and other tests write below .hypothesis
        for name in kept(files):
            path = Path(folder, name)
            try:
                found[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return found


def lines_with(pattern: str) -> list[str]:
    """Place of every line that matches `pattern`."""
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts().items()
        if re.search(pattern, text)
        for number, line in enumerate(text.splitlines(), start=1)
        if re.search(pattern, line)
    ]


def test_no_file_names_a_package_registry() -> None:
    """Registries are reached through their clients, as each machine has them set up."""
    hosts = [
        r"pypi\." + "org", "python" + r"hosted\.org", r"registry\." + "npmjs", r"npmjs\." + "com", r"deb\." + "debian",
        r"conda\." + "anaconda", r"proxy\." + "golang", r"crates\." + "io", "--(?:extra-)?index-" + r"url[ =]\S",
    ]  # fmt: skip
    assert not lines_with("|".join(hosts))


def test_no_file_names_a_place_on_one_machine() -> None:
    """Paths are relative to the project, so that any clone works."""
    folders = ["wo" + "rk", "fa" + "rm", "ro" + "ot", "home/[a-z]+", "Users/[A-Za-z]+"]
    assert not lines_with(r"(?<![\w.:/-])/(?:" + "|".join(folders) + r")/")


@cache
def documents() -> str:
    """The README and every page of docs/."""
    return "\n".join(text for name, text in texts().items() if re.fullmatch(r"README\.md|docs/.*\.md", name))


def code_words(markdown: str) -> set[str]:
    """Words that stand in code: between backticks or in a fenced block."""
    code = re.findall(r"```.*?```|`[^`\n]+`", markdown, flags=re.DOTALL)
    return set(re.findall(r"[A-Za-z_][\w-]*", "\n".join(code)))


def fenced(markdown: str) -> list[str]:
    """The fenced blocks of a page, without their fences."""
    return re.findall(r"^ *```[a-z]*\n(.*?)^ *```", markdown, flags=re.DOTALL | re.MULTILINE)


def commands_shown() -> list[str]:
    """Every call of the command that a fenced block of the documents shows, without prompt and comment."""
    lines = "\n".join(fenced(documents())).replace("\\\n", " ").splitlines()
    calls = [re.match(r"\s*(?:\$ )?(expert-roundup .*)", line) for line in lines]
    return [call[1] for call in calls if call]


def test_every_public_name_is_documented() -> None:
    """What `expert_roundup` exports stands in the README or in docs/, as code."""
    names = {name for name in expert_roundup.__all__ if not name.startswith("_")}
    assert names
    assert not names - code_words(documents())


def test_every_public_name_loads_on_first_use() -> None:
    """Each name of `__all__` is there when asked for, and `dir` shows it."""
    assert set(expert_roundup.__all__) <= set(dir(expert_roundup))
    for name in expert_roundup.__all__:
        assert getattr(expert_roundup, name) is not None


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_is_shown_at_work(name: str) -> None:
    """Each command of the help page stands in a fenced block of the README or of docs/."""
    assert any(call.split()[1:2] == [name] for call in commands_shown())


def test_every_command_shown_is_right_usage() -> None:
    """The command line understands what the documents show: no option there is misspelt or gone."""
    assert not [call for call in commands_shown() if "[" not in call and not is_understood(call)]


def is_understood(call: str) -> bool:
    """Whether a line of a shell, up to a pipe or a redirection, is right usage."""
    words = shlex.split(re.split(r"\s[|>]\s", call)[0], comments=True)[1:]
    try:
        cli.parse_words(words)
    except SystemExit as stopped:
        return stopped.code == 0
    return True


def test_python_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples with a prompt in the README and in docs/ give what they show, whatever the current folder."""
    monkeypatch.chdir(tmp_path)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for name, text in texts().items():
        if re.fullmatch(r"README\.md|docs/.*\.md", name):
            examples = "\n".join(block for block in fenced(text) if ">>>" in block)
            runner.run(doctest.DocTestParser().get_doctest(examples, {}, name, name, 0))
    assert runner.summarize().failed == 0


def test_paths_in_the_documents_exist() -> None:
    """A path of the project that a page names in code is there; patterns and places to fill in are left out."""
    pages = {name: text for name, text in texts().items() if re.fullmatch(r"[A-Z]+\.md|(docs|data)/[\w-]+\.md", name)}
    named = r"`((?:expert_roundup|tests|benchmarks|notebooks|docs|data|scripts|\.ci)/[\w./-]*)`"
    missing = [
        f"{name}: {path}"
        for name, text in pages.items()
        for path in re.findall(named, text)
        if not (ROOT / path).exists()
    ]
    assert not missing, "\n".join(missing)


def test_every_column_is_in_the_data_dictionary() -> None:
    """Each csv of data/ is named in data/README.md, and each of its columns stands there as code."""
    dictionary = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    tables = sorted((ROOT / "data").rglob("*.csv"))
    assert tables
    for path in tables:
        assert path.name in dictionary, f"data/README.md does not name {path.relative_to(ROOT)}"
        with path.open(encoding="utf-8", newline="") as file:
            missing = set(next(csv.reader(file))) - code_words(dictionary)
        assert not missing, f"data/README.md does not explain {sorted(missing)} of {path.relative_to(ROOT)}"


def test_every_make_target_is_in_the_help_and_documented() -> None:
    """`make` alone lists every target, and CONTRIBUTING.md or the README tells when to use it."""
    makefile = texts()["Makefile"]
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE)) - {"ready", "check"}
    assert targets == set(re.findall(r"^([a-z]+):.*## .", makefile, flags=re.MULTILINE))
    told = documents() + texts()["CONTRIBUTING.md"]
    assert not {t for t in targets - {"help"} if f"make {t}" not in told}


def test_links_between_documents_lead_somewhere() -> None:
    """A relative link in a Markdown page names a file of the project."""
    broken = [
        f"{name}: {target}"
        for name, text in texts().items()
        if name.endswith(".md") and not name.startswith(("tests/", "data/condensed/"))
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
        if not (ROOT / name).parent.joinpath(target).exists()
    ]
    assert not broken, "\n".join(broken)


def test_notebooks_are_numbered_and_carry_their_outputs() -> None:
    """A committed notebook has run from its first cell to its last, without an error."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        assert re.match(r"\d\d-[a-z0-9-]+\.ipynb$", path.name), path.name
        cells = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
        counts = [c["execution_count"] for c in cells if "".join(c["source"]).strip()]
        assert counts == list(range(1, len(counts) + 1)), f"{path.name}: run make notebooks"
        assert not [o for c in cells for o in c["outputs"] if o["output_type"] == "error"], path.name

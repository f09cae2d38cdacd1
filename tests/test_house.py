"""Walls of the house that no single module can hold: who imports whom, what a start loads, who writes files."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "expert_roundup"
MODULES = sorted(PACKAGE.rglob("*.py"))

#: wing -> the wings it may import; what is not listed (study, cli, notebook, corpus, datasets, the root) may import all
WALLS = {
    "text": {"text"},
    "parsing": {"parsing", "text"},
    "coding": {"coding", "text"},
    "analysis": {"analysis", "text"},
    "output": {"output"},
}

#: library -> the wings that may know it
ONLY_IN = {
    "matplotlib": {"output"},
    "seaborn": {"output"},
    "pptx": {"output"},
    "xlsxwriter": {"output"},
    "markdown_it": {"parsing"},
    "trafilatura": {"parsing"},
    "docx": {"parsing"},
    "lxml.html": {"parsing"},
    "dask": {"corpus"},
    "distributed": {"corpus"},
    "datasketch": {"corpus"},
}

#: a name that says nothing about what is inside
NAMELESS = {"common", "config", "exceptions", "helper", "helpers", "misc", "shared", "util", "utils"}

#: too slow to start with: they are imported where they are used
HEAVY = {
    "anywidget", "dask", "distributed", "docx", "duckdb", "ipywidgets", "lxml", "matplotlib", "nltk", "numpy", "pandas",
    "pptx", "py3langid", "pyarrow", "scipy", "seaborn", "simplemma", "sklearn", "trafilatura", "xlsxwriter", "yaml",
}  # fmt: skip

#: loaded by a wing only when a function needs it; pandas and numpy are every wing's daily bread
HEAVY_FOR_A_WING = HEAVY - {"numpy", "pandas", "yaml", "lxml"}


def place(path: Path) -> str:
    """Name of a module as errors show it."""
    return path.relative_to(ROOT).as_posix()


def wing_of(path: Path) -> str:
    """The part of the package that a module belongs to: a wing, a module of the root, or "" for the root itself."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py").replace("__init__", "")


@cache
def tree_of(path: Path) -> ast.Module:
    """The code of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path, *, at_start: bool = False) -> tuple[tuple[int, str], ...]:
    """Line and dotted name of everything a module imports; with `at_start`, only what importing it loads at once."""
    tree = tree_of(path)
    package = ("expert_roundup", *path.relative_to(PACKAGE).parent.parts)
    found: list[tuple[int, str]] = []
    for node in _started(tree) if at_start else ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            source = ".".join(filter(None, (base, node.module)))
            found += [(node.lineno, f"{source}.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found += [(node.lineno, a.value) for a in node.args if isinstance(a, ast.Constant)]
    return tuple(found)


def _started(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes that run on import: not the bodies of functions, not what only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _started(node)


def knows(imported: str, library: str) -> bool:
    return imported == library or imported.startswith(library + ".")


def test_wings_import_only_what_their_walls_allow() -> None:
    """Text flows one way: no wing reaches into another, at start, inside a function or for types."""
    breaches = []
    for path in MODULES:
        allowed = WALLS.get(wing_of(path))
        for line, name in imports_of(path):
            parts = name.split(".")
            if parts[0] == "expert_roundup" and allowed is not None and [*parts, ""][1] not in allowed:
                breaches.append(f"{place(path)}:{line} imports {name}")
    assert not breaches, "\n".join(breaches)


def test_the_rule_of_walls_sees_a_breach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check above would notice an import in a function, a relative one and one by name."""
    package = tmp_path / "expert_roundup"
    (package / "coding").mkdir(parents=True)
    module = package / "coding" / "tally.py"
    module.write_text(
        "from ..parsing import people\n"
        "def f():\n"
        "    import expert_roundup.output\n"
        "    importlib.import_module('dask')\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", package)
    names = [name for _, name in imports_of(module)]
    assert names == ["expert_roundup.parsing.people", "expert_roundup.output", "dask"]
    assert [name for _, name in imports_of(module, at_start=True)] == ["expert_roundup.parsing.people"]


def test_libraries_stay_in_their_wing() -> None:
    """Only output draws, only parsing knows markup, only corpus knows the engine."""
    breaches = [
        f"{place(path)}:{line} imports {name}"
        for path in MODULES
        for line, name in imports_of(path)
        for library, wings in ONLY_IN.items()
        if knows(name, library) and wing_of(path) not in wings
    ]
    assert not breaches, "\n".join(breaches)


def test_every_module_is_named_for_an_idea() -> None:
    """There is no utils, helpers, common, config, exceptions or misc."""
    assert not [place(path) for path in PACKAGE.rglob("*") if path.stem.strip("_").casefold() in NAMELESS]


def test_only_one_exception_class_is_our_own() -> None:
    """Callers catch ValueError and TypeError; NotARoundup is the one that they need to tell apart."""
    own = [
        node.name
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
        and any(re.search(r"(Error|Exception|Warning|Exit|NotARoundup)$", ast.unparse(base)) for base in node.bases)
    ]
    assert own == ["NotARoundup"]


def test_only_output_files_writes_files() -> None:
    """Results leave through save_bytes and save_text, whole or not at all; only a corpus writes its own dataset."""
    breaches = [
        f"{place(path)}:{node.lineno} {ast.unparse(node)[:80]}"
        for path in MODULES
        if place(path) != "expert_roundup/output/files.py" and wing_of(path) != "corpus"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and _writes(node)
    ]
    assert not breaches, "\n".join(breaches)


def _writes(call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in ("write_text", "write_bytes"):
        return True
    if not (isinstance(function, ast.Name) and function.id == "open") and ast.unparse(function) not in ("io.open",):
        return False
    modes = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "mode")]
    return any(isinstance(m, ast.Constant) and set("wax+") & set(str(m.value)) for m in modes)


def test_nothing_is_downloaded_at_run_time() -> None:
    """No call of nltk.download, spacy.load or the like: what the package needs is in its wheel."""
    calls = re.compile(r"nltk\.download|spacy\.load|from_pretrained|fetch_openml|load_dataset")
    assert not [place(path) for path in MODULES if calls.search(path.read_text(encoding="utf-8"))]


def loaded_by(statement: str) -> set[str]:
    """Top-level modules that a fresh Python has loaded after `statement`."""
    script = f"{statement}\nimport sys\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stderr.splitlines()[-1].split()}


@pytest.mark.parametrize(
    "statement",
    [
        "import expert_roundup",
        "import expert_roundup.datasets",
        "from expert_roundup import cli\ntry: cli.main(['--help'])\nexcept SystemExit: pass",
        "from expert_roundup import cli\ntry: cli.main(['study', '--help'])\nexcept SystemExit: pass",
    ],
)
def test_a_start_loads_nothing_heavy(statement: str) -> None:
    """Importing the package and asking the command for help load no library that takes long."""
    assert not loaded_by(statement) & HEAVY


@pytest.mark.parametrize("wing", ["text", "parsing", "coding", "analysis", "output", "study", "notebook", "corpus"])
def test_a_wing_loads_the_slow_libraries_only_when_they_are_used(wing: str) -> None:
    """Importing a wing costs pandas at most; what one function needs is imported in that function."""
    assert not loaded_by(f"import expert_roundup.{wing}") & HEAVY_FOR_A_WING


def test_commands_load_their_wing_only_when_run() -> None:
    """A module of the command line imports the standard library and its own options at start, nothing else."""
    breaches = [
        f"{place(path)}:{line} imports {name}"
        for path in sorted((PACKAGE / "cli").glob("*.py"))
        for line, name in imports_of(path, at_start=True)
        if name.partition(".")[0] not in sys.stdlib_module_names and not knows(name, "expert_roundup.cli")
    ]
    assert not breaches, "\n".join(breaches)


def test_modules_import_only_what_the_core_brings() -> None:
    """The core works without extras: notebook and corpus may load theirs at start, others inside functions only.

    Nothing loads what only tests may use: some of it is GPL.
    """
    core, anywhere = modules_of(), modules_of("notebooks", "corpus")
    own_extra = {"notebook": modules_of("notebooks"), "corpus": modules_of("corpus")}
    breaches = []
    for path in MODULES:
        at_start = set(imports_of(path, at_start=True))
        for line, name in imports_of(path):
            top = name.partition(".")[0]
            allowed = own_extra.get(wing_of(path), core) if (line, name) in at_start else anywhere
            if top not in sys.stdlib_module_names | {"expert_roundup"} | allowed:
                breaches.append(f"{place(path)}:{line} imports {name}")
    assert not breaches, "\n".join(breaches)


#: a requirement -> packages that it always brings and that we use by name
BROUGHT_ALONG = {
    "jupyterlab": {"ipython", "ipykernel", "nbclient", "nbformat", "traitlets"},
    "scikit-learn": {"threadpoolctl"},
}


@cache
def modules_of(*extras: str) -> frozenset[str]:
    """Top-level modules that the core and `extras` bring."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = project["dependencies"] + [r for extra in extras for r in project["optional-dependencies"][extra]]
    names = {canonicalize_name(Requirement(r).name) for r in required}
    names |= {along for name in names for along in BROUGHT_ALONG.get(name, ())}
    brought = importlib.metadata.packages_distributions()
    return frozenset(m for m, owners in brought.items() if names & {canonicalize_name(o) for o in owners})


def test_a_benchmark_is_a_script_with_main() -> None:
    """`make bench` runs each benchmarks/bench_*.py, and importing one runs nothing."""
    for path in sorted((ROOT / "benchmarks").glob("*.py")):
        assert path.name.startswith("bench_"), path.name
        code = path.read_text(encoding="utf-8")
        assert "def main(" in code
        assert 'if __name__ == "__main__":' in code

"""One set of dependencies behind three doors: pyproject.toml, environment.yml and requirements.lock."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent

#: name on conda-forge, where it is not the one on PyPI
CONDA_NAMES = {
    "dask": "dask",
    "duckdb": "python-duckdb",
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
}


@cache
def project() -> dict[str, Any]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"])


def required(*extras: str) -> list[Requirement]:
    """The core's requirements and those of `extras`."""
    optional = project()["optional-dependencies"]
    return [Requirement(text) for text in (*project()["dependencies"], *(r for e in extras for r in optional[e]))]


ALL_EXTRAS = ("notebooks", "corpus", "test")


def test_the_extras_are_the_three_we_document() -> None:
    """An extra that is added is added to the tests of this section too."""
    assert set(project()["optional-dependencies"]) == set(ALL_EXTRAS)


def conda_requirements() -> tuple[dict[str, Requirement], list[str]]:
    """Requirement by name of environment.yml, conda's and pip's together, and the lines that are none."""
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    lines = [e for e in entries if isinstance(e, str)] + [e for d in entries if isinstance(d, dict) for e in d["pip"]]
    requirements = [Requirement(line) for line in lines if line not in ("pip", "-e .")]
    names = [canonicalize_name(r.name) for r in requirements]
    assert len(names) == len(set(names)), "environment.yml names a package twice"
    return dict(zip(names, requirements, strict=True)), [line for line in lines if line in ("pip", "-e .")]


def test_environment_yml_has_the_names_and_bounds_of_pyproject() -> None:
    """The second door leads into the same house: every requirement with its bounds, and none besides."""
    conda, rest = conda_requirements()
    assert rest == ["pip", "-e ."]
    assert str(conda.pop("python").specifier) == project()["requires-python"]
    wanted = {CONDA_NAMES.get(r.name, canonicalize_name(r.name)): r.specifier for r in required(*ALL_EXTRAS)}
    assert {name: r.specifier for name, r in conda.items()} == wanted


@cache
def pins() -> tuple[tuple[Requirement, str], ...]:
    """Every pin of requirements.lock with the text under it (hashes and why it is there)."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)
    assert not blocks[0].strip(), "requirements.lock begins with something else than a pin"
    return tuple((Requirement(b.partition("\\")[0].strip()), b) for b in blocks[1:])


def test_the_lock_satisfies_every_bound() -> None:
    """Each requirement of pyproject.toml and environment.yml has a pin, and all of its pins lie inside its bounds."""
    conda_to_pypi = {conda: canonicalize_name(name) for name, conda in CONDA_NAMES.items()}
    conda = {conda_to_pypi.get(name, name): r for name, r in conda_requirements()[0].items() if name != "python"}
    for requirement in (*required(*ALL_EXTRAS), *conda.values()):
        name = canonicalize_name(conda_to_pypi.get(requirement.name, requirement.name))
        versions = [str(p.specifier)[2:] for p, _ in pins() if canonicalize_name(p.name) == name]
        assert versions, f"{requirement} has no pin; run make lock"
        assert all(requirement.specifier.contains(v) for v in versions), f"{requirement} is pinned to {versions}"


def test_the_lock_holds_nothing_that_is_no_longer_required() -> None:
    """The pins that exist for this project itself are those of pyproject.toml; else run make lock."""
    direct = {canonicalize_name(p.name) for p, text in pins() if "expert-roundup (pyproject.toml)" in text}
    assert direct == {canonicalize_name(r.name) for r in required(*ALL_EXTRAS)}


def test_every_pin_is_exact_and_hashed() -> None:
    """An installation takes byte for byte what was resolved."""
    for pin, text in pins():
        assert [s.operator for s in pin.specifier] == ["=="], text.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", text), f"{pin} has no hash"


def test_the_lock_names_no_address() -> None:
    """Where packages come from is each machine's own business."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host|^-e|@ file", text, flags=re.MULTILINE)

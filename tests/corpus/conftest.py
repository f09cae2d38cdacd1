"""A small folder of synthetic pages, and a dataset built of it once."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytest.importorskip("distributed", reason='needs the extra "corpus"')

import expert_roundup
from expert_roundup.corpus import engine, parts
from expert_roundup.corpus.build import build
from expert_roundup.corpus.dataset import Dataset
from expert_roundup.corpus.document import read_document
from expert_roundup.corpus.schema import PARTITIONED, parser_version
from expert_roundup.corpus.synthetic import Page, pages

#: what parser processes and workers load before anything else: the version that the tests see, and pages whose names
#: say what befalls them
HOOK = """
import os, sys, time
import expert_roundup.corpus.schema as schema
schema.parser_version = lambda: os.environ["PINNED_PARSER"]
if any("parser_process" in word for word in sys.orig_argv):
    import expert_roundup.parsing as parsing
    whole, seen = parsing.read_source, []
    def read_source(path, **options):
        seen.append(path)
        while len(seen) > 1 and os.path.exists(os.path.join(os.path.dirname(__file__), "gate")):
            time.sleep(0.02)
        if "hangs" in path:
            time.sleep(60)
        if "crashes" in path:
            os.kill(os.getpid(), 11)
        if "vanishes" in path:
            os.unlink(path)
        return whole(path, **options)
    parsing.read_source = read_source
"""


@pytest.fixture(scope="session")
def copied_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, which all processes that tests start import: nobody's edit of the parser reaches them."""
    folder = tmp_path_factory.mktemp("package")
    whole = Path(expert_roundup.__file__).parent
    shutil.copytree(whole, folder / whole.name)
    (folder / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    return folder


@contextlib.contextmanager
def _imported(copied_package: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(copied_package))
        patch.setenv("PINNED_PARSER", parser_version())
        yield


@pytest.fixture(scope="module", autouse=True)
def _processes_import_the_copy(copied_package: Path) -> Iterator[None]:
    """For this folder's modules only: notebooks and commands under test elsewhere have the data beside the package."""
    with _imported(copied_package):
        yield


@pytest.fixture
def gate(copied_package: Path) -> Iterator[Path]:
    """A file while which is there every parser process parses one document and waits: a run cannot be over before."""
    path = copied_package / "gate"
    path.touch()
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def made() -> Sequence[Page]:
    """Fourteen pages: every layout twice."""
    return list(pages(14))


@pytest.fixture(scope="session")
def page_folder(made: Sequence[Page], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as files, and one file that is no roundup."""
    folder = tmp_path_factory.mktemp("pages")
    for page in made:
        path = folder / page.name
        path.parent.mkdir(exist_ok=True)
        path.write_text(page.text, encoding="utf-8")
    (folder / "recipe.md").write_text("# Bread\n\nMix flour and water. Wait. Bake.\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def sources(page_folder: Path) -> list[str]:
    """Paths of all files."""
    return sorted(str(path) for path in page_folder.rglob("*.*"))


@pytest.fixture(scope="session")
def dataset(sources: list[str], copied_package: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """An undisturbed build; tests only read it."""
    with _imported(copied_package):
        return build(sources, tmp_path_factory.mktemp("data") / "dataset", jobs=1).dataset


def content(dataset: Dataset) -> dict[str, pd.DataFrame]:
    """All that a dataset holds."""
    tables = ("documents", "quotes", "speakers", "published_tallies", "failures", "sources", "near_duplicates")
    return {table: dataset.read(table) for table in tables}


@pytest.fixture(scope="session")
def is_same():
    """Whether two datasets hold the same rows in the same order."""

    def compare(left: Dataset, right: Dataset) -> bool:
        for table, rows in content(left).items():
            pd.testing.assert_frame_equal(rows, right.read(table), obj=table)
        return True

    return compare


@pytest.fixture
def without_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches run one after the other in this process: for tests of what lies around the engine."""

    class Here:
        def nthreads(self) -> dict[str, int]:
            return {"here": 1}

    @contextlib.contextmanager
    def client(*_: object, **__: object) -> Any:
        yield Here()

    def run(_: object, batches: Sequence[engine.Batch], order: parts.Order) -> Any:
        for partition, tasks in batches:
            place = Path(order.folder) / parts.part_name(tasks, partition, order.run)
            rows: dict[str, list[dict[str, Any]]] = {table: [] for table in PARTITIONED}
            for source, sha256 in tasks:
                for table, found in read_document(source, sha256=sha256, root=order.root).items():
                    rows[table] += found
            parts.write_part(rows, place)
            yield len(tasks)

    monkeypatch.setattr(engine, "client", client)
    monkeypatch.setattr(engine, "run_batches", run)

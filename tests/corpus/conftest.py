"""A small folder of synthetic pages, and a dataset built of it once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

pytest.importorskip("distributed", reason='needs the extra "corpus"')

from expert_roundup.corpus.build import build
from expert_roundup.corpus.dataset import Dataset
from expert_roundup.corpus.synthetic import Page, pages


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
def dataset(sources: list[str], tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """An undisturbed build; tests only read it."""
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

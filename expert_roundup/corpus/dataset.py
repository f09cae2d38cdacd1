"""A dataset on disk: opened and read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.corpus.schema import SCHEMA_VERSION, TABLES

if TYPE_CHECKING:
    import pandas as pd

#: what describes a dataset, in its folder
DESCRIPTION = "dataset.json"


def work_folder(folder: Path) -> Path:
    """Folder beside a dataset in which work on it lies, and the lock while somebody writes it."""
    return folder.with_name(folder.name + ".building")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that this version can read."""

    folder: Path
    parser: str  #: version of the parser that read its documents
    n_partitions: int
    counts: dict[str, int]  #: table -> rows

    def files(self, table: str) -> list[Path]:
        """The Parquet files of a table, in order; none where it was never written."""
        return sorted((self.folder / table).glob("*.parquet"))

    def read(self, table: str, *, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read a table whole.

        Returns
        -------
        DataFrame
            One row per row of the table, by document and place on the page.
        """
        from expert_roundup.corpus.parts import read_files

        if table not in TABLES:
            raise ValueError(f"a dataset has the tables {', '.join(TABLES)}, not {table!r}")
        return _frame(read_files(self.files(table), table, columns))

    def batches(self, table: str, *, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Read a table file by file, for what need not be in memory at once."""
        from expert_roundup.corpus.parts import read_files

        for path in self.files(table):
            yield _frame(read_files([path], table, columns))


def open_dataset(folder: str | Path) -> Dataset:
    """Open a dataset; only its description is read.

    Raises
    ------
    ValueError
        The folder holds no dataset, or one of another schema version.
    """
    place = Path(folder)
    if not (place / DESCRIPTION).is_file():
        raise ValueError(f"{place} is no dataset (it holds no {DESCRIPTION}); corpus build makes one")
    try:
        known: dict[str, Any] = json.loads((place / DESCRIPTION).read_text(encoding="utf-8"))
        found = known["schema_version"]
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{place / DESCRIPTION} does not describe a dataset of ours") from None
    if found != SCHEMA_VERSION:
        raise ValueError(
            f"{place} has schema version {found}, this version of expert-roundup reads and writes {SCHEMA_VERSION}: "
            "build it anew with --rebuild, or install the version that wrote it"
        )
    return Dataset(place, str(known["parser"]), int(known["n_partitions"]), dict(known["n_rows"]))


def describe(folder: Path, *, parser: str, n_partitions: int, counts: dict[str, int]) -> None:
    """Write the description of a dataset."""
    from expert_roundup.output.files import save_text

    known = {
        "format": "expert-roundup corpus", "schema_version": SCHEMA_VERSION, "parser": parser,
        "n_partitions": n_partitions, "n_rows": counts,
    }  # fmt: skip
    save_text(folder / DESCRIPTION, json.dumps(known, indent=1) + "\n", overwrite=True)


def _frame(table: Any) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    if "is_on_roster" in frame:
        frame = frame.assign(is_on_roster=frame["is_on_roster"].astype("boolean"))
    whole = {name: "Int64" for name in ("year", "start", "end", "n_published") if name in frame}
    return frame.astype(whole)

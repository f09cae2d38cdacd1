"""The new dataset: written whole beside the old one, then put in its place; a kill at any point loses nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from expert_roundup.corpus.compaction import compact, keep_suggestions, partition_name
from expert_roundup.corpus.dataset import Dataset, describe
from expert_roundup.corpus.parts import write_table
from expert_roundup.corpus.schema import PARTITIONED, TABLES, parser_version, schema

#: partitions that are written at once: each takes some 50 to 100 MB
_AT_ONCE = 2


def write_dataset(
    old: Dataset | None,
    staged: Path,
    target: Path,
    *,
    links: Mapping[str, str],
    unread: Sequence[dict[str, Any]],
    n: int,
) -> None:
    """Write a whole dataset into the folder `target`.

    Parameters
    ----------
    old
        The dataset so far, None if there is none.
    staged
        Folder of the parts.
    links
        Source -> document.
    unread
        Failures of sources that could not be read at all.
    n
        Partitions.
    """
    import pyarrow as pa

    from expert_roundup.corpus.duplicates import near_duplicates
    from expert_roundup.corpus.persons import add_speaker_keys

    first: dict[str, str] = {}
    for source, document in sorted(links.items()):
        first.setdefault(document, source)
    before = old.folder if old else None

    def write(index: int) -> None:
        compact(before, staged, target, n=n, index=index, first=first, unread=unread)

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        # Arrow works outside the interpreter's lock
        list(threads.map(write, range(n)))
    add_speaker_keys(target / "speakers")
    new = Dataset(target, parser_version(), n, {})
    signatures = new.read("documents", columns=["document", "date", "minhash"])
    rows = [{"source": source, "document": document} for source, document in sorted(links.items())]
    _write_whole(target, "sources", pa.Table.from_pylist(rows, schema=schema("sources")))
    copies = pa.Table.from_pandas(near_duplicates(signatures), schema=schema("near_duplicates"), preserve_index=False)
    _write_whole(target, "near_duplicates", copies)
    if old is not None:
        keep_suggestions(old.files("suggestions"), target / "suggestions", set(signatures["document"]))
    describe(target, parser=parser_version(), n_partitions=n, counts=_counts(new))


def put_in_place(place: Path, work: Path) -> None:
    """Move the new dataset to `place`; a kill between the two renames is mended by `put_back`."""
    if place.exists():
        place.rename(work / "old")
    (work / "new").rename(place)


def put_back(place: Path, work: Path) -> None:
    """Undo what a run left that was killed between the renames of `put_in_place`, or while it wrote."""
    if (work / "old").exists() and not place.exists():
        (work / "old").rename(place)
    for name in ("old", "new"):
        shutil.rmtree(work / name, ignore_errors=True)


def _write_whole(target: Path, name: str, table: Any) -> None:
    (target / name).mkdir()
    write_table(table, target / name / f"{partition_name(0, 1)}.parquet")


def _counts(dataset: Dataset) -> dict[str, int]:
    import pyarrow.parquet as pq

    return {
        table: sum(pq.read_metadata(path).num_rows for path in dataset.files(table))
        for table in TABLES
        if table in PARTITIONED or dataset.files(table)
    }

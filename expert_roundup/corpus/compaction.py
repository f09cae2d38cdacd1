"""Compaction: the parts of a build and the dataset before it, made into a few sorted files a table."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.corpus.parts import parts, read_files, write_table
from expert_roundup.corpus.schema import PARTITIONED, schema

if TYPE_CHECKING:
    import pyarrow as pa

#: documents a partition, at most as a rule: so many pages of 20 kB are 150 MB in memory
DOCUMENTS_EACH = 4_000


def n_partitions(n_documents: int) -> int:
    """How many partitions so many documents make: a power of two, for halves of the hashes stay together.

    Examples
    --------
    >>> n_partitions(40), n_partitions(100_000)
    (1, 32)
    """
    n = 1
    while n * DOCUMENTS_EACH < n_documents:
        n *= 2
    return n


def partition_of(document: str, n: int) -> int:
    """Partition that a document lies in, by the beginning of its hash; "" (nothing could be read) in the first.

    Examples
    --------
    >>> partition_of("7fffffff00", 2), partition_of("80000000ff", 2)
    (0, 1)
    """
    return int(document[:8] or "0", 16) * n >> 32


def partition_name(index: int, n: int) -> str:
    """A partition as names of files and parts begin, such as part-00003-of-00032."""
    return f"part-{index:05d}-of-{n:05d}"


def compact(
    old: Path | None,
    staged: Path,
    target: Path,
    *,
    n: int,
    index: int,
    kept: Collection[str],
    unread: Sequence[dict[str, Any]] = (),
) -> None:
    """Write partition `index` of `n` of every table that comes out of documents.

    Parameters
    ----------
    old
        The dataset so far, None if there is none.
    staged
        Folder of the parts.
    target
        Folder of the new dataset.
    kept
        Documents that some source still holds; the others were replaced.
    unread
        Failures of sources that could not be read at all; they stand in the first partition.
    """
    new = [part for part in parts(staged) if _overlaps(part.name, index, n)]
    done: set[str] = set()
    for table in PARTITIONED:
        before = sorted((old / table).glob("*.parquet")) if old else []
        files = [path for path in before if _overlaps(path.name, index, n)]
        rows = _chosen(read_files([*files, *(part / f"{table}.parquet" for part in new)], table), kept, n, index)
        if table == "documents":
            done = set(rows.column("document").to_pylist())
            assert len(done) == rows.num_rows, "a document was counted twice"
        if table == "failures":
            rows = _failures(rows, done, unread if index == 0 else ())
        (target / table).mkdir(parents=True, exist_ok=True)
        write_table(_sorted(rows), target / table / f"{partition_name(index, n)}.parquet")


def _overlaps(name: str, index: int, n: int) -> bool:
    """Whether a file or part, named for its own partition, may hold documents of partition `index` of `n`."""
    words = name.removesuffix(".parquet").split("-")
    its, of = int(words[1]), int(words[3])
    return its * n < (index + 1) * of and index * of < (its + 1) * n


def _chosen(rows: pa.Table, kept: Collection[str], n: int, index: int) -> pa.Table:
    import pyarrow as pa

    names = rows.column("document").to_pylist()
    mine = [name in kept and partition_of(name, n) == index for name in names]
    return rows if all(mine) else rows.filter(pa.array(mine, pa.bool_()))


def _failures(rows: pa.Table, done: Collection[str], unread: Sequence[dict[str, Any]]) -> pa.Table:
    """Failures that still stand: the last of each document, none of a document that was parsed at another try."""
    import pyarrow as pa

    last = {row["document"]: row for row in rows.to_pylist() if row["document"] not in done}
    found = sorted(unread, key=lambda row: str(row["source"])) + list(last.values())
    return pa.Table.from_pylist(found, schema=schema("failures"))


def _sorted(rows: pa.Table) -> pa.Table:
    """Rows by document; those of one document keep the order of the page."""
    import numpy as np
    import pyarrow as pa

    order = np.argsort(np.array(rows.column("document").to_pylist(), dtype="U20"), kind="stable")
    return rows.take(pa.array(order)).combine_chunks() if rows.num_rows else rows

"""Compaction: the parts of a build and the dataset before it, made into a few sorted files a table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.corpus.parts import parts, read_files, write_table
from expert_roundup.corpus.schema import PARTITIONED, schema

if TYPE_CHECKING:
    import pyarrow as pa

#: documents a partition, at most as a rule: so many pages of 20 kB are some 50 MB in memory while they are written
DOCUMENTS_EACH = 1_000


def n_partitions(n_documents: int) -> int:
    """How many partitions so many documents make: a power of two, for halves of the hashes stay together.

    Examples
    --------
    >>> n_partitions(40), n_partitions(100_000)
    (1, 128)
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
    first: Mapping[str, str],
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
    first
        Document -> source, the first by name that holds it. Documents that no source holds any more were replaced.
    unread
        Failures of sources that could not be read at all; they stand in the first partition.
    """
    places = [old] if old else []
    places += [part for part in parts(staged) if _overlaps(part.name, index, n)]
    owners = _owners([_rows(place, "documents", n, index) for place in places], first)
    for table in PARTITIONED:
        read = [_rows(place, table, n, index) for place in places]
        if table == "failures":
            rows = _failures(read, owners, first, unread if index == 0 else ())
        else:
            rows = _concatenated([_of_documents(found, owners, at) for at, found in enumerate(read)], table)
        if table == "documents":
            rows = _from_first(rows, first)
        (target / table).mkdir(parents=True, exist_ok=True)
        write_table(_sorted(rows), target / table / f"{partition_name(index, n)}.parquet")


def keep_suggestions(files: Sequence[Path], target: Path, kept: Collection[str]) -> None:
    """Copy the table suggestions, file by file, without rows of documents that are not `kept`."""
    import pyarrow as pa

    for path in files:
        target.mkdir(exist_ok=True)
        rows = read_files([path], "suggestions")
        mine = [name in kept for name in rows.column("document").to_pylist()]
        write_table(rows.filter(pa.array(mine, pa.bool_())), target / path.name)


def _overlaps(name: str, index: int, n: int) -> bool:
    """Whether a file or part, named for its own partition, may hold documents of partition `index` of `n`."""
    words = name.removesuffix(".parquet").split("-")
    its, of = int(words[1]), int(words[3])
    return its * n < (index + 1) * of and index * of < (its + 1) * n


def _rows(place: Path, table: str, n: int, index: int) -> pa.Table:
    """Rows of the partition in one place: a dataset, whose tables are folders, or a part, whose tables are files."""
    whole = place / f"{table}.parquet"
    files = [whole] if whole.is_file() else sorted((place / table).glob("*.parquet"))
    rows = read_files([path for path in files if path == whole or _overlaps(path.name, index, n)], table)
    return _filtered(rows, lambda name: partition_of(name, n) == index)


def _owners(documents: Sequence[pa.Table], first: Mapping[str, str]) -> dict[str, int]:
    """Document -> the place whose rows count.

    A document lies in two parts when a worker of an interrupted run went on beside the next run: it counts once.
    """
    owners: dict[str, int] = {}
    for at, rows in enumerate(documents):
        for name in rows.column("document").to_pylist():
            if name in first:
                owners.setdefault(name, at)
    return owners


def _of_documents(rows: pa.Table, owners: Mapping[str, int], at: int) -> pa.Table:
    return _filtered(rows, lambda name: owners.get(name) == at)


def _filtered(rows: pa.Table, wanted: Callable[[str], bool]) -> pa.Table:
    import pyarrow as pa

    names = rows.column("document").to_pylist()
    is_wanted = {name: wanted(name) for name in dict.fromkeys(names)}
    mine = [is_wanted[name] for name in names]
    return rows if all(mine) else rows.filter(pa.array(mine, pa.bool_()))


def _from_first(documents: pa.Table, first: Mapping[str, str]) -> pa.Table:
    """Documents with their source by name: another one, where the first came later or holds something else now."""
    import pyarrow as pa

    columns = documents.select(["document", "source", "folder"]).to_pydict()
    for at, document in enumerate(columns["document"]):
        if columns["source"][at] != first[document]:
            columns["source"][at] = first[document]
            columns["folder"][at] = Path(first[document]).absolute().parent.name
    for name in ("source", "folder"):
        column = documents.schema.get_field_index(name)
        documents = documents.set_column(column, documents.schema.field(column), pa.array(columns[name], pa.string()))
    return documents


def _failures(
    read: Sequence[pa.Table], owners: Collection[str], first: Mapping[str, str], unread: Sequence[dict[str, Any]]
) -> pa.Table:
    """Failures that still stand: the last of each document, none of a document that was parsed at another try."""
    rows = [row for table in read for row in table.to_pylist()]
    last = {row["document"]: row for row in rows if row["document"] in first and row["document"] not in owners}
    found = sorted(unread, key=lambda row: str(row["source"]))
    found += [row | {"source": first[document]} for document, row in last.items()]
    import pyarrow as pa

    return pa.Table.from_pylist(found, schema=schema("failures"))


def _concatenated(tables: Sequence[pa.Table], table: str) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables([schema(table).empty_table(), *tables])


def _sorted(rows: pa.Table) -> pa.Table:
    """Rows by document; those of one document keep the order of the page."""
    import numpy as np
    import pyarrow as pa

    if not rows.num_rows:
        return rows
    whole = rows.combine_chunks()
    return whole.take(pa.array(np.argsort(np.array(whole.column("document").to_pylist(), dtype="U20"), kind="stable")))

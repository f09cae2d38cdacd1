"""Parts: what a worker has parsed, one folder a batch, there as a whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.corpus.document import Rows
from expert_roundup.corpus.schema import PARTITIONED, parser_version, schema

if TYPE_CHECKING:
    import pyarrow as pa

#: a document to parse: path, hash
Task = tuple[str, str]


def build_part(tasks: Sequence[Task], partition: str, folder: str, *, seconds: float, parser: str) -> int:
    """Parse the documents of one batch and write their part: what a worker does.

    Parameters
    ----------
    tasks
        Path and hash of each document.
    partition
        Partition that all of them lie in, as `partition_name` writes it.
    folder
        Where parts lie; the name of a part follows from its documents, so a batch that is done again replaces nothing.
    seconds
        Limit of each document.
    parser
        Version of the parser that the build expects.

    Returns
    -------
    int
        Number of documents, parsed or failed.

    Raises
    ------
    ValueError
        This worker has another version of the parser.
    """
    if parser_version() != parser:
        raise ValueError(f"a worker has version {parser_version()} of the parser, the build expects {parser}")
    from expert_roundup.corpus.parser_process import parse

    place = Path(folder) / part_name(tasks, partition)
    if not place.exists():
        rows: Rows = {table: [] for table in PARTITIONED}
        for path, sha256 in tasks:
            for table, found in parse(path, sha256, seconds=seconds).items():
                rows[table] += found
        write_part(rows, place)
    return len(tasks)


def part_name(tasks: Sequence[Task], partition: str) -> str:
    """Name of the part that holds these documents."""
    digest = hashlib.sha256("\n".join(sha256 for _, sha256 in tasks).encode())
    return f"{partition}-{digest.hexdigest()[:24]}"


def write_part(rows: Rows, place: Path) -> None:
    """Write the tables of a part beside its place, then rename the folder."""
    import pyarrow as pa

    beside = place.parent / f".{place.name}.{uuid.uuid4().hex[:8]}"
    beside.mkdir()
    try:
        for table, found in rows.items():
            write_table(
                pa.Table.from_pylist(found, schema=schema(table)), beside / f"{table}.parquet", compression="lz4"
            )
        try:
            beside.rename(place)
        except OSError:
            # another worker was given the same batch, because this one seemed dead, and was faster
            if not place.exists():
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write_table(table: pa.Table, path: Path, *, compression: str = "zstd") -> None:
    """Write one Parquet file in row groups that a reader can skip."""
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression=compression, row_group_size=64_000)


def parts(folder: Path) -> list[Path]:
    """The whole parts in a folder, by name; what an interrupted worker left is passed over."""
    return sorted(path for path in folder.glob("*") if path.is_dir() and not path.name.startswith("."))


def read_files(paths: Sequence[Path], table: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Rows of several Parquet files of one table, in the order of the files."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = schema(table) if columns is None else pa.schema([schema(table).field(name) for name in columns])
    read: list[Any] = [pq.read_table(path, columns=wanted.names).cast(wanted) for path in paths]
    return pa.concat_tables(read) if read else wanted.empty_table()

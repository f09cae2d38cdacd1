"""Parts: what a worker has parsed, one folder a batch, there as a whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.corpus.document import Rows, Task
from expert_roundup.corpus.schema import PARTITIONED, parser_version, schema

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Order:
    """What all batches of one run have in common."""

    folder: str  #: where parts lie
    root: str  #: folder that sources are relative to: the current one of whoever builds, not of a worker
    run: str  #: name of the run: another run's part of the same documents is another part
    parser: str  #: version of the parser that the build expects
    seconds: float  #: limit of each document


def build_part(tasks: Sequence[Task], partition: str, order: Order) -> int:
    """Parse the documents of one batch and write their part: what a worker does.

    Parameters
    ----------
    tasks
        Source and hash of each document.
    partition
        Partition that all of them lie in, as `partition_name` writes it.

    Returns
    -------
    int
        Number of documents, parsed or failed.

    Raises
    ------
    ValueError
        This worker has another version of the parser.
    """
    if parser_version() != order.parser:
        raise ValueError(f"a worker has version {parser_version()} of the parser, the build expects {order.parser}")
    from expert_roundup.corpus.parser_process import parse

    place = Path(order.folder) / part_name(tasks, partition, order.run)
    if not place.exists():
        rows: Rows = {table: [] for table in PARTITIONED}
        for document in parse(tasks, root=order.root, seconds=order.seconds):
            for table, found in document.items():
                rows[table] += found
        write_part(rows, place)
    return len(tasks)


def part_name(tasks: Sequence[Task], partition: str, run: str) -> str:
    """Name of the part that holds these documents: two workers that a run gives the same batch make it once."""
    digest = hashlib.sha256("\n".join([run, *(sha256 for _, sha256 in tasks)]).encode())
    return f"{partition}-{digest.hexdigest()[:24]}"


def write_part(rows: Rows, place: Path) -> None:
    """Write the tables of a part that have rows beside its place, then rename the folder."""
    import pyarrow as pa

    beside = place.parent / f".{place.name}.{uuid.uuid4().hex[:8]}"
    beside.mkdir()
    try:
        for table, found in rows.items():
            if found or table == "documents":
                made = pa.Table.from_pylist(found, schema=schema(table))
                # parts are read once: quick to write and read counts, not size
                write_table(made, beside / f"{table}.parquet", compression="lz4", use_dictionary=False)
        try:
            beside.rename(place)
        except OSError:
            # another worker was given the same batch, because this one seemed dead, and was faster
            if not place.exists():
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write_table(table: pa.Table, path: Path, *, compression: str = "zstd", use_dictionary: bool = True) -> None:
    """Write one Parquet file in row groups that a reader can skip."""
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression=compression, use_dictionary=use_dictionary, row_group_size=64_000)


def parts(folder: Path) -> list[Path]:
    """The whole parts in a folder, oldest first; what an interrupted worker left is passed over."""
    found = [path for path in folder.glob("*") if path.is_dir() and not path.name.startswith(".")]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def read_files(paths: Sequence[Path], table: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Rows of several Parquet files of one table, in the order of the files."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = schema(table) if columns is None else pa.schema([schema(table).field(name) for name in columns])
    read: list[Any] = [pq.ParquetFile(path).read(columns=wanted.names).cast(wanted) for path in paths]
    return pa.concat_tables(read) if read else wanted.empty_table()

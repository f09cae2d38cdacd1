"""Build a dataset: every source parsed once, whatever interrupts the run and however often it is repeated."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expert_roundup.corpus.compaction import compact, n_partitions
from expert_roundup.corpus.dataset import DESCRIPTION, Dataset, describe, open_dataset
from expert_roundup.corpus.document import document_id
from expert_roundup.corpus.lock import locked
from expert_roundup.corpus.parser_process import SECONDS_EACH
from expert_roundup.corpus.parts import parts, read_files, write_table
from expert_roundup.corpus.plan import Inventory, plan, take_inventory
from expert_roundup.corpus.schema import PARTITIONED, TABLES, parser_version, schema

#: failures that another try may mend without a new parser
_PASSING = ("unreadable", "changed")
#: failures that are tried again when asked
_UNLUCKY = ("time_limit", "died", "fault")


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    dataset: Dataset
    n_sources: int  #: named
    n_new: int  #: documents parsed or failed by this run
    n_kept: int  #: documents that were done before
    is_changed: bool  #: whether the dataset was written


def build(
    sources: Sequence[str],
    folder: str | Path,
    *,
    scheduler: str | None = None,
    jobs: int | None = None,
    seconds: float = SECONDS_EACH,
    rebuild: bool = False,
    retry: bool = False,
    progress: bool = False,
) -> Report:
    """Parse files into a dataset, or add to one what it does not hold yet.

    Parameters
    ----------
    sources
        Paths. A source that changed since an earlier build replaces what it held; one that is not named stays.
    folder
        The dataset. While the build runs, its work lies beside it in FOLDER.building; the dataset itself is replaced
        at the end, whole.
    scheduler
        Address of a Dask scheduler whose workers see the same files; default: the cores of this machine.
    jobs
        Parser processes without a scheduler, one a core by default.
    seconds
        Limit of each document.
    rebuild
        Parse everything again, whatever the dataset holds.
    retry
        Try documents again that took too long or brought the parser down.
    progress
        Show a bar on standard error where that is a terminal.

    Returns
    -------
    Report
        The dataset with counts.

    Raises
    ------
    ValueError
        Another build of the dataset runs; the folder is no dataset, one of another schema version, or one of another
        version of the parser (and `rebuild` is false).
    OSError
        The dataset cannot be written, or the scheduler went away. What is parsed is kept: the next run goes on there.
    """
    place = Path(folder)
    work = place.with_name(place.name + ".building")
    work.mkdir(parents=True, exist_ok=True)
    try:
        with locked(work / "lock"):
            _recover(place, work)
            old = _old_dataset(place, rebuild)
            staged = _staging(work)
            inventory = take_inventory(list(dict.fromkeys(sources)), progress=progress)
            links = _links(old, inventory)
            done = _done(old, staged, retry)
            n = max(n_partitions(len(set(links.values()))), old.n_partitions if old else 1)
            n_new = _parse(inventory, done, staged, scheduler, jobs, n, seconds, progress)
            unread = _unread(old, inventory)
            is_changed = old is None or bool(parts(staged)) or _differs(old, links, unread)
            if is_changed:
                _write(old, staged, work / "new", links, unread, n)
                _swap(place, work)
            _clear(work)
    finally:
        # an empty work folder is none; one with parts waits for the next run
        with contextlib.suppress(OSError):
            work.rmdir()
    n_known = len({document_id(value) for value in inventory.hashes.values()} & done)
    return Report(open_dataset(place), len(set(sources)), n_new, n_known, is_changed)


def _recover(place: Path, work: Path) -> None:
    """Undo what a run left that was killed between the two renames of `_swap`, or while it wrote."""
    if (work / "old").exists() and not place.exists():
        (work / "old").rename(place)
    for name in ("old", "new"):
        shutil.rmtree(work / name, ignore_errors=True)


def _old_dataset(place: Path, rebuild: bool) -> Dataset | None:
    if not place.exists():
        return None
    if not (place / DESCRIPTION).exists():
        if place.is_dir() and not any(place.iterdir()):
            return None
        raise ValueError(f"{place} exists and is no dataset; name another folder")
    if rebuild:
        return None
    dataset = open_dataset(place)
    if dataset.parser != parser_version():
        raise ValueError(
            f"{place} was parsed by version {dataset.parser}, this is {parser_version()}: "
            "pass --rebuild to parse its sources again, or build into another folder"
        )
    return dataset


def _staging(work: Path) -> Path:
    """Folder of the parts of this parser version; parts of another, and half-written ones, are removed."""
    staged = work / f"parts-{parser_version()}"
    for path in work.glob("parts-*"):
        if path != staged:
            shutil.rmtree(path)
    staged.mkdir(exist_ok=True)
    for path in staged.glob(".*"):
        shutil.rmtree(path)
    return staged


def _links(old: Dataset | None, inventory: Inventory) -> dict[str, str]:
    """Source -> document, of this build and of earlier ones."""
    before = old.read("sources") if old else None
    links = {} if before is None else dict(zip(before["source"], before["document"], strict=True))
    return links | {source: document_id(value) for source, value in inventory.hashes.items()}


def _done(old: Dataset | None, staged: Path, retry: bool) -> set[str]:
    """Documents that need not be parsed again: those parsed, and those that will fail again."""
    again = _PASSING + (_UNLUCKY if retry else ())
    tables = []
    for table, columns in (("documents", ["document"]), ("failures", ["document", "kind"])):
        files = [part / f"{table}.parquet" for part in parts(staged)] + (old.files(table) if old else [])
        tables.append(read_files(files, table, columns))
    parsed, failed = tables
    hopeless = [row["document"] for row in failed.to_pylist() if row["kind"] not in again]
    return set(parsed.column("document").to_pylist()) | set(hopeless)


def _parse(
    inventory: Inventory,
    done: set[str],
    staged: Path,
    scheduler: str | None,
    jobs: int | None,
    n: int,
    seconds: float,
    progress: bool,
) -> int:
    """Parse what is new; return how many documents that were. Without anything new no engine starts."""
    from tqdm import tqdm

    if not {document_id(value) for value in inventory.hashes.values()} - done:
        return 0
    from expert_roundup.corpus.engine import client, run_batches

    with client(scheduler, jobs=jobs) as engine:
        n_threads = max(1, sum(engine.nthreads().values()))
        batches = plan(inventory.hashes, done, n=n, n_threads=n_threads)
        total = sum(len(tasks) for _, tasks in batches)
        with tqdm(total=total, desc="parsing", unit="document", disable=None if progress else True) as bar:
            for n_documents in run_batches(engine, batches, str(staged.absolute()), seconds=seconds):
                bar.update(n_documents)
    return total


def _unread(old: Dataset | None, inventory: Inventory) -> list[dict[str, Any]]:
    """Failures of sources that could not be read: those of this build, and earlier ones that it does not name."""
    named = {*inventory.hashes, *(row["source"] for row in inventory.unread)}
    before = old.read("failures").to_dict("records") if old else []
    kept = [row for row in before if row["document"] == "" and row["source"] not in named]
    return [{str(key): value for key, value in row.items()} for row in kept] + inventory.unread


def _differs(old: Dataset, links: dict[str, str], unread: list[dict[str, Any]]) -> bool:
    before, failures = old.read("sources"), old.read("failures")
    known = dict(zip(before["source"], before["document"], strict=True))
    return links != known or {row["source"] for row in unread} != set(failures.query("document == ''")["source"])


def _write(
    old: Dataset | None, staged: Path, target: Path, links: dict[str, str], unread: list[dict[str, Any]], n: int
) -> None:
    """Write the whole new dataset into `target`."""
    import pyarrow as pa

    from expert_roundup.corpus.duplicates import near_duplicates
    from expert_roundup.corpus.persons import add_speaker_keys

    kept = set(links.values())
    before = old.folder if old else None
    for index in range(n):
        compact(before, staged, target, n=n, index=index, kept=kept, unread=unread)
    add_speaker_keys(target / "speakers")
    new = Dataset(target, parser_version(), n, {})
    signatures = new.read("documents", columns=["document", "date", "minhash"])
    tables = {
        "sources": pa.Table.from_pylist(
            [{"source": source, "document": document} for source, document in sorted(links.items())],
            schema=schema("sources"),
        ),
        "near_duplicates": pa.Table.from_pandas(
            near_duplicates(signatures), schema=schema("near_duplicates"), preserve_index=False
        ),
    }
    for name, table in tables.items():
        (target / name).mkdir()
        write_table(table, target / name / "part-00000-of-00001.parquet")
    if before is not None and (before / "suggestions").is_dir():
        shutil.copytree(before / "suggestions", target / "suggestions")
    describe(target, parser=parser_version(), n_partitions=n, counts=_counts(new))


def _counts(dataset: Dataset) -> dict[str, int]:
    import pyarrow.parquet as pq

    return {
        table: sum(pq.read_metadata(path).num_rows for path in dataset.files(table))
        for table in TABLES
        if table in PARTITIONED or dataset.files(table)
    }


def _swap(place: Path, work: Path) -> None:
    """Put the new dataset in the place of the old one; a kill between the renames is mended by the next run."""
    if place.exists():
        place.rename(work / "old")
    (work / "new").rename(place)


def _clear(work: Path) -> None:
    for path in work.iterdir():
        if path.name != "lock":
            shutil.rmtree(path)

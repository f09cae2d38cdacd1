"""Build a dataset: every source parsed once, whatever interrupts the run and however often it is repeated."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expert_roundup.corpus.compaction import n_partitions
from expert_roundup.corpus.dataset import DESCRIPTION, Dataset, open_dataset, work_folder
from expert_roundup.corpus.document import document_id
from expert_roundup.corpus.lock import locked
from expert_roundup.corpus.parser_process import SECONDS_EACH
from expert_roundup.corpus.parts import Order, parts, read_files
from expert_roundup.corpus.plan import Inventory, plan, take_inventory
from expert_roundup.corpus.replacement import put_back, put_in_place, write_dataset
from expert_roundup.corpus.schema import parser_version

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
        Parse everything again: these sources, and those of the dataset. Of one with another schema version, which
        cannot be read, only these.
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
        Somebody else writes the dataset; the folder is no dataset, one of another schema version, or one of another
        version of the parser (and `rebuild` is false).
    OSError
        The dataset cannot be written, or the scheduler went away. What is parsed is kept: the next run goes on there.
    """
    place = _place(folder)
    work = work_folder(place)
    try:
        with locked(work / "lock"):
            put_back(place, work)
            before = _old_dataset(place, rebuild)
            names = dict.fromkeys([*sources, *(_sources_of(before) if rebuild else ())])
            old = None if rebuild else before
            staged = _staging(work)
            inventory = take_inventory(list(names), progress=progress)
            links = _links(old, inventory)
            done = _done(old, staged, retry)
            n = max(n_partitions(len(set(links.values()))), before.n_partitions if before else 1)
            n_new = _parse(inventory, done, staged, scheduler, jobs, n, seconds, progress)
            unread = _unread(old, inventory)
            is_changed = old is None or bool(parts(staged)) or _differs(old, links, unread)
            if is_changed:
                write_dataset(old, staged, work / "new", links=links, unread=unread, n=n)
                put_in_place(place, work)
            _clear(work)
    finally:
        # an empty work folder is none; one with parts waits for the next run
        with contextlib.suppress(OSError):
            work.rmdir()
    n_known = len({document_id(value) for value in inventory.hashes.values()} & done)
    return Report(open_dataset(place), len(names), n_new, n_known, is_changed)


def _place(folder: str | Path) -> Path:
    """The folder itself, where its name is that of a link or none (".", "..")."""
    place = Path(folder)
    return place.resolve() if place.is_symlink() or place.name in ("", "..") else place


def _old_dataset(place: Path, rebuild: bool) -> Dataset | None:
    if not place.exists():
        return None
    if not (place / DESCRIPTION).exists():
        if place.is_dir() and not any(place.iterdir()):
            return None
        raise ValueError(f"{place} exists and is no dataset; name another folder")
    try:
        dataset = open_dataset(place)
    except ValueError:
        if rebuild:
            return None
        raise
    if dataset.parser != parser_version() and not rebuild:
        raise ValueError(
            f"{place} was parsed by version {dataset.parser}, this is {parser_version()}: "
            "pass --rebuild to parse its sources again, or build into another folder"
        )
    return dataset


def _sources_of(dataset: Dataset | None) -> list[str]:
    """Sources that a dataset was built of, read or not."""
    if dataset is None:
        return []
    return sorted({*dataset.read("sources")["source"], *dataset.read("failures")["source"]})


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
        tables.append(read_files([path for path in files if path.exists()], table, columns))
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

    order = Order(str(staged.absolute()), str(Path.cwd()), uuid.uuid4().hex, parser_version(), seconds)
    with client(scheduler, jobs=jobs) as engine:
        n_threads = max(1, sum(engine.nthreads().values()))
        batches = plan(inventory.hashes, done, n=n, n_threads=n_threads)
        total = sum(len(tasks) for _, tasks in batches)
        with tqdm(total=total, desc="parsing", unit="document", disable=None if progress else True) as bar:
            for n_documents in run_batches(engine, batches, order):
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


def _clear(work: Path) -> None:
    """Remove what is not needed any more, as far as a worker of an interrupted run does not write there just now."""
    for path in work.iterdir():
        if path.name != "lock":
            shutil.rmtree(path, ignore_errors=True)

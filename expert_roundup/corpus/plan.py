"""The plan of a build: which sources there are, which of them are new, and who gets which."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expert_roundup.corpus.compaction import partition_name, partition_of
from expert_roundup.corpus.document import Task, document_id

#: documents a batch: at most some seconds of work, and, where there are many, at least what is worth a part
_MOST, _FEWEST = 128, 16
#: a batch is at most this part of what is left for each worker thread: towards the end batches get small, so that no
#: thread works long after the others are done
_PART_LEFT = 4
#: batches that each thread gets of few documents
_BATCHES_EACH = 8


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the sources hold."""

    hashes: dict[str, str]  #: source -> hash of its bytes
    unread: list[dict[str, Any]]  #: failures of those that could not be read


def take_inventory(sources: Sequence[str], *, progress: bool = False) -> Inventory:
    """Hash every source once.

    Parameters
    ----------
    sources
        Paths of files.
    progress
        Show a bar on standard error where that is a terminal.
    """
    from tqdm import tqdm

    hashes, unread = {}, []
    for source in tqdm(sources, desc="hashing", unit="file", disable=None if progress else True, delay=2):
        try:
            hashes[source] = _sha256(Path(source))
        except OSError as error:
            reason = error.strerror or str(error)
            unread.append({"source": source, "document": "", "kind": "unreadable", "reason": reason})
    return Inventory(hashes, unread)


def read_list(path: str | Path) -> list[str]:
    """Paths that a list names, one a line; empty lines and lines from "#" do not count.

    A path that is not there from the current folder, and is from the list's, is meant from there.

    Raises
    ------
    ValueError
        The list is no text, or names nothing.
    """
    place = Path(path)
    try:
        lines = [line.strip() for line in place.read_text(encoding="utf-8-sig").splitlines()]
    except UnicodeDecodeError as error:
        raise ValueError(f"{place} is no list of paths in UTF-8 ({error.reason} at byte {error.start})") from None
    named = [line for line in lines if line and not line.startswith("#")]
    if not named:
        raise ValueError(f"{place} lists no file; a list has one path a line")
    return [line if Path(line).exists() else _beside(line, place) for line in named]


def _beside(line: str, place: Path) -> str:
    return str(place.parent / line) if (place.parent / line).exists() else line


def plan(hashes: Mapping[str, str], done: Collection[str], *, n: int, n_threads: int) -> list[tuple[str, list[Task]]]:
    """Divide what is not done into batches of one partition each.

    Returns
    -------
    list
        (partition name, documents with source and hash), by hash. Of several sources with the same bytes only the first
        by name is parsed.
    """
    new: dict[str, str] = {}
    for source, sha256 in sorted(hashes.items()):
        if document_id(sha256) not in done:
            new.setdefault(sha256, source)
    partitions: defaultdict[int, list[Task]] = defaultdict(list)
    for sha256, source in sorted(new.items()):
        partitions[partition_of(sha256, n)].append((source, sha256))
    batches: list[tuple[str, list[Task]]] = []
    left = len(new)
    fewest = max(1, min(_FEWEST, left // (n_threads * _BATCHES_EACH)))
    for index, tasks in sorted(partitions.items()):
        at = 0
        while at < len(tasks):
            size = max(fewest, min(_MOST, left // (n_threads * _PART_LEFT)))
            batches.append((partition_name(index, n), tasks[at : at + size]))
            at += size
            left -= len(batches[-1][1])
    return batches


def _sha256(path: Path) -> str:
    """Hash of a regular file; a folder, pipe or device is an OSError, as it would never end."""
    if path.exists() and not path.is_file():
        raise OSError(0, "not a regular file", str(path))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

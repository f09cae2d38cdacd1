"""The schema of a dataset: its tables, their columns and types, and the versions that a reader must know."""

from __future__ import annotations

import functools
import hashlib
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

#: raised whenever a column changes its name, type or meaning
SCHEMA_VERSION = 1

#: table -> column -> type; each table's first columns are its key and its order
TABLES: dict[str, dict[str, str]] = {
    "documents": {
        "document": "string",  # first 20 digits of the hash: the key
        "sha256": "string",  # of the bytes as they came
        "source": "string",  # the path it was read from; of several with the same bytes the first by name
        "folder": "string",  # name of the folder that the file lies in
        "title": "string",
        "language": "string",  # most words of its quotes are in it
        "layout": "string",
        "format": "string",
        "date": "string",  # as the page states it, YYYY-MM-DD; missing where it does not
        "year": "int16",
        "n_chars": "int64",
        "n_words": "int64",  # in its quotes
        "n_quotes": "int32",
        "n_speakers": "int32",
        "n_published": "int32",  # labels of the published tally
        "minhash": "binary",  # 64 hashes of four bytes, for near-duplicates
        "parser": "string",
    },
    "quotes": {
        "quote_id": "string",  # document, "-", number on its page
        "document": "string",
        "speaker": "string",
        "role": "string",
        "is_on_roster": "bool",
        "question": "string",
        "language": "string",
        "n_words": "int32",
        "start": "int64",
        "end": "int64",
        "text": "string",
        "links": "list",
    },
    "speakers": {
        "document": "string",
        "speaker": "string",
        "speaker_key": "string",  # equal across spellings, scripts and documents
        "role": "string",
        "n_quotes": "int32",
        "n_words": "int64",
    },
    "published_tallies": {"document": "string", "label": "string", "n_published": "int64"},
    "failures": {
        "source": "string",
        "document": "string",  # "" where nothing could be read
        "kind": "string",  # no_roundup, unusable, unreadable, changed, time_limit, died, fault
        "reason": "string",
    },
    "sources": {"source": "string", "document": "string"},
    "near_duplicates": {"document": "string", "original": "string", "similarity": "float64"},
    "suggestions": {
        "quote_id": "string",
        "document": "string",
        "theme": "string",
        "score": "float64",
        "is_suggested": "bool",
        "start": "int64",
        "end": "int64",
    },
}

#: tables that come out of every document, in one file a partition
PARTITIONED = ("documents", "quotes", "speakers", "published_tallies", "failures")


def schema(table: str) -> pa.Schema:
    """Arrow schema of a table; its metadata names the schema version.

    Examples
    --------
    >>> schema("sources").names
    ['source', 'document']
    """
    import pyarrow as pa

    kinds: dict[str, Any] = {
        "string": pa.string(), "binary": pa.binary(), "bool": pa.bool_(), "float64": pa.float64(), "int16": pa.int16(),
        "int32": pa.int32(), "int64": pa.int64(), "list": pa.list_(pa.string()),
    }  # fmt: skip
    fields = [(name, kinds[kind]) for name, kind in TABLES[table].items()]
    return pa.schema(fields, metadata={"expert_roundup_schema": str(SCHEMA_VERSION)})


@functools.cache
def parser_version() -> str:
    """Version of the package and a fingerprint of everything that decides how a page is read."""
    from expert_roundup.datasets import version

    digest = hashlib.sha256()
    for wing in ("parsing", "text"):
        for path, data in _files(resources.files(f"expert_roundup.{wing}"), wing):
            digest.update(path.encode() + b"\0" + data + b"\0")
    return f"{version()}+{digest.hexdigest()[:12]}"


def _files(folder: Traversable, name: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            found += [] if entry.name == "__pycache__" else _files(entry, path)
        elif entry.name.endswith((".py", ".toml", ".txt", ".json")):
            found.append((path, entry.read_bytes()))
    return found

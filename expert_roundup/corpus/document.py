"""One document as rows of the dataset's tables."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from expert_roundup.corpus.schema import parser_version

#: table -> rows
Rows = dict[str, list[dict[str, Any]]]
#: a document to parse: source, hash
Task = tuple[str, str]

#: digits of the hash that name a document: two of 10^9 pages share them with probability 10^-6
DOCUMENT_DIGITS = 20
#: where a page states its date: front matter of Markdown, meta elements and linked data of html
_DATE = re.compile(
    rb"""(?ix)
    (?: ^ (?:date|published|pubdate|publish_date) [ \t]* : [ \t]* ["']?                          # front matter
      | (?:article:published_time|datepublished|dc\.date|pubdate|"date") ["']? \s* (?:content\s*=|:)\s*["']
      | <time\b [^<>]* \bdatetime \s* = \s* ["']
    ) (\d{4}-\d{2}-\d{2})(?!\d)""",
    re.MULTILINE,
)
#: bytes at the beginning in which a date is looked for
_HEAD = 200_000


def document_id(sha256: str) -> str:
    """Name of the document with this hash."""
    return sha256[:DOCUMENT_DIGITS]


def read_document(source: str, *, sha256: str, root: str = "") -> Rows:
    """Parse one file.

    Parameters
    ----------
    source
        The file, as the dataset names it.
    sha256
        Hash that it had when the build was planned.
    root
        Folder that `source` is relative to; by default the current one.

    Returns
    -------
    dict
        Table -> rows of documents, quotes, speakers, published_tallies and failures. A file that cannot be parsed has
        one row in failures and none elsewhere.
    """
    from expert_roundup.parsing import NotARoundup, read_roundup, read_source

    path = str(Path(root, source))
    try:
        read = read_source(path)
        if read.sha256 != sha256:
            return failed(source, sha256, "changed", "it changed while the build ran; run the build again")
        return _rows(read_roundup(read), source, Path(path))
    except NotARoundup as error:
        kind, reason = "no_roundup", str(error)
    except ValueError as error:
        kind, reason = "unusable", str(error)
    except OSError as error:
        kind, reason = "unreadable", error.strerror or str(error)
    except Exception as error:
        # a fault of ours in one document never stops the rest
        kind, reason = "fault", f"{type(error).__name__}: {error}"
    return failed(source, sha256, kind, reason.replace(f"{path}: ", "", 1))


def failed(source: str, sha256: str, kind: str, reason: str) -> Rows:
    """Rows of a document that could not be parsed."""
    return {"failures": [{"source": source, "document": document_id(sha256), "kind": kind, "reason": reason}]}


def stated_date(data: bytes) -> str | None:
    r"""Date that a page states in its front matter or head, as YYYY-MM-DD.

    Examples
    --------
    >>> stated_date(b"---\ntitle: Nine voices\ndate: 2021-05-11\n---\n")
    '2021-05-11'
    """
    match = _DATE.search(data[:_HEAD])
    if match is None:
        return None
    found = match[1].decode()
    month, day = int(found[5:7]), int(found[8:])
    return found if 1 <= month <= 12 and 1 <= day <= 31 and "1900" <= found[:4] < "2100" else None


def _rows(roundup: Any, source: str, path: Path) -> Rows:
    from expert_roundup.corpus.duplicates import minhash

    key = document_id(roundup.source.sha256)
    words: Counter[str] = Counter()
    for quote in roundup.rows:
        words[quote.language] += quote.n_words
    speakers = _speakers(roundup, key)
    date = stated_date(path.read_bytes()) if roundup.source.format in ("md", "html", "txt") else None
    document = {
        "document": key, "sha256": roundup.source.sha256, "source": source, "folder": path.absolute().parent.name,
        "title": roundup.title, "language": max(words, key=lambda name: (words[name], name)), "layout": roundup.layout,
        "format": roundup.source.format, "date": date, "year": int(date[:4]) if date else None,
        "n_chars": len(roundup.source.text), "n_words": sum(words.values()), "n_quotes": len(roundup.rows),
        "n_speakers": len(speakers), "n_published": len(roundup.published), "parser": parser_version(),
        "minhash": minhash(" ".join(quote.text for quote in roundup.rows)),
    }  # fmt: skip
    return {
        "documents": [document],
        "quotes": [_quote(quote, key) for quote in roundup.rows],
        "speakers": speakers,
        "published_tallies": [
            {"document": key, "label": count.label, "n_published": count.n_published} for count in roundup.published
        ],
        "failures": [],
    }


def _quote(quote: Any, key: str) -> dict[str, Any]:
    row = {name: getattr(quote, name) for name in type(quote).__dataclass_fields__}
    return row | {"quote_id": f"{key}-{quote.quote_id}", "document": key, "links": list(quote.links)}


def _speakers(roundup: Any, key: str) -> list[dict[str, Any]]:
    """One row per person of the document, in page order; spellings that the parser kept apart stay apart here."""
    found: dict[str, dict[str, Any]] = {}
    for quote in roundup.rows:
        row = found.setdefault(
            quote.speaker,
            {"document": key, "speaker": quote.speaker, "speaker_key": "", "role": "", "n_quotes": 0, "n_words": 0},
        )
        row["role"] = row["role"] or quote.role
        row["n_quotes"] += 1
        row["n_words"] += quote.n_words
    return list(found.values())

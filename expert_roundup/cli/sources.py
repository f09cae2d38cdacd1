"""Sources named on the command line: paths, addresses, folders and globs."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

#: endings of the files that are read in a folder
ENDINGS = (".txt", ".text", ".md", ".markdown", ".mdx", ".html", ".htm", ".xhtml", ".docx")


def is_many(named: Sequence[str]) -> bool:
    """Whether the words name more than one source, or a folder or glob, which may hold any number."""
    return len(named) != 1 or _is_folder(named[0]) or _is_glob(named[0])


def listed(named: Sequence[str]) -> list[str]:
    """The sources that the words name, each once, in the order of the words and by name within a folder or glob.

    Raises
    ------
    ValueError
        A folder or a glob holds nothing that is read.
    """
    return list(dict.fromkeys(source for word in named for source in _listed(word)))


def _listed(word: str) -> Iterator[str]:
    if _is_folder(word):
        found = [
            path for path in Path(word).rglob("*") if path.suffix.lower() in ENDINGS and not _is_hidden(path, word)
        ]
    elif _is_glob(word):
        found = [path for path in map(Path, glob.glob(word, recursive=True)) if not path.is_dir()]
    else:
        yield word
        return
    if not found:
        raise ValueError(f"{word} holds no source ({', '.join(ENDINGS)})")
    yield from map(str, sorted(found))


def _is_folder(word: str) -> bool:
    return not _is_address(word) and word != "-" and Path(word).is_dir()


def _is_glob(word: str) -> bool:
    return not _is_address(word) and glob.has_magic(word) and not Path(word).exists()


def _is_address(word: str) -> bool:
    return re.match(r"(?i)[a-z][a-z0-9+.-]+://", word) is not None


def _is_hidden(path: Path, folder: str) -> bool:
    """Whether the file or a folder on the way to it begins with a dot, as caches and drafts of programs do."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts) or path.is_dir()

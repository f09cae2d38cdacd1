"""The archive around a project: written without a clock, read as if an enemy had packed it."""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from expert_roundup.coding.faults import MAX_LISTED

#: the first date that an archive can hold
_FIRST = (1980, 1, 1, 0, 0, 0)
#: a project file above this would take gigabytes as a tree
MAX_PROJECT_BYTES = 64_000_000
#: all texts together
MAX_TEXT_BYTES = 50_000_000
MAX_FILES = 100_000
#: a file that unpacks to more than this many times its size is no text, no picture and no sound
_MAX_RATIO = 200
_NEVER_A_BOMB = 10_000_000


@dataclass(slots=True)
class Archive:
    """An open archive whose files have been looked at and not yet read."""

    file: zipfile.ZipFile
    what: str  #: how messages name it
    entries: Mapping[str, zipfile.ZipInfo]  #: path in lower case -> entry
    left: int = MAX_TEXT_BYTES  #: bytes of text that may still be read

    def project(self) -> bytes:
        """The project file: project.qde, else the only .qde at the top."""
        found = [path for path in self.entries if path.endswith(".qde") and "/" not in path]
        path = "project.qde" if "project.qde" in found else found[0] if len(found) == 1 else ""
        if not path:
            raise ValueError(f"{self.what}: no project.qde in it, so it is no QDPX project")
        return self._read(path, MAX_PROJECT_BYTES)

    def text(self, path: str) -> bytes:
        """A file of the folder of sources."""
        data = self._read(path, self.left)
        self.left -= len(data)
        return data

    def _read(self, path: str, limit: int) -> bytes:
        entry = self.entries[path]
        if entry.file_size > limit:
            raise ValueError(
                f"{self.what}: {entry.filename} unpacks to {entry.file_size / 1e6:,.0f} MB; "
                f"read are at most {limit / 1e6:,.0f} MB"
            )
        try:
            # the size that the archive states is not believed: never more than the limit is unpacked
            with self.file.open(entry) as file:
                data = file.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
            raise ValueError(f"{self.what}: {entry.filename} is damaged ({error})") from error
        if len(data) > limit:
            raise ValueError(f"{self.what}: {entry.filename} unpacks to more than {limit / 1e6:,.0f} MB")
        return data


def write_archive(project: bytes, sources: Mapping[str, bytes]) -> bytes:
    """Pack a project: project.qde first, then the folder sources in the order of its names.

    Examples
    --------
    >>> zipfile.ZipFile(io.BytesIO(write_archive(b"<Project/>", {"b.txt": b"", "a.txt": b""}))).namelist()
    ['project.qde', 'sources/a.txt', 'sources/b.txt']
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in (("project.qde", project), *((f"sources/{n}", sources[n]) for n in sorted(sources))):
            entry = zipfile.ZipInfo(name, date_time=_FIRST)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, data, compresslevel=9)
    return out.getvalue()


def open_archive(path: str | os.PathLike[str]) -> Archive:
    """Open a .qdpx file and refuse what no honest program packs; the caller closes `file`.

    Raises
    ------
    ValueError
        It is no archive, or holds a path that leads out of it, a symbolic link, an encrypted file, the same file
        twice, too many files, or one that unpacks to far more than its size; all such files are named.
    OSError
        The file cannot be read.
    """
    what = f"project {Path(path).name}"
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise ValueError(f"{what}: no readable archive ({error}), so it is no QDPX project") from error
    try:
        return Archive(file, what, _checked_entries(file, what))
    except ValueError:
        file.close()
        raise


def _checked_entries(file: zipfile.ZipFile, what: str) -> dict[str, zipfile.ZipInfo]:
    entries = file.infolist()
    if len(entries) > MAX_FILES:
        raise ValueError(f"{what}: {len(entries):,} files, more than {MAX_FILES:,}")
    names = [entry.filename.casefold() for entry in entries]
    once = dict(zip(names, entries, strict=True))
    twice = [entry for entry, name in zip(entries, names, strict=True) if once[name] is not entry]
    kinds = {
        "leads out of the archive": [entry for entry in entries if _leads_out(entry)],
        "is a symbolic link": [entry for entry in entries if stat.S_ISLNK(entry.external_attr >> 16)],
        "is encrypted": [entry for entry in entries if entry.flag_bits & 1],
        "stands there twice": twice,
        "unpacks to far more than its size": [entry for entry in entries if _is_bomb(entry)],
    }
    faults = [f"{_listed(found)} {kind}" for kind, found in kinds.items() if found]
    if faults:
        raise ValueError(f"{what}: {'; '.join(faults)}; nothing was read")
    return {name.replace("\\", "/"): entry for name, entry in once.items() if not entry.is_dir()}


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    # zipfile cuts a name at a NUL and turns the system's separator into "/"; the name as packed counts
    parts = entry.orig_filename.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in entry.orig_filename


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > _NEVER_A_BOMB and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1)


def _listed(entries: list[zipfile.ZipInfo]) -> str:
    shown = ", ".join(repr(entry.orig_filename[:60]) for entry in entries[:MAX_LISTED])
    return shown + (f" and {len(entries) - MAX_LISTED} more" if len(entries) > MAX_LISTED else "")

"""One writer at a time per dataset: a lock that the system frees when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import importlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

#: times that a lock is tried for which others make and remove at that moment
_TRIES = 20
#: byte that is locked where the system locks bytes: far behind what the file says
_BYTE = 1 << 30


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path` while the block runs; its folder is made.

    The lock is the system's (flock; on Windows a locked byte), so that of a dead process needs no clearing away. The
    file says who holds it and is removed at the end.

    Raises
    ------
    ValueError
        Another process holds it, here or on a machine that shares the folder.
    """
    file = _held(path)
    try:
        yield
    finally:
        # first the name, then the lock: whoever waits must not lock a file that nobody else will find
        with contextlib.suppress(PermissionError):
            path.unlink(missing_ok=True)
        file.close()


def _held(path: Path) -> IO[bytes]:
    for _ in range(_TRIES):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = path.open("a+b")
        except FileNotFoundError:
            continue
        try:
            if not _is_locked(file):
                raise ValueError(f"{_holder(file)} writes this dataset just now; one at a time")
            if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                _sign(file)
                return file
        except BaseException:
            file.close()
            raise
        file.close()
    raise ValueError(f"other processes start and end writing this dataset all the time ({path})")


def _is_locked(file: IO[bytes]) -> bool:
    """Lock an open file without waiting; whether that went well."""
    try:
        if os.name == "nt":
            windows: Any = importlib.import_module("msvcrt")
            file.seek(_BYTE)
            windows.locking(file.fileno(), windows.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _sign(file: IO[bytes]) -> None:
    file.truncate(0)
    file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
    file.flush()


def _holder(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(200).decode(errors="replace") or "another process"

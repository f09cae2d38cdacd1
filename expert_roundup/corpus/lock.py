"""One build at a time per dataset: a lock file that names its holder, and that outlives it only in appearance."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path` while the block runs.

    Raises
    ------
    ValueError
        A living process holds it, or one on another machine, which cannot be asked.
    """
    me = {"pid": os.getpid(), "host": socket.gethostname(), "started": _started(os.getpid())}
    for _ in range(3):
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        except FileExistsError:
            _remove_if_stale(path)
            continue
        break
    else:
        raise ValueError(f"another build of this dataset is just starting ({path})")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(me, file)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _remove_if_stale(path: Path) -> None:
    """Remove the lock of a process that is no more; refuse where it lives."""
    try:
        holder: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        pid, host = int(holder["pid"]), str(holder["host"])
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"another build of this dataset is starting; if none is, delete {path}") from None
    if host != socket.gethostname():
        raise ValueError(f"process {pid} on {host} builds this dataset; if it is no more, delete {path}")
    if _lives(pid) and _started(pid) == holder.get("started"):
        raise ValueError(f"process {pid} builds this dataset just now; one build at a time")
    path.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(pid: int) -> str:
    """When a process started, as the system counts it; "" where it does not say. Process numbers are used again."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""

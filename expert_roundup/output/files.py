"""Save a result: written beside its place, then renamed, and never over an existing file unasked."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def check_free(path: str | Path, *, overwrite: bool = False) -> Path:
    """Return `path` as a Path when a file may be written there.

    Raises
    ------
    ValueError
        The path is a folder, or exists and `overwrite` is false.
    """
    target = Path(path)
    if target.is_dir():
        raise ValueError(f"{target} is a folder; name a file in it")
    if target.is_file() and not overwrite:
        raise ValueError(f"{target} exists already; pass --overwrite (overwrite=True) to replace it")
    return target


def save_bytes(path: str | Path, data: bytes, *, overwrite: bool = False) -> Path:
    """Write `data` to `path` whole or not at all (a device or pipe: straight into it), and return the path.

    Raises
    ------
    ValueError
        The path is a folder, or exists and `overwrite` is false.
    OSError
        The file cannot be written; whatever stood there is untouched.
    """
    target = check_free(path, overwrite=overwrite)
    if target.exists() and not target.is_file():
        # a device or a pipe (/dev/stdout): nothing to keep, and a rename would put a file in its place
        target.write_bytes(data)
        return target
    if target.is_symlink():
        target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private; a result is as readable as any other new file
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


def save_text(path: str | Path, text: str, *, overwrite: bool = False) -> Path:
    """Write `text` as UTF-8, line ends as they are, whole or not at all, and return the path."""
    return save_bytes(path, text.encode("utf-8"), overwrite=overwrite)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

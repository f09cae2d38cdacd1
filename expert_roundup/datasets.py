"""What ships in data/: the frames of the first study."""

from __future__ import annotations

from pathlib import Path


def version() -> str:
    """Version of the installed package."""
    # importlib.metadata costs 30 ms; it is asked for only where a version is shown
    from importlib.metadata import version as installed

    return installed("expert-roundup")


def data_path(name: str = "") -> Path:
    """Path of a shipped file or folder: inside the wheel, else in the clone.

    Raises
    ------
    FileNotFoundError
        Nothing of that name ships.
    """
    package = Path(__file__).parent
    for folder in (package / "_shipped" / "data", package.parent / "data"):
        if (folder / name).exists():
            return folder / name
    raise FileNotFoundError(f"data/{name} does not ship with this installation")

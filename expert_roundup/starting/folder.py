"""The study folder: which files it begins with, and how it comes into place whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from expert_roundup.starting.check import roster_check
from expert_roundup.starting.drafts import draft_codebook, draft_published
from expert_roundup.starting.page import next_commands, readme
from expert_roundup.starting.prepared import has_notebooks, prepared_notebooks

if TYPE_CHECKING:
    from expert_roundup.parsing import Roundup, Source

_HEADER = "quote_id,theme,coder,confidence,start,end,rationale\n"


@dataclass(frozen=True, slots=True)
class Started:
    """A study folder that was laid out."""

    folder: Path
    """Where it lies."""
    check: tuple[str, ...]
    """What was found on the page and what to look at, in plain sentences."""
    next_commands: tuple[str, ...]
    """The next three commands."""
    moved: Path | None = None
    """Where a folder went that stood there before."""
    remarks: tuple[str, ...] = ()
    """What could not be laid out, and how to get it."""


def start_study(
    source: str | Path | Source, folder: str | Path, *, coder: str = "me", overwrite: bool = False
) -> Started:
    """Lay out a study folder: quotes, roster check, codebook to fill in, empty codings, notebooks, what comes next.

    Parameters
    ----------
    source
        Path or URL of a roundup.
    folder
        The folder to make; whole, or not at all.
    coder
        Name under which its notebooks save codings.
    overwrite
        Let a folder of that name make room: it is kept beside, as ``folder.1`` (or the next number that is free).

    Raises
    ------
    NotARoundup
        Fewer than two attributed answers were found.
    ValueError
        The folder holds something and `overwrite` is false, or the source or the coder's name is unusable.
    OSError
        The source cannot be read or the folder cannot be written.
    """
    from expert_roundup.notebook.sheet import empty_sheet
    from expert_roundup.parsing import read_roundup

    target = _free(Path(folder), overwrite=overwrite)
    empty_sheet(coder, ["Q01"], ["theme"])  # the name is checked before anything is read
    roundup = read_roundup(source)
    moved = _place(study_files(roundup, coder=coder), target)
    remarks = () if has_notebooks() else ('no notebooks without the extra: pip install "expert-roundup[notebooks]"',)
    commands = next_commands(str(folder), has_published=bool(roundup.published), has_notebooks=has_notebooks())
    return Started(target, tuple(roster_check(roundup)), commands, moved, remarks)


def study_files(roundup: Roundup, *, coder: str = "me") -> dict[str, bytes]:
    """Return the files of a study folder by name; the same page gives the same bytes.

    Parameters
    ----------
    roundup
        The parsed page.
    coder
        Name under which its notebooks save codings.
    """
    from expert_roundup.output.tables import frame_to_csv

    source, published = roundup.source, draft_published(roundup.published_tally)
    about = {"name": Path(source.name).name or source.name, "edition": "own", "sha256": source.sha256}
    files = {
        "README.md": readme(roundup, has_notebooks=has_notebooks()),
        "quotes.csv": frame_to_csv(roundup.quotes),
        "codebook.yaml": draft_codebook(published),
        "codings.csv": _HEADER,
        "source.txt" if source.format == "txt" else "source.md": source.text,
        "study.json": json.dumps(about, ensure_ascii=False, indent=1) + "\n",
    }
    if len(published):
        files["published_tally.csv"] = frame_to_csv(published)
    if has_notebooks():
        files |= prepared_notebooks({"folder": ".", "coder": coder})
    return {name: text.encode("utf-8", "surrogatepass") for name, text in sorted(files.items())}


def _free(target: Path, *, overwrite: bool) -> Path:
    if target.is_file():
        raise ValueError(f"{target} is a file; name a folder")
    if target.is_dir() and any(target.iterdir()) and not overwrite:
        raise ValueError(
            f"{target} exists already and may hold your work; name another folder, or pass --overwrite "
            f"(overwrite=True) to move it aside"
        )
    return target


def _place(files: Mapping[str, bytes], target: Path) -> Path | None:
    """Write the files into a folder beside, then put it in place; return where an older folder went."""
    from expert_roundup.output.files import save_bytes

    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent))
    moved = None
    try:
        for name, content in files.items():
            save_bytes(beside / name, content)
        beside.chmod(0o755)  # mkdtemp makes folders private
        if target.is_dir():
            moved = _aside(target)
        os.rename(beside, target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        if moved is not None and not target.exists():
            moved.rename(target)
        raise
    return moved


def _aside(target: Path) -> Path | None:
    """Make room: an empty folder goes, any other is kept under the next number that is free."""
    if not any(target.iterdir()):
        target.rmdir()
        return None
    number = next(n for n in range(1, 1_000_000) if not target.with_name(f"{target.name}.{n}").exists())
    return target.rename(target.with_name(f"{target.name}.{number}"))

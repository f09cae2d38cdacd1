"""Saving a result whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from expert_roundup.output.files import check_free, save_bytes, save_text


def test_a_file_holds_exactly_what_was_saved(tmp_path: Path) -> None:
    """Line ends and letters of any script are kept; missing folders are made."""
    path = save_text(tmp_path / "new" / "folder" / "a.csv", "цитата\r\n引用\n")
    assert path.read_bytes() == "цитата\r\n引用\n".encode()


def test_an_existing_file_is_kept_unless_asked(tmp_path: Path) -> None:
    """The first save stands until overwrite is passed."""
    path = save_text(tmp_path / "a.txt", "old")
    with pytest.raises(ValueError, match="exists already"):
        save_text(path, "new")
    assert path.read_text() == "old"
    save_text(path, "new", overwrite=True)
    assert path.read_text() == "new"


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    """Not even with overwrite."""
    with pytest.raises(ValueError, match="is a folder"):
        check_free(tmp_path, overwrite=True)


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk in the middle: the result of the last run is untouched and no part lies around."""
    path = save_text(tmp_path / "a.txt", "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save_bytes(path, b"new" * 1000, overwrite=True)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_result_is_as_readable_as_any_new_file(tmp_path: Path) -> None:
    """Temporary files are private; the result follows the umask."""
    plain = tmp_path / "plain"
    plain.touch()
    saved = save_bytes(tmp_path / "saved", b"x")
    assert stat.S_IMODE(saved.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_very_long_name_is_saved(tmp_path: Path) -> None:
    """The name of the part file stays within the system's limit."""
    assert save_bytes(tmp_path / ("n" * 240), b"x").exists()


def test_a_device_is_written_to_and_stays_a_device():
    """A rename over /dev/null would put a file in its place."""
    save_bytes("/dev/null", b"gone", overwrite=True)
    assert not Path("/dev/null").is_file()


def test_a_link_keeps_pointing_where_it_did(tmp_path):
    """The file behind a link is replaced, not the link."""
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    save_bytes(tmp_path / "link.txt", b"new", overwrite=True)
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"

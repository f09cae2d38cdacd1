"""The command `expert-roundup corpus`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from expert_roundup.cli import main


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence says what to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["corpus", "tally", "nowhere", "--suggestions"]) == 1
    assert 'pip install "expert-roundup[corpus]"' in capsys.readouterr().err


def test_a_folder_that_is_no_dataset_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what makes one."""
    pytest.importorskip("pyarrow")
    assert main(["corpus", "norms", str(tmp_path)]) == 1
    assert "is no dataset" in capsys.readouterr().err


def test_build_tally_and_sample(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From a list of files to a tally by language and a sample."""
    pytest.importorskip("distributed")
    from expert_roundup.datasets import data_path

    many = data_path("many")
    pages = sorted(many.glob("sector-1/*.*"))[:3]
    (tmp_path / "list.txt").write_text("".join(f"{page}\n" for page in pages), encoding="utf-8")
    dataset = str(tmp_path / "d")
    assert main(["corpus", "build", str(tmp_path / "list.txt"), "-o", dataset, "--jobs", "1", "--quiet"]) == 0
    capsys.readouterr()
    assert main(["corpus", "sample", dataset, "-n", "4", "--format", "json", "--quiet"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 4
    words = ["--codings", str(many / "codings.csv"), "--codebook", str(many / "codebook.yaml")]
    assert main(["corpus", "tally", dataset, *words]) == 1
    assert "documents that the dataset does not hold" in capsys.readouterr().err


def test_failures_are_named_and_charts_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1 with the reason of what could not be read; suggestions are counted, drawn, and said to be suggestions."""
    pytest.importorskip("distributed")
    from expert_roundup.datasets import data_path

    many = data_path("many")
    pages = list(map(str, sorted(many.glob("sector-2/*.*"))[:6]))
    dataset, gone, book = str(tmp_path / "d"), str(tmp_path / "gone.md"), str(many / "codebook.yaml")
    assert main(["corpus", "build", *pages, gone, "-o", dataset, "--jobs", "1"]) == 1
    assert f"no quotes (unreadable): {gone}: No such file or directory" in capsys.readouterr().err
    assert main(["corpus", "suggest", dataset, "--codebook", book, "--quiet"]) == 0
    words = ["corpus", "tally", dataset, "--suggestions", "--codebook", book, "--charts", str(tmp_path / "charts")]
    assert main([*words, "--format", "json"]) == 0
    said = capsys.readouterr()
    assert {row["origin"] for row in json.loads(said.out)} == {"suggestions"}
    assert "counted from machine suggestions, not from a reading" in said.err
    text = (tmp_path / "charts/corpus-tally-chart.txt").read_text(encoding="utf-8")
    assert text.startswith("Machine suggestions, not a reading: ")
    assert main(words) == 1
    assert "exists already; pass --overwrite" in capsys.readouterr().err

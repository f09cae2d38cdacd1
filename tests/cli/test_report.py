"""`expert-roundup report`: which study it shows, which notebooks it brings, and what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from expert_roundup import cli
from expert_roundup.cli import report
from expert_roundup.datasets import data_path
from expert_roundup.study import load_study

READS = "import os\nprint('reads', os.environ.get('EXPERT_ROUNDUP_SOURCE', 'nothing'))"


def soup_of(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_bytes(), "html.parser")


def write_notebook(path: Path, *, title: str, code: str, is_run: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cell = new_code_cell(code, id="code", execution_count=1 if is_run else None)
    nbformat.write(new_notebook(cells=[new_markdown_cell(f"# {title}", id="head"), cell]), path)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study folder of one's own: three answers, two themes, two readings, and a notebook that speaks of it."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "quotes.csv").write_text(
        "quote_id,speaker,role,question,language,start,end,text,links\n"
        "Q01,Ann,,Why?,en,0,9,Be kind.!,\nQ02,Bob,,Why?,en,20,28,On LinkedIn,\nQ03,Eve,,Why?,en,40,45,Plan.,\n"
    )
    (folder / "codebook.yaml").write_text(
        "themes:\n- theme: kind\n  label: Be Kind\n  definition: Kindness.\n"
        "- theme: plan\n  label: Plan\n  definition: Plans.\n"
    )
    (folder / "codings.csv").write_text(
        "quote_id,theme,coder,confidence,start,end,rationale\n"
        "Q01,kind,A,0.9,0,7,says so\nQ01,kind,B,0.8,0,7,\nQ02,,A,1,,,\nQ02,,B,1,,,\n"
        "Q03,plan,A,0.9,40,44,\nQ03,plan,B,0.3,,,\n"
    )
    write_notebook(folder / "notebooks/01-mine.ipynb", title="Mine", code="print(3 + 4)")
    return folder


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the study that ships, without notebooks."""
    path = tmp_path_factory.mktemp("shipped") / "a" / "report.html"
    assert cli.main(["report", "-o", str(path), "--no-notebooks", "--quiet"]) == 0
    return path


def test_without_a_folder_it_shows_the_study_that_ships(shipped: Path) -> None:
    """All answers, all three tables, and beside the answers that their wording is ours."""
    soup = soup_of(shipped)
    assert len(soup.select(".quote")) == 31
    assert [h.get_text() for h in soup.select("#tables h3")] == ["Tally", "Agreement", "Reconstruction"]
    assert "restated in the third person in our own words" in soup.select_one("#quotes .wording").get_text()
    assert soup.select_one("figcaption").get_text().startswith("“Focus On Relationships” leads with 11 of 31 answers")
    assert not soup.find(id="notebooks")
    assert not soup.select(".answer + .remark"), "all evidence has its place"


def test_a_second_run_gives_the_same_bytes_and_asks_before_it_replaces(
    shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An existing report is refused in one sentence, and replaced by the same when that is wanted."""
    before = shipped.read_bytes()
    assert cli.main(["report", "-o", str(shipped), "--no-notebooks"]) == 1
    assert "exists already; pass --overwrite" in capsys.readouterr().err
    assert cli.main(["report", "-o", str(shipped), "--no-notebooks", "--overwrite"]) == 0
    assert capsys.readouterr().err.endswith(f"written: {shipped} ({len(before) / 1e6:.1f} MB)\n")
    assert shipped.read_bytes() == before


def test_a_study_of_ones_own_brings_its_own_notebooks_run_anew(own: Path, tmp_path: Path) -> None:
    """What is shown was computed from the folder as it is now, and the folder stays as it is."""
    before = {path: path.read_bytes() for path in own.rglob("*") if path.is_file()}
    assert cli.main(["report", str(own), "-o", str(tmp_path / "r.html"), "--title", "Mine & <yours>", "--quiet"]) == 0
    soup = soup_of(tmp_path / "r.html")
    assert soup.h1.get_text() == "Mine & <yours>"
    assert [p.get_text() for p in soup.select("#notebook-01-mine .output")] == ["7\n"]
    assert [row.th.get_text() for row in soup.select("#tables tbody")[0].find_all("tr")] == ["Be Kind", "Plan"]
    assert soup.select_one("#Q02")["data-platforms"] == "p0"
    assert not soup.select(".wording")
    assert {path: path.read_bytes() for path in own.rglob("*") if path.is_file()} == before


def test_shipped_notebooks_are_not_shown_for_another_study(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They argue about the first study's numbers; a remark says what to do instead."""
    folder = tmp_path / "own"
    shutil.copytree(own, folder, ignore=shutil.ignore_patterns("*.ipynb"))
    assert cli.main(["report", str(folder), "-o", str(tmp_path / "r.html")]) == 0
    assert "no notebooks: those that ship argue about the first study" in capsys.readouterr().err
    assert not soup_of(tmp_path / "r.html").find(id="notebooks")


def test_notebooks_that_fail_are_named_and_the_report_stands(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One broken notebook does not take the rest along."""
    folder = tmp_path / "own"
    shutil.copytree(own, folder)
    write_notebook(folder / "02-broken.ipynb", title="Broken", code="1 / 0")
    assert cli.main(["report", str(folder), "-o", str(tmp_path / "r.html")]) == 0
    assert "02-broken: This notebook cannot be shown for this study: cell 2 failed" in capsys.readouterr().err
    soup = soup_of(tmp_path / "r.html")
    assert [d["id"] for d in soup.select("details.notebook")] == ["notebook-01-mine", "notebook-02-broken"]


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Notebooks in place of those that ship: one that reads the source, one that does not, one never run."""
    folder = tmp_path / "ours"
    write_notebook(folder / "01-reads.ipynb", title="Reads", code=READS, is_run=True)
    write_notebook(folder / "02-does-not.ipynb", title="Does not", code="print('anew')", is_run=True)
    write_notebook(folder / "03-never-run.ipynb", title="Never run", code="print('anew')")
    paths = sorted(folder.glob("*.ipynb"))
    monkeypatch.setattr(report, "_shipped_notebooks", lambda: paths)
    return paths


def outputs(pages: list[Any]) -> list[str]:
    return ["".join(output.text for output in page.notebook.cells[1].outputs) for page in pages]


def notebooks(study: Any, folder: Path | None = None) -> list[Any]:
    args = SimpleNamespace(notebooks=True, folder=None if folder is None else str(folder), quiet=True)
    return report._notebooks(args, study, lambda _: None)


def test_stored_outputs_hold_for_the_study_that_ships(ours: list[Path]) -> None:
    """Nothing is run, and what was never run says so."""
    pages = notebooks(load_study())
    assert outputs(pages) == ["", "", ""]
    assert [page.note[:7] for page in pages] == ["Outputs", "Outputs", "Not run"]


def test_the_original_is_read_by_the_notebooks_that_read_a_source(ours: list[Path], article: Path) -> None:
    """Given the article itself, they read it; the others keep the outputs that they have."""
    assert outputs(notebooks(load_study(article), article)) == [f"reads {article}\n", "", ""]


def test_in_a_folder_of_the_original_notebooks_read_the_folder_unless_the_article_is_named(
    ours: list[Path], article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A study folder holds no source; $EXPERT_ROUNDUP_SOURCE counts when it is the very article that was studied."""
    study = load_study(article)
    assert report._source(str(tmp_path), study) == str(tmp_path)
    monkeypatch.setenv("EXPERT_ROUNDUP_SOURCE", str(data_path("condensed/roundup.md")))
    assert report._source(str(tmp_path), study) == str(tmp_path)
    monkeypatch.setenv("EXPERT_ROUNDUP_SOURCE", str(article))
    assert report._source(str(tmp_path), study) == str(article)


def test_recoded_it_is_no_longer_the_study_that_the_notebooks_speak_of(ours: list[Path]) -> None:
    """Other codings, other numbers: stored outputs would contradict the tables beside them."""
    study = load_study()
    study.frames["codings"] = study["codings"].assign(confidence=0.9)
    assert notebooks(study) == []


@pytest.mark.parametrize("wanted", [None, True])
def test_without_the_extra_notebooks_stay_out_unless_they_are_asked_for(
    wanted: bool | None, ours: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The core makes a report; asking for notebooks then says which extra is missing."""
    monkeypatch.setattr(report, "find_spec", lambda name: None)
    args = SimpleNamespace(notebooks=wanted, folder=None, quiet=True)
    assert bool(report._notebooks(args, load_study(), lambda _: None)) is (wanted is True)


def test_a_folder_that_is_no_study_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One plain sentence, and nothing is written."""
    assert cli.main(["report", str(tmp_path), "-o", str(tmp_path / "r.html")]) == 1
    assert "is no study folder: it has no quotes.csv" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())

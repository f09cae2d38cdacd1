"""The command `expert-roundup qda`."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from expert_roundup.cli import main
from expert_roundup.coding.codebook import read_codebook
from expert_roundup.coding.codings import read_codings
from expert_roundup.datasets import load_codebook, load_codings
from expert_roundup.output import files
from expert_roundup.study import load_study

KEY = ["quote_id", "theme", "coder"]


def exported(path: Path, *options: str) -> Path:
    assert main(["qda", "export", "-o", str(path), "--quiet", *options]) == 0
    return path


def test_a_study_goes_out_and_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Export with rejected themes, import: a study folder with the same codings and codebook, which loads."""
    project = exported(tmp_path / "study.qdpx", "--all")
    folder = tmp_path / "back"
    assert main(["qda", "import", str(project), "--out", str(folder)]) == 0
    assert sorted(p.name for p in folder.iterdir()) == ["README.md", "codebook.yaml", "codings.csv", "quotes.csv"]
    back = read_codings(folder / "codings.csv").sort_values(KEY).reset_index(drop=True)
    pd.testing.assert_frame_equal(back, load_codings().sort_values(KEY).reset_index(drop=True))
    pd.testing.assert_frame_equal(read_codebook(folder / "codebook.yaml"), load_codebook())
    study = load_study(folder)
    assert study["quotes"]["text"].tolist() == load_study()["quotes"]["text"].tolist()
    assert "31 quotes, 12 themes, 274 codings by A, B, C" in (folder / "README.md").read_text("utf-8")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"written: quotes.csv, codebook.yaml, codings.csv, README.md in {folder}\n"


def test_exports_are_equal_in_bytes(tmp_path: Path) -> None:
    """Two runs, one file; every kind of export."""
    kinds = {"qdpx": "project", "qdc": "codebook", "a.csv": "matrix", "a.xlsx": "codings", "b.csv": "quotes"}
    for ending, what in kinds.items():
        one, other = (exported(tmp_path / f"{n}.{ending}", "--what", what) for n in (1, 2))
        assert one.read_bytes() == other.read_bytes()


def test_the_original_goes_out_with_its_own_evidence(article: Path, tmp_path: Path) -> None:
    """With the article the texts are the article's answers."""
    project = exported(tmp_path / "study.qdpx", str(article))
    with zipfile.ZipFile(project) as archive:
        texts = {archive.read(name).decode("utf-8") for name in archive.namelist() if name.startswith("sources/")}
    assert texts == set(load_study(article)["quotes"]["text"])


def test_a_codebook_goes_out_and_comes_back(tmp_path: Path) -> None:
    """QDC: the folder holds the codebook and a README."""
    codes = exported(tmp_path / "codes.qdc")
    assert main(["qda", "import", str(codes), "-o", str(tmp_path / "back"), "--quiet"]) == 0
    assert sorted(p.name for p in (tmp_path / "back").iterdir()) == ["README.md", "codebook.yaml"]
    pd.testing.assert_frame_equal(read_codebook(tmp_path / "back" / "codebook.yaml"), load_codebook())


def test_tables_for_other_programs(tmp_path: Path) -> None:
    """Taguette's codebook, the matrix, a row a quote and a row a coding."""
    sizes = {"taguette": (12, 2), "matrix": (31, 16), "quotes": (31, 8), "codings": (143, 13)}
    for what, (n_rows, n_columns) in sizes.items():
        table = pd.read_csv(exported(tmp_path / f"{what}.csv", "--what", what))
        assert table.shape == (n_rows, n_columns), what
        assert exported(tmp_path / f"{what}.xlsx", "--what", what).read_bytes().startswith(b"PK")
    assert list(pd.read_csv(tmp_path / "taguette.csv").columns) == ["tag", "description"]


def test_a_study_folder_is_exported(tmp_path: Path) -> None:
    """What was imported can go out again; codings of one's own take the place of the folder's."""
    main(["qda", "import", str(exported(tmp_path / "a.qdpx")), "-o", str(tmp_path / "study"), "--quiet"])
    own = tmp_path / "own.csv"
    own.write_text("quote_id,theme,coder,confidence\nQ01,goals,me,1\n", encoding="utf-8")
    again = exported(tmp_path / "b.qdpx", str(tmp_path / "study"), "--codings", str(own))
    main(["qda", "import", str(again), "-o", str(tmp_path / "again"), "--quiet"])
    assert read_codings(tmp_path / "again" / "codings.csv")["coder"].tolist() == ["me"]


def test_a_roundup_without_codings_goes_out_as_texts(tmp_path: Path) -> None:
    """To be coded elsewhere: a project without codes; a codebook it has not cannot be exported."""
    roundup = tmp_path / "shop.md"
    roundup.write_text("Jane Doe said: I start small.\n\nJohn Roe said: I measure my work.\n", encoding="utf-8")
    project = exported(tmp_path / "shop.qdpx", str(roundup))
    assert main(["qda", "import", str(project), "-o", str(tmp_path / "shop"), "--quiet"]) == 0
    quotes = pd.read_csv(tmp_path / "shop" / "quotes.csv")
    assert quotes["speaker"].tolist() == ["Jane Doe", "John Roe"]
    assert quotes["text"].tolist() == ["I start small.", "I measure my work."]
    assert not (tmp_path / "shop" / "codebook.yaml").exists()


def test_a_missing_codebook_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, exit 1, no file."""
    roundup = tmp_path / "shop.md"
    roundup.write_text("Jane Doe said: I start small.\n\nJohn Roe said: I measure my work.\n", encoding="utf-8")
    assert main(["qda", "export", str(roundup), "-o", str(tmp_path / "c.qdc")]) == 1
    assert "shop.md has no codebook; pass one with --codebook" in capsys.readouterr().err
    assert not (tmp_path / "c.qdc").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "x.txt"], "--what is needed: x.txt ends in none of .qdpx, .qdc"),
        (["-o", "x.qdpx", "--what", "matrix"], "x.qdpx: a matrix is saved as .csv or .xlsx"),
        (["-o", "x.csv", "--what", "project"], "x.csv: a project is saved as .qdpx"),
        (["nowhere.md", "-o", "x.qdpx"], "nowhere.md"),
    ],
)
def test_wrong_exports_are_one_sentence(
    options: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit 1, nothing written, no traceback."""
    monkeypatch.chdir(tmp_path)
    assert main(["qda", "export", *options]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_over_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An existing file or a folder with these files stays, unless --overwrite is passed."""
    project = exported(tmp_path / "a.qdpx")
    before = project.read_bytes()
    assert main(["qda", "export", "-o", str(project)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert project.read_bytes() == before
    folder = tmp_path / "study"
    for options, code in (([], 0), ([], 1), (["--overwrite"], 0)):
        assert main(["qda", "import", str(project), "-o", str(folder), "--quiet", *options]) == code
    assert main(["qda", "import", str(project), "-o", str(project), "--quiet"]) == 1


@pytest.mark.parametrize("name", ["broken.qdpx", "broken.qdc", "broken.txt"])
def test_a_hostile_file_writes_nothing(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1 with one sentence; no folder appears."""
    (tmp_path / name).write_text("<!DOCTYPE x [<!ENTITY a 'b'>]><CodeBook/>", encoding="utf-8")
    assert main(["qda", "import", str(tmp_path / name), "-o", str(tmp_path / "study")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_an_import_that_cannot_be_saved_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full at the third file: neither a folder nor a trace of it."""
    project = exported(tmp_path / "a.qdpx")
    saved: list[str] = []
    save = files.save_text

    def full(path: Path, text: str, **options: bool) -> Path:
        saved.append(str(path))
        if len(saved) == 3:
            raise OSError(28, "No space left on device")
        return save(path, text, **options)

    monkeypatch.setattr(files, "save_text", full)
    assert main(["qda", "import", str(project), "-o", str(tmp_path / "study")]) == 1
    assert len(saved) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["a.qdpx"]


def test_wrong_usage_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither export nor import."""
    with pytest.raises(SystemExit, match="2"):
        main(["qda"])
    assert "export|import" in capsys.readouterr().err

"""`expert-roundup merge` from files to one file."""

from __future__ import annotations

import pytest

from expert_roundup.cli import main
from expert_roundup.coding.codings import read_codings

HEADER = "quote_id,theme,coder,confidence,start,end,rationale\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "ann.csv").write_text(HEADER + "Q01,goals,ann,0.9,3,9,aims\nQ02,,ann,,,,\n")
    (tmp_path / "ben.csv").write_text(HEADER + "Q01,goals,ben,0.3,,,\nQ02,craft,ben,0.8,,,\n")
    (tmp_path / "again.csv").write_text(HEADER + "Q01,goals,ann,0.8,3,9,aims\nQ02,,ann,,,,\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def study(folder, name: str, *, text: str = "what was said", definition: str = "aim", coder: str = "ann") -> str:
    place = folder / name
    place.mkdir()
    (place / "codings.csv").write_text(HEADER + f"Q01,goals,{coder},0.9,0,4,\n")
    (place / "quotes.csv").write_text(f"quote_id,text,start,end\nQ01,{text},0,40\n")
    (place / "codebook.yaml").write_text(f"themes:\n- theme: goals\n  definition: {definition}\n")
    return name


def test_two_coders_become_one_file(folder, capsys):
    """All rows of both, as csv that reads back."""
    assert main(["merge", "ann.csv", "ben.csv", "-o", "all.csv"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "written: all.csv" in captured.err
    merged = read_codings("all.csv")
    assert merged[["quote_id", "theme", "coder"]].to_numpy().tolist() == [
        ["Q01", "goals", "ann"], ["Q02", "", "ann"], ["Q01", "goals", "ben"], ["Q02", "craft", "ben"],
    ]  # fmt: skip


def test_the_result_is_csv_unless_asked_otherwise(folder, capsys):
    """A table for the screen would be no codings file."""
    assert main(["merge", "ann.csv", "ben.csv", "--quiet"]) == 0
    assert capsys.readouterr().out.startswith(HEADER)
    assert main(["merge", "ann.csv", "ben.csv", "--quiet", "-o", "all.txt"]) == 0
    assert (folder / "all.txt").read_text().startswith(HEADER)
    assert main(["merge", "ann.csv", "ben.csv", "--quiet", "--format", "json"]) == 0
    assert capsys.readouterr().out.startswith("[")


def test_a_contradiction_stops_the_merge_and_is_named(folder, capsys):
    """Exit 1, nothing written, the conflict said in full even when quiet, and saved where asked."""
    assert main(["merge", "ann.csv", "ben.csv", "again.csv", "-o", "all.csv", "--conflicts", "c.csv", "--quiet"]) == 1
    error = capsys.readouterr().err
    assert "conflict: coder twice: again.csv: ann Q01 goals: 0.9 3-9 aims / 0.8 3-9 aims" in error
    assert "1 conflict, nothing merged; --accept merges in spite of it" in error
    assert not (folder / "all.csv").exists()
    assert (
        (folder / "c.csv").read_text().startswith("kind,part,coder,quote_id,theme,first,other\ncoder twice,again.csv")
    )


def test_accepted_conflicts_keep_both_readings(folder):
    """The later reading is a coder of its own."""
    assert main(["merge", "ann.csv", "again.csv", "--accept", "-o", "all.csv", "--quiet"]) == 0
    assert read_codings("all.csv")["coder"].to_list() == ["ann", "ann", "ann (again.csv)", "ann (again.csv)"]


def test_repeats_are_said(folder, capsys):
    """The same rows in two files are kept once, in so many words."""
    (folder / "copy.csv").write_text((folder / "ann.csv").read_text())
    assert main(["merge", "ann.csv", "copy.csv"]) == 0
    captured = capsys.readouterr()
    assert "2 rows in two files word for word, kept once" in captured.err
    assert captured.out.count("\n") == 3


def test_study_folders_bring_their_texts_and_codebooks(folder, capsys):
    """Other text and other definitions are conflicts; a study alike is none."""
    one, other = study(folder, "one"), study(folder, "two", text="what she said", definition="plan", coder="ben")
    same = study(folder, "three", coder="cat")
    assert main(["merge", one, same, "--quiet"]) == 0
    capsys.readouterr()
    assert main(["merge", one, f"{other}/codings.csv", "--quiet"]) == 1
    error = capsys.readouterr().err
    assert "other text: two/codings.csv: Q01: what was said / what she said" in error
    assert "other codebook: two/codings.csv: goals: definition: aim / definition: plan" in error


def test_a_codebook_names_unknown_themes(folder, capsys):
    """With --codebook, themes that it lacks are conflicts."""
    (folder / "book.yaml").write_text("- theme: goals\n")
    assert main(["merge", "ann.csv", "ben.csv", "--codebook", "book.yaml", "--quiet"]) == 1
    assert "unknown theme: ben.csv: ben Q02 craft: not in the codebook" in capsys.readouterr().err


def test_many_conflicts_are_counted(folder, capsys):
    """Twenty are listed, the rest is counted."""
    for name, confidence in (("x.csv", 1), ("y.csv", 0)):
        (folder / name).write_text(HEADER + "".join(f"Q{n:02d},goals,ann,{confidence},,,\n" for n in range(25)))
    assert main(["merge", "x.csv", "y.csv"]) == 1
    error = capsys.readouterr().err
    assert error.count("conflict: coder twice") == 20
    assert "and 5 more conflicts" in error


def test_disputes_are_decided_in_a_file(folder, capsys):
    """--contested writes what to decide; filled in and passed as --decisions it adds the reading consensus."""
    assert main(["merge", "ann.csv", "ben.csv", "--contested", "open.csv", "-o", "all.csv", "--quiet"]) == 0
    lines = (folder / "open.csv").read_text().splitlines()
    assert lines[0] == "quote_id,theme,n_coded,n_readers,coders,rationales"
    assert main(["merge", "ann.csv", "ben.csv", "--decisions", "open.csv", "--quiet"]) == 1
    assert "no column is_coded, rationale" in capsys.readouterr().err
    (folder / "done.csv").write_text("quote_id,theme,is_coded,rationale\nQ01,goals,yes,plain\nQ02,craft,no,praise\n")
    assert main(["merge", "ann.csv", "ben.csv", "--decisions", "done.csv", "-o", "full.csv", "--quiet"]) == 0
    added = read_codings("full.csv").query("coder == 'consensus'")
    assert added[["quote_id", "theme", "confidence", "rationale"]].to_numpy().tolist() == [
        ["Q01", "goals", 1.0, "plain"], ["Q02", "craft", 0.0, "praise"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ann.csv"], "two or more, not 1"),
        (["ann.csv", "ann.csv"], "given twice: ann.csv"),
        (["ann.csv", "nothing.csv"], "nothing.csv: No such file"),
        (["ann.csv", "."], "codings.csv: No such file"),
        (["ann.csv", "bad.csv"], "codings bad.csv: no column"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_1(folder, capsys, words, message):
    """No traceback, nothing on standard output."""
    (folder / "bad.csv").write_text("a,b\n")
    assert main(["merge", *words, "--quiet"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert captured.err.count("\n") == 1

"""The command `expert-roundup suggest`."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from expert_roundup.cli import main
from expert_roundup.coding.codebook import codebook_to_yaml
from expert_roundup.datasets import load_codings, load_quotes
from expert_roundup.output.tables import frame_to_csv

TEXT = "They ignore every comment. A plan comes first!"


@pytest.fixture
def quotes(tmp_path: Path) -> Path:
    path = tmp_path / "quotes.csv"
    path.write_text(f'quote_id,text,language\nQ1,"{TEXT}",en\nQ2,"Только лайки, без цели.",ru\n', encoding="utf-8")
    return path


def rows_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return rows


def test_json_has_a_row_for_every_quote_and_theme(quotes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """quote_id, theme, score, is_suggested, start, end; offsets cut a sentence out of the text."""
    assert main(["suggest", str(quotes), "--format", "json"]) == 0
    rows = rows_of(capsys)
    assert len(rows) == 24
    assert {tuple(row) for row in rows} == {("quote_id", "theme", "score", "is_suggested", "start", "end")}
    told = {
        (r["quote_id"], r["theme"]): TEXT[int(str(r["start"])) : int(str(r["end"]))] for r in rows if r["is_suggested"]
    }
    assert told["Q1", "relationships"] == "They ignore every comment."
    assert ("Q2", "goals") in told
    assert any(row["start"] is None for row in rows)


def test_remarks_say_that_it_is_no_reading(quotes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, unless --quiet; the codebook that was taken is named."""
    main(["suggest", str(quotes)])
    error = capsys.readouterr().err
    assert "codebook: the one of the first study" in error
    assert "for 2 quotes: by machine, no reading" in error
    main(["suggest", str(quotes), "--quiet"])
    assert capsys.readouterr().err == ""


def test_a_codebook_beside_the_quotes_is_taken(quotes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A study folder brings its own; --codebook names another."""
    own = pd.DataFrame({"theme": ["talk"], "definition": ["Answer comments"]})
    (quotes.parent / "codebook.yaml").write_text(codebook_to_yaml(own), encoding="utf-8")
    assert main(["suggest", str(quotes), "--format", "json", "--quiet"]) == 0
    assert [row["is_suggested"] for row in rows_of(capsys)] == [True, False]
    other = quotes.parent / "other.csv"
    other.write_text("theme,definition\naims,Have a plan\n", encoding="utf-8")
    assert main(["suggest", str(quotes), "--codebook", str(other), "--format", "json"]) == 0
    assert {row["theme"] for row in rows_of(capsys)} == {"aims"}


def test_terms_and_examples_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Words of another language, and coded quotes to learn from."""
    (tmp_path / "quotes.csv").write_text(
        "quote_id,text\nQ1,Hört zu!\nQ2,Zuhören!\nQ3,Mehl und Mehl\nQ4,Mehl\n", "utf-8"
    )
    (tmp_path / "codebook.yaml").write_text("themes:\n- theme: talk\n- theme: bread\n", "utf-8")
    (tmp_path / "terms.csv").write_text("theme,term\ntalk,hör*!\ntalk,zuhören!\n", "utf-8")
    (tmp_path / "codings.csv").write_text("quote_id,theme,coder,confidence\nQ3,bread,A,1\n", "utf-8")
    command = ["suggest", str(tmp_path / "quotes.csv"), "--format", "json"]
    assert main(command) == 0
    captured = capsys.readouterr()
    assert not any(row["is_suggested"] for row in json.loads(captured.out))
    assert "no theme found in Q1, Q2, Q3, Q4; words of other languages go into --terms" in captured.err
    options = ["--terms", str(tmp_path / "terms.csv"), "--examples", str(tmp_path / "codings.csv")]
    assert main([*command, *options]) == 0
    told = [(row["quote_id"], row["theme"]) for row in rows_of(capsys) if row["is_suggested"]]
    assert told == [("Q1", "talk"), ("Q2", "talk"), ("Q3", "bread"), ("Q4", "bread")]


def test_offsets_count_like_those_of_the_quotes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the source where every quote is one piece of it, else from the beginning of each quote, which is said."""
    path = tmp_path / "quotes.csv"
    path.write_text(f'quote_id,text,start,end\nQ1,"{TEXT}",100,{100 + len(TEXT)}\n', encoding="utf-8")
    main(["suggest", str(path), "--format", "json"])
    assert rows_of(capsys)[0]["start"] == 100
    path.write_text(f'quote_id,text,start,end\nQ1,"{TEXT}",100,{200 + len(TEXT)}\n', encoding="utf-8")
    main(["suggest", str(path), "--format", "json"])
    captured = capsys.readouterr()
    assert json.loads(captured.out)[0]["start"] == 0
    assert "offsets count from the beginning of each quote: Q1 is no single piece" in captured.err


def test_the_machine_is_compared_with_a_reading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--against: a row for all themes and one for each, with intervals."""
    (tmp_path / "quotes.csv").write_text(frame_to_csv(load_quotes()), encoding="utf-8")
    (tmp_path / "codings.csv").write_text(frame_to_csv(load_codings()), encoding="utf-8")
    command = ["suggest", str(tmp_path / "quotes.csv"), "--against", str(tmp_path / "codings.csv"), "--format", "json"]
    assert main([*command, "--quiet"]) == 0
    rows = rows_of(capsys)
    assert [rows[0]["theme"], rows[0]["n_quotes"], rows[0]["n_coded"], len(rows)] == ["", 31, 48, 13]
    assert float(str(rows[0]["f1"])) > 0.7


def test_a_tally_counts_suggestions_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--as-codings makes a reading that must be asked for by its name."""
    (tmp_path / "quotes.csv").write_text(frame_to_csv(load_quotes()), encoding="utf-8")
    codings = tmp_path / "machine.csv"
    assert main(["suggest", str(tmp_path / "quotes.csv"), "--as-codings", "-o", str(codings), "--quiet"]) == 0
    assert main(["tally", str(codings), "--coder", "suggestions", "--format", "json", "--quiet"]) == 0
    assert rows_of(capsys)[0]["theme"] == "relationships"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("quote_id\nQ1\n", "no column text"),
        ("quote_id,text\nQ1,a\nQ1,b\n", "'Q1' stands there already"),
        ("", "the file is empty"),
    ],
)
def test_unusable_quotes_are_one_sentence(
    content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1, no traceback."""
    (tmp_path / "quotes.csv").write_text(content, encoding="utf-8")
    assert main(["suggest", str(tmp_path / "quotes.csv")]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1

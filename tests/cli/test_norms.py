"""The command `expert-roundup norms`."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from expert_roundup.cli import main

ROUNDUP = """# How to keep a shop

Jane Doe said: You must know your street. It rains.

John Roe said: Don't shout.

> You should listen.

Mary Major said: Нужно слушать.
"""


@pytest.fixture
def roundup(tmp_path: Path) -> Path:
    path = tmp_path / "shop.md"
    path.write_text(ROUNDUP, encoding="utf-8")
    return path


@pytest.fixture
def quotes(tmp_path: Path) -> Path:
    path = tmp_path / "quotes.csv"
    frame = pd.DataFrame(
        {"quote_id": ["Q1", "Q2"], "text": ["Hm. You must go.", "Don't."], "start": [10, 40], "end": [26, 46]}
    )
    frame.to_csv(path, index=False)
    return path


def test_offsets_index_the_source_text(roundup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every statement and cue of a roundup is where the json says."""
    assert main(["norms", str(roundup), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [ROUNDUP[row["cue_start"] : row["cue_end"]] for row in rows] == [row["cue"] for row in rows]
    assert [ROUNDUP[row["start"] : row["end"]] for row in rows] == [row["text"] for row in rows]
    assert {row["text"] for row in rows} >= {"You must know your street.", "Нужно слушать."}


def test_a_table_of_quotes_is_read(quotes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Offsets count from `start` where every quote is one piece of its source."""
    assert main(["norms", str(quotes), "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert [(row["start"], row["end"]) for row in json.loads(captured.out)] == [(14, 26)]
    assert "1 statements (1 prescription, 0 proscription, 0 both)" in captured.err


def test_a_table_with_quotes_in_pieces_says_what_offsets_count(
    quotes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They count from the beginning of the quote, and standard error says so."""
    frame = pd.read_csv(quotes).assign(end=[30, 46])
    frame.to_csv(quotes, index=False)
    assert main(["norms", str(quotes), "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert [(row["start"], row["end"]) for row in json.loads(captured.out)] == [(4, 16)]
    assert "offsets count from the beginning of each quote: Q1" in captured.err


def test_a_language_of_your_own(tmp_path: Path, quotes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A cue file named by its language is enough."""
    cues = tmp_path / "de.toml"
    cues.write_text('letters = "a-zäöüß"\n[prescription]\nmust = "muss|müssen"\n', encoding="utf-8")
    pd.DataFrame({"quote_id": ["Q1"], "text": ["Man muss üben."], "language": ["de"]}).to_csv(quotes, index=False)
    assert main(["norms", str(quotes), "--cues", str(cues), "--format", "json", "--quiet"]) == 0
    assert [row["cue"] for row in json.loads(capsys.readouterr().out)] == ["muss"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", "", "the file is empty"),
        ("other.csv", "speaker,text\nJane,Hm\n", "quote_id"),
        ("twice.csv", "quote_id,text\nQ1,Hm\nQ1,Hm\n", "quote_id is repeated: Q1"),
        ("essay.txt", "It rains. You must go.", "no attributed answers found"),
    ],
)
def test_unusable_input_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, message: str
) -> None:
    """Exit code 1, one line on standard error, nothing on standard output."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert main(["norms", str(tmp_path / name)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert captured.err.count("\n") == 1


def test_the_original_article_is_read(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every answer of the first study that its readers found norms in has some, at their places in the article."""
    assert main(["norms", str(article), "--format", "json", "--quiet"]) == 0
    rows = json.loads(capsys.readouterr().out)
    text = article.read_bytes().decode("utf-8")
    assert all(text[row["start"] : row["end"]] == row["text"] for row in rows)
    assert len({row["quote_id"] for row in rows}) >= 25

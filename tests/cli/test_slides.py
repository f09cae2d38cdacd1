"""The command `slides`: a deck of a study folder, in our themes or in somebody's template."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pptx import Presentation

from expert_roundup.cli import main
from expert_roundup.output.tables import frame_to_csv


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study folder with a tally and quotes."""
    path = tmp_path_factory.mktemp("study")
    quotes = pd.DataFrame(
        {"quote_id": ["Q01", "Q02"], "speaker": ["Ann Lee", "Bo Ray"], "text": ["You must plan.", "Plan!"]}
    )
    extra = {"role": "", "question": "", "language": "en", "n_words": 3, "start": [0, 20], "end": [14, 25], "links": ""}
    tally = pd.DataFrame({"theme": ["plan"], "label": ["Plan"], "n_quotes": [2], "share": [1.0]}).assign(
        n_published=1, difference=1, rank=1, rank_low=1, rank_high=1
    )
    quotes = quotes.assign(**extra, is_on_roster=pd.array([True, None], dtype="boolean"))
    for name, frame in {"quotes": quotes, "tally": tally}.items():
        (path / f"{name}.csv").write_text(frame_to_csv(frame), encoding="utf-8")
    return path


def test_two_runs_write_one_deck(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Native charts, a title of one's own, equal bytes; the second run needs --overwrite."""
    deck = tmp_path / "out" / "deck.pptx"
    words = ["slides", str(folder), "-o", str(deck), "--title", "Our study"]
    assert main(words) == 0
    first = deck.read_bytes()
    assert f"written: {deck}" in capsys.readouterr().err
    assert main(words) == 1
    assert "exists already" in capsys.readouterr().err
    assert main([*words, "--overwrite", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert deck.read_bytes() == first
    slides = list(Presentation(str(deck)).slides)
    assert slides[0].shapes.title.text == "Our study"
    assert any(shape.has_chart for slide in slides for shape in slide.shapes)


def test_a_template_is_taken_and_a_wrong_one_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its size stays; a file that is none is one sentence and exit 1, before anything is written."""
    Presentation().save(str(tmp_path / "corporate.pptx"))
    (tmp_path / "wrong.pptx").write_text("text")
    deck = tmp_path / "deck.pptx"
    assert main(["slides", str(folder), "-o", str(deck), "--template", str(tmp_path / "wrong.pptx")]) == 1
    assert "is no PowerPoint file" in capsys.readouterr().err
    assert not deck.exists()
    assert main(["slides", str(folder), "-o", str(deck), "--template", str(tmp_path / "corporate.pptx")]) == 0
    assert Presentation(str(deck)).slide_width == Presentation().slide_width


def test_theme_and_template_exclude_each_other(folder: Path) -> None:
    """A template brings its own colours: exit 2."""
    with pytest.raises(SystemExit, match="2"):
        main(["slides", str(folder), "-o", "x.pptx", "--template", "a.pptx", "--theme", "dark"])

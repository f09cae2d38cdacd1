"""Cue files: every list is usable, and a language is one file."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from expert_roundup.analysis.norms import norms, read_cues
from expert_roundup.analysis.norms.cues import LISTS, cue_languages, fold, parse_cues
from expert_roundup.analysis.norms.rules import asks_for_faults


def test_english_and_russian_ship() -> None:
    """The two languages of the first study have their cues."""
    assert {"en", "ru"} <= set(cue_languages())


@pytest.mark.parametrize("language", sorted(cue_languages()))
def test_no_cue_stands_twice_in_a_list(root: Path, language: str) -> None:
    """A list that repeats itself was not read by its author."""
    text = (root / f"expert_roundup/analysis/norms/languages/{language}.toml").read_text(encoding="utf-8")
    for name, lines in re.findall(r'^(\w+) = """\n(.*?)"""', text, flags=re.DOTALL | re.MULTILINE):
        cues = [line for line in lines.splitlines() if line]
        assert sorted({cue for cue in cues if cues.count(cue) > 1}) == [], name


def test_signs_of_a_cue() -> None:
    """`*` any ending, `|` forms, `..` up to three words, `...` up to eight, `^` the beginning of a statement."""
    pattern = parse_cues(
        'letters = "a-z"\n[prescription]\nmust = """\n^go|went far*\na .. b\nc ... d\n"""', "xx"
    ).prescription["must"]
    for text in ("go farther", "went, far", "x a b", "a 1 2 3 b", "c 1 2 3 4 5 6 7 8 d"):
        assert pattern.search(text), text
    for text in ("we go far", "a 1 2 3 4 b", "ab", "xa b", "a bc", "c 1 2 3 4 5 6 7 8 9 d"):
        assert not pattern.search(text), text


def test_folding_keeps_every_character_in_its_place() -> None:
    """Letters whose lower case is longer stay one character; ё is е, curly apostrophes are straight."""
    assert fold("İSTANBUL Ёж don’t") == "İstanbul еж don't"


def test_faulty_files_are_explained() -> None:
    """All faults of a file are named at once."""
    with pytest.raises(ValueError, match=r"'xx': letters is missing; prescription.often is unknown; praise is unknown"):
        parse_cues('[prescription]\noften = "x"\n[praise]\n', "xx")
    with pytest.raises(ValueError, match=r"'xx': negation.before is no text"):
        parse_cues('letters = "a-z"\n[negation]\nbefore = ["no"]\n', "xx")
    with pytest.raises(ValueError, match=r"cue file of 'xx': "):
        parse_cues("letters = ", "xx")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """Cues are UTF-8."""
    (tmp_path / "de.toml").write_bytes('letters = "a-zä"'.encode("latin-1"))
    with pytest.raises(ValueError, match=r"cue file de\.toml is not UTF-8"):
        read_cues(tmp_path / "de.toml")


@pytest.mark.parametrize(
    ("language", "question", "expected"),
    [
        ("en", "What is the biggest mistake you see?", True),
        ("en", "Which habits waste time?", True),
        ("en", "What do you recommend?", False),
        ("ru", "Какие ошибки вы видите?", True),
        ("ru", "Что вы советуете?", False),
    ],
)
def test_questions_about_faults_are_recognised(language: str, question: str, expected: bool) -> None:
    """Words of blame in a question ask for blame."""
    assert asks_for_faults(question, cue_languages()[language]) is expected


def test_every_list_is_in_the_guide(root: Path) -> None:
    """Nobody has to read the code to fill a file."""
    guide = (root / "docs/add-a-language.md").read_text(encoding="utf-8")
    table = guide[guide.index("## What the lists hold") :]
    missing = [f"{section}.{name}" for section, names in LISTS.items() for name in names if f".{name}`" not in table]
    assert missing == []


def test_the_example_of_the_guide_works(root: Path, tmp_path: Path) -> None:
    """The German file of docs/add-a-language.md reads the German sentences beside it as the table says."""
    guide = (root / "docs/add-a-language.md").read_text(encoding="utf-8")
    path = tmp_path / "de.toml"
    path.write_text(re.findall(r"```toml\n(.*?)```", guide, flags=re.DOTALL)[0], encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (prescription|proscription|both|none) \| (.*?) \|$", guide, flags=re.MULTILINE)
    assert len(rows) >= 6
    quotes = pd.DataFrame({"quote_id": [row[0] for row in rows], "text": [row[0] for row in rows], "language": "de"})
    found = norms(quotes, languages=[read_cues(path)]).set_index("quote_id")
    for sentence, kind, strength in rows:
        expected = [] if kind == "none" else [(kind, strength)]
        of_sentence = found[found.index == sentence]
        assert list(zip(of_sentence["kind"], of_sentence["strength"], strict=True)) == expected, sentence

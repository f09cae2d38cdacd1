"""Layouts: pages of our own in several scripts, the traps of real ones among them, as text files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expert_roundup.parsing import NotARoundup, parse_text
from expert_roundup.parsing.answers import parse_document
from expert_roundup.parsing.layouts import candidates, choose_attempt
from expert_roundup.parsing.source import source_from_text

FIXTURES = Path(__file__).parent / "fixtures"
LAYOUTS = ("said", "headings", "labels", "transcript", "quote_then_name", "cards", "table", "mixed", "none")
_CASE = re.compile(
    r"## (?P<title>[^\n]+)\n\n~{6}\n(?P<text>.*?)~{6}\n\nlayout: (?P<layout>\w+)\n(?P<answers>(?:- [^\n]*\n)*)", re.S
)
#: letters by which a case counts for a script
_SCRIPTS = {"Latin": r"[A-Za-z]", "Cyrillic": r"[А-Яа-я]", "Han": r"[\u4e00-\u9fff]", "kana": r"[\u3041-\u30ff]"}


def cases(layout: str) -> list[tuple[str, str, str, list[tuple[str, ...]]]]:
    """(title, text, layout, answers) of every case of a fixture; an answer is speaker, role, question, words."""
    found = []
    for case in _CASE.finditer((FIXTURES / f"{layout}.md").read_text(encoding="utf-8") + "\n"):
        lines = case["answers"].splitlines()
        answers = [tuple(part.strip().replace("\\n", "\n") for part in line[2:].split("|", 3)) for line in lines]
        found.append((case["title"], case["text"], case["layout"], answers))
    return found


ALL = [pytest.param(*case[1:], id=f"{layout}: {case[0]}") for layout in LAYOUTS for case in cases(layout)]


@pytest.mark.parametrize(("text", "layout", "expected"), ALL)
def test_a_page_is_read_as_a_person_would(text: str, layout: str, expected: list[tuple[str, ...]]) -> None:
    """Speaker, role, question and words of every answer; no roundup where there is none."""
    if layout == "none":
        with pytest.raises(NotARoundup, match="no attributed answers found"):
            parse_text(text, format="md")
        return
    roundup = parse_text(text, format="md")
    assert [(row.speaker, row.role, row.question, row.text) for row in roundup.rows] == expected
    assert roundup.layout == layout


@pytest.mark.parametrize(("text", "layout", "expected"), ALL)
def test_line_ends_of_windows_change_nothing(text: str, layout: str, expected: list[tuple[str, ...]]) -> None:
    """The same speakers, roles and questions."""
    if layout == "none":
        with pytest.raises(NotARoundup, match="no attributed answers found"):
            parse_text(text.replace("\n", "\r\n"), format="md")
        return
    rows = parse_text(text.replace("\n", "\r\n"), format="md").rows
    assert [(row.speaker, row.role, row.question) for row in rows] == [answer[:3] for answer in expected]


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout not in ("mixed", "none")])
def test_every_layout_is_tried_in_three_scripts(layout: str) -> None:
    """Six cases or more; Latin letters, Cyrillic and a script without capitals among them."""
    texts = [text for _, text, _, _ in cases(layout)]
    assert len(texts) >= 6
    written = {name for name, letters in _SCRIPTS.items() if any(len(re.findall(letters, text)) > 20 for text in texts)}
    assert len(written) >= 3


KNOWN_FAILURES = {
    "three speakers named once at the top answer in order": (
        "# Jane Doe, John Roe and Ana Díaz on rain\n\n“I walk in it.”\n\n“We stay in.”\n\n“My boots leak.”\n",
        ["Jane Doe", "John Roe", "Ana Díaz"],
    ),
}


@pytest.mark.xfail(strict=True, reason="known failure: a layout nobody has written yet")
@pytest.mark.parametrize(("text", "speakers"), KNOWN_FAILURES.values(), ids=KNOWN_FAILURES)
def test_known_failures(text: str, speakers: list[str]) -> None:
    """Pages that a person reads and we do not."""
    assert [row.speaker for row in parse_text(text, format="md").rows] == speakers


def test_candidates_come_best_first_with_what_speaks_against_them() -> None:
    """Sound ones before those with an objection, each group by score."""
    text = next(text for title, text, _, _ in cases("mixed"))
    found = candidates(parse_document(source_from_text(text, "page.md", format="md")))
    assert len(found) >= 2
    assert list(found) == sorted(found, key=lambda one: (one.objection != "", -one.score))
    assert all(0 <= one.score <= 1 and one.attempt.notes for one in found)


def test_a_layout_is_not_chosen_for_words_that_are_no_names() -> None:
    """Headings in the first person name nobody when their words are common ones."""
    text = "## Getting Started\n\nI install it first.\n\n## Advanced Settings\n\nWe change my settings.\n"
    assert choose_attempt(parse_document(source_from_text(text, "page.md", format="md"))) is None


def test_the_same_text_gives_the_same_roundup() -> None:
    """Nothing depends on what was parsed before."""
    texts = [text for layout in LAYOUTS for _, text, kind, _ in cases(layout) if kind != "none"]
    first = [parse_text(text, format="md").to_json() for text in texts]
    again = [parse_text(text, format="md").to_json() for text in reversed(texts)]
    assert first == again[::-1]

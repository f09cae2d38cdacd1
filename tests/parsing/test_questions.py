"""Questions: what the experts were asked, wherever it stands."""

from __future__ import annotations

import pytest

from expert_roundup.parsing import parse_text
from expert_roundup.parsing.answers import parse_document
from expert_roundup.parsing.questions import is_emphatic, question_of, questions_before
from expert_roundup.parsing.source import source_from_text
from expert_roundup.parsing.visible import asks


def test_the_run_of_questions_before_a_place() -> None:
    """Each sentence that asks, up to the first that does not."""
    text = "We asked three people. Why? And how much? Jane said"
    spans = questions_before(text, text.index("Jane"))
    assert [text[start:end] for start, end in spans] == ["Why?", "And how much?"]
    assert questions_before("No question here. Jane", 18) == ()


@pytest.mark.parametrize("text", ["Why?", "“Why?”", "**Why?**", "为什么？", "(why?)"])
def test_what_asks(text: str) -> None:
    """A question mark of any script, closing marks aside."""
    assert asks(text)
    assert not asks(text.replace("?", ".").replace("？", "。"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**a b**", True),
        ("1. *a b*", True),
        ("<b>a</b>", True),
        ("**a** b", False),
        ("**a** and **b**", False),
        ("a", False),
    ],
)
def test_what_is_emphatic_as_a_whole(text: str, expected: bool) -> None:
    """One run of bold or italics, a number before it allowed."""
    assert is_emphatic(text) is expected


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("## 3. Why do you write?", "Why do you write?"),
        ("**Q: Why do you write?**", "Why do you write?"),
        ("**Question 2: Why do you write?**", "Why do you write?"),
        ("**TM: Why do you write?**", "Why do you write?"),
        ("*Why do you write?*", "Why do you write?"),
        ("### 问题 2：你为什么写？", "你为什么写？"),
        ("Why do you write?", None),
        ("## I write", None),
    ],
)
def test_a_block_that_asks(block: str, words: str | None) -> None:
    """Headings, bold lines and numbered ones, without number, label and emphasis; a mere sentence is none."""
    document = parse_document(source_from_text(block, format="md"))
    question = question_of(document, 0)
    assert (question and document.text[slice(*question.span)]) == words


def test_every_quote_knows_the_question_over_it() -> None:
    """Until the next question, or until a heading ends it."""
    text = (
        "# Two cooks\n\n## What do you boil?\n\n“I boil eggs for my whole street,” said Jane Doe.\n\n"
        "“We boil nothing at all in summer,” said John Roe.\n\n## What do you bake?\n\n"
        "“I bake bread because my oven is old,” said Jane Doe.\n\n## Afterwards\n\n"
        "“We ate what was left on the table,” said John Roe.\n"
    )
    asked = [row.question for row in parse_text(text, format="md").rows]
    assert asked == ["What do you boil?", "What do you boil?", "What do you bake?", ""]


def test_several_questions_are_joined() -> None:
    """Two in one heading, and a list of them in a row."""
    head = "## Why? And how?\n\n### Jane Doe\n\nI guess, and I am right.\n\n### John Roe\n\nWe measure it twice.\n"
    assert {row.question for row in parse_text(head, format="md").rows} == {"Why? And how?"}
    listed = (
        "**Why do you sing?**\n\n**Who hears you?**\n\nJane Doe: I sing for my cat.\n\nJohn Roe: Nobody, we hope.\n"
    )
    assert parse_text(listed, format="md").rows[0].question.endswith("Who hears you?")


def test_a_title_that_asks_is_the_question() -> None:
    """Where nothing else does: what follows the last colon or stop of the title."""
    head = "---\ntitle: 'We asked our cooks: Why do you cook?'\n---\n\n"
    text = f"{head}### Jane Doe\n\nI cook for us.\n\n### John Roe\n\nWe like it.\n"
    roundup = parse_text(text, format="md")
    assert {row.question for row in roundup.rows} == {"Why do you cook?"}
    assert [segment.kind for segment in roundup.segments].count("question") == 1

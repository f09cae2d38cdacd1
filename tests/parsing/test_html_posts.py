"""Posts that are HTML below a Markdown head."""

from __future__ import annotations

import pytest

from expert_roundup.parsing import parse_text
from expert_roundup.parsing.html_posts import as_page, is_html_post

HEAD = '---\ntitle: "Never again"\n---\n'
BODY = (
    "<p>&ldquo;I start small, &eacute;very day,&rdquo; says Jane Doe, editor.</p>\n\n"
    "<p>&ldquo;We never plan a year ahead,&rdquo; says John Roe, teacher.</p>\n\n"
    "<p>&ldquo;I read it aloud before anybody else does,&rdquo; says Ana Diaz.</p>\n"
)


def test_entities_are_letters_and_marks() -> None:
    """What HTML writes as entities is read like anything else, below the head as it is."""
    roundup = parse_text(HEAD + BODY, format="md")
    assert [row.speaker for row in roundup.rows] == ["Jane Doe", "John Roe", "Ana Diaz"]
    assert roundup.rows[0].text == "I start small, évery day,"
    assert roundup.title == "Never again"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + BODY, True),
        ("# Tips\n\n- **Jane:** I start small.\n- **John:** <b>No</b> </b></b></b>\n", False),
        ("<p>one</p>\n<p>two</p>\n<p>three</p>\n", False),  # tidy HTML is read where it stands
        (
            "Plain words, &ldquo;quoted&rdquo; &eacute;&eacute;</p></p></p> and long enough to outweigh the tags.\n"
            * 3,
            False,
        ),
    ],
)
def test_only_pages_are_taken_for_pages(text: str, expected: bool) -> None:
    """Markdown with a tag here and there stays Markdown."""
    assert is_html_post(text) is expected


def test_running_text_between_blank_lines_becomes_paragraphs() -> None:
    """Nothing of it is lost, and what is HTML stays."""
    assert as_page(HEAD + "One.\n\n<div>Two.</div>\n\nThree.") == HEAD + "<p>One.</p>\n<div>Two.</div>\n<p>Three.</p>"

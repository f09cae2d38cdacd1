"""Blocks: what Markdown, plain text and the raw HTML in them say, with places in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.parsing.blocks import Block, content, front_matter, parse_blocks, without_prefixes
from expert_roundup.parsing.markdown_blocks import MarkdownCutter


def told(text: str) -> list[tuple[str, str]]:
    """Kind and content of every block."""
    return [(block.kind, content(text, block)) for block in parse_blocks(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One\n\ntwo\nthree", [("heading", "One"), ("paragraph", "two\nthree")]),
        ("One\n===\ntwo", [("heading", "One"), ("paragraph", "two")]),
        ("## One ##", [("heading", "One")]),
        ("> one\n> two\n\nthree", [("paragraph", "one\ntwo"), ("paragraph", "three")]),
        ("- one\n- two", [("paragraph", "one"), ("paragraph", "two")]),
        ("1. one\n   still one", [("paragraph", "one\nstill one")]),
        ("---\n\none", [("rule", "---"), ("paragraph", "one")]),
        ("```\ncode\n\nmore\n```\n\none", [("code", "```\ncode\nmore\n```"), ("paragraph", "one")]),
        ("![a](b.jpg)\n\none", [("show", "![a](b.jpg)"), ("paragraph", "one")]),
        ("a | b\n--|--\nc | d\n\none", [("row", "a | b"), ("row", "c | d"), ("paragraph", "one")]),
        ("<p>one</p><p>two</p>", [("paragraph", "one"), ("paragraph", "two")]),
        ("<h2>One</h2>", [("heading", "One")]),
        ("\\", []),
        ("", []),
    ],
)
def test_what_markup_says(text: str, expected: list[tuple[str, str]]) -> None:
    """One block each, without what only marks it up."""
    assert told(text) == expected


def test_the_head_of_a_file_is_no_rule() -> None:
    """YAML between rules is the head; a rule above a paragraph is a rule."""
    assert front_matter("---\ntitle: One\n---\ntext") == "---\ntitle: One\n---\n"
    assert front_matter("---\n\nJane said so.\n\n---\n") == ""
    assert parse_blocks("---\ntitle: One\n---\ntext")[0].kind == "meta"


def test_quotes_in_raw_html_have_numbers_of_their_own() -> None:
    """Two quotes in one piece of HTML are two quotes, and Markdown inside an aside belongs to it."""
    html = "<blockquote>one</blockquote><blockquote>two</blockquote>"
    assert len({block.quote for block in parse_blocks(html)}) == 2
    aside = parse_blocks("<aside>\n\nwords in *Markdown*\n\n</aside>\n\noutside")
    assert [(block.kind, block.quote >= 0) for block in aside] == [("paragraph", True), ("paragraph", False)]


def test_deep_quotes_are_read_flat() -> None:
    """Nobody follows four levels; the words stay."""
    assert told("> > > > deep") == [("paragraph", "deep")]


def test_a_box_beside_the_text_shows_and_says_nothing() -> None:
    """What a site generator puts between its marks is side matter."""
    kinds = [block.kind for block in parse_blocks("one\n\n::: box\n\ntwo\n\n:::\n\nthree")]
    assert kinds[0] == "paragraph"
    assert kinds[-1] == "paragraph"
    assert set(kinds[1:-1]) == {"show"}


def test_prefixes_go_and_words_stay() -> None:
    """A greater-than sign inside a line is a word."""
    assert without_prefixes("> one\n> > two\n3 > 2") == "one\ntwo\n3 > 2"


_MARKUP = (
    "one¦**two**¦# head¦> quoted¦- item¦1. item¦ ¦---¦===¦| a | b |¦|--|--|¦<p>¦</p>¦```¦![a](b)¦<!-- c¦-->¦三¦[a]: b¦"
)
_LINES = st.sampled_from([*_MARKUP.split("¦"), "<blockquote>", "</blockquote>", "\\", "\ttab", "{% x %}"])


@given(st.lists(_LINES, max_size=14).map("\n".join))
def test_blocks_stand_in_order_inside_the_text(text: str) -> None:
    """They never overlap, and every line of their content lies inside them."""
    cursor = 0
    for block in parse_blocks(text):
        assert cursor <= block.start <= block.end <= len(text)
        assert all(block.start <= start <= end <= block.end for start, end in block.lines)
        cursor = block.end if block.kind != "meta" else cursor


_CHUNKS = st.sampled_from(
    [
        *(
            "one two",
            "three",
            "**four** five",
            "6 seven",
            "Jane: yes",
            "- a",
            "- b\n- c",
            "* d\n* **e**: f",
            "- g\n* h",
        ),
        *("1. i\n2. j", "1. k\n2) l", "- # m", "- > n", "- - o", "-", "- p\nq", "  r", "-     s", "- [ ] t", "## u"),
    ]
)


@given(st.lists(_CHUNKS, min_size=1, max_size=8))
def test_running_text_is_cut_as_the_markdown_parser_would(chunks: list[str]) -> None:
    """The short way for plain paragraphs, headings and lists and the parser's way agree."""
    text = "\n\n".join(chunks)
    starts = [0, *(i + 1 for i, letter in enumerate(text) if letter == "\n")]
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    parsed: list[Block] = list(MarkdownCutter(text, starts, ends).cut(0, len(starts)))
    assert list(parse_blocks(text)) == parsed

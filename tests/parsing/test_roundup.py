"""Roundups as a whole: what holds of every document that is read, and of every document at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from expert_roundup.parsing import NotARoundup, Roundup, parse_text, read_roundup, read_source
from expert_roundup.parsing.roundup import count_words
from expert_roundup.parsing.segments import KINDS
from expert_roundup.parsing.source import source_from_text

#: a small roundup of every layout, in several scripts
LAYOUTS = {
    "said": "Why?\n\nJane Doe said: I start small.\n\nИван Петров сказал: Я начинаю с малого.\n\nJohn Roe said: We do.",
    "headings": (
        "# Why?\n\n## Jane Doe\n\nI start small.\n\n## Иван Петров\n\nЯ начинаю с малого, и мы растём.\n\n"
        "## 田中花子\n\n私は書きます。"
    ),
    "labels": (
        "## Why do you?\n\n**Jane Doe:** I start small, and we go on.\n\n**Иван Петров:** Я начинаю с малого.\n\n"
        "## And how do you?\n\n**Jane Doe:** I write it down.\n\n**Иван Петров:** Мы спрашиваем людей."
    ),
    "quote_then_name": (
        "> I start small.\n>\n> — Jane Doe, CEO\n\n> Я начинаю с малого.\n>\n> — Иван Петров\n\n> We do.\n>\n> — Ann"
    ),
    "transcript": (
        "JANE: Hello, I am Jane Doe. I write.\n\nROB: I am Rob Roe, I read.\n\nJANE: I see.\n\nROB: We all do, I think."
    ),
    "table": (
        "| Name | Answer |\n|---|---|\n| Jane Doe | I start small, and so should you. |\n"
        "| Иван Петров | Я начинаю с малого, и мы растём. |"
    ),
    "cards": (
        "<blockquote>I start small, you know.<span>- Jane Doe, CEO</span></blockquote>\n\n"
        "<blockquote>We start with people.<span>- Ann Lee, Editor</span></blockquote>"
    ),
}


def check(roundup: Roundup) -> None:
    """What holds of every roundup."""
    text = roundup.source.text
    bounds = [0, *(segment.end for segment in roundup.segments)]
    assert [segment.start for segment in roundup.segments] == bounds[:-1]
    assert bounds[-1] == len(text)
    assert {segment.kind for segment in roundup.segments} <= set(KINDS)
    assert len(roundup.rows) >= 2
    assert [row.quote_id for row in roundup.rows] == [f"Q{n:02d}" for n in range(1, len(roundup.rows) + 1)]
    for row in roundup.rows:
        own = [s for s in roundup.segments if s.kind == "answer" and s.quote_id == row.quote_id]
        assert own, row
        assert (own[0].start, own[-1].end) == (row.start, row.end)
        pieces = ["\n".join(line.lstrip(" \t>") for line in text[s.start : s.end].splitlines()) for s in own]
        said = "\n\n".join(pieces)
        assert "".join(said.split()) == "".join(
            "\n".join(line.lstrip(" \t>") for line in row.text.splitlines()).split()
        )
        if len(own) == 1 and ">" not in row.text:
            assert text[row.start : row.end] == row.text or ">" in text[row.start : row.end]
        assert row.speaker.strip() == row.speaker
        assert row.n_words >= 0
    listed = {quote_id for _, quote_id in roundup.roster if quote_id}
    assert listed <= {row.quote_id for row in roundup.rows}
    for start, end in roundup.questions:
        assert 0 <= start < end <= len(text)
    assert json.loads(json.dumps(roundup.to_json())) == roundup.to_json()


def parsed(text: str, format: str = "md") -> Roundup | None:
    try:
        return parse_text(text, format=format)
    except NotARoundup:
        return None


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_a_roundup(layout: str) -> None:
    """Each is recognised, and what holds of all holds of it."""
    roundup = parse_text(LAYOUTS[layout], format="md")
    check(roundup)
    assert roundup.layout == layout


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_input_gives_the_same_output(layout: str) -> None:
    """Twice, and from a file as from a string."""
    assert parse_text(LAYOUTS[layout], format="md").to_json() == parse_text(LAYOUTS[layout], format="md").to_json()


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_line_ends_change_offsets_only(layout: str, line_end: str) -> None:
    """With CRLF or CR, the same people say the same; offsets count the characters that are there."""
    plain = parse_text(LAYOUTS[layout], format="md")
    other = parse_text(LAYOUTS[layout].replace("\n", line_end), format="md")
    check(other)
    assert [row.speaker for row in other.rows] == [row.speaker for row in plain.rows]
    assert [row.text.split() for row in other.rows] == [row.text.split() for row in plain.rows]


def test_frames_have_their_columns_and_kinds() -> None:
    """The quotes frame as the design names it; is_on_roster is empty without a roster; links are lists."""
    frame = parse_text(LAYOUTS["headings"], format="md").quotes
    assert frame.columns.tolist() == [
        "quote_id", "speaker", "role", "is_on_roster", "question", "language", "n_words", "start", "end", "text",
        "links",
    ]  # fmt: skip
    assert frame["is_on_roster"].dtype == "boolean"
    assert frame["is_on_roster"].isna().all()
    assert frame["links"].tolist() == [[], [], []]
    assert frame["language"].tolist() == ["en", "ru", "ja"]
    assert frame["role"].tolist() == ["", "", ""]


def test_links_of_an_answer_are_kept_in_order_and_once() -> None:
    """Markdown links, bare addresses and raw HTML, without the dot that ends the sentence."""
    said = (
        "I read [a](https://a.org/x_(y)) and https://b.org. "
        "We like <https://c.org>, [a](https://a.org/x_(y)) <a href='d'>d</a>."
    )
    rows = parse_text(f"## Jane Doe\n\n{said}\n\n## Ann Lee\n\nI do not.", format="md").rows
    assert rows[0].links == ("https://a.org/x_(y)", "https://b.org", "https://c.org", "d")
    assert rows[1].links == ()


@pytest.mark.parametrize(
    "text",
    [
        "A text that nobody speaks in.",
        "## Jane Doe\n\nI am the only one who answers here.",
        "Jane Doe said: I am alone.",
        "**Note:** be careful.\n\n**Warning:** do not run.\n\n**Tip:** rest.",
        "# Glossary\n\n- **Alpha:** the first letter.\n- **Beta:** the second letter.\n- **Gamma:** the third.",
        "# FAQ\n\n## How do I start?\n\nPress the button.\n\n## How do I stop?\n\nPress it again.",
        "# Contributors\n\n- Jane Doe\n- John Roe\n- Ann Lee",
        "```\nJane: I am code\nRob: I am code too\n```",
        "1. Mix.\n2. Bake.\n3. Eat.",
    ],
)
def test_what_is_no_roundup_is_said_so(text: str) -> None:
    """One answer, none, notes, a glossary, a FAQ, a list of people, code, a recipe."""
    with pytest.raises(NotARoundup, match="text: no attributed answers found"):
        parse_text(text, format="md")


def test_one_expert_with_many_answers_is_a_roundup() -> None:
    """An interview: the moderator asks, the expert answers."""
    turns = "".join(
        f"**Q:** Why do you do {n}?\n\n**Jane Doe:** I do it because I like it, number {n}.\n\n" for n in "abcd"
    )
    assert {row.speaker for row in parse_text(turns, format="md").rows} == {"Jane Doe"}


def test_a_source_that_is_read_is_parsed_as_it_is(tmp_path: Path) -> None:
    """A Source, a path and a string of one text give one result, but for the source's name."""
    path = tmp_path / "x.md"
    path.write_text(LAYOUTS["headings"], encoding="utf-8")
    source = read_source(path)
    by_path, by_source = read_roundup(path), read_roundup(source)
    assert by_path.to_json() == by_source.to_json()
    by_text = parse_text(LAYOUTS["headings"], format="md").to_json()
    assert by_text["source"]["sha256"] == by_path.to_json()["source"]["sha256"]
    assert {**by_text, "source": 0} == {**by_path.to_json(), "source": 0}


def test_a_roundup_does_not_change_what_it_is_given() -> None:
    """Its frames are made anew from frozen rows; changing one changes nothing else."""
    roundup = parse_text(LAYOUTS["headings"], format="md")
    before = roundup.to_json()
    roundup.quotes["speaker"] = "nobody"
    assert roundup.to_json() == before
    with pytest.raises(AttributeError, match="cannot assign"):
        roundup.title = "x"  # type: ignore[misc]


#: pieces that documents are made of, well and badly
FRAGMENTS = (
    "Jane Doe", "Иван Петров", "田中", "JD", "said", " said: ", "сказал", "I start small. ", "Я начинаю. ", "We do! ",
    "Why? ",
    "\n", "\n\n", "\r\n", "> ", "- ", "1. ", "## ", "# ", "**", "*", "_", "`", "```\n", "“", "”", "«", "»", '"', "—",
    "– ", "- Jane Doe",
    ":", "： ", "|", "|---|---|\n", "| a | b |\n", "<blockquote>", "</blockquote>", "<aside>", "<span>", "</span>",
    "<p>", "<!--", "-->",
    "[x](y)", "![p](q)", "[", "]", "(", ")", "---\n", "title: x\n", "+++\n", "=IMAGE=x=", "::: note\n", "{% x %}",
    "&mdash;", "&amp;", "9 Goals 8 Plans 7 Tools ", "Goals (9)\n", "00:12:30 ", "\t", "\x00", "\u2028", "\ufeff",
    "\ud800", "🙂", "\\", "Q: ", "A: ", "JANE: ",
)  # fmt: skip
documents = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(documents, st.sampled_from(["txt", "md", "html"]))
@example("", "md")
@example("\\", "txt")
@example("{", "md")
@example("t Ac said:t Ae said:", "txt")
@example("“I o .” said J Do :\n>a", "md")
@example("---\n---\n", "md")
@example("> - > - Jane: x", "md")
@example("|a|b|\n|-|-|\n|\n", "md")
def test_no_document_crashes_and_every_roundup_holds(text: str, format: str) -> None:
    """Whatever the pieces, in whatever order: a roundup of which all holds that holds of roundups, or none."""
    try:
        source = source_from_text(text, format=format)
    except ValueError:
        assert format == "html"
        return
    roundup = parsed(text, format)
    if roundup is not None:
        check(roundup)
        assert roundup.source.text == source.text
        again = parsed(text, format)
        assert again is not None
        assert again.to_json() == roundup.to_json()


@slow
@given(st.sampled_from(sorted(LAYOUTS)), st.data())
def test_a_changed_roundup_is_still_cut_without_loss(layout: str, data: st.DataObject) -> None:
    """A piece cut out, doubled, moved or put in anywhere."""
    text = LAYOUTS[layout]
    a, b = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    put = data.draw(st.sampled_from(("", *FRAGMENTS)))
    roundup = parsed(data.draw(st.sampled_from((text[:a] + put + text[b:], text[:b] + put + text[a:]))))
    if roundup is not None:
        check(roundup)


def test_a_title_of_json_is_read_as_json() -> None:
    """Escaped letters and marks of a title are the letters and marks that they stand for."""
    matter = {"title": 'Interview with Zo\u00eb "JJ" Doe', "author": "Max Roe"}
    asked = "".join(
        f"**Why do you row, number {n}?**\n\nI row since my sister does, and we like it.\n\n" for n in range(4)
    )
    rows = parse_text(f"{json.dumps(matter, indent=2)}\n\n{asked}", format="md").rows
    assert {row.speaker for row in rows} == {'Zoë "JJ" Doe'}


@given(st.text(alphabet="ab1 _-'’.,\n/é字", max_size=40))
@example("it's a well-known - and -so-called- rock'n'roll--band")
def test_words_are_counted_as_a_reader_would(text: str) -> None:
    letters = text.replace("字", " 字 ")
    pieces = "".join(c if c.isalnum() or c in "-'’" else " " for c in letters)
    # a hyphen or an apostrophe joins what stands right before and right behind it
    joins = [
        i
        for i, c in enumerate(pieces)
        if c in "-'’" and pieces[i - 1 : i].isalnum() and pieces[i + 1 : i + 2].isalnum()
    ]
    marked = "".join("_" if i in set(joins) else c if c.isalnum() else " " for i, c in enumerate(pieces))
    assert count_words(text) == len(marked.split())

"""What the markup says: a text as a flat list of blocks that know their place in it.

Markdown and plain text go one way: html and docx are turned into Markdown first, so that every layout looks at one kind of block.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

Span = tuple[int, int]

_LINE_END = re.compile(r"\r\n?|\n")
#: the head of a Markdown file; its first line must look like an entry, else the rule above it is a rule
_FRONT_MATTER = re.compile(
    r"\A(?:---[ \t]*\r?\n(?=[ \t]*(?:\r?\n[ \t]*)*(?:#|[\w\"'-][\w \"'.-]*:))(?:.*\r?\n)*?---"
    r"|\+\+\+[ \t]*\r?\n(?:.*\r?\n)*?\+\+\+)[ \t]*(?:\r?\n|\Z)"
)
#: how an object of JSON begins and ends at the head of a file, and characters of the longest
_OPENING_BRACE, _CLOSING_BRACE = re.compile(r"\{[ \t]*\r?\n[ \t]*\""), re.compile(r"^\}[ \t]*(?:\r?\n|\Z)", re.M)
_LONGEST_HEAD = 20_000
#: a line of signs that parts what stands above it from what stands below, what it begins with, and its length
DIVIDER = re.compile(r"(?m)[ \t]*\\?(?:[=*~•·◆★☆#_+–—-][ \t]?){1,90}\r?$")
_RULING, _LONGEST_RULE = frozenset("\\=*~•·◆★☆#_+–—-"), 100
#: a heading without the blank behind its marks; one mark alone opens a tag of a social network
_TIGHT_HEADING = re.compile(r"(?P<marks>#{2,6})(?=[^\W_]|[*_\[“«\"¿¡])")
#: boxes beside the text, as several site generators write them
_BOX_START = re.compile(r"=[A-Z_]+_START=|:::\s*\w")
_BOX_END = re.compile(r"=[A-Z_]+_END=|^\s*:::\s*$", re.M)
#: what opens a line that is more than running text
MARKUP_LINE = re.compile(
    r"""(?x)
    [ \t] | [>|<`~] | \#{1,6}(?:[ \t]|$) | =+[ \t]*$ | [-*+](?:[ \t]|$) | ([-_*])(?:[ \t]*\1){2,}+[ \t]*$
    | \d{1,9}[.)](?:[ \t]|$) | \[[^\]\n]{1,200}\]: | [|:-][-|: \t]*$
    """
)
_RULE = re.compile(r"([-_*])(?:[ \t]*\1){2,}[ \t]*$")
#: constructs that a blank line does not end
_LONG = re.compile(r"(?i)```|~~~|<!--|<\?|<!\[|<![a-z]|</?(?:pre|script|style|textarea)\b")


# not frozen: a text may have them by the hundred thousand, and frozen ones take three times as long to make
@dataclass(slots=True)
class Block:
    """A leaf of the document: a heading, a paragraph, a table row."""

    kind: str  #: heading, paragraph, row, code, rule, show (pictures, comments, template tags) or meta (front matter)
    start: int  #: of the whole block in the text, prefixes included
    end: int
    lines: tuple[Span, ...]  #: its content line by line, without "> ", "- ", "# "
    level: int = 0  #: of a heading, 1 to 6
    quote: int = -1  #: number of the block quote (or aside) it lies in, -1 outside
    item: int = -1  #: number of the list item it lies in, -1 outside
    table: int = -1  #: number of the table it is a row of

    @property
    def is_text(self) -> bool:
        """Whether somebody may be speaking here."""
        return self.kind in ("paragraph", "heading", "row")

    @property
    def span(self) -> Span:
        """From the first to the last character of its content."""
        return (self.lines[0][0], self.lines[-1][1]) if self.lines else (self.start, self.end)


def parse_blocks(text: str) -> tuple[Block, ...]:
    r"""Cut `text` into blocks in page order; what lies between two blocks is blank or markup.

    Examples
    --------
    >>> [(b.kind, b.quote) for b in parse_blocks("# Q\n\n> yes\n\n- Jane")]
    [('heading', -1), ('paragraph', 0), ('paragraph', -1)]
    """
    blocks: list[Block] = []
    for block in _without_boxes(text):
        if block.kind == "paragraph" and text[block.lines[0][0]] in _RULING:
            blocks += [replace(block, kind="rule")] if _is_drawn(text, block) else _headed(text, block)
        else:
            blocks.append(block)
    return tuple(blocks)


def _is_drawn(text: str, block: Block) -> bool:
    """Whether a paragraph is a rule drawn with signs: a line of ===== or • • •."""
    is_line = len(block.lines) == 1 and block.end - block.start <= _LONGEST_RULE
    return is_line and DIVIDER.fullmatch(text, *block.lines[0]) is not None


def _headed(text: str, block: Block) -> list[Block]:
    """The paragraph; a heading and what stands below it where a first line opens like "##Jane Doe", as older converters read it."""
    headings: list[Block] = []
    begin = block.start
    for number, (start, end) in enumerate(block.lines):
        opening = _TIGHT_HEADING.match(text, start, end)
        if opening is None:
            below = replace(block, start=begin, lines=block.lines[number:])
            return [*headings, below] if headings else [block]
        marks_end, words_end = opening.end("marks"), start + len(text[start:end].rstrip("# \t"))
        level = marks_end - start
        headings.append(
            replace(block, kind="heading", start=begin, end=end, lines=((marks_end, words_end),), level=level)
        )
        begin = block.lines[number + 1][0] if number + 1 < len(block.lines) else end
    return headings


def front_matter(text: str) -> str:
    """The YAML, TOML or JSON head of a Markdown file, "" if there is none."""
    head = _FRONT_MATTER.match(text)
    return head.group() if head else _json_head(text)


def _json_head(text: str) -> str:
    """The object of JSON that a file begins with, its closing brace on a line of its own."""
    closing = _CLOSING_BRACE.search(text, 0, _LONGEST_HEAD) if _OPENING_BRACE.match(text) else None
    if closing is None:
        return ""
    try:
        json.loads(text[: closing.end()])
    except (ValueError, RecursionError):
        return ""
    return text[: closing.end()]


def content(text: str, block: Block) -> str:
    """The block's text without its prefixes, lines joined by a line feed."""
    if len(block.lines) == 1:
        start, end = block.lines[0]
        return text[start:end]
    return "\n".join(text[start:end] for start, end in block.lines)


def without_prefixes(piece: str) -> str:
    """`piece` of the text without the "> " that opens its lines."""
    if ">" not in piece:
        return piece
    return re.sub(r"(?m)^[ \t]*(?:>[ \t]?)+", "", piece)


def _cut(text: str) -> Iterator[Block]:
    """Running text is cut here, everything else by the Markdown parser, a run of lines at a time."""
    from expert_roundup.parsing.markdown_blocks import MarkdownCutter, plain_kind

    starts, ends = _line_spans(text)
    cutter = MarkdownCutter(text, starts, ends)
    line = 0
    if head := front_matter(text):
        yield Block("meta", 0, len(head), ((0, len(head)),))
        line = next((i for i, start in enumerate(starts) if start >= len(head)), len(starts))
    run: tuple[int, int] | None = None
    for top, bottom, is_plain in _chunks(text, starts, ends, line):
        kind = "paragraph" if is_plain else plain_kind(text, starts, ends, top, bottom)
        if not kind:
            run = (run[0] if run else top, bottom)
            continue
        if run:
            yield from cutter.cut(*run)
            run = None
        yield from cutter.plain(kind, top, bottom)
    if run:
        yield from cutter.cut(*run)


def _chunks(text: str, starts: list[int], ends: list[int], line: int) -> Iterator[tuple[int, int, bool]]:
    """Runs of lines between blank ones, and whether each is running text and nothing else."""
    n = len(starts)
    while line < n:
        if not text[starts[line] : ends[line]].strip(" \t"):
            line += 1
            continue
        top, is_plain = line, True
        if _RULE.match(text, starts[line], ends[line]):
            # a rule that opens a chunk stands for itself
            line += 1
            yield top, line, False
            continue
        while line < n and text[starts[line] : ends[line]].strip(" \t"):
            is_plain = is_plain and MARKUP_LINE.match(text, starts[line], ends[line]) is None
            line += 1
        if not is_plain and _is_long(text[starts[top] : ends[line - 1]]):
            yield top, n, False
            return
        yield top, line, is_plain


def _is_long(chunk: str) -> bool:
    """Whether something begins in `chunk` that may go on behind a blank line."""
    if "```" not in chunk and "~~~" not in chunk and "<" not in chunk:
        return False
    return _LONG.search(_without_closed_comments(chunk)) is not None


def _without_closed_comments(chunk: str) -> str:
    kept, cursor = [], 0
    while (start := chunk.find("<!--", cursor)) >= 0 and (end := chunk.find("-->", start)) >= 0:
        kept.append(chunk[cursor:start])
        cursor = end + 3
    return "".join([*kept, chunk[cursor:]])


def _without_boxes(text: str) -> Iterator[Block]:
    """The blocks, those inside a box of side matter (=TEXTBOX_START= … =TEXTBOX_END=, ::: … :::) as kind "show"."""
    boxed = False
    for block in _cut(text):
        if not boxed and text[block.start : block.start + 1] in ("=", ":"):
            boxed = _BOX_START.match(text, block.start, block.end) is not None
        yield replace(block, kind="show") if boxed else block
        if boxed:
            boxed = _BOX_END.search(text, block.start, block.end) is None


def _line_spans(text: str) -> tuple[list[int], list[int]]:
    starts, ends = [0], []
    for match in _LINE_END.finditer(text):
        ends.append(match.start())
        starts.append(match.end())
    ends.append(len(text))
    return starts, ends

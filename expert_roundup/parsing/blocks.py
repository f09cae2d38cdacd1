"""What the markup says: a text as a flat list of blocks that know their place in it.

Markdown and plain text go one way: html and docx are turned into Markdown first, so that every layout looks at one kind of block.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

Span = tuple[int, int]

#: what opens a line inside a block quote, a list item or a heading, before its content
_QUOTE_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?)+")
_ITEM_PREFIX = re.compile(r"[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_HEADING_PREFIX = re.compile(r"[ \t]*#{1,6}(?=[ \t]|$)[ \t]*")
_HEADING_SUFFIX = re.compile(r"[ \t]+#+[ \t]*$|[ \t]+$")
_LINE_END = re.compile(r"\r\n?|\n")
_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\r?\n.*?\r?\n\1[ \t]*(?:\r?\n|\Z)", re.S)
#: a block that shows or steers and says nothing: pictures, comments, template tags, page marks such as =IMAGE=a.jpg=
_SHOW = re.compile(
    r"""(?sx)\s*(?:
        (?: !\[[^\]]*\]\s*(?:\([^)]*\)|\[[^\]]*\]) | \[\s*!\[[^\]]*\]\([^)]*\)\s*\](?:\([^)]*\)|\[[^\]]*\])
          | <!--.*?--> | <img\b[^>]*> | \{%.*?%\} | \{\{.*?\}\} | </?(?:a|p|div|center|br|hr|figure|picture|span)\b[^>]*>
        )\s*
      | =[A-Z_]{3,}=?.*?=\s*(?:$|(?=\n))
    )+(?:\*[^*\n]+\*|_[^_\n]+_)?\s*"""
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>|<!--.*?-->", re.S)
_BLOCK_TAGS = frozenset(
    "blockquote aside div p li ul ol section article figure figcaption table tr td th thead tbody header footer "
    "h1 h2 h3 h4 h5 h6 details summary center cite hr dl dt dd main".split()
)
#: boxes beside the text, as several site generators write them
_BOX_START = re.compile(r"=[A-Z_]+_START=|:::\s*\w")
_BOX_END = re.compile(r"=[A-Z_]+_END=|^\s*:::\s*$", re.M)
_QUOTING_TAGS = frozenset({"blockquote", "aside"})


@dataclass(frozen=True, slots=True)
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


def parse_blocks(text: str) -> tuple[Block, ...]:
    """Cut `text` into blocks in page order; what lies between two blocks is blank or markup.

    Examples
    --------
    >>> [(b.kind, b.quote) for b in parse_blocks("# Q\\n\\n> yes\\n\\n- Jane")]
    [('heading', -1), ('paragraph', 0), ('paragraph', -1)]
    """
    starts, ends = _line_spans(text)
    blocks: list[Block] = []
    first_line = 0
    if head := _FRONT_MATTER.match(text):
        blocks.append(Block("meta", 0, head.end(), ((0, head.end()),)))
        first_line = bisect_right(starts, head.end() - 1) if head.end() < len(text) else len(starts)
    body = text[starts[first_line] :] if first_line < len(starts) else ""
    blocks.extend(_markdown_blocks(text, body, first_line, starts, ends))
    return tuple(_without_boxes(text, blocks))


def _without_boxes(text: str, blocks: list[Block]) -> Iterator[Block]:
    """The blocks, those inside a box of side matter (=TEXTBOX_START= … =TEXTBOX_END=, ::: … :::) as kind "show"."""
    boxed = False
    for block in blocks:
        if not boxed and text[block.start : block.start + 1] in ("=", ":"):
            boxed = _BOX_START.match(text, block.start, block.end) is not None
        yield replace(block, kind="show") if boxed else block
        if boxed:
            boxed = _BOX_END.search(text, block.start, block.end) is None


def front_matter(text: str) -> str:
    """The YAML or TOML head of a Markdown file, "" if there is none."""
    head = _FRONT_MATTER.match(text)
    return head.group() if head else ""


def content(text: str, block: Block) -> str:
    """The block's text without its prefixes, lines joined by a line feed."""
    if len(block.lines) == 1:
        start, end = block.lines[0]
        return text[start:end]
    return "\n".join(text[start:end] for start, end in block.lines)


def place(block: Block, position: int) -> int:
    """Where in the text the character at `position` of the block's `content` stands."""
    for start, end in block.lines:
        if position <= end - start:
            return start + position
        position -= end - start + 1
    return block.lines[-1][1] if block.lines else block.end


def without_prefixes(piece: str) -> str:
    """`piece` of the text without the "> " that opens its lines."""
    if ">" not in piece:
        return piece
    return re.sub(r"(?m)^[ \t]*(?:>[ \t]?)+", "", piece)


def _line_spans(text: str) -> tuple[list[int], list[int]]:
    starts, ends = [0], []
    for match in _LINE_END.finditer(text):
        ends.append(match.start())
        starts.append(match.end())
    ends.append(len(text))
    return starts, ends


@functools.cache
def _block_parser() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable("code")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _markdown_blocks(text: str, body: str, first: int, starts: list[int], ends: list[int]) -> Iterator[Block]:
    """Flatten markdown-it's tokens; they name lines, `starts` and `ends` turn lines into offsets."""
    quotes: list[int] = []
    items: list[int] = []
    html: list[str] = []  # block-level tags that raw HTML left open
    n_quotes = n_items = n_tables = html_quote = 0
    item_line = -1
    table = -1
    for token in _block_parser().parse(body):
        kind = token.type
        if kind == "blockquote_open":
            quotes.append(n_quotes)
            n_quotes += 1
        elif kind == "blockquote_close":
            quotes.pop()
        elif kind == "list_item_open":
            items.append(n_items)
            n_items += 1
            item_line = token.map[0] + first
        elif kind == "list_item_close":
            items.pop()
        elif kind == "table_open":
            table = n_tables
            n_tables += 1
        elif kind == "table_close":
            table = -1
        elif token.map is None or kind in ("bullet_list_open", "ordered_list_open", "thead_open", "tbody_open", "inline"):
            continue
        else:
            top, bottom = token.map[0] + first, token.map[1] + first
            if kind == "html_block":
                if not any(tag in _QUOTING_TAGS for tag in html):
                    html_quote = n_quotes
                    n_quotes += 1
                context = (items[0] if items else -1, html_quote)
                yield from _html_blocks(text, starts[top], ends[bottom - 1], html, context)
                continue
            quote = quotes[0] if quotes else html_quote if any(tag in _QUOTING_TAGS for tag in html) else -1
            lines = _content_lines(text, top, bottom, starts, ends, bool(quotes), item_line)
            block = _leaf(text, kind, token, lines, (starts[top], ends[bottom - 1]), quote, items, table)
            if block is not None:
                yield block


def _leaf(
    text: str, kind: str, token: Any, lines: tuple[Span, ...], span: Span, quote: int, items: list[int], table: int
) -> Block | None:
    item = items[0] if items else -1
    if kind == "heading_open":
        shown = lines if token.markup.startswith("#") else lines[:-1]
        return Block("heading", *span, _heading_lines(text, shown), level=int(token.tag[1]), quote=quote, item=item)
    if kind == "paragraph_open":
        if not lines:
            return None
        shows = _SHOW.fullmatch(text, lines[0][0], lines[-1][1]) is not None if _may_show(text, lines[0][0]) else False
        return Block("show" if shows else "paragraph", *span, lines, quote=quote, item=item)
    if kind == "tr_open":
        return Block("row", *span, lines, quote=quote, item=item, table=table)
    if kind in ("fence", "code_block"):
        return Block("code", *span, lines, quote=quote, item=item)
    if kind == "hr":
        return Block("rule", *span, lines, quote=quote, item=item)
    return None


def _may_show(text: str, start: int) -> bool:
    """A cheap look before the long pattern: blocks that show begin with one of these."""
    return text[start : start + 1] in "![<{="


def _content_lines(
    text: str, top: int, bottom: int, starts: list[int], ends: list[int], is_quoted: bool, item_line: int
) -> tuple[Span, ...]:
    lines = []
    for line in range(top, bottom):
        start, end = starts[line], ends[line]
        if is_quoted and (prefix := _QUOTE_PREFIX.match(text, start, end)):
            start = prefix.end()
        while line == item_line and (prefix := _ITEM_PREFIX.match(text, start, end)):
            start = prefix.end()
            if is_quoted and (prefix := _QUOTE_PREFIX.match(text, start, end)):
                start = prefix.end()
        while start < end and text[start] in " \t":
            start += 1
        while end > start and text[end - 1] in " \t\\":
            end -= 1
        if start < end:
            lines.append((start, end))
    return tuple(lines)


def _heading_lines(text: str, lines: tuple[Span, ...]) -> tuple[Span, ...]:
    shown = []
    for start, end in lines:
        if prefix := _HEADING_PREFIX.match(text, start, end):
            start = prefix.end()
        if suffix := _HEADING_SUFFIX.search(text, start, end):
            end = suffix.start()
        shown.append((start, max(start, end)))
    return tuple(shown)


def _html_blocks(text: str, start: int, end: int, stack: list[str], context: tuple[int, int]) -> Iterator[Block]:
    """Raw HTML in Markdown: the text between block-level tags, each piece a block; `stack` keeps what stays open."""
    item, number = context
    cursor, heading = start, 0
    for tag in _TAG.finditer(text, start, end):
        name = (tag[2] or "").lower()
        if tag[2] and name not in _BLOCK_TAGS:
            continue
        yield from _html_leaf(text, cursor, tag.start(), stack, item, number, heading)
        cursor = tag.end()
        if not name or name == "hr":
            yield Block("show" if not name else "rule", tag.start(), tag.end(), ())
        elif tag[1]:
            if name in stack:
                while stack.pop() != name:
                    pass
            heading = 0
        else:
            # a paragraph or list item that nobody closed ends where the next one begins
            if stack and stack[-1] == name and name in ("p", "li"):
                stack.pop()
            stack.append(name)
            heading = int(name[1]) if name[0] == "h" and name[1:].isdigit() else 0
    yield from _html_leaf(text, cursor, end, stack, item, number, heading)


def _html_leaf(
    text: str, start: int, end: int, stack: list[str], item: int, number: int, heading: int
) -> Iterator[Block]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start >= end:
        return
    lines = tuple(
        (start + match.start(), start + match.end()) for match in re.finditer(r"[^\s\r\n][^\r\n]*", text[start:end])
    )
    quote = number if any(tag in _QUOTING_TAGS for tag in stack) else -1
    if heading:
        yield Block("heading", start, end, lines, level=heading, quote=quote, item=item)
        return
    shows = "figure" in stack or _may_show(text, start) and _SHOW.fullmatch(text, start, end) is not None
    yield Block("show" if shows else "paragraph", start, end, lines, quote=quote, item=item)

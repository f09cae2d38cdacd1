"""Markdown into blocks: markdown-it names the lines of headings, quotes, lists and tables; raw HTML is cut by its tags."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any

from expert_roundup.parsing.blocks import MARKUP_LINE, Block, Span
from expert_roundup.parsing.raw_html import RawHtml, is_show

#: what opens a line inside a block quote, a list item or a heading, before its content
_QUOTE_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?)+")
_ITEM_PREFIX = re.compile(r"[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_HEADING_PREFIX = re.compile(r"[ \t]*#{1,6}(?=[ \t]|$)[ \t]*")
_HEADING_SUFFIX = re.compile(r"(?<![ \t#])[ \t]+#*[ \t]*$")
#: the row below a table's head; a pipe that is not escaped; what begins another block
_DELIMITERS = re.compile(r"[ \t]{0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_PIPE = re.compile(r"(?<!\\)\|")
_NO_ROW = re.compile(
    r"[ \t]{4}|[ \t]{0,3}(?:[>#<]|[-*+][ \t]|\d{1,9}[.)][ \t]|```|~~~|\[|([-_*])(?:[ \t]*\1){2,}[ \t]*$)"
)
_PLAIN_HEADING = re.compile(r"#{1,6} [^\s#][^\n]*")
#: an item of a list at the margin; the lines behind it up to one that says something
_PLAIN_ITEM = re.compile(r"(?:(?P<mark>[-*+])|\d{1,9}(?P<mark_>[.)])) {1,4}(?=[^ \t\r\n])")
#: a line of a block quote at the margin, with words or without
_PLAIN_QUOTE = re.compile(r">(?: (?=[^ \t])|(?=[^ \t>])|[ \t]*$)")
_NEXT_LINE = re.compile(r"(?:[ \t]*(?:\r\n?|\n))+[ \t]?")
#: quotes in quotes in quotes
_DEEP_QUOTE = re.compile(r"(?m)^([ \t]{0,3}>[ \t]?>)(?:[ \t]?>)+")
_BLANKS = " \t\u3000"


class MarkdownCutter:
    """Cuts runs of lines of one text into blocks; counts quotes, items and tables over all of them."""

    def __init__(self, text: str, starts: list[int], ends: list[int]) -> None:
        self.text, self.starts, self.ends = text, starts, ends
        self.html = RawHtml(text)
        self.n_quotes = self.n_items = self.n_tables = 0
        self.quotes: list[int] = []
        self.items: list[int] = []
        self.item_line = self.table = -1

    def plain(self, kind: str, top: int, bottom: int) -> Iterable[Block]:
        """Lines `top` to `bottom` as what `plain_kind` found them to be."""
        if kind == "paragraph":
            return self.paragraph(top, bottom)
        if kind == "heading":
            span = (self.starts[top], self.ends[top])
            level = self.text[span[0] : span[0] + 7].lstrip(" ").find(" ")
            shown = self._heading_lines(self._content_lines(top, bottom))
            return (Block("heading", *span, shown, level=level, quote=self.quote),)
        return {"table": self.rows, "list": self.entries, "quote": self.quoted}[kind](top, bottom)

    def paragraph(self, top: int, bottom: int) -> Iterable[Block]:
        """Lines `top` to `bottom` as one paragraph of running text."""
        lines = self._content_lines(top, bottom)
        return self._shown_or_said(lines, (self.starts[top], self.ends[bottom - 1])) if lines else ()

    def quoted(self, top: int, bottom: int) -> Iterator[Block]:
        """Lines `top` to `bottom` as a block quote whose paragraphs lines without words part."""
        self.quotes = [self._next_quote()]
        first = top
        for line in range(top, bottom + 1):
            if line == bottom or not self.text[self.starts[line] + 1 : self.ends[line]].strip(" \t"):
                if first < line:
                    yield from self.paragraph(first, line)
                first = line + 1
        self.quotes = []

    def entries(self, top: int, bottom: int) -> Iterator[Block]:
        """Lines `top` to `bottom` as list items of one line each."""
        for self.item_line in range(top, bottom):
            self.items = [self.n_items]
            self.n_items += 1
            yield from self.paragraph(self.item_line, self.item_line + 1)
        self.items = []

    def rows(self, top: int, bottom: int) -> Iterator[Block]:
        """Lines `top` to `bottom` as the rows of a table, without the second one, which draws a line."""
        for line in range(top, bottom):
            if line != top + 1:
                span = (self.starts[line], self.ends[line])
                yield Block("row", *span, self._content_lines(line, line + 1), quote=self.quote, table=self.n_tables)
        self.n_tables += 1

    def cut(self, top: int, bottom: int) -> Iterator[Block]:
        """The blocks of lines `top` to `bottom`."""
        body = self.text[self.starts[top] : self.ends[bottom - 1]]
        if ">" in body:
            # nobody follows deeper quotes, and each level costs the parser a pass
            body = _DEEP_QUOTE.sub(r"\1", body)
        for token in _block_parser().parse(body):
            if token.map is not None and token.type not in _NO_LEAF:
                yield from self._leaf(token, token.map[0] + top, token.map[1] + top)
            else:
                self._enter_or_leave(token, top)

    def _enter_or_leave(self, token: Any, first: int) -> None:
        kind = token.type
        if kind == "blockquote_open":
            self.quotes.append(self.n_quotes)
            self.n_quotes += 1
        elif kind == "list_item_open":
            self.items.append(self.n_items)
            self.n_items += 1
            self.item_line = token.map[0] + first
        elif kind == "table_open":
            self.table = self.n_tables
            self.n_tables += 1
        elif kind == "blockquote_close":
            self.quotes.pop()
        elif kind == "list_item_close":
            self.items.pop()
        elif kind == "table_close":
            self.table = -1

    @property
    def quote(self) -> int:
        """Number of the outermost quote that is open, -1 if none is."""
        return self.quotes[0] if self.quotes else self.html.quote

    @property
    def item(self) -> int:
        """Number of the outermost list item that is open, -1 if none is."""
        return self.items[0] if self.items else -1

    def _leaf(self, token: Any, top: int, bottom: int) -> Iterator[Block]:
        span = (self.starts[top], self.ends[bottom - 1])
        kind = token.type
        if kind == "html_block":
            yield from self.html.cut(span, self.item, self._next_quote)
            return
        lines = self._content_lines(top, bottom)
        if kind == "heading_open":
            shown = lines if token.markup.startswith("#") else lines[:-1]
            shown = self._heading_lines(shown)
            yield Block("heading", *span, shown, level=int(token.tag[1]), quote=self.quote, item=self.item)
        elif kind == "paragraph_open" and lines:
            yield from self._shown_or_said(lines, span)
        elif kind == "tr_open":
            yield Block("row", *span, lines, quote=self.quote, item=self.item, table=self.table)
        elif kind in ("fence", "code_block", "hr"):
            yield Block("rule" if kind == "hr" else "code", *span, lines, quote=self.quote, item=self.item)

    def _next_quote(self) -> int:
        self.n_quotes += 1
        return self.n_quotes - 1

    def _shown_or_said(self, lines: tuple[Span, ...], span: Span) -> Iterable[Block]:
        if self.html.n_quoting and self.text.find("</", *span) >= 0:
            # a blank line in raw HTML makes a paragraph of what closes its block quote
            return self.html.cut(span, self.item, self._next_quote)
        kind = "show" if is_show(self.text, lines[0][0], lines[-1][1]) else "paragraph"
        return (Block(kind, *span, lines, quote=self.quote, item=self.item),)

    def _content_lines(self, top: int, bottom: int) -> tuple[Span, ...]:
        text, is_quoted = self.text, bool(self.quotes)
        lines = []
        for line in range(top, bottom):
            start, end = self.starts[line], self.ends[line]
            if is_quoted and (prefix := _QUOTE_PREFIX.match(text, start, end)):
                start = prefix.end()
            while line == self.item_line and (prefix := _ITEM_PREFIX.match(text, start, end)):
                start = prefix.end()
                if is_quoted and (prefix := _QUOTE_PREFIX.match(text, start, end)):
                    start = prefix.end()
            while start < end and text[start] in _BLANKS:
                start += 1
            while end > start and text[end - 1] in " \t\u3000\\":
                end -= 1
            if start < end:
                lines.append((start, end))
        return tuple(lines)

    def _heading_lines(self, lines: tuple[Span, ...]) -> tuple[Span, ...]:
        shown = []
        for start, end in lines:
            if prefix := _HEADING_PREFIX.match(self.text, start, end):
                start = prefix.end()
            if suffix := _HEADING_SUFFIX.search(self.text, start, end):
                end = suffix.start()
            shown.append((start, max(start, end)))
        return tuple(shown)


def plain_kind(text: str, starts: list[int], ends: list[int], top: int, bottom: int) -> str:
    """What lines between blanks are that nothing else is mixed into: heading, list, quote, table, or "" for the parser to say."""
    if bottom - top == 1 and _PLAIN_HEADING.fullmatch(text, starts[top], ends[top]):
        return "heading"
    if _is_plain_list(text, starts, ends, top, bottom):
        return "list"
    if _is_plain_quote(text, starts, ends, top, bottom):
        return "quote"
    return "table" if _is_plain_table(text, starts, ends, top, bottom) else ""


def _is_plain_list(text: str, starts: list[int], ends: list[int], top: int, bottom: int) -> bool:
    """Whether lines `top` to `bottom` are items of one list with a line of running text each, and nothing below is part of them."""
    markers = set()
    for line in range(top, bottom):
        item = _PLAIN_ITEM.match(text, starts[line], ends[line])
        if item is None or MARKUP_LINE.match(text, item.end(), ends[line]):
            return False
        markers.add(item["mark"] or item["mark_"])
    below = _NEXT_LINE.match(text, ends[bottom - 1])
    return len(markers) == 1 and (below is None or not below.group().endswith((" ", "\t")))


def _is_plain_quote(text: str, starts: list[int], ends: list[int], top: int, bottom: int) -> bool:
    """Whether lines `top` to `bottom` are a block quote of running text."""
    for line in range(top, bottom):
        prefix = _PLAIN_QUOTE.match(text, starts[line], ends[line])
        if prefix is None or (prefix.end() < ends[line] and MARKUP_LINE.match(text, prefix.end(), ends[line])):
            return False
    return True


def _is_plain_table(text: str, starts: list[int], ends: list[int], top: int, bottom: int) -> bool:
    """Whether lines `top` to `bottom` are a table and nothing else, in no list or quote."""
    if bottom - top < 2 or not _DELIMITERS.fullmatch(text, starts[top + 1], ends[top + 1]):
        return False
    head, line = (text[starts[row] : ends[row]].strip(" \t") for row in (top, top + 1))
    if "|" not in head or "|" not in line or _n_columns(head) != _n_columns(line):
        return False
    return all(_NO_ROW.match(text, starts[row], ends[row]) is None for row in range(top, bottom) if row != top + 1)


def _n_columns(row: str) -> int:
    return len(_PIPE.findall(row.removeprefix("|"))) + (not row.endswith("|") or row.endswith("\\|"))


_NO_LEAF = frozenset(
    [
        "bullet_list_open",
        "ordered_list_open",
        "list_item_open",
        "blockquote_open",
        "table_open",
        "thead_open",
        "tbody_open",
        "inline",
    ]
)


@functools.cache
def _block_parser() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable("code")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser

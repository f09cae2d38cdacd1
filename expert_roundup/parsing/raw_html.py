"""Raw HTML inside Markdown: the text between block-level tags, each piece a block."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from expert_roundup.parsing.blocks import Block, Span

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>|<!--")
_BLOCK_TAGS = frozenset(
    [
        "blockquote",
        "aside",
        "div",
        "p",
        "li",
        "ul",
        "ol",
        "section",
        "article",
        "figure",
        "figcaption",
        "table",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "header",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "details",
        "summary",
        "center",
        "cite",
        "hr",
        "dl",
        "dt",
        "dd",
        "main",
    ]
)
_QUOTING_TAGS = frozenset({"blockquote", "aside"})
#: characters of white space before a credit
_LONGEST_GAP = 200
#: what holds a whole credit
_CREDITING = frozenset({"small", "footer", "figcaption"})
#: tags that a page leaves open: the next one of the kind closes them
_UNCLOSED = frozenset({"p", "li", "td", "tr", "th", "dt", "dd"})
#: characters of the longest heading, and of the longest that asks; what is longer is text that was to look large
_LONGEST_HEADING, _LONGEST_QUESTION = 300, 900
#: a question at the end, a remark in brackets behind it
_ASKING = re.compile(r"[?？؟][\"'”’»)*_]*\s*(?:\([^()]*\)\.?)?\s*$")
#: deeper than this nobody nests; what is open beyond it is forgotten
_DEEPEST = 200
_LINE = re.compile(r"[^\s\r\n][^\r\n]*")
#: pieces of a block that shows or steers and says nothing: pictures, comments, template tags, =IMAGE=a.jpg=
_SHOW_PIECE = re.compile(
    r"""(?sx)\s*(?:
        !\[[^\]]*\]\s*(?:\([^)]*\)|\[[^\]]*\])
      | \[\s*!\[[^\]]*\]\([^)]*\)\s*\](?:\([^)]*\)|\[[^\]]*\])
      | <!--.*?--> | <img\b[^>]*> | \{%.*?%\} | \{\{.*?\}\}
      | </?(?:a|p|div|center|br|hr|figure|picture|source|span|iframe|video|audio)\b[^>]*>
      | =[A-Z_]{3,}=?[^\n]*=(?=\s*(?:\n|$))
    )"""
)
#: a picture or break before the words
_PICTURE = re.compile(r"\s*<(?:img|br)\b[^<>]*>\s*", re.I)
_CAPTION = re.compile(r"(?:\*[^*\n]+\*|_[^_\n]+_)?\s*")


def is_show(text: str, start: int, end: int) -> bool:
    """Whether [start, end) only shows pictures or steers the page, an emphatic caption behind them included."""
    first = text[start : start + 1]
    if first not in ("!", "[", "<", "{", "="):
        return False
    if first == "{" and text.startswith(("{%", "{{"), start) and text[max(start, end - 2) : end] in ("%}", "}}"):
        return True
    position = start
    while piece := _SHOW_PIECE.match(text, position, end):
        position = piece.end()
    return position > start and _CAPTION.fullmatch(text[position:end].lstrip()) is not None


def is_heading(text: str) -> bool:
    """Whether a heading's text is short enough for one; interviewers set long questions as headings too."""
    return len(text) <= (_LONGEST_QUESTION if _ASKING.search(text[-_LONGEST_HEADING:]) else _LONGEST_HEADING)


class RawHtml:
    """The tags that raw HTML leaves open from one piece of a text to the next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[str] = []
        self.n_quoting = 0
        self.number = -1
        self.heading = 0

    @property
    def quote(self) -> int:
        """Number of the block quote or aside that is open, -1 if none is."""
        return self.number if self.n_quoting else -1

    def cut(self, span: Span, item: int, next_quote: Callable[[], int]) -> Iterator[Block]:
        """The blocks in `span`; `next_quote` numbers a quote that opens there."""
        cursor, end = span
        self.heading = 0
        for tag in _TAG.finditer(self.text, cursor, end):
            name = (tag[2] or "").lower()
            if tag.start() < cursor or (name and not self._parts(name, cursor, tag)):
                continue
            yield from self._leaf(cursor, tag.start(), item)
            cursor = tag.end()
            if not name:
                closed = self.text.find("-->", cursor, end)
                cursor = closed + 3 if closed >= 0 else end
                yield Block("show", tag.start(), cursor, ())
            elif name == "hr":
                yield Block("rule", tag.start(), tag.end(), ())
            elif tag[1]:
                self._close(name)
            else:
                self._open(name, next_quote)
        yield from self._leaf(cursor, end, item)

    def _parts(self, name: str, cursor: int, tag: re.Match[str]) -> bool:
        """Whether a tag parts blocks: <cite> does, but not inside a credit; <small> does where it is the credit of a quote."""
        if name == "cite":
            return _CREDITING.isdisjoint(self.stack)
        if name == "small":
            if tag[1]:
                return name in self.stack
            begin = max(cursor, tag.start() - _LONGEST_GAP)
            return self.n_quoting > 0 and cursor == begin and not self.text[cursor : tag.start()].strip()
        return name in _BLOCK_TAGS

    def _open(self, name: str, next_quote: Callable[[], int]) -> None:
        if self.stack and self.stack[-1] == name and name in _UNCLOSED:
            self.stack.pop()
        if name in _QUOTING_TAGS:
            if not self.n_quoting:
                self.number = next_quote()
            self.n_quoting += 1
        if len(self.stack) < _DEEPEST:
            self.stack.append(name)
        self.heading = int(name[1]) if name[0] == "h" and name[1:].isdigit() else 0

    def _close(self, name: str) -> None:
        if name in self.stack:
            while self.stack.pop() != name:
                pass
        if name in _QUOTING_TAGS and self.n_quoting:
            self.n_quoting -= 1
        self.heading = 0

    def _leaf(self, start: int, end: int, item: int) -> Iterator[Block]:
        text = self.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        while (picture := _PICTURE.match(text, start, end)) is not None:
            start = picture.end()
        if start >= end:
            return
        lines = tuple((match.start(), match.end()) for match in _LINE.finditer(text, start, end))
        if self.heading and "figure" not in self.stack and is_heading(text[start:end]):
            yield Block("heading", start, end, lines, level=self.heading, quote=self.quote, item=item)
            return
        # a figure shows a picture, or it holds a quotation and who is credited for it
        is_figure = "figure" in self.stack and not (self.quote >= 0 or self.heading)
        shows = is_figure or is_show(text, start, end)
        yield Block("show" if shows else "paragraph", start, end, lines, quote=self.quote, item=item)

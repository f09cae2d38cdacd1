"""Running text of a page, gathered run by run: blanks collapsed, bold, italic, code and links kept."""

from __future__ import annotations

import re
from typing import NamedTuple

from expert_roundup.parsing.knowledge import words
from expert_roundup.parsing.markdown import Run
from expert_roundup.parsing.page import Element, Page, is_named

#: how a sentence goes on behind a name in scripts without blanks
_GOES_ON = (
    *("さん", "氏", "様", "君", "先生", "は", "が", "を", "に", "と", "も", "の", "说", "說", "表示", "认为", "認為", "指出", "称", "稱"),
    *("告诉", "告訴", "老师", "老師", "女士", "교수", "씨", "은", "는", "이", "가"),
)  # fmt: skip
#: words of one class that open lines, from which they are labels, and characters of the longest
_FEWEST, _LONGEST_LABEL = 3, 40
#: elements nested deeper are read as plain text
MAX_DEPTH = 120
#: white space that is not a single blank already
_WHITE = re.compile(r"[\t\r\n\f][ \t\r\n\f]*| [ \t\r\n\f]+")
_ODD_WHITE = ("\n", "  ", "\t", "\r", "\f")
_BOLD = frozenset({"b", "strong"})
_ITALIC = frozenset({"i", "em", "dfn", "var"})
_CODE = frozenset({"code", "kbd", "samp", "tt"})
#: weight and slant in a style; group 1 is their absence
_WEIGHT = re.compile(r"font-weight\s*:\s*(?:(normal|[1-5]00)|bold|[6-9]00)", re.I)
_SLANT = re.compile(r"font-style\s*:\s*(?:(normal)|italic|oblique)", re.I)
_NO_TARGET = re.compile(r"(?i)\s*(?:#|javascript:|data:|about:|$)")


class Look(NamedTuple):
    """How text looks where it stands."""

    bold: bool = False
    italic: bool = False
    code: bool = False
    href: str = ""


def look_inside(element: Element, look: Look) -> Look:
    """How text looks inside `element`, which stands where text looks like `look`."""
    tag = element.tag
    style = element.get("style") if element.attrib else None
    if tag in _BOLD or tag in _ITALIC or (style and "font-" in style):
        # an editor's export wraps whole pages in <b style="font-weight:normal">
        weight, slant = _WEIGHT.search(style or ""), _SLANT.search(style or "")
        return look._replace(
            bold=weight[1] is None if weight else look.bold or tag in _BOLD,
            italic=slant[1] is None if slant else look.italic or tag in _ITALIC,
        )
    if tag == "cite" and (element.text or "").rstrip().endswith(":"):
        return look._replace(bold=True)  # the minutes of the W3C set their speakers so
    if tag in _CODE:
        return look._replace(code=True)
    if tag == "a":
        href = element.get("href") or ""
        return look._replace(href="" if len(href) > 2_000 or _NO_TARGET.match(href) else href)
    return look


class RunningText:
    """Gathers the running text of a page; `skipped` elements say nothing."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.skipped: set[Element] = set(page.dropped)
        self._runs: list[Run] = []
        self._depth = 0
        self._block_tags = words("pages", "block_tags")

    def taken(self) -> list[Run]:
        """The runs gathered so far, which are gathered no more."""
        runs, self._runs = self._runs, []
        return runs

    def is_block(self, element: Element) -> bool:
        """Whether an element starts a new line, or holds one that does."""
        size = self.page.sizes.get(element)
        return element.tag in self._block_tags or (size is not None and size.has_blocks)

    def say(self, text: str | None, look: Look) -> None:
        """Add text of one look."""
        if not text:
            return
        if any(map(text.__contains__, _ODD_WHITE)):
            text = _WHITE.sub(" ", text)
        last = self._runs[-1].text if self._runs else "\n"
        if text[0] == " " and last[-1] in " \n":
            text = text[1:]
        if text:
            self._runs.append(Run(text, *look))

    def add_inline(self, element: Element, look: Look) -> None:
        """Add the running text of `element`, in which no block lies."""
        tag = element.tag
        if tag == "br":
            self._runs.append(Run("\n"))
            return
        if tag in ("img", "wbr") or (tag in ("sup", "a") and _is_mark(element)):
            return
        look = look_inside(element, look)
        if self._is_label(element):
            self.say("".join(element.itertext()).strip(), look._replace(bold=True))
            self.say(": ", look)
            return
        self._depth += 1
        if tag == "q":
            self.say("“", look)
        self.say(element.text, look)
        for child in element:
            if child not in self.skipped:
                if self._depth > MAX_DEPTH:
                    self.say(" ".join(child.itertext()), look)
                else:
                    self.add_inline(child, look)
            self.say(child.tail, look)
        if tag == "q":
            self.say("”", look)
        self._depth -= 1

    def _is_label(self, element: Element) -> bool:
        """Whether a few words that open a line are named for who speaks, and only their look parts them from what is said."""
        tail = element.tail or ""
        if not element.attrib or not tail or tail[0].isspace() or not (tail[0].isalnum() or tail[0] in "“„«「『"):
            return False
        if tail.startswith(_GOES_ON):
            return False
        is_opening = not self._runs or self._runs[-1].text.endswith("\n")
        size = self.page.sizes.get(element)
        is_short = size is not None and 0 < size.text <= _LONGEST_LABEL
        return is_opening and is_short and self.page.n_alike(element) >= _FEWEST and is_named(element, "credit")

    def gathered(self, element: Element) -> list[Run]:
        """The running text of `element`, its blocks on lines of their own."""
        outside, self._runs = self._runs, []
        self._gather(element, Look())
        runs, self._runs = self._runs, outside
        while runs and not runs[-1].text.strip():
            runs.pop()
        return runs

    def _gather(self, element: Element, look: Look) -> None:
        self._depth += 1
        self.say(element.text, look)
        for child in element:
            if child not in self.skipped:
                if self._depth > MAX_DEPTH:
                    self.say(" ".join(child.itertext()), look)
                elif self.is_block(child):
                    self._part()
                    self._gather(child, look_inside(child, look))
                    self._part()
                else:
                    self.add_inline(child, look)
            self.say(child.tail, look)
        self._depth -= 1

    def _part(self) -> None:
        if self._runs and self._runs[-1].text[-1] != "\n":
            self._runs.append(Run("\n"))


def _is_mark(element: Element) -> bool:
    """Whether an element is a footnote's number or a heading's own link."""
    text = "".join(element.itertext()).strip(" \t\r\n\u200b")
    if element.tag == "a":
        return text in ("", "#", "¶", "§", "🔗", "↩", "↩︎", "^") and (element.get("href") or "#").startswith("#")
    link = next(element.iter("a"), None)
    return link is not None and len(text) <= 4 and (link.get("href") or "").startswith("#")

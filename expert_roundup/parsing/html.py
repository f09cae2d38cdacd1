"""HTML into Markdown: the page's own text, with what its markup says about who is quoted."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from expert_roundup.parsing.blocks import front_matter
from expert_roundup.parsing.boxes import Card, follows_quote, line_below
from expert_roundup.parsing.cards import (
    bold,
    credit_runs,
    find_card,
    find_credit,
    holds_quotations,
    is_question_line,
    is_speaker_line,
    signed_box,
)
from expert_roundup.parsing.html_tables import grid, has_head, menu_cells, table_rows
from expert_roundup.parsing.knowledge import known
from expert_roundup.parsing.markdown import Pen, Run, inline
from expert_roundup.parsing.names import name_likeness
from expert_roundup.parsing.page import HEADINGS, Element, Page, split_page
from expert_roundup.parsing.raw_html import is_heading
from expert_roundup.parsing.records import find_record
from expert_roundup.parsing.running_text import MAX_DEPTH, Look, RunningText, look_inside

_ORNAMENTS = frozenset('“”„‟❝❞«»"‘’❛❜「」『』')
#: how like a name the first line of a heading must be
_NAME = 0.8
#: characters of the shortest card
_SHORTEST_CARD = 8
_LEVELS = {tag: level for level, tag in enumerate(HEADINGS, start=1)}


def html_to_markdown(text: str) -> tuple[str, str]:
    r"""The main text of a page as Markdown, and the page's title ("" if it names none).

    Menus, cookie banners, sidebars, forms, scripts, hidden elements and reader comments are left out, and so are
    pictures with their captions. Block quotes, asides and cards with a credit become quotes that "— name, role" closes.

    Raises
    ------
    ValueError
        The page holds no text, or its elements are nested too deeply to be read.

    Examples
    --------
    >>> page = "<title>Tips</title><nav>Home</nav><blockquote>I start small.<cite>Jane Doe</cite></blockquote>"
    >>> html_to_markdown(page)
    ('> I start small.\n>\n> — Jane Doe\n', 'Tips')
    """
    # posts of site generators are HTML below the head that Markdown has
    head = front_matter(text)
    root = _tree(text[len(head) :])
    page = split_page(root)
    writer = _Writer(page)
    for part in (*page.standfirst, page.main):
        writer.walk(part, Look())
    return f"{head}\n{writer.pen}" if head else str(writer.pen), _title(root, page)


def _tree(text: str) -> Element:
    from lxml import etree

    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(data, parser) if data.strip() else None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise ValueError("the page's elements are nested too deeply (more than 2,000 levels)")
    if root is None:
        raise ValueError("the page holds no text")
    return root


def _title(root: Element, page: Page) -> str:
    """The page's title without its site's name, where the page shows it as its one top heading."""
    head = " ".join((root.findtext(".//title") or "").split())
    shared = root.find(".//meta[@property='og:title']")
    shown = [" ".join("".join(h1.itertext()).split()) for h1 in page.main.iter("h1")]
    if len(shown) == 1 and shown[0] and shown[0].casefold() in head.casefold():
        return shown[0]
    return " ".join(((shared.get("content") or "") if shared is not None else "").split()) or head


@functools.cache
def _comments_heading() -> re.Pattern[str]:
    return re.compile("|".join(known("pages")["comments_headings"]), re.I)


class _Writer(RunningText):
    """Walks a page and writes it block by block."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.pen = Pen()
        self._is_over = False
        self._is_in_card = False
        self._whole = page.sizes[page.main].text

    def walk(self, element: Element, look: Look) -> None:
        """Write what `element` holds: paragraphs of its running text, and the blocks between them."""
        self._depth += 1
        self.say(element.text, look)
        for child in element:
            if self._is_over:
                break
            if child not in self.skipped:
                if self._depth > MAX_DEPTH:
                    self.say(" ".join(child.itertext()), look)
                elif self.is_block(child):
                    self.flush()
                    self._block(child, look)
                    self.flush()
                else:
                    self.add_inline(child, look)
            self.say(child.tail, look)
        self._depth -= 1
        if self._depth == 0:
            self.flush()

    def flush(self) -> None:
        """Write the running text gathered so far as a paragraph."""
        runs = self.taken()
        if runs and not self._is_over and not (self._is_in_card and _is_ornament(runs)):
            self.pen.paragraph(runs)

    def _block(self, element: Element, look: Look) -> None:
        tag = element.tag
        if tag in HEADINGS:
            self._heading(element)
        elif tag in _BLOCKS:
            _BLOCKS[tag](self, element, look)
        elif element.attrib and (is_speaker_line(element, self.page) or is_question_line(element, self.page)):
            self.pen.paragraph(bold(self.gathered(element)))
        elif (card := self._found_card(element)) is not None:
            self._card(element, card, look)
        else:
            self.walk(element, look_inside(element, look))

    def _heading(self, element: Element) -> None:
        if follows_quote(element, self.skipped):
            below = line_below(element, self.page, self.skipped)
            self.skipped |= set(below)
            self._credit((element, *below))
            return
        runs = self.gathered(element)
        lines = [line.strip() for line in "".join(run.text for run in runs).split("\n")]
        if len(lines) > 1 and name_likeness(lines[0]) >= _NAME:
            # a name, and below it what the person is
            runs = [run._replace(text=", ") if run.text == "\n" else run for run in runs]
        text = " ".join(" ".join(lines).split())
        if self.pen.length > 0.4 * self._whole and _comments_heading().fullmatch(text):
            # what readers wrote comes last on every page
            self._is_over = True
            return
        if is_heading(text):
            self.pen.heading(_LEVELS[element.tag], runs)
        else:
            self.pen.paragraph(runs)

    def _term(self, element: Element, _look: Look) -> None:
        self.pen.paragraph(bold(self.gathered(element)))

    def _rule(self, _element: Element, _look: Look) -> None:
        self.pen.rule()

    def _quote(self, element: Element, look: Look) -> None:
        credit = find_credit(element, self.page, self.skipped)
        if self._is_in_card and not credit:
            # the best of somebody's words, set apart among the rest of them
            self.walk(element, look)
            return
        self._quoted(credit, element, look, is_card=bool(credit))

    def _found_card(self, element: Element) -> Card | None:
        size = self.page.sizes.get(element)
        if size is None or size.text < _SHORTEST_CARD:
            return None
        card = find_card(element, self.page, self.skipped) or signed_box(element, self.page)
        if card or self._is_in_card or (record := find_record(element, self.page, self.skipped)) is None:
            return card
        return None if holds_quotations(element, self.page) else record

    def _card(self, element: Element, card: Card, look: Look) -> None:
        self.skipped |= card.rest
        if card.is_label:
            self.pen.paragraph(bold(credit_runs(self, card.credit)))
            self._walk_without(card.credit, element, look)
        elif card.is_quoted:
            self._walk_without(card.credit, element, look)
            self._credit(card.credit)
        else:
            self._quoted(card.credit, element, look, is_card=True)

    def _quoted(self, credit: Sequence[Element], element: Element, look: Look, *, is_card: bool) -> None:
        outside, self._is_in_card = self._is_in_card, is_card
        with self.pen.quote():
            self._walk_without(credit, element, look)
            self._credit(credit)
        self._is_in_card = outside

    def _walk_without(self, credit: Sequence[Element], element: Element, look: Look) -> None:
        self.skipped |= set(credit)
        self.walk(element, look)
        self.flush()
        self.skipped -= set(credit)

    def _credit(self, elements: Sequence[Element]) -> None:
        """Write "— Jane Doe, CEO" from the elements that name a speaker and their role."""
        runs = credit_runs(self, elements)
        if runs and not self._is_over:
            self.pen.paragraph([Run("— "), *runs])

    def _caption(self, element: Element, look: Look) -> None:
        """A caption credits the quote of its figure; a picture's caption goes with the picture."""
        figure = element.getparent()
        if next(element.iter("blockquote", "q"), None) is not None:
            self.walk(element, look)  # the quotation stands in the caption
        elif figure is not None and next(figure.iter("blockquote", "q"), None) is not None:
            self._credit((element,))

    def _list(self, element: Element, look: Look) -> None:
        number = 0
        for child in element:
            if child in self.skipped or self._is_over:
                continue
            number += 1
            size = self.page.sizes.get(child)
            may_head = child.tag == "li" and size is not None and size.has_blocks
            is_section = may_head and next(child.iter(*HEADINGS), None) is not None
            if child.tag != "li" or is_section or self._found_card(child) is not None:
                # a section or a card of its own is no item of a list to whoever reads it
                self._block(child, look)
                self.flush()
                continue
            with self.pen.item(f"{number}." if element.tag == "ol" else "-"):
                self.walk(child, look)
                self.flush()

    def _preformatted(self, element: Element, _look: Look) -> None:
        text = "".join(element.itertext())
        if next(element.iter("code"), None) is None and len(text) > 0.5 * self._whole:
            # a page that is one preformatted text is a text
            for paragraph in re.split(r"\n[ \t]*\n", text):
                self.pen.paragraph([Run("\n".join(line.strip() for line in paragraph.strip().splitlines()))])
        elif text.strip():
            self.pen.code(text)

    def _table(self, element: Element, look: Look) -> None:
        rows = table_rows(element, self.page, self.skipped)
        if not rows:
            self.skipped |= menu_cells(element, self.page)
            self.walk(element, look)
            return
        is_headed = has_head(rows)
        cells = list(grid(rows, self._cell))
        if len(cells) > is_headed:
            self.pen.table(cells, has_head=is_headed)

    def _cell(self, element: Element) -> str:
        lines = inline(self.gathered(element)).split("\n")
        return "<br>".join(line.strip() for line in lines if line.strip())


def _is_ornament(runs: Sequence[Run]) -> bool:
    """Whether a paragraph is one large quotation mark beside the words, or a row of stars."""
    shown = "".join(run.text for run in runs).strip()
    return shown in _ORNAMENTS or not shown.strip("★☆⭐✩✭🌟 ")


#: tag -> how a block of that tag is written
_BLOCKS = {
    "blockquote": _Writer._quote,
    "aside": _Writer._quote,
    "ul": _Writer._list,
    "ol": _Writer._list,
    "menu": _Writer._list,
    "dir": _Writer._list,
    "table": _Writer._table,
    "pre": _Writer._preformatted,
    "hr": _Writer._rule,
    "figcaption": _Writer._caption,
    "dt": _Writer._term,
    "summary": _Writer._term,
    "legend": _Writer._term,
    "caption": _Writer._term,
}

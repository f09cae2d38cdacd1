"""Boxes: what a box of a page shows, and who speaks in it where only its shape says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from expert_roundup.parsing.page import HEADINGS, Element, Page
from expert_roundup.parsing.people import name_likeness, split_person

_OPENS_QUOTE = re.compile(r"\s*[\"“„«»「『]")
_CLOSES_QUOTE = re.compile(r"[\"”“»«」』][\s.!?…。]*$")
#: what ends a sentence, and with it a line that is no name; the dot of an initial does not
_STOP = re.compile(r"(?:(?<!\s\w)\.|[!?…。！？;])\s*$")
#: the longest line that says who somebody is, the shortest words, in characters, and how deep both may be wrapped
_LONGEST, _SHORTEST, _DEPTH = 120, 30, 6
#: parts of a box that one person's words may have
_MOST_PARTS = 60
#: boxes of one class that show a habit of the page, and the share of them that end in a name
_FEWEST, _SHARE = 3, 0.5


@dataclass(frozen=True, slots=True)
class Card:
    """A box with one person's words."""

    credit: tuple[Element, ...]  #: the elements that name the speaker and their role
    is_label: bool  #: whether they stand before words that nothing but them says to be somebody's
    is_quoted: bool  #: whether a block quote in the card holds the words
    rest: frozenset[Element] = frozenset()  #: elements that are neither: dates, categories, ornaments


def shown_within(element: Element, page: Page, skipped: set[Element]) -> list[Element]:
    """The elements within that have text."""
    return [child for child in element if child not in skipped and child in page.sizes and page.sizes[child].text]


def names_person(element: Element, *, at_least: float = 0.5) -> bool:
    """Whether the first words of `element` are like a name."""
    return name_likeness(shown_name(element)) >= at_least


def shown_name(element: Element) -> str:
    """What of the first words of `element` would be a name."""
    text = next((piece.strip() for piece in element.itertext() if any(map(str.isalnum, piece))), "")
    return split_person(re.sub(r"^[\s\-–—―~]+", "", text)).name


def around(card: Element, credit: tuple[Element, ...], skipped: set[Element]) -> tuple[str, str]:
    """The card's text before the credit and after it."""
    before: list[str] = []
    after: list[str] = []
    passed = False
    stack = [(card, False)]
    while stack:
        element, is_tail = stack.pop()
        if is_tail:
            (after if passed else before).append(element.tail or "")
            continue
        if element is not card:
            stack.append((element, True))
        if element in credit:
            passed = True
            continue
        if element in skipped or not isinstance(element.tag, str):
            continue
        (after if passed else before).append(element.text or "")
        stack.extend((child, False) for child in reversed(element))
    return "".join(before).strip(), "".join(after).strip()


def follows_quote(heading: Element, skipped: set[Element]) -> bool:
    """Whether a heading stands right behind a block quote that opens the box of both: then it credits the quote."""
    before = next((other for other in heading.itersiblings(preceding=True) if other not in skipped), None)
    if before is None or before.tag != "blockquote" or not names_person(heading, at_least=0.8):
        return False
    opening = next((one for one in heading.getparent() if one.tag == "blockquote" or one.tag in HEADINGS), None)
    return opening is not None and opening.tag == "blockquote"


def line_below(heading: Element, page: Page, skipped: set[Element]) -> tuple[Element, ...]:
    """The short line below a name, which says what the person is; () if there is none."""
    below = heading.getnext()
    if below is None or below in skipped or below.tag not in ("p", "span", "small", "h4", "h5", "h6"):
        return ()
    return (below,) if page.sizes[below].text <= 100 else ()


def opens_quotation(text: str) -> bool:
    """Whether a text opens with a quotation mark."""
    return _OPENS_QUOTE.match(text) is not None


def shaped_card(element: Element, page: Page, skipped: set[Element]) -> Card | None:
    """The card that a box of a page is by its shape: a line and a quotation, a portrait and words, words and a name."""
    if next(element.iter("blockquote"), None) is not None:
        return None
    parts = _parts(element, page, skipped)
    if len(parts) < 2:
        return None
    if any(_is_heading(part) for part in parts):
        closing = _headed_close(parts, page)
        is_closed = bool(closing) and _is_habit(element, page) and _are_signed(element, page, skipped)
        return Card(closing, is_label=False, is_quoted=False) if is_closed else None
    texts = ["".join(part.itertext()).strip() for part in parts]
    for credit, words, is_first in ((parts[0], texts[1:], True), (parts[-1], texts[:-1], False)):
        if _is_line(credit, page) and _is_quotation(words):
            return Card((credit,), is_label=False, is_quoted=False)
        if not _is_habit(element, page) or sum(map(len, words)) < _SHORTEST:
            continue
        if is_first and _is_portrait(credit, page) and names_person(credit, at_least=0.8):
            return Card((credit,), is_label=True, is_quoted=False)
        if not is_first and _is_line(credit, page) and _are_signed(element, page, skipped):
            return Card((credit,), is_label=False, is_quoted=False)
    return None


def _is_heading(element: Element) -> bool:
    return element.tag in HEADINGS or next(element.iter(*HEADINGS), None) is not None


def _headed_close(parts: Sequence[Element], page: Page) -> tuple[Element, ...]:
    """The only heading of a box with the lines below it, if they close the box; () else."""
    places = [place for place, part in enumerate(parts) if _is_heading(part)]
    closing = tuple(parts[places[0] :]) if len(places) == 1 and places[0] > 0 else ()
    return closing if len(closing) <= 3 and all(_is_line(part, page) for part in closing) else ()


def _parts(element: Element, page: Page, skipped: set[Element]) -> list[Element]:
    """The elements that a box consists of; [] if it has text beside them."""
    for _ in range(_DEPTH):
        if len(element) > _MOST_PARTS:
            return []
        inside = shown_within(element, page, skipped)
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            return []
        if len(inside) != 1:
            return inside
        element = inside[0]
    return []


def _is_line(element: Element, page: Page) -> bool:
    """Whether a part is one short line that is no sentence."""
    text = "".join(element.itertext()).strip()
    return page.sizes[element].text <= _LONGEST and _STOP.search(text) is None and not opens_quotation(text)


def _is_quotation(texts: Sequence[str]) -> bool:
    """Whether quotation marks wrap the words whole."""
    return (
        sum(map(len, texts)) >= _SHORTEST and opens_quotation(texts[0]) and _CLOSES_QUOTE.search(texts[-1]) is not None
    )


def _is_habit(element: Element, page: Page) -> bool:
    return page.n_alike(element) >= _FEWEST


def _is_portrait(element: Element, page: Page) -> bool:
    """Whether a part is a picture with a short line or two, none of them a sentence."""
    has_picture = next(element.iter("img", "picture"), None) is not None
    return has_picture and _is_line(element, page)


def _are_signed(element: Element, page: Page, skipped: set[Element]) -> bool:
    """Whether half of the boxes of the element's class end in a line that names a person; those with links are teasers."""
    kind = element.get("class")
    if kind not in page.signed:
        boxes = page.by_class[kind]
        page.signed[kind] = sum(_is_signed(box, page, skipped) for box in boxes) >= _SHARE * len(boxes)
    return page.signed[kind]


def _is_signed(box: Element, page: Page, skipped: set[Element]) -> bool:
    if page.sizes[box].text > 8_000 or page.sizes[box].linked:
        return False
    parts = _parts(box, page, skipped)
    has_heading = any(_is_heading(part) for part in parts)
    closing = _headed_close(parts, page) if has_heading else tuple(parts[-1:])
    if not closing or len(parts) < 2 or not (_is_line(closing[0], page) and names_person(closing[0], at_least=0.8)):
        return False
    # sentences and not the title of a talk
    words = parts[len(parts) - len(closing) - 1]
    return _STOP.search("".join(words.itertext()).rstrip('"”»」')) is not None

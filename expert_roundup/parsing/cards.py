"""Cards: who is credited in a block quote or a box of a page, and on which side of the words their name stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from expert_roundup.parsing.markdown import Run
from expert_roundup.parsing.page import Element, Page, is_named
from expert_roundup.parsing.people import name_likeness, split_person
from expert_roundup.parsing.running_text import RunningText

_DASH = re.compile(r"\s*[-–—―~]{1,3}\s*\S")
_OPENS_QUOTE = re.compile(r"\s*[\"“„«»「『]")
#: "Jane Doe in <cite>The Post</cite>"
_IN_SOURCE = re.compile(r"\s+in\s*$")
_CREDIT_TAGS = frozenset({"cite", "footer", "figcaption", "address"})
#: elements that may hold a name at the end of a box without being called a credit
_NAME_TAGS = frozenset({"h2", "h3", "h4", "h5", "h6", "p", "div", "strong", "b"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CARD_TAGS = frozenset({"div", "li", "article", "section", "figure", "dd", "td"})
#: the longest credit, in characters, and how deep it may be wrapped
_LONGEST = 200
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Card:
    """A box with one person's words."""

    credit: tuple[Element, ...]  #: the elements that name the speaker and their role
    is_name_first: bool  #: whether they stand before the words
    is_quoted: bool  #: whether a block quote in the card holds the words


def find_credit(quote: Element, page: Page, skipped: set[Element]) -> tuple[Element, ...]:
    """The elements at the end of a block quote that credit its speaker; () if none stands apart from the words."""
    whole = page.sizes[quote].text
    here = quote
    for _ in range(_DEPTH):
        inside = _shown(here, page, skipped)
        if not inside:
            break
        # the last element with text, then the last one within it
        here = inside[-1]
        size = page.sizes[here].text
        if size > _LONGEST or size >= 0.7 * whole or not _is_last(here, quote, page, skipped):
            continue
        if here.tag in _CREDIT_TAGS or is_named(here, "credit") or _DASH.match("".join(here.itertext())):
            return (here,)
    return _closing_name(quote, page, skipped)


def _shown(element: Element, page: Page, skipped: set[Element]) -> list[Element]:
    """The elements within that have text."""
    return [child for child in element if child not in skipped and child in page.sizes and page.sizes[child].text]


def find_card(element: Element, page: Page, skipped: set[Element]) -> Card | None:
    """The card that `element` is, None if it is none."""
    size = page.sizes.get(element)
    if element.tag not in _CARD_TAGS or size is None or not 30 <= size.text <= 8_000:
        return _credited_line(element, page, skipped) if element.tag == "p" else None
    is_quoting = is_named(element, "quote") or (element.tag == "li" and is_named(element.getparent(), "quote"))
    if not (is_quoting or page.classes.get(element.get("class") or "", 0) >= 2):
        return None
    credit = _named_credit(element, page, skipped) or _closing_name(element, page, skipped)
    if not credit:
        return None
    before, after = _around(element, credit, skipped)
    is_name_first = len(before) < len(after)
    quoted = next(element.iter("blockquote", "q"), None) is not None
    if is_name_first and (len(after) < 25 or any(one not in credit for one in element.iter(*_HEADINGS))):
        # a heading that is no name is a title: this is somebody's post, not their words
        return None
    if is_name_first and credit[0].tag in _HEADINGS:
        return None
    if not is_name_first and not (quoted or is_quoting or _OPENS_QUOTE.match(before)):
        return None
    return Card(credit, is_name_first, quoted)


def _credited_line(element: Element, page: Page, skipped: set[Element]) -> Card | None:
    """A paragraph that is a quotation with the name of its speaker in an element of its own behind it."""
    text = (element.text or "").strip()
    is_marked = not text and next((child.tag for child in element), "") == "q"
    opens = is_marked or _OPENS_QUOTE.match(text)
    credit = find_credit(element, page, skipped) if opens else ()
    return Card(credit, is_name_first=False, is_quoted=False) if credit and credit[0].tag != "q" else None


def _named_credit(card: Element, page: Page, skipped: set[Element]) -> tuple[Element, ...]:
    """The one element of a card that names a person, with the elements beside it that say what they are."""
    found = [element for element in card.iterdescendants() if element not in skipped and _credits(element, page)]
    outer = [element for element in found if not any(other in found for other in element.iterancestors())]
    people = [element for element in outer if names_person(element)]
    if len(people) != 1:
        return ()
    return (people[0], *_roles_beside(people[0], page, skipped))


def _closing_name(box: Element, page: Page, skipped: set[Element]) -> tuple[Element, ...]:
    """The short blocks that close a box when the first of them names a person: a name, and lines of role."""
    for _ in range(_DEPTH):
        blocks = _shown(box, page, skipped)
        if len(blocks) != 1:
            break
        box = blocks[0]
    for n in range(1, min(4, len(blocks))):
        closing = blocks[-n:]
        if page.sizes[closing[0]].text > 120:
            break
        if closing[0].tag in _NAME_TAGS and names_person(closing[0], at_least=0.8):
            return tuple(closing)
    return ()


def _credits(element: Element, page: Page) -> bool:
    if not isinstance(element.tag, str) or element.tag in ("blockquote", "q", "img", "br"):
        return False
    size = page.sizes.get(element)
    if size is None or not 2 <= size.text <= _LONGEST:
        return False
    return element.tag in _CREDIT_TAGS or is_named(element, "credit")


def is_speaker_line(element: Element, page: Page) -> bool:
    """Whether a line is marked as the speaker's name above their turn, and not only once on the page."""
    if element.tag not in ("p", "div") or not is_named(element, "speaker"):
        return False
    is_line = page.sizes[element].text <= 80 and page.classes.get(element.get("class") or "", 0) >= 2
    return is_line and names_person(element) and next(element.iter("b", "strong"), None) is None


def names_person(element: Element, *, at_least: float = 0.5) -> bool:
    """Whether the first words of `element` are like a name."""
    text = next((piece.strip() for piece in element.itertext() if piece.strip(" \t\r\n-–—~|·")), "")
    return name_likeness(split_person(re.sub(r"^[\s\-–—―~]+", "", text)).name) >= at_least


def _roles_beside(name: Element, page: Page, skipped: set[Element]) -> Iterator[Element]:
    """Elements right behind the name that say what the person is."""
    for sibling in name.itersiblings():
        size = page.sizes.get(sibling)
        if size is None or sibling in skipped or not size.text:
            continue
        if size.text > 120 or not is_named(sibling, "role"):
            return
        yield sibling


def _around(card: Element, credit: tuple[Element, ...], skipped: set[Element]) -> tuple[str, str]:
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


def _is_last(element: Element, quote: Element, page: Page, skipped: set[Element]) -> bool:
    """Whether nothing but white space and a closing mark follows `element` in `quote`."""
    here = element
    while here is not quote:
        if (here.tail or "").strip(' \t\r\n\xa0"”»'):
            return False
        for sibling in here.itersiblings():
            size = page.sizes.get(sibling)
            if (size is not None and size.text and sibling not in skipped) or (sibling.tail or "").strip():
                return False
        here = here.getparent()
    return True


def credit_runs(text: RunningText, elements: Sequence[Element]) -> list[Run]:
    """Return "Jane Doe, CEO" as plain runs, from the elements that name a speaker and their role."""
    runs: list[Run] = []
    for piece in (piece for element in elements for piece in _pieces(text, element)):
        if runs:
            runs.append(Run(" " if runs[-1].text.rstrip().endswith(tuple(",|·-–—/:")) else ", "))
        runs.extend(piece)
    return runs


def bold(runs: Sequence[Run]) -> list[Run]:
    """The runs in bold."""
    return [run._replace(bold=True) for run in runs]


def _pieces(text: RunningText, element: Element) -> Iterator[list[Run]]:
    """The lines of a credit without the dash that opens them; elements with nothing between them are lines too."""
    children = [child for child in element if child.tag not in ("br", "img") and child not in text.skipped]
    if len(children) > 1 and not any((part or "").strip() for part in (element.text, *(c.tail for c in children))):
        for child in children:
            yield from _pieces(text, child)
        return
    line: list[Run] = []
    for run in [*text.gathered(element), Run("\n")]:
        if run.text == "\n":
            if cut := _without_dash(line):
                yield cut
            line = []
        else:
            line.append(run._replace(text=_IN_SOURCE.sub(", ", run.text), bold=False, italic=False))


def _without_dash(line: Sequence[Run]) -> list[Run]:
    """The line without the dash that opens it and the blanks around it; [] if no word is left."""
    runs = list(line)
    while runs:
        shown = re.sub(r"^[\s\-–—―~]+", "", runs[0].text)
        if shown:
            runs[0] = runs[0]._replace(text=shown)
            break
        runs = runs[1:]
    return runs if any(re.search(r"\w", run.text) for run in runs) else []

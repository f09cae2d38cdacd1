"""Cards: who is credited in a block quote or a box of a page, and on which side of the words their name stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from expert_roundup.parsing.boxes import (
    Card,
    around,
    names_person,
    opens_quotation,
    shaped_card,
    shown_name,
    shown_within,
)
from expert_roundup.parsing.markdown import Run
from expert_roundup.parsing.names import initials, is_capitalised, is_known_person, name_likeness
from expert_roundup.parsing.page import HEADINGS, Element, Page, is_named
from expert_roundup.parsing.running_text import RunningText

_DASH = re.compile(r"\s*[-–—―~]{1,3}\s*\S")
#: "Jane Doe in <cite>The Post</cite>"
_IN_SOURCE = re.compile(r"\s+in\s*$")
_CREDIT_TAGS = frozenset({"cite", "footer", "figcaption", "address"})
#: elements that may hold a name at the end of a box without being called a credit
_NAME_TAGS = frozenset({"h2", "h3", "h4", "h5", "h6", "p", "div", "strong", "b"})
_CARD_TAGS = frozenset({"div", "li", "article", "section", "figure", "dd", "td"})
#: the longest credit, in characters, and how deep it may be wrapped
_LONGEST = 200
#: the longest question, in characters
_LONGEST_QUESTION = 1_000
#: characters of the shortest quotation
_SHORTEST = 30
#: the longest name that no capitals show to be one
_LONGEST_NAME = 40
_DEPTH = 6
#: elements of the largest card
_MOST_ELEMENTS = 300


def find_credit(quote: Element, page: Page, skipped: set[Element]) -> tuple[Element, ...]:
    """The elements at the end of a block quote that credit its speaker; () if none stands apart from the words."""
    whole = page.sizes[quote].text
    here = quote
    for _ in range(_DEPTH):
        inside = shown_within(here, page, skipped)
        if not inside:
            break
        # the last element with text, then the last one within it
        here = inside[-1]
        size = page.sizes[here].text
        if size > _LONGEST or size >= 0.7 * whole or not _is_last(here, quote, page, skipped):
            continue
        if here.tag in _CREDIT_TAGS or is_named(here, "credit") or _DASH.match("".join(here.itertext())):
            return (here,)
        if here.tag == "small" and next(here.iter("cite"), None) is not None:
            return (here,)  # the name, and in <cite> where it was said
    return _closing_name(quote, page, skipped)


def find_card(element: Element, page: Page, skipped: set[Element]) -> Card | None:
    """The card that `element` is, None if it is none."""
    size = page.sizes.get(element)
    if element.tag not in _CARD_TAGS or size is None or not _SHORTEST <= size.text <= 8_000:
        return _credited_line(element, page, skipped) if element.tag == "p" else None
    is_quoting = is_named(element, "quote") or (element.tag == "li" and is_named(element.getparent(), "quote"))
    if not (is_quoting or page.n_alike(element) >= 2 or _is_told(element, page, skipped)):
        return None
    if holds_quotations(element, page):
        return None
    credit = _named_credit(element, page, skipped, is_quoting) or _closing_name(element, page, skipped)
    return (_credited_card(element, credit, is_quoting, skipped) if credit else None) or shaped_card(
        element, page, skipped
    )


def signed_box(element: Element, page: Page) -> Card | None:
    """A box named for somebody's words that is running text, its last line a name: <div class="quote">…<br>Jane Doe</div>."""
    if element.tag not in _CARD_TAGS or not is_named(element, "quote") or page.sizes[element].has_blocks:
        return None
    breaks = list(element.iter("br"))
    last = (breaks[-1].tail or "").strip() if breaks else ""
    is_name = 3 <= len(last) <= _LONGEST_NAME and name_likeness(last) >= 0.8 and is_known_person(last)
    return Card((), is_label=False, is_quoted=False) if is_name else None


def _credited_card(
    element: Element, credit: tuple[Element, ...], is_quoting: bool, skipped: set[Element]
) -> Card | None:
    """The card whose speaker `credit` names, None if what stands beside it is not said by them."""
    before, after = around(element, credit, skipped)
    is_name_first = len(before) < len(after)
    quote = next(element.iter("blockquote", "q"), None)
    if is_name_first and (len(after) < 25 or any(one not in credit for one in element.iter(*HEADINGS))):
        # a heading that is no name is a title: this is somebody's post, not their words
        return None
    if is_name_first and credit[0].tag in HEADINGS:
        return None
    says_so = is_quoting or is_named(credit[0], "quote")
    if not is_name_first and not (quote is not None or says_so or opens_quotation(before)):
        return None
    # a block quote in somebody's testimonial may only repeat the best of it
    if quote is not None and any(above is quote for above in credit[0].iterancestors()):
        return None  # the quotation credits itself, and the box holds more
    is_quoted = quote is not None and not (says_so and len(before) + len(after) >= 1.4 * _n_shown(quote))
    return Card(credit, is_name_first and not says_so, is_quoted)


def holds_quotations(element: Element, page: Page) -> bool:
    """Whether a box holds several boxes of somebody's words: it is their list, or a conversation."""
    within: Counter[tuple[Element, str]] = Counter()
    for one in islice(element.iterdescendants(), _MOST_ELEMENTS):
        size = page.sizes.get(one) if one.tag == "blockquote" or one.tag in _CARD_TAGS else None
        if size is not None and size.text >= _SHORTEST and (one.tag == "blockquote" or is_named(one, "quote")):
            # beside somebody's words there may be a box for who they are
            kind = next(iter((one.get("class") or "").split()), one.tag)
            within[one.getparent(), kind] += 1
    return max(within.values(), default=0) > 1


def _n_shown(element: Element) -> int:
    return sum(len(piece.strip()) for piece in element.itertext())


def _is_told(element: Element, page: Page, skipped: set[Element]) -> bool:
    """Whether a box stands for somebody's words though its own name is silent: it opens a quotation, or ends in a name."""
    if opens_quotation(next((piece for piece in element.itertext() if piece.strip()), "")):
        return True
    last = next(reversed(shown_within(element, page, skipped)), None)
    return last is not None and _credits(last, page) and is_named(last, "quote")


def _credited_line(element: Element, page: Page, skipped: set[Element]) -> Card | None:
    """A paragraph that is a quotation with the name of its speaker in an element of its own behind it."""
    text = (element.text or "").strip()
    is_marked = not text and next((child.tag for child in element), "") == "q"
    opens = is_marked or opens_quotation(text)
    credit = find_credit(element, page, skipped) if opens else ()
    return Card(credit, is_label=False, is_quoted=False) if credit and credit[0].tag != "q" else None


def _named_credit(card: Element, page: Page, skipped: set[Element], is_quoting: bool) -> tuple[Element, ...]:
    """The one element of a card that names a person, with the elements beside it that say what they are."""
    inside = list(islice(card.iterdescendants(), _MOST_ELEMENTS + 1))
    if len(inside) > _MOST_ELEMENTS:
        return ()
    found = [element for element in inside if element not in skipped and _credits(element, page)]
    outer = [element for element in found if not any(other in found for other in element.iterancestors())]
    people = [element for element in outer if names_person(element)]
    if is_quoting and not people and len(outer) == 1 and page.sizes[outer[0]].text <= _LONGEST_NAME:
        # a box of somebody's words and the page calls it their name, however it is written
        people = outer
    name = next((element for element in people if names_person(element, at_least=0.8)), None)
    if len(people) > 1 and name is not None and all(one.getparent() is name.getparent() for one in people):
        # the lines below a name may be called names too
        people = [name]
    if len(people) != 1:
        return ()
    return (people[0], *_roles_beside(people[0], page, skipped))


def _closing_name(box: Element, page: Page, skipped: set[Element]) -> tuple[Element, ...]:
    """The short blocks that close a box when the first of them names a person: a name, and lines of role."""
    for _ in range(_DEPTH):
        blocks = shown_within(box, page, skipped)
        if len(blocks) != 1:
            break
        box = blocks[0]
    found: tuple[Element, ...] = ()
    for n in range(1, min(4, len(blocks))):
        closing = blocks[-n:]
        if page.sizes[closing[0]].text > 120:
            break
        if closing[0].tag in _NAME_TAGS and names_person(closing[0], at_least=0.8):
            # what somebody is may look like a name; a name that we know is one
            if is_known_person(shown_name(closing[0])):
                return tuple(closing)
            found = found or tuple(closing)
    return found


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
    is_line = page.sizes[element].text <= 80 and page.n_alike(element) >= 2
    return is_line and names_person(element) and next(element.iter("b", "strong"), None) is None


def is_question_line(element: Element, page: Page) -> bool:
    """Whether a box or line is marked as what somebody asks, and not only once on the page."""
    if element.tag not in ("p", "div", "li") or not is_named(element, "question"):
        return False
    if page.sizes[element].text > _LONGEST_QUESTION or page.n_alike(element) < 2:
        return False
    if len(element) > 1 and not "".join(element.itertext()).rstrip().endswith(("?", "？")):
        return False  # it holds the answer as well
    return next(element.iter("b", "strong", "ul", "ol", "blockquote", *HEADINGS), None) is None


def _roles_beside(name: Element, page: Page, skipped: set[Element]) -> Iterator[Element]:
    """Elements right behind the name that say what the person is."""
    for sibling in name.itersiblings():
        size = page.sizes.get(sibling)
        if size is None or sibling in skipped or not size.text:
            continue
        if size.text > 120 or not (is_named(sibling, "role") or _credits(sibling, page)):
            return
        yield sibling


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
    pieces = [piece for element in elements for piece in _pieces(text, element)]
    for index, piece in enumerate(pieces):
        if index + 1 < len(pieces) and _is_monogram(piece, pieces[index + 1]):
            continue
        if runs:
            runs.append(Run(" " if runs[-1].text.rstrip().endswith(tuple(",|·-–—/:")) else ", "))
        runs.extend(piece)
    return runs


def _is_monogram(piece: Sequence[Run], following: Sequence[Run]) -> bool:
    """Whether a piece is the initials of the name behind it: the picture of somebody who has none."""
    shown = "".join(run.text for run in piece).strip()
    if len(shown) > 3 or not shown.isupper():
        return False
    behind = "".join(run.text for run in following)
    large = " ".join(word for word in behind.split() if is_capitalised(word))  # small words may be left out
    # a first name alone may stand beside the initials of both
    return any(one and (one.startswith(shown) or shown.startswith(one)) for one in map(initials, (behind, large)))


def bold(runs: Sequence[Run]) -> list[Run]:
    """The runs in bold."""
    return [run._replace(bold=True) for run in runs]


def _pieces(text: RunningText, element: Element) -> Iterator[list[Run]]:
    """The lines of a credit without the dash that opens them; elements with nothing between them are lines too."""
    children = [child for child in element if child.tag not in ("br", "img") and child not in text.skipped]
    if children and not any((part or "").strip() for part in (element.text, *(c.tail for c in children))):
        for child in children:
            yield from _pieces(text, child)
        return
    before = (element.text or "").strip()
    is_cited = [child.tag for child in children] == ["cite"] and not (children[0].tail or "").strip()
    # "Jane Doe <cite>CEO, Acme</cite>", but "Jane Doe in <cite>The Post</cite>"
    if before and is_cited and not before.split()[-1].islower():
        yield _without_dash([Run(before)])
        yield from _pieces(text, children[0])
        return
    line: list[Run] = []
    for run in _parted([*text.gathered(element), Run("\n")]):
        if run.text == "\n":
            if cut := _without_dash(line):
                yield cut
            line = []
        else:
            line.append(run._replace(text=_IN_SOURCE.sub(", ", run.text), bold=False, italic=False))


def _parted(runs: Sequence[Run]) -> Iterator[Run]:
    """The runs, with a new line where words meet without a blank: style sheets show <b>Jane Doe<span>CEO</span></b> so."""
    before = ""
    for run in runs:
        if before[-1:].isalpha() and run.text[0].isalpha():
            grows_capital = len(before) > 2 and before[-1].islower() and run.text[0].isupper()
            if grows_capital or " " in before.strip():
                yield Run("\n")
        yield run
        before = run.text


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

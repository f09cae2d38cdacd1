"""What of a saved page is the page itself: menus, banners, sidebars, forms, reader comments and scripts are told apart.

Elements say what they are by their tag, role, class and id; sizes decide where names alone would mislead: a
`<body class="has-sidebar">` is no sidebar. The names stand in data/pages.toml.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from expert_roundup.parsing.knowledge import known, words
from expert_roundup.parsing.names import is_known_person, name_likeness

#: an element of lxml's tree, which ships no types
Element = Any

_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
#: elements that may be furniture without a name
_SPEAKING_TAGS = frozenset({"nav", "form", "header", "footer", "aside", "button"})
#: words of a class that are looked at
MOST_WORDS = 20
#: where a class of several words begins the next one: ctBubbleName
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
#: lists of names in which such classes are looked for: they say who speaks
_HUMPED = frozenset({"credit", "role", "speaker", "question"})
#: how like a name a heading must be that may announce somebody
_NAME = 0.8
#: characters of the longest monogram, and of a name with a role beside it
_MONOGRAM, _NAMED = 3, 120
#: words beside it among which the name begins, behind a title
_NAME_WORDS = 3
#: characters of a standfirst
_STANDFIRST = range(40, 900)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(slots=True)
class Size:
    """What an element holds, furniture left out."""

    text: int = 0  #: characters
    linked: int = 0  #: of them, in links
    n_main: int = 0  #: h1, main and article elements
    has_blocks: bool = False  #: whether an element that starts a new line lies within


@dataclass(frozen=True)
class Page:
    """A parsed page, its furniture marked and its main part found."""

    main: Element
    dropped: frozenset[Element]
    sizes: dict[Element, Size] = field(repr=False)
    standfirst: tuple[Element, ...] = ()  #: what says above the main part, and outside of it, what it is about
    classes: Mapping[str, int] = field(repr=False, default_factory=dict)  #: class -> on how many elements it stands
    signed: dict[str, bool] = field(repr=False, default_factory=dict)  #: class -> whether its boxes end in names
    #: what boxes share, a word of their class or what they lie in -> box -> the card that it is
    records: dict[Any, Mapping[Element, Any]] = field(repr=False, default_factory=dict)

    def n_alike(self, element: Element) -> int:
        """On how many elements the class of `element` stands, 0 if it has none."""
        return self.classes.get(element.get("class") or "", 0)

    @functools.cached_property
    def by_class(self) -> dict[str, list[Element]]:
        """The elements of every class that is part of the page, in page order."""
        found: dict[str, list[Element]] = {}
        for element in self.sizes:
            if kind := element.get("class"):
                found.setdefault(kind, []).append(element)
        return found

    @functools.cached_property
    def by_word(self) -> dict[str, list[Element]]:
        """The elements that have a word in their class, in page order."""
        found: dict[str, list[Element]] = {}
        for element in self.sizes:
            for word in dict.fromkeys((element.get("class") or "").split()[:MOST_WORDS]):
                found.setdefault(word, []).append(element)
        return found


def split_page(root: Element) -> Page:
    """Mark the furniture of the page `root` and find the element that holds its own text."""
    body = next((child for child in root if child.tag == "body"), root)
    elements = [element for element in body.iter() if isinstance(element.tag, str)]
    silent = words("pages", "silent_tags")
    hidden = {element for element in elements if element.tag in silent or (element.attrib and _is_hidden(element))}
    sizes = _sizes(elements, hidden)
    classes = Counter(filter(None, (element.get("class") for element in elements)))
    total = sizes[body].text
    furniture = {one for one in elements if one is not body and _is_furniture(one, sizes[one], total, classes)}
    furniture |= {one for one in elements if one.attrib and _is_monogram(one, sizes)}
    dropped = hidden | furniture
    sizes = _sizes(elements, dropped) if furniture else sizes
    main = _main(body, sizes, dropped)
    return Page(main, frozenset(dropped), sizes, _standfirst(main, sizes, dropped, classes), classes)


def is_named(element: Element, kind: str) -> bool:
    """Whether a word of the element's class or id is one of the list `kind` of data/pages.toml."""
    return bool(element.attrib) and _match(kind, element.get("class") or "", element.get("id") or "") != ""


@functools.lru_cache(maxsize=16_384)
def _match(kind: str, classes: str, identity: str) -> str:
    """The first word that the list `kind` names, "" if there is none."""
    pattern = _pattern(kind)
    found = (*classes.split()[:MOST_WORDS], *identity.split()[:1])
    if kind in _HUMPED:
        found = tuple(_HUMP.sub("-", word) for word in found)
    return next((word for word in found if pattern.fullmatch(word.replace("_", "-"))), "")


@functools.cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(known("pages")[kind]), re.I)


def _is_hidden(element: Element) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and _HIDDEN_STYLE.search(style) is not None)


def _sizes(elements: list[Element], dropped: set[Element]) -> dict[Element, Size]:
    """The size of every element, from the leaves up."""
    block_tags = words("pages", "block_tags")
    sizes = {element: Size() for element in elements}
    for element in reversed(elements):
        size, tag = sizes[element], element.tag
        if text := element.text:
            size.text += len(text.strip())
        if tag == "a":
            size.linked = size.text
        elif tag in ("h1", "main", "article"):
            size.n_main += 1
        above = sizes.get(element.getparent())
        if above is None:
            continue
        if tail := element.tail:
            above.text += len(tail.strip())
        if element not in dropped:
            above.text += size.text
            above.linked += size.linked
            above.n_main += size.n_main
            above.has_blocks |= size.has_blocks or tag in block_tags
    return sizes


def _is_furniture(element: Element, size: Size, total: int, classes: Mapping[str, int]) -> bool:
    if not element.attrib and element.tag not in _SPEAKING_TAGS:
        return False
    get = element.get
    kind = _kind(element.tag, get("role"), get("class") or "", get("id") or "", get("aria-hidden"))
    if not kind:
        return False
    if kind == "comments":
        # each reader's comment may be an article of its own, so only the page's title speaks against it
        return size.text < 0.8 * total and next(element.iter("h1", "main"), None) is None
    if kind == "unseen":
        return size.text < 80
    if size.n_main or size.text >= 0.5 * total:
        return False
    return not (kind in _EXEMPT and _EXEMPT[kind](element, classes))


def _is_monogram(element: Element, sizes: Mapping[Element, Size]) -> bool:
    """Whether capitals stand for a picture beside a name that begins with the first of them."""
    above = sizes.get(element.getparent()) if 0 < sizes[element].text <= _MONOGRAM else None
    if above is None or not _MONOGRAM < above.text <= _NAMED or not is_named(element, "picture"):
        return False
    shown = "".join(element.itertext()).strip()
    beside = "".join(element.getparent().itertext()).replace(shown, "", 1).split()[:_NAME_WORDS]
    # words that go on right behind are one word with a large letter
    is_large = (element.tail or " ")[0].isalpha()
    return shown.isupper() and not is_large and any(word.startswith(shown[0]) for word in beside)


#: kind of furniture -> when an element of that kind is part of the page after all
_EXEMPT: dict[str, Any] = {
    "header": lambda one, _: _lies_in(one, "main", "article", "section", "blockquote", "figure", "li"),
    "footer": lambda one, _: _lies_in(one, "blockquote", "figure") or _is_in_card(one),
    "aside": lambda one, _: next(one.iter("blockquote", "cite", "q"), None) is not None,
    "button": lambda one, _: _lies_in(one, *HEADINGS, "summary", "dt"),
    "biography": lambda one, classes: classes.get(one.get("class") or "", 0) >= 2 or _is_in_card(one),
}


@functools.lru_cache(maxsize=16_384)
def _kind(tag: str, role: str | None, classes: str, identity: str, aria_hidden: str | None) -> str:
    """What an element's tag, role and names say it is: "" for a part of the page."""
    if _match("comments", classes, identity):
        return "comments"
    if tag in ("nav", "form") or role in words("pages", "furniture_roles"):
        return "furniture"
    if tag in ("header", "footer", "button"):
        return tag
    found = _match("furniture", classes, identity)
    if found and tag not in ("body", "main", "blockquote"):
        return "footer" if "footer" in found.lower() else "furniture"
    if _match("biography", classes, identity):
        return "biography"
    if aria_hidden == "true" or _match("unseen", classes, identity):
        return "unseen"
    if role == "banner":
        return "header"
    return "aside" if (tag == "aside" or role == "complementary") and not _match("quote", classes, identity) else ""


def _lies_in(element: Element, *tags: str) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _is_in_card(element: Element) -> bool:
    """Whether one of the three elements above is named for somebody's words."""
    return any(is_named(above, "quote") for _, above in zip(range(3), element.iterancestors(), strict=False))


def _main(body: Element, sizes: dict[Element, Size], dropped: set[Element]) -> Element:
    """The element that holds the page's own text: what says so, else the innermost one that holds nearly all of it."""
    here = body
    for tag, share in (("main", 0.4), ("article", 0.7), (None, 0.85)):
        if tag == "main" and sum(sizes[one].text > 0 for one in body.iter(tag) if one in sizes) > 1:
            # a page of several main parts is all of them
            continue
        least = share * (sizes[here].text - sizes[here].linked)
        for element in here.iterdescendants(tag) if tag else here.iterdescendants():
            size = sizes.get(element)
            if size is None or not size.text or size.text - size.linked < least or element in dropped:
                continue
            if tag or element.get("role") == "main" or is_named(element, "content"):
                # of elements that hold more than half, a later one lies inside an earlier one
                here = element
    return body if _quotes_beside(here, body, dropped) else here


def _standfirst(
    main: Element, sizes: Mapping[Element, Size], dropped: Set[Element], classes: Mapping[str, int]
) -> tuple[Element, ...]:
    """What stands above the main part, below the page's title if that stands there too, and is named for a standfirst."""
    found: list[Element] = []
    around = set(main.iterancestors())
    for element in sizes:
        if element is main:
            break
        if element.tag == "h1":
            found.clear()
        if not element.attrib:
            continue
        size = sizes[element]
        is_prose = 2 * size.linked < size.text and size.text in _STANDFIRST and not size.n_main
        # boxes of one class are teasers of other pages
        is_alone = classes.get(element.get("class") or "", 0) == 1
        if is_prose and is_alone and element not in around and is_named(element, "standfirst"):
            found.append(element)
    return tuple(one for one in found[:1] if dropped.isdisjoint((one, *one.iterancestors())))


def _quotes_beside(main: Element, body: Element, dropped: set[Element]) -> bool:
    """Whether the page sets block quotes beside its main part and none in it: testimonials below what is for sale."""
    if main is body or next(main.iter("blockquote", "cite", "q"), None) is not None:
        return False
    if any(_names_person("".join(heading.itertext())) for heading in main.iter(*HEADINGS)):
        return False  # it has speakers of its own
    beside = (quote for quote in body.iter("blockquote") if dropped.isdisjoint((quote, *quote.iterancestors())))
    return len(list(islice(beside, 2))) > 1


def _names_person(heading: str) -> bool:
    return name_likeness(heading) >= _NAME and is_known_person(heading.strip())

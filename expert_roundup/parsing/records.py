"""Records: boxes of one class that repeat, in which one place names a person and another holds what they say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from expert_roundup.parsing.boxes import Card, opens_quotation
from expert_roundup.parsing.knowledge import has_first_person
from expert_roundup.parsing.names import is_known_person, name_likeness
from expert_roundup.parsing.page import HEADINGS, MOST_WORDS, Element, Page, is_named
from expert_roundup.parsing.people import Person, has_age, split_person
from expert_roundup.parsing.visible import is_date
from expert_roundup.text.languages import detect_language

#: boxes that make a habit, and that do where the page calls them somebody's words
_FEWEST, _FEW = 3, 2
#: elements of the largest, and characters that one holds
_MOST_ELEMENTS, _LEAST, _MOST = 120, 60, 8_000
#: share of the boxes that must have a place, in which it must name a person, and one that we know
_HAVING, _NAMING, _KNOWN = 0.7, 0.7, 0.5
#: share of the boxes whose words are in quotation marks, or in which somebody says I or we
_SPOKEN = 0.5
#: characters of the longest name, of the longest line that says what somebody is, and of words on average
_LONGEST_NAME, _LONGEST_LINE, _SHORTEST = 60, 100, 50
#: characters of a language that can be told
_SAMPLE = 2_000
_TAGS = frozenset({"div", "li", "article", "section", "figure", "td"})

#: where an element lies in its box: the tags and classes from the box down
_Place = tuple[str, ...]


class _Leaf(NamedTuple):
    """An element of a box with text of its own."""

    element: Element
    place: _Place
    number: int  #: of those at the same place
    text: str


def find_record(element: Element, page: Page, skipped: set[Element]) -> Card | None:
    """The card that `element` is, as boxes beside it and others of its class show; None if they hold nobody's words."""
    size = page.sizes.get(element)
    if element.tag not in _TAGS or size is None or not (size.has_blocks and _LEAST <= size.text <= _MOST):
        return None
    for alike in _shared(element):
        if alike not in page.records:
            boxes = _boxes(element, alike, page)
            least = _FEW if boxes and _is_told(boxes[0]) else _FEWEST
            page.records[alike] = _records(boxes, page, skipped) if len(boxes) >= least else {}
        card: Card | None = page.records[alike].get(element)
        if card:
            return card
    return None


def _shared(element: Element) -> list[Any]:
    """What a box shares with those that may repeat it: the words of its class, else what they lie in."""
    above = element.getparent()
    return (element.get("class") or "").split()[:MOST_WORDS] or ([] if above is None else [above])


def _boxes(element: Element, alike: Any, page: Page) -> list[Element]:
    """The boxes of one class, or those beside `element`."""
    if isinstance(alike, str):
        return page.by_word[alike]
    return [child for child in alike if child.tag == element.tag and child in page.sizes]


def _records(boxes: Sequence[Element], page: Page, skipped: set[Element]) -> Mapping[Element, Card]:
    """The cards among boxes of one class, {} where they have no place for a name and one for words in common."""
    leaves = _leaves_of(boxes, page, skipped)
    if len(leaves) < max(_FEW, _HAVING * len(boxes)):
        return {}
    said_at: defaultdict[_Place, dict[Element, str]] = defaultdict(dict)
    named_at: defaultdict[tuple[_Place, int], dict[Element, str]] = defaultdict(dict)
    for box, found in leaves.items():
        for leaf in found:
            said_at[leaf.place][box] = f"{said_at[leaf.place].get(box, '')}\n{leaf.text}".strip()
            named_at[leaf.place, leaf.number][box] = leaf.text
    least, is_told = _HAVING * len(leaves), _is_told(boxes[0])
    names = _place_of_names(leaves, {at: by_box for at, by_box in named_at.items() if len(by_box) >= least}, is_told)
    common = {place: by_box for place, by_box in said_at.items() if len(by_box) >= least}
    said = max(common, key=lambda place: sum(map(len, common[place].values())), default=None)
    if names is None or said is None or names[0] == said or any(tag in HEADINGS for tag in _tags(said)):
        return {}
    told = list(common[said].values())
    if sum(map(len, told)) < _SHORTEST * len(told) or not (is_told or _is_spoken(told)):
        return {}
    cards = {}
    for box, found in leaves.items():
        if box in named_at[names] and box in common[said]:
            cards[box] = _card(found, names, said)
    return cards


def _leaves_of(boxes: Sequence[Element], page: Page, skipped: set[Element]) -> dict[Element, list[_Leaf]]:
    """The leaves of the boxes of a fitting size; {} for lists of quotations, each of which says whose it is."""
    if any(len(list(islice(box.iter("blockquote"), 2))) > 1 for box in boxes):
        return {}
    fitting = (box for box in boxes if _LEAST <= page.sizes[box].text <= _MOST)
    return {box: found for box in fitting if (found := list(_leaves(box, page, skipped)))}


def _place_of_names(
    leaves: Mapping[Element, Sequence[_Leaf]],
    common: Mapping[tuple[_Place, int], Mapping[Element, str]],
    is_told: bool,
) -> tuple[_Place, int] | None:
    """The first place that most boxes have and that names people, None if none does."""
    called = {
        (leaf.place, leaf.number) for found in leaves.values() for leaf in found if is_named(leaf.element, "credit")
    }
    return next(
        (
            at
            for at, by_box in common.items()
            if _are_names([*by_box.values()], is_called=at in called, is_told=is_told)
        ),
        None,
    )


def _leaves(box: Element, page: Page, skipped: set[Element]) -> Iterator[_Leaf]:
    """The elements of a box that hold running text, in page order; nothing where it has text beside them or is too large."""
    stack: list[tuple[Element, _Place]] = [(box, ())]
    n = 0
    numbers: Counter[_Place] = Counter()
    while stack:
        element, place = stack.pop()
        n += 1
        if n > _MOST_ELEMENTS:
            return
        if element is not box and not page.sizes[element].has_blocks and not _is_row(element):
            if text := " ".join("".join(element.itertext()).split()):
                numbers[place] += 1
                yield _Leaf(element, place, numbers[place], text)
            continue
        children = list(islice(element, _MOST_ELEMENTS + 1))
        if len(children) > _MOST_ELEMENTS:
            return
        inside = [child for child in children if child in page.sizes and child not in skipped]
        stack.extend((child, (*place, f"{child.tag} {child.get('class') or ''}")) for child in reversed(inside))


def _is_row(element: Element) -> bool:
    """Whether an element holds spans, links or the like side by side and nothing else."""
    children = list(islice(element, _MOST_ELEMENTS))
    return len(children) > 1 and not any((part or "").strip() for part in (element.text, *(c.tail for c in children)))


def _tags(place: _Place) -> list[str]:
    return [step.split(" ", 1)[0] for step in place]


def _are_names(texts: Sequence[str], *, is_called: bool, is_told: bool) -> bool:
    """Whether the texts of one place name people, or look it and the page calls them names.

    In boxes that the page calls somebody's words, a given name alone is enough.

    A page that turns round may show each box twice.
    """
    if max(map(len, texts)) > 3 * _LONGEST_NAME or len(set(texts)) * 2 < _NAMING * len(texts):
        return False
    people = [split_person(text) for text in texts]
    naming = [
        one for one in people if len(one.name) <= _LONGEST_NAME and _is_name(one, is_called=is_called, is_told=is_told)
    ]
    is_sure = is_called or sum(has_age(one) or is_known_person(one.name) for one in naming) >= _KNOWN * len(texts)
    return is_sure and len(naming) >= _NAMING * len(texts)


def _is_name(person: Person, *, is_called: bool, is_told: bool) -> bool:
    suffices = is_called or has_age(person) or ((is_told or person.role) and is_known_person(person.name))
    return name_likeness(person.name) >= (0.5 if suffices else 0.8)


def _is_spoken(texts: Sequence[str]) -> bool:
    """Whether the texts of one place are somebody's words: the page marks them so, or they say I or we."""
    language = detect_language(" ".join(texts)[:_SAMPLE])
    n = sum(opens_quotation(text) or has_first_person(text, language) for text in texts)
    return n >= _SPOKEN * len(texts)


def _is_told(box: Element) -> bool:
    """Whether the page calls a box, or what it lies in, somebody's words."""
    return is_named(box, "quote") or any(is_named(above, "quote") for above in list(box.iterancestors())[:2])


def _card(leaves: Sequence[_Leaf], names: tuple[_Place, int], said: _Place) -> Card:
    """The card of one box: its name with the lines right behind it, its words, and the rest left out."""
    first = next(at for at, leaf in enumerate(leaves) if (leaf.place, leaf.number) == names)
    credit = [leaves[first].element]
    for leaf in leaves[first + 1 :]:
        if leaf.place == said or len(leaf.text) > _LONGEST_LINE or len(credit) > 1:
            break
        if not is_date(leaf.text):
            credit.append(leaf.element)
    rest = {leaf.element for leaf in leaves if leaf.place != said and len(leaf.text) <= _LONGEST_LINE}
    return Card(tuple(credit), is_label=False, is_quoted=False, rest=frozenset(rest - set(credit)))

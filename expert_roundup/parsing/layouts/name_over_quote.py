"""Layout "cards": a name, maybe that of a picture, and below it a block quote, or paragraphs in the same item of a list."""

from __future__ import annotations

import re

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block
from expert_roundup.parsing.layouts.evidence import personhood
from expert_roundup.parsing.layouts.quote_then_name import credited_quote
from expert_roundup.parsing.layouts.regions import answer_spans, says_enough, unquoted
from expert_roundup.parsing.people import Person, name_likeness, split_person

#: the longest paragraph that is a name, in characters, and in words
_LONGEST, _MOST_WORDS = 80, 8
#: a date before the name
_DATE = re.compile(r"^(?:\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\s*[,:–—-]?\s*")
_LINK = re.compile(r"(?<!!)\[([^\[\]]{3,60})\](?:\(|\[)")
#: the words that stand for a picture, and those of them that only say that it is one
_PICTURE = re.compile(r"!\[([^\[\]\n]{2,80})\]\(")
_DEPICTS = re.compile(
    r"(?i)^(?:photo|picture|portrait|headshot|avatar|image|foto|retrato|imagen|bild|фото)(?: (?:of|de|von|di|del))?:? "
)
#: how like a name they must be
_PERHAPS = 0.5
#: how surely a link in a line must name a person: "Hacker News" does not
_SURE = 0.6
#: share of the block quotes that must stand below a name
_SHARE = 0.6


def recognise(document: Document) -> Attempt | None:
    """Read lists of names over what they say; None where most items are none, or credits behind say who speaks."""
    return _over_quotes(document) or _over_paragraphs(document)


def _over_paragraphs(document: Document) -> Attempt | None:
    """Items whose first line is a name, a date before it allowed, and whose other paragraphs speak."""
    items: dict[int, list[Block]] = {}
    for block in document.blocks:
        if block.item >= 0 and block.kind == "paragraph" and block.lines and block.quote < 0:
            items.setdefault(block.item, []).append(block)
    several = [blocks for blocks in items.values() if len(blocks) > 1]
    answers = []
    for name, *said in several:
        person = _name(document, name)
        spans = unquoted(document.text, answer_spans(document, said[0].span[0], said[-1].end)) if person else ()
        if person and name_likeness(person.name) >= 0.8 and says_enough(document.text, spans):
            answers.append(Answer(person.name, person.role, ((name.start, name.end),), spans))
    speaking = document.n_speaking(answers)
    if len({one.speaker for one in answers}) < 2 or len(answers) < 0.8 * len(items) or speaking * 2 < len(answers):
        return None
    return Attempt("cards", tuple(answers), notes=(f"{len(answers)} items of a list are a name and what they say",))


def _over_quotes(document: Document) -> Attempt | None:
    """Block quotes below names in items or in links, or opened by a picture that is called by a name."""
    blocks = document.blocks
    answers: list[Answer] = []
    for first, last in document.block_quotes:
        block = blocks[first]
        if credited_quote(document, first, last):
            return None  # credits say who speaks
        above = blocks[first - 1] if first else block
        person = (_name(document, above) or _linked(document, above)) if above.item == block.item else None
        if person is None and block.kind == "show":
            person, above = _pictured(document, block), block
        spans = unquoted(document.text, answer_spans(document, block.span[0], blocks[last].end)) if person else ()
        if person and says_enough(document.text, spans):
            answers.append(Answer(person.name, person.role, ((above.start, above.end),), spans))
    if len({answer.speaker for answer in answers}) < 2 or len(answers) < _SHARE * len(document.block_quotes):
        return None
    note = f"{len(answers)} of {len(document.block_quotes)} block quotes stand below a name"
    return Attempt("cards", tuple(answers), notes=(note,))


def _name(document: Document, line: Block) -> Person | None:
    """Whom a short line in an item of a list names."""
    if not _is_line(line) or line.item < 0:
        return None
    shown = document.shown(line)
    if len(shown) > _LONGEST or len(shown.split()) > _MOST_WORDS or shown.endswith((".", "?", "!")):
        return None
    if document.content(line).startswith("[") and " " not in shown:
        return Person(shown)  # what is linked in a word of its own is somebody's page
    person = split_person(_DATE.sub("", shown).rstrip(":： "))
    return person if name_likeness(person.name) >= 0.3 and personhood(document, person.name) > 0 else None


def _linked(document: Document, line: Block) -> Person | None:
    """Whom the one link in a short line names: "And of course [Jane Doe](https://example.org) (Acme)"."""
    shown = document.shown(line) if _is_line(line) else ""
    links = _LINK.findall(document.content(line)) if 0 < len(shown) <= _LONGEST else []
    is_name = len(links) == 1 and name_likeness(links[0]) >= 0.8 and personhood(document, links[0]) >= _SURE
    if not is_name or shown.endswith((".", "?", "!")):
        return None
    role = split_person(shown[shown.find(links[0]) :].rstrip(":： ")).role
    return Person(links[0], role)


def _pictured(document: Document, block: Block) -> Person | None:
    """Whom a picture shows, by the words that stand for it."""
    called = _PICTURE.search(document.text, block.start, block.end)
    person = split_person(_DEPICTS.sub("", called[1]).strip()) if called else None
    if person is None or len(person.name.split()) > _MOST_WORDS or name_likeness(person.name) < _PERHAPS:
        return None
    return person if personhood(document, person.name) > 0 else None


def _is_line(block: Block) -> bool:
    return block.kind == "paragraph" and block.quote < 0 and len(block.lines) == 1

"""Turns under headings: a transcript whose headings name who speaks next, the same few people again and again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block
from expert_roundup.parsing.layouts.label_forms import Label
from expert_roundup.parsing.layouts.label_moderators import moderators_of
from expert_roundup.parsing.layouts.prompts import says_anything
from expert_roundup.parsing.layouts.regions import answer_spans, unquoted
from expert_roundup.parsing.people import Person

#: headings that make a transcript, and how many of them each speaker has on average
_FEWEST, _EACH = 8, 3
#: a time that stands alone
_STAMP = re.compile(r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?")


def are_turns(people: Sequence[Person]) -> bool:
    """Whether headings name few enough people often enough for turns."""
    # in full at first, by the given name from then on
    return len(people) >= _FEWEST and len({person.name.split()[0] for person in people}) * _EACH <= len(people)


def turns(document: Document, sections: Sequence[tuple[int, int, Person]]) -> Attempt | None:
    """Read sections, each given by its heading's index, the index behind it and its speaker, as turns of a conversation."""
    sections = _in_full(sections)
    headings = (document.blocks[index] for index, _, _ in sections)
    labels = [
        Label(block.start, block.end, person, "alone", index, in_item=False, is_first=True)
        for (index, _, person), block in zip(sections, headings, strict=True)
    ]
    moderators = moderators_of(document, labels, [])
    answers = [
        answer
        for index, end, person in sections
        if person.name not in moderators and (answer := _turn(document, index, end, person))
    ]
    if len(answers) < 2:
        return None
    note = f"{len(answers)} turns under headings that name {len({one.speaker for one in answers})} speakers"
    return Attempt("transcript", tuple(answers), moderators=frozenset(moderators), notes=(note,))


def _in_full(sections: Sequence[tuple[int, int, Person]]) -> list[tuple[int, int, Person]]:
    """The sections with each given name alone as the full name that begins with it."""
    full: dict[str, Person] = {}
    for _, _, person in sections:
        first = person.name.split()[0]
        if first not in full or len(person.name) > len(full[first].name):
            full[first] = person
    return [(index, end, full[person.name.split()[0]]) for index, end, person in sections]


def _turn(document: Document, index: int, end: int, person: Person) -> Answer | None:
    heading = document.blocks[index]
    said = [block for block in document.blocks[index + 1 : end] if block.lines and not _is_stamp(document, block)]
    if not said:
        return None
    spans = unquoted(document.text, answer_spans(document, said[0].span[0], said[-1].span[1]))
    if not says_anything(document.text, spans):
        return None
    return Answer(person.name, person.role, ((heading.start, heading.end),), spans)


def _is_stamp(document: Document, block: Block) -> bool:
    return block.kind == "paragraph" and _STAMP.fullmatch(document.content(block).strip()) is not None

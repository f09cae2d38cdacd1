"""Layout "cards" of people who introduce themselves: "Hi, I'm Jane Doe", and what they say down to the next one who does."""

from __future__ import annotations

import functools
import re

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block
from expert_roundup.parsing.knowledge import alternatives, said, words
from expert_roundup.parsing.layouts.capitals import RUN
from expert_roundup.parsing.layouts.regions import answer_spans, says_enough, unquoted, without_outro
from expert_roundup.parsing.names import clean_name, is_known_person
from expert_roundup.parsing.people import Person, name_likeness
from expert_roundup.parsing.visible import visible

#: characters of the opening in which somebody says who they are
_OPENING = 160
#: characters of the shortest paragraph that does so
_SHORTEST = 16
#: characters behind the name in which a verb of speech may follow
_NEAR = 20
#: people who do so make a page of them
_FEWEST = 3


def recognise(document: Document) -> Attempt | None:
    """Read paragraphs in which one person after another says their name; None under three of them."""
    found = [(index, person) for index, block in enumerate(document.blocks) if (person := _introduced(document, block))]
    if len({person.name for _, person in found}) < max(_FEWEST, len(found)):
        return None  # who says their name twice talks
    starts = {index for index, _ in found}
    answers = []
    for index, person in found:
        last = index
        while last + 1 < len(document.blocks) and last + 1 not in starts and _goes_on(document, last + 1):
            last += 1
        blocks = without_outro(document, document.blocks[index : last + 1])
        spans = unquoted(document.text, answer_spans(document, blocks[0].span[0], blocks[-1].end)) if blocks else ()
        if says_enough(document.text, spans):
            answers.append(Answer(person.name, "", (), spans))
    if len(answers) < _FEWEST:
        return None
    note = f"{len(answers)} people say their names, one after another"
    return Attempt("cards", tuple(answers), notes=(note,))


def _goes_on(document: Document, index: int) -> bool:
    """Whether a block is still what somebody says of themselves: a list, a picture, or a paragraph with I or we in it."""
    block = document.blocks[index]
    if block.kind != "paragraph" or block.item >= 0:
        return block.kind in ("paragraph", "show")
    return document.speaks_of_self(document.content(block))


def _introduced(document: Document, block: Block) -> Person | None:
    """Who says their name in the first words of a paragraph."""
    if block.kind != "paragraph" or not block.lines or block.end - block.start < _SHORTEST:
        return None
    start = block.span[0]
    return says_name(document.text[start : min(block.end, start + 2 * _OPENING)])


def says_name(text: str) -> Person | None:
    """Who says their name in the first words of `text`, be it in passing where we know the name: "Hi! I'm Jane"."""
    head = visible(text)[:_OPENING]
    match = _introduction().match(head)
    run = RUN.match(head, match.end()) if match else None
    if match is None or run is None:
        return None
    behind = head[run.end() : run.end() + _NEAR]
    if said().match(behind.lstrip(" ,")):
        return None  # "I am Jane, said the girl"
    name = clean_name(run.group().rstrip("."))
    is_sure = is_known_person(name) or (match["said"] is not None and name_likeness(name) >= 0.5)
    return Person(name) if is_sure and name.casefold() not in words("people", "not_names") else None


@functools.cache
def _introduction() -> re.Pattern[str]:
    """A greeting, maybe, and words behind which somebody says their name."""
    said = alternatives(words("cues", "self_introduction"))
    short = alternatives(words("cues", "self_introduction_short"))
    greeting = alternatives(words("cues", "greetings"))
    return re.compile(
        rf"(?i)(?:(?:{greeting})(?!\w)[^.!?]{{0,30}}[!,.–— -]+\s*)?(?:(?P<said>{said})|{short})\s+(?=(?-i:[^\W\d_a-zа-яё]))"
    )

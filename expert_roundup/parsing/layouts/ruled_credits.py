"""Layout "quote, then name" between rules: lines of stars or dashes part what people say, and each piece closes with a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import DIVIDER, Block
from expert_roundup.parsing.layouts.credits import credit_person
from expert_roundup.parsing.layouts.regions import answer_spans, says_enough, unquoted
from expert_roundup.parsing.names import is_known_person, name_likeness
from expert_roundup.parsing.people import Person
from expert_roundup.parsing.questions import is_emphatic

#: a line of signs between two blocks
_DIVIDER = re.compile(rf"(?m)^{DIVIDER.pattern.removeprefix('(?m)')}")
#: pieces that make a habit, and the share of them that must close with a name
_FEWEST, _SHARE = 3, 0.7
#: the share of pieces in which somebody says I or we
_VOICE = 0.4
#: characters of the longest line that names somebody, and how like a name what it opens with must be
_LONGEST, _NAME = 200, 0.5


def recognise(document: Document) -> Attempt | None:
    """Read the pieces between rules that each close with whoever says them; None under three, or where most do not."""
    pieces = list(_pieces(document))
    if len(pieces) < _FEWEST:
        return None
    answers = [answer for piece in pieces if (answer := _answer(document, piece))]
    if len(answers) < max(_FEWEST, _SHARE * (len(pieces) - 1)):
        return None
    if document.n_speaking(answers) < _VOICE * len(answers):
        return None  # news have their writers below them too
    note = f"{len(answers)} pieces between rules, each closed by a name"
    return Attempt("quote_then_name", tuple(answers), notes=(note,), is_explicit=True)


def divides(document: Document, index: int) -> bool:
    """Whether a rule stands right behind block `index`: in the markup, or drawn with signs."""
    block = document.blocks[index]
    following = document.blocks[index + 1] if index + 1 < len(document.blocks) else None
    if following is None:
        return False
    gap = document.text[block.end : following.start]
    return following.kind == "rule" or (len(gap) < _LONGEST and _DIVIDER.search(gap) is not None)


def _pieces(document: Document) -> Iterator[list[Block]]:
    """What stands behind each rule, up to the next one or a heading."""
    piece: list[Block] | None = None
    for index, block in enumerate(document.blocks):
        if block.kind == "rule":
            if piece:
                yield piece
            piece = []
        elif block.kind == "heading":
            if piece:
                yield piece
            piece = None
        elif block.is_text and block.lines and piece is not None:
            piece.append(block)
        if divides(document, index) and block.kind != "rule":
            if piece:
                yield piece
            piece = []
    if piece:
        yield piece


def _answer(document: Document, piece: list[Block]) -> Answer | None:
    """What a piece says, by the one whom its last line names."""
    *words, credit = piece
    person = _credited(document, credit) if words else None
    if person is None or any(block.kind != "paragraph" for block in words):
        return None
    spans = unquoted(document.text, answer_spans(document, words[0].span[0], words[-1].span[1]))
    if not says_enough(document.text, spans):
        return None
    return Answer(person.name, person.role, ((credit.start, credit.end),), spans)


def _credited(document: Document, block: Block) -> Person | None:
    """Whom a short paragraph names, with a role or in emphasis."""
    if block.end - block.start > _LONGEST or block.quote >= 0:
        return None
    line = document.text[slice(*block.lines[0])].strip()
    person = credit_person(line.rstrip("."), strict=False)
    if person is None or name_likeness(person.name) < _NAME:
        return None
    return person if person.role or is_emphatic(line) or is_known_person(person.name) else None

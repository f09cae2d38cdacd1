"""Credits below: the line, item or paragraph under a quotation that names who gave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.layouts.credits import (
    credit_person,
    dashed_person,
    is_opened_by_credit,
    keyed_person,
    opens_marks,
)
from expert_roundup.parsing.names import is_known_person
from expert_roundup.parsing.people import Person
from expert_roundup.parsing.visible import n_words

#: short lines below block quotes that make a habit
_FEWEST_BELOW = 4
#: the share of quotations that a name must stand above, and characters of a line that may credit the last of them
_MOSTLY, _SHORT = 0.7, 80
#: characters of the longest paragraph that is a name with a role
_LONGEST_NAMED = 300
#: how a name in bold opens
_STRONG = ("**", "__", "<strong>", "<b>")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of quoted blocks and where in them the words end."""

    first: int  # index of its first block
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Credit:
    """Who a credit names, and where the words end that it credits."""

    person: Person
    end: int  # where the words end
    span: Span  # of the credit
    last: int  # index of the last block used


def credit_below(document: Document, piece: Piece) -> Credit | None:
    """Whom the block below a quotation credits: behind a dash, in emphasis or brackets, as an item of a list."""
    text, blocks = document.text, document.blocks
    index = piece.last + 1
    while index < len(blocks) and blocks[index].kind == "show":
        index += 1
    if index >= len(blocks) or not blocks[index].lines or blocks[index].kind not in ("paragraph", "heading"):
        return None
    below, last = blocks[index], blocks[piece.last]
    if below.quote >= 0 and below.quote == last.quote:
        return None
    if below.item >= 0 and last.item >= 0 and below.item != last.item:
        return None  # the next item of the list begins
    if below.item >= 0 > last.item:
        return _listed(document, piece, index)
    first_line = text[slice(*below.lines[0])]
    for credit in (text[below.start : below.lines[-1][1]], first_line):
        if person := dashed_person(credit):
            end = below.lines[0][1] if len(below.lines) > 1 else below.end
            return Credit(person, piece.end, (below.start, end), index)
    is_marked = last.quote >= 0 or first_line.startswith((*_STRONG, "(", "（"))
    is_marked = is_marked or is_opened_by_credit(text, below.start)
    is_marked = is_marked and not _names_stand_above(document)
    may_name = below.kind == "paragraph" and len(below.lines) <= 3 and below.end - below.start <= _LONGEST_NAMED
    if (
        is_marked
        and may_name
        and not document.content(below).rstrip().endswith((":", "："))
        and n_words(document.content(below)) <= 12
    ):
        person = _person_in(document, below, strict=True)
        if person is None and last.quote >= 0 and _names_stand_below(document):
            person = credit_person(first_line, strict=False)
        return Credit(person, piece.end, (below.start, below.end), index) if person else None
    return None


def _person_in(document: Document, block: Block, *, strict: bool) -> Person | None:
    """Whom a block as a whole credits, its lines read as one."""
    return credit_person(document.content(block).replace("\n", ", "), strict=strict)


def _names_stand_above(document: Document) -> bool:
    """Whether an emphatic name stands above the first block quote of the page, and none below its last one.

    Where a page has none, paragraphs that open with a quotation mark are what it quotes, and most must have a name above.
    """
    known = document.habits.get("names above")
    if known is None:
        shown = [block for block in document.blocks if block.kind != "show" and block.lines]
        quoted = [number for number, block in enumerate(shown) if block.quote >= 0]
        marked = [] if quoted else [number for number, block in enumerate(shown) if _opens(document, block)]
        first, last = (quoted or marked or [0])[0], (quoted or marked or [0])[-1]
        below = shown[last + 1] if (quoted or marked) and last + 1 < len(shown) else None
        if marked:
            # an introduction may open with a mark as well
            n_above = sum(_is_name(document, shown[number - 1]) for number in marked if number)
            is_above = n_above >= max(1, _MOSTLY * len(marked)) and not _is_short(below)
        else:
            is_above = _is_name(document, shown[first - 1] if first else None)
        known = document.habits["names above"] = is_above and not _is_name(document, below)
    return known


def _opens(document: Document, block: Block) -> bool:
    return opens_marks(document.text[block.span[0] : block.span[0] + 12])


def _is_short(block: Block | None) -> bool:
    return block is not None and block.end - block.start <= _SHORT


def _is_name(document: Document, block: Block | None) -> bool:
    """Whether a block is a name in emphasis, maybe with a role."""
    if block is None or block.kind != "paragraph" or block.end - block.start > _LONGEST_NAMED:
        return False
    return document.content(block).startswith((*_STRONG, "[")) and _person_in(document, block, strict=True) is not None


def _names_stand_below(document: Document) -> bool:
    """Whether most block quotes of the page have a short line below that ends no sentence: then it is the speaker's."""
    known = document.habits.get("names below")
    if known is None:
        n = n_short = 0
        for block, below in pairwise(document.blocks):
            if block.quote >= 0 and block.lines and below.quote != block.quote:
                line = (
                    document.text[slice(*below.lines[0])].strip() if below.kind == "paragraph" and below.lines else ""
                )
                n += 1
                n_short += 0 < len(line) <= 60 and line[0].isupper() and line[-1] not in ".?!:…,;。？！：，；"
        known = document.habits["names below"] = n_short >= max(_FEWEST_BELOW, 0.7 * n)
    return known


def _listed(document: Document, piece: Piece, index: int) -> Credit | None:
    """The speaker whom a list below a quotation names among when and where it was said: "- Speaker: Jane Doe"."""
    blocks = document.blocks
    found: Credit | None = None
    while index < len(blocks) and blocks[index].item >= 0 and blocks[index].quote < 0:
        block = blocks[index]
        if found is None and block.lines and block.end - block.start <= 200:
            is_alone = index + 1 >= len(blocks) or blocks[index + 1].item < 0
            person = keyed_person(document.shown(block)) or (_known(document, block) if is_alone else None)
            found = Credit(person, piece.end, (block.start, block.end), index) if person else None
        elif found:
            found = replace(found, last=index)
        index += 1
    return found


def _known(document: Document, block: Block) -> Person | None:
    """The known person whom an item alone names, as a dash would: "* Jane Doe, editor at Acme"."""
    person = _person_in(document, block, strict=True)
    return person if person and is_known_person(person.name) else None


def credit_in_class(document: Document, piece: Piece) -> Credit | None:
    """The short line below a block quote that its tag calls a credit: <p class="author">."""
    index = piece.last + 1
    if index >= len(document.blocks) or document.blocks[piece.last].quote < 0:
        return None
    below = document.blocks[index]
    if not below.lines or below.end - below.start > 200 or not is_opened_by_credit(document.text, below.start):
        return None
    person = _person_in(document, below, strict=False)
    return Credit(person, piece.end, (below.start, below.end), index) if person else None

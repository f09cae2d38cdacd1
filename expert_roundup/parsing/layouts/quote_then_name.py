"""Layouts "quote_then_name" and "cards": the answer first, then who gave it ("> I start small." and "— Jane Doe, Acme")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.layouts.credits import (
    closing_person,
    credit_behind_stop,
    credit_person,
    dashed_person,
    inline_credit,
    is_opened_by_credit,
    keyed_person,
    opens_marks,
    tagged_credit,
)
from expert_roundup.parsing.layouts.regions import answer_spans, says_enough, unquoted
from expert_roundup.parsing.names import is_known_person
from expert_roundup.parsing.people import Person
from expert_roundup.parsing.visible import n_words

#: short lines below block quotes that make a habit
_FEWEST_BELOW = 4
_MARKS = {"“": "”", "«": "»", "„": "“", "「": "」", "『": "』"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of quoted blocks and where in them the words end."""

    first: int  # index of its first block
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Credit:
    person: Person
    end: int  # where the words end
    span: Span  # of the credit
    last: int  # index of the last block used


#: characters of the longest paragraph that is a name with a role
_LONGEST_NAMED = 300


def recognise(document: Document) -> Attempt | None:
    """Read `document` as quotes followed by their speakers; None where fewer than two are."""
    answers: list[Answer] = []
    n_cards = 0
    used = -1
    for first, last in _pieces(document):
        if first > used and (found := credited_quote(document, first, last)):
            answer, used = found
            answers.append(answer)
            n_cards += _is_html(document, document.blocks[first])
    if len(answers) < 2:
        return None
    layout = "cards" if n_cards * 2 > len(answers) else "quote_then_name"
    note = f"{len(answers)} quotes with the speaker behind them"
    return Attempt(layout, tuple(answers), notes=(note,), is_explicit=True)


def credited_quote(document: Document, first: int, last: int) -> tuple[Answer, int] | None:
    """The block quote of blocks `first` to `last` with the speaker whom its credit names, and the last block used."""
    if (first, last) not in document.credited:
        document.credited[first, last] = _credited_quote(document, first, last)
    return document.credited[first, last]


def _credited_quote(document: Document, first: int, last: int) -> tuple[Answer, int] | None:
    while last > first and not document.blocks[last].lines:
        last -= 1
    piece = _Piece(first, last, document.blocks[first].span[0], document.blocks[last].span[1])
    credit = _credit(document, piece)
    if credit is None:
        return None
    spans = unquoted(document.text, answer_spans(document, piece.start, credit.end))
    if not says_enough(document.text, spans):
        return None
    return Answer(credit.person.name, credit.person.role, (credit.span,), spans), credit.last


def _is_html(document: Document, block: Block) -> bool:
    """Whether a quoted block stands in raw HTML: no "> " opens it."""
    head = document.text[block.start : block.lines[0][0]]
    return head.lstrip().startswith("<") or (block.quote >= 0 and ">" not in head and block.start == block.lines[0][0])


def _pieces(document: Document) -> Iterator[tuple[int, int]]:
    """First and last block of block quotes, and of paragraphs that open with a quotation mark or emphasis."""
    blocks = document.blocks
    index = 0
    while index < len(blocks):
        block = blocks[index]
        last = index
        if block.lines and block.is_text and block.kind != "row":
            if block.quote >= 0:
                last = _end_of_quote(document, index)
                yield index, last
            elif block.kind == "paragraph" and _opens_quote(document.text, block):
                while last + 1 < len(blocks) and _goes_on(document, block, blocks[last], blocks[last + 1]):
                    last += 1
                yield index, last
        index = last + 1


def _end_of_quote(document: Document, index: int) -> int:
    last = document.end_of_quote(index)
    while last > index and not document.blocks[last].lines:
        last -= 1
    return last


def _opens_quote(text: str, block: Block) -> bool:
    head = text[block.lines[0][0] : block.lines[0][0] + 12]
    return opens_marks(head) or (head[:1] in "*_" and head[1:2] not in (" ", "*", "_", ""))


def _goes_on(document: Document, first: Block, block: Block, following: Block) -> bool:
    """Whether a quotation that a paragraph leaves open goes on in the next one."""
    head = document.text[first.lines[0][0] : first.lines[0][0] + 6].lstrip("*_ \\")
    closing = _MARKS.get(head[:1])
    if closing is None or following.kind != "paragraph" or following.quote >= 0 or not following.lines:
        return False
    return closing not in document.content(block)[-200:] and following.start - first.start < 6_000


def _credit(document: Document, piece: _Piece) -> _Credit | None:
    """Who is credited for a piece: inside it at its end, else in the block below."""
    readers = (_lines_of_credit, _inside, _in_class_of_credits, _below)
    return next((credit for read in readers if (credit := read(document, piece))), None)


def _in_class_of_credits(document: Document, piece: _Piece) -> _Credit | None:
    """The short line below a block quote that its tag calls a credit: <p class="author">."""
    index = piece.last + 1
    if index >= len(document.blocks) or document.blocks[piece.last].quote < 0:
        return None
    below = document.blocks[index]
    opening = document.text[max(0, below.start - 300) : below.start]
    if not below.lines or below.end - below.start > 200 or not is_opened_by_credit(opening):
        return None
    person = credit_person(document.content(below).replace("\n", ", "), strict=False)
    return _Credit(person, piece.end, (below.start, below.end), index) if person else None


def _below(document: Document, piece: _Piece) -> _Credit | None:
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
            return _Credit(person, piece.end, (below.start, end), index)
    is_marked = last.quote >= 0 or first_line.startswith(("**", "__", "<strong>", "<b>", "(", "（"))
    is_marked = is_marked and not _names_stand_above(document)
    may_name = below.kind == "paragraph" and len(below.lines) <= 3 and below.end - below.start <= 300
    if (
        is_marked
        and may_name
        and not document.content(below).rstrip().endswith((":", "："))
        and n_words(document.content(below)) <= 12
    ):
        person = credit_person(document.content(below).replace("\n", ", "), strict=True)
        if person is None and last.quote >= 0 and _names_stand_below(document):
            person = credit_person(first_line, strict=False)
        return _Credit(person, piece.end, (below.start, below.end), index) if person else None
    return None


def _names_stand_above(document: Document) -> bool:
    """Whether an emphatic name stands above the first block quote of the page, and none below its last one."""
    known = document.habits.get("names above")
    if known is None:
        shown = [block for block in document.blocks if block.kind != "show" and block.lines]
        quoted = [number for number, block in enumerate(shown) if block.quote >= 0]
        first, last = (quoted[0], quoted[-1]) if quoted else (0, 0)
        above = shown[first - 1] if first else None
        below = shown[last + 1] if quoted and last + 1 < len(shown) else None
        known = document.habits["names above"] = _is_name(document, above) and not _is_name(document, below)
    return known


def _is_name(document: Document, block: Block | None) -> bool:
    """Whether a block is a name in emphasis, maybe with a role."""
    if block is None or block.kind != "paragraph" or block.end - block.start > _LONGEST_NAMED:
        return False
    content = document.content(block)
    return (
        content.startswith(("**", "__", "<strong>", "<b>"))
        and credit_person(content.replace("\n", ", "), strict=True) is not None
    )


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
                n_short += 0 < len(line) <= 60 and line[0].isupper() and line[-1] not in ".?!:…,;"
        known = document.habits["names below"] = n_short >= max(_FEWEST_BELOW, 0.7 * n)
    return known


def _listed(document: Document, piece: _Piece, index: int) -> _Credit | None:
    """The speaker whom a list below a quotation names among when and where it was said: "- Speaker: Jane Doe"."""
    blocks = document.blocks
    found: _Credit | None = None
    while index < len(blocks) and blocks[index].item >= 0 and blocks[index].quote < 0:
        block = blocks[index]
        if found is None and block.lines and block.end - block.start <= 200:
            is_alone = index + 1 >= len(blocks) or blocks[index + 1].item < 0
            person = keyed_person(document.shown(block)) or (_known(document, block) if is_alone else None)
            found = _Credit(person, piece.end, (block.start, block.end), index) if person else None
        elif found:
            found = replace(found, last=index)
        index += 1
    return found


def _known(document: Document, block: Block) -> Person | None:
    """The known person whom an item alone names, as a dash would: "* Jane Doe, editor at Acme"."""
    person = credit_person(document.content(block).replace("\n", ", "), strict=True)
    return person if person and is_known_person(person.name) else None


def _inside(document: Document, piece: _Piece) -> _Credit | None:
    text, last = document.text, document.blocks[piece.last]
    start, end = last.lines[-1]
    line = text[start:end]
    is_alone = piece.first == piece.last and len(last.lines) == 1
    marker = text[last.start : last.lines[0][0]].rstrip()
    if (
        last.item >= 0
        and not is_alone
        and marker.endswith(("-", "–", "—"))
        and (person := credit_person(line, strict=False))
    ):
        return _Credit(person, _before(document, piece, last), (last.start, last.end), piece.last)
    if not is_alone and (person := dashed_person(line)):
        return _Credit(person, _before_line(document, piece, last), (start, last.end), piece.last)
    first = last.lines[0][0]
    if tagged := tagged_credit(text[first:end]):
        cut = first + tagged[0]
        if cut > first:
            return _Credit(tagged[1], cut, (cut, last.end), piece.last)
        if piece.first < piece.last:
            return _Credit(tagged[1], _before(document, piece, last), (last.start, last.end), piece.last)
    is_credit = piece.first < piece.last and is_opened_by_credit(text[max(0, last.start - 300) : last.start])
    if is_credit and (person := credit_person(text[first:end], strict=False)):
        return _Credit(person, _before(document, piece, last), (last.start, last.end), piece.last)
    window = max(piece.start, end - 460)
    if inline := inline_credit(text[window:end]):
        return _Credit(inline[1], window + inline[0], (window + inline[0], last.end), piece.last)
    if last.quote >= 0 and not is_alone and (person := closing_person(line, is_paragraph=len(last.lines) == 1)):
        return _Credit(person, _before_line(document, piece, last), (start, last.end), piece.last)
    if last.quote >= 0 and (behind := credit_behind_stop(line)):
        return _Credit(behind[1], start + behind[0], (start + behind[0], last.end), piece.last)
    return None


def _lines_of_credit(document: Document, piece: _Piece) -> _Credit | None:
    """Whom the last paragraph of a block quote names in emphasis or a link, with lines of role below."""
    last = document.blocks[piece.last]
    if last.quote < 0 or piece.first == piece.last or not 1 < len(last.lines) <= 3 or last.end - last.start > 200:
        return None
    first, second = (document.text[slice(*line)] for line in last.lines[:2])
    person = closing_person(first, is_paragraph=True) if first.startswith(("*", "_", "[")) else None
    if person is None:
        return None
    person = replace(person, role=person.role or second.strip(" *_"))
    return _Credit(person, _before(document, piece, last), (last.start, last.end), piece.last)


def _before_line(document: Document, piece: _Piece, last: Block) -> int:
    """Where the words end when the credit is the last line of block `last`."""
    return last.lines[-2][1] if len(last.lines) > 1 else _before(document, piece, last)


def _before(document: Document, piece: _Piece, last: Block) -> int:
    """Where the words end when block `last` is the credit."""
    index = piece.last
    while index > piece.first and (document.blocks[index].start >= last.start or not document.blocks[index].lines):
        index -= 1
    return document.blocks[index].lines[-1][1]

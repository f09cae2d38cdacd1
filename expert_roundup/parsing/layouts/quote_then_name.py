"""Layouts "quote_then_name" and "cards": the answer first, then who gave it ("> I start small." and "— Jane Doe, Acme")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.layouts.regions import answer_spans, n_words, stripped, unquoted
from expert_roundup.parsing.people import Person, name_likeness, split_person, visible

#: a dash that opens a credit line, as a character, an entity or an escaped hyphen
_DASH = r"(?:&mdash;|&ndash;|&#8212;|&#8211;|\\?[-–—―~]{1,3}|\\-)"
_CREDIT_LINE = re.compile(rf"^\s*(?:<[^<>]+>\s*)*(?:[*_]{{1,3}})?\s*{_DASH}\s*(?P<who>\S.*)$", re.S)
#: a credit behind the closing quotation mark on the same line: "..." - Jane Doe
_CREDIT_INLINE = re.compile(rf"(?P<close>[”\"»’'*_」』](?:[*_]{{0,3}}))\s*(?:<br\s*/?>)?\s*{_DASH}\s*(?P<who>[^\n]{{2,160}}?)\s*[*_]{{0,3}}\s*$", re.S)
_CREDIT_TAG = re.compile(r"(?is)<(?P<tag>cite|footer|span|figcaption|small|p)\b[^<>]*>\s*(?P<who>[^<>]*(?:<(?!/?(?P=tag)\b)[^<>]*>[^<>]*)*)</(?P=tag)>\s*$")
_QUOTED = re.compile(r"^\s*[*_]{0,3}\s*(?:\\?[\"“”„«»「『‘]|&ldquo;|&quot;|<q>)")
#: the longest credit, in words
_MOST_WORDS = 22


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of quoted blocks and where in them the words end."""

    first: int  # index of its first block
    last: int
    start: int
    end: int


def recognise(document: Document) -> Attempt | None:
    """Read `document` as quotes followed by their speakers; None where fewer than two are."""
    answers: list[Answer] = []
    n_cards = 0
    used = -1
    for piece in _pieces(document):
        if piece.first <= used:
            continue
        found = _credited(document, piece)
        if found is None:
            continue
        person, end, credit, used = found
        spans = unquoted(document.text, answer_spans(document, piece.start, end))
        if not spans or sum(n_words(document.text[slice(*span)]) for span in spans) < 3:
            continue
        n_cards += document.text[document.blocks[piece.first].start : piece.start].lstrip().startswith("<") or _is_html(document, piece)
        answers.append(Answer(person.name, person.role, (credit,), spans))
    if len(answers) < 2:
        return None
    layout = "cards" if n_cards * 2 > len(answers) else "quote_then_name"
    return Attempt(layout, tuple(answers), notes=(f"{len(answers)} quotes with the speaker behind them",))


def recognise_credits(document: Document) -> Attempt | None:
    """Read plain paragraphs closed by a credit line of their own ("-- Jane Doe"); None where fewer than two are."""
    answers: list[Answer] = []
    said: list[Block] = []
    for block in document.blocks:
        if block.kind == "show":
            continue
        if block.kind != "paragraph" or block.quote >= 0 or block.item >= 0 or not block.lines:
            said = []
            continue
        content = document.content(block)
        credit = _CREDIT_LINE.match(content) if len(block.lines) == 1 else None
        if credit is None:
            # a number of its own parts one quotation from the next
            said = [] if re.fullmatch(r"\W*\d{1,3}\W*", content) else [*said, block]
            continue
        person = _person(credit["who"], strict=False)
        if person and said:
            spans = unquoted(document.text, answer_spans(document, said[0].lines[0][0], said[-1].lines[-1][1]))
            if spans and sum(n_words(document.text[slice(*span)]) for span in spans) >= 3:
                answers.append(Answer(person.name, person.role, ((block.start, block.end),), spans))
        said = []
    # what stands above the first credit may be the page's own introduction: as long as the others at most
    if len(answers) < 2:
        return None
    return Attempt("quote_then_name", tuple(answers), notes=(f"{len(answers)} paragraphs with a credit line below",))


def _is_html(document: Document, piece: _Piece) -> bool:
    block = document.blocks[piece.first]
    return block.quote >= 0 and ">" not in document.text[block.start : block.lines[0][0]] and block.start == block.lines[0][0]


def _pieces(document: Document) -> Iterator[_Piece]:
    """Block quotes, and paragraphs that open with a quotation mark or are emphatic as a whole."""
    blocks = document.blocks
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if not block.lines or not block.is_text or block.kind == "row":
            index += 1
            continue
        last = index
        if block.quote >= 0:
            while last + 1 < len(blocks) and blocks[last + 1].quote == block.quote:
                last += 1
            while last > index and not blocks[last].lines:
                last -= 1
            yield _Piece(index, last, block.lines[0][0], blocks[last].lines[-1][1])
        elif block.kind == "paragraph" and _opens_quote(document.text, block):
            while last + 1 < len(blocks) and _goes_on(document, blocks[index], blocks[last], blocks[last + 1]):
                last += 1
            yield _Piece(index, last, block.lines[0][0], blocks[last].lines[-1][1])
        index = last + 1


def _opens_quote(text: str, block: Block) -> bool:
    head = text[block.lines[0][0] : block.lines[0][0] + 12]
    return _QUOTED.match(head) is not None or (head[:1] in "*_" and head[1:2] not in (" ", "*", "_", ""))


def _goes_on(document: Document, first: Block, block: Block, following: Block) -> bool:
    """A quotation that a paragraph leaves open goes on in the next one."""
    text = document.text
    head = text[first.lines[0][0] : first.lines[0][0] + 6].lstrip("*_ \\")
    marks = {"“": "”", "«": "»", "„": "“", "「": "」", "『": "』"}
    closing = marks.get(head[:1])
    if closing is None or following.kind != "paragraph" or following.quote >= 0 or not following.lines:
        return False
    said = document.content(block)
    return closing not in said[-200:] and following.start - first.start < 6_000


def _credited(document: Document, piece: _Piece) -> tuple[Person, int, Span, int] | None:
    """Who is credited, where the words end, where the credit stands, and the last block used."""
    text = document.text
    blocks = document.blocks
    last = blocks[piece.last]
    # inside: the last line of the quote, a tag at its end, or behind the closing mark
    if found := _inside(document, piece, last):
        return *found, piece.last
    # below: the next block outside
    index = piece.last + 1
    while index < len(blocks) and blocks[index].kind == "show":
        index += 1
    if index >= len(blocks) or not blocks[index].lines or blocks[index].kind not in ("paragraph", "heading"):
        return None
    below = blocks[index]
    if below.quote >= 0 and below.quote == last.quote:
        return None
    first_line = text[slice(*below.lines[0])]
    dashed = _CREDIT_LINE.match(text[below.start : below.lines[-1][1]]) or _CREDIT_LINE.match(first_line)
    if dashed and (person := _person(dashed["who"].split("\n")[0], strict=False)):
        return person, piece.end, (below.start, below.lines[0][1] if len(below.lines) > 1 and "\n" in dashed["who"] else below.end), index
    is_short = len(below.lines) <= 3 and n_words(document.content(below)) <= 12
    if is_short and last.quote >= 0 and below.kind == "paragraph" and not first_line.rstrip().endswith((":", "：")):
        if person := _person(document.content(below).replace("\n", ", "), strict=True):
            return person, piece.end, (below.start, below.end), index
    return None


def _inside(document: Document, piece: _Piece, last: Block) -> tuple[Person, int, Span] | None:
    text = document.text
    start, end = last.lines[-1]
    line = text[start:end]
    whole = text[last.lines[0][0] : last.lines[-1][1]]
    is_alone = piece.first == piece.last and len(last.lines) == 1
    marker = text[last.start : last.lines[0][0]].rstrip()
    if last.item >= 0 and not is_alone and marker.endswith(("-", "–", "—")) and (person := _person(line, strict=False)):
        return person, _before(document, piece, last), (last.start, last.end)
    if not is_alone and (match := _CREDIT_LINE.match(line)) and (person := _person(match["who"], strict=False)):
        return person, _before_line(document, piece, last), (start, last.end)
    if (match := _CREDIT_TAG.search(whole)) and match.start() > 0 and (person := _person(re.sub(rf"^\s*{_DASH}\s*", "", visible(match["who"])), strict=False)):
        return person, last.lines[0][0] + match.start(), (last.lines[0][0] + match.start(), last.end)
    if (match := _CREDIT_TAG.fullmatch(whole)) and piece.first < piece.last and (person := _person(re.sub(rf"^\s*{_DASH}\s*", "", visible(match["who"])), strict=False)):
        return person, _before(document, piece, last), (last.start, last.end)
    tail = text[max(piece.start, end - 220) : end]
    if (match := _CREDIT_INLINE.search(tail)) and (person := _person(match["who"], strict=False)):
        cut = max(piece.start, end - 220) + match.end("close")
        return person, cut, (cut, last.end)
    if last.quote >= 0 and not is_alone and re.fullmatch(r"\s*([*_]{1,3})[^*_]+\1[^*_]{0,60}", line):
        if (person := _person(line, strict=True)) :
            return person, _before_line(document, piece, last), (start, last.end)
    # an em dash inside the last line of a block quote: > I start small. — Jane Doe
    if last.quote >= 0 and (match := re.search(rf"(?<=[.!?…”\"»'’*_)])\s+{_DASH}\s*(?P<who>[^\n.!?]{{2,90}})$", line)):
        if person := _person(match["who"], strict=True):
            return person, start + match.start(), (start + match.start(), last.end)
    return None


def _before_line(document: Document, piece: _Piece, last: Block) -> int:
    """Where the words end when the credit is the last line of block `last`."""
    if len(last.lines) > 1:
        return last.lines[-2][1]
    return _before(document, piece, last)


def _before(document: Document, piece: _Piece, last: Block) -> int:
    index = piece.last
    while index > piece.first and (document.blocks[index].start >= last.start or not document.blocks[index].lines):
        index -= 1
    return document.blocks[index].lines[-1][1]


def _person(credit: str, *, strict: bool) -> Person | None:
    """The person a credit names; `strict` asks for the look of a name, else any short credit will do."""
    shown = visible(credit).strip()
    if not shown or n_words(shown) > _MOST_WORDS or len(shown) > 200:
        return None
    person = split_person(shown)
    if name_likeness(person.name) >= (0.8 if strict else 0.3):
        return person
    if strict or shown.endswith(("?", "!", ":", "…", ",")):
        return None
    # behind a dash any few words name the speaker: a pseudonym, or only what they are
    name = person.name if person.name and n_words(person.name) <= 4 else shown.strip(" .")
    return Person(name, person.role if name == person.name else "") if n_words(name) <= 12 else None


__all__: Sequence[str] = ("recognise", "stripped")

"""Layouts "quote_then_name" and "cards": the answer first, then who gave it ("> I start small." and "— Jane Doe, Acme")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.layouts.credits import (
    closing_person,
    credit_behind_stop,
    credit_person,
    dashed_person,
    inline_credit,
    is_opened_by_credit,
    opens_marks,
    tagged_credit,
)
from expert_roundup.parsing.layouts.credits_below import Credit, Piece, credit_below, credit_in_class
from expert_roundup.parsing.layouts.regions import answer_spans, says_enough, stripped, unquoted
from expert_roundup.parsing.layouts.section_quotes import in_marks
from expert_roundup.parsing.names import is_known_person, name_likeness
from expert_roundup.parsing.visible import visible

#: a heading that is a link and nothing else
_LINKED = re.compile(r"\[[^\[\]]+\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
#: pictures in a link behind a credit, and characters of them
_LOGO = re.compile(r"(?:\s|<br\s{0,3}/?>){0,9}<a\b[^<>]*>\s{0,9}<img\b[^<>]*>?\s{0,9}(?:</a>?)?\s*$")
_LONGEST_LOGO = 600
#: the address that a social network writes behind words for a picture or a page, bare or as a link
_MEDIA = re.compile(
    r"\s*(?:<a\b[^<>]*>\s*)?(?:\[(?:https?://t\.co/\w+|pic\.twitter\.com/\w+)\]\([^()\s]*\)|(?:https?://t\.co|pic\.twitter\.com)/\w+)"
    r"(?:\s*</a>)?\s*$"
)
#: a few words behind a closing mark, and characters in which they stand
_BEHIND_MARK = re.compile(
    r"(?P<close>[”»\"][*_]{0,3})[ \t\u00a0]+(?P<who>[^\W\d_a-z][^\s.,;:!?»”\"]*(?: [^\s.;:!?»”\"]+){0,6})\s*$"
)
_LONGEST_CREDIT = 100
#: characters of a heading that is a quotation
_SHORTEST = 20
#: what closes a sentence or words in marks
_STOPS = (*'.!?:…。！？”"»“',)
#: the share of them in which somebody says I or we: titles of talks have their speakers behind them too
_VOICE = 0.4
#: paragraphs that make a habit of it, and their share of those in marks
_FEWEST, _SHARE = 3, 0.6
#: how like a name a credit must be that parts a block quote
_NAME = 0.8
#: a line of breaks
_BREAKS = re.compile(r"(?i)(?:\s*<br\s*/?>)+\s*")
#: the last word before <cite>
_CITED = re.compile(r"(?P<before>[^\s,<>]{1,60})\s{0,9}<cite\b[^<>]*>\s*(?=[^\s,])")
_MARKS = {"“": "”", "«": "»", "„": "“", "「": "」", "『": "』"}


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
    if _is_teaser(document, first, last):
        return None
    end = _before_logo(document.text, *document.blocks[last].span)
    piece = Piece(first, last, document.blocks[first].span[0], end)
    if not any(line[0] < piece.end for line in document.blocks[last].lines):
        return None  # a picture and nothing else
    credit = _credit(document, piece)
    if credit is None:
        return None
    spans = _without_media(document.text, unquoted(document.text, answer_spans(document, piece.start, credit.end)))
    if not says_enough(document.text, spans) or _is_credit(document.text[spans[0][0] : spans[-1][1]]):
        return None
    return Answer(credit.person.name, credit.person.role, (credit.span,), spans), credit.last


def _is_credit(said: str) -> bool:
    """Whether what is left of a block quote is a credit as well: a page shows whose words they are in a picture."""
    return len(said) <= _LONGEST_CREDIT and dashed_person(said) is not None


def _without_media(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans without the address of a picture that closes what was written on a social network."""
    if not spans or text.find("t.co/", *spans[-1]) < 0:
        return spans
    start, end = spans[-1]
    while (media := _MEDIA.search(text, max(start, end - _LONGEST_CREDIT), end)) and media.start() > start:
        end = media.start()
    return (*spans[:-1], stripped(text, start, end))


def _before_logo(text: str, start: int, end: int) -> int:
    """Where a paragraph ends before the linked picture of a firm, in raw HTML."""
    place = max(start, end - _LONGEST_LOGO)
    logo = _LOGO.search(text, place, end) if text.find("<img", place, end) >= 0 else None
    return logo.start() if logo else end


def _is_teaser(document: Document, first: int, last: int) -> bool:
    """Whether a box holds the linked title of another page, its author below: headings that are links say nothing."""
    headings = [document.content(block) for block in document.blocks[first : last + 1] if block.kind == "heading"]
    return any(_LINKED.fullmatch(heading.strip()) for heading in headings)


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
                yield from _quotes_in(document, index, last)
            elif block.kind == "paragraph" and _opens_quote(document.text, block):
                while last + 1 < len(blocks) and _goes_on(document, block, blocks[last], blocks[last + 1]):
                    last += 1
                yield index, last
            elif block.kind == "heading" and len(shown := document.shown(block)) > _SHORTEST and _is_marked(shown):
                yield index, index  # large type, as on posters
        index = last + 1


def _is_marked(shown: str) -> bool:
    """Whether visible text stands in quotation marks as a whole, straight or typographic."""
    return len(shown) > 1 and shown[0] in ('"', *_MARKS) and shown[-1] in (_MARKS.get(shown[0], '"'), '"')


def _quotes_in(document: Document, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The block quote of blocks `first` to `last`; several where credits close parts of it."""
    begin, closing = first, []
    for index in range(first + 1, last + 1):
        block = document.blocks[index]
        if block.kind == "paragraph" and len(block.lines) == 1 and begin < index and _is_name(document.content(block)):
            closing.append((begin, index))
            begin = index + 1
    if len(closing) < 2 or closing[-1][1] < last:
        closing = [(first, last)]
    yield from closing


def _is_name(line: str) -> bool:
    """Whether a line is a dash and a name."""
    person = dashed_person(line) if len(line) <= _LONGEST_CREDIT else None
    return person is not None and (is_known_person(person.name) or name_likeness(person.name) >= _NAME)


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
    tail = document.content(block)[-200:]
    # who writes “ may close with the straight mark
    is_closed = closing in tail or (closing == "”" and '"' in tail)
    return not is_closed and following.start - first.start < 6_000


def _credit(document: Document, piece: Piece) -> Credit | None:
    """Who is credited for a piece: inside it at its end, else in the block below."""
    readers = (_lines_of_credit, _inside, _below_marks, _behind_mark, credit_in_class, credit_below)
    return next((credit for read in readers if (credit := read(document, piece))), None)


def _inside(document: Document, piece: Piece) -> Credit | None:
    text, last = document.text, document.blocks[piece.last]
    start, end = next(line for line in reversed(last.lines) if line[0] < piece.end)
    end = min(end, piece.end)
    line = text[start:end]
    is_alone = piece.first == piece.last and len(last.lines) == 1
    marker = text[last.start : last.lines[0][0]].rstrip()
    if (
        last.item >= 0
        and not is_alone
        and marker.endswith(("-", "–", "—"))
        and (person := credit_person(line, strict=False))
    ):
        return Credit(person, _before(document, piece, last), (last.start, last.end), piece.last)
    if not is_alone and (person := dashed_person(_with_comma(line))):
        return Credit(person, _before_line(document, piece, last), (start, last.end), piece.last)
    first = last.lines[0][0]
    is_credit = piece.first < piece.last and is_opened_by_credit(text, last.start)
    if is_credit and (person := credit_person(_with_comma(text[first:end]), strict=False)):
        return Credit(person, _before(document, piece, last), (last.start, last.end), piece.last)
    if tagged := tagged_credit(text[first:end]):
        cut = first + tagged[0]
        if cut > first:
            return Credit(tagged[1], cut, (cut, last.end), piece.last)
        if piece.first < piece.last:
            return Credit(tagged[1], _before(document, piece, last), (last.start, last.end), piece.last)
    window = max(piece.start, end - 460)
    if inline := inline_credit(text[window:end]):
        return Credit(inline[1], window + inline[0], (window + inline[0], last.end), piece.last)
    if last.quote >= 0 and not is_alone and (person := closing_person(line, is_paragraph=len(last.lines) == 1)):
        return Credit(person, _before_line(document, piece, last), (start, last.end), piece.last)
    if last.quote >= 0 and (behind := credit_behind_stop(line)):
        return Credit(behind[1], start + behind[0], (start + behind[0], last.end), piece.last)
    return None


def _with_comma(credit: str) -> str:
    """A credit with a comma before what <cite> holds, unless a small word ties it to what stands before."""
    if "<cite" not in credit or len(credit) > _LONGEST_CREDIT:
        return credit
    return _CITED.sub(lambda cited: cited["before"] + (" " if cited["before"].islower() else ", "), credit)


def _below_marks(document: Document, piece: Piece) -> Credit | None:
    """Whom the last line of a block quote credits, on a page whose block quotes hold words in marks and such a line."""
    last = document.blocks[piece.last]
    if piece.first == piece.last and last.quote >= 0 and len(last.lines) > 1:
        return _line_below_marks(document, piece)
    if piece.first == piece.last or len(last.lines) > 1 or not _close_with_lines(document):
        return None
    person = credit_person(document.content(last), strict=False)
    return Credit(person, _before(document, piece, last), (last.start, last.end), piece.last) if person else None


def _line_below_marks(document: Document, piece: Piece) -> Credit | None:
    """Whom the last line of a quoted paragraph credits whose other lines are words in marks, maybe linked."""
    text, last = document.text, document.blocks[piece.last]
    start, end = last.lines[-1]
    words, credit = visible(text[piece.start : last.lines[-2][1]]), text[start:end]
    if len(credit) > _LONGEST_CREDIT or not _is_marked(words):
        return None
    person = credit_person(credit, strict=False)
    return Credit(person, last.lines[-2][1], (start, last.end), piece.last) if person else None


def _behind_mark(document: Document, piece: Piece) -> Credit | None:
    """Whom a few words behind the closing mark credit, on a page that does so throughout."""
    last = document.blocks[piece.last]
    if piece.first < piece.last or len(last.lines) > 1 or not _close_behind_marks(document):
        return None
    window = max(piece.start, last.lines[0][1] - _LONGEST_CREDIT)
    match = _BEHIND_MARK.search(document.text[window : last.lines[0][1]])
    person = credit_person(match["who"], strict=False) if match else None
    if match is None or person is None:
        return None
    return Credit(person, window + match.end("close"), (window + match.start("who"), last.end), piece.last)


def _close_with_lines(document: Document) -> bool:
    """Whether most block quotes of the page hold words in marks and below them a line that is none."""
    known = document.habits.get("lines in quotes")
    if known is None:
        n = 0
        for first, last in document.block_quotes:
            *words, below = [block for block in document.blocks[first : last + 1] if block.lines]
            shown = document.shown(below)
            is_line = len(below.lines) == 1 and len(shown) <= _LONGEST_CREDIT and shown[-1:] not in _STOPS
            n += bool(words) and is_line and all(in_marks(document, block) for block in words)
        known = document.habits["lines in quotes"] = n >= max(_FEWEST, _SHARE * len(document.block_quotes))
    return known


def _close_behind_marks(document: Document) -> bool:
    """Whether most paragraphs in quotation marks close with a few words that credit them, as no sentence does."""
    known = document.habits.get("behind marks")
    if known is None:
        opened = [
            line
            for block in document.blocks
            if block.kind == "paragraph" and len(block.lines) == 1 and block.quote < 0
            if opens_marks((line := document.content(block))[:4])
        ]
        closed = [line for line in opened if _BEHIND_MARK.search(line[-_LONGEST_CREDIT:])]
        speaking = sum(map(document.speaks_of_self, closed))
        is_habit = len(closed) >= max(_FEWEST, _SHARE * len(opened)) and speaking >= _VOICE * len(closed)
        known = document.habits["behind marks"] = is_habit
    return known


def _lines_of_credit(document: Document, piece: Piece) -> Credit | None:
    """Whom the last paragraph of a block quote names in emphasis or a link, with lines of role below."""
    last = document.blocks[piece.last]
    if last.quote < 0 or piece.first == piece.last or not 1 < len(last.lines) <= 3 or last.end - last.start > 200:
        return None
    first, second = (document.text[slice(*line)] for line in last.lines[:2])
    person = closing_person(first, is_paragraph=True) if first.startswith(("*", "_", "[")) else None
    if person is None:
        return None
    person = replace(person, role=person.role or second.strip(" *_"))
    return Credit(person, _before(document, piece, last), (last.start, last.end), piece.last)


def _before_line(document: Document, piece: Piece, last: Block) -> int:
    """Where the words end when the credit is the last line of block `last` before the piece ends."""
    above = [line for line in last.lines if line[0] < piece.end][:-1]
    while above and _BREAKS.fullmatch(document.text, *above[-1]):
        above.pop()
    return above[-1][1] if above else _before(document, piece, last)


def _before(document: Document, piece: Piece, last: Block) -> int:
    """Where the words end when block `last` is the credit."""
    index = piece.last
    while index > piece.first and (document.blocks[index].start >= last.start or not document.blocks[index].lines):
        index -= 1
    return document.blocks[index].lines[-1][1]

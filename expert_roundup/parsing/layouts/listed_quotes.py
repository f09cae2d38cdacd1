"""Layout "quote_then_name" in lists: items that a name behind a dash closes ("- Work where you do not sleep - Jane")."""

from __future__ import annotations

import re
from statistics import median

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block
from expert_roundup.parsing.knowledge import addresses
from expert_roundup.parsing.layouts.credits import credit_person
from expert_roundup.parsing.layouts.regions import answer_spans, says_enough, unquoted
from expert_roundup.parsing.names import is_known_person
from expert_roundup.parsing.visible import n_words

_CREDIT = re.compile(r"\s(?:[-–—]{1,3}|&[mn]dash;)\s*(?P<who>[^\n.!?:]{2,60})$")
#: a link at the beginning, which is the title of something that somebody wrote, and what follows it
_TITLE = re.compile(r"[*_]{0,3}\[(?P<title>[^\]]*)\]\([^()]*\)[*_]{0,3}(?P<rest>.*)$", re.S)
#: items that make a habit of it, their share of all items of the page, and that of those in which somebody says I, we or you
_FEWEST, _SHARE, _VOICE = 3, 0.4, 0.5
#: words of a typical item: what is said, and no title with its author
_TYPICAL = 9
#: items of more than one sentence, as no title and no change has them
_SENTENCES, _STOP = 2, re.compile(r"[.!?。！？][\"”»)*_]{0,3}\s*(?=\S)")
#: the hour of a talk
_TIME = re.compile(r"\W*\d{1,2}[:.h]\d{2}")


def recognise(document: Document) -> Attempt | None:
    """Read items of lists that a known name behind a dash closes; None under three, or where few speak."""
    items: dict[int, list[Block]] = {}
    for block in document.blocks:
        if block.kind == "paragraph" and block.item >= 0 > block.quote and block.lines:
            items.setdefault(block.item, []).append(block)
    answers = [answer for blocks in items.values() if (answer := _credited(document, blocks[0], blocks[-1]))]
    if len(answers) < max(_FEWEST, _SHARE * len(items)):
        return None
    said = [document.said(answer) for answer in answers]
    # names close programmes, lists of changes and lists of books too
    spoken = sum(document.speaks_of_self(text) or addresses(text, document.language) for text in said)
    if median(map(n_words, said)) < _TYPICAL or spoken < _VOICE * len(said):
        return None
    if any(map(_TIME.match, said)) or sum(_STOP.search(text) is not None for text in said) < _SENTENCES:
        return None
    note = f"{len(answers)} items of lists that a name behind a dash closes"
    return Attempt("quote_then_name", tuple(answers), notes=(note,))


def _credited(document: Document, first: Block, last: Block) -> Answer | None:
    """What an item says and whom it credits, None if its end names nobody known."""
    start, end = first.span[0], last.span[1]
    behind = _CREDIT.search(document.text, max(start, last.lines[-1][0]), end)
    person = credit_person(behind["who"], strict=False) if behind else None
    if behind is None or person is None or not is_known_person(person.name):
        return None
    spans = unquoted(document.text, answer_spans(document, start, behind.start()))
    title = _TITLE.match(document.text, *spans[0]) if spans else None
    if not says_enough(document.text, spans) or (title and len(title["title"]) > len(title["rest"])):
        return None
    return Answer(person.name, person.role, ((behind.start() + 1, end),), spans)

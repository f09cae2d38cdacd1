"""Label lines: what stands above, below and between labels: roles, titles, quotations, dates."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Span
from expert_roundup.parsing.layouts.label_forms import Label
from expert_roundup.parsing.layouts.ruled_credits import divides
from expert_roundup.parsing.layouts.section_quotes import in_marks, use_of_quotes
from expert_roundup.parsing.questions import is_emphatic
from expert_roundup.parsing.visible import asks, is_date

#: the longest title in emphasis, in characters, and what closes a sentence
_LONGEST_TITLE = 150
_STOP = re.compile(r"[.!?…。！？][*_)”\"»]*$")
#: what may stand between a line and the next
_BLANK = " \t\r\n\\*_"
#: names of which the last one stands below what was said, for then all of them do
_SEVERAL = 4
#: a time that closes a turn, and characters of the longest
_STAMP = re.compile(r"[\s*_]*[\[(]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]$")
_LONGEST_STAMP = 30
_OPENING_STAMP = re.compile(r"[\[(]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]\s*")
#: the longest line below a name that is a role, in characters
_LONGEST_ROLE = 120


def without_roles(document: Document, found: list[Label]) -> list[Label]:
    """The lines that stand alone without those right below another: they say what the one above them is."""
    kept: list[Label] = []
    for label in found:
        is_below = (
            kept and kept[-1].block == label.block and not document.text[kept[-1].end : label.start].strip(_BLANK)
        )
        if not is_below:
            kept.append(label)
    return kept


def stand_below_quotes(document: Document, turns: Sequence[Label]) -> bool:
    """Whether what people say stands above their names: a paragraph in quotation marks before the first and some others."""
    marked = []
    for one in turns:
        before = (block for block in reversed(document.blocks[max(0, one.block - 3) : one.block]) if block.is_text)
        above = next((block for block in before if any(map(str.isalnum, document.shown(block)))), None)
        marked.append(above is not None and in_marks(document, above))
    closing = sum(divides(document, one.block) for one in turns)
    return (
        (marked[0] and sum(marked) >= min(3, 0.6 * len(marked)))
        or closing >= max(3, 0.6 * len(turns))
        or _close(document, turns)
    )


def _close(document: Document, turns: Sequence[Label]) -> bool:
    """Whether words stand above the first name, with no heading between, and none below the last one."""
    first, last = turns[0].block, turns[-1].block
    above = next((block for block in reversed(document.blocks[:first]) if block.is_text and block.lines), None)
    if above is None or above.kind != "paragraph":
        return False
    below = any(document.shown(block) for block in document.blocks[last + 1 :] if block.is_text)
    is_said = len(turns) >= _SEVERAL or document.speaks_of_self(document.shown(above))
    return not below and is_said


def without_titles(document: Document, begin: int, end: int) -> int:
    """Where what is said in [begin, end) ends before emphatic lines that are no sentences: titles of what follows."""
    for block in reversed(document.blocks_between(begin, end)):
        text = document.content(block) if block.end - block.start < _LONGEST_TITLE and block.start >= begin else ""
        if block.kind != "paragraph" or not is_emphatic(text) or _STOP.search(text):
            break
        end = block.start
    return end


def without_stamp(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans of a turn without the time that opens or closes it: "[16:50] Right. [17:20]"."""
    if spans and (opening := _OPENING_STAMP.match(text, *spans[0])) and opening.end() < spans[0][1]:
        spans = ((opening.end(), spans[0][1]), *spans[1:])
    if not spans or not (stamp := _STAMP.search(text, max(spans[-1][0], spans[-1][1] - _LONGEST_STAMP), spans[-1][1])):
        return spans
    return (*spans[:-1], (spans[-1][0], stamp.start())) if stamp.start() > spans[-1][0] else spans[:-1]


def role_below(document: Document, label: Label) -> tuple[int, str]:
    """Where the words begin below a name that stands alone, and its role: an emphatic line below; a date is passed over."""
    begin, role = label.end, label.person.role
    for line in _lines_below(document, label):
        text = document.text[slice(*line)].strip(" \\")
        if is_date(text.strip("*_ ")):
            begin = line[1]
        elif role or not is_emphatic(text) or asks(text) or len(text) > _LONGEST_ROLE:
            break
        else:
            begin, role = line[1], text.strip(" *_.")
    return begin, role


def _lines_below(document: Document, label: Label) -> list[Span]:
    """The lines right below a label, in its block and the next, save the last one, which says something."""
    below = [block for block in document.blocks[label.block : label.block + 3] if block.kind == "paragraph"]
    # a block may have very many lines, and labels in each
    starts = [(block.lines, bisect_left(block.lines, (label.end, 0))) for block in below]
    lines = [line for all_lines, at in starts for line in all_lines[at : at + 3]][:3]
    return lines[:2] if len(lines) > 2 else lines[:-1]


def quotes_of_turns(document: Document, turns: Sequence[Label]) -> str:
    """What the quotations in turns are, as `use_of_quotes` says it of sections."""
    ends = [label.start for label in turns[1:]] + [len(document.text)]
    return use_of_quotes(
        document,
        [(label.person.name, document.blocks_between(label.end, end)) for label, end in zip(turns, ends, strict=True)],
    )

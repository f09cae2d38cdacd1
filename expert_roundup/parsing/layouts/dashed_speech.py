"""Dashed speech: what a dash opens and a dash parts from who said it ("– I start small, – said Jane Doe. – Then I grow.")."""

from __future__ import annotations

import re

from expert_roundup.parsing.blocks import Span
from expert_roundup.parsing.knowledge import said
from expert_roundup.parsing.layouts.quotations import Quotation

#: the dash that opens a paragraph
_OPENING = re.compile(r"\\?[-–—―]{1,2}[ \t\u00a0]*(?=[^\W_]|[«“„\"¿¡…*_])")
#: dashes that part words from who says them: behind a stop or comma, before a verb in Spanish, behind one before a stop
_PARTING = re.compile(
    r"(?<=[,.!?…»”\"*_])[ \t\u00a0\n]+\\?[-–—―]{1,2}[ \t\u00a0]*(?=\S)|(?<=[,.!?…»])[—–―][ \t\u00a0]+(?=\S)|\s[—–―](?=[^\W\d_])|(?<=\w)[—–―](?=[.,;:]?(?:\s|$))"
)
#: characters of a clause in which its verb stands, and within which another dash may only stress a word
_SOON = 90
#: characters between a comma and the verb behind it, where the subject may stand, and what ends a clause
_NEAR = 40
_STOP = re.compile(r"[.!?…](?=\s|$)")
_CLAUSE_END = re.compile(r"[.,;:]?\s*")
#: what closes speech and is no part of it
_TRAILING = " \t\n\u00a0,"


def dashed_speech(text: str, span: Span, *, begin: int | None = None, by_commas: bool = False) -> list[Quotation]:
    """The pieces of speech in the paragraph at `span` that dashes part from the clause that says whose they are; [] if none do.

    `begin` is where the speech begins where another mark than a dash opens the paragraph, as in a list; `by_commas` whether
    commas alone may part it too.

    Examples
    --------
    >>> text = "– I start small, – said Jane. – Then I grow."
    >>> [text[one.start : one.end] for one in dashed_speech(text, (0, len(text)))]
    ['I start small', 'Then I grow.']
    """
    if begin is None:
        opening = _OPENING.match(text, *span)
        if opening is None:
            return []
        begin = opening.end()
    found: list[Quotation] = []
    partings = [match.span() for match in _PARTING.finditer(text, begin, span[1])]
    outer, start, is_speech = span[0], begin, True
    for number, (dash, behind) in enumerate(partings):
        stop = partings[number + 1][0] if number + 1 < len(partings) else span[1]
        if is_speech and said().search(text, behind, min(stop, behind + _SOON)):
            found.append(_piece(text, start, dash, outer))
            is_speech = False
        elif not is_speech:
            outer, start, is_speech = dash, _behind_stop(text, behind), True
    if not found:
        return _before_commas(text, span, begin) if by_commas else []
    if is_speech and start < span[1]:
        found.append(_piece(text, start, span[1], outer))
    return [one for one in found if one.start < one.end]


def _before_commas(text: str, span: Span, begin: int) -> list[Quotation]:
    """The pieces of speech where commas alone part it from who says it, as in the North: "– I start small, says Jane. Then I grow."."""
    found: list[Quotation] = []
    outer, start = span[0], begin
    for cue in said().finditer(text, begin, span[1]):
        comma = text.rfind(",", max(start, cue.start() - _NEAR), cue.start())
        if comma < 0 or _STOP.search(text, comma, cue.start()):
            continue
        stop = _STOP.search(text, cue.end(), span[1])
        end = stop.end() if stop else span[1]
        if not any(word[0].isupper() for word in re.findall(r"[^\W\d_]+", text[comma:end])):
            continue
        found.append(_piece(text, start, comma, outer))
        outer, start = end, _behind_stop(text, end)
    if found and start < span[1]:
        found.append(_piece(text, start, span[1], outer))
    return [one for one in found if one.start < one.end]


def _piece(text: str, start: int, end: int, outer: int) -> Quotation:
    return Quotation(start, start + len(text[start:end].rstrip(_TRAILING)), outer, end)


def _behind_stop(text: str, place: int) -> int:
    """Behind the stop and the blanks that close a clause: "—dijo Jane—. Luego"."""
    match = _CLAUSE_END.match(text, place)
    return match.end() if match else place

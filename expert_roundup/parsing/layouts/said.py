"""Layout "said": a name and a cue verb announce the answer in running text ("Jane Doe said … I would start small.")."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Span
from expert_roundup.parsing.knowledge import small_in_names, words
from expert_roundup.parsing.names import CASELESS, WORD, is_capitalised, name_likeness
from expert_roundup.parsing.people import split_person

#: what opens the answer after the cue verb
_OPENER = re.compile(r"[…:：.](?:(?<!\.)|\.\.)")
_CUE_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:[’'][^\W\d_]+)?\Z")
_ASIDE = re.compile(r"\([^()]{1,60}\)\s*,?\s*\Z")
_QUOTE_OPENS = re.compile(r"\s*(?:\\?[\"“„«「『]|&ldquo;|&quot;|>)")
#: a row of single words between bars, as pages put links under an answer: "web | twitter"
_LINK_ROW = re.compile(r"(?:(?<=\s)|^)[^\s|]{1,24}(?:\s*\|\s*[^\s|]{1,24})+\s*$")
#: how far before the cue verb its speaker may be named
_REACH = 220


@dataclass(frozen=True, slots=True)
class _Announcement:
    start: int  # of the name
    end: int  # where the answer begins
    speaker: str
    role: str


def recognise(document: Document) -> Attempt | None:
    """Read `document` as answers that "NAME said …" announces; None where fewer than two are."""
    found = _announcements(document)
    if len(found) < 2:
        return None
    text = document.text
    if sum(_QUOTE_OPENS.match(text, one.end) is not None for one in found) * 2 >= len(found):
        return None  # marked quotations say better where an answer ends
    trailers = _trailers(text, found)
    # a speaker is announced where something ends: a sentence, a trailer, a block
    kept = [one for one in found if _begins_afresh(text, one.start, trailers)]
    answers = _answers(document, kept, trailers) if len(kept) > 1 else []
    if len(answers) < 2:
        return None
    rows = f", each closed by {' or '.join(sorted(trailers))!r}" if trailers else ""
    return Attempt("said", tuple(answers), notes=(f"{len(answers)} announcements of the form 'NAME said …'{rows}",))


def _answers(document: Document, kept: Sequence[_Announcement], trailers: frozenset[str]) -> list[Answer]:
    text = document.text
    closing = [_closing(trailer) for trailer in sorted(trailers)]
    answers = []
    for one, following in zip(kept, [*kept[1:], None], strict=True):
        end = following.start if following else _last_end(document, one.end, trailers)
        answer, trailer = _cut_trailer(text, one.end, end, closing)
        if answer[0] < answer[1]:
            answers.append(Answer(one.speaker, one.role, ((one.start, one.end),), (answer,), trailer=trailer))
    return answers


def _announcements(document: Document) -> list[_Announcement]:
    text = document.text
    verbs = words("cues", "said")
    found: list[_Announcement] = []
    for block in document.blocks:
        if block.kind != "paragraph":
            continue
        floor = block.start
        for opener in _OPENER.finditer(text, block.start, block.end):
            before = text[max(floor, opener.start() - 40) : opener.start()].rstrip()
            if not before[-1:].isalpha():
                continue
            cue = _CUE_WORD.search(before)
            if cue is None or cue.group() not in verbs:
                continue
            at = max(floor, opener.start() - 40) + cue.start()
            if one := _announced(text, at, opener.end(), floor):
                found.append(one)
                floor = opener.end()
    return found


def _announced(text: str, cue: int, end: int, floor: int) -> _Announcement | None:
    """The speaker named before the cue verb at `cue`, role and aside between them allowed."""
    stop = cue
    if aside := _ASIDE.search(text, max(floor, cue - 70), cue):
        stop = aside.start()
    # "Jane Doe, head of Acme, said": the comma before the verb closes what the one behind the name opened
    span = _name_before_role(text, stop, floor) if text[max(floor, stop - 3) : stop].rstrip().endswith(",") else None
    span = span or name_before(text, stop, floor=max(floor, stop - _REACH))
    if span is None or name_likeness(text[slice(*span)]) < 0.3:
        span = _name_before_role(text, stop, floor)
    if span is None:
        return None
    start = span[0]
    while end < len(text) and text[end] in " \t\u00a0….:":
        end += 1
    person = split_person(text[start:stop].strip(" ,\u00a0"))
    return _Announcement(start, end, person.name, person.role)


def name_before(text: str, end: int, *, floor: int = 0) -> Span | None:
    """The span of the capitalised name that ends just before `end`, blanks and commas aside; None if there is none.

    Examples
    --------
    >>> text = "In the end Jane van Doe said"
    >>> text[slice(*name_before(text, 24))]
    'Jane van Doe'
    """
    small = small_in_names()
    start = stop = None
    last = end
    for token in reversed(list(WORD.finditer(text, max(floor, end - 160), end))):
        gap = text[token.end() : last].strip(" \t\u00a0")
        if gap and not (start is None and gap == ","):
            break
        word = token.group()
        if is_capitalised(word) or CASELESS.match(word):
            start, stop = token.start(), stop or token.end()
        elif start is None or word.casefold() not in small:
            break
        last = token.start()
        if stop is not None and stop - last > 80:
            break
    return None if start is None or stop is None else (start, stop)


def _name_before_role(text: str, stop: int, floor: int) -> Span | None:
    """The name before the first comma of the clause: "Jane Doe, head of content at Acme, said:"."""
    head = text[max(floor, stop - _REACH) : stop]
    begin = max((match.end() for match in re.finditer(r"[.!?…»”\"]\s+|\n\s*", head)), default=0)
    clause = head[begin:]
    name = clause.split(",", 1)[0].strip()
    if "," not in clause or name_likeness(name) < 0.5:
        return None
    start = stop - len(clause) + clause.index(name[0])
    return (start, start + len(name))


def _trailers(text: str, found: Sequence[_Announcement]) -> frozenset[str]:
    """Closing words that recur before announcements: rows between bars, or the same two to five words in half of them."""
    tails = [
        text[max(one.end, following.start - 120) : following.start].rstrip()[-80:]
        for one, following in itertools.pairwise(found)
    ]
    rows = Counter(" ".join(match.group().split()) for tail in tails if (match := _LINK_ROW.search(tail)))
    kept = {row for row, count in rows.items() if count >= 2}
    if sum(rows[row] for row in kept) * 2 >= len(tails):
        return frozenset(kept)
    suffixes = Counter(" ".join(tail.split()[-n:]) for tail in tails for n in range(1, 6) if len(tail.split()) >= n)
    same = [(len(ending), ending) for ending, count in suffixes.items() if count >= 3 and count * 2 >= len(tails)]
    return frozenset({max(same)[1]}) if same else frozenset()


def _begins_afresh(text: str, start: int, trailers: frozenset[str]) -> bool:
    window = text[max(0, start - 90) : start]
    before = window.rstrip()
    if not before:
        return True
    if before[-1] in ".!?…»”\"')]:|*_。！？" or "\n" in window[len(before) :]:
        return True
    return any(" ".join(before.split()).endswith(trailer) for trailer in trailers)


def _closing(trailer: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_flexible(trailer)})\s*$")


def _flexible(trailer: str) -> str:
    return r"\s*".join(map(re.escape, trailer.split()))


def _cut_trailer(text: str, start: int, end: int, closing: Sequence[re.Pattern[str]]) -> tuple[Span, tuple[Span, ...]]:
    """The answer without white space and without the trailer that closes it."""
    stop = _rstrip(text, start, end)
    window = max(start, stop - 120)
    for pattern in closing:
        if match := pattern.search(text[window:stop]):
            cut = window + match.start()
            return (start, _rstrip(text, start, cut)), ((cut, stop),)
    return (start, stop), ()


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _last_end(document: Document, start: int, trailers: frozenset[str]) -> int:
    """Where the last answer ends: at its trailer, else with the block it stands in and the one below."""
    text = document.text
    found = [re.compile(rf"(?<!\S)(?:{_flexible(trailer)})(?!\S)").search(text, start) for trailer in sorted(trailers)]
    if places := [match.end() for match in found if match]:
        return min(places)
    end = start
    for index in range(document.block_at(start), len(document.blocks)):
        block = document.blocks[index]
        if block.start > start and block.kind != "paragraph":
            break
        end = block.end
        if block.start > start:
            break
    return end

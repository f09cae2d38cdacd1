"""Layout "said": a name and a cue verb announce the answer in running text ("Jane Doe said … I would start small.")."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Span
from expert_roundup.parsing.knowledge import words
from expert_roundup.parsing.people import name_before, name_likeness, split_person

#: what opens the answer after the cue verb
_OPENER = re.compile(r"…|\.\.\.|[:：]")
_CUE_WORD = re.compile(r"([^\W\d_]+(?:[’'][^\W\d_]+)?)\s*$")
_ASIDE = re.compile(r"\([^()]{1,60}\)\s*,?\s*$")
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
    trailers = _trailers(text, found)
    # a speaker is announced where something ends: a sentence, a trailer, a block
    kept = [one for one in found if _begins_afresh(text, one.start, trailers)]
    if len(kept) < 2:
        return None
    answers = []
    for one, following in zip(kept, [*kept[1:], None], strict=True):
        end = following.start if following else _last_end(document, one.end, trailers)
        answer, trailer = _cut_trailer(text, one.end, end, trailers)
        if answer[0] < answer[1]:
            attribution = (one.start, one.end)
            answers.append(Answer(one.speaker, one.role, (attribution,), (answer,), trailer=trailer))
    rows = f", each closed by {' or '.join(sorted(trailers))!r}" if trailers else ""
    note = f"{len(answers)} announcements of the form 'NAME said …'{rows}"
    return Attempt("said", tuple(answers), notes=(note,))


def _announcements(document: Document) -> list[_Announcement]:
    text = document.text
    verbs = words("cues", "said")
    found: list[_Announcement] = []
    floor = 0
    for block in document.blocks:
        if block.kind != "paragraph":
            continue
        floor = block.start
        for opener in _OPENER.finditer(text, block.start, block.end):
            cue = _CUE_WORD.search(text, max(floor, opener.start() - 40), opener.start())
            if cue is None or cue[1] not in verbs:
                continue
            if one := _announced(text, cue.start(), opener.end(), floor):
                found.append(one)
                floor = opener.end()
    return found


def _announced(text: str, cue: int, end: int, floor: int) -> _Announcement | None:
    """The speaker named before the cue verb at `cue`, role and aside between them allowed."""
    stop = cue
    if aside := _ASIDE.search(text, max(floor, cue - 70), cue):
        stop = aside.start()
    span = name_before(text, stop, floor=max(floor, stop - _REACH))
    if span is None or name_likeness(text[slice(*span)]) < 0.3:
        span = _name_before_role(text, stop, floor)
    if span is None:
        return None
    start = span[0]
    while end < len(text) and text[end] in " \t\u00a0….:":
        end += 1
    person = split_person(text[start:stop].strip(" ,\u00a0"))
    return _Announcement(start, end, person.name, person.role)


def _name_before_role(text: str, stop: int, floor: int) -> Span | None:
    """"Jane Doe, head of content at Acme, said:" — the name lies before the first comma of the clause."""
    head = text[max(floor, stop - _REACH) : stop]
    begin = max((match.end() for match in re.finditer(r"[.!?…»”\"]\s+|\n\s*", head)), default=0)
    clause = head[begin:]
    name = clause.split(",", 1)[0].strip()
    if "," not in clause or name_likeness(name) < 0.5:
        return None
    start = stop - len(clause) + clause.index(name[0]) if name else stop
    return (start, start + len(name))


def _trailers(text: str, found: list[_Announcement]) -> frozenset[str]:
    """Closing words that recur before announcements: rows between bars, or the same two to five words in half of them."""
    tails = [text[one.end : next_one.start].rstrip()[-80:] for one, next_one in zip(found, found[1:], strict=False)]
    rows = Counter(" ".join(match.group().split()) for tail in tails if (match := _LINK_ROW.search(tail)))
    kept = {row for row, count in rows.items() if count >= 2}
    if sum(rows[row] for row in kept) * 2 >= len(tails):
        return frozenset(kept)
    suffixes = Counter(" ".join(tail.split()[-n:]) for tail in tails for n in range(1, 6) if len(tail.split()) >= n)
    same = [(len(words_), words_) for words_, count in suffixes.items() if count >= 3 and count * 2 >= len(tails)]
    return frozenset({max(same)[1]}) if same else frozenset()


def _begins_afresh(text: str, start: int, trailers: frozenset[str]) -> bool:
    before = text[max(0, start - 90) : start].rstrip()
    if not before or text[len(before) - len(before) : start].strip() == "":
        return True
    if before[-1] in ".!?…»”\"')]:|*_" or "\n" in text[len(text[:start].rstrip()) : start]:
        return True
    return any(" ".join(before.split()).endswith(trailer) for trailer in trailers)


def _cut_trailer(text: str, start: int, end: int, trailers: frozenset[str]) -> tuple[Span, tuple[Span, ...]]:
    """The answer without white space and without the trailer that closes it."""
    stop = _rstrip(text, start, end)
    for trailer in trailers:
        pattern = r"\s*".join(map(re.escape, trailer.split()))
        if match := re.search(rf"(?:{pattern})\s*$", text[max(start, stop - 120) : stop]):
            cut = max(start, stop - 120) + match.start()
            return (start, _rstrip(text, start, cut)), ((cut, stop),)
    return (start, stop), ()


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _last_end(document: Document, start: int, trailers: frozenset[str]) -> int:
    """Where the last answer ends: at its trailer, else with the block it stands in and those up to the next heading."""
    text = document.text
    places = []
    for trailer in trailers:
        pattern = re.compile(r"(?<!\S)" + r"\s*".join(map(re.escape, trailer.split())) + r"(?!\S)")
        if match := pattern.search(text, start):
            places.append(match.end())
    if places:
        return min(places)
    end = start
    for block in document.blocks:
        if block.end <= start:
            continue
        if block.start > start and block.kind != "paragraph":
            break
        end = block.end
        if block.start > start:
            break
    return end

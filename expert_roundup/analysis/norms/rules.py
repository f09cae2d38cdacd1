"""Rules of norms: what one sentence prescribes and forbids, and by which cue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from expert_roundup.analysis.norms.cues import STRENGTHS, Cues, fold
from expert_roundup.analysis.norms.imperatives import find_commands, opens_with_infinitive

PRESCRIPTION, PROSCRIPTION, BOTH = "prescription", "proscription", "both"

#: number of a list item, with the brackets, bullets and quotes before the first word
_MARKER = re.compile(r"[\s\"'«“„(\[*_>#•-]*(?:(?P<number>\(?(?:\d{1,2}|[a-zа-я])[.)])\s+)?[\s\"'«“„(\[*_-]*")
#: a list that begins inside a sentence
_INNER_LIST = re.compile(r":\s*(?=\(?[1aа][.)]\s)")
_FIRST_WORD = re.compile(r"\w+")
_QUESTION = re.compile(r"\?[\"'”’»)\]*_\s]*\Z")
#: characters looked at before a cue: a negation or subject stands no farther away
_LOOK_BACK = 30
#: characters from a denial ("this does not mean that") or an indirect question to the cue it bears on
_REACH = 30
#: characters from "they think" to the obligation they think of, and back to where that is looked for
_REPORT_REACH, _REPORT_LOOK_BACK = 25, 80


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a sentence asks for or warns of, and the cue that says so, as offsets in the sentence."""

    kind: str  #: prescription, proscription or both
    strength: str  #: must, should, may or implied
    start: int
    end: int

    def moved(self, by: int) -> Verdict:
        """Return the same verdict in a text that begins `by` characters earlier."""
        return Verdict(self.kind, self.strength, self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known before a sentence is read."""

    is_about_faults: bool = False  #: the question asks what people do wrong
    list_kind: str = ""  #: what the list in progress holds: a kind, or "" for no list of norms
    is_first: bool = False  #: the sentence opens the answer
    are_they_blamed: bool = False  #: the sentence before blamed what many do


def judge(sentence: str, cues: Cues, context: Context) -> tuple[Verdict | None, Context]:
    """Say what `sentence` prescribes or forbids (None: neither), and the context of the next sentence."""
    text = fold(sentence)
    inner = _INNER_LIST.search(text)
    if inner:
        head = _judge_part(text[: inner.end()], cues, context)
        context = replace(context, list_kind=head.kind if head else "")
        item = _judge_part(text[inner.end() :], cues, context)
        parts = [part for part in (head, item.moved(inner.end()) if item else None) if part]
        verdict = _strictest(parts) if parts else None
    else:
        verdict = _judge_part(text, cues, context)
    goes_on = context.are_they_blamed and cues.they.match(text) is not None
    are_they_blamed = (
        verdict is not None and verdict.kind == PROSCRIPTION and (goes_on or bool(cues.habit.search(text)))
    )
    return verdict, replace(context, is_first=False, are_they_blamed=are_they_blamed)


def list_number(sentence: str) -> str:
    """Return the number or letter that makes `sentence` a list item, "" if none."""
    marker = _MARKER.match(sentence)
    return (marker["number"] or "").strip("(). ") if marker else ""


def asks_for_faults(question: str, cues: Cues) -> bool:
    """Whether `question` asks what people do wrong."""
    text = fold(question)
    return any(True for _ in _blamed(text, cues))


def _judge_part(text: str, cues: Cues, context: Context) -> Verdict | None:
    marker = _MARKER.match(text)
    skipped = marker.end() if marker else 0
    verdict = _decide(text[skipped:], cues, context, is_item=bool(marker and marker["number"]))
    return verdict.moved(skipped) if verdict else None


def _decide(text: str, cues: Cues, context: Context, *, is_item: bool) -> Verdict | None:
    """Obligations and imperatives decide; only where there are none do praise and blame."""
    if _QUESTION.search(text):
        return _rhetorical(text, cues)
    obligations = list(_obligations(text, cues))
    commands = [
        Verdict(PRESCRIPTION if command.asks else PROSCRIPTION, "must", command.start, command.end)
        for command in find_commands(text, cues)
    ]
    if commands and not obligations and is_item and context.list_kind == PROSCRIPTION:
        # an item of a list of faults names a fault, though it be voiced as an order
        commands = [Verdict(PROSCRIPTION, "implied", commands[0].start, commands[0].end)]
    said = obligations + commands
    verdict = _strictest(said) if said else _implied(text, cues, context, is_item=is_item)
    return _with_contrast(verdict, text, cues) if verdict else None


def _strictest(verdicts: list[Verdict]) -> Verdict:
    first = min(verdicts, key=lambda verdict: (STRENGTHS.index(verdict.strength), verdict.start))
    kinds = {verdict.kind for verdict in verdicts}
    return Verdict(first.kind if len(kinds) == 1 else BOTH, first.strength, first.start, first.end)


def _with_contrast(verdict: Verdict, text: str, cues: Cues) -> Verdict:
    """Name both kinds where one thing is set in the place of another."""
    fakes = [match.span() for match in cues.no_contrast.finditer(text)]
    for match in cues.contrast.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in fakes):
            return Verdict(BOTH, verdict.strength, verdict.start, verdict.end)
    return verdict


def _obligations(text: str, cues: Cues) -> Iterator[Verdict]:
    """Deontic words: turned round where negated, left out where the speaker means only himself or the past."""
    for strength in STRENGTHS[:3]:
        for match in cues.prescription[strength].finditer(text):
            if _is_void(text, match, cues):
                continue
            negated = _negation(text, match, cues)
            if _is_reported(text, match.start(), cues):
                yield Verdict(PROSCRIPTION, "implied", *match.span())
            elif negated is None:
                yield Verdict(PRESCRIPTION, strength, *match.span())
            elif not cues.lifts.search(match.group()):
                yield Verdict(PROSCRIPTION, strength, *negated)
        for match in cues.proscription[strength].finditer(text):
            yield Verdict(PROSCRIPTION, strength, *match.span())


def _implied(text: str, cues: Cues, context: Context, *, is_item: bool) -> Verdict | None:
    """Blame, praise, what many do where faults were asked for, and items of a list that began with either."""
    if cues.imperative.idle.match(text):
        return None
    blame = next(_blamed(text, cues), None)
    if blame:
        return Verdict(PROSCRIPTION, "implied", *blame.span())
    for praise in cues.prescription["implied"].finditer(text):
        if _negation(text, praise, cues) is None:
            return Verdict(PRESCRIPTION, "implied", *praise.span())
    infinitive = opens_with_infinitive(text, cues)
    if infinitive and not any(cues.prescription[strength].search(text) for strength in STRENGTHS[:3]):
        return Verdict(PRESCRIPTION, "must", *infinitive.span())
    described = _described(text, cues, context) if context.is_about_faults else None
    if described:
        return Verdict(PROSCRIPTION, "implied", *described.span())
    word = _FIRST_WORD.match(text) if is_item and context.list_kind else None
    return Verdict(context.list_kind, "implied", *word.span()) if word else None


def _described(text: str, cues: Cues, context: Context) -> re.Match[str] | None:
    """Find what many do, or what those do who were just blamed, or the fault that opens the answer."""
    habit = cues.habit.search(text)
    if habit or not (context.are_they_blamed or context.is_first):
        return habit
    first = _FIRST_WORD.match(text)
    they = context.are_they_blamed and first and first.group() not in cues.imperative.openers and cues.they.match(text)
    return they or (cues.named.match(text) if context.is_first else None)


def _blamed(text: str, cues: Cues) -> Iterator[re.Match[str]]:
    """Words of blame that are not denied; "I wasted a week" is a story, "I see waste" is not."""
    for match in cues.proscription["implied"].finditer(text):
        if _negation(text, match, cues) is None and not cues.own_directly.search(_before(text, match)):
            yield match


def _rhetorical(text: str, cues: Cues) -> Verdict | None:
    """A question is a norm only where it asks why one would, or why one would not."""
    for kind, pattern in cues.rhetorical.items():
        match = pattern.search(text)
        if match:
            return Verdict(kind, "implied", *match.span())
    return None


def _negation(text: str, match: re.Match[str], cues: Cues) -> tuple[int, int] | None:
    """Find the span of a cue with the negation that turns it round; None where nothing does."""
    start, end = match.span()
    window = _before(text, match)
    before = cues.negated_before.search(window)
    if before and not cues.no_contrast.match(window, before.start()):
        return start - len(window) + before.start(), end
    after = cues.negated_after.match(text, end)
    if after and not cues.no_contrast.match(text, after.start("word")):
        return start, after.end()
    denial = _reaches(cues.denied, text, match)
    return (denial.start(), end) if denial else None


def _is_void(text: str, match: re.Match[str], cues: Cues) -> bool:
    """Whether the obligation is the speaker's own, past, or only asked about."""
    if cues.own_after.match(text, match.end()) or cues.void_after.match(text, match.end()):
        return True
    is_own = cues.own_before.search(_before(text, match)) is not None
    return is_own or _reaches(cues.void_before, text, match) is not None


def _reaches(pattern: re.Pattern[str], text: str, match: re.Match[str]) -> re.Match[str] | None:
    """Find `pattern` before the match, close enough to bear on it."""
    found = pattern.finditer(text, max(0, match.start() - _REACH - _LOOK_BACK), match.start())
    return next((before for before in found if match.start() - before.end() <= _REACH), None)


def _before(text: str, match: re.Match[str]) -> str:
    """The characters before a cue in which its negation or subject may stand."""
    return text[max(0, match.start() - _LOOK_BACK) : match.start()]


def _is_reported(text: str, start: int, cues: Cues) -> bool:
    """Whether others only think that they must."""
    for match in cues.reported.finditer(text, max(0, start - _REPORT_LOOK_BACK), start):
        if start - match.end() <= _REPORT_REACH and not cues.own_before.search(_before(text, match)):
            return True
    return False

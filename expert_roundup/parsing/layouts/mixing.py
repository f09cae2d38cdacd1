"""Mixing: answers that a second layout finds where the first one finds none."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import replace

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.layouts.evidence import evidence, objection

#: the least answers that a second layout must add, and their share of those there are
_FEWEST, _SHARE = 2, 0.1
#: the least personhood of those who speak in them
_PERSONHOOD = 0.6
#: characters by which a pull quote is known as one
_SAME = 40


def mixed(document: Document, attempts: Sequence[Attempt]) -> Attempt:
    """The first attempt, with what the others find between its answers.

    A layout is added only where its markup or its labels say plainly who speaks; quotations in prose are not, and neither
    are pull quotes that repeat what is there.
    """
    whole = attempts[0]
    for other in attempts[1:]:
        free = _free(document, whole, other)
        if len(free) < max(_FEWEST, _SHARE * len(whole.answers)) or not _is_plain(
            document, replace(other, answers=tuple(free))
        ):
            continue
        answers = tuple(sorted([*whole.answers, *free], key=lambda answer: answer.start))
        notes = (*whole.notes, *(f"and between them {note}" for note in other.notes[:1]))
        moderators = whole.moderators | other.moderators
        questions = tuple(sorted({*whole.questions, *other.questions}))
        whole = replace(whole, layout="mixed", answers=answers, questions=questions, moderators=moderators, notes=notes)
    return whole


def without_repeats(document: Document, attempt: Attempt) -> Attempt:
    """The attempt without quotations that a page shows twice: pages that turn round hold each of them again."""
    if attempt.layout not in ("quote_then_name", "cards", "mixed"):
        return attempt
    seen: set[tuple[str, str]] = set()
    kept = []
    for answer in attempt.answers:
        said = "".join(document.text[start:end] for start, end in answer.spans)
        if (answer.speaker, said) not in seen or len(said) < _SAME:
            kept.append(answer)
        seen.add((answer.speaker, said))
    return replace(attempt, answers=tuple(kept))


def _is_plain(document: Document, added: Attempt) -> bool:
    if added.layout == "said":
        return False
    weight = evidence(document, added)
    return (
        weight.personhood >= _PERSONHOOD and (added.is_explicit or weight.voice >= 0.5) and not objection(added, weight)
    )


def _free(document: Document, whole: Attempt, other: Attempt) -> list[Answer]:
    """The answers of `other` that no answer of `whole` overlaps or repeats."""
    taken: list[tuple[int, int]] = []
    for answer in whole.answers:
        insort(taken, (answer.start, answer.end))
    said = {_beginning(document, answer) for answer in whole.answers}
    free = []
    for answer in other.answers:
        place = bisect_left(taken, (answer.end, 0))
        overlaps = place > 0 and taken[place - 1][1] > answer.start
        if not overlaps and _beginning(document, answer) not in said:
            free.append(answer)
    return free


def _beginning(document: Document, answer: Answer) -> str:
    start, end = answer.spans[0]
    return "".join(
        character for character in document.text[start : min(end, start + 2 * _SAME)] if character.isalnum()
    )[:_SAME]

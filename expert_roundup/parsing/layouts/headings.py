"""Layout "headings": each heading of one level names a speaker, the section below is the answer."""

from __future__ import annotations

import os.path
import re
from collections.abc import Sequence

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block
from expert_roundup.parsing.knowledge import words
from expert_roundup.parsing.layouts.regions import answer_spans, n_words, unquoted, without_outro
from expert_roundup.parsing.people import Person, name_likeness, split_person, visible

_NUMBER = re.compile(r"^(?:#?\d{1,3}\s*[.):–—-]\s*|#\d{1,3}\s+|[①-⑳]\s*)")
_INTRODUCING = re.compile(r"(?i)^(?:meet|introducing|interview with|q\s*&\s*a with|spotlight(?: on)?:?|featuring|from|témoignage d(?:e |u |['’])|portrait de |entrevista (?:a|con) |interview mit |интервью с )\s*")
#: what a heading adds to the name: "Jane Doe on testing"
_TOPIC = re.compile(r"\s+(?:on|about|про|о|об|sur|à propos de|über|sobre|talks about|рассказывает)\s+\S.*$|\s*[’']s\s+\w+(?:\s\w+)?$")
_LINKING = re.compile(r"(?i)^(?:de |d['’]|by |from |of |von |par |от |with )")


def recognise(document: Document) -> Attempt | None:
    """Read `document` as sections under headings that name speakers; None where no level has two."""
    headings = [(index, block) for index, block in enumerate(document.blocks) if block.kind == "heading"]
    attempts = []
    for level in sorted({block.level for _, block in headings}):
        same = [(index, block) for index, block in headings if block.level == level]
        if len(same) >= 2 and (attempt := _attempt(document, level, same, headings)):
            attempts.append(attempt)
    return max(attempts, key=lambda attempt: len(attempt.answers), default=None)


def _attempt(
    document: Document, level: int, same: Sequence[tuple[int, Block]], headings: Sequence[tuple[int, Block]]
) -> Attempt | None:
    people = _people([visible(document.content(block)) for _, block in same])
    named = [(index, block, person) for (index, block), person in zip(same, people, strict=True) if person]
    # a level is a list of people when most of its headings are, save the one or two that frame them
    if len(named) < 2 or len(named) < 0.6 * (len(same) - min(2, len(same) // 4 + 1)):
        return None
    quoting = _answers_are_quoted(document, named, headings)
    answers = []
    for index, block, person in named:
        end = next((other.start for i, other in headings if i > index and other.level <= level), len(document.text))
        if answer := _answer(document, block, person, end, quoting, is_last=index == named[-1][0]):
            answers.append(answer)
    if len(answers) < 2:
        return None
    texts = [document.text[answer.spans[0][0] : answer.spans[-1][1]] for answer in answers]
    if not quoting and sum(map(document.speaks_of_self, texts)) < 0.4 * len(texts) and not _restates(document, answers):
        return None
    question = _asked(document, named[0][0], level)
    note = f"{len(answers)} headings of level {level} name a speaker" + (", who is quoted below" if quoting else "")
    return Attempt("headings", tuple(answers), question, notes=(note,))


def _people(titles: Sequence[str]) -> list[Person | None]:
    """The person each heading names, what all headings share cut off; None for a heading that names nobody."""
    bare = [_NUMBER.sub("", title) for title in titles]
    shared = os.path.commonprefix([title for title in bare if title]) if len(bare) > 2 else ""
    shared = shared[: shared.rfind(" ") + 1]
    people: list[Person | None] = []
    for title in bare:
        left = _INTRODUCING.sub("", title)
        if left == title and len(shared) >= 4:
            left = _LINKING.sub("", title.removeprefix(shared))
        was_introduced = left != title
        person = split_person(_TOPIC.sub("", left))
        likeness = name_likeness(person.name)
        sure = likeness >= 0.8 or (likeness >= 0.5 and (was_introduced or bool(person.role)))
        people.append(person if sure and not left.rstrip().endswith("?") else None)
    if sum(person is not None for person in people) * 2 >= len(people):
        # among people, a single capitalised word is a pseudonym or a handle
        people = [person or _pseudonym(title) for person, title in zip(people, bare, strict=True)]
    return people


def _pseudonym(title: str) -> Person | None:
    person = split_person(_TOPIC.sub("", title))
    is_word = name_likeness(person.name) >= 0.5 and " " not in person.name
    return person if is_word and person.name.casefold() not in words("people", "not_names") else None


def _answers_are_quoted(
    document: Document, named: Sequence[tuple[int, Block, Person]], headings: Sequence[tuple[int, Block]]
) -> bool:
    """Whether most sections hold a block quote: then the rest of the section is the editor's."""
    n = 0
    for index, _, _ in named:
        following = next((i for i, _ in headings if i > index), len(document.blocks))
        quoted = [document.content(block) for block in document.blocks[index:following] if block.quote >= 0]
        n += sum(map(n_words, quoted)) >= 8
    return n >= 0.6 * len(named)


def _answer(document: Document, heading: Block, person: Person, end: int, quoting: bool, *, is_last: bool) -> Answer | None:
    text = document.text
    blocks = [block for block in document.blocks if heading.end <= block.start < end and block.lines]
    if quoting:
        blocks = [block for block in blocks if block.quote >= 0]
    else:
        if is_last:
            blocks = without_outro(document, blocks)
        blocks, role = _without_biography(document, blocks, person)
        person = Person(person.name, person.role or role)
    if not blocks:
        return None
    spans = [span for run in _runs(document, blocks) for span in answer_spans(document, run[0].lines[0][0], run[-1].lines[-1][1])]
    spans_out = unquoted(text, spans)
    if not spans_out or sum(n_words(text[slice(*span)]) for span in spans_out) < 3:
        return None
    return Answer(person.name, person.role, ((heading.start, heading.end),), spans_out)


def _runs(document: Document, blocks: Sequence[Block]) -> list[list[Block]]:
    """Neighbouring blocks together, so that a span crosses no block that was left out."""
    order = {id(block): index for index, block in enumerate(document.blocks)}
    runs: list[list[Block]] = []
    for block in blocks:
        if runs and order[id(block)] == order[id(runs[-1][-1])] + 1:
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _without_biography(document: Document, blocks: Sequence[Block], person: Person) -> tuple[list[Block], str]:
    """The section without the role line and the paragraphs in the third person that introduce the speaker, and that role."""
    left = [block for block in blocks if block.kind != "show"]
    role = ""
    while len(left) > 1:
        shown = visible(document.content(left[0]))
        is_short = len(shown.split()) <= 14 and not shown.endswith((".", "!", "?", ":", "。")) and left[0].item < 0
        if is_short and left[0].kind == "paragraph" and not document.speaks_of_self(shown):
            role = role or shown.strip(" *_-–—")
            left = left[1:]
            continue
        rest = any(document.speaks_of_self(document.content(block)) for block in left[1:])
        surname = person.name.split()[-1]
        is_about = surname in shown or person.name.split()[0] in shown
        if rest and is_about and not document.speaks_of_self(shown):
            left = left[1:]
            continue
        break
    return left, role


def _restates(document: Document, answers: Sequence[Answer]) -> bool:
    """Whether the sections speak about their speakers by name, as an edition in reported speech does, and are asked a question."""
    named = sum(answer.speaker.split()[-1] in document.text[answer.spans[0][0] : answer.spans[-1][1]] for answer in answers)
    return named >= 0.5 * len(answers) and bool(_asked_heading(document, answers[0].attribution[0][0]))


def _asked_heading(document: Document, before: int) -> Block | None:
    asking = [
        block
        for block in document.blocks
        if block.kind == "heading" and block.end <= before and "?" in document.content(block) and block.level <= 3
    ]
    return asking[-1] if asking else None


def _asked(document: Document, first: int, level: int) -> tuple[tuple[int, int], ...]:
    """The question in the heading right above the first speaker, sentence by sentence."""
    from expert_roundup.parsing.questions import questions_before

    above = [block for block in document.blocks[:first] if block.kind == "heading" and block.level < level]
    if not above or "?" not in document.content(above[-1]):
        return ()
    start, end = above[-1].lines[0][0], above[-1].lines[-1][1]
    return questions_before(document.text, end, floor=start)

"""Layout "headings": each heading of one level names a speaker, the section below is the answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import speaks_as_one, words
from expert_roundup.parsing.layouts.credits import opens_marks
from expert_roundup.parsing.layouts.descriptions import describes_person
from expert_roundup.parsing.layouts.evidence import personhood_of
from expert_roundup.parsing.layouts.heading_turns import are_turns, turns
from expert_roundup.parsing.layouts.prompts import Prompt, asked_inside, says_anything
from expert_roundup.parsing.layouts.regions import answer_spans, says_enough, unquoted, without_outro
from expert_roundup.parsing.layouts.section_quotes import ANSWERING, use_of_quotes
from expert_roundup.parsing.layouts.titles import people_of
from expert_roundup.parsing.names import CASELESS, is_capitalised
from expert_roundup.parsing.people import Person
from expert_roundup.parsing.visible import holds_question, n_words

#: sections that are looked at to hear whether people speak
_SAMPLE = 300
#: the share of capitals in the name of an office
_CAPITALS = 0.6
#: questions put to each of those who are interviewed, the share of answers that have one, and how surely they are people
_FEWEST_ASKED, _ASKED, _SURE = 3, 0.6, 0.8
#: people whom the same questions are put to
_FEWEST_PEOPLE = 2
#: how surely the headings of one family are people where the others of their level are not
_NAMED = 0.7
#: words of an answer that is more than a role, characters that mostly hold as many, and what closes a short one
_LONG, _PLENTY, _STOPS = 12, 200, tuple('.!?…。！？:;)"”»*_')
#: the share of sections in which somebody says I or we, where the title says that people are quoted
_ANNOUNCED = 0.6


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading that names a speaker, and where its section ends."""

    index: int  # of the heading's block
    end: int  # index of the block behind the section
    person: Person


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands between two prompts of a section, or the whole section."""

    start: int
    end: int
    question: tuple[Span, ...]
    is_head: bool  # before the first prompt
    is_last: bool  # nothing of the page's sections follows


def recognise(document: Document) -> Attempt | None:
    """Read `document` as sections under headings that name speakers; None where no level has two."""
    headings = [
        (index, block) for index, block in enumerate(document.blocks) if block.kind == "heading" and block.lines
    ]
    if attempt := _same_questions(document, headings):
        return attempt
    ends = _section_ends(headings, len(document.blocks))
    attempts = []
    for level in sorted({block.level for _, block in headings}):
        same = [(index, block) for index, block in headings if block.level == level]
        if len(same) >= 2 and (attempt := _attempt(document, level, same, ends)):
            attempts.append(attempt)
        else:
            # people under one heading, beside other sections of the page
            families = [family for family in _families(same, ends) if 2 <= len(family) < len(same)]
            found = (_attempt(document, level, family, ends) for family in families)
            attempts += [attempt for attempt in found if attempt and _are_sure(document, attempt)]
    return max(attempts, key=lambda attempt: len(attempt.answers), default=None)


def _are_sure(document: Document, attempt: Attempt) -> bool:
    """Whether a few sections of a page are plainly people's own words: names for the most part, and each says I or is quoted."""
    names = [answer.speaker for answer in attempt.answers]
    if personhood_of(document, names) < _NAMED or any(map(CASELESS.search, names)):
        return False
    return all(
        speaks_as_one(document.said(answer), document.language)
        or opens_marks(document.text[max(0, answer.spans[0][0] - 1) : answer.spans[0][0] + 12])
        for answer in attempt.answers
    )


def _families(same: Sequence[tuple[int, Block]], ends: dict[int, int]) -> Iterator[list[tuple[int, Block]]]:
    """Headings of one level in groups that stand under one heading each: every section ends where the next one begins."""
    family: list[tuple[int, Block]] = []
    for index, block in same:
        if family and ends[family[-1][0]] != index:
            yield family
            family = []
        family.append((index, block))
    if family:
        yield family


def _section_ends(headings: Sequence[tuple[int, Block]], n_blocks: int) -> dict[int, int]:
    """For each heading the index of the next heading of its level or above, or the number of blocks."""
    ends: dict[int, int] = {}
    waiting: list[tuple[int, int]] = []
    for index, block in headings:
        while waiting and waiting[-1][1] >= block.level:
            ends[waiting.pop()[0]] = index
        waiting.append((index, block.level))
    return ends | {index: n_blocks for index, _ in waiting}


def _attempt(document: Document, level: int, same: Sequence[tuple[int, Block]], ends: dict[int, int]) -> Attempt | None:
    people = people_of(document, [document.shown(block) for _, block in same])
    sections = [_Section(index, ends[index], person) for (index, _), person in zip(same, people, strict=True) if person]
    # a level is a list of people when most of its headings are, save the one or two that frame them
    if len({section.person.name for section in sections}) < 2 or len(sections) < 0.6 * (
        len(same) - min(2, len(same) // 4 + 1)
    ):
        return None
    if are_turns([section.person for section in sections]):
        return turns(document, [(section.index, section.end, section.person) for section in sections])
    return _read(document, sections, f"of level {level} name a speaker")


def _same_questions(document: Document, headings: Sequence[tuple[int, Block]]) -> Attempt | None:
    """Read headings of any level that name whom the same questions, in headings too, are put to one after another."""
    shown = [document.shown(block) for _, block in headings]
    counts = Counter(shown)
    is_question = [counts[title] >= _FEWEST_PEOPLE and holds_question(title) for title in shown]
    names = [
        number
        for number, (now, following) in enumerate(pairwise(is_question))
        if following and not now and counts[shown[number]] == 1
    ]
    people = people_of(document, [shown[number] for number in names])
    if len(names) < _FEWEST_PEOPLE or sum(is_question) < 2 * len(names) or not all(people):
        return None
    ends = [_end_of_questions(headings, is_question, number + 1, len(document.blocks)) for number in names]
    sections = [
        _Section(headings[number][0], end, person)
        for number, end, person in zip(names, ends, people, strict=True)
        if person
    ]
    return _read(document, sections, "name whom the same questions were put to")


def _end_of_questions(
    headings: Sequence[tuple[int, Block]], is_question: Sequence[bool], first: int, n_blocks: int
) -> int:
    """Where the questions from heading `first` on end: at the next heading that is none of them and lies no deeper."""
    level = headings[first][1].level
    others = (
        index
        for (index, block), asks_now in zip(headings[first:], is_question[first:], strict=True)
        if not asks_now and block.level <= level
    )
    return next(others, n_blocks)


def _read(document: Document, sections: Sequence[_Section], note: str) -> Attempt | None:
    """What stands in sections that name their speaker; None where they tell of people who do not speak."""
    quotes = use_of_quotes(
        document, [(section.person.name, document.blocks[section.index + 1 : section.end]) for section in sections]
    )
    asked = asked_inside(document, [(section.index + 1, section.end) for section in sections])
    answers = [
        answer
        for section in sections
        for answer in _answers(document, section, quotes, asked.get(section.index + 1, ()), section is sections[-1])
    ]
    answers = _without_roles(document, answers)
    if len(answers) < 2:
        return None
    if not (quotes in ANSWERING or _are_interviewed(document, answers) or _sounds_spoken(document, answers)):
        return None
    if quotes not in ANSWERING and _are_presented(document, sections[0].index, answers):
        return None
    quoted = ", who is quoted below" if quotes in ANSWERING else ""
    return Attempt("headings", tuple(answers), notes=(f"{len(sections)} headings {note}{quoted}",))


def _are_presented(document: Document, first: int, answers: Sequence[Answer]) -> bool:
    """Whether the sections stand below a heading such as "Speakers" or "Team", and few of them say I: they are biographies and talks."""
    level = document.blocks[first].level
    above = (block for block in reversed(document.blocks[:first]) if block.kind == "heading" and block.level < level)
    heading = next(above, None)
    if heading is None or document.shown(heading).casefold().strip(" :：") not in words("cues", "presenting"):
        return False
    texts = [document.said(answer) for answer in answers]
    as_one = sum(speaks_as_one(text, document.language) for text in texts)
    about = any(
        part in text
        for answer, text in zip(answers, texts, strict=True)
        for part in answer.speaker.split()
        if len(part) > 2
    )
    return about and as_one * 2 < len(answers)


def _without_roles(document: Document, answers: list[Answer]) -> list[Answer]:
    """The answers without those that only say what their speaker is, where most say more."""
    texts = [document.said(answer) for answer in answers]
    is_long = [n_words(text[:_PLENTY]) >= _LONG or n_words(text) >= _LONG for text in texts]
    if sum(is_long) * 2 < len(answers):
        return answers
    says_more = [
        long or text[-1:] in _STOPS or document.speaks_of_self(text) or not _is_office(text)
        for long, text in zip(is_long, texts, strict=True)
    ]
    return [answer for answer, more in zip(answers, says_more, strict=True) if more]


def _is_office(text: str) -> bool:
    """Whether a few words are an office: they describe somebody, or most of them have a capital."""
    capitals = [is_capitalised(word) for word in text.split()]
    return describes_person(text) or (len(capitals) > 1 and sum(capitals) >= _CAPITALS * len(capitals))


def _answers(
    document: Document, section: _Section, quotes: str, prompts: Sequence[Prompt], is_last: bool
) -> Iterator[Answer]:
    """The section as one answer, or as one for each prompt that stands in it."""
    end = document.blocks[section.end - 1].end
    starts = [document.blocks[section.index].end, *(prompt.end for prompt in prompts)]
    ends = [*(prompt.start for prompt in prompts), end]
    questions: list[tuple[Span, ...]] = [(), *((prompt.words,) for prompt in prompts)]
    for start, stop, question in zip(starts, ends, questions, strict=True):
        ends_page = is_last or bool(prompts)  # whoever asked takes leave at the end of each section
        part = _Part(start, stop, question, bool(prompts) and not question, ends_page and stop == end)
        blocks = [block for block in document.blocks_between(start, stop) if block.lines and block.end > start]
        if part.is_head and not section.person.role:
            section = replace(section, person=Person(section.person.name, _role_line(document, blocks[:1])))
        if answer := _answer(document, section, part, blocks, quotes):
            yield answer


def _answer(document: Document, section: _Section, part: _Part, blocks: list[Block], quotes: str) -> Answer | None:
    person, heading = section.person, document.blocks[section.index]
    role = ""
    if part.is_head and not any(document.speaks_of_self(document.shown(block)) for block in blocks):
        return None  # whom the questions go to is introduced
    if quotes == "pulled":
        blocks = [block for block in blocks if block.quote < 0]
    if is_said := ANSWERING.get(quotes):
        role = "" if person.role else _role_line(document, [one for one in blocks if not is_said(document, one)][:1])
        blocks = [block for block in blocks if is_said(document, block)]
    else:
        blocks = without_outro(document, blocks) if part.is_last else blocks
        if not part.question:
            blocks, role = _without_biography(document, blocks, person)
    spans = [
        span
        for run in _runs(document, blocks)
        for span in answer_spans(document, max(part.start, run[0].lines[0][0]), min(part.end, run[-1].lines[-1][1]))
    ]
    said = unquoted(document.text, spans)
    if not (says_anything if part.question else says_enough)(document.text, said):
        return None
    return Answer(person.name, person.role or role, ((heading.start, heading.end),), said, part.question)


def _role_line(document: Document, blocks: Sequence[Block]) -> str:
    """A short line below the name that says what the speaker is: a deeper heading, a line in italics."""
    if not blocks or blocks[0].kind not in ("heading", "paragraph") or blocks[0].item >= 0:
        return ""
    shown = document.shown(blocks[0])
    is_short = (
        len(shown.split()) <= 14 and len(shown) <= 120 and not shown.endswith((".", "!", "?", ":", "。", "？", "："))
    )
    return shown.strip(" *_-–—") if is_short and not document.speaks_of_self(shown) else ""


def _runs(document: Document, blocks: Sequence[Block]) -> list[list[Block]]:
    """Neighbouring blocks together, so that a span crosses no block that was left out."""
    runs: list[list[Block]] = []
    previous = -9
    for block in blocks:
        index = document.block_at(block.start)
        if runs and index == previous + 1:
            runs[-1].append(block)
        else:
            runs.append([block])
        previous = index
    return runs


def _without_biography(document: Document, blocks: Sequence[Block], person: Person) -> tuple[list[Block], str]:
    """The section without the role line and the paragraphs in the third person that introduce the speaker, and that role."""
    left = [block for block in blocks if block.kind != "show"]
    names = {person.name.split()[-1], person.name.split()[0]}
    role, first = "", 0
    last_speaking: int | None = None  # not looked for yet
    while first < len(left) - 1 and not _speaks(document, left[first]):
        block = left[first]
        line = _role_line(document, [block])
        if line and not (role and block.kind == "heading"):
            role = role or line
        else:
            if last_speaking is None:
                speaking = (number for number in reversed(range(len(left))) if _speaks(document, left[number]))
                last_speaking = next(speaking, -1)
            if last_speaking <= first or not any(name in document.shown(block) for name in names):
                break
        first += 1
    return left[first:], role


def _speaks(document: Document, block: Block) -> bool:
    return document.speaks_of_self(document.shown(block))


def _sounds_spoken(document: Document, answers: Sequence[Answer]) -> bool:
    """Whether the sections read as speech, or restate it under a question as an edition in reported speech does."""
    sample = answers[:: len(answers) // _SAMPLE + 1]
    texts = [document.said(answer) for answer in sample]
    people = personhood_of(document, [answer.speaker for answer in sample])
    about = sum(_is_about(document, answer.speaker, text) for answer, text in zip(sample, texts, strict=True))
    voice = sum(map(document.speaks_of_self, texts)) / len(texts)
    if about * 2 > len(texts):
        return about == len(texts) and people >= 0.8 and _is_asked(document, answers[0].attribution[0][0])
    if document.title_announces_voices and voice >= _ANNOUNCED:
        return True
    if voice >= (0.4 if people >= 0.8 else 0.75 if people >= 0.55 else 2.0):
        return True
    named = sum(answer.speaker.split()[-1] in text for answer, text in zip(sample, texts, strict=True))
    return named >= 0.5 * len(sample) and people >= 0.8 and _is_asked(document, answers[0].attribution[0][0])


def _are_interviewed(document: Document, answers: Sequence[Answer]) -> bool:
    """Whether several questions are put to each of several people, whose answers need not say I then."""
    asked = Counter(answer.speaker for answer in answers if answer.questions)
    if len(asked) < 2 or min(asked.values()) < _FEWEST_ASKED or asked.total() < _ASKED * len(answers):
        return False
    return personhood_of(document, list(asked)) >= _SURE


def _is_about(document: Document, speaker: str, text: str) -> bool:
    """Whether a section tells about its speaker: the name opens it, or recurs more often than anybody says I or we."""
    opening = re.match(r"[\W_]*([^\W_]+)", text)
    if opening and opening[1] in speaker.split():
        return True
    named = text.count(speaker.split()[-1])
    own = document.n_of_self(text) if named >= 2 else 0
    return named >= 2 and named >= own


def _is_asked(document: Document, before: int) -> bool:
    """Whether a heading above the first speaker asks."""
    above = (block for block in document.blocks if block.kind == "heading" and block.end <= before and block.level <= 3)
    return any("?" in document.content(block) or "？" in document.content(block) for block in above)

"""Habits: no markup says who speaks, but lines of one form name one person after another, and between them people speak."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from statistics import median

from expert_roundup.parsing.answers import Answer, Attempt, Document, n_said
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.layouts.credits import opens_marks
from expert_roundup.parsing.layouts.evidence import personhood_of
from expert_roundup.parsing.layouts.prompts import Prompt, asked_inside, says_anything
from expert_roundup.parsing.layouts.regions import answer_spans, is_outro, says_enough, unquoted
from expert_roundup.parsing.layouts.section_quotes import in_marks
from expert_roundup.parsing.names import is_known_person, name_likeness
from expert_roundup.parsing.people import Person, has_age, split_person
from expert_roundup.parsing.visible import is_date, n_words

#: announcements that make a habit, how surely they name people, and the share of answers in which somebody says I or we
_FEWEST, _PERSONHOOD, _VOICE = 3, 0.7, 0.5
#: how surely they must name people at the least, where nearly everybody says I or we
_LIKELY, _MOSTLY = 0.55, 0.7
#: the share in which they must where a title says that people are quoted
_SOME = 0.2
#: credits behind dashes that need no I or we, and how surely they then name people
_MANY, _SURE = 5, 0.85
#: share of the text from the first answer to the last that answers must take, and of the whole document
_DENSE, _COVERAGE = 0.6, 0.2
#: characters of the longest line that is a name with a role, of a line of role, and of a name
_LONGEST, _LONGEST_ROLE, _LONGEST_NAME = 110, 90, 60
#: words of the answers, in the middle of them, and of a role that ends like a sentence
_WORDS, _ROLE_WORDS = 6, 8
_STOP = re.compile(r"[.!?…:;,。！？：；，][\"”»’)*_]*$")
_MARK = r"\*\*\*|\*\*|__|\*|_|<b>|<strong>"
#: a date that opens what somebody says
_DATED = re.compile(r"\s*(?P<date>[^\s\n][^\n]{5,28}?\d)(?=\s)[ \t\\]*\n?")
#: a name in emphasis or a link, or before brackets, then the words: [Jane Doe](x) I start small. Jane Doe (Acme) I start small.
_OPENING = re.compile(
    rf"""(?x)
    (?:\d{{1,3}}[.)]\s+)?
    (?: (?P<open>\[?(?:{_MARK})\[?|\[) (?P<marked>[^\W\d_][^\n*_\[\]<>:;!?“”"]{{1,78}}?) \s*
        (?P<close>(?:\]\([^()\s]*\))?(?:{_MARK}|</b>|</strong>)?(?:\]\([^()\s]*\))?) (?<=[*_)>])
      | (?P<bare>[^\W\d_][^\n*_\[\]()<>:;!?“”"]{{2,58}}?) (?=\s\([^()\n]{{2,80}}\)) )
    (?P<aside>\s\([^()\n]{{2,80}}\))?
    (?P<sep>\s*[-–—|]\s+|\s+|[，,]\s+) (?=[^\W\d_a-zа-яёà-öø-ÿ]|[\d“”"„«»「『'‘¿¡(\[*_<])
    """
)
#: the same behind the words, in brackets, behind a dash or as a link: I start small. (Jane Doe, editor)
_CLOSING = re.compile(
    r"""(?x)
    (?<=[.!?…。！？”"»’'*_)])\s*
    (?: [(（]\s*(?P<who>[^()\n]{3,100}(?:\([^()\s]*\)[^()\n]{0,40})?)\s*[)）]
      | \s[-–—]\s*(?P<dashed>[^\n.!?]{3,90})
      | (?<=[”"»])\s+(?P<behind>[^\W\d_][^\n.!?:;“”"«»]{3,90})
      | (?P<link>\[[^\]\[\n]{3,60}\]\([^()\s]*\)) )
    [.\s]*$"""
)


@dataclass(frozen=True, slots=True)
class _Named:
    """A place that may announce a speaker."""

    person: Person
    span: Span  #: of the announcement
    block: int


#: the answers that announcements of one form stand beside
_Reader = Callable[[Document, Sequence[_Named]], Iterator[Answer]]


def recognise(document: Document) -> Attempt | None:
    """Read `document` by the form of line that most plainly names who speaks; None where no form makes a habit."""
    attempts = [
        attempt
        for form, named in _forms(document).items()
        if len(named) >= _FEWEST
        for layout, read in _READERS[form[0]].items()
        if (attempt := _attempt(document, named, layout, read, form))
    ]
    return max(attempts, key=lambda attempt: n_said(attempt.answers), default=None)


def _forms(document: Document) -> dict[tuple[str, ...], list[_Named]]:
    """The places that may name a speaker, by their form: where they stand, what sets them off."""
    found: defaultdict[tuple[str, ...], list[_Named]] = defaultdict(list)
    for index, block in enumerate(document.blocks):
        if block.kind != "paragraph" or not block.lines or block.quote >= 0:
            continue
        in_item = "item" if block.item >= 0 else "text"
        if named := _alone(document, index):
            found["alone", in_item].append(named)
            continue
        if opened := _opened(document, index):
            found["opened", in_item, *opened[0]].append(opened[1])
        if closed := _closed(document, index):
            found["closed", in_item, closed[0]].append(closed[1])
    return found


def _alone(document: Document, index: int) -> _Named | None:
    """Whom a line of its own names, with the lines of role below it."""
    block = document.blocks[index]
    start, end = block.lines[0]
    person = _line_person(document.text[start:end])
    if person is None:
        return None
    if len(block.lines) == 1:
        return _Named(person, (block.start, block.end), index)
    # a role on the second line, or the words themselves
    second = document.text[slice(*block.lines[1])]
    if len(block.lines) == 2 and _is_role_line(document, second):
        return _Named(Person(person.name, person.role or second.strip(" *_")), (block.start, block.end), index)
    return _Named(person, (block.start, end), index)


def _line_person(line: str) -> Person | None:
    shown = line.strip()
    if not 3 <= len(shown) <= _LONGEST or _STOP.search(shown):
        return None
    person = split_person(shown)
    if has_age(person) and name_likeness(person.name) >= 0.5:
        return person
    is_name = len(person.name) <= _LONGEST_NAME and name_likeness(person.name) >= 0.8
    return person if is_name and (is_known_person(person.name) or " " in person.name) else None


def _is_role_line(document: Document, line: str) -> bool:
    shown = line.strip()
    if is_date(shown):
        return False
    is_short = 2 <= len(shown) <= _LONGEST_ROLE and not document.speaks_of_self(shown)
    return is_short and (_STOP.search(shown) is None or (shown.endswith(".") and len(shown.split()) <= _ROLE_WORDS))


def _opened(document: Document, index: int) -> tuple[tuple[str, str, str], _Named] | None:
    """Whom the beginning of a paragraph names in emphasis, in a link or before brackets, and in what form."""
    block = document.blocks[index]
    start, end = block.lines[0]
    match = _OPENING.match(document.text, start, min(end, start + 400))
    if match is None or (match["bare"] and not match["aside"]):
        return None
    person = split_person((match["marked"] or match["bare"]) + (match["aside"] or ""))
    if name_likeness(person.name) < 0.8 and not is_known_person(person.name):
        return None
    form = (match["open"] or "", "aside" if match["aside"] else "", match["sep"].strip())
    return form, _Named(person, (start, match.end()), index)


def _closed(document: Document, index: int) -> tuple[str, _Named] | None:
    """Whom the end of a paragraph names in brackets or a link."""
    block = document.blocks[index]
    start, end = block.lines[-1]
    window = max(start, end - 240)
    match = _CLOSING.search(document.text[window:end])
    if match is None:
        return None
    person = split_person(match["who"] or match["dashed"] or match["behind"] or match["link"])
    if name_likeness(person.name) < 0.8:
        return None
    form = match.lastgroup or ""
    return form, _Named(person, (window + match.start(), end), index)


def _attempt(
    document: Document, named: Sequence[_Named], layout: str, read: _Reader, form: Sequence[str]
) -> Attempt | None:
    """The answers beside the announcements of one form, None where they do not sound like people's."""
    speakers = list(dict.fromkeys(one.person.name for one in named))
    sure = personhood_of(document, speakers, {one.person.name for one in named if has_age(one.person)})
    if len(speakers) < 2 or sure < _LIKELY:
        return None
    answers = list(read(document, named))
    if len(answers) < max(_FEWEST, 0.8 * len(named)):
        return None
    texts = [document.said(answer) for answer in answers]
    voice = sum(map(document.speaks_of_self, texts)) / len(texts)
    # a dash behind a full stop credits; a title may say that people are quoted; anything else may only look so
    is_credited = form[-1] == "dashed" and len(answers) >= _MANY and sure >= _SURE
    # a name below a text may be whom to ask about it
    least = _VOICE if sure >= _PERSONHOOD and len(answers) >= _MANY and read is not _above else _MOSTLY
    is_announced = len(answers) >= _MANY and sure >= _SURE and voice >= _SOME and document.announces_voices
    is_long = median(map(n_words, texts)) >= _WORDS
    # names below quotation marks credit what stands in them, however much the page tells between
    is_marked = read is _above and sure >= _PERSONHOOD and all(_in_marks(document.text, answer) for answer in answers)
    if not (is_credited or (is_long and (voice >= least or is_announced or is_marked))):
        return None
    between = sum(
        block.end - block.start for block in document.blocks_between(answers[0].start, answers[-1].end) if block.is_text
    )
    taken = n_said(answers)
    announced = sum(end - start for answer in answers for start, end in answer.attribution)
    if not is_marked and (taken + announced < _DENSE * between or taken < _COVERAGE * document.size):
        return None
    where = {
        "alone": "lines of their own",
        "opened": "the beginning of a paragraph",
        "closed": "the end of a paragraph",
    }
    note = f"{len(answers)} answers whose speakers stand in {where[form[0]]}, in one form throughout"
    return Attempt(layout, tuple(_by_question(document, answers)), notes=(note,), is_explicit=is_marked)


def _by_question(document: Document, answers: Sequence[Answer]) -> Iterator[Answer]:
    """The answers; one for each question where several are put to everybody below their names, and what they say before."""
    sections = [
        (document.block_at(answer.spans[0][0]), document.block_at(answer.spans[-1][1] - 1) + 1) for answer in answers
    ]
    asked = asked_inside(document, sections)
    for answer, (first, _) in zip(answers, sections, strict=True):
        prompts: Sequence[Prompt] = asked.get(first, ())
        stops = [*(prompt.start for prompt in prompts[1:]), answer.spans[-1][1]]
        if len(prompts) < _FEWEST:
            yield answer
            continue
        lead = unquoted(document.text, answer_spans(document, answer.spans[0][0], prompts[0].start))
        if lead and document.speaks_of_self(document.text[lead[0][0] : lead[-1][1]]):
            yield replace(answer, spans=lead)
        for prompt, stop in zip(prompts, stops, strict=True):
            spans = unquoted(document.text, answer_spans(document, prompt.end, stop))
            if says_anything(document.text, spans):
                yield replace(answer, spans=spans, questions=(prompt.words,))


def _in_marks(text: str, answer: Answer) -> bool:
    """Whether an answer stands in quotation marks, which are no part of it."""
    start = answer.spans[0][0]
    return start > 0 and opens_marks(text[start - 1 : start])


def _behind(document: Document, named: Sequence[_Named]) -> Iterator[Answer]:
    """What stands behind each announcement, up to the next one or a heading."""
    stops = [one.span[0] for one in named[1:]] + [len(document.text)]
    for one, stop in zip(named, stops, strict=True):
        dated = _DATED.match(document.text, one.span[1], stop)
        begin = dated.end() if dated and is_date(dated["date"]) else one.span[1]
        role = one.person.role
        following = list(document.blocks_between(begin, stop))
        if not role and following and following[0].start >= begin and len(following) > 1:
            shown = document.shown(following[0])
            if following[0].kind == "paragraph" and len(following[0].lines) == 1 and _is_role_line(document, shown):
                role, begin = shown.strip(" *_"), following[0].end
        end = next((block.start for block in following if _is_over(document, block, begin)), stop)
        if spans := _said(document, begin, end):
            yield Answer(one.person.name, role, (one.span,), spans)


def _above(document: Document, named: Sequence[_Named]) -> Iterator[Answer]:
    """What stands above each name that stands alone, down from the role of the one before."""
    before = 0
    for number, one in enumerate(named):
        blocks = [block for block in document.blocks_between(before, one.span[0]) if block.start >= before]
        head = max((place for place, block in enumerate(blocks) if block.kind in ("heading", "rule")), default=-1)
        blocks = [block for block in blocks[head + 1 :] if block.is_text and document.shown(block)]
        if not number and head < 0 and blocks and not opens_marks(document.content(blocks[0])):
            blocks = blocks[-1:]  # above the first there may be an introduction
        if blocks and in_marks(document, blocks[-1]):
            # a quotation stands apart from what the page tells around it
            blocks = list(takewhile(lambda block: in_marks(document, block), reversed(blocks)))[::-1]
        before, role = one.span[1], one.person.role
        below = next(
            (block for block in document.blocks_between(before, len(document.text)) if block.start >= before), None
        )
        is_line = below is not None and below.kind == "paragraph" and len(below.lines) == 1
        if below is not None and is_line and not role and _is_role_line(document, document.shown(below)):
            role, before = document.shown(below).strip(" *_"), below.end
        if blocks and (spans := _said(document, blocks[0].start, one.span[0])):
            yield Answer(one.person.name, role, (one.span,), spans)


def _before(document: Document, named: Sequence[_Named]) -> Iterator[Answer]:
    """The paragraphs that the announcements close."""
    for one in named:
        block = document.blocks[one.block]
        spans = unquoted(document.text, answer_spans(document, block.span[0], one.span[0]))
        if says_anything(document.text, spans):
            yield Answer(one.person.name, one.person.role, (one.span,), spans)


def _is_over(document: Document, block: Block, begin: int) -> bool:
    if block.start < begin:
        return False
    return block.kind in ("heading", "rule") or (block.kind == "paragraph" and is_outro(document.shown(block)))


def _said(document: Document, start: int, end: int) -> tuple[Span, ...]:
    spans = unquoted(document.text, answer_spans(document, start, end))
    return spans if spans and says_enough(document.text, spans) else ()


#: form -> layout -> how answers are read where names stand in that form
_READERS: dict[str, dict[str, _Reader]] = {
    "alone": {"headings": _behind, "quote_then_name": _above},
    "opened": {"labels": _behind},
    "closed": {"quote_then_name": _before},
}

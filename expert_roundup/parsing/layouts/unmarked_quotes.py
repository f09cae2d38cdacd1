"""Layout "quote_then_name" without marks: plain paragraphs that a credit closes ("I start small." and "— Jane Doe")."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import speaks_as_one
from expert_roundup.parsing.layouts.credits import (
    credit_behind_stop,
    credit_person,
    dashed,
    dashed_person,
    opens_marks,
)
from expert_roundup.parsing.layouts.evidence import personhood
from expert_roundup.parsing.layouts.prompts import answer_label
from expert_roundup.parsing.layouts.regions import answer_spans, says_enough, unquoted
from expert_roundup.parsing.names import is_known_person
from expert_roundup.parsing.people import Person, name_likeness, split_person
from expert_roundup.parsing.questions import is_emphatic

#: what a credit needs
_DASHES = (*"-–—―~⸺─", "&mdash;", "&ndash;", "&#8212;", "&#8211;", "&#x2014;")
#: a paragraph that only numbers what follows: "1、", "(2)", "3."
_NUMBER = re.compile(r"\s*[*_#(（【]{0,3}\d{1,3}[.)、）】:：]?[*_]{0,2}\s*")
#: what closes the line above a name that stands alone in the last line
_STOP = re.compile(r"[.!?…。！？)\"”»*_\U0001f300-\U0001faff]\s*$")
#: a name in a link, alone or with a role behind it
_LINKED = re.compile(r"\[[^\]\n]+\]\([^)\s]*\)(?:\s*[,|–—(-].*)?$")
#: paragraphs that one quotation without marks may have
_MOST_PARAGRAPHS = 6
#: names in last lines, without a dash, that make a habit of the page, and their share of its paragraphs
_FEWEST_NAMES, _SHARE = 3, 0.5
#: how surely credits must name people, and where there are but two of them
_PERSONHOOD, _OF_TWO = 0.4, 0.5
#: what bounds a group of paragraphs that are one quotation, and the share of groups that headings must bound to do so
_BOUNDS, _SECTIONS = frozenset({"credit", "number", "rule"}), 0.7
#: how surely such a line must name somebody
_UNLIKELY = 0.3
#: the share of short lines in emphasis that must have the look of names, for all of them to be
_MOSTLY = 0.6
#: the longest line that is a name, in characters, without and with markup and addresses
_LONGEST_NAME, _LONGEST_MARKED = 60, 600


@dataclass(frozen=True, slots=True)
class _Closing:
    """A credit that closes a paragraph or stands below it."""

    person: Person
    span: Span  # of the credit
    words: Span | None = None  # what stands before it in the same paragraph
    is_name: bool = True  # whether it has the look of a name


def recognise(document: Document) -> Attempt | None:
    """Read paragraphs that a credit closes, though no mark shows that they are quoted; None under two."""
    credited = _dashed(document)
    if len(credited) < 2:
        credited = _signed(document) or _emphatic(document)
    people = [personhood(document, one.person.name) for one in credited.values()]
    if len(credited) < 2 or sum(people) < (_PERSONHOOD if len(people) >= _FEWEST_NAMES else _OF_TWO) * len(people):
        return None
    groups = [_above(document, index, credited) for index in credited]
    typical = median(len(group) for group, _ in groups)
    bounds = _BOUNDS | {"heading"} if _are_sections(bound for _, bound in groups) else _BOUNDS
    answers = []
    first = min(credited)
    for (index, closing), (group, bound) in zip(credited.items(), groups, strict=True):
        # the first group of a section may have an introduction above it
        least = 0 if closing.words else 1
        introducing = 0 if bound in bounds or len(group) <= 2 * typical else len(group) - max(least, int(typical))
        if bound == "heading" and _tell(document, group[:introducing], is_first=index == first):
            introducing = 0
        kept = group[introducing:]
        if spans := _words(document, kept, closing, index):
            answers.append(Answer(closing.person.name, closing.person.role, (closing.span,), spans))
    if len(answers) < 2 or (len(answers) < _FEWEST_NAMES and not _speak(document, answers)):
        return None
    return Attempt("quote_then_name", tuple(answers), notes=(f"{len(answers)} paragraphs that a credit closes",))


def _words(document: Document, group: list[int], closing: _Closing, index: int) -> tuple[Span, ...]:
    """The paragraphs of a group and what stands before the credit in its own paragraph."""
    if not group and closing.words is None:
        return ()
    # "Q: Why? — Ann" and below it "A: Because. — Bob": the answer begins behind its label
    openings = (answer_label(document.text, document.blocks[place].span) for place in reversed([*group, index]))
    begin = document.blocks[group[0]].span[0] if group else document.blocks[index].span[0]
    start = next((place for place in openings if place), begin)
    end = closing.words[1] if closing.words else document.blocks[group[-1]].span[1]
    spans = unquoted(document.text, answer_spans(document, start, end))
    return spans if says_enough(document.text, spans) else ()


def _speak(document: Document, answers: Sequence[Answer]) -> bool:
    """Whether anybody says I or we: titles of talks with their speakers behind look alike."""
    return any(document.speaks_of_self(document.said(one)) for one in answers)


def _tell(document: Document, group: Sequence[int], *, is_first: bool) -> bool:
    """Whether somebody says I or we in every one of these paragraphs; at the top of the page editors say we as well."""
    shown = [document.shown(document.blocks[index]) for index in group]
    if is_first:
        return all(speaks_as_one(text, document.language) for text in shown)
    return all(map(document.speaks_of_self, shown))


def _dashed(document: Document) -> dict[int, _Closing]:
    """The paragraphs that a credit behind a dash closes or makes up, by their index."""
    found = {}
    dashes = [dash for dash in _DASHES if dash in document.text]
    for index, block in enumerate(document.blocks if dashes else ()):
        if block.kind != "paragraph" or block.quote >= 0 or block.item >= 0 or not block.lines:
            continue
        if not any(document.text.find(dash, block.start, block.end) >= 0 for dash in dashes):
            continue
        if closing := _credit_below(document, index) or _credit_inside(document, block):
            found[index] = closing
    return found


def _credit_below(document: Document, index: int) -> _Closing | None:
    """The person whom a paragraph of one line credits behind a dash, where a paragraph stands before it."""
    block = document.blocks[index]
    if not index or len(block.lines) > 2:
        return None
    before = document.blocks[index - 1]
    if before.kind != "paragraph" or before.item >= 0 or before.quote >= 0:
        return None
    who = dashed(document.text[block.start : block.end])
    person = credit_person(who.replace("\n", " "), strict=False) if who else None
    return _Closing(person, (block.start, block.end)) if person else None


def _credit_inside(document: Document, block: Block) -> _Closing | None:
    """The person whom the end of a paragraph credits behind a dash: in its last line, or behind its last full stop."""
    start, end = block.lines[-1]
    line = document.text[start:end]
    first = block.span[0]
    if opens_marks(document.text[first : first + 12]):
        return None
    if len(block.lines) > 1 and (person := dashed_person(line)):
        return _Closing(person, (start, block.end), (first, block.lines[-2][1]))
    behind = credit_behind_stop(line)
    if behind and start + behind[0] > first:
        return _Closing(behind[1], (start + behind[0], block.end), (first, start + behind[0]))
    return None


def _signed(document: Document) -> dict[int, _Closing]:
    """The paragraphs whose last line is nothing but a name, where most of the page's paragraphs close so."""
    paragraphs = {
        index: block for index, block in enumerate(document.blocks) if block.kind == "paragraph" and block.lines
    }
    found = {}
    for index, block in paragraphs.items():
        if len(block.lines) > 1 and block.quote < 0 and block.item < 0 and (closing := _signature(document, block)):
            found[index] = closing
    return found if len(found) >= max(_FEWEST_NAMES, _SHARE * len(paragraphs)) else {}


def _signature(document: Document, block: Block) -> _Closing | None:
    (_, above), (start, end) = block.lines[-2:]
    line = document.text[start:end]
    if len(line) > _LONGEST_NAME or not _STOP.search(document.text, block.span[0], above):
        return None
    person = credit_person(line, strict=True)
    if person is None and is_known_person(line.strip()):
        # a given name alone is enough where every paragraph is signed
        person = Person(line.strip())
    return _Closing(person, (start, block.end), (block.span[0], above)) if person else None


def _emphatic(document: Document) -> dict[int, _Closing]:
    """The paragraphs that are a name in bold, italics or a link, where one of them closes every section that has any."""
    found: dict[int, _Closing] = {}
    has_words = False
    lines = {index: line for index, block in enumerate(document.blocks) if (line := _emphatic_line(document, block))}
    names = [closing for closing in lines.values() if closing.is_name]
    # beside names in bold, other short lines in bold name somebody too
    may_be_any = len(names) >= _FEWEST_NAMES and len(names) >= _MOSTLY * len(lines)
    for index, block in enumerate(document.blocks):
        line = lines.get(index)
        closing = line if line and (line.is_name or (may_be_any and _may_name(document, line.person))) else None
        # names above what they announce come before any words, and words follow the last of them
        if (closing and not has_words) or (block.kind in ("heading", "rule") and has_words and found):
            return {}
        if closing:
            found[index] = closing
        if block.kind != "show":
            has_words = block.kind == "paragraph" and closing is None
    return {} if has_words else found


def _may_name(document: Document, person: Person) -> bool:
    """Whether words without the look of a name are not plainly others."""
    return personhood(document, person.name) >= _UNLIKELY


def _emphatic_line(document: Document, block: Block) -> _Closing | None:
    """Whom a short paragraph in emphasis or a link names."""
    if block.kind != "paragraph" or not 1 <= len(block.lines) <= 2 or block.quote >= 0 or block.item >= 0:
        return None
    if block.end - block.start > _LONGEST_MARKED or document.text[block.span[0]] not in "*_[":
        return None
    line = document.content(block).split("\n")[0]
    shown = document.shown(block)
    if len(shown) > _LONGEST_NAME + 20 or not (is_emphatic(line) if line[:1] in ("*", "_") else _LINKED.match(line)):
        return None
    person = split_person(line)
    is_name = name_likeness(person.name) >= 0.8 or is_known_person(person.name)
    return _Closing(person, (block.start, block.end), is_name=is_name) if person.name else None


def _above(document: Document, index: int, credited: Mapping[int, _Closing]) -> tuple[list[int], str]:
    """The paragraphs right above block `index`, and what bounds them: a number, a credit or a kind of block; "" where nothing does."""
    group: list[int] = []
    for above in range(index - 1, max(-1, index - 2 - _MOST_PARAGRAPHS), -1):
        block = document.blocks[above]
        if block.kind == "show":
            continue
        if above in credited:
            return group[::-1], "credit"
        if block.kind == "paragraph" and block.lines and _NUMBER.fullmatch(document.content(block)) is not None:
            return group[::-1], "number"
        is_said = block.kind == "paragraph" or (block.kind == "code" and above - 1 not in credited)
        if not is_said or block.quote >= 0 or len(group) == _MOST_PARAGRAPHS:
            return group[::-1], block.kind
        group.append(above)
    return group[::-1], ""


def _are_sections(bounds: Iterable[str]) -> bool:
    """Whether each section of the page is what one person says: headings bound nearly all of the groups."""
    counts = Counter(bounds)
    return counts.total() >= _FEWEST_NAMES and counts["heading"] >= _SECTIONS * counts.total()

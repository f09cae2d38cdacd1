"""Layouts "labels" and "transcript": a speaker's label opens the line, the answer follows ("**Jane Doe:** I start small.")."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from expert_roundup.parsing.answers import Answer, Attempt, Document, n_said
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import words
from expert_roundup.parsing.layouts.label_forms import Label, labels
from expert_roundup.parsing.layouts.label_lines import (
    quotes_of_turns,
    role_below,
    stand_below_quotes,
    without_roles,
    without_stamp,
    without_titles,
)
from expert_roundup.parsing.layouts.label_moderators import moderators_of
from expert_roundup.parsing.layouts.label_speakers import speakers_of
from expert_roundup.parsing.layouts.label_voice import are_quoted, sounds_spoken
from expert_roundup.parsing.layouts.prompts import says_anything
from expert_roundup.parsing.layouts.regions import answer_spans, is_outro, says_enough, stripped, unquoted
from expert_roundup.parsing.layouts.section_quotes import ANSWERING
from expert_roundup.parsing.names import WORD
from expert_roundup.parsing.questions import inner, is_emphatic, speaks_to
from expert_roundup.parsing.visible import asks, holds_question

#: styles that stand together in one document
_STYLES = (("bold",), ("italic",), ("link",), ("plain",), ("dash",), ("timed",), ("alone",))
#: styles that lapse into each other
_LOOSE = frozenset(("bold", "plain"))
_CORNER = re.compile("[「」]")
_NUMBERED = re.compile(r"(?:\d+[.)]|Q\s*\d*\s*[:.)])")


#: share of turns that must stand in block quotes with their words, and characters of one that are looked at
_INSIDE, _LOOKED_AT = 0.8, 300


@dataclass(frozen=True, slots=True)
class _Asked:
    """A block between turns that asks or titles what follows, or a voice that is nobody's: the turn before it ends."""

    start: int
    index: int
    span: Span  # of the words that ask, empty if none do
    is_title: bool = True  # ends the question before it


def recognise(document: Document) -> Attempt | None:
    """Read `document` as turns that labels open; None where no style of label announces two answers."""
    found = list(labels(document))
    attempts = [attempt for styles in _STYLES if (attempt := _attempt(document, found, styles))]
    # a style that labels two turns swallows all the others: of those that say much, the one that tells most apart
    enough = 0.6 * max((n_said(one.answers) for one in attempts), default=0)
    return max(
        (one for one in attempts if n_said(one.answers) >= enough), key=lambda one: len(one.answers), default=None
    )


def _attempt(document: Document, found: Sequence[Label], styles: tuple[str, ...]) -> Attempt | None:
    """The turns that labels of these styles open."""
    chosen = _evenly_set([label for label in found if label.style in styles])
    if styles[0] == "alone":
        chosen = without_roles(document, chosen)
    if len(chosen) < 2:
        return None
    speakers = speakers_of(document, chosen, styles[0])
    # whoever is labelled in one style may be labelled in another here and there
    other = [label for label in found if label.style in _LOOSE and label.style not in styles and label.is_first]
    speakers |= {one.person.name for one in other if one.person.name.casefold() in words("people", "moderators")}
    turns = sorted(
        (label for label in (*chosen, *other) if label.person.name in speakers), key=lambda label: label.start
    )
    if len(turns) < 2 or (styles[0] in ("alone", "dash") and stand_below_quotes(document, turns)):
        return None
    silent = [label for label in chosen if label.person.name.casefold() in words("people", "nobody")]
    asked = _asking(document, [*_between(document, turns, styles[0]), *(_silence(label) for label in silent)])
    moderators = moderators_of(document, turns, [one.start for one in asked])
    is_outside = sum(document.blocks[label.block].quote < 0 for label in turns) * 2 > len(turns)
    use = quotes_of_turns(document, turns) if styles[0] in ("alone", "bold") and is_outside else ""
    if len(speakers) == len(turns) and all(document.text.startswith("「", turn.end) for turn in turns):
        return None  # titles of talks stand in corner brackets as well
    answers = _answers(document, turns, asked, moderators, is_quoted=ANSWERING.get(use))
    if len(answers) < 2 or not sounds_spoken(document, turns, answers, styles[0]):
        return None
    questions = tuple(dict.fromkeys(span for answer in answers for span in answer.questions))
    return Attempt(
        "cards" if use == "block quotes" else _layout(document, answers, asked, moderators, styles[0]),
        tuple(answers),
        questions,
        frozenset(moderators),
        (_note(answers, moderators, styles[0]),),
        is_explicit=are_quoted(document, answers),
    )


def _evenly_set(found: list[Label]) -> list[Label]:
    """The labels without those in list items, where most stand outside: they are terms in what somebody says."""
    outside = [label for label in found if not label.in_item]
    return outside if len(outside) * 2 > len(found) else found


def _layout(
    document: Document, answers: Sequence[Answer], asked: Sequence[_Asked], moderators: set[str], style: str
) -> str:
    """Labels stand under questions of the page, or once each; turns go to and fro, and a moderator asks."""
    n_asked = sum(holds_question(document.text[slice(*one.span)]) for one in asked)
    if n_asked >= 2 and not moderators and style not in ("timed", "dash"):
        return "labels"
    recurs = Counter(answer.speaker for answer in answers).most_common(1)[0][1] > 1
    return "transcript" if recurs else "labels"


def _note(answers: Sequence[Answer], moderators: set[str], style: str) -> str:
    n_speakers = len({answer.speaker for answer in answers})
    asked_by = f", asked by {', '.join(sorted(moderators))}" if moderators else ""
    return f"{len(answers)} turns opened by {style} labels of {n_speakers} speakers{asked_by}"


def _between(document: Document, turns: Sequence[Label], style: str) -> list[_Asked]:
    """Blocks between turns that ask: headings, blocks bold as a whole, short paragraphs that end in a question mark."""
    opening = {label.block for label in turns}
    first = min(opening)
    found = []
    for index, block in enumerate(document.blocks):
        if not block.lines or index in opening or block.kind not in ("heading", "paragraph"):
            continue
        text = document.content(block) if block.end - block.start < 700 else ""
        leads = index > first or _next_turn(document, index, opening)
        if block.kind == "heading":
            is_question = leads or asks(text)
        else:
            is_bold = text[:40].lstrip("0123456789.) ").startswith(("**", "__", "<strong>", "<b>")) and is_emphatic(
                text
            )
            is_line = asks(text) and block.item < 0 and block.quote < 0 and (_NUMBERED.match(text) or is_emphatic(text))
            # the number of a question makes it the item of a list
            is_numbered = block.item >= 0 and document.text[block.start : block.lines[0][0]].lstrip()[:1].isdigit()
            is_item = is_numbered and asks(text) and _next_turn(document, index, opening)
            is_question = (is_bold and style != "alone" and leads) or bool(is_line) or is_item
        if is_question:
            found.append(_Asked(block.start, index, inner(document, block)))
    return found


def _silence(label: Label) -> _Asked:
    return _Asked(label.start, label.block, (label.start, label.start), is_title=False)


def _asking(document: Document, between: Sequence[_Asked]) -> list[_Asked]:
    """What stands between turns, in page order; where some of it asks, titles only end the question before them."""
    ordered = sorted(between, key=lambda one: one.start)
    asking = {one.start for one in ordered if asks(document.text[slice(*one.span)])}
    return [one if not asking or one.start in asking else replace(one, span=(one.start, one.start)) for one in ordered]


def _next_turn(document: Document, index: int, opening: set[int]) -> bool:
    """Whether the next block with text opens a turn."""
    following = range(index + 1, min(index + 8, len(document.blocks)))
    return next((i for i in following if document.blocks[i].is_text), None) in opening


def _answers(
    document: Document,
    turns: Sequence[Label],
    asked: Sequence[_Asked],
    moderators: set[str],
    *,
    is_quoted: Callable[[Document, Block], bool] | None,
) -> list[Answer]:
    """The turns of all but the moderators; only what `is_quoted`, where most of them quote their speaker."""
    text = document.text
    marks: list[Label | _Asked] = sorted([*turns, *asked], key=lambda mark: mark.start)
    answers: list[Answer] = []
    current: tuple[Span, ...] = ()
    bounds = _behind_quotes(document) if all(document.blocks[turn.block].quote >= 0 for turn in turns) else []
    # the page quotes a conversation where the block quotes hold what is said, and not only who is asked what
    inside = [text[turn.end : min(bounds[turn.block], turn.end + _LOOKED_AT)] for turn in turns] if bounds else []
    are_inside = sum(bool(said.strip(" >*_\n")) and not asks(said) for said in inside) > _INSIDE * len(turns)
    names = {turn.person.name for turn in turns} - moderators
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        if isinstance(mark, _Asked):
            if mark.span[0] < mark.span[1]:
                current = (mark.span,)
            elif mark.is_title:
                current = ()
            if answer := _called_upon(document, mark, following, names):
                answers.append(answer)
            continue
        begin, role = role_below(document, mark) if mark.style == "alone" else (mark.end, mark.person.role)
        end = following.start if following else _end_of_last(document, begin, {turn.person.name for turn in turns})
        if are_inside:
            # what stands below the block quote is the page's own
            end = min(end, bounds[mark.block])
        spans = _said(document, mark, (begin, end), is_quoted)
        if not says_anything(text, spans):
            continue
        if mark.person.name in moderators:
            current = (_bare(text, (spans[0][0], spans[-1][1])),)
        else:
            answers.append(Answer(mark.person.name, role, ((mark.start, mark.end),), spans, current))
    return answers


def _said(
    document: Document, turn: Label, span: Span, is_quoted: Callable[[Document, Block], bool] | None
) -> tuple[Span, ...]:
    """What a turn says: its text, or what of it `is_quoted`, without marks around the whole."""
    begin, end = span
    if document.text.startswith("「", begin):
        end = min(end, _behind_corner(document.text, begin, end))
    spans = answer_spans(document, begin, without_titles(document, begin, end))
    if is_quoted:
        said = [block for block in document.blocks_between(begin, end) if is_quoted(document, block)]
        spans = answer_spans(document, said[0].start, min(end, said[-1].end)) if said else ()
    spans = without_stamp(document.text, unquoted(document.text, spans))
    return _closed(document.text, spans) if document.text[turn.start] in "*_" else spans


def _behind_corner(text: str, start: int, end: int) -> int:
    """Where the corner bracket closes that opens at `start`, `end` if it does not."""
    depth = 0
    for match in _CORNER.finditer(text, start, end):
        depth += 1 if match.group() == "「" else -1
        if not depth:
            return match.end()
    return end


def _closed(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans without the mark that closes the emphasis which was opened before the label."""
    mark = text[spans[-1][1] - 1] if spans else ""
    if mark not in ("*", "_") or sum(text.count(mark, *span) for span in spans) % 2 == 0:
        return spans
    return (*spans[:-1], stripped(text, spans[-1][0], spans[-1][1] - 1))


def _called_upon(
    document: Document, asked: _Asked, following: Label | _Asked | None, names: Collection[str]
) -> Answer | None:
    """What stands without a label below a question that speaks to one of the speakers by name: "And you, Jane?"."""
    question = document.text[slice(*asked.span)]
    called = [name for name in names if asks(question) and speaks_to(question, name.split()[0])]
    if len(called) != 1:
        return None
    behind = document.blocks[asked.index].end
    end = following.start if following else _end_of_last(document, behind, set(names))
    spans = unquoted(document.text, answer_spans(document, behind, without_titles(document, behind, end)))
    answer = Answer(called[0], "", (), spans, (asked.span,)) if says_enough(document.text, spans) else None
    # who is named in it is written about
    return answer if answer and called[0].split()[0] not in WORD.findall(document.said(answer)) else None


def _behind_quotes(document: Document) -> list[int]:
    """For each block, where the run of block quotes ends in which it stands."""
    ends, end = [0] * len(document.blocks), len(document.text)
    for index in reversed(range(len(document.blocks))):
        block = document.blocks[index]
        if block.quote < 0 and block.kind != "show":
            end = block.start
        ends[index] = end
    return ends


def _bare(text: str, span: Span) -> Span:
    start, end = stripped(text, *span)
    while end > start and text[end - 1] in "*_ \t\r\n":
        end -= 1
    while start < end and text[start] in "*_ \t\r\n":
        start += 1
    return start, end


def _end_of_last(document: Document, start: int, speakers: set[str]) -> int:
    """The last turn ends before a rule, a heading, a paragraph in emphasis, or one that closes the page."""
    for index in range(document.block_at(start), len(document.blocks)):
        block = document.blocks[index]
        if block.start <= start:
            continue
        if block.kind in ("heading", "rule", "meta") or (
            block.kind == "paragraph" and _is_editors(document, block, speakers)
        ):
            return block.start
    return len(document.text)


def _is_editors(document: Document, block: Block, speakers: set[str]) -> bool:
    """Whether a paragraph behind the last turn is the editor's: emphatic, an outro, or about several of the speakers."""
    shown, text = document.shown(block), document.content(block)
    opens_emphasis = text[:1] in "*_" and text[1:2] not in "*_ " and text[:1] not in text[1:-1]
    names = {word for name in speakers for word in name.split() if len(word) > 2}
    named = sum(re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", shown) is not None for name in sorted(names)[:60])
    return is_emphatic(text) or opens_emphasis or is_outro(shown) or (named >= 2 and not document.speaks_of_self(shown))

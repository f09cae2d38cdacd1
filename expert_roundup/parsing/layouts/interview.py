"""Layout "transcript" with one expert: questions as headings or in bold, answers without a label, the expert named once."""

from __future__ import annotations

from collections.abc import Sequence

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block
from expert_roundup.parsing.interviewees import interviewee
from expert_roundup.parsing.layouts import headings
from expert_roundup.parsing.layouts.label_forms import label_of
from expert_roundup.parsing.layouts.regions import answer_spans, says_enough, unquoted, without_outro
from expert_roundup.parsing.questions import asks, inner, is_emphatic

#: questions that make an interview
_FEWEST = 3


def recognise(document: Document) -> Attempt | None:
    """Read `document` as an interview with the one expert whom its title or introduction names; None if it is none."""
    for prompts in (_emphatic_prompts(document), *_heading_prompts(document)):
        if len(prompts) >= _FEWEST and (attempt := _attempt(document, prompts)):
            return attempt
    return None


def _attempt(document: Document, prompts: Sequence[int]) -> Attempt | None:
    person = interviewee(document, document.blocks[prompts[0]].start)
    if person is None or headings.recognise(document):
        return None
    answers = []
    for index, following in zip(prompts, [*prompts[1:], _end(document, prompts)], strict=True):
        blocks = [block for block in document.blocks[index + 1 : following] if block.lines]
        if index == prompts[-1]:
            blocks = without_outro(document, blocks)
        if not blocks:
            continue
        spans = unquoted(document.text, answer_spans(document, blocks[0].span[0], blocks[-1].span[1]))
        if says_enough(document.text, spans):
            prompt = document.blocks[index]
            answers.append(Answer(person.name, person.role, (prompt.span,), spans, (inner(document, prompt),)))
    texts = [document.text[answer.spans[0][0] : answer.spans[-1][1]] for answer in answers]
    if len(answers) < _FEWEST or sum(map(document.speaks_of_self, texts)) < 0.5 * len(texts) or _are_labelled(texts):
        return None
    note = f"{len(answers)} answers to questions in bold or headings; the title or introduction names {person.name}"
    return Attempt("transcript", tuple(answers), notes=(note,))


def _are_labelled(texts: Sequence[str]) -> bool:
    """Whether labels open the answers: then these say who speaks."""
    return sum(label_of(text.split("\n", 1)[0]) is not None for text in texts) * 2 >= len(texts)


def _emphatic_prompts(document: Document) -> list[int]:
    """The paragraphs that are bold or italic as a whole, where most of them ask."""
    found = [index for index, block in enumerate(document.blocks) if _is_emphatic(document, block)]
    return found if sum(_asks(document, index) for index in found) * 2 >= len(found) else []


def _is_emphatic(document: Document, block: Block) -> bool:
    if (
        block.kind != "paragraph"
        or block.quote >= 0
        or block.item >= 0
        or document.text[block.start] not in "*_<0123456789Q"
    ):
        return False
    return block.end - block.start < 1_500 and is_emphatic(document.content(block).lstrip("\ufeff"))


def _heading_prompts(document: Document) -> list[list[int]]:
    """The headings of each level of which most ask."""
    levels: dict[int, list[int]] = {}
    for index, block in enumerate(document.blocks):
        if block.kind == "heading" and block.lines:
            levels.setdefault(block.level, []).append(index)
    return [found for found in levels.values() if sum(_asks(document, index) for index in found) >= 0.6 * len(found)]


def _asks(document: Document, index: int) -> bool:
    text = document.content(document.blocks[index])
    return asks(text) or "?" in text or "？" in text


def _end(document: Document, prompts: Sequence[int]) -> int:
    """Index of the block behind the last answer: the next heading or rule."""
    following = range(prompts[-1] + 1, len(document.blocks))
    return next(
        (index for index in following if document.blocks[index].kind in ("heading", "rule")), len(document.blocks)
    )

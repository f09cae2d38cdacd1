"""Questions: the sentences that the experts were asked, in running text, headings, bold lines or numbered lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import words
from expert_roundup.parsing.visible import asks, visible

_SENTENCE_START = re.compile(r"(?:[.!?…:：？！。]['\"”’»)]*\s+|[？！。]\s*|\n\s*\n)")
_MARK = re.compile(r"[?？;؟]\s*$|[?？؟][\"'”’»)*_]*\s*$")
#: a paragraph that is emphatic as a whole, a number before it allowed
_EMPHATIC = re.compile(r"(?:\d{1,3}[.)]\s*|Q\s*\d*[:.)]\s*)?(?P<mark>\*{1,3}|_{1,3}|<(?:b|strong|em|i)>)(?=\S)")
#: colour and size around a line
_OPENED = re.compile(r"(?:<(?:span|font|u)\b[^<>]*>\s*)+")
_CLOSED = re.compile(r"(?:\s{0,9}</(?:span|font|u)>)+$")
#: characters in which the tags stand that close a line
_LONGEST_TAGS = 80
#: what stands before the words of a question: emphasis, "Q:", "Question 3:", a number
_LEAD = re.compile(
    r"(?i)(?:<(?:span|font|u)\b[^<>]*>\s*)*[*_]*(?:(?:Q|question|frage|pregunta|pergunta|domanda|вопрос|問|问题?)\s*\d*\s*[:：.)]\s*)?(?:\d{1,3}[.)、]\s*)?[*_]*"
)
#: the label of the one who asks: "TM: What do you do?"
_ASKER = re.compile(
    r"[^\W\d_a-z][\w.’'-]{0,20}(?: [^\W\d_a-z][\w.’'-]{0,20}){0,2}\s*[:：][*_]*\s+(?=\S[^?？]{3,}[?？])"
)
_NUMBERED = re.compile(
    r"(?i)(?:\d{1,3}[.)、]|(?:Q|question|frage|pregunta|pergunta|domanda|вопрос|問|问题?)\s*\d*\s*[:：.)])\s*\S"
)
#: rank of a question that is no heading: any heading ends it
_LINE_LEVEL = 7
#: the longest paragraph that is one question
_LONGEST = 700


@dataclass(frozen=True, slots=True)
class Question:
    """A block that asks."""

    index: int  #: of the block
    span: Span  #: the words without number and emphasis
    level: int  #: of the heading, 7 for a line of text


def questions_before(text: str, end: int, *, floor: int = 0) -> tuple[Span, ...]:
    """The run of sentences ending in a question mark that closes at `end`, each as a span, in page order.

    Examples
    --------
    >>> [text[a:b] for text in ["We asked: Why? And how? Jane said"] for a, b in questions_before(text, 23)]
    ['Why?', 'And how?']
    """
    window = max(floor, end - 1_200)
    starts = [window, *(match.end() for match in _SENTENCE_START.finditer(text, window, end))]
    spans: list[Span] = []
    stop = end
    for start in reversed([start for start in starts if start < end]):
        sentence = text[start:stop].rstrip()
        if not sentence:
            continue
        if not _MARK.search(sentence):
            break
        spans.append((start, start + len(sentence)))
        stop = start
    return tuple(reversed(spans))


def is_emphatic(text: str) -> bool:
    """Whether `text` is bold or italic as a whole, a number before it allowed."""
    stripped = text.strip()
    if stripped.startswith("<"):
        opened = _OPENED.match(stripped)
        closed = _CLOSED.search(stripped, max(0, len(stripped) - _LONGEST_TAGS))
        stripped = stripped[opened.end() if opened else 0 : closed.start() if closed else len(stripped)]
    opening = _EMPHATIC.match(stripped)
    if opening is None:
        return False
    mark = opening["mark"]
    closing = mark.replace("<", "</") if mark.startswith("<") else mark
    inner = stripped[opening.end() : len(stripped) - len(closing)]
    return stripped.endswith(closing) and bool(inner) and mark not in inner and closing not in inner


def question_of(document: Document, index: int) -> Question | None:
    """The question that block `index` asks as a whole, None if it does not."""
    block = document.blocks[index]
    if block.kind not in ("heading", "paragraph") or not block.lines or block.end - block.start > _LONGEST:
        return None
    text = document.content(block)
    if block.kind == "heading":
        return Question(index, inner(document, block), block.level) if asks(text) or "? " in text else None
    if not asks(text) or block.quote >= 0:
        return None
    is_item = block.item >= 0 and len(text) < 250
    if is_item or _NUMBERED.match(text) or is_emphatic(text):
        return Question(index, inner(document, block), _LINE_LEVEL)
    return None


def inner(document: Document, block: Block) -> Span:
    """The words of a question without "Q:", number and emphasis."""
    start, end = block.span
    text = document.text
    for pattern in (_LEAD, _ASKER):
        lead = pattern.match(text, start, end)
        if lead and lead.end() < end:
            start = lead.end()
    if closing := _CLOSED.search(text, max(start, end - 80), end):
        end = closing.start()
    while end > start and text[end - 1] in "*_ \t":
        end -= 1
    return start, end


def with_questions(document: Document, attempt: Attempt) -> Attempt:
    """The attempt, each answer that has no question of its own given the one that stands over it."""
    if all(answer.questions for answer in attempt.answers):
        return attempt
    over = _questions_over(document, attempt)
    answers = tuple(
        answer if answer.questions or not spans else replace(answer, questions=spans)
        for answer, spans in zip(attempt.answers, over, strict=True)
    )
    asked = attempt.questions or tuple(dict.fromkeys(span for answer in answers for span in answer.questions))
    return replace(attempt, answers=answers, questions=asked)


def _questions_over(document: Document, attempt: Attempt) -> list[tuple[Span, ...]]:
    order = sorted(range(len(attempt.answers)), key=lambda number: attempt.answers[number].start)
    over: list[tuple[Span, ...]] = [()] * len(order)
    scope = _Scope()
    blocks = _free_blocks(document, [attempt.answers[number] for number in order])
    for number, before in zip(order, blocks, strict=True):
        for index in before:
            scope.enter(document, index)
        over[number] = tuple(scope.spans)
    return over


def _free_blocks(document: Document, answers: Sequence[Answer]) -> Iterator[list[int]]:
    """For each answer, in page order, the blocks between the one before and itself."""
    index, n = 0, len(document.blocks)
    for answer in answers:
        start, end = answer.start, answer.end
        before = []
        while index < n and document.blocks[index].start < start:
            if document.blocks[index].end <= start:
                before.append(index)
            index += 1
        yield before
        while index < n and document.blocks[index].start < end:
            index += 1


class _Scope:
    """The question that is being answered while blocks are read in order."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.level = 0
        self.last = -9  # index of the last block that asked

    def enter(self, document: Document, index: int) -> None:
        """Take up the question that block `index` asks, or drop the one that its heading ends."""
        block = document.blocks[index]
        question = question_of(document, index)
        if question is None:
            if block.kind == "heading" and block.level <= self.level:
                self.spans, self.level = [], 0
            return
        if index != self.last + 1 or question.level < self.level:
            self.spans = []
        self.spans.append(question.span)
        self.level, self.last = question.level, index


def speaks_to(question: str, name: str) -> bool:
    """Whether a question calls somebody: commas part the name from the rest of it, and no preposition stands before it."""
    called = re.search(rf"(?:^|[,.!?…:]|^\W*\w{{1,3}})\s*{re.escape(name)}\s*(?:[,.!?:]|$)", visible(question).rstrip())
    return called is not None and called.group().split()[0].casefold() not in words("cues", "governing")

"""Prompts: what an interviewer asks between the answers of one person, without a label, in one form throughout."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import alternatives, known, words
from expert_roundup.parsing.layouts.credits import opens_marks
from expert_roundup.parsing.questions import inner, is_emphatic, question_of
from expert_roundup.parsing.visible import asks, holds_question, visible

#: emphatic words that open a line, a number before them allowed
_LEAD = re.compile(
    r"(?:\d{1,3}[.)]\s*)?(?P<mark>\*\*\*|\*\*|__|[*_]|<(?:strong|b|em|i)>)(?=[^\s*_])(?P<words>[^<>]{2,700}?)"
    r"(?:(?P=mark)|</(?:strong|b|em|i)>)(?P<behind>[ \t\\]*(?:<br\s*/?>[ \t]*)?(?:\r?\n|$))?"
)
_DASHED = re.compile(r"[—–―─]{1,2}\s*[^\W\d_«“\"]")
_DASHES = re.compile(r"[—–―─-]{1,2}\s*(?=\S)")
#: characters of the longest tag
_LONGEST_TAG = 300
#: italics alone stress a word, and ask only on a line of their own
_ITALICS = frozenset(("*", "_", "<em>", "<i>"))
_MAY_OPEN = "*_<0123456789Q¿¡"
#: how many italic lines there may be that do not ask, for each that does
_STATING = 0.7
#: a question before an opening mark, and what closes its answer
_ASKED = re.compile(r"\s*(?P<words>[^«»“”„\"]{3,500}\?)\s*(?=[«“„\"])")
_CLOSING = ("»", "”", "“", '"')
#: the longest paragraph that is one prompt, in characters
_LONGEST = 1_500


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked, and where the answer may begin."""

    start: int  #: of its block or line
    end: int  #: behind it
    words: Span  #: without number and emphasis


#: a form: the prompts of that form among the blocks [first, last)
Form = Callable[[Document, int, int], list[Prompt]]


def in_emphasis(document: Document, first: int, last: int) -> list[Prompt]:
    """Paragraphs bold or italic as a whole, bold lines of their own, and bold questions that open a line.

    Italic lines of their own that do not ask are among them where most such lines do.
    """
    text = document.text
    blocks = [
        block
        for block in document.blocks[first:last]
        if _may_prompt(block) and any(text[start] in _MAY_OPEN or text[start] == "\ufeff" for start, _ in block.lines)
    ]
    asking = [prompt for block in blocks for prompt in _emphatic(document, block)]
    if not asking:
        return []
    stating = [prompt for block in blocks for prompt in _emphatic(document, block, may_state=True)]
    n_italic = sum(text[prompt.start] in "*_" and text[prompt.start + 1] not in "*_" for prompt in asking)
    return stating if 0 < len(stating) - len(asking) <= _STATING * n_italic else asking


def opened_by_dashes(document: Document, first: int, last: int) -> list[Prompt]:
    """Paragraphs that a dash opens; where dashes open the replies as well, those of them that ask."""
    dashed = [
        index
        for index in range(first, last)
        if (block := document.blocks[index]).kind == "paragraph"
        and block.lines
        and _DASHED.match(document.text, block.lines[0][0])
    ]
    asking = [index for index in dashed if asks(document.content(document.blocks[index]))]
    replies = set(dashed) - set(asking)
    is_dialogue = sum(index + 1 in replies for index in asking) * 2 > len(asking)
    return [
        Prompt(document.blocks[index].start, document.blocks[index].end, _words(document, document.blocks[index]))
        for index in (asking if is_dialogue else dashed)
    ]


def in_boxes(document: Document, first: int, last: int) -> list[Prompt]:
    """Paragraphs in raw HTML whose box is called a question: <div class="question">."""
    found = []
    before = document.blocks[first - 1].end if first else 0
    for block in document.blocks[first:last]:
        if block.kind == "paragraph" and block.lines:
            begin = max(before, block.start - _LONGEST_TAG)
            if document.text.find("<", begin, block.start) >= 0 and _question_box().search(
                document.text, begin, block.start
            ):
                found.append(Prompt(block.start, block.end, block.span))
        before = block.end
    return found


@functools.cache
def _question_box() -> re.Pattern[str]:
    """The tag of a box that is called a question."""
    names = "|".join(known("pages")["question"])
    return re.compile(rf"(?i)<\w+[^<>]*\bclass\s*=\s*[\"'](?:[^\"'<>]*\s)?(?:{names})[\s\"']")


def in_block_quotes(document: Document, first: int, last: int) -> list[Prompt]:
    """Block quotes, what stands between them the answers."""
    quotes = [(begin, end) for begin, end in document.block_quotes if first <= begin and end < last]
    spans = [(document.blocks[begin], document.blocks[end]) for begin, end in quotes]
    return [Prompt(one.start, other.end, (one.span[0], other.span[1])) for one, other in spans]


def in_headings(document: Document, first: int, last: int) -> list[Prompt]:
    """Headings of the level that has the most of them, of those in which half of them ask if there are any."""
    levels: dict[int, list[Block]] = {}
    for block in document.blocks[first:last]:
        if block.kind == "heading" and block.lines:
            levels.setdefault(block.level, []).append(block)
    most = max(levels.values(), key=lambda same: (_half_ask(document, same), len(same)), default=[])
    return [Prompt(block.start, block.end, inner(document, block)) for block in most]


def _half_ask(document: Document, blocks: Sequence[Block]) -> bool:
    return 2 * sum(holds_question(document.text[block.start : block.end]) for block in blocks) >= len(blocks)


def in_plain_words(document: Document, first: int, last: int) -> list[Prompt]:
    """Paragraphs of one line that end in a question mark, an answer below each."""
    blocks = [block for block in document.blocks[first:last] if block.kind != "show" and block.lines]
    asking = [_asks_plainly(document, block) for block in blocks]
    return [
        Prompt(block.start, block.end, block.span)
        for block, (asks_now, asks_next) in zip(blocks, pairwise(asking), strict=False)
        if asks_now and not asks_next
    ]


def in_first_lines(document: Document, first: int, last: int) -> list[Prompt]:
    """First lines of paragraphs that end in a question mark, the answer on the lines below."""
    return [
        Prompt(block.start, block.lines[0][1], block.lines[0])
        for block in document.blocks[first:last]
        if _may_prompt(block) and len(block.lines) > 1 and _is_plain_question(document.text[slice(*block.lines[0])])
    ]


def before_marks(document: Document, first: int, last: int) -> list[Prompt]:
    """Questions that open paragraphs whose rest stands in quotation marks: When do you row? «In the morning»."""
    found = []
    for block in document.blocks[first:last]:
        asked = _ASKED.match(document.text, *block.span) if _may_prompt(block) else None
        if asked and document.text[block.start : block.end].rstrip(" .\n")[-1:] in _CLOSING:
            found.append(Prompt(block.start, asked.end(), asked.span("words")))
    return found


def behind_labels(document: Document, first: int, last: int) -> list[Prompt]:
    """Lines that a word for questions opens, up to the word for answers behind each: "Question 2: Why? Answer: Because"."""
    found: list[Prompt] = []
    asked: tuple[int, int, int] | None = None  # where a question, its words and its line begin and end
    n_answers = 0
    for block in document.blocks[first:last]:
        if block.kind not in ("paragraph", "heading"):
            continue
        for start, end in block.lines:
            if match := _answer_label().match(document.text, start, end):
                if asked:
                    found.append(Prompt(asked[0], match.end(), (asked[1], max(asked[1], asked[2]))))
                    n_answers += 1
                asked = None
            elif match := _question_label().match(document.text, start, end):
                if asked:
                    found.append(Prompt(asked[0], asked[2], (asked[1], asked[2])))
                asked = start, match.end(), end
            elif asked and block.start <= asked[0] < block.end:
                asked = asked[0], asked[1], end
    if asked:
        found.append(Prompt(asked[0], asked[2], (asked[1], asked[2])))
    return found if n_answers * 2 > len(found) else []


@functools.cache
def _question_label() -> re.Pattern[str]:
    return _label(words("people", "moderators"))


@functools.cache
def _answer_label() -> re.Pattern[str]:
    return _label(words("people", "answerers"))


def answer_label(text: str, span: Span) -> int:
    """Where the words begin behind the word for answers and its colon that open a block, 0 if none do."""
    match = _answer_label().match(text, *span)
    return match.end() if match and match.group().rstrip(" *_").endswith((":", "：")) else 0


def _label(known: frozenset[str]) -> re.Pattern[str]:
    """One of the words at the start of a line, emphatic or not; a colon may be missing behind a longer one."""
    mark = r"(?:\*{1,3}|_{1,3}|</?(?:b|strong|em|i|span)>)?"
    long = alternatives(frozenset(word for word in known if len(word) > 3))
    return re.compile(
        rf"(?i){mark}(?:(?:{alternatives(known)})\s?\d{{0,3}}{mark}\s?[.:：)]|(?:{long})(?:\s\d{{1,3}})?{mark}(?=\s)){mark}\s*"
    )


#: in the order in which they are tried
FORMS: tuple[Form, ...] = (
    behind_labels,
    in_boxes,
    in_emphasis,
    opened_by_dashes,
    in_headings,
    in_block_quotes,
    in_plain_words,
    in_first_lines,
    before_marks,
)


def most_ask(document: Document, found: list[Prompt]) -> bool:
    """Whether at least half of the prompts hold a question mark."""
    asking = sum(holds_question(document.text[slice(*prompt.words)]) for prompt in found)
    return asking * 2 >= len(found) > 0


def asked_inside(document: Document, sections: Sequence[tuple[int, int]]) -> dict[int, list[Prompt]]:
    """The prompts inside each section [first, last) of blocks, by its first block, in the one form that cuts at least half of them."""
    for form in FORMS:
        found = {first: form(document, first, last) for first, last in sections}
        asked = {first: inside for first, inside in found.items() if len(inside) >= 2}
        together = [prompt for inside in asked.values() for prompt in inside]
        if len(asked) >= 2 and len(asked) * 2 >= len(sections) and most_ask(document, together):
            return asked
    once = {}
    for first, last in sections:
        inside = [question_of(document, index) for index in range(first, last)]
        asking = [question for question in inside if question and document.blocks[question.index].item < 0]
        if asking:
            blocks = [document.blocks[question.index] for question in asking]
            once[first] = [
                Prompt(block.start, block.end, question.span) for block, question in zip(blocks, asking, strict=True)
            ]
    return once if len(once) >= 2 and len(once) * 2 >= len(sections) else {}


def _words(document: Document, block: Block) -> Span:
    """The words of a prompt without number, emphasis and the dash that opens it."""
    start, end = inner(document, block)
    dashes = _DASHES.match(document.text, start, end)
    return (dashes.end() if dashes else start), end


def _may_prompt(block: Block) -> bool:
    return block.kind == "paragraph" and block.quote < 0 and bool(block.lines)


def _emphatic(document: Document, block: Block, *, may_state: bool = False) -> Iterator[Prompt]:
    text = document.text
    if block.end - block.start < _LONGEST:
        content = document.content(block).lstrip("\ufeff")
        if content[:1] in _MAY_OPEN and is_emphatic(content):
            yield Prompt(block.start, block.end, _words(document, block))
            return
    end = block.lines[-1][1]
    behind = block.start
    for start, line_end in block.lines:
        if start < behind or text[start] not in _MAY_OPEN:
            continue
        lead = _LEAD.match(text, start, end)
        if lead is None:
            continue
        stands_alone = lead["behind"] is not None or lead.end() >= line_end
        suffices = all if lead["mark"] in _ITALICS and not may_state else any
        if suffices((stands_alone, asks(lead["words"]))):
            behind = lead.end()
            yield Prompt(start, lead.end(), lead.span("words"))


def _asks_plainly(document: Document, block: Block) -> bool:
    if block.kind != "paragraph" or block.quote >= 0 or block.item >= 0 or block.end - block.start > 400:
        return False
    return _is_plain_question(document.text[slice(*block.span)])


def _is_plain_question(words: str) -> bool:
    """Whether words without emphasis ask, and nobody is quoted asking."""
    return words.rstrip(" *_").endswith(("?", "？", "؟")) and not opens_marks(words)


def says_anything(text: str, spans: Sequence[Span]) -> bool:
    """Whether the spans hold a word: to a question, one is an answer."""
    if spans and text[spans[0][0]].isalnum():
        return True  # no markup opens it
    return any(re.search(r"[^\W_]", visible(text[start : min(end, start + _LONGEST)])) for start, end in spans)

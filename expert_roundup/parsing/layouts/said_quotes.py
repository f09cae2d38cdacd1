"""Layout "said" with marked quotations: news prose (“I start small,” said Jane Doe.) and block quotes that a sentence leads to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from expert_roundup.parsing.answers import Attempt, Document
from expert_roundup.parsing.blocks import Block
from expert_roundup.parsing.knowledge import said
from expert_roundup.parsing.layouts.behind import is_unnamed, speaker_after, thus
from expert_roundup.parsing.layouts.beside import is_bare, named_last, sentences, speaker_before
from expert_roundup.parsing.layouts.cast import Cast
from expert_roundup.parsing.layouts.descriptions import describes_person, description
from expert_roundup.parsing.layouts.evidence import personhood
from expert_roundup.parsing.layouts.joining import Said, in_full, joined
from expert_roundup.parsing.layouts.lead_ins import lead_in
from expert_roundup.parsing.layouts.native_names import (
    full_in,
    honoured_in,
    named_alone,
    native_before,
    somebody_before,
    speaks_bare,
)
from expert_roundup.parsing.layouts.quotations import Quotation, quotations
from expert_roundup.parsing.layouts.quote_then_name import credited_quote
from expert_roundup.parsing.layouts.regions import answer_spans, stripped, unquoted
from expert_roundup.parsing.layouts.speech import ENDS, marked_speech, quoted_share
from expert_roundup.parsing.names import CASELESS, HANDLE, name_likeness
from expert_roundup.parsing.people import Person
from expert_roundup.parsing.visible import n_words, visible

#: words of the longest clause that only leads from one quotation of a speaker to the next: with a verb of speech, without
#: one, and naming nobody
_LEAD, _LED, _CONNECTIVE = 16, 8, 3
#: words behind a verb of speech that report what somebody said
_REPORTED = 6
#: answers of the one person whom a page quotes, and words of a paragraph that is theirs though it does not say so
_FEWEST, _LONG = 3, 8
#: who took a picture
_CAPTION = re.compile(
    r"(?i)(?<!\w)(?:photo(?:graph)?|foto|image|bild|фото|crédit|credits?)\s*(?:by\s|[:：/©])|getty images|shutterstock"
)
#: how like a name two words must be of which we know none
_NAME = 0.8
#: a sentence in brackets, which is the editor's and names nobody's words
_ASIDE = re.compile(r"[(（][A-ZА-ЯЁ][^()（）]{60,}[.!?。][)）]")
#: the longest line that is a credit, in characters
_LONGEST_CREDIT = 80


@dataclass(slots=True)
class _Thread:
    """Who is being talked about while the document is read."""

    last: Person | None = None  # named last
    pending: Person | None = None  # named by the paragraph before, which quotes nobody
    is_open: bool = False  # the paragraph before left a quotation open
    said: list[Said] = field(default_factory=list)
    unclaimed: list[tuple[int, Quotation]] = field(
        default_factory=list
    )  # paragraphs that are quotations by nobody named


def recognise(document: Document, *, least_coverage: float = 0.0) -> Attempt | None:
    """Read marked quotations by the words around them; None where fewer than two have a speaker.

    `least_coverage` is the share of the document that quotations must take to be looked at.
    """
    marked = marked_speech(document)
    if quoted_share(document, marked) <= least_coverage or _are_credited(document, marked):
        return None
    cast = Cast(document)
    thread = _read(document, cast, marked)
    found = thread.said
    if len(found) < 2:
        return None
    named = dict.fromkeys(one.person.name for one in found if " " in one.person.name)
    if not all(map(cast.knows, named)):
        # names that only the words beside a quotation gave away are known from the beginning now
        thread = _read(document, cast.knowing(named), marked)
        found = thread.said
    if sum(one.is_credited for one in found) * 2 > len(found):
        return None  # the credits say better who speaks
    people = {name for name in {one.person.name for one in found} if personhood(document, name) > 0}
    found = [one for one in found if one.person.name in people]
    found = in_full(found)
    if cast.language == "ja":
        names = honoured_in(document.prose)
        full = {name: full_in(name, names) for name in {one.person.name for one in found}}
        found = [replace(one, person=replace(one.person, name=full[one.person.name])) for one in found]
    answers = joined(_with_unclaimed(document, found, thread.unclaimed))
    if len(answers) < 2:
        return None
    return Attempt("said", tuple(answers), notes=(f"{len(found)} quotations with a cue verb or a name beside them",))


def _are_credited(document: Document, marked: Mapping[int, Sequence[Quotation]]) -> bool:
    """Whether so many block quotes have a credit of their own that these are most of what could be found: they say better who speaks."""
    n_credited = sum(credited_quote(document, *quote) is not None for quote in document.block_quotes)
    others = len(document.block_quotes) - n_credited + sum(map(len, marked.values()))
    return n_credited > others


def _with_unclaimed(document: Document, found: list[Said], unclaimed: Sequence[tuple[int, Quotation]]) -> list[Said]:
    """What is said; on a page that quotes one person only, paragraphs that are quotations and name nobody are theirs too."""
    names = {one.person.name for one in found}
    if len(found) < _FEWEST or len({name.split()[-1] for name in names}) != 1:
        return found
    person = max((one.person for one in found), key=lambda one: len(one.name))
    theirs = [
        Said(person, (span,), (one.outer_start, one.start), index, goes_on=False)
        for index, one in unclaimed
        if n_words(document.text[slice(*(span := stripped(document.text, one.start, one.end)))]) >= _LONG
    ]
    return sorted([*found, *theirs], key=lambda one: one.spans[0])


def _read(document: Document, cast: Cast, marked: Mapping[int, list[Quotation]]) -> _Thread:
    thread = _Thread()
    blocks = document.blocks
    index = 0
    while index < len(blocks):
        block = blocks[index]
        cast.read_on(document.line_of(index))
        if block.kind == "heading":
            thread.pending, thread.is_open = None, False
        elif block.quote >= 0 and block.lines:
            index = _read_block_quote(document, cast, thread, index)
        elif index in marked:
            _read_paragraph(document, cast, thread, index, marked[index])
        elif block.kind == "paragraph" and block.lines:
            _remember(document, cast, thread, block)
        index += 1
    return thread


def _read_block_quote(document: Document, cast: Cast, thread: _Thread, index: int) -> int:
    """Add the block quote that begins at `index` if the paragraph before names its speaker; return its last block."""
    blocks = document.blocks
    block, last = blocks[index], document.end_of_quote(index)
    if found := credited_quote(document, index, last):
        answer, used = found
        person = Person(cast.full_name(answer.speaker), answer.role)
        thread.said.append(Said(person, answer.spans, answer.attribution[0], used, goes_on=False, is_credited=True))
        return used
    if _names_inside(document, cast, thread, block):
        _read_paragraph(document, cast, thread, index, quotations(document.text, block.span))
        return index
    before = next((b for b in reversed(blocks[max(0, index - 3) : index]) if b.kind not in ("show", "meta")), None)
    if before is None or before.kind != "paragraph" or before.quote >= 0:
        return last
    shown = document.shown(before)
    handle = HANDLE.match(shown)
    speaker = Person(handle.group().rstrip(".")) if handle else lead_in(shown, cast, thread.last)
    if speaker is None:
        return last
    end = next(one.lines[-1][1] for one in reversed(blocks[index : last + 1]) if one.lines)
    if spans := unquoted(document.text, answer_spans(document, block.lines[0][0], end)):
        thread.said.append(Said(speaker, spans, (before.start, before.end), last, goes_on=False))
        thread.last = speaker
    return last


def _names_inside(document: Document, cast: Cast, thread: _Thread, block: Block) -> bool:
    """Whether a quoted paragraph is prose that says itself who speaks: > “…”, says Jane Doe."""
    text = document.text
    marked = quotations(text, block.span) if block.kind == "paragraph" else []
    if not marked or marked[0].outer_start - block.span[0] > 2 or marked[0].is_open:
        return False
    behind = sentences(visible(text[marked[0].outer_end : block.span[1]]))
    return bool(behind) and speaker_after(behind[0], cast, thread.last) is not None


def _read_paragraph(document: Document, cast: Cast, thread: _Thread, index: int, found: Sequence[Quotation]) -> None:
    text, block = document.text, document.blocks[index]
    cursor = block.span[0]
    before: list[str] = sentences(visible(text[cursor : found[0].outer_start]))
    for number, one in enumerate(found):
        stop = found[number + 1].outer_start if number + 1 < len(found) else block.span[1]
        behind = visible(text[one.outer_end : stop])
        after = sentences(behind)
        is_attached = bool(after) and (_is_attached(text, one, behind) or thus().match(behind) is not None)
        for sentence in before:
            thread.last = _subject(sentence, cast, thread.last) or thread.last
        # a sentence of its own behind the second quotation leads to what follows
        may_name = is_attached or (not before and number == 0)
        person, place = _speaker(before, after if may_name else (), cast, thread)
        is_attached = is_attached or place == "behind"
        if person is None and after and not is_attached and number + 1 == len(found) and len(after[0]) < 60:
            person = speaker_after(after[0], cast, thread.last)
            is_attached = person is not None
        if person is None:
            person = _carried(thread, index, is_first=number == 0 and not before, block=document.blocks)
        rest = after[1:] if is_attached else after
        if person:
            goes_on = not before or (len(before) == 1 and _is_editors(before[0], is_led=place == "before"))
            span = stripped(text, one.start, one.end)
            editor = (cursor, one.outer_start) if one.outer_start - cursor > 2 else (one.outer_end, stop)
            closed = not rest or number + 1 < len(found)
            thread.said.append(Said(person, (span,), stripped(text, *editor), index, goes_on, is_closed=closed))
            thread.last = person
        elif len(found) == 1 and not before and not after and not one.is_open and _stands_alone(document, index):
            thread.unclaimed.append((index, one))
        cursor, before = one.outer_end, rest
    thread.is_open = found[-1].is_open
    thread.pending = None


def _stands_alone(document: Document, index: int) -> bool:
    """Whether nothing right above a quotation leads to it, and nothing right below credits it."""
    blocks = document.blocks
    above = document.shown(blocks[index - 1]) if index else ""
    below = document.shown(blocks[index + 1]) if index + 1 < len(blocks) else ""
    return not above.endswith((":", "：")) and not (below[:1] in ("—", "–", "-") and len(below) <= _LONGEST_CREDIT)


def _is_editors(sentence: str, *, is_led: bool) -> bool:
    """Whether a sentence only leads to the quotation behind it: by who speaks, or by a word or two ("Besides, “…”")."""
    leads = not sentence.endswith(tuple(ENDS))
    n = n_words(sentence)
    cues = list(said().finditer(sentence))
    if cues and not sentence.endswith((":", "：")) and n_words(sentence[cues[-1].end() :]) > _REPORTED:
        return False  # "She said that the meeting was about the “need …”" tells by itself
    longest = _LEAD if cues else _LED if is_led else 0
    return (n <= longest and (leads or is_bare(sentence))) or (leads and n <= _CONNECTIVE)


def _is_attached(text: str, one: Quotation, behind: str) -> bool:
    """Whether the words behind a quotation go on its sentence: “…,” said Jane. “…”, sagt Paul."""
    first = behind.lstrip()[:1]
    if first in ("(", "（"):
        return not _ASIDE.match(behind.lstrip())
    if first in (",", "，", "、", ";", "—", "–", "-") or first.islower():
        return True
    return text[one.start : one.end].rstrip()[-1:] not in (*ENDS, "”", "’") and first not in (".", "。")


def _speaker(before: Sequence[str], after: Sequence[str], cast: Cast, thread: _Thread) -> tuple[Person | None, str]:
    """The speaker whom the clause behind names, else the sentence before, else one of the two before that; and where: "behind", "before"."""
    if after and (person := speaker_after(after[0], cast, thread.last)):
        return person, "behind"
    if after and is_unnamed(after[0], cast):
        return _understood(before, cast, thread), ""
    if after and speaks_bare(after[0], cast.language):
        clause = before[-1] if before else ""
        person = native_before(clause, cast.language) or somebody_before(clause)
        return person or _understood(before, cast, thread), ""
    for distance, sentence in enumerate(reversed(before[-3:])):
        if person := speaker_before(sentence, cast, thread.last):
            return person, "" if distance else "before"
    return None, ""


def _understood(before: Sequence[str], cast: Cast, thread: _Thread) -> Person | None:
    """Whom a verb without a subject means: “…”, recuerda. The one spoken of before the quotation."""
    for sentence in reversed(before):
        person = speaker_before(sentence, cast, thread.last)
        # a place or somebody else may be named on the way
        is_subject = person is not None and (said().search(sentence) or sentence.startswith(person.name))
        if person and is_subject and (cast.knows(person.name) or description(person.name, cast.language)):
            return person
    named = named_last(before, cast)
    is_said = any(said().search(sentence) for sentence in before)
    return (named if is_said else None) or thread.pending or thread.last or named


def _subject(sentence: str, cast: Cast, last: Person | None) -> Person | None:
    person = speaker_before(sentence, cast, last)
    if person is None or cast.knows(person.name) or CASELESS.match(person.name):
        return person
    if sentence.startswith(f"{person.name},") and describes_person(person.role):
        return person  # "Dan, a student in his first year, has come home."
    # "as noted by the gardener Jane Doe", though we know no part of the name; in German any noun looks like one
    is_full = " " in person.name and name_likeness(person.name) >= _NAME and cast.language != "de"
    return person if is_full and said().search(sentence) else None


def _remember(document: Document, cast: Cast, thread: _Thread, block: Block) -> None:
    """Keep whom a paragraph without speech names: the next one may quote them."""
    thread.pending, thread.is_open = None, False
    shown = document.shown(block)
    if cast.language in ("zh", "ja", "ko") and (person := named_alone(shown)):
        thread.pending = thread.last = person
        return
    if (shown[:1] in ("—", "–", "―") and len(shown) <= _LONGEST_CREDIT) or _CAPTION.search(shown):
        return  # it credits what stands above, or a picture
    for sentence in sentences(shown[-1_500:]):
        person = speaker_before(sentence, cast, thread.last)
        thread.pending = person
        if person and " " in person.name:
            cast.learn(person.name)
        if person and cast.knows(person.name):
            thread.last = person


def _carried(thread: _Thread, index: int, *, is_first: bool, block: Sequence[Block]) -> Person | None:
    """Who goes on speaking where nobody is named: in the same paragraph, or in the next one that opens with a quotation."""
    if not is_first:
        return thread.said[-1].person if thread.said and thread.said[-1].block == index else None
    if thread.pending:
        return thread.pending
    previous = thread.said[-1] if thread.said else None
    if previous and _is_next(block, previous.block, index) and (thread.is_open or previous.is_closed):
        return previous.person
    return None


def _is_next(blocks: Sequence[Block], before: int, index: int) -> bool:
    return all(blocks[between].kind == "show" for between in range(before + 1, index))

"""Layouts "labels" and "transcript": a speaker's label opens the line, the answer follows ("**Jane Doe:** I start small.")."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import words
from expert_roundup.parsing.layouts.regions import answer_spans, n_words, stripped, unquoted
from expert_roundup.parsing.people import Person, clean_name, name_likeness, split_person, visible

_TIME = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?"
#: an opening emphasis with a label in it, the colon inside or behind: **Jane:** · **Jane**: · [**Jane**](x): · <b>Jane:</b>
_BOLD = re.compile(
    rf"""(?x)
    (?:{_TIME}\s*[-–—]?\s*)?
    (?P<open>\[?(?:\*\*\*|\*\*|__|<strong>|<b>)\[?)\s*
    (?P<label>[^*\n<>]{{1,120}}?)\s*
    (?P<colon>[:：])?\s*
    (?:\]\([^)\s]*\))?(?:\*\*\*|\*\*|__|</strong>|</b>)(?:\]\([^)\s]*\))?
    (?P<aside>\s*(?:\([^()\n]{{1,80}}\)|,\s*[^:：\n*]{{1,80}}?(?=[:：])|{_TIME}))?
    \s*(?P<after>[:：]|[-–—](?=\s))?[ \t]*
    """
)
_ITALIC = re.compile(r"(?P<open>[*_])(?P<label>[^*_\n<>]{1,60}?)(?P<colon>[:：])?(?P=open)(?P<aside>\s*\([^()\n]{1,80}\))?\s*(?P<after>[:：])?[ \t]*")
#: a bare label: Jane Doe: · JD: · [00:12:30] Jane (Acme): · 田中：
_PLAIN = re.compile(
    rf"""(?x)
    (?:{_TIME}\s*[-–—]?\s*)?
    (?P<label>[^\W\d_@][^:：\n*_\[\](){{}}|"“”«»?!;]{{0,70}}?|@[\w.-]+)
    (?P<aside>\s*(?:\([^()\n]{{1,80}}\)|{_TIME}))?
    \s*(?P<colon>[:：])(?!//)(?=\s|[^\x00-\x7f]|["'(\[*_]|[A-Z])[ \t]*
    """
)
#: a label on a line of its own beside a time stamp, the words below: Jane Doe  00:12
_TIMED = re.compile(rf"(?P<label>[^\W\d_][^:\n*\[\](){{}}|]{{0,60}}?)\s*[-–—,]?\s*(?P<aside>{_TIME})\s*$|(?P<aside2>{_TIME})\s*[-–—,]?\s*(?P<label2>[^\W\d_][^:\n*\[\](){{}}|]{{0,60}}?)\s*:?\s*$")


@dataclass(frozen=True, slots=True)
class _Hit:
    """A label at the start of a line."""

    start: int
    end: int  # where the words begin
    person: Person
    style: str  # bold, italic, plain, timed, alone
    block: int
    in_item: bool
    is_first: bool  # in its block


def recognise(document: Document) -> Attempt | None:
    """Read `document` as turns that labels open; None where no style of label announces two answers."""
    hits = _hits(document)
    attempts = [attempt for style in ("bold", "italic", "plain", "timed", "alone") if (attempt := _attempt(document, hits, style))]
    return max(attempts, key=_weight, default=None)


def _weight(attempt: Attempt) -> int:
    return sum(end - start for answer in attempt.answers for start, end in answer.spans)


def _hits(document: Document) -> list[_Hit]:
    hits = []
    for index, block in enumerate(document.blocks):
        if block.kind != "paragraph":
            continue
        for number, (start, end) in enumerate(block.lines):
            if hit := _hit(document.text, start, end, index, block, number):
                hits.append(hit)
    return hits


def _hit(text: str, start: int, end: int, index: int, block: Block, number: int) -> _Hit | None:
    context = (index, block.item >= 0, number == 0)
    first = text[start]
    limit = min(end, start + 320)
    if first in "*_<[" or first.isdigit():
        if match := _BOLD.match(text, start, limit):
            return _emphatic(text, match, start, end, "bold", context)
        if first in "*_" and (match := _ITALIC.match(text, start, limit)) and (match["colon"] or match["after"]):
            return _emphatic(text, match, start, end, "italic", context)
    if match := _TIMED.match(text, start, limit):
        label = match["label"] or match["label2"]
        if match.end() >= end and name_likeness(label) >= 0.5:
            return _Hit(start, end, Person(clean_name(label)), "timed", *context)
    if match := _PLAIN.match(text, start, limit):
        person = split_person(visible(match["label"]))
        role = (match["aside"] or "").strip(" ()[]0123456789:")
        return _Hit(start, match.end(), Person(person.name, person.role or role), "plain", *context)
    return None


def _emphatic(text: str, match: re.Match[str], start: int, end: int, style: str, context: tuple[int, bool, bool]) -> _Hit | None:
    aside = (match["aside"] or "").strip(" ,()[]")
    label = match["label"].strip(" [")
    if match["colon"] or match["after"]:
        person = split_person(label)
        return _Hit(start, match.end(), Person(person.name, person.role or _without_time(aside)), style, *context)
    if match.end() >= end or not text[match.end() : end].strip():
        person = split_person(label)
        return _Hit(start, end, Person(person.name, person.role or _without_time(aside)), "alone", *context)
    return None


def _without_time(aside: str) -> str:
    return "" if re.fullmatch(_TIME, aside) or not re.search(r"[^\W\d_]", aside) else aside


def _attempt(document: Document, hits: Sequence[_Hit], style: str) -> Attempt | None:
    """The turns that labels of one style open; bold and italic labels stand together."""
    chosen = [hit for hit in hits if hit.style == style]
    if len(chosen) < 2:
        return None
    speakers = _speakers(document, chosen, style)
    turns = [hit for hit in chosen if hit.person.name in speakers]
    if len(turns) < 2:
        return None
    questions = _questions(document, turns, style)
    moderators = _moderators(document, turns, questions)
    answers, asked = _answers(document, turns, questions, moderators)
    if len(answers) < 2 or not _sounds_spoken(document, turns, answers, style):
        return None
    n_labels = len({answer.speaker for answer in answers})
    many = Counter(answer.speaker for answer in answers).most_common(1)[0][1] > 1
    headed = sum(document.blocks[index].kind == "heading" for index, _ in questions)
    layout = "labels" if headed and headed * 2 >= len(questions) and style in ("bold", "italic", "alone") else "transcript" if many else "labels"
    note = f"{len(answers)} turns opened by {n_labels} {style} labels" + (f", asked by {', '.join(sorted(moderators))}" if moderators else "")
    return Attempt(layout, tuple(answers), tuple(asked), frozenset(moderators), (note,))


def _speakers(document: Document, hits: Sequence[_Hit], style: str) -> set[str]:
    """The labels that name speakers: by their look, because they recur, or because the document says whom they mean."""
    counts = Counter(hit.person.name for hit in hits)
    in_items = sum(hit.in_item for hit in hits) * 2 > len(hits)
    special = words("people", "moderators") | words("people", "answerers")
    head = document.head
    kept = set()
    for name, count in counts.items():
        low = name.casefold()
        if not name or low in words("people", "nobody"):
            continue
        likeness = name_likeness(name)
        if low in special:
            kept.add(name)
        elif low in words("people", "not_names"):
            continue
        elif likeness >= 0.8:
            kept.add(name)
        elif likeness >= 0.3 and not in_items and (count >= 2 or _is_explained(name, head) or style in ("bold", "timed")):
            kept.add(name)
        elif count >= 2 and name[:1].isupper() and 2 <= len(name.split()) <= 14 and style == "bold" and not in_items:
            kept.add(name)
    return kept | {name for name in counts if name.casefold().startswith("the ") and name[4:] in kept}


def _is_explained(name: str, head: str) -> bool:
    return re.search(rf"[(\[]{re.escape(name)}[)\]]|(?<!\w){re.escape(name)}\s+[A-ZА-ЯЁ]\w+", head) is not None


def _questions(document: Document, turns: Sequence[_Hit], style: str) -> list[tuple[int, Span]]:
    """Blocks between turns that ask: headings, blocks bold as a whole, short paragraphs that end in a question mark."""
    opening = {hit.block for hit in turns}
    first = min(opening)
    found = []
    for index, block in enumerate(document.blocks):
        if not block.lines or index in opening or not block.is_text or block.kind == "row":
            continue
        text = document.content(block)
        is_bold = re.fullmatch(r"(?s)(?:\d+[.)]\s*)?(\*\*|__)(?!\s)(?:(?!\1).)+\1\s*", text) is not None
        asks = text.rstrip(" *_”\"").endswith(("?", "？")) and len(text) < 600
        if block.kind == "heading" and (index > first or asks or _next_turn(document, index, opening)):
            found.append((index, _inner(document, block)))
        elif is_bold and (style != "alone") and (index > first or _next_turn(document, index, opening)):
            found.append((index, _inner(document, block)))
        elif asks and block.item < 0 and block.quote < 0 and (re.match(r"(?:\d+[.)]|Q\s*\d*\s*[:.)])", text) or _is_emphatic(text)):
            found.append((index, _inner(document, block)))
    return found


def _next_turn(document: Document, index: int, opening: set[int]) -> bool:
    """Whether the next block with text opens a turn."""
    following = next((i for i in range(index + 1, min(index + 8, len(document.blocks))) if document.blocks[i].is_text), None)
    return following in opening


def _is_emphatic(text: str) -> bool:
    return re.fullmatch(r"(?s)\s*([*_]{1,3}).+\1\s*", text) is not None


def _inner(document: Document, block: Block) -> Span:
    start, end = block.lines[0][0], block.lines[-1][1]
    text = document.text
    lead = re.compile(r"(?:[*_]{1,3})?(?:Q(?:uestion)?\s*\d*\s*[:.)]\s*)?(?:\d{1,2}[.)]\s+)?").match(text, start, end)
    if lead and lead.end() < end:
        start = lead.end()
    while end > start and text[end - 1] in "*_ \t":
        end -= 1
    return start, end


def _moderators(document: Document, turns: Sequence[_Hit], questions: Sequence[tuple[int, Span]]) -> set[str]:
    """Labels of whoever asks: by the label, or because nearly all of their turns end in a question."""
    known = {hit.person.name for hit in turns if hit.person.name.casefold() in words("people", "moderators")}
    turn_texts: dict[str, list[str]] = defaultdict(list)
    stops = sorted([hit.start for hit in turns] + [document.blocks[index].start for index, _ in questions])
    for hit in turns:
        after = bisect_right(stops, hit.start)
        end = stops[after] if after < len(stops) else min(len(document.text), hit.end + 2_000)
        turn_texts[hit.person.name].append(document.text[hit.end : end].rstrip(" \n\r\t*_"))
    if len(turn_texts) < 2:
        return known
    for name, texts in turn_texts.items():
        asking = sum(text.endswith(("?", "？", "?\"", "?”")) or ("?" in text[-200:] and len(text) < 400) for text in texts)
        if len(texts) >= 2 and asking >= 0.6 * len(texts):
            known.add(name)
    # where everybody asks, nobody moderates
    return known if len(known) < len(turn_texts) else {name for name in known if name.casefold() in words("people", "moderators")}


def _answers(
    document: Document, turns: Sequence[_Hit], questions: Sequence[tuple[int, Span]], moderators: set[str]
) -> tuple[list[Answer], list[Span]]:
    text = document.text
    marks: list[tuple[int, str, object]] = [(hit.start, "turn", hit) for hit in turns]
    marks += [(document.blocks[index].start, "question", span) for index, span in questions]
    marks.sort(key=lambda mark: mark[0])
    answers: list[Answer] = []
    asked: list[Span] = []
    current: Span | None = None
    for (_, kind, what), following in zip(marks, [*marks[1:], None], strict=True):
        end = following[0] if following else _end_of_last(document, what.end if isinstance(what, _Hit) else len(text))
        if not isinstance(what, _Hit):
            current = what  # type: ignore[assignment]
            asked.append(current)  # type: ignore[arg-type]
            continue
        spans = unquoted(text, answer_spans(document, what.end, end))
        if what.person.name in moderators:
            if spans:
                current = _bare(text, (spans[0][0], spans[-1][1]))
                asked.append(current)
            continue
        if spans:
            answers.append(Answer(what.person.name, what.person.role, ((what.start, what.end),), spans, question=current))
    return answers, asked


def _bare(text: str, span: Span) -> Span:
    start, end = span
    while end > start and text[end - 1] in "*_ \t\r\n":
        end -= 1
    while start < end and text[start] in "*_ \t\r\n":
        start += 1
    return start, end


def _end_of_last(document: Document, start: int) -> int:
    """The last turn ends before a rule, a heading or a paragraph that is emphatic as a whole."""
    end = len(document.text)
    for block in document.blocks:
        if block.start <= start or not block.lines and block.kind != "rule":
            continue
        text = document.content(block) if block.lines else ""
        if block.kind in ("heading", "rule") or (block.kind == "paragraph" and _is_emphatic(text)):
            return block.start
        if block.kind == "meta":
            return block.start
    return end


def _sounds_spoken(document: Document, turns: Sequence[_Hit], answers: Sequence[Answer], style: str) -> bool:
    """Whether the turns read as speech: people say I and we, definitions and changelogs do not."""
    texts = [document.text[answer.spans[0][0] : answer.spans[-1][1]] for answer in answers]
    of_self = sum(map(document.speaks_of_self, texts)) / len(texts)
    long_enough = sum(n_words(text) >= 12 for text in texts) / len(texts)
    full = sum(name_likeness(answer.speaker) >= 0.8 for answer in answers) / len(answers)
    in_items = sum(hit.in_item for hit in turns) * 2 > len(turns)
    if style == "plain" and full < 0.5:
        recurring = len({answer.speaker for answer in answers}) * 2 <= len(answers)
        return of_self >= 0.3 and (recurring or long_enough >= 0.5)
    if in_items and full < 0.7:
        return False
    if full >= 0.7:
        return of_self >= 0.2
    return of_self >= 0.3


def resolved(attempt: Attempt, names: dict[str, str]) -> Attempt:
    """The attempt with each short label replaced by the full name in `names`."""
    answers = tuple(replace(answer, speaker=names.get(answer.speaker, answer.speaker)) for answer in attempt.answers)
    return replace(attempt, answers=answers)


__all__ = ["recognise", "resolved", "stripped"]

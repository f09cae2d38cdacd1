"""Layout "said" in news prose: quotations in marks, their speaker named beside them ("I start small," said Jane Doe.)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import given_names, said, words
from expert_roundup.parsing.layouts.regions import n_words, stripped
from expert_roundup.parsing.people import Person, clean_name, is_known_person, name_likeness, person_names, visible

#: an opening mark and the marks that may close it
_MARKS = {"“": "”", "”": "”", "«": "»", "„": "“”", "「": "」", "『": "』", "‹": "›", '"': '"'}
#: quotations shorter than this, in words, are single words in marks and no answers
_FEWEST_WORDS = 6
#: an editor's text between two quotations up to this long, in words, only interrupts
_INTERRUPTION = 14
#: the same with a cue verb in it: the clause that names the speaker, roles and all
_LONG_INTERRUPTION = 45
_SENTENCE = re.compile(r"(?<=[^\W\d_]{2}[.!?…])\s+|(?<=[。！？])\s*|(?<=[.!?…][”\"»’'])\s+")
#: capitalised Latin or Cyrillic words in a row, also in the middle of Chinese or Japanese text
_NAME = re.compile(
    r"(?<![A-Za-zА-Яа-яЁё@#/_.-])(?:[A-ZÀ-ÞĀ-ŽА-ЯЁІЇЄ][^\W\d_]+(?:[-’'][^\W\d_]+)*|[A-ZА-ЯЁ]\.)"
    r"(?:[ \u00a0](?:(?:van|von|der|den|de|del|della|di|da|dos|la|le|el|al|bin|ван|фон|де)[ ])?(?:[A-ZÀ-ÞĀ-ŽА-ЯЁІЇЄ][^\W\d_]+(?:[-’'][^\W\d_]+)*|[A-ZА-ЯЁ]\.))*"
)
#: a link whose words are a name of two or three words
_LINKED_NAME = re.compile(r"\[([A-ZÀ-ÞА-ЯЁ][\w’'-]+(?: [A-ZÀ-ÞА-ЯЁ][\w.’'-]*){1,2})\][\[(]")
_PRONOUN = re.compile(r"(?i)(?<!\w)(?:he|she|they|он|она|они|il|elle|er|sie|él|ella|ele|ela|lui|lei|他|她|彼|彼女)(?!\w)")


@dataclass(frozen=True, slots=True)
class _Quotation:
    """Marked words in a paragraph."""

    start: int
    end: int
    is_open: bool = False  # the paragraph ends before the mark closes


@dataclass(frozen=True, slots=True)
class _Said:
    """A quotation with its speaker."""

    person: Person
    span: Span
    attribution: Span
    block: int


def recognise(document: Document) -> Attempt | None:
    """Read quotations in prose by the words around them; None where fewer than two have a speaker."""
    if not re.search(r"[“”«»„「『‹\"]", document.text):
        return None
    found = list(_Reader(document).read())
    answers = _merged(document, found)
    if len(answers) < 2:
        return None
    return Attempt("said", tuple(answers), notes=(f"{len(answers)} quotations in prose with their speaker named beside them",))


class _Reader:
    """One pass over the paragraphs; remembers who spoke last, for pronouns and for quotations that go on."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.names = _known_names(document)
        self.last: Person | None = None
        self.carried: Person | None = None

    def read(self) -> Iterator[_Said]:
        for index, block in enumerate(self.document.blocks):
            if block.kind == "heading":
                self.carried = None
            if block.kind == "paragraph" and block.lines and block.quote < 0:
                yield from self._paragraph(index, block)
            elif block.kind not in ("show", "meta", "heading"):
                self.carried = None

    def _paragraph(self, index: int, block: Block) -> Iterator[_Said]:
        text = self.document.text
        start, end = block.lines[0][0], block.lines[-1][1]
        quotations = list(_quotations(text, start, end))
        long = [q for q in quotations if n_words(text[q.start : q.end]) >= _FEWEST_WORDS]
        if not long:
            self.carried = None
            self._remember(visible(text[start:end]))
            return
        before = start
        for number, quotation in enumerate(long):
            after = long[number + 1].start - 1 if number + 1 < len(long) else end
            lead, tail = text[before : quotation.start - 1], text[quotation.end + 1 : after]
            person = self._speaker(visible(lead), visible(tail), is_first=number == 0)
            if person is not None:
                place = (before, quotation.start - 1) if lead.strip() else (quotation.end, max(quotation.end, after))
                yield _Said(person, stripped(text, quotation.start, quotation.end), place, index)
                self.last = person
            before = quotation.end + 1
        self.carried = self.last if long[-1].is_open else None

    def _remember(self, shown: str) -> None:
        """A paragraph without quotation may introduce who speaks in the next one."""
        sentences = _SENTENCE.split(shown)
        if sentences and (person := self._subject(sentences[-1])):
            self.last = person

    def _speaker(self, lead: str, tail: str, *, is_first: bool) -> Person | None:
        sentences = [part for part in _SENTENCE.split(lead) if part.strip(" ,.;:—–-，。")]
        clause = sentences[-1] if sentences else ""
        for found in (self._after(tail), self._before(clause)):
            if found is not None:
                return found
        if not clause:
            return (self.carried if is_first else self.last) or (self.last if is_first else None)
        if subject := self._subject(clause):
            return subject
        # "…, he says": whoever spoke last; so does a quotation after a sentence about nobody new
        return self.last

    def _after(self, tail: str) -> Person | None:
        """ "… said Jane Doe, head of content", "… Jane Doe says"."""
        head = _SENTENCE.split(tail.lstrip(" ,.，。;—–-"))[0] if tail.strip() else ""
        cue = said().search(head)
        if cue is None or cue.start() > 60:
            return None
        before, after = head[: cue.start()].strip(" ,，"), _HONORIFIC.sub("", head[cue.end() :].lstrip(" ,"))
        if not before and (name := _NAME.match(after)):
            return self._person(name.group(), after[name.end() :])
        names = self._names(before, beside=len(before))
        if names:
            return self._person(names[-1].group(), before[names[-1].end() :])
        if _PRONOUN.search(f"{before} {after[:12]}"):
            return self.last
        if name := _NAME.search(after[:60]):
            return self._person(name.group(), after[name.end() :]) if self._is_speaker(name.group()) else None
        return None

    def _before(self, clause: str) -> Person | None:
        """ "Jane Doe, head of content, said:" and "…, and Jane reported:"."""
        cues = list(said().finditer(clause))
        for cue in reversed(cues):
            head = clause[: cue.start()].rstrip()
            names = self._names(head, beside=len(head))
            if not names:
                if _PRONOUN.search(head[-12:]):
                    return self.last
                continue
            opening = next((name for name in names if name.start() <= _opening(head)), None)
            # with a comma before the verb the clause's own subject speaks: "Jane Doe, of Acme, said"
            chosen = opening if opening and head.endswith((",", "，")) else names[-1]
            return self._person(chosen.group(), head[chosen.end() :])
        return None

    def _subject(self, clause: str) -> Person | None:
        """Who a sentence is about: the name that opens it, else, in a script without capitals, the last one in it."""
        names = self._names(clause)
        if not names:
            return None
        if re.search(r"[\u3040-\u30ff\u3400-\u9fff]", clause):
            return self._person(names[-1].group(), "")
        opening = names[0]
        return self._person(opening.group(), clause[opening.end() :]) if opening.start() <= _opening(clause) else None

    def _names(self, text: str, *, beside: int = -1) -> list[re.Match[str]]:
        """Names in `text`; right beside a cue verb, at `beside`, any capitalised word will do."""
        found = [name for name in _NAME.finditer(text) if name.group().casefold().strip(".") not in words("people", "honorifics")]
        return [name for name in found if self._is_speaker(name.group()) or 0 <= beside - name.end() <= 1 and _may_be_name(name.group())]

    def _is_speaker(self, name: str) -> bool:
        tokens = clean_name(name).split()
        return bool(tokens) and (is_known_person(name) or any(token in self.names for token in tokens))

    def _person(self, name: str, rest: str) -> Person:
        tokens = name.split()
        given = next((i for i, token in enumerate(tokens) if token.casefold() in given_names()), 0)
        if 0 < given < len(tokens) - 1:
            # German and titles capitalise what a person is, too: "Software-Entwickler Paul Balzer"
            return Person(clean_name(" ".join(tokens[given:])), " ".join(tokens[:given]))
        role = re.match(r"\s*,\s*([^,.;:“\"]{3,80}(?:,\s*[A-Z][^,.;:“\"]{1,40})?)\s*(?:,|$)", rest)
        shown = role[1].strip() if role else ""
        keep = shown and not said().search(shown) and not re.match(r"(?i)(?:who|which|that|and|but|as|when|die|der|qui|que|который|которая)\b", shown)
        return Person(clean_name(name), shown if keep else "")


_HONORIFIC = re.compile(r"(?i)^(?:(?:the|le|la|der|die|el|dr|prof|mr|mrs|ms|herr|frau|mme|m)\.?\s+){1,2}")


def _may_be_name(word: str) -> bool:
    low = word.casefold()
    known = words("people", "not_names") | words("people", "openers")
    return low not in known and not (word.isupper() and len(word) > 3)


def _opening(clause: str) -> int:
    """How far into a clause its subject may begin: behind an honorific, an article, a mark."""
    match = re.match(r"(?i)[\s\"“«(\[—–-]*(?:(?:the|le|la|der|die|das|el|dr\.?|prof\.?|mr\.?|mrs\.?|ms\.?|herr|frau|mme|m\.)\s+){0,2}", clause)
    return match.end() if match else 0


def _known_names(document: Document) -> frozenset[str]:
    """Words of the names of two words or more that the document holds and a given name confirms."""
    text = document.text
    linked = {match[1] for match in _LINKED_NAME.finditer(text)}
    full = [
        name
        for name in person_names(document.prose)
        if (is_known_person(name) or name in linked) and name_likeness(name) >= 0.6
    ]
    skipped = given_names() | words("people", "not_names")
    return frozenset(token for name in full for token in name.split() if token.casefold() not in skipped or token in name.split()[:1])


def _quotations(text: str, start: int, end: int) -> Iterator[_Quotation]:
    """Marked words in [start, end); the last may stay open."""
    position = start
    while position < end:
        closing = _MARKS.get(text[position])
        is_straight_close = text[position] == '"' and position > start and not text[position - 1].isspace() and text[position - 1] not in "([—–-，：:、*_>"
        if closing is None or is_straight_close:
            position += 1
            continue
        stop = next((i for i in range(position + 1, end) if text[i] in closing and _may_close(text, i, end)), None)
        if stop is None:
            if text[position] != '"':
                yield _Quotation(position + 1, end, is_open=True)
            return
        yield _Quotation(position + 1, stop)
        position = stop + 1


def _may_close(text: str, position: int, end: int) -> bool:
    return position + 1 >= end or not (text[position + 1].isalnum() and text[position + 1].isascii())


def _merged(document: Document, found: Sequence[_Said]) -> list[Answer]:
    """Quotations of one speaker that only a clause of the editor parts, in one paragraph or the next, are one answer."""
    answers: list[Answer] = []
    last: _Said | None = None
    for one in found:
        if last is not None and answers and _same(last.person.name, one.person.name) and _only_interrupts(document, last, one):
            before = answers[-1]
            name = max(before.speaker, one.person.name, key=len)
            answers[-1] = replace(before, speaker=name, role=before.role or one.person.role, spans=(*before.spans, one.span))
        else:
            answers.append(Answer(one.person.name, one.person.role, (one.attribution,), (one.span,)))
        last = one
    return answers


def _only_interrupts(document: Document, last: _Said, one: _Said) -> bool:
    between = visible(document.text[last.span[1] : one.span[0]]).strip(" ,.;:“”\"«»「」—–-，。")
    if one.block > last.block + 1:
        return False
    longest = _LONG_INTERRUPTION if said().search(between) else _INTERRUPTION
    return n_words(between) <= longest and len(_SENTENCE.split(between)) <= 1


def _same(one: str, other: str) -> bool:
    a, b = one.casefold().split(), other.casefold().split()
    return bool(a and b) and (a == b or a[-1] == b[-1] or (len(b) == 1 and b[0] in a) or (len(a) == 1 and a[0] in b))

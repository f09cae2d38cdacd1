"""Layout "said" with marked quotations: a lead-in and a block quote, or news prose ("I start small," said Jane Doe.)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import said, words
from expert_roundup.parsing.layouts.regions import answer_spans, n_words, stripped, unquoted
from expert_roundup.parsing.people import Person, clean_name, name_likeness, split_person, visible

_MARKS = {"“": "”", "”": "”", "«": "»", "„": "“”", "「": "」", "『": "』", "‹": "›"}
_TOKEN = re.compile(r"\S+")
_PRONOUN = re.compile(r"(?i)^(?:he|she|they|it|он|она|они|il|elle|ils|er|sie|él|ella|ele|ela|lui|lei)$")


@dataclass(frozen=True, slots=True)
class _Quotation:
    """Marked words in a paragraph, and the editor's words around them."""

    start: int
    end: int
    is_open: bool  # the paragraph ends before the mark closes


def recognise(document: Document) -> Attempt | None:
    """Read block quotes by the sentence that leads to them; None where fewer than two are led to."""
    answers = []
    blocks = document.blocks
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if block.quote < 0 or not block.lines:
            index += 1
            continue
        last = index
        while last + 1 < len(blocks) and blocks[last + 1].quote == block.quote:
            last += 1
        lead = next((b for b in reversed(blocks[max(0, index - 3) : index]) if b.kind not in ("show", "meta")), None)
        if lead is not None and lead.kind == "paragraph" and lead.quote < 0 and (found := _lead_in(document, lead)):
            end = next(b.lines[-1][1] for b in reversed(blocks[index : last + 1]) if b.lines)
            spans = unquoted(document.text, answer_spans(document, block.lines[0][0], end))
            if spans:
                person, start = found
                answers.append(Answer(person.name, person.role, ((start, lead.end),), spans))
        index = last + 1
    if len(answers) < 2:
        return None
    return Attempt("said", tuple(answers), notes=(f"{len(answers)} block quotes with a sentence before them that names the speaker",))


def recognise_prose(document: Document) -> Attempt | None:
    """Read quotations in prose by the words around them; None where fewer than two have a speaker."""
    found = list(_prose(document))
    if len(found) < 2:
        return None
    answers = _merged(document, found)
    if len(answers) < 2:
        return None
    return Attempt("said", tuple(answers), notes=(f"{len(answers)} quotations in prose with a cue verb or a name beside them",))


def _lead_in(document: Document, lead: Block) -> tuple[Person, int] | None:
    """The speaker that the paragraph before a quote names, and where the sentence that does so begins."""
    text = document.text
    end = lead.lines[-1][1]
    content = document.text[lead.start : end]
    shown = visible(content)
    sentences = [part for part in re.split(r"(?<=[.!?…])\s+(?=\S)", shown) if part.strip()]
    if not sentences:
        return None
    closing = sentences[-1]
    ends_open = shown.endswith((":", "：", ",", "…", "-", "—", "–"))
    person = _before_cue(closing) or _subject(closing)
    if person is None and not ends_open:
        return None
    if person is None and len(sentences) > 1:
        person = _before_cue(shown) or _subject(sentences[0])
    if person is None:
        return None
    if not ends_open and not said().search(closing):
        return None
    start = max(lead.start, text.rfind(closing[:12], lead.start, end))
    return person, start


def _before_cue(sentence: str) -> Person | None:
    """The name right before the last cue verb: "…, and Barys reported"."""
    for cue in reversed(list(said().finditer(sentence))):
        tokens = [token.group() for token in _TOKEN.finditer(sentence[: cue.start()])]
        name: list[str] = []
        small = words("people", "particles") | words("people", "joiners")
        while tokens:
            word = tokens[-1]
            bare = word.strip(",.()’'")
            if bare[:1].isupper() and not (name and word.endswith((",", ".", ":"))):
                name.insert(0, tokens.pop().rstrip(","))
            elif name and bare.casefold() in small:
                name.insert(0, tokens.pop())
            else:
                break
        while name and name[0].casefold() in small | {"when", "as", "and", "but", "so", "then", "the"}:
            name = name[1:]
        label = " ".join(name)
        if label and name_likeness(label) >= 0.5 and label.casefold() not in ("i", "we"):
            before = " ".join(tokens)
            team = re.search(r"(?:^|\b)[Tt]he\s+(.*?\b(?:team|group)\b)", before)
            return Person(clean_name(label), team[1] if team else "")
    return None


def _subject(sentence: str) -> Person | None:
    """The capitalised words that open a sentence: its subject, with "of" or "from" as the role."""
    tokens = [token.group() for token in _TOKEN.finditer(sentence)]
    taken: list[str] = []
    small = words("people", "particles") | words("people", "joiners")
    article = ""
    if tokens and tokens[0].casefold() in ("the", "our", "l'équipe", "команда"):
        article = tokens.pop(0)
    groups = words("people", "organisations")
    while tokens:
        word = tokens[0]
        bare = word.strip("(),.:;’'“”\"")
        capital = bare[:1].isupper()
        if not (capital or (taken and (bare.casefold() in small or bare.casefold() in groups))):
            break
        taken.append(tokens.pop(0))
        if word.endswith((",", ":", ".")) or bare.casefold() in groups:
            break
    while taken and taken[-1].casefold() in small:
        tokens.insert(0, taken.pop())
    label = " ".join(taken).strip(" ,:.")
    if not label or label.casefold() in words("people", "not_names") | words("people", "openers") or _PRONOUN.match(label) or label.casefold() in ("i", "we", "in", "at", "on", "for", "with", "from", "after", "before", "during", "since", "then", "but", "and", "so", "yet", "also", "finally"):
        return None
    is_group = any(word.casefold().strip(",.") in groups for word in taken)
    if article and not is_group:
        return None
    role = ""
    rest = " ".join(tokens)
    if taken and taken[-1].endswith(","):
        # "Jane Doe, head of content at Acme, explains"
        aside = rest.split(",", 1)[0] if "," in rest else ""
        role = aside if 0 < len(aside.split()) <= 14 else ""
    elif match := re.match(r"(?:from|of|at)\s+((?:the\s+)?(?:[A-Z0-9][\w&.-]*\s*|of\s+|and\s+)+(?:team|group|server)?)", rest):
        role = re.sub(r"^the\s+", "", match[1]).strip()
    person = split_person(label)
    name = f"{article} {person.name}" if article and article[0].isupper() else person.name
    return Person(name if article else clean_name(name), role or person.role) if name_likeness(person.name) >= 0.3 or is_group else None


def _quotations(text: str, start: int, end: int) -> list[_Quotation]:
    """Marked words in [start, end) with their marks cut; the last may stay open."""
    found = []
    position = start
    while position < end:
        character = text[position]
        if character == '"' or character in _MARKS:
            before = text[position - 1] if position > start else " "
            if character == '"' and (before.isalnum() or before in ".,!?"):
                position += 1
                continue
            closing = _MARKS.get(character, '"')
            stop = next((i for i in range(position + 1, end) if text[i] in closing and _closes(text, i, end)), None)
            if stop is None:
                found.append(_Quotation(position + 1, end, True))
                break
            found.append(_Quotation(position + 1, stop, False))
            position = stop
        position += 1
    return found


def _closes(text: str, position: int, end: int) -> bool:
    return position + 1 >= end or not text[position + 1].isalnum()


def _prose(document: Document) -> Iterator[tuple[Person | None, list[Span], Span, int]]:
    """(speaker, spans, attribution, block index) of each paragraph that quotes somebody."""
    text = document.text
    carried: Person | None = None  # who speaks while a quotation is open over paragraphs
    is_open = False
    last: Person | None = None
    for index, block in enumerate(document.blocks):
        if block.kind == "heading":
            last, is_open = None, False
        if block.kind != "paragraph" or not block.lines or block.quote >= 0 or block.item >= 0:
            if block.kind not in ("show", "meta"):
                is_open = False
            continue
        start, end = block.lines[0][0], block.lines[-1][1]
        quotations = _quotations(text, start, end)
        long = [q for q in quotations if n_words(text[q.start : q.end]) >= 5 or (quotations[0] is q and n_words(text[q.start : q.end]) >= 3 and said().search(text[q.end : end]))]
        outside = _outside(text, start, end, quotations)
        person = _speaker_beside(outside, last)
        if not long:
            is_open = False
            if person and (block.lines[-1][1] and outside.rstrip().endswith((":", ".", "：")) and said().search(outside)):
                last = person
            elif subject := _subject(visible(outside)):
                last = subject
            continue
        if person is None and not outside.strip(" .,;—–-"):
            person = carried if is_open else last
        if person is None:
            is_open = False
            continue
        spans = [stripped(text, q.start, q.end) for q in long]
        yield person, spans, _editor_span(start, end, quotations), index
        last = person
        is_open = long[-1].is_open
        carried = person if is_open else None


def _outside(text: str, start: int, end: int, quotations: Sequence[_Quotation]) -> str:
    pieces, cursor = [], start
    for quotation in quotations:
        pieces.append(text[cursor : max(cursor, quotation.start - 1)])
        cursor = quotation.end + 1
    pieces.append(text[cursor:end])
    return " ▪ ".join(piece for piece in pieces if piece.strip(" .,;"))


def _editor_span(start: int, end: int, quotations: Sequence[_Quotation]) -> Span:
    if quotations and quotations[0].start - 1 - start > 2:
        return start, quotations[0].start - 1
    return (quotations[0].end, min(end, quotations[1].start - 1 if len(quotations) > 1 else end)) if quotations else (start, end)


def _speaker_beside(outside: str, last: Person | None) -> Person | None:
    """Who the editor's words beside a quotation name."""
    shown = visible(outside)
    if not shown:
        return None
    for part in map(str.strip, shown.split("▪")):
        cue = said().search(part)
        if cue is None:
            continue
        before, after = part[: cue.start()].rstrip(), part[cue.end() :].lstrip()
        # "… said Jane Doe, head of content"
        if not before.strip(" ,.") and (person := _leading_name(after)):
            return person
        # "Jane Doe, head of content, said": the name opens the clause, a comma stands before the verb
        subject = _subject(_last_clause(part))
        if subject and before.endswith(","):
            return subject
        if person := _before_cue(part):
            return person
        if subject:
            return subject
        if person := _leading_name(after):
            return person
        if any(_PRONOUN.match(word) for word in (before.split()[-1:] + after.split()[:1])):
            return last
    return _subject(_last_clause(shown.split("▪")[0])) if not shown.startswith("▪") else None


def _last_clause(part: str) -> str:
    """The sentence that leads to the quotation: the last one of the words before it."""
    sentences = [sentence for sentence in re.split(r"(?<=[a-zа-я)”][.!?])\s+", part) if sentence.strip(" .,:")]
    return sentences[-1] if sentences else part


def _leading_name(text: str) -> Person | None:
    """A name that opens `text`, with what follows a comma as the role."""
    head = re.split(r"(?<!\bDr)(?<!\bMr)\.\s", text)[0]
    tokens = head.split()
    taken: list[str] = []
    small = words("people", "particles") | words("people", "joiners")
    for token in tokens:
        bare = token.strip("()")
        if bare[:1].isupper() or (taken and bare.casefold() in small):
            taken.append(token)
            if token.endswith((",", ".", ":", ";")):
                break
        else:
            break
    while taken and taken[-1].casefold().strip(",") in small:
        taken.pop()
    label = " ".join(taken).strip(" ,.:;")
    if not label or name_likeness(label) < 0.5:
        return None
    rest = head[len(" ".join(taken)) :].strip() if taken[-1].endswith(",") else ""
    role = re.split(r"\s(?:who|which|that|as|when|in an|in a)\s|[;:]", rest)[0].strip(" ,.") if rest else ""
    return Person(clean_name(label), role if len(role.split()) <= 16 else "")


def _merged(document: Document, found: Sequence[tuple[Person | None, list[Span], Span, int]]) -> list[Answer]:
    """Neighbouring paragraphs of one speaker are one answer."""
    answers: list[Answer] = []
    last_index = -9
    for person, spans, attribution, index in found:
        assert person is not None
        kept = [span for span in spans if span[0] < span[1]]
        if not kept:
            continue
        goes_on = answers and _same(answers[-1].speaker, person.name) and index == last_index + 1
        if goes_on:
            before = answers[-1]
            name = before.speaker if len(before.speaker) >= len(person.name) else person.name
            answers[-1] = Answer(name, before.role or person.role, (*before.attribution, attribution), (*before.spans, *kept))
        else:
            answers.append(Answer(person.name, person.role, (attribution,), tuple(kept)))
        last_index = index
    return answers


def _same(one: str, other: str) -> bool:
    a, b = one.casefold().split(), other.casefold().split()
    return bool(a and b) and (a == b or a[0] == b[-1] or a[-1] == b[-1] or (len(b) == 1 and b[0] in a) or (len(a) == 1 and a[0] in b))

"""Layout "table": a row a speaker, one column their name, one column their words."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import alternatives, whole_words, words
from expert_roundup.parsing.layouts.evidence import personhood_of
from expert_roundup.parsing.layouts.regions import unwrapped
from expert_roundup.parsing.names import clean_name, name_likeness
from expert_roundup.parsing.people import Person, split_person
from expert_roundup.parsing.visible import BREAK, asks, n_words, visible

_PIPE = re.compile(r"(?<!\\)\|")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|de|fr|es|it|eu|uk|br|ru|cn|jp|ai|co|info|app)(?:/\S*)?"
)
#: rows of one who takes part in a dialogue
_OFTEN = 2
#: cells that are looked at to tell what a column holds
_SAMPLE = 200


def recognise(document: Document) -> Attempt | None:
    """Read the tables of `document` as a speaker a row; None where no table has two."""
    tables: dict[int, list[Block]] = {}
    for block in document.blocks:
        if block.kind == "row" and block.lines:
            tables.setdefault(block.table, []).append(block)
    answers = [answer for rows in tables.values() for answer in _answers(document, rows)]
    moderators = _asking(document, answers)
    answers = list(_answering(answers, moderators))
    if len(answers) < 2:
        return None
    asked = f", asked by {', '.join(sorted(moderators))}" if moderators else ""
    note = f"{len(answers)} table rows with a speaker and their words{asked}"
    return Attempt("table", tuple(answers), moderators=moderators, notes=(note,), is_explicit=True)


def _asking(document: Document, answers: Sequence[Answer]) -> frozenset[str]:
    """Whoever asks in most of several rows, where somebody else answers: the rows are a dialogue."""
    rows, questions = Counter(answer.speaker for answer in answers), Counter[str]()
    for answer in answers:
        questions[answer.speaker] += asks(document.said(answer))
    asking = frozenset(name for name, n in rows.items() if n >= _OFTEN and questions[name] > n / 2)
    return asking if any(n >= _OFTEN and name not in asking for name, n in rows.items()) else frozenset()


def _answering(answers: Sequence[Answer], moderators: frozenset[str]) -> Iterator[Answer]:
    """The rows of all but the moderators, each with what was asked last."""
    question: tuple[Span, ...] = ()
    for answer in answers:
        if answer.speaker in moderators:
            question = answer.spans
        else:
            yield replace(answer, questions=question)


def _answers(document: Document, rows: Sequence[Block]) -> list[Answer]:
    """An answer a row, where one column names people or organisations and another holds their words."""
    text = document.text
    some = [_cells(text, row.lines[0]) for row in rows[1 :: len(rows) // _SAMPLE + 1]]
    sample = [row for row in some if any(start < end for start, end in row)]
    if len(sample) < 2:
        return []
    head = [visible(text[slice(*cell)]) for cell in _cells(text, rows[0].lines[0])]
    columns = [[visible(text[slice(*row[c])]) if c < len(row) else "" for row in sample] for c in range(len(head))]
    said = _words_column(head, columns)
    who = None if said is None else _name_column(head, columns, said)
    if said is None or who is None or not _is_spoken(document, head, columns, who, said):
        return []
    read = (_answer(text, _cells(text, row.lines[0]), who, said, len(head)) for row in rows[1:])
    return [answer for answer in read if answer]


def _answer(text: str, row: Sequence[Span], who: int, said: int, width: int) -> Answer | None:
    if len(row) <= max(said, who):
        return None
    span = unwrapped(text, row[said])
    person = Person(clean_name(visible(BREAK.sub(", ", text[slice(*row[who])])).strip("[]")))
    if "," in person.name and name_likeness((split := split_person(person.name)).name) >= 0.8:
        person = split
    if span[0] >= span[1] or not person.name or n_words(text[slice(*span)]) < 2:
        return None
    others = [visible(text[slice(*row[c])]) for c in range(min(width, len(row))) if c not in (said, who)]
    # years and addresses say nothing of what somebody is
    others = [cell for cell in others if any(map(str.isalpha, cell)) and not _ADDRESS.fullmatch(cell)]
    return Answer(person.name, person.role or ", ".join(others), (row[who],), (span,))


def _cells(text: str, line: Span) -> list[Span]:
    """The spans of a row's cells, white space at their ends cut."""
    start, end = line
    if start < end and text[start] == "|":
        start += 1
    if end > start and text[end - 1] == "|" and text[end - 2 : end - 1] != "\\":
        end -= 1
    bounds = [start - 1, *(match.start() for match in _PIPE.finditer(text, start, end)), end]
    cells = []
    for left, right in itertools.pairwise(bounds):
        first, last = left + 1, right
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        cells.append((first, last))
    return cells


def _words_column(head: Sequence[str], columns: Sequence[Sequence[str]]) -> int | None:
    """The column with the longest cells."""
    means = [sum(map(n_words, column)) / len(column) for column in columns]
    best = max(range(len(means)), key=lambda c: (means[c], bool(_head("words").search(head[c]))), default=None)
    return best if best is not None and means[best] >= 4 else None


def _name_column(head: Sequence[str], columns: Sequence[Sequence[str]], said: int) -> int | None:
    """The column of short cells that look most like names, or that its head calls one of speakers."""
    best, best_score = None, 0.0
    for c, column in enumerate(columns):
        filled = [cell for cell in column if cell]
        if c == said or not filled or len(filled) < 0.6 * len(column):
            continue
        likeness = sum(name_likeness(split_person(cell).name) for cell in filled) / len(filled)
        short = sum(n_words(cell) <= 6 for cell in filled) / len(filled)
        named = bool(_head("speakers").search(head[c]) or _head("names").search(head[c]))
        score = likeness + (0.8 if named else 0.0) - 0.1 * c
        if short >= 0.8 and (likeness >= 0.6 or named) and score > best_score:
            best, best_score = c, score
    return best


def _is_spoken(document: Document, head: Sequence[str], columns: Sequence[Sequence[str]], who: int, said: int) -> bool:
    """Whether the table is one of speakers: its head says so, or people say I and we in it."""
    texts = [cell for cell in columns[said] if cell]
    voice = sum(map(document.speaks_of_self, texts)) / max(1, len(texts))
    names = [split_person(cell).name for cell in columns[who] if cell]
    people = personhood_of(document, names)
    by_head = bool(_head("speakers").search(head[who]))
    words_head = bool(_head("words").search(head[said]))
    if by_head and (words_head or document.announces_users):
        return people >= 0.3 or voice >= 0.15 or document.announces_users
    if people >= 0.8:
        return voice >= 0.3 or (words_head and voice >= 0.1)
    return voice >= 0.15 and people >= 0.3 and (by_head or words_head)


@functools.cache
def _head(kind: str) -> re.Pattern[str]:
    """A column's head that says that it holds speakers, names or words."""
    return re.compile(rf"(?i){whole_words(words('tables', kind))}|{alternatives(words('tables', kind + '_strings'))}")

"""Layout "table": a row a speaker, one column their name, one column their words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.layouts.regions import n_words, unwrapped
from expert_roundup.parsing.people import Person, clean_name, name_likeness, split_person, visible

_NAME_HEAD = re.compile(r"(?i)\b(?:name|who|speaker|expert|person|author|organi[sz]ation|company|adopter|user|participant|member|mentor|customer|nom|nombre|имя|эксперт|кто|организация|компания|empresa|firma|sprecher|person)\b|姓名|名前|专家|公司|組織|组织|用户|이름")
_WORDS_HEAD = re.compile(r"(?i)\b(?:quote|answer|advice|says?|said|comment|testimonial|description|use|usage|case|experience|why|how|story|opinion|response|feedback|ответ|совет|цитата|мнение|réponse|avis|conseil|citation|respuesta|consejo|cita|antwort|zitat|rat)\b|回答|建议|意见|コメント|说")


def recognise(document: Document) -> Attempt | None:
    """Read the tables of `document` as a speaker a row; None where no table has two."""
    tables: dict[int, list[Block]] = {}
    for block in document.blocks:
        if block.kind == "row" and block.lines:
            tables.setdefault(block.table, []).append(block)
    answers = [answer for rows in tables.values() for answer in _answers(document, rows)]
    if len(answers) < 2:
        return None
    return Attempt("table", tuple(answers), notes=(f"{len(answers)} table rows with a speaker and their words",))


def _answers(document: Document, rows: Sequence[Block]) -> list[Answer]:
    text = document.text
    cells = [_cells(text, row.lines[0]) for row in rows]
    body = [row for row in cells[1:] if any(a < b for a, b in row)]
    if len(body) < 2:
        return []
    head = [visible(text[slice(*cell)]) for cell in cells[0]]
    width = len(head)
    columns = [[visible(text[slice(*row[c])]) if c < len(row) else "" for row in body] for c in range(width)]
    words_column = _words_column(head, columns)
    if words_column is None:
        return []
    name_column = _name_column(head, columns, words_column)
    if name_column is None:
        return []
    texts = columns[words_column]
    is_told = sum(map(document.speaks_of_self, texts)) >= 0.15 * len(texts)
    if not is_told and not _WORDS_HEAD.search(head[words_column]):
        return []
    answers = []
    for block, row in zip(rows[1:], (row for row in cells[1:]), strict=True):
        if len(row) <= max(words_column, name_column):
            continue
        span = unwrapped(text, row[words_column])
        person = Person(clean_name(visible(text[slice(*row[name_column])])))
        if name_likeness(split_person(person.name).name) >= 0.8 and "," in person.name:
            person = split_person(person.name)
        if span[0] >= span[1] or not person.name or n_words(text[slice(*span)]) < 2:
            continue
        others = [visible(text[slice(*row[c])]) for c in range(min(width, len(row))) if c not in (words_column, name_column)]
        role = person.role or ", ".join(filter(None, others))
        answers.append(Answer(person.name, role, (row[name_column],), (span,)))
    return answers


def _cells(text: str, line: Span) -> list[Span]:
    """The spans of a row's cells, white space at their ends cut."""
    start, end = line
    if start < end and text[start] == "|":
        start += 1
    if end > start and text[end - 1] == "|" and text[end - 2 : end - 1] != "\\":
        end -= 1
    bounds = [start - 1, *(match.start() for match in re.compile(r"(?<!\\)\|").finditer(text, start, end)), end]
    cells = []
    for left, right in zip(bounds, bounds[1:], strict=False):
        a, b = left + 1, right
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        cells.append((a, b))
    return cells


def _words_column(head: Sequence[str], columns: Sequence[Sequence[str]]) -> int | None:
    means = [sum(map(n_words, column)) / len(column) for column in columns]
    if not means:
        return None
    best = max(range(len(means)), key=lambda c: (means[c], bool(_WORDS_HEAD.search(head[c]))))
    return best if means[best] >= 5 else None


def _name_column(head: Sequence[str], columns: Sequence[Sequence[str]], words_column: int) -> int | None:
    best, best_score = None, 0.0
    for c, column in enumerate(columns):
        if c == words_column:
            continue
        filled = [cell for cell in column if cell]
        if not filled or len(filled) < 0.6 * len(column):
            continue
        likeness = sum(name_likeness(split_person(cell).name) for cell in filled) / len(filled)
        short = sum(n_words(cell) <= 6 for cell in filled) / len(filled)
        named = bool(_NAME_HEAD.search(head[c]))
        score = likeness + (0.8 if named else 0.0) - 0.1 * c
        if short >= 0.8 and (likeness >= 0.6 or named) and score > best_score:
            best, best_score = c, score
    return best

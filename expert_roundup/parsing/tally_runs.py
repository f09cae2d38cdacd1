"""Runs of counts as pages print them: lists, headings, sentences, brackets, tables and running text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import words
from expert_roundup.parsing.people import visible
from expert_roundup.parsing.tally_shapes import (
    Count,
    as_number,
    bracketed,
    clean_label,
    counting,
    cue,
    line_shapes,
    read_line,
)

_RUNNING = re.compile(r"(?<![\w.,:/$€£#-])(\d{1,4})(?![\w.,:/%-])")
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;]?")
#: the longest line of a tally, and the longest paragraph that holds one
_LONGEST_LINE = 160
_LONGEST_PARAGRAPH = 4_000


@dataclass(frozen=True, slots=True)
class Run:
    """Counts in page order with their place, before anything is known of what they count."""

    counts: tuple[Count, ...]
    start: int
    end: int


def list_runs(document: Document, blocks: Sequence[Block]) -> Iterator[Run]:
    """Consecutive list items or lines that all have one shape."""
    yield from _in_one_shape(_line_runs(document, blocks))


def _line_runs(document: Document, blocks: Sequence[Block]) -> Iterator[list[tuple[Span, str]]]:
    run: list[tuple[Span, str]] = []
    for block in blocks:
        lines = [(line, visible(document.text[slice(*line)])) for line in block.lines]
        is_list = block.kind == "paragraph" and (block.item >= 0 or len(lines) > 1 or bool(run))
        if is_list and all(len(shown) <= _LONGEST_LINE for _, shown in lines):
            run.extend(lines)
            continue
        yield run
        run = []
    yield run


def headings_runs(document: Document, blocks: Sequence[Block]) -> Iterator[Run]:
    """Headings of one level that all have one shape; between them may stand prose."""
    for level in range(1, 7):
        same = [block for block in blocks if block.kind == "heading" and block.level == level and len(block.lines) == 1]
        for run in _in_one_shape([[(block.lines[0], visible(document.content(block))) for block in same]]):
            if all(count.is_said for count in run.counts):
                yield run


def sentences_runs(document: Document, blocks: Sequence[Block]) -> Iterator[Run]:
    """Sentences of one paragraph: "9 experts said focus. 8 named goals."."""
    for block in blocks:
        if block.kind == "paragraph" and len(block.lines) == 1 and block.end - block.start < _LONGEST_PARAGRAPH:
            start, end = block.lines[0]
            pieces = [match.span() for match in _SENTENCE.finditer(document.text, start, end)]
            run = [((a, b), visible(document.text[a:b])) for a, b in pieces]
            yield from (found for found in _in_one_shape([run]) if all(count.is_said for count in found.counts))


def _in_one_shape(runs: Iterable[list[tuple[Span, str]]]) -> Iterator[Run]:
    """The longest stretch of each run of lines that one shape reads, of three lines at least."""
    for run in runs:
        if len(run) < 3:
            continue
        counting_lines = [counting().search(shown) is not None for _, shown in run]
        # written numbers alone are prose more often than a tally
        if not _has_three_in_a_row(counting_lines) or not any(re.search(r"\d", shown) for _, shown in run):
            continue
        for shape in line_shapes():
            read = [
                read_line(shown, shape) if counts else None
                for (_, shown), counts in zip(run, counting_lines, strict=True)
            ]
            start, end = _longest(read)
            if end - start >= 3:
                counts = tuple(count for count in read[start:end] if count)
                yield Run(counts, run[start][0][0], run[end - 1][0][1])


def _has_three_in_a_row(flags: Sequence[bool]) -> bool:
    return any(map(all, zip(flags, flags[1:], flags[2:], strict=False)))


def _longest(read: Sequence[Count | None]) -> tuple[int, int]:
    best = start = 0
    best_end = 0
    for index, count in enumerate([*read, None]):
        if count is None:
            if index - start > best_end - best:
                best, best_end = start, index
            start = index + 1
    return best, best_end


def brackets_runs(document: Document, blocks: Sequence[Block]) -> Iterator[Run]:
    """Runs such as "Relationships (9), goals (8) and networks (8)" within a paragraph."""
    for block in blocks:
        if block.kind != "paragraph" or block.end - block.start > _LONGEST_PARAGRAPH:
            continue
        found = list(bracketed().finditer(document.text, block.start, block.end))
        joined = all(not re.search(r"[.!?]", document.text[a.end() : b.start()]) for a, b in itertools.pairwise(found))
        if len(found) >= 3 and joined:
            counts = tuple(
                Count(clean_label(visible(match["label"])), float(match["n"]), is_said=bool(match["said"]))
                for match in found
            )
            yield Run(counts, found[0].start("label"), found[-1].end())


def tables_runs(document: Document, blocks: Sequence[Block]) -> Iterator[Run]:
    """Tables with a column of labels and a column of numbers."""
    tables: dict[int, list[Block]] = {}
    for block in blocks:
        if block.kind == "row":
            tables.setdefault(block.table, []).append(block)
    for rows in tables.values():
        cells = [[visible(cell) for cell in split_row(document.content(row))] for row in rows]
        body = [row for row in cells[1:] if any(row)]
        if len(body) < 3:
            continue
        if read := _columns(cells[0], body):
            yield Run(read, rows[0].start, rows[-1].end)


def _columns(head: Sequence[str], body: Sequence[Sequence[str]]) -> tuple[Count, ...]:
    width = min(map(len, body))
    numbers = [[_cell_number(row[column]) for row in body] for column in range(width)]
    numeric = [column for column in range(width) if all(number is not None for number in numbers[column])]
    labels = [c for c in range(width) if c not in numeric and all(re.search(r"[^\W\d]", row[c]) for row in body)]
    if not numeric or not labels:
        return ()
    # a column of counts before one of shares; the first column is the place where the others count
    chosen = min(
        numeric,
        key=lambda c: (_is_share(body, c), c < labels[0], not cue().search(head[c] if c < len(head) else ""), -c),
    )
    said = cue().search(" ".join(head)) is not None
    return tuple(
        Count(clean_label(row[labels[0]]), number or 0.0, _is_share(body, chosen), said)
        for row, number in zip(body, numbers[chosen], strict=True)
    )


def _cell_number(cell: str) -> float | None:
    match = re.fullmatch(r"(\d{1,4}(?:[.,]\d+)?)\s*%?(?:\s*[/(].*|\s+[^\W\d]+\.?)?", cell.strip())
    return as_number(match[1]) if match else None


def _is_share(body: Sequence[Sequence[str]], column: int) -> bool:
    return all(re.match(r"\s*\d+(?:[.,]\d+)?\s*%", row[column]) for row in body)


def split_row(line: str) -> list[str]:
    r"""The cells of a table row, bars at the ends optional, escaped bars kept.

    Examples
    --------
    >>> split_row("| a | b \\| c |")
    ['a', 'b | c']
    """
    bare = line.strip()
    bare = bare[1:] if bare.startswith("|") else bare
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", bare)]


def running_text_run(text: str, start: int, end: int) -> Run | None:
    """The run "9 Focus On Relationships 8 Set Strategic Goals ...": numbers, each followed by words in title case."""
    best: list[tuple[int, int, Count]] = []
    run: list[tuple[int, int, Count]] = []
    numbers = list(_RUNNING.finditer(text, start, end))
    for match, following in zip(numbers, [*numbers[1:], None], strict=False):
        limit = min(following.start() if following else end, match.end() + 200)
        limit = stop if (stop := text.find("\n\n", match.end(), limit)) >= 0 else limit
        label_end = _title_case_end(text, match.end(), limit)
        label = " ".join(text[match.end() : label_end].split()).strip(" ,.;:–—-")
        if not label:
            run = []
            continue
        run.append((match.start(), label_end, Count(label, float(match[1]))))
        if len(run) > len(best):
            best = list(run)
        if following is None or text[label_end : following.start()].strip(" ,;.\n\t\r"):
            run = []
    return Run(tuple(count for *_, count in best), best[0][0], best[-1][1]) if len(best) >= 3 else None


def _title_case_end(text: str, start: int, limit: int) -> int:
    """Where a run of title-case words ends; the word that opens the next sentence is not part of it."""
    end, previous = start, start
    for word in re.finditer(r"\S+", text[start:limit]):
        bare = word.group().strip(',.;:!?"“”«»()')
        is_small = end > start and bare in words("tallies", "small_words")
        if bare and not (is_small or bare[0].isupper() or bare in "&+–—/-"):
            # a lower-case word: the capital before it opened this sentence
            return previous
        previous, end = end, start + word.end()
        if word.group().endswith((".", "!", "?")):
            return end
    return end

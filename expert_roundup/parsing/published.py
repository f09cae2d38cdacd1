"""The published tally: the counts that the author printed, in a list, a table, headings, sentences or running text.

A run of numbers with labels is taken for a tally when it says so (it counts experts, votes or mentions), or when it
could be one (no label is counted oftener than there are answers, and all together half as often at least) and is
announced ("how often each came up") or falls from first to last. Years, prices, schedules and enumerations fail that.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from expert_roundup.parsing.answers import Answer, Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.people import visible
from expert_roundup.parsing.tally_runs import (
    Run,
    brackets_runs,
    headings_runs,
    list_runs,
    running_text_run,
    sentences_runs,
    tables_runs,
)
from expert_roundup.parsing.tally_shapes import Count, cue

#: numbers up to which a print counts answers and no years
_MOST = 1_500


@dataclass(frozen=True, slots=True)
class PublishedCount:
    """One label with the number of answers that the author counted for it."""

    label: str
    n_published: int


@dataclass(frozen=True, slots=True)
class PublishedTally:
    """The counts in page order, and where they stand."""

    counts: tuple[PublishedCount, ...]
    start: int
    end: int


def find_published_tally(document: Document, *, answers: Sequence[Sequence[Span]]) -> PublishedTally | None:
    """The tally that the author printed, None if there is none.

    Parameters
    ----------
    document
        The parsed document.
    answers
        The spans of each answer, in page order. What an expert counts is no tally, save at the very end of the last
        answer, where a layout without closing marks leaves the author's own closing words.
    """
    spans = sorted(span for answer in answers for span in answer)
    if not spans:
        return None
    free = [block for block in document.blocks if block.is_text and block.lines and not _overlaps(block, spans)]
    last = spans[-1][1]
    regions = (
        [block for block in free if block.start >= last],
        [block for block in free if block.end <= spans[0][0]],
        [block for block in free if spans[0][0] < block.start < last],
    )
    for region in regions:
        if found := _first(document, region, len(answers)):
            return found
    for start, end in ((last, len(document.text)), (0, spans[0][0])):
        run = running_text_run(document.text, start, end)
        if run and (counts := _checked(run.counts, len(answers), is_said=False, is_announced=False)):
            return PublishedTally(counts, run.start, run.end)
    closing = [
        block for block in document.blocks if block.is_text and block.lines and spans[-1][0] < block.start < last
    ]
    found = _first(document, closing, len(answers), only_announced=True)
    return found if found and not document.text[found.end : last].strip(" \n\r\t*_.|") else None


def _overlaps(block: Block, spans: Sequence[Span]) -> bool:
    index = bisect_left(spans, (block.end, 0))
    return index > 0 and spans[index - 1][1] > block.start


def _first(
    document: Document, blocks: Sequence[Block], n_answers: int, *, only_announced: bool = False
) -> PublishedTally | None:
    for read in (tables_runs, list_runs, headings_runs, sentences_runs, brackets_runs):
        for run in read(document, blocks):
            is_said = sum(count.is_said for count in run.counts) * 2 >= len(run.counts)
            is_announced = is_said or _is_announced(document, run)
            if not is_announced and only_announced:
                continue
            if counts := _checked(run.counts, n_answers, is_said=is_said, is_announced=is_announced):
                return PublishedTally(counts, run.start, run.end)
    return None


def _is_announced(document: Document, run: Run) -> bool:
    """Whether words just above say that something was counted."""
    above = document.text[max(0, run.start - 400) : run.start].strip().split("\n\n")[-2:]
    return cue().search(visible(" ".join(above))) is not None


def _checked(
    counts: Sequence[Count], n_answers: int, *, is_said: bool, is_announced: bool
) -> tuple[PublishedCount, ...]:
    """The counts as whole numbers of answers when they can be a tally, else ()."""
    numbers = _whole(counts, n_answers)
    labels = {count.label.casefold() for count in counts}
    if len(counts) < 3 or not numbers or len(labels) < len(counts) or min(numbers) < 0 or max(numbers) == 0:
        return ()
    steps = {after - before for before, after in itertools.pairwise(numbers)}
    if max(numbers) >= _MOST or steps == {1}:
        return ()
    falls = max(steps) <= 0 and steps not in ({0}, {-1})
    fits = max(numbers) <= n_answers and 2 * sum(numbers) >= n_answers
    if not (is_said or (fits and (is_announced or falls))):
        return ()
    return tuple(PublishedCount(count.label, number) for count, number in zip(counts, numbers, strict=True))


def _whole(counts: Sequence[Count], n_answers: int) -> list[int]:
    """The numbers, shares turned into numbers of answers; [] where they are no whole numbers of them."""
    whole = []
    for count in counts:
        number = count.number
        if count.is_percent:
            number = round(count.number * n_answers / 100)
            if abs(count.number - 100 * number / n_answers) > 0.6:
                return []
        if number != int(number):
            return []
        whole.append(int(number))
    return whole


def without_tally(document: Document, answers: Sequence[Answer], tally: PublishedTally | None) -> tuple[Answer, ...]:
    """The answers, the last one cut before a tally that it swallowed and before the words that announce that tally."""
    last = answers[-1]
    if tally is None or not last.spans[-1][0] < tally.start < last.spans[-1][1]:
        return tuple(answers)
    end = tally.start
    above = [
        block
        for block in document.blocks
        if last.spans[-1][0] < block.start and block.end <= tally.start and block.lines
    ]
    for block in reversed(above[-3:]):
        shown = visible(document.content(block))
        if block.kind != "heading" and not shown.endswith((":", "：")) and not cue().search(shown):
            break
        end = block.start
    text = document.text[last.spans[-1][0] : end]
    if not text.strip():
        return tuple(answers)
    span = (last.spans[-1][0], last.spans[-1][0] + len(text.rstrip()))
    return (*answers[:-1], replace(last, spans=(*last.spans[:-1], span)))

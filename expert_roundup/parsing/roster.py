"""The roster: the document's own list of contributors, found, cut into names and reconciled with the speakers.

Names are compared in one script (anyascii), whatever the order of their words (token sort), and each roster entry goes to at most
one speaker; the order of the page decides between look-alikes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Span
from expert_roundup.parsing.people import WORD, name_likeness, split_person, visible

#: two names this alike may be one person when nothing speaks against it
ALIKE = 45.0
#: entries this unlike every speaker are not cut out of running text
_SURE = 70.0
#: the longest name, in words
_LONGEST = 5
#: distinct names up to which every pair is compared; beyond it only equal names meet
_MOST_COMPARED = 1_500


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A name on the roster, as printed, with its place."""

    name: str
    start: int
    end: int


@functools.lru_cache(maxsize=65_536)
def comparable(name: str) -> str:
    """`name` in lower-case ASCII words, sorted: the form in which spellings are compared.

    Examples
    --------
    >>> comparable("Шаффер , Нил") == comparable("Нил Шаффер")
    True
    """
    from anyascii import anyascii

    return " ".join(sorted(re.findall(r"[a-z0-9]+", anyascii(name).casefold())))


def find_roster(document: Document, speakers: Sequence[str], *, end: int) -> tuple[RosterEntry, ...]:
    """The roster before the first answer at `end`: a list, or a run of names in the text; () if there is none."""
    if not speakers or end <= 0:
        return ()
    distinct = list(dict.fromkeys(speakers))[:_MOST_COMPARED]
    return _listed(document, distinct, end) or _running(document.text, distinct, end)


def match_names(names: Sequence[str], speakers: Sequence[str]) -> tuple[int | None, ...]:
    """For each name the index of the speaker it means, None where nobody is left; no speaker is taken twice.

    The assignment maximises the summed similarity; of equally good ones it keeps the order of the page.

    Examples
    --------
    >>> match_names(["Doe, Jane", "Роу, Джон"], ["John Rowe", "Jane Doe", "Ann Lee"])
    (1, 0)
    """
    if not names or not speakers:
        return (None,) * len(names)
    if max(len(names), len(speakers)) > _MOST_COMPARED:
        return _equal_names(names, speakers)
    import numpy as np
    from rapidfuzz import fuzz
    from rapidfuzz.process import cdist
    from scipy.optimize import linear_sum_assignment

    left, right = [comparable(name) for name in names], [comparable(name) for name in speakers]
    alike = cdist(left, right, scorer=fuzz.ratio).astype(float)
    order_left = np.arange(len(left))[:, None] / max(1, len(left) - 1)
    order_right = np.arange(len(right))[None, :] / max(1, len(right) - 1)
    # the page's order breaks ties: worth at most five points of similarity
    gain = alike - 5.0 * np.abs(order_left - order_right)
    rows, columns = linear_sum_assignment(-gain)
    taken = {int(row): int(column) for row, column in zip(rows, columns, strict=True) if alike[row, column] >= ALIKE}
    return tuple(taken.get(row) for row in range(len(names)))


def _equal_names(names: Sequence[str], speakers: Sequence[str]) -> tuple[int | None, ...]:
    free: dict[str, list[int]] = {}
    for index, speaker in enumerate(speakers):
        free.setdefault(comparable(speaker), []).append(index)
    for indices in free.values():
        indices.reverse()
    return tuple(free[key].pop() if free.get(key := comparable(name)) else None for name in names)


def _listed(document: Document, speakers: Sequence[str], end: int) -> tuple[RosterEntry, ...]:
    """A list (or one line a name) of which at least half are speakers."""
    runs: list[list[RosterEntry]] = [[]]
    for block in document.blocks:
        if block.start >= end:
            break
        entries = [
            RosterEntry(person.name, start, stop)
            for start, stop in block.lines
            if block.kind == "paragraph" and (block.item >= 0 or len(block.lines) >= 3)
            for person in [split_person(document.text[start:stop])]
            if name_likeness(person.name) >= 0.5
        ]
        if entries and len(entries) == len(block.lines):
            runs[-1].extend(entries)
        elif block.kind != "show" and runs[-1]:
            runs.append([])
    best = max(runs, key=lambda run: _n_matched(run, speakers))
    n_matched = _n_matched(best, speakers)
    return tuple(best) if n_matched >= 3 and n_matched * 2 >= len(best) else ()


def _n_matched(run: Sequence[RosterEntry], speakers: Sequence[str]) -> int:
    known = {comparable(speaker) for speaker in speakers}
    return sum(comparable(entry.name) in known for entry in run)


def _running(text: str, speakers: Sequence[str], end: int) -> tuple[RosterEntry, ...]:
    """Names in a row in running text, in either order of their words: the cut that is most like the speakers."""
    tokens = [match for match in WORD.finditer(text, max(0, end - 20_000), end)]
    known = {word for speaker in speakers for word in comparable(speaker).split() if len(word) > 2}
    region = _densest([_is_known(match.group(), known) for match in tokens])
    if region is None:
        return ()
    first, last = max(0, region[0] - 4), min(len(tokens), region[1] + 4)
    spans = _best_cut(text, tokens[first:last], speakers)
    entries = tuple(RosterEntry(visible(text[slice(*span)]), *span) for span in spans)
    return entries if len(entries) >= 3 and len(entries) * 2 >= min(len(speakers), 20) else ()


def _is_known(word: str, known: set[str]) -> bool:
    return any(part in known for part in comparable(word).split())


def _densest(flags: Sequence[bool]) -> tuple[int, int] | None:
    """The run with the largest surplus of known words over others (Kadane); None under six known words."""
    best, best_span, total, start = 0.0, None, 0.0, 0
    for index, flag in enumerate(flags):
        if total <= 0:
            total, start = 0.0, index
        total += 1.0 if flag else -0.9
        if total > best:
            best, best_span = total, (start, index + 1)
    return best_span if best_span and best >= 4 and sum(flags[slice(*best_span)]) >= 6 else None


def _best_cut(text: str, tokens: Sequence[re.Match[str]], speakers: Sequence[str]) -> list[Span]:
    """Cut the tokens into names by dynamic programming: similarity to the nearest speaker, words left out cost."""
    from rapidfuzz import fuzz
    from rapidfuzz.process import cdist

    n = len(tokens)
    pieces = [
        (i, j)
        for i in range(n)
        for j in range(i + 1, min(n, i + _LONGEST) + 1)
        if j - i > 1 and _is_one_name(text, tokens[i:j])
    ]
    if not pieces:
        return []
    forms = [comparable(text[tokens[i].start() : tokens[j - 1].end()]) for i, j in pieces]
    scores = cdist(forms, [comparable(speaker) for speaker in speakers], scorer=fuzz.ratio).max(axis=1)
    gains: dict[int, list[tuple[int, float]]] = {}
    for (i, j), score in zip(pieces, scores, strict=True):
        # squared, so that two whole names beat one that swallowed its neighbour; a comma inside is how rosters write names
        comma = 0.25 if "," in text[tokens[i].start() : tokens[j - 1].end()] else 0.0
        gains.setdefault(j, []).append((i, (float(score) / 100) ** 2 * (j - i) + comma))
    best = [0.0] * (n + 1)
    step: list[int] = [-1] * (n + 1)
    for j in range(1, n + 1):
        best[j] = best[j - 1] - 0.1
        for i, gain in gains.get(j, ()):
            if best[i] + gain > best[j]:
                best[j], step[j] = best[i] + gain, i
    spans: list[Span] = []
    j = n
    while j > 0:
        if step[j] < 0:
            j -= 1
            continue
        i = step[j]
        spans.append((tokens[i].start(), tokens[j - 1].end()))
        j = i
    return _trimmed(text, spans[::-1], speakers)


def _is_one_name(text: str, tokens: Sequence[re.Match[str]]) -> bool:
    """At most one comma, nothing but blanks otherwise, and a capital at either end."""
    gaps = "".join(text[a.end() : b.start()] for a, b in zip(tokens, tokens[1:], strict=False))
    capital = all(token.group()[0].isupper() or not token.group()[0].islower() for token in (tokens[0], tokens[-1]))
    return capital and not gaps.replace(",", "", 1).strip()


def _trimmed(text: str, spans: list[Span], speakers: Sequence[str]) -> list[Span]:
    """Without the words at either end that are like nobody."""
    from rapidfuzz import fuzz, process

    forms = [comparable(speaker) for speaker in speakers]

    def is_sure(span: Span) -> bool:
        return process.extractOne(comparable(text[slice(*span)]), forms, scorer=fuzz.ratio, score_cutoff=_SURE) is not None

    while spans and not is_sure(spans[0]):
        spans = spans[1:]
    while spans and not is_sure(spans[-1]):
        spans = spans[:-1]
    return spans

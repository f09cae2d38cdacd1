"""The roster: the document's own list of contributors, found, cut into names and reconciled with the speakers.

Names are compared in one script (anyascii), whatever the order of their words (token sort), and each roster entry goes to at most
one speaker; the order of the page decides between look-alikes.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Span
from expert_roundup.parsing.names import WORD, name_likeness
from expert_roundup.parsing.people import split_person
from expert_roundup.parsing.visible import visible

#: two names this alike may be one person when nothing speaks against it
ALIKE = 45.0
#: entries this unlike every speaker are not cut out of running text
_SURE = 70.0
#: the longest name, in words
_LONGEST = 5
#: distinct names up to which every pair is compared; beyond it only equal names meet
_MOST_COMPARED = 1_500
#: rows up to which assignments are solved without scipy
_SOLVED_HERE = 60


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
    if not name.isascii():
        from anyascii import anyascii

        name = anyascii(name)
    return " ".join(sorted(re.findall(r"[a-z0-9]+", name.casefold())))


def find_roster(document: Document, speakers: Sequence[str], *, end: int) -> tuple[RosterEntry, ...]:
    """The roster before the first answer at `end`: a list, or a run of names in the text; () if there is none."""
    if not speakers or end <= 0:
        return ()
    distinct = list(dict.fromkeys(speakers))[:_MOST_COMPARED]
    return _listed(document, distinct, end) or _running(document.text, distinct, end)


def match_names(names: Sequence[str], speakers: Sequence[str]) -> tuple[int | None, ...]:
    """For each name the index of the speaker it means, None where nobody is left; no speaker is taken twice.

    Equal names go together first, in page order. The rest is assigned so that the summed similarity is largest; of
    equally good assignments the one that keeps the order of the page.

    Examples
    --------
    >>> match_names(["Doe, Jane", "Роу, Джон"], ["John Rowe", "Jane Doe", "Ann Lee"])
    (1, 0)
    """
    matched = list(_equal_names(names, speakers))
    taken = set(matched)
    left = [row for row, column in enumerate(matched) if column is None]
    right = [column for column in range(len(speakers)) if column not in taken]
    if not left or not right or max(len(left), len(right)) > _MOST_COMPARED:
        return tuple(matched)
    from rapidfuzz import fuzz

    alike = [[fuzz.ratio(comparable(names[row]), comparable(speakers[column])) for column in right] for row in left]
    # the page's order breaks ties: worth at most five points of similarity
    places = [row / max(1, len(names) - 1) for row in left], [column / max(1, len(speakers) - 1) for column in right]
    gain = [[alike[i][j] - 5.0 * abs(places[0][i] - places[1][j]) for j in range(len(right))] for i in range(len(left))]
    for i, j in best_assignment(gain):
        if alike[i][j] >= ALIKE:
            matched[left[i]] = right[j]
    return tuple(matched)


def best_assignment(gain: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs (row, column), each used once, with the largest summed gain; as many as the shorter side has.

    Notes
    -----
    Small tables are solved here by shortest augmenting paths, which spares the import of scipy; large ones by scipy.

    References
    ----------
    Crouse, D. F. (2016). On implementing 2D rectangular assignment algorithms. IEEE Transactions on Aerospace and
    Electronic Systems, 52(4), 1679-1696.

    Examples
    --------
    >>> best_assignment([[1.0, 5.0], [2.0, 9.0]])
    [(0, 0), (1, 1)]
    """
    if len(gain) > len(gain[0]):
        turned = best_assignment([list(column) for column in zip(*gain, strict=True)])
        return sorted((row, column) for column, row in turned)
    if len(gain) > _SOLVED_HERE:
        from scipy.optimize import linear_sum_assignment

        rows, columns = linear_sum_assignment(gain, maximize=True)
        return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]
    return _augmented([[-value for value in row] for row in gain])


def _augmented(cost: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The cheapest assignment of every row, row after row along the shortest augmenting path."""
    n_columns = len(cost[0])
    row_price, column_price = [0.0] * len(cost), [0.0] * n_columns
    row_of: list[int | None] = [None] * n_columns
    for start in range(len(cost)):
        distance = [float("inf")] * n_columns
        before: list[int | None] = [None] * n_columns
        closed: set[int] = set()
        row, column, reached = start, -1, 0.0
        while True:
            for j in range(n_columns):
                step = reached + cost[row][j] - row_price[row] - column_price[j]
                if j not in closed and step < distance[j]:
                    distance[j], before[j] = step, column if column >= 0 else None
            column = min((j for j in range(n_columns) if j not in closed), key=lambda j: (distance[j], j))
            reached = distance[column]
            closed.add(column)
            owner = row_of[column]
            if owner is None:
                break
            row = owner
        row_price[start] += reached
        for j in closed - {column}:
            owner = row_of[j]
            if owner is not None:
                row_price[owner] += reached - distance[j]
            column_price[j] -= reached - distance[j]
        here: int | None = column
        while here is not None:
            previous = before[here]
            row_of[here] = start if previous is None else row_of[previous]
            here = previous
    return sorted((row, column) for column, row in enumerate(row_of) if row is not None)


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
    tokens = list(WORD.finditer(text, max(0, end - 20_000), end))
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
    n = len(tokens)
    gains = _gains(text, tokens, speakers)
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
        i = step[j]
        if i >= 0:
            spans.append((tokens[i].start(), tokens[j - 1].end()))
        j = i if i >= 0 else j - 1
    return _trimmed(text, spans[::-1], speakers)


def _gains(text: str, tokens: Sequence[re.Match[str]], speakers: Sequence[str]) -> dict[int, list[tuple[int, float]]]:
    """For each end the pieces of two to five tokens that may be one name, with what each is worth."""
    from rapidfuzz import fuzz, process

    known = [comparable(speaker) for speaker in speakers]
    gains: dict[int, list[tuple[int, float]]] = {}
    for i in range(len(tokens)):
        for j in range(i + 2, min(len(tokens), i + _LONGEST) + 1):
            if not _is_one_name(text, tokens[i:j]):
                continue
            piece = text[tokens[i].start() : tokens[j - 1].end()]
            found = process.extractOne(comparable(piece), known, scorer=fuzz.ratio)
            # squared, so that two whole names beat one that swallowed its neighbour; a comma is how rosters write names
            comma = 0.25 if "," in piece else 0.0
            gains.setdefault(j, []).append((i, (found[1] / 100) ** 2 * (j - i) + comma))
    return gains


def _is_one_name(text: str, tokens: Sequence[re.Match[str]]) -> bool:
    """At most one comma, nothing but blanks otherwise, and a capital at either end."""
    gaps = "".join(text[a.end() : b.start()] for a, b in itertools.pairwise(tokens))
    capital = all(token.group()[0].isupper() or not token.group()[0].islower() for token in (tokens[0], tokens[-1]))
    return capital and not gaps.replace(",", "", 1).strip()


def _trimmed(text: str, spans: list[Span], speakers: Sequence[str]) -> list[Span]:
    """Without the words at either end that are like nobody."""
    from rapidfuzz import fuzz, process

    forms = [comparable(speaker) for speaker in speakers]

    def is_sure(span: Span) -> bool:
        return (
            process.extractOne(comparable(text[slice(*span)]), forms, scorer=fuzz.ratio, score_cutoff=_SURE) is not None
        )

    while spans and not is_sure(spans[0]):
        spans = spans[1:]
    while spans and not is_sure(spans[-1]):
        spans = spans[:-1]
    return spans

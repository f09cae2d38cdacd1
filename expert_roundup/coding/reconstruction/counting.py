"""How many codings are nearly as good as the best one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from expert_roundup.coding.reconstruction.estimating import estimated_count
from expert_roundup.coding.reconstruction.model import Bools, Floats, Ints
from expert_roundup.coding.reconstruction.residual import TOLERANCE, potentials
from expert_roundup.coding.reconstruction.solution import Solution

#: codings are counted one by one up to here
LIMIT = 100_000
# partial codings times quotes looked at together, and partial codings in all before the count is given up
_TOGETHER = 1_000_000
_MOST_STEPS = 30_000_000
# how often the loss is halved before counting starts
_HALVINGS = 6


@dataclass(frozen=True, slots=True)
class NearOptimal:
    """How many codings lose at most `within` against the best one, which counts too."""

    within: float  # in log-probability
    n_codings: int  # how many there are; where `is_exact` is false, how many were found before the count was given up
    is_exact: bool
    estimate: float  # n_codings where exact, else from draws; inf where it is beyond a float
    standard_error: float  # of the natural logarithm of the estimate, 0 where exact

    def __str__(self) -> str:
        """Say it in words."""
        loss = f"within {self.within:g} of the best one in log-probability"
        if self.is_exact:
            codings = "1 coding lies" if self.n_codings == 1 else f"{self.n_codings:,} codings lie"
            return f"{codings} {loss}"
        more = f"more than {LIMIT:,}" if self.n_codings > LIMIT else f"at least {self.n_codings:,}"
        if not np.isfinite(self.estimate):
            return f"{more} codings lie {loss}"
        return f"{more} codings lie {loss} (about {self.estimate:.2g}, estimated from draws)"


def near_optimal(
    solution: Solution, *, within: float = 1.0, limit: int = LIMIT, estimate: bool = True, seed: int = 0
) -> NearOptimal:
    """Count the codings that meet the limits and lose at most `within` against the best one.

    Parameters
    ----------
    solution
        What `solve` returned.
    within
        The greatest loss in log-probability, from 0: 1 keeps codings that are at least 1/e = 37 % as probable.
    limit
        Count exactly up to here.
    estimate
        Beyond the limit, estimate the number from draws; without it the estimate is inf.
    seed
        Seed of these draws.

    Returns
    -------
    NearOptimal
        The number, whether it is exact, and the estimate.

    Raises
    ------
    ValueError
        `within` is below 0 or no number, or `limit` below 1.
    """
    if not 0 <= within < np.inf:
        raise ValueError(f"within must be a number from 0, not {within!r}")
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit!r}")
    nearer, known = 0.0, 0
    # what is too many within less is too many within more, and far fewer cells are open there
    for loss in within * 0.5 ** np.arange(_HALVINGS, -1, -1):
        count, is_exact = count_within(solution, float(loss), limit=limit)
        if not is_exact:
            break
        nearer, known = float(loss), count
    if is_exact:
        return NearOptimal(within, known, True, float(known), 0.0)
    if not estimate or not known:
        return NearOptimal(within, count, False, np.inf, np.inf)
    logarithm, error = estimated_count(solution, within, nearer=nearer, known=known, seed=seed)
    return NearOptimal(within, count, False, float(np.exp(min(logarithm, 709.0))), error)


def count_within(solution: Solution, within: float, *, limit: int) -> tuple[int, bool]:
    """Number of codings that lose at most `within`, and whether that is all of them.

    Notes
    -----
    Prices from the optimal dual solution split the loss of any coding into parts that are never negative: one for each
    cell that differs from the best coding, one for each quote and each theme whose number of codings differs from a
    binding bound. The cells that can differ at all (their regret is small enough) are decided one after another, and a
    partial coding is given up when its loss and the least that its quotes, or its theme, must still lose exceed
    `within`. What remains at the end is counted, not estimated.
    """
    task = _Task.of(solution, within)
    stack = [task.empty()]
    together = max(_TOGETHER // max(len(task.known_quote), 1), 100)
    found = steps = 0
    while stack and found <= limit and steps <= _MOST_STEPS:
        partial = stack.pop()
        if partial.depth == len(task.cells):
            found += len(partial.loss)
        elif len(partial.loss) > together:
            stack += partial.split()
        else:
            steps += 2 * len(partial.loss)
            stack.append(task.extended(partial))
    return (found, True) if not stack and found <= limit else (min(found, limit + 1), False)


@dataclass(frozen=True, slots=True, eq=False)
class _Partial:
    """Codings that are decided up to a cell."""

    depth: int
    loss: Floats  # so far, one a coding
    quotes_left: Floats  # the least that all quotes must still lose
    n_themes: npt.NDArray[np.int16]  # codings x quotes that can differ
    n_quotes: npt.NDArray[np.int32]  # coded cells of the theme that is being decided

    def split(self) -> list[_Partial]:
        half = len(self.loss) // 2
        return [self.at(slice(half)), self.at(slice(half, None))]

    def at(self, chosen: slice | Bools) -> _Partial:
        return _Partial(
            self.depth, self.loss[chosen], self.quotes_left[chosen], self.n_themes[chosen], self.n_quotes[chosen]
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """What is the same for all partial codings: the cells that can differ, and bounds on what must still be lost."""

    within: float
    cells: Ints  # open cells x 2: quote (among those that can differ), theme
    cost: Floats  # open cells x 2: loss when the cell is not coded, and when it is
    known_quote: Ints  # coded cells of each quote outside the open ones
    known_theme: Ints  # the same for each theme
    quote_before: Floats  # open cells x numbers of themes: the least that the cell's quote must lose from it on
    quote_after: Floats  # the same without the cell itself
    theme_after: Floats  # open cells x numbers of quotes: the least that its theme must still lose after it

    @classmethod
    def of(cls, solution: Solution, within: float) -> _Task:
        problem, best = solution.problem, solution.best
        budget = within + TOLERANCE
        is_open = solution.regret <= budget
        by_quote, by_theme = potentials(problem, best)
        quotes = np.flatnonzero(is_open.any(axis=1))
        theme, place = np.nonzero(is_open[quotes].T)
        cells = np.column_stack([place, theme])
        reduced = (problem.weights - by_quote[:, None] - by_theme)[quotes][place, theme]
        cost = np.maximum(np.column_stack([reduced, -reduced]), 0.0)
        known = best & ~is_open
        limits = problem.limits
        ends = _ends(by_quote, best.sum(axis=1), limits.min_themes, limits.max_themes, len(problem.themes))
        before, after = _left(place, cost, ends[quotes])
        ends = _ends(by_theme, best.sum(axis=0), limits.min_quotes, limits.max_quotes, len(problem.quotes))
        theme_after = _left(theme, cost, ends)[1]
        return cls(budget, cells, cost, known[quotes].sum(axis=1), known.sum(axis=0), before, after, theme_after)

    def empty(self) -> _Partial:
        """The coding of which nothing is decided."""
        themes, quotes = self.known_quote[None].astype(np.int16), np.array([self._known(0)], dtype=np.int32)
        return _Partial(0, np.zeros(1), np.zeros(1), themes, quotes)

    def extended(self, partial: _Partial) -> _Partial:
        """Both ways to decide the next cell, where the loss can still stay within the budget."""
        place, depth = partial.depth, partial.depth + 1
        quote, theme = self.cells[place]
        n_themes = np.concatenate([partial.n_themes, partial.n_themes])
        before = n_themes[:, quote].copy()
        n_themes[len(partial.loss) :, quote] += 1
        n_quotes = np.concatenate([partial.n_quotes, partial.n_quotes + 1])
        loss = (partial.loss + self.cost[place][:, None]).ravel()
        quotes_left = np.tile(partial.quotes_left, 2)
        quotes_left += self.quote_after[place, n_themes[:, quote]] - self.quote_before[place, before]
        theme_left = self.theme_after[place, n_quotes]
        if depth == len(self.cells) or self.cells[depth, 1] != theme:
            # the theme is decided: what its total loses is certain now
            loss, theme_left = loss + theme_left, 0.0
            n_quotes = np.full(len(loss), self._known(depth), dtype=np.int32)
        extended = _Partial(depth, loss, quotes_left, n_themes, n_quotes)
        return extended.at(loss + np.maximum(quotes_left, theme_left) <= self.within)

    def _known(self, place: int) -> int:
        """Coded cells of the theme of an open cell that are coded whatever is decided."""
        return int(self.known_theme[self.cells[place, 1]]) if place < len(self.cells) else 0


def _ends(price: Floats, best: Ints, low: Ints, high: Ints, most: int) -> Floats:
    """Rows (or columns) x numbers of codings: what ending with that number loses; inf beyond the bounds."""
    number = np.arange(most + 2)
    lost = np.maximum(price[:, None] * (best[:, None] - number), 0.0)
    return np.where((number >= low[:, None]) & (number <= high[:, None]), lost, np.inf)


def _left(line: Ints, cost: Floats, ends: Floats) -> tuple[Floats, Floats]:
    """Least loss of each cell's row (or column) from the cell on, and after it, by the number of codings by then."""
    left = ends.copy()
    before, after = np.empty((2, len(line), ends.shape[1]))
    for place in range(len(line) - 1, -1, -1):
        after[place] = left[line[place]]
        coded = np.r_[after[place, 1:], np.inf]
        before[place] = np.minimum(cost[place, 0] + after[place], cost[place, 1] + coded)
        left[line[place]] = before[place]
    return before, after

"""Whether any coding meets the totals, and if not, every reason why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from expert_roundup.coding.faults import MAX_LISTED
from expert_roundup.coding.reconstruction.model import Bools, Ints, Problem


def check_feasible(problem: Problem) -> Problem:
    """Return the problem when some coding meets all its limits.

    Raises
    ------
    ValueError
        No coding does. One sentence names every reason: sums that cannot meet, totals above the number of quotes,
        known cells that contradict a bound; where none of these holds, the themes (or quotes) that together ask for
        more codings than there is room for.

    Notes
    -----
    The last reason is complete: bounds on rows, columns and cells can be met exactly when no set of themes asks for
    more than the quotes can take and no set of quotes asks for more than the themes can give [1]_.

    References
    ----------
    .. [1] A. J. Hoffman (1960), Some recent applications of the theory of linear inequalities to extremal
       combinatorial analysis, Proceedings of Symposia in Applied Mathematics 10, 113-127.
    """
    reasons = _plain_reasons(problem) or _crowded(problem)
    if reasons:
        raise ValueError(f"published tally: no coding can meet it: {'; '.join(reasons)}")
    return problem


def _plain_reasons(problem: Problem) -> list[str]:
    return [*_sums(problem), *_single_themes(problem), *_single_quotes(problem)]


def _sums(problem: Problem) -> list[str]:
    limits, n = problem.limits, len(problem.quotes)
    low, high = int(limits.min_quotes.sum()), int(limits.max_quotes.sum())
    need, room = int(limits.min_themes.sum()), int(limits.max_themes.sum())
    reasons = []
    if high < need:
        reasons.append(f"the totals add up to {high}, but {n} quotes need at least {need} themes in all")
    if low > room:
        reasons.append(f"the totals add up to {low}, but {n} quotes take at most {room} themes in all")
    return reasons


def _single_themes(problem: Problem) -> list[str]:
    limits, n = problem.limits, len(problem.quotes)
    known = limits.is_fixed_coded.sum(axis=0)
    possible = n - (limits.is_fixed & ~limits.is_fixed_coded).sum(axis=0)
    names, low, high = problem.themes, limits.min_quotes, limits.max_quotes
    return [
        *_each(low > n, lambda j: f"{names[j]} is published for {low[j]} quotes, but there are {n}"),
        *_each(known > high, lambda j: f"{names[j]} is fixed at {known[j]} quotes, but its total is {high[j]}"),
        *_each(
            (low <= n) & (possible < low),
            lambda j: f"{names[j]} has a total of {low[j]}, but is fixed as not coded at all but {possible[j]} quotes",
        ),
    ]


def _single_quotes(problem: Problem) -> list[str]:
    limits, m = problem.limits, len(problem.themes)
    known = limits.is_fixed_coded.sum(axis=1)
    possible = m - (limits.is_fixed & ~limits.is_fixed_coded).sum(axis=1)
    names, low, high = problem.quotes, limits.min_themes, limits.max_themes
    return [
        *_each(low > m, lambda i: f"{names[i]} needs at least {low[i]} themes, but there are {m}"),
        *_each(known > high, lambda i: f"{names[i]} has {known[i]} fixed themes, but takes at most {high[i]}"),
        *_each(
            (low <= m) & (possible < low),
            lambda i: f"{names[i]} needs at least {low[i]} themes, but fixed cells leave it {possible[i]}",
        ),
    ]


def _each(is_bad: Bools, describe: object) -> list[str]:
    assert callable(describe)
    places = np.flatnonzero(is_bad)
    reasons = [str(describe(int(place))) for place in places[:MAX_LISTED]]
    return reasons + ([f"and {len(places) - MAX_LISTED} more like these"] if len(places) > MAX_LISTED else [])


def _crowded(problem: Problem) -> list[str]:
    """Themes that ask for more than the quotes take, or quotes that ask for more than the themes give."""
    limits = problem.limits
    open_or_coded, coded = ~limits.is_fixed | limits.is_fixed_coded, limits.is_fixed_coded
    themes = _asking_too_much(limits.min_quotes, limits.max_themes, open_or_coded.T, coded.T)
    if themes is not None:
        names, asked, room = _named(problem.themes, themes[0]), themes[1], themes[2]
        return [f"{names} ask for {asked} codings together, but the quotes that are open to them have room for {room}"]
    quotes = _asking_too_much(limits.min_themes, limits.max_quotes, open_or_coded, coded)
    if quotes is not None:
        names, asked, room = _named(problem.quotes, quotes[0]), quotes[1], quotes[2]
        return [f"{names} need {asked} themes together, but the themes that are open to them have room for {room}"]
    return []


def _asking_too_much(asked: Ints, room: Ints, can_be: Bools, must_be: Bools) -> tuple[Ints, int, int] | None:
    """Askers (rows) whose least demand exceeds what the givers (columns) have room for; None when there are none.

    A linear programme places as many of the asked units as possible; where some stay unplaced, its dual values mark
    the askers that share the bottleneck (they are 0 or 1, because the matrix is totally unimodular).
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, eye_array, hstack, vstack

    n, m = can_be.shape
    cell = np.arange(n * m)
    ones = np.ones(n * m)
    by_asker = coo_array((ones, (cell // m, cell)), shape=(n, n * m))
    by_giver = coo_array((ones, (cell % m, cell)), shape=(m, n * m))
    unplaced = hstack([-by_asker, -eye_array(n)])
    filled = hstack([by_giver, coo_array((m, n))])
    bounds = np.column_stack([np.r_[must_be.ravel(), np.zeros(n)], np.r_[can_be.ravel(), np.full(n, np.inf)]])
    found = linprog(
        np.r_[np.zeros(n * m), np.ones(n)],
        A_ub=vstack([unplaced, filled]).tocsr(),
        b_ub=np.r_[-asked, room],
        bounds=bounds,
        method="highs-ds",
    )
    assert found.status == 0
    if found.fun < 0.5:
        return None
    askers = np.flatnonzero(found.ineqlin.marginals[:n] < -0.5)
    # what a giver has left for these askers, once the known cells of the others are served
    given = np.minimum(can_be[askers].sum(axis=0), room - np.delete(must_be, askers, axis=0).sum(axis=0))
    return askers, int(asked[askers].sum()), int(given.sum())


def _named(names: Sequence[str], places: Ints) -> str:
    chosen = [names[place] for place in places]
    if len(chosen) > MAX_LISTED:
        return f"{', '.join(chosen[:MAX_LISTED])} and {len(chosen) - MAX_LISTED} more"
    return " and ".join([*([", ".join(chosen[:-1])] if chosen[1:] else []), chosen[-1]])

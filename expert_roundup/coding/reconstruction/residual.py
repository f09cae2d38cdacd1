"""What changing a coding costs: shortest paths through the residual graph of the transport problem.

A coding is a flow: one unit runs from its theme to its quote for every coded cell, and bounds on totals and on themes a
quote are arcs to and from an outside node. Pushing a unit around a cycle of the residual graph gives another coding
that meets every limit, and the length of the cycle is what the coding loses. There are far fewer themes than quotes, so
the quotes are folded away: from theme j to theme k one goes by the quote where coding j and dropping k costs least.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from expert_roundup.coding.reconstruction.model import Bools, Floats, Ints, Problem

# a cycle shorter than this is a gain, one between the two is a rounding error
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """The residual graph of one coding, folded onto the themes; the last node is the outside."""

    turn_on: Floats  # quotes x themes: what coding the cell costs; inf where it is coded or known
    turn_off: Floats  # quotes x themes: what dropping the cell costs; inf where it is not coded or known
    may_grow: Bools  # quotes that may take one theme more
    may_shrink: Bools  # quotes that may lose one theme
    arcs: Floats  # (themes + 1) squared: cheapest step from theme to theme
    quote: Ints  # the same shape: by which quote that step goes; -1 for a change of the theme's own total


def residual(problem: Problem, coding: Bools) -> Residual:
    """Build the residual graph of a coding that meets all limits of the problem."""
    weights, limits = problem.weights, problem.limits
    turn_on = np.where(coding | limits.is_fixed, np.inf, -weights)
    turn_off = np.where(coding & ~limits.is_fixed, weights, np.inf)
    n_themes, n_quotes = coding.sum(axis=1), coding.sum(axis=0)
    may_grow, may_shrink = n_themes < limits.max_themes, n_themes > limits.min_themes
    m = len(problem.themes)
    arcs, quote = np.full((m + 1, m + 1), np.inf), np.full((m + 1, m + 1), -1, dtype=np.intp)
    # one more column for the outside: a quote that may grow passes the unit on at no cost
    leave = np.column_stack([turn_off, np.where(may_grow, 0.0, np.inf)])
    enter = np.column_stack([turn_on, np.where(may_shrink, 0.0, np.inf)])
    for start in range(m + 1):
        steps = enter[:, start, None] + leave
        quote[start] = steps.argmin(axis=0)
        arcs[start] = steps[quote[start], np.arange(m + 1)]
    own = np.where(n_quotes > limits.min_quotes, 0.0, np.inf), np.where(n_quotes < limits.max_quotes, 0.0, np.inf)
    for places, cost in (((slice(m), m), own[0]), ((m, slice(m)), own[1])):
        quote[places] = np.where(cost < arcs[places], -1, quote[places])
        arcs[places] = np.minimum(arcs[places], cost)
    np.fill_diagonal(arcs, 0.0)
    return Residual(turn_on, turn_off, may_grow, may_shrink, arcs, quote)


def shortest_paths(arcs: Floats) -> tuple[Floats, Ints]:
    """Length of the shortest path from every node to every other, and its first step (Floyd and Warshall [1]_).

    References
    ----------
    .. [1] R. W. Floyd (1962), Algorithm 97: Shortest path, Communications of the ACM 5 (6), 345.
    """
    length = arcs.copy()
    step = np.tile(np.arange(len(arcs)), (len(arcs), 1))
    for node in range(len(arcs)):
        by_node = length[:, node, None] + length[node]
        # a rounding error is no shorter path: without this, cycles of length 0 would seem to be gains
        is_shorter = by_node < length - TOLERANCE / 100
        length = np.where(is_shorter, by_node, length)
        step = np.where(is_shorter, step[:, node, None], step)
        if (np.diagonal(length) < -TOLERANCE).any():
            break  # a gain was found, and lengths beyond it mean nothing
    return length, step


def improved(problem: Problem, coding: Bools) -> Bools:
    """Push units around cycles of negative length until there is none: then no coding is better (Klein [1]_).

    References
    ----------
    .. [1] M. Klein (1967), A primal method for minimal cost flows, Management Science 14 (3), 205-220.
    """
    while True:
        graph = residual(problem, coding)
        length, step = shortest_paths(graph.arcs)
        gains = np.flatnonzero(np.diagonal(length) < -TOLERANCE)
        if not len(gains):
            return coding
        coding = _pushed(coding, graph, _cycle(step, int(gains[0])))


def _cycle(step: Ints, start: int) -> list[int]:
    """Nodes of the cycle that the first steps from `start` back to `start` run into, each once."""
    seen: list[int] = []
    node = start
    while node not in seen:
        seen.append(node)
        node = int(step[node, start])
    return seen[seen.index(node) :]


def _pushed(coding: Bools, graph: Residual, cycle: list[int]) -> Bools:
    changed, m = coding.copy(), coding.shape[1]
    for here, there in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
        quote = graph.quote[here, there]
        if quote >= 0 and here < m:
            changed[quote, here] = True
        if quote >= 0 and there < m:
            changed[quote, there] = False
    return changed


def regrets(problem: Problem, coding: Bools) -> Floats:
    """What the best coding loses when a cell must be the other way round, for every cell.

    Parameters
    ----------
    problem
        What was solved.
    coding
        A best coding of it.

    Returns
    -------
    ndarray
        Quotes x themes, in units of log-probability, from 0; inf where no coding that meets the limits has the cell
        the other way round.

    Notes
    -----
    Flipping a cell moves a unit from its theme to its quote or back; the shortest path through the residual graph
    closes the cycle at the least cost, so that the best coding with the flipped cell is found without solving again.
    """
    graph = residual(problem, coding)
    length, _ = shortest_paths(graph.arcs)
    assert (np.diagonal(length) >= -TOLERANCE).all(), "the coding is not the best one"
    m = coding.shape[1]
    back = np.where(graph.may_grow[:, None], length[m, :m], np.inf)
    forth = np.where(graph.may_shrink[:, None], length[:m, m], np.inf)
    for theme in range(m):
        back = np.minimum(back, graph.turn_off[:, theme, None] + length[theme, :m])
        forth = np.minimum(forth, graph.turn_on[:, theme, None] + length[:m, theme])
    lost = np.where(coding, graph.turn_off + forth, graph.turn_on + back)
    return np.asarray(np.maximum(lost, 0.0).round(9))


def potentials(problem: Problem, coding: Bools) -> tuple[Floats, Floats]:
    """Prices under which every cell of a best coding pays for itself: one a quote, one a theme.

    Returns
    -------
    tuple of ndarray
        Price of each quote and of each theme: weight - quote's price - theme's price is at least 0 where a cell is
        coded and at most 0 where it is not (known cells aside). A price above 0 says that the upper bound binds, one
        below 0 that the lower bound does.
    """
    graph = residual(problem, coding)
    length, _ = shortest_paths(graph.arcs)
    m = coding.shape[1]
    theme = np.minimum(length.min(axis=0), 0.0)
    outside = theme[m]
    # a quote lies between what its incoming arcs allow at most and its outgoing arcs ask for at least
    most = np.minimum((theme[:m] + graph.turn_on).min(axis=1), np.where(graph.may_shrink, outside, np.inf))
    least = np.maximum((theme[:m] - graph.turn_off).max(axis=1), np.where(graph.may_grow, outside, -np.inf))
    quote = np.where(np.isfinite(most), most, np.where(np.isfinite(least), least, outside))
    return outside - quote, theme[:m] - outside

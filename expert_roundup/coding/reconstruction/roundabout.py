"""Moves beyond the deal of two quotes: single flips where totals may be off, and roundabouts where cells are known.

With totals that carry an error, the number of coded cells itself varies. With known cells, some codings are reached
only by an exchange among three or more quotes and themes at once.
"""

from __future__ import annotations

import numpy as np

from expert_roundup.coding.reconstruction.dealing import Chains
from expert_roundup.coding.reconstruction.limits import Limits
from expert_roundup.coding.reconstruction.model import Bools, Floats, Ints

# a unit that has not come home after so many steps is put back
_MAX_STEPS = 30


def flip(chains: Chains, weights: Floats, limits: Limits, rng: np.random.Generator) -> None:
    """Draw one cell of every theme anew, each at another quote, where all bounds allow it both ways.

    Notes
    -----
    The cells lie in different rows and columns, so that no bound ties two of them, and each is drawn from its exact
    conditional distribution.
    """
    n, m = weights.shape
    size = min(n, m)
    quote, theme = rng.permutation(n)[:size], rng.permutation(m)[:size]
    coded = chains.coding[:, quote, theme]
    others_quote = chains.n_themes[:, quote] - coded
    others_theme = chains.n_quotes[:, theme] - coded
    is_free = (
        ~limits.is_fixed[quote, theme]
        & (others_quote >= limits.min_themes[quote])
        & (others_quote < limits.max_themes[quote])
        & (others_theme >= limits.min_quotes[theme])
        & (others_theme < limits.max_quotes[theme])
    )
    chance = 1 / (1 + np.exp(-weights[quote, theme]))
    drawn = np.where(is_free, rng.random(coded.shape) < chance, coded)
    chains.coding[:, quote, theme] = drawn
    chains.n_themes[:, quote] = others_quote + drawn
    chains.n_quotes[:, theme] = others_theme + drawn


def roundabout(chains: Chains, weights: Floats, limits: Limits, rng: np.random.Generator) -> None:
    """Send one unit per chain around a random cycle of the residual graph, and keep it where it comes home.

    Notes
    -----
    The unit starts at a theme, is given to a quote, pushes out one of that quote's themes (or leaves to the outside,
    where bounds have room), and goes on from there; each step is proposed with the same probability as its reverse and
    taken by the rule of Metropolis [1]_. While it is under way, one theme is a unit short and the codings are no
    members of the set; those that come home within the limit of steps are, the others are put back. A walk home and
    the same walk backwards are equally long and balanced, so the distribution stays as it is: the worm of Prokof'ev
    and Svistunov [2]_. Every cycle can be walked, so that with these moves every coding is reached.

    References
    ----------
    .. [1] N. Metropolis et al. (1953), Equation of state calculations by fast computing machines, The Journal of
       Chemical Physics 21, 1087-1092.
    .. [2] N. Prokof'ev and B. Svistunov (2001), Worm algorithms for classical statistical models, Physical Review
       Letters 87, 160601.
    """
    n_chains, _, m = chains.coding.shape
    home: Ints = np.asarray(rng.integers(m, size=n_chains), dtype=np.intp)
    alive: Ints = np.arange(n_chains)
    at = home.copy()
    walkers = Chains(chains.coding.copy(), chains.n_themes.copy(), chains.n_quotes.copy())
    for _ in range(_MAX_STEPS):
        at[alive] = _step(walkers, alive, at[alive], weights, limits, rng)
        came_home = alive[at[alive] == home[alive]]
        for kept, moved in (
            (chains.coding, walkers.coding),
            (chains.n_themes, walkers.n_themes),
            (chains.n_quotes, walkers.n_quotes),
        ):
            kept[came_home] = moved[came_home]
        alive = alive[at[alive] != home[alive]]
        if not len(alive):
            return


def _step(walkers: Chains, chain: Ints, at: Ints, weights: Floats, limits: Limits, rng: np.random.Generator) -> Ints:
    """Move the unit of every chain named by one step where it is accepted; return where it is then."""
    _, n, m = walkers.coding.shape
    direct = np.zeros(len(chain), dtype=bool) if limits.is_exact else rng.random(len(chain)) < 0.5
    quote = rng.integers(n, size=len(chain))
    is_outside = at == m
    # by a quote: a theme of that quote is pushed out, or, from inside, the unit leaves to the outside
    rank = (rng.random(len(chain)) * (walkers.n_themes[chain, quote] + ~is_outside)).astype(np.intp)
    towards = _nth_theme(walkers.coding[chain, quote], rank)
    # by a change of the theme's own total, to or from the outside
    towards = np.where(direct, np.where(is_outside, rng.integers(m + 1, size=len(chain)), m), towards)
    leaves = ~direct | is_outside | (rng.random(len(chain)) * (m + 1) < 1)
    is_possible = (towards != at) & leaves & _bounds_allow(walkers, chain, at, towards, quote, direct, limits)
    gain = np.where(direct, 0.0, _of(weights, quote, at) - _of(weights, quote, towards))
    taken = np.flatnonzero(is_possible & (np.log1p(-rng.random(len(chain))) < gain))
    _push(walkers, chain[taken], at[taken], towards[taken], quote[taken], direct[taken])
    moved = at.copy()
    moved[taken] = towards[taken]
    return moved


def _nth_theme(coding: Bools, rank: Ints) -> Ints:
    """Coded theme of that rank in every row; beyond the last, the number of themes, which stands for the outside."""
    reached = coding.cumsum(axis=1) > rank[:, None]
    return np.asarray(np.where(reached[:, -1], reached.argmax(axis=1), coding.shape[1]))


def _of(weights: Floats, quote: Ints, theme: Ints) -> Floats:
    """Weight of the cell, 0 at the outside."""
    inside = np.minimum(theme, weights.shape[1] - 1)
    return np.where(theme < weights.shape[1], weights[quote, inside], 0.0)


def _bounds_allow(
    walkers: Chains, chain: Ints, at: Ints, towards: Ints, quote: Ints, direct: Bools, limits: Limits
) -> Bools:
    m = walkers.coding.shape[2]
    here, there = np.minimum(at, m - 1), np.minimum(towards, m - 1)
    n_themes, n_quotes = walkers.n_themes[chain, quote], walkers.n_quotes
    is_open = ~limits.is_fixed
    may_enter = np.where(
        at < m, ~walkers.coding[chain, quote, here] & is_open[quote, here], n_themes > limits.min_themes[quote]
    )
    may_leave = np.where(
        towards < m, walkers.coding[chain, quote, there] & is_open[quote, there], n_themes < limits.max_themes[quote]
    )
    may_change_total = np.where(
        at < m,
        n_quotes[chain, here] > limits.min_quotes[here],
        (towards < m) & (n_quotes[chain, there] < limits.max_quotes[there]),
    )
    return np.asarray(np.where(direct, may_change_total, may_enter & may_leave))


def _push(walkers: Chains, chain: Ints, at: Ints, towards: Ints, quote: Ints, direct: Bools) -> None:
    m = walkers.coding.shape[2]
    for theme, change in ((at, 1), (towards, -1)):
        by_quote = ~direct & (theme < m)
        walkers.coding[chain[by_quote], quote[by_quote], theme[by_quote]] = change > 0
        walkers.n_themes[chain[by_quote], quote[by_quote]] += change
        by_total = direct & (theme < m)
        # a theme that gives up its unit to the outside has a total one lower, one that takes it one higher
        walkers.n_quotes[chain[by_total], theme[by_total]] -= change

"""The main move of the sampler: two quotes deal the themes in which they differ anew.

Two moves are enough to reach every coding that meets exact totals: within a theme a coded and an uncoded quote change
places, and between two themes two quotes swap crosswise. Both happen between two quotes. So all such moves of a pair
are made at once: each theme that exactly one of the two has goes to either of them, drawn from the exact conditional
distribution, bounds kept. Half as many pairs as there are quotes are dealt at a time, in all chains together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from expert_roundup.coding.reconstruction.limits import Limits
from expert_roundup.coding.reconstruction.model import Bools, Floats, Ints


@dataclass(slots=True, eq=False)
class Chains:
    """Codings of many chains, moved in place."""

    coding: npt.NDArray[np.bool_]  # chains x quotes x themes
    n_themes: Ints  # chains x quotes
    n_quotes: Ints  # chains x themes

    @classmethod
    def at(cls, codings: Bools, n_chains: int) -> Chains:
        """Start `n_chains` chains at each of the codings (codings x quotes x themes)."""
        every = np.repeat(codings, n_chains, axis=0)
        return cls(every, every.sum(axis=2, dtype=np.intp), every.sum(axis=1, dtype=np.intp))

    def part(self, chosen: slice) -> Chains:
        """Some of the chains; moving them moves these."""
        return Chains(self.coding[chosen], self.n_themes[chosen], self.n_quotes[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """What lies on the table: for every pair of quotes with a difference, the themes that only one of them has.

    Places count through flattened arrays, which numpy reaches much faster than by several indices.
    """

    pair: Ints  # one a differing cell: its pair
    slot: Ints  # its place among the cells of that pair
    chain: Ints  # where the cells of its chain begin
    first: Ints  # place of the cell in quotes x themes, at the first quote
    second: Ints
    n_slots: Ints  # one a pair, the fullest pairs first
    pair_chain: Ints  # where the quotes of its chain begin
    pair_first: Ints
    pair_second: Ints


def deal(chains: Chains, odds: Floats, limits: Limits, rng: np.random.Generator) -> None:
    """Pair all quotes at random and deal the themes of every pair anew, in every chain.

    Parameters
    ----------
    chains
        Moved in place.
    odds
        Quotes x themes: exponential of the weights.
    limits
        Bounds of themes a quote, and cells that stay as they are.
    rng
        Source of everything random.

    Notes
    -----
    The pairs do not depend on the codings, and each pair is drawn from its exact conditional distribution: a block
    Gibbs step, so the distribution exp(sum of weights) stays as it is. It is the trade of two rows of Verhelst [1]_
    with weights, and with bounds in place of exact row sums. The number of ways to give k of the differing themes to
    the first quote is an elementary symmetric polynomial of the odds, built theme by theme.

    References
    ----------
    .. [1] N. D. Verhelst (2008), An efficient MCMC algorithm to sample binary matrices with fixed marginals,
       Psychometrika 73 (4), 705-728.
    """
    n = chains.coding.shape[1]
    order = rng.permutation(n)
    table = _laid_out(chains, order[: n // 2], order[n // 2 : n // 2 * 2], ~limits.is_fixed)
    if not len(table.n_slots):
        return
    coding, n_themes, odds = chains.coding.reshape(-1), chains.n_themes.reshape(-1), odds.reshape(-1)
    ratio = np.zeros((table.n_slots[0], len(table.n_slots)))
    ratio[table.slot, table.pair] = odds[table.first] / odds[table.second]
    first, second = table.pair_chain + table.pair_first, table.pair_chain + table.pair_second
    is_first = coding[table.chain + table.first]
    n_first = np.bincount(table.pair, weights=is_first, minlength=len(table.n_slots)).astype(np.intp)
    # themes that stay where they are: those that both quotes have, and known ones
    rest_first, rest_second = n_themes[first] - n_first, n_themes[second] - (table.n_slots - n_first)
    fewest = np.maximum(
        limits.min_themes[table.pair_first] - rest_first,
        table.n_slots + rest_second - limits.max_themes[table.pair_second],
    )
    most = np.minimum(
        limits.max_themes[table.pair_first] - rest_first,
        table.n_slots + rest_second - limits.min_themes[table.pair_second],
    )
    goes_first, n_given = _drawn(ratio, table.n_slots, fewest, most, n_first, rng)
    given = goes_first[table.slot, table.pair]
    coding[table.chain + table.first] = given
    coding[table.chain + table.second] = ~given
    n_themes[first] = rest_first + n_given
    n_themes[second] = rest_second + table.n_slots - n_given


def _laid_out(chains: Chains, first: Ints, second: Ints, is_open: Bools) -> _Table:
    n_chains, n, m = chains.coding.shape
    differs = chains.coding[:, first] != chains.coding[:, second]
    differs &= is_open[first] & is_open[second]
    cell = np.flatnonzero(differs)
    pair = cell // m
    n_slots = np.bincount(pair, minlength=n_chains * len(first))
    begin = np.cumsum(n_slots) - n_slots
    # the fullest pairs first, so that slot s concerns a leading part of the pairs only; short integers sort fastest
    fullest = np.argsort(-n_slots.astype(np.int16), kind="stable")[: np.count_nonzero(n_slots)]
    place = np.empty(len(n_slots), dtype=np.intp)
    place[fullest] = np.arange(len(fullest))
    pairs_a_chain = max(len(first), 1)
    chain, theme = pair // pairs_a_chain, cell - pair * m
    within = pair - chain * pairs_a_chain
    pair_chain, pair_within = np.divmod(fullest, pairs_a_chain)
    return _Table(
        place[pair], np.arange(len(cell)) - begin[pair], chain * (n * m), (first * m)[within] + theme,
        (second * m)[within] + theme, n_slots[fullest], pair_chain * n, first[pair_within], second[pair_within],
    )  # fmt: skip


def _drawn(
    ratio: Floats, n_slots: Ints, fewest: Ints, most: Ints, now: Ints, rng: np.random.Generator
) -> tuple[Bools, Ints]:
    """Which slots go to the first quote of each pair (slots x pairs), and how many."""
    slots, pairs = ratio.shape
    concerned = np.searchsorted(-n_slots, -np.arange(slots), side="left")  # pairs with more than s slots
    # ways[s][k + 1]: weight of giving k of the first s slots to the first quote; row 0 is 0, for k = -1
    ways = np.zeros((slots + 1, min(int(most.max()), slots) + 2, pairs))
    ways[0, 1] = 1.0
    for slot in range(slots):
        end = concerned[slot]
        here, there = ways[slot], ways[slot + 1]
        np.multiply(here[:-1, :end], ratio[slot, :end], out=there[1:, :end])
        there[1:, :end] += here[1:, :end]
        # only ratios within one slot's row matter below, so every row may be scaled: no overflow
        there[1:, :end] /= there[1:, :end].max(axis=0)
        there[1:, end:] = here[1:, end:]
    number = np.arange(ways.shape[1] - 1)[:, None]
    share = np.where((number >= fewest) & (number <= most), ways[slots, 1:], 0.0).cumsum(axis=0)
    chance = rng.random((slots + 1, pairs))
    given = (share <= chance[slots] * share[-1]).sum(axis=0)
    left = np.where(share[-1] > 0, given, now)
    n_given = left.copy()
    goes_first = np.zeros((slots, pairs), dtype=bool)
    column = np.arange(pairs)
    for slot in range(slots - 1, -1, -1):
        end = concerned[slot]
        flat, place = ways[slot].reshape(-1), left[:end] * pairs + column[:end]
        to_first = ratio[slot, :end] * flat[place]
        goes_first[slot, :end] = chance[slot, :end] * (to_first + flat[place + pairs]) < to_first
        left[:end] -= goes_first[slot, :end]
    return goes_first, n_given

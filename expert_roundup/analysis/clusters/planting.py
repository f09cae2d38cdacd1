"""Power: how strong a structure would have to be before quotes as few and as short as these could show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.co_assignment import KS
from expert_roundup.analysis.clusters.permutations import corrected_p
from expert_roundup.analysis.clusters.shuffles import LINKAGES, Deal, deal_of, pool, search_contrasts
from expert_roundup.analysis.clusters.threads import one_thread
from expert_roundup.analysis.clusters.wording import Wording

Array = np.ndarray[Any, Any]

#: shares of its uses that a topic's word keeps to the quotes of the topic
STRENGTHS = (0.2, 0.4, 0.6, 0.8)


@one_thread()
def power(
    wording: Wording,
    *,
    n_topics: int = 5,
    n_words: int = 20,
    strengths: Sequence[float] = STRENGTHS,
    n_simulations: int = 100,
    n_shuffles: int = 999,
    seed: int = 0,
    progress: bool = False,
) -> pd.DataFrame:
    """Plant topics into the shuffled words of these quotes and count how often `structure` finds them.

    Parameters
    ----------
    wording
        The quotes; lengths, languages and totals of every word stay as they are.
    n_topics
        Groups the quotes are dealt into at random.
    n_words
        Words of its own that each topic gets, from the most frequent ones of each language.
    strengths
        Shares of the uses of a topic's words that fall into its own quotes; the other uses fall anywhere.
    n_simulations
        Data sets per strength.
    n_shuffles, seed
        Of the null reference, which is the one of `structure`, and of the simulations.
    progress
        Show a bar on standard error.

    Returns
    -------
    DataFrame
        One row per strength: strength, n_topics, n_words, share_found (simulations with a corrected p of at most
        .05), n_simulations. Empty where fewer than four quotes can be compared.
    """
    deal = deal_of(wording)
    search = [(algorithm, k) for algorithm in LINKAGES for k in KS if k < deal.n_quotes]
    columns = ["strength", "n_topics", "n_words", "share_found", "n_simulations"]
    if not search or np.isnan(search_contrasts(deal.cells(deal.tokens), deal.languages, search)).all():
        return pd.DataFrame(columns=columns)
    reference = pool(deal, search, null="tokens", n_shuffles=n_shuffles, seed=seed, progress=progress)
    rng = np.random.default_rng(seed + 1)
    rows = []
    for strength in strengths:
        found = 0
        for _ in range(n_simulations):
            cells = deal.cells(planted(deal, strength, rng, n_topics=n_topics, n_words=n_words))
            values = np.nan_to_num(search_contrasts(cells, deal.languages, search))
            found += bool(corrected_p(values, reference)[1].min() <= 0.05)
        rows.append((strength, n_topics, n_words, found / max(n_simulations, 1), n_simulations))
    return pd.DataFrame(rows, columns=columns)


def planted(deal: Deal, strength: float, rng: np.random.Generator, *, n_topics: int, n_words: int) -> Array:
    """Deal the tokens so that a share of each topic's words falls into its own quotes; every total stays as it is."""
    tokens = np.empty_like(deal.tokens)
    for block in deal.blocks:
        quotes = np.unique(deal.slots[block])
        topic_of = np.full(deal.n_quotes, -1)
        topic_of[rng.permutation(quotes)] = np.arange(len(quotes)) % n_topics
        words = deal.tokens[block]
        totals = np.bincount(words, minlength=deal.n_terms + 1)[: deal.n_terms]
        frequent = [term for term in np.argsort(-totals, kind="stable")[: n_topics * n_words] if totals[term] >= 2]
        topic = np.full(deal.n_terms + 1, -1)
        topic[frequent] = rng.permutation(len(frequent)) % n_topics
        kept = (topic[words] >= 0) & (rng.random(len(words)) < strength)
        free = np.ones(len(block), dtype=bool)
        left = [words[~kept]]
        for number in range(n_topics):
            mine = rng.permutation(words[kept & (topic[words] == number)])
            room = rng.permutation(np.flatnonzero(topic_of[deal.slots[block]] == number))[: len(mine)]
            tokens[block[room]], free[room] = mine[: len(room)], False
            left.append(mine[len(room) :])
        tokens[block[free]] = rng.permutation(np.concatenate(left))
    return tokens

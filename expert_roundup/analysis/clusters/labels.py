"""Labels: the words that set a cluster apart, kept only where several speakers use them, with how sure each one is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.matrix import count_cells
from expert_roundup.analysis.clusters.wording import Wording

Array = np.ndarray[Any, Any]

_BATCH = 20  # resamples counted in one product


def label_terms(
    wording: Wording,
    clusters: pd.DataFrame,
    *,
    most: int = 8,
    support: int = 2,
    n_resamples: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Name the terms that stand out in each cluster (c-TF-IDF).

    Parameters
    ----------
    wording
        The quotes.
    clusters
        One row per quote: quote_id, cluster (empty: unassigned).
    most
        Terms per cluster.
    support
        Speakers of the cluster that must use a term. Without it, a word that one speaker says eight times outranks a
        word that five speakers say once.
    n_resamples
        Bootstrap samples of the quotes within each cluster, for `share`.
    seed
        Of the resamples.

    Returns
    -------
    DataFrame
        One row per cluster and term, best first: cluster, place (from 1), term, weight, n (times said in the
        cluster), n_quotes, n_speakers (both in the cluster), share (of the resamples in which it is among the first
        `most`). A cluster without supported terms has no rows.

    References
    ----------
    Grootendorst (2022). BERTopic: neural topic modeling with a class-based TF-IDF procedure. arXiv:2203.05794, eq. 2.
    """
    columns = ["cluster", "place", "term", "weight", "n", "n_quotes", "n_speakers", "share"]
    known = clusters.set_index("quote_id")["cluster"].reindex(wording.answers["quote_id"])
    names = sorted(known.dropna().unique())
    cells, terms = count_cells(wording)
    if not names or not len(terms):
        return pd.DataFrame(columns=columns)
    counts = np.zeros(cells.shape)
    counts[cells.rows, cells.columns] = cells.numbers
    member = np.array([(known == name).fillna(False).to_numpy("float64") for name in names])
    speakers = _used_by(counts, pd.factorize(wording.speakers)[0], member)
    candidates = np.flatnonzero((speakers >= support).any(axis=0))
    counts, speakers = counts[:, candidates], speakers[:, candidates]
    allowed = speakers >= support
    sums = member @ counts
    weights = class_tf_idf(sums)
    first = _first(weights, allowed, most)
    rng = np.random.default_rng(seed)
    times = np.zeros(first.shape)
    for start in range(0, n_resamples, _BATCH):
        drawn = [_resampled(member, rng) for _ in range(min(_BATCH, n_resamples - start))]
        for sampled in np.split(np.vstack(drawn) @ counts, len(drawn)):
            times += _first(class_tf_idf(sampled), allowed, most)
    rows = []
    for place, name in enumerate(names):
        here = np.flatnonzero(first[place])
        # of equal ones at the end of the list, the first in code point order
        order = here[np.lexsort((here, -weights[place, here]))][:most]
        for rank, column in enumerate(order, start=1):
            quotes = int((member[place] * (counts[:, column] > 0)).sum())
            said, share = int(sums[place, column]), times[place, column] / max(n_resamples, 1)
            term = terms[candidates[column]]
            rows.append((name, rank, term, weights[place, column], said, quotes, int(speakers[place, column]), share))
    return pd.DataFrame(rows, columns=columns).astype({"term": "str"}).round(10)


def class_tf_idf(sums: Array) -> Array:
    """Weight of each term in each class: share of the class, times ln(1 + mean words a class / times said at all)."""
    lengths = sums.sum(axis=1, keepdims=True)
    overall = sums.sum(axis=0)
    share = np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0)
    rarity = np.log1p(np.divide(lengths.mean(), overall, out=np.zeros_like(overall), where=overall > 0))
    weights: Array = np.round(share * rarity, 12)
    return weights


def _used_by(counts: Array, speakers: Array, member: Array) -> Array:
    """Number of speakers of each class (row) that use each term (column)."""
    used = np.zeros((len(member), counts.shape[1]), dtype=np.int64)
    for speaker in np.unique(speakers):
        mine = speakers == speaker
        used += (member[:, mine] @ counts[mine]) > 0
    return used


def _first(weights: Array, allowed: Array, most: int) -> Array:
    """Mark the `most` heaviest allowed terms of each class, and any as heavy as the last of them."""
    shown = np.where(allowed, weights, 0.0)
    place = max(shown.shape[1] - most, 0)
    least = np.partition(shown, place, axis=1)[:, place, None]
    marked: Array = (shown >= least) & (shown > 0)
    return marked


def _resampled(member: Array, rng: np.random.Generator) -> Array:
    """Times each quote is drawn when each class draws as many of its quotes as it has, with replacement."""
    drawn = np.zeros_like(member)
    for row, mine in zip(drawn, member, strict=True):
        quotes = np.flatnonzero(mine)
        np.add.at(row, rng.choice(quotes, size=len(quotes)), 1)
    return drawn

"""The search: every partition that a curious reader might try, kept whole, so that no winner is shown alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.information import codes, information
from expert_roundup.analysis.clusters.matrix import similarity
from expert_roundup.analysis.clusters.partitions import ALGORITHMS, SECOND_OPINIONS, partition, silhouette
from expert_roundup.analysis.clusters.permutations import permutations
from expert_roundup.analysis.clusters.threads import one_thread
from expert_roundup.analysis.clusters.wording import Wording

Array = np.ndarray[Any, Any]

#: how the quotes are looked at: as they are, in the most common language alone, and less the mean of their language
VIEWS = ("raw", "one_language", "centred")


@dataclass(frozen=True, slots=True)
class Search:
    """All partitions of one view by one unit."""

    view: str  #: "raw", "one_language" or "centred"
    unit: str  #: "words", "lemmas" or "characters"
    quotes: pd.Index  #: quotes that can be compared in this view
    similarity: Array  #: cosines of these quotes
    settings: tuple[tuple[str, int], ...]  #: algorithm and k of every partition
    partitions: Array  #: one row a setting, one column a quote, groups numbered from 0


@one_thread()
def search_partitions(
    wording: Wording,
    *,
    units: Sequence[str] = ("words", "characters"),
    algorithms: Sequence[str] = ALGORITHMS + SECOND_OPINIONS,
    ks: Iterable[int] = range(2, 13),
) -> tuple[Search, ...]:
    """Make every partition: all views, units, algorithms and k.

    The view "one_language" is left out where there is one language only, and so is every view with fewer than four
    quotes that can be compared.
    """
    wanted = sorted(set(ks))
    found = []
    for view in VIEWS:
        part = wording.only(main_language(wording)) if view == "one_language" else wording
        if view == "one_language" and len(part.answers) == len(wording.answers):
            continue
        for unit in units:
            table = similarity(part, unit=unit, centred=view == "centred")
            placed = np.diagonal(table) > 0
            values = table.to_numpy()[np.ix_(placed, placed)]
            usable = [k for k in wanted if 1 <= k < len(values)]
            if len(values) < 4 or not usable:
                continue
            cut = {algorithm: partition(values, algorithm, usable) for algorithm in algorithms}
            settings = tuple((algorithm, k) for algorithm in algorithms for k in usable)
            labels = np.array([cut[algorithm][k] for algorithm, k in settings])
            found.append(Search(view, unit, table.index[placed], values, settings, labels))
    return tuple(found)


@one_thread()
def grid(
    searches: Sequence[Search],
    wording: Wording,
    *,
    labels: pd.Series | None = None,
    n_permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Show the whole search: each partition and what it shares with language, length, question and labels.

    Parameters
    ----------
    searches
        From `search_partitions`.
    wording
        The quotes.
    labels
        One label per quote, such as its leading theme (index quote_id; quotes without a label are left out there).
    n_permutations
        Permutations of the labels within each language.
    seed
        Of the permutations.

    Returns
    -------
    DataFrame
        One row per view, unit, algorithm and k: view, unit, algorithm, k, n_quotes, smallest, largest (quotes in a
        group), silhouette, and the adjusted mutual information with language, length (thirds), question and labels,
        empty where a confounder has one value only; p_labels and p_corrected (against the largest of the whole
        search).

    Notes
    -----
    The best of several hundred settings agrees well with any labels, shuffled ones too: read p_corrected.
    """
    columns = ["view", "unit", "algorithm", "k", "n_quotes", "smallest", "largest", "silhouette"]
    frames = []
    for search in searches:
        sizes = [np.bincount(row) for row in search.partitions]
        frame = pd.DataFrame(list(search.settings), columns=["algorithm", "k"]).assign(
            view=search.view,
            unit=search.unit,
            n_quotes=len(search.quotes),
            smallest=[int(size.min()) for size in sizes],
            largest=[int(size.max()) for size in sizes],
            silhouette=[silhouette(search.similarity, row) for row in search.partitions],
        )[columns]
        for name, groups in confounders(wording).items():
            frame[name] = shared_information(search, groups)
        frames.append(frame)
    if not frames:
        return pd.DataFrame(columns=[*columns, "language", "length", "question", "labels", "p_labels", "p_corrected"])
    whole = pd.concat(frames, ignore_index=True)
    return whole.assign(**_label_columns(searches, wording, labels, n_permutations, seed)).round(10)


def confounders(wording: Wording) -> dict[str, pd.Series]:
    """What may pass for a theme: language, length in thirds (short, middle, long) and question, index quote_id."""
    answers = wording.answers.set_index("quote_id")
    rank = answers["n_words"].rank(method="average", pct=True)
    thirds = pd.Series(np.where(rank <= 1 / 3, "short", np.where(rank <= 2 / 3, "middle", "long")), index=answers.index)
    return {"language": answers["language"], "length": thirds, "question": answers["question"]}


def main_language(wording: Wording) -> str:
    """The language most quotes are in; of several, the one that comes first on the page."""
    counts = wording.answers["language"].value_counts(sort=False)
    return str(counts.index[int(counts.to_numpy().argmax())])


def shared_information(search: Search, groups: pd.Series, orders: Array | None = None) -> Array:
    """Adjusted mutual information of every partition with `groups`; nan where these have one value only."""
    labels = codes(groups.loc[search.quotes])
    if labels.max() == 0:
        shape = (len(search.partitions),) if orders is None else (len(orders), len(search.partitions))
        return np.full(shape, np.nan)
    return information(search.partitions, labels, orders)


def _label_columns(
    searches: Sequence[Search], wording: Wording, labels: pd.Series | None, n_permutations: int, seed: int
) -> dict[str, Any]:
    """Information shared with the labels, its p-value alone and against the largest of the whole search."""
    empty = np.full(sum(len(search.partitions) for search in searches), np.nan)
    if labels is None:
        return {"labels": empty, "p_labels": empty, "p_corrected": empty}
    known = pd.Index(wording.answers["quote_id"]).intersection(labels.dropna().index, sort=False)
    for search in searches:
        if search.view != "one_language":
            known = known.intersection(search.quotes, sort=False)
    if len(known) < 4 or labels.loc[known].nunique() < 2:
        return {"labels": empty, "p_labels": empty, "p_corrected": empty}
    names = codes(labels.loc[known])
    # one set of permutations serves all views, so that the largest of the search is taken over the same relabellings
    orders = permutations(codes(wording.languages.loc[known]), n_permutations, np.random.default_rng(seed))
    found, shuffled = [], []
    for search in searches:
        here = known[known.isin(search.quotes)]
        place = known.get_indexer(here)
        partitions = np.array([codes(row) for row in search.partitions[:, search.quotes.get_indexer(here)]])
        within = np.searchsorted(place, orders[:, place])
        found.append(information(partitions, codes(names[place])))
        shuffled.append(information(partitions, codes(names[place]), within))
    observed, reference = np.concatenate(found), np.hstack(shuffled)
    return {
        "labels": observed,
        "p_labels": (1 + (reference >= observed).sum(axis=0)) / (1 + n_permutations),
        "p_corrected": (1 + (reference.max(axis=1)[:, None] >= observed).sum(axis=0)) / (1 + n_permutations),
    }

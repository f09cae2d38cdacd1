"""The exploration in one call: confounders first, then consensus, tests and reading aids, all from one seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.co_assignment import (
    ambiguous_share,
    clusters_of,
    consensus,
    consensus_tree,
    tree_cuts,
)
from expert_roundup.analysis.clusters.code_cohesion import cohesion
from expert_roundup.analysis.clusters.confounding import audit
from expert_roundup.analysis.clusters.correlation import indicator_similarity, mantel
from expert_roundup.analysis.clusters.counting import cooccurrence, crosstab
from expert_roundup.analysis.clusters.information import adjusted_mutual_information, adjusted_rand, codes
from expert_roundup.analysis.clusters.labels import label_terms
from expert_roundup.analysis.clusters.matrix import similarity
from expert_roundup.analysis.clusters.partitions import SECOND_OPINIONS
from expert_roundup.analysis.clusters.planting import power
from expert_roundup.analysis.clusters.platforms import platform_indicators, platform_mentions
from expert_roundup.analysis.clusters.scaling import map_of
from expert_roundup.analysis.clusters.search import Search, grid, search_partitions
from expert_roundup.analysis.clusters.shuffles import structure
from expert_roundup.analysis.clusters.typical import examples
from expert_roundup.analysis.clusters.wording import Wording

#: what similarity of wording is measured by
UNITS = ("words", "characters")

#: up to this many quotes every test runs in full; beyond it, fewer permutations and simulations keep it under a minute
FEW = 100


@dataclass(frozen=True, slots=True)
class Exploration:
    """Everything the exploration found; `verdicts` puts it into sentences."""

    wording: Wording  #: the quotes
    runs: int  #: clusterings behind the consensus
    audit: pd.DataFrame  #: confounders, raw, in one language and centred
    grid: pd.DataFrame  #: the whole search
    structure: pd.DataFrame  #: against shuffled words
    repeats: pd.DataFrame  #: against words whose repeats stay together; only where `structure` finds something
    consensus: pd.DataFrame  #: share of runs in which two quotes were together
    ambiguous: float  #: share of ambiguous pairs
    tree: pd.DataFrame  #: joins of the consensus
    cuts: pd.DataFrame  #: the tree at every k
    clusters: pd.DataFrame  #: quote_id, cluster, certainty, x, y
    stress: float  #: of the map x, y
    opinions: pd.DataFrame  #: what factorisation and spectral clustering make of the same quotes
    labels: pd.DataFrame  #: words that set a cluster apart
    examples: pd.DataFrame  #: medoids and borderline quotes
    platforms: pd.DataFrame  #: quotes and the platforms they name
    power: pd.DataFrame  #: how strong a structure would be found
    seeds: pd.DataFrame  #: the consensus under other seeds
    mantel: pd.DataFrame  #: wording against codes; empty without codes, as are the following
    cohesion: pd.DataFrame  #: whether the quotes of one code are alike
    crosstab: pd.DataFrame  #: clusters by codes
    cooccurrence: pd.DataFrame  #: codes by codes
    platform_codes: pd.DataFrame  #: platforms by codes


def explore(
    wording: Wording,
    *,
    indicators: pd.DataFrame | None = None,
    labels: pd.Series | None = None,
    k: int | None = None,
    runs: int = 400,
    n_shuffles: int = 999,
    n_seeds: int = 5,
    seed: int = 0,
    progress: bool = False,
) -> Exploration:
    """Explore the wording of quotes, and compare it with codes where there are some.

    Parameters
    ----------
    wording
        The quotes.
    indicators
        Codes: one row per quote (index quote_id), one column per code, 0 or 1.
    labels
        One code per quote, such as its leading theme (index quote_id), for the search only, which needs one.
    k
        Number of clusters; by default it follows from the consensus (`clusters_of`).
    runs
        Clusterings behind the consensus.
    n_shuffles
        Times the words are shuffled, for the test of structure.
    n_seeds
        Seeds, this one counted in, under which the consensus is repeated to show how far it depends on chance.
    seed
        Of everything random.
    progress
        Show bars on standard error.

    Returns
    -------
    Exploration
        Frames, each described by the function that makes it.
    """
    searches = search_partitions(wording, units=UNITS)
    tables = {unit: similarity(wording, unit=unit) for unit in UNITS}
    matrix = consensus(list(tables.values()), runs=runs, seed=seed, progress=progress)
    found = clusters_of(matrix, k=k)
    points, stress = map_of(tables["words"])
    tested = structure(wording, n_shuffles=n_shuffles, seed=seed, progress=progress)
    few = len(wording.answers) <= FEW
    simulations = 50 if few else 20
    return Exploration(
        wording=wording,
        runs=runs,
        audit=audit(searches, wording, seed=seed),
        grid=grid(searches, wording, labels=labels, seed=seed),
        structure=tested,
        repeats=_repeats(wording, tested, n_shuffles if few else min(n_shuffles, 199), seed, progress),
        consensus=matrix,
        ambiguous=ambiguous_share(matrix),
        tree=consensus_tree(matrix),
        cuts=tree_cuts(matrix, wording),
        clusters=found.merge(points, on="quote_id", validate="1:1"),
        stress=stress,
        opinions=_opinions(searches, found),
        labels=label_terms(wording, found, seed=seed),
        examples=examples(matrix, found, wording),
        platforms=platform_mentions(wording),
        power=power(wording, n_simulations=simulations, n_shuffles=n_shuffles, seed=seed),
        seeds=_seeds(tables, found, matrix, k=k, runs=runs, seeds=range(seed, seed + (n_seeds if few else 2))),
        **_with_codes(wording, tables, found, indicators, n_permutations=9999 if few else 999, seed=seed),
    )


def _repeats(wording: Wording, tested: pd.DataFrame, n_shuffles: int, seed: int, progress: bool) -> pd.DataFrame:
    """The second null, asked only where the first one leaves something to explain."""
    if tested.empty or tested["p_corrected"].min() > 0.05:
        return tested.iloc[:0]
    return structure(wording, null="repeats", n_shuffles=n_shuffles, seed=seed, progress=progress)


def _opinions(searches: Sequence[Search], found: pd.DataFrame) -> pd.DataFrame:
    """One row per unit and family: how far its partition into as many groups agrees with the clusters, as assigned."""
    known = found.dropna(subset="cluster").set_index("quote_id")["cluster"]
    wanted = int(known.nunique())
    rows = []
    for search in (search for search in searches if search.view == "centred"):
        here = known.index[known.index.isin(search.quotes)]
        for algorithm in SECOND_OPINIONS:
            ks = [k for name, k in search.settings if name == algorithm]
            if wanted < 2 or not ks:
                continue
            k = min(ks, key=lambda number: abs(number - wanted))
            row = search.partitions[search.settings.index((algorithm, k))]
            labels = row[search.quotes.get_indexer(here)]
            agreement = adjusted_mutual_information(labels, codes(known.loc[here]))
            rows.append((search.unit, algorithm, k, len(here), agreement))
    return pd.DataFrame(rows, columns=["unit", "algorithm", "k", "n_quotes", "ami"])


def _seeds(
    tables: dict[str, pd.DataFrame],
    found: pd.DataFrame,
    matrix: pd.DataFrame,
    *,
    k: int | None,
    runs: int,
    seeds: range,
) -> pd.DataFrame:
    """One row per seed: ambiguous pairs, clusters, assigned quotes, adjusted Rand index with the clusters reported."""
    reported = found["cluster"].fillna(0).to_numpy("int64")
    rows = []
    for seed in seeds:
        other = matrix if seed == seeds[0] else consensus(list(tables.values()), runs=runs, seed=seed)
        clusters = clusters_of(other, k=k)["cluster"]
        numbers = clusters.fillna(0).to_numpy("int64")
        same = round(adjusted_rand(reported, numbers), 10)
        rows.append((seed, ambiguous_share(other), int(clusters.nunique()), int((numbers > 0).sum()), same))
    return pd.DataFrame(rows, columns=["seed", "ambiguous", "n_clusters", "n_assigned", "rand"])


def _with_codes(
    wording: Wording,
    tables: dict[str, pd.DataFrame],
    found: pd.DataFrame,
    indicators: pd.DataFrame | None,
    *,
    n_permutations: int,
    seed: int,
) -> dict[str, pd.DataFrame]:
    """Everything that needs codes: quotes change places within their language only."""
    table = pd.DataFrame(index=pd.Index([], dtype="str")) if indicators is None else indicators
    shared, languages, lengths = indicator_similarity(table), wording.languages, wording.n_words
    tests, single = [], []
    for unit, alike in tables.items() if len(table.columns) else ():
        for words in (None, lengths):
            test = mantel(alike, shared, languages, lengths=words, n_permutations=n_permutations, seed=seed)
            tests.append(test.assign(unit=unit))
        inside = cohesion(alike, table, languages, n_permutations=n_permutations, seed=seed)
        single.append(inside.assign(unit=unit))
    return {
        "mantel": _unit_first(tests),
        "cohesion": _unit_first(single),
        "crosstab": crosstab(found, table, languages, n_permutations=min(n_permutations, 1999), seed=seed),
        "cooccurrence": cooccurrence(table),
        "platform_codes": cooccurrence(platform_indicators(wording), table),
    }


def _unit_first(frames: list[pd.DataFrame]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame({"unit": pd.Series(dtype="str")})
    whole = pd.concat(frames, ignore_index=True)
    return whole[["unit", *(name for name in whole.columns if name != "unit")]].replace({np.inf: np.nan})

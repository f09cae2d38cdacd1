"""The audit: how far language, length and question explain the partitions, before anybody reads a theme into them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.information import codes
from expert_roundup.analysis.clusters.partitions import ALGORITHMS
from expert_roundup.analysis.clusters.permutations import permutations
from expert_roundup.analysis.clusters.search import Search, confounders, shared_information
from expert_roundup.analysis.clusters.threads import one_thread
from expert_roundup.analysis.clusters.wording import Wording

Array = np.ndarray[Any, Any]


@one_thread()
def audit(searches: Sequence[Search], wording: Wording, *, n_permutations: int = 999, seed: int = 0) -> pd.DataFrame:
    """Compare the partitions of the consensus's algorithms with what is no theme: raw, in one language and centred.

    Parameters
    ----------
    searches
        From `search_partitions`.
    wording
        The quotes.
    n_permutations
        Times the confounder is shuffled over the quotes, for what chance alone would give.
    seed
        Of the shuffles.

    Returns
    -------
    DataFrame
        One row per view, unit and confounder with at least two values: view, unit, confounder, n_quotes, n_values,
        n_partitions, ami_two (mean adjusted mutual information of the partitions into two), exact_two (share of these
        that are the confounder itself), chance_two (95 % quantile of ami_two when the confounder is shuffled), ami
        (mean over all partitions), ami_most (largest), chance and p (the same quantile, and the p-value, of ami_most),
        similarity_r (correlation, over pairs of quotes, of their similarity with having the same value; for length,
        with the sum of the logarithms of their lengths).

    Notes
    -----
    Factorisation and spectral clustering are left out: they see positive similarity only, and two languages that share
    no word have none, centred or not. The grid shows them.
    """
    columns = ["view", "unit", "confounder", "n_quotes", "n_values", "n_partitions", "ami_two", "exact_two"]
    columns += ["chance_two", "ami", "ami_most", "chance", "p", "similarity_r"]
    rng = np.random.default_rng(seed)
    rows = []
    for search in searches:
        for name, groups in confounders(wording).items():
            values = groups.loc[search.quotes]
            if values.nunique() < 2:
                continue
            mine = np.array([algorithm in ALGORITHMS for algorithm, _ in search.settings])
            two = np.array([k == 2 for _, k in search.settings])[mine]
            found = shared_information(search, groups)[mine]
            orders = permutations(np.zeros(len(values), dtype=np.intp), n_permutations, rng)
            shuffled = shared_information(search, groups, orders)[:, mine]
            most = shuffled.max(axis=1)
            pairs = _pair_covariate(name, values, wording)
            rows.append(
                {
                    "view": search.view,
                    "unit": search.unit,
                    "confounder": name,
                    "n_quotes": len(values),
                    "n_values": int(values.nunique()),
                    "n_partitions": len(found),
                    "ami_two": found[two].mean() if two.any() else np.nan,
                    "exact_two": (found[two] == 1).mean() if two.any() else np.nan,
                    "chance_two": np.quantile(shuffled[:, two].mean(axis=1), 0.95) if two.any() else np.nan,
                    "ami": found.mean(),
                    "ami_most": found.max(),
                    "chance": np.quantile(most, 0.95),
                    "p": (1 + (most >= found.max()).sum()) / (1 + n_permutations),
                    "similarity_r": _correlation(search.similarity, pairs),
                }
            )
    return pd.DataFrame(rows, columns=columns).round(10)


def _pair_covariate(name: str, values: pd.Series, wording: Wording) -> Array:
    if name == "length":
        logs = np.log(np.maximum(wording.n_words.loc[values.index].to_numpy("float64"), 1))
        sums: Array = np.add.outer(logs, logs)
        return sums
    return np.equal.outer(codes(values), codes(values)).astype(float)


def _correlation(similarity: Array, covariate: Array) -> float:
    above = np.triu_indices(len(similarity), 1)
    x, y = similarity[above], covariate[above]
    spread = float(x.std() * y.std())
    return float(((x - x.mean()) * (y - y.mean())).mean() / spread) if spread > 1e-12 else float("nan")

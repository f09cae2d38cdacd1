"""Examples: the quote in the middle of each cluster, and the quotes that might as well stand elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.wording import Wording


def examples(matrix: pd.DataFrame, clusters: pd.DataFrame, wording: Wording, *, borderline: int = 2) -> pd.DataFrame:
    """Pick the medoid and the borderline quotes of every cluster.

    Parameters
    ----------
    matrix
        From `consensus`.
    clusters
        One row per quote: quote_id, cluster (empty: unassigned).
    wording
        The quotes.
    borderline
        Quotes per cluster whose mean consensus with the nearest other cluster comes closest to that with their own.

    Returns
    -------
    DataFrame
        One row per example, clusters in order, the medoid first: cluster, kind ("medoid", "borderline"), quote_id,
        speaker, own (mean consensus with the other quotes of its cluster), other_cluster and other (the nearest
        cluster and the mean consensus with it; empty where there is one cluster only).
    """
    values = matrix.to_numpy()
    known = clusters.set_index("quote_id")["cluster"].reindex(matrix.index)
    names = sorted(known.dropna().unique())
    member = {name: (known == name).fillna(False).to_numpy(bool) for name in names}
    rows = []
    for name in names:
        quotes = np.flatnonzero(member[name])
        own = (values[np.ix_(quotes, quotes)].sum(axis=1) - 1) / max(len(quotes) - 1, 1)
        means = [(values[np.ix_(quotes, member[other])].mean(axis=1), other) for other in names if other != name]
        near = np.array([mean for mean, _ in means]) if means else np.full((1, len(quotes)), np.nan)
        best = near.argmax(axis=0)
        margin = np.round(own - near.max(axis=0) if means else own, 9)
        middle = int(np.round(own, 9).argmax())
        edge = [place for place in np.argsort(margin, kind="stable") if place != middle][:borderline]
        for kind, places in (("medoid", [middle]), ("borderline", edge)):
            for place in places:
                other = means[best[place]][1] if means else pd.NA
                rows.append((name, kind, matrix.index[quotes[place]], own[place], other, near[best[place], place]))
    frame = pd.DataFrame(rows, columns=["cluster", "kind", "quote_id", "own", "other_cluster", "other"])
    frame.insert(3, "speaker", frame["quote_id"].map(wording.answers.set_index("quote_id")["speaker"]))
    return frame.astype({"other_cluster": "Int64"}).round(10)

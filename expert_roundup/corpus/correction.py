"""Correction of a tally from suggestions, by the precision and recall that a coded sample shows, with its interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from expert_roundup.corpus.bootstrap import FEWEST, expanded_tail, resampled_shares
from expert_roundup.corpus.dataset import Dataset
from expert_roundup.corpus.tally import SUGGESTIONS, document_of, named

COLUMNS = (
    "theme", "n_documents", "n_read", "n_checked", "share", "precision", "recall", "corrected", "low", "high", "origin",
)  # fmt: skip


def suggested_for(dataset: Dataset, read: pd.DataFrame) -> pd.DataFrame:
    """Suggestions for the quotes that a reading holds, as a 0/1 frame of the same shape.

    Raises
    ------
    ValueError
        The machine considered some of these quotes not at all.
    """
    rows = dataset.read("suggestions", columns=["quote_id", "theme", "is_suggested"])
    rows = rows[rows["quote_id"].isin(read.index)]
    missing = [str(name) for name in read.index.difference(pd.Index(rows["quote_id"]))]
    if missing:
        raise ValueError(f"codings: quotes that the dataset has no suggestions for: {named(missing)}")
    given = rows[rows["is_suggested"]]
    return pd.crosstab(given["quote_id"], given["theme"]).reindex(index=read.index, columns=read.columns, fill_value=0)


def compare_with_reading(suggested: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """Count where suggestions and a reading agree, quote by quote.

    Parameters
    ----------
    suggested, read
        0/1 frames: index quote_id (the quotes that were read), a column per theme.

    Returns
    -------
    DataFrame
        One row per document x theme: document, theme, n_read, n_both, n_suggested, n_coded.

    Raises
    ------
    ValueError
        The frames hold other quotes or themes.
    """
    if set(suggested.index) != set(read.index) or set(suggested.columns) != set(read.columns):
        raise ValueError("suggested and read must hold the same quotes and themes")
    other = suggested.loc[read.index, read.columns]
    documents = document_of(read.index.to_series()).rename("document")
    sums = {
        "n_read": read * 0 + 1, "n_both": read * other, "n_suggested": other, "n_coded": read,
    }  # fmt: skip
    stacked = {name: frame.groupby(documents).sum().stack() for name, frame in sums.items()}  # noqa: PD013
    return pd.DataFrame(stacked).rename_axis(["document", "theme"]).reset_index()


def corrected_shares(
    counts: pd.DataFrame, checked: pd.DataFrame, themes: Sequence[str], *, n_resamples: int = 2_000, seed: int = 0
) -> pd.DataFrame:
    """Correct the share of each theme among all quotes for what the machine misses and invents.

    Parameters
    ----------
    counts
        Suggestions: one row per document, n_read and a column per theme (`counts_of_suggestions`).
    checked
        What a reading of a random sample shows (`compare_with_reading`).

    Returns
    -------
    DataFrame
        One row per theme: theme, n_documents and n_read (of the corpus), n_checked (answers that were read), share (as
        suggested), precision, recall, corrected, low, high (95 %, over documents of the corpus and of the sample at
        once), origin ("suggestions"). No correction where the sample shows no suggestion that was right, and no
        interval with fewer than five documents in the corpus or the sample.

    Notes
    -----
    corrected = share x precision / recall, at most 1: of the suggested quotes `precision` are right, and these are
    `recall` of all that carry the theme (the prevalence estimate of Rogan and Gladen (1978), written with precision and
    recall). It holds as far as the sample is one of these documents; on other ones precision and recall differ.

    References
    ----------
    Rogan, W. J. and Gladen, B. (1978). Estimating prevalence from the results of a screening test. American Journal of
    Epidemiology 107, 71-76.
    """
    sizes = counts["n_read"].to_numpy("float64")
    table = counts[list(themes)].to_numpy("float64")
    redrawn = resampled_shares(table, sizes, n_resamples=n_resamples, seed=seed)
    share = table.sum(axis=0) / sizes.sum()
    rows = []
    for at, theme in enumerate(themes):
        sample = checked[checked["theme"] == theme]
        numbers = sample[["n_both", "n_suggested", "n_coded"]].to_numpy("float64")
        both, suggested, coded = numbers.sum(axis=0)
        low, high = _interval(redrawn[:, at], numbers, len(counts), n_resamples, seed + 1)
        precision = both / suggested if suggested else np.nan
        recall = both / coded if coded else np.nan
        corrected = min(1.0, share[at] * precision / recall) if both else np.nan
        checks = int(sample["n_read"].sum())
        rows.append((theme, len(counts), int(sizes.sum()), checks, share[at], precision, recall, corrected, low, high))
    return pd.DataFrame(rows, columns=list(COLUMNS[:-1])).assign(origin=SUGGESTIONS)


def _interval(
    shares: np.ndarray, numbers: np.ndarray, n_documents: int, n_resamples: int, seed: int
) -> tuple[float, float]:
    """Quantiles of share x coded / suggested (precision / recall) over redrawn corpora and redrawn samples."""
    if min(len(numbers), n_documents) < FEWEST or not numbers[:, 0].sum():
        return np.nan, np.nan
    drawn = np.random.default_rng(seed).integers(len(numbers), size=(n_resamples, len(numbers)))
    sums = numbers[drawn].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.minimum(1.0, shares * sums[:, 2] / sums[:, 1])
    tail = expanded_tail(len(numbers))
    return float(np.nanquantile(values, tail)), float(np.nanquantile(values, 1 - tail))

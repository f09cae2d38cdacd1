"""The corpus tally: how many quotes carry each theme over many documents, over time and by group, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from expert_roundup.coding.codebook import check_codebook
from expert_roundup.coding.codings import THRESHOLD, coded, reading
from expert_roundup.corpus.bootstrap import share_intervals
from expert_roundup.corpus.dataset import Dataset

COLUMNS = ("group", "theme", "label", "n_documents", "n_read", "n_quotes", "share", "low", "high", "origin")

#: what a tally is counted from
READING, SUGGESTIONS = "reading", "suggestions"


def counts_of_codings(
    codings: pd.DataFrame, themes: Sequence[str], *, coder: str = "majority", threshold: float = THRESHOLD
) -> pd.DataFrame:
    """Count the quotes of each document that one coder gave each theme.

    Parameters
    ----------
    codings
        Codings frame whose quote_id begins with the document, as in a dataset ("0a1b...-Q03").
    themes
        Themes of the codebook.
    coder
        Whose reading; "majority" is made of all coders where no row bears that name.

    Returns
    -------
    DataFrame
        One row per document (index): n_read, and a column per theme.

    Raises
    ------
    ValueError
        Themes that are not in the codebook, or ids without a document.
    """
    mine = codings[codings["coder"] == coder]
    rows = mine if len(mine) else reading(codings, coder, threshold=threshold)
    unknown = sorted(set(coded(rows, threshold=threshold)["theme"]) - set(themes))
    if unknown:
        raise ValueError(f"codings: themes that are not in the codebook: {named(unknown)}")
    given = coded(rows, threshold=threshold)
    return _counted(rows["quote_id"].drop_duplicates(), given[["quote_id", "theme"]].drop_duplicates(), themes)


def counts_of_suggestions(dataset: Dataset, themes: Sequence[str]) -> pd.DataFrame:
    """Count the quotes of each document for which the machine suggests each theme.

    Returns
    -------
    DataFrame
        One row per document (index): n_read (all its quotes), and a column per theme.

    Raises
    ------
    ValueError
        The dataset holds no suggestions, none for documents that came later, or some of other themes.
    """
    if not dataset.files("suggestions"):
        raise ValueError(f"{dataset.folder} holds no suggestions; corpus suggest makes them")
    sizes = dataset.read("documents", columns=["document", "n_quotes"]).set_index("document")["n_quotes"]
    total = pd.DataFrame(0, index=sizes.index, columns=list(themes))
    considered: set[str] = set()
    for rows in dataset.batches("suggestions", columns=["document", "theme", "is_suggested"]):
        considered.update(rows["document"])
        given = rows[rows["is_suggested"]]
        unknown = sorted(set(given["theme"]) - set(themes))
        if unknown:
            raise ValueError(f"suggestions: themes that are not in the codebook: {named(unknown)}")
        table = pd.crosstab(given["document"], given["theme"])
        total = total.add(table.reindex(index=total.index, columns=total.columns, fill_value=0))
    missing = sizes.index.difference(list(considered))
    if len(missing):
        raise ValueError(f"documents without suggestions: {named(list(missing))}; corpus suggest makes them for all")
    total.insert(0, "n_read", sizes)
    return total


def check_documents(counts: pd.DataFrame, dataset: Dataset) -> None:
    """Check that the dataset holds every document that was counted; a ValueError names those that it does not."""
    known = set(dataset.read("documents", columns=["document"])["document"])
    foreign = [name for name in counts.index if name not in known]
    if foreign:
        raise ValueError(f"codings: documents that the dataset does not hold: {named(foreign)}")


def named(names: Sequence[str]) -> str:
    """The first twenty names, and how many more there are."""
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def corpus_tally(
    counts: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    groups: Mapping[str, object] | None = None,
    origin: str = READING,
    n_resamples: int = 2_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Tally themes over documents, with intervals from a bootstrap over documents.

    Parameters
    ----------
    counts
        One row per document: n_read and a column per theme (`counts_of_codings`, `counts_of_suggestions`).
    codebook
        Codebook frame.
    groups
        Document -> group, such as its year or language; documents without one are left out. By default one group "".
    origin
        "reading" or "suggestions": what was counted. It stands in every row, so that no chart can lose it.

    Returns
    -------
    DataFrame
        One row per group x theme, groups in order, themes in codebook order: group, theme, label, n_documents, n_read,
        n_quotes, share (of the quotes read), low and high (95 %; missing with fewer than five documents), origin.

    Notes
    -----
    The interval says what another draw of such documents might do. It does not cover errors of the reading.

    Examples
    --------
    >>> counts = pd.DataFrame({"n_read": [4] * 6, "goals": [1, 2, 0, 1, 4, 1]}, index=list("abcdef"))
    >>> corpus_tally(counts, pd.DataFrame({"theme": ["goals"]}))[["n_quotes", "share", "low", "high"]].round(2)
       n_quotes  share   low  high
    0         9   0.38  0.08  0.75
    """
    book = check_codebook(codebook)
    names = pd.Series("", index=counts.index) if groups is None else counts.index.to_series().map(dict(groups))
    parts = []
    for group, rows in counts[names.notna()].groupby(names.dropna(), sort=True):
        parts.append(_one_group(rows, book, n_resamples, seed).assign(group=group, origin=origin))
    if not parts:
        raise ValueError("groups: none of the documents has a group")
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def document_groups(dataset: Dataset, by: str) -> dict[str, object]:
    """Group of every document by a column of the table documents: year, language, layout, folder, ...

    Raises
    ------
    ValueError
        The table has no such column.
    """
    allowed = ("year", "language", "layout", "folder", "format")
    if by not in allowed:
        raise ValueError(f"by must be one of {', '.join(allowed)}, not {by!r}")
    table = dataset.read("documents", columns=["document", by]).dropna()
    return dict(zip(table["document"], table[by], strict=True))


def document_of(quote_ids: pd.Series[str]) -> pd.Series[str]:
    """Document that each quote belongs to.

    Examples
    --------
    >>> document_of(pd.Series(["0a1b2c3d4e5f60718293-Q03"])).tolist()
    ['0a1b2c3d4e5f60718293']
    """
    documents = [name.rpartition("-")[0] for name in quote_ids]
    bad = [name for name, document in zip(quote_ids, documents, strict=True) if not document]
    if bad:
        raise ValueError(f"quote_id: ids that name no document: {named(list(map(str, bad)))}")
    return pd.Series(documents, index=quote_ids.index, name=quote_ids.name, dtype="str")


def _counted(read: pd.Series[str], given: pd.DataFrame, themes: Sequence[str]) -> pd.DataFrame:
    sizes = document_of(read).value_counts(sort=False).rename("n_read")
    pairs = pd.DataFrame({"document": document_of(given["quote_id"]), "theme": given["theme"]})
    table = pairs.value_counts(sort=False).unstack(fill_value=0)  # noqa: PD010 - one row per document
    counted = table.reindex(index=sizes.index, columns=list(themes), fill_value=0)
    counted.insert(0, "n_read", sizes)
    return counted.rename_axis(index="document", columns=None).sort_index()


def _one_group(counts: pd.DataFrame, book: pd.DataFrame, n_resamples: int, seed: int) -> pd.DataFrame:
    table = counts[book["theme"].tolist()].to_numpy("float64")
    sizes = counts["n_read"].to_numpy("float64")
    low, high = share_intervals(table, sizes, n_resamples=n_resamples, seed=seed)
    sums, total = table.sum(axis=0).astype("int64"), int(sizes.sum())
    share = sums / total if total else np.full(len(sums), np.nan)
    return book[["theme", "label"]].assign(
        n_documents=len(counts), n_read=total, n_quotes=sums, share=share, low=low, high=high
    )

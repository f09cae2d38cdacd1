"""Codings: who gave which theme to which quote, how sure, and on what evidence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from expert_roundup.coding.check import COLUMNS, REQUIRED, check_codings
from expert_roundup.coding.csv_input import read_table

__all__ = [
    "DERIVED_CODERS", "THRESHOLD", "check_codings", "coded", "coders", "indicator", "majority", "mean_confidence",
    "page_order", "read_codings", "read_quotes", "reading",
]  # fmt: skip

#: a coding counts as coded from this confidence; below it the theme was considered and rejected
THRESHOLD = 0.5
#: readings made from other readings: never counted among the coders of a majority or of agreement
DERIVED_CODERS = ("majority", "consensus", "suggestions")
# a rejected theme whose mean lies above the threshold is shown this share of it, so that it stays rejected when rounded
_JUST_BELOW = 0.98


def read_codings(
    path: str | os.PathLike[str], *, quotes: pd.DataFrame | None = None, codebook: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Read codings from a csv file and check them, against quotes and codebook where these are known.

    Parameters
    ----------
    path
        A csv with the columns quote_id, theme, coder, confidence and, where there are any, start, end, rationale.
    quotes, codebook
        What the codings must be about (see `check_codings`), so that all bad rows are named at once.

    Returns
    -------
    DataFrame
        One row per coder x quote x theme considered, in the order of the file: the codings frame.

    Raises
    ------
    ValueError
        The file is no such csv (see `read_table`), or rows are unusable (see `check_codings`).
    OSError
        The file cannot be read.
    """
    table = read_table(path, required=REQUIRED, optional=COLUMNS[len(REQUIRED) :], argument="codings")
    names = {name: table[name].str.strip() for name in ("quote_id", "theme", "coder")}
    return check_codings(table.assign(**names), quotes=quotes, codebook=codebook)


def coded(codings: pd.DataFrame, *, threshold: float = THRESHOLD) -> pd.DataFrame:
    """Rows that count: a theme is named, at or above the threshold.

    Returns
    -------
    DataFrame
        One row per coded coding, columns and order as given.
    """
    _check_threshold(threshold)
    return codings[(codings["theme"].fillna("") != "") & (codings["confidence"] >= threshold)]


def read_quotes(codings: pd.DataFrame) -> pd.DataFrame:
    """Which coder read which quote: any row shows that it was read, an empty theme or a rejected one too.

    Returns
    -------
    DataFrame
        One row per coder x quote read: coder, quote_id; coders in order of appearance, quotes in page order.
    """
    pairs = codings[["coder", "quote_id"]].drop_duplicates()
    return _sorted(pairs, ("coder", "quote_id"))


def coders(codings: pd.DataFrame) -> list[str]:
    """Names of the coders who read for themselves, in order of appearance: without majority and consensus."""
    return [name for name in codings["coder"].unique() if name not in DERIVED_CODERS]


def majority(codings: pd.DataFrame, *, threshold: float = THRESHOLD) -> pd.DataFrame:
    """Make the reading "majority": coded where more than half of those who read the quote coded the theme.

    Returns
    -------
    DataFrame
        One row per quote x theme that anybody considered, and one row with an empty theme per quote that was read and
        for which nobody considered a theme; codings columns, quotes in page order, themes as they first appear. No
        evidence and no rationale.

    Raises
    ------
    ValueError
        The codings are unusable (see `check_codings`) or hold no coder of their own.

    Notes
    -----
    A tie is not coded. Confidence is the mean over everybody who read the quote; a reader without a row for the
    theme counts as 0. Count and mean may disagree (.9, .4, .4 is one coder of three with a mean of .57): the count
    decides, and the confidence is then held on its side of the threshold (at the threshold where coded, at 98 % of it
    where not). `mean_confidence` gives the plain means. Rows of "majority" and "consensus" are left out: they repeat
    what their coders said.

    Examples
    --------
    >>> codings = pd.DataFrame({"quote_id": "Q01", "theme": "goals", "coder": ["A", "B"], "confidence": [1, 0.2]})
    >>> majority(codings)[["theme", "confidence"]].to_dict("records")
    [{'theme': 'goals', 'confidence': 0.49}]
    """
    _check_threshold(threshold)
    cells = _cells(check_codings(codings), threshold)
    held = np.where(
        cells["is_coded"],
        np.maximum(cells["mean"], threshold),
        np.minimum(cells["mean"], threshold * _JUST_BELOW),
    )
    reading = cells[["quote_id", "theme"]].assign(
        coder="majority", confidence=np.where(cells["theme"] == "", np.nan, held)
    )
    return check_codings(reading)


def mean_confidence(codings: pd.DataFrame, *, threshold: float = THRESHOLD) -> pd.DataFrame:
    """Mean confidence of those who read the quote, for every quote x theme that anybody considered.

    Returns
    -------
    DataFrame
        One row per quote x theme considered: quote_id, theme, confidence (a reader without a row counts as 0), n_coded
        (readers at or above `threshold`), n_readers; quotes in page order, themes as they first appear.
    """
    _check_threshold(threshold)
    cells = _cells(check_codings(codings), threshold).query("theme != ''").reset_index(drop=True)
    return cells[["quote_id", "theme", "mean", "n_coded", "n_readers"]].rename(columns={"mean": "confidence"})


def leading_theme(codings: pd.DataFrame, *, threshold: float = THRESHOLD) -> pd.Series[str]:
    """Name the theme of each quote that has the highest mean confidence, for what can take one theme a quote only.

    Returns
    -------
    Series of str
        One entry per quote with a theme (index quote_id); of themes level with each other the first of the codings.
    """
    ranked = coded(mean_confidence(codings, threshold=threshold), threshold=threshold)
    best = ranked.sort_values("confidence", ascending=False, kind="stable").drop_duplicates("quote_id")
    return best.set_index("quote_id")["theme"].rename("theme")


def reading(codings: pd.DataFrame, coder: str, *, threshold: float = THRESHOLD) -> pd.DataFrame:
    """All codings of one coder; "majority" is made from the others where no row bears that name.

    Returns
    -------
    DataFrame
        One row per quote x theme this coder considered; codings columns.

    Raises
    ------
    ValueError
        Nobody of that name coded anything.
    """
    checked = check_codings(codings)
    rows = checked[checked["coder"] == coder].reset_index(drop=True)
    if len(rows):
        return rows
    if coder == "majority":
        return majority(checked, threshold=threshold)
    raise ValueError(f"coder {coder!r} has no codings; there are {', '.join(checked['coder'].unique())} and majority")


def indicator(
    codings: pd.DataFrame, *, coder: str = "majority", themes: Sequence[str] | None = None, threshold: float = THRESHOLD
) -> pd.DataFrame:
    """Matrix of 0 and 1: which theme one coder gave to which quote.

    Parameters
    ----------
    themes
        The columns, as a rule `codebook["theme"]`; without it the themes of the codings as they first appear.

    Returns
    -------
    DataFrame
        One row per quote that this coder read (index quote_id, page order), one column per theme, int8.

    Raises
    ------
    ValueError
        Nobody of that name coded anything, or a coded theme is not among `themes`.
    """
    rows = reading(codings, coder, threshold=threshold)
    given = coded(rows, threshold=threshold)
    columns = [name for name in codings["theme"].fillna("").unique() if name] if themes is None else list(themes)
    unknown = sorted(set(given["theme"]) - set(columns))
    if unknown:
        raise ValueError(f"codings: themes that are not in the codebook: {', '.join(unknown)}")
    quotes = pd.Index(page_order(rows["quote_id"]), name="quote_id", dtype="str")
    values = np.zeros((len(quotes), len(columns)), dtype=np.int8)
    values[quotes.get_indexer(pd.Index(given["quote_id"])), pd.Index(columns).get_indexer(pd.Index(given["theme"]))] = 1
    return pd.DataFrame(values, index=quotes, columns=pd.Index(columns, name="theme", dtype="str"))


def page_order(quote_ids: Iterable[str]) -> list[str]:
    """Distinct quote ids in the order of the page: numbers in them count as numbers.

    Examples
    --------
    >>> page_order(["Q100", "Q07", "Q99", "Q07"])
    ['Q07', 'Q99', 'Q100']
    """
    # re.split with a group alternates text and digits, so keys of any two ids compare
    parts = {name: re.split(r"([0-9]{1,18})", name) for name in dict.fromkeys(quote_ids)}
    return sorted(parts, key=lambda name: ([int(p) if i % 2 else p for i, p in enumerate(parts[name])], name))


def _check_threshold(threshold: float) -> None:
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold must be above 0 and at most 1, not {threshold!r}")


def _cells(checked: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """One row per quote x theme anybody considered, and one with an empty theme per quote without any."""
    rows = checked[~checked["coder"].isin(DERIVED_CODERS)]
    if rows.empty:
        raise ValueError("codings: no coder to take a majority of")
    n_readers = rows[["quote_id", "coder"]].drop_duplicates()["quote_id"].value_counts()
    named = rows[rows["theme"] != ""]
    cells = (
        named.assign(n_coded=(named["confidence"] >= threshold).astype("int64"))
        .groupby(["quote_id", "theme"], sort=False)
        .agg(total=("confidence", "sum"), n_coded=("n_coded", "sum"))
        .reset_index()
    )
    silent = [name for name in n_readers.index if name not in set(cells["quote_id"])]
    cells = pd.concat([cells, pd.DataFrame({"quote_id": silent, "theme": "", "total": 0.0, "n_coded": 0})])
    cells["n_readers"] = cells["quote_id"].map(n_readers).astype("int64")
    # rounded, because the last bits of a sum depend on the order of the rows
    cells["mean"] = (cells["total"] / cells["n_readers"]).round(12)
    cells["is_coded"] = 2 * cells["n_coded"] > cells["n_readers"]
    return _sorted(cells, ("quote_id", "theme"))


def _sorted(frame: pd.DataFrame, by: tuple[str, str]) -> pd.DataFrame:
    """Rows with quotes in page order and everything else in order of appearance."""
    keys = []
    for name in by:
        order = page_order(frame[name]) if name == "quote_id" else list(frame[name].unique())
        keys.append(pd.Index(order).get_indexer(pd.Index(frame[name])))
    return frame.iloc[np.lexsort(keys[::-1])].reset_index(drop=True)

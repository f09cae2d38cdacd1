"""Term matrices: what each quote says as numbers, with what its language alone explains taken away on request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.information import codes
from expert_roundup.analysis.clusters.wording import Wording
from expert_roundup.text.terms import lemma_counts, ngram_counts

#: what a column of a term matrix stands for
UNITS = ("words", "lemmas", "characters")

#: similarities are rounded to this many decimals, so that ties are ties on every machine
DECIMALS = 10

_DENSE = 500_000  # a table of up to this many cells is multiplied as it is

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a table quotes x terms that are not zero."""

    rows: Array  #: quote of each cell
    columns: Array  #: term of each cell
    numbers: Array  #: count or weight of each cell
    shape: tuple[int, int]  #: quotes, terms


def term_matrix(
    wording: Wording, *, unit: str = "words", min_df: int = 2, sublinear: bool = True, centred: bool = True
) -> pd.DataFrame:
    """Weigh the terms of every quote by tf-idf.

    Parameters
    ----------
    wording
        The quotes.
    unit
        "words" as printed; "lemmas", their dictionary forms (simplemma); "characters", n-grams of 3 to 5 characters
        inside words, which find inflected forms of one word together without a dictionary.
    min_df
        Leave out terms of fewer quotes. A term of one quote cannot make two quotes alike.
    sublinear
        Weigh a term that stands n times by 1 + ln n instead of n.
    centred
        Subtract from every quote the mean of its language, so that a shared language makes no two quotes alike.

    Returns
    -------
    DataFrame
        One row per quote (index quote_id), one column per term. Rows have length 1, or are all zero where nothing is
        left to compare: no term shared with any other quote, or the only quote in its language.

    Notes
    -----
    idf is ln((1 + n) / (1 + df)) + 1, as in scikit-learn. In a language of few quotes, centring pushes these apart:
    their mean similarity becomes -1 / (quotes - 1).

    References
    ----------
    Manning, Raghavan, Schuetze (2008). Introduction to Information Retrieval, sections 6.2 to 6.4.

    Examples
    --------
    >>> import pandas as pd
    >>> from expert_roundup.analysis.clusters.wording import wording_of_quotes
    >>> quotes = pd.DataFrame({"quote_id": ["Q01", "Q02", "Q03"], "text": ["plan goals", "goals plan", "post daily"]})
    >>> term_matrix(wording_of_quotes(quotes), centred=False).rename_axis(None).round(2)
         goals  plan
    Q01   0.71  0.71
    Q02   0.71  0.71
    Q03   0.00  0.00
    """
    cells, terms = count_cells(wording, unit)
    weighed = tf_idf(cells, min_df=min_df, sublinear=sublinear)
    dense = np.zeros(cells.shape)
    dense[weighed.rows, weighed.columns] = weighed.numbers
    kept = np.bincount(cells.columns, minlength=len(terms)) >= min_df
    matrix = dense[:, kept]
    if centred:
        matrix = _unit_rows(_centre(matrix, wording.answers["language"].to_numpy()))
    return pd.DataFrame(matrix, index=pd.Index(wording.answers["quote_id"]), columns=terms[kept])


def similarity(
    wording: Wording, *, unit: str = "words", min_df: int = 2, sublinear: bool = True, centred: bool = True
) -> pd.DataFrame:
    """Compare every two quotes by the cosine of their rows in the term matrix.

    Parameters
    ----------
    wording, unit, min_df, sublinear, centred
        As in `term_matrix`.

    Returns
    -------
    DataFrame
        One row and one column per quote, values from -1 to 1. The diagonal is 1, or 0 where a quote cannot be
        compared.
    """
    cells, _ = count_cells(wording, unit)
    products = inner_products(tf_idf(cells, min_df=min_df, sublinear=sublinear))
    if centred:
        products = centred_products(products, codes(wording.answers["language"]))
    quotes = pd.Index(wording.answers["quote_id"])
    return pd.DataFrame(cosines(products), index=quotes, columns=quotes)


@lru_cache(maxsize=8)
def count_cells(wording: Wording, unit: str = "words") -> tuple[Cells, pd.Index]:
    """Lay out the counts: one cell a quote and term it holds, and the terms in code point order."""
    if unit not in UNITS:
        raise ValueError(f"unit must be one of {', '.join(UNITS)}, not {unit!r}")
    counts = wording.counts
    quotes, terms = pd.Index(wording.answers["quote_id"]), pd.Index(sorted(set(counts["term"])), dtype="str")
    rows, columns = quotes.get_indexer(counts["quote_id"]), terms.get_indexer(counts["term"])
    cells = Cells(rows, columns, counts["n"].to_numpy("int64"), (len(quotes), len(terms)))
    if unit == "words":
        return cells, terms
    return _recount(cells, list(terms), unit, list(dict.fromkeys(wording.answers["language"])))


def tf_idf(cells: Cells, *, min_df: int = 2, sublinear: bool = True) -> Cells:
    """Weigh counts by term and document frequency, leave rare terms out, bring rows to length 1."""
    if min_df < 1:
        raise ValueError(f"min_df must be 1 or more, not {min_df!r}")
    n_quotes, n_terms = cells.shape
    df = np.bincount(cells.columns, minlength=n_terms)
    kept = df[cells.columns] >= min_df
    rows, columns, counts = cells.rows[kept], cells.columns[kept], cells.numbers[kept]
    idf = np.log((1 + n_quotes) / (1 + df)) + 1
    weights = (1 + np.log(counts) if sublinear else counts) * idf[columns]
    lengths = np.sqrt(np.bincount(rows, weights * weights, minlength=n_quotes))
    return Cells(rows, columns, weights / lengths[rows], cells.shape)


def inner_products(cells: Cells) -> Array:
    """Inner products of all pairs of rows.

    Terms of many quotes are multiplied as a dense matrix, the many rare ones as a sparse one: each is fast at its
    own.
    """
    n_quotes, n_terms = cells.shape
    df = np.bincount(cells.columns, minlength=n_terms)
    common = df > (0 if n_quotes * n_terms <= _DENSE else n_quotes / 16)
    place = np.cumsum(common) - 1
    here = common[cells.columns]
    dense = np.zeros((n_quotes, int(common.sum())))
    dense[cells.rows[here], place[cells.columns[here]]] = cells.numbers[here]
    products: Array = dense @ dense.T
    if not here.all():
        from scipy.sparse import csr_array

        places = (cells.rows[~here], cells.columns[~here])
        rare = csr_array((cells.numbers[~here], places), shape=cells.shape)
        products = products + (rare @ rare.T).toarray()
    return products


def centred_products(products: Array, groups: Array) -> Array:
    """Inner products after the mean row of each group has been subtracted from its rows (double centring).

    Rows that are zero hold no words: they stay zero and take no part in the mean.
    """
    present = np.diagonal(products) > 0
    member = ((groups[:, None] == np.arange(groups.max() + 1)) & present[:, None]).astype(float)
    mean = member / np.maximum(member.sum(axis=0), 1)
    half = mean.T @ products
    # (I - A) P (I - A) with A the averaging over groups
    left: Array = products - member @ half
    centred: Array = left - (left @ mean) @ member.T
    return centred


def scales(products: Array) -> Array:
    """Factor that brings each row to length 1; 0 for rows that are nothing but rounding."""
    lengths = np.sqrt(np.maximum(np.diagonal(products), 0))
    scale: Array = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 1e-7)
    return scale


def cosines(products: Array) -> Array:
    """Cosines from inner products, rounded; quotes of no length are like nothing, not even themselves."""
    scale = scales(products)
    values = np.round((products + products.T) / 2 * scale[:, None] * scale[None, :], DECIMALS) + 0.0
    np.fill_diagonal(values, scale > 0)
    bounded: Array = np.clip(values, -1, 1)
    return bounded


def _unit_rows(rows: Array) -> Array:
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    scaled: Array = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 1e-7)
    return scaled


def _centre(rows: Array, groups: Array) -> Array:
    centred = rows.copy()
    present = rows.any(axis=1)
    for group in np.unique(groups[present]):
        here = present & (groups == group)
        centred[here] -= rows[here].mean(axis=0)
    return centred


def _recount(cells: Cells, terms: list[str], unit: str, languages: list[str]) -> tuple[Cells, pd.Index]:
    """Counts of lemmas or n-grams from counts of words: every word is taken apart once."""
    from scipy.sparse import csr_array

    parts = [lemma_counts({term: 1}, languages) if unit == "lemmas" else ngram_counts({term: 1}) for term in terms]
    names = pd.Index(sorted(set().union(*parts)), dtype="str")
    rows = np.repeat(np.arange(len(terms)), [len(part) for part in parts])
    columns = names.get_indexer(pd.Index([name for part in parts for name in part], dtype="str"))
    values = np.array([n for part in parts for n in part.values()], dtype="int64")
    words = csr_array((cells.numbers, (cells.rows, cells.columns)), shape=cells.shape)
    whole = (words @ csr_array((values, (rows, columns)), shape=(len(terms), len(names)))).tocoo()
    order = np.lexsort((whole.col, whole.row))
    found = Cells(whole.row[order].astype(np.intp), whole.col[order].astype(np.intp), whole.data[order], whole.shape)
    return found, names

"""The tally: how many quotes carry each theme, beside the published totals, and how firm the ranking is."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from expert_roundup.coding.check import check_codings
from expert_roundup.coding.codebook import check_codebook
from expert_roundup.coding.codings import THRESHOLD, coded, indicator, reading
from expert_roundup.coding.published import check_published_tally
from expert_roundup.coding.ranks import ahead_shares, best_ranks, rank_intervals, resampled_counts

COLUMNS = ("theme", "label", "n_quotes", "share", "n_published", "difference", "rank", "rank_low", "rank_high")


def tally(
    codings: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    coder: str = "majority",
    published: pd.DataFrame | None = None,
    threshold: float = THRESHOLD,
    n_resamples: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Count in how many quotes one coder sees each theme, and rank the themes.

    Parameters
    ----------
    codings, codebook
        Codings and codebook frames.
    coder
        Whose reading is counted; "majority" is made from all coders (see `codings.majority`).
    published
        Totals to compare with (see `published.check_published_tally`).
    threshold
        Confidence from which a coding counts.
    n_resamples, seed
        Bootstrap over quotes behind rank_low and rank_high.

    Returns
    -------
    DataFrame
        One row per theme, in codebook order: theme, label, n_quotes, share (of the quotes this coder read),
        n_published and difference (n_quotes - n_published; Int64, missing where nothing was published), rank (1 is
        best, one more than the themes strictly ahead), rank_low and rank_high (95 %, see `ranks.rank_intervals`).

    Raises
    ------
    ValueError
        Codings, codebook or published totals are unusable, or nobody is called `coder`.

    Notes
    -----
    Rank intervals are descriptive: what another draw of such answers might do. They do not cover doubt about the
    coding itself.

    Examples
    --------
    >>> codebook = pd.DataFrame({"theme": ["goals", "craft"]})
    >>> codings = pd.DataFrame({"quote_id": ["Q01", "Q02"], "theme": ["craft", ""], "coder": "A", "confidence": [1, 0]})
    >>> tally(codings, codebook, coder="A")[["theme", "n_quotes", "share", "rank"]]
       theme  n_quotes  share  rank
    0  goals         0    0.0     2
    1  craft         1    0.5     1
    """
    book = check_codebook(codebook)
    totals = None if published is None else check_published_tally(published, codebook=book)
    cells = _matrix(codings, book, coder, threshold)
    return _counted(cells, book, n_resamples, seed).pipe(_beside, totals)


def tally_by_group(
    codings: pd.DataFrame,
    codebook: pd.DataFrame,
    groups: Mapping[str, str] | pd.Series[str],
    *,
    coder: str = "majority",
    threshold: float = THRESHOLD,
    n_resamples: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Tally the quotes of every group of speakers by itself.

    Parameters
    ----------
    groups
        Group of every quote that was read, by quote_id: a mapping or a series, as
        `quotes.set_index("quote_id")["language"]`.

    Returns
    -------
    DataFrame
        One row per group x theme, groups in page order of their first quote, themes in codebook order: group, n_read
        (quotes of the group that were read), theme, label, n_quotes, share, rank, rank_low, rank_high.

    Raises
    ------
    ValueError
        Quotes without a group; all of them are named.
    """
    book = check_codebook(codebook)
    cells = _matrix(codings, book, coder, threshold)
    names = cells.index.to_series().map(dict(groups))
    missing = list(cells.index[names.isna()])
    if missing:
        raise ValueError(
            f"groups: no group for {', '.join(missing[:20])}" + f" and {len(missing) - 20} more" * (len(missing) > 20)
        )
    parts = []
    for group, rows in cells.groupby(names, sort=False):
        counted = _counted(rows, book, n_resamples, seed)
        parts.append(counted.assign(group=group, n_read=len(rows)))
    columns = ["group", "n_read", *(name for name in COLUMNS if name not in ("n_published", "difference"))]
    return pd.concat(parts, ignore_index=True)[columns]


def weighted_tally(
    codings: pd.DataFrame, codebook: pd.DataFrame, *, coder: str = "majority", threshold: float = THRESHOLD
) -> pd.DataFrame:
    """Tally in which every coded theme weighs as much as its coder was sure.

    Returns
    -------
    DataFrame
        One row per theme, in codebook order: theme, label, n_quotes (unweighted), n_weighted (sum of the confidences of
        coded codings; rejected ones weigh nothing), share_weighted (of the quotes read), rank (by n_quotes),
        rank_weighted.

    Notes
    -----
    Where the two ranks differ, the theme owes its place to codings that its coder doubted.
    """
    book = check_codebook(codebook)
    rows = reading(check_codings(codings, codebook=book), coder, threshold=threshold)
    sums = coded(rows, threshold=threshold).groupby("theme")["confidence"].agg(["size", "sum"])
    counts = sums.reindex(book["theme"], fill_value=0).reset_index(drop=True)
    weights = counts["sum"].astype("float64").round(9)
    return book[["theme", "label"]].assign(
        n_quotes=counts["size"].astype("int64"),
        n_weighted=weights,
        share_weighted=weights / rows["quote_id"].nunique(),
        rank=best_ranks(counts["size"]),
        rank_weighted=best_ranks(weights),
    )


def ahead_probabilities(
    codings: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    coder: str = "majority",
    threshold: float = THRESHOLD,
    n_resamples: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Give, for every pair of themes, the share of bootstrap resamples with the first strictly ahead of the second.

    Returns
    -------
    DataFrame
        One row per theme (index `theme`) and one column per theme, in codebook order: how often the row's theme is
        ahead of the column's. Missing on the diagonal; a pair of opposite cells and their ties add up to 1.
    """
    book = check_codebook(codebook)
    cells = _matrix(codings, book, coder, threshold)
    shares = ahead_shares(resampled_counts(cells, n_resamples=n_resamples, seed=seed))
    themes = pd.Index(book["theme"], name="theme")
    return pd.DataFrame(shares, index=themes, columns=themes.rename(None))


def first_probabilities(
    codings: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    coder: str = "majority",
    threshold: float = THRESHOLD,
    n_resamples: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Give the share of bootstrap resamples in which each theme comes first.

    Returns
    -------
    DataFrame
        One row per theme, in codebook order: theme, label, n_quotes, share_first (alone at the top; these add up to 1
        less the ties), share_first_or_level (no theme ahead of it).
    """
    book = check_codebook(codebook)
    cells = _matrix(codings, book, coder, threshold)
    counts = resampled_counts(cells, n_resamples=n_resamples, seed=seed)
    is_level = counts == counts.max(axis=1, keepdims=True)
    is_alone = is_level & (is_level.sum(axis=1, keepdims=True) == 1)
    return book[["theme", "label"]].assign(
        n_quotes=cells.sum().to_numpy(dtype="int64"),
        share_first=is_alone.mean(axis=0),
        share_first_or_level=is_level.mean(axis=0),
    )


def _matrix(codings: pd.DataFrame, book: pd.DataFrame, coder: str, threshold: float) -> pd.DataFrame:
    checked = check_codings(codings, codebook=book)
    return indicator(checked, coder=coder, themes=list(book["theme"]), threshold=threshold)


def _counted(cells: pd.DataFrame, book: pd.DataFrame, n_resamples: int, seed: int) -> pd.DataFrame:
    counts = cells.sum().to_numpy(dtype="int64")
    low, high = rank_intervals(resampled_counts(cells, n_resamples=n_resamples, seed=seed))
    return book[["theme", "label"]].assign(
        n_quotes=counts, share=counts / len(cells), rank=best_ranks(counts), rank_low=low, rank_high=high
    )


def _beside(counted: pd.DataFrame, totals: pd.DataFrame | None) -> pd.DataFrame:
    """The counts beside the published totals; a theme that was not published has none."""
    known = pd.Series(dtype="Int64") if totals is None else totals.set_index("theme")["n_published"]
    published = counted["theme"].map(known).astype("Int64")
    return counted.assign(n_published=published, difference=counted["n_quotes"] - published)[list(COLUMNS)]

"""A sample of quotes to code by hand: stratified, seeded, without repeats."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from expert_roundup.corpus.dataset import Dataset

#: columns of documents that may make strata
STRATA = ("year", "language", "layout", "folder", "format")


def sample(
    dataset: Dataset,
    n: int,
    *,
    by: Sequence[str] = ("year", "language"),
    without: Collection[str] = (),
    with_duplicates: bool = False,
    seed: int = 0,
) -> pd.DataFrame:
    """Draw quotes for coding by hand.

    Parameters
    ----------
    dataset
        The dataset.
    n
        Quotes to draw.
    by
        Columns of documents whose combinations are the strata; each gives its share of the quotes, rounded by largest
        remainders. A document without a value (no date) is in a stratum "".
    without
        Ids of quotes drawn before, which do not come again.
    with_duplicates
        Draw from flagged near-duplicates too.
    seed
        The same seed draws the same quotes.

    Returns
    -------
    DataFrame
        One row per quote, in random order, so that whoever stops early has coded a random part: quote_id, speaker,
        role, is_on_roster, question, language, n_words, text, links, source, stratum. Evidence of such
        quotes counts from the
        beginning of the text.

    Raises
    ------
    ValueError
        There are fewer quotes than asked for, or no such column.
    """
    unknown = [name for name in by if name not in STRATA]
    if unknown or n < 1:
        raise ValueError(f"by must be of {', '.join(STRATA)}, and n at least 1; not {list(by)} and {n}")
    frame = _candidates(dataset, by, without, with_duplicates)
    if len(frame) < n:
        raise ValueError(f"n must be at most {len(frame)}, the number of quotes there are to draw from, not {n}")
    rng = np.random.default_rng(seed)
    shuffled = frame.iloc[rng.permutation(len(frame))]
    sizes = shuffled["stratum"].value_counts().sort_index()
    quotas = _largest_remainders(sizes.to_numpy("float64") * n / len(frame), n)
    quota = shuffled["stratum"].map(dict(zip(sizes.index, quotas.tolist(), strict=True)))
    drawn = shuffled[shuffled.groupby("stratum").cumcount() < quota]
    drawn = drawn.iloc[rng.permutation(n)]
    return _with_texts(dataset, drawn)


def _candidates(dataset: Dataset, by: Sequence[str], without: Collection[str], with_duplicates: bool) -> pd.DataFrame:
    documents = dataset.read("documents", columns=["document", "source", *by])
    if not with_duplicates:
        documents = documents[~documents["document"].isin(dataset.read("near_duplicates")["document"])]
    parts = [documents[name].astype("str").where(documents[name].notna(), "") for name in by]
    stratum = pd.concat(parts, axis=1).agg(" / ".join, axis=1) if parts else pd.Series("", index=documents.index)
    known = documents[["document", "source"]].assign(stratum=stratum)
    quotes = dataset.read("quotes", columns=["quote_id", "document"])
    quotes = quotes[~quotes["quote_id"].isin(set(without))]
    return quotes.merge(known, on="document", validate="m:1").sort_values("quote_id").reset_index(drop=True)


def _largest_remainders(shares: np.ndarray, n: int) -> np.ndarray:
    """Whole numbers near `shares` that sum to n; level remainders go to the earlier stratum."""
    whole = np.floor(shares).astype("int64")
    order = np.argsort(-(shares - whole), kind="stable")
    whole[order[: n - int(whole.sum())]] += 1
    chosen: np.ndarray = whole
    return chosen


def _with_texts(dataset: Dataset, drawn: pd.DataFrame) -> pd.DataFrame:
    wanted = set(drawn["quote_id"])
    parts = [batch[batch["quote_id"].isin(wanted)] for batch in dataset.batches("quotes")]
    texts = pd.concat([part for part in parts if len(part)], ignore_index=True).drop(
        columns=["start", "end", "document"]
    )
    return drawn[["quote_id", "source", "stratum"]].merge(texts, on="quote_id", validate="1:1")[
        [*texts.columns, "source", "stratum"]
    ]

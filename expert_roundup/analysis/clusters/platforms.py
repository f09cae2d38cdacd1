"""Platforms: which networks each quote names, in Latin and Cyrillic letters."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.wording import Wording


def platform_mentions(wording: Wording) -> pd.DataFrame:
    """Count the platforms each quote names.

    Parameters
    ----------
    wording
        The quotes.

    Returns
    -------
    DataFrame
        One row per quote and platform named in it, in page order and the order of platforms.csv: quote_id, speaker,
        platform, n (times).

    Notes
    -----
    Names are looked up in platforms.csv beside this module; a name that is an everyday word (X, Threads, Medium) is
    not there. A quote that names a platform may advise against it.

    Examples
    --------
    >>> import pandas as pd
    >>> from expert_roundup.analysis.clusters.wording import wording_of_quotes
    >>> quotes = pd.DataFrame({"quote_id": ["Q01"], "text": ["Не в Фейсбуке, а в LinkedIn. Facebook is full."]})
    >>> platform_mentions(wording_of_quotes(quotes))[["quote_id", "platform", "n"]]
      quote_id  platform  n
    0      Q01  Facebook  2
    1      Q01  LinkedIn  1
    """
    names = list(dict.fromkeys(platform for _, platform in _forms()))
    counts = wording.counts.assign(platform=[platform_of(term) for term in wording.counts["term"]])
    counts = counts[counts["platform"] != ""].groupby(["quote_id", "platform"], sort=False)["n"].sum().reset_index()
    quotes = pd.Index(wording.answers["quote_id"])
    places = quotes.get_indexer(pd.Index(counts["quote_id"]))
    order = np.lexsort((pd.Index(names).get_indexer(pd.Index(counts["platform"])), places))
    speakers = wording.answers["speaker"].to_numpy()[places]
    counts.insert(1, "speaker", pd.Series(speakers, index=counts.index, dtype="str"))
    return counts.iloc[order].reset_index(drop=True).astype({"platform": "str", "quote_id": "str", "n": "int64"})


def platform_indicators(wording: Wording) -> pd.DataFrame:
    """Lay the mentions out for `cooccurrence`: quotes x platforms, 1 where a quote names one, most named first."""
    mentions = platform_mentions(wording)
    named = mentions.groupby("platform", sort=False)["quote_id"].nunique()
    columns = list(named.sort_values(ascending=False, kind="stable").index)
    table = pd.DataFrame(0, index=pd.Index(wording.answers["quote_id"]), columns=pd.Index(columns, dtype="str"))
    for quote, platform in zip(mentions["quote_id"], mentions["platform"], strict=True):
        table.loc[quote, platform] = 1
    return table


@cache
def platform_of(term: str) -> str:
    """The platform a lower-case term names, "" for none.

    Examples
    --------
    >>> platform_of("facebook's"), platform_of("инстаграмом"), platform_of("book")
    ('Facebook', 'Instagram', '')
    """
    for form, platform in _forms():
        if term == form or (form.endswith("*") and term.startswith(form[:-1])):
            return platform
    return ""


@cache
def _forms() -> tuple[tuple[str, str], ...]:
    """Form and platform, in the order of the file; a form ending in * stands for all words that begin so."""
    lines = (files("expert_roundup.analysis.clusters") / "platforms.csv").read_text("utf-8").splitlines()
    return tuple((form, row["platform"]) for row in csv.DictReader(lines) for form in row["forms"].split())

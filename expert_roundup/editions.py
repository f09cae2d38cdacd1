"""Editions of the first study: which source is which, and what of the coding attaches to it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from expert_roundup.datasets import data_path

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.parsing import Roundup

CONDENSED = "condensed/roundup.md"
#: share of the first study's speakers that another copy must have, in their order, to be taken for it
_SAME_ARTICLE = 0.9
#: what a reader must know of a copy
COPY_REMARK = (
    "this is not the article that was coded but one with its speakers in its order: codings attach by quote, "
    "without evidence"
)


def edition(roundup: Roundup) -> str:
    """Say which edition of the first study a roundup is.

    Returns
    -------
    str
        "condensed" or "original" by the hash of the source; "copy" for another copy or a translation, known by its
        speakers in their order; "own" for any other roundup.
    """
    if roundup.source.sha256 == _article_sha256():
        return "original"
    if roundup.source.sha256 == hashlib.sha256(data_path(CONDENSED).read_bytes()).hexdigest():
        return "condensed"
    return "copy" if _has_its_speakers(roundup) else "own"


def attached_codings(which: str) -> pd.DataFrame:
    """Return the shipped codings with evidence where its offsets hold: in the condensed edition or the original.

    Returns
    -------
    DataFrame
        One row per coder x quote x theme considered; for a copy start and end are missing.
    """
    from expert_roundup.datasets import load_codings

    codings = load_codings()
    if which == "condensed":
        return codings
    places = codings.drop(columns=["start", "end"])
    if which == "original":
        places = places.merge(_evidence(), on=["quote_id", "theme", "coder"], how="left", validate="one_to_one")
    return places.reindex(columns=codings.columns).astype({"start": "Int64", "end": "Int64"})


def with_english_speakers(quotes: pd.DataFrame) -> pd.DataFrame:
    """Return the quotes with a column speaker_en behind speaker."""
    from expert_roundup.datasets import load_speakers

    english = load_speakers().set_index("quote_id")["speaker_en"]
    named = quotes.copy()
    named.insert(list(named.columns).index("speaker") + 1, "speaker_en", quotes["quote_id"].map(english).fillna(""))
    return named


def _evidence() -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(data_path("source/evidence.csv"))


def _article_sha256() -> str:
    return str(json.loads(data_path("source/article.json").read_text("utf-8"))["sha256"])


def _has_its_speakers(roundup: Roundup) -> bool:
    from expert_roundup.datasets import load_speakers
    from expert_roundup.parsing.roster import comparable

    known = load_speakers()
    if len(roundup.rows) != len(known):
        return False
    spellings = zip(known["speaker_en"], known["speaker"], strict=True)
    same = [
        comparable(row.speaker) in (comparable(english), comparable(printed))
        for row, (english, printed) in zip(roundup.rows, spellings, strict=True)
    ]
    return sum(same) >= _SAME_ARTICLE * len(same)

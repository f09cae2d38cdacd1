"""Quotes as coding sees them: what was said, and where it stands in its source."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd

from expert_roundup.coding.csv_input import read_table
from expert_roundup.coding.faults import Faults, shown

_OFFSETS = ("start", "end")
#: the quotes frame in its order; speaker_en is the first study's
COLUMNS = (
    "quote_id", "speaker", "speaker_en", "role", "is_on_roster", "question", "language", "n_words", *_OFFSETS, "text",
    "links",
)  # fmt: skip


def read_quotes_csv(path: str | os.PathLike[str], *, required: tuple[str, ...] = ("quote_id", "text")) -> pd.DataFrame:
    """Read the quotes of a study from csv, every column of the quotes frame that is there.

    Parameters
    ----------
    required
        Columns that must be there; columns of your own (a group of speakers, say) may be named too.

    Returns
    -------
    DataFrame
        One row per quote, in the order of the file, columns in that of the quotes frame: text as str, start, end and
        n_words as Int64, is_on_roster as boolean, links as lists.

    Raises
    ------
    ValueError
        The file is no such csv, an id is empty or stands there twice, or an offset is no whole number; all bad rows
        are named.
    OSError
        The file cannot be read.
    """
    optional = [name for name in COLUMNS if name not in required]
    table = read_table(path, required=required, optional=optional, argument="quotes")
    faults = Faults("quotes")
    quote_id = table["quote_id"].str.strip()
    faults.add(quote_id == "", lambda _: "quote_id is empty")
    faults.add(
        (quote_id != "") & quote_id.duplicated(), lambda row: f"{shown(quote_id.iloc[row])} stands there already"
    )
    offsets = {name: _whole(table, name, faults) for name in _OFFSETS if name in table}
    faults.raise_any()
    read = table.assign(quote_id=quote_id, **offsets, **_facts(table))
    return read[sorted(read.columns, key=lambda name: COLUMNS.index(name) if name in COLUMNS else len(COLUMNS))]


def _facts(table: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """Columns that coding does not need and a study keeps; what cannot be read there is missing."""
    found: dict[str, pd.Series[Any]] = {}
    if "is_on_roster" in table:
        found["is_on_roster"] = table["is_on_roster"].map({"true": True, "false": False}).astype("boolean")
    if "n_words" in table:
        found["n_words"] = pd.to_numeric(table["n_words"], errors="coerce").round().astype("Int64")
    if "links" in table:
        found["links"] = table["links"].map(str.split)
    return found


def _whole(table: pd.DataFrame, name: str, faults: Faults) -> pd.Series[int]:
    text = table[name].str.strip()
    is_whole = text.str.fullmatch(r"[0-9]{1,15}")
    faults.add((text != "") & ~is_whole, lambda row: f"{name} {shown(text.iloc[row])} is no whole number")
    return pd.to_numeric(text.where(is_whole)).astype("Int64")

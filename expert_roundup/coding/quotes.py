"""Quotes as coding sees them: what was said, and where it stands in its source."""

from __future__ import annotations

import os

import pandas as pd

from expert_roundup.coding.csv_input import read_table
from expert_roundup.coding.faults import Faults, shown

_OFFSETS = ("start", "end")


def read_quotes_csv(path: str | os.PathLike[str], *, required: tuple[str, ...] = ("quote_id", "text")) -> pd.DataFrame:
    """Read the quotes of a study from csv, every column of the quotes frame that is there.

    Parameters
    ----------
    required
        Columns that must be there; columns of your own (a group of speakers, say) may be named too.

    Returns
    -------
    DataFrame
        One row per quote, in the order of the file: text columns as str, start and end as Int64.

    Raises
    ------
    ValueError
        The file is no such csv, an id is empty or stands there twice, or an offset is no whole number; all bad rows
        are named.
    OSError
        The file cannot be read.
    """
    known = ("quote_id", "speaker", "role", "question", "language", "text", *_OFFSETS)
    optional = [name for name in known if name not in required]
    table = read_table(path, required=required, optional=optional, argument="quotes")
    faults = Faults("quotes")
    quote_id = table["quote_id"].str.strip()
    faults.add(quote_id == "", lambda _: "quote_id is empty")
    faults.add(
        (quote_id != "") & quote_id.duplicated(), lambda row: f"{shown(quote_id.iloc[row])} stands there already"
    )
    offsets = {name: _whole(table, name, faults) for name in _OFFSETS if name in table}
    faults.raise_any()
    return table.assign(quote_id=quote_id, **offsets)


def _whole(table: pd.DataFrame, name: str, faults: Faults) -> pd.Series[int]:
    text = table[name].str.strip()
    is_whole = text.str.fullmatch(r"[0-9]{1,15}")
    faults.add((text != "") & ~is_whole, lambda row: f"{name} {shown(text.iloc[row])} is no whole number")
    return pd.to_numeric(text.where(is_whole)).astype("Int64")

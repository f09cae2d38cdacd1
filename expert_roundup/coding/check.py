"""What makes codings usable: every fault of every row is named, then nobody checks again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.coding.faults import Faults, shown

#: columns of the codings frame, in order
COLUMNS = ("quote_id", "theme", "coder", "confidence", "start", "end", "rationale")
#: columns without which there is no coding
REQUIRED = COLUMNS[:4]


def check_codings(
    codings: pd.DataFrame, *, quotes: pd.DataFrame | None = None, codebook: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the codings with the columns and types of the codings frame, or name every row that is unusable.

    Parameters
    ----------
    codings
        At least quote_id, theme, coder and confidence. A missing or empty theme means: read, and no theme given;
        such a row needs no confidence.
    quotes
        With it, every quote_id must be there and evidence must lie inside start..end of its quote.
    codebook
        With it, every theme must be there.

    Returns
    -------
    DataFrame
        One row per coder x quote x theme considered, in the given order: quote_id, theme ("" for none), coder,
        confidence (float), start, end (Int64, missing without evidence), rationale ("" for none).

    Raises
    ------
    TypeError
        `codings` is no frame.
    ValueError
        A column is missing, or rows hold an unknown quote or theme, no coder, a confidence that is no number from 0
        to 1, evidence half given, reversed or outside its quote, or repeat quote, theme and coder of an earlier row.
        All of them are named, counted from 1.

    Examples
    --------
    >>> row = {"quote_id": ["Q01", "Q01"], "theme": ["goals", None], "coder": "A", "confidence": [1.5, None]}
    >>> check_codings(pd.DataFrame(row))
    Traceback (most recent call last):
    ...
    ValueError: codings: 1 fault: row 1: confidence '1.5' is no number from 0 to 1
    """
    if not isinstance(codings, pd.DataFrame):
        raise TypeError(f"codings must be a frame, not {type(codings).__name__}")
    missing = [name for name in REQUIRED if name not in codings.columns]
    if missing:
        raise ValueError(f"codings: no column {', '.join(missing)}; needed are {', '.join(REQUIRED)}")
    given = codings.reset_index(drop=True)
    typed = _typed(given)
    faults = Faults("codings")
    _check_names(typed, faults)
    _check_numbers(given, typed, faults)
    if codebook is not None:
        known = set(codebook["theme"])
        unknown = ~typed["theme"].isin(known | {""})
        faults.add(unknown, lambda row: f"theme {shown(typed['theme'].iloc[row])} is not in the codebook")
    if quotes is not None:
        _check_places(typed, quotes, faults)
    faults.raise_any()
    return typed


def _typed(given: pd.DataFrame) -> pd.DataFrame:
    columns: dict[str, Any] = {name: _text(given, name) for name in ("quote_id", "theme", "coder")}
    columns["confidence"] = _numbers(given, "confidence")
    for name in ("start", "end"):
        numbers = _numbers(given, name)
        columns[name] = numbers.where(_is_whole(numbers)).astype("Int64")
    columns["rationale"] = _text(given, "rationale")
    return pd.DataFrame(columns, columns=list(COLUMNS))


def _text(frame: pd.DataFrame, name: str) -> pd.Series[str]:
    if name not in frame.columns:
        return pd.Series("", index=frame.index, dtype="str")
    return frame[name].astype("str").fillna("")


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series[float]:
    if name not in frame.columns:
        return pd.Series(np.nan, index=frame.index, dtype="float64")
    column = frame[name]
    if not pd.api.types.is_numeric_dtype(column):
        column = pd.to_numeric(column.astype("str").str.strip(), errors="coerce")
    return column.astype("Float64").astype("float64")


def _is_given(frame: pd.DataFrame, name: str) -> pd.Series[bool]:
    if name in frame.columns and pd.api.types.is_numeric_dtype(frame[name]):
        return frame[name].notna()
    return _text(frame, name).str.strip() != ""


def _is_whole(numbers: pd.Series[float]) -> pd.Series[bool]:
    return (numbers % 1 == 0) & (numbers.abs() < 2**53)


def _check_names(typed: pd.DataFrame, faults: Faults) -> None:
    faults.add(typed["quote_id"] == "", lambda _: "quote_id is empty")
    faults.add(typed["coder"] == "", lambda _: "coder is empty")
    key = ["quote_id", "theme", "coder"]

    def describe(row: int) -> str:
        quote_id, theme, coder = typed.loc[row, key]
        what = f"theme {shown(theme)}" if theme else "no theme"
        return f"{what} of coder {shown(coder)} for {shown(quote_id)} stands there already"

    faults.add(typed.duplicated(key), describe)


def _check_numbers(given: pd.DataFrame, typed: pd.DataFrame, faults: Faults) -> None:
    confidence = typed["confidence"]
    needed = (typed["theme"] != "") | _is_given(given, "confidence")
    faults.add(
        needed & ~confidence.between(0, 1),
        lambda row: f"confidence {shown(_text(given, 'confidence').iloc[row])} is no number from 0 to 1",
    )
    for name in ("start", "end"):
        faults.add(_is_given(given, name) & typed[name].isna(), _no_whole_number(given, name))
    start, end = typed["start"], typed["end"]
    faults.add(start.isna() != end.isna(), lambda _: "evidence has only one of start and end")
    faults.add(
        ((start >= end) | (start < 0)).fillna(False),
        lambda row: f"evidence {start.iloc[row]}..{end.iloc[row]} is empty, reversed or negative",
    )


def _no_whole_number(given: pd.DataFrame, name: str) -> Callable[[int], str]:
    return lambda row: f"{name} {shown(given[name].iloc[row])} is no whole number"


def _check_places(typed: pd.DataFrame, quotes: pd.DataFrame, faults: Faults) -> None:
    spans = quotes.drop_duplicates("quote_id").set_index("quote_id")
    quote_id = typed["quote_id"]
    unknown = ~quote_id.isin(spans.index) & (quote_id != "")
    faults.add(unknown, lambda row: f"quote {shown(quote_id.iloc[row])} is not among the {len(spans)} quotes")
    if not {"start", "end"} <= set(spans.columns):
        return
    first, last = (quote_id.map(spans[name]).astype("Int64") for name in ("start", "end"))
    outside = ((typed["start"] < first) | (typed["end"] > last)).fillna(False) & (typed["start"] < typed["end"]).fillna(
        False
    )
    faults.add(
        outside,
        lambda row: (
            f"evidence {typed['start'].iloc[row]}..{typed['end'].iloc[row]} lies outside {quote_id.iloc[row]} "
            f"({first.iloc[row]}..{last.iloc[row]})"
        ),
    )

"""Codings laid out as other programs want them: a matrix of 0 and 1, a row a quote, a row a coding."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from expert_roundup.coding.check import check_codings
from expert_roundup.coding.codebook import check_codebook
from expert_roundup.coding.codings import THRESHOLD, coded, indicator, reading
from expert_roundup.coding.refi_qda.places import origin_of
from expert_roundup.coding.refi_qda.plain_text import PlainText

#: what is told of a quote beside its codings, where it is known
ABOUT = ("speaker", "role", "language")


def quote_theme_matrix(
    codings: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    quotes: pd.DataFrame | None = None,
    coder: str = "majority",
    threshold: float = THRESHOLD,
) -> pd.DataFrame:
    """Lay out which theme one coder gave to which quote, as statistics programs read it.

    Parameters
    ----------
    quotes
        With it, every quote has a row, in this order, with speaker, role and language where they are known.

    Returns
    -------
    DataFrame
        One row per quote: quote_id, what is known of it, and a column per theme in the order of the codebook, Int64:
        1 coded, 0 not coded, missing where this coder did not read the quote.

    Raises
    ------
    ValueError
        The codings are unusable, or nobody of that name coded anything.

    Examples
    --------
    >>> codings = pd.DataFrame({"quote_id": ["Q01"], "theme": ["goals"], "coder": ["A"], "confidence": [0.9]})
    >>> quote_theme_matrix(codings, pd.DataFrame({"theme": ["goals", "craft"]})).to_dict("records")
    [{'quote_id': 'Q01', 'goals': 1, 'craft': 0}]
    """
    themes = list(check_codebook(codebook)["theme"])
    cells = indicator(codings, coder=coder, themes=themes, threshold=threshold).astype("Int64")
    if quotes is None:
        return cells.rename_axis(columns=None).reset_index()
    _check_quotes(codings, quotes, codebook)
    about = _about(quotes)
    clash = sorted(set(about.columns) & set(themes))
    if clash:
        raise ValueError(f"codebook: themes named like columns of the matrix: {', '.join(clash)}")
    return about.join(cells.rename_axis(columns=None), on="quote_id")


def rows_per_quote(
    codings: pd.DataFrame,
    codebook: pd.DataFrame,
    quotes: pd.DataFrame,
    *,
    coder: str = "majority",
    threshold: float = THRESHOLD,
) -> pd.DataFrame:
    """Lay out one coder's reading as a table to read: who said what, and which themes it carries.

    Returns
    -------
    DataFrame
        One row per quote, in the order of `quotes`: quote_id, speaker, role, language where they are known, is_read,
        n_themes (Int64, missing where the quote was not read), themes (labels joined by "; "), text.
    """
    book = check_codebook(codebook)
    _check_quotes(codings, quotes, book)
    rows = reading(codings, coder, threshold=threshold)
    given = coded(rows, threshold=threshold)
    # the codebook comes first in the merge, so labels keep its order
    labels = book[["theme", "label"]].merge(given, on="theme").groupby("quote_id")["label"]
    quote_id = quotes["quote_id"].reset_index(drop=True)
    return _about(quotes).assign(
        is_read=quote_id.isin(rows["quote_id"]),
        n_themes=quote_id.map(labels.size()).fillna(0).astype("Int64").where(quote_id.isin(rows["quote_id"])),
        themes=quote_id.map(labels.agg("; ".join)).fillna("").astype("str"),
        text=quotes["text"].astype("str").reset_index(drop=True),
    )


def rows_per_coding(
    codings: pd.DataFrame,
    codebook: pd.DataFrame,
    quotes: pd.DataFrame,
    *,
    source_text: str = "",
    coders: Sequence[str] | None = None,
    is_all: bool = False,
    threshold: float = THRESHOLD,
) -> pd.DataFrame:
    """Lay out codings with the words they stand on.

    Parameters
    ----------
    source_text
        What offsets index; needed only for evidence in quotes of several pieces.
    coders
        Whose codings; without it, everybody's.
    is_all
        Considered and rejected themes too.

    Returns
    -------
    DataFrame
        One row per coding, in the order of `codings`: quote_id, speaker, role, language where they are known, theme,
        label, coder, confidence, is_coded, evidence (its words; "" where none is marked), rationale, start, end.
    """
    book = check_codebook(codebook)
    rows = check_codings(codings, quotes=quotes, codebook=book)
    rows = rows[rows["theme"] != ""]
    if coders is not None:
        unknown = [name for name in coders if name not in set(codings["coder"])]
        if unknown:
            raise ValueError(f"coders: {', '.join(unknown)} coded nothing")
        rows = rows[rows["coder"].isin(list(coders))]
    rows = rows.assign(is_coded=rows["confidence"] >= threshold)
    rows = rows if is_all else rows[rows["is_coded"]]
    words = _evidence(rows, quotes, source_text)
    laid = rows.assign(evidence=words).merge(_about(quotes), on="quote_id", how="left", validate="many_to_one")
    laid = laid.merge(book[["theme", "label"]], on="theme", how="left", validate="many_to_one")
    known = [name for name in ABOUT if name in laid]
    return laid[
        [
            "quote_id",
            *known,
            "theme",
            "label",
            "coder",
            "confidence",
            "is_coded",
            "evidence",
            "rationale",
            "start",
            "end",
        ]
    ]


def _about(quotes: pd.DataFrame) -> pd.DataFrame:
    return quotes[["quote_id", *(name for name in ABOUT if name in quotes)]].reset_index(drop=True)


def _check_quotes(codings: pd.DataFrame, quotes: pd.DataFrame, codebook: pd.DataFrame) -> None:
    missing = [name for name in ("quote_id", "text") if name not in quotes]
    if missing:
        raise ValueError(f"quotes: no column {', '.join(missing)}")
    check_codings(codings, quotes=quotes, codebook=codebook)


def _evidence(rows: pd.DataFrame, quotes: pd.DataFrame, source_text: str) -> pd.Series[str]:
    """Words of every coding's evidence, cut out of the quote's text; "" without any, or where its place is unknown."""
    told = quotes[quotes["quote_id"].isin(rows["quote_id"])]
    texts = {row["quote_id"]: _placed(row, source_text) for row in told.to_dict("records")}
    spans = zip(rows["quote_id"], rows["start"].tolist(), rows["end"].tolist(), strict=True)
    return pd.Series(
        [_cut(texts[quote_id], start, end) for quote_id, start, end in spans], index=rows.index, dtype="str"
    )


def _placed(row: dict[Hashable, Any], source_text: str) -> PlainText | None:
    """The quote's text with the places of its characters; offsets of a quote without a place count in its text."""
    text = str(row["text"])
    start, end = row.get("start"), row.get("end")
    if start is None or end is None or pd.isna(start) or pd.isna(end):
        start, end = 0, len(text)
    origin = origin_of(text, int(start), int(end), source_text=source_text)
    return None if origin is None else PlainText(text, *origin)


def _cut(text: PlainText | None, start: Any, end: Any) -> str:
    span = None if text is None or pd.isna(start) else text.position(start, end)
    return "" if text is None or span is None else text.text[slice(*span)]

"""Opening the coding widget: everything is checked before the first click."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from expert_roundup.coding.codebook import check_codebook
from expert_roundup.coding.codings import check_codings
from expert_roundup.coding.published import check_published_tally
from expert_roundup.notebook.comparison import Reference
from expert_roundup.notebook.keeping import CodingFile
from expert_roundup.notebook.places import Places, places
from expert_roundup.notebook.sheet import empty_sheet, from_codings
from expert_roundup.notebook.widget import CodingWidget


def code_quotes(
    quotes: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    coder: str,
    path: str | Path,
    source_text: str = "",
    readings: pd.DataFrame | None = None,
    published: pd.DataFrame | None = None,
    overwrite: bool = False,
) -> CodingWidget:
    """Open the coding widget, or go on where its file ends.

    Parameters
    ----------
    quotes
        Quotes frame; at least quote_id and text. Without start and end, evidence counts from the quote's beginning.
    codebook
        Codebook frame.
    coder
        Whose codings these are; not the name of one of the readings.
    path
        The csv that holds them, written whole at every step. What it already holds of this coder is read first.
    source_text
        The text that start and end index, for quotes that are no single slice of it.
    readings, published
        Codings of others and published totals, to compare with; they are shown when the coder is done.
    overwrite
        Begin anew, whatever the file holds.

    Returns
    -------
    CodingWidget
        Show it as the last line of a cell.

    Raises
    ------
    ValueError
        Quotes, codebook or codings are unusable, the coder's name is taken, or the file holds another coder's work.
    OSError
        The file cannot be read.
    """
    book = check_codebook(codebook)
    _check_quotes(quotes)
    known = None if readings is None else check_codings(readings, codebook=book)
    if known is not None and coder in set(known["coder"]):
        raise ValueError(f"coder {coder!r} is the name of one of the readings to compare with; take another")
    totals = None if published is None else check_published_tally(published, codebook=book)
    file = CodingFile(Path(path), coder, overwrite=overwrite)
    sheet = empty_sheet(coder, list(quotes["quote_id"]), list(book["theme"]))
    sheet = from_codings(sheet, file.read())
    return CodingWidget(quotes, _all_places(quotes, source_text), Reference(book, known, totals), sheet, file)


def _check_quotes(quotes: pd.DataFrame) -> None:
    missing = [name for name in ("quote_id", "text") if name not in quotes.columns]
    if missing:
        raise ValueError(f"quotes: no column {', '.join(missing)}; needed are quote_id and text")
    twice = quotes.loc[quotes["quote_id"].duplicated(), "quote_id"]
    if len(twice):
        raise ValueError(f"quotes: ids that stand there twice: {', '.join(map(str, twice[:20]))}")


def _all_places(quotes: pd.DataFrame, source_text: str) -> dict[str, Places]:
    spans: list[tuple[int | None, int | None]] = [(None, None)] * len(quotes)
    if {"start", "end"} <= set(quotes.columns):
        offsets = quotes[["start", "end"]].astype("Int64")
        spans = [(None if pd.isna(a) else int(a), None if pd.isna(b) else int(b)) for a, b in offsets.to_numpy()]
    return {
        str(quote_id): places(str(text), start=start, end=end, source_text=source_text)
        for quote_id, text, (start, end) in zip(quotes["quote_id"], quotes["text"].fillna(""), spans, strict=True)
    }

"""Frames as a workbook: typed cells under a frozen header, and no text that a spreadsheet would run."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from expert_roundup.output.cells import cell_text, is_missing
from expert_roundup.output.screen import display_width
from expert_roundup.output.zips import without_dates

if TYPE_CHECKING:
    import pandas as pd

#: limits of the xlsx format
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS, MOST_NAME = 1_048_575, 16_384, 32_767, 31
_CUT = " … [cut here: a cell holds 32,767 characters; the csv has them all]"
_NO_NAME = re.compile(r"[\[\]:*?/\\']")
_WIDEST = 60


def frames_to_xlsx(frames: Mapping[str, pd.DataFrame]) -> bytes:
    """Return frames as an xlsx workbook, one sheet a frame, the same bytes on every run.

    Parameters
    ----------
    frames
        Name of the sheet to frame. Characters that a sheet's name cannot have become "_".

    Returns
    -------
    bytes
        Numbers are numbers, booleans are booleans, missing values are empty, and every text is a text, whatever it
        begins with: "=1+1" and "https://…" stay what they are, also when the cell is edited. The header is bold, frozen
        and filters. Numbers keep 16 digits, one more than spreadsheets show; the csv keeps all.

    Raises
    ------
    ValueError
        There is no frame, or one has more rows or columns than a sheet can hold.
    """
    import xlsxwriter

    _check(frames)
    out = io.BytesIO()
    as_is = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": True, **as_is})
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1, "valign": "top"}),
        "text": book.add_format({"valign": "top", "quote_prefix": True}),
        "plain": book.add_format({"valign": "top"}),
        "date": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm"}),
    }
    taken: set[str] = set()
    for name, frame in frames.items():
        _fill(book.add_worksheet(_sheet_name(name, taken)), frame, styles)
    book.close()
    return without_dates(out.getvalue())


def _check(frames: Mapping[str, pd.DataFrame]) -> None:
    if not frames:
        raise ValueError("frames: a workbook needs at least one frame")
    large = [
        f"{name} has {len(frame):,} rows and {frame.shape[1]:,} columns"
        for name, frame in frames.items()
        if len(frame) > MOST_ROWS or frame.shape[1] > MOST_COLUMNS
    ]
    if large:
        most = f"{MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns"
        raise ValueError(f"frames: a sheet holds at most {most}; {'; '.join(large)}: save csv instead")


def _fill(sheet: Any, frame: pd.DataFrame, styles: Mapping[str, Any]) -> None:
    for j in range(frame.shape[1]):
        head, cells = str(frame.columns[j]), frame.iloc[:, j].tolist()
        sheet.write_string(0, j, head, styles["head"])
        widest = display_width(head) + 3  # room for the filter's arrow
        for i, value in enumerate(cells, start=1):
            widest = max(widest, _write(sheet, i, j, value, styles))
        sheet.set_column(j, j, min(widest + 1, _WIDEST))
    sheet.freeze_panes(1, 0)
    if frame.shape[1]:
        sheet.autofilter(0, 0, len(frame), frame.shape[1] - 1)


def _write(sheet: Any, i: int, j: int, value: Any, styles: Mapping[str, Any]) -> int:
    """Write one cell by its type and return how wide it is."""
    if hasattr(value, "tolist"):  # a numpy scalar or array
        value = value.tolist()
    if is_missing(value):
        return 0
    if isinstance(value, bool):
        sheet.write_boolean(i, j, value, styles["plain"])
        return 5
    if isinstance(value, int | float):
        # beyond 2^53 a spreadsheet would round
        exact = isinstance(value, float) or abs(value) <= 2**53
        (sheet.write_number if exact else _write_text(sheet))(i, j, value if exact else str(value), styles["plain"])
        return min(len(str(value)), 12)
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        sheet.write_datetime(i, j, value, styles["date"])
        return 16
    text = cell_text(value)
    if not text:
        return 0
    if len(text) > MOST_LETTERS:
        text = text[: MOST_LETTERS - len(_CUT)] + _CUT
    _write_text(sheet)(i, j, text, styles["text" if text[:1] in "=+-@'\t\r" else "plain"])
    return display_width(text[: 2 * _WIDEST])


def _write_text(sheet: Any) -> Any:
    return sheet.write_string


def _sheet_name(name: str, taken: set[str]) -> str:
    """The name as a sheet may have it; names that would be equal get a number."""
    base = _NO_NAME.sub("_", name).strip()[:MOST_NAME] or "sheet"
    found, n = base, 1
    while found.casefold() in taken:
        n += 1
        found = f"{base[: MOST_NAME - len(str(n)) - 1]} {n}"
    taken.add(found.casefold())
    return found

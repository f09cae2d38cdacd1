"""Frames as csv that reads back equal and that no spreadsheet runs.

A text cell that a spreadsheet would run is written with an apostrophe before it, and `csv_to_frame` takes that
apostrophe away again. Run means: it begins with ``=``, or with ``+``, ``-`` or ``@`` and calls a function or another
program (it holds a parenthesis or a bar); blanks and apostrophes before the sign do not count. A list item ("- be
patient") or a handle ("@ann says") can at most be shown wrongly, so it stays as it is, and offsets into it stay right
for every reader.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from expert_roundup.output.cells import cell_text
from expert_roundup.output.cells import is_missing as is_missing
from expert_roundup.output.screen import frame_to_text as frame_to_text

if TYPE_CHECKING:
    import pandas as pd

# full-width signs count too: spreadsheets set to an East Asian language read them as the plain ones
_RUNS = re.compile(r"[\s']*(?:[=＝]|[+\-@＋－＠].*[(|（｜])", re.DOTALL)
_GUARDED = re.compile("'" + _RUNS.pattern, re.DOTALL)
_MAY_RUN = re.compile(r"[\s'=＝+\-@＋－＠]")
#: columns of our frames that are text whatever they hold: a theme may be called 2024, a speaker True
_TEXTS = frozenset(
    {
        "quote_id", "theme", "label", "definition", "include", "exclude", "examples", "group", "color", "coder",
        "coders", "coefficient", "interval", "rationale", "speaker", "speaker_en", "role", "question", "language",
        "text", "links", "kind", "strength", "cue", "platform", "term", "other", "other_label",
    }
)  # fmt: skip
_QUOTE = re.compile(r'[",\r\n]')
_INTEGER = re.compile(r"0|-?[1-9]\d{0,17}")  # "007" is text
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf)", re.IGNORECASE)


def frame_to_csv(frame: pd.DataFrame, *, safe: bool = True) -> str:
    r"""Return a frame as csv: UTF-8 text, line feeds, one row per row of the frame, the index left out.

    Parameters
    ----------
    frame
        Any frame; it is not changed.
    safe
        Put an apostrophe before text that a spreadsheet would run (see the module's docstring).

    Returns
    -------
    str
        Floats in the shortest form that reads back equal, booleans ``true`` and ``false``, missing values empty, lists
        joined by a space.

    Examples
    --------
    >>> import pandas as pd
    >>> frame_to_csv(pd.DataFrame({"theme": ["goals", "=1+1"], "share": [0.1, None], "is_coded": [True, False]}))
    "theme,share,is_coded\ngoals,0.1,true\n'=1+1,,false\n"
    """
    names = [_guard(str(name)) if safe else str(name) for name in frame.columns]
    columns = [_quoted([name, *_csv_cells(frame.iloc[:, i], safe=safe)]) for i, name in enumerate(names)]
    if len(columns) == 1:  # an empty line would be no record
        columns = [[cell or '""' for cell in columns[0]]]
    return "".join(f"{line}\n" for line in map(",".join, zip(*columns, strict=True)))


def csv_to_frame(text: str) -> pd.DataFrame:
    r"""Read what `frame_to_csv` wrote: the apostrophes of guarded cells are gone and every column has its type again.

    Returns
    -------
    pandas.DataFrame
        One row per record. A column of whole numbers is Int64, of numbers float64, of true and false boolean, where
        empty cells are missing; any other column is text, where an empty cell is "", and so are the columns that hold
        text in our frames (quote_id, theme, label, speaker, ...). Words such as "NA" are text.

    Raises
    ------
    ValueError
        A record has more or fewer cells than the header; all such lines are named.

    Examples
    --------
    >>> csv_to_frame("theme,n_quotes\ngoals,9\n'=1+1,\n").to_dict("list")
    {'theme': ['goals', '=1+1'], 'n_quotes': [9, None]}
    """
    import pandas as pd

    rows = _records(text.removeprefix("\ufeff"))
    if not rows:
        return pd.DataFrame()
    header, records = [_unguard(name) for name in rows[0]], rows[1:]
    bad = [str(number) for number, row in enumerate(records, start=1) if len(row) != len(header)]
    if bad:
        shown = ", ".join(bad[:20]) + (f" and {len(bad) - 20} more" if len(bad) > 20 else "")
        raise ValueError(f"csv: every record needs {len(header)} cells like the header; not so in record {shown}")
    columns = list(zip(*records, strict=True)) or [()] * len(header)
    typed = {i: _text(cells) if header[i] in _TEXTS else _typed(cells) for i, cells in enumerate(columns)}
    return pd.DataFrame(typed).set_axis(header, axis=1)


def _records(text: str) -> list[list[str]]:
    """Split csv into records, cells of any length; the module's own limit of 128 KiB a cell is put back afterwards."""
    limit = csv.field_size_limit(len(text) + 1)
    try:
        return [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    finally:
        csv.field_size_limit(limit)


def _csv_cells(column: pd.Series[Any], *, safe: bool) -> list[str]:
    """Cells of one column; a plain column never looks at its cells one by one, which a million rows would feel."""
    values = column.tolist()
    kind = column.dtype.kind if column.dtype.kind in "iub" else ""
    if kind == "b":
        return ["true" if value is True else "false" if value is False else "" for value in values]
    if kind:
        return [str(value) if isinstance(value, int) else "" for value in values]
    cells = [value if isinstance(value, str) else cell_text(value) for value in values]
    if column.dtype.kind == "f" or not safe or not any(map(_MAY_RUN.match, {cell[:1] for cell in cells})):
        return cells
    return [cell if isinstance(value, int | float) else _guard(cell) for value, cell in zip(values, cells, strict=True)]


def _quoted(cells: list[str]) -> list[str]:
    """Cells with quotes where csv needs them; `csv.writer` of Python 3.11 leaves a lone carriage return bare."""
    if not _QUOTE.search("\0".join(cells)):
        return cells
    return ['"' + cell.replace('"', '""') + '"' if _QUOTE.search(cell) else cell for cell in cells]


def _guard(cell: str) -> str:
    return "'" + cell if _RUNS.match(cell) else cell


def _unguard(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def _typed(cells: Sequence[str]) -> pd.Series[Any]:
    import pandas as pd

    filled = {cell for cell in cells if cell}
    values = [cell or None for cell in cells]
    if filled and filled <= {"true", "false"}:
        return pd.Series([None if cell is None else cell == "true" for cell in values], dtype="boolean")
    if filled and all(map(_INTEGER.fullmatch, filled)):
        return pd.Series([None if cell is None else int(cell) for cell in values], dtype="Int64")
    if filled and all(map(_NUMBER.fullmatch, filled)):
        return pd.Series([None if cell is None else float(cell) for cell in values], dtype="float64")
    return _text(cells)


def _text(cells: Sequence[str]) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series([_unguard(cell) if cell[:1] == "'" else cell for cell in cells], dtype="str")

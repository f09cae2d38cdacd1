"""Frames as text: csv that reads back equal and runs nothing, and tables for a terminal, a page and a paper.

A text cell that a spreadsheet would run is written with an apostrophe before it, and `csv_to_frame` takes that
apostrophe away again. Run means: it begins with ``=``, or with ``+``, ``-`` or ``@`` and calls a function or another
program (it holds a parenthesis or a bar); blanks and apostrophes before the sign do not count. A list item ("- be
patient") or a handle ("@ann says") can at most be shown wrongly, so it stays as it is, and offsets into it stay right
for every reader.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# full-width signs count too: spreadsheets set to an East Asian language read them as the plain ones
_RUNS = re.compile(r"[\s']*(?:[=＝]|[+\-@＋－＠].*[(|（｜])", re.DOTALL)
_GUARDED = re.compile("'" + _RUNS.pattern, re.DOTALL)
_MAY_RUN = re.compile(r"[\s'=＝+\-@＋－＠]")
_QUOTE = re.compile(r'[",\r\n]')
_INTEGER = re.compile(r"0|-?[1-9]\d{0,17}")  # "007" is text
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


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
        empty cells are missing; any other column is text, where an empty cell is "". Words such as "NA" are text.

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
    frame = pd.DataFrame({i: _typed(cells) for i, cells in enumerate(columns)})
    return frame.set_axis(header, axis=1)


def frame_to_text(frame: pd.DataFrame, *, width: int | None = None) -> str:
    """Return a frame as an aligned table for a screen, every row of it.

    Parameters
    ----------
    frame
        Any frame; it is not changed.
    width
        Columns of the screen; default: the terminal's. The widest text columns are cut with "…" until a row fits;
        numbers never are, so a narrow screen may still be too narrow.

    Returns
    -------
    str
        One line per row under a header and a rule. Numbers stand right, with at most three decimals; missing values are
        blank; line breaks are blanks; wide and combining characters take the room they take on the screen.

    Examples
    --------
    >>> import pandas as pd
    >>> print(frame_to_text(pd.DataFrame({"theme": ["goals", "связи"], "share": [0.25, 1.0]}), width=40), end="")
    theme  share
    ------------
    goals   0.25
    связи      1
    """
    if frame.shape[1] == 0:
        return "(no columns)\n"
    names, cells, right = screen_cells(frame)
    widths = [max(map(display_width, [name, *column])) for name, column in zip(names, cells, strict=True)]
    widths = _fitted(widths, right, (width or shutil.get_terminal_size().columns) - 2 * (len(widths) - 1))
    lines = [_line(row, widths, right) for row in [names, *zip(*cells, strict=True)]]
    lines.insert(1, "-" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(lines if len(frame) else [*lines, "(no rows)"]) + "\n"


def screen_cells(frame: pd.DataFrame) -> tuple[list[str], list[list[str]], list[bool]]:
    """Return the names of the columns, their cells as a reader sees them, and whether each column holds numbers."""
    cells = [[_screen(value) for value in frame.iloc[:, i].tolist()] for i in range(frame.shape[1])]
    return (
        [_screen(str(name)) for name in frame.columns],
        cells,
        [frame.iloc[:, i].dtype.kind in "iuf" for i in range(frame.shape[1])],
    )


def display_width(text: str) -> int:
    """Return how many columns `text` takes in a terminal: two for a wide character, none for a combining one.

    Examples
    --------
    >>> display_width("Q01"), display_width("引用"), display_width("й")
    (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) in ("Cf", "Me") else 1 + (_is_wide(c)) for c in text
    )


def legible(text: str) -> str:
    r"""Return `text` without characters that control a terminal, break XML or turn the direction of writing.

    Examples
    --------
    >>> legible("a\x1b[31m\x00b\u202ec")
    'a[31mbc'
    """
    return _CONTROL.sub("", text)


def shorten(text: str, width: int) -> str:
    """Return `text` on one line, cut with "…" where it takes more than `width` columns.

    Examples
    --------
    >>> shorten("Set Strategic Goals, Not Vanity Metrics", 20)
    'Set Strategic Goals…'
    """
    text = " ".join(text.split())
    if display_width(text) <= width:
        return text
    while text and display_width(text) > width - 1:
        text = text[:-1]
    return text.rstrip(" ,;:") + "…"


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


def cell_text(value: Any) -> str:
    """Return one value as text: a number in its shortest exact form, a list joined by a space, "" for a missing one."""
    if isinstance(value, str):
        return value
    if hasattr(value, "tolist"):  # a numpy scalar or array
        value = value.tolist()
    if isinstance(value, list | tuple):
        return " ".join(map(cell_text, value))
    if isinstance(value, set | frozenset):
        return " ".join(sorted(map(cell_text, value)))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if is_missing(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def is_missing(value: Any) -> bool:
    """Return whether a value is None, NaN, NA or NaT."""
    return value is None or (not isinstance(value, str) and str(value) in ("nan", "<NA>", "NaT"))


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
    if "'" in {cell[:1] for cell in filled}:
        cells = [_unguard(cell) for cell in cells]
    return pd.Series(cells, dtype="str")


def _screen(value: Any) -> str:
    """One value for a reader; control characters of a hostile page never reach the terminal."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and not is_missing(value):
        short = f"{value:.3f}".rstrip("0").rstrip(".")
        return "0" if short == "-0" else short
    return legible(" ".join(cell_text(value).split()))


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _fitted(widths: list[int], fixed: list[bool], room: int) -> list[int]:
    """Widths cut, the widest text column first, until they fit into `room`; no column below eight."""
    widths = list(widths)
    while sum(widths) > room:
        text = [i for i in range(len(widths)) if not fixed[i] and widths[i] > 8]
        if not text:
            break
        widest = max(text, key=lambda i: widths[i])
        second = max([widths[i] for i in text if i != widest], default=8)
        widths[widest] -= min(sum(widths) - room, max(widths[widest] - max(second, 8), 1))
    return widths


def _line(cells: Iterable[str], widths: list[int], right: list[bool]) -> str:
    parts = []
    for cell, width, is_right in zip(cells, widths, right, strict=True):
        short = shorten(cell, width)
        blank = " " * (width - display_width(short))
        parts.append(blank + short if is_right else short + blank)
    return "  ".join(parts).rstrip()

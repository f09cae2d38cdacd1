"""Frames as aligned tables for a terminal, whatever script their cells are in."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from expert_roundup.output.cells import cell_text, is_missing, legible

if TYPE_CHECKING:
    import pandas as pd


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

"""Charts of cells: themes as rows, answers or speakers as columns, a shade for how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from expert_roundup.output.lettering import width, wrap
from expert_roundup.output.sheet import Sheet, open_sheet
from expert_roundup.output.style import BODY, SMALL, Look, ink_on, mix

if TYPE_CHECKING:
    import numpy.typing as npt

_GAP = 0.15
_LINE = BODY * 1.25 / 72
_PITCH = 0.25  # inches from one upright label to the next
TALLEST = 1.5  # inches; a longer name of a column is cut
#: beyond so many columns their labels are left out; the csv has them
MANY = 70


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet with axes of cells: column j and row i have their centre at (j, i), rows downwards.

    Attributes
    ----------
    sheet
        The sheet.
    axes
        The cells' axes, labelled.
    right
        Where a column of numbers may stand, in inches.
    """

    sheet: Sheet
    axes: Axes
    right: float

    def shade(self, values: npt.NDArray[np.float64], *, top: float = 1.0) -> None:
        """Shade the cells from paper (0) to the marking colour (`top`); no value leaves a cell empty."""
        look = self.sheet.look
        if values.shape[1] > MANY:
            edges = [[i - 0.5 for i in range(n + 1)] for n in (values.shape[1], values.shape[0])]
            self.axes.pcolormesh(*edges, values, cmap=shades(look), vmin=0, vmax=top)
            return
        places = [(x, y) for y, x in np.argwhere(~np.isnan(values)).tolist()]
        cells = PatchCollection([Rectangle((x - 0.5, y - 0.5), 1, 1) for x, y in places], cmap=shades(look))
        cells.set(array=[values[y, x] for x, y in places], edgecolor=look.line, linewidth=1.0, clip_on=False)
        cells.set_clim(0, top)
        self.axes.add_collection(cells)

    def frame(self, column: int, row: int) -> None:
        """Put a frame of the second colour around a cell."""
        look = self.sheet.look
        place = (column - 0.5 + 0.06, row - 0.5 + 0.06)
        self.axes.add_patch(
            Rectangle(place, 0.88, 0.88, fill=False, edgecolor=look.second, linewidth=2.4, zorder=3, clip_on=False)
        )

    def number(self, column: int, row: int, text: str, shade: float) -> None:
        """Write into a cell that is shaded by `shade` (0..1), in the ink that reads on it."""
        look = self.sheet.look
        color = ink_on(mix(look.paper, look.mark, shade))
        self.axes.text(column, row, text, ha="center", va="center_baseline", size=SMALL, color=color, zorder=4)

    def note(self, column: int, row: int, text: str) -> None:
        """Write into an empty cell."""
        quiet = self.sheet.look.quiet
        self.axes.text(column, row, text, ha="center", va="center_baseline", size=SMALL, weight="bold", color=quiet)

    def totals(self, head: str, cells: Sequence[str]) -> None:
        """Write one number a row at the right of the cells, with `head` above."""
        look = self.sheet.look
        low, high = self.axes.get_xlim()
        inch = (high - low) / (self.axes.get_position().width * self.sheet.width)
        for i, cell in enumerate(cells):
            self.axes.text(
                high + 0.55 * inch, i, cell, ha="right", va="center_baseline", size=BODY, weight="bold", color=look.ink
            )
        self.axes.text(high + 0.1 * inch, -0.62, head, size=SMALL, color=look.quiet, va="bottom")


def open_grid(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    key: str,
    notes: Sequence[str],
    look: Look,
    totals: float = 0.0,
) -> Grid:
    """Return a sheet with cells for `rows` and `columns`; `totals` inches are kept free at the right."""
    room = min(0.36 * look.size[0], max(width(label, BODY) for label in rows) + 0.02)
    wrapped = [wrap(label, room, BODY, lines=2) for label in rows]
    lines = [1 + label.count("\n") for label in wrapped]
    least = max((a + b) / 2 for a, b in zip(lines, lines[1:] or lines, strict=False)) * _LINE + 0.03
    heads = [short_name(label, TALLEST) for label in columns] if len(columns) <= MANY else []
    head = max([width(label, SMALL) for label in heads], default=0.0) + 0.12
    pitch = _PITCH if heads else 0.05
    is_flat = bool(heads) and head <= pitch + 0.2
    head = 0.34 if is_flat else head
    need = (room + _GAP + pitch * len(columns) + totals, head + least * len(rows))
    sheet = open_sheet(title, key=key, notes=notes, words=[*rows, *columns], look=look, need=need)
    wide = (sheet.width - 2 * sheet.look.margin - room - _GAP - totals) / len(columns)
    tall = (sheet.bottom - sheet.top - head) / len(rows)
    wide, tall = min(wide, max(tall * 1.6, pitch)), min(tall, 0.7)
    left = sheet.look.margin + room + _GAP
    axes = sheet.axes(left, sheet.top + head, wide * len(columns), tall * len(rows))
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), wrapped)
    axes.xaxis.tick_top()
    if heads:
        axes.set_xticks(range(len(columns)), heads, size=SMALL, rotation=0 if is_flat else 90)
    return Grid(sheet, axes, left + wide * len(columns))


def short_name(name: str, room: float) -> str:
    """Return a name that fits into `room` inches: whole, else with an initial for the first name, else cut.

    Examples
    --------
    >>> short_name("Amanda Robinson", 2.0), short_name("Amanda Robinson", 1.4)
    ('Amanda Robinson', 'A. Robinson')
    """
    first, _, rest = name.partition(" ")
    if rest and first and width(name, SMALL) > room:
        name = f"{first[0]}. {rest}"
    return wrap(name, room, SMALL)


def shades(look: Look) -> LinearSegmentedColormap:
    """Return the colours from paper to the marking colour."""
    return LinearSegmentedColormap.from_list("shades", [look.paper, look.mark])

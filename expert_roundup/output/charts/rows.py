"""Charts of rows: one theme a row, its label at the left, bars and columns of numbers beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from expert_roundup.output.lettering import width, wrap
from expert_roundup.output.sheet import Sheet, open_sheet
from expert_roundup.output.style import BODY, SMALL, Look

_GAP = 0.15
_LINE = BODY * 1.25 / 72


@dataclass(frozen=True, slots=True)
class Rows:
    """A sheet whose room is cut into rows.

    Attributes
    ----------
    sheet
        The sheet.
    labels
        One a row, wrapped.
    left
        Where the labels end and the first panel may begin, in inches.
    right
        Where the last panel must end.
    top, height
        Of the rows, in inches; the heads of panels stand above `top`.
    """

    sheet: Sheet
    labels: list[str]
    left: float
    right: float
    top: float
    height: float

    @property
    def room(self) -> float:
        """Inches between the labels and the right margin."""
        return self.right - self.left

    def panel(self, left: float, width: float, head: str = "", *, is_labelled: bool = False) -> Axes:
        """Return axes over all rows, row i at y = i, downwards; `head` stands above."""
        axes = self.sheet.axes(left, self.top, width, self.height)
        axes.set_ylim(len(self.labels) - 0.5, -0.5)
        if is_labelled:
            axes.set_yticks(range(len(self.labels)), self.labels)
        if head:
            self.sheet.write(left, self.top - 0.08, head, size=SMALL, color=self.sheet.look.quiet, va="bottom")
        return axes

    def column(self, right: float, head: str, cells: Sequence[str], **style: Any) -> Axes:
        """Return axes with one text a row, ends at `right`, with `head` above."""
        wide = 1.2
        axes = self.panel(right - wide, wide)
        axes.set_xlim(0, 1)
        look = self.sheet.look
        given: dict[str, Any] = {"ha": "right", "va": "center_baseline", "size": BODY, "color": look.ink} | style
        for i, cell in enumerate(cells):
            axes.text(1, i, cell, **given)
        self.sheet.write(right, self.top - 0.08, head, size=SMALL, color=look.quiet, va="bottom", ha="right")
        return axes


def open_rows(
    title: str, labels: Sequence[str], *, key: str, notes: Sequence[str], look: Look, has_head: bool = True
) -> Rows:
    """Return a sheet with a row for each label; rows that do not fit make the sheet grow."""
    share = 0.4 if look.size[0] > 9 else 0.36
    room = min(share * look.size[0], max(width(label, BODY) for label in labels) + 0.02)
    wrapped = [wrap(label, room, BODY, lines=2) for label in labels]
    lines = [1 + label.count("\n") for label in wrapped]
    # two lines beside one need less room than two beside two
    least = max((a + b) / 2 for a, b in zip(lines, lines[1:] or lines, strict=False)) * _LINE + 0.06
    head = 0.36 if has_head else 0.0
    need = (look.size[0] - 2 * look.margin, head + least * len(labels))
    sheet = open_sheet(title, key=key, notes=notes, words=labels, look=look, need=need)
    each = min((sheet.bottom - sheet.top - head - 0.1) / len(labels), 0.8)
    left = sheet.look.margin + room + _GAP
    return Rows(sheet, wrapped, left, sheet.width - sheet.look.margin, sheet.top + head, each * len(labels))

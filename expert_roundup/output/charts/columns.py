"""Charts of columns: one answer a column, its speaker's name upright below."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from expert_roundup.output.charts.grid import MANY, TALLEST, short_name
from expert_roundup.output.lettering import width
from expert_roundup.output.sheet import Sheet, open_sheet
from expert_roundup.output.style import SMALL, Look

_PITCH = 0.26
_TICKS = 0.65  # inches for the numbers of the upright axis


def open_columns(
    title: str, names: Sequence[str], *, key: str, notes: Sequence[str], look: Look, is_named: bool = True
) -> tuple[Sheet, Axes]:
    """Return a sheet and axes with a place for each name; column i stands at x = i.

    Beyond MANY columns the names are left out; the csv has them.
    """
    shown = [short_name(name, TALLEST) for name in names] if is_named and len(names) <= MANY else []
    below = max([width(name, SMALL) for name in shown], default=0.0) + 0.15
    pitch = _PITCH if shown else 0.03
    need = (_TICKS + pitch * len(names), 2.4 + below)
    sheet = open_sheet(title, key=key, notes=notes, words=names, look=look, need=need)
    wide, top = sheet.width - 2 * sheet.look.margin - _TICKS, sheet.top + 0.15
    axes = sheet.axes(sheet.look.margin + _TICKS, top, wide, sheet.bottom - top - below)
    axes.set_xlim(-0.6, len(names) - 0.4)
    if shown:
        axes.set_xticks(range(len(names)), shown, size=SMALL, rotation=90)
    return sheet, axes


def upright_scale(axes: Axes, look: Look, ticks: Sequence[float], texts: Sequence[str]) -> None:
    """Write the numbers of the upright axis, with a rule through each."""
    axes.set_yticks(ticks, texts, size=SMALL, color=look.quiet)
    for at in ticks:
        axes.axhline(at, color=look.line, linewidth=1.0, zorder=0)

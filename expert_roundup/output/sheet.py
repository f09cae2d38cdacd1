"""A sheet: a figure measured in inches, with the finding on top, the key under it, and n and source at the foot."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from expert_roundup.output.lettering import families, is_rewritten, readable, wrap
from expert_roundup.output.style import BODY, DPI, KEY, SMALL, TITLE, Look

_ON_SCREEN = 960  # pixels across in a notebook
FOOT_GAP = 0.16
_LEADING = 1.25 / 72  # inches a line takes for each point of its size
_REWRITTEN = "Letters that no font of this machine has are written in Latin ones."
#: settings while a chart is drawn: a "$" in a label is a dollar, and a saved file depends on nothing but the numbers
_SETTINGS: dict[Any, Any] = {
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "font.size": BODY,
    "svg.hashsalt": "expert-roundup",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "path.simplify": True,
}


class ChartFigure(Figure):
    """A matplotlib figure that a notebook shows by itself: the picture, and its title where there is no screen."""

    #: the finding, in one sentence
    title: str = ""

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        width, height = self.get_size_inches()
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=DPI / 1.5, metadata={"Software": None})
        shown = {"width": _ON_SCREEN, "height": round(_ON_SCREEN * height / width)}
        return {"image/png": buffer.getvalue(), "text/plain": self.title}, {"image/png": shown}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure with its head and foot written; what lies between them is free for axes.

    Attributes
    ----------
    figure
        The figure.
    look
        How it is drawn.
    width, height
        Size in inches, as it became.
    top, bottom
        The free room, in inches from the upper edge.
    """

    figure: ChartFigure
    look: Look
    width: float
    height: float
    top: float
    bottom: float

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes without frame and ticks, placed in inches from the upper left corner."""
        place = (left / self.width, 1 - (top + height) / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(place)
        axes.patch.set_visible(False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(length=0, labelsize=BODY, labelcolor=self.look.ink, pad=6)
        axes.set_xticks([])
        axes.set_yticks([])
        return axes

    def write(self, left: float, top: float, text: str, **style: Any) -> Text:
        """Write text whose anchor (upper left unless `ha` and `va` say otherwise) is in inches from that corner."""
        given: dict[str, Any] = {"size": BODY, "color": self.look.ink, "va": "top", "linespacing": 1.25} | style
        return self.figure.text(left / self.width, 1 - top / self.height, readable(text), **given)

    def done(self) -> ChartFigure:
        """Return the figure, every text set in fonts that have its letters."""
        for text in self.figure.findobj(Text):
            assert isinstance(text, Text)
            if text.get_text():
                text.set_text(readable(text.get_text()))
                text.set_fontfamily(families(text.get_text()))
        return self.figure


@contextmanager
def drawing() -> Iterator[None]:
    """Draw or save with our own settings, whatever the notebook's are."""
    with mpl.rc_context(), mpl.rc_context(_SETTINGS):
        yield


def open_sheet(
    title: str,
    *,
    key: str = "",
    notes: Sequence[str] = (),
    words: Collection[str] = (),
    look: Look,
    need: tuple[float, float] = (0.0, 0.0),
) -> Sheet:
    """Return a sheet with `title`, `key` and `notes` written.

    Parameters
    ----------
    title
        The finding; left out, with the notes, where the look is plain.
    key
        What the marks mean.
    notes
        n, limits and source, one a line.
    words
        Texts that the chart will show: where a font lacks their letters, the notes say so.
    look
        Shape and colours.
    need
        Width and height in inches that the chart needs between the margins, the head and the foot. A sheet too small
        grows: in its own shape up to twice its size, beyond that only where it must.
    """
    if any(map(is_rewritten, [title, *words])):
        notes = [*notes, _REWRITTEN]
    width, height = look.size
    for _ in range(3):  # a wider sheet has a lower head
        head, foot = _head(title, key, width, look), _foot(notes, width, look)
        gap = FOOT_GAP if foot else 0.0
        wanted = need[0] + 2 * look.margin, need[1] + 2 * look.margin + _lines(head) + _lines(foot) + gap
        width, height = _grown(width, height, wanted)
    figure = ChartFigure(figsize=(width, height), dpi=DPI, facecolor="none" if look.is_transparent else look.paper)
    FigureCanvasAgg(figure)
    figure.title = title
    bottom = height - look.margin - _lines(foot)
    sheet = Sheet(figure, look, width, height, look.margin + _lines(head), bottom - gap)
    _write_down(sheet, head, look.margin)
    _write_down(sheet, foot, bottom)
    return sheet


_Block = list[tuple[str, dict[str, Any]]]


def _head(title: str, key: str, width: float, look: Look) -> _Block:
    size = TITLE if width > 8 else TITLE - 4
    room = width - 2 * look.margin
    bold = {"size": size, "weight": "bold", "color": look.ink}
    blocks = [] if look.is_plain else [(wrap(title, room, size, lines=4, weight="bold"), bold)]
    return [*blocks, (wrap(key, room, KEY, lines=4), {"size": KEY, "color": look.quiet})] if key else blocks


def _foot(notes: Sequence[str], width: float, look: Look) -> _Block:
    style, room = {"size": SMALL, "color": look.quiet}, width - 2 * look.margin
    return [(wrap(note, room, SMALL, lines=3), style) for note in notes if note and not look.is_plain]


def _lines(blocks: _Block) -> float:
    """Inches that the blocks take, the gaps after them included."""
    return float(sum((text.count("\n") + 1) * style["size"] * _LEADING + 0.08 for text, style in blocks))


def _grown(width: float, height: float, wanted: tuple[float, float]) -> tuple[float, float]:
    factor = max(wanted[0] / width, wanted[1] / height, 1.0)
    if factor > 2:
        return max(width, wanted[0]), max(height, wanted[1])
    return width * factor, height * factor


def _write_down(sheet: Sheet, blocks: _Block, top: float) -> None:
    for text, style in blocks:
        sheet.write(sheet.look.margin, top, text, **style)
        top += _lines([(text, style)])

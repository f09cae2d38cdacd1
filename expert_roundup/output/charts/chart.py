"""A chart as one record: what it is called, says and shows, and how to draw it in any look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from expert_roundup.output.style import Look

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.output.sheet import ChartFigure


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its numbers and its words.

    Attributes
    ----------
    name
        Short, for file names: "tally", "agreement".
    title
        The finding, in one sentence.
    alt_text
        The chart in words.
    numbers
        What is drawn, one row a mark.
    draw
        Draws it in a look.
    """

    name: str
    title: str
    alt_text: str
    numbers: pd.DataFrame
    draw: Callable[[Look], ChartFigure]

    @property
    def figure(self) -> ChartFigure:
        """The chart, drawn anew, 16:9 on white."""
        return self.draw(Look())

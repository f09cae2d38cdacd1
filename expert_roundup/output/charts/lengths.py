"""How long the answers are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expert_roundup.output.charts.columns import open_columns, upright_scale
from expert_roundup.output.charts.readings import speakers_of
from expert_roundup.output.charts.words import check_frame, listed, plural
from expert_roundup.output.sheet import ChartFigure, drawing
from expert_roundup.output.style import SMALL, Look

if TYPE_CHECKING:
    import pandas as pd


def lengths_numbers(quotes: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of the chart of lengths.

    Parameters
    ----------
    quotes
        The quotes frame: quote_id, speaker, n_words.

    Returns
    -------
    pandas.DataFrame
        One row per answer, the longest first: quote_id, speaker, n_words.
    """
    check_frame(quotes, "quotes", ["quote_id", "speaker", "n_words"])
    names = speakers_of(quotes, list(quotes["quote_id"]))
    rows = quotes.assign(speaker=quotes["quote_id"].map(names))
    rows = rows.sort_values(["n_words", "quote_id"], ascending=[False, True], kind="stable")
    return rows[["quote_id", "speaker", "n_words"]].reset_index(drop=True)


def lengths_title(quotes: pd.DataFrame) -> str:
    """Return the finding of the chart of lengths in one sentence.

    Examples
    --------
    >>> import pandas as pd
    >>> lengths_title(pd.DataFrame({"quote_id": ["Q01", "Q02", "Q03"], "speaker": ["Ann", "Bo", "Cy"],
    ...     "n_words": [90, 45, 30]}))
    'Half of the answers have 45 words or fewer; the longest, by Ann, has 90'
    """
    rows = lengths_numbers(quotes)
    middle, top = int(rows["n_words"].median()), int(rows["n_words"].max())
    if middle == top:
        return f"Half of the answers or more have {plural(top, 'word')}, as the longest has"
    names = list(rows.loc[rows["n_words"] == top, "speaker"])
    who = f"by {listed(names)}, " if len(names) < 3 else ""
    verb = "has" if len(names) == 1 else "have"
    return f"Half of the answers have {plural(middle, 'word')} or fewer; the longest, {who}{verb} {top:,}"


def lengths_alt_text(quotes: pd.DataFrame) -> str:
    """Return the chart of lengths in words, for those who cannot see it."""
    rows = lengths_numbers(quotes)
    said = "; ".join(f"{name} {n:,}" for name, n in zip(rows["speaker"], rows["n_words"], strict=True))
    return f"Column chart. {lengths_title(quotes)}. Words per answer, longest first: {said}."


def draw_lengths(quotes: pd.DataFrame, *, source: str = "", note: str = "", look: Look | None = None) -> ChartFigure:
    """Draw how many words each answer has, the longest first.

    Parameters
    ----------
    quotes
        The quotes frame: quote_id, speaker, n_words.
    source
        Where the numbers come from, for the last line.
    note
        A limit to state above the source.
    look
        Shape and colours; default 16:9 on white.

    Returns
    -------
    matplotlib.figure.Figure
        The chart; a line stands at the median.
    """
    rows, look = lengths_numbers(quotes), look or Look()
    words = rows["n_words"].astype(int).tolist()
    middle, top = float(rows["n_words"].median()), max(max(words), 1)
    notes = [f"{plural(len(rows), 'answer')}, {plural(sum(words), 'word')} in all. {note}".strip(), source]
    with drawing():
        key = "Words per answer. Line: median."
        sheet, axes = open_columns(lengths_title(quotes), rows["speaker"].tolist(), key=key, notes=notes, look=look)
        axes.set_ylim(0, top * 1.06)
        step = _step(top)
        upright_scale(axes, look, range(0, top + 1, step), [f"{n:,}" for n in range(0, top + 1, step)])
        colors = [look.mark if n == top else look.other for n in words]
        axes.bar(range(len(words)), words, width=0.72, color=colors)
        axes.axhline(middle, color=look.second, linewidth=2)
        axes.text(
            len(words) - 0.5, middle + top * 0.015, f"median {middle:,.0f}",
            size=SMALL, weight="bold", color=look.ink, ha="right", va="bottom",
        )  # fmt: skip
        return sheet.done()


def _step(top: int) -> int:
    """A round step that cuts the axis into four or so."""
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000):
        if top / step <= 5:
            return step
    return max(top // 5, 1)

"""The dendrogram: which answers join first, and at what distance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from expert_roundup.output.charts.columns import open_columns, upright_scale
from expert_roundup.output.charts.readings import speakers_of
from expert_roundup.output.charts.words import check_frame, decimal, listed, plural
from expert_roundup.output.sheet import ChartFigure, drawing
from expert_roundup.output.style import Look

if TYPE_CHECKING:
    import pandas as pd


def dendrogram_numbers(
    linkage: pd.DataFrame, *, quote_ids: Sequence[str], quotes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the numbers of the dendrogram.

    Parameters
    ----------
    linkage
        One row per join, in scipy's order: first, second (numbers of the parts, below n an answer, from n on the join
        of row minus n), height, n_quotes.
    quote_ids
        The n answers, in the order of the numbers.
    quotes
        Gives the speakers; without it the answers' ids stand for them.

    Returns
    -------
    pandas.DataFrame
        One row per join, the closest first: join (1..), first, second (a speaker, or "join k"), height, n_quotes.

    Raises
    ------
    ValueError
        A column is missing, or the joins are not one fewer than the answers.
    """
    check_frame(linkage, "linkage", ["first", "second", "height", "n_quotes"])
    if len(linkage) != len(quote_ids) - 1:
        raise ValueError(f"quote_ids: {len(linkage)} joins need {len(linkage) + 1} answers, not {len(quote_ids)}")
    names = speakers_of(quotes, quote_ids)
    parts = [names[answer] for answer in quote_ids] + [f"join {i}" for i in range(1, len(linkage) + 1)]
    rows = linkage.assign(
        join=range(1, len(linkage) + 1),
        first=[parts[int(i)] for i in linkage["first"]],
        second=[parts[int(i)] for i in linkage["second"]],
        n_quotes=linkage["n_quotes"].astype(int),
    )
    return rows[["join", "first", "second", "height", "n_quotes"]].reset_index(drop=True)


def dendrogram_title(linkage: pd.DataFrame, *, quote_ids: Sequence[str], quotes: pd.DataFrame | None = None) -> str:
    """Return the finding of the dendrogram in one sentence."""
    rows = dendrogram_numbers(linkage, quote_ids=quote_ids, quotes=quotes)
    nearest, last = rows.iloc[0], rows.iloc[-1]
    who = listed([nearest["first"], nearest["second"]])
    first, all_ = decimal(nearest["height"]), decimal(last["height"])
    return f"{who} join first, at {first}; all answers are one group only at {all_}"


def dendrogram_alt_text(linkage: pd.DataFrame, *, quote_ids: Sequence[str], quotes: pd.DataFrame | None = None) -> str:
    """Return the dendrogram in words, for those who cannot see it."""
    rows = dendrogram_numbers(linkage, quote_ids=quote_ids, quotes=quotes)
    cells = rows[["join", "first", "second", "height"]].to_numpy().tolist()
    said = "; ".join(f"join {i}: {a} with {b} at {decimal(height)}" for i, a, b, height in cells)
    return f"Tree. {dendrogram_title(linkage, quote_ids=quote_ids, quotes=quotes)}. {said}."


def draw_dendrogram(
    linkage: pd.DataFrame,
    *,
    quote_ids: Sequence[str],
    quotes: pd.DataFrame | None = None,
    cut: float | None = None,
    source: str = "",
    note: str = "",
    look: Look | None = None,
) -> ChartFigure:
    """Draw which answers join first, and at what distance.

    Parameters
    ----------
    linkage, quote_ids, quotes
        As for `dendrogram_numbers`.
    cut
        A height at which a line is drawn.
    source
        Where the numbers come from, for the last line.
    note
        A limit to state above the source.
    look
        Shape and colours; default 16:9 on white.

    Returns
    -------
    matplotlib.figure.Figure
        The chart, answers below, heights at the left.
    """
    from scipy.cluster.hierarchy import dendrogram

    rows, look = dendrogram_numbers(linkage, quote_ids=quote_ids, quotes=quotes), look or Look()
    joins = linkage[["first", "second", "height", "n_quotes"]].to_numpy(dtype=float)
    tree: dict[str, Any] = dendrogram(joins, no_plot=True)
    names = speakers_of(quotes, quote_ids)
    title = dendrogram_title(linkage, quote_ids=quote_ids, quotes=quotes)
    key = "The lower two answers join, the more alike they are worded."
    notes = [
        f"{plural(len(quote_ids), 'answer')}. Any wording gives a tree; a tree proves no groups. {note}".strip(),
        source,
    ]
    with drawing():
        leaves = [names[quote_ids[i]] for i in tree["leaves"]]
        sheet, axes = open_columns(title, leaves, key=key, notes=notes, look=look)
        top = float(rows["height"].max()) or 1.0
        axes.set_ylim(0, top * 1.05)
        ticks = [0, top / 2, top]
        upright_scale(axes, look, ticks, ["0", decimal(top / 2), decimal(top)])
        for x, y in zip(tree["icoord"], tree["dcoord"], strict=True):
            # scipy puts leaf i at 5 + 10 i
            axes.plot([(at - 5) / 10 for at in x], y, color=look.mark, linewidth=2, solid_joinstyle="miter")
        if cut is not None:
            axes.axhline(cut, color=look.second, linewidth=2, linestyle="--")
        return sheet.done()

"""Themes that come together in one answer, beside what chance alone would bring together."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from expert_roundup.output.charts.grid import Grid, open_grid
from expert_roundup.output.charts.readings import all_labels, most, n_read, ordered_themes, shares
from expert_roundup.output.charts.words import plural
from expert_roundup.output.sheet import ChartFigure, drawing
from expert_roundup.output.style import Look

if TYPE_CHECKING:
    import pandas as pd


def cooccurrence_numbers(
    codings: pd.DataFrame, *, codebook: pd.DataFrame | None = None, coder: str | None = None
) -> pd.DataFrame:
    """Return the numbers of the chart of themes that come together.

    Parameters
    ----------
    codings
        The codings frame: quote_id, theme, coder, confidence.
    codebook
        Gives the labels and all themes; without it those that occur.
    coder
        One reading; default: themes that more than half of the readings see.

    Returns
    -------
    pandas.DataFrame
        One row per pair of themes, the more frequent theme first: theme, label, other, other_label, n_both (answers
        that give both), n_expected (as many as two themes of these sizes would share by chance).
    """
    import pandas as pd

    cells = shares(codings, coder=coder)
    themes = ordered_themes(cells, codebook)
    given = most(cells).groupby("theme")["quote_id"].agg(set).to_dict()
    n, labels = n_read(codings, coder=coder), all_labels(themes, codebook)
    rows = []
    for (first, label), (second, other) in combinations(zip(themes, labels, strict=True), 2):
        a, b = given.get(first, set()), given.get(second, set())
        rows.append((first, label, second, other, len(a & b), len(a) * len(b) / n))
    return pd.DataFrame(rows, columns=["theme", "label", "other", "other_label", "n_both", "n_expected"])


def cooccurrence_title(codings: pd.DataFrame, *, codebook: pd.DataFrame | None = None, coder: str | None = None) -> str:
    """Return the finding of the chart of themes that come together in one sentence."""
    rows = cooccurrence_numbers(codings, codebook=codebook, coder=coder)
    n_most = int(rows["n_both"].max()) if len(rows) else 0
    if n_most == 0:
        return "No answer gives two themes"
    top = rows[rows["n_both"] == n_most]
    if len(top) > 1:
        return f"No pair of themes stands out: {len(top)} pairs share {plural(n_most, 'answer')} each"
    a, b, expected = top[["label", "other_label", "n_expected"]].iloc[0]
    return f"“{a}” and “{b}” come together most often: {plural(n_most, 'answer')}, {expected:.1f} by chance"


def cooccurrence_alt_text(
    codings: pd.DataFrame, *, codebook: pd.DataFrame | None = None, coder: str | None = None
) -> str:
    """Return the chart of themes that come together in words, for those who cannot see it."""
    rows = cooccurrence_numbers(codings, codebook=codebook, coder=coder)
    title = cooccurrence_title(codings, codebook=codebook, coder=coder)
    met = rows[rows["n_both"] > 0].sort_values("n_both", ascending=False, kind="stable")
    cells = met[["label", "other_label", "n_both", "n_expected"]].to_numpy().tolist()
    said = "; ".join(f"{a} with {b} {n} ({expected:.1f} by chance)" for a, b, n, expected in cells)
    return f"Grid of themes by themes. {title}. Pairs that occur: {said or 'none'}."


def draw_cooccurrence(
    codings: pd.DataFrame,
    *,
    codebook: pd.DataFrame | None = None,
    coder: str | None = None,
    source: str = "",
    note: str = "",
    look: Look | None = None,
) -> ChartFigure:
    """Draw how often two themes come together in one answer, beside what chance would bring together.

    Parameters
    ----------
    codings, codebook, coder
        As for `cooccurrence_numbers`.
    source
        Where the numbers come from, for the last line.
    note
        A limit to state above the source.
    look
        Shape and colours; default 16:9 on white.

    Returns
    -------
    matplotlib.figure.Figure
        The chart; a frame marks pairs that meet in two answers or more and at least twice as often as by chance.

    Raises
    ------
    ValueError
        There are fewer than two themes.
    """
    rows = cooccurrence_numbers(codings, codebook=codebook, coder=coder)
    if not len(rows):
        raise ValueError("codings: two themes are needed to see which come together")
    themes = list(dict.fromkeys([*rows["theme"], *rows["other"]]))
    labels = [f"{i}  {label}" for i, label in enumerate(all_labels(themes, codebook), start=1)]
    sizes = most(shares(codings, coder=coder))["theme"].value_counts()
    key = "Answers that give both themes; at the edge, the theme at all. Frame: 2 or more, and twice chance."
    n = f"{plural(n_read(codings, coder=coder), 'answer')}, {plural(len(rows), 'pair')}:"
    notes = [f"{n} with so many looked at, the largest excess is no evidence by itself. {note}".strip(), source]
    with drawing():
        title = cooccurrence_title(codings, codebook=codebook, coder=coder)
        columns = [str(i) for i in range(1, len(themes) + 1)]
        grid = open_grid(title, labels, columns, key=key, notes=notes, look=look or Look())
        _draw(grid, rows, themes, [int(sizes.get(theme, 0)) for theme in themes])
        return grid.sheet.done()


def _draw(grid: Grid, rows: pd.DataFrame, themes: list[str], sizes: list[int]) -> None:
    import numpy as np

    place = {theme: i for i, theme in enumerate(themes)}
    values = np.full((len(themes), len(themes)), np.nan)
    top = max(int(rows["n_both"].max()), 3)
    for row in rows.to_dict("records"):
        x, y = place[row["theme"]], place[row["other"]]
        values[y, x] = row["n_both"]
        if row["n_both"]:
            grid.number(x, y, str(row["n_both"]), row["n_both"] / top)
        if row["n_both"] >= 2 and row["n_both"] >= 2 * row["n_expected"]:
            grid.frame(x, y)
    grid.shade(values, top=top)
    for i, size in enumerate(sizes):
        grid.note(i, i, str(size))

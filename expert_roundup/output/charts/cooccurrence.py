"""Themes that come together in one answer, beside what chance alone would bring together."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from expert_roundup.output.charts.grid import Grid, open_grid
from expert_roundup.output.charts.readings import all_labels, most, n_read, ordered_themes, shares
from expert_roundup.output.charts.words import check_frame, decimal, labels_of, plural
from expert_roundup.output.sheet import ChartFigure, drawing
from expert_roundup.output.style import Look

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ["theme", "label", "n", "other", "other_label", "other_n", "n_both", "n_expected", "p_corrected"]


def cooccurrence_numbers(
    codings: pd.DataFrame, *, codebook: pd.DataFrame | None = None, coder: str | None = None
) -> pd.DataFrame:
    """Return the numbers of the chart of themes that come together.

    Parameters
    ----------
    codings
        The codings frame: quote_id, theme, coder, confidence. Or pairs that were counted and tested already: theme_a,
        theme_b, n_a, n_b, n_both, expected, p_corrected.
    codebook
        Gives the labels and all themes; without it those that occur.
    coder
        One reading; default: themes that more than half of the readings see.

    Returns
    -------
    pandas.DataFrame
        One row per pair of themes, the more frequent theme first: theme, label, n, other, other_label, other_n, n_both
        (answers that give both), n_expected (as many as two themes of these sizes would share by chance), p_corrected
        (empty where pairs were not tested).

    Raises
    ------
    ValueError
        A column is missing, or there are fewer than two themes.
    """
    rows = _tested(codings, codebook) if "theme_a" in codings.columns else _counted(codings, codebook, coder)
    if not len(rows):
        raise ValueError("codings: two themes are needed to see which come together")
    return rows


def cooccurrence_title(codings: pd.DataFrame, *, codebook: pd.DataFrame | None = None, coder: str | None = None) -> str:
    """Return the finding of the chart of themes that come together in one sentence."""
    rows = cooccurrence_numbers(codings, codebook=codebook, coder=coder)
    if rows["p_corrected"].notna().any():
        n, least = int((rows["p_corrected"] < 0.05).sum()), float(rows["p_corrected"].min())
        if n == 0:
            of = plural(len(rows), "pair")
            return f"No two themes go together beyond chance ({of}, smallest corrected p {decimal(least)})"
        verb = "goes" if n == 1 else "go"
        return f"{plural(n, 'pair')} of {len(rows)} {verb} together beyond chance (corrected p below .05)"
    n_most = int(rows["n_both"].max())
    top = rows[rows["n_both"] == n_most]
    if n_most == 0:
        return "No answer gives two themes"
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
        The chart. A frame marks pairs beyond chance where pairs were tested, else those that meet in two answers or
        more and at least twice as often as by chance.
    """
    rows = cooccurrence_numbers(codings, codebook=codebook, coder=coder)
    sizes = {
        **dict(zip(rows["theme"], rows["n"], strict=True)),
        **dict(zip(rows["other"], rows["other_n"], strict=True)),
    }
    labels = [f"{i}  {label}" for i, label in enumerate(all_labels(list(sizes), codebook), start=1)]
    is_tested = bool(rows["p_corrected"].notna().any())
    frame = "beyond chance" if is_tested else "2 or more, and twice chance"
    key = f"Answers that give both themes; at the edge, the theme at all. Frame: {frame}."
    n = (
        plural(len(rows), "pair")
        if is_tested
        else f"{plural(n_read(codings, coder=coder), 'answer')}, {plural(len(rows), 'pair')}"
    )
    limit = (
        "tested one by one, corrected for all."
        if is_tested
        else "with so many looked at, the largest excess is no evidence by itself."
    )
    with drawing():
        title = cooccurrence_title(codings, codebook=codebook, coder=coder)
        columns = [str(i) for i in range(1, len(labels) + 1)]
        notes = [f"{n}: {limit} {note}".strip(), source]
        grid = open_grid(title, labels, columns, key=key, notes=notes, look=look or Look())
        _draw(grid, rows, sizes, is_tested=is_tested)
        return grid.sheet.done()


def _draw(grid: Grid, rows: pd.DataFrame, sizes: dict[str, int], *, is_tested: bool) -> None:
    import numpy as np

    place = {theme: i for i, theme in enumerate(sizes)}
    values = np.full((len(sizes), len(sizes)), np.nan)
    top = max(int(rows["n_both"].max()), 3)
    beyond = (
        rows["p_corrected"] < 0.05 if is_tested else (rows["n_both"] >= 2) & (rows["n_both"] >= 2 * rows["n_expected"])
    )
    for row, is_beyond in zip(rows.to_dict("records"), beyond, strict=True):
        x, y = sorted((place[row["theme"]], place[row["other"]]))
        values[y, x] = row["n_both"]
        if row["n_both"]:
            grid.number(x, y, str(row["n_both"]), row["n_both"] / top)
        if is_beyond:
            grid.frame(x, y)
    grid.shade(values, top=top)
    for i, size in enumerate(sizes.values()):
        grid.note(i, i, str(size))


def _counted(codings: pd.DataFrame, codebook: pd.DataFrame | None, coder: str | None) -> pd.DataFrame:
    import pandas as pd

    cells = shares(codings, coder=coder)
    themes = ordered_themes(cells, codebook)
    given = most(cells).groupby("theme")["quote_id"].agg(set).to_dict()
    n, labels = n_read(codings, coder=coder), all_labels(themes, codebook)
    rows = []
    for (first, label), (second, other) in combinations(zip(themes, labels, strict=True), 2):
        a, b = given.get(first, set()), given.get(second, set())
        rows.append((first, label, len(a), second, other, len(b), len(a & b), len(a) * len(b) / n, float("nan")))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _tested(pairs: pd.DataFrame, codebook: pd.DataFrame | None) -> pd.DataFrame:
    check_frame(pairs, "codings", ["theme_a", "theme_b", "n_a", "n_b", "n_both", "expected", "p_corrected"])
    labels = labels_of(codebook)
    names = {"theme_a": "theme", "theme_b": "other", "n_a": "n", "n_b": "other_n", "expected": "n_expected"}
    rows = pairs.rename(columns=names)
    rows = rows.assign(label=[labels[t] for t in rows["theme"]], other_label=[labels[t] for t in rows["other"]])
    return rows[_COLUMNS].reset_index(drop=True)

"""The reconstruction chart: the coding that fits the published totals best, cell by cell, with its doubt in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expert_roundup.output.charts.grid import Grid, open_grid
from expert_roundup.output.charts.readings import all_labels
from expert_roundup.output.charts.words import check_frame, decimal, plural
from expert_roundup.output.sheet import ChartFigure, drawing
from expert_roundup.output.style import Look

if TYPE_CHECKING:
    import pandas as pd

#: a cell is open where its probability lies between these
OPEN = (0.1, 0.9)
_LIMIT = "It is the reading that fits best, never the author's own coding."


def reconstruction_numbers(reconstruction: pd.DataFrame, *, codebook: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the numbers of the reconstruction chart.

    Parameters
    ----------
    reconstruction
        The reconstruction frame: quote_id, theme, is_coded, probability, regret.
    codebook
        Gives the labels of the themes; without it their names stand for them.

    Returns
    -------
    pandas.DataFrame
        One row per answer and theme: quote_id, theme, label, is_coded, probability, is_open (the probability
        lies between 10 and 90 %), regret; themes with most codings first, answers in the order of the page.
    """
    check_frame(reconstruction, "reconstruction", ["quote_id", "theme", "is_coded", "probability", "regret"])
    rows = reconstruction.assign(is_coded=reconstruction["is_coded"].astype(bool))
    names = list(dict.fromkeys(rows["theme"]))
    counts = rows.groupby("theme")["is_coded"].sum()
    place = {theme: i for i, theme in enumerate(sorted(names, key=lambda theme: -int(counts[theme])))}
    labels = dict(zip(names, all_labels(names, codebook), strict=True))
    rows = rows.assign(
        label=rows["theme"].map(labels),
        is_open=rows["probability"].between(*OPEN, inclusive="neither"),
        place=rows["theme"].map(place),
    )
    kept = ["quote_id", "theme", "label", "is_coded", "probability", "is_open", "regret"]
    return rows.sort_values(["place", "quote_id"], kind="stable")[kept].reset_index(drop=True)


def reconstruction_title(reconstruction: pd.DataFrame, *, codebook: pd.DataFrame | None = None) -> str:
    """Return the finding of the reconstruction chart in one sentence."""
    rows = reconstruction_numbers(reconstruction, codebook=codebook)
    coded = rows[rows["is_coded"]]
    n_sure = int((coded["probability"] >= OPEN[1]).sum())
    if n_sure == len(coded):
        return f"All {plural(len(coded), 'coding')} that fit the published totals best are all but certain"
    verb = "is" if n_sure == 1 else "are"
    return (
        f"{n_sure} of the {plural(len(coded), 'coding')} that fit the published totals best {verb} all but certain; "
        f"{plural(int(rows['is_open'].sum()), 'cell')} of {len(rows)} stay open"
    )


def reconstruction_alt_text(reconstruction: pd.DataFrame, *, codebook: pd.DataFrame | None = None) -> str:
    """Return the reconstruction chart in words, for those who cannot see it."""
    rows = reconstruction_numbers(reconstruction, codebook=codebook)
    totals = rows.groupby("label", sort=False)["is_coded"].sum()
    said = "; ".join(f"{label} {n}" for label, n in totals.items())
    title = reconstruction_title(reconstruction, codebook=codebook)
    shape = f"{plural(len(totals), 'theme')} by {plural(rows['quote_id'].nunique(), 'answer')}"
    return f"Grid of {shape}, shaded by probability. {title}. Codings per theme: {said}. {_doubts(rows)}".strip()


def draw_reconstruction(
    reconstruction: pd.DataFrame,
    *,
    codebook: pd.DataFrame | None = None,
    source: str = "",
    note: str = "",
    look: Look | None = None,
) -> ChartFigure:
    """Draw the coding that fits the published totals best, with the probability of every cell.

    Parameters
    ----------
    reconstruction, codebook
        As for `reconstruction_numbers`.
    source
        Where the numbers come from, for the last line.
    note
        A limit to state above the source.
    look
        Shape and colours; default 16:9 on white.

    Returns
    -------
    matplotlib.figure.Figure
        The chart: shade for probability, a dot for a coding of the best fit, a frame around what stays open.
    """
    rows, look = reconstruction_numbers(reconstruction, codebook=codebook), look or Look()
    themes, answers = list(dict.fromkeys(rows["theme"])), sorted(set(rows["quote_id"]))
    key = "Shade: probability of the coding. Dot: coded in the best fit. Frame: open, between 10 and 90 %."
    with drawing():
        grid = open_grid(
            reconstruction_title(reconstruction, codebook=codebook),
            all_labels(themes, codebook),
            answers,
            key=key,
            notes=[f"{plural(len(answers), 'answer')}. {_LIMIT} {note}".strip(), source],
            look=look,
            totals=0.7,
        )
        _draw(grid, rows, themes, answers)
        return grid.sheet.done()


def _draw(grid: Grid, rows: pd.DataFrame, themes: list[str], answers: list[str]) -> None:
    look = grid.sheet.look
    wide = rows.pivot_table(index="theme", columns="quote_id", values="probability", aggfunc="first", observed=True)
    grid.shade(wide.reindex(index=themes, columns=answers).to_numpy(dtype=float))
    row, column = {t: i for i, t in enumerate(themes)}, {q: i for i, q in enumerate(answers)}
    for cell in rows[rows["is_coded"] | rows["is_open"]].to_dict("records"):
        x, y = column[cell["quote_id"]], row[cell["theme"]]
        if cell["is_coded"]:
            color = look.paper if cell["probability"] > 0.4 else look.ink
            grid.axes.plot([x], [y], "o", color=color, markersize=6, zorder=4)
        if cell["is_open"]:
            grid.frame(x, y)
    grid.totals("coded", [str(int(n)) for n in rows.groupby("theme", sort=False)["is_coded"].sum()])


def _doubts(rows: pd.DataFrame, n: int = 6) -> str:
    """The cells nearest to even chances, in words."""
    cells = rows[rows["is_open"]].assign(even=lambda frame: (frame["probability"] - 0.5).abs())
    if not len(cells):
        return ""
    worst = cells.sort_values(["even", "quote_id"], kind="stable").head(n)
    said = (f"{a} {b} {decimal(p)}" for a, b, p in worst[["quote_id", "label", "probability"]].to_numpy().tolist())
    return f"Nearest to even chances: {'; '.join(said)}."

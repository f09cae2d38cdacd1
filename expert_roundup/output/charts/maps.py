"""The map of wording: answers worded alike lie close, as far as a plane allows; the stress says how far that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expert_roundup.output.charts.consensus import group_of
from expert_roundup.output.charts.placing import place_labels
from expert_roundup.output.charts.readings import speakers_of
from expert_roundup.output.charts.words import check_frame, decimal, plural
from expert_roundup.output.sheet import ChartFigure, Sheet, drawing, open_sheet
from expert_roundup.output.style import BODY, SMALL, Look

if TYPE_CHECKING:
    import pandas as pd

_MARKERS = "os^DvP"


def map_numbers(
    clusters: pd.DataFrame, *, quotes: pd.DataFrame | None = None, stress: float | None = None
) -> pd.DataFrame:
    """Return the numbers of the map.

    Parameters
    ----------
    clusters
        The clusters frame: quote_id, cluster (empty: in no group), certainty, x, y.
    quotes
        Gives the speakers; without it the answers' ids stand for them.
    stress
        Kruskal's stress-1 of the map, 0 where it keeps every distance; default: ``clusters.attrs["stress"]``.

    Returns
    -------
    pandas.DataFrame
        One row per answer: quote_id, speaker, cluster, certainty, x, y, stress (of the whole map).

    References
    ----------
    Kruskal, J. B. (1964). Multidimensional scaling by optimizing goodness of fit to a nonmetric hypothesis.
    Psychometrika 29, 1-27.
    """
    check_frame(clusters, "clusters", ["quote_id", "cluster", "certainty", "x", "y"])
    known = stress if stress is not None else clusters.attrs.get("stress")
    rows = clusters.assign(
        speaker=clusters["quote_id"].map(speakers_of(quotes, list(clusters["quote_id"]))),
        cluster=clusters["quote_id"].map(group_of(clusters)),
        stress=float("nan") if known is None else float(known),
    )
    rows = rows[["quote_id", "speaker", "cluster", "certainty", "x", "y", "stress"]]
    rows = rows.dropna(subset=["x", "y"]).reset_index(drop=True)
    if not len(rows):
        raise ValueError("clusters: no answer has a place (x, y), so there is no map")
    return rows


def map_title(clusters: pd.DataFrame, *, quotes: pd.DataFrame | None = None, stress: float | None = None) -> str:
    """Return the finding of the map in one sentence."""
    rows = map_numbers(clusters, quotes=quotes, stress=stress)
    sizes = rows["cluster"].value_counts()
    n_none = int(sizes.get("", 0))
    n_groups = len(sizes) - bool(n_none)
    bent = _bent(rows)
    if not n_groups:
        return f"No group of wording holds among {plural(len(rows), 'answer')}{bent}"
    n_in = f"{len(rows) - n_none} of " if n_none else ""
    verb = "falls" if len(rows) - n_none == 1 else "fall"
    return f"{n_in}{plural(len(rows), 'answer')} {verb} into {plural(n_groups, 'group')} of wording{bent}"


def map_alt_text(clusters: pd.DataFrame, *, quotes: pd.DataFrame | None = None, stress: float | None = None) -> str:
    """Return the map in words, for those who cannot see it."""
    rows = map_numbers(clusters, quotes=quotes, stress=stress)
    members = rows.groupby("cluster", sort=True)["speaker"].agg(", ".join)
    said = "; ".join(f"{f'group {group}' if group else 'in no group'}: {who}" for group, who in members.items())
    return f"Map of points. {map_title(clusters, quotes=quotes, stress=stress)}. {said}."


def draw_map(
    clusters: pd.DataFrame,
    *,
    quotes: pd.DataFrame | None = None,
    stress: float | None = None,
    source: str = "",
    note: str = "",
    look: Look | None = None,
) -> ChartFigure:
    """Draw the answers as points, close where their wording is alike.

    Parameters
    ----------
    clusters, quotes, stress
        As for `map_numbers`.
    source
        Where the numbers come from, for the last line.
    note
        A limit to state above the source.
    look
        Shape and colours; default 16:9 on white.

    Returns
    -------
    matplotlib.figure.Figure
        The chart. The two largest groups are in colour, the others differ by shape; a name without room is left out.
    """
    rows, look = map_numbers(clusters, quotes=quotes, stress=stress), look or Look()
    key = "Near: worded alike. The axes have no meaning of their own."
    notes = [f"{plural(len(rows), 'answer')}. Names that would overlap are left out. {note}".strip(), source]
    need = (5.0, max(3.0, 0.36 * rows["cluster"].nunique()))
    with drawing():
        title = map_title(clusters, quotes=quotes, stress=stress)
        sheet = open_sheet(title, key=key, notes=notes, words=list(rows["speaker"]), look=look, need=need)
        _draw(sheet, rows)
        return sheet.done()


def _draw(sheet: Sheet, rows: pd.DataFrame) -> None:
    look = sheet.look
    groups = [group for group in rows["cluster"].value_counts(sort=False).index if group]
    groups.sort(key=lambda group: (-int((rows["cluster"] == group).sum()), group))
    wide, tall = sheet.width - 2 * sheet.look.margin - 1.7, sheet.bottom - sheet.top - 0.1
    axes = sheet.axes(sheet.look.margin, sheet.top + 0.05, wide, tall)
    spread = max(
        float(rows["x"].max() - rows["x"].min()) / (wide - 1.4), float(rows["y"].max() - rows["y"].min()) / (tall - 0.7)
    )
    spread = spread or 1.0
    middle_x, middle_y = (float(rows[c].max() + rows[c].min()) / 2 for c in ("x", "y"))
    axes.set_xlim(middle_x - spread * wide / 2, middle_x + spread * wide / 2)
    axes.set_ylim(middle_y - spread * tall / 2, middle_y + spread * tall / 2)
    for i, group in enumerate([*groups, ""]):
        part = rows[rows["cluster"] == group]
        if not len(part):
            continue
        color = (look.mark, look.second)[i] if group and i < 2 else look.other
        marker = _MARKERS[i % len(_MARKERS)] if group else "x"
        axes.plot(part["x"], part["y"], marker, color=color, markersize=10, markeredgewidth=2, label=group)
        line = sheet.top + 0.15 + i * 0.36
        at = sheet.axes(sheet.width - sheet.look.margin - 1.5, line, 0.25, 0.25)
        at.plot([0], [0], marker, color=color, markersize=10, markeredgewidth=2, clip_on=False)
        name = f"group {group}" if group else "in none"
        sheet.write(sheet.width - sheet.look.margin - 1.2, line + 0.125, f"{name}: {len(part)}", size=BODY, va="center")
    points = [
        ((x - middle_x) / spread + wide / 2, (y - middle_y) / spread + tall / 2)
        for x, y in rows[["x", "y"]].astype(float).to_numpy().tolist()
    ]
    for (x, y), text, side in place_labels(points, rows["speaker"].tolist(), size=SMALL, room=(wide, tall)):
        axes.text(
            middle_x + (x - wide / 2) * spread, middle_y + (y - tall / 2) * spread, text,
            size=SMALL, color=look.ink, ha=side, va="center",
        )  # fmt: skip


def _bent(rows: pd.DataFrame) -> str:
    stress = rows["stress"].dropna()
    return f"; a plane shows their distances with stress {decimal(float(stress.iloc[0]))}" if len(stress) else ""

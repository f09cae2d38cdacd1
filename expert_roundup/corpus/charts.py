"""Charts of a corpus tally: shares with their intervals over documents, and what they were counted from."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from expert_roundup.corpus.bootstrap import FEWEST
from expert_roundup.corpus.tally import SUGGESTIONS
from expert_roundup.output.charts.chart import Chart
from expert_roundup.output.charts.rows import Rows, open_rows
from expert_roundup.output.charts.words import plural
from expert_roundup.output.sheet import drawing
from expert_roundup.output.style import SMALL, Look

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.output.sheet import ChartFigure

#: said on every chart of suggestions, in the title, which goes wherever the chart goes
_BY_MACHINE = "Machine suggestions, not a reading: "
_NOT_CORRECTED = "Not corrected for what the machine misses and invents."


def share_charts(tally: pd.DataFrame, *, by: str = "") -> list[Chart]:
    """Charts of a corpus tally.

    Parameters
    ----------
    tally
        The corpus tally, or the corrected one (`corrected_shares`).
    by
        What the groups of the tally are, such as "year"; then there is a chart for each theme with a row for each
        group, else one chart with a row for each theme, the most frequent first.

    Returns
    -------
    list of Chart
        Titles of suggestions begin with what they are.
    """
    if not by:
        value = "corrected" if "corrected" in tally else "share"
        return [_chart(tally.sort_values(value, ascending=False, kind="stable"), "corpus-tally")]
    themes = tally.assign(row=tally["group"].astype("str")).groupby("theme", sort=False)
    return [
        _chart(
            rows.assign(label=rows["row"]).drop(columns="row"), f"{theme}-by-{by}", f"{rows['label'].iloc[0]} by {by}"
        )
        for theme, rows in themes
    ]


def _chart(rows: pd.DataFrame, name: str, about: str = "") -> Chart:
    value = "corrected" if "corrected" in rows else "share"
    rows = rows.assign(shown=rows[value]).reset_index(drop=True)
    title, words = _title(rows, about), "; ".join(_words(rows))
    alt_text = f"Dot chart with intervals over documents. {title}. {words}. {_note(rows)}"
    return Chart(name, title, alt_text, rows.drop(columns="shown"), lambda look: _draw(rows, title, look))


def _title(rows: pd.DataFrame, about: str) -> str:
    prefix = _BY_MACHINE if (rows["origin"] == SUGGESTIONS).any() else ""
    known = rows[rows["shown"].notna()]
    if known.empty:
        return f"{prefix}{about or 'no share can be given'}"
    if about:
        low, high = known["shown"].min(), known["shown"].max()
        return f"{prefix}{about}: {_percent(low)} to {_percent(high)} of answers"
    top, *others = known.to_dict("records")
    near = sum(row["high"] >= top["low"] for row in others)
    doubt = f"; {plural(near, 'other interval')} reach that far" if near else ""
    return f"{prefix}“{top['label']}” leads with {_percent(top['shown'])}{_interval(top)} of answers{doubt}"


def _note(rows: pd.DataFrame) -> str:
    sizes = rows[["n_read", "n_documents"]]
    n, documents = (
        (sizes.sum() if "group" in rows and rows["group"].is_unique else sizes.max()).astype("int64").tolist()
    )
    note = f"{plural(n, 'answer')} in {plural(documents, 'document')}; intervals redraw documents."
    if (rows["origin"] == SUGGESTIONS).any():
        note += f" {_corrected(rows)}" if "corrected" in rows else f" {_NOT_CORRECTED}"
    if rows["low"].isna().any():
        note += f" Grey: no interval of fewer than {FEWEST} documents."
    return note


def _corrected(rows: pd.DataFrame) -> str:
    return f"Corrected with precision and recall on {plural(int(rows['n_checked'].max()), 'answer')} that were read."


def _words(rows: pd.DataFrame) -> list[str]:
    return [f"{row['label']} {_percent(row['shown'])}{_interval(row)}" for row in rows.to_dict("records")]


def _interval(row: Mapping[Hashable, Any]) -> str:
    return f" ({100 * row['low']:.0f} to {_percent(row['high'])})" if row["low"] == row["low"] else ""


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share == share else "–"


def _draw(rows: pd.DataFrame, title: str, look: Look) -> ChartFigure:
    key = "Dot: share of answers; line: 95 % interval."
    if "corrected" in rows:
        key = "Dot: corrected share of answers; line: 95 % interval; ring: share as suggested."
    with drawing():
        sheet = open_rows(title, rows["label"].tolist(), key=key, notes=[_note(rows)], look=look)
        _draw_rows(sheet, rows)
        return sheet.sheet.done()


def _draw_rows(sheet: Rows, rows: pd.DataFrame) -> None:
    look = sheet.sheet.look
    is_corrected = "corrected" in rows
    head = "Corrected" if is_corrected else "Suggested" if (rows["origin"] == SUGGESTIONS).any() else "Share"
    sheet.column(sheet.right, head, [_percent(value) for value in rows["shown"]], weight="bold")
    axes = sheet.panel(sheet.left, sheet.right - 1.2 - sheet.left, is_labelled=True)
    end = max(0.1, float(rows[["share", "shown", "high"]].max().max()))
    step = 0.25 if end > 0.5 else 0.1
    ticks = [step * at for at in range(int(end / step) + 1)]
    axes.set_xlim(-0.02 * end, end * 1.03)
    axes.set_xticks(ticks, [_percent(tick) for tick in ticks], size=SMALL, color=look.quiet)
    axes.xaxis.tick_top()
    for tick in ticks:
        axes.axvline(tick, color=look.line, linewidth=1.2, zorder=0)
    for at, row in enumerate(rows.to_dict("records")):
        axes.plot([row["low"], row["high"]], [at, at], color=look.mark, linewidth=4, alpha=0.55, solid_capstyle="round")
        axes.plot([row["shown"]], [at], "o", color=look.mark if row["low"] == row["low"] else look.other, markersize=10)
        if is_corrected:
            axes.plot([row["share"]], [at], "o", color=look.quiet, markersize=10, fillstyle="none", markeredgewidth=1.8)

"""Dos and don'ts: how each theme is voiced, as advice or as blame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expert_roundup.output.charts.readings import all_labels, most, shares
from expert_roundup.output.charts.rows import Rows, open_rows
from expert_roundup.output.charts.words import check_frame, named, plural
from expert_roundup.output.sheet import ChartFigure, drawing
from expert_roundup.output.style import BODY, Look, mix

if TYPE_CHECKING:
    import pandas as pd

#: a theme with fewer statements is not singled out in the title
FEW = 5
_COUNTS = ["n_dos", "n_donts", "n_dos_implied", "n_donts_implied"]


def dos_and_donts_numbers(
    norms: pd.DataFrame,
    *,
    codings: pd.DataFrame | None = None,
    codebook: pd.DataFrame | None = None,
    coder: str | None = None,
) -> pd.DataFrame:
    """Return the numbers of the chart of dos and don'ts.

    Parameters
    ----------
    norms
        The norms frame: quote_id, kind (prescription, proscription, both), strength (must, should, may, implied). With
        a column theme, each statement has that theme.
    codings
        Else gives the themes: a statement counts for every theme that more than half of the readings see in its answer.
    codebook
        Gives the labels of the themes; without it their names stand for them.
    coder
        One reading; default: all of them.

    Returns
    -------
    pandas.DataFrame
        One row per theme, most statements first: theme, label, n_dos, n_donts, n_dos_implied and n_donts_implied (of
        these, the ones that only praise or blame imply), n_statements. A statement that does both counts on both sides.

    Raises
    ------
    ValueError
        Neither a column theme nor codings are there, or no statement has a theme.
    """
    rows = _with_theme(check_frame(norms, "norms", ["quote_id", "kind", "strength"]), codings, coder)
    is_do, is_dont = rows["kind"].isin(["prescription", "both"]), rows["kind"].isin(["proscription", "both"])
    is_implied = rows["strength"] == "implied"
    rows = rows.assign(
        n_dos=is_do, n_donts=is_dont, n_dos_implied=is_do & is_implied, n_donts_implied=is_dont & is_implied
    )
    counts = rows.groupby("theme", sort=True)[_COUNTS].sum().astype(int)
    counts = counts.assign(n_statements=rows.groupby("theme", sort=True).size()).reset_index()
    counts = counts.assign(label=all_labels(list(counts["theme"]), codebook))
    counts = counts.sort_values("n_statements", ascending=False, kind="stable")
    return counts[["theme", "label", *_COUNTS, "n_statements"]].reset_index(drop=True)


def dos_and_donts_title(
    norms: pd.DataFrame,
    *,
    codings: pd.DataFrame | None = None,
    codebook: pd.DataFrame | None = None,
    coder: str | None = None,
) -> str:
    """Return the finding of the chart of dos and don'ts in one sentence."""
    rows = dos_and_donts_numbers(norms, codings=codings, codebook=codebook, coder=coder)
    n_dos = int(norms["kind"].isin(["prescription", "both"]).sum())
    n_donts = int(norms["kind"].isin(["proscription", "both"]).sum())
    order = "more often than" if n_donts > n_dos else "less often than" if n_donts < n_dos else "as often as"
    start = f"The experts warn {order} they advise ({plural(n_donts, 'don' + chr(39) + 't')}, {plural(n_dos, 'do')})"
    many = rows[rows["n_statements"] >= FEW]
    share = many["n_donts"] / many["n_statements"]
    if len(many) < 2 or share.nunique() < 2 or n_donts <= n_dos:
        return start
    worst = many[share == share.max()]
    if len(worst) > 1:
        return start
    label, n, of = worst[["label", "n_donts", "n_statements"]].iloc[0]
    return f"{start}; most of all on {named([label])} ({n} of {of})"


def dos_and_donts_alt_text(
    norms: pd.DataFrame,
    *,
    codings: pd.DataFrame | None = None,
    codebook: pd.DataFrame | None = None,
    coder: str | None = None,
) -> str:
    """Return the chart of dos and don'ts in words, for those who cannot see it."""
    rows = dos_and_donts_numbers(norms, codings=codings, codebook=codebook, coder=coder)
    title = dos_and_donts_title(norms, codings=codings, codebook=codebook, coder=coder)
    cells = rows[["label", "n_dos", "n_donts"]].to_numpy().tolist()
    said = "; ".join(f"{label} {dos} dos, {donts} don'ts" for label, dos, donts in cells)
    return f"Bars to both sides of a line. {title}. {said}."


def draw_dos_and_donts(
    norms: pd.DataFrame,
    *,
    codings: pd.DataFrame | None = None,
    codebook: pd.DataFrame | None = None,
    coder: str | None = None,
    source: str = "",
    note: str = "",
    look: Look | None = None,
) -> ChartFigure:
    """Draw how often each theme is voiced as a do and as a don't.

    Parameters
    ----------
    norms, codings, codebook, coder
        As for `dos_and_donts_numbers`.
    source
        Where the numbers come from, for the last line.
    note
        A limit to state above the source.
    look
        Shape and colours; default 16:9 on white.

    Returns
    -------
    matplotlib.figure.Figure
        The chart: don'ts to the left, dos to the right; what is only implied is pale.
    """
    rows = dos_and_donts_numbers(norms, codings=codings, codebook=codebook, coder=coder)
    title = dos_and_donts_title(norms, codings=codings, codebook=codebook, coder=coder)
    n = f"{plural(len(norms), 'statement')} of {plural(norms['quote_id'].nunique(), 'answer')}."
    several = "" if "theme" in norms.columns else "A statement counts for every theme of its answer."
    key = "Full: said with must, should or may. Pale: implied by praise or blame."
    with drawing():
        notes = [" ".join(filter(None, [n, several, note])), source]
        sheet = open_rows(title, rows["label"].tolist(), key=key, notes=notes, look=look or Look())
        _draw(sheet, rows)
        return sheet.sheet.done()


def _draw(sheet: Rows, rows: pd.DataFrame) -> None:
    look = sheet.sheet.look
    axes = sheet.panel(sheet.left, sheet.room, is_labelled=True)
    top = max(int(rows["n_dos"].max()), int(rows["n_donts"].max()), 1) * 1.15
    axes.set_xlim(-top, top)
    for sign, name, color in ((1, "n_dos", look.mark), (-1, "n_donts", look.second)):
        implied, all_ = rows[f"{name}_implied"], rows[name]
        said = all_ - implied
        axes.barh(range(len(rows)), sign * said, height=0.62, color=color)
        axes.barh(
            range(len(rows)), sign * implied, left=sign * said, height=0.62,
            color=mix(look.paper, color, 0.3), edgecolor=color, linewidth=1.2,
        )  # fmt: skip
        for i, n in enumerate(all_):
            side = "left" if sign > 0 else "right"
            at = sign * (n + top * 0.015)
            axes.text(at, i, str(n), size=BODY, color=look.ink, ha=side, va="center_baseline")
    axes.axvline(0, color=look.ink, linewidth=1.4)
    middle = sheet.left + sheet.room / 2
    head = {"size": BODY, "weight": "bold", "va": "bottom"}
    sheet.sheet.write(middle - 0.15, sheet.top - 0.06, "← don'ts", color=look.second, ha="right", **head)
    sheet.sheet.write(middle + 0.15, sheet.top - 0.06, "dos →", color=look.mark, **head)


def _with_theme(norms: pd.DataFrame, codings: pd.DataFrame | None, coder: str | None) -> pd.DataFrame:
    if "theme" not in norms.columns:
        if codings is None:
            raise ValueError("norms: needs a column theme, or codings that give the themes of its answers")
        cells = most(shares(codings, coder=coder))[["quote_id", "theme"]]
        norms = norms.merge(cells, on="quote_id", validate="many_to_many")
    norms = norms[norms["theme"].fillna("") != ""]
    if not len(norms):
        raise ValueError("norms: no statement has a theme, so there is nothing to draw")
    return norms

"""The agreement chart: how far coders agree on each theme, with intervals, and where no value can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expert_roundup.output.charts.rows import Rows, open_rows
from expert_roundup.output.charts.words import check_frame, decimal, labels_of, named, plural
from expert_roundup.output.sheet import ChartFigure, drawing
from expert_roundup.output.style import SMALL, Look

if TYPE_CHECKING:
    import pandas as pd

#: what each coefficient is called on a chart
COEFFICIENTS = {
    "percent": "percent agreement",
    "cohen_kappa": "Cohen's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "gwet_ac1": "Gwet's AC1",
    "alpha_nominal": "Krippendorff's alpha",
    "alpha_ordinal": "Krippendorff's ordinal alpha",
    "alpha_interval": "Krippendorff's interval alpha",
    "alpha_ratio": "Krippendorff's ratio alpha",
    "alpha_masi": "alpha over sets (MASI)",
    "alpha_jaccard": "alpha over sets (Jaccard)",
    "alpha_multivalued": "multi-valued alpha",
}
_COLUMNS = ["theme", "coefficient", "value", "low", "high", "n_units", "n_coded", "n_coders"]


def agreement_numbers(
    agreement: pd.DataFrame, *, codebook: pd.DataFrame | None = None, coefficient: str = "alpha_nominal"
) -> pd.DataFrame:
    """Return the numbers of the agreement chart.

    Parameters
    ----------
    agreement
        The agreement frame: theme (empty: all themes), coefficient, value, low, high, n_units, n_coded, n_coders.
    codebook
        Gives the labels of the themes; without it their names stand for them.
    coefficient
        Shown for each theme; over all themes the set alpha (MASI) stands beside it where the frame has it.

    Returns
    -------
    pandas.DataFrame
        One row per theme, the highest value first, those without a value last; then one row per coefficient over all
        themes.

    Raises
    ------
    ValueError
        A column is missing, or no row has that coefficient.
    """
    check_frame(agreement, "agreement", _COLUMNS)
    full = agreement[agreement["n_coders"] == agreement["n_coders"].max()]
    theme = full["theme"].fillna("")
    by_theme = full[(theme != "") & (full["coefficient"] == coefficient)]
    over_all = full[(theme == "") & full["coefficient"].isin([coefficient, "alpha_masi"])]
    if not len(by_theme):
        there = ", ".join(sorted(set(full["coefficient"])))
        raise ValueError(f"coefficient: no theme has {coefficient!r}; the frame has {there}")
    labels = labels_of(codebook)
    by_theme = by_theme.drop_duplicates("theme").sort_values("value", ascending=False, kind="stable")
    by_theme = by_theme.assign(label=[labels[name] for name in by_theme["theme"]])
    over_all = over_all.drop_duplicates("coefficient")
    over_all = over_all.assign(label=["All themes: " + COEFFICIENTS[name] for name in over_all["coefficient"]])
    rows = [*by_theme.to_dict("records"), *over_all.to_dict("records")]
    return type(agreement)(rows, columns=["theme", "label", *_COLUMNS[1:]])


def agreement_title(
    agreement: pd.DataFrame, *, codebook: pd.DataFrame | None = None, coefficient: str = "alpha_nominal"
) -> str:
    """Return the finding of the agreement chart in one sentence."""
    rows = agreement_numbers(agreement, codebook=codebook, coefficient=coefficient)
    themes = rows[(rows["theme"].fillna("") != "") & rows["value"].notna()]
    if not len(themes):
        return "No theme varies enough to measure how far the readings agree"
    best, worst = themes["value"].max(), themes["value"].min()
    top, last = _at(themes, best), _at(themes, worst)
    name = COEFFICIENTS[coefficient]
    if decimal(best) == decimal(worst):
        return f"The readings agree equally on all {plural(len(themes), 'theme')} with a value ({name} {decimal(best)})"
    if best == 1:
        n = f"{int((themes['value'] == 1).sum())} of {plural(int((rows['theme'].fillna('') != '').sum()), 'theme')}"
        return f"The readings agree fully on {n}, least on {last} ({name} {decimal(worst)})"
    return f"The readings agree most on {top} ({name} {decimal(best)}), least on {last} ({decimal(worst)})"


def agreement_alt_text(
    agreement: pd.DataFrame, *, codebook: pd.DataFrame | None = None, coefficient: str = "alpha_nominal"
) -> str:
    """Return the agreement chart in words, for those who cannot see it."""
    rows = agreement_numbers(agreement, codebook=codebook, coefficient=coefficient)
    said = [f"{label} {text}" for label, text in zip(rows["label"], _intervals(rows), strict=True)]
    title = agreement_title(agreement, codebook=codebook, coefficient=coefficient)
    return f"Dot chart with intervals. {title}. {'; '.join(said)}."


def draw_agreement(
    agreement: pd.DataFrame,
    *,
    codebook: pd.DataFrame | None = None,
    coefficient: str = "alpha_nominal",
    source: str = "",
    note: str = "",
    look: Look | None = None,
) -> ChartFigure:
    """Draw how far coders agree on each theme, with 95 % intervals.

    Parameters
    ----------
    agreement, codebook, coefficient
        As for `agreement_numbers`.
    source
        Where the numbers come from, for the last line.
    note
        A limit to state above the source.
    look
        Shape and colours; default 16:9 on white.

    Returns
    -------
    matplotlib.figure.Figure
        The chart; a theme without a value says so in its row.
    """
    rows, look = agreement_numbers(agreement, codebook=codebook, coefficient=coefficient), look or Look()
    key = "Dot: value; line: 95 % interval. 1 is perfect agreement, 0 what chance would give."
    n = f"{plural(int(rows['n_units'].max()), 'answer')}, {plural(int(rows['n_coders'].max()), 'reading')}."
    n += " Where no reading differed once, the interval is a point: that is not certainty." if _is_point(rows) else ""
    title = agreement_title(agreement, codebook=codebook, coefficient=coefficient)
    with drawing():
        sheet = open_rows(title, rows["label"].tolist(), key=key, notes=[f"{n} {note}".strip(), source], look=look)
        _draw(sheet, rows)
        return sheet.sheet.done()


def _draw(sheet: Rows, rows: pd.DataFrame) -> None:
    look = sheet.sheet.look
    sheet.column(sheet.right, "Coded answers", [str(int(n)) for n in rows["n_coded"]], color=look.quiet)
    sheet.column(sheet.right - 1.75, "Value", [decimal(value) or "–" for value in rows["value"]], weight="bold")
    axes = sheet.panel(sheet.left, sheet.right - 2.75 - sheet.left, is_labelled=True)
    low = min(0.0, rows["low"].min(), rows["value"].min()) if rows["value"].notna().any() else 0.0
    axes.set_xlim(low - 0.03, 1.03)
    axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"], size=SMALL, color=look.quiet)
    axes.xaxis.tick_top()
    for at in (0, 0.5, 1):
        axes.axvline(at, color=look.line, linewidth=1.2, zorder=0)
    is_theme = rows["theme"].fillna("") != ""
    if is_theme.sum() < len(rows):
        axes.axhline(is_theme.sum() - 0.5, color=look.quiet, linewidth=1.0)
    numbers = rows[["value", "low", "high"]].astype(float).to_numpy().tolist()
    for i, ((value, left, right), is_one) in enumerate(zip(numbers, is_theme, strict=True)):
        color = look.mark if is_one else look.ink
        if value != value:
            axes.text(0.01, i, "no value: too rare to vary", size=SMALL, color=look.quiet, va="center_baseline")
            continue
        axes.plot([left, right], [i, i], color=color, linewidth=4, alpha=0.55, solid_capstyle="round")
        axes.plot([value], [i], "o", color=color, markersize=10)


def _is_point(rows: pd.DataFrame) -> bool:
    return bool((rows["low"].notna() & (rows["low"] == rows["high"])).any())


def _at(themes: pd.DataFrame, value: float) -> str:
    """Name the themes with that value, or count them where they are many."""
    same = [label for label, v in zip(themes["label"], themes["value"], strict=True) if decimal(v) == decimal(value)]
    return named(same) if len(same) < 3 else plural(len(same), "theme")


def _intervals(rows: pd.DataFrame) -> list[str]:
    cells = rows[["value", "low", "high"]].astype(float).to_numpy().tolist()
    texts = []
    for value, low, high in cells:
        interval = f" ({decimal(low)} to {decimal(high)})" if low == low else ""
        texts.append(decimal(value) + interval if value == value else "has no value")
    return texts

"""The tally chart: our recount beside the published tally, with the interval of each rank."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from expert_roundup.output.charts.rows import Rows, open_rows
from expert_roundup.output.charts.words import check_frame, named, plural, whole
from expert_roundup.output.sheet import ChartFigure, drawing
from expert_roundup.output.style import SMALL, Look

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ["theme", "label", "n_quotes", "share", "n_published", "difference", "rank", "rank_low", "rank_high"]


def tally_numbers(tally: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of the tally chart.

    Parameters
    ----------
    tally
        The tally frame: theme, label, n_quotes, share, n_published, difference, rank, rank_low, rank_high.

    Returns
    -------
    pandas.DataFrame
        One row per theme, the most frequent first; themes level with each other in the order of the codebook.
    """
    check_frame(tally, "tally", _COLUMNS)
    return tally[_COLUMNS].sort_values("n_quotes", ascending=False, kind="stable").reset_index(drop=True)


def tally_title(tally: pd.DataFrame) -> str:
    """Return the finding of the tally chart in one sentence.

    Examples
    --------
    >>> import pandas as pd
    >>> tally_title(pd.DataFrame({"theme": ["a", "b"], "label": ["Listen", "Plan"], "n_quotes": [9, 4],
    ...     "share": [0.6, 0.27], "n_published": [8, 5], "difference": [1, -1], "rank": [1, 2],
    ...     "rank_low": [1, 1], "rank_high": [2, 2]}))
    '“Listen” leads with 9 of 15 answers, as in the published tally (8); 2 themes could be first'
    """
    rows = tally_numbers(tally)
    leaders = rows[rows["n_quotes"] == rows["n_quotes"].max()]
    n, of = int(leaders["n_quotes"].iloc[0]), _of(rows)
    if n == 0:
        return "No theme is given in any answer"
    if len(leaders) > 2:
        first = f"{len(leaders)} themes share the lead with {n:,}{of} each"
    else:
        verb, each = ("leads", "") if len(leaders) == 1 else ("lead", " each")
        first = f"{named(leaders['label'].tolist())} {verb} with {n:,}{of}{each}"
    return first + _beside_published(rows, leaders) + _doubt(rows)


def tally_alt_text(tally: pd.DataFrame) -> str:
    """Return the tally chart in words, for those who cannot see it."""
    rows = tally_numbers(tally)
    cells = zip(rows["label"], whole(rows["n_quotes"]), whole(rows["n_published"]), strict=True)
    list_ = "; ".join(f"{label} {n}" + (f" (published {p})" if p != "–" else "") for label, n, p in cells)
    return f"Bar chart. {tally_title(tally)}. Answers per theme, most frequent first: {list_}."


def draw_tally(
    tally: pd.DataFrame,
    *,
    mark: Collection[str] | None = None,
    source: str = "",
    note: str = "",
    look: Look | None = None,
) -> ChartFigure:
    """Draw our recount beside the published tally, with the interval of each rank.

    Parameters
    ----------
    tally
        The tally frame; without published counts or ranks their columns are left out.
    mark
        Themes in colour; default: those that lead. The others are grey, their names stand beside them.
    source
        Where the numbers come from, for the last line.
    note
        A limit to state above the source.
    look
        Shape and colours; default 16:9 on white.

    Returns
    -------
    matplotlib.figure.Figure
        The chart; nothing of pyplot is touched.
    """
    rows, look = tally_numbers(tally), look or Look()
    is_published, is_ranked = bool(rows["n_published"].notna().any()), bool(rows["rank_low"].notna().any())
    marked = set(mark) if mark is not None else set(rows.loc[rows["n_quotes"] == rows["n_quotes"].max(), "theme"])
    key = ["Bar: answers that give the theme."]
    key += ["Diamond: the published tally."] if is_published else []
    key += ["Right: rank, 95 % interval."] if is_ranked else []
    notes = [f"{_answers(rows)}{plural(len(rows), 'theme')}; an answer may give several. {note}".strip(), source]
    with drawing():
        sheet = open_rows(tally_title(tally), rows["label"].tolist(), key=" ".join(key), notes=notes, look=look)
        right = _draw_ranks(sheet, rows, marked) if is_ranked else sheet.right
        _draw_bars(sheet, rows, marked, right, is_published=is_published)
        return sheet.sheet.done()


def _draw_bars(sheet: Rows, rows: pd.DataFrame, marked: set[str], right: float, *, is_published: bool) -> None:
    look = sheet.sheet.look
    if is_published:
        sheet.column(right, "Published", whole(rows["n_published"]), color=look.quiet)
        right -= 1.05
    sheet.column(right, "Recount", whole(rows["n_quotes"]), weight="bold")
    axes = sheet.panel(sheet.left, right - 0.95 - sheet.left, is_labelled=True)
    axes.set_xlim(0, max(rows["n_quotes"].max(), rows["n_published"].fillna(0).max(), 1) * 1.04)
    colors = [look.mark if theme in marked else look.other for theme in rows["theme"]]
    axes.barh(range(len(rows)), rows["n_quotes"], height=0.62, color=colors, label="recount")
    if is_published:
        places, height = rows["n_published"].astype(float), range(len(rows))
        diamonds = axes.plot(places, height, "D", color=look.paper, markersize=9, clip_on=False, label="published")
        diamonds[0].set(markeredgecolor=look.ink, markeredgewidth=1.8, zorder=3)
    axes.axvline(0, color=look.quiet, linewidth=1.2)


def _draw_ranks(sheet: Rows, rows: pd.DataFrame, marked: set[str]) -> float:
    """Draw the panel of ranks at the right and return where what stands left of it must end."""
    look, wide = sheet.sheet.look, max(1.4, sheet.room * 0.24)
    left = sheet.right - wide
    axes = sheet.panel(left, wide)
    axes.set_xlim(0.4, len(rows) + 0.6)
    axes.set_xticks([1, len(rows)], ["rank 1", f"{len(rows)}"], size=SMALL, color=look.quiet)
    axes.xaxis.tick_top()
    for i, (theme, *ranks) in enumerate(rows[["theme", "rank_low", "rank", "rank_high"]].to_numpy().tolist()):
        color = look.mark if theme in marked else look.other
        axes.plot(ranks[::2], [i, i], color=color, linewidth=3, solid_capstyle="round", alpha=0.75)
        axes.plot(ranks[1:2], [i], "o", color=color, markersize=9)
    return left - 0.35


def _of(rows: pd.DataFrame) -> str:
    n = n_answers(rows)
    return f" of {plural(n, 'answer')}" if n else ""


def _answers(rows: pd.DataFrame) -> str:
    n = n_answers(rows)
    return f"{plural(n, 'answer')}, " if n else ""


def n_answers(tally: pd.DataFrame) -> int:
    """Return how many answers were read, from a count and its share; 0 where no theme was given at all."""
    given = tally[tally["share"] > 0]
    return round(float(given["n_quotes"].iloc[0]) / float(given["share"].iloc[0])) if len(given) else 0


def _beside_published(rows: pd.DataFrame, leaders: pd.DataFrame) -> str:
    published = rows["n_published"]
    if not published.notna().any():
        return ""
    first = rows[published == published.max()]
    if set(first["theme"]) == set(leaders["theme"]):
        return f", as in the published tally ({int(published.max()):,})"
    if len(first) > 2:
        return f"; {len(first)} lead the published tally"
    return f"; the published tally has {named(first['label'].tolist())} first ({int(published.max()):,})"


def _doubt(rows: pd.DataFrame) -> str:
    n = int((rows["rank_low"] == 1).sum())
    return f"; {n} themes could be first" if n > 1 else ""

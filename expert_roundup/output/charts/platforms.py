"""Which platforms the experts name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expert_roundup.output.charts.rows import open_rows
from expert_roundup.output.charts.words import check_frame, named, plural, whole
from expert_roundup.output.sheet import ChartFigure, drawing
from expert_roundup.output.style import Look

if TYPE_CHECKING:
    import pandas as pd


def platforms_numbers(platforms: pd.DataFrame, *, n_answers: int | None = None) -> pd.DataFrame:
    """Return the numbers of the chart of platforms.

    Parameters
    ----------
    platforms
        One row per answer and platform with n (times it is named), or one row per mention: quote_id, platform.
    n_answers
        How many answers were searched; without it there is no share.

    Returns
    -------
    pandas.DataFrame
        One row per platform, the one that most answers name first: platform, n_quotes (answers that name it),
        share (of all answers), n_mentions.
    """
    check_frame(platforms, "platforms", ["quote_id", "platform"])
    times = platforms["n"] if "n" in platforms.columns else 1
    groups = platforms.assign(n=times).groupby("platform", sort=True)
    rows = groups.agg(n_quotes=("quote_id", "nunique"), n_mentions=("n", "sum")).reset_index()
    rows = rows.sort_values(["n_quotes", "n_mentions"], ascending=False, kind="stable").reset_index(drop=True)
    rows = rows.assign(share=rows["n_quotes"] / n_answers if n_answers else float("nan"))
    return rows[["platform", "n_quotes", "share", "n_mentions"]]


def platforms_title(platforms: pd.DataFrame, *, n_answers: int | None = None) -> str:
    """Return the finding of the chart of platforms in one sentence.

    Examples
    --------
    >>> import pandas as pd
    >>> mentions = pd.DataFrame({"quote_id": ["Q01", "Q02", "Q02"], "platform": ["Facebook", "Facebook", "Twitter"]})
    >>> platforms_title(mentions, n_answers=31)
    '“Facebook” is named most, in 2 of 31 answers'
    """
    rows = platforms_numbers(platforms)
    top = rows[rows["n_quotes"] == rows["n_quotes"].max()]
    n = int(top["n_quotes"].iloc[0])
    of = f"{n} of {plural(n_answers, 'answer')}" if n_answers else plural(n, "answer")
    if len(top) > 2:
        return f"{len(top)} platforms are named equally often, in {of} each"
    is_one = len(top) == 1
    return (
        f"{named(top['platform'].tolist())} {'is' if is_one else 'are'} named most, in {of}{'' if is_one else ' each'}"
    )


def platforms_alt_text(platforms: pd.DataFrame, *, n_answers: int | None = None) -> str:
    """Return the chart of platforms in words, for those who cannot see it."""
    rows = platforms_numbers(platforms)
    cells = rows[["platform", "n_quotes", "n_mentions"]].to_numpy().tolist()
    said = "; ".join(f"{name} {plural(n, 'answer')}, {plural(times, 'mention')}" for name, n, times in cells)
    return f"Bar chart. {platforms_title(platforms, n_answers=n_answers)}. {said}."


def draw_platforms(
    platforms: pd.DataFrame,
    *,
    n_answers: int | None = None,
    source: str = "",
    note: str = "",
    look: Look | None = None,
) -> ChartFigure:
    """Draw in how many answers each platform is named.

    Parameters
    ----------
    platforms, n_answers
        As for `platforms_numbers`.
    source
        Where the numbers come from, for the last line.
    note
        A limit to state above the source.
    look
        Shape and colours; default 16:9 on white.

    Returns
    -------
    matplotlib.figure.Figure
        The chart; the platforms that lead are in colour.
    """
    rows, look = platforms_numbers(platforms), look or Look()
    n = f"{plural(n_answers, 'answer')}, " if n_answers else ""
    notes = [
        f"{n}{plural(int(rows['n_mentions'].sum()), 'mention')}. Being named is not being praised. {note}".strip(),
        source,
    ]
    with drawing():
        title = platforms_title(platforms, n_answers=n_answers)
        key = "Bar: answers that name the platform at least once."
        sheet = open_rows(title, rows["platform"].tolist(), key=key, notes=notes, look=look)
        sheet.column(sheet.right, "Mentions", whole(rows["n_mentions"]), color=look.quiet)
        sheet.column(sheet.right - 1.1, "Answers", whole(rows["n_quotes"]), weight="bold")
        axes = sheet.panel(sheet.left, sheet.right - 2.1 - sheet.left, is_labelled=True)
        top = rows["n_quotes"].max()
        axes.set_xlim(0, top * 1.04)
        colors = [look.mark if n == top else look.other for n in rows["n_quotes"]]
        axes.barh(range(len(rows)), rows["n_quotes"], height=0.62, color=colors)
        axes.axvline(0, color=look.quiet, linewidth=1.2)
        return sheet.sheet.done()

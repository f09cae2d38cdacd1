"""Who said what: themes by speakers, shaded by how many of the readings see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expert_roundup.output.charts.grid import Grid, open_grid
from expert_roundup.output.charts.readings import (
    all_labels,
    most,
    n_read,
    ordered_themes,
    read_answers,
    shares,
    speakers_of,
)
from expert_roundup.output.charts.words import listed, percent, plural
from expert_roundup.output.sheet import ChartFigure, drawing
from expert_roundup.output.style import Look

if TYPE_CHECKING:
    import pandas as pd


def who_said_what_numbers(
    codings: pd.DataFrame,
    *,
    quotes: pd.DataFrame | None = None,
    codebook: pd.DataFrame | None = None,
    coder: str | None = None,
) -> pd.DataFrame:
    """Return the numbers of the chart of speakers and themes.

    Parameters
    ----------
    codings
        The codings frame: quote_id, theme, coder, confidence.
    quotes
        Gives the speakers; without it the answers' ids stand for them.
    codebook
        Gives the labels and all themes; without it those that occur.
    coder
        One reading; default: all readings side by side.

    Returns
    -------
    pandas.DataFrame
        One row per answer and theme that at least one reader gave: quote_id, speaker, theme, label, n_coded, n_readers,
        share; the most frequent theme first.
    """
    cells = shares(codings, coder=coder)
    themes = ordered_themes(cells, codebook)
    labels = dict(zip(themes, all_labels(themes, codebook), strict=True))
    place = {theme: i for i, theme in enumerate(themes)}
    cells = cells.assign(
        speaker=cells["quote_id"].map(speakers_of(quotes, list(cells["quote_id"].unique()))),
        label=cells["theme"].map(labels),
        place=cells["theme"].map(place),
    )
    kept = ["quote_id", "speaker", "theme", "label", "n_coded", "n_readers", "share"]
    return cells.sort_values(["place", "quote_id"], kind="stable")[kept].reset_index(drop=True)


def who_said_what_title(
    codings: pd.DataFrame,
    *,
    quotes: pd.DataFrame | None = None,
    codebook: pd.DataFrame | None = None,
    coder: str | None = None,
) -> str:
    """Return the finding of the chart of speakers and themes in one sentence."""
    n = n_read(codings, coder=coder)
    given = most(who_said_what_numbers(codings, quotes=quotes, codebook=codebook, coder=coder))
    per_answer = given.groupby("quote_id", sort=True)["theme"].count()
    n_one = int((per_answer == 1).sum())
    if not len(per_answer):
        return "No theme is seen in any answer"
    start = (
        f"{n_one} of {plural(n, 'answer')} ({percent(n_one / n)}) {'gives' if n_one == 1 else 'give'} a single theme"
    )
    top = per_answer[per_answer == per_answer.max()].index
    names = list(given.drop_duplicates("quote_id").set_index("quote_id").loc[top, "speaker"])
    if per_answer.max() == 1:
        return start
    who = listed(names) if len(names) < 3 else f"{len(names)} speakers"
    return f"{start}; {who} {'gives' if len(names) == 1 else 'give'} the most, {per_answer.max()}"


def who_said_what_alt_text(
    codings: pd.DataFrame,
    *,
    quotes: pd.DataFrame | None = None,
    codebook: pd.DataFrame | None = None,
    coder: str | None = None,
) -> str:
    """Return the chart of speakers and themes in words, for those who cannot see it."""
    rows = who_said_what_numbers(codings, quotes=quotes, codebook=codebook, coder=coder)
    title = who_said_what_title(codings, quotes=quotes, codebook=codebook, coder=coder)
    given = most(rows).groupby("label", sort=False)["speaker"].agg(list)
    said = "; ".join(f"{label}: {', '.join(names)}" for label, names in given.items())
    return f"Grid of themes by speakers. {title}. {said}."


def draw_who_said_what(
    codings: pd.DataFrame,
    *,
    quotes: pd.DataFrame | None = None,
    codebook: pd.DataFrame | None = None,
    coder: str | None = None,
    source: str = "",
    note: str = "",
    look: Look | None = None,
) -> ChartFigure:
    """Draw which speaker gives which theme, shaded by how many of the readings see it.

    Parameters
    ----------
    codings, quotes, codebook, coder
        As for `who_said_what_numbers`.
    source
        Where the numbers come from, for the last line.
    note
        A limit to state above the source.
    look
        Shape and colours; default 16:9 on white.

    Returns
    -------
    matplotlib.figure.Figure
        The chart: speakers stand in the order of their most frequent theme, so that answers alike stand together.
    """
    rows = who_said_what_numbers(codings, quotes=quotes, codebook=codebook, coder=coder)
    themes = ordered_themes(rows, codebook)
    answers = _grouped(rows, themes, read_answers(codings, coder=coder))
    names, n_readers = speakers_of(quotes, answers), int(rows["n_readers"].max()) if len(rows) else 1
    key = "Full colour: all readings see the theme. Faint: some do. Right: answers where more than half do."
    with drawing():
        grid = open_grid(
            who_said_what_title(codings, quotes=quotes, codebook=codebook, coder=coder),
            all_labels(themes, codebook),
            [names[answer] for answer in answers],
            key=key if n_readers > 1 else "Full colour: the answer gives the theme.",
            notes=[f"{plural(len(answers), 'answer')}, {plural(n_readers, 'reading')}. {note}".strip(), source],
            look=look or Look(),
            totals=0.95,
        )
        _draw(grid, rows, themes, answers)
        return grid.sheet.done()


def _draw(grid: Grid, rows: pd.DataFrame, themes: list[str], answers: list[str]) -> None:
    wide = rows.pivot_table(index="theme", columns="quote_id", values="share", aggfunc="first")
    grid.shade(wide.reindex(index=themes, columns=answers).fillna(0).to_numpy(dtype=float))
    counts = most(rows)["theme"].value_counts()
    grid.totals("answers", [str(int(counts.get(theme, 0))) for theme in themes])


def _grouped(rows: pd.DataFrame, themes: list[str], answers: list[str]) -> list[str]:
    """Answers with the same first theme side by side; those without a theme last."""
    place = {theme: i for i, theme in enumerate(themes)}
    given = most(rows)
    themes_of: dict[str, list[int]] = {answer: [] for answer in answers}
    for answer, theme in zip(given["quote_id"], given["theme"], strict=True):
        themes_of[answer].append(place[theme])
    return sorted(answers, key=lambda answer: (sorted(themes_of[answer]) or [len(themes)], answer))

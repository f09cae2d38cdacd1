"""The deck of a study: findings as titles, native charts, a table, notes, and a last slide of limits."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.output.cells import legible
from expert_roundup.output.charts.export import render_chart
from expert_roundup.output.charts.study import study_charts
from expert_roundup.output.charts.tally import n_answers, tally_numbers
from expert_roundup.output.charts.words import plural
from expert_roundup.output.screen import shorten
from expert_roundup.output.slides.drawing import add_chart, add_picture, add_table
from expert_roundup.output.slides.master import is_dark, open_deck
from expert_roundup.output.slides.native import native_chart
from expert_roundup.output.slides.page import add_page, write_lines
from expert_roundup.output.slides.speaking import METHODS, speaker_notes
from expert_roundup.output.style import Look
from expert_roundup.output.zips import without_dates

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.output.charts.chart import Chart

#: rows of a table that stay legible on one slide
ROWS = 12
#: charts that are shown as pictures; the first also has a native form before it
PICTURES = ("reconstruction", "who_said_what", "consensus_matrix", "map", "dendrogram")


def build_deck(
    frames: Mapping[str, pd.DataFrame],
    *,
    title: str = "",
    source: str = "",
    notes: Mapping[str, str] | None = None,
    limits: Sequence[str] = (),
    options: Mapping[str, Mapping[str, Any]] | None = None,
    template: str | Path | None = None,
    theme: str = "light",
) -> bytes:
    """Return the deck of a study as the bytes of a .pptx file, the same on every run.

    Parameters
    ----------
    frames
        The frames of a study by name, as for `study_charts`.
    title
        Of the first slide; default: what was counted.
    source
        The line at the foot of every slide (`expert_roundup.output.provenance.source_line`).
    notes
        A limit to say beside a chart, by the chart's name.
    limits
        Sentences for the last slide, beside those that the charts bring.
    options
        Further arguments of a chart, by the chart's name.
    template
        A .pptx or .potx whose master, layouts, fonts and colours are taken.
    theme
        Without a template: "light", "dark" or "print".

    Raises
    ------
    ValueError
        The frames allow no chart, the theme is unknown, or the template is none.
    """
    notes = notes or {}
    charts = study_charts(frames, source=source, notes=notes, options=options)
    deck = open_deck(template=template, theme=theme)
    look = Look(is_plain=True, is_dark=is_dark(deck), is_transparent=True)
    _add_first(deck, charts, frames, title=title, source=source)
    n = f"{_counted(frames)}." if "quotes" in frames else ""
    for chart in charts:
        note = f"{n} {notes.get(chart.name, '')}".strip()
        _add_chart_pages(deck, chart, look=look, source=source, note=note)
        if chart.name == "tally":
            _add_table_pages(deck, frames["tally"], chart, source=source)
    _add_limits(deck, charts, limits, source=source)
    deck.core_properties.title = legible(title or charts[0].title)[:255]
    deck.core_properties.subject = legible(source)[:255]
    out = io.BytesIO()
    deck.save(out)
    return without_dates(out.getvalue())


def _counted(frames: Mapping[str, pd.DataFrame]) -> str:
    """How many answers the deck is about, and of how many while coding goes on; "" for a single one or none."""
    n_read = n_answers(frames["tally"]) if "tally" in frames else 0
    n = len(frames["quotes"]) if "quotes" in frames else n_read
    of = f"{n_read:,} of " if 0 < n_read < n else ""
    return f"{of}{plural(n, 'answer')}" if n > 1 else ""


def _add_first(
    deck: Any, charts: Sequence[Chart], frames: Mapping[str, pd.DataFrame], *, title: str, source: str
) -> None:
    counted = f"What {_counted(frames) or 'the answers'} advise"
    text = f"The deck in short: {'; '.join(chart.title for chart in charts)}.\n\n{source}".strip()
    slide, _ = add_page(deck, "title", title or counted, source="", notes=text)
    others = [shape for shape in slide.placeholders if shape.placeholder_format.idx != 0]
    for i, shape in enumerate(shape for shape in others if shape.has_text_frame):
        if i == 0:
            write_lines(shape.text_frame, [charts[0].title, source] if source else [charts[0].title], size=18)
        else:
            shape.element.getparent().remove(shape.element)


def _add_chart_pages(deck: Any, chart: Chart, *, look: Look, source: str, note: str) -> None:
    text = speaker_notes(chart.name, title=chart.title, alt_text=chart.alt_text, note=note, source=source)
    native = native_chart(chart.name, chart.numbers)
    if native is not None:
        n = len(native.categories)
        left_out = f"{n} of {n + native.n_left_out} are shown." if native.n_left_out else ""
        remarks = " ".join(filter(None, [note, native.remark, left_out]))
        slide, box = add_page(deck, "content", chart.title, source=f"{remarks}\n{source}".strip(), notes=text)
        add_chart(slide, native, box, alt_text=chart.alt_text)
    if chart.name in PICTURES:
        title = f"{chart.title}: cell by cell" if native is not None else chart.title
        slide, box = add_page(deck, "content", title, source=f"{note}\n{source}".strip(), notes=text)
        fitting = replace(look, inches=(box.width / 914_400, box.height / 914_400))
        add_picture(slide, render_chart(chart, "png", look=fitting), box, alt_text=chart.alt_text)


def _add_table_pages(deck: Any, tally: pd.DataFrame, chart: Chart, *, source: str) -> None:
    parts = list(_table_parts(tally))
    for i, part in enumerate(parts, start=1):
        of = f" ({i} of {len(parts)})" if len(parts) > 1 else ""
        text = speaker_notes("tally", title=chart.title, alt_text=chart.alt_text, note="", source=source)
        slide, box = add_page(deck, "content", f"Every theme with its numbers{of}", source=source, notes=text)
        add_table(slide, part, box, alt_text=f"Table of {plural(len(part), 'theme')}: {', '.join(part.columns[1:])}.")


def _table_parts(tally: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The tally as a table for slides, a slide at a time; columns without a number are left out."""
    rows = tally_numbers(tally)
    shown = rows[["label"]].map(lambda label: shorten(label, 50)).set_axis(["Theme"], axis=1)
    for name, head in (("n_quotes", "Recount"), ("n_published", "Published"), ("difference", "Difference")):
        if rows[name].notna().any():
            sign = "+" if head == "Difference" else ""
            shown[head] = ["–" if n != n else "0" if n == 0 else f"{int(n):{sign}d}" for n in rows[name].astype(float)]
    if rows["rank_low"].notna().any():
        ranks = rows[["rank", "rank_low", "rank_high"]].astype(int).to_numpy().tolist()
        shown["Rank (95 %)"] = [f"{rank} ({low}–{high})" for rank, low, high in ranks]
    for start in range(0, len(shown), ROWS):
        yield shown.iloc[start : start + ROWS]


def _add_limits(deck: Any, charts: Sequence[Chart], limits: Sequence[str], *, source: str) -> None:
    known = {chart.title: METHODS[chart.name][1] for chart in charts if chart.name in METHODS}
    said = list(dict.fromkeys([*limits, *map(_first_sentence, known.values())]))
    text = "\n\n".join(f"{title}. {limit}" for title, limit in known.items())
    slide, _ = add_page(deck, "text", "What these numbers do not show", source=source, notes=f"{text}\n\n{source}")
    bodies = [shape for shape in slide.placeholders if shape.placeholder_format.idx != 0 and shape.has_text_frame]
    write_lines(bodies[0].text_frame, said[:8], size=20 if len(said) < 7 else 18)
    for shape in bodies[1:]:
        if not shape.text_frame.text:
            shape.element.getparent().remove(shape.element)


def _first_sentence(text: str) -> str:
    head, _, rest = text.partition(". ")
    return f"{head}." if rest else head

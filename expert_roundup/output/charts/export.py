"""Charts as files: png, svg and pdf, each with its numbers as csv and its alt text, the same bytes on every run."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

from expert_roundup.output.charts.chart import Chart
from expert_roundup.output.files import check_free, save_bytes
from expert_roundup.output.sheet import ChartFigure, drawing
from expert_roundup.output.style import DPI, Look
from expert_roundup.output.tables import frame_to_csv

FORMATS = ("png", "svg", "pdf")
SCALES = (1, 2, 3)


def render_chart(chart: Chart, form: str, *, look: Look | None = None, scale: int = 1, has_text: bool = False) -> bytes:
    """Return a chart as the bytes of a picture.

    Parameters
    ----------
    chart
        The chart.
    form
        "png", "svg" or "pdf".
    look
        Shape and colours; default 16:9 on white.
    scale
        1, 2 or 3: a 16:9 png has 1920, 3840 or 5760 dots across.
    has_text
        Keep letters in an svg as text; by default they are outlines, which slides show right on every machine.

    Raises
    ------
    ValueError
        The format or the scale is none of these.
    """
    _check(form, scale)
    return _bytes(chart.draw(look or Look()), chart, form, scale=scale, has_text=has_text)


def save_chart(
    chart: Chart,
    folder: str | Path,
    *,
    formats: Iterable[str] = FORMATS,
    preset: str = "16:9",
    scale: int = 1,
    plain: bool = False,
    transparent: bool = False,
    dark: bool = False,
    has_text: bool = False,
    overwrite: bool = False,
) -> list[Path]:
    """Save a chart as pictures, with its numbers and its alt text.

    Parameters
    ----------
    chart
        The chart.
    folder
        Made if it is not there. The files are NAME-chart.png, NAME-chart.svg, NAME-chart.pdf, NAME-chart.csv (what is
        drawn) and NAME-chart.txt (the alt text).
    formats
        Any of "png", "svg", "pdf".
    preset
        Shape: "16:9", "4:3" or "square".
    scale
        1, 2 or 3, for png.
    plain
        Without title and source, for a slide that has its own.
    transparent, dark
        Without paper; light marks for dark paper.
    has_text
        Keep letters in svg as text.
    overwrite
        Replace files that exist.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ValueError
        A format, the preset or the scale is unknown, or a file exists and `overwrite` is false; then nothing is
        written.
    """
    for name in file_names(chart.name, formats):
        check_free(Path(folder) / name, overwrite=overwrite)
    files = chart_files(
        chart, formats=formats, preset=preset, scale=scale, plain=plain, transparent=transparent, dark=dark,
        has_text=has_text,
    )  # fmt: skip
    return [save_bytes(Path(folder) / name, data, overwrite=overwrite) for name, data in list(files)]


def chart_files(
    chart: Chart,
    *,
    formats: Iterable[str] = FORMATS,
    preset: str = "16:9",
    scale: int = 1,
    plain: bool = False,
    transparent: bool = False,
    dark: bool = False,
    has_text: bool = False,
) -> Iterator[tuple[str, bytes]]:
    """Yield the files that `save_chart` writes, each as its name and its bytes; the arguments are the same."""
    look = Look(preset=preset, is_plain=plain, is_dark=dark, is_transparent=transparent)
    forms = list(dict.fromkeys(formats))
    for form in forms:
        _check(form, scale)
    figure = chart.draw(look)
    contents = [_bytes(figure, chart, form, scale=scale, has_text=has_text) for form in forms]
    contents.append(frame_to_csv(chart.numbers).encode())
    contents.append(f"{chart.title}\n\n{chart.alt_text}\n".encode())
    yield from zip(file_names(chart.name, forms), contents, strict=True)


def file_names(name: str, formats: Iterable[str] = FORMATS) -> list[str]:
    """Return the names of the files of a chart.

    Examples
    --------
    >>> file_names("tally", ["png"])
    ['tally-chart.png', 'tally-chart.csv', 'tally-chart.txt']
    """
    return [f"{name}-chart.{ending}" for ending in dict.fromkeys([*formats, "csv", "txt"])]


def _check(form: str, scale: int) -> None:
    if form not in FORMATS:
        raise ValueError(f"formats: must be of {', '.join(FORMATS)}, not {form!r}")
    if scale not in SCALES:
        raise ValueError(f"scale: must be 1, 2 or 3, not {scale!r}")


def _bytes(figure: ChartFigure, chart: Chart, form: str, *, scale: int, has_text: bool) -> bytes:
    import matplotlib as mpl

    buffer = io.BytesIO()
    with drawing(), _light_fonts(), mpl.rc_context({"svg.fonttype": "none" if has_text else "path"}):
        figure.savefig(buffer, format=form, dpi=DPI * scale, metadata=_metadata(chart, form))
    return _described(buffer.getvalue(), chart) if form == "svg" else buffer.getvalue()


@contextmanager
def _light_fonts() -> Iterator[None]:
    """Leave out of a pdf's fonts the tables for setting text, which is set already: they take half the time."""
    # matplotlib gives no way to say so; where it changes its mind, files are larger and nothing else
    writer: Any = importlib.import_module("matplotlib.backends._backend_pdf_ps")
    options = getattr(getattr(writer, "subset", None), "Options", None)
    kept = getattr(options, "_drop_tables_default", None)
    if options is None or kept is None:
        yield
        return
    options._drop_tables_default = [*kept, "GSUB", "GPOS", "GDEF", "kern"]
    try:
        yield
    finally:
        options._drop_tables_default = kept


def _metadata(chart: Chart, form: str) -> dict[str, Any]:
    """What the file says of itself; no date and no version, so that equal charts are equal files."""
    if form == "png":
        return {"Software": None, "Title": chart.title, "Description": chart.alt_text}
    if form == "svg":
        return {"Date": None, "Creator": "expert-roundup", "Title": chart.title}
    return {
        "CreationDate": None,
        "Creator": "expert-roundup",
        "Producer": None,
        "Title": chart.title,
        "Subject": chart.alt_text,
    }


def _described(svg: bytes, chart: Chart) -> bytes:
    """Say to screen readers that the svg is one picture, and what it shows."""
    text = svg.decode("utf-8")
    text = text.replace("<svg ", f'<svg role="img" aria-label="{escape(chart.alt_text)}" ', 1)
    return text.encode("utf-8")

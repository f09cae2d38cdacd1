"""Charts as files: pictures that open, say what they show, and are the same bytes on every run."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from expert_roundup.output.charts import Chart, chart_files, render_chart, save_chart, study_charts, tally_chart
from expert_roundup.output.style import Look
from expert_roundup.output.tables import csv_to_frame

Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def chart(frames: Frames) -> Chart:
    """Return the tally chart."""
    return tally_chart(frames["tally"], source="Source: here")


@pytest.fixture(scope="module")
def small() -> Chart:
    """Return a tally chart of two themes."""
    tally = pd.DataFrame({"theme": ["a", "b"], "label": ["A", "B"], "n_quotes": [2, 1], "share": [0.2, 0.1]})
    ranks = {"rank": [1, 2], "rank_low": [1, 1], "rank_high": [2, 2]}
    return tally_chart(tally.assign(n_published=[1, 1], difference=[1, 0], **ranks))


def test_equal_charts_are_equal_files(frames: Frames) -> None:
    """Two runs, two figures, one file each: no date, no random name."""
    runs = [dict(chart_files(tally_chart(frames["tally"]))) for _ in range(2)]
    assert list(runs[0]) == [f"tally-chart.{ending}" for ending in ("png", "svg", "pdf", "csv", "txt")]
    assert runs[0] == runs[1]


@pytest.mark.parametrize("name", ["reconstruction", "consensus_matrix", "map"])
def test_cells_and_points_are_equal_files_too(frames: Frames, name: str) -> None:
    """In the format where matplotlib makes up names."""
    runs = [render_chart(*study_charts(frames, only=[name]), "svg") for _ in range(2)]
    assert runs[0] == runs[1]


def test_the_csv_holds_what_is_drawn_and_the_text_what_is_said(chart: Chart, tmp_path: Path) -> None:
    """Numbers read back equal to the frame; title and alt text stand in the text file."""
    save_chart(chart, tmp_path / "new", formats=["png"])
    back = csv_to_frame((tmp_path / "new/tally-chart.csv").read_text("utf-8"))
    pd.testing.assert_frame_equal(back, chart.numbers, check_dtype=False)
    assert (tmp_path / "new/tally-chart.txt").read_text("utf-8") == f"{chart.title}\n\n{chart.alt_text}\n"


@pytest.mark.parametrize(("preset", "size"), [("16:9", (1920, 1080)), ("4:3", (1440, 1080)), ("square", (1080, 1080))])
def test_a_small_chart_has_the_dots_of_its_preset(small: Chart, preset: str, size: tuple[int, int]) -> None:
    """At scale 1, and twice as many at 2."""
    for scale in (1, 2):
        picture = Image.open(io.BytesIO(render_chart(small, "png", look=Look(preset=preset), scale=scale)))
        assert picture.size == (size[0] * scale, size[1] * scale)


def test_a_transparent_chart_has_no_paper_and_a_dark_one_dark_paper(small: Chart) -> None:
    """Read off the corner of the picture."""

    def corner(look: Look) -> tuple[int, ...]:
        picture = Image.open(io.BytesIO(render_chart(small, "png", look=look))).convert("RGBA")
        return tuple(int(value) for value in np.asarray(picture)[2, 2])

    assert corner(Look()) == (255, 255, 255, 255)
    assert corner(Look(is_dark=True)) == (0x16, 0x18, 0x1C, 255)
    assert corner(Look(is_transparent=True))[3] == 0


def test_an_svg_is_one_picture_with_its_alt_text(chart: Chart) -> None:
    """A screen reader reads the alt text; letters are outlines, or text where that is asked for."""
    svg = render_chart(chart, "svg").decode()
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == chart.alt_text
    assert "<text" not in svg
    assert "<text" in render_chart(chart, "svg", has_text=True).decode()
    assert "dc:date" not in svg


def test_a_pdf_has_real_letters_and_no_date(chart: Chart) -> None:
    """TrueType letters can be searched and edited; type 3 ones cannot."""
    pdf = render_chart(chart, "pdf")
    assert b"/Type3" not in pdf
    assert b"/FontFile2" in pdf
    assert b"Date" not in pdf


def test_pictures_say_what_they_show(chart: Chart) -> None:
    """The png carries title and alt text."""
    picture = Image.open(io.BytesIO(render_chart(chart, "png")))
    picture.load()
    assert picture.info["Title"] == chart.title
    assert picture.info["Description"] == chart.alt_text


def test_one_existing_file_stops_the_whole_save(chart: Chart, tmp_path: Path) -> None:
    """Nothing is written beside it, unless overwrite is passed."""
    (tmp_path / "tally-chart.csv").write_text("old")
    with pytest.raises(ValueError, match=r"tally-chart\.csv exists already"):
        save_chart(chart, tmp_path, formats=["svg"])
    assert [path.name for path in tmp_path.iterdir()] == ["tally-chart.csv"]
    assert len(save_chart(chart, tmp_path, formats=["svg"], overwrite=True)) == 3


def test_what_cannot_be_written_is_said_before_anything_is(chart: Chart, tmp_path: Path) -> None:
    """Format, scale and preset are checked first."""
    with pytest.raises(ValueError, match=r"formats: must be of png, svg, pdf, not 'gif'"):
        save_chart(chart, tmp_path, formats=["png", "gif"])
    with pytest.raises(ValueError, match="scale: must be 1, 2 or 3, not 4"):
        save_chart(chart, tmp_path, scale=4)
    with pytest.raises(ValueError, match="preset: must be one of 16:9, 4:3, square, not '3:2'"):
        save_chart(chart, tmp_path, preset="3:2")
    assert not list(tmp_path.iterdir())


def test_a_chart_changes_with_its_data(frames: Frames) -> None:
    """Equal bytes mean equal numbers, not a picture that never changes."""
    other = frames["tally"].assign(n_quotes=frames["tally"]["n_quotes"] + 1)
    assert render_chart(tally_chart(other), "png") != render_chart(tally_chart(frames["tally"]), "png")

"""Every chart, in every shape and with few or many themes: letters a room can read, none over another, none cut off."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from expert_roundup.output.charts import Chart, study_charts
from expert_roundup.output.charts.study import NAMES
from expert_roundup.output.style import SMALL, Look

Frames = dict[str, pd.DataFrame]
SOURCE = "Source: a study that nobody made; expert-roundup 0.0.0, data 00000000"


def texts_of(figure: Figure) -> list[Text]:
    """Texts that a reader sees."""
    figure.canvas.draw()
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]  # type: ignore[attr-defined]
    return [text for text in found if text.get_window_extent().width > 0]  # type: ignore[attr-defined]


def faults_of(figure: Figure) -> list[str]:
    """What is wrong with the letters of a figure."""
    figure.set_dpi(100)
    texts = texts_of(figure)
    boxes = [text.get_window_extent().padded(-0.8) for text in texts]
    edge = figure.bbox
    faults = [f"{text.get_text()!r} has {text.get_fontsize()} points" for text in texts if text.get_fontsize() < SMALL]
    for text, box in zip(texts, boxes, strict=True):
        if box.x0 < edge.x0 or box.x1 > edge.x1 or box.y0 < edge.y0 or box.y1 > edge.y1:
            faults.append(f"{text.get_text()!r} runs over the edge")
    for (text, box), (other, place) in combinations(zip(texts, boxes, strict=True), 2):
        if box.overlaps(place):
            faults.append(f"{text.get_text()!r} covers {other.get_text()!r}")
    return faults


@pytest.mark.parametrize("preset", ["16:9", "square"])
@pytest.mark.parametrize("name", NAMES)
def test_letters_are_large_and_free_of_each_other(made: dict[str, Chart], name: str, preset: str) -> None:
    """Twelve themes with long labels and thirty-one speakers, on the widest and on the narrowest sheet."""
    assert faults_of(made[name].draw(Look(preset=preset, is_dark=preset == "square"))) == []


@pytest.mark.parametrize("n_themes", [3, 60])
@pytest.mark.parametrize("name", ["tally", "reconstruction", "cooccurrence"])
def test_few_and_many_themes_fit(make_frames: Callable[..., Frames], name: str, n_themes: int) -> None:
    """Three themes do not swell, sixty make the sheet grow."""
    (chart,) = study_charts(make_frames(n_themes, 20), only=[name], source=SOURCE)
    figure = chart.figure
    assert faults_of(figure) == []
    assert figure.get_size_inches()[1] >= 7.2


@pytest.mark.parametrize("name", ["who_said_what", "lengths", "map"])
def test_many_answers_fit(make_frames: Callable[..., Frames], name: str) -> None:
    """Beyond seventy answers their names are left out, not printed over each other."""
    (chart,) = study_charts(make_frames(5, 120), only=[name], source=SOURCE)
    assert faults_of(chart.figure) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_keeps_its_shape(made: dict[str, Chart], name: str) -> None:
    """A chart that needs more room grows in the shape that was asked for, up to twice its size."""
    width, height = made[name].draw(Look(preset="4:3")).get_size_inches()
    assert width / height == pytest.approx(4 / 3)
    assert 9.6 <= width <= 19.2


@pytest.mark.parametrize("name", ["Дэвид", "王小明大", "Δημήτρης", "José $x$ _{a}", "<b>&", "ꠅꠞꠣ", "👩‍🚀", "\x1b[31m"])
def test_names_in_any_script_are_shown_without_a_warning(make_frames: Callable[..., Frames], name: str) -> None:
    """A letter without a font is written in Latin letters, and the chart says so; a dollar sign is no formula."""
    (chart,) = study_charts(make_frames(4, 9, name=name), only=["map"], source=SOURCE)
    assert faults_of(chart.figure) == []


def test_what_no_font_has_is_said(make_frames: Callable[..., Frames]) -> None:
    """The remark stands at the foot where a name is not in its own letters, and only there."""
    for name, is_said in (("ꠅꠞꠣ", True), ("Дэвид", False)):
        (chart,) = study_charts(make_frames(4, 9, name=name), only=["lengths"], source=SOURCE)
        assert any("no font" in text.get_text() for text in texts_of(chart.figure)) is is_said

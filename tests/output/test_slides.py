"""The deck read back: its charts hold the frames' numbers, everything drawn has an alt text, every slide has notes."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches

from expert_roundup.output.charts import Chart, study_charts
from expert_roundup.output.slides import build_deck
from expert_roundup.output.slides.native import MOST, native_chart

Frames = dict[str, pd.DataFrame]
Made = dict[str, Chart]
SOURCE = "Source: a study that nobody made; expert-roundup 0.0.0, data 00000000"


@pytest.fixture(scope="module")
def data(frames: Frames) -> bytes:
    """Return the bytes of the deck of all frames."""
    return build_deck(frames, source=SOURCE, notes={"agreement": "One kind."}, limits=["Thirty-one answers are few."])


@pytest.fixture
def deck(data: bytes) -> Any:
    """Return the deck, opened."""
    return Presentation(io.BytesIO(data))


def drawn(deck: Any) -> Iterator[Any]:
    """Charts, pictures and tables of all slides."""
    for slide in deck.slides:
        yield from (shape for shape in slide.shapes if shape.has_chart or shape.has_table or shape.shape_type == 13)


def slide_of(deck: Any, title: str) -> Any:
    return next(slide for slide in deck.slides if slide.shapes.title.text == title)


def chart_on(deck: Any, title: str) -> Any:
    return next(shape.chart for shape in slide_of(deck, title).shapes if shape.has_chart)


def test_two_runs_are_one_file(frames: Frames, data: bytes) -> None:
    """No date, in the deck or in the workbooks inside it."""
    few = {name: frames[name] for name in ("tally", "reconstruction", "agreement", "codebook")}
    runs = [hashlib.sha256(build_deck(few, source=SOURCE)).hexdigest() for _ in range(2)]
    assert runs[0] == runs[1]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert len(archive.namelist()) == len(set(archive.namelist()))


@pytest.mark.parametrize("name", ["tally", "agreement", "cooccurrence", "dos_and_donts", "platforms", "lengths"])
def test_native_charts_hold_the_numbers_of_the_frames(made: Made, deck: Any, name: str) -> None:
    """In the chart and in the workbook behind it, which is what PowerPoint opens to edit."""
    numbers = made[name].numbers
    shown = chart_on(deck, made[name].title)
    columns = {
        "tally": ["n_quotes", "n_published"],
        "agreement": ["value"],
        "cooccurrence": ["n_both", "n_expected"],
        "dos_and_donts": ["n_donts", "n_dos"],
        "platforms": ["n_quotes"],
        "lengths": ["n_words"],
    }[name]
    if name == "cooccurrence":
        numbers = numbers[numbers["n_both"] > 0].sort_values("n_both", ascending=False, kind="stable").head(8)
    sheet = openpyxl.load_workbook(io.BytesIO(shown.part.chart_workbook.xlsx_part.blob)).active
    for place, (series, column) in enumerate(zip(shown.plots[0].series, columns, strict=True), start=2):
        expected = [None if pd.isna(value) else float(value) for value in numbers[column]]
        values = list(series.values)
        assert [None if value is None else abs(value) for value in values] == expected
        cells = [sheet.cell(row, place).value for row in range(2, len(numbers) + 2)]
        # workbooks keep 16 digits
        assert cells == [None if value is None else pytest.approx(value, rel=1e-15) for value in values]
    assert [sheet.cell(row, 1).value for row in range(2, len(numbers) + 2)] == list(shown.plots[0].categories)


def test_the_reconstruction_counts_sure_and_open_codings(made: Made, deck: Any) -> None:
    """The stacks add up to the codings of each theme, and to its open cells."""
    chart = made["reconstruction"]
    sure, opened, near = (list(series.values) for series in chart_on(deck, chart.title).plots[0].series)
    rows = chart.numbers.groupby("label", sort=False)[["is_coded", "is_open"]].sum()
    assert [a + b for a, b in zip(sure, opened, strict=True)] == rows["is_coded"].tolist()
    assert [a + b for a, b in zip(opened, near, strict=True)] == rows["is_open"].tolist()


def test_intervals_are_the_frames_and_stand_in_the_workbook(made: Made, deck: Any) -> None:
    """Error bars reach from low to high, and their columns can be edited."""
    chart = made["agreement"]
    shown = chart_on(deck, chart.title)
    rows = chart.numbers
    bars = shown.plots[0].series[0]._element.find(qn("c:errBars"))
    for tag, column, sign in (("c:plus", "high", 1), ("c:minus", "low", -1)):
        reference = bars.find(qn(tag)).find(qn("c:numRef"))
        points = {int(p.get("idx")): float(p.find(qn("c:v")).text) for p in reference.iter(qn("c:pt"))}
        expected = {
            i: pytest.approx(sign * (end - value))
            for i, (value, end) in enumerate(zip(rows["value"], rows[column], strict=True))
            if not pd.isna(value)
        }
        assert points == expected
        letter = reference.find(qn("c:f")).text.split("$")[1]
        sheet = openpyxl.load_workbook(io.BytesIO(shown.part.chart_workbook.xlsx_part.blob)).active
        assert sheet[f"{letter}2"].value == pytest.approx(points[0])


def test_everything_drawn_has_an_alt_text(deck: Any) -> None:
    """Charts, pictures and tables; python-pptx has no call for it."""
    texts = [shape._element.xpath(".//p:cNvPr")[0].get("descr") for shape in drawn(deck)]
    assert len(texts) > 10
    assert all(text and len(text) > 20 for text in texts)


def test_every_slide_has_a_title_notes_and_a_source(deck: Any) -> None:
    """The source line stands on the slide, method and limits in the notes."""
    for place, slide in enumerate(deck.slides):
        assert slide.shapes.title.text
        assert SOURCE in slide.notes_slide.notes_text_frame.text
        if place:
            assert any(SOURCE in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    notes = slide_of(deck, study_title(deck, "The readings agree")).notes_slide.notes_text_frame.text
    assert "How it was made" in notes
    assert "What it does not show" in notes


def study_title(deck: Any, start: str) -> str:
    return str(next(s.shapes.title.text for s in deck.slides if s.shapes.title.text.startswith(start)))


def test_titles_are_the_findings_of_the_charts(frames: Frames, deck: Any) -> None:
    """What the chart says is what the slide says."""
    titles = [slide.shapes.title.text for slide in deck.slides]
    for chart in study_charts(frames):
        assert any(title.startswith(chart.title) for title in titles)


def test_the_last_slide_says_the_limits(deck: Any) -> None:
    """The study's own first."""
    slide = list(deck.slides)[-1]
    assert slide.shapes.title.text == "What these numbers do not show"
    body = next(shape for shape in slide.placeholders if shape.placeholder_format.idx != 0 and shape.text_frame.text)
    assert body.text_frame.paragraphs[0].text == "Thirty-one answers are few."
    assert len(body.text_frame.paragraphs) > 4


def test_the_table_slide_has_every_theme(frames: Frames, deck: Any) -> None:
    """Recount, published count, difference, rank with its interval."""
    table = next(shape.table for shape in drawn(deck) if shape.has_table)
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == ["Theme", "Recount", "Published", "Difference", "Rank (95 %)"]
    rows = frames["tally"].sort_values("n_quotes", ascending=False, kind="stable")
    assert [row[0] for row in cells[1:]] == rows["label"].tolist()
    assert [int(row[1]) for row in cells[1:]] == rows["n_quotes"].tolist()
    assert [int(row[3]) for row in cells[1:]] == rows["difference"].tolist()


def test_the_deck_is_wide_and_its_layouts_with_it(deck: Any) -> None:
    """python-pptx brings 4:3; no placeholder of a layout stays in the left three quarters."""
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=0.001)
    for layout in deck.slide_layouts:
        rights = [shape.left + shape.width for shape in layout.placeholders if shape.width]
        assert max(rights) > deck.slide_width * 0.85
        assert max(rights) <= deck.slide_width


def test_nothing_runs_off_the_slide_or_into_the_source(deck: Any) -> None:
    """What is drawn lies below the title and above the source line."""
    for slide in deck.slides:
        source = next((shape for shape in slide.shapes if shape.name == "Source"), None)
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            if source is not None and (shape.has_chart or shape.has_table or shape.shape_type == 13):
                assert shape.top + shape.height <= source.top
                assert shape.top >= slide.shapes.title.top + slide.shapes.title.height


def test_while_coding_goes_on_the_deck_says_how_many_answers_were_read(make_frames: Callable[..., Frames]) -> None:
    """Themes counted over part of the answers: the title and the feet say so."""
    frames = make_frames(3, 20)
    tally = frames["tally"].assign(share=frames["tally"]["n_quotes"] / 8)
    deck = Presentation(io.BytesIO(build_deck({"tally": tally, "quotes": frames["quotes"]}, source=SOURCE)))
    texts = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert texts[0] == "What 8 of 20 answers advise"
    assert any(text.startswith("8 of 20 answers.") for text in texts)


def test_many_themes_are_cut_on_the_chart_and_whole_in_the_tables(make_frames: Callable[..., Frames]) -> None:
    """Fifteen bars are legible; the slide says how many there are, and the tables have all."""
    frames = make_frames(40, 20)
    deck = Presentation(io.BytesIO(build_deck({"tally": frames["tally"]}, source=SOURCE)))
    chart = next(shape.chart for shape in drawn(deck) if shape.has_chart)
    assert len(list(chart.plots[0].categories)) == MOST
    texts = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert any("15 of 40 are shown." in text for text in texts)
    tables = [shape.table for shape in drawn(deck) if shape.has_table]
    assert sum(len(table.rows) - 1 for table in tables) == 40


@pytest.mark.parametrize("theme", ["dark", "print"])
def test_themes_change_the_colours_and_nothing_else(frames: Frames, theme: str) -> None:
    """The same slides, charts and numbers."""
    few = {"tally": frames["tally"]}
    light, other = (Presentation(io.BytesIO(build_deck(few, theme=name))) for name in ("light", theme))
    titles = [[slide.shapes.title.text for slide in deck.slides] for deck in (light, other)]
    assert titles[0] == titles[1]
    assert paper_of(light) == "FFFFFF"
    assert (paper_of(other) == "FFFFFF") is (theme == "print")


def paper_of(deck: Any) -> str:
    from expert_roundup.output.slides.master import _theme_xml

    return str(_theme_xml(deck.slide_master)[1].find(f".//{qn('a:lt1')}")[0].get("val"))


def template(path: Path, *, is_potx: bool = False, is_dark: bool = False) -> Path:
    """Save a template with two sample slides, 4:3."""
    deck = Presentation()
    for layout in (0, 1):
        deck.slides.add_slide(deck.slide_layouts[layout]).shapes.title.text = "Sample"
    if is_dark:
        colors = deck.slide_master.element.find(qn("p:clrMap"))
        colors.set("bg1", "dk1")
        colors.set("tx1", "lt1")
    deck.save(str(path))
    if is_potx:
        out = io.BytesIO()
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
            for entry in old.infolist():
                content = old.read(entry)
                if entry.filename == "[Content_Types].xml":
                    content = content.replace(b"presentation.main+xml", b"template.main+xml")
                new.writestr(entry, content)
        path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize("ending", ["pptx", "potx"])
def test_a_template_brings_its_master_and_loses_its_slides(frames: Frames, tmp_path: Path, ending: str) -> None:
    """Its size and colours stay; its sample slides are gone, also from the file."""
    path = template(tmp_path / f"corporate.{ending}", is_potx=ending == "potx")
    few = {name: frames[name] for name in ("tally", "quotes")}
    data = build_deck(few, source=SOURCE, template=path)
    deck = Presentation(io.BytesIO(data))
    assert deck.slide_width == Inches(10)
    assert "Sample" not in [slide.shapes.title.text for slide in deck.slides]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        slides = [name for name in archive.namelist() if name.startswith("ppt/slides/slide")]
        assert len(slides) == len(deck.slides)
    assert data == build_deck(few, source=SOURCE, template=path)


def test_pictures_on_a_dark_template_are_light(frames: Frames, tmp_path: Path) -> None:
    """Known from the colours that the master maps to its paper."""
    from expert_roundup.output.slides.master import is_dark, open_deck

    assert is_dark(open_deck(template=template(tmp_path / "dark.pptx", is_dark=True)))
    assert not is_dark(open_deck(template=template(tmp_path / "light.pptx")))
    assert is_dark(open_deck(theme="dark"))


def test_what_is_no_template_is_refused_in_a_sentence(frames: Frames, tmp_path: Path) -> None:
    """A text, a zip that is no deck, a missing file, an unknown theme."""
    few = {"tally": frames["tally"]}
    (tmp_path / "a.pptx").write_text("no deck")
    with zipfile.ZipFile(tmp_path / "b.pptx", "w") as archive:
        archive.writestr("a.txt", "no deck")
    for name in ("a", "b"):
        with pytest.raises(ValueError, match=rf"template: .*{name}\.pptx is no PowerPoint file"):
            build_deck(few, template=tmp_path / f"{name}.pptx")
    with pytest.raises(FileNotFoundError):
        build_deck(few, template=tmp_path / "none.pptx")
    with pytest.raises(ValueError, match="theme: must be one of light, dark, print, not 'pink'"):
        build_deck(few, theme="pink")


def test_labels_that_look_like_formulas_or_markup_are_texts(frames: Frames) -> None:
    """In the chart, in its workbook and on the slide."""
    hostile = frames["tally"].head(3).assign(label=["=1+1", "<b>&amp;</b>", "\x0bnew\x00line"])
    deck = Presentation(io.BytesIO(build_deck({"tally": hostile}, source="=1 & <x>")))
    chart = next(shape.chart for shape in drawn(deck) if shape.has_chart)
    sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    assert {sheet.cell(row, 1).data_type for row in range(2, 5)} == {"s"}
    assert {"=1+1", "<b>&amp;</b>"} < set(chart.plots[0].categories)


def test_a_chart_without_a_native_form_is_none(frames: Frames) -> None:
    """It is shown as a picture."""
    (chart,) = study_charts(frames, only=["map"])
    assert native_chart("map", chart.numbers) is None


@pytest.mark.office
def test_libreoffice_opens_the_deck_and_shows_every_slide(data: bytes, soffice: str, tmp_path: Path) -> None:
    """Converted to pdf by LibreOffice: as many pages as slides, with the titles on them."""
    (tmp_path / "deck.pptx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        soffice,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "deck.pptx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pdf = (tmp_path / "deck.pdf").read_bytes()
    n = len(Presentation(io.BytesIO(data)).slides)
    assert f"/Count {n}".encode() in pdf

"""One slide: its title, what it shows, the source line, the number, the notes, and an alt text for everything drawn."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Emu, Inches, Pt

from expert_roundup.output.cells import legible
from expert_roundup.output.slides.master import layout_with

_FEET = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
#: title size in points, by the number of letters it must hold
_SIZES = ((85, 28), (130, 24), (10_000, 20))
_SOURCE = 12


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in EMU (914,400 an inch)."""

    left: int
    top: int
    width: int
    height: int

    @property
    def place(self) -> tuple[Emu, Emu, Emu, Emu]:
        """As python-pptx wants it."""
        return Emu(self.left), Emu(self.top), Emu(self.width), Emu(self.height)


def add_page(deck: Any, kind: str, title: str, *, source: str, notes: str) -> tuple[Any, Box]:
    """Add a slide with title, source line, number and notes, and return it with the room that is left.

    Parameters
    ----------
    deck
        From `open_deck`.
    kind
        "title", "content" or "text", as for `layout_with`.
    title
        The finding.
    source
        n and source, for the foot.
    notes
        For the speaker: method and limits.
    """
    layout = layout_with(deck, kind)
    slide = deck.slides.add_slide(layout)
    slide.shapes.title.text_frame.text = legible(title)
    if kind != "title":
        size = next(size for letters, size in _SIZES if len(title) <= letters)
        for run in slide.shapes.title.text_frame.paragraphs[0].runs:
            run.font.size = Pt(size)
    slide.notes_slide.notes_text_frame.text = legible(notes)
    room, foot = _room(deck, slide, layout)
    if source and kind != "title":
        _write_source(slide, source, foot)
    _add_number(slide, layout)
    if kind == "content":
        for shape in list(slide.placeholders):
            if shape.placeholder_format.idx != 0 and shape.placeholder_format.type not in _FEET:
                shape.element.getparent().remove(shape.element)  # an empty one would ask for a click
    return slide, room


def describe(shape: Any, text: str) -> None:
    """Give a shape an alt text; python-pptx has no call for it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", legible(text))


def color_of(fill_or_font: Any, role: str) -> None:
    """Set a colour by its role: "mark" and "second" are the theme's first accents, the rest is grey."""
    if role in ("mark", "second"):
        fill_or_font.theme_color = MSO_THEME_COLOR.ACCENT_1 if role == "mark" else MSO_THEME_COLOR.ACCENT_2
    elif role == "black":
        fill_or_font.rgb = RGBColor(0, 0, 0)  # type: ignore[no-untyped-call]
    elif role in ("ink", "paper"):
        fill_or_font.theme_color = MSO_THEME_COLOR.TEXT_1 if role == "ink" else MSO_THEME_COLOR.BACKGROUND_1
    else:  # greys that stand out from white and from black
        fill_or_font.rgb = RGBColor(*(0x8C,) * 3 if role == "other" else (0xB8,) * 3)  # type: ignore[no-untyped-call]


def write_lines(frame: Any, lines: Sequence[str], *, size: float | None = None) -> None:
    """Fill a text frame, one paragraph a line."""
    frame.word_wrap = True
    for i, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        paragraph.text = legible(line)
        if size:
            for run in paragraph.runs:
                run.font.size = Pt(size)


def _room(deck: Any, slide: Any, layout: Any) -> tuple[Box, Box]:
    """What lies between the title and the foot of the layout, half the slide at least; and the foot's left part."""
    width, height = int(deck.slide_width), int(deck.slide_height)
    title = slide.shapes.title
    feet = [shape for shape in layout.placeholders if shape.placeholder_format.type in _FEET and shape.top]
    foot = min([int(shape.top) for shape in feet if shape.top > height * 0.8], default=round(height * 0.92))
    margin = int(title.left) if 0 < int(title.left) < width * 0.15 else round(width * 0.05)
    top = int(title.top) + int(title.height) + Inches(0.1)
    if top > height * 0.45 or foot - top < height * 0.5:  # a title at the side or across the slide
        top, foot = round(height * 0.25), round(height * 0.92)
    numbers = [shape for shape in feet if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER]
    ends = [int(shape.left) for shape in numbers if shape.left > width // 2]
    source = Box(margin, foot - Inches(0.08), min([width - margin, *ends]) - margin, Inches(0.5))
    return Box(margin, top, width - 2 * margin, foot - Inches(0.15) - top), source


def _write_source(slide: Any, text: str, box: Box) -> None:
    shape = slide.shapes.add_textbox(*box.place)
    shape.name = "Source"
    write_lines(shape.text_frame, text.split("\n"), size=_SOURCE)
    for side in ("margin_left", "margin_right", "margin_top", "margin_bottom"):
        setattr(shape.text_frame, side, 0)


def _add_number(slide: Any, layout: Any) -> None:
    """Take over the slide number of the layout, which python-pptx leaves behind."""
    for shape in layout.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
            element = copy.deepcopy(shape.element)
            element.xpath(".//p:cNvPr")[0].set("id", str(max(s.shape_id for s in slide.shapes) + 1))
            slide.shapes._spTree.append(element)
            return

"""Put native charts, pictures and tables on a slide."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from expert_roundup.output.slides.native import NativeChart
from expert_roundup.output.slides.page import Box, color_of, describe, write_lines

if TYPE_CHECKING:
    import pandas as pd

_LETTERS = 14
_WIDE = 10_000_000  # EMU; on a narrower slide a table's letters are smaller
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # the office's own "no style, no grid"
_KINDS = {
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked": XL_CHART_TYPE.BAR_STACKED,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
}


def add_chart(slide: Any, native: NativeChart, box: Box, *, alt_text: str) -> Any:
    """Add a chart that PowerPoint can edit; its workbook holds the numbers and the columns beside them."""
    data: Any = CategoryChartData(number_format=_format(native))  # type: ignore[no-untyped-call]
    data.categories = native.categories
    for name, values in native.series.items():
        data.add_series(name, values)
    frame = slide.shapes.add_chart(_KINDS[native.kind], *box.place, data)
    describe(frame, alt_text)
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(native))
    chart.font.size = Pt(_LETTERS)
    color_of(chart.font.color, "ink")
    chart.has_title = False
    chart.has_legend = len(native.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _set_axes(chart, native)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = (45, 100) if native.kind == "stacked" else (35, 0)
    for i, series in enumerate(plot.series):
        _paint(series, native, i)
    if native.low:
        _add_intervals(plot.series[0], native)
    return frame


def add_picture(slide: Any, picture: bytes, box: Box, *, alt_text: str) -> Any:
    """Add a picture as large as the box allows, in its middle."""
    shape = slide.shapes.add_picture(io.BytesIO(picture), Emu(box.left), Emu(box.top))
    factor = min(box.width / shape.width, box.height / shape.height)
    shape.width, shape.height = Emu(round(shape.width * factor)), Emu(round(shape.height * factor))
    shape.left = Emu(box.left + (box.width - shape.width) // 2)
    shape.top = Emu(box.top + (box.height - shape.height) // 2)
    describe(shape, alt_text)
    return shape


def add_table(slide: Any, frame: pd.DataFrame, box: Box, *, alt_text: str) -> Any:
    """Add a table of our own plain style, legible on any paper: texts left, numbers right, a rule under the head."""
    rows, columns = frame.shape
    shape = slide.shapes.add_table(rows + 1, columns, *box.place)
    describe(shape, alt_text)
    table = shape.table
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = _NO_STYLE
    letters = _LETTERS if box.width > _WIDE else _LETTERS - 2
    first = round(box.width * 0.42)
    for j in range(columns):
        table.columns[j].width = Emu(first if j == 0 else (box.width - first) // (columns - 1))
    height = min(box.height // (rows + 1), 420_000)
    for i in range(rows + 1):
        table.rows[i].height = Emu(height)
        for j in range(columns):
            text = str(frame.columns[j]) if i == 0 else str(frame.iloc[i - 1, j])
            _fill_cell(table.cell(i, j), text, letters=letters, is_number=j > 0, is_head=i == 0)
    return shape


def _fill_cell(cell: Any, text: str, *, letters: int, is_number: bool, is_head: bool) -> None:
    write_lines(cell.text_frame, [text], size=letters)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
    for run in paragraph.runs:
        color_of(run.font.color, "ink")
        run.font.bold = is_head
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Pt(1)
    color = '<a:schemeClr val="accent1"/>' if is_head else '<a:srgbClr val="8C8C8C"/>'
    line = f"<a:solidFill>{color}</a:solidFill>"
    cell._tc.get_or_add_tcPr().insert(
        0, parse_xml(f'<a:lnB {nsdecls("a")} w="{25400 if is_head else 6350}">{line}</a:lnB>')
    )


def _set_axes(chart: Any, native: NativeChart) -> None:
    names, numbers = chart.category_axis, chart.value_axis
    is_upright = native.kind == "column"
    names.reverse_order = not is_upright  # the first row on top
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.has_major_gridlines = numbers.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # beside bars that go both ways
    names.tick_labels.font.size = Pt(12 if is_upright else _LETTERS)
    if is_upright:  # names stand upright rather than aslant
        names._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("rot", "-5400000")
    color_of(names.format.line.color, "other")
    numbers.visible = False
    given = [v for values in native.series.values() for v in values if v is not None]
    lowest = min([0.0, *given, *(v for v in native.low if v is not None)])
    numbers.minimum_scale = lowest * 1.15 if lowest < 0 else 0


def _paint(series: Any, native: NativeChart, place: int) -> None:
    role = native.colors[place]
    series.invert_if_negative = False
    series.format.fill.solid()
    color_of(series.format.fill.fore_color, role if place or native.marked is None else "other")
    if place == 0 and native.marked is not None:
        for i in sorted(native.marked):
            fill = series.points[i].format.fill
            fill.solid()
            color_of(fill.fore_color, role)
    labels = series.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, _format(native), False
    labels.font.size = Pt(12 if native.kind == "column" or len(native.series) > 1 else _LETTERS)
    is_inside = native.low or native.kind == "stacked"
    inside = "paper" if role in ("mark", "second") else "black"  # pale bars are pale on any paper
    color_of(labels.font.color, inside if is_inside else "ink")
    labels.font.bold = bool(is_inside)
    if native.low:  # an interval would run through a label at the end of its bar
        labels.position = XL_LABEL_POSITION.INSIDE_BASE
    elif native.kind != "stacked":
        labels.position = XL_LABEL_POSITION.OUTSIDE_END


def _format(native: NativeChart) -> str:
    """How a number is written; in stacks zeros are left out and signs, which only say the side, too."""
    if native.kind == "stacked":
        return "0;0;;"
    return "0" if not native.decimals else f"0.{'0' * native.decimals}" if native.low else "0.#"


def _add_intervals(series: Any, native: NativeChart) -> None:
    """Error bars to the ends of the intervals, linked to the workbook's columns."""
    values = next(iter(native.series.values()))
    names = list(_columns(native))
    ends = []
    for tag, ends_of, sign in (("plus", native.high, 1), ("minus", native.low, -1)):
        column = _letter(1 + names.index("above" if sign > 0 else "below"))
        points = "".join(
            f'<c:pt idx="{i}"><c:v>{abs(end - value)!r}</c:v></c:pt>'
            for i, (value, end) in enumerate(zip(values, ends_of, strict=True))
            if value is not None and end is not None
        )
        ends.append(
            f"<c:{tag}><c:numRef><c:f>Sheet1!${column}$2:${column}${len(values) + 1}</c:f><c:numCache>"
            f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numCache>'
            f"</c:numRef></c:{tag}>"
        )
    line = '<a:ln w="25400"><a:solidFill><a:srgbClr val="8C8C8C"/></a:solidFill></a:ln>'
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"{''.join(ends)}<c:spPr>{line}</c:spPr></c:errBars>"
    )
    series._element.find(qn("c:cat")).addprevious(bars)


def _columns(native: NativeChart) -> dict[str, tuple[Any, ...]]:
    """Columns of the workbook after the categories: the series first, where the chart looks for them."""
    columns: dict[str, tuple[Any, ...]] = dict(native.series)
    if native.low:
        values = next(iter(native.series.values()))
        columns["low"], columns["high"] = native.low, native.high
        columns["below"] = tuple(_gap(v, end) for v, end in zip(values, native.low, strict=True))
        columns["above"] = tuple(_gap(v, end) for v, end in zip(values, native.high, strict=True))
    return columns | dict(native.more)


def _gap(value: float | None, end: float | None) -> float | None:
    return None if value is None or end is None else abs(end - value)


def _letter(column: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column]


def _workbook(native: NativeChart) -> bytes:
    """The workbook behind the chart; texts are texts, so that no label becomes a formula."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Sheet1")
    for i, category in enumerate(native.categories, start=1):
        sheet.write_string(i, 0, category)
    for j, (name, values) in enumerate(_columns(native).items(), start=1):
        sheet.write_string(0, j, name)
        for i, value in enumerate(values, start=1):
            if value is not None and str(value) not in ("nan", "<NA>"):
                sheet.write_number(i, j, float(value))
    sheet.set_column(0, 0, 40)
    book.close()
    return out.getvalue()

"""The top of the report: the tally chart and the findings, each a sentence computed from the frames."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from expert_roundup.output.charts.chart import Chart
from expert_roundup.output.charts.export import render_chart
from expert_roundup.output.charts.study import study_charts, tally_chart
from expert_roundup.output.report.escaping import Html, element, joined
from expert_roundup.output.style import Look

if TYPE_CHECKING:
    import pandas as pd

#: charts whose findings the summary states, in this order
FINDINGS = ("tally", "who_said_what", "agreement", "reconstruction", "cooccurrence", "dos_and_donts", "platforms")
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"url\(#")
#: inches of the chart on a phone, where letters of 15 points stay legible
_NARROW = (6.4, 7.4)


def summary(frames: Mapping[str, pd.DataFrame], *, notes: Mapping[str, str], said: Sequence[str]) -> Html:
    """Return the chart of the tally, where there is one, and the findings.

    Parameters
    ----------
    frames
        Of the study.
    notes
        A limit to state beside a finding, by the chart's name.
    said
        Further sentences, after the findings.
    """
    figure = tally_figure(frames["tally"], note=notes.get("tally", "")) if "tally" in frames else Html("")
    titles = [(name, title) for name, title in _titles(frames) if name != "tally"]
    sentences = [*(_with_note(title, notes.get(name, "")) for name, title in titles), *said]
    findings = element("ul", *(element("li", sentence) for sentence in sentences), class_="findings")
    return joined([figure, findings if sentences else ""])


def tally_figure(tally: pd.DataFrame, *, note: str = "") -> Html:
    """Return the tally chart as a figure, once for wide and once for narrow screens; only one of them is shown."""
    narrow = tally.assign(rank=None, rank_low=None, rank_high=None)  # on a phone ranks would leave no room for bars
    drawn = [
        element("div", inline_svg(tally_chart(tally), Look(is_plain=True), prefix="wide"), class_="wide"),
        element(
            "div",
            inline_svg(tally_chart(narrow), Look(is_plain=True, inches=_NARROW), prefix="narrow"),
            class_="narrow",
        ),
    ]
    caption = element("figcaption", _with_note(tally_chart(tally).title, note))
    return element("figure", caption, *drawn, class_="chart")


def inline_svg(chart: Chart, look: Look, *, prefix: str) -> Html:
    """Return a chart as SVG that can stand within a page.

    Its styles become attributes, which a page that allows no other styles still obeys; its ids carry `prefix`, so that
    two charts on one page do not share them; and its letters take the page's font.
    """
    from lxml import etree

    root = etree.fromstring(render_chart(chart, "svg", look=look, has_text=True))
    for name in ("metadata", "title"):
        for part in root.findall(f"{_SVG}{name}"):
            root.remove(part)
    for style in list(root.iter(f"{_SVG}style")):
        style.getparent().remove(style)
    for part in root.iter():
        _restyle(part, prefix)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    etree.cleanup_namespaces(root)
    return Html(etree.tostring(root, encoding="unicode"))


def _restyle(part: Any, prefix: str) -> None:
    for declaration in filter(None, part.attrib.pop("style", "").split(";")):
        name, _, value = declaration.partition(":")
        if name.strip() != "font-family":
            part.set(name.strip(), value.strip())
    for name, value in part.attrib.items():
        if name == "id":
            part.set(name, f"{prefix}-{value}")
        elif name == _HREF:
            part.set(name, f"#{prefix}-{value.removeprefix('#')}")
        elif "url(#" in value:
            part.set(name, _REFERENCE.sub(f"url(#{prefix}-", value))


def _titles(frames: Mapping[str, pd.DataFrame]) -> list[tuple[str, str]]:
    """Name and finding of every chart that the frames allow; those of the tally first."""
    try:
        charts = study_charts(frames)
    except ValueError:  # quotes alone make no finding
        return []
    titles = {chart.name: chart.title for chart in charts}
    return [(name, titles[name]) for name in FINDINGS if name in titles]


def _with_note(title: str, note: str) -> Html:
    return joined([f"{title}.", *([" ", element("small", note)] if note else [])])

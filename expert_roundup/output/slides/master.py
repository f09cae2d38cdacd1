"""The empty deck: our own 16:9 master in one of a few themes, or somebody's template without its sample slides."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from expert_roundup.output.style import OKABE_ITO, Look, luminance

#: a short bar of the first accent above the first slide's title
_BAR = (
    f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="90" name="Bar" descr=""/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
    '</p:nvSpPr><p:spPr><a:xfrm><a:off x="640080" y="1828800"/><a:ext cx="1371600" cy="91440"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
    "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
)
_FONT = "Arial"  # on every Windows and Mac; Liberation Sans has its widths elsewhere
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of a deck: paper, ink, and six accents, of which charts use the first two."""

    paper: str
    ink: str
    accents: tuple[str, str, str, str, str, str]


_LIGHT, _DARK = Look(), Look(is_dark=True)
_REST = (OKABE_ITO["green"], OKABE_ITO["purple"], OKABE_ITO["orange"], OKABE_ITO["sky"])
#: themes of our own; a template brings its own colours instead
THEMES = {
    "light": Theme(_LIGHT.paper, _LIGHT.ink, (_LIGHT.mark, _LIGHT.second, *_REST)),
    "dark": Theme(_DARK.paper, _DARK.ink, (_DARK.mark, _DARK.second, *_REST)),
    "print": Theme("#FFFFFF", "#000000", ("#1A1A1A", "#6E6E6E", "#404040", "#595959", "#8C8C8C", "#A6A6A6")),
}


def open_deck(*, template: str | Path | None = None, theme: str = "light") -> Any:
    """Return a presentation without slides.

    Parameters
    ----------
    template
        A .pptx or .potx whose master, layouts, fonts and colours are taken; its slides are left out.
    theme
        Without a template: "light", "dark" or "print".

    Raises
    ------
    ValueError
        The theme is unknown, or the template is no PowerPoint file or has no layout with a title.
    FileNotFoundError
        There is no such template.
    """
    if theme not in THEMES:
        raise ValueError(f"theme: must be one of {', '.join(THEMES)}, not {theme!r}")
    if template is not None:
        return _from_template(Path(template))
    deck = Presentation()
    _widen(deck)
    _paint(deck, THEMES[theme])
    _arrange(deck)
    return deck


def layout_with(deck: Any, kind: str) -> Any:
    """Return the layout for a `kind` of slide ("title", "content", "text"), with the fewest other placeholders."""
    wanted = {
        "title": {PP_PLACEHOLDER.SUBTITLE},
        "text": {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT},
        "content": set(),
    }
    choices = []
    for place, layout in enumerate(deck.slide_layouts):
        types = [shape.placeholder_format.type for shape in layout.placeholders]
        own = [t for t in types if t not in (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)]
        rest = [t for t in own if t not in _TITLES]
        if len(rest) == len(own):
            continue
        fits = (not rest) if kind == "content" else any(t in wanted[kind] for t in rest)
        choices.append((not fits, len(rest), place, layout))
    return min(choices, key=lambda choice: choice[:3])[3]


def is_dark(deck: Any) -> bool:
    """Whether the deck's paper is dark, as far as its theme says."""
    master = deck.slide_masters[0]
    mapped = master.element.find(qn("p:clrMap"))
    name = mapped.get("bg1", "lt1") if mapped is not None else "lt1"
    scheme = _theme_xml(master)[1].find(f".//{qn('a:clrScheme')}/{qn('a:' + name)}")
    if scheme is None or not len(scheme):
        return False
    color = scheme[0].get("lastClr") or scheme[0].get("val") or "FFFFFF"
    return len(color) == 6 and luminance(f"#{color}") < 0.2


def _from_template(path: Path) -> Any:
    data = path.read_bytes()
    try:
        deck = Presentation(io.BytesIO(_as_presentation(data)))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ValueError(f"template: {path} is no PowerPoint file (.pptx or .potx)") from error
    slides = deck.slides._sldIdLst
    for entry in list(slides):
        deck.part.drop_rel(entry.rId)
        slides.remove(entry)
    sections = deck.part._element.find(".//{*}sectionLst")
    if sections is not None:  # they name slides that are gone
        sections.getparent().getparent().remove(sections.getparent())
    placeholders = [shape for layout in deck.slide_layouts for shape in list(layout.placeholders)]
    if not any(shape.placeholder_format.type in _TITLES for shape in placeholders):
        raise ValueError(f"template: {path} has no layout with a title")
    return deck


def _as_presentation(data: bytes) -> bytes:
    """A template (.potx) differs from a presentation in one line of its list of contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "[Content_Types].xml":
                content = content.replace(b"presentationml.template.main+xml", b"presentationml.presentation.main+xml")
            new.writestr(entry, content)
    return out.getvalue()


def _widen(deck: Any) -> None:
    """Make 16:9 of the 4:3 that python-pptx brings: master and layouts too, not the slide alone."""
    old = deck.slide_width
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    factor = deck.slide_width / old
    for holder in (deck.slide_master, *deck.slide_layouts):
        for element in holder.element.iter(qn("a:off"), qn("a:ext")):
            for name in ("x", "cx"):
                if element.get(name) is not None:
                    element.set(name, str(round(int(element.get(name)) * factor)))


def _paint(deck: Any, theme: Theme) -> None:
    part, root = _theme_xml(deck.slide_master)
    colors = {"dk1": theme.ink, "lt1": theme.paper, "dk2": theme.ink, "lt2": theme.paper}
    colors |= {f"accent{i}": color for i, color in enumerate(theme.accents, start=1)}
    colors |= {"hlink": theme.accents[0], "folHlink": theme.accents[1]}
    scheme = root.find(f".//{qn('a:clrScheme')}")
    for name, color in colors.items():
        slot = scheme.find(qn(f"a:{name}"))
        for child in list(slot):
            slot.remove(child)
        slot.makeelement(qn("a:srgbClr"), {"val": color[1:]})
        slot.append(slot.makeelement(qn("a:srgbClr"), {"val": color[1:]}))
    for latin in root.iter(qn("a:latin")):
        latin.set("typeface", _FONT)
    from lxml import etree

    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _theme_xml(master: Any) -> tuple[Any, Any]:
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE

    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    # no entity of a hostile template is ever resolved
    return part, etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _arrange(deck: Any) -> None:
    """Titles at the upper left, bold, two lines high; text below; the number at the lower right."""
    for holder in (deck.slide_master, *deck.slide_layouts):
        for shape in holder.placeholders:
            _place(shape, holder.name, is_first=holder is deck.slide_layouts[0])
        for tint in list(holder.element.iter(qn("a:tint"))):  # grey text that a room could not read
            tint.getparent().remove(tint)
    master, first = deck.slide_master.element, deck.slide_layouts[0].element
    master.xpath(".//p:sp[.//p:ph[@type='title']]//a:bodyPr")[0].set("anchor", "b")
    styles = master.find(qn("p:txStyles"))
    _set_text(styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr")), size=28, is_bold=True)
    for level, size in enumerate((22, 20, 18, 18, 18), start=1):
        _set_text(styles.find(qn("p:bodyStyle")).find(qn(f"a:lvl{level}pPr")), size=size, is_bold=False)
    first.xpath(".//p:sp[.//p:ph[@type='ctrTitle']]//a:bodyPr")[0].set("anchor", "t")
    for element in first.iter(qn("a:lvl1pPr")):
        element.set("algn", "l")
    first.find(f".//{qn('p:spTree')}").append(parse_xml(_BAR))


def _place(shape: Any, holder: str, *, is_first: bool) -> None:
    kind = shape.placeholder_format.type
    if kind in _TITLES:
        _put(shape, 0.6, 2.2 if is_first else 0.35, 12.13, 1.2 if is_first else 1.25)
    elif kind == PP_PLACEHOLDER.SUBTITLE:
        _put(shape, 0.6, 3.4, 12.13, 1.5)
    elif kind == PP_PLACEHOLDER.SLIDE_NUMBER:
        _put(shape, 11.93, 6.86, 0.8, 0.4)
    elif kind in (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER):
        shape.top = Inches(6.86)
    elif holder in ("Title and Content", ""):  # that layout, and the master
        _put(shape, 0.6, 1.75, 12.13, 4.95)


def _put(shape: Any, left: float, top: float, width: float, height: float) -> None:
    places = (Emu(round(value * 914400)) for value in (left, top, width, height))
    shape.left, shape.top, shape.width, shape.height = places


def _set_text(properties: Any, *, size: int, is_bold: bool) -> None:
    properties.set("algn", "l")
    run = properties.find(qn("a:defRPr"))
    run.set("sz", str(Pt(size).centipoints))
    run.set("b", "1" if is_bold else "0")

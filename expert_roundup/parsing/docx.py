"""Word documents into Markdown: headings, quotes, lists, tables, bold, italic and links; changes as accepted."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from expert_roundup.parsing.markdown import Pen, Run, inline

#: what the parts may hold unpacked, in bytes (markup less, for it becomes a tree), and how many there may be
MAX_UNPACKED = 300_000_000
MAX_MARKUP = 60_000_000
MAX_PARTS = 10_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LINK_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: elements that only wrap what is shown
_WRAPPERS = frozenset(
    _W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "fldSimple")
)
_QUOTE_STYLE = re.compile(r"(?i)(?:intense )?quote|quotations?|block ?text|цитата.*|zitat.*|citation.*|cita.*")
_LIST_STYLE = re.compile(r"(?i)list (bullet|number)")
_OFF = frozenset({"0", "false", "off", "none"})


def docx_to_markdown(data: bytes, name: str) -> tuple[str, str]:
    """The text of a Word document as Markdown, and its title ("" if it has none).

    Headers, footers, footnotes, comments, text boxes, hidden and deleted text are left out.

    Raises
    ------
    ValueError
        The bytes are no Word document, or it unpacks to more than is read.
    """
    _check_archive(data, name)
    writer = _Writer(_opened(data, name))
    writer.write(writer.document.element.body)
    title = writer.title or str(writer.document.core_properties.title or "")
    return str(writer.pen), " ".join(title.split())


def _check_archive(data: bytes, name: str) -> None:
    """Look at the archive's directory before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            markup = [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))]
            for some, most in ((parts, MAX_UNPACKED), (markup, MAX_MARKUP)):
                if len(some) > MAX_PARTS or sum(part.file_size for part in some) > most:
                    raise ValueError(f"{name} unpacks to more than {most // 1_000_000} MB, the most that is read")
            if any(_has_doctype(archive, part) for part in markup):
                raise ValueError(f"{name} declares entities of its own, which no Word document does")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zipfile.LargeZipFile) as error:
        raise ValueError(f"{name} is no whole Word document ({error})") from None


def _has_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with archive.open(part) as stream:
        head = stream.read(4_096)
    return b"<!DOCTYPE" in head or b"<\x00!\x00D\x00O" in head or b"\x00<\x00!\x00D" in head


def _opened(data: bytes, name: str) -> Any:
    import zlib

    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = Document(io.BytesIO(data))
        _ = document.element.body.tag, document.core_properties.title
    except (OpcError, LxmlError, LookupError, ValueError, AttributeError, zipfile.BadZipFile, zlib.error, EOFError):
        raise ValueError(f"{name} is no Word document that can be read") from None
    return document


class _Writer:
    """Walks a document's body and writes it block by block."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.pen = Pen()
        self.title = ""
        self._styles = {style.style_id: str(style.name or "") for style in document.styles}
        self._numbers: Counter[tuple[str, int]] = Counter()
        self._formats = _number_formats(document)

    def write(self, parent: Any) -> None:
        for child in parent:
            if child.tag == _W + "p":
                self._paragraph(child)
            elif child.tag == _W + "tbl":
                self._table(child)
            elif child.tag in _WRAPPERS:
                self.write(child)

    def _paragraph(self, paragraph: Any) -> None:
        runs = _trimmed(list(self._runs(paragraph)))
        if not runs:
            return
        style = self._styles.get(_value(paragraph, "pPr/pStyle"), "")
        if style == "Title" and not self.title:
            self.title = "".join(run.text for run in runs)
        if level := _heading_level(paragraph, style):
            self.pen.heading(level, runs)
        elif _QUOTE_STYLE.fullmatch(style):
            with self.pen.quote():
                self.pen.paragraph([run._replace(italic=False) for run in runs])
        elif marker := self._marker(paragraph, style):
            with self.pen.item(marker):
                self.pen.paragraph(runs)
        else:
            self.pen.paragraph(runs)

    def _marker(self, paragraph: Any, style: str) -> str:
        """What opens a list item: "-", or the item's number; "" for a paragraph outside lists."""
        number = _value(paragraph, "pPr/numPr/numId")
        listed = _LIST_STYLE.match(style)
        if number == "0" or not (number or listed):
            return ""
        level = _value(paragraph, "pPr/numPr/ilvl")
        key = (number or style, int(level) if level.isdecimal() else 0)
        if self._formats.get(key, listed[1].lower() if listed else "bullet") == "bullet":
            return "-"
        self._numbers[key] += 1
        return f"{self._numbers[key]}."

    def _runs(self, parent: Any, href: str = "") -> Iterator[Run]:
        for child in parent:
            if child.tag == _W + "r":
                yield from self._run(child, href)
            elif child.tag == _W + "hyperlink":
                yield from self._runs(child, self._target(child))
            elif child.tag in _WRAPPERS:
                yield from self._runs(child, href)

    def _run(self, run: Any, href: str) -> Iterator[Run]:
        if _is_on(run, "rPr/vanish"):
            return
        text = "".join(map(_shown, run))
        style = self._styles.get(_value(run, "rPr/rStyle"), "")
        if text:
            bold = _is_on(run, "rPr/b") or style == "Strong"
            yield Run(text, bold, _is_on(run, "rPr/i") or style == "Emphasis", href=href)

    def _target(self, hyperlink: Any) -> str:
        relation = self.document.part.rels.get(hyperlink.get(_LINK_ID) or "")
        target = relation.target_ref if relation is not None and relation.is_external else ""
        return target if re.match(r"(?i)https?:|mailto:", target) else ""

    def _table(self, table: Any) -> None:
        rows = [row for row in table.iter(_W + "tr") if _owner(row) is table]
        cells = [[cell for cell in row.iter(_W + "tc") if _owner(cell) is table] for row in rows]
        if max(map(len, cells), default=0) < 2 or len(rows) < 2:
            # a box around text, not a table
            for cell in (cell for row in cells for cell in row):
                self.write(cell)
            return
        grid = list(self._grid(cells))
        self.pen.table(grid, has_head=_names_columns(table, cells[0]))

    def _grid(self, rows: Sequence[Sequence[Any]]) -> Iterator[list[str]]:
        above: list[str] = []
        for row in rows:
            shown: list[str] = []
            for cell in row:
                merge = cell.find(f"{_W}tcPr/{_W}vMerge")
                goes_on = merge is not None and (merge.get(_W + "val") or "continue") == "continue"
                text = above[len(shown)] if goes_on and len(shown) < len(above) else self._cell(cell)
                span = _value(cell, "tcPr/gridSpan")
                shown += [text, *[""] * ((min(int(span), 50) if span.isdecimal() else 1) - 1)]
            above = shown
            if any(shown):
                yield shown

    def _cell(self, cell: Any) -> str:
        lines = [inline(_trimmed(list(self._runs(paragraph)))) for paragraph in cell.iter(_W + "p")]
        return "<br>".join(line.replace("\n", "<br>") for line in lines if line)


def _trimmed(runs: list[Run]) -> list[Run]:
    """Neighbours of one look joined, blanks at either end cut, [] for a paragraph without text."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1][1:] == run[1:]:
            joined[-1] = run._replace(text=joined[-1].text + run.text)
        else:
            joined.append(run)
    while joined and not joined[0].text.strip():
        joined = joined[1:]
    while joined and not joined[-1].text.strip():
        joined.pop()
    return joined


def _shown(child: Any) -> str:
    """What a piece of a run shows."""
    if child.tag == _W + "t":
        return re.sub(r"[\r\n\t]+", " ", child.text or "")
    if child.tag == _W + "cr" or (child.tag == _W + "br" and child.get(_W + "type") in (None, "textWrapping")):
        return "\n"
    return {_W + "tab": " ", _W + "noBreakHyphen": "-"}.get(child.tag, "")


def _heading_level(paragraph: Any, style: str) -> int:
    """1 to 6 for a heading, 0 for any other paragraph."""
    if style == "Title":
        return 1
    if match := re.fullmatch(r"(?i)heading (\d)", style):
        return min(int(match[1]), 6)
    outline = _value(paragraph, "pPr/outlineLvl")
    return int(outline) + 1 if outline.isdecimal() and int(outline) < 6 else 0


def _names_columns(table: Any, first: Sequence[Any]) -> bool:
    """Whether the first row of a table is its head: marked so, or bold throughout."""
    row = first[0].getparent() if first else None
    if row is not None and _is_on(row, "trPr/tblHeader"):
        return True
    look = table.find(f"{_W}tblPr/{_W}tblLook")
    if look is not None and look.get(_W + "firstRow") == "1":
        return True
    runs = [run for cell in first for run in cell.iter(_W + "r") if "".join(run.itertext()).strip()]
    return bool(runs) and all(_is_on(run, "rPr/b") for run in runs)


def _number_formats(document: Any) -> dict[tuple[str, int], str]:
    """(number id, level) -> how its items are numbered: bullet, decimal, lowerLetter ..."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError, AttributeError):
        return {}
    levels = {
        (kind.get(_W + "abstractNumId"), int(level.get(_W + "ilvl") or 0)): _value(level, "numFmt")
        for kind in root.iter(_W + "abstractNum")
        for level in kind.iter(_W + "lvl")
    }
    kinds = {number.get(_W + "numId"): _value(number, "abstractNumId") for number in root.iter(_W + "num")}
    return {
        (number, level): form
        for number, kind in kinds.items()
        for (owner, level), form in levels.items()
        if owner == kind
    }


def _owner(part: Any) -> Any:
    """The innermost table that a row or cell belongs to."""
    return next(part.iterancestors(_W + "tbl"), None)


def _value(parent: Any, path: str) -> str:
    found = parent.find("/".join(_W + step for step in path.split("/")))
    return "" if found is None else str(found.get(_W + "val") or "")


def _is_on(parent: Any, path: str) -> bool:
    found = parent.find("/".join(_W + step for step in path.split("/")))
    return found is not None and (found.get(_W + "val") or "1") not in _OFF

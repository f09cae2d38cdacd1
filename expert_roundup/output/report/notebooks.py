"""Executed notebooks as parts of a page: rendered by nbconvert, cleaned, and free of scripts and outside addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.output.report.escaping import Html, element, visible

if TYPE_CHECKING:
    from nbformat import NotebookNode

_TITLE = re.compile(r"\A\s*#[ \t]+(.+?)[ \t#]*(?:\n|\Z)")
_LEVEL = re.compile(r"<(/?)h([1-6])>")
_NEIGHBOUR = re.compile(r'(?:\./)?([^/"?#]+)\.ipynb(?:#.*)?')
_TAGS = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
]
_CLASSES = re.compile(r"[a-z][a-z0-9-]{0,12}")
_SPANS = ("colspan", "rowspan", "scope")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


@dataclass(frozen=True, slots=True, eq=False)
class NotebookPage:
    """A notebook of the report.

    Attributes
    ----------
    name
        Of its file, without the ending.
    notebook
        As nbformat reads it; None where there is nothing to show.
    note
        What a reader must know of it: where its outputs come from, or why they are missing.
    """

    name: str
    notebook: NotebookNode | None
    note: str = ""


def read_notebook(path: str | Path, *, note: str = "") -> NotebookPage:
    """Read a notebook with the outputs that it holds.

    Raises
    ------
    ValueError
        The file is no notebook.
    OSError
        The file cannot be read.
    """
    import nbformat

    text = Path(path).read_bytes()
    try:
        notebook = nbformat.reads(text.decode("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    except (ValueError, KeyError, AttributeError, TypeError, nbformat.ValidationError) as error:
        raise ValueError(f"{path} is no notebook: {str(error).splitlines()[0]}") from error
    return NotebookPage(Path(path).stem, notebook, note)


def notebook_parts(pages: Iterable[NotebookPage]) -> list[Html]:
    """Return each notebook as a part that opens: its title, its note, its cells with their outputs."""
    listed = list(pages)
    names = {page.name for page in listed if page.notebook is not None}
    return [_part(page, names) for page in listed]


def notebook_id(name: str) -> str:
    """Return the id of a notebook on the page.

    Examples
    --------
    >>> notebook_id("02-theme-tally")
    'notebook-02-theme-tally'
    """
    return "notebook-" + re.sub(r"[^A-Za-z0-9_-]+", "-", name)


def notebook_title(page: NotebookPage) -> str:
    """Return the first heading of a notebook, else its name."""
    cells = page.notebook.cells if page.notebook is not None else []
    found = _TITLE.match(cells[0].source) if cells and cells[0].cell_type == "markdown" else None
    return found[1].replace("`", "").replace("*", "") if found else page.name


def _part(page: NotebookPage, names: set[str]) -> Html:
    note = element("p", page.note, class_="remark") if page.note else ""
    title = element("summary", element("h3", notebook_title(page)))
    cells = _cells(page.notebook, names) if page.notebook is not None else ""
    return element("details", title, note, cells, class_="notebook", id=notebook_id(page.name))


def _cells(notebook: NotebookNode, names: set[str]) -> Html:
    from nbconvert.exporters import HTMLExporter

    make: Any = HTMLExporter  # its functions have no types
    exporter = make(template_name="basic", exclude_anchor_links=True)
    exporter.raw_template = files(__package__).joinpath("notebook.html.j2").read_text(encoding="utf-8")
    exporter.register_filter("cleaned", lambda text: cleaned(text, names=names))
    exporter.register_filter("picture", _picture)
    exporter.register_filter("shown_as", _shown_as)
    exporter.register_filter("visible", visible)
    body, _ = exporter.from_notebook_node(_prepared(notebook))
    return Html(visible(body))


def cleaned(text: str, *, names: Iterable[str] = ()) -> str:
    """Return HTML of a notebook without scripts, styles, pictures, ids and addresses other than those of the web.

    Parameters
    ----------
    text
        HTML.
    names
        Notebooks on the same page: links to their files lead to their place here.

    Notes
    -----
    Headings go down by two levels, since the page has its own. Tables come in a frame that scrolls sideways.
    """
    from nbconvert.preprocessors.sanitize import SanitizeHTML

    make: Any = SanitizeHTML  # its functions have no types
    known = set(names)

    def here(found: re.Match[str]) -> str:
        neighbour = _NEIGHBOUR.fullmatch(found[1])
        return f'href="#{notebook_id(neighbour[1])}"' if neighbour and neighbour[1] in known else found[0]

    html: str = make(tags=_TAGS, attributes=_is_allowed, strip=True).sanitize_html_tags(
        re.sub(r'href="([^"]*)"', here, re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", "", text))
    )
    html = _LEVEL.sub(lambda found: f"<{found[1]}h{min(int(found[2]) + 2, 6)}>", html)
    frame = '<div class="scrolls" role="group" aria-label="Table" tabindex="0"><table'
    html = html.replace("<th></th>", "<td></td>")  # the corner of a frame heads nothing
    return html.replace("<table", frame).replace("</table>", "</table></div>")


def _is_allowed(tag: str, name: str, value: str) -> bool:
    if tag == "a" and name == "href":
        return bool(re.match(r"https?://|mailto:|#", value, re.IGNORECASE))
    if name == "class":
        return tag in ("span", "div", "pre") and all(map(_CLASSES.fullmatch, value.split()))
    return tag in ("td", "th") and name in _SPANS


def _prepared(notebook: NotebookNode) -> NotebookNode:
    """The notebook without its first heading, which the page sets itself, and without what the page does not show."""
    import copy

    shown = copy.deepcopy(notebook)
    shown.cells = [cell for cell in shown.cells if "remove_cell" not in cell.metadata.get("tags", [])]
    if shown.cells and shown.cells[0].cell_type == "markdown":
        shown.cells[0].source = _TITLE.sub("", shown.cells[0].source)
    return shown


def _shown_as(output: Any) -> str:
    """The form in which an output is shown: the richest that is safe."""
    data = output.get("data", {})
    for form in (_WIDGET, *_PICTURES, "text/html", "text/markdown", "text/latex", "text/plain"):
        if form in data:
            return form
    return ""


def _picture(output: Any, form: str) -> Html:
    """A picture within the page; what it shows in words is its title, which stands beside it for plain screens."""
    import base64

    data = output["data"][form]
    if form == "image/svg+xml":
        data = base64.b64encode("".join(data).encode()).decode()
    size = output.get("metadata", {}).get(form, {})
    alt = size.get("alt") or output["data"].get("text/plain", "")
    alt = "".join(alt)
    known = {name: int(size[name]) for name in ("width", "height") if str(size.get(name, "")).isdecimal()}
    return element(
        "img", src=f"data:{form};base64,{''.join(data.split())}", alt=alt or "Picture of the notebook", **known
    )

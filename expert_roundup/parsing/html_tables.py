"""Tables of a page: whether they relate columns or only lay out the page, and their cells as a grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from expert_roundup.parsing.page import Element, Page

_CELLS = ("td", "th")


def table_rows(table: Element, page: Page, skipped: set[Element]) -> list[Element]:
    """The rows of a table that relates columns; [] for one that lays out the page, as many old pages do."""
    rows = [row for row in table.iter("tr") if row not in skipped]
    lays_out = table.get("role") in ("presentation", "none") or len(rows) < 2
    if lays_out or next(table.iterdescendants("table", "h1", "h2", "h3", "h4", "blockquote", "form"), None) is not None:
        return []
    largest = max((page.sizes[cell].text for row in rows for cell in row if cell in page.sizes), default=0)
    if largest > 1_500 and largest > 0.5 * page.sizes[table].text:
        # one cell holds the page
        return []
    full = sorted(sum(cell in page.sizes and page.sizes[cell].text > 0 for cell in row) for row in rows)
    if full[len(full) // 2] < 2:
        # pictures beside the text
        return []
    widths = sorted(sum(cell.tag in _CELLS for cell in row) for row in rows)
    return rows if widths[len(widths) // 2] >= 2 else []


def menu_cells(table: Element, page: Page) -> set[Element]:
    """The cells of a layout that hold little but links."""
    sizes = ((cell, page.sizes[cell]) for cell in table.iter(*_CELLS) if cell in page.sizes)
    return {cell for cell, size in sizes if size.linked > 0.7 * size.text and sum(1 for _ in cell.iter("a")) > 1}


def has_head(rows: Sequence[Element]) -> bool:
    """Whether the first row names the columns."""
    cells = [cell.tag for cell in rows[0] if cell.tag in _CELLS]
    return bool(cells) and (all(tag == "th" for tag in cells) or rows[0].getparent().tag == "thead")


def grid(rows: Sequence[Element], read: Callable[[Element], str]) -> Iterator[list[str]]:
    """Each row's cells as `read` gives them, those that span several rows repeated; rows without text left out."""
    spanning: dict[int, tuple[int, str]] = {}
    for row in rows:
        cells: list[str] = []
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            _fill(cells, spanning)
            shown = read(cell)
            if (n_rows := _span(cell, "rowspan")) > 1:
                spanning[len(cells)] = (n_rows - 1, shown)
            cells += [shown, *[""] * (_span(cell, "colspan") - 1)]
        _fill(cells, spanning)
        if any(cells):
            yield cells


def _fill(cells: list[str], spanning: dict[int, tuple[int, str]]) -> None:
    """Add the cells of rows above that reach down to where the row stands."""
    while (left := spanning.pop(len(cells), None)) is not None:
        n_rows, shown = left
        if n_rows > 1:
            spanning[len(cells)] = (n_rows - 1, shown)
        cells.append(shown)


def _span(cell: Element, name: str) -> int:
    value = cell.get(name) or "1"
    return min(int(value), 50) if value.isdecimal() and len(value) < 9 else 1

"""The index notebook: everybody is at their page within two clicks, and no link leads nowhere."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
INDEX = "00-start-here.ipynb"

#: who comes, and the page that is theirs
READERS = {
    "student": "06-code-it-yourself.ipynb",
    "student of norms": "05-norms-of-social-media.ipynb",
    "analyst": "02-theme-tally.ipynb",
    "presenter": "07-charts-for-slides.ipynb",
    "somebody with a page of their own": "08-your-own-roundup.ipynb",
}


@cache
def links(name: str) -> frozenset[str]:
    """Notebooks that the Markdown cells of a notebook link to."""
    cells = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return frozenset(re.findall(r"\]\(([^):\s]+\.ipynb)\)", text))


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_is_at_their_page_within_two_clicks(reader):
    """From the index, directly or over one notebook between."""
    one = links(INDEX)
    two = frozenset().union(*(links(name) for name in one if (NOTEBOOKS / name).exists()))
    assert READERS[reader] in one | two


def test_every_notebook_is_linked_from_the_index_and_every_link_leads_somewhere():
    """A new notebook gets its line in the index; a renamed one takes its link along."""
    assert {name for name in links(INDEX) if not (NOTEBOOKS / name).exists()} == set()
    assert {path.name for path in NOTEBOOKS.glob("*.ipynb")} - links(INDEX) == {INDEX}

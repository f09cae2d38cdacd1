"""The coding widget in JupyterLab: by mouse and by keyboard, over a restart of the kernel, blind until done."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# a character beyond the basic plane is two units in a browser; one emoji is several characters joined
TEXTS = [
    "First 🎉🎉 listen to people, then speak.",
    "Мы слушаем 👩‍💻 и отвечаем <b>fast</b> & often.",
    "Nothing to see here.",
]
#: what must not be seen before the coder is done
SECRET, PUBLISHED = "zebra", 977
CELLS = f"""
import pandas as pd
from expert_roundup.notebook import code_quotes
texts = {TEXTS!r}
starts = [100, 200, 300]
quotes = pd.DataFrame({{"quote_id": ["Q01", "Q02", "Q03"], "speaker": ["Fox", "Owl", "Hare"], "text": texts,
                       "start": starts, "end": [a + len(t) for a, t in zip(starts, texts)]}})
codebook = pd.DataFrame({{"theme": ["listening", "speed", "tools"], "label": ["Listen First", "Be Fast", "Use Tools"],
                         "definition": ["Others come first.", "Answers come soon.", ""]}})
readings = pd.DataFrame({{"quote_id": ["Q01", "Q02", "Q03"], "theme": ["listening", "speed", ""],
                         "coder": {SECRET!r}, "confidence": [1, 1, None]}})
published = pd.DataFrame({{"theme": ["listening"], "n_published": [{PUBLISHED}]}})
widget = code_quotes(quotes, codebook, coder="me", path="NAME/codings.csv", readings=readings, published=published)
widget
"""


@pytest.fixture
def opened(lab: Any, page: Page, request: pytest.FixtureRequest) -> tuple[Path, Locator]:
    """A notebook of its own with the widget in it: the folder of its codings, and the widget on the page."""
    name = re.sub(r"\W+", "-", request.node.name)[:40]
    cell = {
        "cell_type": "code", "id": "c1", "source": CELLS.replace("NAME", name), "metadata": {}, "outputs": [],
        "execution_count": None,
    }  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (lab.root / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (lab.root / name).mkdir()
    page.set_viewport_size({"width": 1280, "height": 1200})
    lab.open(page, f"{name}.ipynb")
    lab.run_all(page)
    return lab.root / name, page.get_by_role("region", name="Coding by me")


def rows(folder: Path) -> list[tuple[str, ...]]:
    """Quote, theme, confidence and the words of the evidence, of every row that is on the disk."""
    with (folder / "codings.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    # a source in which each text stands where its offsets say
    source = "." * 400
    for number, text in enumerate(TEXTS, start=1):
        source = source[: number * 100] + text + source[number * 100 + len(text) :]
    words = [source[int(row["start"]) : int(row["end"])] if row["start"] else "" for row in found]
    return [(row["quote_id"], row["theme"], row["confidence"], word) for row, word in zip(found, words, strict=True)]


def eventually(page: Page, holds: Callable[[], bool]) -> None:
    """Wait up to ten seconds until something holds."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    pytest.fail("not so within ten seconds")


def drag_over(page: Page, quote: Locator, words: str) -> None:
    """Select `words` in the quote with the mouse, as a hand would."""
    place = quote.evaluate(
        """(node, words) => {
            const at = node.textContent.indexOf(words), range = document.createRange();
            range.setStart(node.firstChild, at); range.setEnd(node.firstChild, at + words.length);
            const box = range.getBoundingClientRect(); return [box.left, box.right, (box.top + box.bottom) / 2];
        }""",
        words,
    )
    page.mouse.move(place[0] + 0.5, place[2])
    page.mouse.down()
    page.mouse.move(place[1] - 0.5, place[2], steps=5)
    page.mouse.up()


def test_three_quotes_are_coded_by_mouse_and_keyboard_and_outlive_the_kernel(lab, page, opened):
    """Evidence by selecting words behind emojis has its place in code points; after a restart all of it is there."""
    folder, widget = opened
    quote = widget.get_by_role("textbox", name="Quote")
    # the first by mouse: words selected, then the theme
    drag_over(page, quote, "listen to people")
    widget.get_by_role("checkbox", name="Listen First").click()
    widget.get_by_text("Saved in codings.csv").wait_for()
    assert rows(folder) == [("Q01", "listening", "1.0", "listen to people")]
    widget.get_by_role("button", name="Next", exact=True).click()
    widget.get_by_text("Owl", exact=True).wait_for()
    # the second by keyboard alone: into the quote, select behind the joined emoji, theme 2, less sure, a memo
    page.keyboard.press("q")
    page.keyboard.press("Control+End")
    for _ in range(len("<b>fast</b> & often.")):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("2")
    page.keyboard.press("-")
    page.keyboard.press("m")
    page.keyboard.type("soon enough, d d stays in the memo")
    page.keyboard.press("Escape")
    eventually(page, lambda: rows(folder)[1:] == [("Q02", "speed", "0.9", "<b>fast</b> & often.")])
    # the third: no theme, taken back, undone
    page.keyboard.press("n")
    for key, is_read in (("0", True), ("0", False), ("z", True)):
        page.keyboard.press(key)
        eventually(page, lambda is_read=is_read: (("Q03", "", "", "") in rows(folder)) == is_read)
    eventually(page, lambda: "d d stays in the memo" in (folder / "codings.csv").read_text("utf-8"))
    assert page.locator(".jp-Cell").count() == 1  # JupyterLab took none of the keys for its own
    before = rows(folder)

    lab.choose(page, "Kernel", "Restart Kernel and Run All Cells…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    widget.wait_for(state="detached")
    widget.get_by_text("3 of 3 read").wait_for()
    assert widget.locator("mark").all_inner_texts() == ["listen to people"]
    widget.get_by_role("button", name="Next", exact=True).click()
    widget.locator("mark", has_text="<b>fast</b> & often.").wait_for()
    assert widget.get_by_role("textbox", name="Memo: Be Fast").input_value() == "soon enough, d d stays in the memo"
    assert rows(folder) == before


def test_nothing_of_others_is_on_the_page_until_the_coder_is_done(lab, page, opened):
    """Names of readings and published totals come with the comparison, which then follows every step.

    In light and in dark, axe finds no serious or critical fault in all that is then open.
    """
    _, widget = opened
    widget.get_by_role("checkbox", name="Listen First").click()
    widget.get_by_text("1 of 3 read").wait_for()
    output = page.locator(".jp-OutputArea").inner_text()
    assert SECRET not in output
    assert str(PUBLISHED) not in output
    widget.get_by_role("button", name="I am done: compare").click()
    widget.get_by_text("2 quotes are unread").wait_for()
    widget.get_by_role("button", name="Show the comparison").click()
    tally = widget.get_by_role("table", name="Your tally")
    tally.get_by_role("cell", name=str(PUBLISHED), exact=True).wait_for()
    assert SECRET in widget.get_by_role("table", name="Agreement").inner_text()
    assert widget.get_by_role("img").get_attribute("alt")
    widget.get_by_role("checkbox", name="Use Tools").click()
    tally.get_by_role("row", name="Use Tools 1").wait_for()
    widget.get_by_text("1 step was taken").wait_for()

    drag_over(page, widget.get_by_role("textbox", name="Quote"), "listen")
    widget.get_by_role("button", name="Take selected words: Use Tools").click()
    widget.locator("mark").wait_for()
    widget.get_by_role("button", name="Definition of Listen First").click()
    widget.get_by_text("Keyboard", exact=True).click()
    assert not barriers(page)
    lab.choose(page, "Settings")
    page.locator(".lm-Menu").get_by_text("Theme", exact=True).hover()
    page.get_by_role("menuitem", name="JupyterLab Dark", exact=True).click()
    page.locator('body[data-jp-theme-light="false"]').wait_for(state="attached")
    assert not barriers(page)


def barriers(page: Page) -> list[tuple[str, str]]:
    """What axe calls serious or critical in the widget: rule and element."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=".er-coding").response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]


def test_what_cannot_be_saved_or_answered_is_told_and_kept(lab, page, opened):
    """A folder that vanished is told at once and nothing is lost; so is a kernel that is gone."""
    folder, widget = opened
    folder.rmdir()
    folder.write_text("in the way")
    widget.get_by_role("checkbox", name="Be Fast").click()
    widget.get_by_role("alert").get_by_text("Not saved").wait_for()
    widget.get_by_role("checkbox", name="Use Tools").click()
    page.wait_for_timeout(500)  # its answer is that it could not be saved either
    folder.unlink()
    widget.get_by_role("button", name="Try again").click()
    eventually(page, lambda: (folder / "codings.csv").exists())
    assert [row[1] for row in rows(folder)] == ["speed", "tools"]
    widget.get_by_role("alert").get_by_text("Not saved").wait_for(state="hidden")
    lab.choose(page, "Kernel", "Shut Down Kernel")
    page.wait_for_timeout(1000)
    widget.get_by_role("checkbox", name="Listen First").click()
    widget.get_by_text("No answer from the kernel").wait_for()

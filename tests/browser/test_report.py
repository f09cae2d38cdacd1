"""The report in a real browser: filtered, linked to, read by keyboard and by screen reader, printed; and inert."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from expert_roundup import cli
from expert_roundup.output.report import build_report

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

HOSTILE = Path(__file__).resolve().parents[1] / "output" / "fixtures" / "hostile.json"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def report(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of the report of the study that ships, with its notebooks, as a file on disk."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    assert cli.main(["report", "-o", str(path), "--notebooks", "--quiet"]) == 0
    return path.as_uri()


def shown(page: Page) -> list[str]:
    """Ids of the answers that can be seen."""
    return [card.get_attribute("id") or "" for card in page.locator(".quote:visible").all()]


def control(page: Page, label: str) -> Locator:
    """The control of that name."""
    return page.locator("#filters").get_by_label(label, exact=True)


def said(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def test_a_theme_filters_the_answers_and_lights_its_evidence(page: Page, report: str) -> None:
    """What is shown and lit changes with the reading, and the count is told to screen readers."""
    page.goto(report)
    assert said(page) == "All 31 answers are shown"
    control(page, "Theme").select_option(label="Focus On Relationships (11)")
    assert said(page) == "11 of 31 answers are shown"
    assert page.get_by_role("status").get_attribute("aria-live") == "polite"
    assert len(shown(page)) == 11
    first = page.locator("#Q01 mark").all_inner_texts()
    assert first
    assert "".join(first) in page.locator("#Q01 .answer").inner_text()
    assert page.locator("mark").count() == page.locator(".quote:visible mark").count()
    control(page, "Given by").select_option("A")
    assert page.locator("mark[data-n='2'], mark[data-n='3']").count() == 0
    control(page, "Theme").select_option("")
    assert len(shown(page)) == 31
    control(page, "Given by").select_option("")
    assert page.locator("mark").count() == 0


def test_every_control_filters_and_all_hold_together(page: Page, report: str) -> None:
    """Speaker, platform and words each narrow the choice; the address keeps it; one button takes all of it back."""
    page.goto(report)
    control(page, "Platform named").select_option("LinkedIn")
    on_linkedin = shown(page)
    assert 0 < len(on_linkedin) < 31
    assert all("LinkedIn" in page.locator(f"#{quote} .answer").inner_text() for quote in on_linkedin)
    control(page, "Words").fill("  blog FACEBOOK ")
    page.wait_for_url("**text=*")
    both = shown(page)
    assert set(both) < set(on_linkedin)
    assert said(page) == f"{len(both)} of 31 answers are shown"
    control(page, "Speaker").select_option("Rich Brooks")
    assert shown(page) == ["Q06"]
    assert "platform=LinkedIn" in page.url
    assert "speaker=Rich+Brooks" in page.url
    control(page, "Speaker").select_option("Ted Rubin")
    assert shown(page) == []
    page.locator("#none").get_by_role("button", name="Show all answers").click()
    assert len(shown(page)) == 31
    assert "#" not in page.url
    control(page, "Theme").select_option("tools")
    control(page, "Given by").select_option("any")
    assert 0 < len(shown(page)) < 31


def test_a_link_opens_one_answer_and_an_address_keeps_a_choice(page: Page, report: str) -> None:
    """`#Q05` leads to its answer, whatever is chosen; a copied address opens the same choice; nonsense opens all."""
    page.goto(f"{report}#Q05")
    assert page.evaluate("document.activeElement.id") == "Q05"
    assert 0 <= page.locator("#Q05").bounding_box()["y"] < 300  # type: ignore[index]
    control(page, "Theme").select_option("budget")
    kept = page.url
    page.goto("about:blank")
    page.goto(kept)
    chosen = shown(page)
    assert chosen
    assert "Q05" not in chosen
    page.evaluate("location.hash = '#Q05'")
    page.locator("#Q05:focus").wait_for()
    assert len(shown(page)) == 31
    page.evaluate("location.hash = '#theme=nonsense&speaker=%3Cb%3E&text='")
    page.wait_for_timeout(100)
    assert len(shown(page)) == 31
    page.locator("#Q01 .themes a").first.click()
    assert len(shown(page)) == 11
    page.goto(f"{report}#notebook-02-theme-tally")
    assert page.locator("#notebook-02-theme-tally").get_attribute("open") is not None


def test_it_is_worked_by_keyboard_alone(page: Page, report: str) -> None:
    """From the top: skip to the answers, choose a theme, open what the readings say, sort a table."""
    page.goto(report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the answers"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "theme"
    page.keyboard.type("Focus On R")
    assert len(shown(page)) == 11
    summary = page.locator("#Q01 summary")
    for _ in range(12):
        page.keyboard.press("Tab")
        if summary.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    assert page.locator("#Q01 .readings table").is_visible()
    published = page.locator("#tables table").first.get_by_role("button", name="Published")
    published.focus()
    for order in ("descending", "ascending"):
        page.keyboard.press("Enter")
        assert page.locator("th[aria-sort]").get_attribute("aria-sort") == order
        column = page.locator("#tables table").first.locator("tbody td:nth-child(4)").all_inner_texts()
        assert [int(n) for n in column] == sorted(map(int, column), reverse=order == "descending")


@pytest.mark.parametrize("size", [None, PHONE])
def test_axe_finds_nothing(size: dict[str, Any] | None, page: Page, report: str) -> None:
    """axe-core over the whole page, a notebook and what is said of an answer opened, on a desk and on a phone."""
    from axe_playwright_python.sync_playwright import Axe

    if size:
        page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(f"{report}#theme=goals&coder=B")
    page.evaluate(
        "document.querySelectorAll('#Q06 details, #notebook-01-parse-the-roundup').forEach(p => p.open = true)"
    )
    found = Axe().run(page).response
    faults = [f"{each['impact']} {each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]
    assert not faults, "\n".join(faults)


def test_it_fits_a_phone(page: Page, report: str) -> None:
    """Nothing sticks out at the side, the chart is the narrow one, and letters on it are no smaller than 11 dots."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(report)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator(".chart .narrow").is_visible()
    assert not page.locator(".chart .wide").is_visible()
    sizes = page.locator(".narrow text").evaluate_all("nodes => nodes.map(n => n.getBoundingClientRect().height)")
    assert min(sizes) >= 11


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed (Debian: poppler-utils)")
def test_printed_it_holds_every_answer_and_no_control(page: Page, report: str, tmp_path: Path) -> None:
    """Whatever is chosen on the screen, paper gets all 31 answers, the tables, and nothing to click."""
    page.goto(f"{report}#theme=budget")
    assert 0 < len(shown(page)) < 31
    page.pdf(path=tmp_path / "report.pdf", format="A4", print_background=True)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "report.pdf", "-"], capture_output=True, check=True)
    text = done.stdout.decode("utf-8")
    assert [f"Q{i:02}" for i in range(1, 32) if re.search(rf"^ *Q{i:02}  ?[A-Z]", text, re.MULTILINE) is None] == []
    assert "Choose answers" not in text
    assert "of 31 answers are shown" not in text
    assert "Reconstruction" in text
    assert 5 <= text.count("\f") <= 20


def test_without_script_all_answers_are_there(page: Page, report: str) -> None:
    """Controls that would do nothing do not show; answers, tables and notebooks do."""
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    still = context.new_page()
    still.goto(report)
    assert still.locator(".quote:visible").count() == 31
    assert not still.locator("#filters").is_visible()
    context.close()


def test_hostile_words_do_nothing(page: Page, tmp_path: Path) -> None:
    """Scripts, handlers, frames, addresses and marks that turn the direction are words; the page works on with them."""
    texts = json.loads(HOSTILE.read_text(encoding="utf-8"))
    ids = [f"Q{i:02}" for i in range(1, len(texts) + 1)]
    quotes = pd.DataFrame({"quote_id": ids, "speaker": texts, "role": texts, "question": texts, "text": texts})
    quotes = quotes.assign(start=0, end=quotes["text"].str.len(), links=[["javascript:window.hacked=1"]] * len(texts))
    codings = pd.DataFrame({"quote_id": ids, "theme": texts[0], "coder": texts[1], "confidence": 1.0})
    codings = codings.assign(start=0, end=2, rationale=texts)
    path = tmp_path / "hostile.html"
    path.write_bytes(build_report({"quotes": quotes, "codings": codings}, title=texts[0], said=texts, limits=texts))
    page.goto(path.as_uri())
    assert page.title() == texts[0]
    control(page, "Theme").select_option(index=1)
    control(page, "Given by").select_option(index=2)
    assert len(shown(page)) == len(texts)
    assert page.locator("mark").count() >= len(texts)
    control(page, "Words").fill("<script>")
    page.wait_for_url("**text=*")
    kept = page.url
    page.goto("about:blank")
    page.goto(kept)
    assert 0 < len(shown(page)) < len(texts)
    for place in page.locator(".quote:visible a").all()[:20]:
        place.hover()
    assert page.evaluate("window.hacked") is None
    assert page.locator("script, iframe, object, form").count() == 2
    assert page.evaluate("getComputedStyle(document.body).display") == "block"

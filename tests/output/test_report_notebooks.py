"""Notebooks in the report: shown with their outputs, cleaned, and run anew on copies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from expert_roundup.output.report import NotebookPage, build_report, is_run, read_notebook, run_notebook
from expert_roundup.output.report.notebooks import cleaned, notebook_parts

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


def shown(*cells: Any, name: str = "01-one") -> BeautifulSoup:
    return BeautifulSoup(notebook_parts([NotebookPage(name, new_notebook(cells=list(cells)))])[0], "html.parser")


def output(**data: Any) -> Any:
    """A code cell that has shown `data`, by the last part of its kind."""
    kinds = {
        "html": "text/html",
        "plain": "text/plain",
        "png": "image/png",
        "svg": "image/svg+xml",
        "md": "text/markdown",
    }
    bundle = {kinds.get(key, key): value for key, value in data.items()}
    return new_code_cell("1", execution_count=1, outputs=[new_output("execute_result", bundle, execution_count=1)])


def test_a_notebook_opens_under_its_own_heading() -> None:
    """Its first heading is the part's title, those below follow at the page's level, and code is coloured."""
    soup = shown(new_markdown_cell("# 1. *Who* said `what`?\n\nText.\n\n## Then\n\n- a"), new_code_cell("x = 1  # why"))
    assert soup.details["id"] == "notebook-01-one"
    assert soup.summary.h3.get_text() == "1. Who said what?"
    assert [h.name for h in soup.find_all(["h1", "h2", "h3", "h4", "h5"])] == ["h3", "h4"]
    assert soup.select_one(".code .c1").get_text() == "# why"


def test_a_picture_tells_its_title() -> None:
    """A chart's figure has its finding as plain text; that is what a screen reader hears."""
    soup = shown(output(png=DOT, plain='"Listen" leads & wins'))
    assert soup.img["alt"] == '"Listen" leads & wins'
    assert soup.img["src"] == f"data:image/png;base64,{DOT}"
    svg = shown(output(svg="<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", plain="a"))
    assert svg.img["src"].startswith("data:image/svg+xml;base64,")


def test_what_only_a_kernel_can_work_is_said_to_be_so() -> None:
    """A widget leaves a remark, not a dead control."""
    soup = shown(output(**{"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "plain": "Coder()"}))
    assert "open the notebook in JupyterLab" in soup.get_text()
    assert "Coder()" not in soup.get_text()


def test_hostile_outputs_are_inert() -> None:
    """Whatever a notebook shows, the page gets no script, no style, no address but the web's and no control."""
    bad = (
        "<p style='x' onclick='y' id='z'>ok <script>window.hacked = 1</script><style>* {display: none}</style>"
        "<a href='javascript:1'>l</a><img src=x onerror=1><iframe src='https://example.org'></iframe></p>"
    )
    stream = new_code_cell(
        "1", outputs=[new_output("stream", name="stdout", text="<script>\x1b[31mred\x1b[0m\x00\u202e")]
    )
    failed = new_code_cell("1", outputs=[new_output("error", ename="E", evalue="<script>", traceback=["<b>"])])
    soup = shown(
        output(html=bad), output(md=f"# t\n\n{bad}"), output(plain=bad), new_markdown_cell(bad), stream, failed,
        new_code_cell(f'"{bad}"'), output(**{"application/javascript": "window.hacked = 2"}),
        output(**{"text/latex": "$<script>$"}),
    )  # fmt: skip
    assert not soup.find_all(["script", "style", "img", "iframe", "link"])
    names = {name for tag in soup.find_all(True) for name in tag.attrs}
    assert names <= {"class", "id", "role", "tabindex", "aria-label"}
    assert "hacked = 2" not in str(soup)
    assert not set("\x00\x1b\u202e") & set(str(soup))
    assert str(soup).count("ok ") >= 3


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ('<h1 id="a">A</h1>', "<h3>A</h3>"),
        ("<h5>A</h5>", "<h6>A</h6>"),
        ('<a href="02-two.ipynb">2</a>', '<a href="#notebook-02-two">2</a>'),
        ('<a href="./02-two.ipynb#x">2</a>', '<a href="#notebook-02-two">2</a>'),
        ('<a href="03-none.ipynb">3</a>', "<a>3</a>"),
        ('<a href="../README.md">r</a>', "<a>r</a>"),
        ('<a href="https://example.org/">w</a>', '<a href="https://example.org/">w</a>'),
        ('<a href="javascript:1">w</a>', "<a>w</a>"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ('<span class="k">x</span><p class="top">', '<span class="k">x</span><p></p>'),
    ],
)
def test_html_of_a_notebook_is_cleaned(html: str, clean: str) -> None:
    """What is safe stays as it is; links between notebooks lead to their places on the page."""
    assert cleaned(html, names=["02-two"]) == clean


def test_tables_of_a_notebook_scroll_by_keyboard() -> None:
    """A frame wider than a phone moves in a frame of its own, which can be reached without a mouse."""
    soup = shown(output(html=pd.DataFrame({"a<b": ["<i>"]})._repr_html_()))
    assert soup.select_one("div.scrolls[tabindex='0'] > table").get_text(" ", strip=True) == "a<b 0 <i>"
    assert "" not in [th.get_text() for th in soup.find_all("th")]


def test_notebooks_stand_in_the_report_in_their_order() -> None:
    """A list leads to each; one that could not be run says why."""
    quotes = pd.DataFrame({"quote_id": ["Q01"], "text": ["One."]})
    pages = [
        NotebookPage("01-a", new_notebook(cells=[new_markdown_cell("# A")]), note="Run anew."),
        NotebookPage("02-b", None, note="Cell 3 failed (<b>)."),
    ]
    soup = BeautifulSoup(build_report({"quotes": quotes}, notebooks=pages), "html.parser")
    assert [a.get_text() for a in soup.select("#notebooks > ul a")] == ["A", "02-b"]
    assert [d["id"] for d in soup.select("details.notebook")] == ["notebook-01-a", "notebook-02-b"]
    assert soup.select_one("#notebook-02-b .remark").get_text() == "Cell 3 failed (<b>)."


def test_a_file_that_is_no_notebook_is_named(tmp_path: Path) -> None:
    """The error says which file it is."""
    (tmp_path / "a.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.ipynb is no notebook"):
        read_notebook(tmp_path / "a.ipynb")
    (tmp_path / "b.ipynb").write_text('{"cells": 3}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"b\.ipynb is no notebook"):
        read_notebook(tmp_path / "b.ipynb")


def test_a_notebook_counts_as_run_when_every_cell_was_and_none_failed() -> None:
    """Empty cells need no run."""
    done, empty, fresh = new_code_cell("1", execution_count=1), new_code_cell(" "), new_code_cell("1")
    failed = new_code_cell("1", execution_count=1, outputs=[new_output("error", ename="E", evalue="", traceback=[])])
    assert is_run(new_notebook(cells=[done, empty, new_markdown_cell("x")]))
    assert not is_run(new_notebook(cells=[done, fresh]))
    assert not is_run(new_notebook(cells=[failed]))
    assert not is_run(None)


def test_running_leaves_the_file_and_the_page_alone(tmp_path: Path) -> None:
    """A copy runs in the folder that is named, with the variables that are given."""
    code = "import os\nprint(os.environ['EXPERT_ROUNDUP_SOURCE'], os.path.basename(os.getcwd()))"
    path = tmp_path / "a.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(code, id="a")]), path)
    before, page = path.read_bytes(), read_notebook(path)
    ran = run_notebook(page, tmp_path, environment={"EXPERT_ROUNDUP_SOURCE": "here"})
    assert ran.notebook.cells[0].outputs[0].text == f"here {tmp_path.name}\n"
    assert is_run(ran.notebook)
    assert not is_run(page.notebook)
    assert path.read_bytes() == before


def test_a_notebook_that_fails_says_where(tmp_path: Path) -> None:
    """The report goes on without it."""
    cells = [new_markdown_cell("x"), new_code_cell("1"), new_code_cell("raise ValueError('no <such> thing')")]
    ran = run_notebook(NotebookPage("a", new_notebook(cells=cells)), tmp_path)
    assert ran.notebook is None
    assert "cell 3 failed (ValueError: no <such> thing)" in ran.note

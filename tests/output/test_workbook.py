"""Frames as a workbook, in Markdown and in LaTeX: typed, and never obeyed."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from markdown_it import MarkdownIt

from expert_roundup.output.markup import frame_to_latex, frame_to_markdown
from expert_roundup.output.workbook import MOST_LETTERS, frames_to_xlsx
from expert_roundup.output.zips import without_dates

HOSTILE = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "'=1", "https://example.org", "{=1+1}", "=cmd|' /C calc'!A0", "001"]


@pytest.fixture
def frame() -> pd.DataFrame:
    """Return a frame with a column of every type."""
    return pd.DataFrame(
        {
            "text": [*HOSTILE[:2], None],
            "n_quotes": pd.array([9, None, 2**60], dtype="Int64"),
            "share": [0.1, float("nan"), 1e-9],
            "is_coded": pd.array([True, False, None], dtype="boolean"),
            "links": [["a", "b"], [], ["=1"]],
            "when": [dt.datetime(2020, 1, 2, 3, 4)] * 3,
        }
    )


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_cells_have_the_types_of_the_frame(frame: pd.DataFrame) -> None:
    """Numbers, booleans, dates and texts; what is missing is empty; a number too large for a spreadsheet is a text."""
    sheet = opened(frames_to_xlsx({"all": frame}))["all"]
    rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    when = dt.datetime(2020, 1, 2, 3, 4)
    assert rows[0] == ["=1+1", 9, 0.1, True, "a b", when]
    assert rows[1] == ["+1", None, None, False, None, when]
    assert rows[2] == [None, str(2**60), 1e-9, None, "=1", when]


def test_no_text_becomes_a_formula_or_a_link() -> None:
    """Every hostile text is a text that keeps its letters, and is marked as a text where it looks like a formula."""
    sheet = opened(frames_to_xlsx({"x": pd.DataFrame({"=head": HOSTILE})}))["x"]
    assert [cell.value for cell in sheet["A"]] == ["=head", *HOSTILE]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert all(cell.hyperlink is None for cell in sheet["A"])
    assert all(cell.quotePrefix for cell in sheet["A"][1:7])


def test_the_header_is_frozen_and_filters(frame: pd.DataFrame) -> None:
    """One row, all columns."""
    sheet = opened(frames_to_xlsx({"all": frame}))["all"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F4"


def test_sheets_have_names_that_a_workbook_allows() -> None:
    """Forbidden characters are replaced, long and equal names told apart, the order kept."""
    one = pd.DataFrame({"a": [1]})
    names = opened(frames_to_xlsx({"a/b": one, "A_B": one, "x" * 40: one, "x" * 41: one, "": one})).sheetnames
    assert names == ["a_b", "A_B 2", "x" * 31, "x" * 29 + " 2", "sheet"]


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    """Nothing is lost silently."""
    value = opened(frames_to_xlsx({"x": pd.DataFrame({"text": ["a" * 40_000]})}))["x"]["A2"].value
    assert len(value) == MOST_LETTERS
    assert value.endswith("the csv has them all]")


def test_a_frame_too_large_for_a_sheet_is_refused() -> None:
    """The message says what a sheet holds and what to do."""
    with pytest.raises(ValueError, match="wide has 1 rows and 16,385 columns: save csv instead"):
        frames_to_xlsx({"wide": pd.DataFrame([range(16_385)])})
    with pytest.raises(ValueError, match="at least one frame"):
        frames_to_xlsx({})


def test_equal_frames_are_equal_workbooks(frame: pd.DataFrame) -> None:
    """No date of making stands in the file."""
    data = frames_to_xlsx({"all": frame})
    assert data == frames_to_xlsx({"all": frame})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_only_dates_leave_an_archive() -> None:
    """Entries keep their order and their content, workbooks inside lose theirs too."""

    def archive(date: tuple[int, int, int, int, int, int]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            file.writestr(zipfile.ZipInfo("b.txt", date), b"text")
            year = f"<dcterms:created x='y'>{date[0]}</dcterms:created>".encode()
            file.writestr(zipfile.ZipInfo("docProps/core.xml", date), year)
        return out.getvalue()

    first, second = (without_dates(archive((year, 2, 3, 4, 5, 6))) for year in (2001, 2020))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert file.namelist() == ["b.txt", "docProps/core.xml"]
        assert file.read("b.txt") == b"text"


@pytest.mark.office
def test_libreoffice_reads_the_workbook_without_running_it(soffice: str, tmp_path: Path) -> None:
    """Converted to csv by LibreOffice, every text is still itself."""
    (tmp_path / "book.xlsx").write_bytes(frames_to_xlsx({"x": pd.DataFrame({"text": HOSTILE[:4]})}))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        soffice,
        profile,
        "--headless",
        "--convert-to",
        "csv",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "book.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "book.csv").read_text("utf-8").splitlines() == ["text", *HOSTILE[:4]]


def test_markdown_shows_markup_and_html_instead_of_obeying_it() -> None:
    """A parser finds one table, whose cells say what the frame says."""
    cells = ["a|b", "<script>alert(1)</script>", "**bold**", "[x](y)", "`code`", "\\", "a\nb", "&amp;"]
    markdown = frame_to_markdown(pd.DataFrame({"text": cells, "n": range(len(cells))}))
    html = MarkdownIt("commonmark").enable("table").render(markdown)
    assert "<script" not in html
    assert "<strong" not in html
    assert "<a " not in html
    assert html.count("<tr>") == len(cells) + 1
    assert "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>" in html
    assert "<td>a|b</td>" in html
    assert "<td>&amp;amp;</td>" in html


def test_latex_escapes_what_it_would_obey() -> None:
    """Every special character is a command that prints it."""
    latex = frame_to_latex(pd.DataFrame({"a_b": ["\\input{x} & 50 % $x$ #1 ~^<>|"]}), caption="R&D", label="tab:x")
    assert r"a\_b \\" in latex
    assert r"\textbackslash{}input\{x\} \& 50 \% \$x\$ \#1 \textasciitilde{}\textasciicircum{}" in latex
    assert r"\caption{R\&D}" in latex
    assert r"\label{tab:x}" in latex


def test_long_tables_break_over_pages_and_long_columns_over_lines() -> None:
    """More than thirty rows make a longtable; more than forty letters a column of lines."""
    latex = frame_to_latex(pd.DataFrame({"text": ["word " * 20] * 31, "n": 1}), caption="All")
    assert latex.startswith("\\begin{longtable}{p{0.80\\linewidth}r}\n\\caption{All} \\\\\n\\toprule\n")
    assert latex.endswith("\\bottomrule\n\\end{longtable}\n")

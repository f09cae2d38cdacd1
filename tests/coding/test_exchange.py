"""Codings laid out for other programs: matrix, a row a quote, a row a coding."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from expert_roundup.coding.codings import majority
from expert_roundup.coding.exchange import quote_theme_matrix, rows_per_coding, rows_per_quote
from expert_roundup.output.tables import csv_to_frame, frame_to_csv
from expert_roundup.output.workbook import frames_to_xlsx
from expert_roundup.study import Study, load_study

BOOK = pd.DataFrame({"theme": ["goals", "craft"], "label": ["Set Goals", "Craft, Well"]})
QUOTES = pd.DataFrame(
    {
        "quote_id": ["Q02", "Q01", "Q03"],
        "speaker": ["Bob", "Ann", "=1+1"],
        "language": "en",
        "text": ["b…", "Plan!", "c"],
    }
)
CODINGS = pd.DataFrame(
    [
        ("Q01", "craft", "A", 0.9, None, None, ""),
        ("Q01", "goals", "A", 0.6, 0, 4, "says so"),
        ("Q02", "goals", "A", 0.2, None, None, "hardly"),
        ("Q01", "goals", "B", 0.7, None, None, ""),
    ],
    columns=["quote_id", "theme", "coder", "confidence", "start", "end", "rationale"],
).astype({"start": "Int64", "end": "Int64"})


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study()


def test_the_matrix_tells_unread_from_uncoded() -> None:
    """1 coded, 0 read and not coded, missing where the coder did not read; quotes and themes in their own order."""
    matrix = quote_theme_matrix(CODINGS, BOOK, quotes=QUOTES, coder="A")
    assert list(matrix.columns) == ["quote_id", "speaker", "language", "goals", "craft"]
    assert matrix["quote_id"].tolist() == ["Q02", "Q01", "Q03"]
    assert matrix["goals"].fillna(-1).tolist() == [0, 1, -1]
    assert matrix["craft"].fillna(-1).tolist() == [0, 1, -1]


def test_without_quotes_the_matrix_holds_what_was_read() -> None:
    """One row per quote that the coder read, in page order."""
    matrix = quote_theme_matrix(CODINGS, BOOK, coder="A")
    assert matrix.to_numpy().tolist() == [["Q01", 1, 1], ["Q02", 0, 0]]


def test_the_matrix_of_the_first_study_is_its_majority(study: Study) -> None:
    """Counted from the majority reading row by row: 48 ones."""
    matrix = quote_theme_matrix(study["codings"], study["codebook"], quotes=study["quotes"])
    coded = majority(study["codings"]).query("confidence >= 0.5")
    assert int(matrix[study["codebook"]["theme"].tolist()].sum().sum()) == len(coded) == 48
    for row in coded.itertuples():
        assert matrix.set_index("quote_id").loc[row.quote_id, row.theme] == 1


def test_a_row_a_quote_lists_its_themes() -> None:
    """Labels in the order of the codebook; a quote that nobody read has no count."""
    table = rows_per_quote(CODINGS, BOOK, QUOTES, coder="A")
    assert table["themes"].tolist() == ["", "Set Goals; Craft, Well", ""]
    assert table["n_themes"].fillna(-1).tolist() == [0, 2, -1]
    assert table["is_read"].tolist() == [True, True, False]
    assert table["text"].tolist() == QUOTES["text"].tolist()


def test_a_row_a_coding_shows_the_words_it_stands_on() -> None:
    """Evidence cut out of the quote's text; rejected themes only when asked for."""
    table = rows_per_coding(CODINGS, BOOK, QUOTES)
    assert table[["theme", "label", "coder", "evidence"]].to_numpy().tolist() == [
        ["craft", "Craft, Well", "A", ""],
        ["goals", "Set Goals", "A", "Plan"],
        ["goals", "Set Goals", "B", ""],
    ]
    everything = rows_per_coding(CODINGS, BOOK, QUOTES, is_all=True)
    assert everything["is_coded"].tolist() == [True, True, False, True]
    assert rows_per_coding(CODINGS, BOOK, QUOTES, coders=["B"])["coder"].tolist() == ["B"]


def test_evidence_of_both_editions_is_what_its_offsets_cut_out(study: Study) -> None:
    """Word for word, for all 274 rows."""
    table = rows_per_coding(study["codings"], study["codebook"], study["quotes"], source_text=study.text, is_all=True)
    assert len(table) == 274
    marked = table[table["start"].notna()]
    assert marked["evidence"].tolist() == [study.text[r.start : r.end] for r in marked.itertuples()]
    assert (table.loc[table["start"].isna(), "evidence"] == "").all()


def test_evidence_of_the_original(article: Path) -> None:
    """The same with the article."""
    original = load_study(article)
    table = rows_per_coding(original["codings"], original["codebook"], original["quotes"])
    assert table["evidence"].tolist() == [original.text[r.start : r.end] for r in table.itertuples()]


def test_tables_read_back_from_csv_and_xlsx_and_run_nothing() -> None:
    """A speaker named like a formula stays a name in both; two runs give the same bytes."""
    table = rows_per_quote(CODINGS, BOOK, QUOTES, coder="A")
    assert "'=1+1" in frame_to_csv(table)
    assert csv_to_frame(frame_to_csv(table))["speaker"].tolist() == QUOTES["speaker"].tolist()
    data = frames_to_xlsx({"quotes": table})
    assert data == frames_to_xlsx({"quotes": table})
    sheet = openpyxl.load_workbook(io.BytesIO(data))["quotes"]
    cells = [cell for cell in sheet["B"] if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize("layout", [quote_theme_matrix, rows_per_quote, rows_per_coding])
def test_arguments_stay_as_they_are(layout: Callable[..., Any], inputs_unchanged: Callable[..., Any]) -> None:
    """Frames come out as they went in."""
    inputs_unchanged(layout, CODINGS, BOOK, quotes=QUOTES)


@pytest.mark.parametrize("layout", [quote_theme_matrix, rows_per_quote, rows_per_coding])
def test_what_does_not_fit_together_is_named(layout: Callable[..., Any]) -> None:
    """Codings of other quotes or themes, quotes without a text."""
    with pytest.raises(ValueError, match="quote 'Q02' is not among the 1 quotes"):
        layout(CODINGS, BOOK, quotes=QUOTES[1:2])
    with pytest.raises(ValueError, match="theme 'craft' is not in the codebook"):
        layout(CODINGS, BOOK[:1], quotes=QUOTES)
    if layout is not rows_per_coding:
        with pytest.raises(ValueError, match="coder 'Z' has no codings"):
            layout(CODINGS, BOOK, quotes=QUOTES, coder="Z")
        with pytest.raises(ValueError, match="quotes: no column text"):
            layout(CODINGS, BOOK, quotes=QUOTES.drop(columns="text"))


def test_a_theme_named_like_a_column_is_refused() -> None:
    """The matrix could not show both."""
    book = pd.DataFrame({"theme": ["goals", "craft", "speaker"]})
    with pytest.raises(ValueError, match="named like columns of the matrix: speaker"):
        quote_theme_matrix(CODINGS, book, quotes=QUOTES)


def test_unknown_coders_are_named() -> None:
    """Asking for the codings of nobody is an error, not an empty table."""
    with pytest.raises(ValueError, match="coders: Y, Z coded nothing"):
        rows_per_coding(CODINGS, BOOK, QUOTES, coders=["A", "Y", "Z"])

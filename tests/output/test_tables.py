"""Frames as csv and as a table on the screen."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.output.screen import display_width, frame_to_text, shorten
from expert_roundup.output.tables import csv_to_frame, frame_to_csv

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://example.org","x")',
    "+cmd|' /C calc'!A0",
    "-SUM(A1:A9)",
    "@SUM(1,2)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "'=1+1",
    "＝1+1",
    "－SUM（A1）",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    """The cell as another program reads it begins with an apostrophe, and our reader gives the text back."""
    written = frame_to_csv(pd.DataFrame({"text": [text], "n": [1]}))
    assert list(csv.reader(io.StringIO(written, newline="")))[1][0] == "'" + text
    assert csv_to_frame(written)["text"].tolist() == [text]


@pytest.mark.parametrize("text", ["- be patient", "@ann says so", "+ one more", "'twas nothing", "a = b", "-5 %"])
def test_prose_is_written_as_it_is(text: str) -> None:
    """Text that calls nothing keeps every character, so offsets into it stay right for any reader of csv."""
    written = frame_to_csv(pd.DataFrame({"text": [text], "n": [1]}))
    assert list(csv.reader(io.StringIO(written, newline="")))[1][0] == text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=5))
def test_any_text_reads_back_equal(texts: list[str]) -> None:
    """Guarded, quoted or with line ends of every kind: what was written is what is read."""
    frame = pd.DataFrame({"quote_id": [f"Q{i:02}" for i in range(len(texts))], "text": ["x", *texts[1:]]}, dtype="str")
    pd.testing.assert_frame_equal(csv_to_frame(frame_to_csv(frame)), frame)


@given(st.lists(st.floats(allow_nan=False) | st.none(), min_size=1, max_size=5))
def test_floats_read_back_exactly(values: list[float | None]) -> None:
    """The shortest form that reads back equal is written, not a rounded one."""
    frame = pd.DataFrame({"quote_id": "Q01", "share": pd.Series([0.5, *values], dtype="float64")})
    pd.testing.assert_frame_equal(csv_to_frame(frame_to_csv(frame)), frame)


def test_types_read_back(codings: pd.DataFrame) -> None:
    """Missing offsets stay missing integers, booleans stay booleans, words like NA stay text."""
    back = csv_to_frame(frame_to_csv(codings))
    pd.testing.assert_frame_equal(back, codings)


def test_an_answer_of_any_length_reads_back() -> None:
    """The csv module of Python stops at 128 KiB a cell unless told otherwise; a long answer is longer."""
    frame = pd.DataFrame({"text": ["цитата " * 30_000], "theme": ["goals"]}, dtype="str")
    pd.testing.assert_frame_equal(csv_to_frame(frame_to_csv(frame)), frame)


def test_names_that_look_like_numbers_stay_names() -> None:
    """A theme called 2024 is no number and a speaker called true no truth value."""
    frame = pd.DataFrame({"theme": ["2024", "7"], "speaker": ["true", "false"], "n_quotes": [1, 2]})
    back = csv_to_frame(frame_to_csv(frame))
    assert back["theme"].tolist() == ["2024", "7"]
    assert back["speaker"].tolist() == ["true", "false"]
    assert back["n_quotes"].tolist() == [1, 2]


def test_lists_are_joined_by_a_space_and_line_ends_are_line_feeds() -> None:
    """The links of a quote are one cell; the file has no carriage return of its own."""
    frame = pd.DataFrame({"links": [["https://a.example", "https://b.example"], []], "n": [1, 2]})
    assert frame_to_csv(frame) == "links,n\nhttps://a.example https://b.example,1\n,2\n"


def test_a_record_of_another_length_is_an_error_that_names_all() -> None:
    """A cut or shifted csv is refused, not filled up."""
    with pytest.raises(ValueError, match=r"2 cells like the header; not so in record 1, 3"):
        csv_to_frame("a,b\n1\n1,2\n1,2,3\n")


def test_the_screen_shows_every_row_and_cuts_long_text() -> None:
    """A hundred rows are a hundred lines, none wider than the screen."""
    frame = pd.DataFrame({"quote_id": [f"Q{i:03}" for i in range(100)], "text": "word " * 60, "share": 1 / 3})
    lines = frame_to_text(frame, width=60).splitlines()
    assert len(lines) == 102
    assert {display_width(line) for line in lines} == {60}
    assert "…" in lines[5]
    assert lines[5].endswith("0.333")


def test_wide_and_combining_characters_keep_columns_aligned() -> None:
    """The second column starts at the same place of the screen on each line."""
    frame = pd.DataFrame({"speaker": ["Ann", "Дэвид", "王小明", "José"], "theme": ["x", "x", "x", "x"]})
    lines = frame_to_text(frame, width=80).splitlines()[2:]
    assert {display_width(line.rpartition("x")[0]) for line in lines} == {9}


def test_control_characters_never_reach_the_terminal() -> None:
    """A page that carries escape sequences cannot repaint the screen or turn the text around."""
    frame = pd.DataFrame({"text": ["a\x1b[31mred\x07\u202egnp"]})
    assert "a[31mredgnp" in frame_to_text(frame, width=80)


def test_an_empty_frame_says_so() -> None:
    """Nothing found looks different from nothing printed."""
    assert frame_to_text(pd.DataFrame({"theme": []}), width=80) == "theme\n-----\n(no rows)\n"


def test_shorten_counts_screen_columns() -> None:
    """Six wide characters take twelve columns, so seven columns hold three and the mark."""
    assert shorten("引用引用引用", 7) == "引用引…"


def test_frames_are_not_changed(codings: pd.DataFrame) -> None:
    """Writing looks, and does not touch."""
    before = codings.copy(deep=True)
    frame_to_csv(codings)
    frame_to_text(codings)
    pd.testing.assert_frame_equal(codings, before)


@pytest.fixture
def codings() -> pd.DataFrame:
    """Return a few codings with every kind of column."""
    return pd.DataFrame(
        {
            "quote_id": pd.Series(["Q01", "Q02", "Q03"], dtype="str"),
            "theme": pd.Series(["goals", "", "NA"], dtype="str"),
            "confidence": [0.1, 0.75, float("nan")],
            "start": pd.array([3, None, 12], dtype="Int64"),
            "is_coded": pd.array([False, True, None], dtype="boolean"),
        }
    )

"""The coding sheet: states of a quote, and the way to codings and back."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.coding.codings import coded, read_quotes
from expert_roundup.notebook import sheet as sheets
from expert_roundup.output.tables import csv_to_frame, frame_to_csv

QUOTES, THEMES = ["Q01", "Q02", "Q10"], ["goals", "craft", "tools"]
EMPTY = sheets.empty_sheet("me", QUOTES, THEMES)

_QUOTE, _THEME = st.sampled_from(QUOTES), st.sampled_from(THEMES)
_STEPS = st.one_of(
    st.tuples(st.just("give"), _QUOTE, _THEME, st.sampled_from([None, (3, 9)])),
    st.tuples(st.just("take_back"), _QUOTE, st.sampled_from([*THEMES, ""])),
    st.tuples(st.just("read_without_theme"), _QUOTE),
    st.tuples(st.just("weigh"), _QUOTE, _THEME, st.integers(0, 10).map(lambda n: n / 10)),
    st.tuples(st.just("note"), _QUOTE, _THEME, st.sampled_from(["why not", '=cmd|" /C', "über 🎉\nzwei"])),
)


def taken(steps: list[tuple]) -> sheets.Sheet:
    """The sheet after steps; those that are refused change nothing."""
    sheet = EMPTY
    for name, *arguments in steps:
        try:
            if name == "give":
                sheet = sheets.give(sheet, *arguments[:2], evidence=arguments[2])
            else:
                sheet = getattr(sheets, name)(sheet, *arguments)
        except ValueError as error:
            assert "was not given" in str(error)  # noqa: PT017 (a refusal is one of the outcomes)
    return sheet


@given(st.lists(_STEPS, max_size=25))
def test_a_sheet_written_to_csv_reads_back_equal(steps):
    """Whatever was done, the codings on the disk hold all of it: themes, order, evidence, memos, "no theme"."""
    sheet = taken(steps)
    stored = csv_to_frame(frame_to_csv(sheets.to_codings(sheet)))
    assert sheets.from_codings(EMPTY, stored) == sheet


@given(st.lists(_STEPS, max_size=25))
def test_no_theme_and_a_given_theme_never_stand_together(steps):
    """A quote is unread, read without a theme, or has themes; a rejected theme may stand beside "no theme"."""
    for marks in taken(steps).marks.values():
        assert marks
        assert not (any(mark.theme == "" for mark in marks) and any(mark.is_given for mark in marks))
        assert len({mark.theme for mark in marks}) == len(marks)


def test_read_without_a_theme_is_not_the_same_as_unread():
    """A quote without a theme has a row of its own and counts as read; an unread quote has none."""
    sheet = sheets.read_without_theme(sheets.give(EMPTY, "Q10", "craft"), "Q01")
    codings = sheets.to_codings(sheet)
    assert codings[["quote_id", "theme"]].to_numpy().tolist() == [["Q01", ""], ["Q10", "craft"]]
    assert codings["confidence"].isna().tolist() == [True, False]
    assert read_quotes(codings)["quote_id"].tolist() == ["Q01", "Q10"]
    assert not sheet.is_complete


def test_a_theme_below_the_threshold_is_considered_and_rejected():
    """It keeps its row, and does not count."""
    sheet = sheets.weigh(sheets.give(EMPTY, "Q01", "goals"), "Q01", "goals", 0.4)
    codings = sheets.to_codings(sheet)
    assert codings["confidence"].tolist() == [0.4]
    assert coded(codings).empty


def test_the_last_theme_taken_back_leaves_the_quote_unread():
    """Nothing stays behind that would say it was read."""
    assert sheets.take_back(sheets.give(EMPTY, "Q01", "goals"), "Q01", "goals") == EMPTY


def test_a_theme_given_again_keeps_its_memo_and_takes_new_evidence():
    """To give a theme that stands there is to point at other words for it."""
    sheet = sheets.note(sheets.give(EMPTY, "Q01", "goals", evidence=(1, 2)), "Q01", "goals", "why")
    again = sheets.give(sheet, "Q01", "goals", evidence=(5, 9)).mark("Q01", "goals")
    assert (again.evidence, again.memo) == ((5, 9), "why")
    assert sheets.give(sheet, "Q01", "goals").mark("Q01", "goals").evidence == (1, 2)


def test_rows_of_other_coders_are_left_where_they_are():
    """Only the sheet's own coder's rows are taken."""
    rows = {"quote_id": ["Q01", "Q02"], "theme": ["goals", "craft"], "coder": ["me", "B"], "confidence": 1}
    assert list(sheets.from_codings(EMPTY, pd.DataFrame(rows)).marks) == ["Q01"]


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (lambda: sheets.give(EMPTY, "Q99", "goals"), "quote_id 'Q99' is not among the 3 quotes"),
        (
            lambda: sheets.give(EMPTY, "Q01", "gaols"),
            "theme 'gaols' is not in the codebook; it has goals, craft, tools",
        ),
        (lambda: sheets.weigh(EMPTY, "Q01", "goals", 1), "'goals' was not given to Q01"),
        (lambda: sheets.weigh(sheets.give(EMPTY, "Q01", "goals"), "Q01", "goals", 1.2), "number from 0 to 1, not 1.2"),
        (lambda: sheets.weigh(EMPTY, "Q01", "", 1), "confidence belongs to a theme"),
        (lambda: sheets.show_evidence(EMPTY, "Q01", "", (1, 2)), "evidence belongs to a theme"),
        (lambda: sheets.empty_sheet(" ", QUOTES, THEMES), "coder must be a name"),
        (lambda: sheets.empty_sheet("majority", QUOTES, THEMES), "not one of majority, consensus"),
        (lambda: sheets.empty_sheet("me", [], THEMES), "0 quotes and 3 themes"),
    ],
)
def test_what_cannot_be_done_is_said(refused, reason):
    """The error names the argument and what is allowed."""
    with pytest.raises(ValueError, match=reason):
        refused()


def test_a_sheet_is_never_changed():
    """Every step makes a new sheet; the old one is what it was."""
    before = sheets.give(EMPTY, "Q01", "goals")
    sheets.read_without_theme(before, "Q01")
    sheets.note(before, "Q01", "goals", "memo")
    assert before == sheets.give(EMPTY, "Q01", "goals")

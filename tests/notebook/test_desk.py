"""The desk: undo, the way through the quotes, and the end of the blind part."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.notebook import desk as desks
from expert_roundup.notebook import sheet as sheets

QUOTES, THEMES = ["Q01", "Q02", "Q03", "Q04"], ["goals", "craft"]
START = desks.Desk(sheets.empty_sheet("me", QUOTES, THEMES))


def give(desk: desks.Desk, quote_id: str, theme: str = "goals") -> desks.Desk:
    """Give a theme."""
    return desks.change(desk, partial(sheets.give, quote_id=quote_id, theme=theme))


@given(st.lists(st.tuples(st.sampled_from(QUOTES), st.sampled_from(THEMES)), max_size=12))
def test_undo_goes_all_the_way_back(steps):
    """As many undos as there were changes lead to the sheet of the beginning; one more does nothing."""
    desk = START
    for quote_id, theme in steps:
        desk = give(desk, quote_id, theme)
    for _ in range(len(desk.past) + 1):
        desk = desks.undo(desk)
    assert desk == START


def test_undo_opens_the_quote_where_the_step_was_taken():
    """Nobody has to look for what was undone."""
    desk = desks.turn_to(give(desks.turn_to(START, 2), "Q03"), 0)
    assert desks.undo(desk).quote_id == "Q03"


def test_a_step_that_changes_nothing_cannot_be_undone():
    """The same theme given twice is one step."""
    once = give(START, "Q01")
    assert give(once, "Q01") == once


def test_turning_stays_within_the_quotes():
    """Before the first and behind the last nothing opens."""
    assert desks.turn_to(START, -1).at == 0
    assert desks.turn_to(START, 99).at == 3


def test_the_next_unread_quote_is_found_going_round():
    """Read quotes are passed over, the search goes on from the front, and where all are read it stays."""
    desk = give(give(desks.turn_to(START, 2), "Q03"), "Q04")
    assert desks.turn_to_unread(desk).quote_id == "Q01"
    for quote_id in ("Q01", "Q02"):
        desk = give(desk, quote_id)
    assert desks.turn_to_unread(desk) == desk


def test_steps_after_the_end_of_the_blind_part_are_counted():
    """What is changed after the comparison was opened is no longer blind, an undo no less."""
    desk = give(desks.finish(give(START, "Q01")), "Q02")
    assert (desk.is_open, desk.n_changed_since) == (True, 1)
    assert desks.undo(desk).n_changed_since == 2
    assert desks.turn_to(desk, 3).n_changed_since == 1

"""The desk: the sheet with the steps that led to it and the quote that lies open. Pure, like the sheet itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from expert_roundup.notebook.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Desk:
    """What a coder works at."""

    sheet: Sheet
    at: int = 0
    """Position of the open quote."""
    past: tuple[tuple[Sheet, int], ...] = ()
    """Earlier sheets, each with the quote that was open, the last one last."""
    is_open: bool = False
    """Whether published totals and other readings may be shown: the coder has finished, or said so."""
    n_changed_since: int = 0
    """Steps after that, which are no longer blind."""

    @property
    def quote_id(self) -> str:
        """The open quote."""
        return self.sheet.quotes[self.at]


def change(desk: Desk, step: Callable[[Sheet], Sheet]) -> Desk:
    """Take one step on the sheet; a step that changes nothing leaves no trace."""
    sheet = step(desk.sheet)
    if sheet == desk.sheet:
        return desk
    return replace(
        desk,
        sheet=sheet,
        past=(*desk.past, (desk.sheet, desk.at)),
        n_changed_since=desk.n_changed_since + desk.is_open,
    )


def undo(desk: Desk) -> Desk:
    """Go back one step, to the quote that it was taken at; at the first step nothing happens."""
    if not desk.past:
        return desk
    sheet, at = desk.past[-1]
    return replace(desk, sheet=sheet, at=at, past=desk.past[:-1], n_changed_since=desk.n_changed_since + desk.is_open)


def turn_to(desk: Desk, at: int) -> Desk:
    """Open another quote; before the first and behind the last one nothing happens."""
    return replace(desk, at=min(max(at, 0), len(desk.sheet.quotes) - 1))


def turn_to_unread(desk: Desk) -> Desk:
    """Open the next quote without a mark, going round once; where all are read, nothing happens."""
    n = len(desk.sheet.quotes)
    ahead = ((desk.at + step) % n for step in range(1, n + 1))
    unread = (at for at in ahead if desk.sheet.quotes[at] not in desk.sheet.marks)
    return replace(desk, at=next(unread, desk.at))


def finish(desk: Desk) -> Desk:
    """Let the comparison be shown, whether or not every quote was read."""
    return replace(desk, is_open=True)

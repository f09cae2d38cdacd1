"""What a click asks for: a message from the browser becomes a move of the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from expert_roundup.notebook import desk as desks
from expert_roundup.notebook import sheet as sheets
from expert_roundup.notebook.places import Places

Move = Callable[[desks.Desk], desks.Desk]
_Message = Mapping[str, Any]


def asked_move(message: _Message, where: Mapping[str, Places]) -> Move:
    """Return the move that a message asks for.

    Parameters
    ----------
    message
        `do`, and what it needs: quote_id, theme, confidence, memo, at, or first and last (evidence in UTF-16 units of
        the quote's text).

        - ``give``, ``take_back``, ``give_none``, ``weigh``, ``evidence``, ``memo`` change the sheet;
        - ``turn``, ``unread`` open another quote;
        - ``undo`` and ``finish``;
        - ``show`` and ``move`` ask for nothing but an answer.
    where
        Places of every quote, by id.

    Raises
    ------
    ValueError, KeyError, TypeError
        The message asks for nothing known, or lacks something; the move itself may raise ValueError.
    """
    do = message.get("do")
    if do in _STEPS:
        step = _STEPS[str(do)](message, where)
        return lambda desk: desks.change(desk, step)
    if do in _MOVES:
        return _MOVES[str(do)](message)
    raise ValueError(f"nothing is called {do!r}; there are {', '.join([*_STEPS, *_MOVES])}")


def _evidence(message: _Message, where: Mapping[str, Places]) -> tuple[int, int] | None:
    first, last, quote_id = message.get("first"), message.get("last"), message.get("quote_id")
    if first is None or last is None:
        return None
    if quote_id not in where:
        raise ValueError(f"quote_id {quote_id!r} is not among the {len(where)} quotes")
    return where[str(quote_id)].evidence(int(first), int(last))


def _give(message: _Message, where: Mapping[str, Places]) -> Callable[[sheets.Sheet], sheets.Sheet]:
    evidence = _evidence(message, where)
    return lambda sheet: sheets.give(sheet, message["quote_id"], message["theme"], evidence=evidence)


def _point(message: _Message, where: Mapping[str, Places]) -> Callable[[sheets.Sheet], sheets.Sheet]:
    evidence = _evidence(message, where)
    return lambda sheet: sheets.show_evidence(sheet, message["quote_id"], message["theme"], evidence)


_STEPS: dict[str, Callable[[_Message, Mapping[str, Places]], Callable[[sheets.Sheet], sheets.Sheet]]] = {
    "give": _give,
    "take_back": lambda asked, _: lambda sheet: sheets.take_back(sheet, asked["quote_id"], asked["theme"]),
    "give_none": lambda asked, _: lambda sheet: sheets.read_without_theme(sheet, asked["quote_id"]),
    "weigh": lambda asked, _: (
        lambda sheet: sheets.weigh(sheet, asked["quote_id"], asked["theme"], float(asked["confidence"]))
    ),
    "evidence": _point,
    "memo": lambda asked, _: lambda sheet: sheets.note(sheet, asked["quote_id"], asked["theme"], str(asked["memo"])),
}
_MOVES: dict[str, Callable[[_Message], Move]] = {
    "turn": lambda asked: lambda desk: desks.turn_to(desk, int(asked["at"])),
    "unread": lambda _: desks.turn_to_unread,
    "undo": lambda _: desks.undo,
    "finish": lambda _: desks.finish,
    "show": lambda _: lambda desk: desk,
    "move": lambda _: lambda desk: desk,
}

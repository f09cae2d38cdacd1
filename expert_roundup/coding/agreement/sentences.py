"""What an agreement frame says, in sentences that do not overclaim."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

#: what to say beside the agreement of the readings that ship with this package
MACHINE_ASSISTED = (
    "The coders are machine-assisted readings of one kind, made apart from each other: what such readings have in "
    "common they get right or wrong together, so their agreement is higher than as many people would reach."
)

# a value above this is 1 but for rounding
_ALMOST_1 = 1 - 1e-9


def interpretation(agreement: pd.DataFrame, *, note: str = "") -> str:
    """Say in plain sentences what an agreement frame shows.

    Parameters
    ----------
    agreement
        An agreement frame (see `agreement`).
    note
        Why the number may be higher or lower than elsewhere; it is put right behind the number. For readings made
        with the help of a machine, `MACHINE_ASSISTED`.

    Returns
    -------
    str
        Sentences, joined by a space: the value over all themes with its interval and what it rests on, the note, what
        the number means, the themes with the lowest and highest values, themes without a value and why, and themes
        without an interval and why. No adjective is taken from a table of cut-offs: the tables in use differ, and none
        knows what a coding is for.

    Raises
    ------
    ValueError
        A column is missing.
    """
    missing = {"theme", "coefficient", "coders", "value", "low", "high", "n_units", "n_coded", "n_coders"} - set(
        agreement.columns
    )
    if missing:
        raise ValueError(f"agreement: no column {', '.join(sorted(missing))}")
    # a frame starts with the largest panel; rows of fewer coders repeat the story for parts of it
    rows = [row for row in _records(agreement) if row["n_coders"] == agreement["n_coders"].max()]
    overall = [row for row in rows if row["theme"] == ""]
    if all(row["n_units"] == 0 for row in overall):
        return "No quote was read by two coders, so there is no agreement to speak of."
    by_theme = [row for row in rows if row["theme"]]
    sentences = [*(_overall(row) for row in overall), note, _meaning(overall)]
    sentences += [_range(name, same) for name, same in _grouped(by_theme).items()]
    sentences += _without(by_theme, _why_no_value, "value")
    sentences += _without(by_theme, _why_no_interval, "interval")
    return " ".join(sentence for sentence in sentences if sentence)


_Row = dict[str, Any]


def _records(agreement: pd.DataFrame) -> list[_Row]:
    """The rows, with None for an empty number and "" for an empty theme."""
    records = agreement.assign(theme=agreement["theme"].fillna("")).to_dict("records")
    return [{str(name): None if pd.isna(value) else value for name, value in row.items()} for row in records]


def _overall(row: _Row) -> str:
    who = f"{_counted(row['n_coders'], 'coder')} ({row['coders']}) over {_counted(row['n_units'], 'quote')}"
    name = f"{row['coefficient']} over all themes"
    if row["value"] is None:
        return f"{name} has no value for {who}: {_why_no_value(row)}."
    return f"{name} is {_number(row['value'])} for {who}, {_interval(row)}."


def _interval(row: _Row) -> str:
    if row["low"] is None:
        return "without an interval"
    return f"with a 95 % bootstrap interval from {_number(row['low'])} to {_number(row['high'])} over quotes"


def _why_no_value(row: _Row) -> str:
    if row["value"] is not None:
        return ""
    if row["n_coded"] == 1 and row["n_units"] > 1:
        return "coded at one quote only, and there by all, so that every resample would show 1 or nothing"
    return "the codings do not vary"


def _why_no_interval(row: _Row) -> str:
    if row["value"] is None or row["low"] is not None or row["value"] < _ALMOST_1:
        return ""
    return "coders never differ there, so that the interval collapses, which is no certainty"


def _meaning(overall: list[_Row]) -> str:
    if all(row["value"] is None for row in overall):
        return ""
    if all(row["coefficient"] == "percent" for row in overall):
        return "Percent agreement counts what chance would give as well."
    return (
        "1 would be perfect agreement and 0 what chance gives; agreement shows that the coding can be repeated by such "
        "coders, not that it is right."
    )


def _grouped(rows: list[_Row]) -> dict[str, list[_Row]]:
    names = dict.fromkeys(row["coefficient"] for row in rows)
    return {name: [row for row in rows if row["coefficient"] == name] for name in names}


def _range(name: str, rows: list[_Row]) -> str:
    valued = [row for row in rows if row["value"] is not None]
    if len({row["value"] for row in valued}) < 2:
        return ""
    lowest, highest = (choose(valued, key=lambda row: row["value"]) for choose in (min, max))
    return f"By theme, {name} goes from {_theme(lowest)} to {_theme(highest)}."


def _without(rows: list[_Row], why: Callable[[_Row], str], what: str) -> list[str]:
    """A sentence for every reason and list of themes, naming the coefficients they share."""
    reasons = dict.fromkeys(filter(None, map(why, rows)))
    found: dict[tuple[str, str], list[str]] = {}
    for name, same in _grouped(rows).items():
        for reason in reasons:
            themes = [f"{row['theme']} ({_counted(row['n_coded'], 'quote')})" for row in same if why(row) == reason]
            if themes:
                found.setdefault((reason, ", ".join(themes)), []).append(name)
    return [f"No {what} of {', '.join(names)} for {themes}: {reason}." for (reason, themes), names in found.items()]


def _theme(row: _Row) -> str:
    return f"{_number(row['value'])} ({row['theme']}, coded at {_counted(row['n_coded'], 'quote')})"


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _number(value: float) -> str:
    return f"{value:.2f}"

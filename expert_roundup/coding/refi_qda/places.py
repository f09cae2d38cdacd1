"""Where the characters of a quote stand in its source, when the quote was put together from several pieces."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from expert_roundup.coding.refi_qda.plain_text import PlainText, counted_from

_Places = npt.NDArray[np.int64]
_RUN = re.compile(r"(\d{1,15}):(\d{1,15})(?:\+(\d{1,15}))?")
_RUNS = re.compile(rf"{_RUN.pattern}(?: {_RUN.pattern})*+")


def origin_of(text: str, start: int, end: int, *, source_text: str = "") -> tuple[_Places, _Places] | None:
    r"""Find the characters of a quote in start..end of its source.

    Parameters
    ----------
    text
        The quote: either all of start..end, or lines of it, without their prefixes and without what stands between
        its pieces.
    source_text
        What the offsets index; needed only for a quote in pieces.

    Returns
    -------
    tuple of arrays, or None
        Start and end in the source of every character; None where they cannot be told.

    Examples
    --------
    >>> source = "Ann said: Go on. > Then\n> rest."
    >>> starts, ends = origin_of("Go on.\n\nrest.", 10, 31, source_text=source)
    >>> starts.tolist()[-5:]
    [26, 27, 28, 29, 30]
    """
    if end - start == len(text):
        placed = counted_from(start, text)
        return placed.starts, placed.ends
    starts = np.empty(len(text), dtype=np.int64)
    ends = np.empty(len(text), dtype=np.int64)
    at, done = start, 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        found = source_text.find(body, at, end)
        if found < 0:
            return None
        starts[done : done + len(body)] = np.arange(found, found + len(body))
        ends[done : done + len(body)] = starts[done : done + len(body)] + 1
        at = found + len(body)
        # a line end belongs to the line before it, wherever the next line was found
        starts[done + len(body) : done + len(line)] = at
        ends[done + len(body) : done + len(line)] = at
        done += len(line)
    return starts, ends


def runs_of(plain: PlainText) -> str:
    r"""Write down where the characters of `plain` come from.

    Returns
    -------
    str
        "position:place" for each break in the count, and "+width" behind it for a single character that comes from
        more than one, or from none.

    Examples
    --------
    >>> from expert_roundup.coding.refi_qda.plain_text import plain_text
    >>> runs_of(plain_text("one\r\ntwo"))
    '0:0 3:3+2 4:5'
    """
    shift = plain.starts - np.arange(len(plain.starts))
    width = plain.ends - plain.starts
    is_odd = width != 1
    is_break = np.diff(shift, prepend=shift[:1] - 1) != 0
    is_break |= is_odd | np.concatenate([[False], is_odd[:-1]])
    return " ".join(
        f"{at}:{plain.starts[at]}" + (f"+{width[at]}" if is_odd[at] else "") for at in np.flatnonzero(is_break)
    )


def places_from(runs: str, text: str) -> PlainText | None:
    """Read what `runs_of` wrote; None where it does not fit `text`."""
    if not text or not _RUNS.fullmatch(runs):
        return None
    found = [(int(at), int(place), int(width or 1)) for at, place, width in _RUN.findall(runs)]
    at, places, widths = (np.array(column, dtype=np.int64) for column in zip(*found, strict=True))
    if at[0] != 0 or (np.diff(at) <= 0).any() or at[-1] >= len(text):
        return None
    positions = np.arange(len(text))
    which = np.searchsorted(at, positions, side="right") - 1
    starts = places[which] + positions - at[which]
    ends = starts + 1
    ends[at] = places + widths
    is_sorted = (np.diff(starts) >= 0).all() and (np.diff(ends) >= 0).all()
    return PlainText(text, starts, ends) if is_sorted else None

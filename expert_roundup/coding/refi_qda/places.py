"""Where the characters of a quote stand in its source, when the quote was put together from several pieces."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from expert_roundup.coding.refi_qda.plain_text import PlainText

_Places = npt.NDArray[np.int64]
_RUNS = re.compile(r"\d{1,15}:\d{1,15}(?: \d{1,15}:\d{1,15})*")


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
        places = np.arange(start, end + 1, dtype=np.int64)
        return places[:-1], places[1:]
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
    r"""Write down where the characters of `plain` come from: "position:place", one for each break in the count.

    Examples
    --------
    >>> from expert_roundup.coding.refi_qda.plain_text import plain_text
    >>> runs_of(plain_text("one\r\ntwo"))
    '0:0 4:5'
    """
    shift = plain.starts - np.arange(len(plain.starts))
    breaks = np.flatnonzero(np.diff(shift, prepend=shift[:1] - 1))
    return " ".join(f"{at}:{plain.starts[at]}" for at in breaks)


def places_from(runs: str, text: str) -> PlainText | None:
    """Read what `runs_of` wrote; None where it does not fit `text`."""
    if not _RUNS.fullmatch(runs):
        return None
    pairs = [tuple(map(int, run.split(":"))) for run in runs.split(" ")]
    at = np.array([pair[0] for pair in pairs])
    places = np.array([pair[1] for pair in pairs])
    if at[0] != 0 or (np.diff(at) <= 0).any() or at[-1] >= max(len(text), 1):
        return None
    positions = np.arange(len(text))
    which = np.searchsorted(at, positions, side="right") - 1
    starts = places[which] + positions - at[which]
    if (np.diff(starts) < 0).any():
        return None
    return PlainText(text, starts, starts + 1)

"""Text as exchange files hold it: LF, NFC, no byte order mark; every character remembers where it came from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text in the form that other programs count in, and its places in the text it was made from.

    Attributes
    ----------
    text
        Line feeds only, Unicode form NFC, no byte order mark.
    starts, ends
        For every character of `text`, the half-open span it came from, in Unicode code points.
    """

    text: str
    starts: _Places
    ends: _Places

    def position(self, start: int, end: int) -> tuple[int, int] | None:
        """Half-open span of `text` that covers start..end of the original; None where nothing of it was kept."""
        first = int(np.searchsorted(self.ends, start, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left"))
        return (first, last) if first < last else None

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Half-open span of the original that became first..last of `text`."""
        return int(self.starts[first]), int(self.ends[last - 1])


def plain_text(text: str, *, origin: tuple[_Places, _Places] | None = None) -> PlainText:
    r"""Bring `text` into the form that exchange files hold.

    Parameters
    ----------
    text
        Any text.
    origin
        Start and end, in a source, of every character of `text`, where they are not its own positions.

    Returns
    -------
    PlainText
        A letter that is composed comes from all characters it was made of, a line feed from the whole line end.

    Examples
    --------
    >>> plain = plain_text("a\r\ne\u0301!")
    >>> plain.text, plain.position(3, 5), plain.place(2, 3)
    ('a\né!', (2, 3), (3, 5))
    """
    as_is = PlainText(text, *origin) if origin else counted_from(0, text)
    if _is_plain(text):
        return as_is
    out: list[str] = []
    first: list[int] = []
    last: list[int] = []
    for begin, end, made in _clusters(text):
        is_same = len(made) == end - begin
        out.append(made)
        # characters of a cluster that did not change keep their own places; otherwise all come from all of it
        first += range(begin, end) if is_same else [begin] * len(made)
        last += range(begin, end) if is_same else [end - 1] * len(made)
    starts, ends = as_is.starts[np.array(first, dtype=np.int64)], as_is.ends[np.array(last, dtype=np.int64)]
    return PlainText("".join(out), starts, ends)


def _is_plain(text: str) -> bool:
    is_lined = "\r" not in text and not text.startswith("\ufeff")
    return is_lined and unicodedata.is_normalized("NFC", text)


def counted_from(start: int, text: str) -> PlainText:
    """A text whose characters stand one behind the other from `start` on."""
    # both are views of one array
    places = np.arange(start, start + len(text) + 1, dtype=np.int64)
    return PlainText(text, places[:-1], places[1:])


def _clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """Pieces of `text` that can be normalised apart, as start, end and what they become."""
    at = 1 if text.startswith("\ufeff") else 0
    while at < len(text):
        end = at + 1
        if text[at] == "\r":
            end += text[end : end + 1] == "\n"
            yield at, end, "\n"
        else:
            while end < len(text) and _joins(text, at, end):
                end += 1
            yield at, end, unicodedata.normalize("NFC", text[at:end])
        at = end


def _joins(text: str, begin: int, at: int) -> bool:
    """Whether the character at `at` may combine with those from `begin` on."""
    character = text[at]
    if character.isascii():
        return False
    if unicodedata.combining(character):
        return True
    # Hangul vowels and a few Indic signs are no marks and still compose with what stands before them
    cluster = text[begin:at]
    apart = unicodedata.normalize("NFC", cluster) + unicodedata.normalize("NFC", character)
    return unicodedata.normalize("NFC", cluster + character) != apart

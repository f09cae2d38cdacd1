"""Places in a quote: where its characters stand in the source, and how a browser counts them.

Evidence is stored as offsets into the source, in Unicode code points. A browser shows the text of a quote, which may
lack what stood between two parts of the answer or before its lines, and counts in UTF-16 units, where an emoji is two.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Places:
    """Where every character of one quote stands in its source."""

    text: str
    """What the reader sees."""
    offsets: Sequence[int]
    """Offset in the source of each code point of `text`; -1 for one that is not in the source."""
    known: tuple[tuple[int, int], ...] = field(init=False, repr=False)
    """(offset in the source, position in the text) of the code points that are in the source, ascending."""

    def __post_init__(self) -> None:
        pairs = tuple((offset, at) for at, offset in enumerate(self.offsets) if offset >= 0)
        object.__setattr__(self, "known", pairs)

    def evidence(self, first: int, last: int) -> tuple[int, int]:
        """Return the place in the source of the words between two positions of the text, in UTF-16 units.

        Blanks at either end are left out; half of a character counts as the whole.

        Raises
        ------
        ValueError
            Nothing but blanks is selected, or the words are not known to stand in the source.
        """
        first, last = sorted((first, last))
        start, end = _code_point(self.text, first, up=False), _code_point(self.text, last, up=True)
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        end -= len(words) - len(words.rstrip())
        if start >= end:
            raise ValueError("evidence: no words are selected in the quote")
        if self.offsets[start] < 0 or self.offsets[end - 1] < 0:
            raise ValueError("evidence: these words are not found in the source, so they have no place there")
        return self.offsets[start], self.offsets[end - 1] + 1

    def find(self, words: str) -> tuple[int, int]:
        """Return the place in the source of the first occurrence of `words`.

        Raises
        ------
        ValueError
            The quote does not hold them.
        """
        at = self.text.find(words)
        if at < 0 or not words.strip():
            raise ValueError(f"evidence: {words!r} does not stand in the quote")
        return self.evidence(_units(self.text[:at]), _units(self.text[: at + len(words)]))

    def shown(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where evidence lies in the text, in UTF-16 units; None where nothing of it is shown."""
        low, high = bisect_left(self.known, (start, -1)), bisect_left(self.known, (end, -1))
        if low >= high:
            return None
        first, last = self.known[low][1], self.known[high - 1][1] + 1
        return _units(self.text[:first]), _units(self.text[:last])

    def words(self, start: int, end: int) -> str:
        """Return the evidence as the reader sees it, "" where nothing of it is shown."""
        low, high = bisect_left(self.known, (start, -1)), bisect_left(self.known, (end, -1))
        return self.text[self.known[low][1] : self.known[high - 1][1] + 1] if low < high else ""


def places(text: str, *, start: int | None = None, end: int | None = None, source_text: str = "") -> Places:
    r"""Find where the characters of a quote stand in its source.

    Parameters
    ----------
    text
        The quote as the quotes frame has it.
    start, end
        Its offsets in the source; without them its evidence is counted from the quote's own beginning.
    source_text
        The text that they index. Without it only a quote that is one unchanged slice (as long as its span) has places.

    Returns
    -------
    Places
        One offset for each code point of `text`.

    Examples
    --------
    >>> source = "Ann:\n> Start small.\n> Then grow.\n"
    >>> places("Start small.\nThen grow.", start=7, end=32, source_text=source).evidence(13, 23)
    (22, 32)
    """
    if start is None or end is None:
        return Places(text, range(len(text)))
    if len(text) == end - start and (not source_text or source_text[start:end] == text):
        return Places(text, range(start, end))
    return Places(text, _aligned(text, source_text[start:end], start))


def _aligned(text: str, piece: str, start: int) -> list[int]:
    """Offsets of the lines of a quote, each found behind the one before; the breaks between them stand nowhere."""
    offsets: list[int] = []
    cursor = 0
    for line in text.split("\n"):
        found = piece.find(line, cursor) if line.strip() else -1
        offsets += range(start + found, start + found + len(line)) if found >= 0 else [-1] * len(line)
        offsets.append(-1)
        cursor = found + len(line) if found >= 0 else cursor
    return offsets[:-1]


def _units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def _code_point(text: str, units: int, *, up: bool) -> int:
    """Code points in the first `units` UTF-16 units of `text`; half a character counts as none, or with `up` as one."""
    total = 0
    for at, character in enumerate(text):
        if total >= units:
            return at
        total += 1 + (character > "\uffff")
        if total > units:
            return at + up
    return len(text)

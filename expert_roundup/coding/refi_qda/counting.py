"""How a program counted: a line end of two characters is two positions to some and one to others."""

from __future__ import annotations

from collections.abc import Sequence

from expert_roundup.coding.refi_qda.plain_text import PlainText, plain_text

#: (start, end, name of the selection)
Mark = tuple[int, int, str]
#: shorter names prove nothing
_MIN_NAME = 4


def counted_text(text: str, marks: Sequence[Mark], *, origin: str = "") -> PlainText:
    r"""Normalise the text of a source, with the places that its positions index.

    Parameters
    ----------
    text
        The text as the file holds it.
    marks
        Selections in it: start, end and name. Many programs name a selection by its first words.
    origin
        The program that wrote the project.

    Returns
    -------
    PlainText
        `position` maps what the program counted into the normalised text.

    Notes
    -----
    A line end of CR and LF is two code points. ATLAS.ti writes two and counts one, others count two. Which it was shows
    in the selections: more of them hold the words of their name, or begin and end where words do. Where both
    ways fit alike, ATLAS.ti is taken to have counted one and every other program two.

    Examples
    --------
    >>> plain = counted_text("a plan\r\nand a budget", [(13, 19, "budget")])
    >>> plain.text[slice(*plain.position(13, 19))]
    'budget'
    """
    as_written = plain_text(text)
    if "\r\n" not in text:
        return as_written
    lines = plain_text(text.replace("\r\n", "\n"))
    ways = [lines, as_written] if "atlas" in origin.lower() else [as_written, lines]
    return max(ways, key=lambda way: _fit(way, marks))


def _fit(way: PlainText, marks: Sequence[Mark]) -> tuple[int, int, int]:
    """How many selections fit into the text, hold their name, and begin and end with words."""
    inside = [mark for mark in marks if 0 <= mark[0] < mark[1] <= (way.ends[-1] if len(way.ends) else 0)]
    spans = [(way.position(start, end), name) for start, end, name in inside]
    named = sum(_holds(way.text, span, name) for span, name in spans if span)
    clean = sum(_is_edge(way.text, at) for span, _ in spans if span for at in span)
    return len(inside), named, clean


def _holds(text: str, span: tuple[int, int], name: str) -> bool:
    start = " ".join(name.rstrip(".… ").split())
    return len(start) >= _MIN_NAME and " ".join(text[slice(*span)].split()).startswith(start)


def _is_edge(text: str, at: int) -> bool:
    return at in (0, len(text)) or not (text[at - 1].isalnum() and text[at].isalnum())

"""Place the names of points where they cover neither each other nor a point."""

from __future__ import annotations

from collections.abc import Sequence

from expert_roundup.output.charts.grid import short_name
from expert_roundup.output.lettering import width

_TALL = 1.15 / 72  # inches a line takes for each point of its size
_DOT = 0.09  # inches around a point that stay free
_Box = tuple[float, float, float, float]


def place_labels(
    points: Sequence[tuple[float, float]], names: Sequence[str], *, size: float, room: tuple[float, float]
) -> list[tuple[tuple[float, float], str, str]]:
    """Return where the names of points can stand.

    Parameters
    ----------
    points
        In inches from the lower left.
    names
        One a point.
    size
        Of the letters, in points.
    room
        Width and height in inches.

    Returns
    -------
    list of tuple
        For each name that finds room: the middle of the edge next to its point (or of the whole name), the name as it
        fits, and its alignment ("left", "right" or "center"). Points with few neighbours are served last, so that the
        crowded ones have the choice; a name without room is left out.
    """
    dots = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in points]
    taken: list[_Box] = []
    found: dict[int, tuple[tuple[float, float], str, str]] = {}
    for i in sorted(range(len(points)), key=lambda i: (-_crowd(i, points), i)):
        text = short_name(names[i], 1.75)
        wide, tall = width(text, size), size * _TALL
        for place, side, box in _candidates(points[i], wide, tall):
            others = [*dots[:i], *dots[i + 1 :], *taken]
            if _is_inside(box, room) and not any(_overlap(box, other) for other in others):
                found[i] = (place, text, side)
                taken.append(box)
                break
    return [found[i] for i in sorted(found)]


def _candidates(point: tuple[float, float], wide: float, tall: float) -> list[tuple[tuple[float, float], str, _Box]]:
    x, y = point
    out: list[tuple[tuple[float, float], str, _Box]] = []
    for up in (0.0, 0.6, -0.6, 1.0, -1.0):
        gap = _DOT + 0.05 if abs(up) < 1 else 0.0
        at = y + up * (tall / 2 + _DOT + 0.02)
        out.append(((x + gap, at), "left", (x + gap, at - tall / 2, x + gap + wide, at + tall / 2)))
        out.append(((x - gap, at), "right", (x - gap - wide, at - tall / 2, x - gap, at + tall / 2)))
    for up in (1.0, -1.0):
        at = y + up * (tall / 2 + _DOT + 0.02)
        out.append(((x, at), "center", (x - wide / 2, at - tall / 2, x + wide / 2, at + tall / 2)))
    return out


def _crowd(i: int, points: Sequence[tuple[float, float]]) -> int:
    x, y = points[i]
    return sum((a - x) ** 2 + (b - y) ** 2 < 1 for a, b in points)


def _is_inside(box: _Box, room: tuple[float, float]) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= room[0] and box[3] <= room[1]


def _overlap(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]

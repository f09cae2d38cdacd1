"""How charts and slides look: shapes, sizes, and colours that hold their contrast for every pair of eyes.

The colours are those of Okabe and Ito, which people with any common colour vision can tell apart [1]_. Only some of
them stand out enough from the paper (3:1 is the least for a mark that carries meaning [2]_): blue, vermillion, green
and purple on white, the others on black. Twelve themes cannot all have a colour of their own that a room can name, so
a chart marks one or two and writes the name beside every bar.

References
----------
.. [1] Okabe, M. and Ito, K. (2008). Color Universal Design.
.. [2] W3C (2018). Web Content Accessibility Guidelines 2.1, success criterion 1.4.11.
"""

from __future__ import annotations

from dataclasses import dataclass

#: inches; at scale 1 a chart has 150 dots an inch, so that 16:9 is 1920 x 1080
PRESETS = {"16:9": (12.8, 7.2), "4:3": (9.6, 7.2), "square": (7.2, 7.2)}
DPI = 150

#: points; nothing on a chart is smaller than SMALL, which the last row of a room can still read
TITLE, KEY, BODY, SMALL = 24, 16, 15, 14

OKABE_ITO = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "purple": "#CC79A7",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart is drawn; the same numbers, whatever the look.

    Attributes
    ----------
    preset
        Shape: "16:9", "4:3" or "square".
    is_plain
        Without title and source, for a slide that has its own.
    is_dark
        Light marks on dark paper.
    is_transparent
        No paper at all.
    inches
        Width and height in place of the preset's, such as the room on a slide.
    """

    preset: str = "16:9"
    is_plain: bool = False
    is_dark: bool = False
    is_transparent: bool = False
    inches: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise ValueError(f"preset: must be one of {', '.join(PRESETS)}, not {self.preset!r}")

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in inches."""
        return self.inches or PRESETS[self.preset]

    @property
    def margin(self) -> float:
        """Inches that stay free at every edge."""
        return 0.08 if self.is_plain else 0.4

    @property
    def paper(self) -> str:
        """Background."""
        return "#16181C" if self.is_dark else "#FFFFFF"

    @property
    def ink(self) -> str:
        """Titles and labels."""
        return "#F4F4F4" if self.is_dark else "#1A1A1A"

    @property
    def quiet(self) -> str:
        """Keys, notes and sources; still 4.5:1, as small text needs."""
        return "#BDBDBD" if self.is_dark else "#555555"

    @property
    def line(self) -> str:
        """Rules and grids, which carry nothing."""
        return "#3C4048" if self.is_dark else "#DDDDDD"

    @property
    def other(self) -> str:
        """Bars and points that are not marked."""
        return "#8F949C" if self.is_dark else "#8C8C8C"

    @property
    def mark(self) -> str:
        """The marked theme, and the first of two sides."""
        return OKABE_ITO["sky"] if self.is_dark else OKABE_ITO["blue"]

    @property
    def second(self) -> str:
        """The second marked theme, the second side, and doubt."""
        return OKABE_ITO["orange"] if self.is_dark else OKABE_ITO["vermillion"]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21.

    References
    ----------
    W3C (2018). Web Content Accessibility Guidelines 2.1, "contrast ratio" and "relative luminance".

    Examples
    --------
    >>> contrast("#000000", "#FFFFFF")
    21.0
    >>> round(contrast(OKABE_ITO["blue"], "#FFFFFF"), 1)
    5.2
    """
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def luminance(color: str) -> float:
    """Return the relative luminance of a colour "#RRGGBB", from 0 (black) to 1 (white)."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mix(first: str, second: str, share: float) -> str:
    """Return the colour that lies `share` of the way from `first` to `second`.

    Examples
    --------
    >>> mix("#000000", "#FFFFFF", 0.5)
    '#808080'
    """
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def ink_on(color: str) -> str:
    """Return black or white, whichever reads better on `color`."""
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, color))

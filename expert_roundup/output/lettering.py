"""Words on a chart: which font shows them, how wide they are, and how they are wrapped or cut.

DejaVu Sans comes with matplotlib, so Latin, Cyrillic and Greek look the same on every machine. What it lacks (Chinese,
Japanese, Korean and more) is taken from the fonts of the machine; what no font has is written in Latin letters, and
the chart says so.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii
from matplotlib import font_manager
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

BASE = "DejaVu Sans"
# a fallback font without a bold face is no news to the reader of a chart
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
# asked first, so that two machines with the same fonts choose the same one
_PREFERRED = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Noto Sans JP", "Noto Sans KR", "Source Han Sans SC",
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans", "Yu Gothic", "Malgun Gothic", "WenQuanYi Zen Hei",
    "Droid Sans Fallback", "Noto Sans Devanagari", "Noto Sans Thai", "Arial Unicode MS",
)  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\U000e0000-\U000e0fff]")
# letters in mathematical dress, which one face of a font has and another lacks
_DRESSED = re.compile(r"[\U0001d400-\U0001d7ff]+")
_MARKS = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")


def readable(text: str) -> str:
    r"""Return `text` as this machine can show it: what no font has is in Latin letters, invisible characters are gone.

    Examples
    --------
    >>> readable("Дэвид\u200b Амерланд")
    'Дэвид Амерланд'
    """
    text = _DRESSED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), _MARKS.sub("", _CONTROL.sub("", text)))
    return "".join(character if _font_of(character) else anyascii(character) or "□" for character in text)


def is_rewritten(text: str) -> bool:
    """Whether `readable` has to write some of `text` in other letters."""
    return any(_font_of(character) is None for character in _MARKS.sub("", _CONTROL.sub("", text)))


def families(text: str) -> list[str]:
    """Return the fonts that show `text`, DejaVu Sans first."""
    found = {font for character in text if (font := _font_of(character)) not in (None, BASE)}
    return [BASE, *sorted(str(font) for font in found)]


@lru_cache(maxsize=20_000)
def width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of one line of text in inches, at `size` points, as `readable` shows it."""
    text = readable(text)
    font = FontProperties(family=families(text), size=size, weight=weight)
    return float(_renderer().get_text_width_height_descent(text, font, ismath=False)[0]) / 72  # type: ignore[no-untyped-call]


def wrap(text: str, room: float, size: float, *, lines: int = 1, weight: str = "normal") -> str:
    r"""Return `text` in at most `lines` lines of `room` inches; what does not fit is cut with "…".

    Lines break at blanks, inside a word only where it alone is too long (or its script has no blanks).

    Examples
    --------
    >>> wrap("Set Strategic Goals, Not Vanity Metrics", 2.5, 14, lines=2)
    'Set Strategic Goals, Not\nVanity Metrics'
    """
    rest, out = " ".join(readable(text).split()), list[str]()
    while rest and len(out) < lines - 1:
        line, rest = _first_line(rest, room, size, weight)
        out.append(line)
    return "\n".join([*out, _cut(rest, room, size, weight)] if rest else out)


def _first_line(text: str, room: float, size: float, weight: str) -> tuple[str, str]:
    """The longest start of `text` that fits, broken at a blank where there is one, and the rest."""
    end = _fitting(text, room, size, weight)
    if end == len(text):
        return text, ""
    blank = text.rfind(" ", 0, end + 1)
    if blank <= 0:
        return text[:end], text[end:]
    return text[:blank], text[blank + 1 :]


def _cut(text: str, room: float, size: float, weight: str) -> str:
    if width(text, size, weight) <= room:
        return text
    end = _fitting(text, room - width("…", size, weight), size, weight)
    return text[:end].rstrip(" ,;:.—–-") + "…"


def _fitting(text: str, room: float, size: float, weight: str) -> int:
    """How many characters of `text` fit into `room`, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(text[:middle], size, weight) <= room else (low, middle - 1)
    return low


@lru_cache(maxsize=10_000)
def _font_of(character: str) -> str | None:
    if character.isascii() or ord(character) in _letters(BASE):
        return BASE
    for name in (*_installed_first(), *_installed_rest()):
        if ord(character) in _letters(name):
            return name
    return None


@lru_cache(maxsize=1)
def _paths() -> dict[str, str]:
    """Name of each installed font and the file of its upright, regular face where it has one."""
    faces = sorted(
        font_manager.fontManager.ttflist,
        key=lambda face: (face.name, face.style != "normal", str(face.weight) not in ("400", "normal"), face.fname),
    )
    return {face.name: face.fname for face in reversed(faces)}


@lru_cache(maxsize=1)
def _installed_first() -> tuple[str, ...]:
    return tuple(name for name in _PREFERRED if name in _paths())


@lru_cache(maxsize=1)
def _installed_rest() -> tuple[str, ...]:
    # fonts of last resort have a box for every letter; display and symbol fonts are no reading fonts
    unfit = re.compile(r"last ?resort|blank|symbol|emoji|dingbat|math|icon|STIX|cmr|cmsy|cmex|cmtt|cmmi|cmss|cmb", re.I)
    return tuple(name for name in _paths() if name not in _PREFERRED and name != BASE and not unfit.search(name))


@lru_cache(maxsize=500)
def _letters(name: str) -> frozenset[int]:
    try:
        return frozenset(font_manager.get_font(_paths()[name]).get_charmap())
    except (ValueError, RuntimeError, OSError):
        return frozenset()


@lru_cache(maxsize=1)
def _renderer() -> RendererAgg:
    return RendererAgg(1, 1, 72)  # type: ignore[no-untyped-call]

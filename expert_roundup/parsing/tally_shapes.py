"""Shapes of a printed count: "Label (9)", "Label: 9 votes", "9 experts said label", "9 Label", "Label 29 %"."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from expert_roundup.parsing.knowledge import known, whole_words


@dataclass(frozen=True, slots=True)
class Count:
    """A label with a number, as one line, cell or sentence prints it."""

    label: str
    number: float
    is_percent: bool = False
    is_said: bool = False  #: whether the print says that people or answers are counted


#: the longest label, in characters
LONGEST_LABEL = 120
_OPENING = re.compile(r"^[\s\d]*[^\w\"“«„'‘(]*\s*|^\d{1,2}[.)]\s+")
#: characters around a label that are none of its own
_EDGES = ' .:;,–—-*_|"“”«»„\t\u00a0'


@functools.cache
def _counted() -> str:
    return rf"(?:{'|'.join(known('tallies')['counted'])})(?!\w)"


@functools.cache
def _number() -> str:
    written = "|".join(known("tallies")["numbers"])
    return (
        rf"(?<![\w.,])(?P<n>\d{{1,4}}(?:[.,]\d+)?|(?:{written})(?!\w))(?:\s*(?P<percent>%|percent|процент\w*|prozent))?"
    )


@functools.cache
def counting() -> re.Pattern[str]:
    """A digit or a number written out: no shape reads a line without one."""
    return re.compile(rf"\d|{whole_words(known('tallies')['numbers'])}", re.I)


@functools.cache
def line_shapes() -> tuple[re.Pattern[str], ...]:
    """The shapes of a line, a list item or a heading; groups label, n, percent, said."""
    number = _number()
    # "of 31", "/31", "(29 %)" behind the number, then whom it counts
    total = r"(?:\s*(?:of|из|von|sur|de|out of|/)\s*(?:the\s+|our\s+)?\d{1,4})?"
    share = r"(?:\s*\(\s*\d{1,3}(?:[.,]\d+)?\s*%\s*\))?"
    tail = rf"{total}{share}(?:\s*(?P<said>{_counted()}))?"
    did = "|".join(known("tallies")["did"])
    return tuple(
        re.compile(shape, re.I)
        for shape in (
            # Label: 9 · Label – 9 of 31 experts · Label .... 9 · Label | 9
            rf"(?P<label>.*?\w.*?)\s*(?:[:：=|]|\s[-–—→]+|\.{{2,}}|…|\t)\s*{number}{tail}\s*[.;,]?",
            # Label (9) · Label [9 votes]
            rf"(?P<label>.*?\w.*?)\s*[(（\[]\s*{number}{tail}\s*[)）\]]\s*[.;,]?",
            # 9 experts said label · 9 of 31 recommend label · nine voted for label
            rf"{number}{tail}\s+(?P<did>{did})(?!\w)\s*[:：,–—-]?\s*(?:that\s+|что\s+|dass\s+|que\s+)?(?P<label>\w.*?)\s*[.;,]?",
            rf"{number}{tail}\s*[:：–—-]\s*(?P<label>[^\W\d].*?)\s*[.;,]?",
            # 9 x Label · 9 Label
            rf"{number}\s*(?:[x×*]\s*|\s)(?P<label>[^\W\d].*?)\s*[.;,]?",
            # Label 29%
            r"(?P<label>.*?[^\W\d].*?)\s+(?P<n>\d{1,3}(?:[.,]\d+)?)\s*(?P<percent>%)\s*[.;,]?",
        )
    )


def read_line(line: str, shape: re.Pattern[str]) -> Count | None:
    """The count that a whole line prints in one shape."""
    match = shape.fullmatch(line.strip())
    if match is None:
        return None
    label = clean_label(match["label"])
    number = as_number(match["n"])
    if not re.search(r"[^\W\d]", label) or len(label) > LONGEST_LABEL or number is None:
        return None
    groups = match.groupdict()
    return Count(label, number, bool(groups["percent"]), bool(groups.get("said") or groups.get("did")))


def clean_label(text: str) -> str:
    """A label without the marks around it and the bullet, number or sign before it."""
    return _OPENING.sub("", text, count=1).strip(_EDGES) or text.strip(_EDGES)


def as_number(text: str) -> float | None:
    """A number in digits or written out."""
    written = known("tallies")["numbers"].get(text.casefold())
    if written is not None:
        return float(written)
    return float(text.replace(",", ".")) if re.fullmatch(r"\d+(?:[.,]\d+)?", text) else None


@functools.cache
def cue() -> re.Pattern[str]:
    """A word above a tally that says that something was counted."""
    return re.compile(
        rf"(?i)(?<!\w)(?:{'|'.join(known('tallies')['cues']['words'])})(?!\w)|统计|结果|票数|次数|集計|結果|집계|결과"
    )


@functools.cache
def bracketed() -> re.Pattern[str]:
    """The shape "Label (9)" in a row of such, parted by commas, semicolons or "and"."""
    part = r"(?:^|[,;:.]|\b(?:and|und|et|y|e|и|та)\b)\s*"
    return re.compile(
        rf"{part}(?P<label>[^,;:.()\[\]\n]{{2,90}}?)\s*[(（]\s*(?P<n>\d{{1,3}})(?:\s*(?P<said>{_counted()}))?\s*[)）]",
        re.I,
    )

"""Memos: what exchange files have no field for, as text that people read and that reads back equal."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

#: characters that XML cannot hold, and the carriage return, which it does not keep
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"\\(u[0-9a-f]{4}|.)", re.DOTALL)
_NOTHING = "read, no theme given"
_UNMARKED = "no evidence marked"
_CONFIDENCE = re.compile(r"confidence ([0-9.e+-]+)")
_EVIDENCE = re.compile(r"evidence (\d{1,15})-(\d{1,15}) in the source")
#: parts of a description, in order; the first two are one text, the others a list
_TEXTS = ("Label", "Definition")
_LISTS = ("Include", "Exclude", "Examples")
_POSITION = "Position"
_PART = re.compile(rf"({'|'.join((*_TEXTS, *_LISTS, _POSITION))}):(?: |$)")


@dataclass(frozen=True, slots=True)
class Memo:
    """What is known of a coding beside theme, coder and span.

    Attributes
    ----------
    theme
        "" for a quote that was read and given nothing.
    confidence
        0 to 1; nan where none was stated.
    rationale
        "" for none.
    is_marked
        Whether evidence was marked; without it, the selection is the whole quote.
    evidence
        Its place in the source, where the selection does not tell it.
    """

    theme: str
    confidence: float
    rationale: str = ""
    is_marked: bool = True
    evidence: tuple[int, int] | None = None


def write_memos(memos: Iterable[Memo]) -> str:
    r"""Write the memos of the codings that share one selection.

    Returns
    -------
    str
        For each memo a header in brackets and, below it, the rationale.

    Examples
    --------
    >>> print(write_memos([Memo("goals", 0.9, "Asks for a plan"), Memo("craft", 0.5, is_marked=False)]))
    [goals; confidence 0.9]
    Asks for a plan
    [craft; confidence 0.5; no evidence marked]
    """
    return "\n".join(_written(memo) for memo in memos)


def read_memos(text: str) -> list[Memo]:
    r"""Read what `write_memos` wrote; text without a header of ours is one rationale, of theme "" and confidence nan.

    Examples
    --------
    >>> read_memos("[goals; confidence 0.9]\nAsks for a plan")
    [Memo(theme='goals', confidence=0.9, rationale='Asks for a plan', is_marked=True, evidence=None)]
    """
    memos: list[Memo] = []
    lines: list[str] = []
    # backwards: a rationale is complete when its header comes
    for line in reversed(text.split("\n")):
        memo = _read(line)
        if memo is None:
            lines.append(line)
        else:
            memos.append(replace(memo, rationale=_unescape("\n".join(reversed(lines)))))
            lines = []
    before = "\n".join(reversed(lines)).strip()
    return [*([Memo("", math.nan, before)] if before else []), *reversed(memos)]


def write_description(row: Mapping[str, str], *, position: int | None = None) -> str:
    r"""Write what a codebook says about one theme.

    Examples
    --------
    >>> print(write_description({"theme": "goals", "label": "Set Goals", "include": "aims\nplans"}))
    Label: Set Goals
    Include:
    - aims
    - plans
    """
    lines = []
    for part in _TEXTS:
        value = row.get(part.lower(), "")
        if value and not (part == "Label" and value == row["theme"]):
            first, *rest = _escape(value).split("\n")
            lines += [f"{part}: {first}", *("\\" * bool(_PART.match(line)) + line for line in rest)]
    for part in _LISTS:
        items = row.get(part.lower(), "")
        if items:
            lines += [f"{part}:", *(f"- {_escape(item)}" for item in items.split("\n"))]
    if position is not None:
        lines.append(f"{_POSITION}: {position}")
    return "\n".join(lines)


def read_description(text: str) -> dict[str, str]:
    """Read what `write_description` wrote; any other text is a definition.

    Returns
    -------
    dict
        Of label, definition, include, exclude, examples and position those that are there.

    Examples
    --------
    >>> read_description("Everything about aims")
    {'definition': 'Everything about aims'}
    """
    lines = text.strip().split("\n")
    if not _PART.match(lines[0]):
        return {"definition": text.strip()} if text.strip() else {}
    parts: dict[str, list[str]] = {}
    for line in lines:
        match = _PART.match(line)
        if match:
            parts[match[1]] = [line[match.end() :]] if match[1] not in _LISTS else []
            current = match[1]
        else:
            parts[current].append(line.removeprefix("- ") if current in _LISTS else line)
    return {name.lower(): _unescape("\n".join(lines)) for name, lines in parts.items()}


def xml_text(text: str) -> str:
    """Text as XML can hold it: every sign that it cannot hold is replaced by U+FFFD."""
    return _NO_XML.sub("\ufffd", text)


def _written(memo: Memo) -> str:
    parts = [memo.theme] if math.isnan(memo.confidence) else [memo.theme, f"confidence {memo.confidence!r}"]
    if memo.evidence:
        parts.append(f"evidence {memo.evidence[0]}-{memo.evidence[1]} in the source")
    elif memo.theme and not memo.is_marked:
        parts.append(_UNMARKED)
    header = f"[{_escape('; '.join(parts)) or _NOTHING}]"
    lines = _escape(memo.rationale).split("\n") if memo.rationale else []
    return "\n".join([header, *("\\" * line.startswith("[") + line for line in lines)])


def _read(line: str) -> Memo | None:
    """The memo whose header `line` is, without its rationale."""
    if line == f"[{_NOTHING}]":
        return Memo("", math.nan, is_marked=False)
    if not (line.startswith("[") and line.endswith("]")):
        return None
    # read from the right, because a theme may hold any sign
    *parts, last = _unescape(line[1:-1]).split("; ")
    marked = _EVIDENCE.fullmatch(last)
    is_marked = last != _UNMARKED
    if parts and (marked or not is_marked):
        *parts, last = parts
    confidence = _CONFIDENCE.fullmatch(last)
    if confidence is None:
        return None
    evidence = (int(marked[1]), int(marked[2])) if marked else None
    return Memo("; ".join(parts), _number(confidence[1]), is_marked=is_marked, evidence=evidence)


def _number(written: str) -> float:
    try:
        value = float(written)
    except ValueError:
        return math.nan
    return value if 0 <= value <= 1 else math.nan


def _escape(text: str) -> str:
    return _NO_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text.replace("\\", "\\\\"))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1][1:], 16)) if len(match[1]) == 5 else match[1], text)

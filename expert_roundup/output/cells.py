"""One value of a frame as text, the same in csv, on the screen, in a workbook and on a slide."""

from __future__ import annotations

import json
import re
from typing import Any

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def cell_text(value: Any) -> str:
    """Return one value as text: a number in its shortest exact form, a list joined by a space, "" for a missing one."""
    if isinstance(value, str):
        return value
    if hasattr(value, "tolist"):  # a numpy scalar or array
        value = value.tolist()
    if isinstance(value, list | tuple):
        return " ".join(map(cell_text, value))
    if isinstance(value, set | frozenset):
        return " ".join(sorted(map(cell_text, value)))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if is_missing(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def is_missing(value: Any) -> bool:
    """Return whether a value is None, NaN, NA or NaT."""
    return value is None or (not isinstance(value, str) and str(value) in ("nan", "<NA>", "NaT"))


def legible(text: str) -> str:
    r"""Return `text` without characters that control a terminal, break XML or turn the direction of writing.

    Examples
    --------
    >>> legible("a\x1b[31m\x00b\u202ec")
    'a[31mbc'
    """
    return _CONTROL.sub("", text)

"""Small parts of the verdicts' sentences: numbers and lists as they are said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: a p-value of at most this counts as a finding, after correction
LEVEL = 0.05

#: a statement and its numbers
Verdict = tuple[str, dict[str, Any]]


def number(value: float, digits: int = 2) -> str:
    """A number with a fixed count of decimals and a real minus sign.

    Examples
    --------
    >>> number(-0.034), number(float("nan"))
    ('−0.03', 'not known')
    """
    if not math.isfinite(value):
        return "not known"
    text = f"{value:.{digits}f}"
    return f"−{text[1:]}" if text.startswith("-") and text.strip("-0.") else text.removeprefix("-")


def p_value(value: float) -> str:
    """A p-value as it is said, never "p = 0".

    Examples
    --------
    >>> p_value(0.0341), p_value(0.0001), p_value(0.31)
    ('p = .034', 'p = .0001', 'p = .31')
    """
    if not math.isfinite(value):
        return "no p-value"
    if value < 0.0001:
        return "p < .0001"
    digits = 2 if value >= 0.1 else 3 if value >= 0.001 else 4
    return f"p = {value:.{digits}f}".replace("0.", ".", 1) if value < 1 else "p = 1"


def percent(share: float) -> str:
    """A share as whole per cent.

    Examples
    --------
    >>> percent(0.934)
    '93 %'
    """
    return f"{100 * share:.0f} %" if math.isfinite(share) else "an unknown share"


def plural(n: int, noun: str, nouns: str = "") -> str:
    """A count with its noun.

    Examples
    --------
    >>> plural(1, "quote"), plural(3, "quote"), plural(2, "analysis", "analyses")
    ('1 quote', '3 quotes', '2 analyses')
    """
    return f"{n:,} {noun if n == 1 else nouns or noun + 's'}"


def listed(names: Sequence[Any], *, most: int = 6) -> str:
    """Names with commas and an "and".

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    shown = [str(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def plain(value: Any) -> Any:
    """A number as JSON can hold it: whole numbers whole, what is not known None, the rest to six significant digits."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (str, bool)) or value is None:
        return value
    if hasattr(value, "item"):
        return plain(value.item())
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


def row_of(frame: pd.DataFrame, column: str) -> dict[str, Any]:
    """The row with the largest value in a column (the first of several), as a dict."""
    best = frame.iloc[int(frame[column].to_numpy("float64").argmax())]
    return {str(name): value for name, value in best.items()}

"""Findings in words: the small parts of a sentence, and checks that name what a chart lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from expert_roundup.output.screen import shorten

if TYPE_CHECKING:
    import pandas as pd


def plural(n: int, noun: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> plural(1, "answer"), plural(31, "answer"), plural(2, "reply")
    ('1 answer', '31 answers', '2 replies')
    """
    if n == 1:
        return f"1 {noun}"
    many = noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"
    return f"{n:,} {many}"


def named(labels: Sequence[str]) -> str:
    """Return labels in quotation marks as a list in words; a very long one is cut.

    Examples
    --------
    >>> named(["Goals"]), named(["Goals", "Networks"]), named(["A", "B", "C"])
    ('“Goals”', '“Goals” and “Networks”', '“A”, “B” and “C”')
    """
    return listed([f"“{shorten(label, 70)}”" for label in labels])


def listed(words: Sequence[str]) -> str:
    """Return words as a list: commas, and "and" before the last."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def percent(share: float) -> str:
    """Return a share as whole percent.

    Examples
    --------
    >>> percent(0.354)
    '35 %'
    """
    return f"{share:.0%}".replace("%", " %")


def decimal(value: float) -> str:
    """Return a coefficient with two decimals, as the field writes it.

    Examples
    --------
    >>> decimal(0.743), decimal(-0.05), decimal(1.0), decimal(float("nan"))
    ('.74', '-.05', '1.00', '')
    """
    if value != value:
        return ""
    text = f"{value:.2f}"
    return text.replace("0.", ".", 1) if abs(value) < 0.995 else text


def check_frame(frame: pd.DataFrame, name: str, columns: Iterable[str]) -> pd.DataFrame:
    """Return `frame` when it has the columns and a row.

    Raises
    ------
    ValueError
        A column is missing, or there is no row to draw.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"{name}: needs the columns {', '.join(missing)}; it has {', '.join(map(str, frame.columns))}")
    if not len(frame):
        raise ValueError(f"{name}: has no rows, so there is nothing to draw")
    return frame


def labels_of(codebook: pd.DataFrame | None) -> Mapping[str, str]:
    """Return each theme's label; a theme without one is shown by its own name."""
    labels: dict[str, str] = {}
    if codebook is not None:
        check_frame(codebook, "codebook", ["theme", "label"])
        labels = dict(zip(codebook["theme"].astype(str), codebook["label"].astype(str), strict=True))
    return _Labels(labels)


class _Labels(dict[str, str]):
    def __missing__(self, theme: str) -> str:
        return theme


def whole(values: Iterable[Any]) -> list[str]:
    """Return counts as text, missing ones as a dash."""
    return ["–" if value is None or str(value) in ("nan", "<NA>") else f"{int(value):,}" for value in values]

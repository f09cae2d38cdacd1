"""Native charts: what a slide shows as a chart that PowerPoint can edit, made from the numbers of our charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from expert_roundup.output.cells import legible

if TYPE_CHECKING:
    import pandas as pd

#: more rows than this are not legible on a slide
MOST = 15
Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class NativeChart:
    """A chart that PowerPoint draws.

    Attributes
    ----------
    kind
        "bar" (side by side), "stacked" or "column".
    categories
        One a row.
    series
        Name to values; None leaves a gap.
    colors
        For each series "mark", "second", "other" or "pale".
    marked
        Places in the first series that stand out; the rest of it is grey. None: the series has its own colour.
    decimals
        Of the data labels.
    low, high
        Ends of intervals around the first series.
    more
        Further columns of the workbook.
    n_left_out
        Rows that did not fit.
    remark
        What the chart cannot show.
    """

    kind: str
    categories: tuple[str, ...]
    series: Mapping[str, Values]
    colors: tuple[str, ...]
    marked: frozenset[int] | None = None
    decimals: int = 0
    low: Values = ()
    high: Values = ()
    more: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    n_left_out: int = 0
    remark: str = ""


def native_chart(name: str, numbers: pd.DataFrame) -> NativeChart | None:
    """Return the native form of the chart called `name`, None where it has none."""
    make = _NATIVE.get(name)
    return make(numbers) if make else None


def _tally(numbers: pd.DataFrame) -> NativeChart:
    rows = numbers.head(MOST)
    series = {"Recount": _values(rows["n_quotes"])}
    if rows["n_published"].notna().any():
        series["Published"] = _values(rows["n_published"])
    ranks = {name: tuple(rows[name]) for name in ("rank", "rank_low", "rank_high")}
    return NativeChart(
        "bar", _texts(rows["label"]), series, ("mark", "pale")[: len(series)], _leading(rows["n_quotes"]), more=ranks,
        n_left_out=len(numbers) - len(rows),
    )  # fmt: skip


def _agreement(numbers: pd.DataFrame) -> NativeChart:
    rows = numbers.head(MOST)
    return NativeChart(
        "bar", _texts(rows["label"]), {"Value": _values(rows["value"])}, ("mark",), None, decimals=2,
        low=_values(rows["low"]), high=_values(rows["high"]), more={"n_coded": tuple(rows["n_coded"])},
        n_left_out=len(numbers) - len(rows), remark="No bar: too rare to vary." if rows["value"].isna().any() else "",
    )  # fmt: skip


def _reconstruction(numbers: pd.DataFrame) -> NativeChart:
    is_sure = numbers["is_coded"] & ~numbers["is_open"]
    counted = numbers.assign(
        sure=is_sure, open=numbers["is_coded"] & ~is_sure, near=numbers["is_open"] & ~numbers["is_coded"]
    )
    rows = counted.groupby("label", sort=False)[["sure", "open", "near"]].sum().head(MOST)
    names = {"sure": "Coded, all but certain", "open": "Coded, open", "near": "Not coded, open"}
    return NativeChart(
        "stacked", _texts(rows.index), {names[name]: _values(rows[name]) for name in names}, ("mark", "second", "pale"),
        n_left_out=counted["label"].nunique() - len(rows),
    )  # fmt: skip


def _cooccurrence(numbers: pd.DataFrame) -> NativeChart | None:
    from expert_roundup.output.screen import shorten

    met = numbers[numbers["n_both"] > 0].sort_values("n_both", ascending=False, kind="stable")
    rows = met.head(8)
    if not len(rows):
        return None
    pairs = zip(rows["label"], rows["other_label"], strict=True)
    series = {"Answers with both": _values(rows["n_both"]), "By chance": _values(rows["n_expected"])}
    names = tuple(f"{shorten(a, 26)} + {shorten(b, 26)}" for a, b in pairs)
    return NativeChart("bar", names, series, ("mark", "pale"), decimals=1, n_left_out=len(met) - len(rows))


def _dos_and_donts(numbers: pd.DataFrame) -> NativeChart:
    rows = numbers.head(MOST)
    series = {"Don'ts": tuple(-float(n) for n in rows["n_donts"]), "Dos": _values(rows["n_dos"])}
    return NativeChart(
        "stacked", _texts(rows["label"]), series, ("second", "mark"), n_left_out=len(numbers) - len(rows)
    )


def _platforms(numbers: pd.DataFrame) -> NativeChart:
    rows = numbers.head(MOST)
    return NativeChart(
        "bar", _texts(rows["platform"]), {"Answers": _values(rows["n_quotes"])}, ("mark",), _leading(rows["n_quotes"]),
        more={"n_mentions": tuple(rows["n_mentions"])}, n_left_out=len(numbers) - len(rows),
    )  # fmt: skip


def _lengths(numbers: pd.DataFrame) -> NativeChart:
    rows = numbers.head(40)
    return NativeChart(
        "column", _texts(rows["speaker"]), {"Words": _values(rows["n_words"])}, ("mark",), _leading(rows["n_words"]),
        n_left_out=len(numbers) - len(rows),
    )  # fmt: skip


_NATIVE: dict[str, Callable[[Any], NativeChart | None]] = {
    "tally": _tally,
    "agreement": _agreement,
    "reconstruction": _reconstruction,
    "cooccurrence": _cooccurrence,
    "dos_and_donts": _dos_and_donts,
    "platforms": _platforms,
    "lengths": _lengths,
}


def _values(column: Sequence[Any] | pd.Series[Any]) -> Values:
    return tuple(None if str(value) in ("nan", "<NA>", "None") else float(value) for value in column)


def _texts(column: Sequence[Any] | pd.Index[Any] | pd.Series[Any]) -> tuple[str, ...]:
    return tuple(legible(str(value)) for value in column)


def _leading(counts: pd.Series[Any]) -> frozenset[int]:
    return frozenset(i for i, n in enumerate(counts) if n == counts.max())

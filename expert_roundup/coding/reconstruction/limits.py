"""What a coding must meet: how many themes a quote, how many quotes a theme, and the cells that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from expert_roundup.coding.faults import Faults, shown

Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

_TRUE = {"true", "1", "1.0", "yes"}
_FALSE = {"false", "0", "0.0", "no"}


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Bounds of a coding; every bound is included."""

    min_themes: Ints  # one a quote
    max_themes: Ints
    min_quotes: Ints  # one a theme: the published total, less its error
    max_quotes: Ints
    is_fixed: Bools  # quotes x themes: the cell is known
    is_fixed_coded: Bools  # quotes x themes: known to be coded

    @property
    def is_exact(self) -> bool:
        """Whether every theme has one total, and not a range."""
        return bool((self.min_quotes == self.max_quotes).all())


def read_limits(
    quote_ids: Sequence[str],
    totals: pd.DataFrame,
    min_themes: int,
    max_themes: int,
    quote_bounds: pd.DataFrame | None,
    theme_bounds: pd.DataFrame | None,
    *,
    error: int | Mapping[str, int],
    fixed: pd.DataFrame | None,
) -> Limits:
    """Bounds of every quote and theme and the known cells, from the arguments of `pose`.

    Raises
    ------
    ValueError
        Bounds are no whole numbers from 0 or reversed, name an unknown quote or theme, or stand there twice.
    """
    n, themes = len(quote_ids), list(totals["theme"])
    low, high = _whole("min_themes", min_themes), _whole("max_themes", max_themes)
    if low > high:
        raise ValueError(f"min_themes ({low}) must not be above max_themes ({high})")
    per_quote = np.full(n, low), np.full(n, high)
    rows, first, last = _bounds(quote_bounds, "quote_bounds", "quote_id", quote_ids, ("min_themes", "max_themes"))
    per_quote[0][rows], per_quote[1][rows] = first, last
    n_published = totals["n_published"].to_numpy(dtype=np.intp)
    off = _errors(error, themes)
    per_theme = np.maximum(n_published - off, 0), n_published + off
    rows, first, last = _bounds(theme_bounds, "theme_bounds", "theme", themes, ("min_quotes", "max_quotes"))
    per_theme[0][rows], per_theme[1][rows] = first, last
    is_fixed, is_fixed_coded = _fixed_cells(fixed, quote_ids, themes)
    return Limits(
        per_quote[0].astype(np.intp),
        np.minimum(per_quote[1], len(themes)).astype(np.intp),
        per_theme[0].astype(np.intp),
        # a total that is off by some upwards is still no more than all quotes; a published one is left to fail
        np.where(off > 0, np.minimum(per_theme[1], np.maximum(n, n_published)), per_theme[1]).astype(np.intp),
        is_fixed,
        is_fixed_coded,
    )


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer) or value < 0:
        raise ValueError(f"{name} must be a whole number from 0, not {value!r}")
    return int(value)


def _errors(error: int | Mapping[str, int], themes: Sequence[str]) -> Ints:
    if not isinstance(error, Mapping):
        return np.full(len(themes), _whole("error", error), dtype=np.intp)
    unknown = [str(name) for name in error if name not in themes]
    if unknown:
        raise ValueError(f"error: themes without a published total: {', '.join(map(shown, unknown))}")
    return np.array([_whole(f"error of {name}", error.get(name, 0)) for name in themes], dtype=np.intp)


def _bounds(
    frame: pd.DataFrame | None, argument: str, key: str, known: Sequence[str], names: tuple[str, str]
) -> tuple[Ints, Ints, Ints]:
    """Place, lower and upper bound of every row of a frame of bounds."""
    if frame is None:
        empty = np.empty(0, dtype=np.intp)
        return empty, empty, empty
    rows = _table(frame, argument, (key, *names))
    faults = Faults(argument)
    place = pd.Index(known).get_indexer(pd.Index(rows[key]))
    faults.add(place < 0, lambda row: f"{key} {shown(rows[key].iloc[row])} is unknown")
    faults.add((place >= 0) & rows[key].duplicated(), lambda row: f"{shown(rows[key].iloc[row])} stands there already")
    low, high = (pd.to_numeric(rows[name].str.strip(), errors="coerce").astype("float64") for name in names)
    is_whole = (low >= 0) & (high >= 0) & (low % 1 == 0) & (high % 1 == 0) & (high < 2**31)
    between = f"{names[0]} and {names[1]}"
    faults.add(
        ~is_whole,
        lambda row: f"{between} must be whole numbers from 0, not {', '.join(shown(rows[n].iloc[row]) for n in names)}",
    )
    faults.add(is_whole & (low > high), lambda row: f"{between} are reversed: {low.iloc[row]:g} > {high.iloc[row]:g}")
    faults.raise_any()
    return place, low.to_numpy().astype(np.intp), high.to_numpy().astype(np.intp)


def _fixed_cells(fixed: pd.DataFrame | None, quote_ids: Sequence[str], themes: Sequence[str]) -> tuple[Bools, Bools]:
    is_fixed = np.zeros((len(quote_ids), len(themes)), dtype=bool)
    is_fixed_coded = is_fixed.copy()
    if fixed is None:
        return is_fixed, is_fixed_coded
    rows = _table(fixed, "fixed", ("quote_id", "theme"))
    words = rows["is_coded"].str.strip().str.lower() if "is_coded" in rows else pd.Series("true", index=rows.index)
    quote = pd.Index(quote_ids).get_indexer(pd.Index(rows["quote_id"]))
    theme = pd.Index(themes).get_indexer(pd.Index(rows["theme"]))
    faults = Faults("fixed")
    faults.add(quote < 0, lambda row: f"quote {shown(rows['quote_id'].iloc[row])} is unknown")
    faults.add(theme < 0, lambda row: f"theme {shown(rows['theme'].iloc[row])} has no published total")
    faults.add(~words.isin(_TRUE | _FALSE), lambda row: f"is_coded {shown(words.iloc[row])} is neither true nor false")
    faults.add(
        rows.duplicated(["quote_id", "theme"]),
        lambda row: f"{shown(rows['theme'].iloc[row])} at {shown(rows['quote_id'].iloc[row])} stands there already",
    )
    faults.raise_any()
    is_fixed[quote, theme] = True
    is_fixed_coded[quote, theme] = words.isin(_TRUE).to_numpy()
    return is_fixed, is_fixed_coded


def _table(frame: pd.DataFrame, argument: str, needed: Sequence[str]) -> pd.DataFrame:
    """The frame with every value as text; its columns are checked."""
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"{argument} must be a frame, not {type(frame).__name__}")
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        raise ValueError(f"{argument}: no column {', '.join(missing)}; needed are {', '.join(needed)}")
    return frame.reset_index(drop=True).astype("str").fillna("")

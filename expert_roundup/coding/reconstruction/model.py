"""The model of a reconstruction: which codings are possible, and how well each one fits the readings.

The weight of a cell (one quote, one theme) is the log-odds of the coders' mean confidence; a coding is as probable as
the exponential of the sum of the weights of its coded cells, among the codings that meet the published totals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict

import numpy as np
import numpy.typing as npt
import pandas as pd

from expert_roundup.coding.codebook import check_codebook
from expert_roundup.coding.codings import check_codings, coders, page_order
from expert_roundup.coding.faults import shown
from expert_roundup.coding.published import check_published_tally
from expert_roundup.coding.reconstruction.limits import Limits, read_limits

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

#: mean confidences are kept this far from 0 and 1 unless another floor is asked for
FLOOR = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One reconstruction: quotes x themes, how plausible each cell is, and what a coding must meet."""

    quotes: tuple[str, ...]  # quote ids in page order: the rows
    themes: tuple[str, ...]  # in the order of the codebook, else of the published tally: the columns
    coders: tuple[str, ...]
    readings: Floats  # coders x quotes x themes: confidence, 0 where a reader gave no row, nan where not read
    coder_weights: Floats  # one a coder
    floor: float
    mean: Floats  # quotes x themes: weighted mean confidence, before the floor
    weights: Floats  # quotes x themes: log-odds of the mean held between floor and 1 - floor
    limits: Limits

    @property
    def n_cells(self) -> int:
        """How many cells there are, quotes times themes."""
        return self.weights.size

    def with_floor(self, floor: float) -> Problem:
        """Return the same problem with another floor (above 0, below 0.5)."""
        _check_floor(floor)
        return replace(self, floor=floor, weights=log_odds(self.mean, floor))

    def cells(self) -> pd.DataFrame:
        """One row per quote x theme, quotes in page order, themes within: quote_id, theme."""
        quotes = np.repeat(np.array(self.quotes, dtype=object), len(self.themes))
        themes = np.tile(np.array(self.themes, dtype=object), len(self.quotes))
        return pd.DataFrame({"quote_id": pd.Series(quotes, dtype="str"), "theme": pd.Series(themes, dtype="str")})


class Options(TypedDict, total=False):
    """The keyword arguments of `pose`, for functions that hand them on."""

    codebook: pd.DataFrame | None
    quotes: Iterable[str] | pd.DataFrame | None
    min_themes: int
    max_themes: int
    quote_bounds: pd.DataFrame | None
    theme_bounds: pd.DataFrame | None
    error: int | Mapping[str, int]
    fixed: pd.DataFrame | None
    coder_weights: Mapping[str, float] | None
    floor: float


def pose(
    codings: pd.DataFrame,
    published: pd.DataFrame,
    *,
    codebook: pd.DataFrame | None = None,
    quotes: Iterable[str] | pd.DataFrame | None = None,
    min_themes: int = 1,
    max_themes: int = 4,
    quote_bounds: pd.DataFrame | None = None,
    theme_bounds: pd.DataFrame | None = None,
    error: int | Mapping[str, int] = 0,
    fixed: pd.DataFrame | None = None,
    coder_weights: Mapping[str, float] | None = None,
    floor: float = FLOOR,
) -> Problem:
    """Turn codings and published totals into the problem that a reconstruction solves.

    Parameters
    ----------
    codings
        The codings frame. Rows of "majority" and "consensus" are left out: they repeat what their coders said.
    published
        The published tally frame: theme (or label, with a codebook) and n_published.
    codebook
        Gives the order of the themes and matches labels; a theme without a published total is left out.
    quotes
        All quotes behind the published totals, as ids or as the quotes frame; without it, those that the codings name.
        A quote that nobody read takes each theme's published share for its mean confidence.
    min_themes, max_themes
        How many themes a quote has, both included; `max_themes` above the number of themes means all of them.
    quote_bounds
        Other bounds for single quotes: quote_id, min_themes, max_themes.
    theme_bounds
        Bounds that take the place of a published total: theme, min_quotes, max_quotes.
    error
        How far a published total may be off, in quotes: one number for all themes, or one a theme.
    fixed
        Cells that are known: quote_id, theme, is_coded (true where the column is absent).
    coder_weights
        How much each coder counts in the mean, from 0; 1 for a coder who is not named.
    floor
        Mean confidences are held between floor and 1 - floor: above 0, below 0.5.

    Returns
    -------
    Problem
        What to solve. It is not yet known whether any coding is possible.

    Raises
    ------
    TypeError
        An argument is of no usable type.
    ValueError
        Codings, totals, bounds, fixed cells, weights or floor are unusable; all faults of an argument are named.

    Notes
    -----
    The log-odds of the coders are not summed: that would treat readers who err alike as independent witnesses.
    """
    _check_floor(floor)
    rows = check_codings(codings)
    totals = _totals(published, codebook, rows)
    names = coders(rows)
    if not names:
        raise ValueError("codings: no coder of their own, so there is nothing to reconstruct from")
    rows = rows[rows["coder"].isin(names)]
    quote_ids = _quote_ids(rows, quotes)
    themes = tuple(totals["theme"])
    readings = _readings(rows, names, quote_ids, themes)
    weight = _coder_weights(names, coder_weights)
    limits = read_limits(
        quote_ids, totals, min_themes, max_themes, quote_bounds, theme_bounds, error=error, fixed=fixed
    )
    # a quote without a reader knows only how common each theme is
    share = (limits.min_quotes + limits.max_quotes) / (2 * len(quote_ids))
    mean = mean_of(readings, weight, otherwise=share)
    return Problem(tuple(quote_ids), themes, tuple(names), readings, weight, floor, mean, log_odds(mean, floor), limits)


def mean_of(readings: Floats, weight: Floats, *, otherwise: Floats) -> Floats:
    """Weighted mean confidence over the coders who read a quote; `otherwise` (one a theme) where none did."""
    is_read = ~np.isnan(readings[:, :, :1])
    weighed = np.where(is_read, weight[:, None, None], 0.0)
    total = weighed.sum(axis=0)
    sums = (weighed * np.nan_to_num(readings)).sum(axis=0)
    # rounded, because the last bits of a sum depend on the order of the coders
    return np.where(total > 0, (sums / np.where(total > 0, total, 1)).round(12), otherwise)


def log_odds(mean: Floats, floor: float) -> Floats:
    """Weight of a cell: log(p / (1 - p)), p being the mean held between floor and 1 - floor."""
    p = mean.clip(floor, 1 - floor)
    return np.asarray(np.log(p / (1 - p)))


def _check_floor(floor: float) -> None:
    if not 0 < floor < 0.5:
        raise ValueError(f"floor must be above 0 and below 0.5, not {floor!r}")


def _totals(published: pd.DataFrame, codebook: pd.DataFrame | None, rows: pd.DataFrame) -> pd.DataFrame:
    """Published totals in the order of the codebook, every theme of the codings among them."""
    if not isinstance(published, pd.DataFrame):
        raise TypeError(f"published must be a frame, not {type(published).__name__}")
    totals = check_published_tally(published, codebook=codebook)
    if totals.empty:
        raise ValueError("published tally: no theme, so there is nothing to meet")
    if codebook is not None:
        order = {theme: place for place, theme in enumerate(check_codebook(codebook)["theme"])}
        totals = totals.iloc[np.argsort([order[theme] for theme in totals["theme"]], kind="stable")]
    without = sorted(set(rows["theme"]) - {""} - set(totals["theme"]))
    if without:
        raise ValueError(f"codings: themes without a published total: {_listed(without)}")
    return totals.reset_index(drop=True)


def _quote_ids(rows: pd.DataFrame, quotes: Iterable[str] | pd.DataFrame | None) -> list[str]:
    if quotes is None:
        return page_order(rows["quote_id"])
    if isinstance(quotes, str):
        raise TypeError("quotes must be quote ids or the quotes frame, not one text")
    ids = [str(name) for name in (quotes["quote_id"] if isinstance(quotes, pd.DataFrame) else quotes)]
    twice = sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else []
    if twice:
        raise ValueError(f"quotes: {_listed(twice)} stands there twice")
    unknown = [name for name in page_order(rows["quote_id"]) if name not in set(ids)]
    if unknown:
        raise ValueError(f"codings: quotes that are not among the {len(ids)} quotes: {_listed(unknown)}")
    return ids


def _readings(rows: pd.DataFrame, names: list[str], quote_ids: list[str], themes: tuple[str, ...]) -> Floats:
    coder = pd.Index(names).get_indexer(pd.Index(rows["coder"]))
    quote = pd.Index(quote_ids).get_indexer(pd.Index(rows["quote_id"]))
    theme = pd.Index(themes).get_indexer(pd.Index(rows["theme"]))
    readings = np.full((len(names), len(quote_ids), len(themes)), np.nan)
    readings[coder, quote] = 0.0
    named = theme >= 0
    readings[coder[named], quote[named], theme[named]] = rows["confidence"].to_numpy(dtype=float)[named]
    return readings


def _coder_weights(names: list[str], given: Mapping[str, float] | None) -> Floats:
    chosen = dict(given or {})
    unknown = [name for name in chosen if name not in names]
    if unknown:
        raise ValueError(f"coder_weights: nobody called {_listed(unknown)} codes here; coders are {', '.join(names)}")
    bad = {name: value for name, value in chosen.items() if not (np.isfinite(value) and value >= 0)}
    if bad:
        shown_ = ", ".join(f"{name}={value!r}" for name, value in bad.items())
        raise ValueError(f"coder_weights must be numbers from 0, not {shown_}")
    weights = np.array([float(chosen.get(name, 1.0)) for name in names])
    if not weights.any():
        raise ValueError("coder_weights: every coder weighs 0, so no reading counts")
    return weights


def _listed(names: Iterable[str]) -> str:
    """Names for a message, the first twenty of them."""
    every = [shown(name) for name in names]
    return ", ".join(every[:20]) + (f" and {len(every) - 20} more" if len(every) > 20 else "")

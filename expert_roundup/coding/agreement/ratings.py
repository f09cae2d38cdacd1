"""Ratings: which value each coder gave to each unit; to give nothing is a value, not to have read the unit is none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

#: stands in `codes` where a coder did not read the unit
MISSING = -1
# whole numbers below this are counted rather than sorted
_SMALL = 1_000
# largest number that a row of codes may be read as
_MAX_NUMBER = 2**62


@dataclass(frozen=True, slots=True)
class Ratings:
    """Values that coders gave to units.

    Attributes
    ----------
    codes
        Units x coders: position in `values`, or MISSING.
    values
        The distinct values in ascending order: numbers or labels, or for sets one row of flags a set, one column a
        theme.
    """

    codes: Codes
    values: npt.NDArray[Any]

    @property
    def n_readers(self) -> Codes:
        """How many coders read each unit."""
        return np.asarray((self.codes != MISSING).sum(axis=1))

    def pairable(self) -> Ratings:
        """The units that at least two coders read: only these say anything about agreement."""
        is_pairable = self.n_readers >= 2
        return self if is_pairable.all() else Ratings(self.codes[is_pairable], self.values)

    def of(self, coders: Sequence[int]) -> Ratings:
        """The ratings of some of the coders."""
        return Ratings(self.codes[:, list(coders)], self.values)

    def varies(self) -> bool:
        """Whether two different values occur among the units that at least two coders read."""
        codes = self.pairable().codes
        return len(np.unique(codes[codes != MISSING])) > 1


def ratings_of_values(data: npt.ArrayLike) -> Ratings:
    """Read reliability data.

    Parameters
    ----------
    data
        Coders x units, as the literature prints it. Numbers with nan, or labels with None, where a coder did not read
        the unit.

    Raises
    ------
    ValueError
        `data` is no table of coders x units.
    """
    table = np.asarray(data)
    if table.ndim != 2:
        raise ValueError(f"data must be coders x units, two dimensions, not {table.ndim}")
    if table.dtype.kind in "biuf":
        return _of_numbers(table.T.astype(np.float64))
    return _of_labels(np.asarray(data, dtype=object).T)


def ratings_of_sets(sets: Sequence[Sequence[Collection[Any] | None]]) -> Ratings:
    """Read sets of labels.

    Parameters
    ----------
    sets
        One sequence a coder, in it one set a unit; None where the coder did not read the unit, an empty set where the
        coder read it and gave nothing.

    Raises
    ------
    ValueError
        The coders have different numbers of units.
    """
    if len({len(units) for units in sets}) > 1:
        raise ValueError(f"sets must hold as many units for every coder, not {[len(units) for units in sets]}")
    found: dict[frozenset[Any], int] = {}
    n_units = len(sets[0]) if len(sets) else 0
    codes = np.full((n_units, len(sets)), MISSING, dtype=np.intp)
    for coder, units in enumerate(sets):
        keys = [None if unit is None else unit if isinstance(unit, frozenset) else frozenset(unit) for unit in units]
        codes[:, coder] = [MISSING if key is None else found.setdefault(key, len(found)) for key in keys]
    labels = sorted({label for key in found for label in key}, key=lambda label: (type(label).__name__, label))
    position = {label: column for column, label in enumerate(labels)}
    flags = np.zeros((len(found), len(labels)), dtype=bool)
    for key, row in found.items():
        flags[row, [position[label] for label in key]] = True
    return _ordered(codes, flags)


def ratings_of_flags(flags: Flags, is_read: Flags) -> Ratings:
    """Read sets given as coders x units x themes flags, with coders x units flags of who read what."""
    n_coders, n_units, n_themes = flags.shape
    # one more theme that nobody gave, because a row of no bytes is no key
    padded = np.concatenate([flags, np.zeros((n_coders, n_units, 1), dtype=bool)], axis=2)
    packed = np.packbits(padded, axis=2).reshape(n_coders * n_units, n_themes // 8 + 1)
    _, first, inverse = np.unique(_as_keys(packed), return_index=True, return_inverse=True)
    codes = np.where(is_read.T, inverse.reshape(n_coders, n_units).T, MISSING)
    return _ordered(codes.astype(np.intp), flags.reshape(n_coders * n_units, n_themes)[first])


def _of_numbers(table: Floats) -> Ratings:
    is_there = ~np.isnan(table)
    values = _distinct(table[is_there])
    return Ratings(np.where(is_there, np.searchsorted(values, table), MISSING), values)


def _distinct(numbers: Floats) -> Floats:
    """The different numbers in ascending order; small whole numbers, the usual case, are counted and not sorted."""
    if len(numbers) and np.abs(numbers).max() < _SMALL:
        whole = numbers.astype(np.intp)
        if np.array_equal(whole, numbers):
            return np.flatnonzero(np.bincount(whole + _SMALL)).astype(np.float64) - _SMALL
    return np.unique(numbers)


def _of_labels(table: npt.NDArray[Any]) -> Ratings:
    # nan is the one value that differs from itself
    is_there = np.array([value is not None and value == value for value in table.ravel()], dtype=bool)
    given = table.ravel()[is_there].tolist()
    values = sorted(set(given), key=lambda value: (type(value).__name__, value))
    position = {value: place for place, value in enumerate(values)}
    codes = np.full(table.size, MISSING, dtype=np.intp)
    codes[is_there] = [position[value] for value in given]
    return Ratings(codes.reshape(table.shape), np.array(values))


def _ordered(codes: Codes, flags: Flags) -> Ratings:
    """Only the sets that occur, in an order that does not depend on who gave them first."""
    used = np.unique(codes[codes != MISSING])
    order = used[np.lexsort(flags[used].T[::-1])] if flags.shape[1] else used
    place = np.full(len(flags) + 1, MISSING, dtype=np.intp)
    place[order] = np.arange(len(order))
    return Ratings(place[codes], flags[order])


def _as_keys(rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Each row as one opaque value, so that rows can be compared in one step."""
    rows = np.ascontiguousarray(rows)
    return rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).reshape(len(rows))


@dataclass(frozen=True, slots=True)
class Patterns:
    """Units with the same ratings, counted.

    Attributes
    ----------
    codes
        Patterns x coders: the distinct rows of Ratings.codes.
    counts
        How many units show each pattern.
    of_unit
        The pattern of each unit; MISSING for units that too few coders read.
    """

    codes: Codes
    counts: Floats
    of_unit: Codes

    @property
    def n_readers(self) -> Floats:
        """How many coders read a unit of each pattern."""
        return np.asarray((self.codes != MISSING).sum(axis=1), dtype=np.float64)


def patterns(ratings: Ratings, *, min_readers: int = 2, ignore_coders: bool = True) -> Patterns:
    """The patterns of the units that enough coders read; with `ignore_coders`, who gave which value is dropped."""
    is_used = ratings.n_readers >= min_readers
    used = ratings.codes if is_used.all() else ratings.codes[is_used]
    rows = np.sort(used, axis=1) if ignore_coders else used
    of_unit = np.full(len(ratings.codes), MISSING, dtype=np.intp)
    if rows.size == 0:
        return Patterns(rows[:0], np.zeros(0), of_unit)
    codes, of_unit[is_used] = _distinct_rows(rows)
    return Patterns(codes, np.bincount(of_unit[is_used]).astype(np.float64), of_unit)


def _distinct_rows(rows: Codes) -> tuple[Codes, Codes]:
    """The distinct rows in ascending order, and the position of each row among them."""
    base = int(rows.max()) + 2
    places = [base**place for place in range(rows.shape[1])][::-1]
    if base ** rows.shape[1] > _MAX_NUMBER:
        distinct, place = np.unique(rows, axis=0, return_inverse=True)
        return distinct, place.reshape(len(rows))
    # each row read as one number in the base of the values
    numbers = (rows + 1) @ np.array(places)
    if base ** rows.shape[1] <= len(rows):
        is_present = np.bincount(numbers) > 0
        present, place = np.flatnonzero(is_present), (np.cumsum(is_present) - 1)[numbers]
    else:
        present, place = np.unique(numbers, return_inverse=True)
    return present[:, None] // np.array(places) % base - 1, place

"""Distances between sets of themes, and between numbers as ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from expert_roundup.coding.agreement.ratings import Codes, Flags, Floats

# entries of a distance matrix that are held at once: 32 MB
_BLOCK = 4_000_000

#: distance from the sizes of intersection, first and second set
_Overlap = Callable[[Floats, Floats, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance between values, numbered as in Ratings.

    Attributes
    ----------
    pairs
        Distances of paired values, given two arrays of positions.
    rows
        Distances of some values to all: positions to a matrix.
    n_values
        How many values there are.
    """

    pairs: Callable[[Codes, Codes], Floats]
    rows: Callable[[Codes], Floats]
    n_values: int

    def blocks(self) -> Iterator[tuple[Codes, Floats]]:
        """The distance matrix in pieces that fit into memory: positions and their rows."""
        size = max(1, _BLOCK // max(1, self.n_values))
        for start in range(0, self.n_values, size):
            block = np.arange(start, min(start + size, self.n_values))
            yield block, self.rows(block)


def set_distance(flags: Flags, kind: str) -> Distance:
    """Distance between sets.

    Parameters
    ----------
    flags
        One row a set, one column a theme.
    kind
        - ``masi``: 1 - J x M, J the Jaccard similarity, M 1 for equal sets, 2/3 where one holds the other, 1/3 where
          they only share something, 0 where they share nothing
        - ``jaccard``: 1 - |A and B| / |A or B|
        - ``dice``: 1 - 2 |A and B| / (|A| + |B|), the nominal difference of multi-valued alpha

        Two empty sets have distance 0.

    Raises
    ------
    ValueError
        `kind` is none of these.

    References
    ----------
    Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation.
    LREC 2006.
    Krippendorff, K. and Craggs, R. (2016). The reliability of multi-valued coding of data. Communication Methods and
    Measures 10(4), 181-198.
    """
    if kind not in _KINDS:
        raise ValueError(f"distance must be one of {', '.join(_KINDS)}, not {kind!r}")
    numbers = flags.astype(np.float64)
    sizes = flags.sum(axis=1)
    n_sizes = int(sizes.max(initial=0)) + 1
    # the distance depends on three small numbers only, so it is worked out once for each three and then looked up
    grid = np.arange(n_sizes, dtype=np.float64)
    known = _KINDS[kind](grid[:, None, None], grid[None, :, None], grid[None, None, :]).ravel()
    scaled = numbers * n_sizes**2

    def pairs(first: Codes, second: Codes) -> Floats:
        shared = (scaled[first] * numbers[second]).sum(axis=1).astype(np.intp)
        return np.asarray(known[shared + sizes[first] * n_sizes + sizes[second]])

    def rows(block: Codes) -> Floats:
        place = (scaled[block] @ numbers.T).astype(np.intp)
        place += (sizes[block] * n_sizes)[:, None] + sizes
        return np.asarray(known.take(place))

    return Distance(pairs, rows, len(flags))


def ratio_distance(values: Floats) -> Distance:
    """Squared ratio difference ((a - b) / (a + b))**2 of numbers from 0 up; 0 for two zeros."""

    def between(first: Floats, second: Floats) -> Floats:
        total = first + second
        return np.asarray(((first - second) / np.where(total == 0, 1.0, total)) ** 2)

    return Distance(
        lambda first, second: between(values[first], values[second]),
        lambda block: between(values[block, None], values[None, :]),
        len(values),
    )


def _jaccard(shared: Floats, first: Floats, second: Floats) -> Floats:
    union = first + second - shared
    return np.where(union <= 0, 0.0, 1 - shared / np.where(union <= 0, 1.0, union))


def _masi(shared: Floats, first: Floats, second: Floats) -> Floats:
    is_equal = (first == shared) & (second == shared)
    weight = np.where(is_equal, 1.0, np.where(shared == np.minimum(first, second), 2 / 3, 1 / 3))
    union = first + second - shared
    return np.where(is_equal, 0.0, 1 - shared / np.where(union <= 0, 1.0, union) * weight)


def _dice(shared: Floats, first: Floats, second: Floats) -> Floats:
    total = first + second
    return np.where(total == 0, 0.0, 1 - 2 * shared / np.where(total == 0, 1.0, total))


_KINDS: dict[str, _Overlap] = {"masi": _masi, "jaccard": _jaccard, "dice": _dice}

"""Permutations that keep quotes inside their group, so that what the group explains is never taken for a finding."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def permutations(groups: Array, n: int, rng: np.random.Generator) -> Array:
    """Draw reorderings that move positions only within their group.

    Parameters
    ----------
    groups
        Group number of every position.
    n
        Number of reorderings.
    rng
        Source of randomness.

    Returns
    -------
    ndarray
        n x positions: row r holds, for every position, the position whose value comes there.

    Examples
    --------
    >>> import numpy as np
    >>> permutations(np.array([0, 1, 0]), 2, np.random.default_rng(1))[:, 1]
    array([1, 1])
    """
    orders = np.tile(np.arange(len(groups)), (n, 1))
    for group in np.unique(groups):
        places = np.flatnonzero(groups == group)
        if len(places) > 1:
            orders[:, places] = places[np.argsort(rng.random((n, len(places))), axis=1)]
    return orders


def corrected_p(found: Array, reference: Array) -> tuple[Array, Array, Array]:
    """P of each figure alone, p against the largest of all, and z, one-sided; the data count as one more shuffle."""
    everything = np.vstack([found, reference])
    spread = everything.std(axis=0)
    z = np.divide(everything - everything.mean(axis=0), spread, out=np.zeros_like(everything), where=spread > 1e-12)
    z = np.round(z, 9)
    n = len(everything)
    return (z >= z[0]).sum(axis=0) / n, (z.max(axis=1)[:, None] >= z[0]).sum(axis=0) / n, z[0]

"""The map: quotes on a plane, as far apart as they are unlike, with the stress that says how far to trust it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.threads import one_thread

Array = np.ndarray[Any, Any]

_ROUNDS = 300
_SETTLED = 1e-6  # relative change of stress at which the map is taken as settled


@one_thread()
def map_of(similarity: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Lay quotes out on a plane by metric multidimensional scaling.

    Parameters
    ----------
    similarity
        Cosines, quotes x quotes. The distance of two quotes is sqrt(2 - 2 cosine), that of their rows of length 1.

    Returns
    -------
    frame
        One row per quote: quote_id, x, y (empty for a quote that cannot be compared). The wider direction is x; the
        first quote lies right of the middle and above it.
    stress
        Kruskal's stress-1, 0 for a map without distortion. nan where fewer than three quotes can be placed.

    Notes
    -----
    By Kruskal's own scale 0.2 is poor. Short texts are nearly all equally far apart, which no plane can show: 0.3 and
    more is common, and then only the nearest neighbours mean anything.

    References
    ----------
    Kruskal (1964). Multidimensional scaling by optimizing goodness of fit. Psychometrika 29, 1-27.
    Borg, Groenen (2005). Modern multidimensional scaling, chapter 8 (SMACOF).
    """
    placed = np.flatnonzero(np.diagonal(similarity) > 0)
    frame = pd.DataFrame({"quote_id": similarity.index, "x": np.nan, "y": np.nan})
    if len(placed) < 3:
        return frame, float("nan")
    values = similarity.to_numpy()[np.ix_(placed, placed)]
    distances = np.sqrt(np.maximum(2 - 2 * values, 0))
    points, stress = _majorise(distances, _classical(distances))
    frame.loc[placed, ["x", "y"]] = np.round(_turned(points), 6) + 0.0
    return frame, stress


def _classical(distances: Array) -> Array:
    """Start: the plane along the two widest directions (Torgerson)."""
    n = len(distances)
    centring = np.eye(n) - 1 / n
    values, vectors = np.linalg.eigh(-centring @ (distances**2) @ centring / 2)
    points: Array = vectors[:, [-1, -2]] * np.sqrt(np.maximum(values[[-1, -2]], 0))
    return points


def _majorise(distances: Array, points: Array) -> tuple[Array, float]:
    """Move the points until the stress settles (Guttman transform)."""
    n, last = len(points), np.inf
    for _ in range(_ROUNDS):
        across, along = (np.subtract.outer(axis, axis) for axis in points.T)
        drawn = np.sqrt(across * across + along * along)
        total = float((drawn**2).sum())
        stress = float(np.sqrt(((distances - drawn) ** 2).sum() / total)) if total > 0 else 0.0
        if last - stress < _SETTLED * max(stress, _SETTLED):
            break
        last = stress
        ratio = np.divide(distances, drawn, out=np.zeros_like(drawn), where=drawn > 1e-12)
        points = (ratio.sum(axis=1)[:, None] * points - ratio @ points) / n
    return points, round(stress, 6)


def _turned(points: Array) -> Array:
    """Turn to the widest direction and fix the signs, so that equal data give an equal map."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    turned = centred @ axes.T
    signs = np.where(np.round(turned[0], 9) < 0, -1.0, 1.0)
    flipped: Array = turned * signs
    return flipped

"""Multi-valued alpha: agreement on sets when chance draws sets, not from those seen, but from the labels.

Krippendorff and Craggs let chance pair any two sets that could be made of the labels, given how large the sets were
and how often each label was used. Summing over all those sets grows as 4 to the number of labels. What a pair of sets
adds depends only on the two sizes and on how many labels they share, so the sum is a polynomial that is multiplied out
label by label, in time linear in the number of labels.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from expert_roundup.coding.agreement.distances import set_distance
from expert_roundup.coding.agreement.estimator import Estimator, pair_sums, value_totals
from expert_roundup.coding.agreement.ratings import Floats, Ratings, patterns, ratings_of_sets


def multivalued_alpha(sets: Sequence[Sequence[Collection[Any] | None]]) -> float:
    """Multi-valued alpha with the nominal difference.

    Parameters
    ----------
    sets
        One sequence a coder, in it one set of labels a unit: None where the coder did not read the unit, an empty set
        where the coder read it and gave nothing.

    Returns
    -------
    float
        1 is perfect agreement, 0 what chance would give; nan where no unit was read by two coders or all their sets
        are the same.

    Raises
    ------
    ValueError
        The coders have different numbers of units.

    References
    ----------
    Krippendorff, K. and Craggs, R. (2016). The reliability of multi-valued coding of data. Communication Methods and
    Measures 10(4), 181-198.

    Examples
    --------
    Table 3 of the paper; its empty cells are missing values, its {} is an empty set.

    >>> f = [{"b", "d"}, {"a", "b", "d"}, set(), {"a"}]
    >>> g = [{"d"}, {"b"}, {"a"}, None]
    >>> h = [None, {"b", "d"}, {"a"}, None]
    >>> round(multivalued_alpha([f, g, h]), 4)
    0.2866
    """
    return multivalued_estimator(ratings_of_sets(sets)).value()


def multivalued_estimator(ratings: Ratings) -> Estimator:
    """Multi-valued alpha as a function of pattern counts."""
    found = patterns(ratings)
    difference = set_distance(ratings.values, "dice").pairs
    disagreement = 2 * pair_sums(found.codes, difference) / (found.n_readers - 1)
    totals = value_totals(found.codes, len(ratings.values))
    labels = ratings.values.astype(np.float64)
    sizes = _one_hot(ratings.values.sum(axis=1))

    def evaluate(weights: Floats) -> Floats:
        frequencies = totals(weights)
        n = frequencies.sum(axis=1)
        is_defined = (frequencies > 0).sum(axis=1) >= 2
        n_or_one = np.where(is_defined, n, 1.0)
        expected = expected_disagreement(frequencies @ labels, frequencies @ sizes / n_or_one[:, None])
        observed = weights @ disagreement / n_or_one
        return np.where(is_defined, 1 - observed / np.where(is_defined, expected, 1.0), np.nan)

    return Estimator(found.counts, evaluate, found.of_unit, len(ratings.values) + 4 * sizes.shape[1] ** 2)


def expected_disagreement(label_counts: Floats, size_shares: Floats) -> Floats:
    """Mean difference of two sets drawn by chance.

    Parameters
    ----------
    label_counts
        Resamples x labels: in how many sets each label is.
    size_shares
        Resamples x sizes from 0 up: share of the sets that have so many labels.

    Returns
    -------
    ndarray
        One number a resample: sum over the sizes r and s of their shares times the mean of 1 - 2j / (r + s), where a
        pair of sets C and K that share j labels weighs the product of n over the labels of C or K, times the product
        of n - 1 over the labels of both, n being the label's count.
    """
    n_sizes = size_shares.shape[1]
    weight, shared = _pair_weights(label_counts, n_sizes)
    total_size = np.add.outer(np.arange(n_sizes), np.arange(n_sizes)).astype(np.float64)
    # two empty sets do not differ; sizes that chance cannot fill from these labels add nothing
    is_counted = (weight > 0) & (total_size > 0)
    possible = np.where(is_counted, weight * total_size, 1.0)
    difference = np.where(is_counted, (possible - 2 * shared) / possible, 0.0)
    return np.asarray(np.einsum("br,bs,brs->b", size_shares, size_shares, difference))


def _pair_weights(label_counts: Floats, n_sizes: int) -> tuple[Floats, Floats]:
    """Summed weights of all pairs of sets by their two sizes, and the same with each pair times its shared labels."""
    weight = np.zeros((len(label_counts), n_sizes, n_sizes))
    weight[:, 0, 0] = 1.0
    shared = np.zeros_like(weight)
    # dividing every label by one number changes weights of the same sizes alike, and keeps them in range
    scale = max(1.0, float(label_counts.max(initial=1.0)))
    for n in (label_counts / scale).T[:, :, None, None]:
        in_one, in_both = n, n * np.maximum(n - 1 / scale, 0.0)
        grown, grown_shared = weight.copy(), shared.copy()
        grown[:, 1:, :] += in_one * weight[:, :-1, :]
        grown[:, :, 1:] += in_one * weight[:, :, :-1]
        grown[:, 1:, 1:] += in_both * weight[:, :-1, :-1]
        grown_shared[:, 1:, :] += in_one * shared[:, :-1, :]
        grown_shared[:, :, 1:] += in_one * shared[:, :, :-1]
        grown_shared[:, 1:, 1:] += in_both * (shared + weight)[:, :-1, :-1]
        weight, shared = grown, grown_shared
    return weight, shared


def _one_hot(sizes: Floats) -> Floats:
    table = np.zeros((len(sizes), int(sizes.max(initial=0)) + 1))
    table[np.arange(len(sizes)), sizes] = 1.0
    return table

"""Agreement beside nltk, krippendorff and a naive loop, on 10,000 quotes read by 5 coders.

Usage: python benchmarks/bench_agreement.py [--quick]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from itertools import combinations

import krippendorff
import numpy as np
import pandas as pd
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import masi_distance

from expert_roundup.coding.agreement import agreement, alpha, multivalued_alpha, set_alpha
from expert_roundup.coding.agreement.alphas import matrix_estimator, nominal_estimator
from expert_roundup.coding.agreement.distances import set_distance
from expert_roundup.coding.agreement.intervals import bootstrap_interval
from expert_roundup.coding.agreement.ratings import ratings_of_sets, ratings_of_values

N_QUOTES, N_CODERS, THEMES = 10_000, 5, "abcdefghijkl"


def make_sets(n_quotes: int) -> list[list[frozenset[str]]]:
    """One to three of twelve themes a quote, and coders who each take 5 % of the themes in or out."""
    rng = np.random.default_rng(0)
    truth = np.zeros((n_quotes, len(THEMES)), dtype=bool)
    for row in truth:
        row[rng.choice(len(THEMES), size=rng.integers(1, 4), replace=False)] = True
    seen = truth ^ (rng.random((N_CODERS, *truth.shape)) < 0.05)
    # nltk divides by zero on two empty sets
    seen[~seen.any(axis=2), 0] = True
    return [[frozenset(np.array(list(THEMES))[flags]) for flags in coder] for coder in seen]


def median_seconds(call: Callable[[], object], repeats: int) -> float:
    """Median wall time of `repeats` calls, after one that is not counted where there are several."""
    if repeats > 1:
        call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def naive_nominal(table: np.ndarray) -> float:
    """Nominal alpha by loops over pairs of coders, the expected part from value counts."""
    n, observed, counts = 0, 0.0, dict[float, int]()
    for unit in table.T.tolist():
        given = [value for value in unit if value == value]
        if len(given) < 2:
            continue
        n += len(given)
        observed += 2 * sum(a != b for a, b in combinations(given, 2)) / (len(given) - 1)
        for value in given:
            counts[value] = counts.get(value, 0) + 1
    return 1 - (n - 1) * observed / (n**2 - sum(count**2 for count in counts.values()))


def show(what: str, ours: float, peer: str = "", theirs: float | None = None) -> None:
    """One line of the table."""
    beside = f"  {peer} {theirs * 1000:9.1f} ms  ratio {theirs / ours:6.1f}" if theirs is not None else ""
    print(f"{what:<52} {ours * 1000:8.1f} ms{beside}")


def main() -> None:
    """Print medians and, where there is a peer, how many times longer it takes in the same run."""
    n_quotes = 1_000 if "--quick" in sys.argv[1:] else N_QUOTES
    sets = make_sets(n_quotes)
    print(f"{n_quotes} quotes x {N_CODERS} coders, {len(set().union(*map(set, sets)))} different sets")

    triples = [(coder, quote, labels) for coder, quotes in enumerate(sets) for quote, labels in enumerate(quotes)]
    results: list[float] = []
    theirs = median_seconds(lambda: results.append(AnnotationTask(triples, masi_distance).alpha()), 1)
    assert abs(results[0] - set_alpha(sets)) < 1e-9
    show("set alpha (MASI)", median_seconds(lambda: set_alpha(sets), 7), "nltk", theirs)

    rng = np.random.default_rng(0)
    for n_values in (2, 5, 12):
        table = rng.integers(0, n_values, size=(N_CODERS, n_quotes)).astype(float)
        table[rng.random(table.shape) < 0.05] = np.nan
        ours = median_seconds(lambda table=table: alpha(table), 25)
        package = median_seconds(lambda table=table: krippendorff.alpha(table, level_of_measurement="nominal"), 25)
        show(f"nominal alpha, {n_values} values", ours, "krippendorff", package)
    show("nominal alpha, 12 values", ours, "naive loop  ", median_seconds(lambda: naive_nominal(table), 3))

    nominal = nominal_estimator(ratings_of_values(table))
    show("1,000 resamples of nominal alpha, 12 values", median_seconds(lambda: bootstrap_interval(nominal), 3))
    ratings = ratings_of_sets(sets)
    masi = matrix_estimator(ratings, set_distance(ratings.values, "masi"))
    show("1,000 resamples of set alpha (MASI)", median_seconds(lambda: bootstrap_interval(masi), 3))
    show("multi-valued alpha", median_seconds(lambda: multivalued_alpha(sets), 5))

    rows = [
        (f"Q{q:05}", theme, str(c), 1.0) for c, quotes in enumerate(sets) for q, s in enumerate(quotes) for theme in s
    ]
    codings = pd.DataFrame(rows, columns=["quote_id", "theme", "coder", "confidence"])
    seconds = median_seconds(lambda: agreement(codings), 1)
    show(f"agreement frame of {len(codings)} codings with intervals", seconds)


if __name__ == "__main__":
    main()

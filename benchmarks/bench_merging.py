"""Merging a million codings: time and peak memory, beside a plain `pandas.concat` of the same frames.

Run it as `python benchmarks/bench_merging.py [N_CODINGS]`. The plain concat checks nothing and finds no conflict: it is
the least that anybody could do. Goal: 10 s and 2 GB for a million codings, reading the csv files included.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from expert_roundup.coding.codings import read_codings
from expert_roundup.coding.merging import Part, merge_codings


def synthetic(n_codings: int, coder: str, *, seed: int) -> pd.DataFrame:
    """Codings of one coder: twelve themes a quote, with evidence and a rationale of some words."""
    rng = np.random.default_rng(seed)
    at = np.arange(n_codings)
    start = rng.integers(0, 1_000_000, n_codings)
    return pd.DataFrame(
        {
            "quote_id": pd.Series(at // 12 + 1).map("Q{:02d}".format),
            "theme": pd.Series(at % 12).map("theme{:02d}".format),
            "coder": coder,
            "confidence": rng.integers(0, 101, n_codings) / 100,
            "start": start,
            "end": start + rng.integers(1, 200, n_codings),
            "rationale": pd.Series(rng.integers(0, 1000, n_codings)).map("a reason of a few words, number {}".format),
        }
    )


def median_seconds(work: Callable[[], object], *, runs: int = 3) -> float:
    """Median wall time of `runs` calls."""
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def main() -> None:
    n_codings = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{coder}.csv" for coder in "ABCD"]
        for seed, path in enumerate(paths):
            synthetic(n_codings // 5, path.stem, seed=seed).to_csv(path, index=False)
        # the fifth part repeats half of A word for word and contradicts it in the other half
        again = pd.read_csv(paths[0])
        again["confidence"] = again["confidence"].where(again.index < len(again) // 2, 1 - again["confidence"])
        again.to_csv(Path(folder) / "again.csv", index=False)
        paths.append(Path(folder) / "again.csv")

        reading = median_seconds(lambda: [read_codings(path) for path in paths], runs=1)
        parts = [Part(path.name, read_codings(path)) for path in paths]
        merging = median_seconds(lambda: merge_codings(parts))
        apart = median_seconds(lambda: merge_codings(parts[:4]))
        plain = median_seconds(lambda: pd.concat([part.codings for part in parts], ignore_index=True))
        merged = merge_codings(parts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{n_codings} codings in five files: read and checked in {reading:.2f} s")
    print(f"merged in {merging:.2f} s, {len(merged.conflicts)} conflicts named; four files without any {apart:.2f} s")
    print(f"plain pandas.concat, unchecked: {plain:.3f} s; ratio {merging / plain:.0f}")
    print(f"in all {reading + merging:.2f} s (goal 10 s); peak memory {peak:.0f} MB (goal 2000 MB)")


if __name__ == "__main__":
    main()

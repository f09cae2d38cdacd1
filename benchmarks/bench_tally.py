"""The tally with 10,000 bootstrap resamples, beside a plain loop over resamples.

Run it as `python benchmarks/bench_tally.py`. The plain loop draws the quotes of every resample with `rng.choice` and
counts them with numpy, as most notebooks do; it gives the same distribution. Goal: 10,000 resamples of the first
study's tally within 0.5 s.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from expert_roundup.coding.codings import indicator
from expert_roundup.coding.ranks import ahead_shares, rank_intervals, resampled_counts
from expert_roundup.coding.tally import tally
from expert_roundup.datasets import load_codebook, load_codings, load_published_tally

N_RESAMPLES = 10_000


def median_seconds(work: Callable[[], object], *, runs: int = 5) -> float:
    """Median wall time of `runs` calls."""
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def plain_loop(cells: np.ndarray, n_resamples: int) -> np.ndarray:
    """Counts of resamples, one resample at a time."""
    rng = np.random.default_rng(0)
    return np.array([cells[rng.integers(0, len(cells), len(cells))].sum(axis=0) for _ in range(n_resamples)])


def main() -> None:
    codings, codebook, published = load_codings(), load_codebook(), load_published_tally()
    cells = indicator(codings, themes=list(codebook["theme"]))
    whole = median_seconds(lambda: tally(codings, codebook, published=published, n_resamples=N_RESAMPLES))
    ours = median_seconds(lambda: rank_intervals(resampled_counts(cells, n_resamples=N_RESAMPLES)))
    plain = median_seconds(lambda: rank_intervals(plain_loop(cells.to_numpy(), N_RESAMPLES)), runs=3)
    print(f"first study, 31 quotes x 12 themes, {N_RESAMPLES} resamples")
    print(f"tally as a whole {whole:.3f} s (goal 0.5 s); resampling and ranks {ours:.3f} s")
    print(f"plain loop {plain:.3f} s; ratio {plain / ours:.1f}")
    counts = resampled_counts(cells, n_resamples=N_RESAMPLES)
    print(f"all pairs ahead {median_seconds(lambda: ahead_shares(counts)):.3f} s")

    rng = np.random.default_rng(0)
    large = pd.DataFrame(rng.random((10_000, 50)) < 0.1).astype("int8")
    ours = median_seconds(lambda: rank_intervals(resampled_counts(large, n_resamples=1_000)), runs=3)
    plain = median_seconds(lambda: rank_intervals(plain_loop(large.to_numpy(), 1_000)), runs=1)
    print(
        f"10,000 quotes x 50 themes, 1,000 resamples: {ours:.2f} s, plain loop {plain:.2f} s; ratio {plain / ours:.1f}"
    )


if __name__ == "__main__":
    main()

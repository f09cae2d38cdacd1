"""Speed of the reconstruction, beside solving again for every regret and a plain Metropolis chain.

    python benchmarks/bench_reconstruction.py [--repeat 5]
    python benchmarks/bench_reconstruction.py --exact    probabilities of the first study, summed over all codings

`--exact` takes some minutes and 2 GB: it multiplies out, quote by quote, the polynomial whose coefficients are the
weights of all codings with given totals, which needs no draws, and compares.
"""

from __future__ import annotations

import argparse
import itertools
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from expert_roundup.coding.reconstruction import Problem, convergence, near_optimal, next_reading, pose, solve
from expert_roundup.coding.reconstruction.optimum import best_coding
from expert_roundup.coding.reconstruction.residual import regrets
from expert_roundup.datasets import load_codings, load_published_tally


def median_seconds(function: Callable[[], object], *, repeat: int) -> float:
    """Median of `repeat` calls, after one that is not counted."""
    function()
    times = []
    for _ in range(repeat):
        begin = time.perf_counter()
        function()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def large_round(n_quotes: int, n_themes: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Codings of three coders who miss a fifth of the themes and see some that are not there, and their totals."""
    rng = np.random.default_rng(0)
    truth = rng.random((n_quotes, n_themes)) < rng.dirichlet(np.full(n_themes, 0.7)) * 1.6
    empty = ~truth.any(axis=1)
    truth[empty, rng.integers(n_themes, size=empty.sum())] = True
    parts = []
    for coder in "ABC":
        is_seen = rng.random(truth.shape) < np.where(truth, 0.8, 0.02)
        doubted = np.where(rng.random(truth.shape) < 0.03, rng.beta(2, 6, truth.shape), 0)
        confidence = np.where(is_seen, rng.beta(6, 2, truth.shape), doubted).round(2)
        quote, theme = np.nonzero(confidence)
        ids, themes = [f"Q{place + 1:04d}" for place in quote], [f"theme {place}" for place in theme]
        columns = {"quote_id": ids, "theme": themes, "coder": coder, "confidence": confidence[quote, theme]}
        parts.append(pd.DataFrame(columns))
    themes = [f"theme {place}" for place in range(n_themes)]
    return pd.concat(parts), pd.DataFrame({"theme": themes, "n_published": truth.sum(axis=0)})


def regrets_by_solving_again(problem: Problem, best: np.ndarray) -> np.ndarray:
    """The peer: one linear programme a cell, with a weight that forces the cell the other way round."""
    values = np.empty(best.shape)
    for cell in np.ndindex(best.shape):
        weights = problem.weights.copy()
        weights[cell] += -1000 if best[cell] else 1000
        flipped = best_coding(replace(problem, weights=weights))
        values[cell] = ((best.astype(int) - flipped) * problem.weights).sum() if flipped[cell] != best[cell] else np.inf
    return values


def plain_metropolis(problem: Problem, start: np.ndarray, *, n_steps: int, seed: int) -> np.ndarray:
    """The peer: one chain, one proposed exchange or crosswise swap a step, in plain Python. Share coded per cell."""
    rng = np.random.default_rng(seed)
    coded, weights = start.copy(), problem.weights
    low, high = problem.limits.min_themes, problem.limits.max_themes
    n, m = coded.shape
    total, n_themes = np.zeros((n, m)), coded.sum(axis=1)
    for _ in range(n_steps):
        a, b, j, k = rng.integers(n), rng.integers(n), rng.integers(m), rng.integers(m)
        themes = [j] if rng.random() < 0.5 else [j, k]
        can_swap = coded[a, j] and not coded[b, j] and (len(themes) == 1 or (coded[b, k] and not coded[a, k]))
        is_within = len(themes) == 2 or (n_themes[a] > low[a] and n_themes[b] < high[b])
        if can_swap and is_within:
            gain = weights[b, j] - weights[a, j] + (weights[a, k] - weights[b, k] if len(themes) == 2 else 0)
            if math.log(1 - rng.random()) < gain:
                coded[np.ix_([a, b], themes)] = coded[np.ix_([b, a], themes)]
                n_themes = coded.sum(axis=1)
        total += coded
    return total / n_steps


def effective_of_plain(problem: Problem, best: np.ndarray, *, n_chains: int, n_steps: int) -> tuple[float, float]:
    """Effective draws of the median open cell and seconds, over several plain chains."""
    begin = time.perf_counter()
    means = np.array([plain_metropolis(problem, best, n_steps=n_steps, seed=seed) for seed in range(n_chains)])
    seconds = time.perf_counter() - begin
    p, error = means.mean(axis=0), means.var(axis=0, ddof=1) / n_chains
    is_open = (p > 0.05) & (p < 0.95) & (error > 0)
    return float(np.median((p * (1 - p) / np.where(error > 0, error, 1))[is_open])), seconds


def speed(repeat: int) -> None:
    codings, published = load_codings(), load_published_tally()
    problem = pose(codings, published)
    best = best_coding(problem)
    print(f"{'what':62} {'median':>10}")

    def show(what: str, seconds: float, note: str = "") -> None:
        print(f"{what:62} {1000 * seconds:8.1f} ms {note}")

    show("linear programme, 31 x 12", median_seconds(lambda: best_coding(problem), repeat=5 * repeat))
    ours = median_seconds(lambda: regrets(problem, best), repeat=5 * repeat)
    begin = time.perf_counter()
    again = regrets_by_solving_again(problem, best)
    peer = time.perf_counter() - begin
    assert np.allclose(again, regrets(problem, best), atol=1e-6)
    show("372 regrets, shortest paths", ours)
    show("372 regrets, solving again for each (peer)", peer, f"{peer / ours:.0f} times ours")
    whole = median_seconds(lambda: solve(pose(codings, published)), repeat=repeat)
    show("whole reconstruction, 31 x 12 (128 chains of 1,000 draws)", whole)
    solution = solve(problem)
    cells = convergence(solution).query("0.05 < probability < 0.95")
    rate = cells["n_effective"].median() / whole
    effective, seconds = effective_of_plain(problem, best, n_chains=8, n_steps=20_000)
    print(f"{'effective draws a second, median open cell':62} {rate:8.0f}")
    print(f"{'the same of plain Metropolis chains (peer)':62} {effective / seconds:8.1f}")
    print(f"{'ours against the peer':62} {rate * seconds / effective:8.0f} times")
    show("codings within 1 of the best, counted", median_seconds(lambda: near_optimal(solution), repeat=repeat))
    show(
        "codings within 4 of the best, counted", median_seconds(lambda: near_optimal(solution, within=4), repeat=repeat)
    )
    show("next reading, 31 quotes", median_seconds(lambda: next_reading(solution), repeat=1))
    codings, published = large_round(1000, 50)
    large = pose(codings, published, max_themes=8)
    show("linear programme, 1,000 x 50", median_seconds(lambda: best_coding(large), repeat=repeat))
    best = best_coding(large)
    show("50,000 regrets", median_seconds(lambda: regrets(large, best), repeat=repeat))
    whole = median_seconds(lambda: solve(pose(codings, published, max_themes=8)).to_frame(), repeat=repeat)
    show("whole reconstruction, 1,000 x 50 (8 chains of 1,000 draws)", whole)


def exact_probabilities(problem: Problem) -> np.ndarray:
    """Cell probabilities of a problem with exact totals, by dividing the quotes into halves again and again."""
    odds, limits = np.exp(problem.weights), problem.limits
    n, m = odds.shape
    shape = tuple(limits.max_quotes + 1)
    most = int(limits.max_themes.max())
    found = np.zeros((n, m))
    themes = [set_ for size in range(most + 1) for set_ in itertools.combinations(range(m), size)]

    def times(weights: np.ndarray, quote: int) -> np.ndarray:
        by_number = [weights, *(np.zeros(shape) for _ in range(most))]
        for theme in range(m):
            ahead = tuple(slice(1, None) if place == theme else slice(None) for place in range(m))
            behind = tuple(slice(None, -1) if place == theme else slice(None) for place in range(m))
            for number in range(min(most, theme + 1), 0, -1):
                by_number[number][ahead] += odds[quote, theme] * by_number[number - 1][behind]
        result = sum(by_number[limits.min_themes[quote] : limits.max_themes[quote] + 1])
        return result / result.max()

    def divide(weights: np.ndarray, quotes: list[int]) -> None:
        if len(quotes) > 1:
            half = len(quotes) // 2
            for mine, others in ((quotes[:half], quotes[half:]), (quotes[half:], quotes[:half])):
                product = weights
                for quote in others:
                    product = times(product, quote)
                divide(product, mine)
            return
        total = 0.0
        for chosen in themes:
            rest = limits.max_quotes - np.isin(np.arange(m), chosen)
            if limits.min_themes[quotes[0]] <= len(chosen) <= limits.max_themes[quotes[0]] and (rest >= 0).all():
                weight = float(weights[tuple(rest)] * odds[quotes[0], list(chosen)].prod())
                total += weight
                found[quotes[0], list(chosen)] += weight
        found[quotes[0]] /= total

    start = np.zeros(shape)
    start[(0,) * m] = 1.0
    divide(start, list(range(n)))
    return found


def exactness() -> None:
    problem = pose(load_codings(), load_published_tally())
    begin = time.perf_counter()
    exact = exact_probabilities(problem)
    print(
        f"exact probabilities of 372 cells in {time.perf_counter() - begin:.0f} s; totals {exact.sum(axis=0).round(9)}"
    )
    cells = convergence(solve(problem)).assign(exact=exact.ravel())
    cells["off"] = (cells["probability"] - cells["exact"]).abs()
    print(
        f"draws are off by {cells['off'].max():.4f} at most, {np.sqrt((cells['off'] ** 2).mean()):.4f} in the root mean"
    )
    print(cells.sort_values("off", ascending=False).head(10).round(4).to_string(index=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5, help="measured calls (default 5)")
    parser.add_argument("--exact", action="store_true", help="compare with exact probabilities instead")
    args = parser.parse_args()
    if args.exact:
        exactness()
    else:
        speed(args.repeat)


if __name__ == "__main__":
    main()

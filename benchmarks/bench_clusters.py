"""Time and memory of the clusters, beside a plain scikit-learn loop in the same run.

    python benchmarks/bench_clusters.py [--repeats 5] [--without-500]

BERTopic cannot stand beside it here, since it needs 2 GB of wheels: on the same 31 answers and 2 cores it took 34.4 s
and 902 MB as a whole process, and gave 0 topics.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

LIMITS = {"consensus of 31": (3.0, 250), "exploration of 500": (60.0, None)}

OURS = """
from expert_roundup.analysis.clusters import clusters_of, consensus, similarity, wording_of_terms
from expert_roundup.datasets import load_answers
from expert_roundup.datasets import load_term_counts
wording = wording_of_terms(load_term_counts(), load_answers())
matrix = consensus([similarity(wording), similarity(wording, unit="characters")], runs=400)
print(clusters_of(matrix)["cluster"].nunique(), "clusters")
"""

PLAIN = """
import numpy as np, pandas as pd
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.feature_extraction.text import TfidfTransformer
from expert_roundup.datasets import load_term_counts
table = load_term_counts().pivot_table(index="quote_id", columns="term", values="n", fill_value=0).to_numpy()
table = table[:, (table > 0).sum(axis=0) >= 2]
rows = TfidfTransformer(sublinear_tf=True).fit_transform(table).toarray()
rng, n = np.random.default_rng(0), len(rows)
together, drawn = np.zeros((n, n)), np.zeros((n, n))
for run in range(400):
    part = np.sort(rng.choice(n, size=25, replace=False))
    k, kind = 4 + run % 7, ("average", "complete", "ward", "k_means")[run % 4]
    model = KMeans(k, n_init=1, random_state=run) if kind == "k_means" else AgglomerativeClustering(k, linkage=kind)
    labels = model.fit_predict(rows[part])
    together[np.ix_(part, part)] += labels[:, None] == labels[None, :]
    drawn[np.ix_(part, part)] += 1
print(round(float((together / drawn).mean()), 3), "mean consensus")
"""

FIVE_HUNDRED = """
import sys
import pandas as pd
from expert_roundup.analysis.clusters import explore, verdicts, wording_of_quotes
quotes = pd.read_json(sys.stdin)
found = explore(wording_of_quotes(quotes), progress=True)
print(found.clusters["cluster"].nunique(), "clusters;", len(verdicts(found)), "verdicts")
"""


USAGE = """
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
print("#", used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def main() -> None:
    """Print medians, peaks and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--without-500", action="store_true")
    args = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    ours, plain = ([measured(code) for _ in range(args.repeats)] for code in (OURS, PLAIN))
    shown("consensus of 31", ours)
    shown("scikit-learn loop of 31", plain)
    wall, cpu = (median(ours, name) / median(plain, name) for name in ("wall", "cpu"))
    print(f"  ratio of wall times {wall:.2f}, of CPU {cpu:.2f}")
    for name, took in inside(args.repeats).items():
        print(f"{name:28} {took:7.2f} s in the process")
    if not args.without_500:
        shown("exploration of 500", [measured(FIVE_HUNDRED, stdin=five_hundred())])


def measured(code: str, *, stdin: str = "") -> dict[str, float]:
    """Wall time, CPU time (s) and peak memory (MB) of a whole process."""
    start = time.perf_counter()
    script = code + USAGE
    done = subprocess.run([sys.executable, "-c", script], input=stdin, capture_output=True, text=True, check=True)
    wall = time.perf_counter() - start
    cpu, peak = done.stdout.rpartition("#")[2].split()
    return {"wall": wall, "cpu": float(cpu), "peak": float(peak)}


def inside(repeats: int) -> dict[str, float]:
    """Median seconds of the steps once everything is imported."""
    from expert_roundup.analysis.clusters import consensus, explore, shuffles, similarity, structure, wording_of_terms
    from expert_roundup.datasets import load_answers, load_term_counts

    wording = wording_of_terms(load_term_counts(), load_answers())
    views = [similarity(wording), similarity(wording, unit="characters")]

    def pool() -> None:
        shuffles._POOLS.clear()
        structure(wording)

    steps = {"400 runs": lambda: consensus(views), "pool of 999 shuffles": pool, "everything": lambda: explore(wording)}
    return {name: statistics.median(seconds(step) for _ in range(repeats)) for name, step in steps.items()}


def seconds(step: Callable[[], object]) -> float:
    """Seconds one call takes."""
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def five_hundred() -> str:
    """500 quotes of about 80 words, six weak topics, two languages, as JSON."""
    rng = np.random.default_rng(0)
    weights = 1 / np.arange(1, 6001) ** 0.9
    lengths = np.exp(rng.normal(4.2, 0.6, size=500)).astype(int) + 10
    rows = []
    for place, (length, topic) in enumerate(zip(lengths, rng.integers(6, size=500), strict=True)):
        own = int((rng.random(length) < 0.15).sum())
        words = [f"word{word}" for word in rng.choice(6000, size=length - own, p=weights / weights.sum())]
        words += [f"topic{topic}n{word}" for word in rng.integers(40, size=own)]
        rows.append({"quote_id": f"Q{place:03d}", "text": " ".join(words), "language": "en" if place % 4 else "ru"})
    return json.dumps(rows)


def median(runs: list[dict[str, float]], name: str) -> float:
    """Median of one figure."""
    return statistics.median(run[name] for run in runs)


def shown(name: str, runs: list[dict[str, float]]) -> None:
    """Print the medians, and the limits where there are some."""
    wall, peak = LIMITS.get(name, (None, None))
    limit = f"   limit {wall:.0f} s" + (f", {peak} MB" if peak else "") if wall else ""
    figures = (
        f"{median(runs, 'wall'):6.2f} s wall, {median(runs, 'cpu'):6.2f} s CPU, {median(runs, 'peak'):4.0f} MB peak"
    )
    print(f"{name:28} {figures}{limit}", flush=True)


if __name__ == "__main__":
    main()

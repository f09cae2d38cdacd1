"""How often the interval of a corpus tally covers the truth: 500 generated corpora each, with documents that differ.

    .venv/bin/python benchmarks/bench_corpus_intervals.py

Quotes of one document are alike (the share varies from document to document as a beta distribution does), so an
interval that takes quotes for independent covers too rarely; it stands beside ours.
"""

from __future__ import annotations

import numpy as np

from expert_roundup.corpus.bootstrap import share_intervals

#: corpora a setting, and resamples an interval
N, RESAMPLES = 500, 600
#: documents, true share, how alike the quotes of a document are (sum of the beta's parameters; less is more alike)
SETTINGS = ((30, 0.3, 6.0), (60, 0.3, 6.0), (200, 0.3, 6.0), (60, 0.1, 6.0), (60, 0.5, 2.0))


def main() -> None:
    print(f"{'documents':>9} {'share':>6} {'spread':>7} {'covered':>8} {'by quotes':>10}")
    for n_documents, share, spread in SETTINGS:
        rng = np.random.default_rng(11)
        ours = naive = 0
        for at in range(N):
            sizes = rng.integers(4, 20, size=n_documents)
            counts = rng.binomial(sizes, rng.beta(share * spread, (1 - share) * spread, size=n_documents))
            low, high = share_intervals(
                counts[:, None].astype(float), sizes.astype(float), n_resamples=RESAMPLES, seed=at
            )
            ours += bool(low[0] <= share <= high[0])
            found = counts.sum() / sizes.sum()
            margin = 1.96 * np.sqrt(found * (1 - found) / sizes.sum())
            naive += bool(abs(found - share) <= margin)
        print(f"{n_documents:9d} {share:6.2f} {spread:7.1f} {ours / N:8.1%} {naive / N:10.1%}", flush=True)


if __name__ == "__main__":
    main()

"""Speed of machine suggestions, beside a tf-idf of character n-grams compared with the definitions (scikit-learn).

python benchmarks/bench_suggestions.py [N_QUOTES]
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable

import pandas as pd

from expert_roundup.coding.suggestions import suggest
from expert_roundup.datasets import load_codebook, load_quotes


def median_seconds(work: Callable[[], object], *, runs: int = 5) -> float:
    """Median wall time of `runs` calls."""
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def nearest_definition(quotes: pd.DataFrame, codebook: pd.DataFrame) -> object:
    """The peer: one theme a quote, without evidence."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    about = codebook[["label", "definition"]].agg(" ".join, axis=1)
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit(about)
    return (grams.transform(quotes["text"]) @ grams.transform(about).T).toarray().argmax(axis=1)


def main() -> None:
    n_quotes = int(sys.argv[1]) if len(sys.argv) > 1 else 3_100
    shipped, codebook = load_quotes()[["quote_id", "text"]], load_codebook()
    # every quote a little different, so that nothing is answered from a cache of whole texts
    copies = [shipped.assign(text=shipped["text"] + f" Number {n}.") for n in range(-(-n_quotes // len(shipped)))]
    quotes = pd.concat(copies, ignore_index=True).head(n_quotes)
    quotes["quote_id"] = [f"Q{n:06d}" for n in range(len(quotes))]
    megabytes = quotes["text"].str.len().sum() / 1e6
    suggest(shipped, codebook)  # libraries are loaded once
    one = median_seconds(lambda: suggest(shipped, codebook))
    many = median_seconds(lambda: suggest(quotes, codebook), runs=3)
    peer = median_seconds(lambda: nearest_definition(quotes, codebook), runs=3)
    print(f"{len(shipped)} quotes: {one:.3f} s")
    print(f"{len(quotes)} quotes, {megabytes:.1f} million characters: {many:.2f} s, {megabytes / many:.2f} MB/s")
    print(f"tf-idf of characters against definitions: {peer:.2f} s, ratio {many / peer:.1f}")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")


if __name__ == "__main__":
    main()

"""Building a corpus beside a plain loop and a multiprocessing pool, and a tally over many quotes.

    .venv/bin/python benchmarks/bench_corpus.py [DOCUMENTS] [QUOTES]

Documents are synthetic pages of about 20 kB. The loop and the pool do the same work a document (parse, rows, MinHash)
and write nothing; the pool's workers start before its clock. The engine's time is that of the whole build: hashing,
start of the engine and of its processes, parts, compaction, keys of speakers, near-duplicates.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from expert_roundup.corpus.build import build
from expert_roundup.corpus.dataset import open_dataset
from expert_roundup.corpus.document import read_document
from expert_roundup.corpus.synthetic import pages
from expert_roundup.corpus.tally import corpus_tally


def _work(task: tuple[str, str]) -> int:
    return len(read_document(task[0], sha256=task[1]).get("quotes", ()))


def _tasks(folder: Path, n: int) -> list[tuple[str, str]]:
    found = []
    for page in pages(n, n_words=330):
        path = folder / page.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, encoding="utf-8")
        found.append((str(path), hashlib.sha256(page.text.encode()).hexdigest()))
    return found


def _tally_of(n_quotes: int) -> tuple[float, int]:
    """Seconds of a tally of 12 themes over so many quotes, from one row per document."""
    rng = np.random.default_rng(0)
    n_documents = n_quotes // 20
    table = pd.DataFrame(rng.binomial(20, 0.2, size=(n_documents, 12)), columns=[f"t{at}" for at in range(12)])
    table.insert(0, "n_read", 20)
    started = time.perf_counter()
    corpus_tally(table, pd.DataFrame({"theme": table.columns[1:]}))
    return time.perf_counter() - started, n_documents


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    n_quotes = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    folder = Path(tempfile.mkdtemp())
    try:
        tasks = _tasks(folder / "pages", n)
        size = sum(Path(path).stat().st_size for path, _ in tasks) / n
        print(f"{n} documents of {size / 1000:.1f} kB, {multiprocessing.cpu_count()} cores")
        _work(tasks[0])
        started = time.perf_counter()
        for task in tasks:
            _work(task)
        loop = time.perf_counter() - started
        with multiprocessing.get_context("spawn").Pool() as pool:
            pool.map(_work, tasks[:4])
            started = time.perf_counter()
            pool.map(_work, tasks, chunksize=16)
            pooled = time.perf_counter() - started
        started = time.perf_counter()
        report = build([path for path, _ in tasks], folder / "dataset")
        built = time.perf_counter() - started
        started = time.perf_counter()
        open_dataset(folder / "dataset").read("documents", columns=["document"])
        opened = time.perf_counter() - started
        own, child = (
            resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(f"plain loop {loop:8.1f} s  {n / loop:7.1f} documents/s")
        print(f"pool       {pooled:8.1f} s  {loop / pooled:.2f} times the loop")
        print(f"build      {built:8.1f} s  {loop / built:.2f} times the loop, {built / pooled - 1:+.0%} on the pool")
        print(f"opened in {opened * 1000:.0f} ms; {report.dataset.counts['quotes']} quotes")
        print(f"peak memory {own:.0f} MB here, {child:.0f} MB the largest child")
        seconds, n_documents = _tally_of(n_quotes)
        print(f"tally of {n_quotes} quotes in {n_documents} documents: {seconds:.2f} s")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

"""Measure the report: the command as a whole, its parts, and nbconvert's own pages of the same notebooks beside it."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
RUNS = 3


def main() -> None:
    """Print medians of seconds, sizes, and how many addresses each page would ask the network for."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        whole = median(lambda: command("report", "-o", out / "report.html", "--overwrite"))
        bare = median(lambda: command("report", "-o", out / "bare.html", "--overwrite", "--no-notebooks"))
        peer = median(lambda: nbconvert(out / "peer"))
        print(f"report of the study that ships, {len(NOTEBOOKS)} notebooks: {whole:.1f} s, {told(out / 'report.html')}")
        print(f"the same without notebooks: {bare:.1f} s, {told(out / 'bare.html')}")
        print(
            f"jupyter nbconvert --to html, notebooks only: {peer:.1f} s, {told(*sorted((out / 'peer').glob('*.html')))}"
        )
        print(f"ratio of times, ours with explorer and tables : nbconvert's {whole / peer:.2f}")
    in_process()


def in_process() -> None:
    """Print how long the page takes once the frames are there."""
    from expert_roundup.output.report import build_report, read_notebook
    from expert_roundup.study import run_study

    frames, pages = run_study().frames, [read_notebook(path) for path in NOTEBOOKS]
    build_report(frames, notebooks=pages)
    page, full = median(lambda: build_report(frames)), median(lambda: build_report(frames, notebooks=pages))
    print(f"building the page in-process: {page:.2f} s, notebooks {full - page:.2f} s more")


def median(call: Callable[[], object]) -> float:
    """Return the median of RUNS times."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def command(*words: object) -> None:
    """Run our command quietly."""
    subprocess.run([sys.executable, "-m", "expert_roundup", *map(str, words), "--quiet"], check=True)


def nbconvert(folder: Path) -> None:
    """Let nbconvert make a page of every notebook."""
    words = ["--to", "html", "--output-dir", str(folder), "--log-level", "ERROR", *map(str, NOTEBOOKS)]
    subprocess.run([sys.executable, "-m", "jupyter", "nbconvert", *words], check=True)


def told(*pages: Path) -> str:
    """Say how large pages are together, and what they would load from elsewhere."""
    loads = re.compile(
        r"""(?:<(?:script|img|iframe|link)[^>]*?(?:src|href)=["']|import\(?["']|url\(["']?)(https?://[^"')]+)"""
    )
    outside = {address for page in pages for address in loads.findall(page.read_text(encoding="utf-8"))}
    size = sum(page.stat().st_size for page in pages)
    return f"{size / 1e6:.1f} MB, {len(outside)} addresses outside"


if __name__ == "__main__":
    main()

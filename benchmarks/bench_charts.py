"""All charts in three formats, as a whole command and chart by chart, beside seaborn's own bar chart.

Run it as `python benchmarks/bench_charts.py`. The peer is what a notebook writes by hand: `seaborn.barplot` of the same
tally, saved as png, svg and pdf; it has no title in words, no intervals, no numbers and no alt text. Goal: every chart
of the first study, clusters included, in three formats within 20 s.
"""

from __future__ import annotations

import argparse
import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from expert_roundup.cli.charts import gather
from expert_roundup.output.charts import chart_files, study_charts
from expert_roundup.output.tables import csv_to_frame, frame_to_csv


def seconds(work: Callable[[], object], *, runs: int = 3) -> float:
    """Median wall time of `runs` calls."""
    found = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return statistics.median(found)


def command(*words: str) -> None:
    """Run the command in a process of its own."""
    subprocess.run([sys.executable, "-m", "expert_roundup", *words], check=True, capture_output=True)


def plain_bars(tally: pd.DataFrame) -> None:
    """A bar chart as a notebook writes it, in three formats."""
    import matplotlib.pyplot as plt
    import seaborn as sns

    figure, axes = plt.subplots(figsize=(12.8, 7.2))
    sns.barplot(tally, x="n_quotes", y="label", ax=axes)
    for form in ("png", "svg", "pdf"):
        figure.savefig(io.BytesIO(), format=form, dpi=150)
    plt.close(figure)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        study, out = str(Path(name) / "study"), str(Path(name) / "charts")
        command("study", "-o", study)
        command("clusters", "--source-terms", "--shuffles", "19", "--no-charts", "-o", study)
        whole = seconds(lambda: command("charts", study, "-o", out, "--overwrite"))
        n = len(list(Path(out).glob("*.png")))
        print(f"command `charts`, {n} charts in png, svg and pdf: {whole:.1f} s (goal 20 s)")
        material = gather(argparse.Namespace(folder=study, quiet=True))
    charts = study_charts(material.frames, source=material.source, options=material.options)
    ours = {chart.name: seconds(lambda chart=chart: list(chart_files(chart))) for chart in charts}
    plain = seconds(lambda: plain_bars(material.frames["tally"]))
    for chart, each in ours.items():
        print(f"{chart}: {each:.2f} s, {each / plain:.1f} times seaborn's bars")
    print(f"seaborn's bars in three formats: {plain:.2f} s")

    rows = pd.DataFrame(
        {"quote_id": [f"Q{i % 5000:04}" for i in range(100_000)], "theme": "goals", "n": range(100_000)}
    )
    written = frame_to_csv(rows)
    csv, peer = seconds(lambda: frame_to_csv(rows)), seconds(lambda: rows.to_csv(index=False))
    print(f"csv of 100,000 rows: {csv:.2f} s, {csv / peer:.1f} times pandas without guard and types")
    csv, peer = seconds(lambda: csv_to_frame(written)), seconds(lambda: pd.read_csv(io.StringIO(written)))
    print(f"read back with its types: {csv:.2f} s, {csv / peer:.1f} times pandas")


if __name__ == "__main__":
    main()

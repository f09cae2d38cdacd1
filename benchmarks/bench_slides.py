"""The deck, as a whole command and by itself, beside as many default charts of python-pptx.

Run it as `python benchmarks/bench_slides.py`. The peer is a deck as one writes it by hand: a title and a default chart
of the tally on each slide; it has no pictures, notes, alt texts, intervals or tables, and other bytes on every run.
Goal: the deck of the first study within 5 s, whole command.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from expert_roundup.cli.charts import gather
from expert_roundup.output.slides import build_deck


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


def plain_deck(tally: pd.DataFrame, n_slides: int) -> None:
    """A deck of default charts."""
    deck = Presentation()
    for _ in range(n_slides):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = "Answers per theme"
        data = CategoryChartData()
        data.categories = list(tally["label"])
        data.add_series("Answers", list(tally["n_quotes"]))
        place = (Inches(1), Inches(2), Inches(8), Inches(5))
        slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data)
    deck.save(io.BytesIO())


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        study, out = str(Path(name) / "study"), str(Path(name) / "deck.pptx")
        command("study", "-o", study)
        whole = seconds(lambda: command("slides", study, "-o", out, "--overwrite"))
        n_slides = len(Presentation(out).slides)
        print(f"command `slides`, {n_slides} slides: {whole:.1f} s (goal 5 s)")
        material = gather(argparse.Namespace(folder=study, quiet=True))
    hashes = {hashlib.sha256(build_deck(material.frames, source=material.source)).hexdigest() for _ in range(2)}
    ours = seconds(lambda: build_deck(material.frames, source=material.source))
    plain = seconds(lambda: plain_deck(material.frames["tally"], n_slides))
    print(f"the deck alone: {ours:.2f} s; two runs, {len(hashes)} hash")
    print(f"{n_slides} default charts of python-pptx: {plain:.2f} s; ratio {ours / plain:.1f}")


if __name__ == "__main__":
    main()

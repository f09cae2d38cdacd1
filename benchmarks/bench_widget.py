"""The coding widget's answer to a click, in a browser, beside a bare button of ipywidgets.

Run it as `python benchmarks/bench_widget.py`; it needs Chromium and starts a JupyterLab of its own on this machine.
Measured from the click to the page after the kernel's answer, which for the widget means: step taken, file written to
the disk (fsync), state sent back, picture changed. The peer does nothing but set a label. Goal: 150 ms in the median.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CLICKS = 61  # odd, so that the last one leaves a theme behind
_FOLDERS = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR", "LAB_WORKSPACES_DIR", "LAB_SETTINGS_DIR")
_PEER = """
import ipywidgets
label, button = ipywidgets.Label("0"), ipywidgets.Button(description="count")
button.on_click(lambda _: setattr(label, "value", str(int(label.value) + 1)))
ipywidgets.VBox([button, label])
"""
_OURS = """
import pandas as pd
from expert_roundup.datasets import load_codebook, load_codings, load_published_tally, load_quotes
from expert_roundup.notebook import code_quotes
quotes = load_quotes()
many = pd.concat([quotes.assign(quote_id=[f"{n}-{name}" for name in quotes["quote_id"]]) for n in range(17)])
first = code_quotes(quotes, load_codebook(), coder="first", path="first.csv", readings=load_codings(),
                    published=load_published_tally())
large = code_quotes(many, load_codebook(), coder="large", path="large.csv")
for quote_id in many["quote_id"][1:]:
    large.give(quote_id, "goals", confidence=0.9) if quote_id.endswith("7") else None
from IPython.display import display
display(first, large)
"""
#: milliseconds of n clicks on a box, each until `answered()` says something new
_TIMED = """
async ([boxOf, answerOf, n]) => {
  const box = document.querySelector(boxOf), times = [];
  const answered = () => document.querySelector(answerOf).textContent;
  for (let at = 0; at < n; at++) {
    const before = answered(), start = performance.now();
    box.click();
    while (answered() === before) await new Promise((done) => setTimeout(done, 1));
    times.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 50));
  }
  return times;
}
"""


@contextmanager
def jupyterlab(root: Path) -> Iterator[str]:
    """A JupyterLab over `root` with nothing of the user's own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER{'' if name.startswith('LAB') else '_'}{name}": str(root / name.lower()) for name in _FOLDERS}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.password=",
        f"--ServerApp.root_dir={root}", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    server = subprocess.Popen(
        command, cwd=root, env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/api/status", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def notebook(*cells: str) -> str:
    """A notebook of code cells."""
    made = [
        {"cell_type": "code", "id": f"c{at}", "source": cell, "metadata": {}, "outputs": [], "execution_count": None}
        for at, cell in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def open_and_run(page: Any, url: str, name: str) -> None:
    """Open a notebook, wait for its kernel, and run it until the widgets are there."""
    page.goto(f"{url}/lab/tree/{name}?reset")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    for _ in range(600):
        kernels = [each["kernel"] for each in json.load(urllib.request.urlopen(f"{url}/api/sessions", timeout=5))]
        if any(kernel["execution_state"] == "idle" and kernel["connections"] for kernel in kernels):
            break
        page.wait_for_timeout(100)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator(".lm-Menu").get_by_role("menuitem", name="Run All Cells").first.click()
    page.locator(".er-coding").nth(1).wait_for(timeout=60_000)
    page.wait_for_timeout(1000)


def told(what: str, times: list[float], peer: float | None = None) -> float:
    """Print median and 95th percentile in milliseconds, and the ratio to the peer; return the median."""
    median, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    ratio = "" if peer is None else f"; {median / peer:.1f} times the bare button"
    print(f"{what}: median {median:.0f} ms, 95 % within {high:.0f} ms{ratio}")
    return median


def main() -> None:
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("bench_widget: skipped, Chromium is not installed")
        return
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as url, sync_playwright() as playwright:
        (Path(folder) / "bench.ipynb").write_text(notebook(_PEER, _OURS), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 1200})
        open_and_run(page, url, "bench.ipynb")
        peer = told("bare button", page.evaluate(_TIMED, [".widget-button", ".widget-label", CLICKS]))
        page.evaluate(
            "[...document.querySelectorAll('.er-coding')].forEach((node, at) => node.classList.add('er-' + at))"
        )
        for at, what in enumerate(("31 quotes, a theme given or taken back", "527 quotes, the same")):
            box, answer = f".er-{at} .er-theme input", f".er-{at} .er-status"
            told(what, page.evaluate(_TIMED, [box, answer, CLICKS]), peer)
        page.locator(".er-0 .er-finish").click()
        page.locator(".er-0 .er-sure button").first.click()
        page.locator(".er-0 .er-comparison img").wait_for(timeout=60_000)
        told(
            "31 quotes, comparison open",
            page.evaluate(_TIMED, [".er-0 .er-theme input", ".er-0 .er-status", CLICKS]),
            peer,
        )
        browser.close()


if __name__ == "__main__":
    main()

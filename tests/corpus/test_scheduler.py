"""A real scheduler and two workers, as processes on loopback: the same dataset, whatever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from expert_roundup.corpus.build import build
from expert_roundup.corpus.dataset import Dataset

#: slows every document down, so that a run is still going when something is killed
HOOK = """
import time, expert_roundup.parsing as parsing
whole = parsing.read_source
def read_source(path, **options):
    time.sleep(0.15)
    return whole(path, **options)
parsing.read_source = read_source
"""


class Machines:
    """Processes of Dask's own commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.env = os.environ | {"PYTHONPATH": str(folder), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command of Dask."""
        with (self.folder / f"{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--no-dashboard"], env=self.env, stdout=log, stderr=log
            )
        self.running.append(process)
        return process

    def scheduler(self) -> tuple[str, subprocess.Popen[bytes]]:
        """Start a scheduler and return its address."""
        place = self.folder / f"scheduler-{len(self.running)}.json"
        process = self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(place))
        for _ in range(300):
            if place.exists() and place.stat().st_size:
                break
            time.sleep(0.1)
        import json

        return json.loads(place.read_text(encoding="utf-8"))["address"], process

    def worker(self, address: str) -> subprocess.Popen[bytes]:
        """Start a worker of one thread."""
        return self.start(
            "worker", address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", "--death-timeout", "30"
        )


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """Machines that are off when the test is over."""
    (tmp_path / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    started = Machines(tmp_path)
    try:
        yield started
    finally:
        for process in started.running:
            process.kill()
            process.wait()


def after_a_part(folder: Path, act: Callable[[], None]) -> threading.Thread:
    """Do something as soon as the first part of a build is there."""

    def wait() -> None:
        for _ in range(600):
            if any(path for path in folder.glob("*.building/parts-*/[!.]*")):
                act()
                return
            time.sleep(0.05)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_whatever_dies_the_dataset_is_the_same(
    dataset: Dataset, sources: list[str], machines: Machines, tmp_path: Path, is_same: Callable[..., bool]
) -> None:
    """The scheduler is killed in the middle, then a worker of the next one: nothing is lost and nothing done twice."""
    address, scheduler = machines.scheduler()
    machines.worker(address)
    machines.worker(address)
    thread = after_a_part(tmp_path, lambda: os.kill(scheduler.pid, signal.SIGKILL))
    with pytest.raises(ConnectionError, match="scheduler went away; what is parsed is kept"):
        build(sources, tmp_path / "d", scheduler=address)
    thread.join()
    assert not (tmp_path / "d").exists()
    kept = len(list(tmp_path.glob("d.building/parts-*/[!.]*")))

    address, _ = machines.scheduler()
    victim = machines.worker(address)
    machines.worker(address)
    thread = threading.Timer(1.0, lambda: os.kill(victim.pid, signal.SIGKILL))
    thread.start()
    report = build(sources, tmp_path / "d", scheduler=address)
    thread.join()
    assert kept >= 1
    assert report.n_new < len(sources)
    assert is_same(dataset, report.dataset)


def test_no_scheduler_is_one_sentence(sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without a scheduler is named, and nothing is left behind."""
    monkeypatch.setattr("expert_roundup.corpus.engine._SECONDS_TO_CONNECT", 1)
    with pytest.raises(ConnectionError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        build(sources, tmp_path / "d", scheduler="tcp://127.0.0.1:9")

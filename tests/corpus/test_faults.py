"""What dies in the middle of a build, and that it costs nothing: workers, scheduler, documents, disk, other builds.

The scheduler and its workers are Dask's own commands, as processes on loopback.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import distributed
import pyarrow.parquet as parquet
import pytest

from expert_roundup.cli import main
from expert_roundup.corpus.build import build
from expert_roundup.corpus.dataset import Dataset, open_dataset
from expert_roundup.corpus.parser_process import _processes, parse, parser_processes
from expert_roundup.parsing import NotARoundup, read_roundup

#: an engine in this process
HERE: dict[str, Any] = {
    "processes": False, "protocol": "tcp", "host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "silence_logs": 50,
}  # fmt: skip
Compare = Callable[[Dataset, Dataset], bool]


class Machines:
    """A scheduler and workers of one thread each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen([sys.executable, "-m", "dask", *words], stdout=log, stderr=log)
        self.running.append(process)
        return process

    def scheduler(self) -> subprocess.Popen[bytes]:
        """Start a scheduler and wait for its address."""
        place = self.folder / f"scheduler-{len(self.running)}.json"
        words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place))
        process = self._start("scheduler", *words)
        wait_for(lambda: place.exists() and place.stat().st_size > 0)
        self.address = json.loads(place.read_text(encoding="utf-8"))["address"]
        return process

    def workers(self) -> list[subprocess.Popen[bytes]]:
        """Start two workers and wait for both: what a build gives out at once goes by how many there are."""
        words = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1", "--death-timeout", "30")
        started = [self._start("worker", self.address, *words) for _ in range(2)]
        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        return started

    def stop(self) -> None:
        """End all of them."""
        for process in self.running:
            process.kill()
        for process in self.running:
            process.wait()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """Machines that are off when the test is over."""
    (tmp_path / "logs").mkdir()
    started = Machines(tmp_path / "logs")
    yield started
    started.stop()


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so; it must be within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def n_parts(place: Path) -> int:
    """Whole parts of a build that is not done."""
    return len(list(place.parent.glob(f"{place.name}.building/parts-*/[!.]*")))


def once(condition: Callable[[], bool], act: Callable[[], object]) -> threading.Thread:
    """Do something as soon as a condition holds, while this thread goes on."""

    def run() -> None:
        wait_for(condition)
        act()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_dead_worker_costs_nothing(
    machines: Machines, dataset: Dataset, sources: list[str], tmp_path: Path, is_same: Compare, gate: Path
) -> None:
    """Killed in the middle of a run: the other one does its work too."""
    machines.scheduler()
    victim, _ = machines.workers()

    def kill() -> None:
        victim.kill()
        victim.wait()
        gate.unlink()

    thread = once(lambda: n_parts(tmp_path / "d") > 0, kill)
    report = build(sources, tmp_path / "d", scheduler=machines.address)
    thread.join()
    assert victim.returncode == -signal.SIGKILL
    assert is_same(dataset, report.dataset)
    assert not list(tmp_path.glob("*.building"))


def test_a_dead_scheduler_costs_nothing(
    machines: Machines, dataset: Dataset, sources: list[str], tmp_path: Path, is_same: Compare, gate: Path
) -> None:
    """Killed in the middle of a run: one sentence, and the next run goes on with what is parsed."""
    place = tmp_path / "d"
    scheduler = machines.scheduler()
    machines.workers()
    thread = once(lambda: n_parts(place) > 0, scheduler.kill)
    with pytest.raises(ConnectionError, match="scheduler went away; what is parsed is kept"):
        build(sources, place, scheduler=machines.address)
    thread.join()
    machines.stop()
    gate.unlink()
    assert not place.exists()
    assert n_parts(place) > 0
    report = build(sources, place, jobs=1)
    assert 0 < report.n_new < len(sources)
    assert is_same(dataset, report.dataset)
    assert not list(tmp_path.glob("*.building"))


def test_a_scheduler_changes_nothing(
    gold: Path, page_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Generated and labelled pages, named relative to the current folder: all that the parser gives, and no more."""
    monkeypatch.chdir(page_folder.parent)
    named = [str(path) for path in sorted(Path(page_folder.name).rglob("*.*"))] + sorted(map(str, gold.glob("*.md")))
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, **HERE) as cluster:
        dataset = build(named, tmp_path / "d", scheduler=cluster.scheduler_address).dataset
    quotes = dataset.read("quotes")
    found = quotes.merge(dataset.read("sources"), on="document").groupby("source")["text"].agg(list).to_dict()
    expected = {}
    for name in named:
        with contextlib.suppress(NotARoundup):
            expected[name] = read_roundup(name).quotes["text"].tolist()
    assert found == expected
    assert set(dataset.read("failures")["source"]) == set(named) - set(expected)


def test_no_scheduler_is_one_sentence(sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without a scheduler is named, and nothing is left behind."""
    monkeypatch.setattr("expert_roundup.corpus.engine._SECONDS_TO_CONNECT", 1)
    with pytest.raises(ConnectionError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        build(sources, tmp_path / "d", scheduler="tcp://127.0.0.1:9")
    assert not (tmp_path / "d").exists()


def test_a_scheduler_without_workers_is_one_sentence(
    sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not waited for without end."""
    monkeypatch.setattr("expert_roundup.corpus.engine._SECONDS_TO_CONNECT", 1)
    with (
        distributed.LocalCluster(n_workers=0, **HERE) as cluster,
        pytest.raises(ConnectionError, match="has no worker; start some first"),
    ):
        build(sources, tmp_path / "d", scheduler=cluster.scheduler_address)


def test_bad_documents_cost_themselves_alone(
    dataset: Dataset, sources: list[str], tmp_path: Path, is_same: Compare
) -> None:
    """Pages that hang, crash, vanish or cannot be read are failures by name."""
    text = Path(sources[-1]).read_text(encoding="utf-8")
    bad = {name: tmp_path / f"{name}.md" for name in ("hangs", "crashes", "vanishes", "folder", "absent")}
    for name in ("hangs", "crashes", "vanishes"):
        bad[name].write_text(f"{text}\nThis is the page that {name}.\n", encoding="utf-8")
    bad["folder"].mkdir()
    report = build([*sources, *map(str, bad.values())], tmp_path / "d", jobs=1, seconds=5)
    failures = report.dataset.read("failures").assign(
        name=lambda rows: rows["source"].map(lambda path: Path(path).stem)
    )
    assert failures.set_index("name")[["kind", "reason"]].T.to_dict("list") == {
        "recipe": ["no_roundup", "no attributed answers found"],
        "hangs": ["time_limit", "it took longer than 5 s to parse"],
        "crashes": ["died", "the process that parsed it died (SIGSEGV)"],
        "vanishes": ["unreadable", os.strerror(errno.ENOENT)],
        "folder": ["unreadable", "not a regular file"],
        "absent": ["unreadable", os.strerror(errno.ENOENT)],
    }
    for table in ("documents", "quotes", "speakers", "near_duplicates"):
        assert dataset.read(table).equals(report.dataset.read(table))

    again = build([*sources, *map(str, bad.values())], tmp_path / "d")
    assert again.n_new == 0, "what will fail again is not tried again unasked"


def test_a_parser_killed_from_outside_is_tried_again(sources: list[str]) -> None:
    """As by a machine out of memory: the document is parsed by the next process."""
    with parser_processes():
        list(parse([(sources[1], "0" * 64)]))
        (process,) = _processes.values()
        os.kill(process.pid, signal.SIGKILL)
        assert next(parse([(sources[1], "0" * 64)]))["failures"][0]["kind"] == "changed"


def test_a_batch_that_is_given_up_leaves_nothing_behind(sources: list[str]) -> None:
    """The next batch of the same thread gets its own answers."""
    tasks = [(source, "0" * 64) for source in sources[:3]]
    with parser_processes():
        given_up = parse(tasks)
        next(given_up)
        given_up.close()
        found = [rows["failures"][0]["source"] for rows in parse(tasks[::-1])]
    assert found == [source for source, _ in tasks[::-1]]


@pytest.mark.parametrize("full", ["parts-", "/new/"])
def test_a_full_disk_is_one_sentence(
    full: str, dataset: Dataset, sources: list[str], tmp_path: Path, is_same: Compare, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """While parts or the dataset are written: exit 1, the dataset of before stays, and the next run ends the work."""
    place = tmp_path / "d"
    words = ["corpus", "build", *sources, "-o", str(place), "--jobs", "1"]
    shutil.copytree(build(sources[:4], tmp_path / "first", jobs=1).dataset.folder, place)
    before = {path: path.read_bytes() for path in place.rglob("*.*")}
    whole = parquet.write_table

    def write_table(table: object, path: Path, **options: object) -> None:
        if full in str(path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        whole(table, path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(parquet, "write_table", write_table)
        assert main(words) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "expert-roundup: No space left on device"
    assert {path: path.read_bytes() for path in place.rglob("*.*")} == before
    report = build(sources, place, jobs=1)
    assert report.n_new == (len(sources) - 4 if full == "parts-" else 0)
    assert is_same(dataset, report.dataset)


def test_of_two_builds_at_once_one_is_refused_and_a_killed_one_is_taken_over(
    dataset: Dataset, sources: list[str], tmp_path: Path, is_same: Compare,
    gate: Path,
) -> None:  # fmt: skip
    """The holder is named; after it is killed the next run goes on with what it had parsed."""
    place = tmp_path / "d"
    words = ["corpus", "build", *sources, "-o", str(place), "--jobs", "2"]
    first = subprocess.Popen([sys.executable, "-m", "expert_roundup", *words], stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: n_parts(place) > 0)
        with pytest.raises(ValueError, match=f"process {first.pid} on .* writes this dataset just now"):
            build(sources, place)
    finally:
        first.kill()
        first.wait()
    gate.unlink()
    kept = n_parts(place)
    report = build(sources, place, jobs=1)
    assert kept > 0
    assert 0 < report.n_new < len(sources)
    assert is_same(dataset, report.dataset)


@pytest.mark.usefixtures("without_engine")
def test_a_worker_of_an_interrupted_run_counts_nothing_twice(
    dataset: Dataset, sources: list[str], tmp_path: Path, is_same: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on beside the next run and writes the documents of that one once more."""
    from expert_roundup.corpus import build as building

    whole = building.write_dataset

    def twice(old: Dataset | None, staged: Path, target: Path, **options: object) -> None:
        for part in list(staged.iterdir()):
            copy = part.with_name(f"{part.name[:20]}-straggler-{part.name[-8:]}")
            copy.mkdir()
            for path in part.iterdir():
                (copy / path.name).write_bytes(path.read_bytes())
        whole(old, staged, target, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(building, "write_dataset", twice)
    assert is_same(dataset, build(sources, tmp_path / "d", jobs=1).dataset)


@pytest.mark.usefixtures("without_engine")
def test_another_schema_version_is_refused_and_rebuilt(dataset: Dataset, sources: list[str], tmp_path: Path) -> None:
    """It is named with both ways out; --rebuild takes the first."""
    place = tmp_path / "d"
    place.mkdir()
    described = json.loads((dataset.folder / "dataset.json").read_text(encoding="utf-8"))
    (place / "dataset.json").write_text(json.dumps(described | {"schema_version": 99}), encoding="utf-8")
    for attempt in (lambda: open_dataset(place), lambda: build(sources, place)):
        with pytest.raises(ValueError, match=r"schema version 99.*--rebuild"):
            attempt()
    assert build(sources[:2], place, rebuild=True, jobs=1).dataset.counts["documents"] > 0

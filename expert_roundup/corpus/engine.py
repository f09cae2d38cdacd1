"""The engine: Dask runs the batches, on the cores of this machine or on a scheduler's workers, by the same calls."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Any

from expert_roundup.corpus.parts import Task, build_part
from expert_roundup.corpus.schema import parser_version

#: the name of a partition, and documents that lie in it
Batch = tuple[str, list[Task]]

#: batches in the hands of each worker thread, so that none waits
_AHEAD = 2
#: seconds in which a scheduler must answer
_SECONDS_TO_CONNECT = 20
_SECONDS_TO_CLOSE = 3
#: seconds between two looks at whether the scheduler is still there
_SECONDS_BETWEEN_LOOKS = 2


@contextlib.contextmanager
def client(scheduler: str | None = None, *, jobs: int | None = None) -> Iterator[Any]:
    """A Dask client: of the scheduler at an address, or of a cluster in this process with a thread a core.

    The threads only wait and write: each hands its documents to a parser process of its own, here as on any worker.

    Raises
    ------
    ConnectionError
        No scheduler answers at the address.
    """
    import dask

    # its own account of a lost connection is a page of traceback; ours is a sentence
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    distributed: Any = importlib.import_module("distributed")

    from expert_roundup.corpus.parser_process import end_processes

    if scheduler is not None:
        try:
            remote = distributed.Client(scheduler, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ConnectionError(f"no Dask scheduler answers at {scheduler} ({type(error).__name__})") from error
        try:
            yield remote
        finally:
            remote.close(timeout=_SECONDS_TO_CLOSE)
        return
    quiet = {"distributed.worker.memory.spill": False, "distributed.worker.memory.target": False,
             "distributed.worker.memory.pause": False, "distributed.worker.memory.terminate": False}  # fmt: skip
    with (
        dask.config.set(quiet),
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=jobs or os.cpu_count() or 1, processes=False, protocol="tcp",
            # named, so that nobody asks the network for an address of this machine
            host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50,
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as local,
    ):  # fmt: skip
        try:
            yield local
        finally:
            end_processes()


def run_batches(engine: Any, batches: Sequence[Batch], folder: str, *, seconds: float) -> Iterator[int]:
    """Build the part of every batch; yield the number of documents of each as it is done.

    A worker that dies takes nothing along: its batch is given to another. A batch that takes worker after worker down
    (the parser process of its own makes that unlikely) ends the run.

    Raises
    ------
    ConnectionError
        The scheduler went away. Parts that are done stay done.
    OSError
        A part cannot be written.
    """
    waiting = iter(batches)
    n_threads = max(1, sum(engine.nthreads().values()))
    running = {_submit(engine, batch, folder, seconds) for batch in _first(waiting, n_threads * _AHEAD)}
    while running:
        for future in _done(engine, running):
            running.remove(future)
            n_documents: int = future.result()
            yield n_documents
            future.release()
            running.update(_submit(engine, batch, folder, seconds) for batch in _first(waiting, 1))


def _done(engine: Any, running: set[Any]) -> set[Any]:
    """Futures that are done, at least one; a ConnectionError when the scheduler is no more."""
    distributed: Any = importlib.import_module("distributed")
    while True:
        try:
            with engine.as_current():
                done: set[Any] = distributed.wait(
                    list(running), timeout=_SECONDS_BETWEEN_LOOKS, return_when="FIRST_COMPLETED"
                ).done
        except (TimeoutError, CancelledError):
            done = set()
        if engine.status != "running" or any(future.status in ("cancelled", "lost") for future in done):
            raise ConnectionError("the Dask scheduler went away; what is parsed is kept, run the same command again")
        if done:
            return done


def _submit(engine: Any, batch: Batch, folder: str, seconds: float) -> Any:
    return engine.submit(build_part, batch[1], batch[0], folder, seconds=seconds, parser=parser_version(), pure=False)


def _first(waiting: Iterator[Batch], n: int) -> Iterator[Batch]:
    for _ in range(n):
        batch = next(waiting, None)
        if batch is None:
            return
        yield batch

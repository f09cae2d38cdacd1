"""The engine: Dask runs the batches, on the cores of this machine or on a scheduler's workers, by the same calls."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from itertools import islice
from typing import Any

from expert_roundup.corpus.document import Task
from expert_roundup.corpus.parts import Order, build_part

#: the name of a partition, and documents that lie in it
Batch = tuple[str, list[Task]]

#: batches in the hands of each worker thread, so that none waits
_AHEAD = 2
#: seconds in which a scheduler must answer, and in which it must have a worker
_SECONDS_TO_CONNECT = 20
_SECONDS_TO_CLOSE = 3
#: seconds between two looks at whether the scheduler is still there
_SECONDS_BETWEEN_LOOKS = 2
#: Dask counts the memory of threads as its own and would pause them, and asks a hundred times a second what they do:
#: they only wait for parser processes; and there is one worker, from which nobody can take work
_IDLE = {f"distributed.worker.memory.{limit}": False for limit in ("spill", "target", "pause", "terminate")} | {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "500ms",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.work-stealing": False,
}
_GONE = "the Dask scheduler went away; what is parsed is kept, run the same command again"


@contextlib.contextmanager
def client(scheduler: str | None = None, *, jobs: int | None = None) -> Iterator[Any]:
    """A Dask client: of the scheduler at an address, or of a cluster in this process with a thread a core.

    The threads only wait and write: each hands its documents to a parser process of its own, here as on any worker.

    Raises
    ------
    ConnectionError
        No scheduler answers at the address, or it has no worker.
    """
    # its own account of a lost connection is a page of traceback; ours is a sentence
    for name in ("distributed", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with _of_scheduler(scheduler) if scheduler else _of_this_machine(jobs or os.cpu_count() or 1) as engine:
        yield engine


@contextlib.contextmanager
def _of_scheduler(address: str) -> Iterator[Any]:
    distributed: Any = importlib.import_module("distributed")
    try:
        remote = distributed.Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConnectionError(f"no Dask scheduler answers at {address} ({type(error).__name__})") from error
    try:
        remote.wait_for_workers(1, timeout=_SECONDS_TO_CONNECT)
        yield remote
    except TimeoutError as error:
        raise ConnectionError(f"the Dask scheduler at {address} has no worker; start some first") from error
    except _lost() as error:  # it may go away in the middle of any call
        raise ConnectionError(_GONE) from error
    finally:
        with contextlib.suppress(TimeoutError, *_lost()):
            remote.close(timeout=_SECONDS_TO_CLOSE)


def _lost() -> tuple[type[BaseException], ...]:
    """What Dask raises when a connection is lost."""
    comm: Any = importlib.import_module("distributed.comm")
    return (CancelledError, asyncio.CancelledError, comm.CommClosedError)


@contextlib.contextmanager
def _of_this_machine(n_threads: int) -> Iterator[Any]:
    import dask

    from expert_roundup.corpus.parser_process import parser_processes

    distributed: Any = importlib.import_module("distributed")
    with (
        dask.config.set(_IDLE),
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=n_threads, processes=False, protocol="tcp",
            # named, so that nobody asks the network for an address of this machine
            host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50,
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as local,
        parser_processes(),
    ):  # fmt: skip
        yield local


def run_batches(engine: Any, batches: Sequence[Batch], order: Order) -> Iterator[int]:
    """Build the part of every batch; yield the number of documents of each as it is done.

    A worker that dies takes nothing along: its batch is given to another. A batch that takes worker after worker down
    (the parser process of its own makes that unlikely) ends the run.

    Raises
    ------
    ConnectionError
        The scheduler went away, or a batch took too many workers down. Parts that are done stay done.
    OSError
        A part cannot be written.
    """
    distributed: Any = importlib.import_module("distributed")
    waiting = iter(batches)
    n_threads = max(1, sum(engine.nthreads().values()))
    running = {_submit(engine, batch, order) for batch in islice(waiting, n_threads * _AHEAD)}
    try:
        while running:
            for future in _done(engine, running):
                running.remove(future)
                n_documents: int = future.result()
                yield n_documents
                future.release()
                running.update(_submit(engine, batch, order) for batch in islice(waiting, 1))
    except _lost() as error:
        raise ConnectionError(_GONE) from error
    except distributed.KilledWorker as error:
        raise ConnectionError(
            f"workers die of a batch, one after the other; what is parsed is kept ({error})"
        ) from error


def _done(engine: Any, running: set[Any]) -> set[Any]:
    """Futures that are done, at least one; a ConnectionError when the scheduler is no more."""
    distributed: Any = importlib.import_module("distributed")
    while True:
        try:
            with engine.as_current():
                done: set[Any] = distributed.wait(
                    list(running), timeout=_SECONDS_BETWEEN_LOOKS, return_when="FIRST_COMPLETED"
                ).done
        except TimeoutError:
            done = set()
        if engine.status != "running" or any(future.status in ("cancelled", "lost") for future in done):
            raise ConnectionError(_GONE)
        if done:
            return done


def _submit(engine: Any, batch: Batch, order: Order) -> Any:
    return engine.submit(build_part, batch[1], batch[0], order, pure=False)

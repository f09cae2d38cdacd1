"""Many sources at once: a process a core, and no file that stops the others."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

#: seconds that one source may take; a page takes some milliseconds
SECONDS_EACH = 120
#: sources in the hands of each process, so that none waits
_AHEAD = 4


def parse_all(sources: Sequence[str], *, jobs: int | None = None, progress: bool = False) -> list[dict[str, Any] | str]:
    """Parse every source; the result of each is what `Roundup.to_json` gives, or a sentence that says why not.

    Parameters
    ----------
    sources
        Paths or addresses.
    jobs
        Number of processes, one a core by default.
    progress
        Show a bar on standard error where that is a terminal.

    Returns
    -------
    list
        One entry per source, in the order of `sources`.
    """
    from tqdm import tqdm

    results: dict[int, dict[str, Any] | str] = {}
    workers = min(jobs or os.cpu_count() or 1, len(sources))
    with tqdm(total=len(sources), disable=None if progress else True, unit="source") as bar:
        for index, result in _in_turn(sources, workers):
            results[index] = result
            bar.update()
    return [results[index] for index in range(len(sources))]


def _in_turn(sources: Sequence[str], workers: int) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Results as they come. When a process dies, whatever was in hand is done again, one source a process."""
    left = list(range(len(sources)))
    while left:
        done: set[int] = set()
        try:
            for index, result in _pooled(sources, left, workers):
                done.add(index)
                yield index, result
            return
        except BrokenProcessPool:
            left = [index for index in left if index not in done]
        # those that may have been in hand; one of them took its process down
        for index in left[: workers * _AHEAD]:
            try:
                yield next(_pooled(sources, [index], 1))
            except BrokenProcessPool:
                yield index, f"{sources[index]}: the process that parsed it died"
        left = left[workers * _AHEAD :]


def _pooled(sources: Sequence[str], indices: Sequence[int], workers: int) -> Iterator[tuple[int, dict[str, Any] | str]]:
    # a forked process would inherit locks and threads of whoever calls
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    context.set_forkserver_preload(["expert_roundup.parsing"])
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts_to_the_parent)
    waiting = iter(indices)
    running: dict[Future[dict[str, Any] | str], int] = {}
    try:
        while True:
            for index in _first(waiting, workers * _AHEAD - len(running)):
                running[pool.submit(parse_source, sources[index], SECONDS_EACH)] = index
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                index = running.pop(future)
                yield index, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _first(waiting: Iterator[int], n: int) -> Iterator[int]:
    for _ in range(n):
        try:
            yield next(waiting)
        except StopIteration:
            return


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def parse_source(source: str, seconds: float = SECONDS_EACH) -> dict[str, Any] | str:
    """What `Roundup.to_json` gives for one source, or a sentence that says why there is nothing."""
    from expert_roundup.cli import _sentence
    from expert_roundup.parsing import read_roundup

    try:
        with _limited(seconds):
            return read_roundup(source).to_json()
    except Exception as error:
        # one bad file never stops the rest, whatever is wrong with it or with us
        text = _sentence(error)
        named = text if isinstance(error, (ValueError, OSError)) else f"{type(error).__name__}: {text}"
        return named if source in named else f"{source}: {named}"


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """A TimeoutError after `seconds`, where the system has an alarm clock."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(*_: object) -> None:
    raise TimeoutError("it takes too long to parse")

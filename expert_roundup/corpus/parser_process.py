"""The parser in a process of its own, so that a document that hangs or crashes it costs that document and no other."""

from __future__ import annotations

import contextlib
import marshal
import signal
import struct
import subprocess
import sys
import threading
import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from typing import IO, Any

from expert_roundup.corpus.document import Rows, Task, failed, read_document

#: seconds that one document may take; a page takes some milliseconds
SECONDS_EACH = 60.0
#: a process takes memory that it has once had; after so many documents a fresh one takes its place
_DOCUMENTS_EACH = 20_000
#: times that a document is tried whose process was killed from outside, such as by a machine out of memory
_TRIES = 2

#: requests that a process has at a time: the one that it works at and the next
_AHEAD = 2

#: source, hash, folder that the source is relative to, seconds
Request = tuple[str, str, str, float]

#: thread -> its parser process; they outlive a task, for a start costs as much as a hundred pages
_processes: dict[threading.Thread, ParserProcess] = {}
#: threads whose work nobody waits for any more: they stop before their next document
_dismissed: weakref.WeakSet[threading.Thread] = weakref.WeakSet()


def parse(tasks: Sequence[Task], *, root: str = "", seconds: float = SECONDS_EACH) -> Iterator[Rows]:
    """Rows of each document, as `read_document` gives them, from the parser process of the calling thread.

    A document that takes longer than `seconds`, or whose process dies, is a failure with its reason.

    Parameters
    ----------
    tasks
        Source and hash of each document.
    root
        Folder that the sources are relative to; by default the current one.
    seconds
        Limit of each document.

    Raises
    ------
    RuntimeError
        The block of `parser_processes` that this thread worked for is over.
    OSError
        The parser does not start in a process of its own.
    """
    thread = threading.current_thread()
    requests = [(source, sha256, root, seconds) for source, sha256 in tasks]
    at = n_tries = 0
    _forget(thread)
    while at < len(requests):
        if thread in _dismissed:
            raise RuntimeError("nobody waits for these documents any more")
        process = _process_of(thread)
        try:
            # the next request waits in the pipe, so that the process does not wait for us
            process.ask(requests[at : at + _AHEAD])
            rows = process.answer()
        except EOFError:
            code = process.end(patience=5)
            _processes.pop(thread, None)
            n_tries += 1
            source, sha256, *_ = requests[at]
            if code == -_ALARM:
                rows = failed(source, sha256, "time_limit", f"it took longer than {seconds:g} s to parse")
            elif n_tries < _TRIES:
                continue
            else:
                rows = failed(source, sha256, "died", f"the process that parsed it died ({_cause(code)})")
        yield rows
        at, n_tries = at + 1, 0


@contextlib.contextmanager
def parser_processes() -> Iterator[None]:
    """End the parser processes of all threads after the block, in the middle of a document if need be."""
    _dismissed.discard(threading.current_thread())
    try:
        yield
    finally:
        _dismissed.update(_processes)
        while _processes:
            _processes.popitem()[1].end()


class ParserProcess:
    """A child process that parses what it is asked to, one document after the other."""

    def __init__(self) -> None:
        """Start it and wait until it is ready; OSError where it does not start."""
        self.n_asked = 0
        self._waiting: deque[Request] = deque()  # asked for and not answered
        # -c, not -m: the package's own start-up, and no second copy of this module
        code = "from expert_roundup.corpus.parser_process import serve; serve()"
        self._popen = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        assert self._popen.stdout is not None
        try:
            _receive(self._popen.stdout)
        except EOFError:
            code = _cause(self.end(patience=5))
            # not a failure of documents: every one would share it
            raise OSError(f"the parser does not start in a process of its own ({code})") from None

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._popen.pid

    @property
    def is_busy(self) -> bool:
        """Whether it was asked for more than was taken from it."""
        return bool(self._waiting)

    def ask(self, requests: Sequence[Request]) -> None:
        """Send those of the requests that it does not know yet; EOFError when the process is no more."""
        assert self._popen.stdin is not None
        for request in requests[len(self._waiting) :]:
            self._waiting.append(request)
            self.n_asked += 1
            try:
                _send(self._popen.stdin, request)
            except BrokenPipeError as error:
                raise EOFError from error

    def answer(self) -> Rows:
        """Wait for the rows of the oldest request; EOFError when the process is no more."""
        assert self._popen.stdout is not None
        rows: Rows = _receive(self._popen.stdout)
        self._waiting.popleft()
        return rows

    def end(self, *, patience: float = 0) -> int:
        """Kill it, if it does not end by itself within so many seconds, and return its exit code."""
        try:
            code = self._popen.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            code = self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        return code


def serve() -> None:
    """Parse what standard input asks for until it ends: the main loop of the child."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # whatever a library prints must not mix with the answers
    sys.stdout = sys.stderr
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _ALARM:
        # the system's own action ends the process wherever it is, in C code too
        signal.signal(_ALARM, signal.SIG_DFL)
    _warm_up()
    _send(answers, "ready")
    while True:
        try:
            source, sha256, root, seconds = _receive(requests)
        except EOFError:
            return
        _set_alarm(seconds)
        rows = read_document(source, sha256=sha256, root=root)
        _set_alarm(0)
        try:
            _send(answers, rows)
        except BrokenPipeError:
            return


def _warm_up() -> None:
    """Load what parsing loads at its first document, so that this does not count against the time of that one."""
    from expert_roundup.corpus.duplicates import minhash
    from expert_roundup.parsing import read_roundup
    from expert_roundup.parsing.source import source_from_bytes

    minhash("")
    # this is no roundup; and a parser that fails here will fail at documents, where its faults are named
    with contextlib.suppress(Exception):
        read_roundup(source_from_bytes(b"Nobody says anything here.", "nothing.md"))


#: the alarm's signal, 0 where the system has none (Windows): no time limit there
_ALARM = int(getattr(signal, "SIGALRM", 0))


def _set_alarm(seconds: float) -> None:
    if _ALARM:
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _forget(thread: threading.Thread) -> None:
    """End the thread's process if it still works at documents of a batch that was given up."""
    process = _processes.get(thread)
    if process is not None and process.is_busy:
        process.end()
        _processes.pop(thread)


def _process_of(thread: threading.Thread) -> ParserProcess:
    process = _processes.get(thread)
    if process is not None and process.n_asked >= _DOCUMENTS_EACH:
        process.end()
        process = None
    if process is None:
        process = _processes[thread] = ParserProcess()
    return process


def _send(pipe: IO[bytes], message: Any) -> None:
    # rows are plain lists and texts, for which this is twice as fast as pickle
    data = marshal.dumps(message)
    pipe.write(struct.pack(">Q", len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    size = pipe.read(8)
    if len(size) < 8:
        raise EOFError
    data = pipe.read(struct.unpack(">Q", size)[0])
    if len(data) < struct.unpack(">Q", size)[0]:
        raise EOFError
    return marshal.loads(data)  # noqa: S302 - from our own child


def _cause(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"

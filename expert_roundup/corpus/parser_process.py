"""The parser in a process of its own, so that a document that hangs or crashes it costs that document and no other."""

from __future__ import annotations

import pickle
import signal
import struct
import subprocess
import sys
import threading
from typing import IO, Any

from expert_roundup.corpus.document import Rows, failed, read_document

#: seconds that one document may take; a page takes some milliseconds
SECONDS_EACH = 60.0
#: a process takes memory that it has once had; after so many documents a fresh one takes its place
_DOCUMENTS_EACH = 5_000
#: times that a document is tried whose process was killed from outside, such as by a machine out of memory
_TRIES = 2

#: thread -> its parser process; they outlive a task, for a start costs as much as a hundred pages
_processes: dict[int, ParserProcess] = {}


def parse(path: str, sha256: str, *, seconds: float = SECONDS_EACH) -> Rows:
    """Rows of one document, as `read_document` gives them, from the parser process of the calling thread.

    A document that takes longer than `seconds`, or whose process dies, is a failure with its reason.
    """
    code = 0
    for _ in range(_TRIES):
        process = _process()
        try:
            return process.ask((path, sha256, seconds))
        except EOFError:
            code = process.end()
            del _processes[threading.get_ident()]
        if code == -_ALARM:
            return failed(path, sha256, "time_limit", f"it took longer than {seconds:g} s to parse")
    return failed(path, sha256, "died", f"the process that parsed it died ({_cause(code)})")


def end_processes() -> None:
    """End the parser processes of all threads, when no thread parses any more."""
    while _processes:
        _processes.popitem()[1].end()


class ParserProcess:
    """A child process that parses what it is asked to, one document after the other."""

    def __init__(self) -> None:
        self.n_asked = 0
        # -c, not -m: the package's own start-up, and no second copy of this module
        code = "from expert_roundup.corpus.parser_process import serve; serve()"
        self._popen = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._popen.pid

    def ask(self, request: tuple[str, str, float]) -> Rows:
        """Send a request and wait for its rows; EOFError when the process is no more."""
        self.n_asked += 1
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        try:
            _send(self._popen.stdin, request)
        except BrokenPipeError as error:
            raise EOFError from error
        rows: Rows = _receive(self._popen.stdout)
        return rows

    def end(self) -> int:
        """Close its input, which ends it, and return its exit code."""
        for pipe in (self._popen.stdin, self._popen.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except BrokenPipeError:
                continue
        try:
            return self._popen.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            return self._popen.wait()


def serve() -> None:
    """Parse what standard input asks for until it ends: the main loop of the child."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # whatever a library prints must not mix with the answers
    sys.stdout = sys.stderr
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _ALARM:
        # the system's own action ends the process wherever it is, in C code too
        signal.signal(_ALARM, signal.SIG_DFL)
    while True:
        try:
            path, sha256, seconds = _receive(requests)
        except EOFError:
            return
        _set_alarm(seconds)
        rows = read_document(path, sha256=sha256)
        _set_alarm(0)
        try:
            _send(answers, rows)
        except BrokenPipeError:
            return


#: the alarm's signal, 0 where the system has none (Windows): no time limit there
_ALARM = int(getattr(signal, "SIGALRM", 0))


def _set_alarm(seconds: float) -> None:
    if _ALARM:
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _process() -> ParserProcess:
    thread = threading.get_ident()
    process = _processes.get(thread)
    if process is not None and process.n_asked >= _DOCUMENTS_EACH:
        process.end()
        process = None
    if process is None:
        process = _processes[thread] = ParserProcess()
    return process


def _send(pipe: IO[bytes], message: Any) -> None:
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(struct.pack(">Q", len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    size = pipe.read(8)
    if len(size) < 8:
        raise EOFError
    data = pipe.read(struct.unpack(">Q", size)[0])
    if len(data) < struct.unpack(">Q", size)[0]:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - from our own child


def _cause(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"

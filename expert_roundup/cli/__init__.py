"""The command `expert-roundup`: one module a command, imported only when that command is called."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence

_Run = Callable[[argparse.Namespace], int]

#: command -> (module of this package, what it does in one line); the order is the order of the help page
COMMANDS: dict[str, tuple[str, str]] = {
    "parse": ("parse", "who said what: quotes, roster, questions and the published tally of a roundup"),
    "study": ("study", "the whole study: quotes, tally, agreement, reconstruction and charts in one folder"),
    "tally": ("tally", "count the themes of a reading beside the published totals"),
    "agreement": ("agreement", "how far coders agree, with intervals"),
    "reconstruct": ("reconstruct", "the most plausible coding behind published totals, cell by cell"),
    "norms": ("norms", "what the advice prescribes and forbids, sentence by sentence"),
    "clusters": ("clusters", "groups of wording, with language and length audited first"),
    "charts": ("charts", "charts of a study as png, svg and pdf, with their numbers and alt texts"),
    "slides": ("slides", "a deck with native, editable charts"),
    "report": ("report", "one self-contained page: notebooks and a quote explorer"),
    "merge": ("merge", "join the codings of several coders and report conflicts"),
    "suggest": ("suggest", "machine suggestions of themes, kept apart from readings"),
    "start": ("start", "lay out a study folder for a roundup of your own"),
    "corpus": ("corpus", "many roundups: build, tally, norms, suggest, clusters, sample"),
    "qda": ("qda", "exchange with QualCoder, ATLAS.ti, NVivo and MAXQDA (REFI-QDA)"),
}


#: a module that only an extra brings -> that extra
EXTRAS: dict[str, str] = {
    "dask": "corpus", "datasketch": "corpus", "distributed": "corpus", "pyarrow": "corpus",
    "anywidget": "notebooks", "ipywidgets": "notebooks", "jupyterlab": "notebooks",
    "nbconvert": "notebooks", "nbformat": "notebooks", "papermill": "notebooks",
}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: the process's own) and return the exit code.

    0 done; 1 the input is no roundup, missing, unreadable or unusable; 2 wrong usage; 130 interrupted.
    """
    if argv is None:
        _prepare_process()
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        args, run = parse_words(words)
        code = run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("expert-roundup: interrupted, nothing half-written", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # the reader of our output went away (`| head`); point stdout at nothing so that the exit is silent
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, OSError, ImportError, MemoryError, RecursionError) as error:
        if _is_fault_of_ours(error):
            raise
        print(f"expert-roundup: {_sentence(error)}", file=sys.stderr)
        return 1
    return code


def _prepare_process() -> None:
    """Let a polite kill end like Ctrl+C, and results leave as UTF-8 whatever the locale."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a terminal gets what it can show; a file or a pipe gets the same bytes on every machine
        on_terminal = sys.stdout.isatty()
        sys.stdout.reconfigure(
            encoding=None if on_terminal else "utf-8", errors="replace" if on_terminal else "strict", newline="\n"
        )


def parse_words(words: Sequence[str]) -> tuple[argparse.Namespace, _Run]:
    """Return the arguments in the words of a command line, and the called command's `run`.

    Raises
    ------
    SystemExit
        With code 2 on wrong usage, 0 after help or version was printed.
    """
    # only the called command's module is loaded, and only that command has arguments
    called = next((word for word in words if not word.startswith("-")), None)
    parser = argparse.ArgumentParser(
        prog="expert-roundup", description="Turn an expert roundup into quotes, themes, a tally and charts."
    )
    parser.add_argument("--version", action=_Version, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    run: _Run = _no_command
    for name, (module, line) in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=line[0].upper() + line[1:] + ".")
        if name == called:
            wing = importlib.import_module(f"expert_roundup.cli.{module}")
            wing.add_arguments(command)
            run = wing.run
    return parser.parse_args(words), run


class _Version(argparse.Action):
    """Look the version up only when asked: that costs 30 ms, a third of every other start."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from expert_roundup.datasets import version

        print(f"{parser.prog} {version()}")
        parser.exit()


def _is_fault_of_ours(error: BaseException) -> bool:
    """Whether this is a bug that deserves its traceback: a module of ours, or of the core, that is not there."""
    module = error.name if isinstance(error, ImportError) else None
    return module is not None and module.partition(".")[0] not in EXTRAS


def _sentence(error: BaseException) -> str:
    """An error in one plain sentence, naming the file where the system knows it."""
    if isinstance(error, ImportError) and (extra := EXTRAS.get((error.name or "").partition(".")[0])):
        return f'this needs the extra "{extra}" (module {error.name}): pip install "expert-roundup[{extra}]"'
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if isinstance(error, MemoryError):
        return "the input is too large for this machine's memory"
    if isinstance(error, RecursionError):
        return "the input is nested too deeply"
    return str(error) or type(error).__name__


def _no_command(args: argparse.Namespace) -> int:
    raise AssertionError(f"argparse lets no call through without a command: {args}")

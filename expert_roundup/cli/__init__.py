"""The command `expert-roundup`: one module a command, imported only when that command is called."""

from __future__ import annotations

import argparse
import importlib
import os
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


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: the process's own) and return the exit code.

    0 done; 1 the input is no roundup, missing, unreadable or unusable; 2 wrong usage; 130 interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    name = next((word for word in words if not word.startswith("-")), None)
    try:
        parser, run = _parser(name if name in COMMANDS else None)
        args = parser.parse_args(words)
        code: int = run(args)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("expert-roundup: interrupted, nothing half-written", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # the reader of our output went away (`| head`); point stdout at nothing so that the exit is silent
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, OSError, ImportError, MemoryError, RecursionError) as error:
        print(f"expert-roundup: {_sentence(error)}", file=sys.stderr)
        return 1


def _parser(called: str | None) -> tuple[argparse.ArgumentParser, _Run]:
    """The parser with the arguments of the called command only, and that command's `run`."""
    from expert_roundup.datasets import version

    parser = argparse.ArgumentParser(
        prog="expert-roundup", description="Turn an expert roundup into quotes, themes, a tally and charts."
    )
    parser.add_argument("--version", action="version", version=f"expert-roundup {version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    run: _Run = _no_command
    for name, (module, line) in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=line[0].upper() + line[1:] + ".")
        if name == called:
            wing = importlib.import_module(f"expert_roundup.cli.{module}")
            wing.add_arguments(command)
            run = wing.run
    return parser, run


def _sentence(error: BaseException) -> str:
    """An error in one plain sentence, naming the file where the system knows it."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if isinstance(error, MemoryError):
        return "the input is too large for this machine's memory"
    if isinstance(error, RecursionError):
        return "the input is nested too deeply"
    return str(error) or type(error).__name__


def _no_command(args: argparse.Namespace) -> int:
    raise AssertionError(f"argparse lets no call through without a command: {args}")

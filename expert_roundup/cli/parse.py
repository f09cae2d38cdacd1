"""`expert-roundup parse`: who said what, in one source or in many."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from expert_roundup.cli.options import add_output_options, emit, remark

#: failures that are named at the end of a batch
_MOST_NAMED = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `parse`."""
    parser.add_argument(
        "source",
        nargs="+",
        metavar="SOURCE",
        help="path, URL or - (standard input); several, a folder or a glob need -o",
    )
    parser.add_argument("--text", metavar="FILE", help="also write the text that offsets index")
    parser.add_argument(
        "--explain", action="store_true", help="say on standard error what was tried, taken and left over"
    )
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="processes for many sources (default: one a core)")
    add_output_options(parser)
    parser.set_defaults(wrong_usage=parser.error)


def run(args: argparse.Namespace) -> int:
    """Parse and print one source, or parse many into one file."""
    from expert_roundup.cli.sources import is_many, listed

    if not is_many(args.source):
        return _parse_one(args)
    if not args.out:
        args.wrong_usage("several sources, a folder or a glob need -o FILE")
    if args.text or args.explain:
        args.wrong_usage("--text and --explain go with one source")
    if args.format == "table":
        args.wrong_usage("many sources are written as json (JSON Lines) or csv, not as a table")
    return _parse_many(args, listed(args.source))


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1, not {text!r}")
    return int(text)


def _parse_one(args: argparse.Namespace) -> int:
    from expert_roundup.parsing import NotARoundup, read_roundup, read_source

    source = read_source(args.source[0])
    if args.text:
        from expert_roundup.output.files import save_text

        remark(args, f"written: {save_text(args.text, source.text, overwrite=args.overwrite)}")
    try:
        roundup = read_roundup(source)
    except NotARoundup:
        _explain(args, source, None)
        raise
    _explain(args, source, roundup)
    ending = (args.out or "").rpartition(".")[2].lower()
    if args.format is None and ending in ("jsonl", "ndjson"):
        return _save(args, _line(roundup.to_json()))
    if args.format == "json" or (args.format is None and ending == "json"):
        # not by emit, which loads pandas, half of the time that a start takes
        text = json.dumps(roundup.to_json(), ensure_ascii=False, indent=1) + "\n"
        return _save(args, text) if args.out else _show(text)
    return emit(args, roundup.quotes)


def _show(text: str) -> int:
    sys.stdout.write(text)
    return 0


def _explain(args: argparse.Namespace, source: Any, roundup: Any) -> None:
    if args.explain:
        from expert_roundup.parsing.answers import parse_document
        from expert_roundup.parsing.explanation import explain

        # asked for, so --quiet does not hide it
        sys.stderr.write(explain(parse_document(source), roundup))


def _parse_many(args: argparse.Namespace, sources: Sequence[str]) -> int:
    from expert_roundup.cli.batch import parse_all
    from expert_roundup.output.files import check_free

    check_free(args.out, overwrite=args.overwrite)
    style = args.format or ("csv" if args.out.lower().endswith(".csv") else "json")
    parsed = parse_all(sources, jobs=args.jobs, progress=not args.quiet)
    done = [(source, result) for source, result in zip(sources, parsed, strict=True) if not isinstance(result, str)]
    failed = [result for result in parsed if isinstance(result, str)]
    if done:
        _save(args, "".join(_line(result) for _, result in done) if style == "json" else _table(done))
    # failures are part of the answer, so --quiet does not hide them
    for sentence in failed[:_MOST_NAMED]:
        print(f"failed: {sentence}", file=sys.stderr)
    if len(failed) > _MOST_NAMED:
        print(f"failed: and {len(failed) - _MOST_NAMED} more", file=sys.stderr)
    print(f"{len(done)} of {len(sources)} sources parsed, {len(failed)} failed", file=sys.stderr)
    return 1 if failed else 0


def _line(result: dict[str, Any]) -> str:
    return json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n"


def _table(done: Sequence[tuple[str, dict[str, Any]]]) -> str:
    """All quotes as csv, the source in front."""
    import pandas as pd

    from expert_roundup.output.tables import frame_to_csv

    frame = pd.DataFrame([{"source": source} | row for source, result in done for row in result["quotes"]])
    return frame_to_csv(frame.assign(is_on_roster=frame["is_on_roster"].astype("boolean")))


def _save(args: argparse.Namespace, text: str) -> int:
    from expert_roundup.output.files import save_text

    remark(args, f"written: {save_text(args.out, text, overwrite=args.overwrite)}")
    return 0

"""`expert-roundup parse`: who said what."""

from __future__ import annotations

import argparse

from expert_roundup.cli.options import add_output_options, emit, remark


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `parse`."""
    parser.add_argument("source", nargs="+", metavar="SOURCE", help="path, URL or - (standard input); several, a folder or a glob need -o")
    parser.add_argument("--text", metavar="FILE", help="also write the text that offsets index")
    parser.add_argument("--explain", action="store_true", help="say on standard error how the layout was chosen")
    add_output_options(parser)


def run(args: argparse.Namespace) -> int:
    """Parse one source and print it."""
    from expert_roundup.parsing import read_roundup

    roundup = read_roundup(args.source[0])
    if args.text:
        from expert_roundup.output.files import save_text

        save_text(args.text, roundup.source.text, overwrite=args.overwrite)
    for note in roundup.notes:
        remark(args, note)
    if args.format == "json" or (args.out or "").endswith(".json"):
        return emit(args, roundup.to_json())
    return emit(args, roundup.quotes)

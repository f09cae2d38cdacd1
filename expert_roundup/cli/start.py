"""`expert-roundup start`: lay out a study folder for a roundup of your own."""

from __future__ import annotations

import argparse

from expert_roundup.cli.options import remark


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `start`."""
    parser.add_argument("source", metavar="SOURCE", help="path or URL of a roundup")
    parser.add_argument("-o", "--out", metavar="FOLDER", required=True, help="the study folder to make")
    parser.add_argument("--coder", metavar="NAME", default="me", help="who codes in its notebooks (default: me)")
    parser.add_argument(
        "--overwrite", action="store_true", help="move a folder that is there aside, to FOLDER.1; nothing is deleted"
    )
    parser.add_argument("--quiet", action="store_true", help="no remarks on standard error")


def run(args: argparse.Namespace) -> int:
    """Lay out the folder, print the roster check and say what comes next."""
    from expert_roundup.starting import start_study

    started = start_study(args.source, args.out, coder=args.coder, overwrite=args.overwrite)
    print("\n".join(started.check))
    if started.moved is not None:
        remark(args, f"what stood there is now {started.moved}")
    for text in started.remarks:
        remark(args, text)
    remark(args, "\n".join([f"written: {args.out}", "next:", *(f"  {line}" for line in started.next_commands)]))
    return 0

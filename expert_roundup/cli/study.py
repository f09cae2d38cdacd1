"""`expert-roundup study`: the whole study in one folder."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from expert_roundup.cli.options import FORMATS, add_seed, render

if TYPE_CHECKING:
    import pandas as pd


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `study`."""
    parser.add_argument(
        "source", nargs="?", metavar="SOURCE|FOLDER", help="a roundup, or a study folder; default: the study that ships"
    )
    parser.add_argument(
        "-o", "--out", metavar="FOLDER", default="reports", help="folder to write to (default: reports)"
    )
    parser.add_argument("--codebook", metavar="FILE", help="yaml or csv instead of the study's own")
    parser.add_argument(
        "--codings", metavar="FILE", action="append", default=[], help="may be repeated: they are merged"
    )
    parser.add_argument("--published", metavar="FILE", help="csv of published totals instead of those in the source")
    parser.add_argument("--format", choices=FORMATS[:-1], default="table", help="of the printed tally")
    parser.add_argument("--overwrite", action="store_true", help="replace results that exist")
    parser.add_argument("--quiet", action="store_true", help="no progress and remarks on standard error")
    add_seed(parser)


def run(args: argparse.Namespace) -> int:
    """Run the study, write its folder and print the tally beside the published one."""
    from expert_roundup.study import analyse, load_study, save_study, summary

    study = load_study(args.source, codebook=args.codebook, codings=args.codings, published=args.published)
    study = analyse(study, seed=args.seed, progress=not args.quiet)
    paths = save_study(study, args.out, overwrite=args.overwrite)
    sys.stdout.write(render(_shown(study.frames, args.format), args.format))
    if not args.quiet:
        print("\n".join(["", *summary(study), "", "Written:", *(f"  {path}" for path in paths)]), file=sys.stderr)
    return 0


def _shown(frames: dict[str, pd.DataFrame], style: str) -> pd.DataFrame:
    """The tally, on the screen without the columns that a reader there does not need; without codings the quotes."""
    if "tally" not in frames:
        return frames["quotes"].drop(columns=["text", "links"], errors="ignore")
    tally = frames["tally"]
    return tally if style != "table" else tally.drop(columns=["theme", "share"])

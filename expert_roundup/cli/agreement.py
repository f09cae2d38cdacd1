"""`expert-roundup agreement`: how far coders agree, with intervals."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from expert_roundup.cli.options import add_output_options, add_seed, emit, remark

if TYPE_CHECKING:
    pass


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `agreement`."""
    from expert_roundup.coding.agreement.names import COEFFICIENTS, DEFAULT_COEFFICIENTS, INTERVALS

    parser.add_argument("codings", metavar="CODINGS", help="csv: quote_id, theme, coder, confidence, start, end, ...")
    parser.add_argument("--codebook", metavar="FILE", help="themes and their order; default: as the codings name them")
    parser.add_argument(
        "--coefficient",
        action="append",
        choices=COEFFICIENTS,
        metavar="NAME",
        help=f"may be repeated; one of {', '.join(COEFFICIENTS)} (default: {' and '.join(DEFAULT_COEFFICIENTS)})",
    )
    parser.add_argument(
        "--coder", action="append", metavar="NAME", help="compare these coders only; may be repeated (default: all)"
    )
    parser.add_argument("--interval", choices=INTERVALS, default="percentile", help="kind of 95 %% bootstrap interval")
    parser.add_argument(
        "--resamples", type=_count, default=1000, metavar="N", help="bootstrap resamples of the quotes (default 1000)"
    )
    parser.add_argument("--leave-one-out", action="store_true", help="add the values with each coder left out")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--disagreements", action="store_true", help="list the disagreements instead, the costliest first"
    )
    instead.add_argument(
        "--evidence", action="store_true", help="say instead how far the evidence of every two coders overlaps"
    )
    parser.add_argument("--quotes", metavar="FILE", help="csv of the quotes, for their text beside --disagreements")
    parser.add_argument("--note", metavar="TEXT", help="what to say right beside the number, on standard error")
    add_seed(parser)
    add_output_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print or save the agreement frame, the disagreements or the overlap of evidence; return the exit code."""
    from expert_roundup.coding.agreement import (
        DEFAULT_COEFFICIENTS,
        agreement,
        disagreements,
        evidence_overlap,
        interpretation,
    )
    from expert_roundup.coding.codebook import read_codebook
    from expert_roundup.coding.codings import read_codings
    from expert_roundup.coding.quotes import read_quotes_csv

    codings = read_codings(args.codings)
    codebook = read_codebook(args.codebook) if args.codebook else None
    if args.disagreements:
        quotes = read_quotes_csv(args.quotes) if args.quotes else None
        return emit(args, disagreements(codings, quotes, codebook=codebook, coders=args.coder))
    if args.evidence:
        return emit(args, evidence_overlap(codings, codebook=codebook, coders=args.coder))
    frame = agreement(
        codings,
        codebook=codebook,
        coefficients=args.coefficient or DEFAULT_COEFFICIENTS,
        coders=args.coder,
        n_resamples=args.resamples,
        interval=args.interval,
        leave_one_out=args.leave_one_out,
        seed=args.seed,
        progress=not args.quiet,
    )
    code = emit(args, frame)
    remark(args, interpretation(frame, note=args.note or _shipped_note(args.codings)))
    return code


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 up, not {text!r}")
    return int(text)


def _shipped_note(path: str) -> str:
    """What must stand beside the agreement of the codings that ship, wherever a copy of them lies."""
    from expert_roundup.coding.agreement import MACHINE_ASSISTED
    from expert_roundup.datasets import data_path

    try:
        shipped = data_path("codings.csv").read_bytes()
    except FileNotFoundError:
        return ""
    return MACHINE_ASSISTED if Path(path).read_bytes() == shipped else ""

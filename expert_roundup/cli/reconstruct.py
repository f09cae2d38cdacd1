"""`expert-roundup reconstruct`: the most plausible coding behind published totals, cell by cell."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from expert_roundup.cli.options import add_output_options, add_seed, emit, remark

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.coding.reconstruction import Options


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `reconstruct`."""
    parser.add_argument("codings", metavar="CODINGS", help="csv: quote_id, theme, coder, confidence, ...")
    parser.add_argument("--published", metavar="FILE", required=True, help="csv: theme (or label), n_published")
    parser.add_argument("--codebook", metavar="FILE", help="order of the themes, and which label is which theme")
    limits = parser.add_argument_group("what a coding must meet")
    limits.add_argument("--min-themes", type=_count, default=1, metavar="N", help="themes a quote (default 1)")
    limits.add_argument("--max-themes", type=_count, default=4, metavar="N", help="themes a quote (default 4)")
    limits.add_argument(
        "--error",
        type=_named_count,
        action="append",
        metavar="[THEME=]N",
        help="how far published totals may be off, for all themes or for one; may be repeated (default 0)",
    )
    limits.add_argument("--fix", metavar="FILE", help="known cells, csv: quote_id, theme, is_coded")
    limits.add_argument("--quote-bounds", metavar="FILE", help="csv: quote_id, min_themes, max_themes")
    limits.add_argument("--theme-bounds", metavar="FILE", help="csv: theme, min_quotes, max_quotes")
    readings = parser.add_argument_group("how readings count")
    readings.add_argument(
        "--floor", type=float, default=0.01, metavar="P", help="confidences stay this far from 0 and 1 (default 0.01)"
    )
    readings.add_argument(
        "--coder-weight",
        type=_named_weight,
        nargs="+",
        action="extend",
        metavar="CODER=W",
        help="weight of a coder in the mean (default 1 each)",
    )
    parser.add_argument(
        "--within", type=_loss, default=1.0, metavar="D", help="count codings that lose at most D (default 1)"
    )
    parser.add_argument("--draws", type=_count, default=1000, metavar="N", help="draws a chain, even (default 1000)")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--next-reading", action="store_true", help="say instead which quote to read again first")
    instead.add_argument("--convergence", action="store_true", help="say instead how well the draws agree, by cell")
    instead.add_argument(
        "--floor-sensitivity", action="store_true", help="show instead the reconstructions with floors .001, .01, .05"
    )
    add_seed(parser)
    add_output_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print or save the reconstruction frame, or what was asked for instead; return the exit code."""
    from expert_roundup.coding.codings import read_codings
    from expert_roundup.coding.published import read_published_tally
    from expert_roundup.coding.reconstruction import (
        NOT_THE_AUTHORS,
        convergence,
        floor_sensitivity,
        next_reading,
        pose,
        remarks,
        solve,
    )

    codings = read_codings(args.codings)
    options = _options(args)
    published = read_published_tally(args.published, codebook=options["codebook"])
    options["error"] = _errors(args.error or [], published)
    if args.floor_sensitivity:
        floors = floor_sensitivity(
            codings, published, seed=args.seed, n_draws=args.draws, progress=not args.quiet, **options
        )
        code = emit(args, floors)
        remark(args, NOT_THE_AUTHORS)
        return code
    solution = solve(pose(codings, published, **options), seed=args.seed, n_draws=args.draws, progress=not args.quiet)
    if args.convergence:
        frame = convergence(solution)
    elif args.next_reading:
        frame = next_reading(solution, seed=args.seed, progress=not args.quiet)
    else:
        frame = solution.to_frame()
    code = emit(args, frame)
    for sentence in [] if args.quiet else remarks(solution, codings, within=args.within):
        remark(args, sentence)
    return code


def _options(args: argparse.Namespace) -> Options:
    from expert_roundup.coding.codebook import read_codebook
    from expert_roundup.coding.csv_input import read_table

    def table(
        path: str | None, argument: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> pd.DataFrame | None:
        return read_table(path, required=required, optional=optional, argument=argument) if path else None

    return {
        "codebook": read_codebook(args.codebook) if args.codebook else None,
        "min_themes": args.min_themes,
        "max_themes": args.max_themes,
        "quote_bounds": table(args.quote_bounds, "quote bounds", ("quote_id", "min_themes", "max_themes")),
        "theme_bounds": table(args.theme_bounds, "theme bounds", ("theme", "min_quotes", "max_quotes")),
        "fixed": table(args.fix, "fixed cells", ("quote_id", "theme"), ("is_coded",)),
        "coder_weights": dict(args.coder_weight or []),
        "floor": args.floor,
    }


def _errors(given: list[tuple[str, int]], published: pd.DataFrame) -> dict[str, int]:
    """Error of every theme: what was given for all of them, then what was given for single ones."""
    for_all = [number for theme, number in given if not theme]
    by_theme = dict.fromkeys(published["theme"], for_all[-1] if for_all else 0)
    return by_theme | {theme: number for theme, number in given if theme}


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number from 0, not {text!r}")
    return int(text)


def _loss(text: str) -> float:
    try:
        loss = float(text)
    except ValueError:
        loss = -1.0
    if not 0 <= loss < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number from 0, not {text!r}")
    return loss


def _named_count(text: str) -> tuple[str, int]:
    name, _, number = text.rpartition("=")
    return name.strip(), _count(number.strip())


def _named_weight(text: str) -> tuple[str, float]:
    name, equals, number = text.rpartition("=")
    try:
        return name.strip(), float(number) if equals and name.strip() else float("not a number given")
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be CODER=WEIGHT, not {text!r}") from None

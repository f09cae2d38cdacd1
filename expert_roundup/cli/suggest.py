"""`expert-roundup suggest`: themes by machine, kept apart from readings."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from expert_roundup.cli.options import add_output_options, add_seed, codebook_of, emit, remark

if TYPE_CHECKING:
    import pandas as pd


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `suggest`."""
    parser.add_argument("quotes", metavar="QUOTES.csv", help="csv: quote_id, text; start, end if known")
    parser.add_argument(
        "--codebook",
        metavar="FILE",
        help="yaml or csv; default: codebook.yaml beside QUOTES.csv, else the one of the first study",
    )
    parser.add_argument(
        "--examples", metavar="CODINGS", help="csv of codings of some of these quotes, to learn words from"
    )
    parser.add_argument(
        "--terms", metavar="FILE", help="csv: theme, term; words of your own, needed beside English and Russian"
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--against", metavar="CODINGS", help="compare with a reading: precision, recall, F1 by theme")
    instead.add_argument(
        "--as-codings", action="store_true", help='codings of a coder "suggestions", for a tally that asks for them'
    )
    parser.add_argument("--coder", default="majority", metavar="NAME", help="whose reading --against means")
    add_seed(parser)
    add_output_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print or save the suggestions, or how they compare with a reading; return the exit code."""
    from expert_roundup.coding.codings import read_codings
    from expert_roundup.coding.suggestions import against_reading, as_codings, suggest

    quotes, codebook = _quotes(args), codebook_of(args, args.quotes)
    examples = read_codings(args.examples) if args.examples else None
    if examples is not None and "start" not in quotes:
        examples = examples.drop(columns=["start", "end"])
    is_long = len(quotes) > 1_000 and not args.quiet
    found = suggest(quotes, codebook, examples=examples, terms=_terms(args), progress=is_long)
    remark(args, f"{int(found['is_suggested'].sum())} suggestions for {len(quotes)} quotes: by machine, no reading")
    best = found.groupby("quote_id", sort=False)["is_suggested"].any()
    if not best.all():
        names = ", ".join(best.index[~best][:5]) + (" ..." if (~best).sum() > 5 else "")
        remark(args, f"no theme found in {names}; words of other languages go into --terms")
    if args.against:
        return emit(args, against_reading(found, read_codings(args.against), coder=args.coder, seed=args.seed))
    return emit(args, as_codings(found) if args.as_codings else found)


def _quotes(args: argparse.Namespace) -> pd.DataFrame:
    from expert_roundup.coding.quotes import read_quotes_csv

    quotes = read_quotes_csv(args.quotes)
    if not {"start", "end"} <= set(quotes.columns):
        return quotes.drop(columns=["start", "end"], errors="ignore")
    in_pieces = ((quotes["end"] - quotes["start"]) != quotes["text"].str.len()).fillna(True)
    if in_pieces.any():
        names = ", ".join(quotes.loc[in_pieces, "quote_id"].head(5)) + (" ..." if in_pieces.sum() > 5 else "")
        remark(args, f"offsets count from the beginning of each quote: {names} is no single piece of the source")
        return quotes.drop(columns=["start", "end"])
    return quotes


def _terms(args: argparse.Namespace) -> pd.DataFrame | None:
    from expert_roundup.coding.csv_input import read_table

    return read_table(args.terms, required=("theme", "term"), argument="terms") if args.terms else None

"""`expert-roundup norms`: what the advice prescribes and forbids."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from expert_roundup.cli.options import add_output_options, emit, remark

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from expert_roundup.analysis.norms.cues import Cues


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `norms`."""
    parser.add_argument(
        "source",
        metavar="SOURCE|QUOTES.csv",
        help="path, URL or - of a roundup, or a csv of quotes: quote_id, text; language, question, start, end if known",
    )
    parser.add_argument(
        "--cues",
        action="append",
        default=[],
        metavar="FILE",
        help="cue file of a further language, named by it, as in de.toml; may be repeated",
    )
    add_output_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print or save the norms frame; return the exit code."""
    from expert_roundup.analysis.norms import read_cues

    languages = [read_cues(path) for path in args.cues]
    is_table = args.source.lower().endswith(".csv")
    found = _norms_of_quotes(args, languages) if is_table else _norms_of_roundup(args, languages)
    kinds = found["kind"].value_counts()
    counts = ", ".join(f"{kinds.get(kind, 0)} {kind}" for kind in ("prescription", "proscription", "both"))
    remark(args, f"{len(found)} statements ({counts})")
    return emit(args, found)


def _norms_of_roundup(args: argparse.Namespace, languages: Sequence[Cues]) -> pd.DataFrame:
    from expert_roundup.analysis.norms import norms
    from expert_roundup.parsing import read_roundup

    roundup = read_roundup(args.source)
    text = roundup.source.text
    is_long = _is_long(args, len(text))
    return norms(roundup.quotes, source_text=text, segments=roundup.segments, languages=languages, progress=is_long)


def _norms_of_quotes(args: argparse.Namespace, languages: Sequence[Cues]) -> pd.DataFrame:
    import pandas as pd

    from expert_roundup.analysis.norms import norms
    from expert_roundup.coding.csv_input import read_table

    optional = ("language", "question", "start", "end")
    quotes = read_table(args.source, required=("quote_id", "text"), optional=optional, argument="quotes")
    if {"start", "end"} <= set(quotes.columns):
        places = quotes[["start", "end"]].apply(pd.to_numeric, errors="coerce")
        in_pieces = (places["end"] - places["start"]) != quotes["text"].str.len()
        if in_pieces.any():
            names = ", ".join(quotes.loc[in_pieces, "quote_id"].head(5)) + (" ..." if in_pieces.sum() > 5 else "")
            remark(args, f"offsets count from the beginning of each quote: {names} is no single piece of the source")
            quotes = quotes.drop(columns=["start", "end"])
    return norms(quotes, languages=languages, progress=_is_long(args, int(quotes["text"].str.len().sum())))


def _is_long(args: argparse.Namespace, n_chars: int) -> bool:
    """Whether reading so many characters takes more than two seconds."""
    return n_chars > 500_000 and not args.quiet

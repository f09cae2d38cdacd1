"""`expert-roundup tally`: count the themes of a reading beside the published totals."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from expert_roundup.cli.options import add_output_options, add_seed, codebook_of, emit, remark

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = {
    "tally": "counts, shares, published totals and rank intervals",
    "ahead": "how often the theme of the row is ahead of the theme of the column in resamples",
    "first": "how often each theme comes first in resamples",
    "weighted": "counts weighted by confidence",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `tally`."""
    parser.add_argument("codings", metavar="CODINGS", help="csv: quote_id, theme, coder, confidence, start, end, ...")
    parser.add_argument(
        "--codebook",
        metavar="FILE",
        help="yaml or csv; default: codebook.yaml beside CODINGS, else the one of the first study",
    )
    parser.add_argument("--published", metavar="FILE", help="csv of published totals: theme or label, n_published")
    parser.add_argument("--coder", default="majority", metavar="NAME", help="whose reading counts (default: majority)")
    parser.add_argument(
        "--threshold", type=float, default=0.5, metavar="X", help="confidence from which a coding counts (default 0.5)"
    )
    parser.add_argument(
        "--resamples", type=int, default=10_000, metavar="N", help="bootstrap resamples of the quotes (default 10000)"
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--show",
        choices=tuple(_SHOWN),
        default="tally",
        help="; ".join(f"{name}: {text}" for name, text in _SHOWN.items()),
    )
    instead.add_argument(
        "--by",
        metavar="FILE:COLUMN",
        help="a tally for each group, as in quotes.csv:language (needs a column quote_id)",
    )
    instead.add_argument("--compare", metavar="CODINGS", help="shares beside those of another roundup's codings")
    add_seed(parser)
    add_output_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print or save the tally; return the exit code."""
    from expert_roundup.coding.codings import read_codings
    from expert_roundup.coding.ranks import top_change
    from expert_roundup.coding.tally import tally

    codings, codebook = read_codings(args.codings), codebook_of(args, args.codings)
    frame = _other_view(args, codings, codebook)
    if frame is not None:
        return emit(args, frame)
    published = _published(args, codebook)
    frame = tally(codings, codebook, published=published, **_options(args), **_resampling(args))
    code = emit(args, frame)
    change = top_change(frame)
    if change.n_recodings is not None:
        remark(args, _robustness(change.n_recodings, len(change.top), change.entering))
    return code


def _other_view(args: argparse.Namespace, codings: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame | None:
    from expert_roundup.coding.codings import read_codings
    from expert_roundup.coding.comparison import compare_roundups
    from expert_roundup.coding.tally import ahead_probabilities, first_probabilities, tally_by_group, weighted_tally

    options = _options(args)
    if args.compare:
        return compare_roundups(codings, read_codings(args.compare), codebook, **options)
    if args.by:
        return tally_by_group(codings, codebook, _groups(args.by), **options, **_resampling(args))
    if args.show == "weighted":
        return weighted_tally(codings, codebook, **options)
    if args.show == "first":
        return first_probabilities(codings, codebook, **options, **_resampling(args))
    if args.show == "ahead":
        return ahead_probabilities(codings, codebook, **options, **_resampling(args)).reset_index()
    return None


def _options(args: argparse.Namespace) -> dict[str, Any]:
    return {"coder": args.coder, "threshold": args.threshold}


def _resampling(args: argparse.Namespace) -> dict[str, Any]:
    return {"n_resamples": args.resamples, "seed": args.seed}


def _published(args: argparse.Namespace, codebook: pd.DataFrame) -> pd.DataFrame | None:
    from expert_roundup.coding.published import read_published_tally

    return read_published_tally(args.published, codebook=codebook) if args.published else None


def _groups(place: str) -> pd.Series[str]:
    from expert_roundup.coding.quotes import read_quotes_csv

    path, colon, column = place.rpartition(":")
    if not colon or not path or not column:
        raise ValueError(f"--by must be FILE:COLUMN, as in quotes.csv:language, not {place!r}")
    return read_quotes_csv(path, required=("quote_id", column)).set_index("quote_id")[column]


def _robustness(n_recodings: int, size: int, entering: tuple[str, ...]) -> str:
    names = " or ".join(entering)
    if n_recodings == 0:
        return f"The top {size} is open: {names} stands level with its last theme."
    times = "1 recoding" if n_recodings == 1 else f"{n_recodings} recodings"
    return f"{times} would do to bring {names} level with the last theme of the top {size}."

"""`expert-roundup corpus tally`: themes over many documents, from a reading or from suggestions, with charts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from expert_roundup.cli.options import add_seed, emit, remark

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.corpus.dataset import Dataset

#: what a tally can be grouped by, and what makes strata of a sample
GROUPS = ("year", "language", "layout", "folder", "format")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `corpus tally`, beside the dataset and those of its result."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--codings", metavar="FILE", help="csv or parquet of codings, as the coding widget saves them")
    what.add_argument("--suggestions", action="store_true", help="count machine suggestions, and say so in every row")
    parser.add_argument("--codebook", metavar="FILE", help="yaml or csv (default: the one that ships)")
    parser.add_argument("--coder", default="majority", metavar="NAME", help="whose reading (default: majority)")
    parser.add_argument("--by", choices=GROUPS, help="a tally for each year, language, ...")
    parser.add_argument("--correct-with", metavar="FILE", help="codings of a sample, to correct suggestions with")
    parser.add_argument("--without-duplicates", action="store_true", help="leave flagged near-duplicates out")
    parser.add_argument("--charts", metavar="FOLDER", help="draw the shares: png, svg, pdf, numbers and alt text")
    add_seed(parser)


def run(args: argparse.Namespace) -> int:
    """Print or save the tally, and draw it where asked; return the exit code."""
    from expert_roundup.corpus import tally
    from expert_roundup.corpus.dataset import open_dataset

    dataset, book = open_dataset(args.dataset), codebook_of_corpus(args)
    themes = book["theme"].tolist()
    origin = tally.SUGGESTIONS if args.suggestions else tally.READING
    if args.suggestions:
        counts = tally.counts_of_suggestions(dataset, themes)
        remark(args, "counted from machine suggestions, not from a reading")
    else:
        counts = tally.counts_of_codings(_codings(args.codings), themes, coder=args.coder)
        tally.check_documents(counts, dataset)
    if args.without_duplicates:
        counts = counts[~counts.index.isin(dataset.read("near_duplicates")["document"])]
    if args.correct_with:
        result = _corrected(args, dataset, counts, book)
    else:
        groups = tally.document_groups(dataset, args.by) if args.by else None
        result = tally.corpus_tally(counts, book, groups=groups, origin=origin, seed=args.seed)
    if args.charts:
        _save_charts(args, result)
    return emit(args, result)


def _save_charts(args: argparse.Namespace, result: pd.DataFrame) -> None:
    from expert_roundup.corpus.charts import share_charts
    from expert_roundup.output.charts import save_chart
    from expert_roundup.output.charts.export import file_names
    from expert_roundup.output.files import check_free

    charts = share_charts(result, by=args.by or "")
    for name in (name for chart in charts for name in file_names(chart.name)):
        check_free(Path(args.charts) / name, overwrite=args.overwrite)
    for chart in charts:
        save_chart(chart, args.charts, overwrite=args.overwrite)
    remark(
        args, f"written: {', '.join(file_names(charts[0].name))}{' ...' if len(charts) > 1 else ''} in {args.charts}"
    )


def _corrected(args: argparse.Namespace, dataset: Dataset, counts: pd.DataFrame, book: pd.DataFrame) -> pd.DataFrame:
    from expert_roundup.coding.codings import indicator
    from expert_roundup.corpus.correction import compare_with_reading, corrected_shares, suggested_for

    if not args.suggestions or args.by:
        raise ValueError("--correct-with goes with --suggestions and without --by")
    themes = book["theme"].tolist()
    read = indicator(_codings(args.correct_with), coder=args.coder, themes=themes)
    checked = compare_with_reading(suggested_for(dataset, read), read)
    remark(args, "the correction holds as far as the answers that were read are a random sample (corpus sample)")
    found = corrected_shares(counts, checked, themes, seed=args.seed)
    found.insert(1, "label", book["label"].to_numpy())
    return found


def _codings(path: str) -> pd.DataFrame:
    from expert_roundup.coding.codings import read_codings

    if path.lower().endswith(".parquet"):
        import pandas as pd

        return pd.read_parquet(path)
    return read_codings(path)


def codebook_of_corpus(args: argparse.Namespace) -> pd.DataFrame:
    """The codebook of --codebook, else the one that ships."""
    from expert_roundup.coding.codebook import read_codebook
    from expert_roundup.datasets import load_codebook

    return read_codebook(args.codebook) if args.codebook else load_codebook()

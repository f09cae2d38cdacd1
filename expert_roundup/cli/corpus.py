"""`expert-roundup corpus`: many roundups in one dataset, and what they say together."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.cli import corpus_tally
from expert_roundup.cli.options import add_output_options, add_seed, emit, remark

if TYPE_CHECKING:
    from expert_roundup.corpus.dataset import Dataset


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of `corpus`."""
    commands = parser.add_subparsers(dest="task", metavar="TASK", required=True)
    build = commands.add_parser("build", help="parse files into a dataset, or add to one")
    build.add_argument(
        "source", nargs="+", metavar="FOLDER|GLOB|LIST.txt", help="files, or a list with one path a line"
    )
    build.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="Dask scheduler (default: this machine's cores)")
    build.add_argument(
        "--jobs", type=_number, metavar="N", help="parser processes without a scheduler (default: a core)"
    )
    build.add_argument(
        "--seconds", type=_seconds, default=60.0, metavar="S", help="limit of each document (default 60)"
    )
    build.add_argument("--rebuild", action="store_true", help="parse everything again, as after a change of the parser")
    build.add_argument("--retry", action="store_true", help="try again what took too long or brought the parser down")
    add_output_options(build, folder=True)

    corpus_tally.add_arguments(_task(commands, "tally", "count themes over documents, with intervals", "DATASET"))

    norms = _task(commands, "norms", "share of quotes that prescribe and that forbid", "DATASET")
    norms.add_argument("--by", choices=corpus_tally.GROUPS, help="for each year, language, ...")
    norms.add_argument("--statements", action="store_true", help="the statements themselves instead of their shares")
    add_seed(norms)

    suggest = commands.add_parser("suggest", help="machine suggestions of themes, kept apart from readings")
    suggest.add_argument("dataset", metavar="DATASET")
    suggest.add_argument("--codebook", metavar="FILE", help="yaml or csv (default: the one that ships)")
    suggest.add_argument("--quiet", action="store_true", help="no remarks on standard error")

    clusters = commands.add_parser("clusters", help="clusters of wording in a random sample of quotes")
    clusters.add_argument("dataset", metavar="DATASET")
    clusters.add_argument("-n", type=_number, default=200, metavar="N", help="quotes compared (default 200)")
    clusters.add_argument("--runs", type=_number, default=100, metavar="N", help="clusterings of the consensus")
    add_seed(clusters)
    add_output_options(clusters)

    sample = _task(commands, "sample", "draw quotes to code by hand", "DATASET")
    sample.add_argument("-n", type=_number, default=200, metavar="N", help="quotes to draw (default 200)")
    sample.add_argument(
        "--by", action="append", choices=corpus_tally.GROUPS, help="strata (default: year and language)"
    )
    sample.add_argument("--without", action="append", default=[], metavar="FILE", help="csv of quotes drawn before")
    sample.add_argument("--with-duplicates", action="store_true", help="draw from flagged near-duplicates too")
    add_seed(sample)


def run(args: argparse.Namespace) -> int:
    """Do one task; return the exit code."""
    import pyarrow  # noqa: F401 - without it, the sentence that names the extra comes before anything else

    tasks = {"build": _build, "tally": corpus_tally.run, "norms": _norms, "suggest": _suggest, "clusters": _clusters}
    return tasks.get(args.task, _sample)(args)


def _task(commands: Any, name: str, text: str, argument: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text)
    parser.add_argument("dataset", metavar=argument)
    add_output_options(parser)
    return parser


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"seconds above 0, not {text!r}")
    return value


def _build(args: argparse.Namespace) -> int:
    from expert_roundup.corpus.build import build

    report = build(
        _sources(args.source), args.out, scheduler=args.scheduler, jobs=args.jobs, seconds=args.seconds,
        rebuild=args.rebuild, retry=args.retry, progress=not args.quiet,
    )  # fmt: skip
    counts = report.dataset.counts
    remark(
        args,
        f"{report.n_sources} sources: {report.n_new} documents new, {report.n_kept} known; the dataset holds "
        f"{counts['documents']} documents, {counts['quotes']} quotes, {counts['failures']} failures and "
        f"{counts['near_duplicates']} near-duplicates",
    )
    remark(args, f"{'written' if report.is_changed else 'unchanged'}: {report.dataset.folder}")
    return _failures(args, report.dataset)


#: failures that are named; the table holds the rest
_NAMED = 10


def _failures(args: argparse.Namespace, dataset: Dataset) -> int:
    """Name what gave no quotes; exit code 1 where that is more than pages that are no roundups, or everything."""
    failures = dataset.read("failures", columns=["source", "kind", "reason"])
    worst = failures.sort_values("kind", key=lambda kind: kind == "no_roundup", kind="stable")
    for row in worst.head(_NAMED).itertuples():
        remark(args, f"no quotes ({row.kind}): {row.source}: {row.reason}")
    if len(failures) > _NAMED:
        remark(args, f"... and {len(failures) - _NAMED} more in {dataset.folder / 'failures'}")
    return int(not dataset.counts["documents"] or (failures["kind"] != "no_roundup").any())


def _sources(words: Sequence[str]) -> list[str]:
    """Files that the words name; one word that ends in .txt is a list of them."""
    from expert_roundup.cli.sources import listed
    from expert_roundup.corpus.plan import read_list

    if len(words) == 1 and words[0].lower().endswith(".txt") and Path(words[0]).is_file():
        return read_list(words[0])
    found = listed(words)
    addresses = [word for word in found if "://" in word]
    if addresses:
        raise ValueError(f"a corpus is built from files; save {', '.join(addresses[:20])} first")
    return found


def _norms(args: argparse.Namespace) -> int:
    import pandas as pd

    from expert_roundup.corpus import tally
    from expert_roundup.corpus.across import corpus_norms, norms_by_document
    from expert_roundup.corpus.dataset import open_dataset

    dataset = open_dataset(args.dataset)
    found = pd.concat(list(corpus_norms(dataset)), ignore_index=True)
    if args.statements:
        return emit(args, found)
    kinds = pd.DataFrame(
        {"theme": ["prescription", "proscription"], "label": ["asks for something", "warns of something"]}
    )
    groups = tally.document_groups(dataset, args.by) if args.by else None
    counts = norms_by_document(found, dataset)
    shares = tally.corpus_tally(counts, kinds, groups=groups, origin="rules", seed=args.seed)
    return emit(args, shares.rename(columns={"theme": "kind"}))


def _suggest(args: argparse.Namespace) -> int:
    from expert_roundup.coding.suggestions import suggest
    from expert_roundup.corpus.across import add_suggestions
    from expert_roundup.corpus.dataset import open_dataset

    dataset = open_dataset(args.dataset)
    n = add_suggestions(dataset, corpus_tally.codebook_of_corpus(args), suggest)
    remark(args, f"written: {n} suggestions in {dataset.folder / 'suggestions'}, apart from any reading")
    return 0


def _clusters(args: argparse.Namespace) -> int:
    from expert_roundup.analysis.clusters import clusters_of, consensus, similarity
    from expert_roundup.corpus.across import corpus_wording
    from expert_roundup.corpus.dataset import open_dataset

    wording = corpus_wording(open_dataset(args.dataset), n=args.n, seed=args.seed)
    remark(
        args, f"clusters of {len(wording.answers)} quotes drawn by language; the wording of translations differs too"
    )
    tables = [similarity(wording, unit=unit) for unit in ("words", "characters")]
    found = clusters_of(consensus(tables, runs=args.runs, seed=args.seed, progress=not args.quiet))
    return emit(args, found.merge(wording.answers[["quote_id", "language"]], on="quote_id", validate="1:1"))


def _sample(args: argparse.Namespace) -> int:
    from expert_roundup.coding.csv_input import read_table
    from expert_roundup.corpus.dataset import open_dataset
    from expert_roundup.corpus.sampling import sample

    drawn = [read_table(path, required=("quote_id",), argument="quotes")["quote_id"] for path in args.without]
    quotes = sample(
        open_dataset(args.dataset), args.n, by=args.by or ("year", "language"), seed=args.seed,
        without={name for names in drawn for name in names}, with_duplicates=args.with_duplicates,
    )  # fmt: skip
    remark(args, f"{len(quotes)} quotes of {quotes['source'].nunique()} documents")
    return emit(args, quotes)

"""`expert-roundup corpus`: many roundups in one dataset, and what they say together."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.cli.options import add_output_options, add_seed, emit, remark

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.corpus.dataset import Dataset

_GROUPS = ("year", "language", "layout", "folder", "format")


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

    tally = _task(commands, "tally", "count themes over documents, with intervals", "DATASET")
    what = tally.add_mutually_exclusive_group(required=True)
    what.add_argument("--codings", metavar="FILE", help="csv or parquet of codings, as the coding widget saves them")
    what.add_argument("--suggestions", action="store_true", help="count machine suggestions, and say so in every row")
    tally.add_argument("--codebook", metavar="FILE", help="yaml or csv (default: the one that ships)")
    tally.add_argument("--coder", default="majority", metavar="NAME", help="whose reading (default: majority)")
    tally.add_argument("--by", choices=_GROUPS, help="a tally for each year, language, ...")
    tally.add_argument("--correct-with", metavar="FILE", help="codings of a sample, to correct suggestions with")
    tally.add_argument("--without-duplicates", action="store_true", help="leave flagged near-duplicates out")
    add_seed(tally)

    norms = _task(commands, "norms", "share of quotes that prescribe and that forbid", "DATASET")
    norms.add_argument("--by", choices=_GROUPS, help="for each year, language, ...")
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
    sample.add_argument("--by", action="append", choices=_GROUPS, help="strata (default: year and language)")
    sample.add_argument("--without", action="append", default=[], metavar="FILE", help="csv of quotes drawn before")
    sample.add_argument("--with-duplicates", action="store_true", help="draw from flagged near-duplicates too")
    add_seed(sample)


def run(args: argparse.Namespace) -> int:
    """Do one task; return the exit code."""
    import pyarrow  # noqa: F401 - without it, the sentence that names the extra comes before anything else

    tasks = {"build": _build, "tally": _tally, "norms": _norms, "suggest": _suggest, "clusters": _clusters}
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
    return 0


def _sources(words: Sequence[str]) -> list[str]:
    """Files that the words name; one word that ends in .txt is a list of them."""
    from expert_roundup.cli.sources import listed

    if len(words) == 1 and words[0].lower().endswith(".txt") and Path(words[0]).is_file():
        place = Path(words[0])
        lines = [line.strip() for line in place.read_text(encoding="utf-8").splitlines()]
        named = [line for line in lines if line and not line.startswith("#")]
        if not named:
            raise ValueError(f"{place} lists no file; a list has one path a line")
        return [line if Path(line).exists() else _beside(line, place) for line in named]
    found = listed(words)
    addresses = [word for word in found if "://" in word]
    if addresses:
        raise ValueError(f"a corpus is built from files; save {', '.join(addresses[:5])} first")
    return found


def _beside(line: str, place: Path) -> str:
    return str(place.parent / line) if (place.parent / line).exists() else line


def _tally(args: argparse.Namespace) -> int:
    from expert_roundup.corpus import tally
    from expert_roundup.corpus.dataset import open_dataset

    dataset, book = open_dataset(args.dataset), _codebook(args)
    themes = book["theme"].tolist()
    origin = tally.SUGGESTIONS if args.suggestions else tally.READING
    if args.suggestions:
        counts = tally.counts_of_suggestions(dataset, themes)
        remark(args, "counted from machine suggestions, not from a reading")
    else:
        counts = tally.counts_of_codings(_codings(args.codings), themes, coder=args.coder)
        _check_documents(counts, dataset)
    if args.without_duplicates:
        counts = counts[~counts.index.isin(dataset.read("near_duplicates")["document"])]
    if args.correct_with:
        return emit(args, _corrected(args, dataset, counts, themes))
    groups = tally.document_groups(dataset, args.by) if args.by else None
    return emit(args, tally.corpus_tally(counts, book, groups=groups, origin=origin, seed=args.seed))


def _corrected(args: argparse.Namespace, dataset: Dataset, counts: pd.DataFrame, themes: list[str]) -> pd.DataFrame:
    import pandas as pd

    from expert_roundup.coding.codings import indicator
    from expert_roundup.corpus.correction import compare_with_reading, corrected_shares

    if not args.suggestions or args.by:
        raise ValueError("--correct-with goes with --suggestions and without --by")
    read = indicator(_codings(args.correct_with), coder=args.coder, themes=themes)
    rows = dataset.read("suggestions", columns=["quote_id", "theme", "is_suggested"])
    rows = rows[rows["is_suggested"] & rows["quote_id"].isin(read.index)]
    suggested = read * 0
    places = (
        suggested.index.get_indexer(pd.Index(rows["quote_id"])),
        suggested.columns.get_indexer(pd.Index(rows["theme"])),
    )
    values = suggested.to_numpy(copy=True)
    values[places] = 1
    suggested = suggested.assign(**{theme: values[:, at] for at, theme in enumerate(suggested.columns)})
    return corrected_shares(counts, compare_with_reading(suggested, read), themes, seed=args.seed)


def _check_documents(counts: pd.DataFrame, dataset: Dataset) -> None:
    known = set(dataset.read("documents", columns=["document"])["document"])
    foreign = [name for name in counts.index if name not in known]
    if foreign:
        more = f" and {len(foreign) - 20} more" if len(foreign) > 20 else ""
        raise ValueError(f"codings: documents that the dataset does not hold: {', '.join(foreign[:20])}{more}")


def _codings(path: str) -> pd.DataFrame:
    from expert_roundup.coding.codings import read_codings

    if path.lower().endswith(".parquet"):
        import pandas as pd

        return pd.read_parquet(path)
    return read_codings(path)


def _codebook(args: argparse.Namespace) -> pd.DataFrame:
    from expert_roundup.coding.codebook import read_codebook
    from expert_roundup.datasets import load_codebook

    return read_codebook(args.codebook) if args.codebook else load_codebook()


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
    n = add_suggestions(dataset, _codebook(args), suggest)
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

"""`expert-roundup clusters`: groups of wording, with language and length audited first."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.cli.options import add_output_options, add_seed, remark

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.analysis.clusters import Exploration, Wording

_OURS = "This is the wording of the condensed edition, written for this project: it shows our words, not the speakers'."
_COUNTED = "These are the words of the original answers, as counts without order; no sentence of them ships."

#: files written, and what one row is; verdicts.json and the charts come beside them
TABLES = {
    "clusters": "one quote",
    "consensus": "one quote, one column a quote",
    "linkage": "one join of the tree",
    "cuts": "the tree cut into k",
    "audit": "one view, unit and confounder",
    "grid": "one setting of the search",
    "structure": "one setting against shuffled words",
    "repeats": "the same with repeats kept together",
    "labels": "one term of a cluster",
    "examples": "one medoid or borderline quote",
    "opinions": "one other family of clustering",
    "seeds": "one seed",
    "power": "one strength of planted structure",
    "platforms": "one mention of a platform",
    "mantel": "one test of wording against codes",
    "cohesion": "one code and unit",
    "crosstab": "one cluster and code",
    "cooccurrence": "one pair of codes",
    "platform_codes": "one platform and code",
    "concordance": "one place of a term asked for",
}
_CHARTS = ("consensus_matrix", "map", "dendrogram", "platforms", "cooccurrence")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `clusters`."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "quotes",
        nargs="?",
        metavar="QUOTES.csv",
        help="quote_id, text and, where known, language, speaker, question; default: the condensed edition that ships",
    )
    source.add_argument("--source-terms", action="store_true", help="the shipped word counts of the original answers")
    parser.add_argument("--codings", metavar="FILE", help="csv of codings to compare the wording with")
    parser.add_argument("--codebook", metavar="FILE", help="yaml or csv that names and orders the codes")
    parser.add_argument("--coder", default="majority", metavar="NAME", help="whose reading counts (default: majority)")
    parser.add_argument("--runs", type=int, default=400, metavar="N", help="clusterings of the consensus (default 400)")
    parser.add_argument(
        "--shuffles", type=int, default=999, metavar="N", help="times words are dealt out (default 999)"
    )
    parser.add_argument("-k", type=int, metavar="K", help="number of clusters (default: it follows from the runs)")
    parser.add_argument("--term", action="append", default=[], metavar="WORD", help="show a word in context (network*)")
    parser.add_argument("--quick", action="store_true", help="consensus, clusters and labels only: no tests, no charts")
    parser.add_argument("--no-charts", action="store_true", help="tables and verdicts only")
    add_seed(parser)
    add_output_options(parser, folder=True)


def run(args: argparse.Namespace) -> int:
    """Write the frames, the verdicts and the charts; return the exit code."""
    from expert_roundup.output.files import check_free, save_text
    from expert_roundup.output.tables import frame_to_csv

    if args.runs < 1 or args.shuffles < 1:
        raise ValueError(f"--runs and --shuffles must be 1 or more, not {args.runs} and {args.shuffles}")
    folder = Path(args.out)
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"-o must name a folder; {folder} is a file")
    for name in [*(f"{table}.csv" for table in TABLES), "verdicts.json"]:
        check_free(folder / name, overwrite=args.overwrite)
    wording, quotes, note = _wording(args)
    tables, verdicts, found = _quick(args, wording) if args.quick else _explored(args, wording, note)
    if args.term:
        tables["concordance"] = _contexts(args, quotes)
    for name, table in tables.items():
        save_text(folder / f"{name}.csv", frame_to_csv(table), overwrite=args.overwrite)
    if verdicts:
        text = json.dumps(verdicts, ensure_ascii=False, indent=1) + "\n"
        save_text(folder / "verdicts.json", text, overwrite=args.overwrite)
    if found is not None and not args.no_charts:
        _save_charts(args, folder, tables, found)
    for verdict in verdicts:
        print(f"{verdict['name']}: {verdict['statement']}")
    remark(args, f"written: {len(tables)} tables{' and verdicts.json' if verdicts else ''} in {folder}")
    return 0


def _wording(args: argparse.Namespace) -> tuple[Wording, pd.DataFrame | None, str]:
    """The words, the texts where there are any, and what to say about whose words they are."""
    from expert_roundup.analysis.clusters import wording_of_quotes, wording_of_terms
    from expert_roundup.datasets import load_answers, load_quotes, load_term_counts

    if args.source_terms:
        return wording_of_terms(load_term_counts(), load_answers()), None, _COUNTED
    quotes = _read_quotes(args.quotes) if args.quotes else load_quotes()
    return wording_of_quotes(quotes), quotes, "" if args.quotes else _OURS


def _read_quotes(path: str) -> pd.DataFrame:
    """Quotes of a csv; where a language is not given it is detected."""
    from expert_roundup.coding.quotes import read_quotes_csv
    from expert_roundup.text.languages import detect_language

    quotes = read_quotes_csv(path)
    given = quotes["language"].str.strip() if "language" in quotes else quotes["quote_id"].str.slice(0, 0)
    detected = [known or detect_language(text) for known, text in zip(given, quotes["text"], strict=True)]
    return quotes.assign(language=detected)


def _codes(args: argparse.Namespace) -> tuple[pd.DataFrame | None, pd.Series[str] | None]:
    """The codes of one coder as 0 and 1, and the leading code of every quote (highest mean confidence)."""
    from expert_roundup.coding.codebook import read_codebook
    from expert_roundup.coding.codings import indicator, leading_theme, read_codings
    from expert_roundup.datasets import load_codebook, load_codings

    if args.codings is None and args.quotes:
        return None, None
    codings = read_codings(args.codings) if args.codings else load_codings()
    codebook = read_codebook(args.codebook) if args.codebook else None if args.codings else load_codebook()
    themes = None if codebook is None else list(codebook["theme"])
    table = indicator(codings, coder=args.coder, themes=themes)
    return table.loc[:, table.any().to_numpy()], leading_theme(codings)


def _quick(args: argparse.Namespace, wording: Wording) -> tuple[dict[str, pd.DataFrame], list[dict[str, Any]], None]:
    from expert_roundup.analysis.clusters import (
        clusters_of,
        consensus,
        consensus_tree,
        label_terms,
        similarity,
        tree_cuts,
    )

    views = [similarity(wording), similarity(wording, unit="characters")]
    matrix = consensus(views, runs=args.runs, seed=args.seed, progress=_bars(args, wording))
    clusters = clusters_of(matrix, k=args.k)
    tables = {
        "clusters": clusters.assign(x=float("nan"), y=float("nan")),
        "consensus": matrix.rename_axis("quote_id").reset_index(),
        "linkage": consensus_tree(matrix),
        "cuts": tree_cuts(matrix, wording),
        "labels": label_terms(wording, clusters, seed=args.seed),
    }
    return tables, [], None


def _explored(
    args: argparse.Namespace, wording: Wording, note: str
) -> tuple[dict[str, pd.DataFrame], list[dict[str, Any]], Exploration]:
    from expert_roundup.analysis.clusters import explore, verdicts

    indicators, labels = _codes(args)
    found = explore(
        wording,
        indicators=indicators,
        labels=labels,
        k=args.k,
        runs=args.runs,
        n_shuffles=args.shuffles,
        seed=args.seed,
        progress=_bars(args, wording),
    )
    tables: dict[str, pd.DataFrame] = {
        "consensus": found.consensus.rename_axis("quote_id").reset_index(),
        "linkage": found.tree,
        # a mention a row, so that nobody has to add up
        "platforms": found.platforms.loc[found.platforms.index.repeat(found.platforms["n"])].drop(columns="n"),
    }
    for name in TABLES:
        if name not in tables and hasattr(found, name):
            tables[name] = getattr(found, name)
    return {name: tables[name] for name in TABLES if name in tables}, verdicts(found, wording=note), found


def _contexts(args: argparse.Namespace, quotes: pd.DataFrame | None) -> pd.DataFrame:
    import pandas as pd

    from expert_roundup.analysis.clusters import concordance

    if quotes is None:
        raise ValueError("--term needs texts; word counts hold no context")
    return pd.concat([concordance(quotes, term).assign(term=term) for term in args.term], ignore_index=True)


def _save_charts(args: argparse.Namespace, folder: Path, tables: dict[str, pd.DataFrame], found: Exploration) -> None:
    """Every chart these frames allow, as png, svg and pdf; a single quote makes none."""
    if len(found.wording.answers) < 2:
        return
    from expert_roundup.datasets import version
    from expert_roundup.output.charts import save_chart
    from expert_roundup.output.charts.study import charts_missing, study_charts
    from expert_roundup.output.provenance import source_line

    frames = {"quotes": found.wording.answers, "consensus": found.consensus, "linkage": found.tree}
    frames |= {name: tables[name] for name in ("clusters", "platforms", "cooccurrence") if len(tables[name])}
    frames = {name: frame for name, frame in frames.items() if len(frame)}
    frames |= {"codings": frames["cooccurrence"]} if "cooccurrence" in frames else {}
    drawable = [name for name in _CHARTS if name not in charts_missing(frames)]
    if found.clusters["x"].isna().all():
        drawable = [name for name in drawable if name != "map"]
    if not drawable:
        return
    title = Path(args.quotes).name if args.quotes else "the first study"
    line = source_line(tables, title=title, version=version())
    for chart in study_charts(frames, only=drawable, source=line, options={"map": {"stress": found.stress}}):
        save_chart(chart, folder, overwrite=args.overwrite)


def _bars(args: argparse.Namespace, wording: Wording) -> bool:
    """Progress is shown where it takes more than a moment."""
    return not args.quiet and len(wording.answers) > 20

"""`expert-roundup merge`: join the codings of several coders and report every conflict."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from expert_roundup.cli.options import add_output_options, emit, remark

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.coding.merging import Merged, Part

_MAX_LISTED = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `merge`."""
    parser.add_argument(
        "codings",
        nargs="+",
        metavar="CODINGS",
        help="two or more csv files of codings, .qdpx projects, or study folders (whose quotes and codebooks are "
        "compared too)",
    )
    parser.add_argument("--codebook", metavar="FILE", help="yaml or csv: name themes that it lacks")
    parser.add_argument(
        "--accept",
        action="store_true",
        help="write in spite of conflicts; of a coder who contradicts themselves both readings stay, the later one as "
        "'coder (file)'",
    )
    parser.add_argument("--conflicts", metavar="FILE", help="save all conflicts as csv")
    parser.add_argument("--contested", metavar="FILE", help="save what readers dispute as csv, to be decided")
    parser.add_argument(
        "--decisions",
        metavar="FILE",
        help="csv: quote_id, theme, is_coded, rationale for everything disputed; adds the reading 'consensus'",
    )
    add_output_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print or save the merged codings; return the exit code, 1 when conflicts stand against it."""
    from tqdm import tqdm

    from expert_roundup.coding.codebook import read_codebook
    from expert_roundup.coding.merging import merge_codings

    codebook = read_codebook(args.codebook) if args.codebook else None
    # large files take seconds; disable=None shows the bar on a terminal only
    paths = tqdm(args.codings, desc="reading", unit="file", leave=False, disable=args.quiet or None)
    merged = merge_codings([_part(path) for path in paths], codebook=codebook)
    _report(args, merged)
    if len(merged.conflicts) and not args.accept:
        n = len(merged.conflicts)
        them = "it" if n == 1 else "them"
        raise ValueError(f"{_count(n, 'conflict')}, nothing merged; --accept merges in spite of {them}")
    codings = merged.codings
    if args.contested:
        from expert_roundup.coding.adjudication import contested

        _save(args, args.contested, contested(codings))
    if args.decisions:
        codings = _with_consensus(codings, args.decisions)
    if args.format is None and not (args.out or "").endswith(".json"):
        args.format = "csv"  # a table for the screen would be no codings file
    return emit(args, codings)


def _part(path: str) -> Part:
    from expert_roundup.coding.codings import read_codings
    from expert_roundup.coding.merging import Part

    if path.lower().endswith(".qdpx"):
        from expert_roundup.coding.refi_qda import import_project

        project = import_project(path)
        return Part(path, project.codings, quotes=project.quotes, codebook=project.codebook)
    file = Path(path)
    if file.is_dir():
        file = file / "codings.csv"
    # only the fixed name makes it a study, whose other files belong to it
    is_study = file.name == "codings.csv"
    quotes, codebook = (_beside(file, name) if is_study else None for name in ("quotes.csv", "codebook.yaml"))
    return Part(path, read_codings(file), quotes=quotes, codebook=codebook)


def _beside(file: Path, name: str) -> pd.DataFrame | None:
    from expert_roundup.coding.codebook import read_codebook
    from expert_roundup.coding.quotes import read_quotes_csv

    beside = file.parent / name
    if not beside.is_file():
        return None
    return read_codebook(beside) if name == "codebook.yaml" else read_quotes_csv(beside)


def _report(args: argparse.Namespace, merged: Merged) -> None:
    conflicts = merged.conflicts
    # conflicts are part of the answer, so --quiet does not hide them
    for row in conflicts.head(_MAX_LISTED).to_dict("records"):
        where = " ".join(filter(None, (row["coder"], row["quote_id"], row["theme"])))
        what = " / ".join(filter(None, (row["first"], row["other"])))
        print(": ".join(filter(None, ("conflict", row["kind"], row["part"], where, what))), file=sys.stderr)
    if len(conflicts) > _MAX_LISTED:
        print(f"and {_count(len(conflicts) - _MAX_LISTED, 'more conflict')}", file=sys.stderr)
    if merged.n_repeated:
        remark(args, f"{_count(merged.n_repeated, 'row')} in two files word for word, kept once")
    if args.conflicts:
        _save(args, args.conflicts, conflicts)


def _save(args: argparse.Namespace, path: str, frame: pd.DataFrame) -> None:
    from expert_roundup.output.files import save_text
    from expert_roundup.output.tables import frame_to_csv

    remark(args, f"written: {save_text(path, frame_to_csv(frame), overwrite=args.overwrite)}")


def _with_consensus(codings: pd.DataFrame, path: str) -> pd.DataFrame:
    import pandas as pd

    from expert_roundup.coding.adjudication import consensus
    from expert_roundup.coding.csv_input import read_table

    columns = ("quote_id", "theme", "is_coded", "rationale")
    decisions = read_table(path, required=columns, optional=("start", "end"), argument="decisions")
    return pd.concat([codings, consensus(codings, decisions)], ignore_index=True)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"

"""`expert-roundup qda`: exchange with QualCoder, ATLAS.ti, NVivo, MAXQDA, Taguette and statistics programs."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from expert_roundup.cli.options import remark

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.study import Study

#: what is exported -> what it is, for the help page
_WHAT = {
    "project": "a QDPX project with texts, codes and codings (for a name that ends in .qdpx)",
    "codebook": "a QDC codebook (.qdc)",
    "taguette": "Taguette's csv codebook",
    "matrix": "0/1 matrix of quotes and themes",
    "quotes": "one row a quote, with its themes",
    "codings": "one row a coding, with its words",
}
_BY_ENDING = {".qdpx": "project", ".qdc": "codebook"}
_TABLES = ("taguette", "matrix", "quotes", "codings")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `qda export` and `qda import`."""
    ways = parser.add_subparsers(dest="way", metavar="export|import", required=True)
    export = ways.add_parser("export", help="write a study for another program")
    export.add_argument(
        "source", nargs="?", metavar="SOURCE", help="a roundup or a study folder (default: the study that ships)"
    )
    export.add_argument("-o", "--out", required=True, metavar="FILE", help=".qdpx, .qdc, .csv or .xlsx")
    export.add_argument(
        "--what",
        choices=tuple(_WHAT),
        help="default: by the ending of -o. " + "; ".join(f"{name}: {text}" for name, text in _WHAT.items()),
    )
    export.add_argument("--codebook", metavar="FILE", help="yaml or csv that takes the place of the study's")
    export.add_argument("--codings", action="append", default=[], metavar="FILE", help="codings; may be repeated")
    export.add_argument("--coder", default="majority", help="whose reading matrix and quotes show (default majority)")
    export.add_argument("--all", action="store_true", help="considered and rejected themes too (project and codings)")
    _add_manners(export)
    read = ways.add_parser("import", help="make a study folder from a .qdpx project, or a codebook from a .qdc")
    read.add_argument("file", metavar="FILE", help=".qdpx or .qdc")
    read.add_argument("-o", "--out", required=True, metavar="FOLDER", help="folder to write; it must not exist yet")
    _add_manners(read)


def _add_manners(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--overwrite", action="store_true", help="replace what exists")
    parser.add_argument("--quiet", action="store_true", help="no remarks on standard error")


def run(args: argparse.Namespace) -> int:
    """Export or import; return the exit code."""
    return _export(args) if args.way == "export" else _import(args)


def _export(args: argparse.Namespace) -> int:
    from expert_roundup.output.files import check_free, save_bytes
    from expert_roundup.study import load_study

    ending = Path(args.out).suffix.lower()
    what = args.what or _BY_ENDING.get(ending)
    if what is None:
        raise ValueError(f"--what is needed: {args.out} ends in none of {', '.join(_BY_ENDING)}")
    wanted = next((end for end, name in _BY_ENDING.items() if name == what), ".csv or .xlsx")
    if ending not in wanted.split(" or "):
        raise ValueError(f"{args.out}: a {what} is saved as {wanted}")
    check_free(args.out, overwrite=args.overwrite)
    study = load_study(args.source, codebook=args.codebook, codings=args.codings)
    for text in study.remarks:
        remark(args, f"Note: {text}.")
    data = _table(args, what, study) if what in _TABLES else _exchange_file(args, what, study)
    remark(args, f"written: {save_bytes(args.out, data, overwrite=args.overwrite)}")
    return 0


def _exchange_file(args: argparse.Namespace, what: str, study: Study) -> bytes:
    from expert_roundup.coding.refi_qda import export_codebook, export_project

    if what == "codebook":
        return export_codebook(_frame(study, "codebook"))
    return export_project(
        study["quotes"],
        study.frames.get("codebook"),
        study.frames.get("codings"),
        name=study.name,
        source_text=study.text,
        is_all=args.all,
    )


def _table(args: argparse.Namespace, what: str, study: Study) -> bytes:
    from expert_roundup.coding.codebook import codebook_for_taguette
    from expert_roundup.coding.exchange import quote_theme_matrix, rows_per_coding, rows_per_quote

    book, quotes = _frame(study, "codebook"), study["quotes"]
    if what == "taguette":
        frame = codebook_for_taguette(book)
    elif what == "matrix":
        frame = quote_theme_matrix(_frame(study, "codings"), book, quotes=quotes, coder=args.coder)
    elif what == "quotes":
        frame = rows_per_quote(_frame(study, "codings"), book, quotes, coder=args.coder)
    else:
        frame = rows_per_coding(_frame(study, "codings"), book, quotes, source_text=study.text, is_all=args.all)
    return _table_bytes(frame, what, is_workbook=args.out.lower().endswith(".xlsx"))


def _table_bytes(frame: pd.DataFrame, name: str, *, is_workbook: bool) -> bytes:
    if is_workbook:
        from expert_roundup.output.workbook import frames_to_xlsx

        return frames_to_xlsx({name: frame})
    from expert_roundup.output.tables import frame_to_csv

    return frame_to_csv(frame).encode("utf-8")


def _frame(study: Study, name: str) -> pd.DataFrame:
    if name not in study.frames:
        raise ValueError(f"{study.name} has no {name}; pass one with --{name}")
    return study[name]


def _import(args: argparse.Namespace) -> int:
    if args.file.lower().endswith(".qdc"):
        files = _codebook_files(args.file)
    elif args.file.lower().endswith(".qdpx"):
        files = _project_files(args)
    else:
        raise ValueError(f"{args.file}: needed is a file that ends in .qdpx or .qdc")
    target = save_folder(args.out, files, overwrite=args.overwrite)
    remark(args, f"written: {', '.join(files)} in {target}")
    return 0


def _codebook_files(path: str) -> dict[str, str]:
    from expert_roundup.coding.codebook import codebook_to_yaml
    from expert_roundup.coding.refi_qda import import_codebook

    codebook = import_codebook(path)
    about = f"# Codebook from {Path(path).name}\n\n{len(codebook)} themes.\n"
    return {"codebook.yaml": codebook_to_yaml(codebook), "README.md": about}


def _project_files(args: argparse.Namespace) -> dict[str, str]:
    from expert_roundup.coding.codebook import codebook_to_yaml
    from expert_roundup.coding.refi_qda import import_project
    from expert_roundup.output.tables import frame_to_csv

    project = import_project(args.file)
    for text in project.remarks:
        remark(args, f"Note: {text}.")
    files = {"quotes.csv": frame_to_csv(_completed(project.quotes))}
    if len(project.codebook):
        files["codebook.yaml"] = codebook_to_yaml(project.codebook)
    files["codings.csv"] = frame_to_csv(project.codings)
    coders = ", ".join(project.codings["coder"].unique()) or "nobody"
    files["README.md"] = "\n".join(
        [
            f"# {project.name}",
            "",
            f"A study made from {Path(args.file).name}: {len(project.quotes)} quotes, {len(project.codebook)} themes, "
            f"{len(project.codings)} codings by {coders}.",
            *(f"Note: {text}." for text in project.remarks),
            "",
        ]
    )
    return files


def _completed(quotes: pd.DataFrame) -> pd.DataFrame:
    """The quotes with what a project does not tell: language and length."""
    from expert_roundup.parsing.roundup import count_words
    from expert_roundup.text.languages import detect_language

    language = quotes["language"].where(quotes["language"] != "", quotes["text"].map(detect_language))
    n_words = quotes["n_words"] if "n_words" in quotes else quotes["text"].map(count_words)
    return quotes.assign(language=language, n_words=n_words)


def save_folder(folder: str | Path, files: Mapping[str, str], *, overwrite: bool = False) -> Path:
    """Write a new folder whole or not at all; with `overwrite`, write these files into one that exists."""
    from expert_roundup.output.files import check_free, save_text

    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise ValueError(f"{target} is a file; name a folder")
    if target.exists() and any(target.iterdir()):
        for name in files:
            check_free(target / name, overwrite=overwrite)
        for name, text in files.items():
            save_text(target / name, text, overwrite=overwrite)
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, text in files.items():
            save_text(made / name, text)
        made.chmod(0o777 & ~_umask())
        os.replace(made, target)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return target


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

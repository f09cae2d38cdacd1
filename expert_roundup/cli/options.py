"""Options that mean the same in every command, and the one way a result leaves it."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def add_output_options(parser: argparse.ArgumentParser, *, folder: bool = False) -> None:
    """Add -o/--out, --format, --overwrite and --quiet; with `folder`, -o names a folder and is required."""
    metavar, text = ("FOLDER", "folder to write to") if folder else ("FILE", "write to this file instead of the screen")
    parser.add_argument("-o", "--out", metavar=metavar, required=folder, help=text)
    if not folder:
        parser.add_argument("--format", choices=("table", "json", "csv"), help="default: table, or by the ending of -o")
    parser.add_argument("--overwrite", action="store_true", help="replace a result that exists")
    parser.add_argument("--quiet", action="store_true", help="no progress and remarks on standard error")


def add_seed(parser: argparse.ArgumentParser) -> None:
    """Add --seed (default 0)."""
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of everything random (default 0)")


def remark(args: argparse.Namespace, text: str) -> None:
    """Say something on standard error unless --quiet was given."""
    if not args.quiet:
        print(text, file=sys.stderr)


def emit(args: argparse.Namespace, result: pd.DataFrame | dict[str, Any] | list[Any]) -> int:
    """Print `result` in the chosen format, or save it to -o; return exit code 0.

    A frame becomes a table, csv or a list of json objects; any other object becomes json.
    """
    text = render(result, _format(args))
    if args.out is None:
        sys.stdout.write(text)
        return 0
    from expert_roundup.output.files import save_text

    path = save_text(args.out, text, overwrite=args.overwrite)
    remark(args, f"written: {path}")
    return 0


def _format(args: argparse.Namespace) -> str:
    if args.format is not None:
        return str(args.format)
    ending = (args.out or "").rpartition(".")[2]
    return ending if ending in ("json", "csv") else "table"


def render(result: pd.DataFrame | dict[str, Any] | list[Any], style: str) -> str:
    """`result` as text in `style`: table, json or csv; it ends with a line feed."""
    import pandas as pd

    if not isinstance(result, pd.DataFrame):
        return json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    if style == "json":
        rows = json.loads(result.to_json(orient="records", force_ascii=False, double_precision=15))
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if style == "csv":
        from expert_roundup.output.tables import frame_to_csv

        return frame_to_csv(result)
    from expert_roundup.output.tables import frame_to_text

    return frame_to_text(result)

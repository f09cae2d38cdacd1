"""Options that mean the same in every command, and the one way a result leaves it."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

#: columns of a table that goes into a pipe or a file
PAPER_WIDTH = 200

if TYPE_CHECKING:
    import pandas as pd

#: what a result can be printed or saved as; all but the first are endings of -o too
FORMATS = ("table", "json", "csv", "md", "tex", "xlsx")


def add_output_options(parser: argparse.ArgumentParser, *, folder: bool = False) -> None:
    """Add -o/--out, --format, --overwrite and --quiet; with `folder`, -o names a folder and is required."""
    metavar, text = ("FOLDER", "folder to write to") if folder else ("FILE", "write to this file instead of the screen")
    parser.add_argument("-o", "--out", metavar=metavar, required=folder, help=text)
    if not folder:
        parser.add_argument("--format", choices=FORMATS, help="default: by the ending of -o, else table; xlsx needs -o")
    parser.add_argument("--overwrite", action="store_true", help="replace a result that exists")
    parser.add_argument("--quiet", action="store_true", help="no progress and remarks on standard error")


def add_seed(parser: argparse.ArgumentParser) -> None:
    """Add --seed (default 0)."""
    parser.add_argument("--seed", type=_seed, default=0, metavar="N", help="seed of everything random (default 0)")


def codebook_of(args: argparse.Namespace, file: str) -> pd.DataFrame:
    """The codebook of --codebook, else the codebook.yaml beside `file`, else the one of the first study, said so."""
    from expert_roundup.coding.codebook import read_codebook
    from expert_roundup.datasets import load_codebook

    if args.codebook:
        return read_codebook(args.codebook)
    beside = Path(file).parent / "codebook.yaml"
    if beside.is_file():
        return read_codebook(beside)
    remark(args, "codebook: the one of the first study (--codebook names another)")
    return load_codebook()


def remark(args: argparse.Namespace, text: str) -> None:
    """Say something on standard error unless --quiet was given."""
    if not args.quiet:
        print(text, file=sys.stderr)


def emit(args: argparse.Namespace, result: pd.DataFrame | dict[str, Any] | list[Any]) -> int:
    """Print `result` in the chosen format, or save it to -o; return exit code 0.

    A frame becomes a table, csv, Markdown, LaTeX, a workbook or a list of json objects; any other object becomes json.

    Raises
    ------
    ValueError
        A workbook is asked for without -o, or of a result that is no frame; or the file exists already.
    """
    style = chosen_format(args)
    if args.out is None and style != "xlsx":
        sys.stdout.write(render(result, style))
        return 0
    from expert_roundup.output.files import save_bytes

    content = _workbook(args, result) if style == "xlsx" else render(result, style).encode()
    path = save_bytes(args.out, content, overwrite=args.overwrite)
    remark(args, f"written: {path}")
    return 0


def _workbook(args: argparse.Namespace, result: pd.DataFrame | dict[str, Any] | list[Any]) -> bytes:
    import pandas as pd

    from expert_roundup.output.workbook import frames_to_xlsx

    if args.out is None:
        raise ValueError("--format xlsx: a workbook is a file; name it with -o FILE.xlsx")
    if not isinstance(result, pd.DataFrame):
        raise ValueError("--format xlsx: this result is no single table; json holds it")
    return frames_to_xlsx({Path(args.out).stem: result})


def chosen_format(args: argparse.Namespace) -> str:
    """Return what --format says, else what the ending of -o says, else "table"."""
    if args.format is not None:
        return str(args.format)
    ending = (args.out or "").rpartition(".")[2].lower()
    return ending if ending in FORMATS else "table"


def render(result: pd.DataFrame | dict[str, Any] | list[Any], style: str) -> str:
    r"""Return `result` as text that ends with a line feed.

    Parameters
    ----------
    result
        A frame, or an object of dicts, lists and plain values. Values of numpy and pandas become plain ones; what is
        missing or not a number becomes null.
    style
        For a frame, "table", "csv", "md", "tex" or "json" (one object a row); any other object becomes json whatever
        the style.

    Returns
    -------
    str
        The whole result as it is printed or saved.

    Examples
    --------
    >>> import pandas as pd
    >>> render(pd.DataFrame({"theme": ["goals"], "n_quotes": [9]}), "json")
    '[\n {\n  "theme": "goals",\n  "n_quotes": 9\n }\n]\n'
    >>> render({"share": float("nan")}, "table")
    '{\n "share": null\n}\n'
    """
    import pandas as pd

    if isinstance(result, pd.DataFrame) and style != "json":
        from expert_roundup.output.markup import frame_to_latex, frame_to_markdown
        from expert_roundup.output.tables import frame_to_csv, frame_to_text

        written = {"csv": frame_to_csv, "md": frame_to_markdown, "tex": frame_to_latex}
        if style in written:
            return written[style](result)
        # a pipe or a file has no edge that names would have to be cut at
        width = None if sys.stdout.isatty() else PAPER_WIDTH
        return frame_to_text(result, width=width)
    rows = result.to_dict("records") if isinstance(result, pd.DataFrame) else result
    return json.dumps(_plain(rows), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """Turn values of numpy and pandas into json's own; no number and no value become None."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):  # a numpy scalar or array
        return _plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    return None if str(value) in ("<NA>", "NaT") else str(value)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a whole number from 0, not {text!r}")
    return int(text)

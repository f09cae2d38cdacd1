"""`expert-roundup slides`: a deck with native, editable charts."""

from __future__ import annotations

import argparse

from expert_roundup.cli.charts import add_folder, gather
from expert_roundup.cli.options import remark


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `slides`."""
    add_folder(parser)
    parser.add_argument("-o", "--out", metavar="DECK.pptx", required=True, help="file to write to")
    parser.add_argument("--title", default="", help="of the first slide")
    look = parser.add_mutually_exclusive_group()
    look.add_argument("--template", metavar="FILE", help=".pptx or .potx whose master, fonts and colours are taken")
    look.add_argument("--theme", choices=("light", "dark", "print"), default="light", help="default: light")
    parser.add_argument("--overwrite", action="store_true", help="replace a deck that exists")
    parser.add_argument("--quiet", action="store_true", help="no progress and remarks on standard error")


def run(args: argparse.Namespace) -> int:
    """Build the deck and save it; return the exit code."""
    from expert_roundup.output.files import check_free, save_bytes
    from expert_roundup.output.slides import build_deck

    check_free(args.out, overwrite=args.overwrite)
    material = gather(args)
    deck = build_deck(
        material.frames, title=args.title, source=material.source, notes=material.notes, limits=material.limits,
        options=material.options,
        template=args.template, theme=args.theme,
    )  # fmt: skip
    path = save_bytes(args.out, deck, overwrite=args.overwrite)
    remark(args, f"written: {path}")
    return 0

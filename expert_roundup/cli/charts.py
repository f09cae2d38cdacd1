"""`expert-roundup charts`: the charts of a study as pictures, with their numbers and alt texts."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.cli.options import add_output_options, remark

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.study import Study

_FORMATS = ("png", "svg", "pdf")


@dataclass(frozen=True)
class Material:
    """What charts and slides are made of.

    Attributes
    ----------
    frames
        Of the study, with norms and platforms.
    source
        The line at the foot.
    notes
        Limits to state, by the chart's name.
    limits
        Of the whole study.
    options
        Further arguments of a chart, by the chart's name.
    """

    frames: dict[str, pd.DataFrame]
    source: str
    notes: dict[str, str] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    options: dict[str, dict[str, Any]] = field(default_factory=dict)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `charts`."""
    add_folder(parser)
    add_output_options(parser, folder=True)
    parser.add_argument(
        "--format",
        type=_formats,
        default=list(_FORMATS),
        metavar="png,svg,pdf",
        help="any of these; default: all three",
    )
    parser.add_argument("--preset", choices=("16:9", "4:3", "square"), default="16:9", help="shape (default 16:9)")
    parser.add_argument(
        "--scale", type=int, choices=(1, 2, 3), default=1, help="of a png: 16:9 has 1920, 3840 or 5760 dots across"
    )
    parser.add_argument("--plain", action="store_true", help="without title and source, for a slide that has its own")
    parser.add_argument("--transparent", action="store_true", help="without paper")
    parser.add_argument("--dark", action="store_true", help="light marks on dark paper")
    parser.add_argument("--svg-text", action="store_true", help="letters in an svg stay text instead of outlines")
    parser.add_argument("--only", action="append", metavar="NAME", help="this chart only; may be repeated")


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Add the study to show."""
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="what `study -o FOLDER` wrote; default: the study that ships"
    )


def run(args: argparse.Namespace) -> int:
    """Draw the charts and save them; return the exit code."""
    from tqdm import tqdm

    from expert_roundup.output.charts import charts_missing, save_chart, study_charts
    from expert_roundup.output.charts.export import file_names
    from expert_roundup.output.files import check_free

    material = gather(args)
    charts = study_charts(
        material.frames, only=args.only, source=material.source, notes=material.notes, options=material.options
    )
    for chart in charts:
        for name in file_names(chart.name, args.format):
            check_free(Path(args.out) / name, overwrite=args.overwrite)
    for chart in tqdm(charts, desc="charts", disable=True if args.quiet else None, leave=False):
        save_chart(
            chart, args.out, formats=args.format, preset=args.preset, scale=args.scale, plain=args.plain,
            transparent=args.transparent, dark=args.dark, has_text=args.svg_text, overwrite=args.overwrite,
        )  # fmt: skip
    for chart in charts:
        remark(args, f"{chart.name}: {chart.title}")
    if not args.only:
        for name, reason in charts_missing(material.frames).items():
            remark(args, f"not drawn: {name} {reason}")
    remark(args, f"written: {len(charts)} charts in {args.out}")
    return 0


def gather(args: argparse.Namespace) -> Material:
    """Read or run the study that `args.folder` names, and add what charts show beside it."""
    from expert_roundup.coding.agreement import MACHINE_ASSISTED
    from expert_roundup.output.charts import FRAMES
    from expert_roundup.output.provenance import data_hash
    from expert_roundup.study import load_study, run_study, study_frames

    if args.folder is not None and Path(args.folder).is_dir():
        study = load_study(args.folder)
        frames = study_frames(args.folder)
        frames["quotes"] = _with_lengths(frames["quotes"])
    else:
        study = run_study(args.folder, progress=not args.quiet)
        frames = dict(study.frames)
    # a study folder may hold other tables, such as those of charts
    frames = {name: frame for name, frame in {**frames, **_beside(study, frames)}.items() if name in FRAMES}
    notes, limits = dict[str, str](), list[str]()
    if study.edition != "own":
        notes = {"agreement": MACHINE_ASSISTED, "dos_and_donts": "Statements of the original article."}
        notes["platforms"] = "Mentions in the original article."
        limits = [MACHINE_ASSISTED, "The article is a machine translation: its wording is not the experts' own."]
    if study.edition == "condensed":
        frames["quotes"] = _with_original_lengths(frames["quotes"])
        notes["lengths"] = "Words of the original article, a translation."
    source, options = f"{study.source_line}, data {data_hash(frames)}", _stress(args.folder)
    return Material(frames, source, notes, tuple(limits), options)


def _stress(folder: str | None) -> dict[str, dict[str, Any]]:
    """How far the map of the clusters fails, where `clusters -o FOLDER` said so."""
    verdicts = Path(folder or "") / "verdicts.json"
    if folder is None or not verdicts.is_file():
        return {}
    said = json.loads(verdicts.read_text(encoding="utf-8"))
    found = [verdict["numbers"].get("stress") for verdict in said if verdict.get("name") == "map"]
    return {"map": {"stress": found[0]}} if found and found[0] is not None else {}


def _beside(study: Study, frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Norms and platforms where the study has none: facts of the original where they ship, else found in the quotes."""
    from expert_roundup.analysis.clusters.platforms import platform_mentions
    from expert_roundup.analysis.clusters.wording import wording_of_quotes, wording_of_terms
    from expert_roundup.datasets import load_answers, load_norms, load_term_counts

    found = {}
    # an answer of several pieces is longer in its source than as a text; charts need no places
    quotes = frames["quotes"].drop(columns=["start", "end"], errors="ignore")
    if "norms" not in frames and study.edition != "own":
        found["norms"] = load_norms()
    elif "norms" not in frames:
        from expert_roundup.analysis.norms import norms

        found["norms"] = norms(quotes)
    if "platforms" not in frames:
        original = study.edition != "own"
        wording = wording_of_terms(load_term_counts(), load_answers()) if original else wording_of_quotes(quotes)
        found["platforms"] = platform_mentions(wording)
    return found


def _with_lengths(quotes: pd.DataFrame) -> pd.DataFrame:
    """The quotes of a folder with lengths and names, counted and put in where the folder has none."""
    if "n_words" not in quotes.columns:
        quotes = quotes.assign(n_words=[len(text.split()) for text in quotes["text"]])
    return quotes if "speaker" in quotes.columns else quotes.assign(speaker=quotes["quote_id"])


def _with_original_lengths(quotes: pd.DataFrame) -> pd.DataFrame:
    from expert_roundup.datasets import load_answers

    return quotes.assign(n_words=quotes["quote_id"].map(load_answers().set_index("quote_id")["n_words"]))


def _formats(text: str) -> list[str]:
    wanted: list[Any] = list(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    if not wanted or set(wanted) - set(_FORMATS):
        raise argparse.ArgumentTypeError(f"any of png, svg, pdf, with commas between, not {text!r}")
    return wanted

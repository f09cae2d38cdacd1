"""`expert-roundup report`: one self-contained page with findings, a quote explorer, tables and notebooks."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.cli.options import add_seed, remark

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.output.report import NotebookPage
    from expert_roundup.study import Study

#: what a reader must know of the words of the answers, by edition
WORDING = {
    "condensed": (
        "The answers are shown in this project's condensed edition: restated in the third person in our own words. "
        "Nobody said these sentences, so quote them as nobody's."
    ),
    "original": "The answers are shown as your copy of the article has them, which is a machine translation in part.",
    "copy": "The answers are shown as your copy has them, not the article that was coded, so evidence has no place.",
}
_VARIABLE = "EXPERT_ROUNDUP_SOURCE"
_STORED = "Outputs as they are stored in the notebook."
#: notebooks that run at the same time; each has a kernel of its own
_AT_ONCE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `report`."""
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER",
        help="a study folder, such as `study -o FOLDER` wrote, or a roundup; default: the study that ships",
    )  # fmt: skip
    parser.add_argument("-o", "--out", metavar="REPORT.html", required=True, help="file to write to")
    parser.add_argument("--title", default="", help="of the page")
    parser.add_argument(
        "--notebooks", action=argparse.BooleanOptionalAction, default=None,
        help="with the study's executed notebooks; default: where the extra `notebooks` is installed",
    )  # fmt: skip
    add_seed(parser)
    parser.add_argument("--overwrite", action="store_true", help="replace a report that exists")
    parser.add_argument("--quiet", action="store_true", help="no progress and remarks on standard error")


def run(args: argparse.Namespace) -> int:
    """Build the report and save it; return the exit code."""
    from expert_roundup.output.files import check_free, save_bytes
    from expert_roundup.output.provenance import data_hash
    from expert_roundup.output.report import build_report
    from expert_roundup.study import run_study

    check_free(args.out, overwrite=args.overwrite)
    with _progress(args) as step:
        step("counting")
        study = run_study(args.folder, seed=args.seed)
        frames = _frames(study)
        pages = _notebooks(args, study, step)
        step("writing")
        notes, said, limits = _words(study)
        report = build_report(
            frames, title=args.title, source=f"{study.source_line}, data {data_hash(frames)}", notes=notes, said=said,
            limits=limits, wording=WORDING.get(study.edition, ""), notebooks=pages,
        )  # fmt: skip
    path = save_bytes(args.out, report, overwrite=args.overwrite)
    for page in pages:
        if page.notebook is None:
            remark(args, f"{page.name}: {page.note}")
    remark(args, f"written: {path} ({len(report) / 1e6:.1f} MB)")
    return 0


def _frames(study: Study) -> dict[str, pd.DataFrame]:
    """The frames of the study, with the platforms that the shown text names and the norms that the answers state."""
    from expert_roundup.analysis.clusters.platforms import platform_mentions
    from expert_roundup.analysis.clusters.wording import wording_of_quotes
    from expert_roundup.output.tables import csv_to_frame

    frames = dict(study.frames)
    frames["platforms"] = platform_mentions(wording_of_quotes(frames["quotes"]))
    if study.edition != "own":
        from expert_roundup.datasets import data_path

        frames["norms"] = csv_to_frame(data_path("source/norms.csv").read_text(encoding="utf-8"))
    return frames


def _words(study: Study) -> tuple[dict[str, str], list[str], list[str]]:
    """Notes by chart, further sentences for the summary, and limits."""
    from expert_roundup.coding.agreement import MACHINE_ASSISTED

    said = [f"Note: {remark}." for remark in study.remarks]
    if "tally" not in study.frames:
        said.append("Nobody has coded these answers yet, so there are no themes to choose and nothing to count.")
    if study.edition == "own":
        return {}, said, []
    limits = [MACHINE_ASSISTED, "The article is a machine translation: its wording is not the experts' own."]
    return {"agreement": MACHINE_ASSISTED, "dos_and_donts": "Statements of the original article."}, said, limits


def _notebooks(args: argparse.Namespace, study: Study, step: Any) -> list[NotebookPage]:
    """The notebooks of the study with their outputs, as far as it has any that speak of it."""
    if args.notebooks is False or (args.notebooks is None and find_spec("nbconvert") is None):
        return []
    own = _own_notebooks(args.folder)
    if own:  # they speak of this folder as it is now
        return _pages(own, step, must_run=lambda _: True)
    if not _is_as_coded(study):
        remark(
            args, "no notebooks: those that ship argue about the first study; `expert-roundup start` lays out others"
        )
        return []
    if study.edition == "condensed":
        return _pages(_shipped_notebooks(), step, must_run=lambda _: False)
    source = _source(args.folder, study)
    if Path(source).is_dir():
        remark(args, f"some notebooks need the article itself: name it in ${_VARIABLE}")
    return _pages(_shipped_notebooks(), step, must_run=_reads_source, environment={_VARIABLE: source})


def _pages(
    paths: list[Path],
    step: Any,
    *,
    must_run: Callable[[NotebookPage], bool],
    environment: dict[str, str] | None = None,
) -> list[NotebookPage]:
    """The notebooks in order, each with the outputs that it holds, or run anew."""
    from expert_roundup.output.report import is_run, read_notebook, run_notebook

    def page(path: Path) -> NotebookPage:
        read = read_notebook(path)
        if must_run(read):
            read = run_notebook(replace(read, note="Run anew for this report."), path.parent, environment=environment)
        else:
            read = replace(read, note=_STORED if is_run(read.notebook) else "Not run to its end yet.")
        step(read.name)
        return read

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(page, paths))


def _reads_source(page: NotebookPage) -> bool:
    return page.notebook is not None and any(_VARIABLE in cell.source for cell in page.notebook.cells)


def _own_notebooks(folder: str | None) -> list[Path]:
    if folder is None or not Path(folder).is_dir():
        return []
    places = [*Path(folder).glob("*.ipynb"), *Path(folder).glob("notebooks/*.ipynb")]
    return sorted(places, key=lambda path: path.name)


def _shipped_notebooks() -> list[Path]:
    from expert_roundup.datasets import data_path

    return sorted((data_path().parent / "notebooks").glob("*.ipynb"))


def _is_as_coded(study: Study) -> bool:
    """Whether this is the first study with the codings that ship, of which the notebooks speak."""
    from expert_roundup.datasets import load_codebook, load_published_tally
    from expert_roundup.editions import attached_codings
    from expert_roundup.output.tables import frame_to_csv

    if study.edition not in ("condensed", "original"):
        return False
    shipped = {
        "codebook": load_codebook(),
        "codings": attached_codings(study.edition),
        "published_tally": load_published_tally(),
    }
    return all(
        name in study.frames and frame_to_csv(study[name]) == frame_to_csv(frame) for name, frame in shipped.items()
    )


def _source(folder: str, study: Study) -> str:
    """What the notebooks read: the original itself where we have it, else the study folder."""
    import hashlib
    import os

    for path in (folder, os.environ.get(_VARIABLE)):
        if path and Path(path).is_file() and hashlib.sha256(Path(path).read_bytes()).hexdigest() == study.sha256:
            return str(Path(path).resolve())
    return str(Path(folder).resolve())


@contextmanager
def _progress(args: argparse.Namespace) -> Iterator[Any]:
    """Yield what says on standard error which part is being made."""
    from tqdm import tqdm

    with tqdm(disable=True if args.quiet else None, leave=False, unit="part") as bar:

        def step(name: str) -> None:
            bar.set_description(name)
            bar.update()

        yield step

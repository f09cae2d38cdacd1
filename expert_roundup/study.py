"""The whole study, step by step, each step one call: quotes, codings, tally, agreement, reconstruction, chart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.datasets import data_path

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.parsing import Roundup

#: files that a study folder holds for others to read, and what they become
_INPUTS = {
    "quotes": "quotes.csv",
    "codebook": "codebook.yaml",
    "codings": "codings.csv",
    "published_tally": "published_tally.csv",
}
#: the text that the offsets of a study folder index
SOURCE_NAMES = ("source.md", "source.txt")
#: how the editions of the first study are called below a chart
_EDITIONS = {"condensed": "condensed edition of the first study", "original": "original article of the first study"}
#: frames that a study computes, in the order in which they are written
RESULTS = ("norms", "tally", "agreement", "reconstruction")


@dataclass(frozen=True)
class Study:
    """A roundup with its codings and whatever was computed from them.

    Attributes
    ----------
    name
        What was studied, for the last line of a chart.
    sha256
        Of the source, "" where quotes came without it.
    edition
        "condensed", "original", "copy" (another copy or a translation of the first study's article) or "own".
    frames
        Name to frame: quotes and norms, and where they are known codebook, codings, published_tally, tally, agreement,
        reconstruction.
    remarks
        What a reader must know: a copy that was matched by its speakers, codings that are missing.
    """

    name: str
    sha256: str
    edition: str
    frames: dict[str, pd.DataFrame] = field(repr=False)
    remarks: tuple[str, ...] = ()
    text: str = field(default="", repr=False)  #: what offsets index

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]

    @property
    def source_line(self) -> str:
        """Where the numbers come from: name, version and the head of the source's hash."""
        from expert_roundup.datasets import version

        digest = f", sha256 {self.sha256[:12]}" if self.sha256 else ""
        return f"Source: {self.name}{digest}; expert-roundup {version()}"


def load_study(
    source: str | Path | None = None,
    *,
    codebook: str | Path | None = None,
    codings: Sequence[str | Path] = (),
    published: str | Path | None = None,
) -> Study:
    """Read quotes, codebook, codings and published tally, and put them together.

    Parameters
    ----------
    source
        Path or URL of a roundup, or a study folder (quotes.csv, codebook.yaml, codings.csv, published_tally.csv); by
        default the condensed edition that ships. The original article is recognised by its hash: spans and codings
        attach to it.
    codebook, codings, published
        Files that take the place of what the source brings; several files of codings are merged.

    Raises
    ------
    ValueError, OSError
        Something cannot be read, or does not fit together; all offending rows are named.
    """
    is_folder = source is not None and Path(source).is_dir()
    study = _from_folder(Path(str(source))) if is_folder else _from_source(source)
    return _with_given(study, codebook=codebook, codings=codings, published=published)


def analyse(study: Study, *, seed: int = 0, progress: bool = False) -> Study:
    """The study with tally, agreement and reconstruction, as far as its codings and published totals allow."""
    from expert_roundup.coding.agreement import agreement
    from expert_roundup.coding.reconstruction import reconstruct
    from expert_roundup.coding.tally import tally

    frames = dict(study.frames)
    codings, codebook, published = frames.get("codings"), frames.get("codebook"), frames.get("published_tally")
    if codings is None or codebook is None or codings.empty:
        return study
    remarks = list(study.remarks)
    for step in _steps(["tally", "agreement", "reconstruction"], progress=progress):
        if step == "tally":
            frames[step] = tally(codings, codebook, published=published, seed=seed)
        elif step == "agreement" and len(codings["coder"].unique()) > 1:
            frames[step] = agreement(codings, codebook=codebook, seed=seed)
        elif step == "reconstruction" and published is not None:
            try:
                frames[step] = reconstruct(codings, published, seed=seed)
            except ValueError as error:
                remarks.append(f"no reconstruction: {error}")
    return replace(study, frames=frames, remarks=tuple(remarks))


def run_study(source: str | Path | None = None, *, seed: int = 0, progress: bool = False, **given: Any) -> Study:
    """`load_study` and `analyse` in one call."""
    return analyse(load_study(source, **given), seed=seed, progress=progress)


def study_frames(source: str | Path | None = None) -> dict[str, pd.DataFrame]:
    """Frames of a study by name: the results that FOLDER holds, else those computed from what it or `source` is."""
    if source is not None and Path(source).is_dir():
        folder = Path(source)
        study = _from_folder(folder)
        # a folder that somebody codes in holds no results yet
        study = study if (folder / "tally.csv").is_file() else analyse(study)
        return {**study.frames, **_results(folder)}
    return run_study(source).frames


def save_study(study: Study, folder: str | Path, *, overwrite: bool = False) -> list[Path]:
    """Write every frame and the tally chart into `folder`, each file whole or not at all; return the paths in order.

    Raises
    ------
    ValueError
        A file stands there already and `overwrite` is false; nothing was written.
    OSError
        The folder cannot be written.
    """
    from expert_roundup.output.files import check_free, save_bytes

    files = dict(_files(study))
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise ValueError(f"{target} is a file; name a folder")
    for name in files:
        check_free(target / name, overwrite=overwrite)
    return [save_bytes(target / name, content, overwrite=overwrite) for name, content in files.items()]


def summary(study: Study) -> list[str]:
    """What a reader should know of a study, in plain sentences computed from its frames."""
    sentences = [f"{len(study['quotes'])} answers: {study.name}.", *(f"Note: {remark}." for remark in study.remarks)]
    if "agreement" in study.frames:
        from expert_roundup.coding.agreement import MACHINE_ASSISTED, interpretation

        sentences.append(interpretation(study["agreement"], note="" if study.edition == "own" else MACHINE_ASSISTED))
    if "reconstruction" in study.frames:
        from expert_roundup.coding.reconstruction import changes, doubtful_cells

        moved = len(changes(study["reconstruction"], study["codings"]))
        doubtful = doubtful_cells(study["reconstruction"], n=9)
        cells = ", ".join(f"{row.quote_id} {row.theme}" for row in doubtful.itertuples())
        sentences.append(
            f"The reconstruction meets every published total and differs from the majority reading in {moved} of "
            f"{len(study['reconstruction'])} cells; least certain: {cells}. "
            "It is the reading that fits best, not the author's own coding."
        )
    if "codings" not in study.frames or study["codings"].empty:
        sentences.append(
            "No codings yet: code the quotes into the folder's codings.csv, or pass a file with --codings."
        )
    return sentences


def _files(study: Study) -> Iterator[tuple[str, bytes]]:
    from expert_roundup.coding.codebook import codebook_to_yaml
    from expert_roundup.output.tables import frame_to_csv
    from expert_roundup.output.workbook import frames_to_xlsx

    for name, file in _INPUTS.items():
        if name in study.frames:
            frame = study.frames[name]
            content = codebook_to_yaml(frame) if file.endswith(".yaml") else frame_to_csv(frame)
            yield file, content.encode()
    for name in RESULTS:
        if name in study.frames:
            yield f"{name}.csv", frame_to_csv(study.frames[name]).encode()
    yield (
        "study.xlsx",
        frames_to_xlsx({name: study.frames[name] for name in (*_INPUTS, *RESULTS) if name in study.frames}),
    )
    about = {"name": study.name, "edition": study.edition, "sha256": study.sha256}
    yield "study.json", (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()
    yield from _charts(study)


def _charts(study: Study) -> Iterator[tuple[str, bytes]]:
    from expert_roundup.output.charts import chart_files, tally_chart

    if "tally" in study.frames:
        yield from chart_files(tally_chart(study["tally"], source=study.source_line), formats=("png", "svg", "pdf"))


def _from_source(source: str | Path | None) -> Study:
    from expert_roundup.datasets import load_codebook, load_published_tally
    from expert_roundup.editions import CONDENSED, COPY_REMARK, attached_codings, edition, with_english_speakers
    from expert_roundup.parsing import read_roundup

    roundup = read_roundup(data_path(CONDENSED) if source is None else source)
    which, name = edition(roundup), Path(roundup.source.name).name or roundup.source.name
    if which == "own":
        frames = {"quotes": roundup.quotes, "norms": _norms(roundup, which), **_published_of(roundup)}
        return Study(name, roundup.source.sha256, which, frames, (), roundup.source.text)
    frames = {
        "norms": _norms(roundup, which),
        "quotes": with_english_speakers(roundup.quotes),
        "codebook": load_codebook(),
        "codings": attached_codings(which),
        "published_tally": load_published_tally(),
    }
    remarks = (COPY_REMARK,) if which == "copy" else ()
    return Study(_EDITIONS.get(which, name), roundup.source.sha256, which, frames, remarks, roundup.source.text)


def _norms(roundup: Roundup, which: str) -> pd.DataFrame:
    """Norms of the text; of the condensed edition those of the original, since its own wording is ours."""
    if which == "condensed":
        from expert_roundup.datasets import load_norms

        return load_norms()
    from expert_roundup.analysis.norms import norms

    return norms(roundup.quotes, source_text=roundup.source.text, segments=roundup.segments)


def _published_of(roundup: Roundup) -> dict[str, pd.DataFrame]:
    from expert_roundup.coding.published import check_published_tally

    return {"published_tally": check_published_tally(roundup.published_tally)} if roundup.published else {}


def _from_folder(folder: Path) -> Study:
    from expert_roundup.coding.codebook import read_codebook
    from expert_roundup.coding.codings import read_codings
    from expert_roundup.coding.published import read_published_tally
    from expert_roundup.coding.quotes import read_quotes_csv

    if not (folder / "quotes.csv").is_file():
        raise ValueError(
            f"{folder} is no study folder: it has no quotes.csv (expert-roundup start SOURCE -o {folder} makes one)"
        )
    frames: dict[str, pd.DataFrame] = {"quotes": read_quotes_csv(folder / "quotes.csv")}
    if (folder / "codebook.yaml").is_file():
        frames["codebook"] = read_codebook(folder / "codebook.yaml")
    if (folder / "codings.csv").is_file():
        frames["codings"] = read_codings(folder / "codings.csv")
    if (folder / "published_tally.csv").is_file():
        frames["published_tally"] = read_published_tally(
            folder / "published_tally.csv", codebook=frames.get("codebook")
        )
    about = json.loads((folder / "study.json").read_text("utf-8")) if (folder / "study.json").is_file() else {}
    name, sha256, which = (str(about.get(key, "")) for key in ("name", "sha256", "edition"))
    return Study(name or folder.resolve().name, sha256, which or "own", frames, (), _text_of(folder))


def _text_of(folder: Path) -> str:
    """What offsets index, as `start` lays it out beside the quotes; "" where it is not there."""
    found = next((folder / name for name in SOURCE_NAMES if (folder / name).is_file()), None)
    return "" if found is None else found.read_bytes().decode("utf-8").removeprefix("\ufeff")


def _results(folder: Path) -> dict[str, pd.DataFrame]:
    from expert_roundup.output.tables import csv_to_frame

    return {
        path.stem: csv_to_frame(path.read_text("utf-8"))
        for path in sorted(folder.glob("*.csv"))
        if path.name not in _INPUTS.values()
    }


def _with_given(
    study: Study, *, codebook: str | Path | None, codings: Sequence[str | Path], published: str | Path | None
) -> Study:
    """The study with the files that the caller named, checked against its quotes."""
    from expert_roundup.coding.codebook import read_codebook
    from expert_roundup.coding.codings import check_codings, read_codings
    from expert_roundup.coding.merging import Part, merge_codings
    from expert_roundup.coding.published import read_published_tally

    frames, remarks = dict(study.frames), study.remarks
    if codebook is not None:
        frames["codebook"] = read_codebook(codebook)
    if codings:
        known = {"quotes": frames["quotes"], "codebook": frames.get("codebook")}
        parts = [Part(str(path), read_codings(path, **known)) for path in codings]
        frames["codings"] = parts[0].codings
        if len(parts) > 1:
            merged = merge_codings(parts)
            frames["codings"] = merged.codings
            if len(merged.conflicts):
                told = (
                    f"{len(merged.conflicts)} conflicts between the files of codings; expert-roundup merge lists them"
                )
                remarks = (*remarks, told)
    elif codebook is not None and "codings" in frames:
        check_codings(frames["codings"], quotes=frames["quotes"], codebook=frames["codebook"])
    if published is not None:
        frames["published_tally"] = read_published_tally(published, codebook=frames.get("codebook"))
    return replace(study, frames=frames, remarks=remarks)


def _steps(names: Sequence[str], *, progress: bool) -> Iterator[str]:
    """The names one by one, with a bar on standard error when `progress`."""
    if not progress:
        yield from names
        return
    from tqdm import tqdm

    with tqdm(total=len(names), unit="step", leave=False) as bar:
        for name in names:
            bar.set_description(name)
            yield name
            bar.update()

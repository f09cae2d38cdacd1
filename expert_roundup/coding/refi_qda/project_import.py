"""A QDPX project of any program as the frames of a study; one error names all that is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from expert_roundup.coding.refi_qda.archive import Archive, open_archive
from expert_roundup.coding.refi_qda.codebook_import import Code, codebook_frame, theme_names
from expert_roundup.coding.refi_qda.counting import counted_text
from expert_roundup.coding.refi_qda.imported_codings import ImportedCodings, imported_codings
from expert_roundup.coding.refi_qda.imported_quotes import imported_quotes, quotes_frame
from expert_roundup.coding.refi_qda.plain_text import PlainText
from expert_roundup.coding.refi_qda.project_reading import ProjectRecord, SourceRecord, read_project
from expert_roundup.coding.refi_qda.xml_reading import parse_xml, raise_faults

_INTERNAL = "internal://"
#: element -> how remarks call it
_LEFT_OUT = {
    "PictureSource": "picture",
    "AudioSource": "audio source",
    "VideoSource": "video",
    "PDFSource": "PDF without text",
    "Note": "note",
    "Link": "link",
    "Set": "set",
    "Graph": "graph",
}


@dataclass(frozen=True)
class Project:
    """What a QDPX project holds, as frames.

    Attributes
    ----------
    name
        As the program named it.
    quotes
        The quotes frame: one row per text source; further variables of the project stand behind its columns.
    codebook
        The codebook frame; no rows where the project has no codes.
    codings
        The codings frame, with evidence in the count of the quotes' start and end.
    remarks
        What was left out or joined, in plain sentences.
    """

    name: str
    quotes: pd.DataFrame = field(repr=False)
    codebook: pd.DataFrame = field(repr=False)
    codings: pd.DataFrame = field(repr=False)
    remarks: tuple[str, ...] = ()


def import_project(path: str | os.PathLike[str]) -> Project:
    """Read a QDPX project as QualCoder, ATLAS.ti, NVivo, MAXQDA and this package write it.

    Parameters
    ----------
    path
        A .qdpx file. It is treated as hostile: nothing is unpacked to disk, nothing outside it is read.

    Returns
    -------
    Project
        One quote per text source (or text of a PDF). Where no memo of ours says otherwise, confidence is 1 and the
        memo of a selection is the rationale. A coder who gave one theme to several spans of a quote has one coding,
        whose evidence runs from the first to the last of them.

    Raises
    ------
    ValueError
        It is no project, hostile or damaged: paths out of the archive, links, bombs, entities, other encodings,
        selections outside their text, references to nothing, GUIDs that stand there twice; all of them are named.
    OSError
        The file cannot be read.

    Notes
    -----
    Positions are Unicode code points. For texts with line ends of two characters see `counted_text`.
    """
    archive = open_archive(path)
    with archive.file:
        record = read_project(parse_xml(archive.project(), root="Project", what=archive.what), archive.what)
        written = _read_texts(archive, record.sources)
    kept, texts = _with_text(record, written)
    if not kept.sources:
        raise ValueError(f"{archive.what}: no text in it")
    _check_marks(kept, texts, archive.what)
    themes = theme_names(_given(kept))
    quotes = imported_quotes(kept, texts)
    codings = imported_codings(kept, quotes, texts, themes)
    return Project(
        name=kept.name or Path(path).stem,
        quotes=quotes_frame(quotes, dict(kept.variables.values())),
        codebook=codebook_frame(kept.codes, themes),
        codings=codings.frame,
        remarks=tuple(_remarks(record, len(record.sources) - len(kept.sources), codings)),
    )


def _read_texts(archive: Archive, sources: Sequence[SourceRecord]) -> list[str]:
    faults: list[str] = []
    texts = [_read_text(archive, source, faults).removeprefix("\ufeff") for source in sources]
    raise_faults(faults, archive.what)
    return texts


def _read_text(archive: Archive, source: SourceRecord, faults: list[str]) -> str:
    if not source.path:
        return source.content
    what = f"text of source {source.name!r}"
    name = unquote(source.path.removeprefix(_INTERNAL)).replace("\\", "/").lstrip("/")
    if not source.path.startswith(_INTERNAL) or ".." in name.split("/"):
        faults.append(f"{what} lies outside the archive ({source.path[:80]})")
        return ""
    path = next((p for p in (f"sources/{name}".casefold(), name.casefold()) if p in archive.entries), None)
    if path is None:
        faults.append(f"{what} is not in the archive ({source.path[:80]})")
        return ""
    try:
        return archive.text(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.append(f"{what} is not UTF-8 (byte {error.start:,})")
        return ""


def _with_text(record: ProjectRecord, written: Sequence[str]) -> tuple[ProjectRecord, list[PlainText]]:
    """The record without sources that have neither text nor selections, and the texts of the others."""
    pairs = [
        (source, text)
        for source, text in zip(record.sources, written, strict=True)
        if text.strip() or any(mark.start is not None for mark in source.marks)
    ]
    kept = ProjectRecord(
        record.name, record.origin, record.users, record.codes, record.variables, [source for source, _ in pairs],
        record.cases, record.n_left_out,
    )  # fmt: skip
    texts = []
    for source, text in pairs:
        marks = [(m.start, m.end, m.name) for m in source.marks if m.start is not None and m.end is not None]
        texts.append(counted_text(text, marks, origin=record.origin))
    return kept, texts


def _check_marks(record: ProjectRecord, texts: Sequence[PlainText], what: str) -> None:
    faults = []
    for source, text in zip(record.sources, texts, strict=True):
        length = int(text.ends[-1]) if len(text.ends) else 0
        for mark in source.marks:
            if mark.start is None or mark.end is None:
                continue
            if not 0 <= mark.start <= mark.end <= length:
                place = f"selection {mark.start}..{mark.end} of source {source.name!r}"
                faults.append(f"{place} lies outside its text of {length} characters")
    raise_faults(faults, what)


def _given(record: ProjectRecord) -> list[Code]:
    used = {key for source in record.sources for mark in source.marks for _, key in mark.codes}
    return [code for code in record.codes if code.is_codable or code.guid in used]


def _remarks(record: ProjectRecord, n_empty: int, codings: ImportedCodings) -> list[str]:
    counts = {_LEFT_OUT[kind]: n for kind, n in record.n_left_out.items()}
    counts |= {"source without text": n_empty, "memo on a span without a code": codings.n_memos}
    counts |= {"coding with a case": codings.n_cases}
    remarks = [f"left out: {n} x {name}" for name, n in counts.items() if n]
    if codings.n_joined:
        remarks.append(
            f"{codings.n_joined} selections repeat a theme that their coder gave to the same quote: they were joined, "
            "and the evidence runs from the first to the last"
        )
    return remarks

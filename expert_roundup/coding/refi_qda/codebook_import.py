"""Codes of other programs as a codebook: what can be given is a theme, what it lies in is its group."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from expert_roundup.coding.codebook import COLUMNS, check_codebook
from expert_roundup.coding.refi_qda.identity import plain_guid
from expert_roundup.coding.refi_qda.memos import read_description
from expert_roundup.coding.refi_qda.xml_reading import children, parse_xml, raise_faults, text_of

#: a codebook above this is none
_MAX_BYTES = 16_000_000
_LINE_ENDS = re.compile(r"[\r\n\t]+")
_COLOR = re.compile(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")


@dataclass(frozen=True, slots=True)
class Code:
    """One code as a program wrote it."""

    guid: str
    name: str
    path: tuple[str, ...]  #: names of the codes it lies in, outermost first
    color: str
    description: str
    is_codable: bool


def import_codebook(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a QDC codebook.

    Returns
    -------
    DataFrame
        One row per code that can be given, in the order of the file: the codebook frame. A code that lies in others
        has them as its group; two codes of one name are told apart by what they lie in ("people/trust").

    Raises
    ------
    ValueError
        The file is no codebook, hostile, or its codes are unusable; all of them are named.
    OSError
        The file cannot be read.
    """
    what = f"codebook {Path(path).name}"
    if os.path.getsize(path) > _MAX_BYTES:
        raise ValueError(f"{what}: larger than {_MAX_BYTES // 1_000_000} MB")
    codes = list(codes_of(parse_xml(Path(path).read_bytes(), root="CodeBook", what=what)))
    raise_faults(code_faults(codes), what)
    themes = theme_names([code for code in codes if code.is_codable])
    if not themes:
        raise ValueError(f"{what}: no code in it that can be given")
    return codebook_frame(codes, themes)


def codes_of(codebook: Any) -> Iterator[Code]:
    """All codes below an element CodeBook, parents before what lies in them."""
    for place in children(codebook, "Codes"):
        for element in children(place, "Code"):
            yield from _walked(element, ())


def code_faults(codes: list[Code]) -> list[str]:
    """Name every code without a name or with the GUID of another."""
    faults = [f"a code without a name in {'/'.join(code.path) or 'the codebook'}" for code in codes if not code.name]
    seen: set[str] = set()
    for code in codes:
        if code.guid in seen:
            faults.append(f"code {code.name!r} has the GUID of another code ({code.guid})")
        seen.add(code.guid)
    return faults


def theme_names(codes: list[Code]) -> dict[str, str]:
    """GUID -> theme for these codes, each theme once, whatever its case."""
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for code in codes:
        counts[code.name.casefold()] = counts.get(code.name.casefold(), 0) + 1
    taken: set[str] = set()
    for code in codes:
        is_alone = counts[code.name.casefold()] == 1
        name = code.name if is_alone else "/".join((*code.path[-1:], code.name))
        tried, n = name, 1
        while tried.casefold() in taken:
            n += 1
            tried = f"{name} ({n})"
        taken.add(tried.casefold())
        names[code.guid] = tried
    return names


def codebook_frame(codes: list[Code], themes: Mapping[str, str]) -> pd.DataFrame:
    """The codebook frame of the codes that `themes` names; empty without any."""
    rows = [
        {
            "theme": themes[code.guid],
            "group": " / ".join(code.path),
            "color": _color(code.color),
            **read_description(code.description),
        }
        for code in codes
        if code.guid in themes
    ]
    if not rows:
        return pd.DataFrame(columns=list(COLUMNS), dtype="str")
    frame = pd.DataFrame(rows).fillna("")
    if "position" in frame:
        # codes that were added elsewhere have none and come last
        frame = frame.iloc[pd.to_numeric(frame["position"], errors="coerce").argsort(kind="stable")]
    return check_codebook(_with_own_labels(frame))


def _walked(element: Any, path: tuple[str, ...]) -> Iterator[Code]:
    name = _LINE_ENDS.sub(" ", element.get("name") or "").strip()
    yield Code(
        # without a GUID nothing refers to it, and its place is its identity
        guid=plain_guid(element.get("guid")) or "/".join((*path, name)),
        name=name,
        path=path,
        color=element.get("color") or "",
        description=text_of(element, "Description"),
        is_codable=(element.get("isCodable") or "true").strip().lower() not in ("false", "0"),
    )
    for child in children(element, "Code"):
        yield from _walked(child, (*path, name))


def _color(written: str) -> str:
    color = written.strip()
    if not _COLOR.fullmatch(color):
        return ""
    return color if len(color) == 7 else "#" + "".join(2 * digit for digit in color[1:])


def _with_own_labels(frame: pd.DataFrame) -> pd.DataFrame:
    """Labels that another row has too give way to the theme, which is alone."""
    if "label" not in frame:
        return frame
    label = frame["label"].where(frame["label"] != "", frame["theme"])
    return frame.assign(label=label.where(~label.str.casefold().duplicated(keep=False), frame["theme"]))

"""Sources of a project as quotes: identity, speaker and whatever its variables say."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from expert_roundup.coding.refi_qda.places import places_from
from expert_roundup.coding.refi_qda.plain_text import PlainText, counted_from
from expert_roundup.coding.refi_qda.project_reading import ProjectRecord
from expert_roundup.coding.refi_qda.selections import UNKNOWN

#: columns of the quotes frame that a project may bring, in order
_COLUMNS = (
    "quote_id",
    "speaker",
    "role",
    "is_on_roster",
    "question",
    "language",
    "n_words",
    "start",
    "end",
    "text",
    "links",
)
#: what has its meaning from us alone, and only beside our quote_id
_PLACES = ("start", "end", "places")
_TYPES = {"is_on_roster": "Boolean", "n_words": "Integer", "start": "Integer", "end": "Integer"}
_NAMED = re.compile(r"(Q\d+)\b[\s.:-]*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ImportedQuote:
    """One source as a quote.

    Attributes
    ----------
    quote_id, speaker, text
        As in the quotes frame.
    start, end
        Where it stands in its source; the text itself where the project does not say.
    places
        Where its characters stand, in the count of `start`; None where that is unknown.
    variables
        Name -> value.
    """

    quote_id: str
    speaker: str
    text: str
    start: int
    end: int
    places: PlainText | None
    variables: Mapping[str, str]


def imported_quotes(record: ProjectRecord, texts: Sequence[PlainText]) -> list[ImportedQuote]:
    """Sources of `record` with these texts, as quotes in the same order."""
    names = {key: name for key, (name, _) in record.variables.items()}
    values = [{names[key]: value for key, value in source.variables} for source in record.sources]
    is_ours = any(value.get("quote_id") for value in values)
    quote_ids = _quote_ids([source.name for source in record.sources], values)
    return [
        _quote(quote_id, source.name, text.text, value, is_ours=is_ours)
        for quote_id, source, text, value in zip(quote_ids, record.sources, texts, values, strict=True)
    ]


def quotes_frame(quotes: Sequence[ImportedQuote], variables: Mapping[str, str]) -> pd.DataFrame:
    """The quotes frame.

    Parameters
    ----------
    variables
        Name -> type of every variable of the project; those that are no column of ours follow behind.

    Returns
    -------
    DataFrame
        One row per quote: quote_id, speaker, role, question, language, start, end, text, is_on_roster, n_words and
        links where the project has them, and its other variables.
    """
    columns: dict[str, Any] = {}
    always = {"role", "question", "language"}
    for name in _COLUMNS:
        if name in ("quote_id", "speaker", "text"):
            columns[name] = pd.Series([getattr(quote, name) for quote in quotes], dtype="str")
        elif name in ("start", "end"):
            columns[name] = pd.Series([getattr(quote, name) for quote in quotes], dtype="int64")
        elif name in variables or name in always:
            columns[name] = _typed([quote.variables.get(name, "") for quote in quotes], _TYPES.get(name, "Text"))
    if "links" in columns:
        columns["links"] = columns["links"].map(str.split)
    for name, kind in variables.items():
        if name not in _COLUMNS and name not in _PLACES:
            columns[name] = _typed([quote.variables.get(name, "") for quote in quotes], kind)
    return pd.DataFrame(columns)


def _quote_ids(names: Sequence[str], values: Sequence[Mapping[str, str]]) -> list[str]:
    """Identity of every source: what its variable says, else what its name begins with, else the next free number."""
    stated = [value.get("quote_id", "") for value in values]
    if not any(stated):
        matches = [_NAMED.match(name) for name in names]
        stated = [match[1] if match else "" for match in matches]
        if not all(stated) or len(set(stated)) < len(stated):
            stated = [""] * len(names)
    taken: set[str] = set()
    ids: list[str] = []
    for wanted in stated:
        n = len(ids) + 1
        free = wanted if wanted and wanted not in taken else f"Q{n:02d}"
        while free in taken or (free != wanted and free in stated):
            n += 1
            free = f"Q{n:02d}"
        taken.add(free)
        ids.append(free)
    return ids


def _quote(quote_id: str, name: str, text: str, values: Mapping[str, str], *, is_ours: bool) -> ImportedQuote:
    named = _NAMED.match(name)
    speaker = values.get("speaker") or (named[2] if named and named[1] == quote_id else name)
    own = counted_from(0, text)
    start, end = (_whole(values.get(place, "")) for place in ("start", "end"))
    if not is_ours or start is None or end is None or start > end:
        return ImportedQuote(quote_id, speaker, text, 0, len(text), own, values)
    places = values.get("places", "")
    if places:
        read = None if places == UNKNOWN else places_from(places, text)
        return ImportedQuote(quote_id, speaker, text, start, end, read, values)
    if start + len(text) != end:
        # somebody changed the text: offsets of the old one mean nothing in it
        return ImportedQuote(quote_id, speaker, text, 0, len(text), own, values)
    return ImportedQuote(quote_id, speaker, text, start, end, counted_from(start, text), values)


def _typed(values: Sequence[str], kind: str) -> pd.Series[Any]:
    if kind == "Boolean":
        known = {"true": True, "1": True, "false": False, "0": False}
        return pd.Series([known.get(value.lower()) for value in values], dtype="boolean")
    if kind in ("Integer", "Float"):
        numbers = pd.to_numeric(pd.Series(list(values), dtype="str"), errors="coerce").astype("Float64")
        return numbers.round().astype("Int64") if kind == "Integer" else numbers.astype("float64")
    return pd.Series(list(values), dtype="str")


def _whole(written: str) -> int | None:
    # QualCoder hands whole numbers on as "12.0"
    try:
        value = float(written)
    except ValueError:
        return None
    return int(value) if math.isfinite(value) and 0 <= value < 2**53 and value == int(value) else None

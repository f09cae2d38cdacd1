"""What is known of a quote beside its text, as variables: speaker, role, language, place in the source."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd

from expert_roundup.coding.refi_qda.identity import guid
from expert_roundup.coding.refi_qda.xml_writing import child_of

#: column -> what a reader in another program should know of it
MEANINGS = {
    "quote_id": "Identity of the quote in the study",
    "speaker": "Who answers, as the document prints the name",
    "role": "What the document says the speaker is",
    "is_on_roster": "Whether the document's list of contributors names the speaker",
    "question": "What was asked",
    "language": "Language of the answer (BCP 47)",
    "n_words": "Words of the answer",
    "start": "Where the answer begins in its source, in Unicode code points",
    "end": "Where the answer ends in its source, in Unicode code points, exclusive",
    "links": "Addresses that the answer links to",
    "places": "Where the characters of this text stand in the source, as position:place for every break in the count",
}
_KINDS = {"b": "Boolean", "i": "Integer", "u": "Integer", "f": "Float"}


def variable_columns(quotes: pd.DataFrame) -> dict[str, str]:
    """Columns that become variables (all but the text) with their kind, where any quote has a value."""
    return {
        str(name): _KINDS.get(column.dtype.kind, "Text")
        for name, column in quotes.items()
        if name != "text" and any(_written(value) for value in column)
    }


def add_variables(parent: Any, kinds: dict[str, str]) -> None:
    """Add the element Variables, unless there are none."""
    if not kinds:
        return
    place = child_of(parent, "Variables")
    for name, kind in kinds.items():
        variable = child_of(place, "Variable", guid=guid("variable", name), name=name, typeOfVariable=kind)
        if name in MEANINGS:
            child_of(variable, "Description", MEANINGS[name])


def add_values(parent: Any, row: dict[str, Any], kinds: dict[str, str]) -> None:
    """Add a VariableValue for every value that this quote has."""
    for name, kind in kinds.items():
        written = _written(row[name])
        if written:
            value = child_of(parent, "VariableValue")
            child_of(value, "VariableRef", targetGUID=guid("variable", name))
            child_of(value, f"{kind}Value", written)


def _written(value: Any) -> str:
    """A value as XML Schema writes it; "" for none."""
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return " ".join(map(str, value))
    if value is None or pd.isna(value):
        return ""
    if pd.api.types.is_bool(value):
        return "true" if value else "false"
    if isinstance(value, float):
        # xsd:decimal knows no exponent
        return f"{Decimal(repr(value)):f}" if math.isfinite(value) else ""
    return str(value)

"""A codebook as elements: themes are codes, their groups are codes that nobody can give."""

from __future__ import annotations

from typing import Any

import pandas as pd

from expert_roundup.coding.codebook import check_codebook, themes_by_group
from expert_roundup.coding.refi_qda.identity import guid
from expert_roundup.coding.refi_qda.memos import write_description
from expert_roundup.coding.refi_qda.xml_writing import CODEBOOK, ORIGIN, child_of, root_of, xml_bytes


def export_codebook(codebook: pd.DataFrame) -> bytes:
    """Write a codebook as QDC, which QualCoder, ATLAS.ti, NVivo and MAXQDA import.

    Parameters
    ----------
    codebook
        The codebook frame.

    Returns
    -------
    bytes
        The content of a .qdc file, equal on every run. A code's name is the theme; label, what to include, what to
        exclude and examples stand in its description, from where `import_codebook` reads them back.

    Raises
    ------
    ValueError
        The codebook is unusable (see `check_codebook`).

    Examples
    --------
    >>> export_codebook(pd.DataFrame({"theme": ["goals"]})).count(b"<Code ")
    1
    """
    root = root_of(CODEBOOK, "CodeBook", origin=ORIGIN)
    add_codes(root, codebook)
    return xml_bytes(root)


def add_codes(parent: Any, codebook: pd.DataFrame) -> None:
    """Add the element Codes: a code for every theme, inside its group where it has one."""
    book = check_codebook(codebook)
    groups = themes_by_group(book)
    order = [theme for themes in groups.values() for theme in themes]
    # groups bring their themes together; the codebook's own order is noted where that changes it
    positions = {theme: at for at, theme in enumerate(book["theme"], start=1)} if order != list(book["theme"]) else {}
    rows = {str(row["theme"]): {str(k): str(v) for k, v in row.items()} for row in book.to_dict("records")}
    codes = child_of(parent, "Codes")
    for group, themes in groups.items():
        place = codes
        if group:
            place = child_of(codes, "Code", guid=guid("group", group), name=group, isCodable="false")
        for theme in themes:
            _add_code(place, rows[theme], positions.get(theme))


def _add_code(parent: Any, row: dict[str, str], position: int | None) -> None:
    code = child_of(
        parent, "Code", guid=guid("code", row["theme"]), name=row["theme"], isCodable="true", color=row["color"]
    )
    description = write_description(row, position=position)
    if description:
        child_of(code, "Description", description)

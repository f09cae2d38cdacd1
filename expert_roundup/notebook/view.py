"""What the browser is told: plain values, no more of them than the coder may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from expert_roundup.coding.codings import THRESHOLD
from expert_roundup.notebook.sheet import NO_THEME

if TYPE_CHECKING:
    import pandas as pd

    from expert_roundup.notebook.comparison import Reference
    from expert_roundup.notebook.desk import Desk
    from expert_roundup.notebook.places import Places
    from expert_roundup.notebook.sheet import Mark

#: columns of a quote that a coder may read beside its text
_ABOUT = ("speaker", "speaker_en", "role", "question", "language")
_OF_A_THEME = ("theme", "label", "definition", "include", "exclude", "examples", "color")


def material(quotes: pd.DataFrame, codebook: pd.DataFrame, coder: str) -> dict[str, Any]:
    """Return what does not change while somebody codes: quotes, themes, who codes, and the threshold."""
    about = [name for name in ("quote_id", "text", *_ABOUT) if name in quotes.columns]
    texts = quotes[about].astype("str").fillna("")
    return {
        "coder": coder,
        "threshold": THRESHOLD,
        "quotes": texts.to_dict("records"),
        "themes": codebook[list(_OF_A_THEME)].to_dict("records"),
    }


def open_quote(desk: Desk, where: Places) -> dict[str, Any]:
    """Return the open quote's marks and how far the coder has come."""
    sheet = desk.sheet
    marks = sheet.marks.get(desk.quote_id, ())
    return {
        "at": desk.at,
        "marks": [_mark(mark, where) for mark in marks if mark.theme != NO_THEME],
        "no_theme": next(({"memo": mark.memo} for mark in marks if mark.theme == NO_THEME), None),
        "read": [quote_id in sheet.marks for quote_id in sheet.quotes],
        "n_read": sheet.n_read,
        "can_undo": bool(desk.past),
        "is_open": desk.is_open,
    }


def comparison(codings: pd.DataFrame, reference: Reference, *, n_changed_since: int = 0) -> dict[str, Any]:
    """Return the coder's tally beside the published one and the agreement with each reading, as tables and sentences.

    Returns
    -------
    dict
        `tables`: a list of {caption, head, rows} with every cell a text; `notes`: sentences.
    """
    from expert_roundup.notebook.comparison import COEFFICIENTS, agreement_with_readings, differences, own_tally

    if codings.empty:
        return {"tables": [], "notes": ["Nothing is coded yet."]}
    tally, figures = own_tally(codings, reference), agreement_with_readings(codings, reference)
    tables = [_tally_table(tally, has_published=reference.published is not None)]
    n_read = codings["quote_id"].nunique()
    notes = [f"Quotes you have read: {n_read}."]
    if reference.published is not None:
        notes = [f"Quotes you have read: {n_read}; published totals count the whole roundup."]
    if len(figures):
        parted = differences(codings, reference)
        tables += [_agreement_table(figures), _differences_table(parted, reference.codebook)]
        notes += [f"{name}: {meaning}." for name, meaning in COEFFICIENTS.items()]
        notes.append("No value stands where nothing varies. With few quotes every value is a rough one.")
    if n_changed_since:
        steps = "1 step was" if n_changed_since == 1 else f"{n_changed_since} steps were"
        notes.append(f"{steps} taken after this was opened, no longer blind.")
    return {"tables": tables, "notes": notes}


def _mark(mark: Mark, where: Places) -> dict[str, Any]:
    start, end = mark.evidence or (0, 0)
    return {
        "theme": mark.theme,
        "confidence": mark.confidence,
        "is_given": mark.is_given,
        "evidence": where.shown(start, end) if mark.evidence else None,
        "words": where.words(start, end) if mark.evidence else "",
        "memo": mark.memo,
    }


def _tally_table(tally: pd.DataFrame, *, has_published: bool) -> dict[str, Any]:
    head = ["Theme", "You", "Published", "Difference"][: 4 if has_published else 2]
    names = ["label", "n_quotes", "n_published", "difference"][: len(head)]
    return _table("Your tally" + " beside the published one" * has_published, head, tally[names].to_numpy().tolist())


def _agreement_table(figures: pd.DataFrame) -> dict[str, Any]:
    rows = [
        [row["reading"], row["coefficient"], _number(row["value"]), _interval(row["low"], row["high"]), row["n_units"]]
        for row in figures.to_dict("records")
    ]
    return _table("Agreement with the readings", ["Reading", "Measure", "Value", "95 % interval", "Quotes"], rows)


def _differences_table(parted: pd.DataFrame, codebook: pd.DataFrame) -> dict[str, Any]:
    labels = dict(zip(codebook["theme"], codebook["label"], strict=True))
    who = {"you": "you, not the majority of the readings", "readings": "the majority of the readings, not you"}
    rows = [[row["quote_id"], labels[row["theme"]], who[row["given_by"]]] for row in parted.to_dict("records")]
    return _table("Where you and the readings part", ["Quote", "Theme", "Given by"], rows)


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    return {"caption": caption, "head": list(head), "rows": [[_cell(value) for value in row] for row in rows]}


def _cell(value: Any) -> str:
    return "" if str(value) in ("nan", "<NA>", "None") else str(value)


def _number(value: float) -> str:
    return "no value" if value != value else f"{value:.2f}"


def _interval(low: float, high: float) -> str:
    return "" if low != low or high != high else f"{low:.2f} to {high:.2f}"

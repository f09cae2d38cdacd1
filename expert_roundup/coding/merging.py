"""Join what several people coded apart, and name every conflict; no row is dropped without a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from expert_roundup.coding.check import COLUMNS, check_codings
from expert_roundup.coding.codebook import check_codebook
from expert_roundup.coding.codebook_changes import compare_codebooks

#: columns of the conflicts frame
CONFLICT_COLUMNS = ("kind", "part", "coder", "quote_id", "theme", "first", "other")
_PAIR = ["coder", "quote_id"]
_CONTENT = ["theme", "confidence", "start", "end", "rationale"]


@dataclass(frozen=True, slots=True)
class Part:
    """What one person, or one file, brings."""

    name: str
    """Name of the part in messages, as a rule its path."""
    codings: pd.DataFrame
    """Codings frame."""
    quotes: pd.DataFrame | None = None
    """The quotes that were coded (quote_id, text, perhaps start and end), where they are known."""
    codebook: pd.DataFrame | None = None
    """The codebook that was used, where it is known."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Codings of all parts, and what stands against joining them."""

    codings: pd.DataFrame
    """One row per coder x quote x theme considered, parts in their order."""
    conflicts: pd.DataFrame
    """One row per conflict: kind (coder twice, other text, other place, other codebook, unknown theme), part, coder,
    quote_id, theme, first (what the earlier part says), other (what `part` says)."""
    n_repeated: int
    """Rows left out because an earlier part holds the same coder's codings of that quote word for word."""


def merge_codings(parts: Sequence[Part], *, codebook: pd.DataFrame | None = None) -> Merged:
    """Join the codings of several parts.

    Parameters
    ----------
    parts
        Two or more parts with different names.
    codebook
        The codebook that holds; without it that of the first part that brings one; without any, themes are not
        compared.

    Returns
    -------
    Merged
        Every row of every part is in `codings`, except word-for-word repeats, which are counted. Where one coder has
        different codings of one quote in two parts, both readings stay: the later part's is a coder of its own, named
        "coder (part)", for all its quotes, since a reading is one person's or it is none.

    Raises
    ------
    ValueError
        There are fewer than two parts, two of one name, or a part is unusable by itself (see `check_codings`).

    Examples
    --------
    >>> one = pd.DataFrame({"quote_id": ["Q01"], "theme": "goals", "coder": "A", "confidence": 1})
    >>> merged = merge_codings([Part("a.csv", one), Part("b.csv", one.assign(theme="craft"))])
    >>> merged.codings["coder"].to_list(), merged.conflicts["kind"].unique().tolist()
    (['A', 'A (b.csv)'], ['coder twice'])
    """
    _check_parts(parts)
    checked = [_checked(part) for part in parts]
    rows = pd.concat([frame.assign(part=at) for at, frame in enumerate(checked)], ignore_index=True)
    pairs = _shared_pairs(rows)
    twice = _coder_conflicts(rows, pairs, parts)
    joined, n_repeated = _joined(rows, pairs, parts)
    conflicts = pd.concat([twice, *_text_conflicts(parts), *_theme_conflicts(parts, checked, codebook)])
    return Merged(joined, conflicts.reset_index(drop=True)[list(CONFLICT_COLUMNS)], n_repeated)


def _check_parts(parts: Sequence[Part]) -> None:
    names = [part.name for part in parts]
    if len(parts) < 2:
        raise ValueError(f"parts: needed are two or more, not {len(parts)}")
    if len(set(names)) < len(names):
        twice = {name for name in names if names.count(name) > 1}
        raise ValueError(f"parts: given twice: {', '.join(sorted(twice))}")


def _checked(part: Part) -> pd.DataFrame:
    try:
        return check_codings(part.codings, quotes=part.quotes)
    except ValueError as error:
        raise ValueError(f"{part.name}: {error}") from error


def _shared_pairs(rows: pd.DataFrame) -> pd.DataFrame:
    """Coder x quote that several parts hold: coder, quote_id, part, first (part that has it first), is_same.

    `is_same` says that this part and the first hold the same rows, word for word.
    """
    held = rows[[*_PAIR, "part"]].drop_duplicates()
    shared = held[held.duplicated(_PAIR, keep=False)]
    shared = shared.assign(first=shared.groupby(_PAIR)["part"].transform("min"))
    later = shared[shared["part"] != shared["first"]]
    # content of both sides, so that a row only one of them holds shows as left_only or right_only
    one, other = (
        later.merge(rows, left_on=[*_PAIR, side], right_on=[*_PAIR, "part"], suffixes=("", "_row"))
        for side in ("first", "part")
    )
    keys = [*_PAIR, "part", "first"]
    both = one[[*keys, *_CONTENT]].merge(other[[*keys, *_CONTENT]], how="outer", indicator="side")
    differing = both[both["side"] != "both"][keys].drop_duplicates().assign(is_same=False)
    marked = later.merge(differing, on=keys, how="left")
    return marked.assign(is_same=marked["is_same"].isna())


def _coder_conflicts(rows: pd.DataFrame, pairs: pd.DataFrame, parts: Sequence[Part]) -> pd.DataFrame:
    """One row per theme at which two parts give different codings of one coder for one quote."""
    differing = pairs.loc[~pairs["is_same"], [*_PAIR, "part", "first"]]
    sides = [
        differing.merge(rows, left_on=[*_PAIR, side], right_on=[*_PAIR, "part"], suffixes=("", "_row"))
        .pipe(lambda found: found.assign(said=_said(found)))
        .loc[:, [*_PAIR, "part", "theme", "said"]]
        for side in ("first", "part")
    ]
    cells = sides[0].merge(
        sides[1], on=[*_PAIR, "part", "theme"], how="outer", suffixes=("_first", "_other"), sort=False
    )
    cells = cells.fillna({"said_first": "no row", "said_other": "no row"})
    cells = cells[cells["said_first"] != cells["said_other"]]
    names = pd.Series([part.name for part in parts], dtype="str")
    return cells.rename(columns={"said_first": "first", "said_other": "other"}).assign(
        kind="coder twice", part=cells["part"].map(names)
    )


def _said(rows: pd.DataFrame) -> list[str]:
    """What a coding says, in words that differ when anything in it does."""
    columns = rows[["confidence", "start", "end", "rationale"]].astype("str").fillna("")
    return [
        " ".join(filter(None, (confidence, f"{start}-{end}" if start else "", rationale))) or "read, no theme"
        for confidence, start, end, rationale in zip(*(columns[name].to_list() for name in columns), strict=True)
    ]


def _joined(rows: pd.DataFrame, pairs: pd.DataFrame, parts: Sequence[Part]) -> tuple[pd.DataFrame, int]:
    """All rows, a contradicting coder under a name of its own, repeats left out and counted."""
    apart = pairs.loc[~pairs["is_same"], ["coder", "part"]].drop_duplicates()
    names = _new_names(apart, parts, set(rows["coder"]))
    new_name = rows[["coder", "part"]].merge(names, on=["coder", "part"], how="left")["name"]
    repeated = pairs.loc[pairs["is_same"], [*_PAIR, "part"]].assign(is_repeat=True)
    is_repeat = rows[[*_PAIR, "part"]].merge(repeated, on=[*_PAIR, "part"], how="left")["is_repeat"].notna()
    is_left_out = is_repeat & new_name.isna()
    kept = rows.assign(coder=new_name.fillna(rows["coder"]))[~is_left_out]
    return kept[list(COLUMNS)].reset_index(drop=True), int(is_left_out.sum())


def _new_names(apart: pd.DataFrame, parts: Sequence[Part], taken: set[str]) -> pd.DataFrame:
    names = []
    for coder, at in apart.itertuples(index=False):
        name = f"{coder} ({parts[at].name})"
        while name in taken:
            name += "'"
        taken = taken | {name}
        names.append(name)
    return apart.assign(name=pd.Series(names, index=apart.index, dtype="str"))


def _text_conflicts(parts: Sequence[Part]) -> list[pd.DataFrame]:
    """Quotes whose text, or whose place in the source, is not that of the first part that brings them."""
    brought = [part.quotes.assign(part=part.name) for part in parts if part.quotes is not None]
    if len(brought) < 2:
        return []
    quotes = pd.concat(brought, ignore_index=True)
    first = quotes.drop_duplicates("quote_id").set_index("quote_id")
    quotes = quotes.assign(coder="", theme="")
    found = []
    for kind, column in (("other text", "text"), ("other place", "start")):
        if column in quotes.columns:
            expected = quotes["quote_id"].map(first[column])
            differs = (quotes[column] != expected).fillna(False) & quotes[column].notna() & expected.notna()
            found.append(
                quotes.assign(kind=kind, first=expected.map(_short), other=quotes[column].map(_short))[differs]
            )
    # where the text differs, its place says nothing more
    if len(found) == 2:
        known = pd.MultiIndex.from_frame(found[0][["part", "quote_id"]])
        found[1] = found[1][~pd.MultiIndex.from_frame(found[1][["part", "quote_id"]]).isin(known)]
    return [frame[list(CONFLICT_COLUMNS)] for frame in found]


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _theme_conflicts(
    parts: Sequence[Part], checked: Sequence[pd.DataFrame], codebook: pd.DataFrame | None
) -> list[pd.DataFrame]:
    """Codebooks that are not the one that holds, and themes that it lacks."""
    books = [codebook, *(part.codebook for part in parts)]
    holds = next((check_codebook(book) for book in books if book is not None), None)
    if holds is None:
        return []
    found = []
    for part, codings in zip(parts, checked, strict=True):
        unknown = codings.loc[~codings["theme"].isin({*holds["theme"], ""}), ["coder", "quote_id", "theme"]]
        found.append(unknown.assign(kind="unknown theme", part=part.name, first="not in the codebook", other=""))
        if part.codebook is not None:
            # colours are looks, not meaning
            changes = compare_codebooks(holds, part.codebook).query("column != 'color'")
            first, other = (changes["column"] + ": " + changes[side].map(_short) for side in ("old", "new"))
            found.append(
                changes[["theme"]].assign(
                    kind="other codebook", part=part.name, coder="", quote_id="", first=first, other=other
                )
            )
    return found

"""Codings that follow a changed codebook: themes joined, split, or several changes at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from expert_roundup.coding.check import check_codings
from expert_roundup.coding.codings import THRESHOLD
from expert_roundup.coding.faults import Faults, shown

if TYPE_CHECKING:
    from pandas._libs.missing import NAType

_CELL = ["quote_id", "coder"]
_SAID = ["theme", "confidence", "start", "end", "rationale"]


def join_codings(codings: pd.DataFrame, themes: Sequence[str], into: str) -> pd.DataFrame:
    """Carry codings of several themes over to one theme.

    Returns
    -------
    DataFrame
        One row per coder x quote x theme considered, in the given order. Where a coder had considered several of the
        themes for one quote, one coding is left, in the place of the first: its confidence is the highest, its evidence
        that of the surest coding that has any, and its rationale keeps all of them in words.

    Examples
    --------
    >>> rows = {"quote_id": "Q01", "theme": ["goals", "plan"], "coder": "A", "confidence": [0.4, 0.9]}
    >>> join_codings(pd.DataFrame(rows), ["goals", "plan"], "goals")["rationale"].to_list()
    ['goals (0.4); plan (0.9)']
    """
    checked = check_codings(codings).assign(place=range(len(codings)))
    is_concerned = checked["theme"].isin([*themes, into])
    moved = checked[is_concerned]
    is_double = moved.duplicated(_CELL, keep=False)
    parts = [
        checked[~is_concerned],
        moved[~is_double].assign(theme=into),
        _one_each(moved[is_double]).assign(theme=into),
    ]
    return check_codings(pd.concat(parts).sort_values("place"))


def _one_each(double: pd.DataFrame) -> pd.DataFrame:
    """One coding per coder and quote: surest confidence, surest evidence, everything said kept in words."""
    words = double.assign(rationale=[_in_words(*row) for row in double[_SAID].itertuples(index=False)])
    surest = double.sort_values("confidence", ascending=False, kind="stable").groupby(_CELL, sort=False)
    # first() takes the first value that is not missing, so evidence may come from a less sure coding that has some
    kept = surest[["theme", "confidence", "start", "end"]].first()
    by_cell = words.groupby(_CELL, sort=False)
    kept["rationale"] = by_cell["rationale"].agg("; ".join)
    kept["place"] = by_cell["place"].min()
    return kept.reset_index()


def split_codings(codings: pd.DataFrame, theme: str, parts: list[str], assigned: pd.DataFrame) -> pd.DataFrame:
    """Carry codings of one theme over to its parts; see `codebook_changes.split_theme`."""
    placed = check_codings(codings).assign(place=range(len(codings)))
    concerned = placed[placed["theme"] == theme]
    key = ["quote_id", "coder"] if "coder" in assigned.columns else ["quote_id"]
    wishes = assigned[[*key, "theme"]].drop_duplicates().reset_index(drop=True)
    faults = Faults("assigned")
    known = set(concerned[key].itertuples(index=False, name=None))
    is_known = [cell in known for cell in wishes[key].itertuples(index=False, name=None)]
    faults.add(~wishes["theme"].isin(parts), lambda row: f"{shown(wishes['theme'].iloc[row])} is no part of {theme}")
    faults.add(
        [not known for known in is_known],
        lambda row: f"no coding of {theme} for {' by '.join(str(wishes[name].iloc[row]) for name in key)}",
    )
    joined = concerned.merge(wishes, on=key, how="left", suffixes=("", "_part"))
    is_open = joined["theme_part"].isna()
    for cell in joined[is_open & (joined["confidence"] >= THRESHOLD)].itertuples():
        faults.note(f"{cell.quote_id} by {cell.coder} is coded {theme} and not assigned")
    faults.raise_any()
    rejected = joined[is_open].drop(columns="theme_part").merge(pd.DataFrame({"theme_part": parts}), how="cross")
    moved = pd.concat([joined[~is_open], rejected])
    moved = moved.assign(theme=moved["theme_part"])
    everything = pd.concat([placed[placed["theme"] != theme], moved]).sort_values("place", kind="stable")
    return check_codings(everything)


def bring_forward(codings: pd.DataFrame, changes: pd.DataFrame, *, since: int) -> pd.DataFrame:
    """Carry codings made by an older version of the codebook through every later change.

    Parameters
    ----------
    changes
        The change log of the newer codebook.
    since
        Version of the codebook that the codings were made by.

    Raises
    ------
    ValueError
        A theme that these codings use was split since then: which part they mean cannot be known.
    """
    moved = check_codings(codings)
    for change in changes[changes["version"] > since].to_dict("records"):
        themes, into = change["themes"].split("\n"), change["into"].split("\n")
        concerned = moved[moved["theme"].isin(themes)]
        if change["kind"] == "split" and len(concerned):
            quotes = ", ".join(dict.fromkeys(concerned["quote_id"]))
            raise ValueError(f"codings: {themes[0]} was split in version {change['version']}; recode {quotes}")
        if change["kind"] in ("renamed", "merged"):
            moved = join_codings(moved, themes, into[0])
    return moved


def _in_words(theme: str, confidence: float, start: int | NAType, end: int | NAType, rationale: str) -> str:
    evidence = "" if pd.isna(start) else f", {start}-{end}"
    return f"{theme} ({confidence:g}{evidence}): {rationale}".removesuffix(": ")

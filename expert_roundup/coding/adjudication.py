"""Adjudication: what readers dispute is decided one by one, with a reason, and gives the reading "consensus"."""

from __future__ import annotations

import numpy as np
import pandas as pd

from expert_roundup.coding.check import check_codings
from expert_roundup.coding.codings import DERIVED_CODERS, THRESHOLD, majority, mean_confidence, page_order
from expert_roundup.coding.faults import Faults, shown

_CELL = ["quote_id", "theme"]


def contested(codings: pd.DataFrame, *, threshold: float = THRESHOLD) -> pd.DataFrame:
    """List what some who read a quote coded and others did not.

    Returns
    -------
    DataFrame
        One row per disputed quote x theme, in page order: quote_id, theme, n_coded, n_readers, coders (who coded it,
        joined by ", "), rationales (one a line, "coder confidence: rationale", those against it too). Filled with
        is_coded and rationale it is the `decisions` of `consensus`.
    """
    cells = mean_confidence(codings, threshold=threshold)
    disputed = cells[(cells["n_coded"] > 0) & (cells["n_coded"] < cells["n_readers"])]
    rows = check_codings(codings).merge(disputed[_CELL], on=_CELL)
    rows = rows[~rows["coder"].isin(DERIVED_CODERS)]
    rows = rows.assign(
        said=rows["coder"] + " " + rows["confidence"].astype("str") + ": " + rows["rationale"],
        coded_by=rows["coder"].where(rows["confidence"] >= threshold, ""),
    )
    said = rows.groupby(_CELL, sort=False).agg(
        coders=("coded_by", lambda names: ", ".join(filter(None, names))), rationales=("said", "\n".join)
    )
    columns = [*_CELL, "n_coded", "n_readers", "coders", "rationales"]
    return disputed.merge(said.reset_index(), on=_CELL, how="left")[columns].reset_index(drop=True)


def consensus(codings: pd.DataFrame, decisions: pd.DataFrame, *, threshold: float = THRESHOLD) -> pd.DataFrame:
    """Make the reading "consensus": what all readers say, and what was decided where they differ.

    Parameters
    ----------
    decisions
        One row per decided quote x theme: quote_id, theme, is_coded (bool, or yes/no, true/false, 1/0 as text),
        rationale, and perhaps start and end of its evidence. Every disputed cell needs one; an undisputed one may be
        overruled.

    Returns
    -------
    DataFrame
        One row per quote x theme that anybody considered or decided, and one with an empty theme per quote with none:
        codings columns, coder "consensus", quotes in page order. Confidence is 1 or 0 where decided, else the mean of
        the readers.

    Raises
    ------
    ValueError
        Disputed cells are not decided, or decisions have no rationale, are given twice, are neither yes nor no, or are
        about a quote that nobody read; all of them are named.
    """
    agreed = majority(codings, threshold=threshold)
    wishes = _checked_decisions(decisions, set(agreed["quote_id"]), contested(codings, threshold=threshold))
    cells = mean_confidence(codings, threshold=threshold)
    cells = cells.assign(is_coded=cells["n_coded"] > 0, rationale=_agreed_reason(cells))
    decided = wishes.assign(confidence=wishes["is_coded"].astype("float64"))
    # a decision stands before what it overrules
    joined = pd.concat([decided, cells]).drop_duplicates(_CELL)
    silent = sorted(set(agreed["quote_id"]) - set(joined["quote_id"]))
    joined = pd.concat([joined, pd.DataFrame({"quote_id": silent, "theme": "", "confidence": np.nan})])
    place = pd.Series(range(len(agreed)), index=pd.MultiIndex.from_frame(agreed[_CELL]))
    order = page_order(joined["quote_id"])
    joined = joined.assign(
        coder="consensus",
        page=pd.Index(order).get_indexer(pd.Index(joined["quote_id"])),
        place=place.reindex(pd.MultiIndex.from_frame(joined[_CELL])).fillna(len(agreed)).to_numpy(),
    )
    return check_codings(joined.sort_values(["page", "place"], kind="stable"))


def _agreed_reason(cells: pd.DataFrame) -> list[str]:
    who = cells["n_readers"].map(lambda n: "the only reader" if n == 1 else f"all {n} readers")
    return [f"{'coded' if n else 'rejected'} by {readers}" for n, readers in zip(cells["n_coded"], who, strict=True)]


def _checked_decisions(decisions: pd.DataFrame, quotes: set[str], disputed: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in (*_CELL, "is_coded", "rationale") if name not in decisions.columns]
    if missing:
        raise ValueError(f"decisions: no column {', '.join(missing)}")
    rows = decisions.reset_index(drop=True)
    texts = {name: rows[name].astype("str").fillna("").str.strip() for name in (*_CELL, "is_coded", "rationale")}
    answers = {"true": True, "yes": True, "1": True, "1.0": True, "false": False, "no": False, "0": False, "0.0": False}
    is_coded = texts["is_coded"].str.lower().map(answers)
    faults = Faults("decisions")
    where = [f"{quote_id} {theme}" for quote_id, theme in zip(texts["quote_id"], texts["theme"], strict=True)]
    faults.add(~texts["quote_id"].isin(quotes), lambda row: f"nobody read {shown(texts['quote_id'].iloc[row])}")
    faults.add(texts["theme"] == "", lambda row: f"{where[row]}: theme is empty")
    faults.add(
        is_coded.isna(), lambda row: f"{where[row]}: is_coded {shown(texts['is_coded'].iloc[row])} is not yes or no"
    )
    faults.add(texts["rationale"] == "", lambda row: f"{where[row]}: rationale is empty")
    faults.add(pd.Series(where, dtype="str").duplicated(), lambda row: f"{where[row]} is decided already")
    for quote_id, theme in disputed[_CELL].itertuples(index=False):
        if f"{quote_id} {theme}" not in where:
            faults.note(f"{quote_id} {theme} is disputed and not decided")
    faults.raise_any()
    evidence = {name: rows[name] for name in ("start", "end") if name in rows}
    return pd.DataFrame({**texts, "is_coded": is_coded.astype("bool"), **evidence})

"""Disagreements one by one, the costliest first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from expert_roundup.coding.agreement.panel import Panel, read_panel
from expert_roundup.coding.codings import THRESHOLD, check_codings

#: columns of the disagreements frame before those of the coders
COLUMNS = ("quote_id", "speaker", "theme", "cost", "share", "spread", "coded_by", "not_coded_by", "text")


def disagreements(
    codings: pd.DataFrame,
    quotes: pd.DataFrame | None = None,
    *,
    codebook: pd.DataFrame | None = None,
    coders: Sequence[str] | None = None,
    threshold: float = THRESHOLD,
    source_text: str | None = None,
) -> pd.DataFrame:
    """List where coders disagree, sorted by what it costs.

    Parameters
    ----------
    codings
        A codings frame.
    quotes
        A quotes frame, for the speaker and the text of every quote and of its evidence.
    codebook
        Gives the themes and their order; without it, the themes of the codings as they first appear.
    coders
        Whose codings to compare; without it, everybody's but "majority" and "consensus".
    threshold
        Confidence from which a theme counts as coded.
    source_text
        The text that evidence offsets count in. Without it, evidence is cut from its quote where the quote is one
        unchanged slice of the source, and is else shown as its offsets, start..end.

    Returns
    -------
    DataFrame
        One row per quote x theme that some of its readers gave and others did not: quote_id, speaker, theme, cost
        (what the row adds to the observed disagreement of the theme's nominal alpha), share (its part of all
        costs), spread (highest less lowest confidence), coded_by, not_coded_by (names joined by a space), text, and
        for every coder c confidence_c (empty if not read), evidence_c and rationale_c. The costliest first, at equal
        cost those with the larger spread, then in the order of page and codebook.

    Raises
    ------
    ValueError
        The codings are unusable (see `check_codings`).

    Examples
    --------
    >>> codings = pd.DataFrame({"quote_id": "Q1", "theme": "a", "coder": ["A", "B"], "confidence": [0.9, 0.2]})
    >>> disagreements(codings)[["quote_id", "theme", "cost", "coded_by", "not_coded_by"]]
      quote_id theme  cost coded_by not_coded_by
    0       Q1     a   1.0        A            B
    """
    panel = read_panel(codings, codebook=codebook, coders=coders, threshold=threshold)
    places = _ordered(panel)
    frame = pd.DataFrame(
        {
            "quote_id": [panel.quotes[quote] for quote in places["quote"]],
            "theme": [panel.themes[theme] for theme in places["theme"]],
            "cost": places["cost"].to_numpy(),
            "share": (places["cost"] / places["cost"].sum()).to_numpy(),
            "spread": places["spread"].to_numpy(),
            "coded_by": _names(panel, places, coded=True),
            "not_coded_by": _names(panel, places, coded=False),
        }
    )
    frame = _with_quotes(frame, quotes)
    checked = check_codings(codings)
    for coder in panel.coders:
        frame = _with_coder(frame, checked[checked["coder"] == coder], coder, quotes, source_text)
    return frame


def _ordered(panel: Panel) -> pd.DataFrame:
    """Positions of quote and theme of every disagreement, with cost and spread, the costliest first."""
    read = panel.is_read[:, :, None]
    n_readers = panel.is_read.sum(axis=0)[:, None]
    n_coded = (panel.is_coded & read).sum(axis=0)
    n_pairable = max(1, int(n_readers[n_readers >= 2].sum()))
    # as in alpha: differing ordered pairs of a quote's readers, by one less than its readers, by all pairable readings
    cost = 2 * n_coded * (n_readers - n_coded) / np.maximum(n_readers - 1, 1) / n_pairable
    highest = np.where(read, panel.confidence, -np.inf).max(axis=0, initial=-np.inf)
    lowest = np.where(read, panel.confidence, np.inf).min(axis=0, initial=np.inf)
    quote, theme = np.nonzero(cost > 0)
    places = pd.DataFrame({"quote": quote, "theme": theme, "cost": cost[quote, theme]})
    # rounded, because equal spreads differ in their last bits
    places["spread"] = (highest[quote, theme] - lowest[quote, theme]).round(9)
    return places.sort_values(["cost", "spread"], ascending=False, kind="stable", ignore_index=True)


def _names(panel: Panel, places: pd.DataFrame, *, coded: bool) -> list[str]:
    is_meant = panel.is_read[:, :, None] & (panel.is_coded if coded else ~panel.is_coded)
    return [
        " ".join(name for name, is_one in zip(panel.coders, is_meant[:, quote, theme], strict=True) if is_one)
        for quote, theme in zip(places["quote"], places["theme"], strict=True)
    ]


def _with_quotes(frame: pd.DataFrame, quotes: pd.DataFrame | None) -> pd.DataFrame:
    known = pd.DataFrame({"quote_id": []}) if quotes is None else quotes.drop_duplicates("quote_id")
    known = known.set_index("quote_id")
    told = {
        name: frame["quote_id"].map(known[name]).fillna("") if name in known.columns else ""
        for name in ("speaker", "text")
    }
    return frame.assign(**told)[list(COLUMNS)].astype({"speaker": "str", "text": "str"})


def _with_coder(
    frame: pd.DataFrame, rows: pd.DataFrame, coder: str, quotes: pd.DataFrame | None, source_text: str | None
) -> pd.DataFrame:
    evidence = _evidence(rows, quotes, source_text)
    own = rows[["quote_id", "theme", "confidence", "rationale"]].assign(evidence=evidence)
    joined = frame[["quote_id", "theme"]].merge(own, on=["quote_id", "theme"], how="left", validate="one_to_one")
    is_read = joined["quote_id"].isin(rows["quote_id"])
    confidence = joined["confidence"].fillna(0.0).where(is_read)
    texts = {f"{name}_{coder}": joined[name].fillna("").astype("str") for name in ("evidence", "rationale")}
    return frame.assign(**{f"confidence_{coder}": confidence, **texts})


def _evidence(rows: pd.DataFrame, quotes: pd.DataFrame | None, source_text: str | None) -> list[str]:
    slices = {} if quotes is None else _slices(quotes)
    texts = []
    for quote_id, start, end in zip(rows["quote_id"], rows["start"], rows["end"], strict=True):
        if pd.isna(start):
            texts.append("")
        elif source_text is not None:
            texts.append(source_text[start:end])
        elif quote_id in slices:
            offset, text = slices[quote_id]
            texts.append(text[start - offset : end - offset])
        else:
            texts.append(f"{start}..{end}")
    return texts


def _slices(quotes: pd.DataFrame) -> dict[str, tuple[int, str]]:
    """Where a quote's text starts, for quotes that are one slice of their source: their length says so."""
    if not {"quote_id", "start", "end", "text"} <= set(quotes.columns):
        return {}
    columns = (quotes[name] for name in ("quote_id", "start", "end", "text"))
    return {
        str(quote_id): (int(start), str(text))
        for quote_id, start, end, text in zip(*columns, strict=True)
        if not pd.isna(start) and not pd.isna(end) and int(end) - int(start) == len(str(text))
    }

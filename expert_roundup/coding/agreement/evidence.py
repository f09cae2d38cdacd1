"""How far the evidence of two coders overlaps where both gave a quote the same theme."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from expert_roundup.coding.codings import DERIVED_CODERS, THRESHOLD, check_codings, coded, page_order

#: columns of the overlap frame
COLUMNS = ("theme", "coders", "n_coded_by_both", "n_with_evidence", "share_touching", "share_characters", "mean_iou")


def evidence_overlap(
    codings: pd.DataFrame,
    *,
    codebook: pd.DataFrame | None = None,
    coders: Sequence[str] | None = None,
    threshold: float = THRESHOLD,
) -> pd.DataFrame:
    """Say how far pairs of coders point at the same words.

    Parameters
    ----------
    codings
        A codings frame; start and end are half-open offsets of the evidence.
    codebook
        Gives the themes and their order; without it, the themes of the codings as they first appear.
    coders
        Whose codings to compare; without it, everybody's but "majority" and "consensus".
    threshold
        Confidence from which a theme counts as coded.

    Returns
    -------
    DataFrame
        One row per theme ("" for all themes, first) and pair of coders: theme, coders (two names joined by a space),
        n_coded_by_both (quotes x themes), n_with_evidence (those of them where both gave evidence), and over the
        latter share_touching (the spans share a character), share_characters (characters in both spans by characters
        in either, all pairs of spans pooled) and mean_iou (the mean of that share over the pairs of spans); empty
        where there is no pair of spans.

    Raises
    ------
    ValueError
        The codings are unusable (see `check_codings`).

    Notes
    -----
    Only themes that both coders gave are compared: overlap says nothing about whether they gave the same themes. A
    coder who marks a sentence and one who marks three words of it agree on the place with a small share.

    Examples
    --------
    >>> codings = pd.DataFrame({"quote_id": "Q1", "theme": "a", "coder": ["A", "B"], "confidence": 1.0})
    >>> evidence_overlap(codings.assign(start=[0, 5], end=[10, 15])).iloc[0]["mean_iou"].round(3)
    np.float64(0.333)
    """
    checked = check_codings(codings, codebook=codebook)
    given = coded(checked, threshold=threshold)
    names = page_order(name for name in checked["coder"] if _is_asked(name, coders))
    themes = [name for name in checked["theme"].unique() if name] if codebook is None else list(codebook["theme"])
    pairs = {pair: _spans(given, *pair) for pair in combinations(names, 2)}
    rows = [
        {
            "theme": theme,
            "coders": " ".join(pair),
            **_measured(spans if theme == "" else spans[spans["theme"] == theme]),
        }
        for theme in ("", *themes)
        for pair, spans in pairs.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"theme": "str", "coders": "str"})


def _is_asked(name: str, coders: Sequence[str] | None) -> bool:
    return name not in DERIVED_CODERS if coders is None else name in coders


def _spans(given: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """One row per quote x theme that both coded, with both spans and what they share."""
    key, columns = ["quote_id", "theme"], ["quote_id", "theme", "start", "end"]
    sides = [given.loc[given["coder"] == name, columns] for name in (first, second)]
    both = sides[0].merge(sides[1], on=key, suffixes=("_1", "_2"), validate="one_to_one")
    places = {name: both[name].astype("Float64").to_numpy(np.float64, na_value=np.nan) for name in both.columns[2:]}
    shared = np.minimum(places["end_1"], places["end_2"]) - np.maximum(places["start_1"], places["start_2"])
    shared = np.maximum(shared, 0)
    either = places["end_1"] - places["start_1"] + places["end_2"] - places["start_2"] - shared
    return both[key].assign(shared=shared, either=either)


def _measured(spans: pd.DataFrame) -> dict[str, float]:
    found = spans.dropna(subset=["shared", "either"])
    n_coded, n_found = len(spans), len(found)
    if n_found == 0:
        shares = dict.fromkeys(("share_touching", "share_characters", "mean_iou"), np.nan)
        return {"n_coded_by_both": n_coded, "n_with_evidence": 0, **shares}
    return {
        "n_coded_by_both": n_coded,
        "n_with_evidence": n_found,
        "share_touching": float((found["shared"] > 0).mean()),
        "share_characters": float(found["shared"].sum() / found["either"].sum()),
        "mean_iou": float((found["shared"] / found["either"]).mean()),
    }

"""What a coder sees once done: the own tally beside the published one, and agreement with other readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from expert_roundup.coding.codings import coded, coders, majority

if TYPE_CHECKING:
    import pandas as pd

#: what is compared, and what it means
COEFFICIENTS = {
    "percent": "share of quotes with exactly the same themes",
    "alpha_nominal": "Krippendorff's alpha, whole sets of themes, right or wrong",
    "alpha_masi": "Krippendorff's alpha, with credit for sets that overlap (MASI)",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """What a coder's work is held against, and must not see before.

    Attributes
    ----------
    codebook
        Codebook frame.
    readings
        Codings of others, None where there are none.
    published
        Published tally frame, None where there is none.
    """

    codebook: pd.DataFrame
    readings: pd.DataFrame | None = field(default=None, repr=False)
    published: pd.DataFrame | None = field(default=None, repr=False)


def own_tally(codings: pd.DataFrame, reference: Reference, *, seed: int = 0) -> pd.DataFrame:
    """Count the coder's themes beside the published totals.

    Returns
    -------
    DataFrame
        One row per theme, in codebook order: the tally frame. Published totals count every answer, whatever the
        coder has read so far.

    Raises
    ------
    ValueError
        Nothing was coded yet.
    """
    from expert_roundup.coding.tally import tally

    _check_begun(codings)
    coder = str(codings["coder"].iloc[0])
    return tally(codings, reference.codebook, coder=coder, published=reference.published, n_resamples=1000, seed=seed)


def agreement_with_readings(
    codings: pd.DataFrame, reference: Reference, *, coefficients: Sequence[str] = tuple(COEFFICIENTS), seed: int = 0
) -> pd.DataFrame:
    """Say how far the coder agrees with each reading, and with their majority, over the quotes both read.

    Returns
    -------
    DataFrame
        One row per reading and coefficient, all themes together: reading, coefficient, value, low, high (95 %
        bootstrap over quotes), n_units (quotes that both read). No rows without readings.

    Raises
    ------
    ValueError
        Nothing was coded yet.
    """
    import pandas as pd

    from expert_roundup.coding.agreement import agreement

    _check_begun(codings)
    columns = ["reading", "coefficient", "value", "low", "high", "n_units"]
    if reference.readings is None or reference.readings.empty:
        return pd.DataFrame(columns=columns)
    frames = []
    for name, reading in _others(reference.readings).items():
        shared = reading[reading["quote_id"].isin(codings["quote_id"])]
        # a majority has a name that agreement leaves out; among two there is no doubt who is who
        pair = pd.concat([codings, shared.assign(coder=f"reading {name}")], ignore_index=True)
        found = agreement(pair, codebook=reference.codebook, coefficients=coefficients, seed=seed)
        frames.append(found[found["theme"] == ""].assign(reading=name))
    return pd.concat(frames, ignore_index=True)[columns]


def differences(codings: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """List where the coder and the majority of the readings part.

    Returns
    -------
    DataFrame
        One row per quote x theme that one gave and the other did not: quote_id, theme, given_by ("you" or
        "readings"), in page and codebook order. No rows without readings.
    """
    import pandas as pd

    if reference.readings is None or reference.readings.empty:
        return pd.DataFrame(columns=["quote_id", "theme", "given_by"])
    read = list(dict.fromkeys(codings["quote_id"]))
    joined = coded(majority(reference.readings))
    mine = coded(codings)[["quote_id", "theme"]]
    theirs = joined.loc[joined["quote_id"].isin(read), ["quote_id", "theme"]]
    cells = mine.merge(theirs, how="outer", indicator="given_by")
    cells = cells[cells["given_by"] != "both"]
    names = {"left_only": "you", "right_only": "readings"}
    cells = cells.assign(given_by=cells["given_by"].astype("str").map(names))
    themes = {theme: at for at, theme in enumerate(reference.codebook["theme"])}
    order = {quote_id: at for at, quote_id in enumerate(read)}
    keys = cells.assign(row=cells["quote_id"].map(order), column=cells["theme"].map(themes))
    return cells.loc[keys.sort_values(["row", "column"]).index].reset_index(drop=True)


def _others(readings: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Each reading by its coder's name; their majority too, where it joins at least two."""
    apart = {name: readings[readings["coder"] == name] for name in coders(readings)}
    return apart | ({"majority": majority(readings)} if len(apart) > 1 else {})


def _check_begun(codings: pd.DataFrame) -> None:
    if codings.empty:
        raise ValueError("codings: nothing was coded yet")

"""What the charts take from codings: how many of those who read an answer gave it a theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from expert_roundup.output.charts.words import check_frame, labels_of

if TYPE_CHECKING:
    import pandas as pd

#: a coding counts from this confidence, as everywhere
THRESHOLD = 0.5
#: readings made from other readings, which are no readers of their own
MADE = ("majority", "consensus", "suggestions")


def shares(codings: pd.DataFrame, *, coder: str | None = None, threshold: float = THRESHOLD) -> pd.DataFrame:
    """Return how many readers gave each theme to each answer.

    Parameters
    ----------
    codings
        The codings frame: quote_id, theme, coder, confidence. A row with an empty theme says that the coder read the
        answer.
    coder
        One reading; default: all but those made from others (majority, consensus), unless there is nothing else.
    threshold
        Confidence from which a coding counts.

    Returns
    -------
    pandas.DataFrame
        One row per answer and theme that at least one reader gave: quote_id, theme, n_coded, n_readers, share.

    Raises
    ------
    ValueError
        A column is missing, or there is no such coder.
    """
    read = _of_coder(codings, coder)
    n_readers = read.groupby("quote_id", sort=True)["coder"].nunique().rename("n_readers")
    coded = read[(read["theme"].fillna("") != "") & (read["confidence"] >= threshold)]
    cells = coded.groupby(["quote_id", "theme"], sort=True)["coder"].nunique().rename("n_coded").reset_index()
    cells = cells.merge(n_readers.reset_index(), on="quote_id", validate="many_to_one")
    return cells.assign(share=cells["n_coded"] / cells["n_readers"])


def read_answers(codings: pd.DataFrame, *, coder: str | None = None) -> list[str]:
    """Return the ids of the answers that were read, sorted."""
    return sorted(set(_of_coder(codings, coder)["quote_id"]))


def n_read(codings: pd.DataFrame, *, coder: str | None = None) -> int:
    """Return how many answers were read."""
    return len(read_answers(codings, coder=coder))


def most(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that more than half of the readers gave."""
    return cells[cells["share"] > 0.5]


def ordered_themes(cells: pd.DataFrame, codebook: pd.DataFrame | None) -> list[str]:
    """Return the themes that most readers gave somewhere or the codebook has, the most frequent first."""
    known = list(codebook["theme"].astype(str)) if codebook is not None else []
    names = [*known, *sorted(set(cells["theme"]) - set(known))]
    counts = most(cells)["theme"].value_counts()
    return sorted(names, key=lambda theme: -int(counts.get(theme, 0)))


def speakers_of(quotes: pd.DataFrame | None, quote_ids: Sequence[str]) -> dict[str, str]:
    """Return the speaker of each answer, in English where the study knows it; without quotes, the answer's id."""
    if quotes is None:
        return {quote_id: quote_id for quote_id in quote_ids}
    check_frame(quotes, "quotes", ["quote_id", "speaker"])
    column = "speaker_en" if "speaker_en" in quotes.columns else "speaker"
    names = dict(zip(quotes["quote_id"], quotes[column].fillna("").astype(str), strict=True))
    return {quote_id: names.get(quote_id) or quote_id for quote_id in quote_ids}


def all_labels(themes: Sequence[str], codebook: pd.DataFrame | None) -> list[str]:
    """Return the labels of `themes`."""
    labels = labels_of(codebook)
    return [labels[theme] for theme in themes]


def _of_coder(codings: pd.DataFrame, coder: str | None) -> pd.DataFrame:
    check_frame(codings, "codings", ["quote_id", "theme", "coder", "confidence"])
    if coder is None:
        own = codings[~codings["coder"].isin(MADE)]
        return own if len(own) else codings
    chosen = codings[codings["coder"] == coder]
    if not len(chosen):
        raise ValueError(f"coder: no coding by {coder!r}; there are {', '.join(sorted(set(codings['coder'])))}")
    return chosen

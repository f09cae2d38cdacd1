"""The panel: who read what and gave what, taken from a codings frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from expert_roundup.coding.agreement.ratings import MISSING, Flags, Floats, Ratings, ratings_of_flags
from expert_roundup.coding.codings import DERIVED_CODERS, THRESHOLD, check_codings, page_order


@dataclass(frozen=True, slots=True)
class Panel:
    """Codings of several coders as arrays.

    Attributes
    ----------
    coders, quotes, themes
        Names along the axes: coders in the order of their names, quotes in page order, themes in codebook order.
    is_read
        Coders x quotes.
    is_coded
        Coders x quotes x themes: at or above the threshold.
    confidence
        Coders x quotes x themes; 0 where a coder who read the quote gave no row for the theme.
    """

    coders: list[str]
    quotes: list[str]
    themes: list[str]
    is_read: Flags
    is_coded: Flags
    confidence: Floats

    def of(self, members: Sequence[int]) -> Panel:
        """The panel of some of its coders."""
        kept = list(members)
        names = [self.coders[member] for member in kept]
        return Panel(
            names, self.quotes, self.themes, self.is_read[kept], self.is_coded[kept], self.confidence[kept]
        )  # fmt: skip

    def is_pairable(self) -> Flags:
        """Quotes that at least two coders read."""
        return np.asarray(self.is_read.sum(axis=0) >= 2)

    def n_coded(self, theme: int | None) -> int:
        """Pairable quotes that some coder gave the theme, or any theme at all."""
        given = self.is_coded.any(axis=2) if theme is None else self.is_coded[:, :, theme]
        return int((given.any(axis=0) & self.is_pairable()).sum())

    def given(self, theme: int) -> Ratings:
        """Coded or not, for one theme."""
        codes = np.where(self.is_read, self.is_coded[:, :, theme], MISSING).T.astype(np.intp)
        return Ratings(codes, np.array([0.0, 1.0]))

    def sets(self) -> Ratings:
        """The set of themes that each coder gave to each quote."""
        return ratings_of_flags(self.is_coded, self.is_read)

    def confidences(self, theme: int | None) -> Ratings:
        """Confidences: quotes x coders for one theme, or (quotes x themes) x coders for all."""
        chosen = self.confidence if theme is None else self.confidence[:, :, [theme]]
        cells = chosen.reshape(len(chosen), chosen.shape[1] * chosen.shape[2]).T
        is_there = np.repeat(self.is_read, chosen.shape[2], axis=1).T
        values = np.unique(cells[is_there])
        return Ratings(np.where(is_there, np.searchsorted(values, cells), MISSING), values)


def read_panel(
    codings: pd.DataFrame,
    *,
    codebook: pd.DataFrame | None = None,
    coders: Sequence[str] | None = None,
    threshold: float = THRESHOLD,
) -> Panel:
    """Lay codings out as a panel.

    Parameters
    ----------
    codings
        A codings frame; any row shows that its coder read the quote, an empty theme or a rejected one too.
    codebook
        Gives the themes and their order; without it, the themes of the codings as they first appear.
    coders
        Whose codings to take; without it, everybody's but "majority" and "consensus", which repeat the others.
    threshold
        Confidence from which a theme counts as coded.

    Raises
    ------
    ValueError
        The codings are unusable (see `check_codings`), or a coder is asked for who has none.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold must be above 0 and at most 1, not {threshold!r}")
    checked = check_codings(codings, codebook=codebook)
    rows = checked[checked["coder"].isin(_chosen(checked, coders))]
    themes = [name for name in rows["theme"].unique() if name] if codebook is None else list(codebook["theme"])
    return _laid_out(rows, page_order(rows["coder"].unique()), page_order(rows["quote_id"].unique()), themes, threshold)


def _chosen(checked: pd.DataFrame, coders: Sequence[str] | None) -> list[str]:
    found = list(checked["coder"].unique())
    if coders is None:
        return [name for name in found if name not in DERIVED_CODERS]
    unknown = [name for name in coders if name not in found]
    if unknown:
        raise ValueError(f"coders {', '.join(unknown)} have no codings; there are {', '.join(found)}")
    return list(coders)


def _laid_out(rows: pd.DataFrame, coders: list[str], quotes: list[str], themes: list[str], threshold: float) -> Panel:
    coder = pd.Index(coders, dtype="str").get_indexer(pd.Index(rows["coder"]))
    quote = pd.Index(quotes, dtype="str").get_indexer(pd.Index(rows["quote_id"]))
    theme = pd.Index(themes, dtype="str").get_indexer(pd.Index(rows["theme"]))
    is_read = np.zeros((len(coders), len(quotes)), dtype=bool)
    is_read[coder, quote] = True
    confidence = np.zeros((len(coders), len(quotes), len(themes)))
    is_theme = theme >= 0
    given = rows["confidence"].to_numpy()[is_theme]
    confidence[coder[is_theme], quote[is_theme], theme[is_theme]] = given
    return Panel(coders, quotes, themes, is_read, confidence >= threshold, confidence)

"""The machine against a reading: what it finds, what it misses, and what it makes up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from expert_roundup.coding.codings import THRESHOLD, indicator

_Counts = npt.NDArray[np.int64]
_INTERVAL = (2.5, 97.5)


def against_reading(
    suggestions: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    coder: str = "majority",
    threshold: float = THRESHOLD,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare suggestions with what readers coded.

    Parameters
    ----------
    suggestions
        The suggestions frame; quotes that this coder did not read are left out.
    codings
        The codings frame.
    coder
        Whose reading; "majority" is made from all.

    Returns
    -------
    DataFrame
        One row per theme, in the order of the suggestions, and first a row with an empty theme for all cells together
        (micro): theme, n_quotes (read), n_coded, n_suggested, n_both, precision, recall, f1, f1_low, f1_high (95 %
        percentile interval of a bootstrap over quotes).

    Raises
    ------
    ValueError
        A column is missing, nobody of that name coded anything, or suggestions and reading share no quote.

    Notes
    -----
    A value is missing where it is 0/0, and an interval where the resamples do not vary. The interval says what other
    quotes like these might give, not what another reader would.

    Examples
    --------
    >>> found = pd.DataFrame({"quote_id": ["Q1", "Q1"], "theme": ["goals", "craft"], "is_suggested": [True, True]})
    >>> read = pd.DataFrame({"quote_id": ["Q1"], "theme": ["goals"], "coder": ["A"], "confidence": [1.0]})
    >>> against_reading(found, read, coder="A")[["theme", "precision", "recall"]].to_numpy().tolist()[0]
    ['', 0.5, 1.0]
    """
    missing = [name for name in ("quote_id", "theme", "is_suggested") if name not in suggestions.columns]
    if missing:
        raise ValueError(f"suggestions: no column {', '.join(missing)}")
    themes = list(dict.fromkeys(suggestions["theme"]))
    read = indicator(codings, coder=coder, threshold=threshold, themes=_all_themes(themes, codings))
    known = set(suggestions["quote_id"])
    quotes = [quote_id for quote_id in read.index if quote_id in known]
    if not quotes:
        raise ValueError(f"suggestions: none of their quotes was read by {coder}")
    told = suggestions.loc[suggestions["is_suggested"], ["quote_id", "theme"]]
    rows, columns = (
        pd.Index(names).get_indexer(pd.Index(told[column]))
        for names, column in ((quotes, "quote_id"), (list(read.columns), "theme"))
    )
    found = np.zeros((len(quotes), len(read.columns)), dtype=bool)
    found[rows[rows >= 0], columns[rows >= 0]] = True
    given = read.loc[quotes].to_numpy(dtype=bool)
    counts = np.stack([given, found, given & found]).astype(np.int64)
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(quotes), np.full(len(quotes), 1 / len(quotes)), size=n_resamples)
    report = [_row("", counts.sum(axis=2), weights)]
    report += [_row(theme, counts[:, :, at], weights) for at, theme in enumerate(read.columns)]
    return pd.DataFrame(report).astype({"theme": "str"})


def _all_themes(themes: Sequence[str], codings: pd.DataFrame) -> list[str]:
    # a theme that was coded and could not be suggested was missed, too
    return list(dict.fromkeys([*themes, *(theme for theme in codings["theme"].fillna("").unique() if theme)]))


def _row(theme: str, counts: _Counts, weights: _Counts) -> dict[str, object]:
    """Figures of one theme, or of all: `counts` is (coded, suggested, both) x quotes."""
    coded, suggested, both = (int(count) for count in counts.sum(axis=1))
    resampled = weights @ counts.T
    total = resampled[:, 0] + resampled[:, 1]
    f1 = 2 * resampled[total > 0, 2] / total[total > 0]
    varies = len(f1) > 0 and f1.min() < f1.max()
    low, high = np.percentile(f1, _INTERVAL) if varies else (np.nan, np.nan)
    return {
        "theme": theme,
        "n_quotes": counts.shape[1],
        "n_coded": coded,
        "n_suggested": suggested,
        "n_both": both,
        "precision": both / suggested if suggested else np.nan,
        "recall": both / coded if coded else np.nan,
        "f1": 2 * both / (coded + suggested) if coded + suggested else np.nan,
        "f1_low": low,
        "f1_high": high,
    }

"""The agreement frame: every coefficient by theme and over all themes, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from expert_roundup.coding.agreement.estimates import Resampling, estimate
from expert_roundup.coding.agreement.estimator import coder_pairs
from expert_roundup.coding.agreement.names import COEFFICIENTS, DEFAULT_COEFFICIENTS, INTERVALS, SET_COEFFICIENTS
from expert_roundup.coding.agreement.panel import Panel, read_panel
from expert_roundup.coding.codings import THRESHOLD

#: columns of the agreement frame
COLUMNS = (
    "theme", "coefficient", "coders", "value", "low", "high", "interval", "share_undefined", "n_units", "n_coded",
    "n_coders",
)  # fmt: skip


def agreement(
    codings: pd.DataFrame,
    *,
    codebook: pd.DataFrame | None = None,
    coefficients: Sequence[str] = DEFAULT_COEFFICIENTS,
    coders: Sequence[str] | None = None,
    n_resamples: int = 1000,
    interval: str = "percentile",
    leave_one_out: bool = False,
    threshold: float = THRESHOLD,
    seed: int = 0,
    progress: bool = False,
) -> pd.DataFrame:
    """Say how far coders agree.

    Parameters
    ----------
    codings
        A codings frame. Any row shows that its coder read the quote; a quote without a row of a coder is missing for
        that coder, a quote read without a theme is an empty set.
    codebook
        Gives the themes and their order; without it, the themes of the codings as they first appear.
    coefficients
        - ``percent``: share of agreeing pairs of coders
        - ``cohen_kappa``: mean over the pairs of coders, then a row a pair
        - ``fleiss_kappa``, ``gwet_ac1``
        - ``alpha_nominal``: Krippendorff's alpha of coded or not
        - ``alpha_ordinal``, ``alpha_interval``, ``alpha_ratio``: alpha of the confidences; a reader without a row for
          the theme counts as 0
        - ``alpha_masi``, ``alpha_jaccard``, ``alpha_multivalued``: alpha over sets of themes, for all themes only
    coders
        Whose codings to compare; without it, everybody's but "majority" and "consensus", which repeat the others.
    n_resamples
        Bootstrap resamples of the quotes; 0 for none.
    interval
        - ``percentile``: 2.5 % and 97.5 % quantiles of the resampled values
        - ``bca``: the same, corrected for bias and acceleration
    leave_one_out
        Add the rows of every panel with one coder left out, where three coders or more make that a panel.
    threshold
        Confidence from which a theme counts as coded.
    seed
        Seed of the resamples.
    progress
        Show a progress bar on standard error, where that is a terminal.

    Returns
    -------
    DataFrame
        One row per panel of coders, theme ("" for all themes, first) and coefficient: theme, coefficient, coders
        (names joined by a space), value, low, high, interval, share_undefined (share of resamples in which the
        coefficient has no value; they are left out), n_units (quotes that two of the coders or more read), n_coded
        (those of them that one coder or more gave the theme), n_coders.

    Raises
    ------
    ValueError
        The codings are unusable (see `check_codings`), or an option is none of those above.

    Notes
    -----
    Over all themes, the coefficients of coded or not take the whole set of themes of a quote as one value: two coders
    agree where their sets are equal. Where every reader gives exactly one theme to a quote, that is the coefficient of
    the textbooks. The coefficients of confidences take every quote x theme as a unit there, and resample quotes.

    ``value``, ``low`` and ``high`` are empty where fewer than two different values occur among the quotes that two
    coders read: without variation nothing shows that coders can tell quotes apart. They are empty too where a theme
    was coded at one quote only and there by all: every resample gives 1 or nothing, and that is no certainty. Where
    coders never differ over more quotes, the value is 1 and ``low`` and ``high`` are empty.

    Examples
    --------
    >>> given = {"quote_id": ["Q1", "Q2", "Q3"] * 2, "coder": list("AAABBB"), "theme": ["a", "b", "", "a", "b", "a"]}
    >>> codings = pd.DataFrame(given).assign(confidence=1.0)
    >>> agreement(codings, coefficients=["alpha_masi"], n_resamples=0)[["value", "n_units", "n_coded"]].round(3)
       value  n_units  n_coded
    0  0.545        3        3
    """
    names = _checked_names(coefficients)
    if interval not in INTERVALS:
        raise ValueError(f"interval must be one of {', '.join(INTERVALS)}, not {interval!r}")
    if n_resamples < 0:
        raise ValueError(f"n_resamples must be 0 or more, not {n_resamples!r}")
    panel = read_panel(codings, codebook=codebook, coders=coders, threshold=threshold)
    resampling = Resampling(n_resamples, interval, seed)
    wanted = list(_wanted(panel, names, leave_one_out=leave_one_out))
    rows = [_row(part, theme, name, resampling) for part, theme, name in _shown(wanted, progress=progress)]
    return _typed(pd.DataFrame(rows, columns=list(COLUMNS)))


def _checked_names(coefficients: Sequence[str]) -> list[str]:
    asked = [coefficients] if isinstance(coefficients, str) else list(coefficients)
    unknown = [str(name) for name in asked if name not in COEFFICIENTS]
    if unknown:
        raise ValueError(f"coefficients must be among {', '.join(COEFFICIENTS)}, not {', '.join(unknown)}")
    return [name for name in COEFFICIENTS if name in asked]


def _wanted(panel: Panel, names: Sequence[str], *, leave_one_out: bool) -> Iterator[tuple[Panel, int | None, str]]:
    """Panel, theme and coefficient of every row, in the order of the frame."""
    everybody = range(len(panel.coders))
    yield from _of_panel(panel, names, with_pairs=True)
    if leave_one_out and len(panel.coders) > 2:
        for left_out in reversed(everybody):
            rest = [member for member in everybody if member != left_out]
            # with three coders the pairs are there already
            kept = [name for name in names if name != "cohen_kappa" or len(rest) > 2]
            yield from _of_panel(panel.of(rest), kept, with_pairs=False)


def _of_panel(panel: Panel, names: Sequence[str], *, with_pairs: bool) -> Iterator[tuple[Panel, int | None, str]]:
    for theme in (None, *range(len(panel.themes))):
        for name in names:
            if theme is not None and name in SET_COEFFICIENTS:
                continue
            yield panel, theme, name
            if name == "cohen_kappa" and with_pairs and len(panel.coders) > 2:
                for pair in coder_pairs(len(panel.coders)):
                    yield panel.of(pair), theme, name


def _shown(wanted: list[tuple[Panel, int | None, str]], *, progress: bool) -> Iterator[tuple[Panel, int | None, str]]:
    if not progress:
        return iter(wanted)
    from tqdm import tqdm

    return iter(tqdm(wanted, desc="agreement", unit="row", disable=None))


def _row(panel: Panel, theme: int | None, name: str, resampling: Resampling) -> dict[str, object]:
    n_coded = panel.n_coded(theme)
    value, low, high, share_undefined = estimate(panel, theme, name, n_coded, resampling)
    return {
        "theme": "" if theme is None else panel.themes[theme],
        "coefficient": name,
        "coders": " ".join(panel.coders),
        "value": value,
        "low": low,
        "high": high,
        "interval": resampling.kind,
        "share_undefined": share_undefined,
        "n_units": int(panel.is_pairable().sum()),
        "n_coded": n_coded,
        "n_coders": len(panel.coders),
    }


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    texts = dict.fromkeys(("theme", "coefficient", "coders", "interval"), "str")
    numbers = dict.fromkeys(("value", "low", "high", "share_undefined"), "float64")
    return frame.astype({**texts, **numbers, **dict.fromkeys(("n_units", "n_coded", "n_coders"), "int64")})

"""The published tally: the totals that the author of a roundup gave."""

from __future__ import annotations

import os

import pandas as pd

from expert_roundup.coding.codebook import check_codebook
from expert_roundup.coding.csv_input import read_table
from expert_roundup.coding.faults import Faults, shown

COLUMNS = ("theme", "label", "n_published")


def read_published_tally(path: str | os.PathLike[str], *, codebook: pd.DataFrame | None = None) -> pd.DataFrame:
    """Read published totals from a csv with the columns n_published and theme or label.

    Returns
    -------
    DataFrame
        One row per theme, in the order of the file: theme, label, n_published (Int64).

    Raises
    ------
    ValueError
        The file is no such csv, or totals are unusable (see `check_published_tally`).
    OSError
        The file cannot be read.
    """
    table = read_table(path, required=("n_published",), optional=("theme", "label"), argument="published tally")
    return check_published_tally(table, codebook=codebook)


def check_published_tally(published: pd.DataFrame, *, codebook: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return published totals with theme, label and whole counts, or name everything unusable in them.

    Parameters
    ----------
    published
        n_published and theme or label; a tally parsed from a text has labels only.
    codebook
        With it, labels are matched to themes (case, spaces and punctuation do not count), and every theme must be
        there. Without it, a label stands for its theme.

    Returns
    -------
    DataFrame
        One row per theme, in the given order: theme, label, n_published (Int64).

    Raises
    ------
    ValueError
        Neither theme nor label is there, or a row names no theme of the codebook, repeats one, or its count is no
        whole number from 0.

    Examples
    --------
    >>> codebook = pd.DataFrame({"theme": ["craft"], "label": ["Craft Posts & Visuals"]})
    >>> parsed = pd.DataFrame({"label": ["CRAFT POSTS &  VISUALS"], "n_published": [5]})
    >>> check_published_tally(parsed, codebook=codebook).to_dict("records")
    [{'theme': 'craft', 'label': 'Craft Posts & Visuals', 'n_published': 5}]
    """
    given = {"theme", "label"} & set(published.columns)
    if not given or "n_published" not in published.columns:
        raise ValueError(f"published tally: needed are n_published and theme or label, not {list(published.columns)}")
    rows = published.reset_index(drop=True)
    named = _named(rows, codebook)
    counts = pd.to_numeric(rows["n_published"].astype("str").str.strip(), errors="coerce").astype("float64")
    is_count = (counts >= 0) & (counts % 1 == 0) & (counts < 2**53)
    faults = Faults("published tally")
    theme, written = named["theme"], rows["theme"] if "theme" in rows else rows["label"]
    where = "in the codebook" if codebook is not None else "given"
    faults.add(theme == "", lambda row: f"theme {shown(written.iloc[row])} is not {where}")
    faults.add((theme != "") & theme.duplicated(), lambda row: f"theme {shown(theme.iloc[row])} stands there already")
    faults.add(~is_count, lambda row: f"n_published {shown(rows['n_published'].iloc[row])} is no whole number from 0")
    faults.raise_any()
    return named.assign(n_published=counts.astype("Int64"))


def _named(rows: pd.DataFrame, codebook: pd.DataFrame | None) -> pd.DataFrame:
    """Theme and label of every row; an empty theme where the codebook has none."""
    text = {name: rows[name].astype("str").fillna("").str.strip() for name in ("theme", "label") if name in rows}
    theme, label = text.get("theme", text.get("label")), text.get("label", text.get("theme"))
    assert theme is not None
    assert label is not None
    theme, label = theme.where(theme != "", label), label.where(label != "", theme)
    if codebook is None:
        return pd.DataFrame({"theme": theme, "label": label})
    book = check_codebook(codebook)
    known = pd.concat([_plain(book["label"]), book["theme"]]).to_frame("key").assign(theme=[*book["theme"]] * 2)
    # a theme's own name wins over a label that looks like it
    lookup = known.drop_duplicates("key", keep="last").set_index("key")["theme"]
    found = theme.where(theme.isin(book["theme"]), _plain(theme).map(lookup)).fillna("")
    labels = book.set_index("theme")["label"]
    return pd.DataFrame({"theme": found, "label": found.map(labels).fillna(label)})


def _plain(text: pd.Series[str]) -> pd.Series[str]:
    return text.str.casefold().str.replace(r"[\W_]+", " ", regex=True).str.strip()

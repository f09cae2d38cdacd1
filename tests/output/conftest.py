"""Frames of a study that nobody made: as many themes and answers as a test wants, the same on every run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib._pylab_helpers import Gcf

from expert_roundup.output.charts import Chart, study_charts

Frames = dict[str, pd.DataFrame]
#: as long as the line under a real study's chart
SOURCE = "Source: a study that nobody made; expert-roundup 0.0.0, data 00000000"
LABELS = ("Listen First", "Plan Before You Post, And Measure What Matters", "Choose Few Places", "Draw & Write Well")


@pytest.fixture(scope="session")
def make_frames() -> Callable[..., Frames]:
    """Return the function that makes frames."""
    return frames_of


@pytest.fixture(scope="session")
def frames() -> Frames:
    """Frames of twelve themes and thirty-one answers."""
    return frames_of(12, 31)


@pytest.fixture(scope="session")
def made(frames: Frames) -> dict[str, Chart]:
    """Every chart of `frames` by its name; each `draw` and each `figure` of one is drawn anew."""
    return {chart.name: chart for chart in study_charts(frames, source=SOURCE)}


@pytest.fixture(autouse=True)
def _nothing_global() -> Iterator[None]:
    """No chart leaves a figure in pyplot or another setting in matplotlib."""
    before = dict(mpl.rcParams)
    yield
    assert not Gcf.figs
    assert dict(mpl.rcParams) == before


def frames_of(n_themes: int, n_quotes: int, *, name: str = "Speaker") -> Frames:
    rng = np.random.default_rng(7)
    themes = [f"t{i:02}" for i in range(n_themes)]
    labels = [f"{LABELS[i % len(LABELS)]} {i}" for i in range(n_themes)]
    ids = [f"Q{i:02}" for i in range(1, n_quotes + 1)]
    quotes = pd.DataFrame(
        {"quote_id": ids, "speaker": [f"{name} {'Van ' * (i % 2)}No{i}" for i in range(n_quotes)]}
    ).assign(n_words=rng.integers(20, 600, n_quotes))
    codebook = pd.DataFrame({"theme": themes, "label": labels})
    codings = _codings(rng, themes, ids)
    tally = _tally(codings, codebook, n_quotes)
    return {
        "quotes": quotes,
        "codebook": codebook,
        "codings": codings,
        "tally": tally,
        "agreement": _agreement(rng, tally),
        "reconstruction": _reconstruction(rng, themes, ids),
        "norms": pd.DataFrame(
            {
                "quote_id": rng.choice(ids, 80),
                "kind": rng.choice(["prescription", "proscription", "both"], 80, p=[0.4, 0.5, 0.1]),
                "strength": rng.choice(["must", "should", "may", "implied"], 80),
            }
        ),
        "platforms": pd.DataFrame({"quote_id": rng.choice(ids, 30), "platform": rng.choice(["Agora", "Forum"], 30)}),
        **_clusters(rng, ids),
    }


def _codings(rng: np.random.Generator, themes: list[str], ids: list[str]) -> pd.DataFrame:
    rows = []
    for quote_id in ids:
        given = set(rng.choice(min(len(themes), 4), rng.integers(1, 3), replace=False))
        given |= set(rng.choice(len(themes), 1))
        for coder in "ABC":
            rows += [(quote_id, themes[i], coder, 0.9 if rng.random() < 0.85 else 0.3) for i in sorted(given)]
    return pd.DataFrame(rows, columns=["quote_id", "theme", "coder", "confidence"])


def _tally(codings: pd.DataFrame, codebook: pd.DataFrame, n_quotes: int) -> pd.DataFrame:
    coded = codings[codings["confidence"] >= 0.5].groupby(["quote_id", "theme"]).size()
    counts = coded[coded >= 2].reset_index()["theme"].value_counts()
    n = np.array([int(counts.get(theme, 0)) for theme in codebook["theme"]])
    published = np.maximum(n + np.tile([-1, 1, 0], len(n))[: len(n)], 0)
    rank = np.array([int((n > one).sum()) + 1 for one in n])
    return codebook.assign(
        n_quotes=n,
        share=n / n_quotes,
        n_published=pd.array(published, dtype="Int64"),
        difference=pd.array(n - published, dtype="Int64"),
        rank=rank,
        rank_low=np.maximum(rank - 2, 1),
        rank_high=np.minimum(rank + 3, len(n)),
    )


def _agreement(rng: np.random.Generator, tally: pd.DataFrame) -> pd.DataFrame:
    value = np.where(tally["n_quotes"] > 1, np.round(rng.uniform(0.4, 0.95, len(tally)), 3), np.nan)
    rows = pd.DataFrame(
        {
            "theme": tally["theme"],
            "coefficient": "alpha_nominal",
            "value": value,
            "low": value - 0.2,
            "high": value + 0.04,
        }
    ).assign(n_coded=tally["n_quotes"])
    whole = pd.DataFrame(
        {"theme": [""], "coefficient": ["alpha_masi"], "value": [0.8], "low": [0.7], "high": [0.9], "n_coded": [31]}
    )
    return pd.concat([rows, whole], ignore_index=True).assign(n_units=31, n_coders=3, coders="A B C")


def _reconstruction(rng: np.random.Generator, themes: list[str], ids: list[str]) -> pd.DataFrame:
    probability = np.where(
        rng.random((len(ids), len(themes))) < 0.1, rng.uniform(0.15, 1, (len(ids), len(themes))), 0.02
    )
    return pd.DataFrame(
        [
            (quote_id, theme, bool(probability[i, j] > 0.5), float(probability[i, j]), 1.0)
            for i, quote_id in enumerate(ids)
            for j, theme in enumerate(themes)
        ],
        columns=["quote_id", "theme", "is_coded", "probability", "regret"],
    )


def _clusters(rng: np.random.Generator, ids: list[str]) -> Frames:
    group = rng.integers(0, 3, len(ids))
    matrix = np.round((group[:, None] == group[None, :]) * 0.6 + rng.uniform(0, 0.3, (len(ids), len(ids))), 3)
    matrix = np.maximum(matrix, matrix.T)
    np.fill_diagonal(matrix, 1)
    clusters = pd.DataFrame(
        {
            "quote_id": ids,
            "cluster": pd.array([None if i % 9 == 8 else int(g) + 1 for i, g in enumerate(group)], dtype="Int64"),
            "certainty": rng.uniform(0.5, 1, len(ids)),
            "x": np.cos(group * 2.1) + rng.normal(0, 0.2, len(ids)),
            "y": np.sin(group * 2.1) + rng.normal(0, 0.2, len(ids)),
        }
    )
    joins = [(0, 1, 0.1, 2)] + [
        (len(ids) + i - 1, i + 1, 0.1 + i / len(ids) / 2, i + 2) for i in range(1, len(ids) - 1)
    ]
    return {
        "clusters": clusters,
        "consensus": pd.DataFrame(matrix, index=ids, columns=ids),
        "linkage": pd.DataFrame(joins, columns=["first", "second", "height", "n_quotes"]),
    }

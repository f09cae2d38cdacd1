"""The corpus tally, its intervals, its correction, and the sample."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from expert_roundup.corpus.across import add_suggestions
from expert_roundup.corpus.bootstrap import share_intervals
from expert_roundup.corpus.charts import share_charts
from expert_roundup.corpus.correction import compare_with_reading, corrected_shares, suggested_for
from expert_roundup.corpus.dataset import Dataset, open_dataset
from expert_roundup.corpus.duplicates import minhash, near_duplicates
from expert_roundup.corpus.sampling import sample
from expert_roundup.corpus.synthetic import THEMES, Page, codebook, codings, pages, save_pages
from expert_roundup.corpus.tally import (
    corpus_tally,
    counts_of_codings,
    counts_of_suggestions,
    document_groups,
    document_of,
)
from expert_roundup.datasets import data_path


def test_counts_are_those_of_the_generator(dataset: Dataset, made: Sequence[Page]) -> None:
    """Per theme and year, against a count of the generator's own answers."""
    counts = counts_of_codings(pd.DataFrame(codings(made)), THEMES, coder="generator")
    tally = corpus_tally(counts, codebook(), groups=document_groups(dataset, "folder"))
    for row in tally.itertuples():
        answers = [a for page in made if page.name.startswith(row.group) for a in page.answers]
        assert (row.n_read, row.n_quotes) == (len(answers), sum(row.theme in a.themes for a in answers))


def test_the_interval_covers_the_truth() -> None:
    """500 corpora of 60 documents that differ, a true share of .3: 93 to 97 % of the intervals hold it."""
    rng = np.random.default_rng(11)
    hits = 0
    for at in range(500):
        sizes = rng.integers(4, 20, size=60)
        counts = rng.binomial(sizes, rng.beta(1.8, 4.2, size=60))
        low, high = share_intervals(counts[:, None].astype(float), sizes.astype(float), n_resamples=600, seed=at)
        hits += bool(low[0] <= 0.3 <= high[0])
    assert 0.93 <= hits / 500 <= 0.97


def test_few_documents_have_no_interval() -> None:
    """Two pages do not show how pages differ."""
    low, high = share_intervals(np.ones((2, 1)), np.full(2, 4.0))
    assert np.isnan([low, high]).all()


def test_suggestions_stay_apart_and_say_so(dataset: Dataset, tmp_path: Path) -> None:
    """A tally of them has another origin in every row; without suggestions it is an error."""
    folder = tmp_path / "d"
    shutil.copytree(dataset.folder, folder)
    with pytest.raises(ValueError, match="holds no suggestions"):
        counts_of_suggestions(open_dataset(folder), THEMES)

    n = add_suggestions(open_dataset(folder), codebook(), suggest_plan)
    assert n == dataset.counts["quotes"] * 6
    tally = corpus_tally(counts_of_suggestions(open_dataset(folder), THEMES), codebook(), origin="suggestions")
    assert set(tally["origin"]) == {"suggestions"}
    assert tally["share"].tolist() == [1, 0, 0, 0, 0, 0]


def test_the_correction_brings_back_the_true_share() -> None:
    """A machine of precision .6 and recall .9 over a true share of .2: the corrected interval holds it."""
    rng = np.random.default_rng(5)
    truth = rng.random((400, 10)) < 0.2
    machine = np.where(truth, rng.random(truth.shape) < 0.9, rng.random(truth.shape) < 0.15)
    counts = pd.DataFrame({"n_read": 10, "a": machine.sum(axis=1)}, index=[f"d{at}" for at in range(400)])
    checked = pd.DataFrame(
        {"document": counts.index[:80], "theme": "a", "n_read": 10, "n_both": (truth & machine)[:80].sum(axis=1),
         "n_suggested": machine[:80].sum(axis=1), "n_coded": truth[:80].sum(axis=1)}
    )  # fmt: skip
    row = corrected_shares(counts, checked, ["a"]).iloc[0]
    assert row["share"] > 0.28
    assert row["low"] < 0.2 < row["high"]
    assert row["corrected"] == pytest.approx(0.2, abs=0.03)


def test_a_sample_is_stratified_seeded_and_without_repeats(dataset: Dataset) -> None:
    """Strata give their share, the same seed the same quotes, and a second sample none of the first."""
    first = sample(dataset, 40, by=["language"], seed=3)
    pd.testing.assert_frame_equal(first, sample(dataset, 40, by=["language"], seed=3))
    assert first["quote_id"].is_unique
    shares = dataset.read("quotes").merge(dataset.read("documents")[["document", "language"]], on="document")
    expected = shares["language_y"].value_counts(normalize=True) * 40
    assert ((first["stratum"].value_counts() - expected).abs() < 1).all()
    rest = dataset.counts["quotes"] - 40
    second = sample(dataset, rest, without=first["quote_id"])
    assert not set(first["quote_id"]) & set(second["quote_id"])
    with pytest.raises(ValueError, match=f"at most {rest}"):
        sample(dataset, rest + 1, without=first["quote_id"])


def test_near_duplicates_are_flagged_with_the_earlier_one() -> None:
    """A copy with one changed sentence is flagged, another text is not."""
    rng = np.random.default_rng(2)
    words = [f"word{at}" for at in rng.integers(0, 5_000, size=600)]
    other = [f"word{at}" for at in rng.integers(0, 5_000, size=600)]
    texts = {"a": words, "b": words[:300] + ["changed"] * 5 + words[300:], "c": other}
    frame = pd.DataFrame(
        {"document": list(texts), "date": ["2020-01-01", None, "2019-01-01"],
         "minhash": [minhash(" ".join(text)) for text in texts.values()]}
    )  # fmt: skip
    assert near_duplicates(frame)[["document", "original"]].to_numpy().tolist() == [["b", "a"]]


def test_shipped_pages_are_the_generators(tmp_path: Path) -> None:
    """data/many is made anew byte for byte, and stays small."""
    folder = tmp_path
    save_pages(folder)
    shipped = {p.relative_to(data_path("many")): p.read_bytes() for p in data_path("many").rglob("*.*") if p.is_file()}
    assert {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*.*") if p.is_file()} == shipped
    assert sum(map(len, shipped.values())) < 300_000
    assert len({page.layout for page in pages(40)}) == 7


def test_suggestions_of_a_dataset_that_grew_are_refused(dataset: Dataset, tmp_path: Path) -> None:
    """Documents that the machine did not consider are named, and counted as nothing by nobody."""
    folder = tmp_path / "d"
    shutil.copytree(dataset.folder, folder)
    add_suggestions(open_dataset(folder), codebook(), suggest_plan)
    rows = dataset.read("quotes")[["quote_id"]].assign(document=lambda quotes: document_of(quotes["quote_id"]))
    late = rows["document"].iloc[0]
    path = folder / "suggestions/part-00000-of-00001.parquet"
    pd.read_parquet(path).query("document != @late").to_parquet(path)
    with pytest.raises(ValueError, match=f"documents without suggestions: {late}; corpus suggest"):
        counts_of_suggestions(open_dataset(folder), THEMES)


def test_a_chart_of_suggestions_says_so_in_title_column_and_words(dataset: Dataset, tmp_path: Path) -> None:
    """Corrected or not; the corrected one shows the corrected value, its interval and the share as suggested."""
    folder = tmp_path / "d"
    shutil.copytree(dataset.folder, folder)
    add_suggestions(open_dataset(folder), codebook(), suggest_plan)
    counts = counts_of_suggestions(open_dataset(folder), THEMES)
    (plain,) = share_charts(corpus_tally(counts, codebook(), origin="suggestions"))
    read = pd.DataFrame(0, index=pd.Index(dataset.read("quotes")["quote_id"]), columns=list(THEMES))
    read.iloc[::2, 0] = 1
    checked = compare_with_reading(suggested_for(open_dataset(folder), read), read)
    shares = corrected_shares(counts, checked, THEMES).assign(label=codebook()["label"])
    (corrected,) = share_charts(shares)
    for chart in (plain, corrected):
        assert chart.title.startswith("Machine suggestions, not a reading: ")
        assert "Machine suggestions, not a reading: " in chart.alt_text
    assert "Not corrected" in plain.alt_text
    assert "Plan the week 100 %" in plain.alt_text
    assert f"Plan the week {100 * read['plan'].mean():.0f} % (" in corrected.alt_text
    assert f"Corrected with precision and recall on {len(read)} answers" in corrected.alt_text
    texts = {text.get_text() for axes in corrected.figure.axes for text in axes.texts}
    texts |= {text.get_text() for text in corrected.figure.texts}
    assert {"Corrected", f"{100 * read['plan'].mean():.0f} %"} <= texts
    assert "Suggested" in {text.get_text() for text in plain.figure.texts}


def test_charts_by_group_have_a_row_a_group(dataset: Dataset, made: Sequence[Page]) -> None:
    """One chart a theme; a group too small for an interval has a dot alone."""
    counts = counts_of_codings(pd.DataFrame(codings(made)), THEMES, coder="generator")
    tally = corpus_tally(counts, codebook(), groups=document_groups(dataset, "language"))
    charts = share_charts(tally, by="language")
    assert [chart.name for chart in charts] == [f"{theme}-by-language" for theme in THEMES]
    assert charts[0].numbers["label"].tolist() == ["de", "en", "ru"]
    assert "Grey: no interval of fewer than 5 documents." in charts[0].alt_text
    assert f"{len(made)} documents" in charts[0].alt_text
    labels = [label.get_text() for axes in charts[0].figure.axes for label in axes.get_yticklabels()]
    assert labels == ["de", "en", "ru"]


def suggest_plan(quotes: pd.DataFrame, book: pd.DataFrame) -> pd.DataFrame:
    """A machine that finds the theme "plan" everywhere and no other."""
    rows = quotes[["quote_id"]].merge(book[["theme"]], how="cross")
    return rows.assign(score=0.5, is_suggested=rows["theme"] == "plan", start=0, end=3)

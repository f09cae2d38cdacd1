"""What ships in data/: facts, checked by the functions that read yours."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from expert_roundup import datasets
from expert_roundup.coding.codebook import PALETTE, codebook_to_yaml, read_codebook, themes_by_group
from expert_roundup.coding.codebook_changes import read_changes
from expert_roundup.coding.codings import check_codings, coded, majority
from expert_roundup.coding.published import check_published_tally
from expert_roundup.coding.tally import tally

#: the article's own tally, in its order
PUBLISHED = {
    "Focus On Relationships": 9,
    "Set Strategic Goals, Not Vanity Metrics": 8,
    "Consider Networks Strategically": 8,
    "Craft Engaging Posts & Visuals": 5,
    "Focus On Fewer Platforms": 4,
    "Be Consistent": 2,
    "Allocate Sufficient Budget": 2,
    "Foster Employee Advocacy": 2,
    "Use Technology Effectively": 2,
    "Use Tools When Needed": 1,
    "Re-Share & Re-Purpose Content": 1,
    "Invest In Influencer Marketing": 1,
}


def shipped(name: str):
    try:
        return datasets.data_path(name)
    except FileNotFoundError:
        pytest.skip(f"data/{name} is not there")


def test_the_published_tally_is_the_articles():
    """Twelve recommendations, 45 counts."""
    published = datasets.load_published_tally()
    assert dict(zip(published["label"], published["n_published"], strict=True)) == PUBLISHED
    assert published["n_published"].sum() == 45


def test_codebook_and_published_tally_name_the_same_themes():
    """Labels are the article's, exactly, and in its order."""
    codebook = datasets.load_codebook()
    published = datasets.load_published_tally()
    pd.testing.assert_frame_equal(codebook[["theme", "label"]], published[["theme", "label"]])
    pd.testing.assert_frame_equal(
        check_published_tally(published[["label", "n_published"]], codebook=codebook), published
    )


def test_every_theme_can_be_coded_by():
    """Each has a definition, what to include and to exclude, an example, a group and a colour of its own."""
    codebook = datasets.load_codebook()
    for name in ("definition", "include", "exclude", "examples", "group"):
        assert (codebook[name].str.len() > 0).all(), name
    assert codebook["color"].is_unique
    assert codebook["color"].head(6).to_list() == ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7"]
    assert sum(map(len, themes_by_group(codebook).values())) == 12


def test_exclusions_point_to_themes_that_exist():
    """Where an exclusion says in brackets which theme it belongs to, that theme is in the codebook."""
    codebook = datasets.load_codebook()
    named = codebook["exclude"].str.extractall(r"\(([a-z, ]+)\)(?:\n|$)")[0].str.split(", ").explode()
    assert len(named) > 12
    assert set(named) <= set(codebook["theme"])


def lab(color: str) -> np.ndarray:
    """CIE L*a*b* of an sRGB colour, D65."""
    rgb = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    x, y, z = np.cbrt(xyz / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_the_palette_has_no_two_colours_alike():
    """Any two colours lie at least 20 apart in CIE L*a*b* (about ten just noticeable differences)."""
    pairs = itertools.combinations(map(lab, PALETTE), 2)
    assert min(float(np.linalg.norm(one - other)) for one, other in pairs) > 20


def test_the_codebook_file_is_its_own_round_trip(tmp_path):
    """Written by our writer with its log, it reads back equal."""
    path = datasets.data_path("codebook.yaml")
    again = tmp_path / "codebook.yaml"
    again.write_text(codebook_to_yaml(read_codebook(path), changes=read_changes(path)), encoding="utf-8")
    pd.testing.assert_frame_equal(read_codebook(again), read_codebook(path))
    pd.testing.assert_frame_equal(read_changes(again), read_changes(path))


def test_thirty_one_speakers_thirty_of_them_on_the_roster():
    """The author answers last and is not on the roster."""
    speakers = datasets.load_speakers()
    assert speakers["quote_id"].to_list() == [f"Q{number:02d}" for number in range(1, 32)]
    assert (speakers["name_in_roster"] == "").to_list() == [False] * 30 + [True]
    assert speakers["is_spelling_certain"].dtype == bool
    assert speakers["speaker_en"].is_unique


def test_three_readings_ship_and_pass_every_check():
    """274 rows of A, B and C; evidence lies inside the condensed answers; themes and quotes are known."""
    shipped("codings.csv")
    codings = datasets.load_codings()
    assert len(codings) == 274
    assert codings["coder"].value_counts().to_dict() == {"A": 94, "B": 92, "C": 88}
    assert len(coded(codings)) == 274 - 131
    check_codings(codings, quotes=datasets.load_quotes(), codebook=datasets.load_codebook())


def test_the_majority_reading_beside_the_published_tally():
    """48 coded cells against 45 published: the differences that the study reports."""
    shipped("codings.csv")
    codings = datasets.load_codings()
    assert len(coded(majority(codings))) == 48
    result = tally(codings, datasets.load_codebook(), published=datasets.load_published_tally())
    differing = result[result["difference"] != 0].set_index("theme")["difference"].to_dict()
    assert differing == {"relationships": 2, "goals": 1, "networks": -2, "craft": -1, "consistent": 1, "repurpose": 2}


def test_the_quotes_are_the_condensed_edition():
    """31 answers by the speakers of speakers.csv."""
    shipped("condensed/roundup.md")
    quotes = datasets.load_quotes()
    assert quotes["speaker"].to_list() == datasets.load_speakers()["speaker_en"].to_list()


def test_term_counts_cover_every_answer():
    """Every answer has terms, every count is at least 1."""
    shipped("source/term_counts.csv")
    counts = datasets.load_term_counts()
    assert counts["quote_id"].nunique() == 31
    assert (counts["n"] >= 1).all()


def test_what_does_not_ship_is_named():
    """A wrong name says which file is missing."""
    with pytest.raises(FileNotFoundError, match=r"data/nothing\.csv does not ship"):
        datasets.data_path("nothing.csv")

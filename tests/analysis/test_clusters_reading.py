"""Reading aids: the map, words in context, platforms in two scripts."""

from __future__ import annotations

import csv
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_roundup.analysis.clusters import (
    concordance,
    map_of,
    platform_indicators,
    platform_mentions,
    similarity,
    wording_of_quotes,
)
from expert_roundup.analysis.clusters.platforms import platform_of


def _cosines(angles: list[float]) -> pd.DataFrame:
    quotes = pd.Index([f"Q{place:02d}" for place in range(1, len(angles) + 1)])
    table = np.cos(np.subtract.outer(angles, angles))
    return pd.DataFrame(table, index=quotes, columns=quotes)


def test_what_lies_on_a_plane_is_drawn_without_stress() -> None:
    """Points of a circle come back with all their distances, the first one up and to the right."""
    table = _cosines([0.1, 1.2, 2.9, 4.0, 5.5])
    points, stress = map_of(table)
    places = points[["x", "y"]].to_numpy()
    drawn = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2))
    np.testing.assert_allclose(drawn, np.sqrt(2 - 2 * table.to_numpy().clip(max=1)), atol=1e-3)
    assert stress < 0.001
    assert (places[0] >= 0).all()
    np.testing.assert_allclose(places.mean(axis=0), 0, atol=1e-5)


def test_the_stress_is_kruskal_s(original) -> None:
    """Stress-1 is the root of squared errors over squared drawn distances; short answers have much of it."""
    table = similarity(original)
    points, stress = map_of(table)
    places = points[["x", "y"]].to_numpy()
    drawn = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2))
    wanted = np.sqrt(2 - 2 * table.to_numpy())
    assert stress == pytest.approx(np.sqrt(((wanted - drawn) ** 2).sum() / (drawn**2).sum()), abs=1e-4)
    assert stress > 0.2
    assert map_of(table)[0].to_csv() == points.to_csv()


def test_what_cannot_be_placed_has_no_place() -> None:
    """A quote that cannot be compared has no coordinates; two quotes make no map."""
    table = _cosines([0.0, 1.0, 2.0, 3.0])
    table.iloc[1, :] = table.iloc[:, 1] = 0.0
    points, stress = map_of(table)
    assert points["x"].isna().to_list() == [False, True, False, False]
    assert np.isfinite(stress)
    assert np.isnan(map_of(table.iloc[:2, :2])[1])


TEXTS = pd.DataFrame(
    {
        "quote_id": ["Q01", "Q02"],
        "speaker": ["Ann", "Ben"],
        "text": ["Networks change; a network is people. Don’t network!", "Сеть — это люди. Network-wide, сетью."],
    }
)


def test_a_word_is_shown_with_its_place() -> None:
    """Offsets lead to the printed word; contexts stay inside their quote."""
    found = concordance(TEXTS, "network*", width=12)
    texts = TEXTS.set_index("quote_id")["text"]
    assert [texts[row.quote_id][row.start : row.end] for row in found.itertuples()] == found["word"].to_list()
    assert found["word"].to_list() == ["Networks", "network", "network", "Network-wide"]
    assert found[["left", "right"]].iloc[0].to_list() == ["", "change; a n"]
    assert concordance(TEXTS, "NETWORK")["speaker"].to_list() == ["Ann", "Ann"]
    assert concordance(TEXTS, "сет*")["word"].to_list() == ["Сеть", "сетью"]
    assert concordance(TEXTS, "plan").empty


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="ab’ Ж-.\n", max_size=25), min_size=1, max_size=4))
def test_every_place_is_found(texts: list[str]) -> None:
    """As many rows as the word has counts, each a slice that reads as the word."""
    quotes = pd.DataFrame({"quote_id": [f"Q{n}" for n in range(len(texts))], "text": texts})
    counts = wording_of_quotes(quotes, stop=()).counts
    for term, n in counts.groupby("term")["n"].sum().items():
        assert len(concordance(quotes, str(term))) == n


@pytest.mark.parametrize(
    ("term", "message"), [("", "term must be one word"), ("two words", "term must be one word"), ("*", "one word")]
)
def test_terms_are_checked(term: str, message: str) -> None:
    """Nothing, and more than one word, is refused."""
    with pytest.raises(ValueError, match=message):
        concordance(TEXTS, term)


def test_width_and_columns_are_checked() -> None:
    """A negative width and quotes without text are refused."""
    with pytest.raises(ValueError, match="width must be 0 or more, not -1"):
        concordance(TEXTS, "plan", width=-1)
    with pytest.raises(ValueError, match="missing: text"):
        concordance(TEXTS.drop(columns="text"), "plan")


@pytest.mark.parametrize(
    ("term", "platform"),
    [
        ("facebook", "Facebook"), ("facebook's", "Facebook"), ("фейсбуке", "Facebook"),
        ("facebook-реклама", "Facebook"),
        ("instagram", "Instagram"), ("инстаграмом", "Instagram"), ("інстаграм", "Instagram"), ("linkedin", "LinkedIn"),
        ("линкедина", "LinkedIn"), ("twitter", "Twitter"), ("твиттере", "Twitter"), ("youtube", "YouTube"),
        ("ютубе", "YouTube"), ("вк", "VK"), ("вконтакте", "VK"), ("мессенджера", "Messenger"), ("тикток", "TikTok"),
        ("book", ""), ("link", ""), ("кворум", ""), ("вклад", ""), ("medium", ""), ("threads", ""), ("x", ""),
    ],
)  # fmt: skip
def test_platforms_are_known_in_both_scripts(term: str, platform: str) -> None:
    """Names and their inflected forms are found; words that only look like them are not."""
    assert platform_of(term) == platform


def test_the_list_of_platforms_is_sound() -> None:
    """Forms are lower case and stand once; every platform has a form in Cyrillic letters."""
    text = (files("expert_roundup.analysis.clusters") / "platforms.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    forms = [form for row in rows for form in row["forms"].split()]
    assert len(forms) == len(set(forms))
    assert all(form == form.lower() for form in forms)
    assert all(any("а" <= char <= "я" for char in row["forms"]) for row in rows)


def test_mentions_are_counted_by_quote() -> None:
    """Forms of one platform add up; rows follow the page; the indicator holds who named what."""
    quotes = TEXTS.assign(text=["Facebook, фейсбук and LinkedIn", "В Твиттере и на Facebook"])
    wording = wording_of_quotes(quotes)
    assert platform_mentions(wording).to_numpy().tolist() == [
        ["Q01", "Ann", "Facebook", 2],
        ["Q01", "Ann", "LinkedIn", 1],
        ["Q02", "Ben", "Facebook", 1],
        ["Q02", "Ben", "Twitter", 1],
    ]
    assert platform_indicators(wording).to_dict("list") == {"Facebook": [1, 1], "LinkedIn": [1, 0], "Twitter": [0, 1]}
    assert platform_mentions(wording_of_quotes(TEXTS)).empty

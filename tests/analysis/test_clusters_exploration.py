"""The exploration in one call, and the sentences it ends in."""

from __future__ import annotations

import json
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from expert_roundup.analysis.clusters import (
    Exploration,
    audit,
    explore,
    grid,
    search_partitions,
    verdicts,
    wording_of_quotes,
)
from expert_roundup.analysis.clusters.sentences import p_value, plain

QUICK = {"runs": 60, "n_shuffles": 49, "n_seeds": 2}
WORDS = [
    "plan goals posts",
    "plan posts images",
    "goals plan news",
    "daily news posts",
    "images goals daily",
    "plan news",
]
CODES = {
    "search", "wording_and_codes", "leading_code", "word_clusters", "crosstab", "cooccurrence",
}  # fmt: skip


def _told(found: Exploration) -> dict[str, dict[str, object]]:
    return {verdict["name"]: verdict for verdict in verdicts(found)}


@pytest.fixture(scope="module")
def study(original) -> Exploration:
    """The original article's words with the majority's codes, in full."""
    from expert_roundup.coding.codings import indicator
    from expert_roundup.datasets import load_codebook, load_codings

    table = indicator(load_codings(), themes=list(load_codebook()["theme"]))
    return explore(original, indicators=table, labels=table.idxmax(axis=1).where(table.any(axis=1)), n_seeds=2)


def test_the_language_split_is_named_as_such(study: Exploration) -> None:
    """Nine of ten raw cuts into two are Russian and English; centring takes that away."""
    said = _told(study)["language"]
    numbers = said["numbers"]
    assert numbers["is_language_split"]
    assert numbers["is_removed"]
    assert numbers["ami_two_raw"] > 0.8
    assert abs(numbers["ami_two_centred"]) < 0.1
    assert said["statement"].startswith("The first split is the language")


def test_similarity_follows_length_until_it_is_centred(study: Exploration) -> None:
    """Long answers look alike by any measure, centred ones do not."""
    numbers = _told(study)["length"]["numbers"]
    assert numbers["similarity_r"] > 0.4
    assert numbers["similarity_r_centred"] < 0.1


def test_wording_and_codes_are_related_and_weakly_so(study: Exploration) -> None:
    """Mantel's r is between .1 and .3 and beyond chance, with length taken out too; r and p are in the sentence."""
    said = _told(study)["wording_and_codes"]
    numbers = said["numbers"]
    assert 0.1 < numbers["r"] < 0.3
    assert max(numbers["p"], numbers["p_length"], numbers["p_characters"]) <= 0.05
    assert "weakly" in said["statement"]
    assert f"r = {numbers['r']:.2f} ({p_value(numbers['p'])})" in said["statement"]


def test_relationships_is_no_word_cluster(study: Exploration) -> None:
    """The leading theme is not a group of wording, and the verdict says so."""
    said = _told(study)["leading_code"]
    assert said["numbers"]["theme"] == "relationships"
    assert not said["numbers"]["is_word_cluster"]
    assert "relationships (11 quotes), is no word cluster" in said["statement"]


def test_no_pair_of_themes_survives_correction(study: Exploration) -> None:
    """66 pairs, none beyond chance."""
    numbers = _told(study)["cooccurrence"]["numbers"]
    assert numbers["n_pairs"] == 66
    assert numbers["n_corrected"] == 0


def test_no_structure_is_called_none(study: Exploration) -> None:
    """The article's clusters are no clearer than those of its shuffled words."""
    said = _told(study)["structure"]
    assert not said["numbers"]["is_structured"]
    assert said["numbers"]["p_corrected"] > 0.05
    assert said["statement"].startswith("No cluster structure beyond chance")


def test_every_number_of_a_verdict_can_be_stored(study: Exploration) -> None:
    """Verdicts are a list of name, statement and numbers, and go through JSON unchanged."""
    told = verdicts(study, wording="Whose words these are.")
    assert told[0] == {"name": "wording", "statement": "Whose words these are.", "numbers": {}}
    assert all(set(verdict) == {"name", "statement", "numbers"} for verdict in told)
    assert json.loads(json.dumps(told)) == told
    assert plain({"a": np.float64("nan"), "b": np.int64(2), "c": [True]}) == {"a": None, "b": 2, "c": [True]}


def test_verdicts_change_with_the_data(plant) -> None:
    """Planted topics turn every verdict around: structure, clusters, relation with the codes, the leading code."""
    wording, topics = plant(5, n=60)
    quotes = wording.answers["quote_id"]
    table = pd.get_dummies(pd.Series(topics, index=quotes)).astype(int).rename(columns=str)
    found = explore(wording, indicators=table, labels=pd.Series(topics, index=quotes), **QUICK)
    told = _told(found)
    assert told["structure"]["numbers"]["is_structured"]
    assert told["structure"]["statement"].startswith("There is cluster structure beyond chance")
    assert told["wording_and_codes"]["numbers"]["is_related"]
    assert told["leading_code"]["numbers"]["is_word_cluster"]
    assert told["crosstab"]["numbers"]["n_corrected"] >= 5
    assert "language" not in told
    assert found.clusters["cluster"].nunique() == 5


def test_a_planted_language_is_flagged_and_removed(plant) -> None:
    """Two languages with words of their own show in the raw clusters; centred, the first split is no longer theirs."""
    wording, _ = plant(0, n=120, share=0.15, languages=["ru", "en"] * 60)
    numbers = _told(explore(wording, **QUICK))["language"]["numbers"]
    assert numbers["is_confounded"]
    assert numbers["is_language_split"]
    assert numbers["is_removed"]


def test_the_best_of_a_search_on_shuffled_labels_is_no_finding(original) -> None:
    """Some settings agree with shuffled labels when looked at alone; after correction none does."""
    searches = search_partitions(original, units=("words",))
    labels = pd.Series(np.random.default_rng(3).integers(5, size=31), index=original.answers["quote_id"])
    found = grid(searches, original, labels=labels, n_permutations=199)
    assert (found["p_corrected"] >= found["p_labels"]).all()
    assert found["p_corrected"].min() > 0.05
    assert found.groupby(["view", "unit"]).size().to_dict() == {
        ("centred", "words"): 66, ("one_language", "words"): 66, ("raw", "words"): 66,
    }  # fmt: skip


def test_the_audit_shows_all_views_side_by_side(original) -> None:
    """Raw, one language and centred stand beside each other, each confounder with what chance gives."""
    found = audit(search_partitions(original, units=("words",)), original, n_permutations=99)
    assert list(zip(found["view"], found["confounder"], strict=True)) == [
        ("raw", "language"), ("raw", "length"), ("one_language", "length"),
        ("centred", "language"), ("centred", "length"),
    ]  # fmt: skip
    raw, centred = found.iloc[0], found.iloc[3]
    assert raw["p"] == pytest.approx(0.01)
    assert raw["ami_two"] > raw["chance_two"]
    assert centred["ami_two"] <= centred["chance_two"]


def test_a_question_that_is_followed_is_named(make) -> None:
    """Answers that repeat the words of their question cluster by question, and the verdict says so."""
    rng = np.random.default_rng(0)
    questions = ["What fails?", "What works?"] * 15
    own = {"What fails?": "fail", "What works?": "work"}
    texts = [
        {f"{own[q]}{n}": 2 for n in rng.integers(8, size=4)} | {f"w{n}": 1 for n in rng.integers(40, size=5)}
        for q in questions
    ]
    said = _told(explore(make(texts, question=questions), **QUICK))["question"]
    assert said["numbers"]["p"] <= 0.05
    assert said["statement"].startswith("The partitions follow the question")


SMALL = {
    "one": WORDS[:1],
    "two": WORDS[:2],
    "three": WORDS[:3],
    "four": WORDS[:4],
    "equal": [WORDS[0]] * 6,
    "empty": [""] * 5,
    "some empty": [WORDS[0], "", *WORDS[1:3], " ", "…"],
    "stop words only": ["the and of", "the and", "of the"],
    "nothing shared": ["a1 b1", "c1 d1", "e1 f1", "g1 h1", "i1 j1"],
}


@pytest.mark.parametrize("languages", ["en", "each"])
@pytest.mark.parametrize("texts", SMALL.values(), ids=SMALL.keys())
def test_small_data_are_answered_and_never_crash(texts: list[str], languages: str) -> None:
    """Few, equal, empty and unlike texts, in one language or each in its own: frames and verdicts come."""
    quotes = pd.DataFrame({"quote_id": [f"Q{n}" for n in range(len(texts))], "text": texts})
    quotes["language"] = "en" if languages == "en" else [f"l{n}" for n in range(len(texts))]
    table = pd.DataFrame({"x": [n % 2 for n in range(len(texts))], "y": 1, "z": 0}, index=quotes["quote_id"])
    labels = pd.Series(["x" if n % 2 else "y" for n in range(len(texts))], index=quotes["quote_id"])
    found = explore(wording_of_quotes(quotes), indicators=table, labels=labels, runs=9, n_shuffles=9, n_seeds=2)
    assert list(found.clusters.columns) == ["quote_id", "cluster", "certainty", "x", "y"]
    assert len(found.clusters) == len(texts)
    assert found.consensus.shape == (len(texts), len(texts))
    told = verdicts(found)
    assert not _told(found)["structure"]["numbers"]["is_structured"]
    assert all(verdict["statement"].endswith(".") and "nan" not in verdict["statement"] for verdict in told)
    json.dumps(told, allow_nan=False)


def test_without_codes_nothing_is_said_of_them() -> None:
    """An exploration without codes has no verdict on them, and their tables are empty."""
    found = explore(wording_of_quotes(pd.DataFrame({"quote_id": list("abcdef"), "text": WORDS})), **QUICK)
    assert not CODES & set(_told(found))
    assert all(
        getattr(found, name).empty for name in ("mantel", "cohesion", "crosstab", "cooccurrence", "platform_codes")
    )


def test_more_clusters_than_quotes_are_refused() -> None:
    """The k asked for and the number of quotes are named."""
    with pytest.raises(ValueError, match="k must be between 1 and the number of quotes, 6, not 7"):
        explore(wording_of_quotes(pd.DataFrame({"quote_id": list("abcdef"), "text": WORDS})), k=7, **QUICK)


def test_two_explorations_are_equal_in_bytes(original) -> None:
    """Same words, same seed, same csv of every frame."""
    first, second = (explore(original, **QUICK) for _ in range(2))
    for field in fields(Exploration):
        a, b = getattr(first, field.name), getattr(second, field.name)
        if isinstance(a, pd.DataFrame):
            assert a.to_csv() == b.to_csv(), field.name
    assert verdicts(first) == verdicts(second)


def test_the_order_of_the_frame_is_the_order_of_the_page(study: Exploration) -> None:
    """Every frame with a row a quote follows the quotes given."""
    order = study.wording.answers["quote_id"].to_list()
    assert study.clusters["quote_id"].to_list() == order
    assert list(study.consensus.columns) == order

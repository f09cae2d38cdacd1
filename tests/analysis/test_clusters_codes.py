"""Wording against codes: the tests hold their level within languages, and the counts are those of the books."""

from __future__ import annotations

from itertools import permutations as orders_of

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from expert_roundup.analysis.clusters import (
    cohesion,
    cooccurrence,
    crosstab,
    indicator_similarity,
    label_terms,
    mantel,
    similarity,
)
from expert_roundup.analysis.clusters.counting import exact_p, holm

QUOTES = pd.Index([f"Q{place:02d}" for place in range(1, 7)])


def _square(rng: np.random.Generator, n: int = 6) -> pd.DataFrame:
    values = rng.random((n, n))
    return pd.DataFrame((values + values.T) / 2 + np.eye(n), index=QUOTES[:n], columns=QUOTES[:n])


def test_r_is_the_correlation_of_the_pairs() -> None:
    """Without groups r is Pearson's over all pairs, and p is the share of all reorderings that reach it."""
    rng = np.random.default_rng(0)
    a, b = _square(rng), _square(rng)
    above = np.triu_indices(6, 1)
    found = mantel(a, b, n_permutations=4999).iloc[0]
    first, second = a.to_numpy(), b.to_numpy()
    r = np.corrcoef(first[above], second[above])[0, 1]
    assert found["r"] == pytest.approx(r, abs=1e-9)
    everything = [np.corrcoef(first[above], second[np.ix_(o, o)][above])[0, 1] for o in orders_of(range(6))]
    assert found["p"] == pytest.approx(np.mean(np.array(everything) >= r - 1e-9), abs=0.03)
    assert found["n_pairs"] == 15


def test_only_pairs_inside_a_group_count() -> None:
    """With groups, r is over the pairs inside them, each less its group's mean; pairs between groups change nothing."""
    rng = np.random.default_rng(1)
    a, b = _square(rng), _square(rng)
    groups = pd.Series(["ru"] * 4 + ["en"] * 2, index=QUOTES)
    found = mantel(a, b, groups, n_permutations=99)
    between = np.not_equal.outer(groups.to_numpy(), groups.to_numpy())
    pd.testing.assert_frame_equal(mantel(a.mask(between, 99.0), b, groups, n_permutations=99), found)
    four = np.triu_indices(4, 1)  # the one pair of the second group is its own mean
    r = np.corrcoef(a.to_numpy()[:4, :4][four], b.to_numpy()[:4, :4][four])[0, 1]
    assert found["r"].iloc[0] == pytest.approx(r, abs=1e-9)
    assert found["n_pairs"].iloc[0] == 7


def test_length_that_explains_both_is_taken_out() -> None:
    """Two matrices that are nothing but length correlate, and do not once length is taken out."""
    lengths = pd.Series([10.0, 20, 40, 80, 160, 320], index=QUOTES)
    logs = np.log(lengths.to_numpy())
    alike = pd.DataFrame(np.add.outer(logs, logs), index=QUOTES, columns=QUOTES)
    assert mantel(alike, alike + 1, n_permutations=99)["r"].iloc[0] == pytest.approx(1)
    adjusted = mantel(alike, alike + 1, lengths=lengths, n_permutations=99).iloc[0]
    assert np.isnan(adjusted["r"])
    assert np.isnan(adjusted["p"])


def test_a_free_permutation_finds_the_languages_and_one_within_them_does_not(make) -> None:
    """27 + 4 quotes, each language with words and codes of its own and no relation inside: only one test is fooled."""
    languages = ["ru"] * 27 + ["en"] * 4
    free = within = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        texts = [
            {f"{language}{w}": int(n) for w, n in enumerate(rng.poisson(0.6, size=60)) if n} for language in languages
        ]
        wording = make(texts, languages)
        chance = np.full((31, 12), 0.3)
        chance[27:, :8] = 0.02
        table = pd.DataFrame((rng.random((31, 12)) < chance).astype(int), index=wording.answers["quote_id"])
        codes = indicator_similarity(table)
        free += mantel(similarity(wording, centred=False), codes, n_permutations=99)["p"].iloc[0] <= 0.05
        within += mantel(similarity(wording), codes, wording.languages, n_permutations=99)["p"].iloc[0] <= 0.05
    assert free >= 10
    assert within <= 6  # exceeded with probability .003 at 5 %


def test_a_relation_inside_languages_is_found(plant) -> None:
    """Quotes of one topic share its words: r is clear and p as small as the permutations allow."""
    wording, topics = plant(3, n=60)
    table = pd.get_dummies(pd.Series(topics, index=wording.answers["quote_id"])).astype(int)
    found = mantel(similarity(wording), indicator_similarity(table), wording.languages, n_permutations=199).iloc[0]
    assert found["r"] > 0.5
    assert found["p"] == pytest.approx(1 / 200)
    assert found["detectable"] < found["r"]


def test_quotes_that_cannot_be_compared_are_left_out() -> None:
    """A quote without words, without codes, or in one matrix only takes no part; too few leave no value."""
    rng = np.random.default_rng(2)
    a, b = _square(rng), _square(rng, n=5)
    a.loc["Q01", "Q01"] = 0
    assert mantel(a, b, n_permutations=9)["n_quotes"].iloc[0] == 4
    few = mantel(a.iloc[:3, :3], b, n_permutations=9).iloc[0]
    assert few["n_quotes"] == 2
    assert np.isnan(few["p"])


def test_matrices_must_be_square() -> None:
    """Both axes hold the same quotes."""
    a = _square(np.random.default_rng(0))
    with pytest.raises(ValueError, match="b must be a square matrix with the same quotes"):
        mantel(a, a.iloc[:, :3])


def test_a_planted_code_is_a_word_cluster_and_a_random_one_is_not(plant) -> None:
    """The quotes of a topic are alike beyond chance; quotes picked at random are not; two quotes are no cluster."""
    wording, topics = plant(4, n=60)
    quotes = wording.answers["quote_id"]
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"topic": (topics == 2).astype(int), "random": rng.permutation(topics == 2).astype(int)}, index=quotes
    )
    table["pair"] = [1, 1] + [0] * 58
    found = cohesion(similarity(wording), table, n_permutations=499).set_index("theme")
    assert found.loc["topic", "p_corrected"] <= 0.01
    assert found.loc["random", "p"] > 0.05
    assert np.isnan(found.loc["pair", "p"])
    assert found["n_quotes"].to_list() == table.sum().to_list()
    members = (
        similarity(wording)
        .loc[table["topic"] == 1, table["topic"] == 1]
        .to_numpy()[np.triu_indices(table["topic"].sum(), 1)]
    )
    everybody = similarity(wording).to_numpy()[np.triu_indices(60, 1)]
    assert found.loc["topic", "excess"] == pytest.approx(members.mean() - everybody.mean(), abs=1e-9)


@given(st.integers(1, 40), st.data())
def test_exact_p_is_that_of_scipy(n: int, data: st.DataObject) -> None:
    """Fisher's two-sided p equals scipy's for every table."""
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, n))
    both = data.draw(st.integers(max(0, a + b - n), min(a, b)))
    expected = fisher_exact([[both, a - both], [b - both, n - a - b + both]]).pvalue
    assert exact_p(both, a, b, n) == pytest.approx(expected, abs=1e-9)


def test_fisher_s_tea_lady() -> None:
    """Three of four cups right: p = .486, two-sided (Fisher 1935, chapter 2; Agresti 2002, p. 93)."""
    assert exact_p(3, 4, 4, 8) == pytest.approx(0.4857, abs=1e-4)


def test_holm_steps_down() -> None:
    """The smallest p is multiplied by the number of tests, the next by one less, and order is kept."""
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([])).tolist() == []


def test_pairs_of_codes_are_counted_beside_chance() -> None:
    """Every two codes meet once; two tables meet column by column, over the quotes in both."""
    table = pd.DataFrame({"a": [1, 1, 1, 0, 0, 0], "b": [1, 1, 0, 0, 0, 0], "c": [0, 0, 0, 0, 0, 0]}, index=QUOTES)
    found = cooccurrence(table)
    assert found[["theme_a", "theme_b", "n_a", "n_b", "n_both"]].to_numpy().tolist() == [
        ["a", "b", 3, 2, 2], ["a", "c", 3, 0, 0], ["b", "c", 2, 0, 0],
    ]  # fmt: skip
    assert found["expected"].to_list() == [1, 0, 0]
    other = pd.DataFrame({"x": [1, 0]}, index=QUOTES[[0, 5]])
    assert cooccurrence(table, other)[["theme_a", "theme_b", "n_both"]].to_numpy().tolist() == [
        ["a", "x", 1], ["b", "x", 1], ["c", "x", 0],
    ]  # fmt: skip
    assert cooccurrence(table[["a"]]).empty


def test_the_crosstab_counts_every_code_of_a_quote() -> None:
    """Counts, expected counts within language and residuals are those computed by hand."""
    clusters = pd.DataFrame({"quote_id": QUOTES, "cluster": pd.array([1, 1, 2, 2, None, 1], dtype="Int64")})
    table = pd.DataFrame({"a": [1, 1, 0, 0, 0, 1], "b": [1, 0, 1, 0, 1, 0]}, index=QUOTES)
    groups = pd.Series(["ru"] * 4 + ["en"] * 2, index=QUOTES)
    found = crosstab(clusters, table, groups, n_permutations=199).set_index(["cluster", "theme"])
    assert found["n_quotes"].to_list() == [3, 1, 0, 1]
    assert found["n_cluster"].to_list() == [3, 3, 2, 2]
    # within ru: 2 of 4 in cluster 1, 2 of 4 with a: 1 expected; within en: 1 of 2 and 1 of 2: .5
    assert found.loc[(1, "a"), "expected"] == pytest.approx(1.5)
    spread = np.sqrt(2 * 2 * 2 * 2 / (16 * 3) + 1 * 1 * 1 * 1 / (4 * 1))
    assert found.loc[(1, "a"), "residual"] == pytest.approx(1.5 / spread)
    assert (found["p_corrected"] >= found["p"]).all()
    assert crosstab(clusters.assign(cluster=pd.array([None] * 6, dtype="Int64")), table).empty


@pytest.mark.parametrize("function", [indicator_similarity, cooccurrence])
def test_indicators_are_checked(function) -> None:
    """Anything but 0 and 1, and doubled quotes, are named."""
    table = pd.DataFrame({"a": [1, 2, 0, 0, 0, 0]}, index=QUOTES)
    with pytest.raises(ValueError, match=r"indicators must be 0 or 1; other values at Q02 \(1 quotes\)"):
        function(table)
    with pytest.raises(ValueError, match="each quote once; doubled: Q01"):
        function(pd.DataFrame({"a": [1, 1]}, index=["Q01", "Q01"]))


def test_labels_need_two_speakers_and_say_how_sure_they_are(make) -> None:
    """A word one speaker says eight times is no label; one that three speakers say is, in every resample."""
    texts = [{"shout": 8, "plan": 1, "x1": 1}, {"plan": 1, "x2": 1}, {"plan": 1, "x3": 1}] + [
        {"post": 2, f"y{n}": 1} for n in range(3)
    ]
    wording = make(texts, speaker=["Ann", "Ben", "Cay", "Dan", "Eve", "Eve"])
    clusters = pd.DataFrame({"quote_id": wording.answers["quote_id"], "cluster": [1, 1, 1, 2, 2, 2]})
    found = label_terms(wording, clusters, n_resamples=50)
    assert found[["cluster", "place", "term", "n", "n_quotes", "n_speakers"]].to_numpy().tolist() == [
        [1, 1, "plan", 3, 3, 3],
        [2, 1, "post", 6, 3, 2],
    ]
    assert found["share"].to_list() == [1, 1]
    # Grootendorst (2022), eq. 2, over the supported terms: tf = 1, A = (3 + 6) / 2, f = 3
    assert found["weight"].iloc[0] == pytest.approx(np.log(1 + 4.5 / 3))


def test_no_clusters_have_no_labels(original) -> None:
    """Where every quote is unassigned the tables are empty, with their columns."""
    clusters = pd.DataFrame({"quote_id": original.answers["quote_id"], "cluster": pd.array([None] * 31, dtype="Int64")})
    found = label_terms(original, clusters)
    assert found.empty
    assert "share" in found

"""Planted structure and null data sets: whether the exploration calls nothing nothing, and something something.

    python benchmarks/bench_null_clusters.py [--sets 200] [--seeds 20]

Prints, for each question, how often the answer was right. The pool of shuffles is built once for each shape of data.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters import (
    adjusted_rand,
    audit,
    clusters_of,
    consensus,
    indicator_similarity,
    mantel,
    search_partitions,
    similarity,
    structure,
    wording_of_terms,
)
from expert_roundup.analysis.clusters.shuffles import deal_of
from expert_roundup.analysis.clusters.wording import Wording
from expert_roundup.datasets import load_answers, load_term_counts


def main() -> None:
    """Run all studies and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=200, help="null data sets of each kind (default 200)")
    parser.add_argument("--seeds", type=int, default=20, help="data sets with planted structure (default 20)")
    args = parser.parse_args()
    article = wording_of_terms(load_term_counts(), load_answers())
    for study, given in (
        (shuffled_article, (article, args.sets)),
        (repeating_article, (article, args.sets)),
        (two_languages, (args.sets,)),
        (mantel_levels, (args.sets,)),
        (five_topics, (args.seeds,)),
        (planted_language, (args.seeds,)),
        (seeds_of_the_article, (article,)),
    ):
        start = time.perf_counter()
        print(
            f"{study.__doc__.splitlines()[0]}\n    {study(*given)}   [{time.perf_counter() - start:.0f} s]", flush=True
        )


def shuffled_article(article: Wording, sets: int) -> str:
    """Null: the article's words dealt out anew within each language (at most 16 of 200 may be called structured)."""
    deal = deal_of(article)
    found = [p_of(rebuilt(article, deal.deal_tokens(np.random.default_rng(1000 + n)))) for n in range(sets)]
    return counted(found)


def repeating_article(article: Wording, sets: int) -> str:
    """Null with bursts: each word goes to other answers, its repeats in one answer together."""
    deal = deal_of(article)
    # a shape of its own each time: fewer shuffles suffice to see the level
    sets_of = (rebuilt(article, deal.deal_repeats(np.random.default_rng(2000 + n))) for n in range(sets))
    return counted([p_of(data, n_shuffles=199) for data in sets_of])


def two_languages(sets: int) -> str:
    """Null with a language confound: two vocabularies, nothing within either (27 and 13 quotes of 60 words)."""
    found, split, removed = [], 0, 0
    for n in range(sets):
        rng = np.random.default_rng(3000 + n)
        data = made(
            [zipf(rng, 60, f"{language}", 400) for language in ["ru"] * 27 + ["en"] * 13], ["ru"] * 27 + ["en"] * 13
        )
        found.append(p_of(data, n_shuffles=199))
        if n < 20:
            is_split, is_removed = language_of(data)
            split, removed = split + is_split, removed + is_removed
    return f"{counted(found)}; language flagged in {split} and removed in {removed} of {min(sets, 20)}"


def mantel_levels(sets: int) -> str:
    """Null: codes dealt out at random to 27 + 4 quotes whose language shows in words and codes; rejections at 5 %."""
    plain = mantel_rejections(sets, with_length=False)
    long = mantel_rejections(sets, with_length=True)
    names = ("free", "within language", "within language and length taken out")
    said = ["; ".join(f"{name} {n}" for name, n in zip(names, counts, strict=True)) for counts in (plain, long)]
    return f"of {sets}: {said[0]}\n    where long quotes get more codes: {said[1]}"


def mantel_rejections(sets: int, *, with_length: bool) -> tuple[int, int, int]:
    """Rejections of the free test, the one within language, and the one with length taken out as well."""
    languages = ["ru"] * 27 + ["en"] * 4
    free = within = adjusted = 0
    for n in range(sets):
        rng = np.random.default_rng(4000 + n)
        lengths = np.exp(rng.normal(4, 0.7, size=31)).astype(int) + 8
        texts = [zipf(rng, int(length), language, 300) for length, language in zip(lengths, languages, strict=True)]
        data = made(texts, languages)
        chance = np.outer(np.clip(lengths / 200, 0.05, 0.6) if with_length else np.full(31, 0.25), np.ones(12))
        chance[27:, :6] *= 0.2
        codes = pd.DataFrame((rng.random((31, 12)) < chance).astype(int), index=data.answers["quote_id"])
        raw, alike, shared = similarity(data, centred=False), similarity(data), indicator_similarity(codes)
        free += is_rejected(mantel(raw, shared, n_permutations=499, seed=n))
        within += is_rejected(mantel(alike, shared, data.languages, n_permutations=499, seed=n))
        test = mantel(alike, shared, data.languages, lengths=data.n_words, n_permutations=499, seed=n)
        adjusted += is_rejected(test)
    return free, within, adjusted


def is_rejected(test: pd.DataFrame) -> bool:
    """Whether a Mantel test rejects at 5 %."""
    return bool(test["p"].iloc[0] <= 0.05)


def five_topics(seeds: int) -> str:
    """Planted: 200 texts of 30 tokens, 5 topics of 20 words each with probability .4, else 300 shared words (Zipf)."""
    found, rand, groups = [], [], []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        topics = rng.integers(5, size=200)
        data = made([topic_text(rng, topic) for topic in topics], ["en"] * 200)
        views = [similarity(data), similarity(data, unit="characters")]
        clusters = clusters_of(consensus(views, seed=seed))["cluster"].fillna(0).to_numpy("int64")
        rand.append(adjusted_rand(clusters, topics))
        groups.append(len(set(clusters) - {0}))
        found.append(p_of(data, n_shuffles=199))
    spread = f"mean ARI {np.mean(rand):.3f} (least {min(rand):.3f}), clusters {min(groups)} to {max(groups)}"
    return f"{spread}; called structured {sum(max(p) <= 0.05 for p in found)} of {seeds}"


def planted_language(seeds: int) -> str:
    """Planted topics under a planted language: 100 texts in each of two languages, topics named by shared words."""
    split, removed, rand, raw = 0, 0, [], []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        topics, languages = rng.integers(5, size=200), np.array(["ru", "en"])[np.arange(200) % 2]
        texts = [topic_text(rng, topic, prefix=language) for topic, language in zip(topics, languages, strict=True)]
        data = made(texts, list(languages))
        is_split, is_removed = language_of(data)
        split, removed = split + is_split, removed + is_removed
        for values, centred in ((rand, True), (raw, False)):
            matrix = consensus(similarity(data, centred=centred), seed=seed)
            values.append(adjusted_rand(clusters_of(matrix)["cluster"].fillna(0).to_numpy("int64"), topics))
    return (
        f"language flagged in {split} and removed in {removed} of {seeds}; "
        f"mean ARI with the topics {np.mean(rand):.3f} centred, {np.mean(raw):.3f} raw"
    )


def seeds_of_the_article(article: Wording) -> str:
    """The article under ten seeds: structure, ambiguous pairs, clusters."""
    from expert_roundup.analysis.clusters import ambiguous_share

    views = [similarity(article), similarity(article, unit="characters")]
    p, ambiguous, n = [], [], []
    for seed in range(10):
        p.append(structure(article, seed=seed)["p_corrected"].min())
        matrix = consensus(views, seed=seed)
        ambiguous.append(ambiguous_share(matrix))
        n.append(int(clusters_of(matrix)["cluster"].nunique()))
    return (
        f"corrected p {min(p):.3f} to {max(p):.3f}, ambiguous pairs {min(ambiguous):.3f} to {max(ambiguous):.3f}, "
        f"clusters {min(n)} to {max(n)}"
    )


def p_of(data: Wording, *, n_shuffles: int = 999) -> tuple[float, float]:
    """Corrected p against shuffled words, and, where it is small, against words whose repeats stay together."""
    tokens = float(structure(data, n_shuffles=n_shuffles)["p_corrected"].min())
    if tokens > 0.05:
        return tokens, 1.0
    return tokens, float(structure(data, null="repeats", n_shuffles=n_shuffles)["p_corrected"].min())


def counted(p: list[tuple[float, float]]) -> str:
    """How many are called structured, which takes both nulls, and how many the first one alone would call so."""
    first, both = sum(tokens <= 0.05 for tokens, _ in p), sum(max(pair) <= 0.05 for pair in p)
    mean = np.mean([tokens for tokens, _ in p])
    return f"{both} of {len(p)} called structured; {first} by the first null alone, whose mean p is {mean:.2f}"


def language_of(data: Wording) -> tuple[bool, bool]:
    """Whether the audit flags the language in the raw view, and finds it gone in the centred one."""
    rows = audit(search_partitions(data, units=("words",), algorithms=("average", "ward")), data, n_permutations=199)
    rows = rows[rows["confounder"] == "language"].set_index("view")
    return bool(rows.loc["raw", "p"] <= 0.05), bool(rows.loc["centred", "ami_two"] <= rows.loc["centred", "chance_two"])


def topic_text(rng: np.random.Generator, topic: int, prefix: str = "") -> dict[str, int]:
    """30 tokens: with probability .4 one of the topic's 20 words, else one of 300 shared words (Zipf)."""
    own = rng.random(30) < 0.4
    counts = zipf(rng, int((~own).sum()), f"{prefix}w", 300)
    for word in rng.integers(20, size=int(own.sum())):
        counts[f"t{topic}x{word}"] = counts.get(f"t{topic}x{word}", 0) + 1
    return counts


def zipf(rng: np.random.Generator, n: int, prefix: str, words: int) -> dict[str, int]:
    """Counts of `n` tokens drawn from `words` words, the r-th with probability proportional to 1 / r."""
    weights = 1 / np.arange(1, words + 1)
    times = rng.multinomial(n, weights / weights.sum())
    return {f"{prefix}{word:03d}": int(times[word]) for word in np.flatnonzero(times)}


def made(texts: list[dict[str, int]], languages: list[str]) -> Wording:
    """Wording from counts."""
    quotes = [f"Q{place:03d}" for place in range(1, len(texts) + 1)]
    rows = [(quote, term, n) for quote, counts in zip(quotes, texts, strict=True) for term, n in counts.items()]
    answers = pd.DataFrame({"quote_id": quotes, "language": languages})
    return wording_of_terms(pd.DataFrame(rows, columns=["quote_id", "term", "n"]), answers, stop=())


def rebuilt(like: Wording, cells: object) -> Wording:
    """Wording from dealt cells; the words that occur once stay where they were, so that lengths are kept."""
    quotes = like.answers["quote_id"].to_numpy()
    rows, columns, n = cells.rows, cells.columns, cells.numbers  # type: ignore[attr-defined]
    dealt = pd.DataFrame({"quote_id": quotes[rows], "term": [f"x{column:05d}" for column in columns], "n": n})
    missing = like.counts.groupby("quote_id")["n"].sum().sub(dealt.groupby("quote_id")["n"].sum(), fill_value=0)
    filler = [(quote, f"once{quote.lower()}n{word}", 1) for quote, left in missing.items() for word in range(int(left))]
    counts = pd.concat([dealt, pd.DataFrame(filler, columns=["quote_id", "term", "n"])], ignore_index=True)
    return wording_of_terms(counts, like.answers, stop=())


if __name__ == "__main__":
    sys.exit(main())

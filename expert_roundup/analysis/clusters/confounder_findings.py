"""Verdicts about what is not a theme: language, length, question."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.exploration import Exploration
from expert_roundup.analysis.clusters.sentences import LEVEL, Verdict, listed, number, p_value, percent, plural, row_of

#: cuts into two count as a language split from this mean adjusted mutual information
_SPLIT = 0.5

#: less than this is no trace of the language
_NOTHING = 0.05

#: a partition copies the languages from this adjusted mutual information
_COPY = 0.8

#: correlation of similarity with length from which length is called a cause of similarity
_FOLLOWS = 0.2


def quotes(found: Exploration) -> Verdict:
    """What was read."""
    answers, counts = found.wording.answers, found.wording.counts
    languages = {str(k): int(n) for k, n in answers["language"].replace("", "unknown").value_counts(sort=False).items()}
    n_shared = int((counts.groupby("term")["quote_id"].nunique() >= 2).sum())
    numbers: dict[str, Any] = {"n_quotes": len(answers), "n_speakers": int(found.wording.speakers.nunique())}
    numbers |= {"languages": languages, "n_terms": int(counts["n"].sum()), "n_shared_terms": n_shared}
    spoken = listed([f"{name} {n}" for name, n in languages.items()])
    return (
        f"{plural(len(answers), 'quote')} by {plural(numbers['n_speakers'], 'speaker')} (language: {spoken}) hold "
        f"{plural(numbers['n_terms'], 'word')} after stop words; {n_shared:,} different words stand in two or more.",
        numbers,
    )


def language(found: Exploration) -> Verdict | None:
    """Whether the first split is the language, and whether centring takes it away."""
    rows = found.audit[found.audit["confounder"] == "language"]
    if rows.empty:
        return None
    raw, centred = rows[rows["view"] == "raw"], rows[rows["view"] == "centred"]
    before, after, exact = (float(part.mean()) for part in (raw["ami_two"], centred["ami_two"], raw["exact_two"]))
    picked = _picked_by_silhouette(found.grid)
    copied = int((picked["language"] >= _COPY).sum())
    numbers: dict[str, Any] = {"ami_two_raw": before, "exact_two_raw": exact, "p_raw": raw["p"].min()}
    numbers |= {"ami_most_raw": raw["ami_most"].max(), "chance_raw": raw["chance"].max()}
    numbers |= {"is_confounded": bool(raw["p"].min() <= LEVEL), "is_language_split": bool(before >= _SPLIT)}
    numbers |= {"n_silhouette_copies": copied, "n_silhouette": len(picked), "ami_two_centred": after}
    numbers |= {"ami_most_centred": centred["ami_most"].max(), "chance_two_centred": centred["chance_two"].max()}
    gone = centred["ami_two"] <= np.maximum(centred["chance_two"], _NOTHING)
    numbers |= {"is_removed": bool(len(centred) > 0 and gone.all())}
    said = "However cut, the quotes do not fall apart by language"
    if numbers["is_language_split"]:
        said = (
            f"The first split is the language: of the cuts into two without centring, {percent(exact)} are exactly the "
            f"languages (mean AMI {number(before)}), and the best silhouette of {copied} of {len(picked)} searches "
            f"copies them"
        )
    elif numbers["is_confounded"]:
        said = (
            f"The language shows in the clusters, though not in the first split: without centring the AMI reaches "
            f"{number(numbers['ami_most_raw'])}, where chance reaches {number(numbers['chance_raw'])}"
        )
    if centred.empty:
        return f"{said}. Centring leaves nothing to compare.", numbers
    if not numbers["is_confounded"] and numbers["is_removed"]:
        return (
            f"{said}, with or without centring (mean AMI of a cut into two {number(before)} and {number(after)}).",
            numbers,
        )
    left = "the first split is no longer the language" if numbers["is_removed"] else "the language still shows"
    return (
        f"{said}. With each language's mean taken away the mean AMI of a cut into two is {number(after)}: {left}.",
        numbers,
    )


def length(found: Exploration) -> Verdict | None:
    """Whether quotes look alike because they are long."""
    rows = found.audit[found.audit["confounder"] == "length"]
    if rows.empty:
        return None
    view = "one_language" if (rows["view"] == "one_language").any() else "raw"
    centred = rows[rows["view"] == "centred"]
    before, after = rows.loc[rows["view"] == view, "similarity_r"].abs().max(), centred["similarity_r"].abs().max()
    tells = centred[centred["p"] <= LEVEL]
    numbers = {"similarity_r": before, "similarity_r_centred": after, "p_centred": centred["p"].min()}
    where = "in the main language" if view == "one_language" else "without centring"
    change = f"{number(before)} {where}, {number(after)} after centring"
    start = (
        f"Long quotes look alike because they are long: similarity correlates with length at up to r = {change}"
        if before >= _FOLLOWS
        else f"Length explains little of the similarity (|r| up to {change})"
    )
    end = (
        f"the centred partitions still follow length ({p_value(tells['p'].min())})"
        if len(tells)
        else "no centred partition follows length more than chance would"
    )
    return f"{start}; {end}.", numbers


def question(found: Exploration) -> Verdict | None:
    """Whether the partitions are the questions again."""
    rows = found.audit[(found.audit["confounder"] == "question") & (found.audit["view"] == "centred")]
    if rows.empty:
        return None
    best = row_of(rows, "ami_most")
    verb = "follow" if best["p"] <= LEVEL else "do not follow"
    return (
        f"The partitions {verb} the question asked: the closest has an AMI of {number(best['ami_most'])} with it, "
        f"where chance reaches {number(best['chance'])} ({p_value(best['p'])}).",
        {name: best[name] for name in ("ami_most", "chance", "p")},
    )


def _picked_by_silhouette(grid: pd.DataFrame) -> pd.DataFrame:
    """The partition that each algorithm's best silhouette would choose without centring."""
    raw = grid[grid["view"] == "raw"]
    return raw.loc[raw.groupby(["unit", "algorithm"])["silhouette"].idxmax()]

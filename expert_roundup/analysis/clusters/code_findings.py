"""Verdicts about wording and codes, for an exploration that was given codes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from expert_roundup.analysis.clusters.exploration import Exploration
from expert_roundup.analysis.clusters.sentences import LEVEL, Verdict, listed, number, p_value, plural, row_of

#: below this correlation a relation is called weak
_WEAK = 0.3


def search(found: Exploration) -> Verdict | None:
    """How well the best of the search agrees with the codes, and what is left of it after paying for the search."""
    grid = found.grid.dropna(subset="labels")
    if grid.empty:
        return None
    best = row_of(grid, "labels")
    alone, corrected = int((grid["p_labels"] <= LEVEL).sum()), int((grid["p_corrected"] <= LEVEL).sum())
    numbers = {"n_settings": len(grid), "ami_most": best["labels"], "ami_mean": grid["labels"].mean()}
    numbers |= {"n_alone": alone, "n_corrected": corrected, "p_corrected": best["p_corrected"]}
    return (
        f"Of {len(grid)} settings searched, {alone} agree with the leading codes when looked at alone and {corrected} "
        f"after paying for the search; the best has an AMI of {number(best['labels'])} ({p_value(best['p_corrected'])} "
        f"corrected), the mean is {number(numbers['ami_mean'])}.",
        numbers,
    )


def wording_and_codes(found: Exploration) -> Verdict | None:
    """Whether quotes that share codes share words."""
    if found.mantel.empty or found.mantel["r"].isna().all():
        return None
    rows = {(row["unit"], row["adjusted_for"]): row for row in found.mantel.to_dict("records")}
    words, adjusted, other = rows["words", ""], rows["words", "length"], rows["characters", ""]
    is_related = bool(words["p"] <= LEVEL and adjusted["p"] <= LEVEL)
    numbers = {"r": words["r"], "p": words["p"], "r_length": adjusted["r"], "p_length": adjusted["p"]}
    numbers |= {"r_characters": other["r"], "p_characters": other["p"], "detectable": words["detectable"]}
    numbers |= {"n_quotes": words["n_quotes"], "n_pairs": words["n_pairs"], "is_related": is_related}
    start = "No relation between shared codes and shared words can be shown"
    if is_related:
        start = "Quotes that share codes share words" + (", though weakly" if words["r"] < _WEAK else "")
    return (
        f"{start}: Mantel r = {number(words['r'])} ({p_value(words['p'])}) within language, {number(adjusted['r'])} "
        f"({p_value(adjusted['p'])}) with length taken out, {number(other['r'])} ({p_value(other['p'])}) by character "
        f"n-grams; an r of {number(words['detectable'])} would be found in four of five such samples.",
        numbers,
    )


def leading_code(found: Exploration) -> Verdict | None:
    """Whether the most frequent code is a word cluster."""
    if found.cohesion.empty:
        return None
    theme = row_of(found.cohesion, "n_quotes")["theme"]
    rows = {row["unit"]: row for row in found.cohesion[found.cohesion["theme"] == theme].to_dict("records")}
    words, other = rows["words"], rows["characters"]
    numbers: dict[str, Any] = {"theme": theme, "n_quotes": words["n_quotes"]}
    numbers["is_word_cluster"] = bool(max(row["p_corrected"] for row in rows.values()) <= LEVEL)
    name = f"The leading code, {theme} ({plural(words['n_quotes'], 'quote')}),"
    if pd.isna(words["p"]) or pd.isna(other["p"]):
        numbers["is_word_cluster"] = False
        return f"{name} has too few quotes to be tested as a word cluster.", numbers
    numbers |= {"excess": words["excess"], "p_words": words["p"], "p_characters": other["p"]}
    numbers |= {"p_corrected_words": words["p_corrected"], "p_corrected_characters": other["p_corrected"]}
    side = "above" if words["excess"] >= 0 else "below"
    corrected = f"{p_value(words['p_corrected'])} and {p_value(other['p_corrected'])}"
    return (
        f"{name} is {'a' if numbers['is_word_cluster'] else 'no'} word cluster: the similarity of its quotes lies "
        f"{number(abs(words['excess']), 3)} {side} the mean of their language ({p_value(words['p'])} by words, "
        f"{p_value(other['p'])} by character n-grams; {corrected} over all codes).",
        numbers,
    )


def word_clusters(found: Exploration) -> Verdict | None:
    """Which codes are word clusters at all."""
    if found.cohesion.empty or found.cohesion["p"].isna().all():
        return None
    tested = found.cohesion.dropna(subset="p")
    held = tested[tested["p_corrected"] <= LEVEL].groupby("theme", sort=False)["unit"].agg(list)
    both = [str(theme) for theme, units in held.items() if len(units) > 1]
    one = {str(theme): units[0] for theme, units in held.items() if len(units) == 1}
    n = int(tested["theme"].nunique())
    numbers = {"n_tested": n, "both": both, "one": one}
    said = (
        f"word clusters by words and by character n-grams: {listed(both)}"
        if both
        else "no word cluster by both measures"
    )
    only = f"; by one of them only: {listed([f'{theme} ({unit})' for theme, unit in one.items()])}" if one else ""
    return f"Of {plural(n, 'code')} with quotes enough to test, corrected for all of them: {said}{only}.", numbers


def crosstab(found: Exploration) -> Verdict | None:
    """Whether a cluster is the cluster of a code."""
    table = found.crosstab
    if table.empty:
        return None
    best = row_of(table.assign(size=table["residual"].abs()), "size")
    held = int((table["p_corrected"] <= LEVEL).sum())
    numbers = {"n_cells": len(table), "n_corrected": held, "p_corrected": best["p_corrected"]}
    numbers |= {name: best[name] for name in ("cluster", "theme", "n_quotes", "expected", "residual")}
    start = f"No cluster is the cluster of a code: of {plural(len(table), 'cell')} none stands out after correction"
    if held:
        stands = "stands" if held == 1 else "stand"
        start = f"Of {plural(len(table), 'cell')} of clusters by codes {held} {stands} out after correction"
    return (
        f"{start} (largest residual: cluster {best['cluster']} and {best['theme']}, "
        f"{plural(best['n_quotes'], 'quote')} where {number(best['expected'], 1)} were expected, "
        f"{p_value(best['p_corrected'])} corrected).",
        numbers,
    )


def cooccurrence(found: Exploration) -> Verdict | None:
    """Whether codes come together more or less often than chance."""
    return _pairs(found.cooccurrence, "of codes")


def platforms(found: Exploration) -> Verdict:
    """Which platforms are named, and whether they go with a code."""
    named = found.platforms.groupby("platform", sort=False)["quote_id"].nunique()
    named = named.sort_values(ascending=False, kind="stable")
    n, n_all = int(found.platforms["quote_id"].nunique()), len(found.wording.answers)
    if not n:
        return f"None of {plural(n_all, 'quote')} names a platform.", {"n_quotes": 0}
    numbers: dict[str, Any] = {"n_quotes": n, "platforms": {str(name): int(times) for name, times in named.items()}}
    most = listed([f"{name} ({times})" for name, times in named.head(3).items()])
    said = f"{n} of {plural(n_all, 'quote')} {'names' if n == 1 else 'name'} a platform, most often {most}."
    with_codes = _pairs(found.platform_codes, "of a platform and a code")
    if with_codes is None:
        return said, numbers
    return f"{said} {with_codes[0]}", numbers | {"with_codes": with_codes[1]}


def _pairs(table: pd.DataFrame, kind: str) -> Verdict | None:
    """What co-occurrence shows: pairs that survive correction, and the one furthest from chance."""
    if table.empty:
        return None
    best = row_of(table.assign(rank=-table["p"]), "rank")
    alone, held = int((table["p"] <= LEVEL).sum()), int((table["p_corrected"] <= LEVEL).sum())
    numbers = {"n_pairs": len(table), "n_alone": alone, "n_corrected": held, "pair": [best["theme_a"], best["theme_b"]]}
    numbers |= {name: best[name] for name in ("n_both", "expected", "p", "p_corrected")}
    closest = (
        f"{best['theme_a']} and {best['theme_b']} in {plural(best['n_both'], 'quote')} where "
        f"{number(best['expected'], 1)} were expected, {p_value(best['p'])} alone, "
        f"{p_value(best['p_corrected'])} corrected"
    )
    if not held:
        return f"No pair {kind}, of {len(table)}, comes together more or less often than chance ({closest}).", numbers
    return f"{plural(held, f'pair {kind}', f'pairs {kind}')} of {len(table)} survive correction ({closest}).", numbers

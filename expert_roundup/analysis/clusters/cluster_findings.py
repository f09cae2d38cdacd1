"""Verdicts about clusters: whether there are any, how sure they are, and what these quotes could show at all."""

from __future__ import annotations

from typing import Any

from expert_roundup.analysis.clusters.co_assignment import TOGETHER
from expert_roundup.analysis.clusters.exploration import Exploration
from expert_roundup.analysis.clusters.sentences import LEVEL, Verdict, listed, number, p_value, percent, plural, row_of

#: share of simulations that a test should find
_POWER = 0.8


def is_structured(found: Exploration) -> bool:
    """Whether any clustering finds more than in shuffled words, and more than repeated words bring about."""
    tests = [found.structure, found.repeats]
    return all(len(test) > 0 and float(test["p_corrected"].min()) <= LEVEL for test in tests)


def structure(found: Exploration) -> Verdict:
    """Whether there is structure beyond chance."""
    numbers: dict[str, Any] = {"is_structured": is_structured(found)}
    if found.structure.empty:
        return "Too few quotes share words for any clusters to be tested.", numbers
    best = row_of(found.structure, "z")
    numbers |= {name: best[name] for name in ("p_corrected", "p", "algorithm", "k", "contrast", "expected")}
    numbers |= {"n_settings": len(found.structure)}
    search = (
        f"the best of {len(found.structure)} settings ({best['algorithm']}, k = {best['k']}) sets similarity inside "
        f"clusters {number(best['contrast'], 3)} above that between them, shuffled words "
        f"{number(best['expected'], 3)}; {p_value(best['p_corrected'])} over the whole search"
    )
    if found.repeats.empty:
        return f"No cluster structure beyond chance: {search}.", numbers
    numbers["p_repeats"] = found.repeats["p_corrected"].min()
    together = f"{p_value(numbers['p_repeats'])} with a word's repeats in one quote kept together"
    if not numbers["is_structured"]:
        return f"No cluster structure beyond words that single quotes repeat: {search}, but {together}.", numbers
    return f"There is cluster structure beyond chance: {search} ({together}).", numbers


def consensus(found: Exploration) -> Verdict:
    """What the runs agree on."""
    clusters = found.clusters["cluster"]
    sizes = [int(n) for n in clusters.value_counts().sort_index()]
    alone = int(clusters.isna().sum())
    certainty = found.clusters.loc[clusters.notna(), "certainty"].mean() if sizes else float("nan")
    numbers = {"ambiguous": found.ambiguous, "n_clusters": len(sizes), "sizes": sizes, "n_unassigned": alone}
    numbers |= {"runs": found.runs, "certainty": certainty}
    held = "no three quotes stay together"
    if len(sizes) == 1:
        held = f"one group of {sizes[0]} quotes stays together in more than {percent(TOGETHER)} of the runs"
    elif sizes:
        held = (
            f"{len(sizes)} groups stay together in more than {percent(TOGETHER)} of the runs ({listed(sizes)} quotes)"
        )
    if not _is_any_together(found):
        make = "makes" if len(clusters) == 1 else "make"
        return f"{plural(len(clusters), 'quote')} {make} no clusters: no two were ever put together.", numbers
    rest = f"{plural(alone, 'quote')} of {len(clusters)} {'belongs' if alone == 1 else 'belong'} nowhere"
    return (
        f"Over {found.runs} clusterings, {percent(found.ambiguous)} of the pairs are neither clearly together nor "
        f"clearly apart; {held}, and {rest}.",
        numbers,
    )


def seeds(found: Exploration) -> Verdict | None:
    """How far the consensus depends on the seed."""
    table = found.seeds
    if len(table) < 2 or not _is_any_together(found):
        return None
    low, high = float(table["ambiguous"].min()), float(table["ambiguous"].max())
    fewest, most, rand = int(table["n_clusters"].min()), int(table["n_clusters"].max()), float(table["rand"].min())
    numbers = {"n_seeds": len(table), "ambiguous_low": low, "ambiguous_high": high}
    numbers |= {"n_clusters_low": fewest, "n_clusters_high": most, "rand_low": rand}
    groups = f"{fewest} to {most} groups" if fewest < most else plural(most, "group")
    return (
        f"Under {len(table)} seeds the ambiguous share ranges from {percent(low)} to {percent(high)}, with {groups}; "
        f"the least alike of them agrees with the clusters shown at an adjusted Rand index of {number(rand)}.",
        numbers,
    )


def second_opinion(found: Exploration) -> Verdict | None:
    """What other families of clustering make of the assigned quotes."""
    if found.opinions.empty:
        return None
    low, high = found.opinions["ami"].min(), found.opinions["ami"].max()
    n = int(found.opinions["n_quotes"].max())
    return (
        f"On the {n} assigned quotes, non-negative factorisation and spectral clustering agree with the clusters at an "
        f"AMI of {number(low)} to {number(high)}.",
        {"ami_low": low, "ami_high": high, "n_quotes": n},
    )


def drawn_map(found: Exploration) -> Verdict | None:
    """How far the map can be trusted."""
    if found.clusters["x"].isna().all():
        return None
    trust = "fair" if found.stress > 0.1 else "good"
    if found.stress > 0.2:
        trust = "poor: only the closest neighbours mean anything"
    return f"The map's stress is {number(found.stress)}, which is {trust}.", {"stress": found.stress}


def power(found: Exploration) -> Verdict | None:
    """What quotes as many and as long as these could show."""
    table = found.power.to_dict("records")
    if not table:
        return None
    n, planted = len(found.wording.answers), f"{table[0]['n_topics']} topics with {table[0]['n_words']} words each"
    numbers: dict[str, Any] = {row["strength"]: row["share_found"] for row in table}
    numbers = {"strengths": list(numbers), "share_found": list(numbers.values())}
    enough = [row for row in table if row["share_found"] >= _POWER]
    if not enough:
        best = max(row["share_found"] for row in table)
        return (
            f"{plural(n, 'quote')} of these lengths cannot show much: even the strongest of the planted structures "
            f"({planted}) was found in {percent(best)} of the simulations only.",
            numbers,
        )
    least = enough[0]
    below = [row for row in table if row["strength"] < least["strength"]]
    missed = f"; at {percent(below[-1]['strength'])} only {percent(below[-1]['share_found'])}" if below else ""
    return (
        f"What {plural(n, 'quote')} can show: of planted structures ({planted}), those whose topics keep "
        f"{percent(least['strength'])} of their words' uses to themselves are found in "
        f"{percent(least['share_found'])} of the simulations{missed}. Weaker ones would be "
        f"missed, so no finding is no proof of none.",
        numbers | {"strength_found": least["strength"]},
    )


def _is_any_together(found: Exploration) -> bool:
    """Whether any two quotes were ever in one group."""
    return bool(found.consensus.to_numpy().sum() > len(found.consensus))

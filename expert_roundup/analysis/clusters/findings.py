"""Verdicts: what the exploration shows and what it cannot show, in sentences computed from its numbers."""

from __future__ import annotations

from typing import Any

from expert_roundup.analysis.clusters import cluster_findings, code_findings, confounder_findings
from expert_roundup.analysis.clusters.exploration import Exploration
from expert_roundup.analysis.clusters.sentences import plain

#: verdicts in the order they should be read: confounders first, limits last
_ORDER = (
    ("quotes", confounder_findings.quotes),
    ("language", confounder_findings.language),
    ("length", confounder_findings.length),
    ("question", confounder_findings.question),
    ("structure", cluster_findings.structure),
    ("consensus", cluster_findings.consensus),
    ("seeds", cluster_findings.seeds),
    ("second_opinion", cluster_findings.second_opinion),
    ("search", code_findings.search),
    ("wording_and_codes", code_findings.wording_and_codes),
    ("leading_code", code_findings.leading_code),
    ("word_clusters", code_findings.word_clusters),
    ("crosstab", code_findings.crosstab),
    ("cooccurrence", code_findings.cooccurrence),
    ("platforms", code_findings.platforms),
    ("map", cluster_findings.drawn_map),
    ("power", cluster_findings.power),
)


def verdicts(found: Exploration, *, wording: str = "") -> list[dict[str, Any]]:
    """Put an exploration into plain sentences.

    Parameters
    ----------
    found
        From `explore`.
    wording
        Whose words these are, where they are not the speakers' own; it is said first.

    Returns
    -------
    list of dict
        One verdict each, in the order they should be read: name, statement, numbers (all numbers of the statement). A
        verdict that the data cannot give, such as those about codes without codes, is left out.
    """
    told: list[dict[str, Any]] = [{"name": "wording", "statement": wording, "numbers": {}}] if wording else []
    for name, verdict in _ORDER:
        said = verdict(found)
        if said is not None:
            told.append({"name": name, "statement": said[0], "numbers": plain(said[1])})
    return told

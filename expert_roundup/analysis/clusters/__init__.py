"""Clusters of wording that admit what they cannot show: confounders first, then consensus, tests and reading aids.

The way through: `wording_of_quotes` or `wording_of_terms`, then `explore` for everything at once and `verdicts` for
the sentences; or the steps one by one. Nothing here knows the codes: pass them as an indicator frame.
"""

from __future__ import annotations

from expert_roundup.analysis.clusters.cluster_findings import is_structured
from expert_roundup.analysis.clusters.co_assignment import (
    ambiguous_share,
    clusters_of,
    consensus,
    consensus_tree,
    tree_cuts,
)
from expert_roundup.analysis.clusters.code_cohesion import cohesion
from expert_roundup.analysis.clusters.confounding import audit
from expert_roundup.analysis.clusters.contexts import concordance
from expert_roundup.analysis.clusters.correlation import indicator_similarity, mantel
from expert_roundup.analysis.clusters.counting import cooccurrence, crosstab
from expert_roundup.analysis.clusters.exploration import Exploration, explore
from expert_roundup.analysis.clusters.findings import verdicts
from expert_roundup.analysis.clusters.information import adjusted_mutual_information, adjusted_rand
from expert_roundup.analysis.clusters.labels import label_terms
from expert_roundup.analysis.clusters.matrix import similarity, term_matrix
from expert_roundup.analysis.clusters.planting import power
from expert_roundup.analysis.clusters.platforms import platform_indicators, platform_mentions
from expert_roundup.analysis.clusters.scaling import map_of
from expert_roundup.analysis.clusters.search import grid, search_partitions
from expert_roundup.analysis.clusters.shuffles import structure
from expert_roundup.analysis.clusters.typical import examples
from expert_roundup.analysis.clusters.wording import Wording, wording_of_quotes, wording_of_terms

__all__ = [
    "Exploration",
    "Wording",
    "adjusted_mutual_information",
    "adjusted_rand",
    "ambiguous_share",
    "audit",
    "clusters_of",
    "cohesion",
    "concordance",
    "consensus",
    "consensus_tree",
    "cooccurrence",
    "crosstab",
    "examples",
    "explore",
    "grid",
    "indicator_similarity",
    "is_structured",
    "label_terms",
    "mantel",
    "map_of",
    "platform_indicators",
    "platform_mentions",
    "power",
    "search_partitions",
    "similarity",
    "structure",
    "term_matrix",
    "tree_cuts",
    "verdicts",
    "wording_of_quotes",
    "wording_of_terms",
]

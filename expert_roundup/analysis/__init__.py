"""Analysis: clusters of wording and norms, without knowledge of the codes.

`clusters` and `norms` are sub-packages; the functions of `clusters` are also here, loaded on first use (PEP 562). The
function `norms` stays in its package of the same name: `from expert_roundup.analysis.norms import norms`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expert_roundup.analysis.clusters import (
        Exploration,
        Wording,
        adjusted_mutual_information,
        adjusted_rand,
        ambiguous_share,
        audit,
        clusters_of,
        cohesion,
        concordance,
        consensus,
        consensus_tree,
        cooccurrence,
        crosstab,
        examples,
        explore,
        grid,
        indicator_similarity,
        is_structured,
        label_terms,
        mantel,
        map_of,
        platform_indicators,
        platform_mentions,
        power,
        search_partitions,
        similarity,
        structure,
        term_matrix,
        tree_cuts,
        verdicts,
        wording_of_quotes,
        wording_of_terms,
    )

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


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(importlib.import_module("expert_roundup.analysis.clusters"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

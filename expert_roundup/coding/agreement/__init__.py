"""Agreement between coders: coefficients with intervals, overlap of evidence, disagreements, and what they mean.

Names are loaded on first use (PEP 562), so that the names of the coefficients cost nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from expert_roundup.coding.agreement.names import COEFFICIENTS, DEFAULT_COEFFICIENTS, INTERVALS

if TYPE_CHECKING:
    from expert_roundup.coding.agreement.alphas import alpha, set_alpha
    from expert_roundup.coding.agreement.disputes import disagreements
    from expert_roundup.coding.agreement.evidence import evidence_overlap
    from expert_roundup.coding.agreement.frame import agreement
    from expert_roundup.coding.agreement.kappas import cohen_kappa, fleiss_kappa, gwet_ac1, percent_agreement
    from expert_roundup.coding.agreement.multivalued import multivalued_alpha
    from expert_roundup.coding.agreement.sentences import MACHINE_ASSISTED, interpretation

__all__ = [
    "COEFFICIENTS", "DEFAULT_COEFFICIENTS", "INTERVALS", "MACHINE_ASSISTED", "agreement", "alpha", "cohen_kappa",
    "disagreements", "evidence_overlap", "fleiss_kappa", "gwet_ac1", "interpretation", "multivalued_alpha",
    "percent_agreement", "set_alpha",
]  # fmt: skip

#: name -> the module of this package that holds it; no module bears the name of a function, or it would hide it
_HOMES = {
    "MACHINE_ASSISTED": "sentences",
    "agreement": "frame",
    "cohen_kappa": "kappas",
    "disagreements": "disputes",
    "evidence_overlap": "evidence",
    "fleiss_kappa": "kappas",
    "gwet_ac1": "kappas",
    "interpretation": "sentences",
    "multivalued_alpha": "multivalued",
    "percent_agreement": "kappas",
    "set_alpha": "alphas",
    "alpha": "alphas",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

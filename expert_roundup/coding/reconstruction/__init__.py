"""Reconstruction: the most plausible coding behind published totals, how probable each cell is, and what is in doubt.

Names are loaded on first use (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expert_roundup.coding.reconstruction.calibration import (
        calibration_curve,
        calibration_sentence,
        calibration_slope,
        calibration_study,
        is_on_diagonal,
    )
    from expert_roundup.coding.reconstruction.counting import NearOptimal, near_optimal
    from expert_roundup.coding.reconstruction.further_reading import ErrorRates, error_rates, next_reading
    from expert_roundup.coding.reconstruction.mixing import convergence, convergence_sentence
    from expert_roundup.coding.reconstruction.model import FLOOR, Options, Problem, pose
    from expert_roundup.coding.reconstruction.sampling import Draws
    from expert_roundup.coding.reconstruction.sentences import NOT_THE_AUTHORS, remarks
    from expert_roundup.coding.reconstruction.solution import (
        FLOORS,
        Solution,
        changes,
        doubtful_cells,
        floor_sensitivity,
        reconstruct,
        solve,
    )

__all__ = [
    "FLOOR", "FLOORS", "NOT_THE_AUTHORS", "Draws", "ErrorRates", "NearOptimal", "Options", "Problem", "Solution",
    "calibration_curve", "calibration_sentence", "calibration_slope", "calibration_study", "changes", "convergence",
    "convergence_sentence", "doubtful_cells", "error_rates", "floor_sensitivity", "is_on_diagonal", "near_optimal",
    "next_reading", "pose", "reconstruct", "remarks", "solve",
]  # fmt: skip

#: module of this package -> the names it offers; no module bears the name of a function, or it would hide it
_OFFERS = {
    "calibration": (
        "calibration_curve",
        "calibration_sentence",
        "calibration_slope",
        "calibration_study",
        "is_on_diagonal",
    ),
    "mixing": ("convergence", "convergence_sentence"),
    "counting": ("NearOptimal", "near_optimal"),
    "further_reading": ("ErrorRates", "error_rates", "next_reading"),
    "model": ("FLOOR", "Options", "Problem", "pose"),
    "sampling": ("Draws",),
    "sentences": ("NOT_THE_AUTHORS", "remarks"),
    "solution": ("FLOORS", "Solution", "changes", "doubtful_cells", "floor_sensitivity", "reconstruct", "solve"),
}


def __getattr__(name: str) -> Any:
    for module, names in _OFFERS.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

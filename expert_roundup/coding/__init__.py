"""Coding: codebook, codings, tally, agreement, reconstruction, suggestions, exchange.

Names are loaded on first use (PEP 562), so that `import expert_roundup.coding` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: module -> the names it offers; a new module adds its line here, and the package root reads the same table.
#: `tally` and `agreement` are modules here and functions in them: take the function from its module or from the root.
EXPORTS: dict[str, tuple[str, ...]] = {
    "codebook": ("read_codebook", "check_codebook", "codebook_to_yaml"),
    "codings": (
        "THRESHOLD",
        "check_codings",
        "coded",
        "coders",
        "indicator",
        "majority",
        "mean_confidence",
        "page_order",
        "read_codings",
        "read_quotes",
        "reading",
    ),
    "tally": ("tally", "ahead_probabilities"),
    "agreement": ("agreement",),
    "reconstruction": ("reconstruct",),
}


def __getattr__(name: str) -> Any:
    if name in EXPORTS:
        return import_module(f"{__name__}.{name}")
    for module, names in EXPORTS.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*EXPORTS, *(name for names in EXPORTS.values() for name in names)})

"""Coding: codebook, codings, tally, agreement, reconstruction, suggestions, exchange.

Names are loaded on first use (PEP 562), so that `import expert_roundup.coding` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: module -> the names it offers; a new module adds its line here, and the package root reads the same table.
#: `tally` and `agreement` are modules here and functions in them: take the function from its module or from the root.
EXPORTS: dict[str, tuple[str, ...]] = {
    "codebook": (
        "check_codebook",
        "codebook_fingerprint",
        "codebook_for_taguette",
        "codebook_to_yaml",
        "read_codebook",
        "themes_by_group",
    ),
    "codebook_changes": (
        "Edition",
        "compare_codebooks",
        "first_edition",
        "merge_themes",
        "read_changes",
        "rename_theme",
        "split_theme",
    ),
    "recoding": ("bring_forward", "join_codings"),
    "codings": (
        "DERIVED_CODERS",
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
    "quotes": ("read_quotes_csv",),
    "published": ("check_published_tally", "read_published_tally"),
    "tally": ("ahead_probabilities", "first_probabilities", "tally", "tally_by_group", "weighted_tally"),
    "ranks": ("TopChange", "top_change"),
    "comparison": ("compare_roundups",),
    "merging": ("Merged", "Part", "merge_codings"),
    "adjudication": ("consensus", "contested"),
    "agreement": ("agreement", "disagreements", "evidence_overlap", "interpretation", "MACHINE_ASSISTED"),
    "reconstruction": ("reconstruct",),
    "suggestions": ("against_reading", "as_codings", "suggest"),
    "exchange": ("quote_theme_matrix", "rows_per_coding", "rows_per_quote"),
    "refi_qda": ("Project", "export_codebook", "export_project", "import_codebook", "import_project"),
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

"""Analysis: clusters of wording and norms, without knowledge of the codes.

`clusters` and `norms` are sub-packages; the functions of `clusters` are also here, loaded on first use (PEP 562). The
function `norms` stays in its package of the same name: `from expert_roundup.analysis.norms import norms`.
"""

from __future__ import annotations

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    # names with two underscores are asked for by the import system itself, before anything is wanted
    if not name.startswith("__"):
        clusters = importlib.import_module("expert_roundup.analysis.clusters")
        if name in clusters.__all__:
            return getattr(clusters, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *importlib.import_module("expert_roundup.analysis.clusters").__all__])

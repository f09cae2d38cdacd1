"""The report: one page with findings, a quote explorer, tables and notebooks that needs nothing else; loaded on use."""

from __future__ import annotations

import importlib
from typing import Any

_PLACES = {
    "build_report": "page",
    "NotebookPage": "notebooks",
    "read_notebook": "notebooks",
    "is_run": "running",
    "run_notebook": "running",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *_PLACES]

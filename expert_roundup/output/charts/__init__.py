"""Charts of frames: each draws a matplotlib Figure, and gives its numbers, its title and its alt text.

A chart NAME has four functions with the same frames as arguments: ``draw_NAME``, ``NAME_numbers``, ``NAME_title`` and
``NAME_alt_text``. Everything is loaded on first use, since matplotlib takes half a second.
"""

from __future__ import annotations

import importlib
from typing import Any

#: chart -> the module of this package that draws it
_CHARTS = {
    "tally": "tally",
    "agreement": "agreement",
    "reconstruction": "reconstruction",
    "who_said_what": "who_said_what",
    "cooccurrence": "cooccurrence",
    "consensus_matrix": "consensus",
    "map": "maps",
    "dendrogram": "dendrogram",
    "dos_and_donts": "dos_and_donts",
    "platforms": "platforms",
    "lengths": "lengths",
}
_PLACES = {
    **{f"draw_{name}": module for name, module in _CHARTS.items()},
    **{f"{name}_{part}": module for name, module in _CHARTS.items() for part in ("numbers", "title", "alt_text")},
    "Chart": "chart",
    "save_chart": "export",
    "render_chart": "export",
    "chart_files": "export",
    "make_chart": "study",
    "tally_chart": "study",
    "study_charts": "study",
    "charts_missing": "study",
    "FRAMES": "study",
}
__all__ = sorted(_PLACES)


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *_PLACES]

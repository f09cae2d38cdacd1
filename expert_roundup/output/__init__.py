"""Output: charts, tables, slides and reports of frames, and how they are saved; everything is loaded on first use."""

from __future__ import annotations

import importlib
from typing import Any

_PLACES = {
    "save_bytes": "files",
    "save_text": "files",
    "Look": "style",
    "frame_to_csv": "tables",
    "csv_to_frame": "tables",
    "frame_to_text": "screen",
    "frame_to_markdown": "markup",
    "frame_to_latex": "markup",
    "frames_to_xlsx": "workbook",
    "data_hash": "provenance",
    "source_line": "provenance",
    "build_deck": "slides",
}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
    charts = importlib.import_module(f"{__name__}.charts")
    if name in charts.__all__:
        return getattr(charts, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *_PLACES]

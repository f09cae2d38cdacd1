"""Slides: a deck with native, editable charts, a table, speaker notes and alt texts; loaded on first use."""

from __future__ import annotations

import importlib
from typing import Any

_PLACES = {"build_deck": "deck", "THEMES": "master"}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *_PLACES]

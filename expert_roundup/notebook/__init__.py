"""The coding widget for JupyterLab: code quotes yourself, blind, and compare when you are done.

`code_quotes` opens it; everything but the picture on the screen is plain Python, in modules that need no browser.
Names are loaded on first use, since a widget brings ipywidgets with it (the extra "notebooks").
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {"CodingWidget": "widget", "code_quotes": "opening"}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)

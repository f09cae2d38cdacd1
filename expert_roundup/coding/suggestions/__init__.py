"""Suggestions by machine, kept apart from readings: themes for quotes, and how far they can be believed."""

from __future__ import annotations

from expert_roundup.coding.suggestions.against import against_reading
from expert_roundup.coding.suggestions.frame import CODER, COLUMNS, as_codings, suggest

__all__ = ["CODER", "COLUMNS", "against_reading", "as_codings", "suggest"]

"""Parsing: from a source to quotes."""

from __future__ import annotations

from expert_roundup.parsing.roundup import NotARoundup, Roundup, parse_text, read_roundup
from expert_roundup.parsing.source import Source, read_source

__all__ = ["NotARoundup", "Roundup", "Source", "parse_text", "read_roundup", "read_source"]

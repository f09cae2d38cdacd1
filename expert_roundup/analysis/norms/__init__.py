"""Norms: what advice prescribes and forbids, sentence by sentence."""

from __future__ import annotations

from expert_roundup.analysis.norms.frame import norms, without_wording

__all__ = ["norms", "without_wording"]

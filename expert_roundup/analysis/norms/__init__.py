"""Norms: what advice prescribes and forbids, sentence by sentence."""

from __future__ import annotations

from expert_roundup.analysis.norms.cues import read_cues
from expert_roundup.analysis.norms.frame import norms, without_wording

__all__ = ["norms", "read_cues", "without_wording"]

"""Starting a study of your own: from a roundup to a folder in which everything else works."""

from __future__ import annotations

from expert_roundup.starting.folder import Started, start_study, study_files

__all__ = ["Started", "start_study", "study_files"]

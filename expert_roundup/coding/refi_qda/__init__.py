"""Exchange with QualCoder, ATLAS.ti, NVivo and MAXQDA: REFI-QDA projects (QDPX) and codebooks (QDC)."""

from __future__ import annotations

from expert_roundup.coding.refi_qda.codebook_import import import_codebook
from expert_roundup.coding.refi_qda.codebook_xml import export_codebook
from expert_roundup.coding.refi_qda.project_export import export_project
from expert_roundup.coding.refi_qda.project_import import Project, import_project

__all__ = ["Project", "export_codebook", "export_project", "import_codebook", "import_project"]

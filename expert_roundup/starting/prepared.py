"""The notebooks of a study folder: copies of those that ship, with parameters set and nothing run yet."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any


def has_notebooks() -> bool:
    """Whether the extra is installed that notebooks need."""
    return find_spec("papermill") is not None and find_spec("nbformat") is not None


def prepared_notebooks(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the notebooks as they lie in a fresh study folder, by name.

    Parameters
    ----------
    parameters
        Set in a cell behind the one tagged ``parameters``, as papermill does, so that papermill can set them again.
    """
    import nbformat
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    from expert_roundup.datasets import data_path

    prepared = {}
    for path in sorted((data_path().parent / "notebooks" / "own").glob("*.ipynb")):
        notebook = parameterize_notebook(load_notebook_node(str(path)), dict(parameters), report_mode=False)
        for at, cell in enumerate(notebook.cells):
            cell.id = f"cell-{at:02d}"  # papermill's are drawn at random
            cell.metadata = {"tags": list(cell.metadata.tags)} if cell.metadata.tags else {}
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        notebook.metadata = {"kernelspec": notebook.metadata.kernelspec}
        prepared[path.name] = str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]
    return prepared

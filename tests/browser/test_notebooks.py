"""JupyterLab in a real browser runs every notebook to its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb")))
def test_a_notebook_runs_to_its_end(name: str, desk: Any) -> None:
    """Every code cell is run in its order, none fails, and a cell that showed something when it was stored does so."""
    before = desk.lab.ask(f"/api/contents/{name}")["content"]
    with desk.opened(name) as page:
        desk.lab.run_all(page)
        after = desk.lab.save(page, name)
    ran = [cell for cell in after["cells"] if cell["cell_type"] == "code"]
    said = [output for cell in ran for output in cell["outputs"]]
    assert not [f"{output['ename']}: {output['evalue']}" for output in said if output["output_type"] == "error"]
    assert [cell["execution_count"] for cell in ran] == list(range(1, len(ran) + 1))
    assert _kinds(after) == _kinds(before)


def _kinds(notebook: dict[str, Any]) -> dict[str, list[str]]:
    """Cell -> the kinds of its outputs; a stream may come in several pieces."""
    return {
        cell["id"]: list(dict.fromkeys(output["output_type"] for output in cell["outputs"]))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    }

"""Notebooks run anew for a report, on copies: the files stay as they are."""

from __future__ import annotations

import asyncio
import copy
import os
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from expert_roundup.output.report.notebooks import NotebookPage

if TYPE_CHECKING:
    from nbclient import NotebookClient
    from nbformat import NotebookNode

#: seconds that one cell may take
PATIENCE = 600


def is_run(notebook: NotebookNode | None) -> bool:
    """Return whether every code cell has been run and none has failed."""
    if notebook is None:
        return False
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    outputs = [output for cell in cells for output in cell.outputs]
    return all(cell.execution_count for cell in cells) and not any(o.output_type == "error" for o in outputs)


def run_notebook(
    page: NotebookPage, folder: str | Path, *, environment: Mapping[str, str] | None = None
) -> NotebookPage:
    """Return the notebook with the outputs of a run in `folder`.

    Parameters
    ----------
    page
        The notebook; it is not changed.
    folder
        Where it runs.
    environment
        Variables that its kernel has beside our own.

    Returns
    -------
    NotebookPage
        With outputs; where a cell failed, without the notebook and with a note that says which and why.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    assert page.notebook is not None
    notebook = copy.deepcopy(page.notebook)
    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        record_timing=False,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        with ThreadPoolExecutor(1) as thread:  # with an event loop of its own, whatever loop the caller is in
            thread.submit(asyncio.run, _execution(client, environment or {})).result()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        failed = next((i for i, cell in enumerate(notebook.cells, 1) if _has_failed(cell)), 0)
        reason = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else type(error).__name__
        where = f"cell {failed} failed" if failed else "it did not come to its end"
        return replace(
            page, notebook=None, note=f"This notebook cannot be shown for this study: {where} ({reason[:300]})."
        )
    return replace(page, notebook=notebook)


async def _execution(client: NotebookClient, environment: Mapping[str, str]) -> None:
    # kernels remark on their transport on standard error, where our own progress stands
    await client.async_execute(env={**os.environ, **environment}, stderr=subprocess.DEVNULL)


def _has_failed(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))

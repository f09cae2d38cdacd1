"""All faults of a table in one error, so that a file is mended in one go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

#: faults of one kind that a message lists; the rest is counted
MAX_LISTED = 20


@dataclass(slots=True)
class Faults:
    """Collects what is wrong with one argument and raises it all at once.

    Examples
    --------
    >>> faults = Faults("codings")
    >>> faults.add([False, True], lambda row: f"theme {['goals', 'gaols'][row]!r} is not in the codebook")
    >>> faults.raise_any()
    Traceback (most recent call last):
    ...
    ValueError: codings: 1 fault: row 2: theme 'gaols' is not in the codebook
    """

    argument: str
    listed: list[str] = field(default_factory=list)
    n_faults: int = 0

    def add(self, is_bad: npt.ArrayLike, describe: Callable[[int], str]) -> None:
        """Note every row where `is_bad`; `describe` gets its position from 0, the message counts from 1."""
        rows = np.flatnonzero(np.asarray(is_bad, dtype=bool))
        self.n_faults += len(rows)
        self.listed += [f"row {row + 1}: {describe(int(row))}" for row in rows[:MAX_LISTED]]
        if len(rows) > MAX_LISTED:
            self.listed.append(f"and {len(rows) - MAX_LISTED} more rows like these")

    def note(self, fault: str) -> None:
        """Note a fault that belongs to no single row."""
        self.n_faults += 1
        self.listed.append(fault)

    def raise_any(self) -> None:
        """Raise one ValueError that names every fault, or do nothing when there is none."""
        if self.n_faults:
            count = "1 fault" if self.n_faults == 1 else f"{self.n_faults} faults"
            raise ValueError(f"{self.argument}: {count}: {'; '.join(self.listed)}")


def shown(value: object) -> str:
    """Quote a value for a message, cut where it is long."""
    text = repr(str(value))
    return text if len(text) <= 60 else text[:57] + "...'"

"""Where a picture's numbers come from: a line with the version and a hash of the data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from expert_roundup.output.tables import frame_to_csv

if TYPE_CHECKING:
    import pandas as pd


def data_hash(frames: Mapping[str, pd.DataFrame]) -> str:
    """Return the first eight hexadecimal digits of the SHA-256 of the frames as csv, in the order of their names.

    Examples
    --------
    >>> import pandas as pd
    >>> data_hash({"tally": pd.DataFrame({"theme": ["goals"], "n_quotes": [9]})})
    'f14d434c'
    """
    digest = hashlib.sha256()
    for name in sorted(frames):
        digest.update(f"{name}\n{frame_to_csv(frames[name])}".encode())
    return digest.hexdigest()[:8]


def source_line(frames: Mapping[str, pd.DataFrame], *, title: str, version: str) -> str:
    """Return the line that stands under every chart and on every slide."""
    return f"Source: {title}; expert-roundup {version}, data {data_hash(frames)}"

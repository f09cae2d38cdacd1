"""Near-duplicates: syndicated copies, and the same article saved twice, known by MinHash of what was said."""

from __future__ import annotations

import functools
import re
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    # a parser process takes hashes and needs no pandas
    import pandas as pd
    from datasketch import MinHash
    from numpy.typing import NDArray

#: hashes a document: an estimate of similarity is off by at most .06 (one standard deviation)
N_HASHES = 64
#: words in a row that are compared
_SHINGLE = 5
#: documents at least this alike are flagged
SIMILAR = 0.8
#: hashes that must be equal for a pair to be looked at: of pairs that are .8 alike, 16 bands of four miss 1 in 5,000
_BAND = 4
#: pairs compared at once
_AT_ONCE = 20_000
_WORD = re.compile(r"\w+")


def minhash(text: str) -> bytes:
    """MinHash of the runs of five words in `text`, 64 numbers of four bytes."""
    words = [word.encode() for word in _WORD.findall(text.casefold())]
    runs = {b" ".join(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1))}
    sketch = _nothing().copy()
    sketch.update_batch(sorted(runs))
    return np.asarray(sketch.hashvalues, dtype=">u4").tobytes()


@functools.cache
def _nothing() -> MinHash:
    """The sketch of no text; drawing its permutations takes longer than a sketch of a page."""
    from datasketch import MinHash

    # crc32 mixes well enough under 64 permutations, and is ten times as fast as datasketch's default SHA-1
    return MinHash(num_perm=N_HASHES, seed=1, hashfunc=zlib.crc32)


def near_duplicates(documents: pd.DataFrame, *, similar: float = SIMILAR) -> pd.DataFrame:
    """Flag documents that say nearly the same as an earlier one.

    Parameters
    ----------
    documents
        At least document, date and minhash.
    similar
        Estimated share of common five-word runs from which a document is flagged.

    Returns
    -------
    DataFrame
        One row per flagged document, by document: document, original (of all that are alike the one with the earliest
        date, then by name), similarity (with the original, or with the nearest that leads to it).

    Notes
    -----
    The estimate is off by .05 in one case of three: near the limit a copy may be missed or an excerpt flagged.
    """
    import pandas as pd

    ordered = documents.sort_values(["date", "document"], na_position="last", kind="stable").reset_index(drop=True)
    if ordered.empty:
        return pd.DataFrame({"document": [], "original": [], "similarity": []}).astype(
            {"document": "str", "original": "str", "similarity": "float64"}
        )
    hashes = np.frombuffer(b"".join(ordered["minhash"]), dtype=">u4").astype(np.uint32).reshape(-1, N_HASHES)
    first, alike = np.arange(len(ordered)), np.ones(len(ordered))
    left, right = _candidates(hashes)
    shares = _shares(hashes, left, right)
    flagged = shares >= similar
    for earlier, later, share in zip(left[flagged], right[flagged], shares[flagged], strict=True):
        root = first[earlier]
        if root < first[later]:
            first[later], alike[later] = root, share
    rows = pd.DataFrame({"document": ordered["document"], "original": ordered["document"].to_numpy()[first]})
    copies = rows.assign(similarity=alike)[first != np.arange(len(ordered))]
    ordered_flags: pd.DataFrame = copies.sort_values("document").reset_index(drop=True)
    return ordered_flags


def _shares(hashes: NDArray[np.uint32], left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of equal hashes of each pair."""
    shares = np.empty(len(left))
    for at in range(0, len(left), _AT_ONCE):
        some = slice(at, at + _AT_ONCE)
        shares[some] = (hashes[left[some]] == hashes[right[some]]).mean(axis=1)
    return shares


def _candidates(hashes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (earlier, later) that share a band, each once, by the later one: a document with the first of its band."""
    # a pair is one number, for there are many of them
    found = [np.empty(0, np.int64)]
    for at in range(0, N_HASHES, _BAND):
        _, first, band = np.unique(hashes[:, at : at + _BAND], axis=0, return_index=True, return_inverse=True)
        leader = first[band.ravel()]
        later = np.flatnonzero(leader != np.arange(len(leader)))
        found.append(later << 32 | leader[later])
    pairs = np.unique(np.concatenate(found))
    return pairs & 0xFFFFFFFF, pairs >> 32

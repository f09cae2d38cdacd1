"""Structure beyond chance: the quotes against the same words dealt out anew, with the price of searching paid."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.analysis.clusters.co_assignment import KS
from expert_roundup.analysis.clusters.information import codes
from expert_roundup.analysis.clusters.matrix import Cells, centred_products, count_cells, inner_products, scales, tf_idf
from expert_roundup.analysis.clusters.partitions import contrasts, linkage, nested_cuts
from expert_roundup.analysis.clusters.permutations import corrected_p
from expert_roundup.analysis.clusters.threads import one_thread
from expert_roundup.analysis.clusters.wording import Wording

Array = np.ndarray[Any, Any]

#: ways of dealing the words out anew
NULLS = ("tokens", "repeats")

#: the search; k-means is left out, since started from Ward's cut it rarely moves a quote of so many dimensions
LINKAGES = ("average", "complete", "ward")

_OFTEN = 8  # a term in more than one of so many quotes of its language counts as frequent

_POOLS: dict[str, Array] = {}
_MOST_POOLS = 16


@dataclass(frozen=True, slots=True)
class Deal:
    """The words of a set of quotes, ready to be dealt out anew within each language."""

    languages: Array  #: language number of every quote
    slots: Array  #: quote of every token
    tokens: Array  #: term of every token; the last term stands for all words that occur once
    blocks: tuple[Array, ...]  #: positions of the tokens of each language
    n_terms: int  #: terms that could stand in two quotes

    @property
    def n_quotes(self) -> int:
        """Number of quotes."""
        return len(self.languages)

    def cells(self, tokens: Array) -> Cells:
        """Counts when the slots hold `tokens`."""
        keys = np.sort(self.slots * (self.n_terms + 1) + tokens)
        new = np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)]
        starts = np.flatnonzero(new)
        rows, columns = np.divmod(keys[starts], self.n_terms + 1)
        counts = np.diff(np.append(starts, len(keys)))
        kept = columns < self.n_terms
        return Cells(rows[kept], columns[kept], counts[kept], (self.n_quotes, self.n_terms))

    def deal_tokens(self, rng: np.random.Generator) -> Cells:
        """Counts after all tokens of a language have changed places; lengths and totals stay."""
        tokens = self.tokens.copy()
        for block in self.blocks:
            tokens[block] = rng.permutation(tokens[block])
        return self.cells(tokens)

    def deal_repeats(self, rng: np.random.Generator) -> Cells:
        """Counts after every word has gone to other quotes of its language, its repeats in one quote kept together.

        Longer quotes draw more words; in how many quotes a word stands, and how often in each, stays.
        """
        cells = self.cells(self.tokens)
        lengths = np.maximum(np.bincount(self.slots, minlength=self.n_quotes), 1).astype(float)
        rows = cells.rows.copy()
        for language in range(int(self.languages.max()) + 1):
            quotes = np.flatnonzero(self.languages == language)
            here = np.flatnonzero(self.languages[cells.rows] == language)
            rows[here] = quotes[drawn_apart(cells.columns[here], lengths[quotes], rng)]
        return Cells(rows, cells.columns, cells.numbers, cells.shape)


def drawn_apart(terms: Array, weights: Array, rng: np.random.Generator) -> Array:
    """Draw a quote for every cell by weight, never the same quote twice for one term."""
    drawn = rng.choice(len(weights), size=len(terms), p=weights / weights.sum())
    often = np.bincount(terms)[terms] > len(weights) / _OFTEN
    # a term of few quotes: whoever meets a quote its term has already draws again
    left = np.flatnonzero(~often)
    while len(left):
        keys = np.where(often, -1 - np.arange(len(terms)), terms * len(weights) + drawn)
        order = np.argsort(keys, kind="stable")
        again = order[1:][keys[order][1:] == keys[order][:-1]]
        left = again
        drawn[left] = rng.choice(len(weights), size=len(left), p=weights / weights.sum())
    # a term of many quotes would draw for ever: the largest of these keys are draws without replacement (Efraimidis,
    # Spirakis, 2006. Weighted random sampling with a reservoir. Information Processing Letters 97, 181-185)
    for term in np.unique(terms[often]):
        mine = np.flatnonzero(terms == term)
        keys = np.log(weights) + rng.gumbel(size=len(weights))
        drawn[mine] = rng.permutation(np.argsort(-keys, kind="stable")[: len(mine)])
    return drawn


@one_thread()
def structure(
    wording: Wording,
    *,
    null: str = "tokens",
    ks: Iterable[int] = KS,
    algorithms: Sequence[str] = LINKAGES,
    n_shuffles: int = 999,
    seed: int = 0,
    progress: bool = False,
) -> pd.DataFrame:
    """Test whether any clustering finds more than it finds in the same words dealt out anew.

    Parameters
    ----------
    wording
        The quotes. Words are weighed by tf-idf and centred within each language.
    null
        "tokens": every word of a language may land in any quote of that language, lengths and totals kept. "repeats":
        the repeats of a word inside one quote move together, so that repetition alone is no structure.
    ks, algorithms
        The search: every linkage ("average", "complete", "ward") at every k.
    n_shuffles
        Times the words are dealt out. One pool serves all data of the same shape (lengths, languages, totals of each
        word) and is kept while the process lives.
    seed
        Of the shuffles.
    progress
        Show a bar on standard error.

    Returns
    -------
    DataFrame
        One row per algorithm and k: algorithm, k, contrast (mean similarity inside clusters less that between),
        expected (the same in shuffled words), z, p, p_corrected (against the largest z of the whole search). The
        smallest p_corrected is the p-value of "there is structure". Empty where fewer than four quotes can be
        compared.

    References
    ----------
    Westfall, Young (1993). Resampling-based multiple testing, section 2.6 (single-step max T).
    Phipson, Smyth (2010). Permutation p-values should never be zero. Statistical Applications in Genetics 9, 39.
    """
    if null not in NULLS:
        raise ValueError(f"null must be one of {', '.join(NULLS)}, not {null!r}")
    if n_shuffles < 1:
        raise ValueError(f"n_shuffles must be 1 or more, not {n_shuffles!r}")
    deal = deal_of(wording)
    search = [(algorithm, k) for algorithm in algorithms for k in sorted(set(ks)) if k < deal.n_quotes]
    columns = ["algorithm", "k", "contrast", "expected", "z", "p", "p_corrected"]
    found = search_contrasts(deal.cells(deal.tokens), deal.languages, search)
    if not search or np.isnan(found).all():
        return pd.DataFrame(columns=columns)
    reference = pool(deal, search, null=null, n_shuffles=n_shuffles, seed=seed, progress=progress)
    p, corrected, z = corrected_p(found, reference)
    names, numbers = zip(*search, strict=True)
    values = (names, numbers, found, reference.mean(axis=0), z, p, corrected)
    return pd.DataFrame(dict(zip(columns, values, strict=True))).round(10)


def deal_of(wording: Wording) -> Deal:
    """Take the words apart that could stand in two quotes; all others only fill places."""
    cells, terms = count_cells(wording)
    totals = np.bincount(cells.columns, weights=cells.numbers, minlength=len(terms))
    kept = totals >= 2
    number = np.where(kept, np.cumsum(kept) - 1, kept.sum())
    slots, tokens = np.repeat(cells.rows, cells.numbers), np.repeat(number[cells.columns], cells.numbers)
    languages = codes(wording.answers["language"])
    blocks = tuple(np.flatnonzero(languages[slots] == language) for language in range(int(languages.max()) + 1))
    return Deal(languages, slots, tokens, blocks, int(kept.sum()))


def pool(
    deal: Deal, search: list[tuple[str, int]], *, null: str, n_shuffles: int, seed: int, progress: bool = False
) -> Array:
    """Contrasts of shuffled words, shuffles x settings; built once for each shape of data."""
    key = _shape(deal, search, null, n_shuffles, seed)
    if key not in _POOLS:
        rng = np.random.default_rng(seed)
        draw: Callable[[np.random.Generator], Cells] = deal.deal_tokens if null == "tokens" else deal.deal_repeats
        rounds: Iterable[int] = range(n_shuffles)
        if progress:
            from tqdm import tqdm

            rounds = tqdm(rounds, desc="words dealt out anew", unit="shuffle", disable=None)
        built = np.array([search_contrasts(draw(rng), deal.languages, search) for _ in rounds])
        while len(_POOLS) >= _MOST_POOLS:
            _POOLS.pop(next(iter(_POOLS)))
        _POOLS[key] = np.nan_to_num(built)
    return _POOLS[key]


def search_contrasts(cells: Cells, languages: Array, search: Sequence[tuple[str, int]]) -> Array:
    """Contrast of every setting for one table of counts; nan where nothing can be compared."""
    products = centred_products(inner_products(tf_idf(cells)), languages)
    scale = scales(products)
    placed = np.flatnonzero(scale > 0)
    if len(placed) < 4:
        return np.full(len(search), np.nan)
    similarity = products[np.ix_(placed, placed)] * np.outer(scale[placed], scale[placed])
    found = np.empty(len(search))
    for algorithm in dict.fromkeys(name for name, _ in search):
        here = [place for place, (name, _) in enumerate(search) if name == algorithm]
        ks = [min(search[place][1], len(placed) - 1) for place in here]
        found[here] = contrasts(similarity, *nested_cuts(linkage(similarity, algorithm), ks))
    return found


def _shape(deal: Deal, search: list[tuple[str, int]], null: str, n_shuffles: int, seed: int) -> str:
    """What shuffles share with the data: lengths, languages and totals, and for "repeats" every count."""
    digest = hashlib.sha256(repr((search, null, n_shuffles, seed, deal.languages.tolist())).encode())
    digest.update(np.bincount(deal.slots, minlength=deal.n_quotes).tobytes())
    for block in deal.blocks:
        digest.update(np.bincount(deal.tokens[block], minlength=deal.n_terms + 1).tobytes())
    if null == "repeats":
        cells = deal.cells(deal.tokens)
        digest.update(np.column_stack([cells.rows, cells.columns, cells.numbers]).tobytes())
    return digest.hexdigest()

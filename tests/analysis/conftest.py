"""Wordings with planted structure, and the words of the first study."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from expert_roundup.analysis.clusters import Wording, wording_of_terms

Texts = Sequence[Mapping[str, int]]
Make = Callable[..., Wording]
Plant = Callable[..., tuple[Wording, np.ndarray]]


@pytest.fixture(scope="session")
def make() -> Make:
    """Wording from term counts, one mapping a quote."""

    def made(texts: Texts, languages: Sequence[str] | None = None, **columns: Sequence[object]) -> Wording:
        quotes = [f"Q{place:03d}" for place in range(1, len(texts) + 1)]
        rows = [(quote, term, n) for quote, counts in zip(quotes, texts, strict=True) for term, n in counts.items()]
        answers = pd.DataFrame({"quote_id": quotes, "language": list(languages or ["xx"] * len(texts)), **columns})
        return wording_of_terms(pd.DataFrame(rows, columns=["quote_id", "term", "n"]), answers, stop=())

    return made


@pytest.fixture(scope="session")
def plant(make: Make) -> Plant:
    """Texts of 30 tokens: with probability .4 one of the topic's 20 words, else one of 300 shared words (Zipf)."""

    def planted(
        seed: int, *, n: int = 200, share: float = 0.4, languages: Sequence[str] | None = None
    ) -> tuple[Wording, np.ndarray]:
        rng = np.random.default_rng(seed)
        topics = rng.integers(5, size=n)
        zipf = 1 / np.arange(1, 301)
        texts = []
        for place, topic in enumerate(topics):
            own = int((rng.random(30) < share).sum())
            prefix = languages[place] if languages else ""
            words = [f"{prefix}w{word:03d}" for word in rng.choice(300, size=30 - own, p=zipf / zipf.sum())]
            words += [f"t{topic}x{word:02d}" for word in rng.integers(20, size=own)]
            texts.append({word: words.count(word) for word in words})
        return make(texts, languages), topics

    return planted


@pytest.fixture(scope="session")
def original() -> Wording:
    """The words of the original answers, from the shipped counts."""
    from expert_roundup.datasets import load_answers, load_term_counts

    return wording_of_terms(load_term_counts(), load_answers())

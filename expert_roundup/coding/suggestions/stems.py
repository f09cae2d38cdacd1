"""Stems: words without their endings, so that "posting" and "posts" are one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from expert_roundup.text.words import stop_words

_CYRILLIC = re.compile("[Ѐ-ӿ]")
_SHORTEST = 3


def stems_of(words: Iterable[str]) -> frozenset[str]:
    """Stems of the words that carry meaning, by the rules of English or, for Cyrillic letters, of Russian.

    Examples
    --------
    >>> sorted(stems_of(["posting", "posts", "the", "стратегии", "стратегию"]))
    ['post', 'стратег']
    """
    return frozenset(stem for stem in map(_stem, words) if stem)


@cache
def _stem(word: str) -> str:
    is_cyrillic = bool(_CYRILLIC.search(word))
    if len(word) < _SHORTEST or word in stop_words("ru" if is_cyrillic else "en") or not re.search(r"[^\W\d_]", word):
        return ""
    return str(_stemmer("russian" if is_cyrillic else "english").stem(word))


@cache
def _stemmer(language: str) -> Any:
    from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer(language)

"""Terms: the words of a text with their counts, and what can be made of counts alone (lemmas, character n-grams)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

# Letters of scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, CJK ideographs
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"


# Apostrophes and hyphens as printed and as typed; signs that are invisible and part no word
_JOINTS = "'’‘ʼ＇\\-‐‑"
_INVISIBLE = "\u00ad\u200b\u2060"

# One spelling of apostrophe and hyphen, so that the printed and the typed form are one term
_SAME = str.maketrans(dict.fromkeys("’‘ʼ＇", "'") | dict.fromkeys("‐‑", "-") | dict.fromkeys(_INVISIBLE, ""))


@lru_cache(maxsize=64)
def _token(marks: str) -> re.Pattern[str]:
    r"""Compile the pattern of a term; `marks` are the text's combining marks, no part of \w (Devanagari vowels)."""
    letter = rf"(?: (?! [{_UNSPACED}_] ) [\w{_INVISIBLE}{re.escape(marks)}] )"
    return re.compile(
        rf"""
        (?P<unspaced> [{_UNSPACED}]+ )            # a run without spaces is cut into pairs of characters
        |
        (?P<word>
            {letter}+                             # letters and digits
            (?: [{_JOINTS}] {letter}+ )*          # don't, re-share, из-за: one word; a dash between spaces is none
        )
        """,
        re.VERBOSE,
    )


def split_terms(text: str) -> list[str]:
    """Split `text` into lower-case terms, in the order of the text.

    A term is a run of letters and digits of any script, with inner apostrophes and hyphens kept; text in a script
    written without spaces is cut into overlapping pairs of characters.

    Returns
    -------
    list of str
        Terms in page order, in Unicode form NFC, "" never among them.

    Examples
    --------
    >>> split_terms("Don’t re-share — LinkedIn и Фейсбук: 100%")
    ["don't", 're-share', 'linkedin', 'и', 'фейсбук', '100']
    >>> split_terms("人間関係")
    ['人間', '間関', '関係']
    """
    return [term for _, _, term in term_spans(text)]


def term_spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Find the terms of `text` with the places where they stand.

    Yields
    ------
    tuple
        start and end in `text` as it is printed (half-open, Unicode code points), and the term as in `split_terms`.

    Examples
    --------
    >>> list(term_spans("It’s HERE"))
    [(0, 4, "it's"), (5, 9, 'here')]
    """
    marks = "".join(sorted(char for char in set(text) if not char.isascii() and unicodedata.category(char)[0] == "M"))
    for match in _token(marks).finditer(text):
        start, end = match.span()
        if match.lastgroup == "unspaced" and end - start > 2:
            yield from ((place, place + 2, _plain(text[place : place + 2])) for place in range(start, end - 1))
        elif term := _plain(match.group()):
            yield start, end, term


def term_counts(text: str) -> Counter[str]:
    """Count the terms of `text`; the order of the words cannot be got back.

    Returns
    -------
    Counter
        Term to the number of times it stands in `text`, terms in code point order.

    Examples
    --------
    >>> dict(term_counts("Be human. Being human is human."))
    {'be': 1, 'being': 1, 'human': 3, 'is': 1}
    """
    return _in_order(Counter(split_terms(text)))


def without_terms(counts: Mapping[str, int], stop: Iterable[str]) -> Counter[str]:
    """Leave out the terms of `stop`, terms without a letter, and single letters.

    Examples
    --------
    >>> dict(without_terms({"a": 2, "the": 3, "plan": 1, "100": 1, "b2b": 1}, {"the"}))
    {'b2b': 1, 'plan': 1}
    """
    stopped = {_plain(word).strip() for word in stop}
    return _in_order({term: n for term, n in counts.items() if term not in stopped and _is_word(term)})


def lemma_counts(counts: Mapping[str, int], languages: Iterable[str]) -> Counter[str]:
    """Bring each term to its dictionary form (simplemma, no download) and add up the counts.

    Parameters
    ----------
    counts
        Term to count.
    languages
        Languages to try in this order (BCP 47; the part before the first hyphen is used). A language without a
        dictionary changes nothing.

    Examples
    --------
    >>> dict(lemma_counts({"компании": 2, "компаний": 1, "posts": 1, "posting": 1}, ["ru", "en"]))
    {'post': 2, 'компания': 3}
    """
    known = _with_dictionary(languages)
    if not known:
        return _in_order(counts)
    from simplemma import lemmatize

    lemmas: Counter[str] = Counter()
    for term, n in counts.items():
        lemmas[str(lemmatize(term, lang=known)).lower()] += n
    return _in_order(lemmas)


def ngram_counts(counts: Mapping[str, int], *, sizes: tuple[int, int] = (3, 5)) -> Counter[str]:
    """Count the character n-grams of each term, its ends marked by a space.

    Made from counts alone, so no n-gram reaches from one term into the next.

    Parameters
    ----------
    counts
        Term to count.
    sizes
        Smallest and largest n, at least 1. A term shorter than n counts once as a whole.

    Raises
    ------
    ValueError
        `sizes` is not 1 <= smallest <= largest.

    Examples
    --------
    >>> dict(ngram_counts({"plan": 2}, sizes=(4, 4)))
    {' pla': 2, 'lan ': 2, 'plan': 2}
    """
    low, high = sizes
    if not 1 <= low <= high:
        raise ValueError(f"sizes must be (smallest, largest) with 1 <= smallest <= largest, not {sizes!r}")
    grams: Counter[str] = Counter()
    for term, n in counts.items():
        padded = f" {term} "
        for size in range(low, high + 1):
            for start in range(max(1, len(padded) - size + 1)):
                grams[padded[start : start + size]] += n
            if size >= len(padded):
                # the whole term has been counted; longer n would count it again
                break
    return _in_order(grams)


def _plain(text: str) -> str:
    """Lower case, Unicode form NFC, one kind of apostrophe and hyphen."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower()).translate(_SAME)


def _is_word(term: str) -> bool:
    """More than one character and at least one letter; one ideograph is a word."""
    return any(char.isalpha() for char in term) and (len(term) > 1 or term >= "\u3000")


def _with_dictionary(languages: Iterable[str]) -> tuple[str, ...]:
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    short = dict.fromkeys(language.split("-")[0].lower() for language in languages)
    return tuple(language for language in short if language in SUPPORTED_LANGUAGES)


def _in_order(counts: Mapping[str, int]) -> Counter[str]:
    return Counter({term: counts[term] for term in sorted(counts)})

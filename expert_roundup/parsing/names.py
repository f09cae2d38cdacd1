"""Names: how like a speaker's name a piece of text is, and what confirms that it is one."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from expert_roundup.parsing.knowledge import cjk_surnames, given_names, plain, small_in_names, words

#: a word of a name: letters, inner hyphens and apostrophes, a closing dot of an initial
WORD = re.compile(r"[^\W\d_](?:[^\W_]|[-’'`·](?=[^\W\d_]))*+\.?")
#: scripts without capitals
CASELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0590-\u06ff\u0900-\u097f\u0e00-\u0e7f]")
HANDLE = re.compile(r"@\w[\w.-]*+")
#: what no name holds
_NO_NAME = re.compile(r"[?!…{}=<>\[\]#%\\|_;：。，！？]|\w{3}\.\s+\w|https?:|\d{3}")
_NICKNAME = re.compile(r"\s*[\"“”'‘«(][^\"“”'’»()]{1,30}[\"“”'’»)]\s*")
_COMPANY_END = re.compile(r"(?i)\b(?:inc|ltd|co|corp|jr|sr|plc|s\.a)\.$")
_TITLE_END = re.compile(r"(?:さん|さま|様|氏|先生|教授|博士|老师|老師|女士|小姐|씨|님)$")
#: names that are remembered: the same ones are looked at by every layout
_KEPT = 16_384
_EDGES = " \t\u00a0:：,，、;-–—―\"“”«»„'‘*_"


@functools.lru_cache(maxsize=_KEPT)
def clean_name(name: str) -> str:
    """`name` without honorifics, quotation marks and stray punctuation.

    Examples
    --------
    >>> clean_name("Dr. Jane Doe,"), clean_name("田中さん")
    ('Jane Doe', '田中')
    """
    left = name.strip(_EDGES).split()
    while len(left) > 1 and left[0].casefold() in words("people", "honorifics"):
        if plain(left[0]) in given_names() and len(left) == 2 and plain(left[1]) not in given_names():
            break  # "Don Doe"
        left = left[1:]
    if len(left) > 2 and left[0].isupper() and left[0] == initials(" ".join(left[1:])):
        left = left[1:]  # what a page draws where it has no picture: "JD Jane Doe"
    while len(left) > 1 and _is_degree(left[-2], left[-1]):
        left = [*left[:-2], left[-2].rstrip(",")]
    kept = " ".join(left)
    if CASELESS.search(kept) and (len(without := _TITLE_END.sub("", kept)) >= 2 or without.isupper()):
        return without
    if kept.endswith(".") and not _COMPANY_END.search(kept) and not re.search(r"(?:^|[\s.])\w{1,2}\.$", kept):
        return kept[:-1]
    return kept


def _is_degree(before: str, word: str) -> bool:
    """Whether the last word of a name is a degree: "Jane Doe, MA", "Jane Doe Ph.D."; Ma is a surname."""
    is_set_apart = before.endswith(",") or word != "Ma"
    return is_set_apart and word.casefold().strip(",.") in words("people", "degrees")


@functools.lru_cache(maxsize=_KEPT)
def name_likeness(text: str) -> float:
    """How like the name of a speaker `text` is, 0 to 1; 1 is a handle or two to four capitalised words.

    Examples
    --------
    >>> name_likeness("Jane van Doe"), name_likeness("How did it start?")
    (1.0, 0.0)
    """
    name = clean_name(text)
    if not name or len(name) > 80 or _NO_NAME.search(name):
        return 1.0 if HANDLE.fullmatch(name) else 0.0
    if HANDLE.fullmatch(name):
        return 1.0
    name = _NICKNAME.sub(" ", name).strip() or name
    tokens = name.split()
    low = [token.casefold().strip(".,:") for token in tokens]
    # two capitals are initials, whatever little word they spell
    if not (len(name) == 2 and name.isupper()) and not words("people", "not_names").isdisjoint(
        {low[0], name.casefold()}
    ):
        return 0.0
    if CASELESS.search(name):
        return _caseless_likeness(name, tokens)
    if any(character.isdigit() for character in name):
        return 0.2 if len(tokens) <= 3 else 0.0
    return _capitalised_likeness(tokens, low)


def _capitalised_likeness(tokens: Sequence[str], low: Sequence[str]) -> float:
    small = small_in_names()
    capitals = [is_capitalised(token) for token in tokens]
    if any(not capital and word not in small for word, capital in zip(low, capitals, strict=True)):
        is_group = any(word in words("people", "organisations") for word in low)
        return 0.5 if is_group and capitals[0] and len(tokens) <= 8 else 0.0
    n = sum(capitals)
    if n <= 1:
        return 0.0 if n == 0 else 0.5 if len(tokens) == 1 else 0.3
    return 1.0 if n <= 4 else 0.6 if n <= 7 else 0.2


def _caseless_likeness(name: str, tokens: Sequence[str]) -> float:
    """A Chinese, Japanese or Korean name opens with a surname; a foreign one is in kana or has a middle dot."""
    if len(name) > 16 or len(tokens) > 4 or re.search(r"[。、，：的是をにはがで了和]", name):
        return 0.0
    if re.search(r"[^\W\d_][·・•][^\W\d_]", name):
        return 0.9
    if re.fullmatch(r"[\u30a1-\u30ff ]{3,16}", name):
        return 0.5
    if name.startswith(_caseless_words()):
        return 0.2
    if 2 <= len(name.replace(" ", "")) <= 4 and name.startswith(cjk_surnames()):
        return 0.8
    # a Latin name, or one beside the name in the other script: 田中太郎 Taro Tanaka
    if latin := CASELESS.sub("", name).split():
        return 0.5 if all(map(is_capitalised, latin)) else 0.3
    return 0.3 if len(name) <= 8 else 0.0


@functools.cache
def _caseless_words() -> tuple[str, ...]:
    return tuple(sorted(words("people", "caseless_not_names")))


@functools.lru_cache(maxsize=_KEPT)
def is_known_person(name: str) -> bool:
    """Whether `name` holds a given name, an initial, a handle or a surname that we know.

    Examples
    --------
    >>> is_known_person("Jane Doe"), is_known_person("Big Data"), is_known_person("@jane")
    (True, False, True)
    """
    if HANDLE.match(name):
        return True
    tokens = WORD.findall(name)
    if any(part in given_names() for token in tokens[:2] for part in re.split(r"[-·]", plain(token))):
        return all(is_capitalised(token) or token.casefold() in words("people", "particles") for token in tokens[:2])
    if len(tokens) > 1 and any(re.fullmatch(r"[^\W\d_]\.", token) for token in tokens):
        return True
    return CASELESS.search(name) is not None and name_likeness(name) >= 0.8


def is_capitalised(token: str) -> bool:
    """Whether the first letter of `token` is a capital."""
    return next((character.isupper() for character in token if character.isalpha()), False)


def initials(name: str) -> str:
    """First letters of the words of `name`, upper case, particles left in.

    Examples
    --------
    >>> initials("Jane van Doe")
    'JVD'
    """
    return "".join(token[0].upper() for token in re.findall(r"[^\W\d_]+", name))

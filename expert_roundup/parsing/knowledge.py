"""What the parser knows about the world, read once from the files in `data/`."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from importlib import resources
from typing import Any, TypeAlias

_Tree: TypeAlias = dict[str, "_Tree"]

#: letters that Unicode does not take apart
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ё": "е"})
#: a word, or the one that an apostrophe shortens (I of I'm), in no address, compound or number
_SELF_WORD = re.compile(r"(?<![\w’'./-])[^\W\d_]+(?:[’'](?:m|ve|ll|d|re|ai)(?!\w))?(?![\w-])")
#: of the characters that may touch such a word, those that never make it part of something else
_BEFORE_WORD, _BEHIND_WORD = ',;:!?()"“”«»*[]…—–', ',;:!?()"“”«»*[]…—–.'


@functools.cache
def known(name: str) -> dict[str, Any]:
    """The content of `data/{name}.toml`."""
    return tomllib.loads((resources.files("expert_roundup.parsing") / "data" / f"{name}.toml").read_text("utf-8"))


@functools.cache
def words(name: str, key: str) -> frozenset[str]:
    """The list `key` of `data/{name}.toml`; of a table of lists, all of them together."""
    value = known(name)[key]
    lists = value.values() if isinstance(value, dict) else [value]
    return frozenset(word for entries in lists for word in entries)


@functools.lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """`word` case-folded and without accents, the form in which lists of names are kept.

    Examples
    --------
    >>> plain("Sébastien"), plain("Łukasz")
    ('sebastien', 'lukasz')
    """
    folded = word.casefold()
    if folded.isascii():
        return folded
    taken_apart = unicodedata.normalize("NFKD", folded.translate(_PLAIN).replace("й", "\0"))
    return "".join(letter for letter in taken_apart if not unicodedata.combining(letter)).replace("\0", "й")


@functools.cache
def given_names() -> frozenset[str]:
    """Given names of the scripts that are written with blanks, as `plain` writes them."""
    names = known("names")
    return frozenset(map(plain, f"{names['latin']} {names['cyrillic']}".split()))


@functools.cache
def cjk_surnames() -> tuple[str, ...]:
    """Surnames that open a Chinese, Japanese or Korean name, the longest first."""
    return tuple(sorted(known("names")["cjk"].split(), key=len, reverse=True))


@functools.cache
def first_person(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Words, and strings of scripts without blanks, by which somebody speaks of themselves in `language`.

    Words that mean it in any language of their script are among them.
    """
    lists, strings = known("cues")["first_person"], known("cues")["first_person_strings"]
    own = lists.get(language, ()) if language in lists or language in strings else words("cues", "first_person")
    # "I", "me" and "us" are numbers, names and words elsewhere
    english = [word for word in lists["en"] if language == "en" or len(word) > 2 or word == "we"]
    spoken = frozenset({*own, *english}) | words("cues", "first_person_sure")
    return spoken, tuple(sorted(words("cues", "first_person_strings")))


def n_first_person(text: str, language: str) -> int:
    """How often somebody says I or we in `text`, which is written in `language`."""
    spoken, strings = first_person(language)
    n = sum(map(spoken.__contains__, _SELF_WORD.findall(text.casefold())))
    return n if text.isascii() else n + sum(map(text.count, strings))


def has_first_person(text: str, language: str) -> bool:
    """Whether somebody says I or we in `text`, which is written in `language`."""
    spoken, _ = first_person(language)
    # most who do say so soon: words between blanks are looked at before any pattern is
    if any(word.lstrip(_BEFORE_WORD).rstrip(_BEHIND_WORD) in spoken for word in text.casefold().split()):
        return True
    return n_first_person(text, language) > 0


def speaks_as_one(text: str, language: str) -> bool:
    """Whether somebody says I, and not only we, in `text`, which is written in `language`."""
    spoken, strings = first_person(language)
    plural = words("cues", "first_person_plural")
    one = any(word in spoken and word not in plural for word in _SELF_WORD.findall(text.casefold()))
    return one or (
        not text.isascii() and any(_as_one(string).search(text) for string in strings if string not in plural)
    )


@functools.cache
def _as_one(string: str) -> re.Pattern[str]:
    """A word for I that no ending makes a word for we, or for something else."""
    return re.compile(rf"{string}(?![们們国國方司校院省市達]|たち)")


def addresses(text: str, language: str) -> bool:
    """Whether `text`, which is written in `language`, speaks to somebody."""
    return _second_person(language).search(text) is not None


@functools.cache
def _second_person(language: str) -> re.Pattern[str]:
    """Words for you; in German their capitals tell them from others."""
    lists, strings = known("cues")["second_person"], known("cues")["second_person_strings"]
    if language in strings:
        return re.compile(alternatives(strings[language]))
    spoken = lists.get(language, lists["en"])
    return re.compile(whole_words({*spoken, *(word.capitalize() for word in spoken if language != "de")}))


@functools.cache
def answerers() -> frozenset[str]:
    """Labels that only say that somebody answers."""
    return words("people", "answerers") | words("people", "interviewed")


@functools.cache
def small_in_names() -> frozenset[str]:
    """Words that are written small inside a name or between two."""
    return words("people", "particles") | words("people", "joiners")


@functools.cache
def common_words(language: str) -> frozenset[str]:
    """Words of headings and labels that are no names, and function words of `language` and English."""
    from expert_roundup.text.languages import function_words

    small = {word for word, languages in function_words().items() if "en" in languages or language in languages}
    return frozenset(known("common_words")["words"].split()) | small


def alternatives(entries: Iterable[str]) -> str:
    """A regular expression for any of `entries`, the longest first; a closing * stands for any ending.

    What several begin with is written once, so that a search looks at it once.
    """
    return _written(_tree(entries))


def whole_words(entries: Iterable[str]) -> str:
    """A regular expression for any of `entries` as whole words, the longest first; a closing * stands for any ending.

    The letter before is looked at behind the first one: a search begins sooner with letters than with a look behind.
    """
    branches = []
    for letter, rest in sorted(_tree(entries).items()):
        first = re.escape(letter)
        branches.append(rf"{first}(?<!\w{first}){_written(rest)}")
    return rf"(?:{'|'.join(branches)})(?!\w)"


def _tree(entries: Iterable[str]) -> _Tree:
    """`entries` letter by letter; "" where one ends."""
    tree: _Tree = {}
    for entry in entries:
        node = tree
        for letter in entry:
            node = node.setdefault(letter, {})
        node[""] = {}
    return tree


def _written(tree: _Tree) -> str:
    letters = sorted((letter for letter in tree if letter), key=lambda letter: (letter == "*", letter))
    branches = [(r"\w*" if letter == "*" else re.escape(letter)) + _written(tree[letter]) for letter in letters]
    if not branches:
        return ""
    if "" in tree:
        return f"(?:{'|'.join(branches)})?"
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


@functools.cache
def said() -> re.Pattern[str]:
    """A cue verb of speech, as a whole word where the script has words."""
    spaced: list[str] = []
    joined: list[str] = []
    for language, verbs in known("cues")["said"].items():
        (joined if language in ("ja", "zh", "ko") else spaced).extend(verbs)
    return re.compile(rf"{whole_words(spaced)}|{alternatives(joined)}")

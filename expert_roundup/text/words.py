"""Word lists that ship as data: one file a language in `text/data/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class WordLists:
    """What the text wing knows of one language."""

    language: str  #: primary subtag of BCP 47, such as "en"
    stop_words: frozenset[str]  #: lower case, words that carry no theme
    never_final: frozenset[str]  #: lower case, abbreviations no sentence ends with, without their last full stop
    before_number: frozenset[str]  #: lower case, abbreviations that a number follows
    sometimes_final: frozenset[str]  #: lower case, abbreviations that may close a sentence


def stop_words(language: str) -> frozenset[str]:
    """Words of `language` that carry no theme, in lower case.

    Parameters
    ----------
    language
        A BCP 47 tag; its primary subtag counts ("en-GB" reads the English list).

    Returns
    -------
    frozenset of str
        Empty for a language without a data file.

    Examples
    --------
    >>> "the" in stop_words("en-GB"), "strategy" in stop_words("en")
    (True, False)
    >>> stop_words("tlh")
    frozenset()
    """
    known = word_lists().get(primary_subtag(language))
    return known.stop_words if known else frozenset()


def primary_subtag(language: str) -> str:
    """Return the language of a BCP 47 tag, in lower case: "en" of "en-GB"."""
    return language.replace("_", "-").partition("-")[0].lower()


@cache
def word_lists() -> Mapping[str, WordLists]:
    """All languages with a data file, by primary subtag, in alphabetical order."""
    folder = files("expert_roundup.text") / "data"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return MappingProxyType({name[:-5]: _parse_lists(name[:-5], (folder / name).read_text("utf-8")) for name in names})


def _parse_lists(language: str, text: str) -> WordLists:
    """Read one data file; every list is a string of words separated by blanks."""
    table = tomllib.loads(text)
    short = table.get("abbreviations", {})
    return WordLists(
        language,
        frozenset(table.get("stop_words", "").split()),
        frozenset(short.get("never_final", "").split()),
        frozenset(short.get("before_number", "").split()),
        frozenset(short.get("sometimes_final", "").split()),
    )

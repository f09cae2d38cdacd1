"""What the parser knows about the world, read once from the files in `data/`."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib import resources
from typing import Any


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


@functools.cache
def given_names() -> frozenset[str]:
    """Given names of any script that is written with blanks, casefolded."""
    names = known("names")
    return frozenset(f"{names['latin']} {names['cyrillic']}".split())


@functools.cache
def cjk_surnames() -> tuple[str, ...]:
    """Surnames that open a Chinese, Japanese or Korean name, the longest first."""
    return tuple(sorted(known("names")["cjk"], key=len, reverse=True))


@functools.cache
def first_person(language: str) -> re.Pattern[str]:
    """A word by which somebody speaks of themselves, in `language` or in English."""
    lists, strings = known("cues")["first_person"], known("cues")["first_person_strings"]
    own = lists.get(language, ()) if language in lists or language in strings else words("cues", "first_person")
    spoken = "|".join(sorted(map(re.escape, {*own, *lists["en"]}), key=len, reverse=True))
    joined = "|".join(sorted(map(re.escape, strings.get(language, ()))))
    return re.compile(rf"(?i:(?<![\w’'])(?:{spoken})(?!\w))" + (f"|{joined}" if joined else ""))


@functools.cache
def said() -> re.Pattern[str]:
    """A cue verb of speech, as a whole word where the script has words."""
    spaced, joined = [], []
    for language, verbs in known("cues")["said"].items():
        (joined if language in ("ja", "zh", "ko") else spaced).extend(verbs)
    spoken = "|".join(sorted(map(re.escape, spaced), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{spoken})(?!\w)|{'|'.join(map(re.escape, joined))}")

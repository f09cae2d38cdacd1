"""Ideas that ship: a general vocabulary of advice on social media, one file a language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from expert_roundup.coding.suggestions.cues import Cues, parse_cues, split_words
from expert_roundup.coding.suggestions.stems import stems_of

#: the entry of a file that is no idea: words that tell no theme from another
_EVERYWHERE = "everywhere"


@cache
def shipped_ideas() -> Cues:
    """Cues of all languages on file; an idea has the same name in each."""
    lists: dict[str, list[str]] = {}
    for table in _tables():
        for idea, lines in table.items():
            if idea != _EVERYWHERE:
                lists.setdefault(idea, []).extend(filter(None, map(str.strip, lines.splitlines())))
    return parse_cues(lists)


@cache
def stems_everywhere() -> frozenset[str]:
    """Stems of words that every answer on the subject holds."""
    return stems_of(word for table in _tables() for word in split_words(table.get(_EVERYWHERE, "")))


@cache
def _tables() -> tuple[dict[str, str], ...]:
    folder = files("expert_roundup.coding.suggestions") / "languages"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(tomllib.loads((folder / name).read_text("utf-8")) for name in names)

"""Attendance: the lists by which minutes say who was there ("Present: Jane Doe, John Roe")."""

from __future__ import annotations

import functools
import re
from itertools import islice

from expert_roundup.parsing.knowledge import alternatives, words
from expert_roundup.parsing.names import clean_name, name_likeness
from expert_roundup.parsing.visible import visible

#: characters of a list, and how many there may be: present, guests, scribes
_LONGEST_LIST, _MOST_LISTS = 1_000, 6
#: how like a name an entry must be, and how many words it may have
_NAME, _LONGEST_NAME = 0.5, 5
#: what parts entries, nicknames and firms from names
_EDGE = re.compile(r"[,;、，\n()\"“”]|\s[-–—]\s|\\-")


def listed_names(text: str) -> frozenset[str]:
    r"""The names, and their first and last words, in the lists of those present, case-folded; empty where `text` has none.

    Examples
    --------
    >>> sorted(listed_names("Present: Jane Doe, Torre\n\n- Torre: we begin."))
    ['doe', 'jane', 'jane doe', 'torre']
    """
    names: set[str] = set()
    for found in islice(_opening().finditer(text), _MOST_LISTS):
        behind = text[found.end() : found.end() + _LONGEST_LIST].lstrip()
        listed = re.split(r"\n\s*(?:\n|#)", behind, maxsplit=1)[0]
        for entry in _EDGE.split(listed):
            name = clean_name(visible(entry).lstrip("-*• @"))
            if name_likeness(name) >= _NAME and len(name.split()) <= _LONGEST_NAME:
                names.update(part.casefold() for part in (name, name.split()[0], name.split()[-1]))
    return frozenset(names)


@functools.cache
def _opening() -> re.Pattern[str]:
    """The word that opens a list, on a line of its own or before a colon."""
    opening = alternatives(words("people", "attendance"))
    return re.compile(rf"(?im)^[^\w\n]{{0,8}}_{{0,3}}(?:{opening})\b[*_]*(?:[ \t]*\([^()\n]*\))?[*_]*[ \t]*(?:[:：]|$)")

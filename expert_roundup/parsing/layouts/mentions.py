"""Mentions: who is named in a clause, and the pronouns and groups that stand for speakers."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from expert_roundup.parsing.knowledge import alternatives, known
from expert_roundup.parsing.people import Person


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named in a clause."""

    person: Person
    start: int
    end: int
    is_known: bool  #: in the cast, or of a known given name
    is_pronoun: bool = False


@functools.cache
def _pronouns(language: str) -> re.Pattern[str] | None:
    lists = known("cues")["pronouns"]
    spoken = frozenset(lists.get(language, ())) | (frozenset(lists["en"]) if language not in lists else frozenset())
    if language in ("zh", "ja", "ko"):
        return re.compile(alternatives(spoken))
    return re.compile(rf"(?i)(?<![\w-])(?:{alternatives(spoken)})(?!\w)")


def pronouns_in(clause: str, language: str) -> Iterator[Mention]:
    """The third persons of `clause` that stand for somebody named before."""
    pattern = _pronouns(language)
    for match in pattern.finditer(clause) if pattern else ():
        yield Mention(Person(""), match.start(), match.end(), is_known=True, is_pronoun=True)


#: "the project team at Acme", "a representative from the Acme team", "команда Acme"
_GROUP = re.compile(
    r"""(?x)\b
    (?: (?P<one>[Aa]n?|[Oo]ne|[Aa]nother)\s (?P<who>[a-z]+(?:\s[a-z]+)?\s(?:from|of|at|with)\s(?:the\s)?(?:[\w’'-]+\s){0,4}?(?:team|group|department|agency)) \b
      | (?P<the>[Tt]he|[Oo]ur)\s (?P<group>(?:[\w’'-]+\s){0,5}?(?:team|group)) \b
        (?P<at>\s(?:at|of|from|in)\s(?:the\s)?[A-Z][\w’'-]*(?:\s(?:of\s|and\s|for\s|the\s)*[A-Z][\w’'-]*)*)?
      | (?:[Дд]ля\s)?(?P<ru>[Кк]оманд[аы]\s[A-ZА-ЯЁ][\w-]*)
      | (?P<fr>[Ll][’']équipe\s(?:de\s|d[’']|du\s)?[A-Z][\w-]*)
      | (?P<es>[Ee]l\sequipo\s(?:de\s|del\s)?[A-Z][\w-]*)
    )"""
)


def groups_in(clause: str) -> Iterator[Mention]:
    """The teams and departments that `clause` names as speakers."""
    if len(clause) > 2_000:
        return
    for match in _GROUP.finditer(clause):
        if match["who"]:
            name = match["who"]
        elif match["group"]:
            name = match["group"] + (match["at"] or "")
            name = f"The {name}" if match["the"] == "The" else name
        else:
            name = match["ru"] or match["fr"] or match["es"]
        yield Mention(Person(name), match.start(), match.end(), is_known=True)

"""The cast: the people whom a document names, under their full names and by any part of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.knowledge import alternatives, given_names, known, plain, words
from expert_roundup.parsing.names import clean_name, is_capitalised, name_likeness
from expert_roundup.parsing.people import Person, is_role

_UPPER = "A-ZÀ-ÖØ-ÞĀ-ŽȘ-ȚА-ЯЁІЇЄҐΑ-Ω"
#: letters of the scripts that have capitals; those of others may touch a name
_LETTER = "A-Za-zÀ-ÖØ-öø-ɏͰ-ϿЀ-ӿḀ-ỿ"
_PARTICLE = r"(?:van|von|der|den|de|del|della|di|da|dos|la|le|el|al|bin|ter|ван|фон|де)"
#: a capitalised word: the rest may hold capitals too (McGrath), inner hyphens and apostrophes
_CAPITAL = rf"[{_UPPER}](?:[{_LETTER}]|[’'-](?=[{_UPPER}])|[’'](?=[{_LETTER}]{{2}}))*+\.?"
#: capitalised words in a row, particles and a nickname allowed between
_RUN = re.compile(
    rf"(?<![{_LETTER}\d_@/#])(?:{_CAPITAL})"
    rf"(?:[ \u00a0\n](?:[\"“(][\w .]{{1,20}}[\"”)] )?(?:{_PARTICLE} ){{0,2}}(?:{_CAPITAL}))*+(?![{_LETTER}\d_@])"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named in a clause."""

    person: Person
    start: int
    end: int
    is_known: bool  #: in the cast, or of a known given name
    is_pronoun: bool = False


class Cast:
    """The full names that a document gives, by any of their words."""

    def __init__(self, document: Document, speakers: Iterable[str] = ()) -> None:
        self.language = document.language
        self._is_common = document.writes_in_lower_case
        self.full: dict[str, str] = {}
        self._mentions: dict[str, tuple[Mention, ...]] = {}
        for name in speakers:
            self.learn(name)
        for match in _RUN.finditer(document.prose):
            person = self._person(match.group())
            if person and " " in person.name:
                self.learn(person.name)

    def learn(self, name: str) -> None:
        """Enter a full name under each of its words that stands for nobody yet."""
        for part in name.split():
            if len(part) > 1 and is_capitalised(part):
                self._mentions.clear()
                self.full.setdefault(plain(part.strip(".,")), name)

    def full_name(self, name: str) -> str:
        """The full name that `name` is a part of, `name` itself if none is known."""
        parts = name.split()
        found = self.full.get(plain(parts[0].strip(".,"))) if parts else None
        if found and len(parts) == 2 and len(parts[1].strip(".")) == 1 and found.split()[-1][0] == parts[1][0]:
            return found  # "Jane D."
        if found and " " in found and name.startswith(f"{found} "):
            return found  # what follows the name on the page begins with a capital too
        if found and len(parts) > 1 and not set(map(plain, parts)) <= set(map(plain, found.split())):
            return name
        return found or name

    def knows(self, name: str) -> bool:
        """Whether `name` is one of the full names."""
        return bool(name) and self.full.get(plain(name.split()[-1].strip(".,"))) == name

    def mentions(self, clause: str) -> tuple[Mention, ...]:
        """Whoever is named in `clause`, in order: people, pronouns, groups, and other capitalised words."""
        known = self._mentions.get(clause)
        if known is None:
            if len(self._mentions) > 4_096:
                self._mentions.clear()
            known = self._mentions[clause] = tuple(self._found(clause))
        return known

    def _found(self, clause: str) -> Iterator[Mention]:
        found = [*self._runs(clause), *_pronouns_in(clause, self.language), *_groups_in(clause)]
        end = -1
        for mention in sorted(found, key=lambda one: (one.start, -one.end)):
            if mention.start >= end:
                yield mention
                end = mention.end

    def _runs(self, clause: str) -> Iterator[Mention]:
        for match in _RUN.finditer(clause):
            text, start = match.group(), match.start()
            person = self._person(text)
            if person:
                start += text.find(person.name.split()[0])
                yield Mention(Person(self.full_name(person.name), person.role), start, match.end(), is_known=True)
            elif name := self._unknown(text):
                yield Mention(Person(name), start + text.find(name.split()[0]), match.end(), is_known=False)

    def _person(self, run: str) -> Person | None:
        """The known person at the end of a run of capitalised words, what stands before them as the role."""
        tokens = run.split()
        while tokens and tokens[0].casefold().strip(".") in _titles():
            tokens = tokens[1:]
        for index, token in enumerate(tokens):
            bare = plain(token.strip(".,"))
            is_name = bare in given_names() and (len(tokens) - index > 1 or not self._is_common(token.casefold()))
            if is_name or bare in self.full:
                name = clean_name(" ".join(self._name_only(tokens[index : index + 5])))
                if name.casefold() in words("people", "not_names") or name_likeness(name) < 0.3:
                    continue
                before = tokens[:index] if index and self._is_role(tokens[:index]) else []
                return Person(name, re.sub(r"[’']s$", "", " ".join(before)))
        return None

    def _name_only(self, tokens: list[str]) -> list[str]:
        """The words before one that says what its bearer is: "Jane Doe Expert" is two lines of a page."""
        roles = words("people", "roles")
        end = next((number for number, token in enumerate(tokens[1:], 1) if token.casefold() in roles), len(tokens))
        return tokens[:end]

    def _is_role(self, tokens: list[str]) -> bool:
        """Whether capitalised words right before a name are a role; in German any noun there is one."""
        is_noun = (
            self.language == "de" and len(tokens) == 1 and tokens[0].casefold() not in words("people", "not_names")
        )
        return is_noun or is_role(tokens)

    def _unknown(self, run: str) -> str | None:
        """A run that may be a name: without the common words that only open the sentence."""
        tokens = run.split()
        while tokens and (
            tokens[0].casefold() in words("people", "not_names") or self._is_common(tokens[0].casefold())
        ):
            tokens = tokens[1:]
        name = clean_name(" ".join(tokens))
        return name if name_likeness(name) >= 0.5 else None


@functools.cache
def _titles() -> frozenset[str]:
    return frozenset(word.strip(".") for word in words("people", "honorifics"))


@functools.cache
def _pronouns(language: str) -> re.Pattern[str] | None:
    lists = known("cues")["pronouns"]
    spoken = frozenset(lists.get(language, ())) | (frozenset(lists["en"]) if language not in lists else frozenset())
    if language in ("zh", "ja", "ko"):
        return re.compile(alternatives(spoken))
    return re.compile(rf"(?i)(?<![\w-])(?:{alternatives(spoken)})(?!\w)")


def _pronouns_in(clause: str, language: str) -> Iterator[Mention]:
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


def _groups_in(clause: str) -> Iterator[Mention]:
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

"""The cast: the people whom a document names, under their full names and by any part of them."""

from __future__ import annotations

import functools
import re
from collections import deque
from collections.abc import Iterable, Iterator

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.knowledge import common_words, given_names, plain, words
from expert_roundup.parsing.layouts.capitals import RUN, Scan
from expert_roundup.parsing.layouts.descriptions import Presentations, describes_person
from expert_roundup.parsing.layouts.mentions import Mention, groups_in, pronouns_in
from expert_roundup.parsing.layouts.native_names import recurring_names
from expert_roundup.parsing.names import clean_name, is_capitalised, name_likeness
from expert_roundup.parsing.people import Person, is_role, keeps_von

#: the day before a month
_DAY = re.compile(r"\d{1,2}\.? $")
#: characters of the longest title
_LONGEST_TITLE = 20
#: capitalised words of the longest name
_LONGEST = 5
#: clauses and names that are kept
_MOST_KEPT = 4_096
#: characters before an alias in which its bearer is named
_BEFORE_ALIAS = 110


class Cast:
    """The full names that a document gives, by any of their words."""

    def __init__(self, document: Document, speakers: Iterable[str] = (), *, scan: Scan | None = None) -> None:
        self._document = document
        self._scan = scan or Scan.of(document.prose)
        self.language = document.language
        self._is_common = document.writes_in_lower_case
        self.full: dict[str, str] = {}
        #: where words that several full names share change whom they stand for, as (line of the prose, word, name)
        self._turns: deque[tuple[int, str, str]] = deque()
        self._shared: set[str] = set()
        self._learned: set[str] = set()
        self._mentions: dict[str, tuple[Mention, ...]] = {}
        #: run of capitalised words -> whom it names, as long as no word is learned
        self._people: dict[str, Person | None] = {}
        for name in speakers:
            self.learn(name)
        prose = document.prose
        self.presentations = Presentations(prose)
        for match in self._scan.aged:
            self.learn(self._aged(match.group(), prose[max(0, match.start() - 4) : match.start()]))
        place = line = 0
        for match in self._scan.runs:
            person = self._person(match.group())
            if person and " " in person.name:
                line += prose.count("\n", place, match.start())
                place = match.start()
                self.learn(person.name, line)
                self.presentations.add(person.name, match.start(), _end_of(person.name, match))
        for match in self._scan.aliases:
            self._learn_alias(match["alias"], prose[max(0, match.start() - _BEFORE_ALIAS) : match.start()])

    def knowing(self, speakers: Iterable[str]) -> Cast:
        """The cast of the same document with these full names known from the beginning."""
        return Cast(self._document, speakers, scan=self._scan)

    def learn(self, name: str, line: int = 0) -> None:
        """Enter a full name, met at a line of the prose, under each of its words that stands for nobody yet."""
        self._learned.add(name)
        for part in name.split():
            if len(part) > 1 and is_capitalised(part):
                word = plain(part.strip(".,"))
                if (held := self.full.get(word)) is None:
                    held = self.full[word] = name
                    self._people.clear()
                if word in self._shared or _are_namesakes(held, name):
                    self._shared.add(word)
                    self._turns.append((line, word, name))
                self._mentions.clear()

    def read_on(self, line: int) -> None:
        """Let words that several names share stand for the one who was named last before the end of `line`."""
        while self._turns and self._turns[0][0] <= line:
            _, word, name = self._turns.popleft()
            if _are_namesakes(self.full[word], name):
                self._mentions.clear()
                self._people.clear()
                self.full[word] = name

    def _learn_alias(self, alias: str, before: str) -> None:
        """Enter what everybody calls the one named last in `before`: "Jane Doe, known as Jay"."""
        named = [self._person(run.group()) for run in RUN.finditer(before.rpartition(". ")[2])]
        full = [person.name for person in named if person and " " in person.name]
        if full:
            self._mentions.clear()
            self._people.clear()
            self.full.setdefault(plain(alias.strip(".,")), full[-1])

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
        """Whether `name` is one of the full names, or one of those that its last word may stand for."""
        word = plain(name.split()[-1].strip(".,")) if name else ""
        return self.full.get(word) == name or (word in self._shared and name in self._learned)

    def recurring_in(self, clause: str) -> Person | None:
        """Whoever a Chinese page is about and `clause` names last."""
        if self.language != "zh":
            return None
        windows = (clause[place : place + 3] for place in range(len(clause) - 3, -1, -1))
        return next((Person(name) for name in windows if name in self._recurring), None)

    @functools.cached_property
    def _recurring(self) -> frozenset[str]:
        return recurring_names(self._document.prose)

    def mentions(self, clause: str) -> tuple[Mention, ...]:
        """Whoever is named in `clause`, in order: people, pronouns, groups, and other capitalised words."""
        known = self._mentions.get(clause)
        if known is None:
            if len(self._mentions) > _MOST_KEPT:
                self._mentions.clear()
            known = self._mentions[clause] = tuple(self._found(clause))
        return known

    def _found(self, clause: str) -> Iterator[Mention]:
        found = [*self._runs(clause), *pronouns_in(clause, self.language), *groups_in(clause)]
        end = -1
        for mention in sorted(found, key=lambda one: (one.start, -one.end)):
            if mention.start >= end:
                yield mention
                end = mention.end

    def _runs(self, clause: str) -> Iterator[Mention]:
        for match in RUN.finditer(clause):
            text = match.group()
            found = self._person(text)
            if " " not in text and _DAY.search(clause, max(0, match.start() - 5), match.start()):
                continue  # "9. Juli", whoever else is called so
            if person := found or self._unknown(text):
                start = match.start() + text.find(person.name.split()[0])
                # "Mrs. Doe": a dot behind three letters ends a run
                title = next(iter(clause[max(0, start - _LONGEST_TITLE) : start].split()[-1:]), "")
                is_titled = title.casefold().strip(".") in _titles()
                start = clause.rfind(title, 0, start) if is_titled else start
                end = _end_of(person.name, match)
                full = Person(self.full_name(person.name), person.role) if found else person
                yield Mention(full, start, end, is_known=found is not None or is_titled)

    def _person(self, run: str) -> Person | None:
        """Whom a run of capitalised words names, None if nobody known; pages name the same few again and again."""
        if run not in self._people:
            if len(self._people) > _MOST_KEPT:
                self._people.clear()
            self._people[run] = self._known_person(run)
        return self._people[run]

    def _known_person(self, run: str) -> Person | None:
        """The known person at the end of a run of capitalised words, what stands before them as the role."""
        tokens = run.split()
        while tokens and tokens[0].casefold().strip(".") in _titles():
            tokens = tokens[1:]
        for index, token in enumerate(tokens):
            bare = plain(token.strip(".,"))
            is_name = bare in given_names() and (len(tokens) - index > 1 or not self._is_common(token.casefold()))
            if not is_name and bare in self.full and self._names_office(tokens, index):
                continue
            if is_name or bare in self.full:
                # "Tim Ball" is not the Toni Ball whom the page has named
                index -= not is_name and index > 0 and self._is_surname(bare) and self._may_be_given(tokens[index - 1])
                name = clean_name(" ".join(self._name_only(tokens[index : index + 2 * _LONGEST])))
                if name.casefold() in words("people", "not_names") or name_likeness(name) < 0.3:
                    continue
                if _is_organisation(name.split()[1:]):
                    return None  # "Kennedy Space Center"
                before = tokens[:index] if index and self._is_role(tokens[:index]) else []
                return Person(name, re.sub(r"[’']s$", "", " ".join(before)))
        return None

    def _names_office(self, tokens: list[str], index: int) -> bool:
        """Whether a word that is part of a name only says where a given name behind it holds an office: "Folger Director Jane Doe"."""
        begin = index + 2
        for at, token in enumerate(tokens[begin : begin + 2 * _LONGEST], start=begin):
            if plain(token.strip(".,")) in given_names():
                return describes_person(tokens[at - 1])
        return False

    def _is_surname(self, bare: str) -> bool:
        return plain(self.full[bare].split()[-1].strip(".,")) == bare

    def _may_be_given(self, token: str) -> bool:
        """Whether a capitalised word before a surname may be a given name that we do not know; in German it may be any noun."""
        low = token.casefold()
        is_word = describes_person(token) or low.strip(".") in _titles() or self._opens_sentence(token)
        is_word = is_word or low in common_words(self.language)
        return self.language != "de" and len(token) > 2 and token.isalpha() and not token.isupper() and not is_word

    def _name_only(self, tokens: list[str]) -> list[str]:
        """The words before one that says what its bearer is: "Jane Doe Expert" is two lines of a page."""
        roles, small = words("people", "roles"), words("people", "particles")
        end, n_capitals = 0, 0
        for number, token in enumerate(tokens):
            is_small = token.casefold() in small and not is_capitalised(token)
            # in Italian a small particle names where somebody belongs: surnames write theirs with a capital
            belongs = is_small and self.language == "it"
            # "Jane Roe von Acme", but "Johann Wolfgang von Goethe"
            is_von = number > 1 and self.language == "de" and is_small and token.startswith("von")
            belongs = belongs or (is_von and not keeps_von(tokens[number - 1]))
            if (number and token.casefold() in roles) or n_capitals == _LONGEST or belongs:
                break
            n_capitals += not is_small
            end = end if is_small else number + 1
        return tokens[:end]

    def _aged(self, run: str, before: str) -> str:
        """The name before an age, without titles and without what a small word ties to the role: "student of Law Jane Doe"."""
        tokens = run.split()[-_LONGEST:]
        while len(tokens) > 2 and (self._opens_sentence(tokens[0]) or describes_person(tokens[0])):
            tokens = tokens[1:]
        while len(tokens) > 1 and tokens[0].casefold().strip(".") in _titles():
            tokens = tokens[1:]
        is_given = plain(tokens[0].strip(".,")) in given_names()
        if not is_given and (describes_person(tokens[-1]) or _is_organisation(tokens)):
            return ""  # "Department Head, a position"
        is_tied = before.rstrip().rpartition(" ")[2].casefold() in words("people", "particles") | {"of"}
        return " ".join(tokens[-2:] if is_tied else tokens)

    def _opens_sentence(self, token: str) -> bool:
        return token.casefold() in words("people", "not_names") or self._is_common(token.casefold())

    def _is_role(self, tokens: list[str]) -> bool:
        """Whether capitalised words right before a name are a role; in German any noun there is one."""
        is_noun = (
            self.language == "de" and len(tokens) == 1 and tokens[0].casefold() not in words("people", "not_names")
        )
        return is_noun or is_role(tokens)

    def _unknown(self, run: str) -> Person | None:
        """A run that may be a name: without the common words that only open the sentence, and the role before it."""
        tokens = run.split()
        while tokens and (self._opens_sentence(tokens[0]) or tokens[0].casefold() in words("cues", "as_for")):
            tokens = tokens[1:]
        # "President Jane Doe", "SGA Chair Jane Doe": two words or more behind the last one that is a role
        last = next((at for at in range(len(tokens) - 2, 0, -1) if describes_person(tokens[at - 1])), 0)
        name = clean_name(" ".join(self._name_only(tokens[last : last + 2 * _LONGEST])))
        if name_likeness(name) < 0.5 or name.casefold() in _titles():
            return None
        return Person(name, " ".join(tokens[:last]))


def _end_of(name: str, run: re.Match[str]) -> int:
    """Where a name ends that is a part of a run of capitalised words."""
    last = name.split()[-1]
    return run.start() + max(run.group().find(last, run.group().find(name.split()[0])), 0) + len(last)


@functools.lru_cache(maxsize=4_096)
def _are_namesakes(one: str, other: str) -> bool:
    """Whether two names that share a word are two people's, and the other one is plainly a name."""
    parts, others = set(one.split()), {part for part in other.split() if len(part.strip(".")) > 1}
    is_plain = 1 < len(others) <= 3 and all(map(is_capitalised, others)) and plain(other.split()[0]) in given_names()
    return is_plain and bool(parts - others) and bool(others - parts)


def _is_organisation(tokens: Iterable[str]) -> bool:
    return not words("people", "organisations").isdisjoint(token.casefold().strip(".,") for token in tokens)


@functools.cache
def _titles() -> frozenset[str]:
    return frozenset(word.strip(".") for word in words("people", "honorifics"))

"""Lead-ins: the paragraph before a block quote, and whom it names as the speaker."""

from __future__ import annotations

import functools
import re

from expert_roundup.parsing.knowledge import common_words, given_names, known, plain, said, small_in_names, words
from expert_roundup.parsing.layouts.beside import sentences, speaker_before
from expert_roundup.parsing.layouts.cast import Cast
from expert_roundup.parsing.names import clean_name, name_likeness
from expert_roundup.parsing.people import Person, split_person

_ENDS_OPEN = (":", "：", ",", "…", "-", "—", "–")
#: characters between a verb and the name of its subject
_NEAR = 40
_ARTICLES = frozenset({"the", "our", "l'équipe", "команда"})
#: "from WhatsApp server", "of the GMB team"
_BELONGS = re.compile(r"(?:from|of|at)\s+((?:the\s+)?(?:[A-Z0-9][\w&.-]*\s*|of\s+|and\s+)+(?:team|group|server)?)")
_TEAM = re.compile(r"\b[Tt]he\s+((?:[\w’'-]+\s+){0,6}?(?:team|group))\b")


def lead_in(shown: str, cast: Cast, last: Person | None) -> Person | None:
    """The speaker that the paragraph `shown` before a block quote announces, None if it announces none.

    The last sentence counts; where it ends in a colon and names nobody, the first one of the paragraph does. Of other
    sentences only those count in which somebody known writes or says something: "Jane Doe wrote a guide. It is short."
    """
    parts = sentences(shown)
    if not parts:
        return None
    closing = parts[-1]
    ends_open = shown.rstrip().endswith(_ENDS_OPEN)
    if not ends_open and not said().search(closing):
        written = (_before_cue(sentence) for sentence in reversed(parts[:-1]))
        return next((person for person in written if person and cast.knows(person.name)), None)
    if person := _apposed(closing) or _before_cue(closing) or _behind_cue(closing, cast) or _subject(closing, cast):
        return person
    if not ends_open:
        return None
    for sentence in reversed(parts):
        if person := speaker_before(sentence, cast, last):
            return person
    return None


def _apposed(sentence: str) -> Person | None:
    """The subject where commas set its role apart: "Jane Doe, head of content, Acme, puts it like this"."""
    cue = said().search(sentence)
    if cue is None or not sentence[: cue.start()].rstrip().endswith(","):
        return None
    name, _, role = sentence[: cue.start()].rstrip(" ,").partition(",")
    if name_likeness(name) < 0.8:
        return None
    return Person(clean_name(name), role.strip() if len(role.split()) <= 16 else "")


def _before_cue(sentence: str) -> Person | None:
    """The name right before the last cue verb: "…, and Barys reported"."""
    small = small_in_names()
    for cue in reversed(list(said().finditer(sentence))):
        tokens = sentence[: cue.start()].split()
        name: list[str] = []
        while tokens:
            word = tokens[-1]
            bare = word.strip(",.()’'")
            if not (bare[:1].isupper() and not (name and word.endswith((",", ".", ":")))) and not (
                name and bare.casefold() in small
            ):
                break
            name.insert(0, tokens.pop().rstrip(","))
        while name and (name[0].casefold() in small or name[0].casefold() in words("people", "not_names")):
            name = name[1:]
        label = " ".join(name)
        if label and name_likeness(label) >= 0.5:
            team = _TEAM.search(" ".join(tokens))
            return Person(clean_name(label), team[1] if team else "")
    return None


def _behind_cue(sentence: str, cast: Cast) -> Person | None:
    """The full name behind the last verb of a sentence: "…, comme l'explique l'ingénieur Jane Doe :"."""
    cues = list(said().finditer(sentence))
    if not cues or cast.language == "en":
        return None
    people = [one for one in cast.mentions(sentence) if one.start >= cues[-1].end() and not one.is_pronoun]
    first = people[0] if people else None
    is_near = first is not None and first.is_known and first.start - cues[-1].end() <= _NEAR
    return first.person if first and is_near and " " in first.person.name else None


def _subject(sentence: str, cast: Cast) -> Person | None:
    """The capitalised words that open a sentence: its subject, with "of" or "from" or what commas enclose as the role."""
    tokens = sentence.split()
    article = tokens.pop(0) if tokens and tokens[0].casefold() in _ARTICLES else ""
    groups = words("people", "organisations")
    taken = _leading(tokens, groups)
    label = " ".join(taken).strip(" ,:.")
    low = label.casefold()
    is_function_word = low in common_words(cast.language) and plain(label) not in given_names()
    if not label or is_function_word or low in words("people", "not_names") or low in _all_pronouns():
        return None
    is_group = any(word.casefold().strip(",.:") in groups for word in taken)
    if article and not is_group:
        return None
    person = split_person(label)
    if name_likeness(person.name) < 0.3 and not is_group:
        return None
    rest = " ".join(tokens[len(taken) :])
    name = f"{article} {person.name}" if article[:1].isupper() else person.name
    return Person(name if article else clean_name(name), _role(taken, rest) or person.role)


def _leading(tokens: list[str], groups: frozenset[str]) -> list[str]:
    small = small_in_names()
    taken: list[str] = []
    for word in tokens:
        bare = word.strip("(),.:;’'“”\"")
        if not (bare[:1].isupper() or (taken and (bare.casefold() in small or bare.casefold() in groups))):
            break
        taken.append(word)
        if word.endswith((",", ":", ".")) or bare.casefold() in groups:
            break
    while taken and taken[-1].casefold() in small:
        taken.pop()
    return taken


def _role(taken: list[str], rest: str) -> str:
    if taken and taken[-1].endswith(","):
        # "Jane Doe, head of content at Acme, explains"
        aside = rest.split(",", 1)[0] if "," in rest else ""
        return aside if 0 < len(aside.split()) <= 14 else ""
    match = _BELONGS.match(rest)
    return match[1].removeprefix("the ").strip() if match else ""


@functools.cache
def _all_pronouns() -> frozenset[str]:
    return frozenset(word for entries in known("cues")["pronouns"].values() for word in entries)

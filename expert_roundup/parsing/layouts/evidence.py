"""Evidence: what speaks for and against an attempt, weighed the same way for every layout."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from expert_roundup.parsing.answers import Attempt, Document, n_said
from expert_roundup.parsing.knowledge import common_words, given_names, plain, words
from expert_roundup.parsing.names import CASELESS, HANDLE, WORD, is_capitalised, is_known_person, name_likeness
from expert_roundup.parsing.people import Person, has_age
from expert_roundup.parsing.visible import holds_question

#: answers and speakers that are looked at; of more, every second, third, … one
_SAMPLE = 300


@dataclass(frozen=True, slots=True)
class Evidence:
    """Shares and counts over an attempt's answers."""

    n_answers: int
    n_speakers: int
    coverage: float  #: share of the document's text that the answers take
    personhood: float  #: how surely the speakers are people, mean over distinct speakers
    voice: float  #: share of answers in which somebody says I or we
    is_asked: bool  #: whether somebody asks, a moderator or a question mark before an answer

    @property
    def score(self) -> float:
        """How well the attempt explains the document, 0 to 1."""
        several = 1 - 1 / (self.n_answers + 1)
        return max(self.personhood, 0.2) * (0.4 + 0.6 * self.voice) * (0.25 + 0.75 * self.coverage) * several


#: the least personhood, and the least coverage (with few answers, with many), by layout
_LEAST = {
    "said": (0.5, 0.1, 0.06),
    "quote_then_name": (0.35, 0.1, 0.01),
    "cards": (0.35, 0.03, 0.01),
    "headings": (0.35, 0.05, 0.05),
    "labels": (0.3, 0.08, 0.08),
    "transcript": (0.3, 0.08, 0.08),
    "table": (0.3, 0.02, 0.02),
    "mixed": (0.3, 0.05, 0.01),
}
#: personhood from which labels need no question above them to be taken for speakers
_KNOWN = 0.7
#: the least personhood of whoever a page describes beside a verb of speech, in scripts without capitals
_DESCRIBED = 0.55
#: personhood of the firms in a table of those who use something
_FIRMS = 0.4
#: personhood of speakers who are people beyond doubt
_SURE = 0.9
#: personhood from which few quotations in prose suffice
_NAMED = 0.85
#: quotations by several people that make a page news, and the coverage that they need
_NEWS, _LITTLE = 4, 0.03
#: the coverage of quotations that nothing marks and in which nobody says I or we
_PLAIN = 0.1
#: answers that are too few where nothing else speaks for them
_FEW = 3
#: quotations with a credit below each that make a habit, and the least personhood where they do
_HABIT, _ANONYMOUS = 5, 0.2
#: turns of a conversation, and the share of them in which somebody says I or we, and of the page that they take
_TALK, _MOSTLY = 8, 0.6
#: characters of such a turn on average, and how surely the labels must be people's
_LONG_TURN, _PERHAPS = 40, 0.35
#: answers that count as many
_MANY = {"said": 5, "quote_then_name": 3, "cards": 3}


def objection(attempt: Attempt, found: Evidence) -> str:
    """Why the attempt is no roundup, in words; "" if nothing speaks against it."""
    least_people, few, many = _LEAST[attempt.layout]
    if attempt.is_explicit and attempt.layout == "quote_then_name" and found.n_answers >= _HABIT:
        least_people = _ANONYMOUS  # the markup says that somebody is quoted, be it only "a student"
    if attempt.is_explicit and attempt.layout == "transcript":
        least_people = 0.0  # the title says whom the interview is with
    if found.personhood < least_people:
        return f"the names are too unlike people's ({found.personhood:.0%})"
    are_many = found.n_answers >= _MANY.get(attempt.layout, 4) and found.n_speakers > 1
    # two customers suffice on a page that is about something else, where it credits them
    is_credited = attempt.is_explicit and attempt.layout in ("quote_then_name", "cards") and found.n_speakers > 1
    is_sure = found.personhood >= _SURE and found.voice >= 0.75
    are_many = are_many or (is_sure and (found.n_answers >= 3 or is_credited))
    # who says I and we in turn throughout a page talks, whatever the labels are
    is_long = n_said(attempt.answers) >= _LONG_TURN * found.n_answers
    is_talk = found.n_answers >= _TALK and is_long and min(found.voice, found.coverage) >= _MOSTLY
    is_talk = is_talk and attempt.layout == "transcript" and found.personhood >= _PERHAPS
    is_open = not (found.is_asked or attempt.is_explicit or is_talk)
    if attempt.layout in ("labels", "transcript") and found.personhood < _KNOWN and is_open:
        return f"nobody asks, and the labels may be any words ({found.personhood:.0%})"
    least_coverage = many if are_many else few
    if attempt.layout == "said" and found.n_speakers > 1 and found.personhood >= _NAMED:
        least_coverage = many  # news quote two or three people, and say plainly who they are
    if attempt.layout == "said" and found.n_answers < _FEW and not found.voice and found.coverage < few:
        return "two quotations in which nobody says I or we, and little of the document"
    if attempt.layout == "quote_then_name" and not (attempt.is_explicit or found.voice) and found.coverage < _PLAIN:
        return "nothing marks the quotations, nobody says I or we, and they are little of the document"
    if attempt.layout == "said" and found.n_answers >= _NEWS and found.n_speakers > 1 and found.personhood >= _KNOWN:
        least_coverage = _LITTLE
    if found.coverage < least_coverage:
        return f"the answers take too little of the document ({found.coverage:.0%})"
    return ""


def least_coverage(layout: str) -> float:
    """The least share of a document that answers in this layout must take."""
    return _LEAST[layout][2]


def coverage_for(score: float) -> float:
    """The coverage that an attempt needs to reach `score` if all else speaks for it."""
    return (score - 0.25) / 0.75


def evidence(document: Document, attempt: Attempt) -> Evidence:
    """Weigh `attempt`: who speaks, how much of the document, and whether it sounds like speech."""
    n = len(attempt.answers)
    sample = attempt.answers[:: n // _SAMPLE + 1]
    texts = [document.said(answer) for answer in sample]
    speakers = list(dict.fromkeys(answer.speaker for answer in attempt.answers))
    heard = speakers[:: len(speakers) // _SAMPLE + 1]
    return Evidence(
        n_answers=n,
        n_speakers=len(speakers),
        coverage=min(1.0, n_said(attempt.answers) / document.size),
        personhood=_personhood(document, attempt, heard),
        voice=sum(map(document.speaks_of_self, texts)) / len(texts),
        is_asked=bool(attempt.moderators)
        or any(holds_question(document.text[start:end]) for start, end in attempt.questions),
    )


def _personhood(document: Document, attempt: Attempt, heard: Sequence[str]) -> float:
    """How surely the speakers are people: whoever has an age is; labels that the page explains count as the names they stand for."""
    aged = {answer.speaker for answer in attempt.answers if has_age(Person(answer.speaker, answer.role))}
    if attempt.layout == "said" and document.language in ("zh", "ja", "ko"):
        # a verb of speech says so of whoever is described: "地元の民兵指導者は"
        each = [max(personhood(document, name), _DESCRIBED * bool(CASELESS.search(name))) for name in heard]
        return sum(each) / max(1, len(each))
    sure = personhood_of(document, heard, aged)
    if attempt.layout == "table" and document.announces_users:
        return max(sure, _FIRMS)  # firms may be called by any word
    if sure >= _KNOWN or attempt.layout not in ("labels", "transcript", "said"):
        return sure
    from expert_roundup.parsing.resolution import full_names

    names = full_names(document, heard, attempt.moderators)
    return personhood_of(document, [names[name] for name in heard])


def personhood_of(document: Document, names: Sequence[str], aged: Collection[str] = ()) -> float:
    """How surely these names are people's, on average; whoever is among `aged` is a person."""
    return sum(1.0 if name in aged else personhood(document, name) for name in names) / max(1, len(names))


def personhood(document: Document, name: str) -> float:
    """How surely `name` is a speaker's: 1 a known given name or handle, 0 words that are common or in lower case elsewhere.

    Words of groups (team, institute) count as half a person; a name of unknown words as a little more.
    """
    if HANDLE.match(name) or document.is_listed(name):
        return 1.0
    if name.casefold() in words("people", "interviewed"):
        return 0.5
    tokens = [token for token in WORD.findall(name) if len(token.strip(".")) > 1]
    is_known = is_known_person(name)
    # a given name is never common: where they are half of the name, nothing can speak against it
    if is_known and sum(plain(token.strip(".")) in given_names() for token in tokens) * 2 >= len(tokens):
        return 1.0
    common = sum(is_common(document, token) for token in tokens)
    if is_known and common * 2 <= len(tokens):
        return 1.0
    if CASELESS.search(name):
        return 0.8 if name_likeness(name) >= 0.8 else 0.3
    if any(token.casefold() in words("people", "organisations") for token in tokens):
        return 0.5
    if not tokens:
        return 0.3
    if common * 2 >= len(tokens):
        return 0.0 if common == len(tokens) else 0.2
    return 0.6 if name_likeness(name) >= 0.8 else 0.4


def is_common(document: Document, token: str) -> bool:
    """Whether a word of a name is a common one, or one that the document writes in lower case elsewhere."""
    low = token.casefold().strip(".")
    if low in words("people", "particles") or low in words("people", "joiners") or plain(low) in given_names():
        return False
    if token.isupper() and len(token) <= 4:
        return False
    if low in common_words(document.language) or (len(low) >= 7 and low.endswith(_endings())):
        return True
    return is_capitalised(token) and len(low) > 2 and document.writes_in_lower_case(low)


@functools.cache
def _endings() -> tuple[str, ...]:
    return tuple(words("common_words", "endings"))

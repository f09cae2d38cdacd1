"""Who the words right behind a quotation name: “…,” said Jane Doe; “…”, recuerda; “…”, says the gardener."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from expert_roundup.parsing.knowledge import alternatives, known, said, words
from expert_roundup.parsing.layouts.beside import REACH, according_to, is_subject, touches, with_role
from expert_roundup.parsing.layouts.cast import Cast
from expert_roundup.parsing.layouts.descriptions import describes_person, description, without_article
from expert_roundup.parsing.layouts.mentions import Mention
from expert_roundup.parsing.layouts.native_names import native_after
from expert_roundup.parsing.names import is_known_person
from expert_roundup.parsing.people import Person

#: what may stand between a quotation and the words behind it
_EDGE = " ,，、;—–-.。…·"
#: languages in which a verb needs no subject
PRO_DROP = frozenset({"es", "pt", "it", "ru", "uk", "pl", "tr"})


def speaker_after(clause: str, cast: Cast, last: Person | None) -> Person | None:
    """Who the words right behind a quotation name: "said Jane Doe, head of content", "Jane said", "she adds"."""
    if cast.language in ("zh", "ja", "ko") and (native := native_after(clause, cast.language)):
        return native
    head = clause.lstrip(_EDGE)[: 2 * REACH]
    mentions = list(cast.mentions(head))
    if view := according_to().match(head):
        return _whose_view(head, view.end(), mentions, cast, last)
    cue = _cue_behind().search(head)
    if cue is None:
        is_credit = clause.lstrip(" ,.")[:1] in ("—", "–")
        if is_credit and mentions and mentions[0].start <= 3 and not mentions[0].is_pronoun:
            return with_role(mentions[0], head)
        return None
    before = [mention for mention in mentions if mention.end <= cue.start()]
    after = [mention for mention in mentions if cue.end() <= mention.start <= cue.end() + REACH]
    if not before and len(head[: cue.start()].split()) <= 4 and (found := _behind_cue(head, cue, after, cast, last)):
        return found
    for mention in before[:1] + before[-1:]:
        # the first one, or behind its firm the last: "HILL's Jane Doe said", "Hill 的 Jane Doe 说"
        if (mention.is_known and mention in before[:1]) or touches(head, mention, cue):
            return last if mention.is_pronoun else with_role(mention, head[: cue.start()])
    if apposed := _apposed(head, before, cue):
        return apposed
    subject = head[: cue.start()].rstrip()
    is_described = subject and description(subject, cast.language) == subject
    return cast.presentations.described(subject, last) if is_described else None


def _apposed(head: str, before: Sequence[Mention], cue: re.Match[str]) -> Person | None:
    """The full name that commas set beside what its bearer is: "the firm's head, Jane Doe, told", "Jane Doe, its head, told"."""
    if not head[: cue.start()].rstrip().endswith(","):
        return None
    for mention in (*before[-1:], *before[:1]):
        is_full = " " in mention.person.name and not mention.is_pronoun
        role, rest = head[: mention.start].strip(" ,"), head[mention.end : cue.start()].strip(" ,")
        if is_full and not rest and role and describes_person(role):
            return Person(mention.person.name, without_article(role))
        if is_full and not role and rest and describes_person(rest.split(",")[0]):
            return Person(mention.person.name, without_article(rest))
    return None


def _behind_cue(
    head: str, cue: re.Match[str], after: Sequence[Mention], cast: Cast, last: Person | None
) -> Person | None:
    """The subject behind the verb: "said Jane Doe", "said the guard Jane Doe", "said the guard", "said she"."""
    after = [mention for mention in after if not _is_addressed(head[cue.end() : mention.start], cast.language)]
    nearest = after[0] if after else None
    chosen = next((mention for mention in after if mention.is_known), nearest)
    if nearest and chosen and chosen.is_known and not nearest.is_known and not chosen.is_pronoun:
        office = head[nearest.start : chosen.start].strip()
        if nearest.start - cue.end() <= 2 and office.split()[-1].islower() and describes_person(office.split()[-1]):
            return Person(chosen.person.name, office)  # "said Acme engineer Jane Doe"
    if officer := _officer(head[cue.end() :], [mention for mention in after if not mention.is_pronoun], cue.end()):
        return officer
    if nearest and not nearest.is_pronoun and is_subject(head[cue.end() : nearest.start], nearest):
        return _presented(head[cue.end() :].lstrip(), nearest, with_role(nearest, head), cast)
    phrase = description(head[cue.end() :].lstrip(), cast.language)
    is_sure = chosen is not None and chosen.is_known and not chosen.is_pronoun
    if phrase and not is_sure and (person := cast.presentations.described(phrase, last)):
        return person
    if chosen is None or not (chosen.is_known or chosen.start - cue.end() <= 2):
        return None
    return last if chosen.is_pronoun else _presented(head[cue.end() :].lstrip(), chosen, with_role(chosen, head), cast)


def _officer(clause: str, named: Sequence[Mention], begin: int) -> Person | None:
    """The full name behind an office: "said Acme Chief Engineer and Head of Design, Jane Doe", "said the mayor and judge Jane Doe"."""
    for number, mention in enumerate(named):
        office, name = clause[: mention.start - begin].strip(), mention.person.name
        if " " not in name:
            continue
        joined = office.removesuffix(mention.person.role).split()
        # an adjective may stand between: "the president and Egyptian minister Jane Doe"
        if (
            mention.person.role
            and len(joined) > 2
            and joined[0].islower()
            and not words("people", "joiners").isdisjoint(joined[-2:])
        ):
            return Person(name, without_article(office)) if describes_person(office) else None
        if number and office.endswith(",") and "." not in office and office.count(",") == 1:
            is_office = any(word.casefold() in words("people", "roles") for word in office.strip(",").split())
            is_office = is_office and clause[mention.end - begin :].lstrip()[:1] in ("", ".", ",", ";")
            if is_office and not any(is_known_person(one.person.name) for one in named[:number]):
                return Person(name, office.strip(" ,"))
    return None


def _is_addressed(between: str, language: str) -> bool:
    """Whether a preposition right behind the verb says to whom somebody speaks: "explicó a La Estrella"."""
    first, *rest = between.split() or [""]
    # "dijo a la prensa Juan Pérez": the preposition belongs to the press
    is_next = not rest or (len(rest) == 1 and rest[0].casefold() in words("cues", "articles"))
    return is_next and first.casefold() in known("cues")["addressed"].get(language, ())


def _presented(clause: str, mention: Mention, person: Person, cast: Cast) -> Person:
    """The person with the words of a trade between verb and name as the role: "said the gardener, Jane Doe"."""
    between = clause.partition(mention.person.name.split()[0])[0].strip(" ,")
    phrase = description(between, cast.language)
    is_trade = not person.role and phrase == between and describes_person(phrase)
    return Person(person.name, without_article(phrase)) if is_trade else person


def is_unnamed(clause: str, cast: Cast) -> bool:
    """Whether the words right behind a quotation have a verb of speech and no subject: "…", recuerda."""
    if cast.language not in PRO_DROP:
        return False
    head = clause.lstrip(_EDGE)[: 2 * REACH]
    cue = _cue_behind().search(head)
    if cue is None or len(head[: cue.start()].split()) > 1:
        return False
    return not any(mention.start <= cue.end() + 2 for mention in cast.mentions(head))


def _whose_view(head: str, place: int, mentions: Sequence[Mention], cast: Cast, last: Person | None) -> Person | None:
    """Whom words of a view name: "según Jane Doe", "selon la directrice"."""
    named = [mention for mention in mentions if mention.start >= place]
    if named and (named[0].start - place <= 2 or named[0].is_known):
        return last if named[0].is_pronoun else with_role(named[0], head)
    phrase = description(head[place:].lstrip(), cast.language)
    return cast.presentations.described(phrase, last) if phrase else None


@functools.cache
def _cue_behind() -> re.Pattern[str]:
    after = alternatives(words("cues", "said_after"))
    return re.compile(rf"{said().pattern}|(?<!\w)(?:{after})(?!\w)")


@functools.cache
def thus() -> re.Pattern[str]:
    """How a sentence behind a quotation begins that tells whose it was."""
    return re.compile(rf"(?i)[\s.,;—–-]*(?:{alternatives(words('cues', 'thus'))})(?!\w)")

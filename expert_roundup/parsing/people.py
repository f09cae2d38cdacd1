"""People: what of an announcement is the speaker's name and what is their role."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from expert_roundup.parsing.knowledge import given_names, plain, words
from expert_roundup.parsing.names import CASELESS, clean_name, is_capitalised, name_likeness
from expert_roundup.parsing.visible import visible

__all__ = ["Person", "clean_name", "has_age", "is_role", "keeps_von", "name_likeness", "split_person", "visible"]

#: "(she/her)" behind a name
_PRONOUNS = re.compile(
    r"(?i)\s*[(\[](?:she|he|they|her|him|ze|xe|any|elle|il|iel|er|sie|ella|él|ela|ele|она|он)(?:\s*/\s*\w+)*+[)\]]"
)
#: initials in brackets behind the name they stand for
_INITIALS = re.compile(r"\s*[(（]\s*[A-ZА-ЯЁ]{1,4}\s*[)）]")
#: what parts a name from a role: a comma, a bracket, a spaced dash, a bar, an "of"
_ROLE_BREAK = re.compile(
    r"\s*[,，、;；|｜•·](?=\s)\s*|\s*[,，、;；|｜]\s*|\s+[-–—―]{1,3}\s+|\s*[(（\[【]|\s*[:：]\s+|\s+/\s+"
    r"|\s+(?=[’'‘]\d{2}\b)|\s+(?=(?:from|of|at|de chez|chez|bei|von|из|con|@\s?[A-Z]\w+)\s)"
)
#: an age behind a name: "12 Jahre", "39", and right behind one without a comma: "Jane 39 years", "J. 39"
_YEARS = r"(?P<years>jahre(?: alt)?|ans|años|anos|anni|years?(?: old)?|y/?o|jaar|lat|лет|года?|歳|岁|才|세)"
_AGE = re.compile(rf"(?i)\d{{1,3}}\s*(?:j|{_YEARS})?\.?")
_AGED = re.compile(
    rf"(?i)(?P<name>[^\W\d_][\w.’' -]{{0,40}}?)\s+(?P<age>\d{{1,3}}\s*{_YEARS})\.?|(?P<initial>[^\W\d_]\.) (?P<number>\d{{2}})"
)
#: how like a name words must be that an age in years stands behind
_NAME = 0.8
_INITIAL = re.compile(r"[^\W\d_]\.?")
#: letters in brackets that a first name is shortened by: "Kat(ka) Novak"
_SHORTENED = re.compile(r"[^\W\d_]\((?:(?=[^\W\d_A-ZА-ЯЁ])[^\W\d_]){1,6}\)\s+[^\W\d_]")
#: what a role goes on with
_BEHIND_ROLE = frozenset(
    ("of", "at", "for", "in", "di", "del", "della", "dell", "de", "du", "des", "da", "do", "für", "bei", "и", "по")
)
_CLOSING = re.compile(r"[)）\]】]\s*[,，]?\s*")
_EDGES = ' :：,，、-–—―~"“”«»„'


@dataclass(frozen=True, slots=True)
class Person:
    """A speaker as the document gives them."""

    name: str
    role: str = ""


#: when something was said, behind what its speaker is
_DATED = re.compile(
    r"(?:^|[,(|]?\s+|,)(?:[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?, \d{4}|\d{1,2}\.? [^\W\d_]{3,10}\.? \d{4}|\d{1,2}[./]\d{1,2}[./]\d{2,4})$"
)


@functools.lru_cache(maxsize=16_384)
def split_person(label: str) -> Person:
    """Name and role in an announcement such as "Dr Jane Doe, CEO of Acme", "Jane Doe (Acme)" or "Acme 的 CTO Jane Doe".

    Examples
    --------
    >>> split_person("[Dr. Jane Doe](x), CEO, Acme")
    Person(name='Jane Doe', role='CEO, Acme')
    >>> split_person("Chief Engineer Jane Doe")
    Person(name='Jane Doe', role='Chief Engineer')
    """
    text = _INITIALS.sub("", _PRONOUNS.sub("", visible(label))).strip(_EDGES)
    aged = _AGED.fullmatch(text)
    if aged and has_age(person := Person(aged["initial"] or aged["name"], aged["number"] or aged["age"])):
        return person
    match = _ROLE_BREAK.search(text)
    while match and _is_inside_name(text, match):
        match = _ROLE_BREAK.search(text, match.end())
    if match is None:
        return _role_first(text)
    name, role = text[: match.start()], text[match.end() :]
    if match.group().strip()[:1] in ("(", "（", "[", "【"):
        role = _CLOSING.sub(", ", role, count=1).strip(", ")
        if not name:
            name, role = role, ""
    before = _role_first(name)
    role = ", ".join(filter(None, (before.role, _clean_role(role))))
    return Person(before.name, role)


def has_age(person: Person) -> bool:
    """Whether an age stands behind a name, which only people have; a number alone is one behind a given name or an initial."""
    age = _AGE.fullmatch(person.role)
    if age is None:
        return False
    first = person.name.split()[0] if person.name else ""
    is_personal = _INITIAL.fullmatch(first) is not None or plain(first.strip(".,")) in given_names()
    return is_personal or (age["years"] is not None and name_likeness(person.name) >= _NAME)


def keeps_von(before: str) -> bool:
    """Whether "von" behind these words goes on the name: "Johann Wolfgang von Roe", "Otto Graf von Doe"; not "Jane Doe von Acme"."""
    last = before.split()[-1]
    return last.casefold() in words("people", "nobility") or plain(last) in given_names()


def _clean_role(role: str) -> str:
    return _DATED.sub("", role.strip(" ,;:.-–—|，。")).removeprefix("the ")


def _is_inside_name(text: str, match: re.Match[str]) -> bool:
    """Whether a break belongs to the name: "Jane Doe, Jr.", "Kat(ka) Novak" or "Department of Justice"."""
    before, after = text[: match.start()], text[match.end() :]
    if not match.group().strip():
        if after.startswith("von ") and keeps_von(before):
            return True
        is_group = any(word.casefold() in words("people", "organisations") for word in before.split())
        return is_group or len(before.split()) < 2 or name_likeness(before) < 0.8
    if _SHORTENED.match(text, max(0, match.start() - 1)):
        return True
    if "," not in match.group():
        return False
    following = re.split(r"[\s,]", after, maxsplit=1)[0].casefold().strip(".")
    is_degree = following in words("people", "degrees") and re.match(r"[\w.]+\s*(?:,|$)", after) is not None
    return following in words("people", "name_ends") or is_degree


def _role_first(text: str) -> Person:
    """The role that stands before the name: "Chief Engineer Jane Doe", "Acme’s Jane Doe", "Acme 的 CTO Jane Doe"."""
    if CASELESS.search(text) and (found := _after_caseless_role(text)):
        return found
    tokens = text.split()
    if found := _role_behind(tokens):
        return found
    if not 3 <= len(tokens) <= 12 and "’s " not in text and "'s " not in text:
        return Person(clean_name(text))
    joiners = words("people", "joiners")
    if any(token.casefold() in joiners for token in tokens):
        return Person(clean_name(text))
    for index in range(1, len(tokens) - 1):
        is_given = plain(tokens[index].strip(",.")) in given_names() and is_capitalised(tokens[index])
        if is_given and len(tokens) - index <= 4 and is_role(tokens[:index]):
            role = re.sub(r"[’']s$", "", " ".join(tokens[:index])).strip(" ,")
            if role.casefold().strip(".") in {word.strip(".") for word in words("people", "honorifics")}:
                role = ""
            name = clean_name(" ".join(tokens[index:]))
            return Person(name, role) if name_likeness(name) >= 0.8 else Person(clean_name(text))
    return Person(clean_name(text))


def _role_behind(tokens: Sequence[str]) -> Person | None:
    """The role that nothing parts from the name before it: "Jane Doe Head of Testing"."""
    if len(tokens) < 4 or plain(tokens[0].strip(",.")) not in given_names():
        return None
    for index in range(2, min(len(tokens) - 1, 5)):
        is_followed = tokens[index + 1].casefold() in _BEHIND_ROLE
        if is_followed and tokens[index].casefold() in words("people", "roles"):
            name = clean_name(" ".join(tokens[:index]))
            return Person(name, " ".join(tokens[index:])) if name_likeness(name) >= 0.8 else None
    return None


def is_role(tokens: Sequence[str]) -> bool:
    """Whether words before a name say what the person is: a role, a firm’s possessive, capitals such as CEO."""
    low = [token.casefold().strip(",.") for token in tokens]
    if low[0] in given_names():
        return False
    ends = tuple(words("people", "role_endings"))
    return tokens[-1].endswith(("’s", "'s")) or any(
        word in words("people", "roles") or word.endswith(ends) or (len(token.strip(".,")) > 1 and token.isupper())
        for word, token in zip(low, tokens, strict=True)
    )


#: a Latin name, or one in own letters behind a blank, that closes a Chinese or Japanese announcement
_LATIN_END = re.compile(r"(?P<role>.*[^\x00-\x7f])\s*(?P<name>[A-Z][\w.’'-]+(?:\s+[A-Z][\w.’'-]*){1,3})$", re.S)
#: a Latin name that opens one: "Jane Doe Acme 总监"
_LATIN_START = re.compile(r"(?P<name>[A-Z][\w.’'-]+ [A-Z][\w’'-]+)[ ,，、]+(?P<role>.*[^\x00-\x7f].*)", re.S)
_OWN_END = re.compile(
    r"(?P<role>\S.*?)[\s　]+(?P<name>[\u3040-\u30ff\u3400-\u9fff·・]{2,8}|[\uac00-\ud7af]{2,4})(?:さん|氏|先生|씨)?$",
    re.S,
)


def _after_caseless_role(text: str) -> Person | None:
    opening = _LATIN_START.fullmatch(text)
    if opening and plain(opening["name"].split()[0]) in given_names():
        return Person(clean_name(opening["name"]), opening["role"])
    if match := _LATIN_END.fullmatch(text):
        role = match["role"].strip(" 的，,、")
        return Person(clean_name(match["name"]), role) if len(role) >= 2 else None
    match = _OWN_END.fullmatch(text)
    if match and name_likeness(match["name"]) >= 0.8 and name_likeness(match["role"]) < 0.8:
        return Person(clean_name(match["name"]), match["role"].strip(" 的，,、"))
    return None

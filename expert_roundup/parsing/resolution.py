"""Resolution: the full name that a document gives for each short label, and the role it gives with it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.knowledge import answerers, given_names, plain, words
from expert_roundup.parsing.layouts.capitals import PARTICLE
from expert_roundup.parsing.layouts.said import name_before
from expert_roundup.parsing.names import clean_name, initials, is_capitalised, name_likeness
from expert_roundup.parsing.people import split_person
from expert_roundup.parsing.roles import find_roles

#: capitalised words in a row, particles allowed between
_CAPITAL = r"(?:[A-ZÀ-ÖØ-ÞĀ-ŽȘ-ȚА-ЯЁІЇЄҐΑ-Ω](?:[^\W\d_]|[’'-](?=[^\W\d_]))++|[A-ZÀ-ÖØ-ÞА-ЯЁΑ-Ω]\.?)(?![\w])"
_FULL_NAME = re.compile(
    rf"(?<![\w@/]){_CAPITAL}(?:[ \u00a0]+(?:[\"“(][\w .]+[\"”)][ ]+)?(?:{PARTICLE}[ ]+){{0,2}}{_CAPITAL}){{1,4}}"
)

#: characters of a line that names somebody before a label in brackets
_REACH = 160
#: letters of a nickname that two names may be run together in
_SHORT = 5
#: labels of one word, and the share of them that a page resolves, where it leaves people their first names
_MANY, _FEW = 4, 0.25
#: how like a name the beginning of a line must be
_NAME = 0.8
#: a name with a nickname in its middle: "Jane (Jay) Doe"
_NICKNAMED = re.compile(rf"(?<!\w)(?P<first>{_CAPITAL}) \((?P<nick>[^()\s]{{2,20}})\) (?P<last>{_CAPITAL})")
#: an initial that no blank parts from the name behind it
_TIGHT_INITIAL = re.compile(r"(?<= [A-ZА-ЯЁ])\.(?=[A-ZА-ЯЁ][^\W\d_A-ZА-ЯЁ]{2})")
_POSSESSIVE = re.compile(r"[’']s(?!\w)")
#: a few words in brackets
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,60})[)\]]")


def resolved(document: Document, attempt: Attempt) -> Attempt:
    """The attempt with each short label replaced by the full name that the document gives, roles shared by name."""
    labels = [answer.speaker for answer in attempt.answers]
    if all(label.casefold() in answerers() for label in labels):
        return _answered_by(document, attempt)
    if attempt.layout not in ("labels", "transcript", "said", "headings", "quote_then_name", "mixed"):
        return attempt
    in_full = all(" " in label and not label.isupper() for label in labels)
    if in_full or attempt.layout in ("headings", "quote_then_name", "mixed"):
        names = {label: label for label in labels}
    else:
        names = full_names(document, labels, attempt.moderators)
    roles = {names[answer.speaker]: answer.role for answer in reversed(attempt.answers) if answer.role}
    announced = sorted(span for answer in attempt.answers for span in answer.attribution)
    without = [name for name in dict.fromkeys(names.values()) if name not in roles]
    roles = find_roles(document, without, announced=announced if attempt.layout != "said" else ()) | roles
    return replace(attempt, answers=tuple(_named(answer, names[answer.speaker], roles) for answer in attempt.answers))


def full_names(document: Document, labels: Sequence[str], moderators: Iterable[str] = ()) -> dict[str, str]:
    """The full name that the document gives for each label, letters that stand for another label among them."""
    names = resolve(labels, document.prose)
    return names | {letter: names[label] for letter, label in _letters(labels, moderators).items()}


def _letters(labels: Sequence[str], moderators: Iterable[str]) -> dict[str, str]:
    """The one label that each single letter opens, where it stands among the labels too: "Ricardo: ..." and then "R: ..."."""
    written = [label for label in dict.fromkeys(labels) if len(label) > 2]
    found = {}
    for letter in {label for label in labels if len(label) == 1}:
        meant = [label for label in written if label[:1] == letter]
        if len(meant) == 1 and letter not in moderators:
            found[letter] = meant[0]
    return found


def _named(answer: Answer, name: str, roles: Mapping[str, str]) -> Answer:
    role = roles.get(name, "")
    return answer if (name, role) == (answer.speaker, answer.role) else replace(answer, speaker=name, role=role)


def _answered_by(document: Document, attempt: Attempt) -> Attempt:
    """The attempt with the one whom the document interviews as the speaker of every answer."""
    from expert_roundup.parsing.interviewees import interviewee

    first = attempt.answers[0]
    person = interviewee(document, min([first.start, *(start for start, _ in first.questions)]), is_asked=True)
    if person is None:
        return attempt
    return replace(
        attempt, answers=tuple(replace(one, speaker=person.name, role=person.role) for one in attempt.answers)
    )


def person_names(text: str) -> list[str]:
    """Names of two to four capitalised words in `text`, in order of first mention."""
    found: dict[str, None] = {}
    for match in _FULL_NAME.finditer(_TIGHT_INITIAL.sub(r"\g<0> ", text)):
        name = clean_name(" ".join(match.group().split()))
        while len(first := name.split(" ", 1)) == 2 and _opens_sentence(first[0].casefold()):
            name = first[1]
        name = _without_office(_without_group(name))
        # "when I met Jane I knew", "Jane Doe A photo", "Jane's Art"
        name = _POSSESSIVE.split(name.removesuffix(" I").removesuffix(" A"), maxsplit=1)[0]
        if " " in name:
            found.setdefault(name)
    return list(found)


def _without_group(name: str) -> str:
    """A German name without whom its bearer is of: "Jane Doe von Acme"; in "Jane von Doe" it is part of the name."""
    tokens = name.split()
    return " ".join(tokens[: tokens.index("von")]) if "von" in tokens[2:] and "von" not in tokens[:2] else name


def _without_office(name: str) -> str:
    """A name without what stands before the given name and says what its bearer is: "Acme CEO Jane Doe", "Fraktions-Vize Jane Doe"."""
    tokens = name.split()
    for number, token in enumerate(tokens[1:-1], start=1):
        before = tokens[number - 1]
        is_compound = "-" in before and not any(plain(part) in given_names() for part in before.split("-"))
        if plain(token) in given_names() and (is_compound or before.casefold() in words("people", "roles")):
            return " ".join(tokens[number:])
    return name


def _opens_sentence(word: str) -> bool:
    """Whether a capitalised word before a name belongs to the sentence: "Meet Jane", "I’m Jane"."""
    is_opener = word in words("people", "openers") and plain(word) not in given_names()
    return (
        is_opener
        or word in words("people", "not_names")
        or re.match(r"(?:i|we|he|she|it|that|here|who|let)[’']\w", word) is not None
    )


def resolve(labels: Iterable[str], text: str, names: Sequence[str] = ()) -> dict[str, str]:
    """The full name that `text` gives for each short label; a label that it does not explain stays.

    Parameters
    ----------
    labels
        Labels: initials, first names, surnames, capitals or full names.
    text
        The visible text of the document.
    names
        Names known to be speakers, tried before those that the text only mentions.
    """
    labels = list(dict.fromkeys(labels))
    shown = [label for label in labels if " " in label.strip() and not label.isupper()]
    joiners = words("people", "joiners")
    single = [name for name in shown if not any(word in joiners for word in name.casefold().split())]
    mentioned = list(dict.fromkeys([*names, *single, *person_names(text)]))
    full = {label: _full_names(label, text, mentioned) for label in labels}
    alone = [label for label in labels if " " not in label and not label.isupper()]
    resolved_now = [label for label in alone if full[label] != label]
    if len(alone) >= _MANY and len(resolved_now) <= _FEW * len(alone):
        # where a page leaves people their first names, a capitalised word before one of them is no given name
        for label in resolved_now:
            if plain(full[label].split()[0]) not in given_names():
                full[label] = label
    return full


def _full_names(label: str, text: str, names: Sequence[str]) -> str:
    """The full name of a label, or those of a pair: "Jane and John" is "Jane Doe and John Roe"."""
    parts = label.split()
    inner = [number for number, part in enumerate(parts) if part.casefold() in words("people", "joiners")]
    if inner != [1] or len(parts) != 3:
        return _full_name(label, text, names)
    first, second = (_full_name(part, text, names) for part in (parts[0], parts[2]))
    return f"{first} {parts[1]} {second}"


def _full_name(label: str, text: str, names: Sequence[str]) -> str:
    bare = label.strip(" .")
    if not bare or bare.startswith("@"):
        return label
    low = bare.casefold()
    if any(token in words("people", "organisations") for token in low.split()):
        return label
    if defined := _defined(bare, text):
        return defined
    if low.startswith("the ") and bare.isupper():
        # "THE PRESIDENT" of "Remarks by President Jane Doe"
        named = re.search(rf"(?<!\w)(?i:{re.escape(low[4:])}) (?P<name>{_FULL_NAME.pattern})", text)
        return clean_name(named["name"]) if named else label
    if " " in bare:
        exact = next((name for name in names if name.casefold() == low), None)
        if exact and bare.isupper():
            return exact
        # "Jane Doe" where the introduction has "Jane Quincy Doe" stays as it is printed here
        return bare.title() if bare.isupper() and len(bare) > 4 and not exact else label
    if "." in bare:
        return label
    for matches in (
        lambda name: len(low) > _SHORT and low.replace("_", "") == "".join(name.casefold().split()),  # janeDoe
        lambda name: low in (name.split()[0].casefold(), name.split()[-1].casefold()),
        lambda name: bare.isupper() and 2 <= len(bare) <= 4 and initials(name) == bare,
        lambda name: bare.isupper() and len(bare) == 2 and (initials(name)[:1] + initials(name)[-1:]) == bare,
        lambda name: re.search(rf"[\"“(]{re.escape(low)}[\"”)]", name.casefold()) is not None,
        lambda name: (
            len(low) >= 3 and name.split()[0].casefold().startswith(low) and name.split()[0].casefold() != f"{low}s"
        ),
    ):
        meant = (name for name in names if " " in name and matches(name))
        if first := next(meant, ""):
            # capitals may stand for a thing as well, which is written small elsewhere
            return next(
                (name for name in chain((first,), meant) if not name.istitle() or name.casefold() not in text), first
            )
    return bare.capitalize() if bare.isupper() and len(bare) > 4 else label


@functools.lru_cache(maxsize=1)
def _bracketed(text: str) -> dict[str, int]:
    """What stands in brackets, and where it does first; looked up once per document and not per label."""
    places: dict[str, int] = {}
    for match in _BRACKETS.finditer(text):
        places.setdefault(match[1], match.start())
    return places


def _defined(label: str, text: str) -> str | None:
    """The name that carries `label` in brackets after it: "Jane Doe (JD)"."""
    place = _bracketed(text).get(label)
    if place is None:
        return None
    line = text[max(0, place - _REACH) : place].rpartition("\n")[2]
    listed = split_person(line.lstrip("-*• \\").replace("\\", ""))  # "- Jane Doe - Acme (JAD)"
    if listed.role and name_likeness(listed.name) >= _NAME and plain(listed.name)[:1] == plain(label)[:1]:
        return listed.name
    around = _NICKNAMED.search(text[max(0, place - _REACH) : place + _REACH]) if not label.isupper() else None
    if around and around["nick"] == label:
        return f"{around['first']} {around['last']}"
    span = name_before(text, place)
    if span is None or span[1] < place - 2:
        return None
    name = clean_name(text[span[0] : span[1]])
    return name if name.split()[-1:] != ["I"] else None  # "So I (Jane) have"


__all__ = ["full_names", "given_names", "is_capitalised", "person_names", "plain", "resolve", "resolved"]

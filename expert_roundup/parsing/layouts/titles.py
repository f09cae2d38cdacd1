"""Titles: the person whom a heading names, numbers and what all headings share aside."""

from __future__ import annotations

import os.path
import re
from collections.abc import Sequence

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.interviewees import INTERVIEW_WITH
from expert_roundup.parsing.knowledge import words
from expert_roundup.parsing.layouts.evidence import is_common, personhood
from expert_roundup.parsing.names import WORD, clean_name, is_known_person, name_likeness
from expert_roundup.parsing.people import Person, split_person
from expert_roundup.text.languages import function_words

_NUMBER = re.compile(r"^(?:#?\d{1,6}\s*[.)、:–—-]\s*|#\d{1,6}\s+|[①-⑳]\s*|[一二三四五六七八九十]{1,3}、\s*)")
_INTRODUCING = re.compile(
    rf"(?i)^(?:meet|introducing|(?:ein )?(?:{INTERVIEW_WITH})(?!\w)|q\s*&\s*a with|spotlight(?: on)?:?|featuring|from|im gespräch mit "
    r"|témoignage d(?:e |u |['’])|portrait de |(?:a )?conversation with |беседа с |разговор с |знакомьтесь[:,—–-]? )\s*"
)
#: what a heading adds to the name: "Jane Doe on testing", "Jane Doe’s tip"
_TOPIC = re.compile(
    r"\s+(?:on|about|про|о|об|sur|à propos de|über|sobre|su|talks about|рассказывает|shares|says)\s+\S.*$|\s*[’']s\s+\w+(?:\s\w+)?$"
    r"|\s+(?i:im (?:interview|gespräch)|interview(?:ed)?|in an interview|en (?:entrevista|entretien))$"
)
#: what is somebody's own: "Jane’s story"
_OWN = re.compile(
    r"(?i)[’']s (?:advice|answers?|choice|experiences?|feedback|impressions?|journey|opinion|perspective|picks?|reflections?|review|story|take|testimonial|thoughts|tips?|views?|words)$"
)
#: a title that quotes somebody and then names them: “I start small.” – Jane Doe
_QUOTING = re.compile(r"^[“”\"„«'‘].{4,}[”“\"»'’]\s*[-–—,|:]\s*(?P<who>[^“”\"„«»]{3,80})$")
#: a title of what somebody wrote: "Start small, by Jane Doe (first cohort)"
_WRITTEN_BY = re.compile(
    r"^.{6,}?[,:–—-]? (?:[Bb]y|[Pp]ar|[Pp]or|[Vv]on) (?P<who>[^\W\d_]\S+(?: [^\W\d_]\S*){1,3}(?: \([^()]*\))?)$"
    r"|^.{6,}?, (?:by|par|por|von) (?P<alone>[^\W\d_a-z]\S+(?: \([^()]*\))?)$"
)
#: words of the longest name of a firm
_LONGEST = 4
#: how Japanese and Korean address whoever it is
_ADDRESSED = re.compile(r"[^\s#](?:さん|さま|様|님|씨)$")
_LINKING = re.compile(r"(?i)^(?:de |d['’]|by |from |of |von |par |от |with )")


def people_of(document: Document, titles: Sequence[str]) -> list[Person | None]:
    """The person each heading names, what all headings share cut off; None for a heading that names nobody."""
    bare = [_NUMBER.sub("", title) for title in titles]
    shared = os.path.commonprefix([title for title in bare if title]) if len(bare) > 2 else ""  # noqa: RUF071 (titles, not paths)
    shared = shared[: shared.rfind(" ") + 1]
    people = [_person(document, title, shared) for title in bare]
    if sum(person is not None for person in people) * 2 >= len(people):
        # among people, a single capitalised word is a pseudonym or a handle
        people = [person or _pseudonym(document, title) for person, title in zip(people, bare, strict=True)]
    if document.title_announces_voices and any(people):
        # a page of testimonials says that whatever its headings name speaks, be it a firm
        people = [person or _testifying(document, title) for person, title in zip(people, bare, strict=True)]
    return people


def _testifying(document: Document, title: str) -> Person | None:
    """The firm or project that a short heading of a page of testimonials names, "Our Team" being none."""
    tokens = WORD.findall(title)
    if all(is_common(document, token) for token in tokens) or any(map(_is_no_name, tokens)):
        return None
    is_name = 0 < len(title.split()) <= _LONGEST and any(map(str.isupper, title)) and title[-1] not in ".!?:…"
    return Person(title) if is_name else None


def _person(document: Document, title: str, shared: str) -> Person | None:
    if _ADDRESSED.search(title.strip()):
        return Person(clean_name(title.strip()))
    quoting = _QUOTING.match(title) or _WRITTEN_BY.match(title)
    left = quoting[str(quoting.lastgroup)] if quoting else _INTRODUCING.sub("", title)
    if left == title and len(shared) >= 4:
        left = _LINKING.sub("", title.removeprefix(shared))
    was_introduced = left != title or _OWN.search(title) is not None
    person = split_person(_TOPIC.sub("", left))
    likeness = name_likeness(person.name)
    sure = likeness >= 0.8 or (
        likeness >= 0.5 and (was_introduced or bool(person.role) or is_known_person(person.name))
    )
    if not sure or left.rstrip().endswith(("?", "？")) or not personhood(document, person.name):
        return None
    return person


def _is_no_name(token: str) -> bool:
    """Whether a word of a heading is "our", "us" or another that no firm has in its name."""
    lower = token.casefold()
    return lower in function_words() or lower in words("cues", "first_person_plural")


def _pseudonym(document: Document, title: str) -> Person | None:
    person = split_person(_TOPIC.sub("", title))
    is_word = name_likeness(person.name) >= 0.5 and " " not in person.name
    return person if is_word and not any(is_common(document, word) for word in WORD.findall(person.name)) else None

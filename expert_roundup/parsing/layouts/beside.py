"""Who the editor's words beside a quotation name as its speaker."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from expert_roundup.parsing.knowledge import alternatives, known, said, words
from expert_roundup.parsing.layouts.cast import Cast, Mention
from expert_roundup.parsing.layouts.native_names import native_after, native_before
from expert_roundup.parsing.people import Person
from expert_roundup.parsing.visible import n_words
from expert_roundup.text.languages import function_words

#: where a sentence ends; not behind an initial or a short title
_SENTENCE_END = re.compile(
    r"(?<!\b[A-ZА-ЯЁ])(?<!\b(?:Dr|Mr|Ms|St|Jr|Sr|vs|No))(?<!\b(?:Mrs|Inc|Ltd|Sra|Sig))(?<!\b(?:Prof|проф))[.!?…]+[\"”“»’)]*\s+(?=\S)"
    r"|[。！？][\"”」』）)]*"
)
#: what parts the role behind a name from the rest of the sentence
_ROLE_END = re.compile(
    r"\s(?:who|which|that|as|when|while|in an?|during|after|qui|que|lors|quien|que|der|die|das|который|которая|che|mentre)\s|[;:▪]|[.!?](?:\s|$)|[“„«\"]"
)
_WHO_IS = re.compile(
    r"^(?:who|qui|quien|die|der|die|которая|который|che)\s+(?:is|was|est|es|ist|é|è)\s+(?:an?|the|une?|un|una|ein|eine)?\s*"
)
_AND = frozenset({"and", "but", "or", "und", "et", "y", "e", "и", "но", "mais", "aber", "pero", "mas", "i", "we"})
_OPEN_END = (":", "：", ",", "，", "、", "—", "–", "-", "…")
#: how far from its name a cue may stand, in characters
_REACH = 90


def sentences(text: str) -> list[str]:
    """`text` cut into sentences, blanks at their ends kept off; for naming speakers, abbreviations are few."""
    pieces, start = [], 0
    for end in _SENTENCE_END.finditer(text):
        pieces.append(text[start : end.end()].strip())
        start = end.end()
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if piece.strip(" .,;—–-▪。，；、…:：")]


def is_bare(sentence: str) -> bool:
    """Whether a sentence says no more than who speaks: "Jane said."."""
    cues = list(said().finditer(sentence))
    return bool(cues) and not sentence[cues[-1].end() :].strip(" .。:：") and n_words(sentence) <= 6


def speaker_after(clause: str, cast: Cast, last: Person | None) -> Person | None:
    """Who the words right behind a quotation name: "said Jane Doe, head of content", "Jane said", "she adds"."""
    if cast.language in ("zh", "ja", "ko") and (native := native_after(clause)):
        return native
    head = clause.lstrip(" ,，、;—–-.。…·")[: 2 * _REACH]
    cue = _cue_behind().search(head)
    mentions = list(cast.mentions(head))
    if cue is None:
        is_credit = clause.lstrip(" ,.")[:1] in ("—", "–")
        if is_credit and mentions and mentions[0].start <= 3 and not mentions[0].is_pronoun:
            return _with_role(mentions[0], head)
        return None
    before = [mention for mention in mentions if mention.end <= cue.start()]
    after = [mention for mention in mentions if cue.end() <= mention.start <= cue.end() + _REACH]
    if not before and after and len(head[: cue.start()].split()) <= 4:
        chosen = next((mention for mention in after if mention.is_known), after[0])
        if chosen.is_known or chosen.start - cue.end() <= 2:
            return last if chosen.is_pronoun else _with_role(chosen, head)
    if before and (before[0].is_known or _touch(head, before[0], cue)):
        return last if before[0].is_pronoun else _with_role(before[0], head[: cue.start()])
    return None


def speaker_before(clause: str, cast: Cast, last: Person | None) -> Person | None:
    """Whom the sentence that leads to a quotation names: "Jane Doe, head of content, said:", "According to Jane,"."""
    if cast.language in ("zh", "ja", "ko") and (native := native_before(clause)):
        return native
    mentions = list(cast.mentions(clause))
    if not mentions:
        return None
    if found := _according(clause, mentions):
        return _with_role(found, clause)
    cues = list(said().finditer(clause))
    chosen = _beside_cue(clause, mentions, cues[-1]) if cues else None
    if chosen is None:
        people = [mention for mention in mentions if mention.is_known]
        is_open = clause.rstrip().endswith(_OPEN_END) or clause[-1:].isalnum()
        chosen = next((mention for mention in people if is_open or mention.start <= 40), None)
    if chosen is None:
        return None
    return last if chosen.is_pronoun else _with_role(chosen, clause)


def _beside_cue(clause: str, mentions: Sequence[Mention], cue: re.Match[str]) -> Mention | None:
    known_before = [mention for mention in mentions if mention.end <= cue.start() and mention.is_known]
    before = [mention for mention in known_before if not mention.is_pronoun]
    if known_before and known_before[-1].is_pronoun and (not before or _touch(clause, known_before[-1], cue)):
        return known_before[-1]
    if before:
        # "Jane Doe, assistant to John Roe, said": the first one, where commas set off what lies between
        is_apposed = clause[before[0].end :].lstrip().startswith(",") and clause[: cue.start()].rstrip().endswith(",")
        return before[0] if is_apposed else before[-1]
    touching = [mention for mention in mentions if _touch(clause, mention, cue)]
    if touching:
        return touching[0]
    first = mentions[0]
    if (
        not first.is_known
        and first.start == 0
        and clause[first.end :].startswith(",")
        and clause[: cue.start()].rstrip().endswith(",")
    ):
        return first
    return next((m for m in mentions if m.is_known and cue.end() <= m.start <= cue.end() + _REACH), None)


def _touch(clause: str, mention: Mention, cue: re.Match[str]) -> bool:
    """Whether nothing but a blank stands between name and cue."""
    return (
        not clause[mention.end : cue.start()].strip() if mention.end <= cue.start() else mention.start - cue.end() <= 1
    )


def _according(clause: str, mentions: Sequence[Mention]) -> Mention | None:
    match = _according_to().search(clause)
    if match is None:
        return None
    named = [mention for mention in mentions if mention.start >= match.end() and not mention.is_pronoun]
    people = [mention for mention in named if mention.is_known]
    close = people or [mention for mention in named if mention.start - match.end() <= 2]
    return close[0] if close else None


def _with_role(mention: Mention, clause: str) -> Person:
    """The person with the role that a comma sets behind the name, unless one stands before it."""
    person = mention.person
    rest = clause[mention.end :]
    if person.role or not rest.lstrip().startswith((",", "，", "(")):
        return person
    role = _ROLE_END.split(rest.lstrip(" ,，("), maxsplit=1)[0]
    if cue := said().search(role):
        role = role[: cue.start()]
    role = _WHO_IS.sub("", role.strip(" ,，)."))
    is_role = 0 < len(role.split()) <= 16 and 3 <= len(role) <= 120 and role.split()[0].casefold() not in _AND
    is_role = is_role and not all(word.casefold() in function_words() for word in role.split())
    return Person(person.name, role if is_role else "")


@functools.cache
def _cue_behind() -> re.Pattern[str]:
    after = alternatives(words("cues", "said_after"))
    return re.compile(rf"{said().pattern}|(?<!\w)(?:{after})(?!\w)")


@functools.cache
def _according_to() -> re.Pattern[str]:
    lists = known("cues")["according"]
    spaced = alternatives(frozenset(word for code, entries in lists.items() if code != "zh" for word in entries))
    return re.compile(rf"(?i)(?<!\w)(?:{spaced})(?!\w)|{alternatives(frozenset(lists['zh']))}")

"""Who the sentence before a quotation names as its speaker, and how sentences and roles are told apart."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from expert_roundup.parsing.knowledge import alternatives, known, said, words
from expert_roundup.parsing.layouts.cast import Cast
from expert_roundup.parsing.layouts.descriptions import describes_person, description, without_article
from expert_roundup.parsing.layouts.mentions import Mention
from expert_roundup.parsing.layouts.native_names import native_before
from expert_roundup.parsing.people import Person
from expert_roundup.parsing.visible import n_words
from expert_roundup.text.languages import function_words

#: where a sentence ends; not behind an initial or a short title
_SENTENCE_END = re.compile(
    r"(?<!\b[A-ZА-ЯЁ])(?<!\b(?:Dr|Mr|Ms|St|Jr|Sr|vs|No))(?<!\b(?:Mrs|Inc|Ltd|Sra|Sig|Rep|Sen|Gov|Gen|Hon|Rev|Sgt|Col|Mme))(?<!\b(?:Prof|проф))(?<!\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?=\.\s\d))[.!?…]+[\"”“»’)]*\s+(?=\S)"
    r"|[。！？][\"”」』）)]*"
)
#: a small word and a number behind it
_ORDINAL = re.compile(r"\b(?:der|die|das|dem|den|des|zum|am|im) \d{1,2}\Z")
#: what parts the role behind a name from the rest of the sentence
_ROLE_END = re.compile(
    r"\s(?:who|which|that|as|when|while|in an?|during|after|qui|que|lors|quien|que|der|die|das|который|которая|che|mentre)\s"
    r"|,\s(?:is|are|was|were|has|have|had|will|would|can|could|did|does|est|était|avait|es|era|fue|había|foi|tem|tinha|ist|war|hat|hatte|wird|wurde|è|aveva)\s|[;:▪]|[.!?](?:\s|$)|[“„«\"]"
)
_WHO_IS = re.compile(
    r"^(?:who|qui|quien|die|der|die|которая|который|che)\s+(?:is|was|est|es|ist|é|è)\s+(?:an?|the|une?|un|una|ein|eine)?\s*"
)
_AGE = re.compile(
    r"^(?:aged |de |di )?[1-9]\d(?: (?:ans|anos|años|anni|years old|Jahre(?: alt)?|jaar|lat|лет|год[а]?))?(?:, |$)"
)
_WHO = re.compile(
    r"(?:who|which|whose|qui|que|dont|quien|cuyo|cuya|der|die|das|deren|dessen|che|cui|котор\w+|чья|чей)\s"
)
_AND = frozenset({"and", "but", "or", "und", "et", "y", "e", "и", "но", "mais", "aber", "pero", "mas", "i", "we"})
_OPEN_END = (":", "：", ",", "，", "、", "—", "–", "-", "…")
#: how far from its name a cue may stand, and behind "for" the one whose view it is, in characters
REACH, _NEAR = 90, 24
#: characters of the longest words that open a sentence before its subject
_OPENING = 40
#: what stands between a name and the pronoun that takes it up at once
_TAKEN_UP = re.compile(r"[\W\d]{0,8},[\W\d]{0,4}")


def sentences(text: str) -> list[str]:
    """`text` cut into sentences, blanks at their ends kept off; for naming speakers, abbreviations are few."""
    pieces, start = [], 0
    for end in _SENTENCE_END.finditer(text):
        if _is_ordinal(text, end):
            continue
        pieces.append(text[start : end.end()].strip())
        start = end.end()
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if piece.strip(" .,;—–-▪。，；、…:：")]


def _is_ordinal(text: str, end: re.Match[str]) -> bool:
    """Whether a dot belongs to a German number: "der 27. Kongress", "am 3. Juli", but "… zeigte auf die 7. Dann"."""
    if (
        not text[end.start() - 1 : end.start()].isdigit()
        or _ORDINAL.search(text, max(0, end.start() - 8), end.start()) is None
    ):
        return False
    following = re.match(r"\w+", text[end.end() : end.end() + 20])
    low = following.group().casefold() if following else ""
    if following and following.group().isupper():
        return True  # "der 27. UN-Konferenz"
    return bool(low) and low not in words("people", "not_names") and "de" not in function_words().get(low, ())


def is_bare(sentence: str) -> bool:
    """Whether a sentence says no more than who speaks: "Jane said."."""
    cues = list(said().finditer(sentence))
    return bool(cues) and not sentence[cues[-1].end() :].strip(" .。:：") and n_words(sentence) <= 6


def named_last(parts: Sequence[str], cast: Cast) -> Person | None:
    """Whom the last one of these sentences that names anybody known names first."""
    for sentence in reversed(parts):
        people = [one for one in cast.mentions(sentence) if one.is_known and not one.is_pronoun]
        if people:
            return with_role(people[0], sentence)
    return None


def speaker_before(clause: str, cast: Cast, last: Person | None) -> Person | None:
    """Whom the sentence that leads to a quotation names: "Jane Doe, head of content, said:", "According to Jane,"."""
    if cast.language in ("zh", "ja", "ko") and (native := native_before(clause, cast.language)):
        return native
    mentions = list(cast.mentions(clause))
    if not mentions:
        return cast.recurring_in(clause) or _described_subject(clause, cast, last)
    if topic := _topic(clause, mentions):
        return topic.person  # what a comma sets behind it is the sentence
    if found := _according(clause, mentions):
        return _without_sentence(with_role(found, clause))
    cues = list(said().finditer(clause))
    chosen = _beside_cue(clause, mentions, cues[-1]) if cues else None
    if chosen is None:
        # a pronoun is the subject where it opens the sentence
        people = [mention for mention in mentions if mention.is_known and (not mention.is_pronoun or mention.start < 4)]
        people = people or [mention for mention in mentions if mention.is_known]
        people = [mention for mention in people if not _is_governed(clause, mention)]
        is_open = clause.rstrip().endswith(_OPEN_END) or clause[-1:].isalnum()
        chosen = next((mention for mention in people if is_open or mention.start <= 40), None)
        named = [mention for mention in people if " " in mention.person.name]
        chosen = chosen or (named[0] if len({one.person.name for one in named}) == 1 else None)
    if chosen is None or (not chosen.is_known and chosen.start > 0):
        # "the owner of Acme says": the firm is no speaker
        described = _described_subject(clause, cast, last, chosen)
        return described or (with_role(chosen, clause) if chosen else None)
    if chosen.is_pronoun:
        return last
    person = with_role(chosen, clause)
    return _without_sentence(person) if cues and cues[0].start() < chosen.start else person


def _without_sentence(person: Person) -> Person:
    """The person without a role that is none: behind "As Jane Doe told us," the sentence goes on."""
    return person if describes_person(person.role) else Person(person.name)


def _described_subject(clause: str, cast: Cast, last: Person | None, named: Mention | None = None) -> Person | None:
    """Whom a sentence describes: "The baker says:", "Later, the baker says:", "Un guardia, que no da su nombre, cuenta".

    `named` is a name that must lie inside the description, as a firm's does.
    """
    cue = said().search(clause)
    first = clause.find(", ") + 2
    for start in (0, first if 2 <= first <= _OPENING else 0):
        phrase = description(clause[start : cue.start()], cast.language) if cue else ""
        while phrase and phrase.rpartition(" ")[2].casefold() in words("cues", "beside_verbs"):
            phrase = phrase.rpartition(" ")[0]
        if named and " " in named.person.name and phrase.endswith(named.person.name):
            office = without_article(phrase.removesuffix(named.person.name)).split()
            if not office or office[-1].casefold() not in function_words():
                # "The engineer Jane Doe explained that"
                return Person(named.person.name, " ".join(office))
        if phrase and (named is None or start < named.start < start + len(phrase)):
            return cast.presentations.described(phrase, last)
    return None


def _beside_cue(clause: str, mentions: Sequence[Mention], cue: re.Match[str]) -> Mention | None:
    known_before = [mention for mention in mentions if mention.end <= cue.start() and mention.is_known]
    before = [mention for mention in known_before if not mention.is_pronoun]
    if known_before and known_before[-1].is_pronoun and (not before or touches(clause, known_before[-1], cue)):
        # "As for Jane Doe, she says": the one named right before the pronoun
        is_taken_up = before and _TAKEN_UP.fullmatch(clause[before[-1].end : known_before[-1].start])
        return before[-1] if is_taken_up else known_before[-1]
    if before:
        # "Jane Doe, assistant to John Roe, said": the first one, where commas set off what lies between
        is_apposed = clause[before[0].end :].lstrip().startswith(",") and clause[: cue.start()].rstrip().endswith(",")
        return before[0] if is_apposed else before[-1]
    touching = [mention for mention in mentions if touches(clause, mention, cue)]
    if touching:
        # "Hierover zegt Pauline": the word that opens the sentence is no name
        return next((mention for mention in touching if mention.is_known), touching[0])
    first = mentions[0]
    if (
        not first.is_known
        and first.start == 0
        and clause[first.end :].startswith(",")
        and clause[: cue.start()].rstrip().endswith(",")
    ):
        return first
    behind = [mention for mention in mentions if cue.end() <= mention.start <= cue.end() + REACH]
    # "as noted by the gardener Jane Doe"
    subject = next((mention for mention in behind if is_subject(clause[cue.end() : mention.start], mention)), None)
    return next((mention for mention in behind if mention.is_known), subject)


def is_subject(between: str, mention: Mention) -> bool:
    """Whether a name is the subject of the verb before it: it stands right there, or behind a few words that are a role."""
    words_between = between.removesuffix(f"{mention.person.role} ").split()
    if mention.is_known or not words_between:
        return not words_between
    is_plain = len(words_between) <= 5 and all(word.isalpha() and word.islower() for word in words_between)
    return is_plain and " " in mention.person.name and words_between[-1] not in function_words()


def touches(clause: str, mention: Mention, cue: re.Match[str]) -> bool:
    """Whether nothing but a blank or a small word of the verb stands between name and cue: "Jane also says"."""
    if mention.end <= cue.start():
        between = clause[mention.end : cue.start()].strip().casefold()
        return not between or between in words("cues", "beside_verbs")
    return mention.start - cue.end() <= 1


def _according(clause: str, mentions: Sequence[Mention]) -> Mention | None:
    match = according_to().search(clause)
    if match is None:
        return None
    named = [mention for mention in mentions if mention.start >= match.end() and not mention.is_pronoun]
    people = [mention for mention in named if mention.is_known]
    close = people or [mention for mention in named if is_subject(clause[match.end() : mention.start], mention)]
    return close[0] if close else None


def _is_governed(clause: str, mention: Mention) -> bool:
    """Whether a preposition makes a name part of something else: "in the hills of Sierra Roe"."""
    before = clause[: mention.start].split()
    return bool(before) and not mention.is_pronoun and before[-1] in words("cues", "governing")


def _topic(clause: str, mentions: Sequence[Mention]) -> Mention | None:
    """Whom a sentence begins with: "Pour Jane Doe, …", "For Jane Doe the evening is best"."""
    match = _as_for().match(clause.lstrip())
    first = mentions[0]
    is_named = match is not None and first.is_known and not first.is_pronoun
    return first if match and is_named and first.start - match.end() <= _NEAR else None


def with_role(mention: Mention, clause: str) -> Person:
    """The person with the role that a comma sets behind the name, unless one stands before it."""
    person = mention.person
    rest = clause[mention.end :]
    if person.role or not rest.lstrip().startswith((",", "，", "(")):
        return person
    role = _ROLE_END.split(rest.lstrip(" ,，("), maxsplit=1)[0]
    if cue := said().search(role):
        role = role[: cue.start()]
    printed = role.strip(" ,，).—–-")
    role = _WHO_IS.sub("", _AGE.sub("", printed))
    if _WHO.match(role) or (role != printed and _AGE.match(printed) and not describes_person(role)):
        role = ""  # a clause, or the sentence that goes on behind an age
    is_role = 0 < len(role.split()) <= 16 and 3 <= len(role) <= 120 and role.split()[0].casefold() not in _AND
    is_role = is_role and role.split()[0].casefold() not in words("cues", "accompanying")
    is_role = is_role and not all(word.casefold() in function_words() for word in role.split())
    return Person(person.name, role if is_role else "")


@functools.cache
def according_to() -> re.Pattern[str]:
    """Words that name whose view is given: "according to", "según", "по словам"."""
    lists = known("cues")["according"]
    spaced = alternatives(frozenset(word for code, entries in lists.items() if code != "zh" for word in entries))
    return re.compile(rf"(?i)(?<!\w)(?:{spaced})(?!\w)|{alternatives(frozenset(lists['zh']))}")


@functools.cache
def _as_for() -> re.Pattern[str]:
    return re.compile(rf"(?i)(?:{alternatives(words('cues', 'as_for'))})(?!\w)")

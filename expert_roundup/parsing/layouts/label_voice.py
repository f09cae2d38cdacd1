"""Label voice: whether what labels announce reads as speech, and whether it is quoted."""

from __future__ import annotations

from collections.abc import Sequence

from expert_roundup.parsing.answers import Answer, Document
from expert_roundup.parsing.interviewees import interviewee, is_announced
from expert_roundup.parsing.knowledge import answerers, words
from expert_roundup.parsing.layouts.credits import opens_marks
from expert_roundup.parsing.layouts.evidence import is_common, personhood_of
from expert_roundup.parsing.layouts.label_forms import Label
from expert_roundup.parsing.layouts.label_moderators import take_turns
from expert_roundup.parsing.layouts.label_speakers import aged_of
from expert_roundup.parsing.names import CASELESS, WORD
from expert_roundup.parsing.resolution import resolve
from expert_roundup.parsing.visible import holds_question, n_words

#: share of answers that must stand in quotation marks
_QUOTED = 0.8
#: share of turns of minutes in which somebody says I or we, and how many make minutes
_MINUTES, _MANY = 0.1, 20
#: turns that are looked at to hear whether people speak
_SAMPLE = 300


def are_quoted(document: Document, answers: Sequence[Answer]) -> bool:
    """Whether what follows the labels stands in quotation marks: then they name whom the page quotes."""
    marked = sum(opens_marks(document.text[one.spans[0][0] - 1 : one.spans[0][0]]) for one in answers)
    return marked >= _QUOTED * len(answers)


def _are_asked(document: Document, answers: Sequence[Answer]) -> bool:
    """Whether most answers follow a question."""
    asked = (answer.questions and holds_question(document.text[slice(*answer.questions[-1])]) for answer in answers)
    return sum(map(bool, asked)) * 2 >= len(answers)


def _is_hosted(document: Document, turns: Sequence[Label], answers: Sequence[Answer], speakers: Sequence[str]) -> bool:
    """Whether a host asks people whose names, in scripts without capitals, look like any words: a label says so, or the title names them."""
    if not all(map(CASELESS.match, speakers)) or not _are_asked(document, answers):
        return False
    hosts = {turn.person.name for turn in turns} & words("people", "moderators")
    is_titled = is_announced(document.title) and all(name in document.title for name in speakers)
    return any(len(host) > 1 for host in hosts) or is_titled


def _in_full(document: Document, speakers: Sequence[str]) -> dict[str, str]:
    """The full names of initials and offices that the page explains, every other speaker as labelled."""
    short = [name for name in speakers if name.isupper() and (len(name) <= 4 or name.startswith("THE "))]
    return {name: name for name in speakers} | (resolve(short, document.prose) if short else {})


def sounds_spoken(document: Document, turns: Sequence[Label], answers: Sequence[Answer], style: str) -> bool:
    """Whether the turns read as speech: people say I and we, definitions and changelogs do not."""
    sample = answers[:: len(answers) // _SAMPLE + 1]
    texts = [document.said(answer) for answer in sample]
    voice = sum(map(document.speaks_of_self, texts)) / len(texts)
    long_enough = sum(n_words(text) >= 12 for text in texts) / len(texts)
    speakers = list(dict.fromkeys(answer.speaker for answer in sample))
    aged = aged_of(turns)
    in_full = _in_full(document, speakers)
    people = personhood_of(
        document, [in_full[name] for name in speakers], {in_full[name] for name in aged & {*speakers}}
    )
    recurs = len(speakers) * 2 <= len(sample)
    in_items = sum(label.in_item for label in turns) * 2 > len(turns)
    if all(name.casefold() in answerers() for name in speakers):
        are_people = all(name.casefold() in words("people", "interviewed") for name in speakers)
        asks_in_turn = len({turn.person.name for turn in turns}) > len(speakers)
        return (are_people and recurs and asks_in_turn) or interviewee(
            document, turns[0].start, is_asked=True
        ) is not None
    if recurs and _is_hosted(document, turns, answers, speakers):
        return True
    if people <= 0.3 or (people < 0.35 and not recurs):
        return False
    titled = WORD.findall(document.title)
    if len(speakers) > 1 and all(name.split()[0] in titled for name in speakers):
        return True  # the title says who talks to each other
    asked = _are_asked(document, answers)
    is_dialogue = recurs and len({turn.person.name for turn in turns}) == 2 and take_turns(turns)
    if len(speakers) == 1 and people < 0.8 and not (asked or is_dialogue):
        return False
    if (
        any(is_common(document, word) for name in speakers for word in WORD.findall(name))
        and people < 0.6
        and voice < 0.6
    ):
        return False
    if in_items and people < 0.8 and not (people >= 0.5 and recurs and asked):
        return False
    if people >= 0.8 or (people >= 0.6 and recurs and asked):
        # minutes tell what was said, and are long
        return voice >= (_MINUTES if recurs and len(turns) >= _MANY else 0.3) or (recurs and asked)
    if style == "plain":
        return voice >= 0.3 and (recurs or (long_enough >= 0.5 and people >= 0.5))
    return voice >= (0.3 if recurs or people >= 0.6 else 0.5)

"""Label moderators: who of those whom labels announce asks, and is no expert."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.knowledge import whole_words, words
from expert_roundup.parsing.layouts.label_forms import Label
from expert_roundup.parsing.visible import asks, holds_question

#: characters in which a host says to be one
_GREETING = 500
#: share of all that is said that only an expert says
_MOSTLY = 0.6
#: turns of whoever speaks now and then, and the share of all turns that these stay below
_FEW, _RARELY = 5, 0.15
#: share of turns in which a moderator asks; of authors and of those who talk in turn with one other, a smaller one
_ASKING, _SOMETIMES = 0.6, 0.35
#: share of all that is said that whoever asks in a dialogue stays below
_LESS = 0.4
#: turns of a dialogue, and the share of them that another voice follows
_DIALOGUE, _IN_TURN = 8, 0.9


def moderators_of(document: Document, turns: Sequence[Label], asked_at: Sequence[int]) -> set[str]:
    """Labels of whoever asks: by the label, by what they say of themselves, or because nearly all of their turns end in a question.

    `asked_at` is where the page itself asks between turns.
    """
    said = _turn_texts(document, turns, asked_at)
    known = {name for name in said if name.casefold() in words("people", "moderators")}
    first = turns[0].person.name  # hosts open the page, and speak again
    if len(said[first]) > 1 and _self_moderation().search(said[first][0][:_GREETING]):
        known.add(first)
    if len(said) < 2:
        return known
    is_dialogue = len(said) == 2 and take_turns(turns)
    authors = {author.casefold() for author in document.authors}
    found = set(known)
    n_said_by_all = sum(len(text) for texts in said.values() for text in texts)
    for name, texts in said.items():
        asking = sum(asks(text) or (holds_question(text[-200:]) and len(text) < 400) for text in texts)
        n_said = sum(map(len, texts))
        is_brief = is_dialogue and n_said < _LESS * n_said_by_all
        share = _SOMETIMES if is_brief or name.casefold() in authors else _ASKING
        if n_said > _MOSTLY * n_said_by_all:
            continue  # whoever talks most of the time is no moderator, however their turns end
        if len(said) > 2 and name not in (first, *known) and len(texts) < min(_FEW, _RARELY * len(turns)):
            continue  # nor is whoever speaks now and then among several
        if len(texts) >= 2 and asking >= share * len(texts):
            found.add(name)
    # where everybody asks, nobody moderates
    return found if len(found) < len(said) else known


def take_turns(turns: Sequence[Label]) -> bool:
    """Whether two voices take turns through a page."""
    changes = sum(one.person.name != other.person.name for one, other in pairwise(turns))
    return len(turns) >= _DIALOGUE and changes >= _IN_TURN * (len(turns) - 1)


@functools.cache
def _self_moderation() -> re.Pattern[str]:
    return re.compile(rf"(?i){whole_words(words('cues', 'self_moderation'))}")


def _turn_texts(document: Document, turns: Sequence[Label], asked_at: Sequence[int]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = defaultdict(list)
    stops = sorted([*(label.start for label in turns), *asked_at])
    for label in turns:
        after = bisect_right(stops, label.start)
        end = stops[after] if after < len(stops) else min(len(document.text), label.end + 2_000)
        texts[label.person.name].append(document.text[label.end : end].rstrip(" \n\r\t*_"))
    return texts

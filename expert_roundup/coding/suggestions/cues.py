"""Cues: words in order that voice an idea, found in a text word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

#: how telling a cue is, by the sign at its end
STRENGTHS = {"!": 1.0, "": 0.5, "?": 0.2}
#: words that may stand in the gap of a cue
_GAP = 4
# signs of scripts written without blanks are words of their own; vowel signs of others belong to their word
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_LETTER = rf"(?:(?![{_UNSPACED}_])[\w\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0dff])"
_WORD = re.compile(rf"[{_UNSPACED}]|{_LETTER}+(?:[-']{_LETTER}+)*")
# one spelling of apostrophe, hyphen and ё, each a single character, so that places stay
_SAME = str.maketrans("’‘ʼ‑‐ё", "'''--е")


@dataclass(frozen=True, slots=True)
class _Part:
    """One word of a cue: these words, or words that begin so; `after_gap` lets others stand before it."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    after_gap: bool

    def fits(self, word: str) -> bool:
        return word in self.words or (bool(self.beginnings) and word.startswith(self.beginnings))


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue of one idea.

    Attributes
    ----------
    idea
        What it voices.
    parts
        Its words.
    strength
        How telling it is, one of STRENGTHS.
    """

    idea: str
    parts: tuple[_Part, ...]
    strength: float


@dataclass(slots=True)
class Cues:
    """Cues of many ideas, indexed by their first word.

    Attributes
    ----------
    ideas
        Names of the ideas, in order.
    cues
        All cues.
    """

    ideas: list[str]
    cues: list[Cue]
    _known: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def found(self, words: Sequence[str]) -> dict[str, float]:
        """Strength with which each idea is voiced in `words`: the sum over its different cues."""
        seen = {
            number for at, word in enumerate(words) for number in self._beginning(word) if self._fits(number, words, at)
        }
        strengths: dict[str, float] = {}
        for number in sorted(seen):
            cue = self.cues[number]
            strengths[cue.idea] = strengths.get(cue.idea, 0.0) + cue.strength
        return strengths

    def _beginning(self, word: str) -> tuple[int, ...]:
        # a text repeats its words, so each is compared with all cues once
        known = self._known.get(word)
        if known is None:
            known = tuple(number for number, cue in enumerate(self.cues) if cue.parts[0].fits(word))
            self._known[word] = known
        return known

    def _fits(self, number: int, words: Sequence[str], at: int) -> bool:
        return _fits(self.cues[number].parts[1:], words, at + 1)


def parse_cues(lists: Mapping[str, Iterable[str]]) -> Cues:
    """Read cues, one a line.

    Parameters
    ----------
    lists
        Idea -> its lines. A line is words in order: ``word*`` takes any ending, ``a|b`` either word, ``...`` up to
        four words between; ``!`` at the end marks a cue that is telling by itself, ``?`` one that says little alone.

    Raises
    ------
    ValueError
        A line holds no word, a gap at its end, or an empty alternative; all such lines are named.

    Examples
    --------
    >>> cues = parse_cues({"listening": ["listen*!", "answer* ... comment*|question*"]})
    >>> cues.found(split_words("Answer every single question. Listening helps!"))
    {'listening': 1.5}
    """
    cues: list[Cue] = []
    bad: list[str] = []
    for idea, lines in lists.items():
        for line in lines:
            cue = _cue(idea, line)
            if cue is None:
                bad.append(f"{idea}: {line!r}")
            else:
                cues.append(cue)
    if bad:
        more = f" and {len(bad) - 20} more" if len(bad) > 20 else ""
        raise ValueError(f"cues must be words, word*, a|b and ... between words; not {', '.join(bad[:20])}{more}")
    return Cues(list(lists), cues)


def split_words(text: str) -> list[str]:
    """Words of `text` as cues see them: lower case, one kind of apostrophe and hyphen, е for ё."""
    return _WORD.findall(text.lower().translate(_SAME))


def _cue(idea: str, line: str) -> Cue | None:
    text = line.lower().translate(_SAME).strip()
    sign = text[-1:] if text[-1:] in STRENGTHS else ""
    parts: list[_Part] = []
    after_gap = False
    for written in text.removesuffix(sign).split():
        if written == "...":
            if not parts or after_gap:
                return None
            after_gap = True
            continue
        read = _parts(written, after_gap=after_gap)
        if read is None:
            return None
        parts += read
        after_gap = False
    return Cue(idea, tuple(parts), STRENGTHS[sign]) if parts and not after_gap else None


def _parts(written: str, *, after_gap: bool) -> list[_Part] | None:
    """Parts of one written word: one, or one for each sign of a script without blanks."""
    choices = written.split("|")
    if all(_WORD.fullmatch(choice.removesuffix("*")) for choice in choices):
        words = frozenset(choice for choice in choices if not choice.endswith("*"))
        beginnings = tuple(choice[:-1] for choice in choices if choice.endswith("*"))
        return [_Part(words, beginnings, after_gap)]
    signs = _WORD.findall(written)
    if "".join(signs) != written:
        return None
    return [_Part(frozenset([sign]), (), after_gap and not at) for at, sign in enumerate(signs)]


def _fits(parts: Sequence[_Part], words: Sequence[str], at: int) -> bool:
    if not parts:
        return True
    reach = _GAP + 1 if parts[0].after_gap else 1
    return any(
        parts[0].fits(words[place]) and _fits(parts[1:], words, place + 1)
        for place in range(at, min(at + reach, len(words)))
    )

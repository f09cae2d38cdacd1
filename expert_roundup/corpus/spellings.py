"""Spellings of a name: its words without titles and particles, in Latin letters, folded over habits of spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from expert_roundup.parsing.knowledge import cjk_surnames, words

#: letters after a name that are no part of it
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "msc", "bsc", "dphil", "cpa", "rn"))
#: titles before a name beyond those that the parser drops
_TITLES = frozenset(("dr", "prof", "doctor", "sir", "dame", "rev", "lord", "lady", "hon", "capt", "doz", "dipl", "ing"))
_WORD = re.compile(r"[^\W\d_]+(?:[’'`ʼ][^\W\d_]+)*")
_CJK = re.compile(r"[\u3400-\u9fff]")

#: habits that spell one sound differently in one script; each keeps different names apart
_STRICT = (
    (r"ae", "a"), (r"oe", "o"), (r"ue", "u"),  # umlauts written out
    (r"(?<=[^aeiouy])[iy][eo](?=va?$)", "e"), (r"ly(?=u)", "l"), (r"c(?=t)", "k"), (r"^tch", "ch"),
    (r"(?<=[^aeiouy])yi(?=n$)", "i"),
    (r"shch", "sch"), (r"sch", "sh"), (r"kh", "h"), (r"tz", "ts"), (r"ph", "f"), (r"ck", "k"), (r"ks", "x"),
    (r"j(?=[aeiouy])", "y"), (r"w", "v"), (r"iu", "yu"), (r"i?y?ya$|ia$", "ya"), (r"(?<![aeiou])iy?a", "ya"),
    (r"^ye|(?<=[^aeiouy])yo", "e"), (r"(?:iy|ii|ij|yy|y|j)(?![aeou])", "i"), (r"(.)\1+", r"\1"),
)  # fmt: skip
#: what more differs from script to script: transliteration against transcription by ear
_LOOSE = (
    (r"dzh|dj", "j"), (r"^u(?=[aei])", "v"), (r"ch|tch", "c"), (r"ts", "c"),
    (r"th", "t"), (r"zh", "z"), (r"sh|sch", "s"), (r"c(?=[aoulrkt]|$)", "k"), (r"c(?=[eiy])", "s"), (r"x", "ks"),
    (r"q", "k"), (r"oo|ou", "u"), (r"ee|ea|ei|ay|ai", "e"),
    (r"y?([aou])", r"\1"), (r"ie|ye", "e"), (r"h(?=[^aeiou]|$)", ""), (r"y", "i"), (r"(.)\1+", r"\1"),
)  # fmt: skip
_FIRST = str.maketrans("jyiuwvcqgx", "eeeuuuskhk")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One spelling of a name."""

    words: tuple[str, ...]  #: folded, sorted, without initials
    initials: tuple[str, ...]  #: single letters that stand for words, sorted
    loose: tuple[str, ...]  #: the words folded further, to compare scripts
    script: str  #: latin, cyrillic, abjad (no vowels) or other

    @property
    def key(self) -> str:
        """The spelling as one string."""
        return " ".join((*self.words, *(f"{letter}." for letter in self.initials)))


def spelling(name: str) -> Spelling:
    """Take a name apart.

    Examples
    --------
    >>> spelling("Dr. Jane van Doe, PhD").key == spelling("DOE Jane").key
    True
    >>> spelling("Дмитрий Щукин").key == spelling("Dmitri Schukin").key
    True
    """
    from anyascii import anyascii

    if name.startswith("@"):
        return Spelling((name.casefold(),), (), (name.casefold(),), "latin")
    script = _script(name)
    raw = [word for word in _name_words(unicodedata.normalize("NFC", name)) if not _is_dropped(word)]
    latin = [re.sub(r"[^a-z]", "", anyascii(word).casefold()) for word in raw]
    # a single letter may be two in Latin ones
    initials = [word[:1] for word, letter in zip(latin, raw, strict=True) if word and _is_initial(letter)]
    full = [word for word, letter in zip(latin, raw, strict=True) if word and not _is_initial(letter)]
    folded = [_fold(word, _STRICT) for word in full]
    return Spelling(
        tuple(sorted(folded)), tuple(sorted(initials)), tuple(sorted(_fold(word, _LOOSE) for word in folded)), script
    )


def first_letters(spelled: Spelling) -> tuple[str, ...]:
    """Classes of the letters that the words begin with: what two spellings of one name share in any script."""
    return tuple(sorted(word[:1].translate(_FIRST) for word in spelled.loose))


def likeness(left: Spelling, right: Spelling) -> float:
    """How like the words of two spellings are, 0 to 1: the least like pair of the best pairing counts half."""
    from itertools import permutations

    from rapidfuzz.distance import JaroWinkler

    a, b = left.loose, right.loose
    if "abjad" in (left.script, right.script):
        a, b = tuple(map(_skeleton, a)), tuple(map(_skeleton, b))
    if len(a) != len(b) or not 1 < len(a) <= 5:
        return 0.0
    best = 0.0
    for order in permutations(b):
        scores = [JaroWinkler.similarity(x, y) for x, y in zip(a, order, strict=True)]
        best = max(best, (min(scores) + sum(scores) / len(scores)) / 2)
    return best


def _is_initial(word: str) -> bool:
    return len(word) == 1 and not _CJK.match(word)


def _name_words(name: str) -> Sequence[str]:
    """Words of a name; of an unspaced Chinese or Japanese one, surname and given name."""
    found: list[str] = []
    for word in _WORD.findall(name.replace("·", " ").replace("・", " ")):
        if _CJK.match(word) and len(word) > 1 and not found:
            surname = next((known for known in cjk_surnames() if word.startswith(known) and word != known), word[:1])
            found += [surname, word[len(surname) :]]
        else:
            found.append(word)
    return found


def _is_dropped(word: str) -> bool:
    low = word.casefold()
    if len(word) == 1 and word.isupper():
        # an initial: "E. Doe" is no particle, "M. Doe" no monsieur
        return False
    if low in _TITLES or low in _SUFFIXES or low in words("people", "particles"):
        return True
    return any(low in (title, title.rstrip(".")) for title in words("people", "honorifics"))


def _fold(word: str, rules: Sequence[tuple[str, str]]) -> str:
    for pattern, put in rules:
        word = re.sub(pattern, put, word)
    return word


def _skeleton(word: str) -> str:
    return word[:1] + re.sub(r"[aeiou]", "", word[1:])


def _script(name: str) -> str:
    letters = [unicodedata.name(letter, "") for letter in name if letter.isalpha()]
    for prefix, script in (("LATIN", "latin"), ("CYRILLIC", "cyrillic"), ("ARABIC", "abjad"), ("HEBREW", "abjad")):
        if 2 * sum(letter.startswith(prefix) for letter in letters) > len(letters):
            return script
    return "other"

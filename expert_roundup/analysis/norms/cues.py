"""Cues of norms: one data file a language, read into patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from expert_roundup.text.words import primary_subtag

#: from the strictest to the mildest
STRENGTHS = ("must", "should", "may", "implied")

#: what may stand between two words of a cue: blanks, quotes, brackets, dashes, emphasis, a comma
_BETWEEN = r"[\s,\"'«»„“”()\[\]:*_–—-]{1,4}"
_GAPS = {"..": rf"(?:{_BETWEEN}\w+){{0,3}}?", "...": rf"(?:{_BETWEEN}\w+){{0,8}}?"}
#: matches nowhere: the pattern of an empty list
_NOWHERE = re.compile(r"(?!)")
_SAME_LENGTH = str.maketrans({"ё": "е", "’": "'", "‘": "'", "`": "'"})


@dataclass(frozen=True, slots=True)
class Imperative:
    """How a language commands."""

    verbs: frozenset[str]  #: forms that open a statement
    verbs_or_nouns: frozenset[str]  #: the same, but nouns as well
    objects: frozenset[str]  #: words behind such a form that make it a verb
    endings: tuple[str, ...]  #: endings that only imperatives have
    shared_endings: tuple[str, ...]  #: endings that the indicative has too
    subjects: frozenset[str]  #: words that make a shared ending an indicative
    infinitives: tuple[str, ...]  #: endings of infinitives, which open a statement
    no_verbs: frozenset[str]  #: words that only look like one
    leads: frozenset[str]  #: words that may stand before the verb
    openers: frozenset[str]  #: words that open a clause before the verb's
    not_before: frozenset[str]  #: words behind the verb that make it a noun
    negated: re.Pattern[str]  #: beginnings of a clause that forbid
    against: re.Pattern[str]  #: verbs that forbid what follows
    reversed: re.Pattern[str]  #: verbs that ask for something once negated
    idle: re.Pattern[str]  #: commands that ask for nothing


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one language; `prescription` and `proscription` have a pattern for every strength."""

    language: str  #: primary subtag of BCP 47
    letters: re.Pattern[str]  #: runs of the language's letters
    prescription: Mapping[str, re.Pattern[str]]
    proscription: Mapping[str, re.Pattern[str]]
    rhetorical: Mapping[str, re.Pattern[str]]  #: questions that are answers, by kind
    imperative: Imperative
    negations: frozenset[str]  #: words that negate what follows
    negated_before: re.Pattern[str]  #: matches text that ends where a negated cue begins
    negated_after: re.Pattern[str]  #: matches where a negated cue ends
    denied: re.Pattern[str]  #: denies the clause that follows
    lifts: re.Pattern[str]  #: obligations that a negation only lifts
    own_before: re.Pattern[str]  #: matches text that ends where a cue about the speaker begins
    own_directly: re.Pattern[str]  #: the same, without a word between
    own_after: re.Pattern[str]  #: matches where a cue about the speaker ends
    void_before: re.Pattern[str]  #: makes the obligation that follows a mere question
    void_after: re.Pattern[str]  #: matches where an obligation that is past or a mere question ends
    reported: re.Pattern[str]  #: others think so
    habit: re.Pattern[str]  #: what many do
    they: re.Pattern[str]  #: a beginning that goes on about those who were blamed before
    named: re.Pattern[str]  #: a beginning that names what was asked for
    contrast: re.Pattern[str]  #: one thing in the place of another
    no_contrast: re.Pattern[str]  #: looks like a contrast


def fold(text: str) -> str:
    """Lower-case `text`, with straight apostrophes and ё as е, and leave every character in its place."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return lower.translate(_SAME_LENGTH)


@cache
def cue_languages() -> Mapping[str, Cues]:
    """Cues of all languages on file, by primary subtag, in alphabetical order."""
    folder = files("expert_roundup.analysis.norms") / "languages"
    names = sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return MappingProxyType({name: parse_cues((folder / f"{name}.toml").read_text("utf-8"), name) for name in names})


def read_cues(path: str | Path) -> Cues:
    """Read a cue file; its name is the primary subtag of its language, as in `de.toml`.

    Raises
    ------
    ValueError
        It is no UTF-8, or as `parse_cues`.
    OSError
        It cannot be read.
    """
    file = Path(path)
    try:
        return parse_cues(file.read_text(encoding="utf-8"), primary_subtag(file.stem))
    except UnicodeDecodeError:
        raise ValueError(f"cue file {file.name} is not UTF-8") from None


def parse_cues(text: str, language: str) -> Cues:
    """Read the text of a cue file; docs/add-a-language.md explains its lists.

    Raises
    ------
    ValueError
        It is no TOML, has no `letters`, or has a list of a name that nobody reads; all of them are named.
    """
    table = _check_table(text, language)
    negation, context = table.get("negation", {}), table.get("context", {})
    before, after = _either(negation.get("before", "")), _either(negation.get("after", ""))
    own, void = _either(context.get("own", "")), _either(context.get("void_after", ""))
    return Cues(
        language=language,
        letters=re.compile(f"[{table['letters']}]+"),
        prescription={strength: _cues(table.get("prescription", {}).get(strength, "")) for strength in STRENGTHS},
        proscription={strength: _cues(table.get("proscription", {}).get(strength, "")) for strength in STRENGTHS},
        rhetorical={kind: _cues(lines) for kind, lines in table.get("rhetorical", {}).items()},
        imperative=_imperative(table.get("imperative", {})),
        negations=frozenset(fold(negation.get("before", "")).split()),
        negated_before=re.compile(rf"(?<!\w)(?:{before})(?:\s+[\w'-]+)?[\s\"'«“*_]+\Z"),
        negated_after=re.compile(rf"[\s\"'«“*_]+(?P<word>{after})(?!\w)"),
        denied=_cues(negation.get("denied", "")),
        lifts=_cues(negation.get("lifts", "")),
        own_before=re.compile(rf"(?<!\w)(?:{own})(?:\s+\w+)?\s+\Z"),
        own_directly=re.compile(rf"(?<!\w)(?:{own})\s+\Z"),
        own_after=re.compile(rf"\s+(?:{own})(?!\w)"),
        void_before=_cues(context.get("void_before", "")),
        void_after=re.compile(rf"\s+(?:{void})(?!\w)"),
        reported=_cues(context.get("reported", "")),
        habit=_habit(context),
        they=re.compile(rf"(?:\w+{_BETWEEN}){{0,3}}(?:{_either(context.get('they', ''))})(?!\w)"),
        named=_cues(context.get("named", "")),
        contrast=_cues(context.get("contrast", "")),
        no_contrast=_cues(context.get("no_contrast", "")),
    )


#: lists of a cue file by section; what they hold is said in docs/add-a-language.md
LISTS = {
    "prescription": STRENGTHS,
    "proscription": STRENGTHS,
    "rhetorical": ("prescription", "proscription"),
    "negation": ("before", "after", "denied", "lifts"),
    "imperative": (
        *("verbs", "verbs_or_nouns", "objects", "endings", "shared_endings", "subjects", "infinitives", "no_verbs"),
        *("leads", "openers", "not_before", "negated", "against", "reversed", "idle"),
    ),
    "context": (
        *("reported", "own", "void_before", "void_after"),
        *("many", "businesses", "people", "relatives", "they", "named", "contrast", "no_contrast"),
    ),
}


def _check_table(text: str, language: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"cue file of {language!r}: {error}") from None
    faults = [] if isinstance(table.get("letters"), str) else ["letters is missing"]
    for section, lists in table.items():
        known = LISTS.get(section, ())
        names = lists if isinstance(lists, dict) else {}
        faults += [f"{section}.{name} is unknown" for name in names if name not in known]
        faults += [f"{section}.{name} is no text" for name, value in names.items() if not isinstance(value, str)]
        faults += [f"{section} is unknown"] if section not in ("letters", *LISTS) else []
    if faults:
        raise ValueError(f"cue file of {language!r}: {'; '.join(faults)}")
    return table


def _imperative(table: Mapping[str, str]) -> Imperative:
    def words(name: str) -> frozenset[str]:
        return frozenset(fold(table.get(name, "")).split())

    def cues(name: str) -> re.Pattern[str]:
        return _cues(table.get(name, ""))

    return Imperative(
        verbs=words("verbs"),
        verbs_or_nouns=words("verbs_or_nouns"),
        objects=words("objects"),
        endings=tuple(sorted(words("endings"))),
        shared_endings=tuple(sorted(words("shared_endings"))),
        subjects=words("subjects"),
        infinitives=tuple(sorted(words("infinitives"))),
        no_verbs=words("no_verbs"),
        leads=words("leads"),
        openers=words("openers"),
        not_before=words("not_before"),
        negated=cues("negated"),
        against=cues("against"),
        reversed=cues("reversed"),
        idle=cues("idle"),
    )


def _habit(context: Mapping[str, str]) -> re.Pattern[str]:
    """How many, then within three words who; or businesses, at the beginning of a statement and not some of them."""
    businesses, people = _lines(context.get("businesses", "")), _lines(context.get("people", ""))
    many = [f"{quantity} .. {who}" for quantity in _lines(context.get("many", "")) for who in businesses + people]
    all_of_them = rf"{_BETWEEN}(?:{_either(context.get('relatives', ''))})(?!\w)"
    opening = [rf"\A(?:{_cue(who)})(?!{all_of_them})" for who in businesses]
    return re.compile("|".join([_cues("\n".join(many)).pattern, *opening]))


def _lines(text: str) -> list[str]:
    """One cue a line, with the forms of the first word apart: "a|b c" is "a c" and "b c"."""
    lines = [" ".join(line.split()) for line in fold(text).splitlines() if line.strip()]
    split = [(*line.removeprefix("^").partition(" "), "^" * line.startswith("^")) for line in lines]
    return [f"{begin}{form} {rest}".rstrip() for first, _, rest, begin in split for form in first.split("|")]


def _either(words: str) -> str:
    """Alternatives of a pattern, for words separated by blanks."""
    return "|".join(map(re.escape, fold(words).split())) or "(?!)"


def _cues(text: str) -> re.Pattern[str]:
    """Compile a list of cues, one a line."""
    opening: list[str] = []
    inside: list[str] = []
    punctuation: list[str] = []
    for line in _lines(text):
        cue = _cue(line.removeprefix("^"))
        place = opening if line.startswith("^") else inside if line[0].isalnum() else punctuation
        place.append(cue)
    parts = [rf"\A(?:{'|'.join(opening)})"] if opening else []
    parts += [rf"(?<!\w){_by_first_letter(inside)}"] if inside else []
    return re.compile("|".join(parts + punctuation)) if parts + punctuation else _NOWHERE


def _by_first_letter(cues: Iterable[str]) -> str:
    """Alternatives that look at the first letter once: a list of 200 cues is read six times as fast."""
    groups: dict[str, list[str]] = {}
    for cue in cues:
        groups.setdefault(cue[0], []).append(cue[1:])
    return "(?:" + "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in groups.items()) + ")"


def _cue(line: str) -> str:
    """Turn one cue into a pattern: `*` any ending, `|` forms of a word, `..` and `...` gaps."""
    parts: list[str] = []
    for word in line.split():
        if word in _GAPS:
            parts.append(_GAPS[word])
            continue
        forms = "|".join(re.escape(form).replace(r"\*", r"\w*") for form in word.split("|"))
        parts.append(f"{_BETWEEN}(?:{forms})" if parts else forms)
    return "".join(parts) + r"(?!\w)"

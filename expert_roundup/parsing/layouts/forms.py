"""Layout "cards" as forms fill it: the same keys again and again, one of them a name, one of them what somebody says."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Span
from expert_roundup.parsing.knowledge import words
from expert_roundup.parsing.layouts.evidence import personhood
from expert_roundup.parsing.layouts.regions import says_enough, stripped, unquoted
from expert_roundup.parsing.people import name_likeness, split_person
from expert_roundup.parsing.visible import n_words

_OPEN, _CLOSE = r"(?:\*\*|__|<(?:b|strong|span)>)", r"(?:\*\*|__|</(?:b|strong|span)>)"
_KEY = rf"(?P<key>[^\W\d_][^\W_]{{0,30}}(?:[ _-][^\W_]{{1,30}}){{0,2}})[ \t]?{_CLOSE}?[ \t]?[:：][ \t]?{_CLOSE}?[ \t]*+(?![/\d])"
#: a key that opens a line: - **Name**: Jane Doe
_ENTRY = re.compile(rf"^[ \t>]*+(?:[-*+][ \t]++)?{_OPEN}?{_KEY}", re.M)
#: one in emphasis behind a value: Name: Jane Doe **City:** Bern
_NEXT = re.compile(rf"\s{_OPEN}{_KEY}")
#: what ends a value
_EMPTY = re.compile(r"\n[ \t>]*\n(?![ \t])")
#: marks of block scalars in YAML, quotation marks around values, and line breaks; characters of the longest behind one
_BEFORE, _BEHIND = re.compile(r"[>|][+-]?[ \t]*\n|[\"']"), re.compile(r"(?:[\"']|<br\s{0,3}/?>|\\)$")
_LONGEST_MARK = 8
#: a rule, a heading, a line in bold or another key, which end what stands below a form
_EDGE = re.compile(r"^[ \t]*(?:-{3,}|={3,}|\*{3,}|_{3,}|#{1,6} |\*\*[^*\n]+\*\*|[^\W\d_]{2,20}[:：][ \t])", re.M)
#: forms on a page, entries of a key in them, how many values name people, and how many of those we know
_FEWEST, _HAVING, _NAMING, _KNOWN = 2, 0.7, 0.7, 0.5
#: words of the shortest answers, on average, and characters of the longest that names somebody
_SHORTEST, _LONGEST_NAME = 8, 80
#: characters of the longest line behind a key below which somebody says something
_LONGEST_LINE = 60
#: share of forms in which somebody says I or we
_VOICE = 0.5


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key with its value."""

    key: str
    start: int  #: of the key
    value: Span


def recognise(document: Document) -> Attempt | None:
    """Read forms whose keys recur; None where no key names people or none holds their words."""
    entries = _entries(document.text)
    by_key: defaultdict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_key[entry.key].append(entry)
    recurring = {key: found for key, found in by_key.items() if len(found) >= _FEWEST}
    names = next((key for key, found in recurring.items() if _are_names(document, found)), None)
    said = _words(document.text, {key: found for key, found in recurring.items() if key != names})
    if names is None or said is None or len(recurring[said]) < _HAVING * len(recurring[names]):
        return None
    if all(_line_alone(document.text, entry) for entry in recurring[said]):
        # what they say stands below the last key and its value, down to the next form
        starts = [entry.start for entry in entries if entry.key in recurring] + [len(document.text)]
        entries = [_below(document.text, entry, starts) if entry.key == said else entry for entry in entries]
    answers = _paired(document, [entry for entry in entries if entry.key in (names, said)], names)
    if len(answers) < max(_FEWEST, _HAVING * len(recurring[names])):
        return None
    least = 1.0 if said in words("credits", "telling_keys") else _VOICE * (said not in words("credits", "words_keys"))
    if document.n_speaking(answers) < least * len(answers):
        return None
    note = f"{len(answers)} forms with the keys {names} and {said}"
    return Attempt("cards", tuple(answers), notes=(note,), is_explicit=True)


def _entries(text: str) -> list[_Entry]:
    """Keys that recur with their values; a value goes on to the next key or an empty line."""
    matches = list(_ENTRY.finditer(text))
    counts = Counter(match["key"].casefold() for match in matches)
    if sum(n >= _FEWEST for n in counts.values()) < 2:
        return []
    ends = [match.start() for match in matches[1:]] + [len(text)] * bool(matches)
    found = []
    for match, stop in zip(matches, ends, strict=True):
        behind = (_EMPTY.search(text, match.end(), stop), _NEXT.search(text, match.end(), min(stop, match.end() + 200)))
        stop = min((other.start() for other in behind if other), default=stop)
        value = stripped(text, match.end(), stop)
        found.append(_Entry(match["key"].casefold(), match.start(), _bare(text, value)))
    return found


def _bare(text: str, span: Span) -> Span:
    """A value without what YAML and HTML write around it, and without the dash that opens the next form."""
    start, end = span
    end = start + len(text[start:end].rstrip(" \t\n-*+"))
    while end > start:
        if match := _BEFORE.match(text, start, end):
            start = match.end()
        elif match := _BEHIND.search(text, max(start, end - _LONGEST_MARK), end):
            end = match.start()
        else:
            break
        start, end = stripped(text, start, end)
    return start, end


def _are_names(document: Document, found: Sequence[_Entry]) -> bool:
    people = [split_person(document.text[slice(*one.value)].split("\n")[0][:_LONGEST_NAME]).name for one in found]
    naming = [name for name in people if name_likeness(name) >= 0.5]
    sure = sum(personhood(document, name) for name in naming)
    return len(naming) >= _NAMING * len(found) and sure >= _KNOWN * len(found) and len(set(naming)) > 1


def _words(text: str, recurring: dict[str, list[_Entry]]) -> str | None:
    """The key with the longest values, where they are long."""
    lengths = {key: mean(n_words(text[slice(*one.value)]) for one in found) for key, found in recurring.items()}
    longest = max(lengths, key=lambda key: lengths[key], default=None)
    return longest if longest is not None and lengths[longest] >= _SHORTEST else None


def _line_alone(text: str, entry: _Entry) -> bool:
    """Whether a value is a few words in a line of their own, and much more in the lines below."""
    line, _, below = text[slice(*entry.value)].partition("\n")
    return 0 < len(line) <= _LONGEST_LINE and n_words(line) < _SHORTEST <= n_words(below) and below[:1].isupper()


def _below(text: str, entry: _Entry, starts: Sequence[int]) -> _Entry:
    """The entry with the paragraphs below its value, which end at a rule, a heading or the first one of `starts` behind it."""
    start = text.index("\n", *entry.value)
    stop = starts[min(bisect_right(starts, start), len(starts) - 1)]
    edge = _EDGE.search(text, start, stop)
    return replace(entry, value=stripped(text, start, edge.start() if edge else stop))


def _paired(document: Document, entries: Sequence[_Entry], names: str) -> list[Answer]:
    """Each name with the words of its form: those next to it, on the side on which the first form has them."""
    is_name_first = entries[0].key == names
    answers = []
    for one, other in pairwise(entries):
        name, said = (one, other) if is_name_first else (other, one)
        if name.key != names or said.key == names:
            continue
        person = split_person(document.text[slice(*name.value)].split("\n")[0])
        spans = unquoted(document.text, (said.value,))
        if name_likeness(person.name) >= 0.3 and says_enough(document.text, spans):
            answers.append(Answer(person.name, person.role, ((name.start, name.value[1]),), spans))
    return answers

"""Imperatives at the beginning of a clause: what they ask for and what they forbid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from expert_roundup.analysis.norms.cues import Cues, Imperative

#: number of a list item
_NUMBER = r"\(?(?:\d{1,2}|[a-zа-я])[.)]\s+"
#: where a clause begins: with the text, behind a full stop, colon, semicolon, dash or bracket, or behind a comma
_CLAUSE = re.compile(rf"(?:\A|[.:;—–()…]\s*|\s-\s|(?P<comma>,)\s*)(?:{_NUMBER})?[\s\"'«“*_]*")
_WORD = re.compile(r"\w+(?:['-]\w+)*")
_NEXT_WORD = re.compile(rf"[\s\"'«“*_]*(?P<word>{_WORD.pattern})")
_BETWEEN_WORDS = re.compile(r"[\s\"'«“*_,]*")
#: shorter words that end like a verb hardly ever are one
_SHORTEST_VERB = 5
#: characters before a verb in which its subject is looked for
_SUBJECT_LOOK_BACK = 300


@dataclass(frozen=True, slots=True)
class Command:
    """An imperative in a folded text."""

    asks: bool  #: whether it asks for something; else it forbids
    start: int
    end: int


def find_commands(text: str, cues: Cues) -> Iterator[Command]:
    """Find the imperatives of a folded `text`, in order."""
    opener = _WORD.match(text)
    has_opener = opener is not None and opener.group() in cues.imperative.openers
    for clause in _CLAUSE.finditer(text):
        # behind a comma stand mostly parts of a sentence; the base form of a verb counts there only after "if ...,"
        command = _command_at(text, clause.end(), cues, is_open=clause["comma"] is None or has_opener)
        if command:
            yield command


def _command_at(text: str, at: int, cues: Cues, *, is_open: bool) -> Command | None:
    """Find the imperative of the clause that begins at `at`, behind the words that may lead it in."""
    rules, negation = cues.imperative, None
    while word := _WORD.match(text, at):
        if rules.idle.match(text, at):
            return None
        denial = rules.negated.match(text, at)
        if denial:
            verb = _WORD.match(text, _skip(text, denial.end()))
            return _command(text, verb, rules, negated_from=denial.start()) if verb else None
        if _is_imperative(text, word, rules, is_open=is_open):
            return _command(text, word, rules, negated_from=negation)
        if word.group() not in rules.leads:
            return None
        if negation is None and word.group() in cues.negations:
            negation = at
        at = _skip(text, word.end())
    return None


def _skip(text: str, at: int) -> int:
    blanks = _BETWEEN_WORDS.match(text, at)
    return blanks.end() if blanks else at


def _is_imperative(text: str, word: re.Match[str], rules: Imperative, *, is_open: bool) -> bool:
    form = word.group()
    if form in rules.no_verbs:
        return False
    if len(form) >= _SHORTEST_VERB and form.endswith(rules.endings):
        return True
    if len(form) >= _SHORTEST_VERB and form.endswith(rules.shared_endings):
        words_before = _WORD.finditer(text, max(0, word.start() - _SUBJECT_LOOK_BACK), word.start())
        return not any(before.group() in rules.subjects for before in words_before)
    if not is_open:
        return False
    if form in rules.verbs or form in rules.verbs_or_nouns:
        behind = _NEXT_WORD.match(text, word.end())
        follows = behind["word"] if behind else ""
        return follows not in rules.not_before if form in rules.verbs else follows in rules.objects
    return False


def opens_with_infinitive(text: str, cues: Cues) -> re.Match[str] | None:
    """Find the infinitive that opens a folded `text`, as items of a list of advice do in some languages."""
    word = _WORD.match(text)
    if not word or word.group() in cues.imperative.no_verbs or len(word.group()) < _SHORTEST_VERB:
        return None
    return word if word.group().endswith(cues.imperative.infinitives) else None


def _command(text: str, verb: re.Match[str], rules: Imperative, *, negated_from: int | None) -> Command:
    is_negated = negated_from is not None
    start = verb.start() if negated_from is None else negated_from
    if rules.against.match(text, verb.start()) or (is_negated and rules.reversed.match(text, verb.start())):
        return Command(is_negated, start, verb.end())
    return Command(not is_negated, start, verb.end())

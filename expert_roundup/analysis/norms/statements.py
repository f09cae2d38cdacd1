"""Statements: the sentences of a text that prescribe or forbid something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from expert_roundup.analysis.norms.cues import Cues, fold
from expert_roundup.analysis.norms.rules import PROSCRIPTION, Context, Verdict, asks_for_faults, judge, list_number
from expert_roundup.text.sentences import split_sentences
from expert_roundup.text.words import primary_subtag

_FIRST_NUMBERS = ("1", "a", "а")  # the last is Cyrillic
#: the block prefix of quoted lines, which stands between the words of a sentence
_PREFIX = re.compile(r"(?m)^[^\S\n]*>[> ]*")
#: a language whose letters come this close to the commonest counts as well
_NEARLY = 0.9


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that is a norm, by its place in the text; the verdict's offsets are places in the text, too."""

    start: int
    end: int
    verdict: Verdict


def find_statements(
    text: str, languages: Mapping[str, Cues], *, language: str = "", question: str = ""
) -> Iterator[Statement]:
    """Find the statements of one answer, in order.

    Parameters
    ----------
    text
        The answer.
    languages
        Cues by primary subtag.
    language
        BCP 47 tag of the answer, "" where unknown. Sentences in the letters of another language are read by its cues.
    question
        What was asked: where it asks for faults, what many do is blamed, and a list is a list of faults
        unless its first line says otherwise.
    """
    readers = _readers(text, languages, primary_subtag(language))
    masked = _PREFIX.sub(lambda prefix: " " * len(prefix.group()), text)
    context = Context(any(asks_for_faults(question, cues) for cues in readers.values()), is_first=True)
    asked_for = PROSCRIPTION if context.is_about_faults else ""
    previous = ""
    for start, end in split_sentences(masked, language or None):
        sentence = masked[start:end]
        cues = _reader(sentence, readers, primary_subtag(language))
        if cues is None:
            continue
        if list_number(sentence) in _FIRST_NUMBERS:
            context = replace(context, list_kind=previous or asked_for)
        verdict, context = judge(sentence, cues, context)
        previous = verdict.kind if verdict else ""
        if verdict:
            yield Statement(start, end, verdict.moved(start))


def _readers(text: str, languages: Mapping[str, Cues], language: str) -> Mapping[str, Cues]:
    """Leave out the language whose letters the text is written in when the text is known to be in another one."""
    if language in languages or language in ("", "und"):
        return languages
    counts = _letters(fold(text), languages)
    most = max(counts.values(), default=0)
    return {name: cues for name, cues in languages.items() if counts[name] < _NEARLY * most}


def _reader(sentence: str, languages: Mapping[str, Cues], language: str) -> Cues | None:
    """Cues of the language in whose letters most of `sentence` is; of the answer's own where several are level."""
    counts = _letters(fold(sentence), languages)
    most = max(counts.values(), default=0)
    level = [name for name, n_letters in counts.items() if n_letters and n_letters >= _NEARLY * most]
    if not level:
        return None
    return languages[language if language in level else level[0]]


def _letters(folded: str, languages: Mapping[str, Cues]) -> dict[str, int]:
    return {name: sum(map(len, cues.letters.findall(folded))) for name, cues in languages.items()}

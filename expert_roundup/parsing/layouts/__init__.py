"""One module a layout: where speakers are announced and on which side the answer lies."""

from __future__ import annotations

from dataclasses import dataclass, replace

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.layouts import headings, labels, quote_then_name, said, said_prose, said_quotes, table
from expert_roundup.parsing.people import is_known_person, name_likeness, resolve, visible

#: recognisers in the order in which ties are broken
RECOGNISERS = (
    said.recognise,
    labels.recognise,
    quote_then_name.recognise,
    quote_then_name.recognise_credits,
    said_quotes.recognise,
    headings.recognise,
    table.recognise,
    said_prose.recognise,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attempt with the evidence for it."""

    attempt: Attempt
    score: float
    coverage: float  #: share of the document's text that the answers take
    name_likeness: float  #: mean over the answers
    voice: float  #: share of answers in which somebody says I or we
    confirmed: float = 1.0  #: share of the speakers that a given name, a handle or an initial confirms


def candidates(document: Document) -> tuple[Candidate, ...]:
    """Every layout's attempt at `document`, best first; attempts whose speakers may be anything but people are left out."""
    found = [_weighed(document, attempt) for recognise in RECOGNISERS if (attempt := recognise(document))]
    return tuple(sorted(filter(_is_plausible, found), key=lambda candidate: -candidate.score))


def choose_attempt(document: Document) -> Attempt | None:
    """The attempt that explains `document` best, with short labels resolved; None where no layout finds two answers."""
    ranked = candidates(document)
    if not ranked:
        return None
    return _resolved(document, _mixed(document, [candidate.attempt for candidate in ranked]))


#: layouts that quote in marks or blocks; a page may use several of them side by side
_QUOTING = ("said", "quote_then_name", "cards")


def _mixed(document: Document, attempts: list[Attempt]) -> Attempt:
    """The best attempt, with what other quoting layouts find elsewhere: answers by its speakers, or by people who say I or we."""
    best = attempts[0]
    if best.layout not in _QUOTING:
        return best
    answers = list(best.answers)
    speakers = {answer.speaker for answer in answers}
    for attempt in attempts[1:]:
        if attempt.layout in _QUOTING:
            for answer in attempt.answers:
                words_ = document.text[answer.spans[0][0] : answer.spans[-1][1]]
                known = answer.speaker in speakers or (
                    is_known_person(answer.speaker) and document.speaks_of_self(words_)
                )
                if known and not any(_overlap(answer, other) for other in answers):
                    answers.append(answer)
    if len(answers) == len(best.answers):
        return best
    answers.sort(key=lambda answer: answer.spans[0])
    layouts = {attempt.layout for attempt in attempts if attempt.layout in _QUOTING}
    note = f"{len(answers) - len(best.answers)} more by another layout"
    return replace(best, layout="mixed" if len(layouts) > 1 else best.layout, answers=tuple(answers), notes=(*best.notes, note))


def _overlap(one: Answer, other: Answer) -> bool:
    """Whether the places of two answers, attributions included, touch."""
    a, b = ([*answer.spans, *answer.attribution] for answer in (one, other))
    return min(a)[0] < max(end for _, end in b) and min(b)[0] < max(end for _, end in a)


def _weighed(document: Document, attempt: Attempt) -> Candidate:
    texts = [visible(document.text[answer.spans[0][0] : answer.spans[-1][1]]) for answer in attempt.answers]
    n = len(texts)
    body = sum(block.end - block.start for block in document.blocks if block.is_text) or 1
    coverage = min(1.0, sum(end - start for answer in attempt.answers for start, end in answer.spans) / body)
    likeness = sum(max(name_likeness(answer.speaker), 0.3) for answer in attempt.answers) / n
    voice = sum(map(document.speaks_of_self, texts)) / n
    score = likeness * (0.4 + 0.6 * voice) * (0.25 + 0.75 * coverage) * (1 - 1 / (n + 1))
    return Candidate(attempt, score, coverage, likeness, voice, _confirmed(document, attempt))


def _confirmed(document: Document, attempt: Attempt) -> float:
    speakers = {answer.speaker for answer in _resolved(document, attempt).answers}
    return sum(is_known_person(speaker) for speaker in speakers) / len(speakers)


def _is_plausible(candidate: Candidate) -> bool:
    """Whether speakers are people: confirmed by their names, or, where names are rare or of firms, by how they speak."""
    attempt = candidate.attempt
    if attempt.layout == "said":
        return candidate.confirmed >= 0.34 or candidate.voice >= 0.2
    if attempt.layout not in ("labels", "transcript", "headings"):
        return True
    n_speakers = len({answer.speaker for answer in attempt.answers})
    if candidate.confirmed >= 0.5 or (candidate.confirmed > 0 and n_speakers <= 3):
        return candidate.voice >= 0.2 or candidate.confirmed >= 0.8
    recurs = n_speakers * 2 <= len(attempt.answers)
    return candidate.voice >= 0.5 and (recurs or len(attempt.answers) >= 4 or candidate.confirmed > 0)


def _resolved(document: Document, attempt: Attempt) -> Attempt:
    labels_ = [answer.speaker for answer in attempt.answers]
    if attempt.layout not in ("labels", "transcript", "said", "mixed"):
        return attempt
    if all(" " in label and not label.isupper() for label in labels_):
        return attempt
    names = resolve(labels_, document.prose)
    roles = {names[answer.speaker]: answer.role for answer in reversed(attempt.answers) if answer.role}
    return replace(
        attempt,
        answers=tuple(
            replace(answer, speaker=names[answer.speaker], role=answer.role or roles.get(names[answer.speaker], ""))
            for answer in attempt.answers
        ),
    )

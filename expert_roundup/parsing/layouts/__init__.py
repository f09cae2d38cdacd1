"""One module a layout: where speakers are announced and on which side the answer lies."""

from __future__ import annotations

from dataclasses import dataclass, replace

from expert_roundup.parsing.answers import Attempt, Document
from expert_roundup.parsing.layouts import headings, labels, quote_then_name, said, said_quotes, table
from expert_roundup.parsing.people import name_likeness, resolve, visible

#: recognisers in the order in which ties are broken
RECOGNISERS = (
    said.recognise,
    labels.recognise,
    quote_then_name.recognise,
    said_quotes.recognise,
    headings.recognise,
    table.recognise,
    said_quotes.recognise_prose,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attempt with the evidence for it."""

    attempt: Attempt
    score: float
    coverage: float  #: share of the document's text that the answers take
    name_likeness: float  #: mean over the answers
    voice: float  #: share of answers in which somebody says I or we


def candidates(document: Document) -> tuple[Candidate, ...]:
    """Every layout's attempt at `document`, best first."""
    found = [_weighed(document, attempt) for recognise in RECOGNISERS if (attempt := recognise(document))]
    return tuple(sorted(found, key=lambda candidate: -candidate.score))


def choose_attempt(document: Document) -> Attempt | None:
    """The attempt that explains `document` best, with short labels resolved; None where no layout finds two answers."""
    ranked = candidates(document)
    return _resolved(document, ranked[0].attempt) if ranked else None


def _weighed(document: Document, attempt: Attempt) -> Candidate:
    texts = [visible(document.text[answer.spans[0][0] : answer.spans[-1][1]]) for answer in attempt.answers]
    n = len(texts)
    body = sum(block.end - block.start for block in document.blocks if block.is_text) or 1
    coverage = min(1.0, sum(end - start for answer in attempt.answers for start, end in answer.spans) / body)
    likeness = sum(max(name_likeness(answer.speaker), 0.3) for answer in attempt.answers) / n
    voice = sum(map(document.speaks_of_self, texts)) / n
    score = likeness * (0.4 + 0.6 * voice) * (0.25 + 0.75 * coverage) * (1 - 1 / (n + 1))
    return Candidate(attempt, score, coverage, likeness, voice)


def _resolved(document: Document, attempt: Attempt) -> Attempt:
    labels_ = [answer.speaker for answer in attempt.answers]
    if attempt.layout not in ("labels", "transcript", "said"):
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

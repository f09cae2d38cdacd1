"""One module a layout: where speakers are announced and on which side the answer lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from expert_roundup.parsing.answers import Attempt, Document
from expert_roundup.parsing.layouts import headings, interview, labels, quote_then_name, said, said_quotes, table
from expert_roundup.parsing.layouts.evidence import Evidence, evidence, objection
from expert_roundup.parsing.layouts.mixing import mixed
from expert_roundup.parsing.questions import with_questions
from expert_roundup.parsing.resolution import resolved

Recogniser = Callable[[Document], Attempt | None]

#: recognisers in the order in which ties are broken
RECOGNISERS: tuple[Recogniser, ...] = (
    said.recognise,
    labels.recognise,
    quote_then_name.recognise,
    quote_then_name.recognise_unmarked,
    headings.recognise,
    table.recognise,
    said_quotes.recognise,
    interview.recognise,
)


#: answers and share of the text from which announcements in running text decide alone
_PLENTY, _NEARLY_ALL = 8, 0.7


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attempt with the evidence for it."""

    attempt: Attempt
    evidence: Evidence
    objection: str = ""  #: why it is no roundup after all, "" if nothing speaks against it

    @property
    def score(self) -> float:
        """How well the attempt explains the document, 0 to 1."""
        return self.evidence.score

    @property
    def coverage(self) -> float:
        """Share of the document's text that the answers take."""
        return self.evidence.coverage

    @property
    def voice(self) -> float:
        """Share of the answers in which somebody says I or we."""
        return self.evidence.voice

    @property
    def name_likeness(self) -> float:
        """How surely the speakers are people."""
        return self.evidence.personhood


def candidates(document: Document) -> tuple[Candidate, ...]:
    """Every layout's attempt at `document`, best first."""
    attempts = [attempt for recognise in RECOGNISERS if (attempt := recognise(document))]
    found = [_weighed(document, attempt) for attempt in attempts]
    return tuple(sorted(found, key=lambda candidate: (candidate.objection != "", -candidate.score)))


def _weighed(document: Document, attempt: Attempt) -> Candidate:
    weight = evidence(document, attempt)
    return Candidate(attempt, weight, objection(attempt, weight))


def choose_attempt(document: Document) -> Attempt | None:
    """The attempt that explains `document` best, with short labels resolved; None where no layout finds two answers."""
    announced = said.recognise(document)
    if announced and _is_decided(document, announced):
        return resolved(document, with_questions(document, announced))
    sound = [candidate.attempt for candidate in candidates(document) if not candidate.objection]
    return resolved(document, with_questions(document, mixed(document, sound))) if sound else None


def _is_decided(document: Document, attempt: Attempt) -> bool:
    """Whether answers announced one after the other fill the page, so that no other layout need be tried."""
    said_of_it = sum(end - start for answer in attempt.answers for start, end in answer.spans)
    return len(attempt.answers) >= _PLENTY and said_of_it >= _NEARLY_ALL * len(document.text)


__all__ = ["RECOGNISERS", "Candidate", "candidates", "choose_attempt"]

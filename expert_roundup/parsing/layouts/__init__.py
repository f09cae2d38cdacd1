"""One module a layout: where speakers are announced and on which side the answer lies."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from expert_roundup.parsing.answers import Attempt, Document, n_said
from expert_roundup.parsing.layouts import (
    components,
    forms,
    habits,
    headings,
    interview,
    introductions,
    labels,
    listed_quotes,
    name_over_quote,
    quote_then_name,
    ruled_credits,
    said,
    said_quotes,
    table,
    unmarked_quotes,
)
from expert_roundup.parsing.layouts.evidence import Evidence, coverage_for, evidence, least_coverage, objection
from expert_roundup.parsing.layouts.mixing import mixed, without_repeats
from expert_roundup.parsing.questions import with_questions
from expert_roundup.parsing.resolution import resolved

Recogniser = Callable[[Document], Attempt | None]

#: recognisers in the order in which ties are broken
RECOGNISERS: tuple[Recogniser, ...] = (
    said.recognise,
    forms.recognise,
    labels.recognise,
    quote_then_name.recognise,
    ruled_credits.recognise,
    unmarked_quotes.recognise,
    name_over_quote.recognise,
    headings.recognise,
    table.recognise,
    interview.recognise,
)

#: recognisers for pages on which no other finds who speaks
UNMARKED: tuple[Recogniser, ...] = (
    components.recognise,
    listed_quotes.recognise,
    introductions.recognise,
    habits.recognise,
)

#: how surely headings name people, from which credits below them need not be heard
_SURE = 0.7
#: the share of quotations that credits must name for them to be heard rather than the prose around them
_NEARLY = 0.75


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
    """Every layout's attempt at `document`, best first.

    Quotations in prose cost the most to read and are left out where they could not win, however well they were read.
    """
    found = [_weighed(document, attempt) for recognise in RECOGNISERS if (attempt := recognise(document))]
    best = max((candidate.score for candidate in found if not candidate.objection), default=0.0)
    if not best:
        # no markup says who speaks
        found += [_weighed(document, attempt) for recognise in UNMARKED if (attempt := recognise(document))]
        best = max((candidate.score for candidate in found if not candidate.objection), default=0.0)
    least = max(least_coverage("said"), coverage_for(best))
    if attempt := said_quotes.recognise(document, least_coverage=least):
        found.append(_weighed(document, attempt))
    found = [_doubted(candidate, found) for candidate in found]
    return tuple(sorted(found, key=lambda candidate: (candidate.objection != "", -candidate.score)))


def _weighed(document: Document, attempt: Attempt) -> Candidate:
    weight = evidence(document, attempt)
    return Candidate(attempt, weight, objection(attempt, weight))


def _doubted(candidate: Candidate, others: Sequence[Candidate]) -> Candidate:
    """The candidate; with an objection where labels or credits inside its sections say more closely who speaks."""
    finer = {"headings": _finer, "transcript": _of_several, "said": _credited}.get(candidate.attempt.layout)
    if finer and not candidate.objection:
        for other in others:
            if not other.objection and (why := finer(other, candidate)):
                return replace(candidate, objection=why)
    return candidate


def _of_several(other: Candidate, interview: Candidate) -> str:
    """Why `other` says more closely who speaks than an interview with one person, "" if it does not."""
    speakers = {answer.speaker for answer in interview.attempt.answers}
    are_labelled = (
        other.attempt.layout in ("labels", "transcript")
        and other.attempt.moderators
        and {answer.speaker for answer in other.attempt.answers} == speakers
    )
    is_finer = (
        interview.evidence.n_speakers == 1
        and (other.evidence.n_speakers > 2 or are_labelled)
        and other.attempt is not interview.attempt
        and len(other.attempt.answers) >= len(interview.attempt.answers)
        and _lies_in(other.attempt, interview.attempt)
    )
    return "labels or credits inside its answers name several people" if is_finer else ""


def _credited(other: Candidate, prose: Candidate) -> str:
    """Why credits or labels say more plainly who speaks than the prose around quotations, "" if they do not."""
    if other.attempt.layout in ("labels", "transcript"):
        is_finer = len(other.attempt.answers) > len(prose.attempt.answers) and _lies_in(other.attempt, prose.attempt)
        return "labels inside what it quotes say who speaks" if is_finer else ""
    is_plainer = (
        other.attempt.is_explicit
        and other.attempt.layout in ("quote_then_name", "cards")
        and len(other.attempt.answers) >= _NEARLY * len(prose.attempt.answers)
        and other.coverage >= prose.coverage / 2
        and _lies_in(prose.attempt, other.attempt)
    )
    return "credits behind the quotations name their speakers" if is_plainer else ""


def _finer(other: Candidate, headings: Candidate) -> str:
    """Why `other` says more closely who speaks than the headings do, "" if it does not."""
    n_other, n = len(other.attempt.answers), len(headings.attempt.answers)
    if other.attempt.layout in ("labels", "transcript"):
        is_finer = n_other > n and _lies_in(other.attempt, headings.attempt)
        return "labels inside its sections say who speaks" if is_finer else ""
    if other.attempt.layout in ("quote_then_name", "cards"):
        is_surer = headings.name_likeness < _SURE and other.name_likeness > headings.name_likeness
        return "its headings may name groups, credits inside name people" if is_surer and 2 * n_other >= n else ""
    return ""


def _lies_in(inner: Attempt, outer: Attempt) -> bool:
    """Whether the answers of `inner` lie in those of `outer` and take most of them."""
    bounds = [(answer.spans[0][0], answer.spans[-1][1]) for answer in outer.answers]
    starts = [start for start, _ in bounds]
    inside = [
        answer
        for answer in inner.answers
        if (place := bisect_right(starts, answer.spans[0][0])) and answer.spans[0][0] < bounds[place - 1][1]
    ]
    return len(inside) >= 0.8 * len(inner.answers) and n_said(inside) >= 0.5 * sum(end - start for start, end in bounds)


def choose_attempt(document: Document) -> Attempt | None:
    """The attempt that explains `document` best, with short labels resolved; None where no layout finds two answers."""
    sound = [candidate.attempt for candidate in candidates(document) if not candidate.objection]
    found = without_repeats(document, mixed(document, sound)) if sound else None
    # one answer, however often the page shows it, is no roundup
    return resolved(document, with_questions(document, found)) if found and len(found.answers) > 1 else None


__all__ = ["RECOGNISERS", "Candidate", "candidates", "choose_attempt"]

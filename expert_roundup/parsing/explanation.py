"""How a document was read, told as a person would: what was tried, what was taken and why, and what is left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.layouts import Candidate, candidates
from expert_roundup.parsing.people import visible
from expert_roundup.parsing.roundup import Roundup

#: left-over pieces that are shown, and the shortest, in visible characters
_MOST_LEFT_OVER = 12
_SHORTEST_LEFT_OVER = 20
_NAMED = {
    "said": "announced in running text (said)",
    "headings": "headings that name speakers (headings)",
    "labels": "labels under questions (labels)",
    "quote_then_name": "quotes with the name behind (quote_then_name)",
    "cards": "cards (cards)",
    "transcript": "turns of a conversation (transcript)",
    "table": "a row a speaker (table)",
    "mixed": "several layouts (mixed)",
}


def explain(document: Document, roundup: Roundup | None) -> str:
    """Explain how `document` was read.

    Parameters
    ----------
    document
        The parsed document.
    roundup
        What came of it; None where it is no roundup.

    Returns
    -------
    str
        Lines for a person: the layouts tried with their scores, what was taken and why, the people, questions and tally
        found, roster entries without an answer, and the pieces of the text that are nobody's.
    """
    tried = candidates(document)
    lines = [_source_line(document), "", *_tried(tried, roundup)]
    if roundup is not None:
        lines += ["", *_found(roundup), "", *_left_over(document.text, roundup)]
    return "\n".join(lines) + "\n"


def _source_line(document: Document) -> str:
    source = document.source
    title = f", “{document.title}”" if document.title else ""
    return f"{source.name}: {source.format}, {len(source.text):,} characters in {len(document.blocks):,} blocks{title}."


def _tried(tried: Sequence[Candidate], roundup: Roundup | None) -> Iterator[str]:
    if not tried:
        yield "No layout finds two answers whose speakers are named: no roundup."
        return
    yield "Layouts that find two answers or more, best first:"
    yield f"  {'layout':<16} {'score':>5} {'answers':>7} {'names':>5} {'I, we':>5} {'text':>5}   how"
    for candidate in tried:
        attempt = candidate.attempt
        figures = (candidate.name_likeness, candidate.voice, candidate.coverage)
        shares = " ".join(f"{figure:>5.0%}" for figure in figures)
        how = "; ".join([*attempt.notes, *([f"NOT TAKEN: {candidate.objection}"] if candidate.objection else [])])
        yield f"  {attempt.layout:<16} {candidate.score:>5.2f} {len(attempt.answers):>7} {shares}   {how}"
    yield "  (names: how like names the speakers are; I, we: answers in the first person; text: what the answers cover)"
    yield _verdict(tried, roundup)


def _verdict(tried: Sequence[Candidate], roundup: Roundup | None) -> str:
    if roundup is None:
        return "Something speaks against each of them: no roundup."
    read = f"Read as {_NAMED.get(roundup.layout, roundup.layout)}"
    sound = [candidate for candidate in tried if not candidate.objection]
    if not sound or sound[0].attempt.layout != roundup.layout:
        return f"{read}: {'; '.join(roundup.notes)}."
    first, *others = sound
    if not others:
        return f"{read}, the only layout {'that finds answers' if len(tried) == 1 else 'that nothing speaks against'}."
    second = others[0]
    better = [
        reason
        for reason, ours, theirs in (
            ("its speakers look more like names", first.name_likeness, second.name_likeness),
            ("more of its answers say I or we", first.voice, second.voice),
            ("its answers cover more of the text", first.coverage, second.coverage),
            ("it finds more answers", len(first.attempt.answers), len(second.attempt.answers)),
        )
        if ours > theirs
    ]
    why = f": {', '.join(better)} than {second.attempt.layout}" if better else ""
    return f"{read}, {first.score - second.score:.2f} ahead of {second.attempt.layout}{why}."


def _found(roundup: Roundup) -> Iterator[str]:
    speakers = list(dict.fromkeys(row.speaker for row in roundup.rows))
    yield f"{len(roundup.rows)} answers by {len(speakers)} speakers: {_listed(speakers, 40)}."
    text = roundup.source.text
    questions = [f"“{visible(text[start:end])}”" for start, end in roundup.questions]
    yield f"Questions: {_listed(questions, 20)}." if questions else "No question found."
    yield _roster_line(roundup)
    if roundup.published:
        counts = sum(count.n_published for count in roundup.published)
        yield f"Published tally: {len(roundup.published)} labels, {counts} counts."
    else:
        yield "No published tally."


def _roster_line(roundup: Roundup) -> str:
    if not roundup.roster:
        return "No roster: nothing says whether somebody is missing."
    missing = [name for name, quote_id in roundup.roster if quote_id is None]
    off = list(dict.fromkeys(row.speaker for row in roundup.rows if row.is_on_roster is False))
    matched = f"all {len(roundup.roster)} matched" if not missing else f"without an answer: {_listed(missing, 40)}"
    return f"Roster of {len(roundup.roster)}: {matched}" + (f"; not on it: {_listed(off, 40)}." if off else ".")


def _left_over(text: str, roundup: Roundup) -> Iterator[str]:
    """The pieces of the text that are no answer, question, roster or tally, longest first, told in page order."""
    pieces = [
        (segment, shown)
        for segment in roundup.segments
        if segment.kind in ("front_matter", "remark")
        and len(shown := visible(text[segment.start : segment.end])) >= _SHORTEST_LEFT_OVER
    ]
    if not pieces:
        yield "Nothing is left over."
        return
    share = sum(segment.end - segment.start for segment, _ in pieces) / max(1, len(text))
    yield f"Left over ({share:.0%} of the text):"
    longest = sorted(pieces, key=lambda piece: -len(piece[1]))[:_MOST_LEFT_OVER]
    for segment, shown in sorted(longest, key=lambda piece: piece[0].start):
        beginning = shown if len(shown) <= 70 else f"{shown[:69]}…"
        yield f"  {segment.start:>8,} to {segment.end:<8,} {segment.kind.replace('_', ' '):<12} {beginning}"
    if len(pieces) > len(longest):
        yield f"  and {len(pieces) - len(longest)} shorter pieces"


def _listed(items: Sequence[str], most: int) -> str:
    """The items, the first `most` of them by name."""
    rest = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(items[:most]) + rest

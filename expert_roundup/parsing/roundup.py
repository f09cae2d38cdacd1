"""The roundup: a document read by the layout that explains it best, as quotes with their speakers, questions and places."""

from __future__ import annotations

import contextlib
import functools
import gc
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expert_roundup.parsing.answers import Answer, Attempt, Document, parse_document
from expert_roundup.parsing.blocks import Span, without_prefixes
from expert_roundup.parsing.layouts import choose_attempt
from expert_roundup.parsing.published import PublishedCount, PublishedTally, find_published_tally, without_tally
from expert_roundup.parsing.questions import questions_before
from expert_roundup.parsing.roster import RosterEntry, find_roster, match_names
from expert_roundup.parsing.segments import Segment, split_segments
from expert_roundup.parsing.source import Source, read_source, source_from_text
from expert_roundup.parsing.visible import asks, visible
from expert_roundup.text.languages import detect_language

if TYPE_CHECKING:
    import pandas as pd

_WORD = re.compile(r"[^\W_]++(?:[-’'][^\W_]++)*+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
#: for each ASCII character "a" in words, "-" where it joins two parts of one, a blank between words
_ASCII_SHAPE = bytes(97 if bytes([code]).isalnum() else 45 if code in b"-'" else 32 for code in range(256))
#: what must be in a text to be searched, and the addresses then: of Markdown links, of HTML ones, bare or in < >
_LINKS = (
    ("](", re.compile(r"\]\((?:<(?P<url>[^<>]+)>|(?P<bare>[^()\s]++(?:\([^()\s]*+\)[^()\s]*+)*+))[^()]*+\)")),
    ("href", re.compile(r"href\s*=\s*[\"'](?P<url>[^\"']+)[\"'](?P<bare>)")),
    # what stands before is looked at behind the first letter, so that the search goes from h to h
    ("://", re.compile(r"(?P<url>h(?<![\w(\"'=]h)ttps?://[^\s<>\"')\]]+)(?P<bare>)")),
)


class NotARoundup(ValueError):
    """The text holds no roundup: fewer than two attributed answers."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One speaker's answer; the fields are the columns of the quotes frame."""

    quote_id: str
    speaker: str
    role: str
    is_on_roster: bool | None
    question: str
    language: str
    n_words: int
    start: int
    end: int
    text: str
    links: tuple[str, ...]


@dataclass(frozen=True)
class Roundup:
    """A parsed roundup."""

    source: Source
    title: str
    layout: str
    roster: tuple[tuple[str, str | None], ...]  #: (name as printed, quote_id of the speaker's first answer or None)
    questions: tuple[Span, ...]
    rows: tuple[Quote, ...]
    published: tuple[PublishedCount, ...]
    segments: tuple[Segment, ...]
    notes: tuple[str, ...] = ()  #: how it was read, for `--explain`

    @functools.cached_property
    def quotes(self) -> pd.DataFrame:
        """One row per answer, in page order: the quotes frame."""
        import pandas as pd

        frame = pd.DataFrame([asdict(row) for row in self.rows], columns=list(Quote.__dataclass_fields__))
        return frame.assign(is_on_roster=frame["is_on_roster"].astype("boolean"), links=frame["links"].map(list))

    @functools.cached_property
    def published_tally(self) -> pd.DataFrame:
        """One row per label that the author counted, in the author's order: label, n_published."""
        import pandas as pd

        return pd.DataFrame([asdict(count) for count in self.published], columns=["label", "n_published"])

    def to_json(self) -> dict[str, Any]:
        """The whole roundup as plain lists and dictionaries, as `expert-roundup parse --format json` prints it."""
        text = self.source.text
        return {
            "source": {
                "name": self.source.name,
                "sha256": self.source.sha256,
                "format": self.source.format,
                "n_chars": len(text),
            },
            "title": self.title,
            "layout": self.layout,
            "roster": [{"name": name, "quote_id": quote_id} for name, quote_id in self.roster],
            "questions": [{"text": _shown(text, span), "start": span[0], "end": span[1]} for span in self.questions],
            "quotes": [asdict(row) | {"links": list(row.links)} for row in self.rows],
            "published_tally": [asdict(count) for count in self.published],
            "segments": [asdict(segment) for segment in self.segments],
        }


def read_roundup(source: str | Path | Source) -> Roundup:
    """Parse a path, URL, "-" or Source.

    Raises
    ------
    NotARoundup
        Fewer than two attributed answers were found.
    ValueError, OSError
        As `read_source`.
    """
    with _uncollected():
        read = source if isinstance(source, Source) else read_source(source)
        document = parse_document(read)
        attempt = choose_attempt(document)
        if attempt is None:
            raise NotARoundup(f"{read.name}: no attributed answers found")
        return _built(document, attempt)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """No search for garbage meanwhile: a large text makes blocks by the hundred thousand, and each would be looked at again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def parse_text(text: str, *, format: str = "txt") -> Roundup:
    r"""Parse a text that is already decoded (txt, md or html); errors as `read_roundup`.

    Examples
    --------
    >>> roundup = parse_text("Why?\n\nJane Doe said: I start small.\n\nJohn Roe said: I measure my work.")
    >>> roundup.quotes["speaker"].tolist()
    ['Jane Doe', 'John Roe']
    """
    with _uncollected():
        return read_roundup(source_from_text(text, format=format))


def _built(document: Document, attempt: Attempt) -> Roundup:
    text = document.text
    tally = find_published_tally(document, answers=[answer.spans for answer in attempt.answers])
    answers = without_tally(document, attempt.answers, tally)
    first = answers[0]
    begin = min(span[0] for span in (*first.attribution, *first.spans))
    questions = tuple(dict.fromkeys(attempt.questions)) or _questions_before(document, begin)
    roster = find_roster(
        document,
        [answer.speaker for answer in answers],
        end=questions[0][0] if questions and questions[0][0] < begin else begin,
    )
    quote_ids = [f"Q{number:02d}" for number in range(1, len(answers) + 1)]
    matched = _roster_quotes(roster, answers, quote_ids)
    on_roster = {answers[quote_ids.index(quote_id)].speaker for _, quote_id in matched if quote_id}
    shared = () if any(answer.questions for answer in answers) else questions
    rows = tuple(
        _quote(text, quote_id, answer, (answer.speaker in on_roster) if roster else None, shared)
        for quote_id, answer in zip(quote_ids, answers, strict=True)
    )
    return Roundup(
        source=document.source,
        title=document.title,
        layout=attempt.layout,
        roster=matched,
        questions=questions,
        rows=rows,
        published=tally.counts if tally else (),
        segments=_segments(text, answers, quote_ids, questions, roster, tally),
        notes=attempt.notes,
    )


def _questions_before(document: Document, begin: int) -> tuple[Span, ...]:
    block = next((block for block in document.blocks if block.start <= begin < block.end), None)
    inside = questions_before(document.text, begin, floor=block.start if block else 0)
    return inside or questions_before(document.text, begin) or _question_in_title(document, begin)


def _question_in_title(document: Document, begin: int) -> tuple[Span, ...]:
    """The question that the title asks, where it stands above the first answer."""
    if not asks(document.title):
        return ()
    start = document.text.find(document.title, 0, begin)
    end = start + len(document.title.rstrip("*_ "))
    return () if start < 0 else questions_before(document.text, end, floor=start)


def _roster_quotes(
    roster: Sequence[RosterEntry], answers: Sequence[Answer], quote_ids: Sequence[str]
) -> tuple[tuple[str, str | None], ...]:
    firsts: dict[str, str] = {}
    for answer, quote_id in zip(answers, quote_ids, strict=True):
        firsts.setdefault(answer.speaker, quote_id)
    speakers = list(firsts)
    matches = match_names([entry.name for entry in roster], speakers)
    return tuple(
        (entry.name, None if match is None else firsts[speakers[match]])
        for entry, match in zip(roster, matches, strict=True)
    )


def _quote(text: str, quote_id: str, answer: Answer, is_on_roster: bool | None, shared: Sequence[Span]) -> Quote:
    said = "\n\n".join(without_prefixes(text[start:end]) for start, end in answer.spans)
    spans = list(answer.questions or shared)
    shown = visible(said)
    linked = "\n".join([said, *(text[start:end] for start, end in answer.trailer)])
    return Quote(
        quote_id=quote_id,
        speaker=answer.speaker,
        role=answer.role,
        is_on_roster=is_on_roster,
        question=" ".join(_shown(text, span) for span in spans),
        language=detect_language(shown),
        n_words=count_words(shown),
        start=answer.spans[0][0],
        end=answer.spans[-1][1],
        text=said,
        links=_links(linked),
    )


def _links(text: str) -> tuple[str, ...]:
    """The addresses that `text` links to, each once, in order."""
    found = [
        (match.start(), match["url"] or match["bare"])
        for sign, pattern in _LINKS
        if sign in text
        for match in pattern.finditer(text)
    ]
    return tuple(dict.fromkeys(link.rstrip(".,;") for _, link in sorted(found)))


def count_words(text: str) -> int:
    """Words of `text`; where a script writes no blanks, a character counts as one.

    Examples
    --------
    >>> count_words("Don't start big — start well."), count_words("小さく始める")
    (5, 6)
    """
    if text.isascii():
        # most answers: to count where words begin is ten times as fast as to find them
        shape = b" " + text.encode("ascii").translate(_ASCII_SHAPE)
        if b"--" not in shape:
            return shape.count(b" a") + shape.count(b" -a")
    n_cjk = len(_CJK.findall(text))
    return n_cjk + len(_WORD.findall(_CJK.sub(" ", text) if n_cjk else text))


def _shown(text: str, span: Span) -> str:
    return visible(without_prefixes(text[slice(*span)]))


def _segments(
    text: str,
    answers: Sequence[Answer],
    quote_ids: Sequence[str],
    questions: Sequence[Span],
    roster: Sequence[RosterEntry],
    tally: PublishedTally | None,
) -> tuple[Segment, ...]:
    pieces = [Segment("question", *span) for span in questions]
    if roster:
        pieces.append(Segment("roster", roster[0].start, roster[-1].end))
    if tally:
        pieces.append(Segment("tally", tally.start, tally.end))
    taken = sorted((span for answer in answers for span in answer.spans), key=lambda span: span[0])
    pieces = [piece for piece in pieces if not _overlaps(piece, taken)]
    for answer, quote_id in zip(answers, quote_ids, strict=True):
        pieces += [Segment("answer", start, end, quote_id) for start, end in answer.spans]
        for kind, spans in (("attribution", answer.attribution), ("trailer", answer.trailer)):
            # what somebody says is theirs, whatever a recogniser took for its announcement
            pieces += [Segment(kind, *part, quote_id) for span in spans for part in _outside(span, taken)]
    return split_segments(text, pieces)


def _overlaps(piece: Segment, taken: Sequence[Span]) -> bool:
    from bisect import bisect_left

    index = bisect_left(taken, (piece.end, 0))
    return index > 0 and taken[index - 1][1] > piece.start


def _outside(span: Span, taken: Sequence[Span]) -> Iterator[Span]:
    """The parts of `span` that no span of `taken`, which is sorted, covers."""
    from bisect import bisect_left

    start, end = span
    index = max(0, bisect_left(taken, span) - 1)
    while index < len(taken) and taken[index][0] < end:
        begin, stop = taken[index]
        if start < begin:
            yield start, begin
        start = max(start, stop)
        index += 1
    if start < end:
        yield start, end

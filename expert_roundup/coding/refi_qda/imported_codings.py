"""Selections of a project as codings: one row for every coder, quote and theme."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from expert_roundup.coding.check import COLUMNS, check_codings
from expert_roundup.coding.refi_qda.imported_quotes import ImportedQuote
from expert_roundup.coding.refi_qda.memos import Memo, read_memos
from expert_roundup.coding.refi_qda.plain_text import PlainText
from expert_roundup.coding.refi_qda.project_reading import Mark, ProjectRecord

#: who coded where a project does not say
_NOBODY = "unknown"


@dataclass(frozen=True, slots=True)
class ImportedCodings:
    """The codings frame of a project, and what had no place in it."""

    frame: pd.DataFrame
    n_joined: int  #: selections beyond the first of the same coder, quote and theme
    n_memos: int  #: memos on spans without a code
    n_cases: int  #: codings with a case instead of a code


@dataclass(frozen=True, slots=True)
class _Row:
    quote_id: str
    theme: str
    coder: str
    confidence: float
    evidence: tuple[int, int] | None
    rationale: str


def imported_codings(
    record: ProjectRecord, quotes: Sequence[ImportedQuote], texts: Sequence[PlainText], themes: Mapping[str, str]
) -> ImportedCodings:
    """Read the selections of all sources.

    Parameters
    ----------
    record
        The project.
    quotes, texts
        Its sources as quotes, and their texts as the project counts in them.
    themes
        GUID of a code -> theme.
    """
    rows: dict[tuple[str, str, str], _Row] = {}
    n_joined = n_memos = n_cases = 0
    for source, quote, text in zip(record.sources, quotes, texts, strict=True):
        for mark in source.marks:
            n_cases += sum(key in record.cases and key not in themes for _, key in mark.codes)
            found = list(_rows(mark, quote, text, record.users, themes))
            n_memos += not found and not mark.codes and bool(mark.memo.strip())
            for row in found:
                key = (row.quote_id, row.theme, row.coder)
                n_joined += key in rows
                rows[key] = _joined(rows[key], row) if key in rows else row
    order = list(dict.fromkeys([*themes.values(), ""]))
    coders = list(dict.fromkeys([*record.users.values(), *(row.coder for row in rows.values())]))
    places = {quote.quote_id: at for at, quote in enumerate(quotes)}
    ordered = sorted(
        rows.values(), key=lambda row: (places[row.quote_id], order.index(row.theme), coders.index(row.coder))
    )
    return ImportedCodings(_frame(ordered), n_joined, n_memos, n_cases)


def _rows(
    mark: Mark, quote: ImportedQuote, text: PlainText, users: Mapping[str, str], themes: Mapping[str, str]
) -> Iterator[_Row]:
    memos = read_memos(mark.memo)
    span = None if mark.start is None or mark.end is None else text.position(mark.start, mark.end)
    given = [(user, themes[key]) for user, key in mark.codes if key in themes]
    for user, theme in given:
        memo = _memo_of(theme, memos, is_alone=len(given) == 1)
        coder = users.get(user or mark.user, _NOBODY)
        yield _Row(quote.quote_id, theme, coder, memo.confidence, _evidence(memo, span, quote), memo.rationale)
    for memo in memos:
        if not memo.theme and not _is_remark(memo):
            coder = users.get(mark.user, _NOBODY)
            yield _Row(quote.quote_id, "", coder, memo.confidence, memo.evidence, memo.rationale)


def _is_remark(memo: Memo) -> bool:
    """Whether this is what somebody wrote by hand, not our note that a quote was read and given nothing."""
    return not memo.theme and memo.is_marked and memo.evidence is None and math.isnan(memo.confidence)


def _memo_of(theme: str, memos: Sequence[Memo], *, is_alone: bool) -> Memo:
    """What the memo of a selection says of one of its themes."""
    ours = [memo for memo in memos if memo.theme]
    found = next((memo for memo in ours if memo.theme == theme), None)
    if found is None and is_alone and len(ours) == 1:
        # the code was renamed in the other program
        found = ours[0]
    remarks = [memo.rationale for memo in memos if _is_remark(memo)]
    if found is None:
        return Memo(theme, 1.0, "\n".join(remarks))
    confidence = 1.0 if math.isnan(found.confidence) else found.confidence
    return Memo(theme, confidence, "\n".join([*remarks, found.rationale]), found.is_marked, found.evidence)


def _evidence(memo: Memo, span: tuple[int, int] | None, quote: ImportedQuote) -> tuple[int, int] | None:
    if span is None:
        return None
    is_whole = span == (0, len(quote.text))
    if memo.evidence and (is_whole or (quote.places and quote.places.position(*memo.evidence) == span)):
        return memo.evidence
    # without evidence the whole quote was selected for want of anything better
    if is_whole and not memo.is_marked:
        return None
    return None if quote.places is None else quote.places.place(*span)


def _joined(one: _Row, other: _Row) -> _Row:
    spans = [row.evidence for row in (one, other) if row.evidence]
    hull = (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None
    reasons = dict.fromkeys(filter(None, (one.rationale, other.rationale)))
    confidence = max(one.confidence, other.confidence)
    return _Row(one.quote_id, one.theme, one.coder, confidence, hull, "\n".join(reasons))


def _frame(rows: Sequence[_Row]) -> pd.DataFrame:
    values = [(r.quote_id, r.theme, r.coder, r.confidence, *(r.evidence or (None, None)), r.rationale) for r in rows]
    return check_codings(pd.DataFrame(values, columns=list(COLUMNS)))

"""Speech: which marked words of running text somebody says, and which are a term or a title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import said
from expert_roundup.parsing.layouts.credits import opens_marks
from expert_roundup.parsing.layouts.dashed_speech import dashed_speech
from expert_roundup.parsing.layouts.quotations import Quotation, quotations
from expert_roundup.parsing.visible import n_words
from expert_roundup.text.languages import function_words

#: words from which marked words are speech rather than a term, and with a cue verb beside them
_LONG, _LONG_BESIDE_CUE = 6, 3
#: characters that hold so many words nearly always
_BEGINNING = 240
#: languages whose papers part speech by a comma alone
_NORTHERN = frozenset({"sv", "no", "nb", "nn", "da", "fi", "et", "is"})
ENDS = ".!?…。！？"
#: what follows a term in Japanese marks; と follows speech
_PARTICLES = tuple("のなをにがはもへで")
_COMMAS = (",", "，")
#: a clause between dashes, or between a dash and the end; characters of it before its verb
_INSET = re.compile(
    r"(?<!\s)\s{1,4}[-–—]{1,2}\s{1,4}(?P<clause>[^-–—«»“”\"]{3,120}?)(?:\s{1,4}[-–—]{1,2}(?:[.,;:](?=\s|$)|(?=\s|$))|\Z)\s{0,4}"
)
_SOON = 20
#: languages whose papers say inside the marks who speaks; the comma before the verb, the subject behind it, the end
_LATIN = frozenset({"fr", "es", "it", "pt"})
_COMMA_BEFORE = re.compile(r",[*_]{0,2}[ \u00a0\n][*_]{0,2}$")
_SUBJECT = re.compile(
    r"(?:-t)?-(?:ils?|elles?)(?!\w)|[ \u00a0\n](?:[^\W\d_a-zà-öø-ÿ]|(?:le|la|les|un|une|el|los|las|una|o|a|il|lo)[ \n]\w|l[’']\w)"
)
_STOP = re.compile(r"[.!?…](?=[\s*_]|$)\s*")
#: characters in which the comma stands before the verb, and of the longest clause
_NEAR, _LONGEST_CLAUSE = 6, 200


def marked_speech(document: Document) -> dict[int, list[Quotation]]:
    """The quotations that may be speech, by the index of their paragraph."""
    text, by_commas = document.text, document.language in _NORTHERN
    found = {}
    for index, block in enumerate(document.blocks):
        if block.kind == "paragraph" and block.quote < 0 and block.lines:
            if dashed := _dashed(text, block, by_commas=by_commas):
                found[index] = dashed
                continue
            marked = quotations(text, block.span)
            speech = {one for one in marked if _is_speech(text, one, block.span)}
            if speech:
                kept = (one for one in marked if one in speech or _is_sentence(text, one))
                if pieces := [piece for one in kept for piece in _around_insets(text, one, document.language)]:
                    found[index] = pieces
    return found


def _dashed(text: str, block: Block, *, by_commas: bool) -> list[Quotation]:
    """What dashes part from who says it, in a paragraph that a dash opens, or a hyphen that looks like a list."""
    is_item = block.item >= 0 and text[block.start : block.lines[0][0]].strip() == "-"
    if is_item and opens_marks(text[block.span[0] : block.span[0] + 8]):
        return []
    marked = dashed_speech(
        text, block.span, begin=block.span[0] if is_item else None, by_commas=by_commas and not is_item
    )
    return [one for one in marked if n_words(text[one.start : one.end]) >= _LONG_BESIDE_CUE]


def _around_insets(text: str, one: Quotation, language: str) -> list[Quotation]:
    """The pieces of a quotation that dashes or commas part from who says it: "I start small - said Jane Doe -. Then I grow"."""
    has_dashes = any(text.find(dash, one.start, one.end) >= 0 for dash in "-–—")
    insets = [
        inset.span()
        for inset in (_INSET.finditer(text, one.start, one.end) if has_dashes else ())
        if (cue := said().search(text, *inset.span("clause"))) and cue.start() - inset.start("clause") <= _SOON
    ]
    if not insets and language in _LATIN:
        insets = list(_behind_commas(text, one))
    if not insets:
        return [one]
    starts = [one.start, *(end for _, end in insets)]
    ends = [*(start for start, _ in insets), one.end]
    outer_starts = [one.outer_start, *starts[1:]]
    outer_ends = [*ends[:-1], one.outer_end]
    pieces = map(Quotation, starts, ends, outer_starts, outer_ends)
    return [replace(piece, is_open=one.is_open and piece.end == one.end) for piece in pieces if piece.start < piece.end]


def _behind_commas(text: str, one: Quotation) -> Iterator[Span]:
    """Where Romance papers say inside a quotation who speaks: « Je rame, explique Jane Doe, rameuse. Et je chante »."""
    behind = one.start
    for cue in said().finditer(text, one.start, one.end):
        comma = _COMMA_BEFORE.search(text, max(behind, cue.start() - _NEAR), cue.start())
        head = text[cue.end() : min(one.end, cue.end() + _LONGEST_CLAUSE)]
        if comma is None or cue.start() < behind or not _SUBJECT.match(head):
            continue
        stop = _STOP.search(head)
        end = stop.end() if stop else len(head)
        resumed = head.find(", ", 0, end)
        first = re.match(r"[^\W\d_]+", head[resumed + 2 : end]) if resumed >= 0 else None
        if first and first.group().casefold() in function_words():
            end = resumed + 2  # what is said goes on; anything else says what its speaker is
        behind = cue.end() + end
        yield comma.start(), behind


def quoted_share(document: Document, marked: Mapping[int, Sequence[Quotation]]) -> float:
    """The largest share of the text that block quotes and quotations can take as answers."""
    quoted = sum(block.end - block.start for block in document.blocks if block.quote >= 0)
    return (quoted + sum(one.end - one.start for found in marked.values() for one in found)) / document.size


def _is_speech(text: str, one: Quotation, span: Span) -> bool:
    """Whether marked words are speech: long enough, or a short sentence beside the editor's words."""
    # the beginning is enough where it is long enough
    words = n_words(text[one.start : min(one.end, one.start + _BEGINNING)])
    if words < _LONG:
        words = n_words(text[one.start : one.end])
    if text[one.start - 1] == "「" and text[one.outer_end : one.outer_end + 1] in _PARTICLES:
        return False
    if words >= _LONG:
        return True
    behind = text[one.outer_end : one.outer_end + 1]
    ends = behind in _COMMAS or text[one.start : one.end].rstrip()[-1:] in (*ENDS, *_COMMAS)
    before = text[max(span[0], one.outer_start - 40) : one.outer_start].rstrip()
    is_led = one.outer_start == span[0] or before.endswith((":", "："))
    return words >= _LONG_BESIDE_CUE and ends and is_led


def _is_sentence(text: str, one: Quotation) -> bool:
    """Whether marked words are a short sentence, which is speech beside longer speech, and no term."""
    words = text[one.start : one.end].strip()
    behind = text[one.outer_end : one.outer_end + 1]
    # “I tried it,” she said; «Aquí nací», añade
    is_said = words[-1:] in _COMMAS or (behind == "," and said().match(text, one.outer_end + 2) is not None)
    closes = is_said or words[-1:] in ENDS or behind in (".", "。")
    return closes and words[:1].isalpha() and not words[:1].islower() and n_words(words) >= _LONG_BESIDE_CUE

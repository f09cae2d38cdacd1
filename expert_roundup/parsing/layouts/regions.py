"""Regions: the text between two announcements as exact spans of what the speaker says."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.knowledge import alternatives, known, words
from expert_roundup.parsing.visible import n_words

#: pairs of marks that may wrap an answer whole; quotation marks first
_MARKS = (
    ("“", "”"), ("”", "”"), ("„", "“"), ("„", "”"), ("“", "“"), ("“", '"'), ('"', "”"), ("«", "»"), ("»", "«"), ("‹", "›"), ("「", "」"), ("『", "』"),
    ("‘", "’"), ("'", "'"), ('\\"', '\\"'), ('"', '"'), ("&quot;", "&quot;"), ("&ldquo;", "&rdquo;"), ("&laquo;", "&raquo;"), ("&#8220;", "&#8221;"), ("&#171;", "&#187;"),
    ("<q>", "</q>"),
)  # fmt: skip
_WRAPS = (
    *_MARKS, ("***", "***"), ("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("<em>", "</em>"), ("<i>", "</i>"), ("<p>", "</p>"),
    ("<b>", "</b>"), ("<strong>", "</strong>"), ("<span>", "</span>"),
)  # fmt: skip
#: marks behind which a full stop may stand, by what opens them
_OUTER = {"«": "»", "“": "”", "„": "“”", '"': '"'}
_OPENING = frozenset(opening[0] for opening, _ in _WRAPS)
#: words of the shortest answer, and characters that surely hold as many
_FEWEST_WORDS, _PLENTY = 3, 200
#: the longest note by an editor, in characters
_LONGEST_NOTE = 1_000
#: the longest paragraph in which an interviewer takes leave, in characters
_LONGEST_LEAVE = 300


def answer_spans(document: Document, start: int, end: int) -> tuple[Span, ...]:
    """What is said in [start, end): text blocks, neighbours joined; pictures, boxes and editor's notes part and are left out."""
    text = document.text
    spans: list[list[int]] = []
    parted = True
    blocks = document.blocks_between(start, end)
    n = len(blocks)
    while n and (not blocks[n - 1].lines or blocks[n - 1].kind == "heading"):
        n -= 1  # a heading at the end is that of what follows
    for block in blocks[:n] if n else blocks:
        if block.kind in ("show", "meta", "rule") or not block.lines or _is_note(text, block):
            parted = True
            continue
        first, last = (block.start, block.end) if block.kind == "code" else block.span
        first, last = max(start, first), min(end, last)
        if first >= last:
            continue
        if parted or not spans:
            spans.append([first, last])
            parted = False
        else:
            spans[-1][1] = last
    return tuple(span for first, last in spans if (span := stripped(text, first, last))[0] < span[1])


def _is_note(text: str, block: Block) -> bool:
    """Whether the block is a note by the editor, in brackets or signed in italics."""
    if block.kind != "paragraph" or block.end - block.start > _LONGEST_NOTE:
        return False
    start, end = block.span
    opening = text[start : start + 4].lstrip("*_ ")[:1]
    if opening in ("[", "(", "（"):
        return _bracketed_note().fullmatch(text, start, end) is not None
    return text[start] in "*_" and text[end - 1] in "*_" and _signed_note().search(text, start, end) is not None


@functools.cache
def _bracketed_note() -> re.Pattern[str]:
    return re.compile(rf"(?i)[*_]*[\[(（][*_ ]*(?:{alternatives(words('cues', 'notes'))})[^\])）]*[\])）][.*_\s]*")


@functools.cache
def _signed_note() -> re.Pattern[str]:
    signs = (
        "прим.",
        "примечание",
        "ред.",
        "ed. note",
        "editor’s note",
        "editor's note",
        "note de la",
        "ndlr",
        "译注",
        "編注",
    )
    return re.compile(rf"(?i)(?:{alternatives(frozenset(signs))})")


@functools.cache
def _outro() -> re.Pattern[str]:
    return re.compile(rf"(?i)\W{{0,3}}(?:{alternatives(words('cues', 'outro'))})")


def is_outro(shown: str) -> bool:
    """Whether a paragraph closes the page or the interview: thanks, invitations, where it was first published."""
    return _outro().match(shown) is not None or (len(shown) <= _LONGEST_LEAVE and _leave().match(shown) is not None)


@functools.cache
def _leave() -> re.Pattern[str]:
    lists = known("cues")["leave"]
    return re.compile(
        rf"(?is)[^.!?]{{0,30}}?(?:{alternatives(lists['thanks'])}).{{0,100}}(?:{alternatives(lists['for'])})"
    )


def without_outro(document: Document, blocks: Sequence[Block]) -> list[Block]:
    """The last section's blocks without the closing words of the page: thanks, and what its own author adds."""
    authors = document.authors
    for index, block in enumerate(blocks):
        if not index:
            continue
        if block.kind == "rule":
            return list(blocks[:index])
        if block.kind == "paragraph" and block.quote < 0:
            shown = document.shown(block)
            if is_outro(shown) or any(author in shown for author in authors):
                return list(blocks[:index])
    return list(blocks)


def stripped(text: str, start: int, end: int) -> Span:
    """[start, end) without white space at either end."""
    while start < end and (text[start].isspace() or text[start : start + 2] == "\\\n"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def unwrapped(text: str, span: Span) -> Span:
    """`span` without the quotation marks and emphasis that wrap it whole, however many layers."""
    start, whole = stripped(text, *span)
    # papers of the South set the full stop behind the mark: «I start small».
    has_stop = whole - start > 2 and text[whole - 1] == "." and text[whole - 2] in _OUTER.get(text[start], ())
    end = whole - 1 if has_stop else whole
    first = start
    for _ in range(4):
        if text[start : start + 1] not in _OPENING:
            break
        for opening, closing in _WRAPS:
            n_open, n_close = len(opening), len(closing)
            if end - start <= n_open + n_close:
                continue
            if not (text.startswith(opening, start) and text.startswith(closing, end - n_close)):
                continue
            if not _is_pair(text, start + n_open, end - n_close, opening, closing):
                continue
            start, end = stripped(text, start + n_open, end - n_close)
            break
        else:
            break
    return (start, whole) if start == first else (start, end)


def _is_pair(text: str, start: int, end: int, opening: str, closing: str) -> bool:
    """Whether the marks around [start, end) belong together: “Yes,” he wrote, “but slowly.” is not wrapped whole."""
    if closing in ("’", "'"):
        return True
    if opening != closing:
        closed = text.find(closing, start, end)
        opened = text.find(opening, start, end)
        return closed < 0 or 0 <= opened < closed
    if opening in ("*", "_"):
        return re.compile(rf"(?<!\{opening})\{opening}(?!\{opening})").search(text, start, end) is None
    return text.count(opening, start, end) < (1 if opening == "***" else 2)


def says_enough(text: str, spans: Sequence[Span]) -> bool:
    """Whether the spans hold three words or more: fewer are a caption or a link."""
    # long spans without markup need no look
    plain = sum(
        end - start for start, end in spans if text.find("](", start, end) < 0 and text.find("<", start, end) < 0
    )
    if plain > _PLENTY:
        return True
    return sum(n_words(text[start : min(end, start + 3 * _PLENTY)]) for start, end in spans) >= _FEWEST_WORDS


def unquoted(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without the marks that wrap the whole: around each, or opened in the first and closed in the last."""
    kept = [unwrapped(text, span) for span in spans]
    if len(kept) > 1:
        first, last = kept[0], kept[-1]
        for opening, closing in _MARKS:
            alone = text.startswith(opening, first[0]) and text[slice(*first)].count(opening) == 1
            if alone and text.endswith(closing, *last):
                kept[0] = stripped(text, first[0] + len(opening), first[1])
                kept[-1] = stripped(text, last[0], last[1] - len(closing))
                break
    return tuple(span for span in kept if span[0] < span[1])


__all__ = ["answer_spans", "is_outro", "says_enough", "stripped", "unquoted", "unwrapped", "without_outro"]

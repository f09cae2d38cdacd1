"""Regions: the text between two announcements as exact spans of what the speaker says."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Block, Span
from expert_roundup.parsing.people import visible

#: pairs of marks that may wrap an answer whole
_WRAPS = (
    ("“", "”"), ("”", "”"), ("„", "“"), ("„", "”"), ("«", "»"), ("»", "«"), ("‹", "›"), ("「", "」"), ("『", "』"), ("‘", "’"), ("'", "'"),
    ('\\"', '\\"'), ('"', '"'), ("&quot;", "&quot;"), ("&ldquo;", "&rdquo;"), ("***", "***"), ("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("<em>", "</em>"), ("<i>", "</i>"), ("<p>", "</p>"), ("<b>", "</b>"), ("<strong>", "</strong>"), ("<q>", "</q>"),
)  # fmt: skip
#: a note by the editor, not by the speaker
_NOTE = re.compile(r"(?s)\s*[*_]*[\[(]\s*(?:[*_]*)(?:editor|ed\.|note|interviewer|author|update|прим|редак|n\.\s?d\.|anm)[^\])]*[\])][.*_]*\s*$", re.I)


#: a paragraph in italics that its author signs as a note
_SIGNED_NOTE = re.compile(r"(?s)\s*([*_]{1,3}).*(?:прим\.|примечание|ред\.|ed\. note|editor|note de)[^*_]*\1\s*", re.I)
#: how pages begin to close
_OUTRO = re.compile(
    r"(?i)(?:a (?:big|huge|special|heartfelt) thank|(?:many |special |big |huge )?thanks to (?:all|every|our|each)|thank you to (?:all|every|our)|we (?:would like to thank|thank)|if you (?:would like|want|are interested|have)|interested in (?:join|learn|contribut)"
    r"|(?:to )?(?:learn|read|find out) more|subscribe|follow us|join us|stay tuned|want to|check out|what do you think|do you have|share your|let us know|about the author|большое спасибо всем|спасибо (?:всем|нашим)|благодарим|подпис|merci à tous|un grand merci|gracias a tod|muchas gracias a|vielen dank an alle|obrigad\w a tod)"
)


def block_at(document: Document, position: int) -> int:
    """Index of the block that holds `position`, or of the first one after it."""
    starts = _starts(document)
    index = bisect_right(starts, position) - 1
    if index >= 0 and position < document.blocks[index].end:
        return index
    return index + 1


def blocks_between(document: Document, start: int, end: int) -> Sequence[Block]:
    """The blocks that have text in [start, end)."""
    first = block_at(document, start)
    last = bisect_left(_starts(document), end)
    return document.blocks[first:last]


def _starts(document: Document) -> list[int]:
    cached = document.__dict__.get("_block_starts")
    if cached is None:
        cached = document.__dict__["_block_starts"] = [block.start for block in document.blocks]
    starts: list[int] = cached
    return starts


def answer_spans(document: Document, start: int, end: int) -> tuple[Span, ...]:
    """What is said in [start, end): text blocks, neighbours joined; pictures, boxes and editor's notes part and are left out."""
    spans: list[list[int]] = []
    parted = True
    for block in blocks_between(document, start, end):
        head = document.text[block.start : block.end] if block.kind == "paragraph" else ""
        if block.kind in ("show", "meta", "rule") or not block.lines or _is_note(head):
            parted = True
            continue
        first = max(start, block.lines[0][0])
        last = min(end, block.lines[-1][1])
        if block.kind == "code":
            first, last = max(start, block.start), min(end, block.end)
        if first >= last:
            continue
        if parted or not spans:
            spans.append([first, last])
            parted = False
        else:
            spans[-1][1] = last
    return tuple(span for first, last in spans if (span := stripped(document.text, first, last))[0] < span[1])


def _is_note(text: str) -> bool:
    if len(text) > 1_000:
        return False
    if text.lstrip()[:3].strip("*_ ")[:1] in ("[", "("):
        return _NOTE.match(text) is not None
    return text.lstrip()[:1] in "*_" and _SIGNED_NOTE.fullmatch(text) is not None


def without_outro(document: Document, blocks: Sequence[Block]) -> list[Block]:
    """The last section's blocks without the closing words of the page: thanks, and what its own author adds."""
    authors = document.authors
    kept = list(blocks)
    for index, block in enumerate(blocks):
        shown = visible(document.content(block)) if block.kind == "paragraph" and block.quote < 0 else ""
        signed = any(author in shown for author in authors)
        if index and (block.kind == "rule" or (shown and (_OUTRO.match(shown) or signed))):
            return kept[:index]
    return kept


def stripped(text: str, start: int, end: int) -> Span:
    """[start, end) without white space at either end."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def unwrapped(text: str, span: Span) -> Span:
    """`span` without the quotation marks and emphasis that wrap it whole, however many layers."""
    start, end = stripped(text, *span)
    for _ in range(4):
        for opening, closing in _WRAPS:
            n_open, n_close = len(opening), len(closing)
            if end - start <= n_open + n_close:
                continue
            if not (text.startswith(opening, start) and text.startswith(closing, end - n_close)):
                continue
            inner = text[start + n_open : end - n_close]
            # "*a* and *b*" is not wrapped, and neither is "“a” and “b”"
            if len(opening) == 1 and opening in "*_" and re.search(rf"(?<!\{opening})\{opening}(?!\{opening})", inner):
                continue
            if opening != closing and inner.find(closing) != -1 and (inner.find(opening) == -1 or inner.find(closing) < inner.find(opening)):
                if closing not in ("’", "'"):
                    continue
            if opening == closing and opening in ('"', "**", "__") and inner.count(opening) >= 2:
                continue
            start, end = stripped(text, start + n_open, end - n_close)
            break
        else:
            break
    return start, end


def unquoted(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without the marks that wrap the whole: around each, or opened in the first and closed in the last."""
    kept = [unwrapped(text, span) for span in spans]
    if not kept:
        return ()
    first, last = kept[0], kept[-1]
    for opening, closing in _WRAPS[:13]:
        alone = text.startswith(opening, first[0]) and text[slice(*first)].count(opening) == 1
        if len(kept) > 1 and alone and text[slice(*last)].endswith(closing):
            kept[0] = stripped(text, first[0] + len(opening), first[1])
            kept[-1] = stripped(text, last[0], last[1] - len(closing)) if len(kept) > 1 else kept[-1]
            break
    return tuple(span for span in kept if span[0] < span[1])


def n_words(text: str) -> int:
    """Words of `text` as a reader sees it, a CJK character counting as half a word."""
    shown = visible(text)
    n_cjk = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff]", shown))
    return len(shown.split()) + n_cjk // 2

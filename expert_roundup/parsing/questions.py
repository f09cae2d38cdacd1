"""Questions: the sentences that the experts were asked."""

from __future__ import annotations

import re

from expert_roundup.parsing.blocks import Span

_SENTENCE_START = re.compile(r"(?:[.!?…:：？！。]['\"”’»)]*\s+|[？！。]\s*|\n\s*\n)")
_MARK = re.compile(r"[?？;]\s*$|[?？][\"'”’»)*_]*\s*$")


def questions_before(text: str, end: int, *, floor: int = 0) -> tuple[Span, ...]:
    """The run of sentences ending in a question mark that closes at `end`, each as a span, in page order.

    Examples
    --------
    >>> [text[a:b] for text in ["We asked: Why? And how? Jane said"] for a, b in questions_before(text, 23)]
    ['Why?', 'And how?']
    """
    window = max(floor, end - 1_200)
    starts = [window, *(match.end() for match in _SENTENCE_START.finditer(text, window, end))]
    spans: list[Span] = []
    stop = end
    for start in reversed([start for start in starts if start < end]):
        sentence = text[start:stop].rstrip()
        if not sentence:
            continue
        if not _MARK.search(sentence):
            break
        spans.append((start, start + len(sentence)))
        stop = start
    return tuple(reversed(spans))

"""Sentences of a text as spans, in any language, with abbreviations as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from expert_roundup.text.words import WordLists, primary_subtag, word_lists

Span = tuple[int, int]

#: where one block ends and the next begins: no sentence runs across it
_BLOCK = re.compile(
    r"""
      (?:\n[^\S\n]*\n|[\u2028\u2029])\s*                                   # a blank line
    | \n(?=[^\S\n]*(?:[-*+•‣]|\d{1,3}[.)]|\#{1,6}|>)[^\S\n])        # the next line is an item, a heading or quoted
    """,
    re.VERBOSE,
)

#: the line of a Markdown heading ends with the line
_HEADING = re.compile(r"\#{1,6}[^\S\n][^\n]*")

#: a place where a sentence may end
_STOP = re.compile(
    r"""
      (?<![.!?…])(?P<mark>[.!?…‼⁇⁈⁉؟۔։።]++)   # marks that need a blank behind them
      ["'”’“«»‹›)\]}*_]*+                        # closing quotes, brackets and emphasis belong to the sentence
      (?:[^\S\n]?»)?                          # French sets a blank before its closing quote
      (?=\s|$)
    | (?P<wide>[。！？｡।॥]++[」』）】》〉"”’)\]]*+)     # marks that need none: Chinese, Japanese, Hindi
    """,
    re.VERBOSE,
)

#: what may stand between two sentences before the first letter or digit of the second
_OPEN = re.compile(r"""\s*(?:[-–—]\s+)?["'“”„‘«‹(\[{¿¡*_]*""")

_BLANKS = re.compile(r"\s*")
_WORD = re.compile(r"[^\W_](?:[\w'’-]*\w)?")
_STARTER = re.compile(_WORD.pattern + r"(?!\.)")  # a letter with a full stop is the next initial
_LAST_TOKEN = re.compile(r"\S+$")
_LEADING = re.compile(r"""^["'“„‘«‹(\[{*_]+""")
_BARE_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*")
_LIST_NUMBER = re.compile(r"\d+|[IVX]+|[ivx]+|[^\W\d_]")
_INITIAL = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]")

#: characters looked at before a full stop; no abbreviation is longer
_LOOK_BACK = 24


def split_sentences(text: str, language: str | None = None) -> list[Span]:
    """Split `text` into sentences.

    Parameters
    ----------
    text
        Any text: paragraphs, hard-wrapped lines or an article on one long line.
    language
        BCP 47 tag of the text; its abbreviations and the English ones count. Without it, or where no data file
        knows it, those of all languages on file.

    Returns
    -------
    list of (start, end)
        One span per sentence, half-open, in Unicode code points of `text`, in order, without blanks at either end. They
        do not overlap, and only blanks stand between them.

    Notes
    -----
    A full stop ends no sentence before a small letter, after an abbreviation, an initial or a number of one or two
    digits (list numbers look the same: "... 3. Ask them"), so a sentence that ends in such a number runs on into the
    next. Blank lines, list items and headings always separate.

    Examples
    --------
    >>> text = "Dr. Who agreed. «Да!» сказала она… 1. Ask first."
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['Dr. Who agreed.', '«Да!» сказала она…', '1. Ask first.']
    """
    lists = _lists(primary_subtag(language or ""))
    return [span for start, end in _blocks(text) for span in _sentences(text, start, end, lists)]


@cache
def _lists(language: str) -> WordLists:
    """Join the lists of `language` and of English; of all languages where `language` is not on file."""
    known = word_lists()
    # English names and titles stand in texts of every language, the other way round hardly ever
    pool = [known[name] for name in dict.fromkeys((language, "en"))] if language in known else list(known.values())
    empty: frozenset[str] = frozenset()
    return WordLists(
        language,
        stop_words=empty.union(*(lists.stop_words for lists in pool)),
        never_final=empty.union(*(lists.never_final for lists in pool)),
        before_number=empty.union(*(lists.before_number for lists in pool)),
        sometimes_final=empty.union(*(lists.sometimes_final for lists in pool)),
    )


def _blocks(text: str) -> Iterator[Span]:
    """Spans between blank lines, list items and headings."""
    start = 0
    for gap in _BLOCK.finditer(text):
        yield from _heading_apart(text, start, gap.start())
        start = gap.end()
    yield from _heading_apart(text, start, len(text))


def _heading_apart(text: str, start: int, end: int) -> Iterator[Span]:
    heading = _HEADING.match(text, start, end)
    if heading:
        yield heading.span()
        start = heading.end()
    yield start, end


def _sentences(text: str, start: int, end: int, lists: WordLists) -> Iterator[Span]:
    """Sentences of one block, trimmed; a piece without a letter or digit joins the sentence before it."""
    pending: Span | None = None
    for piece in _pieces(text, start, end, lists):
        trimmed = _trim(text, *piece)
        if trimmed is None:
            continue
        if pending and not _WORD.search(text, *trimmed):
            pending = pending[0], trimmed[1]
            continue
        if pending:
            yield pending
        pending = trimmed
    if pending:
        yield pending


def _pieces(text: str, start: int, end: int, lists: WordLists) -> Iterator[Span]:
    start = _after_blanks(text, start, end)
    for stop in _STOP.finditer(text, start, end):
        if stop["wide"] or _ends_here(text, start, stop, end, lists):
            yield start, stop.end()
            start = _after_blanks(text, stop.end(), end)
    yield start, end


def _ends_here(text: str, start: int, stop: re.Match[str], end: int, lists: WordLists) -> bool:
    """Whether the sentence that began at `start` ends with `stop`."""
    gap = _OPEN.match(text, stop.end(), end)
    next_at = gap.end() if gap else stop.end()
    follows = text[next_at : min(next_at + 1, end)]
    if follows.islower():
        return False
    if stop["mark"] != "." or not follows:
        return True
    short, short_at = _token_before(text, start, stop.start())
    lower = short.lower()
    if lower in lists.never_final or (lower in lists.before_number and follows.isdecimal()):
        return False
    if _BARE_NUMBER.fullmatch(short) or (short_at == start and _LIST_NUMBER.fullmatch(short)):
        return False
    if lower in lists.sometimes_final or (_INITIAL.fullmatch(short) and short.isupper() and short != "I"):
        word = _STARTER.match(text, next_at, end)
        return word is not None and word.group().lower() in lists.stop_words
    return True


def _token_before(text: str, start: int, stop: int) -> tuple[str, int]:
    """Find what stands before a full stop, back to the last blank, without opening quotes, and where it begins."""
    window = max(start, stop - _LOOK_BACK)
    found = _LAST_TOKEN.search(text[window:stop])
    if not found:
        return "", stop
    token = _LEADING.sub("", found.group())
    return token, stop - len(token)


def _after_blanks(text: str, start: int, end: int) -> int:
    found = _BLANKS.match(text, start, end)
    return found.end() if found else start


def _trim(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return (start + left, start + right) if left < right else None

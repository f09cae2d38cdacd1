"""Quotations: marked words in running text, whatever marks the language uses, nested ones inside the outer."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from expert_roundup.parsing.blocks import Span

#: opening marks with what may close them; “ closes what „ opened, and German pages close “ with itself
_PAIRS = {
    "“": "”“", "„": "“”", "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』", "”": "”", '"': '"',
    "‘": "’", "``": "''",
}  # fmt: skip
_DIRECTED = frozenset({"“", "„", "「", "『", "‹", "``"})
#: marks that open and close alike somewhere
_UNDIRECTED = frozenset({"“", "”", '"'})
#: marks that careless typing pairs with one another
_MIXED = frozenset({"“", "”", '"'})
#: a search begins sooner with a set of characters than with a choice; which of them it was is looked at behind it
_MARK = re.compile(
    r"""(?x) [“”„«»‹›「」『』"\\&`'] (?:
        (?<=\\)[“”„«»‹›「」『』"]
      | (?<=&)(?:[lr]dquo|[lr]aquo|quot|bdquo|\#(?:8220|8221|8222|171|187|34)|\#[xX]201[CcDdEe]);
      | (?<=`)`(?=\w)
      | (?<=\S')'(?!')
      | (?<=[“”„«»‹›「」『』"]) )"""
)
_SIGNS = '“”„«»"「」'
_ANY_MARK = re.compile(f"[{_SIGNS}&‹『`](?:(?<!`)|`)")
#: a tag with attributes, a template's tag, the target of a link with a title
_ATTRIBUTES = re.compile(r"<[A-Za-z][^<>]*=[^<>]*>|\{[{%][^{}\n]*[}%]\}|\]\([^()\s]*\s\"[^\"\n]*\"\)")
_SINGLE = re.compile(r"[‘’]")
#: marks in which a quotation must close; beyond them the first one that can close does
_REACH = 40
_STOPS = frozenset(",.!?…，。！？")
_CJK = re.compile(r"[\u3000-\u303f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Marked words in a paragraph."""

    start: int  #: of the words, behind the opening mark
    end: int  #: of the words, before the closing mark
    outer_start: int  #: of the opening mark
    outer_end: int  #: behind the closing mark
    is_open: bool = False  #: the paragraph ends before the mark closes


def quotations(text: str, span: Span, *, single: bool = False) -> list[Quotation]:
    """The outermost quotations of the paragraph at `span`; the last may stay open.

    Parameters
    ----------
    single
        Whether single marks (‘ ’) quote speech, as in British prose, rather than words.

    Examples
    --------
    >>> text = "“Start small,” said Jane. “These “tricks” help.”"
    >>> [text[one.start : one.end] for one in quotations(text, (0, len(text)))]
    ['Start small,', 'These “tricks” help.']
    """
    if not (single or _ANY_MARK.search(text, *span)):
        return []
    if sum(text.count(sign, *span) for sign in _SIGNS) * 4 > span[1] - span[0]:
        return []  # ornament
    marks = list(_marks(text, span, _SINGLE if single else _MARK))
    found: list[Quotation] = []
    index = 0
    while index < len(marks):
        mark = marks[index]
        if not mark.opens:
            index += 1
            continue
        closing = _closing(marks, index)
        if closing is None:
            closing = _closing_of_other_kind(marks, index)
        if closing is None:
            found.append(Quotation(mark.end, span[1], mark.start, span[1], is_open=True))
            break
        reopens = _reopens(marks, index, closing)
        end = marks[closing].start if reopens else marks[closing].end
        found.append(Quotation(mark.end, marks[closing].start, mark.start, end))
        index = closing if reopens else closing + 1
    return found


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    sign: str
    opens: bool  # may open a quotation, by what stands around it
    closes: bool  # may close one


def _marks(text: str, span: Span, pattern: re.Pattern[str]) -> Iterator[_Mark]:
    silent = _silent(text, span)
    for match in pattern.finditer(text, *span):
        start, end = match.span()
        sign = html.unescape(match.group().lstrip("\\"))
        if silent and any(first < start < last for first, last in silent):
            continue
        before = text[start - 1] if start > span[0] else " "
        after = text[end] if end < span[1] else " "
        yield _Mark(start, end, sign, _opens(sign, before, after), _closes(sign, before, after))


def _silent(text: str, span: Span) -> list[Span]:
    """The tags and titles of links whose attributes stand in straight marks."""
    if text.find('="', *span) < 0 and text.find(' "', *span) < 0:
        return []
    return [match.span() for match in _ATTRIBUTES.finditer(text, *span)]


def _closing(marks: list[_Mark], index: int) -> int | None:
    """Index of the mark that closes the one at `index`, nested pairs skipped; None where it stays open."""
    sign = marks[index].sign
    closers = _PAIRS[sign]
    depth = n_straight = 0
    first: int | None = None
    for number in range(index + 1, min(index + 1 + _REACH, len(marks))):
        mark = marks[number]
        if mark.sign in closers and mark.closes:
            first = number if first is None else first
            if depth == 0:
                return number
            depth -= 1
        elif mark.sign == sign and mark.opens and sign != '"':
            depth += 1
        elif sign == "„" and mark.sign == '"':
            # keyboards have the opening mark of German and the closing one of English; a pair of straight ones lies inside
            if mark.closes and not n_straight % 2:
                return number
            n_straight += 1
    # nesting that does not come out even: a mark was forgotten, the first one that can close does
    return first if first is not None or index + 1 + _REACH >= len(marks) else index + _REACH


def _reopens(marks: list[_Mark], index: int, closing: int) -> bool:
    """Whether the mark at `closing` opens the next quotation, and the one at `index` was never closed."""
    if marks[closing].sign != "“" or marks[index].sign != "“" or not marks[closing].opens:
        return False
    return closing + 1 < len(marks) and marks[closing + 1].sign == "”" and marks[closing + 1].closes


def _closing_of_other_kind(marks: list[_Mark], index: int) -> int | None:
    """Index of the first mark that closes and does not open, where the one at `index` is “ or " and the other kind ends it."""
    if marks[index].sign not in _MIXED and marks[index].sign != "„":
        return None
    for number in range(index + 1, min(index + 1 + _REACH, len(marks))):
        mark = marks[number]
        if mark.sign in _MIXED and mark.closes:
            return number
        if mark.opens:
            return None
    return None


def _opens(sign: str, before: str, after: str) -> bool:
    """Whether a mark can open: before a word, behind a blank, a bracket or a CJK character."""
    if sign not in _PAIRS:
        return False
    if sign in _DIRECTED:
        # a directed mark opens wherever it does not plainly close
        return not after.isspace() or not before.isalnum()
    if sign == "«":
        return not before.isalnum()
    if sign == "»":
        return (before.isspace() or before in "(–—-:") and (after.isalnum() or after in "…¿¡")
    is_free = (not before.isalnum() and before not in ".,!?;…)]}»") or _CJK.match(before) is not None
    return is_free and not after.isspace()


def _closes(sign: str, before: str, after: str) -> bool:
    """Whether a mark can close: the undirected ones behind a word or a stop, and before no letter."""
    if sign == "”" and before in _STOPS:
        return True  # Chinese sets no blank before a Latin name: ，”Jane 说
    if sign in _UNDIRECTED:
        return not before.isspace() and not (after.isalnum() and not _CJK.match(after))
    return sign not in ("’", "''") or not after.isalnum()

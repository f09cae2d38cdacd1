"""Visible text: Markdown and HTML as a reader sees them, without the marks that carry links and looks."""

from __future__ import annotations

import html
import re

#: a link or picture: its words stand between the brackets
_LINK = re.compile(r"(?:!\[|\[)([^\]\[]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]\[]*\])")
_TAG = re.compile(r"<[/!]?[A-Za-z?-][^<>]*>")
#: asterisks anywhere, underscores only at the edge of a word: snake_case stays
_EMPHASIS = re.compile(r"\*++|(?<![^\W_])(?<!_)_++|(?<!_)_++(?!\w)|`++|~~")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
#: escaped characters step aside while markup is taken off
_ASIDE = 0xF0000
_BACK = {_ASIDE + code: chr(code) for code in range(128)}
#: a line break in HTML
BREAK = re.compile(r"(?i)\s*<br\s*/?>\s*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

_DATE = re.compile(
    r"(?:\d{1,2}\.? )?(?:de )?[^\W\d_]{3,10}\.? (?:de )?(?:\d{1,2}(?:st|nd|rd|th)?,? )?\d{4}|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}"
)


def visible(text: str) -> str:
    """`text` as a reader sees it: links by their words, no tags, no emphasis, one blank between words.

    Examples
    --------
    >>> visible("**Ask** [Jane](https://example.org) &amp; _wait_")
    'Ask Jane & wait'
    """
    has_escapes = "\\" in text
    if has_escapes:
        text = _ESCAPE.sub(lambda match: chr(_ASIDE + ord(match[1])), text)
    if "[" in text:
        text = text.replace(")[", ") [").replace(")![", ") ![")  # links side by side are two words
        text = _LINK.sub(r"\1", text)
        if "](" in text:  # a picture in a link
            text = _LINK.sub(r"\1", text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "*" in text or "_" in text or "`" in text or "~" in text:
        text = _EMPHASIS.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    # a blank is the one printable character that is white space
    text = text.strip() if text.isprintable() and "  " not in text else " ".join(text.split())
    return text.translate(_BACK) if has_escapes else text


def n_words(text: str) -> int:
    """Words of `text` as a reader sees it, a CJK character counting as half a word.

    Examples
    --------
    >>> n_words("**Start** small."), n_words("小さく始める")
    (2, 4)
    """
    shown = visible(text)
    n_cjk = 0 if shown.isascii() else len(_CJK.findall(shown))
    return len(shown.split()) + n_cjk // 2


def is_date(line: str) -> bool:
    """Whether a line is a date and nothing else.

    Examples
    --------
    >>> is_date("2 May 2019"), is_date("2019-05-02"), is_date("May I?")
    (True, True, False)
    """
    return _DATE.fullmatch(line.strip()) is not None


def asks(text: str) -> bool:
    """Whether `text` ends in a question mark, closing quotes and emphasis aside."""
    return text.rstrip(" \t\r\n*_”\"’')）」»").endswith(("?", "？", "؟"))


def holds_question(text: str) -> bool:
    """Whether a question mark stands anywhere in `text`."""
    return any(mark in text for mark in "?？؟")

"""HTML made of text: everything is escaped, unless it is HTML already."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

#: characters that no page may hold, or that would hide where a text begins and ends: controls, lone surrogates,
#: non-characters
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
#: marks that turn the direction of whatever follows them, names and buttons of ours included
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINE_END = re.compile("\r\n?")
_VOID = frozenset({"br", "col", "img", "input", "link", "meta"})
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\"'<>\\^`{|}]+", re.IGNORECASE)


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def visible(text: str) -> str:
    r"""Return text without what a page must not hold: controls become U+FFFD, marks that turn the direction vanish.

    Examples
    --------
    >>> visible("a\x00b\u202ec\r\nd")
    'a\ufffdbc\nd'
    """
    return _TURNING.sub("", _UNSHOWN.sub("\ufffd", _LINE_END.sub("\n", text)))


def escaped(value: object) -> Html:
    """Return a value as HTML; what is `Html` stays as it is.

    Examples
    --------
    >>> escaped("<b> & 'c'"), escaped(Html("<b>"))
    ('&lt;b&gt; &amp; &#x27;c&#x27;', '<b>')
    """
    return value if isinstance(value, Html) else Html(html.escape(visible(str(value))))


def joined(parts: Iterable[object], between: str = "") -> Html:
    """Return values as HTML, one after the other."""
    return Html(escaped(between).join(map(escaped, parts)))


def element(tag: str, /, *content: object, **attributes: object) -> Html:
    """Return an element; attributes that are None or False are left out, True stands alone.

    Examples
    --------
    >>> element("td", "R&D", class_="number", data_n=9, hidden=True)
    '<td class="number" data-n="9" hidden>R&amp;D</td>'
    >>> element("br")
    '<br>'
    """
    words = [tag]
    for key, value in attributes.items():
        attribute = key.rstrip("_").replace("_", "-")
        if value is True:
            words.append(attribute)
        elif value is not None and value is not False:
            words.append(f'{attribute}="{escaped(value)}"')
    opened = f"<{' '.join(words)}>"
    return Html(opened if tag in _VOID else f"{opened}{joined(content)}</{tag}>")


def link(address: str, *content: object) -> Html:
    """Return a link to an address on the web; any other address, such as a script, is shown as text only.

    Examples
    --------
    >>> link("https://example.org/a?b&c", "a")
    '<a href="https://example.org/a?b&amp;c" rel="noopener noreferrer">a</a>'
    >>> link("javascript:alert(1)", "a")
    'a'
    """
    if not _ADDRESS.fullmatch(address):
        return joined(content)
    return element("a", *content, href=address, rel="noopener noreferrer")

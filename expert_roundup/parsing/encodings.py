"""Encodings: bytes into text, by their mark, as UTF-8, by the charset they name, or by the letters they would spell.

The same bytes are letters in one encoding and signs in another: a guess is right when words are written in the letters
of one language, with capitals at their beginning only. Alphabets stand in data/encodings.toml.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections import Counter
from dataclasses import dataclass

from expert_roundup.parsing.knowledge import known

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})", re.I)
#: control characters, save the white ones and escape; a text holds none, or a few: in scripts of a page, or pasted in
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
#: characters a text has for each control character in it
_FEW = 1_000
#: how a Japanese mail turns its two-byte signs on
_ISO2022 = re.compile(rb"\x1b\$[@B]")
#: what Python decodes and no page is written in
_NO_CHARSETS = frozenset(
    {"unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape", "utf-7", "idna", "punycode"}
)
#: bytes that a guess is made from, and how sure it must be
_SAMPLE = 20_000
_SURE = 0.6


def decode(data: bytes, name: str, *, charset: str | None = None) -> str:
    """Decode `data`; a byte order mark is not part of the text.

    Parameters
    ----------
    data, name
        The bytes, and what errors call them.
    charset
        What the header that came with them says.

    Raises
    ------
    ValueError
        The bytes are no text, or in no encoding that can be told.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, name)
    _check_beginning(data, name)
    text = _utf8(data)
    if text is not None and _is_text(text):
        return data.decode("iso2022_jp", "replace") if _ISO2022.search(data[:4_096]) else text
    if wide := _wide(data):
        return _strict(data, wide, name)
    if text is not None or _is_binary(data):
        raise ValueError(f"{name} is no text (it holds binary data)")
    for found in (charset, *_declared(data)):
        if found and (text := _as_declared(data, found)) is not None:
            return text
    return data.decode(_guessed(data, name), "replace")


def _check_beginning(data: bytes, name: str) -> None:
    for start, kind in known("encodings")["no_text"].items():
        if data.startswith(start.encode("latin-1")):
            raise ValueError(f"{name} is {kind}; what is read is txt, md, html and docx")


def _utf8(data: bytes) -> str | None:
    """UTF-8 with at most a broken character in fifty, which a cut or a careless paste leaves; else None."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    n_whole = len(re.findall(r"[^\x00-\x7f\ufffd]", text[:200_000]))
    n_broken = text.count("\ufffd", 0, 200_000)
    return text if n_whole >= 50 * n_broken > 0 or (n_broken == 0 and n_whole) else None


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} is no whole {encoding} text (byte {error.start})") from None
    if not _is_text(text):
        raise ValueError(f"{name} is no text (it holds binary data)")
    return text


def _is_text(text: str) -> bool:
    """Whether what was decoded has no zero in it and hardly any other control character."""
    sample = text[:100_000]
    return "\x00" not in text and len(_CONTROLS.findall(sample)) <= len(sample) / _FEW


def _declared(data: bytes) -> tuple[str, ...]:
    head = data[:4_096]
    found = (_META_CHARSET.search(head), _XML_CHARSET.search(head))
    return tuple(match[1].decode() for match in found if match)


def _as_declared(data: bytes, charset: str) -> str | None:
    """The text in the charset that the page or its header names; None where that cannot be."""
    encoding = known("encodings")["meant"].get(charset.lower(), charset)
    try:
        if codecs.lookup(encoding).name in _NO_CHARSETS:
            return None
        text = data.decode(encoding, "replace")
    except (LookupError, UnicodeError, ValueError):
        return None
    is_said_wrongly = text.count("\ufffd") > len(text) / 200 or not _is_text(text)
    return None if is_said_wrongly else text


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: text in it holds zeros, and read right it is made of letters and blanks."""
    sample = data[:4_000]
    if b"\x00" not in sample or len(data) < 4:
        return None
    shares = {
        encoding: _plain_share(sample, encoding)
        for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2))
        if len(data) % width == 0
    }
    best = max(shares, key=lambda encoding: shares[encoding], default="")
    return best if best and shares[best] > 0.9 else None


def _plain_share(sample: bytes, encoding: str) -> float:
    """Share of the characters that texts are made of."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return 0.0
    plain = re.findall(
        r"[\t\n\r -~\u00a0-\u024f\u0370-\u058f\u0590-\u06ff\u0900-\u0e7f\u2000-\u2049\u3000-\u30ff]", text
    )
    signs = re.findall(r"[\u4e00-\u9fff\uac00-\ud7a3\uff00-\uff65]", text)
    # bytes swapped, nearly every sign is another sign; white space is not
    white = sum(text.count(blank) for blank in " \n。，、　")
    return (len(plain) + (len(signs) if white else 0)) / max(1, len(text))


def _is_binary(data: bytes) -> bool:
    sample = data[:8_000]
    controls = sum(byte < 9 or 13 < byte < 27 or 28 <= byte < 32 for byte in sample)
    return b"\x00" in sample or controls > 0.02 * len(sample)


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """What a language's print is made of beyond ASCII."""

    is_letter: re.Pattern[str]
    frequent: str  #: the most frequent letters, "" where they tell nothing
    full_share: float  #: share of such letters on an ordinary page


@functools.cache
def _alphabets() -> dict[str, _Alphabet]:
    data = known("encodings")
    common = re.escape(data["marks"]["common"])
    found = {
        name: _Alphabet(
            re.compile(f"[{re.escape(letters + letters.upper())}{common}]"), data["frequent"].get(name, ""), 1.0
        )
        for name, letters in data["alphabets"].items()
    }
    for name, script in data["scripts"].items():
        ranges = "".join(f"{first}-{last}" for first, last in script["ranges"] if first < last)
        signs = "".join(dict.fromkeys(script["signs"]))
        found[name] = _Alphabet(re.compile(f"[{ranges}{re.escape(signs)}]"), "", script["share"])
    return found


def _guessed(data: bytes, name: str) -> str:
    """The encoding in which the bytes spell words best."""
    first = next((match.start() for match in re.finditer(rb"[\x80-\xff]", data)), 0)
    sample = data[max(0, first - 1_000) : first + _SAMPLE]
    scores: dict[str, float] = {
        encoding: _spelling(sample, encoding, of) for encoding, of in known("encodings")["encodings"].items()
    }
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] >= _SURE:
        return best
    from charset_normalizer import from_bytes

    found = from_bytes(sample).best()
    if found is None:
        raise ValueError(f"{name}: its encoding cannot be told; save it as UTF-8")
    # Western single bytes: Windows' own page holds what Latin-1 does, and its typographic quotes
    return "cp1252" if found.encoding in ("latin_1", "iso8859_1", "cp1252") else found.encoding


#: a capital behind a small letter, a letter of another script, or a sign inside a word: no language writes so
_MISSPELT = re.compile(
    r"[^\W\d_A-Z](?<=[a-zß-öø-ÿа-яёα-ω])(?=[À-ÖØ-ÞА-ЯЁΑ-Ω])|[a-zA-Z](?=[\u0370-\u06ff])|[\u0370-\u06ff](?=[a-zA-Z])"
    r"|(?<=[^\W\d_])[^\w\s!-~«»“”„‘’‚‹›–—…·\u00a0\u00ad\u3000-\u303f\uff00-\uff65]+(?=[^\W\d_])|[\x80-\x9f]"
)


def _spelling(sample: bytes, encoding: str, alphabets: list[str]) -> float:
    """How well the sample's characters beyond ASCII fit one alphabet, 1 at best."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return 0.0
    high = Counter(character for character in text if character > "\x7f")
    n = high.total()
    if not n:
        return 0.0
    return max(_fit(high, _alphabets()[name]) for name in alphabets) - 2 * len(_MISSPELT.findall(text)) / n


def _fit(high: Counter[str], alphabet: _Alphabet) -> float:
    """How much of the characters beyond ASCII the alphabet holds, 1 at best."""
    n_fitting = sum(count for character, count in high.items() if alphabet.is_letter.match(character))
    fit = min(1.0, n_fitting / high.total() / alphabet.full_share)
    n_letters = sum(count for character, count in high.items() if character.isalpha())
    if not alphabet.frequent or n_letters < 10:
        return fit
    n_frequent = sum(count for character, count in high.items() if character.lower() in alphabet.frequent)
    return fit * min(1.0, n_frequent / n_letters / 0.6)

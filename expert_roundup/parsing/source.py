"""Read a source: a path, a URL, standard input or bytes, into text of a known format."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path

#: the largest source that is read, in bytes; a page of 31 answers has 70 kB
MAX_BYTES = 100_000_000
FORMATS = ("txt", "md", "html", "docx")
_ENDINGS = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".mdx": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
}
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})", re.I)
_HTML_START = re.compile(r"(?is)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html\b|head\b|body\b)")
#: control characters that no text holds, save the white ones
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Source:
    """A text with what is known of where it came from."""

    name: str  #: file name, URL or "-"
    sha256: str  #: of the bytes as they came
    format: str  #: txt, md, html or docx
    text: str  #: what offsets index: the decoded file (txt, md), or the Markdown extracted from it (html, docx)
    title: str = ""  #: the title that the document's own head names, "" if none


def read_source(path: str | Path, *, format: str | None = None, timeout: float = 20.0) -> Source:
    """Read a file, an http(s) URL or standard input ("-").

    Parameters
    ----------
    path
        Path, URL or "-".
    format
        txt, md, html or docx; by default known from the name, the header and the content.
    timeout
        Seconds that a URL may take in all.

    Raises
    ------
    ValueError
        The source is empty, binary, too large, or in an unknown encoding or format.
    OSError
        It cannot be opened.
    """
    name = str(path)
    if format is not None and format not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
    if name == "-":
        return source_from_bytes(_limited(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input"), "-", format=format)
    if re.match(r"(?i)https?://", name):
        from expert_roundup.parsing.web import fetch

        page = fetch(name, timeout=timeout, max_bytes=MAX_BYTES)
        return source_from_bytes(page.data, name, format=format or page.format, charset=page.charset)
    if re.match(r"(?i)[a-z][a-z0-9+.-]+://", name):
        raise ValueError(f"{name}: only http and https addresses are read")
    file = Path(path)
    if file.is_dir():
        raise IsADirectoryError(21, "a folder, not a file", name)
    with file.open("rb") as stream:
        data = _limited(stream.read(MAX_BYTES + 1), name)
    return source_from_bytes(data, name, format=format)


def source_from_bytes(data: bytes, name: str, *, format: str | None = None, charset: str | None = None) -> Source:
    """The source that `data` holds; see `read_source` for the arguments and errors."""
    if not data.strip():
        raise ValueError(f"{name} is empty")
    known = format or _ENDINGS.get(Path(name.split("?")[0]).suffix.lower())
    digest = hashlib.sha256(data).hexdigest()
    if data[:4] == b"PK\x03\x04" and known in (None, "docx"):
        from expert_roundup.parsing.docx import docx_to_markdown

        text, title = docx_to_markdown(data, name)
        return Source(name, digest, "docx", text, title)
    if known == "docx":
        raise ValueError(f"{name} is no Word document (a .docx is a zip archive)")
    text = decode(data, name, charset=charset)
    if known is None:
        known = "html" if _HTML_START.match(text[:2_000]) else "md" if name == "-" else "txt"
    return source_from_text(text, name, format=known, sha256=digest)


def source_from_text(text: str, name: str = "text", *, format: str = "txt", sha256: str = "") -> Source:
    """The source that decoded `text` holds; its hash, unless given, is that of the text in UTF-8."""
    text = text.removeprefix("\ufeff")
    digest = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    if format == "html":
        from expert_roundup.parsing.html import html_to_markdown

        markdown, title = html_to_markdown(text)
        return Source(name, digest, format, markdown, title)
    if format not in ("txt", "md"):
        raise ValueError(f"format of a text must be txt, md or html, not {format!r}")
    return Source(name, digest, format, text)


def decode(data: bytes, name: str, *, charset: str | None = None) -> str:
    """Decode `data` by its byte order mark, as UTF-8, by the charset it names, or by its content.

    Raises
    ------
    ValueError
        The bytes are no text, or in no encoding that can be told.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is not None and not _CONTROLS.search(text[:100_000]):
        return text
    if wide := _utf16_without_mark(data):
        return _decoded(data, wide, name)
    if text is not None or _is_binary(data):
        raise ValueError(f"{name} is no text (it holds binary data)")
    for found in (charset, *(match and match[1].decode() for match in _declared(data))):
        if found:
            try:
                return data.decode(found)
            except (LookupError, UnicodeDecodeError):
                continue
    return _decoded(data, _guessed(data, name), name)


def _declared(data: bytes) -> tuple[re.Match[bytes] | None, ...]:
    head = data[:4_096]
    return _META_CHARSET.search(head), _XML_CHARSET.search(head)


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} is no whole {encoding} text (byte {error.start})") from None
    if _CONTROLS.search(text[:100_000]):
        raise ValueError(f"{name} is no text (it holds binary data)")
    return text


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 without a mark shows as a zero (or one same high byte) in every other place."""
    sample = data[:4_000]
    if len(sample) < 4 or len(data) % 2:
        return None
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        # Latin, Cyrillic, Greek and punctuation have high bytes 0, 3, 4 and 0x20
        if sum(byte in (0, 3, 4, 0x20) for byte in high) > 0.95 * len(high):
            return encoding
    return None


def _is_binary(data: bytes) -> bool:
    sample = data[:8_000]
    controls = sum(byte < 9 or 13 < byte < 27 or 28 <= byte < 32 for byte in sample)
    return b"\x00" in sample or controls > 0.02 * len(sample)


#: single-byte encodings that pages still come in; tried by how plausible their letters read
_CYRILLIC_ENCODINGS = ("cp1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic")


def _guessed(data: bytes, name: str) -> str:
    from charset_normalizer import from_bytes

    sample = data[:50_000]
    cyrillic = max(_CYRILLIC_ENCODINGS, key=lambda encoding: _russian_likeness(sample, encoding))
    if _russian_likeness(sample, cyrillic) > 0.6:
        return cyrillic
    best = from_bytes(sample).best()
    if best is None:
        raise ValueError(f"{name}: its encoding cannot be told; save it as UTF-8")
    # Western single bytes: Windows' own page holds what Latin-1 does, and its typographic quotes
    return "cp1252" if best.encoding in ("latin_1", "iso8859_1", "cp1250", "cp1252") else best.encoding


def _russian_likeness(sample: bytes, encoding: str) -> float:
    """Share of the high bytes that read as common lower-case Russian letters in `encoding`.

    KOI8-R and Windows-1251 swap the cases of each other, so lower case is what tells them apart.
    """
    high = bytes(byte for byte in sample if byte >= 0x80)
    if len(high) < 0.2 * len(sample):
        return 0.0
    letters = high.decode(encoding, "replace")
    common = sum(letter in "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё" for letter in letters)
    return common / len(letters)


def _limited(data: bytes, name: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise ValueError(f"{name} is larger than {MAX_BYTES // 1_000_000} MB, the most that is read")
    return data



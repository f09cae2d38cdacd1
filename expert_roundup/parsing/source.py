"""Read a source: a path, a URL, standard input or bytes, into text of a known format."""

from __future__ import annotations

import hashlib
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from expert_roundup.parsing.encodings import decode
from expert_roundup.parsing.html_posts import page_of_post

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
_HTML_START = re.compile(r"(?is)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html\b|head\b|body\b)")


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
        return source_from_bytes(_limited(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input"), name, format=format)
    if re.match(r"(?i)https?://", name):
        from expert_roundup.parsing.web import fetch

        page = fetch(name, timeout=timeout, max_bytes=MAX_BYTES)
        return source_from_bytes(page.data, name, format=format or page.format, charset=page.charset)
    if re.match(r"(?i)[a-z][a-z0-9+.-]+://", name):
        raise ValueError(f"{name}: only http and https addresses are read")
    return source_from_bytes(_file_bytes(Path(path), name), name, format=format)


def source_from_bytes(data: bytes, name: str, *, format: str | None = None, charset: str | None = None) -> Source:
    """The source that `data` holds; see `read_source` for the arguments and errors."""
    if not data.strip():
        raise ValueError(f"{name} is empty")
    known = format or _ENDINGS.get(Path(re.split("[?#]", name)[0] if "://" in name else name).suffix.lower())
    digest = hashlib.sha256(data).hexdigest()
    if data[:4] == b"PK\x03\x04" and known in (None, "docx"):
        from expert_roundup.parsing.docx import docx_to_markdown

        text, title = docx_to_markdown(data, name)
        return Source(name, digest, "docx", text, title)
    if known == "docx":
        raise ValueError(f"{name} is no Word document (a .docx is a zip archive)")
    text = decode(data, name, charset=charset)
    if not text.strip():
        raise ValueError(f"{name} is empty")
    if known is None:
        known = "html" if _HTML_START.match(text[:2_000]) else "md" if name == "-" else "txt"
    return source_from_text(text, name, format=known, sha256=digest)


def source_from_text(text: str, name: str = "text", *, format: str = "txt", sha256: str = "") -> Source:
    """The source that decoded `text` holds; its hash, unless given, is that of the text in UTF-8."""
    text = text.removeprefix("\ufeff")
    digest = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    page = text if format == "html" else page_of_post(text) if format == "md" else None
    if page is not None:
        from expert_roundup.parsing.html import html_to_markdown

        markdown, title = html_to_markdown(page)
        return Source(name, digest, format, markdown, title)
    if format not in ("txt", "md"):
        raise ValueError(f"format of a text must be txt, md or html, not {format!r}")
    return Source(name, digest, format, text)


def _file_bytes(file: Path, name: str) -> bytes:
    """What a file holds; its kind and size are looked at before it is opened, for a device or a pipe has no end."""
    status = file.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(21, "a folder, not a file", name)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"{name} is a device or a pipe, not a file; pass - to read standard input")
    if status.st_size > MAX_BYTES:
        raise ValueError(_too_large(name))
    with file.open("rb") as stream:
        return _limited(stream.read(MAX_BYTES + 1), name)


def _limited(data: bytes, name: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise ValueError(_too_large(name))
    return data


def _too_large(name: str) -> str:
    return f"{name} is larger than {MAX_BYTES // 1_000_000} MB, the most that is read"

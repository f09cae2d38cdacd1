"""Pages from the web: one request, bounded in time, size and redirects."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from dataclasses import dataclass
from email.message import Message

MAX_REDIRECTS = 10
_REDIRECTS = (301, 302, 303, 307, 308)
_PIECE = 65_536
_HEADERS = {
    "User-Agent": "expert-roundup",
    "Accept": "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "gzip",
}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: media type -> format; a plain text or an unknown stream is known by its name and content
_FORMATS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "md",
    "text/x-markdown": "md",
    _DOCX: "docx",
    "text/plain": None,
    "application/octet-stream": None,
    "binary/octet-stream": None,
    "": None,
}


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered."""

    data: bytes
    format: str | None  #: html, md or docx where the server says so
    charset: str | None  #: as the server says


def fetch(url: str, *, timeout: float = 20.0, max_bytes: int = 100_000_000) -> Page:
    """Get a page over http or https.

    Parameters
    ----------
    url
        The address; letters outside ASCII are allowed.
    timeout
        Seconds that everything together may take, redirects included, however slowly the server drips.
    max_bytes
        The largest page that is read, unpacked.

    Raises
    ------
    ValueError
        The address is none of http(s), or what it answers is too large or no text.
    OSError
        The server cannot be reached, answers with an error or breaks off, or takes too long (TimeoutError).
    """
    if timeout <= 0:
        raise ValueError(f"timeout must be positive, not {timeout}")
    watch = _Watch(timeout)
    try:
        with watch:
            page = _followed(url, _opener(watch), max_bytes)
    except (OSError, ValueError, http.client.HTTPException, zlib.error, EOFError) as error:
        # a connection that the watch cut off fails in any of a dozen ways
        if watch.has_expired or isinstance(error, TimeoutError):
            raise TimeoutError(f"{url}: no whole answer within {timeout:g} s") from None
        raise _plain(url, error) from None
    if watch.has_expired:
        # a body without a length that was cut off looks like a whole one
        raise TimeoutError(f"{url}: no whole answer within {timeout:g} s")
    return page


def _followed(url: str, opener: urllib.request.OpenerDirector, max_bytes: int) -> Page:
    """The page at the end of the redirects from `url`."""
    here = _checked(url)
    for _ in range(MAX_REDIRECTS + 1):
        # _checked lets http and https through, nothing else
        with opener.open(urllib.request.Request(here, headers=_HEADERS)) as response:  # noqa: S310
            target = response.headers.get("Location") if response.status in _REDIRECTS else None
            if target is None:
                return _page(url, response, max_bytes)
        # headers arrive as Latin-1, what servers mean is UTF-8
        here = _checked(urllib.parse.urljoin(here, target.encode("latin-1", "replace").decode("utf-8", "replace")))
    raise OSError(f"{url}: more than {MAX_REDIRECTS} redirects")


def _page(url: str, response: http.client.HTTPResponse, max_bytes: int) -> Page:
    if not 200 <= response.status < 300:
        raise OSError(f"{url}: the server answers {response.status} {response.reason}".rstrip())
    kind = _kind(url, response.headers)
    length = response.headers.get("Content-Length") or ""
    if length.isdecimal() and int(length) > max_bytes:
        raise ValueError(_too_large(url, max_bytes))
    return Page(_body(url, response, max_bytes), *kind)


def _checked(url: str) -> str:
    """`url` as it is sent, when it is one that is read."""
    ascii_url = _ascii_url(url)
    parts = urllib.parse.urlsplit(ascii_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url}: only http and https addresses are read")
    if "@" in parts.netloc:
        raise ValueError(f"{url}: addresses with a user name are not read")
    return ascii_url


def _ascii_url(url: str) -> str:
    """`url` as it is sent: the host in punycode, the rest percent-encoded, without its fragment."""
    parts = urllib.parse.urlsplit(url.strip())
    try:
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except UnicodeError:
        raise ValueError(f"{url!r} names no host that can be looked up") from None
    keep = "%/:=&?~#+!$,;'@()*[]-._|"
    path, query = (urllib.parse.quote(part, safe=keep, errors="replace") for part in (parts.path, parts.query))
    return urllib.parse.urlunsplit((parts.scheme.lower(), host, path or "/", query, ""))


class _Watch:
    """Cuts the connections it knows off when the time is over: a server that drips would outlive any single wait."""

    def __init__(self, seconds: float) -> None:
        self.has_expired = False
        self._end = time.monotonic() + seconds
        self._connections: list[http.client.HTTPConnection] = []
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def connecting(self, connection: http.client.HTTPConnection) -> None:
        """Know a connection before its socket is there, and give it no more time than is left."""
        self._connections.append(connection)
        connection.timeout = max(0.01, self._end - time.monotonic())

    def connected(self, connection: http.client.HTTPConnection) -> None:
        """Keep the socket: the connection lets go of it when the answer's head has come."""
        if connection.sock is not None:
            self._sockets.append(connection.sock)

    def _expire(self) -> None:
        self.has_expired = True
        for sock in [*self._sockets, *(one.sock for one in self._connections if one.sock is not None)]:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def _opener(watch: _Watch) -> urllib.request.OpenerDirector:
    """An opener for http and https whose connections `watch` knows; proxies as the environment says."""

    class _Plain(http.client.HTTPConnection):
        def connect(self) -> None:
            watch.connecting(self)
            super().connect()
            watch.connected(self)

    class _Secure(http.client.HTTPSConnection):
        def connect(self) -> None:
            watch.connecting(self)
            super().connect()
            watch.connected(self)

    class _Http(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(_Plain, req)

    class _Https(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(_Secure, req)

    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler(), _Http(), _Https()):
        opener.add_handler(handler)
    return opener


def _kind(url: str, headers: Message) -> tuple[str | None, str | None]:
    """Format and charset that the server names."""
    media = headers.get_content_type() if headers.get("Content-Type") else ""
    if media not in _FORMATS and not media.startswith("text/"):
        raise ValueError(f"{url} is {media}; what is read is txt, md, html and docx")
    return _FORMATS.get(media), headers.get_content_charset()


def _body(url: str, response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    """The whole body, unpacked as it comes, no more of it than `max_bytes`."""
    packing = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise ValueError(f"{url} comes packed as {packing}, which was not asked for")
    unpack = _plain_bytes if packing == "identity" else _Unpacking()
    body = bytearray()
    while piece := response.read1(_PIECE):
        body += unpack(piece, max_bytes + 1 - len(body))
        if len(body) > max_bytes:
            raise ValueError(_too_large(url, max_bytes))
    if response.length or (isinstance(unpack, _Unpacking) and not unpack.is_whole):
        raise ConnectionError("the server broke off")
    return bytes(body)


def _plain_bytes(piece: bytes, limit: int) -> bytes:
    return piece[:limit]


class _Unpacking:
    """Unpacks gzip piece by piece, of several members too, and never more than asked for."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)

    @property
    def is_whole(self) -> bool:
        """Whether the last member has ended."""
        return self._member.eof

    def __call__(self, piece: bytes, limit: int) -> bytes:
        unpacked = self._member.decompress(piece, limit)
        while self._member.eof and self._member.unused_data and len(unpacked) < limit:
            rest, self._member = self._member.unused_data, zlib.decompressobj(31)
            unpacked += self._member.decompress(rest, limit - len(unpacked))
        return unpacked


def _too_large(url: str, max_bytes: int) -> str:
    return f"{url} is larger than {max_bytes / 1e6:g} MB, the most that is read"


def _plain(url: str, error: Exception) -> Exception:
    """The error in one sentence of ours."""
    if isinstance(error, http.client.InvalidURL):
        return ValueError(f"{url} is no address that can be read")
    if isinstance(error, zlib.error):
        return ValueError(f"{url}: what comes packed cannot be unpacked")
    if type(error) in (ValueError, OSError):
        return error
    return OSError(
        f"{url}: cannot be read ({_reason(error.reason if isinstance(error, urllib.error.URLError) else error)})"
    )


def _reason(reason: object) -> str:
    text = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return re.sub(r"\s+", " ", str(text))[:200]

"""Pages from the web, against a server on this machine: one request, bounded in time, size and redirects."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from expert_roundup.parsing import read_roundup, read_source
from expert_roundup.parsing.web import MAX_REDIRECTS, fetch

PAGE = (
    "<!doctype html><html><head><title>Три совета</title></head><body><nav><a href=/>Главная</a></nav>"
    "<h1>Три совета</h1><h2>Анна Белова</h2><p>Я начинаю с малого и пишу каждый день.</p>"
    "<h2>Пётр Орлов</h2><p>Я спрашиваю читателей и слушаю, что они мне говорят.</p></body></html>"
)


class _Handler(BaseHTTPRequestHandler):
    """Answers by path: /page, /gzip, /to/<n> (n redirects to /page), /status/<code> and so on."""

    def do_GET(self) -> None:
        kind, _, rest = self.path.lstrip("/").partition("/")
        getattr(self, f"do_{kind.partition('?')[0].partition('.')[0]}", self.do_page)(rest)

    def answer(
        self, body: bytes, *, media: str = "text/html; charset=utf-8", status: int = 200, **headers: str
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": media, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_page(self, rest: str) -> None:
        self.answer(PAGE.encode())

    def do_cp1251(self, rest: str) -> None:
        self.answer(PAGE.encode("cp1251"), media="text/html; charset=windows-1251")

    def do_unsaid(self, rest: str) -> None:
        self.answer(PAGE.encode("koi8-r"), media="text/html")

    def do_gzip(self, rest: str) -> None:
        self.answer(gzip.compress(PAGE.encode()[:40]) + gzip.compress(PAGE.encode()[40:]), Content_Encoding="gzip")

    def do_cut(self, rest: str) -> None:
        self.answer(gzip.compress(PAGE.encode())[:-20], Content_Encoding="gzip")

    def do_unpackable(self, rest: str) -> None:
        self.answer(b"no gzip at all, though it says so", Content_Encoding="gzip")

    def do_brotli(self, rest: str) -> None:
        self.answer(b"x", Content_Encoding="br")

    def do_bomb(self, rest: str) -> None:
        self.answer(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")

    def do_to(self, rest: str) -> None:
        n = int(rest)
        self.answer(b"", status=302, Location=f"/to/{n - 1}" if n > 1 else "/page")

    def do_circle(self, rest: str) -> None:
        self.answer(b"", status=301, Location="/circle")

    def do_away(self, rest: str) -> None:
        self.answer(b"", status=302, Location=rest)

    def do_status(self, rest: str) -> None:
        self.answer(b"no", status=int(rest))

    def do_picture(self, rest: str) -> None:
        self.answer(b"\x89PNG", media="image/png")

    def do_notes(self, rest: str) -> None:
        self.answer(b"## Jane Doe\n\nI start small.\n", media="text/plain")

    def do_long(self, rest: str) -> None:
        self.answer(b"x" * 3_000_000, media="text/plain")

    def do_endless(self, rest: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        while True:
            self.wfile.write(b"more and more " * 1_000)

    def do_broken(self, rest: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"<p>half a page")

    def do_drip(self, rest: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        for _ in range(600):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, *args: object) -> None:
        """Say nothing: what the server did shows in what was fetched."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are what is tested."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def test_a_page_is_read_with_its_title(site: str) -> None:
    """An address is a source like any other; its name is the address as given."""
    source = read_source(f"{site}/page")
    assert (source.name, source.format, source.title) == (f"{site}/page", "html", "Три совета")
    assert read_roundup(source).quotes["speaker"].tolist() == ["Анна Белова", "Пётр Орлов"]


@pytest.mark.parametrize("path", ["cp1251", "unsaid", "gzip", "to/3", "page?x=1#part", "страница с пробелом"])
def test_whatever_way_a_page_comes_its_text_is_the_same(site: str, path: str) -> None:
    """Charset of the header or none, gzip in two members, redirects, queries, letters outside ASCII."""
    assert read_source(f"{site}/{path}").text == read_source(f"{site}/page").text


def test_a_plain_text_is_known_by_its_name(site: str) -> None:
    """Servers send Markdown as text/plain; the ending says what it is, the query does not."""
    assert read_source(f"{site}/notes.md?raw=1.html").format == "md"
    assert read_source(f"{site}/notes").format == "txt"


def test_redirects_have_an_end(site: str) -> None:
    """Ten are followed, an eleventh and a circle are refused."""
    assert read_source(f"{site}/to/{MAX_REDIRECTS}").format == "html"
    for path in (f"to/{MAX_REDIRECTS + 1}", "circle"):
        with pytest.raises(OSError, match=f"more than {MAX_REDIRECTS} redirects"):
            fetch(f"{site}/{path}")


@pytest.mark.parametrize(
    "target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "javascript:alert(1)", "data:text/html,x"]
)
def test_redirects_lead_to_pages_only(site: str, target: str) -> None:
    """A server cannot make us read a file of this machine."""
    with pytest.raises(ValueError, match="only http and https"):
        fetch(f"{site}/away/{target}")


@pytest.mark.parametrize("status", [404, 403, 500])
def test_an_error_of_the_server_is_one_sentence(site: str, status: int) -> None:
    """The sentence names the address and the status."""
    with pytest.raises(OSError, match=rf"/status/{status}: the server answers {status}"):
        fetch(f"{site}/status/{status}")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("picture", "is image/png; what is read is txt, md, html and docx"),
        ("long", "larger than 1 MB"),
        ("endless", "larger than 1 MB"),
        ("bomb", "larger than 1 MB"),
        ("unpackable", "cannot be unpacked"),
        ("brotli", "comes packed as br"),
    ],
)
def test_what_is_no_page_is_refused(site: str, path: str, said: str) -> None:
    """Another medium, too much of it, a gzip bomb, or a packing that nobody asked for."""
    with pytest.raises(ValueError, match=said):
        fetch(f"{site}/{path}", max_bytes=1_000_000)


@pytest.mark.parametrize("path", ["broken", "cut"])
def test_half_a_page_is_no_page(site: str, path: str) -> None:
    """A connection or an archive that ends early is an error, not a shorter page."""
    with pytest.raises(OSError, match=f"/{path}: cannot be read"):
        fetch(f"{site}/{path}")


def test_time_is_limited_as_a_whole(site: str) -> None:
    """A byte every 50 ms keeps any single wait short for half a minute; the total is what counts."""
    begin = time.monotonic()
    with pytest.raises(TimeoutError, match=r"no whole answer within 0\.5 s"):
        fetch(f"{site}/drip", timeout=0.5)
    assert time.monotonic() - begin < 5


def test_a_server_that_never_answers_is_left() -> None:
    """A port that accepts and says nothing costs the time limit, no more."""
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TimeoutError, match="no whole answer"):
        fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.3)


def test_nobody_there_is_one_sentence() -> None:
    """A closed port: the address and the system's reason."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(OSError, match=rf"127\.0\.0\.1:{port}/: cannot be read \(Connection refused\)"):
        fetch(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://", "only http and https"),
        ("http://jane:secret@127.0.0.1/", "with a user name"),
        ("http://127.0.0.1:99999/", "127.0.0.1:99999"),
        ("http://127.0.0.1:port/", "127.0.0.1:port"),
        ("http://" + "ж" * 80 + ".example/", "names no host"),
        ("ftp://127.0.0.1/x", "only http and https"),
        ("file:///etc/hostname", "only http and https"),
    ],
)
def test_a_bad_address_is_refused(url: str, said: str) -> None:
    """Without a connection, in a sentence that says which address."""
    with pytest.raises((ValueError, OSError), match=said):
        read_source(url)


def test_time_must_be_positive() -> None:
    """No time at all is a wrong argument, not a slow server."""
    with pytest.raises(ValueError, match="timeout must be positive, not 0"):
        fetch("http://127.0.0.1/", timeout=0)

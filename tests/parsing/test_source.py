"""Sources: whatever kind of file it is, its text is read right or it is refused in one sentence."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from expert_roundup.parsing import encodings, parse_text, read_roundup, read_source
from expert_roundup.parsing import source as wing
from expert_roundup.parsing.encodings import decode
from expert_roundup.parsing.source import source_from_bytes, source_from_text

#: language -> (a text of ours with capitals, quotes and digits, the encodings that people wrote it in)
TEXTS = {
    "ru": (
        "Анна Белова сказала: «Я начинаю с малого». Пётр Орлов ответил, что каждую неделю спрашивает читателей — "
        "и только потом пишет. В 2019 году мы узнали это на опыте.\n",
        "cp1251 koi8-r cp866 iso8859-5 mac-cyrillic",
    ),
    "uk": (
        "Ганна Білова сказала: «Я починаю з малого, і це єдиний шлях». Їжак відповів, що щотижня запитує читачів.\n",
        "cp1251 koi8-u",
    ),
    "bg": (
        "Анна Петрова каза: „Започвам с малко, защото така е по-лесно“. Йордан отговори, че пише всеки ден.\n",
        "cp1251",
    ),
    "en": ("Jane Doe said: “I start small — it’s what I’ve learned.” John Roe waits…\n", "cp1252"),
    "fr": ("Jérôme répond : « Je commence petit, et j’écris chaque été. » Élodie relit à Noël.\n", "cp1252 mac-roman"),
    "de": (
        "Jörg Müller sagt: „Ich fange klein an.“ Änne Groß findet, die Größe überschätzt man.\n",
        "cp1252 iso8859-15",
    ),
    "es": ("María Núñez dijo: «Empiezo poco a poco, año tras año». ¿Y José? ¡Nada sin café!\n", "cp1252 cp850"),
    "pl": (
        "Łukasz Żółć powiedział: „Zaczynam od małych rzeczy”. Świetnie się pracuje, gdy jest cisza.\n",
        "cp1250 iso8859-2",
    ),
    "cs": ("Jiří Dvořák řekl: „Začínám s malými věcmi.“ Žaneta píše každý týden čtenářům.\n", "cp1250 cp852"),
    "el": ("Ο Γιώργος είπε: «Ξεκινώ με μικρά βήματα». Η Μαρία απάντησε ότι γράφει κάθε πρωί.\n", "cp1253 iso8859-7"),
    "tr": ("Ayşe Yılmaz dedi ki: küçük başlıyorum. Çağrı, güneş doğarken düşündüğünü söyledi.\n", "cp1254"),
    "he": ("דנה אמרה: אני מתחילה בקטן ומקשיבה לאנשים. יוסי ענה שהוא כותב בכל בוקר לפני הקפה.\n", "cp1255"),
    "ja": (
        "田中花子：「小さく始めて、人の話を聞きます」。山田太郎は毎朝コーヒーを飲む前に書くと答えました。\n",
        "cp932 euc_jp iso2022_jp",
    ),
    "zh": ("王小明说：“我从小事做起，然后倾听用户的意见。”李华回答说，他每天早上写作。\n", "gbk gb18030"),
    "zh-Hant": ("王小明說：「我從小事做起，然後聽用戶的意見。」李華回答說，他每天早上寫作，這是我們學到的。\n", "big5"),
    "ko": ("김철수는 말했다. “저는 작게 시작하고 사람들의 말을 듣습니다.” 이영희는 매일 아침 글을 쓴다.\n", "cp949"),
}
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
CASES = [(language, encoding) for language, (_, old) in TEXTS.items() for encoding in (*old.split(), *UNICODE)]


@pytest.mark.parametrize("n", [1, 30])
@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_every_encoding_is_read_right(language: str, encoding: str, n: int) -> None:
    """A short text and a longer one, with and without a byte order mark, which is not part of the text."""
    text = (TEXTS[language][0] * n).encode(encoding, "ignore").decode(encoding).removeprefix("\ufeff")
    assert len(text) > 0.95 * len(TEXTS[language][0] * n)
    assert decode(text.encode(encoding), "x") == text


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "utf-16", "utf-16-le", "utf-8-sig", "utf-8"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_offsets_are_those_of_the_decoded_text(tmp_path: Path, encoding: str, line_end: str) -> None:
    """Whatever the bytes were, the quotes and their places are the same."""
    blocks = ("Вопрос?", "Анна Белова сказала: Я начинаю с малого.", "Пётр Орлов сказал: Я пишу каждый день.")
    text = (line_end * 2).join(blocks)
    path = tmp_path / "совет.txt"
    path.write_bytes(text.encode(encoding))
    roundup = read_roundup(path)
    assert roundup.source.text == text
    assert [text[row.start : row.end] for row in roundup.rows] == ["Я начинаю с малого.", "Я пишу каждый день."]
    assert roundup.source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.article
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "utf-16-le", "utf-32-be", "mac-cyrillic"])
def test_the_article_is_read_right_in_old_encodings(article: Path, encoding: str) -> None:
    """All of it that the encoding can hold."""
    text = article.read_text("utf-8").encode(encoding, "ignore").decode(encoding)
    assert decode(text.encode(encoding), "x") == text


@pytest.mark.parametrize("said", ["windows-1251", "iso-8859-1", "unicode_escape", "no-such-thing", "base64", "utf-8"])
def test_a_charset_wrongly_said_is_not_believed(said: str) -> None:
    """What a header or a page says of its charset counts only where the bytes agree."""
    text = TEXTS["ja"][0] * 3
    assert decode(text.encode(), "x", charset=said) == text
    page = f"<meta charset={said}>{TEXTS['ru'][0]}"
    if said != "iso-8859-1":
        assert decode(page.encode("cp1251"), "x") == page


def test_a_charset_rightly_said_decides() -> None:
    """Bytes that many encodings fit are read as the page says; ISO-8859-1 means Windows' page, as in browsers."""
    assert decode('<meta charset="iso8859-5">Мы'.encode("iso8859-5"), "x").endswith("Мы")
    assert decode("<?xml version='1.0' encoding='cp1253'?>Ω".encode("cp1253"), "x").endswith("Ω")
    assert decode("“é”".encode("cp1252"), "x", charset="ISO-8859-1") == "“é”"


def test_a_few_broken_bytes_do_not_spoil_a_page() -> None:
    """UTF-8 that was cut or pasted into carelessly is still UTF-8."""
    data = (TEXTS["ru"][0] * 5).encode()
    assert decode(data[:-2] + b"\xff\n", "x").startswith(TEXTS["ru"][0] * 4)
    assert decode(data[:-3], "x").startswith(TEXTS["ru"][0] * 4)


def test_a_control_character_in_a_script_does_not_spoil_a_page() -> None:
    """Pages of WordPress hold contexts of messages, an end of transmission, and the messages' words."""
    page = "<script>setLocaleData({'text direction\x04ltr': ['ltr']});</script>" + f"<p>{TEXTS['ru'][0]}</p>" * 40
    assert decode(page.encode(), "x") == page
    assert decode(page.encode("utf-16"), "x") == page
    with pytest.raises(ValueError, match="binary"):
        decode(("\x04 Jane" * 100).encode(), "x")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "x is empty"),
        (b" \r\n\t", "x is empty"),
        (b"\xef\xbb\xbf\n", "x is empty"),
        (bytes(1_000), "binary"),
        (bytes(range(256)) * 40, "binary"),
        (b"text with a \x00 in it", "binary"),
        (b"%PDF-1.7 ...", "x is a PDF"),
        (b"{\\rtf1 Jane Doe said}", "x is an RTF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "x is an old Office document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "x is a picture"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "x is a picture"),
        (b"\x1f\x8b\x08" + bytes(40), "x is a compressed file"),
        ("ab".encode("utf-16") + b"\x00", "no whole utf-16-le text"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "no whole utf-16-le text"),
    ],
)
def test_what_is_no_text_is_said_so(data: bytes, said: str) -> None:
    """One sentence that says what it is, as far as its first bytes tell."""
    with pytest.raises(ValueError, match=said):
        source_from_bytes(data, "x")


def test_a_large_file_is_refused_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """200 MB are refused at once, unread: the file here has no bytes on disk at all."""
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    monkeypatch.setattr(Path, "open", lambda self, *_: pytest.fail(f"{self} was opened"))
    with pytest.raises(ValueError, match=r"large\.txt is larger than 100 MB, the most that is read"):
        read_source(path)


def test_what_has_no_end_is_refused_unopened(tmp_path: Path) -> None:
    """A device, a pipe nobody writes to, a socket: opening them would wait or never end."""
    pipe, listening = tmp_path / "pipe", tmp_path / "socket"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(listening))
        for path in (pipe, listening, Path("/dev/zero"), Path("/dev/urandom")):
            with pytest.raises(ValueError, match=f"{path.name} is a device or a pipe, not a file; pass - to read"):
                read_source(path)


def test_what_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    """A missing file, a folder, a file we may not read."""
    with pytest.raises(FileNotFoundError, match="missing"):
        read_source(tmp_path / "missing.txt")
    with pytest.raises(IsADirectoryError, match="a folder, not a file"):
        read_source(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotADirectoryError, match="file"):
        read_source(tmp_path / "file" / "x.txt")
    with pytest.raises(ValueError, match="null"):
        read_source("a\x00b")


@pytest.mark.parametrize(("name", "format"), [("x.pdf", "pdf"), ("x.txt", "markdown"), ("x.txt", "")])
def test_only_four_formats_are_known(name: str, format: str) -> None:
    """The error names them."""
    with pytest.raises(ValueError, match=f"format must be one of txt, md, html, docx, not '{format}'"):
        read_source(name, format=format)


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("x.txt", b"<p>not a page", "txt"),
        ("x.MD", b"# Tips", "md"),
        ("x.markdown", b"# Tips", "md"),
        ("x.htm", b"Tips", "html"),
        ("x", b"<!-- saved --><!DOCTYPE html><p>Tips", "html"),
        ("page.php", b"\n<html lang=en><p>Tips", "html"),
        ("x", b"<?xml version='1.0'?><html><p>Tips", "html"),
        ("x", b"Tips <html>", "txt"),
        ("notes.2019", b"Tips", "txt"),
        ("C# and you?.md", b"Tips", "md"),
        ("https://example.org/a.html?x=.md#b.txt", b"Tips", "html"),
        ("-", b"# Tips", "md"),
        ("-", b"<html><p>Tips", "html"),
    ],
)
def test_the_format_is_known_by_name_then_by_content(name: str, data: bytes, format: str) -> None:
    """What comes through a pipe has no name: it is a page if it begins like one, else Markdown."""
    assert source_from_bytes(data, name).format == format


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hyphen is standard input, within the same limits."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Анна: да".encode("koi8-r"))))
    assert (read_source("-").name, wing.MAX_BYTES) == ("-", 100_000_000)
    monkeypatch.setattr(wing, "MAX_BYTES", 3)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Tips")))
    with pytest.raises(ValueError, match="standard input is larger than"):
        read_source("-")


def test_the_text_of_txt_and_md_is_the_file_as_it_is(tmp_path: Path) -> None:
    """No line end, blank or odd character is changed; only the byte order mark is not text."""
    text = "\u200bA\r\nB\rC\u2028D\x0cE\x85F \t\n\n"
    for name in ("x.txt", "x.md"):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
        assert read_source(tmp_path / name).text == text


@given(st.binary(max_size=300), st.sampled_from(["x", "x.txt", "x.md", "x.html", "x.docx"]))
@example(b"\xff\xfe", "x")
@example(b"\x1b$B", "x")
@example(b"PK\x03\x04", "x")
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    """Nothing but a ValueError leaves, and what is read is text."""
    try:
        source = source_from_bytes(data, name)
    except ValueError:
        return
    assert source == source_from_bytes(data, name)


@given(st.text(max_size=200).filter(lambda text: not encodings._CONTROLS.search(text) and "\x1b" not in text))
def test_utf8_is_always_read_as_utf8(text: str) -> None:
    """A guess is made only where the bytes are no UTF-8."""
    bare = text.removeprefix("\ufeff")
    if bare.strip() and not bare.startswith(("\ufeff", *encodings.known("encodings")["no_text"])):
        assert source_from_bytes(text.encode(), "x.txt").text == bare


@pytest.mark.parametrize("text", ["\ud800 Jane", "a\udfffb", "Jane\x00Doe"])
@pytest.mark.parametrize("format", ["txt", "md", "html"])
def test_strings_that_no_file_holds_are_taken(text: str, format: str) -> None:
    """A lone surrogate or a NUL in a string that Python code passes does not crash."""
    source = source_from_text(text, format=format)
    assert len(source.sha256) == 64


def test_only_texts_are_parsed_as_texts() -> None:
    """Word documents are bytes."""
    with pytest.raises(ValueError, match="must be txt, md or html, not 'docx'"):
        parse_text("Jane Doe said: yes", format="docx")

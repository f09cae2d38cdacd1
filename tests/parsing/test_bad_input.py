"""Bad input: one plain sentence and exit 1, never a traceback; and texts made to be slow are read like any other."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from expert_roundup.cli import main
from expert_roundup.parsing import NotARoundup, parse_text


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200_000_000)


#: what is wrong -> (how the file is made, what the sentence says)
FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "No such file or directory"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "blank": (lambda path: path.write_bytes(b" \n\t\n"), "is empty"),
    "zeros": (lambda path: path.write_bytes(bytes(1_000)), "is no text (it holds binary data)"),
    "binary": (lambda path: path.write_bytes(random.Random(0).randbytes(5_000)), "x.txt"),
    "picture": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99)), "is a picture"),
    "pdf": (lambda path: path.write_bytes(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3"), "is a PDF"),
    "half of utf-16": (lambda path: path.write_bytes(b"\xff\xfea\x00b"), "is no whole utf-16-le text"),
    "200 MB": (sparse, "is larger than 100 MB, the most that is read"),
    "pipe": (os.mkfifo, "is a device or a pipe"),
    "folder inside a file": (lambda path: path.mkdir(), "holds no source"),
    "no roundup": (lambda path: path.write_text("Nobody says anything here."), "no attributed answers found"),
    "one answer": (lambda path: path.write_text("Jane Doe said: I am alone here."), "no attributed answers found"),
    "only tags": (lambda path: path.write_text("><br><br><a><img"), "no attributed answers found"),
    "only a head": (lambda path: path.write_text("---\ntitle: x\n---\n"), "no attributed answers found"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_source_ends_in_one_sentence(fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1, nothing on standard output, one line on standard error that names the source and what is wrong."""
    make, said = FAULTS[fault]
    path = tmp_path / "x.txt"
    make(path)
    out = ["-o", str(tmp_path / "out.jsonl")] if path.is_dir() else []
    assert main(["parse", str(path), *out]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("expert-roundup: ")
    assert str(path) in captured.err
    assert said in captured.err
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("http://127.0.0.1:1/x", "cannot be read"),
        ("ftp://example.org/x", "only http and https addresses are read"),
        ("http://", "only http and https addresses are read"),
        ("/dev/zero", "is a device or a pipe"),
        ("a\x00b", "null"),
        ("x" * 5_000, "File name too long"),
    ],
)
def test_a_bad_name_ends_in_one_sentence(source: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Addresses, devices and names that no file has."""
    assert main(["parse", source]) == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert said in captured.err


def test_an_output_that_cannot_be_written_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, or a file in the place of a folder; the source is left alone."""
    path = tmp_path / "x.txt"
    path.write_text("Jane Doe said: I do.\n\nJohn Roe said: We do.")
    before = path.read_bytes()
    for out in (tmp_path, path / "y.json", path):
        assert main(["parse", str(path), "-o", str(out)]) == 1
        assert capsys.readouterr().err.startswith("expert-roundup: ")
    assert path.read_bytes() == before


N = 30_000
#: texts made to be slow for whoever backtracks, nests or starts over
SLOW = {
    "said": "said " * (N // 5),
    "said, names": "Jane Doe said " * (N // 14),
    "names": "Jane " * (N // 5),
    "names in lines": "Jane Doe\n" * (N // 9),
    "stars": "**" * (N // 2),
    "starred letters": "*a " * (N // 3),
    "underscores": "_" * N,
    "quote marks": ">" * N,
    "quote marks in lines": "> " * 30 + "\n" + "> x\n" * (N // 4),
    "nested quote marks": "\n".join("> " * n for n in range(250)),
    "bars": "|" * N,
    "bars in lines": "|a|b|\n" * (N // 6),
    "table head": "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + "|x" * 10_000,
    "dashes": "—" * N,
    "dashed lines": "— x\n" * (N // 4),
    "hyphens": "- " * (N // 2),
    "nested list": "\n".join("  " * n + "- x" for n in range(300)),
    "list": "- x\n" * (N // 4),
    "one open quote": "“" + "word " * (N // 5),
    "many open quotes": "“" * N,
    "guillemets": "«a " * (N // 3),
    "straight quotes": '"' * N,
    "brackets": "[" * N,
    "links": "[a](" * (N // 4),
    "pictures": "![" * (N // 2),
    "parentheses": "(" * N,
    "colons": "a: " * (N // 3),
    "labels": "**Jane Doe:** I\n\n" * (N // 17),
    "signed lines": "I do.\nJane Doe\n\n" * (N // 16),
    "credits in lines": "I do. *— Jane Doe*\n\n" * (N // 20),
    "lists below quotes": "> I do\n\n" + "- When: now\n" * (N // 12),
    "signed boxes": "<div class=c><p>I do, and I like it all the same.</p><p>Jane Doe</p></div>" * (N // 78),
    "boxes in boxes": ("<div class=c>" * 20 + "I do, and I like it all the same." + "</div>" * 20) * (N // 420),
    "times": "00:00:01 " * (N // 9),
    "questions": "Why? " * (N // 5),
    "headings": "# Jane Doe\n\nI.\n\n" * (N // 16),
    "heading levels": "".join(f"{'#' * (n % 6 + 1)} Jane Doe{n}\n" for n in range(N // 16)),
    "setext": "a\n=\n" * (N // 4),
    "backticks": "`" * N,
    "fences": "```\n" * (N // 4),
    "tags": "<div>" * (N // 5),
    "open tags": "<a " * (N // 3),
    "comments": "<!--" * (N // 4),
    "asides": "<aside>x" * (N // 8),
    "entities": "&mdash; " * (N // 8),
    "rules": "***\n" * (N // 4),
    "front matter": "---\n" * (N // 4),
    "numbers": "9 Goals " * (N // 8),
    "counts": "- Goals (9)\n" * (N // 12),
    "blanks": " " * N + "x",
    "lines": "\n" * N + "x",
    "tabs": "\t" * N + "x",
    "carriage returns": "\r" * N + "x",
    "one word": "x" * N,
    "one sign": "字" * N,
    "zero width": "\u200b" * N,
    "box": "=TEXTBOX_START=\n" * (N // 16),
    "fenced box": "::: a\n" * (N // 6),
    "escapes": "\\" * N,
}


@pytest.mark.parametrize("format", ["md", "html"])
@pytest.mark.parametrize("case", SLOW)
def test_texts_made_to_be_slow_are_read(case: str, format: str) -> None:
    """Thirty kilobytes of one thing; what a square of that costs would not end in the time a test has."""
    try:
        roundup = parse_text(SLOW[case], format=format)
    except NotARoundup:
        return
    except ValueError as error:
        assert format == "html"
        assert "nested too deeply" in str(error) or "no text" in str(error)  # noqa: PT017
        return
    assert roundup.segments[-1].end == len(roundup.source.text)

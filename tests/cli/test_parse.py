"""The command `expert-roundup parse`: one source on standard output, many into one file."""

from __future__ import annotations

import csv
import io
import json
import operator
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from expert_roundup.cli import batch, main
from expert_roundup.cli.sources import is_many, listed

ROUNDUP = """# Three people on work

Why?

## Jane Doe, CEO of Acme

I start small, and I let the [work](https://example.org) grow.

## Иван Петров

Я начинаю с малого, и мы растём.

## 田中花子

私は毎朝書きます。読者の声を聞きます。
"""
SPEAKERS = ["Jane Doe", "Иван Петров", "田中花子"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two roundups, a page without any, a picture, an empty file, a hidden file and one of another kind."""
    (tmp_path / "in" / "deep").mkdir(parents=True)
    place = tmp_path / "in"
    (place / "b.md").write_text(ROUNDUP, encoding="utf-8")
    (place / "deep" / "a.txt").write_text("Jane Doe said: I write.\n\nJohn Roe said: I read.\n", encoding="utf-8")
    (place / "c.html").write_text("<p>Nobody says anything here.</p>", encoding="utf-8")
    (place / "d.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (place / "e.md").write_bytes(b"")
    (place / ".hidden.md").write_text(ROUNDUP, encoding="utf-8")
    (place / "notes.log").write_text(ROUNDUP, encoding="utf-8")
    return place


@pytest.fixture
def roundup(tmp_path: Path) -> Path:
    path = tmp_path / "work.md"
    path.write_text(ROUNDUP, encoding="utf-8")
    return path


def test_json_is_the_whole_roundup(roundup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output holds one object with the fields of the design, letters of all scripts as they are."""
    assert main(["parse", str(roundup), "--format", "json"]) == 0
    out = capsys.readouterr().out
    read = json.loads(out)
    assert list(read) == ["source", "title", "layout", "roster", "questions", "quotes", "published_tally", "segments"]
    assert list(read["source"]) == ["name", "sha256", "format", "n_chars"]
    assert [row["speaker"] for row in read["quotes"]] == SPEAKERS
    assert [ROUNDUP[row["start"] : row["end"]] for row in read["quotes"]] == [row["text"] for row in read["quotes"]]
    assert read["quotes"][0]["links"] == ["https://example.org"]
    assert read["quotes"][0]["is_on_roster"] is None
    assert (read["segments"][0]["start"], read["segments"][-1]["end"]) == (0, len(ROUNDUP))
    assert "Иван" in out


def test_the_table_shows_every_speaker(roundup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a format, a table for people."""
    assert main(["parse", str(roundup)]) == 0
    captured = capsys.readouterr()
    assert all(speaker in captured.out for speaker in SPEAKERS)
    assert captured.err == ""


@pytest.mark.parametrize("ending", ["json", "jsonl", "csv", "txt"])
def test_the_ending_chooses_the_format(roundup: Path, tmp_path: Path, ending: str) -> None:
    """A file .json holds the object, .jsonl the same on one line, .csv the quotes, any other the table."""
    out = tmp_path / f"out.{ending}"
    assert main(["parse", str(roundup), "-o", str(out), "--quiet"]) == 0
    text = out.read_text("utf-8")
    if ending.startswith("json"):
        assert json.loads(text)["layout"] == "headings"
        assert (text.count("\n") == 1) == (ending == "jsonl")
    elif ending == "csv":
        assert [row["speaker"] for row in csv.DictReader(io.StringIO(text))] == SPEAKERS
    else:
        assert SPEAKERS[0] in text


def test_text_writes_what_offsets_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a page it is the extracted Markdown, so that every quote can be found again."""
    page, text = tmp_path / "work.html", tmp_path / "text.md"
    page.write_text(
        "<title>Work</title><nav>Home</nav><h2>Jane Doe</h2><p>I start <b>small</b>."
        "<h2>Ann Lee</h2><p>I do &amp; we do.",
        encoding="utf-8",
    )
    assert main(["parse", str(page), "--text", str(text), "--format", "json"]) == 0
    extracted = text.read_text("utf-8")
    rows = json.loads(capsys.readouterr().out)["quotes"]
    assert [extracted[row["start"] : row["end"]] for row in rows] == ["I start **small**.", "I do & we do."]


def test_a_result_is_not_overwritten_unasked(roundup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For one source and for many, and many are not parsed before that is known."""
    out = tmp_path / "out.jsonl"
    out.write_text("precious")
    for sources in ([str(roundup)], [str(roundup), str(roundup.parent)]):
        assert main(["parse", *sources, "-o", str(out)]) == 1
        assert "exists already" in capsys.readouterr().err
    assert out.read_text() == "precious"
    assert main(["parse", str(roundup), "-o", str(out), "--overwrite"]) == 0


def test_explain_tells_what_was_tried_taken_and_left(roundup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error: candidates with scores, the choice, people, questions, roster, tally and left-over text."""
    assert main(["parse", str(roundup), "--explain", "--format", "json", "--quiet"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["layout"] == "headings"
    for said in (
        "work.md: md",
        "“Three people on work”",
        "Read as headings that name speakers (headings)",
        "3 answers by 3 speakers: Jane Doe, Иван Петров, 田中花子.",
        "“Why?”",
        "No roster: nothing says whether somebody is missing.",
        "No published tally.",
        "Left over",
    ):
        assert said in captured.err


def test_explain_names_who_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A roster entry without an answer, and an answer by somebody off the roster, are named."""
    path = tmp_path / "x.md"
    names = ("Jane Doe", "Иван Петров", "Mary Major", "John Roe", "Ann Lee")
    roster = "".join(f"- {name}\n" for name in names)
    more = "## John Roe\n\nI read what I wrote.\n"
    path.write_text(f"# Work\n\n{roster}\n{ROUNDUP.partition('Why?')[2]}\n{more}", encoding="utf-8")
    assert main(["parse", str(path), "--explain", "--format", "json"]) == 0
    err = capsys.readouterr().err
    assert "Roster of 5: without an answer: Mary Major, Ann Lee; not on it: 田中花子." in err


def test_explain_says_why_a_text_is_no_roundup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The explanation comes before the sentence that ends the command."""
    path = tmp_path / "x.txt"
    path.write_text("Nobody says anything here.", encoding="utf-8")
    assert main(["parse", str(path), "--explain"]) == 1
    err = capsys.readouterr().err
    assert "No layout finds two answers" in err
    assert err.endswith(f"expert-roundup: {path}: no attributed answers found\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a", "b"], "need -o FILE"),
        (["{folder}"], "need -o FILE"),
        (["{folder}/*.md"], "need -o FILE"),
        (["{folder}", "-o", "x.jsonl", "--text", "y"], "--text and --explain go with one source"),
        (["{folder}", "-o", "x.jsonl", "--explain"], "--text and --explain go with one source"),
        (["{folder}", "-o", "x.jsonl", "--format", "table"], "not as a table"),
        (["{folder}", "-o", "x.jsonl", "--jobs", "0"], "a whole number from 1, not '0'"),
        ([], "required: SOURCE"),
    ],
)
def test_wrong_usage_is_exit_2(folder: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What no input could mend is wrong usage."""
    with pytest.raises(SystemExit) as raised:
        main(["parse", *(word.format(folder=folder) for word in words)])
    assert raised.value.code == 2
    assert said in capsys.readouterr().err


def test_a_folder_becomes_json_lines(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each parsed source on a line, in order; the others are reported at the end; no bar without a terminal."""
    out = tmp_path / "all.jsonl"
    assert main(["parse", str(folder), "-o", str(out)]) == 1
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [Path(line["source"]["name"]).name for line in lines] == ["b.md", "a.txt"]
    assert [row["speaker"] for row in lines[0]["quotes"]] == SPEAKERS
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        f"written: {out}",
        f"failed: {folder / 'c.html'}: no attributed answers found",
        f"failed: {folder / 'd.txt'} is a picture; what is read is txt, md, html and docx",
        f"failed: {folder / 'e.md'} is empty",
        "2 of 5 sources parsed, 3 failed",
    ]


def test_many_become_one_csv(folder: Path, tmp_path: Path) -> None:
    """The columns of the quotes frame with the source in front; the same bytes whatever the number of processes."""
    sources = [str(folder / "b.md"), str(folder / "deep" / "*.txt")]
    outs = [tmp_path / f"{jobs}.csv" for jobs in "12"]
    for jobs, out in zip("12", outs, strict=True):
        assert main(["parse", *sources, "-o", str(out), "--jobs", jobs, "--quiet"]) == 0
    rows = list(csv.DictReader(io.StringIO(outs[0].read_text("utf-8"))))
    assert list(rows[0])[:3] == ["source", "quote_id", "speaker"]
    assert [row["source"] for row in rows] == [sources[0]] * 3 + [str(folder / "deep" / "a.txt")] * 2
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_nothing_is_written_when_everything_fails(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A result without a single roundup would only look like one."""
    out = tmp_path / "all.jsonl"
    assert main(["parse", str(folder / "d.txt"), str(folder / "missing.md"), "-o", str(out)]) == 1
    assert not out.exists()
    err = capsys.readouterr().err
    assert f"failed: {folder / 'missing.md'}: No such file or directory" in err
    assert "0 of 2 sources parsed, 2 failed" in err


def test_only_the_first_failures_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twenty, and how many more there are."""
    missing = [str(tmp_path / f"{n}.md") for n in range(25)]
    assert main(["parse", *missing, "-o", str(tmp_path / "x.jsonl")]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 22
    assert lines[-2:] == ["failed: and 5 more", "0 of 25 sources parsed, 25 failed"]


def test_folders_and_globs_are_listed_by_name_and_once(folder: Path) -> None:
    """Hidden files and other endings are left out of a folder; a source named twice is read once."""
    names = [Path(source).relative_to(folder).as_posix() for source in listed([str(folder), str(folder / "*.md")])]
    assert names == ["b.md", "c.html", "d.txt", "deep/a.txt", "e.md"]
    assert is_many([str(folder / "**" / "*.md")])
    assert not is_many([str(folder / "b.md")])
    assert not is_many(["https://example.org/[x]*?"])
    with pytest.raises(ValueError, match=r"\*\.docx holds no source"):
        listed([str(folder / "*.docx")])
    strange = folder / "odd[1]*.md"
    strange.write_text(ROUNDUP, encoding="utf-8")
    assert not is_many([str(strange)])


def test_a_process_that_dies_takes_no_other_source_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had in hand is parsed again, one source a process; only the one that kills is given up."""
    monkeypatch.setattr(batch, "parse_source", operator.call)  # a source is called with the time limit
    sources = [str, str, os._exit, str, os._exit, *[str] * 20]
    results = batch.parse_all(sources, jobs=2)  # type: ignore[arg-type]
    limit = str(batch.SECONDS_EACH)
    died = f"{os._exit}: the process that parsed it died"
    assert results == [limit, limit, died, limit, died, *[limit] * 20]


def test_a_source_has_its_time_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that would hang is reported like any other failure."""
    import expert_roundup.parsing

    path = tmp_path / "x.md"
    path.write_text(ROUNDUP, encoding="utf-8")
    assert isinstance(batch.parse_source(str(path)), dict)
    monkeypatch.setattr(expert_roundup.parsing, "read_roundup", lambda _: time.sleep(30))
    begin = time.monotonic()
    assert batch.parse_source(str(path), 0.1) == f"{path}: it takes too long to parse"
    assert time.monotonic() - begin < 5
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_fault_of_ours_is_reported_with_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the parser costs one source, and says that it is one."""
    import expert_roundup.parsing

    monkeypatch.setattr(expert_roundup.parsing, "read_roundup", lambda _: {}["layout"])
    assert batch.parse_source("x.md") == "x.md: KeyError: 'layout'"


def test_an_interrupt_leaves_nothing_half_written(tmp_path: Path) -> None:
    """Ctrl+C in the middle of many: exit 130, no result, no remains."""
    (tmp_path / "in").mkdir()
    for n in range(60):
        (tmp_path / "in" / f"{n}.md").write_text(ROUNDUP + ("I work. " * 200 + "\n\n") * 150, encoding="utf-8")
    script = """
import sys
from expert_roundup.cli import batch, main
in_turn = batch._in_turn
batch._in_turn = lambda *given: (print("parsed", flush=True) or each for each in in_turn(*given))
sys.exit(main(["parse", "in", "-o", "out/all.jsonl", "--jobs", "1"]))
"""
    command = [sys.executable, "-c", script]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "parsed\n"  # the first of many; on a busy machine no time is right to wait
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.strip().endswith("expert-roundup: interrupted, nothing half-written")
    assert "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]

"""`expert-roundup tally` from files to the screen."""

from __future__ import annotations

import json

import pytest

from expert_roundup.cli import main

CODINGS = """quote_id,theme,coder,confidence
Q01,goals,A,0.9
Q01,craft,B,0.8
Q01,goals,B,0.7
Q02,goals,A,0.2
Q02,craft,A,0.6
Q03,,A,
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "codings.csv").write_text(CODINGS)
    (tmp_path / "codebook.yaml").write_text("themes:\n- theme: goals\n  label: Have Goals\n- theme: craft\n")
    (tmp_path / "published.csv").write_text("label,n_published\nHave Goals,3\n")
    (tmp_path / "quotes.csv").write_text("quote_id,language,text\nQ01,en,a\nQ02,ru,b\nQ03,ru,c\n")
    return tmp_path


def result(capsys, *words: str) -> list[dict[str, object]]:
    assert main(["tally", *words, "--format", "json", "--quiet"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return json.loads(captured.out)


def test_the_majority_is_counted_by_the_codebook_beside(folder, capsys):
    """Rows in codebook order, the codebook.yaml beside the codings is taken, missing totals are null."""
    rows = result(capsys, str(folder / "codings.csv"))
    assert [(row["theme"], row["n_quotes"], row["n_published"]) for row in rows] == [
        ("goals", 1, None),
        ("craft", 1, None),
    ]
    assert list(rows[0]) == [
        "theme", "label", "n_quotes", "share", "n_published", "difference", "rank", "rank_low", "rank_high",
    ]  # fmt: skip


def test_one_coder_beside_published_totals(folder, capsys):
    """--coder and --published change what is counted and what stands beside it."""
    rows = result(capsys, str(folder / "codings.csv"), "--coder", "B", "--published", str(folder / "published.csv"))
    assert [(row["n_quotes"], row["share"], row["difference"]) for row in rows] == [(1, 1, -2), (1, 1, None)]


def test_the_threshold_moves_what_is_coded(folder, capsys):
    """At .1 the rejected coding of Q02 counts."""
    rows = result(capsys, str(folder / "codings.csv"), "--coder", "A", "--threshold", "0.1")
    assert [row["n_quotes"] for row in rows] == [2, 1]


def test_groups_of_a_quotes_file(folder, capsys):
    """--by names a file and its column."""
    rows = result(capsys, str(folder / "codings.csv"), "--coder", "A", "--by", f"{folder / 'quotes.csv'}:language")
    assert [(row["group"], row["n_read"], row["n_quotes"]) for row in rows] == [
        ("en", 1, 1), ("en", 1, 0), ("ru", 2, 0), ("ru", 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (["--show", "ahead"], ["theme", "goals", "craft"]),
        (["--show", "first"], ["theme", "label", "n_quotes", "share_first", "share_first_or_level"]),
        (
            ["--show", "weighted"],
            ["theme", "label", "n_quotes", "n_weighted", "share_weighted", "rank", "rank_weighted"],
        ),
    ],
)
def test_other_views(folder, capsys, words, columns):
    """Each view has its own frame."""
    assert list(result(capsys, str(folder / "codings.csv"), *words)[0]) == columns


def test_two_roundups_are_compared(folder, capsys):
    """--compare takes another roundup's codings."""
    (folder / "other.csv").write_text("quote_id,theme,coder,confidence\nQ01,craft,A,1\nQ02,craft,A,1\n")
    rows = result(capsys, str(folder / "codings.csv"), "--coder", "A", "--compare", str(folder / "other.csv"))
    assert [(row["n_first"], row["n_second"]) for row in rows] == [(1, 0), (1, 2)]


def test_a_remark_says_how_firm_the_top_is(folder, capsys):
    """The price of another top three stands on standard error, and only there."""
    (folder / "codebook.yaml").write_text(
        "themes:\n" + "".join(f"- theme: {name}\n" for name in ("goals", "craft", "c", "d"))
    )
    assert main(["tally", str(folder / "codings.csv"), "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert "The top 3 is open: d stands level with its last theme." in captured.err
    assert len(json.loads(captured.out)) == 4


def test_the_shipped_codebook_is_the_last_resort(folder, capsys):
    """Without a codebook given or beside, that of the first study is taken, and said."""
    (folder / "codebook.yaml").unlink()
    assert main(["tally", str(folder / "codings.csv"), "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)) == 12
    assert "codebook: the one of the first study" in captured.err


def test_same_input_same_file(folder):
    """Two runs write equal bytes."""
    for name in ("one.json", "two.json"):
        assert main(["tally", str(folder / "codings.csv"), "-o", str(folder / name), "--quiet"]) == 0
    assert (folder / "one.json").read_bytes() == (folder / "two.json").read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing.csv"], "nothing.csv: No such file"),
        (["codings.csv", "--coder", "Z"], "coder 'Z' has no codings"),
        (["codings.csv", "--by", "quotes.csv"], "--by must be FILE:COLUMN"),
        (["codings.csv", "--by", "quotes.csv:nation"], "no column nation"),
        (["codings.csv", "--threshold", "2"], "threshold must be above 0"),
        (["codings.csv", "--published", "quotes.csv"], "no column n_published"),
        (["published.csv"], "no column quote_id, theme, coder, confidence"),
        (["."], "directory"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_1(folder, monkeypatch, capsys, words, message):
    """No traceback, nothing on standard output."""
    monkeypatch.chdir(folder)
    assert main(["tally", *words, "--quiet"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert captured.err.count("\n") == 1

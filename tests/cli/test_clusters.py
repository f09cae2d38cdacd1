"""`expert-roundup clusters` from files to a folder."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from expert_roundup.cli import main
from expert_roundup.cli.clusters import TABLES

FEW = ("--runs", "28", "--shuffles", "19", "--quiet")
TEXTS = [
    "Plan goals before posts", "Goals first, then a plan", "A plan without goals is no plan", "Daily images and news",
    "News with images, daily", "Images beat news on Facebook", "Ask people on LinkedIn", "People answer people",
    "Ask and answer people daily",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    quotes = pd.DataFrame(
        {"quote_id": [f"Q{n:02d}" for n in range(1, 10)], "text": TEXTS, "speaker": list("ABCDEFGHI")}
    )
    quotes.to_csv(tmp_path / "quotes.csv", index=False)
    themes = ["goals"] * 3 + ["craft"] * 3 + ["people"] * 3
    codings = pd.DataFrame({"quote_id": quotes["quote_id"], "theme": themes, "coder": "A", "confidence": 0.9})
    codings.to_csv(tmp_path / "codings.csv", index=False)
    return tmp_path


def run(*words: object) -> int:
    return main(["clusters", *map(str, words)])


def test_everything_is_written_and_said(folder, capsys, monkeypatch):
    """Tables and verdicts.json lie in the folder, verdicts are printed one a line, and every chart can be drawn."""
    from expert_roundup.output.charts import export

    drawn = {}
    monkeypatch.setattr(export, "save_chart", lambda chart, folder, **given: drawn.update({chart.name: chart.figure}))
    out = folder / "out"
    assert run(folder / "quotes.csv", "--codings", folder / "codings.csv", "-o", out, *FEW) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    verdicts = json.loads((out / "verdicts.json").read_text("utf-8"))
    assert captured.out.splitlines() == [f"{verdict['name']}: {verdict['statement']}" for verdict in verdicts]
    assert {"structure", "wording_and_codes", "leading_code", "cooccurrence", "power"} <= {v["name"] for v in verdicts}
    assert {f"{name}.csv" for name in TABLES} - {path.name for path in out.iterdir()} == {"concordance.csv"}
    assert set(drawn) == {"consensus_matrix", "map", "dendrogram", "platforms", "cooccurrence"}
    clusters = pd.read_csv(out / "clusters.csv")
    assert list(clusters.columns) == ["quote_id", "cluster", "certainty", "x", "y"]
    assert pd.read_csv(out / "platforms.csv")["platform"].to_list() == ["Facebook", "LinkedIn"]


def test_two_runs_are_equal_in_bytes(folder):
    """Every table and the verdicts are the same bytes on a second run."""
    for name in ("one", "two"):
        assert run(folder / "quotes.csv", "-o", folder / name, "--no-charts", *FEW) == 0
    for path in sorted((folder / "one").iterdir()):
        assert path.read_bytes() == (folder / "two" / path.name).read_bytes(), path.name


def test_the_original_s_words_need_no_file(tmp_path, capsys):
    """The shipped counts give the original's verdicts, compared with the shipped codings."""
    assert run("--source-terms", "-o", tmp_path / "out", "--no-charts", *FEW) == 0
    said = capsys.readouterr().out
    assert "ru 27 and en 4" in said
    assert "The first split is the language" in said
    assert "relationships (11 quotes), is no word cluster" in said


def test_the_condensed_edition_says_that_its_wording_is_ours(tmp_path, capsys):
    """Without arguments the condensed edition is explored, and the first line says whose words these are."""
    assert run("-o", tmp_path / "out", "--no-charts", *FEW) == 0
    assert capsys.readouterr().out.startswith("wording: This is the wording of the condensed edition, written for this")


def test_quick_gives_clusters_without_tests(folder, capsys):
    """Consensus, clusters, cuts and labels, no verdicts and no charts."""
    assert run(folder / "quotes.csv", "-o", folder / "out", "--quick", "-k", "3", *FEW) == 0
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {"clusters.csv", "consensus.csv", "linkage.csv", "cuts.csv", "labels.csv"}
    assert pd.read_csv(folder / "out/clusters.csv")["cluster"].nunique() == 3
    assert capsys.readouterr().out == ""


def test_words_are_shown_in_context(folder):
    """--term may be given several times; each place names its term."""
    words = ("--term", "news", "--term", "plan*")
    assert run(folder / "quotes.csv", "-o", folder / "out", "--quick", *words, *FEW) == 0
    found = pd.read_csv(folder / "out/concordance.csv")
    assert found.groupby("term").size().to_dict() == {"news": 3, "plan*": 4}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("missing.csv",), "missing.csv: No such file or directory"),
        (("{folder}/codings.csv",), "codings.csv.*text"),
        (("{folder}/quotes.csv", "--codings", "{folder}/quotes.csv"), "theme"),
        (("{folder}/quotes.csv", "--runs", "0"), "--runs and --shuffles must be 1 or more, not 0 and 999"),
        (("{folder}/quotes.csv", "-k", "10"), "k must be between 1 and the number of quotes, 9, not 10"),
        (("--source-terms", "--term", "plan"), "--term needs texts; word counts hold no context"),
    ],
)
def test_unusable_input_is_one_sentence(folder, capsys, words, message):
    """Exit 1 and one plain sentence, nothing written."""
    filled = [word.replace("{folder}", str(folder)) for word in words]
    assert run(*filled, "-o", folder / "out", "--quick" if "--codings" not in words else "--no-charts", "--quiet") == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert pd.Series([error]).str.contains(message).all(), error
    assert not (folder / "out").exists()


def test_a_result_is_not_replaced_unasked(folder, capsys):
    """A second run stops before it computes; --overwrite lets it go on; a file is no folder."""
    words = (folder / "quotes.csv", "--quick", *FEW)
    assert run(*words, "-o", folder / "out") == 0
    assert run(*words, "-o", folder / "out") == 1
    assert "exists already" in capsys.readouterr().err
    assert run(*words, "-o", folder / "out", "--overwrite") == 0
    assert run(*words, "-o", folder / "quotes.csv") == 1
    assert "-o must name a folder" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "…", "One lonely answer"])
def test_a_single_quote_is_answered(folder, text, capsys):
    """One quote makes no clusters: said, not crashed."""
    pd.DataFrame({"quote_id": ["Q01"], "text": [text], "language": ["en"]}).to_csv(folder / "one.csv", index=False)
    assert run(folder / "one.csv", "-o", folder / "out", *FEW) == 0
    assert "1 quote makes no clusters" in capsys.readouterr().out

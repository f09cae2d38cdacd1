"""Facts of the article: rebuilt from it byte for byte, and free of its sentences."""

from __future__ import annotations

import pandas as pd
import pytest

from expert_roundup import facts
from expert_roundup.datasets import data_path
from expert_roundup.parsing import parse_text, read_roundup

PAGE = "Jane Doe said: I start small, I start well.\n\nJohn Roe said: We measure.\n"


def test_what_ships_is_rebuilt_from_the_article(article):
    """Every file of data/source/ that follows from the article comes out of it byte for byte."""
    for name, content in facts.article_facts(read_roundup(article)).items():
        assert data_path(f"source/{name}").read_text("utf-8") == content, name


def test_shipped_evidence_lies_in_the_answers_of_the_article():
    """All 274 spans are inside their answers, by the offsets that ship."""
    evidence = pd.read_csv(data_path("source/evidence.csv"))
    assert len(facts.check_evidence(evidence, pd.read_csv(data_path("source/answers.csv")))) == 274


def test_terms_are_counted_without_their_order():
    """Terms stand in code point order, so that no sentence can be read off them."""
    counts = facts.counts(parse_text(PAGE))
    first = counts[counts["quote_id"] == "Q01"]
    assert first["term"].tolist() == sorted(first["term"])
    assert dict(zip(first["term"], first["n"], strict=True)) == {"i": 2, "start": 2, "small": 1, "well": 1}


def test_evidence_outside_its_answer_is_named_row_by_row():
    """Every bad row stands in the error: an unknown quote, an empty span, one that leaves its answer."""
    answers = pd.DataFrame({"quote_id": ["Q01"], "start": [10], "end": [20]})
    evidence = pd.DataFrame(
        {
            "quote_id": ["Q01", "Q01", "Q01", "Q02"],
            "theme": "goals",
            "coder": "A",
            "start": [10, 15, 15, 10],
            "end": [20, 15, 21, 12],
        }
    )
    with pytest.raises(ValueError, match=r"row 3 .*row 4 .*row 5 \(Q02"):
        facts.check_evidence(evidence, answers)


def test_the_command_writes_the_facts(tmp_path, capsys):
    """`python -m expert_roundup.facts` writes four files and says where."""
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    assert facts.main([str(page), str(tmp_path / "source")]) == 0
    assert sorted(path.name for path in (tmp_path / "source").iterdir()) == [
        "answers.csv",
        "article.json",
        "norms.csv",
        "term_counts.csv",
    ]
    assert facts.main([]) == 2

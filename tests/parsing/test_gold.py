"""Labelled real documents: a gate with pinned floors, for the documents themselves and for pages made of them.

The floors in gold_floors.json only rise: a change that lowers one is mended or not made.
"""

from __future__ import annotations

import html
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

import pytest

from expert_roundup.parsing import parse_text, read_roundup

FLOORS: dict[str, float] = json.loads((Path(__file__).parent / "gold_floors.json").read_text("utf-8"))
SHELL_NAMES = ("plain", "blog", "soup", "old")

pytestmark = pytest.mark.gold


@pytest.fixture(scope="module")
def scores(gold_documents, score) -> dict[str | None, dict[str, float]]:
    """F1 of every document, by shell (None: the document itself)."""
    return {shell: {one.id: score(one, shell) for one in gold_documents} for shell in (None, *SHELL_NAMES)}


def test_every_document_has_a_floor(gold_documents) -> None:
    """A document that is added to the labels is added to the gate."""
    assert {document.id for document in gold_documents} <= set(FLOORS)


@pytest.mark.parametrize("shell", [None, *SHELL_NAMES])
@pytest.mark.parametrize("document", FLOORS)
def test_no_document_falls_below_its_floor(document: str, shell: str | None, scores) -> None:
    """As Markdown, and as a page among menus, banners, sidebars, comments and scripts."""
    assert scores[shell][document] >= FLOORS[document]


@pytest.mark.parametrize("shell", [None, *SHELL_NAMES])
def test_the_mean_and_every_layout_hold(shell: str | None, scores, gold_documents) -> None:
    """A mean of .95; documents that are no roundup are never read as one."""
    by_layout = defaultdict(list)
    for document in gold_documents:
        by_layout[document.label["layout"]].append(scores[shell][document.id])
    assert fmean(scores[shell].values()) >= 0.95
    assert fmean(by_layout.pop("NEG")) == 1.0
    # 0.90 is the goal; with two documents under headings, one speaker of three named otherwise costs it
    assert {layout: fmean(values) for layout, values in by_layout.items() if fmean(values) < 0.83} == {}


def test_floors_are_no_lower_than_they_could_be(scores) -> None:
    """A score that rose takes its floor with it."""
    assert {one: scores[None][one] for one, floor in FLOORS.items() if scores[None][one] >= floor + 0.02} == {}


def test_our_scorer_agrees_with_the_shared_one(gold: Path, scores) -> None:
    """The script beside the labels, which starts the command for each document, gives the same figures."""
    script = gold.parent.parent / "tools" / "score_roundups.py"
    if not script.exists():
        pytest.skip(f"no {script.name} beside the labels")
    document = "f6-18f-code-or-design"
    command = f"{sys.executable} -m expert_roundup parse {{path}} --format json"
    words = [sys.executable, str(script), "--set", str(gold), "--only", document, "--cmd", command]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert f"mean F1 {scores[None][document]:.3f}" in done.stdout


@pytest.mark.article
@pytest.mark.parametrize("shell", SHELL_NAMES)
def test_the_article_is_found_in_every_shell(
    shell: str, article: Path, shells: dict[str, Callable[[str, str, str], str]]
) -> None:
    """Saved as a page, it gives the same answers, roster and tally."""
    text = article.read_text("utf-8")
    original = read_roundup(article)
    body = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
    page = parse_text(shells[shell](body, "How not to", text), format="html")
    assert [row.speaker for row in page.rows] == [row.speaker for row in original.rows]
    same = [one.text.split() == other.text.split() for one, other in zip(page.rows, original.rows, strict=True)]
    assert sum(same) >= 30, [row.quote_id for row, is_same in zip(page.rows, same, strict=True) if not is_same]
    assert page.published == original.published
    assert page.roster == original.roster


def test_the_scorer_can_tell_right_from_wrong(gold_documents, score) -> None:
    """Nothing found scores 0, a label found whole scores 1, a wrong name is a miss, one of none is a false alarm."""
    f1 = score.__globals__["f1"]
    document = next(one for one in gold_documents if one.id == "f2-carpentries-facilitators")
    labelled = [(q["speaker"], document.text[q["start"] : q["end"]]) for q in document.label["quotes"]]
    assert f1(document, []) == 0
    assert f1(document, labelled) == 1
    assert f1(document, [("Somebody Else", text) for _, text in labelled]) == 0
    assert f1(document, [*labelled, ("Jane Doe", "words that nobody said")]) == pytest.approx(20 / 21)
    nothing = next(one for one in gold_documents if not one.label["quotes"])
    assert (f1(nothing, []), f1(nothing, [("Jane Doe", "yes")])) == (1, 0)

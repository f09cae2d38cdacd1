"""The first study's article and its condensed edition: everything that the study stands on."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from expert_roundup import facts
from expert_roundup.datasets import data_path
from expert_roundup.parsing import Roundup, read_roundup
from expert_roundup.parsing.knowledge import said

#: how the article closes an answer, in either language
TRAILER = re.compile(r"\b(?:web|веб)\s*\|\s*(?:twitter|щебет)", re.IGNORECASE)


@pytest.fixture(scope="module")
def original(article: Path) -> Roundup:
    """The article, parsed."""
    return read_roundup(article)


@pytest.fixture(scope="module")
def condensed() -> Roundup:
    """The condensed edition, parsed."""
    return read_roundup(data_path("condensed/roundup.md"))


@pytest.fixture(scope="module")
def speakers() -> pd.DataFrame:
    """One row an answer: its speaker in English, as printed before it, as printed in the roster."""
    return pd.read_csv(data_path("speakers.csv"))


def test_all_answers_of_the_article_are_found_in_order(original: Roundup, speakers: pd.DataFrame) -> None:
    """Thirty-one answers, each by the speaker printed before it."""
    assert original.layout == "said"
    assert [row.quote_id for row in original.rows] == speakers["quote_id"].tolist()
    assert [row.speaker for row in original.rows] == speakers["speaker"].tolist()
    starts = [row.start for row in original.rows]
    assert starts == sorted(starts)


def test_answers_lie_where_the_facts_say(original: Roundup) -> None:
    """The spans that ship are those that the parser finds, and each text is the exact slice."""
    shipped = pd.read_csv(data_path("source/answers.csv"))
    assert [(row.start, row.end) for row in original.rows] == list(zip(shipped["start"], shipped["end"], strict=True))
    assert all(original.source.text[row.start : row.end] == row.text for row in original.rows)


def test_every_evidence_span_lies_inside_its_answer(original: Roundup) -> None:
    """All 274 spans that the three readings marked in the article."""
    evidence = pd.read_csv(data_path("source/evidence.csv"))
    assert len(evidence) == 274
    facts.check_evidence(evidence, facts.answers(original))


def test_nothing_but_the_answer_is_inside_an_answer(original: Roundup, speakers: pd.DataFrame) -> None:
    """No announcement, no trailer, no next speaker before a verb of speech; both stand in segments of their own."""
    names = "|".join(map(re.escape, speakers["speaker"]))
    announcement = re.compile(rf"(?:{names})\s*,?\s*(?:\([^)]*\)\s*,?\s*)?(?:{said().pattern})")
    for row in original.rows:
        assert not TRAILER.search(row.text), row.quote_id
        assert not announcement.search(row.text), row.quote_id
        assert row.text == row.text.strip()
    by_quote = {row.quote_id: [s for s in original.segments if s.quote_id == row.quote_id] for row in original.rows}
    for row in original.rows:
        kinds = [segment.kind for segment in by_quote[row.quote_id]]
        assert kinds == ["attribution", "answer", "trailer"], row.quote_id
        attribution, _, trailer = by_quote[row.quote_id]
        assert row.speaker in original.source.text[attribution.start : attribution.end]
        assert TRAILER.fullmatch(original.source.text[trailer.start : trailer.end].strip())


def test_the_roster_is_matched_to_the_last_name(original: Roundup, speakers: pd.DataFrame) -> None:
    """Thirty names, surnames first and some garbled, each to its own answer; the author is marked as not among them."""
    listed = speakers.dropna(subset="name_in_roster")
    assert len(original.roster) == 30
    squeezed = [(re.sub(r"\s+", "", name), quote_id) for name, quote_id in original.roster]
    expected = zip(listed["name_in_roster"].str.replace(r"\s+", "", regex=True), listed["quote_id"], strict=True)
    assert sorted(squeezed) == sorted(expected)
    off = [row.quote_id for row in original.rows if not row.is_on_roster]
    assert off == ["Q31"]


def test_two_questions_go_with_every_answer(original: Roundup) -> None:
    """Both are found in front of the roster, none of those that experts ask themselves."""
    assert len(original.questions) == 2
    assert all(original.source.text[start:end].endswith("?") for start, end in original.questions)
    assert len({row.question for row in original.rows}) == 1
    assert original.rows[0].question.count("?") == 2


@pytest.mark.parametrize("edition", ["original", "condensed"])
def test_the_published_tally_is_read(edition: str, request: pytest.FixtureRequest) -> None:
    """Twelve labels, forty-five counts, with a comma, an ampersand and hyphens in labels."""
    published = pd.read_csv(data_path("published_tally.csv"))
    found = request.getfixturevalue(edition).published_tally
    assert list(zip(found["label"], found["n_published"], strict=True)) == list(
        zip(published["label"], published["n_published"], strict=True)
    )
    assert found["n_published"].sum() == 45


@pytest.mark.parametrize("edition", ["original", "condensed"])
def test_segments_are_lossless(edition: str, request: pytest.FixtureRequest) -> None:
    """From 0 to the end without gap or overlap, every kind one of the eight."""
    roundup = request.getfixturevalue(edition)
    bounds = [0, *(segment.end for segment in roundup.segments)]
    assert [segment.start for segment in roundup.segments] == bounds[:-1]
    assert bounds[-1] == len(roundup.source.text)
    kinds = {segment.kind for segment in roundup.segments}
    assert {"front_matter", "roster", "question", "attribution", "answer", "tally"} <= kinds


def test_the_condensed_edition_has_the_same_speakers(condensed: Roundup, speakers: pd.DataFrame) -> None:
    """Thirty-one answers in the same order, in English; thirty on the roster."""
    assert [row.speaker for row in condensed.rows] == speakers["speaker_en"].tolist()
    assert [row.is_on_roster for row in condensed.rows] == [True] * 30 + [False]
    assert {row.language for row in condensed.rows} == {"en"}


def test_languages_of_the_original_are_mixed(original: Roundup) -> None:
    """Most answers are Russian, the last ones were left in English."""
    languages = [row.language for row in original.rows]
    assert languages[-4:] == ["en"] * 4
    assert languages.count("ru") > 20


def test_line_ends_and_marks_move_nothing(original: Roundup, article: Path, tmp_path: Path) -> None:
    """CRLF, a byte order mark or UTF-16: the same answers; offsets count the characters of that file."""
    text = article.read_text("utf-8")
    for name, data in {
        "crlf.txt": text.replace("\n", "\r\n").encode(),
        "mark.txt": text.encode("utf-8-sig"),
        "wide.txt": text.encode("utf-16"),
    }.items():
        (tmp_path / name).write_bytes(data)
        found = read_roundup(tmp_path / name)
        assert [row.text for row in found.rows] == [row.text for row in original.rows]
        assert [found.source.text[row.start : row.end] for row in found.rows] == [row.text for row in found.rows]
        assert [name for name, _ in found.roster] == [name for name, _ in original.roster]

"""Norms: the rules on sentences of our own, their places, and the labelled half of the first study."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.analysis.norms import norms, without_wording
from expert_roundup.output.tables import frame_to_csv
from expert_roundup.parsing import read_roundup

FIXTURE = Path(__file__).parent / "fixtures" / "norms.txt"


def _cases() -> list[tuple[str, str, str, str]]:
    """(language, kind, strength, sentence) of every line of the fixture."""
    cases = []
    for section in FIXTURE.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, *lines = section.strip().splitlines()
        language = title.rpartition("(")[2].rstrip(")")
        cases += [(language, *(part.strip() for part in line.split("|", 2))) for line in lines]
    return cases


def _quotes(*texts: str, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"quote_id": [f"Q{n:02d}" for n, _ in enumerate(texts, 1)], "text": list(texts), **columns})


@pytest.mark.parametrize(
    ("language", "kind", "strength", "sentence"), [pytest.param(*case, id=case[3]) for case in _cases()]
)
def test_kind_and_strength_of_a_sentence(language: str, kind: str, strength: str, sentence: str) -> None:
    """Every sentence of the fixture is read as a reader would read it, whether or not its language is told."""
    for told in (language, ""):
        found = norms(_quotes(sentence, language=told))
        expected = [] if kind == "none" else [(kind, strength)]
        assert list(zip(found["kind"], found["strength"], strict=True)) == expected


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("You should not post at night.", "should not"),
        ("Вы никогда не должны спорить.", "никогда не должны"),
        ("Это не значит, что нужно кричать.", "не значит, что нужно"),
        ("Please, don't shout.", "don't shout"),
        ("Никогда не кричите.", "Никогда не кричите"),
        ("And please ask them.", "ask"),
    ],
)
def test_the_cue_of_a_prohibition_holds_its_negation(sentence: str, cue: str) -> None:
    """Without it the cue would read as the opposite."""
    assert norms(_quotes(sentence))["cue"].tolist() == [cue]


FAULTS = "Where do you see most shops waste their time?"


def test_what_many_do_is_blamed_where_faults_were_asked_for() -> None:
    """A habit is blamed only as the answer to a question about faults."""
    text = "Many shops print leaflets. Many firms print leaflets. They hand them out."
    assert norms(_quotes(text, question="What do you print?")).empty
    found = norms(_quotes(text, question=FAULTS))
    assert found["text"].tolist() == ["Many firms print leaflets.", "They hand them out."]
    assert set(found["kind"]) == {"proscription"}


def test_a_list_of_faults_lists_faults() -> None:
    """An order in a list that blame introduces is a fault, voiced as an order; obligations keep their sense."""
    text = "Firms make these mistakes: 1. Print leaflets. 2. Shout. And in spring: Clean the door. 3. You should rest."
    found = norms(_quotes(text))
    assert found["kind"].tolist() == ["proscription", "proscription", "prescription", "prescription"]


def test_a_list_of_advice_lists_advice() -> None:
    """Items without a verb take the kind of the sentence that introduces them."""
    found = norms(_quotes("You need two things:\n\n1. A plan.\n2. Time."))
    assert found["kind"].tolist() == ["prescription"] * 3
    assert found["strength"].tolist() == ["must", "implied", "implied"]


def test_both_languages_in_one_answer() -> None:
    """A sentence is read by the cues of the language in whose letters it is written."""
    found = norms(_quotes("Нужно слушать. You must listen.", language="ru"))
    assert found["cue"].tolist() == ["Нужно", "must"]


def test_an_answer_in_a_language_without_cues_is_passed_over() -> None:
    """English cues are not looked for in French, where "post" and "must" mean something else."""
    assert norms(_quotes("Le must de la ville. You must see it.", language="fr")).empty
    assert len(norms(_quotes("Le must de la ville. Нужно слушать.", language="fr"))) == 1


def test_places_are_in_the_quote_where_no_start_is_given() -> None:
    """Without `start` the offsets index the quote's own text."""
    found = norms(_quotes("It rains. You must go."))
    assert found[["start", "end", "cue_start", "cue_end"]].iloc[0].tolist() == [10, 22, 14, 18]


def test_places_are_in_the_source_where_start_is_given() -> None:
    """With `start` they index the source."""
    source = "Jane said: It rains. You must go."
    found = norms(_quotes(source[11:], start=[11], end=[len(source)]))
    row = found.iloc[0]
    assert source[row["start"] : row["end"]] == row["text"] == "You must go."
    assert source[row["cue_start"] : row["cue_end"]] == row["cue"] == "must"


SOURCE = (
    "Jane:\r\n> You must listen\r\n> to them.\r\n\r\n(laughs: You must rest.)\r\n\r\n> Don't shout.\r\n> You must rest."
)
SEGMENTS = pd.DataFrame(
    [
        ("attribution", 0, 7, "Q01"),
        ("answer", 7, 37, "Q01"),
        ("remark", 37, 67, None),
        ("answer", 67, len(SOURCE), "Q01"),
    ],
    columns=["kind", "start", "end", "quote_id"],
)
SEVERAL = _quotes("You must listen\r\nto them.\n\nDon't shout.\r\nYou must rest.", start=[7], end=[len(SOURCE)])


def test_a_quote_of_several_pieces_is_placed_by_its_segments() -> None:
    """Block prefixes and what stands between the pieces are stepped over; a remark with the same words is no place."""
    found = norms(SEVERAL, source_text=SOURCE, segments=SEGMENTS)
    assert [SOURCE[start:end] for start, end in zip(found["start"], found["end"], strict=True)] == [
        "You must listen\r\n> to them.",
        "Don't shout.",
        "You must rest.",
    ]
    assert found["text"].tolist() == ["You must listen\r\nto them.", "Don't shout.", "You must rest."]
    assert [SOURCE[start:end] for start, end in zip(found["cue_start"], found["cue_end"], strict=True)] == found[
        "cue"
    ].tolist()


def test_a_quote_of_several_pieces_is_found_without_segments() -> None:
    """Its lines are looked for in order, from `start` to `end`."""
    found = norms(SEVERAL, source_text=SOURCE)
    assert [SOURCE[start:end] for start, end in zip(found["start"], found["end"], strict=True)][:2] == [
        "You must listen\r\n> to them.",
        "Don't shout.",
    ]


def test_a_quote_of_several_pieces_needs_its_source() -> None:
    """Its offsets cannot be guessed."""
    with pytest.raises(ValueError, match=r"text of Q01 is several pieces of its source; pass source_text"):
        norms(SEVERAL)


def test_a_quote_that_is_not_in_the_source_is_named() -> None:
    """Codings of another copy are not placed anywhere."""
    quotes = _quotes("You must go.", "Stay here.", start=[0, 3], end=[12, 13])
    with pytest.raises(ValueError, match=r"the text of Q01, Q02 is not in source_text from start to end"):
        norms(quotes, source_text="Nothing of the kind is here.")


@pytest.mark.parametrize(
    ("quotes", "message"),
    [
        (pd.DataFrame({"text": ["x"]}), "quotes has no column quote_id"),
        (pd.DataFrame({"quote_id": ["Q1", "Q1"], "text": "x"}), "quote_id is repeated: Q1"),
        (pd.DataFrame({"quote_id": ["Q1", ""], "text": "x"}), "quote_id is empty in rows 2"),
        (pd.DataFrame({"quote_id": ["Q1", "Q2"], "text": "x", "start": [0, None]}), "no start given for Q2"),
        (pd.DataFrame({"quote_id": ["Q1", "Q2"], "text": "x", "start": ["a", "-3"]}), "start is no offset: a, -3"),
    ],
)
def test_unusable_quotes_are_named(quotes: pd.DataFrame, message: str) -> None:
    """The message names the argument and every offending row."""
    with pytest.raises(ValueError, match=message):
        norms(quotes)


def test_quotes_must_be_a_frame() -> None:
    """Anything else is a mistake of the caller."""
    with pytest.raises(TypeError, match="quotes must be a frame, not list"):
        norms([])  # type: ignore[arg-type]


def test_a_source_without_places_is_refused() -> None:
    """`source_text` says nothing about quotes that have no start."""
    with pytest.raises(ValueError, match="quotes has no start"):
        norms(_quotes("You must."), source_text="You must.")


def test_no_quotes_give_an_empty_frame_of_the_same_columns() -> None:
    """The frame has its columns and types whatever it holds."""
    some, none = norms(_quotes("You must.")), norms(_quotes())
    assert none.empty
    assert none.dtypes.to_dict() == some.dtypes.to_dict()


def test_quotes_are_left_as_they_are() -> None:
    """The argument is not changed."""
    quotes = SEVERAL.copy()
    before = quotes.copy(deep=True)
    norms(quotes, source_text=SOURCE, segments=SEGMENTS)
    pd.testing.assert_frame_equal(quotes, before)


def test_without_wording_keeps_facts_only() -> None:
    """What ships about the original holds no word of it."""
    facts = without_wording(norms(_quotes("You must go.")))
    assert list(facts.columns) == ["quote_id", "start", "end", "kind", "strength", "cue_start", "cue_end"]


_MARKS = ["1.", "2)", "a)", ":", ",", ".", "?", "…", "\n", "\n\n> ", "—", "🙂", "“", "”", "İ"]
_CUES = ["You", "must", "should", "not", "don't", "instead of", "mistake", "Start", "whether", "they"]
_RUSSIAN_CUES = ["Не", "должны", "нужно", "ошибка", "начните"]
_WORDS = st.sampled_from([*_MARKS, *_CUES, *_RUSSIAN_CUES])


@given(st.lists(_WORDS | st.text(max_size=4), max_size=25), st.sampled_from(["en", "ru", "", "de"]))
def test_every_statement_gives_its_words_back(words: list[str], language: str) -> None:
    """Spans give the text back, cues lie in their statements, and the order is that of the page."""
    text = " ".join(words)
    found = norms(_quotes(text, language=language, question=FAULTS))
    assert [text[start:end] for start, end in zip(found["start"], found["end"], strict=True)] == found["text"].tolist()
    assert [text[s:e] for s, e in zip(found["cue_start"], found["cue_end"], strict=True)] == found["cue"].tolist()
    assert (found["cue_start"] >= found["start"]).all()
    assert (found["cue_end"] <= found["end"]).all()
    assert (found["cue_start"] < found["cue_end"]).all()
    assert found["start"].is_monotonic_increasing


@pytest.mark.parametrize(
    "word", ["must", "вы хотите", "должны", "mistake", "whether", ", начните", "not", "they think"]
)
def test_a_sentence_of_any_length_is_read(word: str) -> None:
    """A quadratic rule would run into the time limit of the suite."""
    sentence = (word + " ") * (100_000 // (len(word) + 1)) + "rules."
    assert norms(_quotes(sentence, question=FAULTS))["end"].tolist() in ([], [len(sentence)])


def test_the_labelled_half_is_read_as_its_readers_read_it(article: Path) -> None:
    """A fitting figure, held so that it only rises: the cues were written with these sentences in sight."""
    labels = article.parent / "norm_labels.csv"
    if not labels.exists():
        pytest.skip(f"no {labels.name} beside the article")
    gold = pd.read_csv(labels)
    text = article.read_bytes().decode("utf-8")
    spans = gold.groupby("answer").agg(start=("start", "min"), end=("end", "max"))
    texts = [text[start:end] for start, end in zip(spans["start"], spans["end"], strict=True)]
    found = norms(
        _quotes(*texts, start=spans["start"].tolist(), end=spans["end"].tolist(), question=FAULTS), source_text=text
    )
    by_start = found.set_index("start")["kind"]
    gold = gold[gold["kind"] != "unsure"].assign(found=lambda rows: rows["start"].map(by_start).fillna("none"))
    assert _micro_f1(gold) >= 0.93
    assert _micro_f1(gold[gold["strength"].isin(["must", "should", "may"])]) >= 0.97


def _micro_f1(rows: pd.DataFrame) -> float:
    """F1 over two questions a sentence: does it prescribe, does it forbid."""
    pairs = [
        (kind in (question, "both"), found in (question, "both"))
        for question in ("prescription", "proscription")
        for kind, found in zip(rows["kind"], rows["found"], strict=True)
    ]
    return (
        2
        * pairs.count((True, True))
        / (2 * pairs.count((True, True)) + pairs.count((True, False)) + pairs.count((False, True)))
    )


def test_the_norms_that_ship_follow_from_the_original(article: Path, root: Path) -> None:
    """data/source/norms.csv is rebuilt byte for byte."""
    roundup = read_roundup(article)
    found = norms(roundup.quotes, source_text=roundup.source.text, segments=roundup.segments)
    shipped = (root / "data/source/norms.csv").read_bytes().decode("utf-8")
    assert frame_to_csv(without_wording(found)) == shipped

"""The widget without a browser: messages become steps, and nothing of others leaves Python before the coder is done."""

from __future__ import annotations

import asyncio
import json
import re

import pandas as pd
import pytest

from expert_roundup.datasets import load_codebook, load_codings, load_published_tally, load_quotes
from expert_roundup.notebook import code_quotes
from expert_roundup.notebook import widget as widgets


@pytest.fixture
def first_study(tmp_path):
    """The widget over the first study, with its readings and published totals to compare with."""
    return code_quotes(
        load_quotes(), load_codebook(), coder="me", path=tmp_path / "codings.csv",
        readings=load_codings(), published=load_published_tally(),
    )  # fmt: skip


def say(widget, do: str, **content) -> dict:
    """Send a message as the browser does; return the state that it gets."""
    step = widget.state["step"] + 1
    widget._on_message(widget, {"do": do, "step": step, **content}, [])
    assert widget.state["step"] == step  # every message is answered
    return widget.state


def sent(widget) -> str:
    """Everything that the browser knows, the program and its look left out."""
    return json.dumps({name: getattr(widget, name) for name in ("material", "state", "comparison", "chart")})


def test_a_click_on_a_theme_gives_it_with_the_selected_words(first_study):
    """Units of the browser become places in the source, and come back as units to be marked."""
    text = load_quotes()["text"].iloc[0]
    first = text.index("a monologue")
    state = say(first_study, "give", quote_id="Q01", theme="relationships", first=first, last=first + 11)
    assert state["marks"] == [
        {
            "theme": "relationships", "confidence": 1.0, "is_given": True, "evidence": (first, first + 11),
            "words": "a monologue", "memo": "",
        }
    ]  # fmt: skip
    row = first_study.codings.iloc[0]
    assert load_quotes()["start"].iloc[0] + first == row["start"]


def test_each_message_takes_its_step(first_study):
    """Weigh, memo, evidence, no theme, take back, undo, turn: the state says what stands."""
    say(first_study, "give", quote_id="Q01", theme="goals")
    say(first_study, "weigh", quote_id="Q01", theme="goals", confidence=0.4)
    say(first_study, "memo", quote_id="Q01", theme="goals", memo="unsure")
    mark = say(first_study, "evidence", quote_id="Q01", theme="goals", first=0, last=5)["marks"][0]
    assert (mark["confidence"], mark["is_given"], mark["memo"], mark["words"]) == (0.4, False, "unsure", "Firms")
    assert say(first_study, "evidence", quote_id="Q01", theme="goals")["marks"][0]["evidence"] is None
    assert say(first_study, "give_none", quote_id="Q01")["no_theme"] == {"memo": ""}
    assert say(first_study, "take_back", quote_id="Q01", theme="")["no_theme"] is None
    assert say(first_study, "turn", at=4)["at"] == 4
    assert say(first_study, "unread")["at"] == 5
    assert say(first_study, "undo")["at"] == 0
    assert first_study.state["no_theme"] == {"memo": ""}
    assert first_study.state["n_read"] == 1


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"do": "give", "quote_id": "Q99", "theme": "goals"}, "'Q99' is not among the 31 quotes"),
        ({"do": "give", "quote_id": "Q01", "theme": "gaols"}, "'gaols' is not in the codebook"),
        ({"do": "give", "quote_id": "Q99", "theme": "goals", "first": 1, "last": 3}, "'Q99' is not among"),
        ({"do": "give", "quote_id": "Q01", "theme": "goals", "first": 5, "last": 5}, "no words are selected"),
        ({"do": "weigh", "quote_id": "Q01", "theme": "goals", "confidence": "much"}, "could not convert"),
        ({"do": "memo", "quote_id": "Q01"}, "Not done"),
        ({"do": "format the disk"}, "nothing is called 'format the disk'"),
    ],
)
def test_a_message_that_makes_no_sense_is_answered_and_changes_nothing(first_study, message, reason):
    """The browser is told why; sheet and file stay as they were."""
    assert reason in say(first_study, **message)["said"]
    assert first_study.codings.empty
    assert not first_study.path.exists()


def test_what_is_no_message_is_let_be(first_study):
    """Something else than a mapping on the line is no reason to fail."""
    first_study._on_message(first_study, ["give"], [])
    assert first_study.codings.empty


def test_nothing_of_others_is_sent_before_the_coder_is_done(first_study):
    """No published total, no other reading and nobody's rationale reaches the browser or Python's own answers."""
    rationales = [text for text in load_codings()["rationale"] if len(text) > 12]
    for quote_id in load_quotes()["quote_id"]:
        say(first_study, "give_none", quote_id=quote_id)
    # every quote is read, and still the coder has not said so
    told = sent(first_study)
    assert "n_published" not in told
    assert "alpha" not in told
    assert not [text for text in rationales if json.dumps(text)[1:-1] in told]
    assert (first_study.comparison, first_study.chart) == ({}, {})
    for name in ("tally", "agreement"):
        with pytest.raises(ValueError, match="blind until done"):
            getattr(first_study, name)


def test_the_comparison_follows_every_step_once_it_is_open(first_study):
    """After `finish` tally, agreement and chart are there, and change with the next step."""
    say(first_study, "give", quote_id="Q01", theme="relationships")
    say(first_study, "finish")
    tally, agreement, parted = first_study.comparison["tables"]
    assert tally["rows"][0] == ["Focus On Relationships", "1", "9", "-8"]
    assert {row[0] for row in agreement["rows"]} == {"A", "B", "C", "majority"}
    assert parted["rows"] == []
    assert first_study.chart["src"].startswith("data:image/png;base64,")
    assert "Focus On Relationships" in first_study.chart["alt"]
    say(first_study, "give_none", quote_id="Q03")
    assert first_study.comparison["tables"][2]["rows"] == [
        ["Q03", "Set Strategic Goals, Not Vanity Metrics", "the majority of the readings, not you"]
    ]
    assert "1 step was taken after this was opened, no longer blind." in first_study.comparison["notes"]


def test_in_a_kernel_drawing_waits_for_a_pause(first_study, monkeypatch):
    """Several steps in a row are answered at once, and drawn once."""
    monkeypatch.setattr(widgets, "PAUSE", 0.05)
    drawn = []
    monkeypatch.setattr(first_study, "_compare", lambda: drawn.append(first_study.state["n_read"]))

    async def clicks() -> None:
        say(first_study, "finish")
        for quote_id in ("Q01", "Q02", "Q03"):
            say(first_study, "give_none", quote_id=quote_id)
        assert drawn == []
        await asyncio.sleep(0.2)

    asyncio.run(clicks())
    assert drawn == [3]


def test_where_no_browser_looks_on_nothing_is_drawn(first_study):
    """In a notebook that runs without a reader, steps in Python cost no chart."""
    first_study.give("Q01", "relationships")
    first_study.finish()
    assert first_study.comparison == {}
    assert first_study.tally["n_quotes"].sum() == 1


def test_quotes_without_offsets_or_speakers_can_be_coded(tmp_path):
    """quote_id and text are enough; evidence then counts from the beginning of each quote."""
    quotes = pd.DataFrame({"quote_id": ["Q01"], "text": ["🎉 we listen"]})
    widget = code_quotes(quotes, pd.DataFrame({"theme": ["goals"]}), coder="me", path=tmp_path / "codings.csv")
    widget.give("Q01", "goals", words="listen")
    assert widget.codings[["start", "end"]].to_numpy().tolist() == [[5, 11]]
    widget.finish()
    assert widget.agreement.empty
    assert widget.tally["n_published"].isna().all()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"quotes": pd.DataFrame({"quote_id": ["Q01"]})}, "quotes: no column text"),
        ({"quotes": pd.DataFrame({"quote_id": ["Q01", "Q01"], "text": "a"})}, "twice: Q01"),
        ({"coder": "B"}, "'B' is the name of one of the readings"),
        ({"published": pd.DataFrame({"theme": ["gaols"], "n_published": 1})}, "published tally: 1 fault"),
        ({"readings": load_codings().assign(theme="gaols").head(1)}, "theme 'gaols' is not in the codebook"),
    ],
)
def test_what_does_not_fit_is_refused_before_the_first_click(tmp_path, changed, reason):
    """Everything is checked when the widget is opened."""
    given = {
        "quotes": load_quotes(), "codebook": load_codebook(), "coder": "me", "path": tmp_path / "codings.csv",
        "readings": load_codings(),
    } | changed  # fmt: skip
    with pytest.raises(ValueError, match=reason):
        code_quotes(given.pop("quotes"), given.pop("codebook"), **given)


def test_arguments_are_left_alone(tmp_path, inputs_unchanged):
    """Opening the widget changes no frame."""
    inputs_unchanged(
        code_quotes, load_quotes(), load_codebook(), coder="me", path=tmp_path / "codings.csv",
        readings=load_codings(), published=load_published_tally(),
    )  # fmt: skip


def test_every_key_is_documented(root):
    """The widget's own list of keys stands in docs/code-it-yourself.md, key by key."""
    program = (root / "expert_roundup/notebook/widget.js").read_text(encoding="utf-8")
    shortcuts = re.findall(r'^  \["([^"]+)", "', program, flags=re.MULTILINE)
    page = (root / "docs/code-it-yourself.md").read_text(encoding="utf-8")
    assert len(shortcuts) >= 12
    assert not [keys for keys in shortcuts if f"| `{keys}` |" not in page]


def test_the_widget_asks_the_network_for_nothing(root):
    """Program and look hold no address and import nothing: they work from a disk without a connection."""
    for name in ("widget.js", "widget.css"):
        text = (root / "expert_roundup/notebook" / name).read_text(encoding="utf-8")
        assert not re.search(r"https?:|//cdn|\bimport\b\s*[({*'\"a-z]|@import|url\(", text), name
        assert "innerHTML" not in text

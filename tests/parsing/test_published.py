"""The published tally: read in every shape that authors print, and not read where numbers count something else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.parsing import parse_text
from expert_roundup.parsing.published import PublishedCount, _checked
from expert_roundup.parsing.tally_runs import split_row
from expert_roundup.parsing.tally_shapes import Count

NAMES = ("Jane Doe", "John Roe", "Ana Lee", "Ivan Petrov", "Mary Major", "Rosa Novak", "Ken Ito", "Lu Xun", "Paul Bear")
#: nine answers, so that 78 % is seven of them
ANSWERS = "".join(
    f"## {name}\n\nI do what I like, and we all do in turn {number}.\n\n" for number, name in enumerate(NAMES)
)
TITLE = "# What works?\n\n"

#: shape -> the print of goals 7, plans 5, tools 1 (or as the labels say)
SHAPES = {
    "list, brackets": "- Goals (7)\n- Plans (5)\n- Tools (1)",
    "list, square brackets": "- Goals [7]\n- Plans [5]\n- Tools [1]",
    "list, colon": "- Goals: 7\n- Plans: 5\n- Tools: 1",
    "list, bold label": "- **Goals** – 7\n- **Plans** – 5\n- **Tools** – 1",
    "list, number first": "- 7 Goals\n- 5 Plans\n- 1 Tools",
    "list, times": "- 7x goals\n- 5x plans\n- 1x tools",
    "list, number and colon": "* 7: goals\n* 5: plans\n* 1: tools",
    "numbered list": "1. Goals – 7 experts\n2. Plans – 5 experts\n3. Tools – 1 expert",
    "lines": "Goals – 7 votes\nPlans – 5 votes\nTools – 1 vote",
    "lines, dots": "Goals ........ 7\nPlans ........ 5\nTools ........ 1",
    "lines, of nine": "**Goals** (7/9)\n**Plans** (5/9)\n**Tools** (1/9)",
    "lines, share behind": "Goals: 7 (78%)\nPlans: 5 (56%)\nTools: 1 (11%)",
    "experts said": "7 experts said goals.\n5 experts said plans.\n1 expert said tools.",
    "experts named, list": "- 7 experts named goals\n- 5 of the 9 experts named plans\n- One expert named tools",
    "sentences": "7 experts said goals. 5 named plans. One recommended tools.",
    "brackets in a sentence": "Here is what came up: goals (7), plans (5) and tools (1).",
    "table": "| Theme | Count |\n|---|---|\n| Goals | 7 |\n| Plans | 5 |\n| Tools | 1 |",
    "table, ranks and shares": (
        "| # | Theme | Votes | Share |\n|---|---|---|---|\n"
        "| 1 | Goals | 7 | 78% |\n| 2 | Plans | 5 | 56% |\n| 3 | Tools | 1 | 11% |"
    ),
    "table of shares": "| Theme | Share |\n|---|---|\n| Goals | 78% |\n| Plans | 56% |\n| Tools | 11% |",
    "shares": "- Goals 78%\n- Plans 56%\n- Tools 11%",
    "shares said": "- 78% said goals\n- 56% said plans\n- 11% said tools",
    "headings": "### Goals (7 votes)\n\nYes.\n\n### Plans (5 votes)\n\nToo.\n\n### Tools (1 vote)\n\nRarely.",
    "running text": "7 Goals 5 Plans 1 Tools",
}
OTHER_SCRIPTS = {
    "ru lines": ("Цели — 7 голосов\nПланы — 5 голосов\nИнструменты — 1 голос", "Цели Планы Инструменты"),
    "ru sentences": (
        "семь экспертов назвали цели. 5 экспертов назвали планы. 1 эксперт назвал связи.",
        "цели планы связи",
    ),
    "zh lines": ("目标：7人\n计划：5人\n工具：1人", "目标 计划 工具"),
    "de list": ("- Ziele (7 Stimmen)\n- Pläne (5 Stimmen)\n- Geräte (1 Stimme)", "Ziele Pläne Geräte"),
    "es list": ("- Metas: 7 votos\n- Planes: 5 votos\n- Herramientas: 1 voto", "Metas Planes Herramientas"),
}


def read(tally: str, *, place: str = "after") -> list[tuple[str, int]]:
    """The tally found in a roundup of nine answers that prints `tally` after or before them."""
    text = f"{TITLE}{ANSWERS}***\n\n{tally}\n" if place == "after" else f"{TITLE}{tally}\n\n***\n\n{ANSWERS}"
    roundup = parse_text(text, format="md")
    assert len(roundup.rows) == len(NAMES)
    assert [(row.label, row.n_published) for row in roundup.published_tally.itertuples()] == [
        (count.label, count.n_published) for count in roundup.published
    ]
    return [(count.label, count.n_published) for count in roundup.published]


@pytest.mark.parametrize("place", ["after", "before"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_read(shape: str, place: str) -> None:
    """Labels as printed and whole numbers, in page order, behind the answers or in front of them."""
    assert [(label.lower(), n) for label, n in read(SHAPES[shape], place=place)] == [
        ("goals", 7),
        ("plans", 5),
        ("tools", 1),
    ]


@pytest.mark.parametrize("case", OTHER_SCRIPTS)
def test_other_languages_are_read(case: str) -> None:
    """Whom they count and what they did is known in several languages."""
    tally, labels = OTHER_SCRIPTS[case]
    assert read(tally) == list(zip(labels.split(), (7, 5, 1), strict=True))


def test_labels_keep_their_commas_and_signs() -> None:
    """A comma, an ampersand, hyphens and a number inside a label are its own."""
    assert read("- Set Goals, Not Vanity Metrics: 8\n- Re-Share & Re-Purpose: 5\n- Be On 3 Networks: 2") == [
        ("Set Goals, Not Vanity Metrics", 8),
        ("Re-Share & Re-Purpose", 5),
        ("Be On 3 Networks", 2),
    ]
    # running text has no other mark between labels than their numbers
    assert read("8 Set Goals, Not Vanity Metrics 5 Re-Share & Re-Purpose 1 Rest Well")[:2] == [
        ("Set Goals, Not Vanity Metrics", 8),
        ("Re-Share & Re-Purpose", 5),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1. Goals\n2. Plans\n3. Tools",
        "Goals 1\nPlans 2\nTools 3",
        "3. Goals\n2. Plans\n1. Tools",
        "3 Ways To Win 2 Ways To Lose 1 Way To Draw",
        "- Goals (2021)\n- Plans (2020)\n- Tools (2019)",
        "Founded in 1999. Sold in 2005. Closed in 2011.",
        "- Basic: $9\n- Pro: $5\n- Max: $1",
        "- Basic: 9 €\n- Pro: 5 €\n- Max: 1 €",
        "- Basic: 99\n- Pro: 50\n- Max: 10",
        "9:00 Opening\n10:30 Coffee\n12:00 Lunch",
        "9 am Opening\n10 am Coffee\n11 am Lunch",
        "- Day 1: goals\n- Day 2: plans\n- Day 3: tools",
        "- Step 1: 5 minutes\n- Step 2: 4 minutes\n- Step 3: 1 minute",
        "- 3 eggs\n- 2 cups of flour\n- 1 spoon",
        "- Rated 4.5\n- Rated 4.2\n- Rated 4.1",
        "- Goals 30%\n- Plans 28%\n- Tools 3%",
        "| Season | Sales |\n|---|---|\n| Spring | 100 |\n| Summer | 90 |\n| Autumn | 80 |",
        "- Jane Doe (41)\n- John Roe (35)\n- Ana Lee (29)",
        "- Tel: 5555\n- Fax: 5556\n- Zip: 1234",
        "- Goals: 7\n- Plans: 5",
        "- Goals: 7\n- Goals: 5\n- Tools: 1",
        "- Goals: 0\n- Plans: 0\n- Tools: 0",
        "## Room 3\n\nText.\n\n## Room 2\n\nText.\n\n## Room 1\n\nText.",
    ],
)
@pytest.mark.parametrize("place", ["after", "before"])
def test_other_numbers_are_no_tally(text: str, place: str) -> None:
    """Enumerations, years, prices, schedules, recipes, ages, shares of others, a list of two."""
    assert read(text, place=place) == []


def test_what_an_expert_counts_is_no_tally() -> None:
    """A list inside an answer belongs to the answer."""
    inside = ANSWERS.replace(
        "turn 4.", "turn 4:\n\n- 7 votes for tea\n- 5 votes for milk\n- 1 vote for rest\n\nI say so."
    )
    roundup = parse_text(TITLE + inside, format="md")
    assert roundup.published == ()
    assert "7 votes for tea" in roundup.rows[4].text


def test_a_tally_is_not_part_of_the_last_answer() -> None:
    """Where no heading parts them, the announced tally is cut off the answer that swallowed it."""
    closing = "Here is how often each came up:\n\n- Goals: 7\n- Plans: 5\n- Tools: 1\n"
    roundup = parse_text(TITLE + ANSWERS + closing, format="md")
    assert [count.n_published for count in roundup.published] == [7, 5, 1]
    assert roundup.rows[-1].text == "I do what I like, and we all do in turn 8."
    kinds = [segment.kind for segment in roundup.segments if segment.end - segment.start > 5]
    assert kinds[-1] == "tally"


def test_no_tally_is_fine() -> None:
    """Most roundups print none: an empty frame with its columns."""
    frame = parse_text(TITLE + ANSWERS, format="md").published_tally
    assert list(frame.columns) == ["label", "n_published"]
    assert frame.empty


counts = st.lists(st.integers(0, 2_000), min_size=3, max_size=12)


@given(counts, st.integers(2, 60), st.booleans(), st.booleans())
def test_what_is_taken_could_be_a_tally(numbers: list[int], n_answers: int, is_said: bool, is_announced: bool) -> None:
    """Nothing unannounced rises, exceeds the answers or is rarer than half of them; what says so is taken as it is."""
    rows = [Count(f"label {n}", float(number)) for n, number in enumerate(numbers)]
    taken = [count.n_published for count in _checked(rows, n_answers, is_said=is_said, is_announced=is_announced)]
    assert taken in ([], numbers)
    if taken and not is_said:
        assert max(taken) <= n_answers <= 2 * sum(taken)
        assert is_announced or taken == sorted(taken, reverse=True)


@given(st.lists(st.integers(0, 40), min_size=3, max_size=8, unique=True))
def test_shares_are_turned_into_numbers_of_answers(numbers: list[int]) -> None:
    """What was rounded to whole per cent of 41 answers is got back exactly."""
    rows = [Count(f"label {n}", float(round(100 * number / 41)), is_percent=True) for n, number in enumerate(numbers)]
    found = _checked(rows, 41, is_said=True, is_announced=True)
    assert found == () or found == tuple(PublishedCount(f"label {n}", number) for n, number in enumerate(numbers))
    steps = {after - before for before, after in pairwise(numbers)}
    assert found or steps == {1} or max(numbers) == 0


@given(
    st.lists(st.text(st.characters(exclude_characters="|\\\n\r", categories=["L", "N", "P"]), min_size=1), min_size=1)
)
def test_a_row_is_split_as_it_was_joined(cells: list[str]) -> None:
    """Bars at the ends are optional, escaped bars are part of a cell."""
    bare = [cell.strip() for cell in cells]
    assert split_row("| " + " | ".join(bare) + " |") == bare
    assert split_row("| a\\|b | " + " | ".join(bare) + " |") == ["a|b", *bare]

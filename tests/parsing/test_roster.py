"""The roster: found in a list or in running text, cut into names, matched to speakers across spellings and scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.parsing import parse_text
from expert_roundup.parsing.roster import comparable, match_names

NAMES = ("Jane Doe", "Иван Петров", "María José Núñez", "John Roe", "Dorien van der Berg", "李小明")


def answers(names: tuple[str, ...] = NAMES) -> str:
    return "".join(f"## {name}\n\nI do what I like, and we all do, number {n}.\n\n" for n, name in enumerate(names))


def roster_of(before: str, names: tuple[str, ...] = NAMES) -> list[tuple[str, str | None]]:
    roundup = parse_text(f"# Work\n\n{before}\n\n{answers(names)}", format="md")
    assert [row.speaker for row in roundup.rows] == list(names)
    return list(roundup.roster)


@pytest.mark.parametrize(
    "before",
    [
        "We asked:\n\n" + "".join(f"- {name}\n" for name in NAMES),
        "".join(f"{n}. {name}\n" for n, name in enumerate(NAMES, start=1)),
        "".join(f"* [{name}](#{n}), CEO of Acme\n" for n, name in enumerate(NAMES)),
        "".join(f"- **{name}** – engineer\n" for name in NAMES),
        "\n".join(NAMES),
    ],
    ids=["list", "numbered", "links and roles", "bold and roles", "lines"],
)
def test_a_list_of_the_speakers_is_the_roster(before: str) -> None:
    """Names are read without link, role and emphasis, and each goes to its answer."""
    assert roster_of(before) == [(name, f"Q{n:02d}") for n, name in enumerate(NAMES, start=1)]


def test_a_name_without_an_answer_is_kept() -> None:
    """The roster is the completeness check: who did not answer shows."""
    listed = [*NAMES, "Mary Major"]
    found = roster_of("".join(f"- {name}\n" for name in listed))
    assert found[-1] == ("Mary Major", None)
    assert [quote_id for _, quote_id in found[:-1]] == [f"Q{n:02d}" for n in range(1, 7)]


def test_an_answer_off_the_roster_is_marked() -> None:
    """The author who answers too is not on it; without a roster nobody is."""
    text = "".join(f"- {name}\n" for name in NAMES[:-1])
    rows = parse_text(f"# Work\n\n{text}\n\n{answers()}", format="md").rows
    assert [row.is_on_roster for row in rows] == [True] * 5 + [False]
    assert {row.is_on_roster for row in parse_text(answers(), format="md").rows} == {None}


def test_names_in_running_text_are_cut_apart() -> None:
    """Surnames first, no mark between one name and the next, blanks before commas, as a translation leaves them."""
    names = ("Jane Doe", "John Roe", "Ann Lee", "Mary Major", "Rosa Novak", "Paul Bear", "Carla Diaz", "Tim Stone")
    listed = "Doe , Jane Roe , John Lee, Ann Major , Mary Novak , Rosa Bear , Paul Diaz , Carla Stone, Tim"
    text = f"We thank them all: {listed} Let us go."
    found = roster_of(text, names)
    assert [quote_id for _, quote_id in found] == [f"Q{n:02d}" for n in range(1, 9)]
    assert found[0][0] == "Doe , Jane"


@pytest.mark.parametrize(
    "before",
    [
        "- Goals\n- Plans\n- Tools\n",
        "- Mary Major\n- Rosa Novak\n- Paul Bear\n- Carla Diaz\n- Tim Stone\n- Eva Moon\n- Kim Sun\n- Jane Doe\n",
        "Jane Doe and John Roe work in Rome.",
        "",
    ],
)
def test_other_lists_are_no_roster(before: str) -> None:
    """Themes, other people, two speakers in a sentence."""
    assert roster_of(before) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Шаффер , Нил", "Нил Шаффер"),
        ("DOE, JANE", "Jane Doe"),
        ("Núñez, María José", "Maria Jose Nunez"),
        ("Jane  Doe", "doe jane"),
        ("Müller", "Muller"),
    ],
)
def test_spellings_of_one_name_compare_equal(one: str, other: str) -> None:
    """Order of words, capitals, accents, commas and blanks do not matter."""
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    ("names", "speakers", "expected"),
    [
        (["Doe, Jane", "Роу, Джон"], ["John Rowe", "Jane Doe", "Ann Lee"], (1, 0)),
        (["Селл, Эрин", "Клетка, Эрин"], ["Erin Sell"], (0, None)),
        (["Ann Lee", "Ann Lee"], ["Ann Lee", "Ann Lee"], (0, 1)),
        (["Zoe Quux"], ["Ann Lee"], (None,)),
        ([], ["Ann Lee"], ()),
        (["Ann Lee"], [], (None,)),
    ],
)
def test_names_are_matched_one_to_one(names: list[str], speakers: list[str], expected: tuple[int | None, ...]) -> None:
    """Across scripts and garbling, the page's order between look-alikes, nobody twice, strangers to nobody."""
    assert match_names(names, speakers) == expected


words = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x4FF), min_size=3, max_size=9)
people = st.lists(st.tuples(words, words).map(" ".join), min_size=1, max_size=12, unique_by=comparable)


@given(people, st.randoms())
def test_equal_names_find_each_other_in_any_order(names: list[str], random: object) -> None:
    """A roster in another order than the answers, surnames first, matches name by name."""
    speakers = [" ".join(reversed(name.split())) for name in names]
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    if all(comparable(name) for name in names):
        matches = match_names(shuffled, speakers)
        assert sorted(match for match in matches if match is not None) == list(range(len(names)))
        assert [comparable(speakers[match]) for match in matches if match is not None] == list(
            map(comparable, shuffled)
        )


@given(st.lists(words, max_size=8), st.lists(words, max_size=8))
def test_nobody_is_matched_twice(names: list[str], speakers: list[str]) -> None:
    """Whatever is listed and whoever spoke."""
    matches = match_names(names, speakers)
    taken = [match for match in matches if match is not None]
    assert len(matches) == len(names)
    assert len(taken) == len(set(taken))


def test_very_many_names_are_matched_by_equality() -> None:
    """Beyond fifteen hundred, pairs are not compared any more: time and memory stay in bounds."""
    names = [f"Name{n} Surname{n}" for n in range(3_000)]
    speakers = [f"Surname{n} Name{n}" for n in range(3_000)]
    assert match_names(names, speakers) == tuple(range(3_000))

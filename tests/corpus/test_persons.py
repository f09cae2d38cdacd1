"""One key a person, measured on generated spellings."""

from __future__ import annotations

import tomllib
import unicodedata
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from expert_roundup.corpus.persons import speaker_keys

NAMES = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))


def spellings_of(names: str, rng: np.random.Generator) -> dict[str, list[str]]:
    """Spellings of 60 persons, by person: titles, order, capitals, diacritics, initials, scripts, transliterations."""
    known = NAMES[names]
    givens, families = known["given"], known["family"]
    persons: dict[str, list[str]] = {}
    cyrillic = [(given, family) for given in givens for family in families]
    for at in rng.choice(len(cyrillic), size=30, replace=False):
        given, family = cyrillic[at]
        latin = [(a, b) for a in givens[given] for b in families[family]]
        one, other = latin[int(rng.integers(len(latin)))]
        persons[f"{given} {family}"] = [
            f"{given} {family}", f"{family} {given}", f"{given.upper()} {family.upper()}", f"{given[0]}. {family}",
            *(f"{a} {b}" for a, b in latin), f"Dr. {one} {other}", f"{other.upper()}, {one}",
            f"{latin[0][0][0]}. {latin[0][1]}",
        ]  # fmt: skip
    western = [(given, family) for given in known["latin_given"] for family in known["latin_family"]]
    for at in rng.choice(len(western), size=30, replace=False):
        given, family = western[at]
        name = f"{given} {family}"
        plain = "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
        persons[name] = [
            name, plain, name.upper(), f"{family}, {given}", f"{family.upper()} {given}", f"Prof. {name}, PhD",
            f"{name}, MBA", f"Mr {name}", f"{given[0]}. {family}", f"{given} Q. {family}",
        ]  # fmt: skip
    return persons


@pytest.mark.parametrize(("names", "recall_at_least"), [("tuned", 0.95), ("other", 0.95), ("held_out", 0.95)])
def test_spellings_of_one_person_share_a_key_and_others_do_not(names: str, recall_at_least: float) -> None:
    """Over pairs of spellings: precision at least .98, recall at least .95 (initials that fit two persons count)."""
    found, right, true = 0, 0, 0
    for seed in range(5):
        persons = spellings_of(names, np.random.default_rng(seed))
        owners: dict[str, set[str]] = {}
        for person, spellings in persons.items():
            for name in spellings:
                owners.setdefault(name, set()).add(person)
        # a spelling that two persons share has no right answer
        owner = {name: next(iter(who)) for name, who in owners.items() if len(who) == 1}
        keys = speaker_keys(owners)
        for left, right_name in combinations(sorted(owner), 2):
            same = keys[left] == keys[right_name]
            is_one = owner[left] == owner[right_name]
            found, right, true = found + same, right + (same and is_one), true + is_one
    precision, recall = right / found, right / true
    print(f"{names}: precision {precision:.4f}, recall {recall:.4f}, {true} pairs")
    assert precision >= 0.98
    assert recall >= recall_at_least


def test_initials_are_no_titles_or_particles() -> None:
    """A capital letter alone is a word's beginning: neither a monsieur nor a Portuguese "and"."""
    assert len(set(speaker_keys(["M. Doe", "E. Doe", "Y. Doe"]).values())) == 3


def test_initials_that_fit_two_people_fit_none() -> None:
    """A key never guesses."""
    keys = speaker_keys(["Jane Doe", "June Doe", "J. Doe"])
    assert len(set(keys.values())) == 3


def test_the_order_of_the_names_does_not_count() -> None:
    """Keys depend on the set of spellings alone."""
    names = [name for names in spellings_of("tuned", np.random.default_rng(1)).values() for name in names]
    assert speaker_keys(names) == speaker_keys(reversed(names))

"""One key a person, measured on generated spellings."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from expert_roundup.corpus.persons import speaker_keys

GIVEN = {
    "Дмитрий": ("Dmitry", "Dmitrii", "Dmitriy"), "Сергей": ("Sergey", "Sergei"), "Юлия": ("Yulia", "Yuliya"),
    "Елена": ("Elena", "Yelena"), "Наталья": ("Natalya", "Natalia"), "Мария": ("Maria", "Mariya"),
    "Алексей": ("Alexey", "Aleksei"), "Ольга": ("Olga",), "Борис": ("Boris",), "Анна": ("Anna",),
}  # fmt: skip
FAMILY = {
    "Щукин": ("Shchukin", "Schukin"), "Хохлов": ("Khokhlov", "Hohlov"), "Орлов": ("Orlov",),
    "Вольский": ("Volsky", "Volskiy"),
    "Журавлёв": ("Zhuravlev", "Zhuravlyov"), "Цветков": ("Tsvetkov",), "Чернов": ("Chernov",), "Яшин": ("Yashin",),
}  # fmt: skip
LATIN_GIVEN = ("Jane", "John", "Jürgen", "Chloé", "Walter", "Sofía", "Grace", "Paul", "Ingrid", "Noah")
LATIN_FAMILY = ("Müller", "van der Berg", "O'Connor", "García", "Smith", "Okafor", "Lindqvist", "de la Cruz", "Novak")


def spellings_of(rng: np.random.Generator) -> dict[str, list[str]]:
    """Spellings of 60 persons, by person: titles, order, capitals, diacritics, initials, scripts, transliterations."""
    import unicodedata

    persons: dict[str, list[str]] = {}
    cyrillic = [(given, family) for given in GIVEN for family in FAMILY]
    for at in rng.choice(len(cyrillic), size=30, replace=False):
        given, family = cyrillic[at]
        latin = [f"{a} {b}" for a in GIVEN[given] for b in FAMILY[family]]
        persons[f"{given} {family}"] = [f"{given} {family}", f"{family} {given}", *latin, f"Dr. {latin[0]}"]
    western = [(given, family) for given in LATIN_GIVEN for family in LATIN_FAMILY]
    for at in rng.choice(len(western), size=30, replace=False):
        given, family = western[at]
        name = f"{given} {family}"
        plain = "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
        persons[name] = [
            name, plain, name.upper(), f"{family}, {given}", f"Prof. {name}, PhD", f"{given[0]}. {family}",
            f"{given} Q. {family}",
        ]  # fmt: skip
    return persons


def test_spellings_of_one_person_share_a_key_and_others_do_not() -> None:
    """Over pairs of spellings: precision at least .98, recall at least .95 (initials that fit two persons count)."""
    found, right, true = 0, 0, 0
    for seed in range(5):
        persons = spellings_of(np.random.default_rng(seed))
        owners: dict[str, set[str]] = {}
        for person, names in persons.items():
            for name in names:
                owners.setdefault(name, set()).add(person)
        # a spelling that two persons share has no right answer
        owner = {name: next(iter(who)) for name, who in owners.items() if len(who) == 1}
        keys = speaker_keys(owners)
        for left, right_name in combinations(sorted(owner), 2):
            same = keys[left] == keys[right_name]
            is_one = owner[left] == owner[right_name]
            found, right, true = found + same, right + (same and is_one), true + is_one
    precision, recall = right / found, right / true
    print(f"precision {precision:.3f}, recall {recall:.3f}, {true} pairs")
    assert precision >= 0.98
    assert recall >= 0.95


def test_initials_that_fit_two_people_fit_none() -> None:
    """A key never guesses."""
    keys = speaker_keys(["Jane Doe", "June Doe", "J. Doe"])
    assert len(set(keys.values())) == 3


def test_the_order_of_the_names_does_not_count() -> None:
    """Keys depend on the set of spellings alone."""
    names = [name for names in spellings_of(np.random.default_rng(1)).values() for name in names]
    assert speaker_keys(names) == speaker_keys(reversed(names))

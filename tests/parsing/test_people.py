"""People: names and roles out of announcements, how like a name words are, and which short label means whom."""

from __future__ import annotations

import pytest

from expert_roundup.parsing.answers import parse_document
from expert_roundup.parsing.knowledge import known
from expert_roundup.parsing.names import clean_name, is_known_person, name_likeness
from expert_roundup.parsing.people import Person, split_person
from expert_roundup.parsing.resolution import resolve
from expert_roundup.parsing.roles import find_roles
from expert_roundup.parsing.source import source_from_text
from expert_roundup.text.languages import function_words


@pytest.mark.parametrize(
    ("label", "name", "role"),
    [
        ("Jane Doe", "Jane Doe", ""),
        ("Dr. Jane Doe, head of content, Acme", "Jane Doe", "head of content, Acme"),
        ("Jane Doe, PhD, Acme", "Jane Doe", "Acme"),
        ("Jane Doe, Jr.", "Jane Doe, Jr.", ""),
        ("Acme, Inc.", "Acme, Inc.", ""),
        ("Jane Doe (Acme)", "Jane Doe", "Acme"),
        ("Jane Doe (she/her), cook", "Jane Doe", "cook"),
        ("Jane Doe – cook at The Mill", "Jane Doe", "cook at The Mill"),
        ("Jane Doe | Acme", "Jane Doe", "Acme"),
        ("Jane Doe from Acme", "Jane Doe", "from Acme"),
        ("Jana Doe von der Mühle", "Jana Doe", "von der Mühle"),
        ("Johann Wolfgang von Roe", "Johann Wolfgang von Roe", ""),
        ("Otto Graf von Doe", "Otto Graf von Doe", ""),
        ("Jane 39 years", "Jane", "39 years"),
        ("K. 39 ans", "K.", "39 ans"),
        ("No. 10", "No. 10", ""),
        ("Experience 10 years", "Experience 10 years", ""),
        ("Chief Engineer Jane Doe", "Jane Doe", "Chief Engineer"),
        ("Acme’s Jane Doe", "Jane Doe", "Acme"),
        ("Fabiana Mara Rubini", "Fabiana Mara Rubini", ""),
        ("Ministry of Fish", "Ministry of Fish", ""),
        ("[Jane Doe](https://example.org), cook", "Jane Doe", "cook"),
        ("**Jane Doe**, cook", "Jane Doe", "cook"),
        ("Д-р Анна Белова, врач", "Анна Белова", "врач"),
        ("灯塔公司的工程师 Jane Doe", "Jane Doe", "灯塔公司的工程师"),
        ("张三（灯塔 工程师）", "张三", "灯塔 工程师"),
        ("灯台 編集長 田中花子さん", "田中花子", "灯台 編集長"),
        ("Kat(ka) Novak, baker", "Kat(ka) Novak", "baker"),
        ("@janedoe", "@janedoe", ""),
        ("Jane Doe and John Roe", "Jane Doe and John Roe", ""),
    ],
)
def test_name_and_role(label: str, name: str, role: str) -> None:
    """Whatever parts them, and whichever comes first."""
    assert split_person(label) == Person(name, role)


@pytest.mark.parametrize(
    "name", ["Jane Doe", "Jane van Doe", "J. R. Doe", "@jane", "Анна Белова", "张三", "Jane “Jay” Doe"]
)
def test_what_looks_like_a_name(name: str) -> None:
    """Two to four capitalised words, a handle, or a surname of a script without capitals."""
    assert name_likeness(name) >= 0.8


@pytest.mark.parametrize(
    "words",
    ["How did it start?", "Introduction", "the first day", "Заключение", "总结", "3 Comments", "Jane, who left", ""],
)
def test_what_does_not(words: str) -> None:
    """Questions, headings of every page, words in lower case."""
    assert name_likeness(words) < 0.5


def test_given_names_confirm() -> None:
    """In several scripts, accents or not; words that are no names do not."""
    assert all(map(is_known_person, ["Jane Doe", "Sébastien X", "Анна Белова", "Юлия Ким", "J. Doe"]))
    assert not any(map(is_known_person, ["Big Data", "Next Steps", "Big data Jane"]))


def test_honorifics_and_titles_go() -> None:
    """In front and, where a language puts them there, behind."""
    assert [clean_name(name) for name in ("Prof. Dr. Jane Doe", "Mme Claire Morel", "田中花子さん", "王小明先生")] == [
        "Jane Doe",
        "Claire Morel",
        "田中花子",
        "王小明",
    ]


TEXT = "We met Jane Doe (JD), a cook, Peter van Lund and Ana Díaz. Ida Berg asked. Acme team came too."


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("JD", "Jane Doe"),
        ("Jane", "Jane Doe"),
        ("Lund", "Peter van Lund"),
        ("PVL", "Peter van Lund"),
        ("PL", "Peter van Lund"),
        ("ANA", "Ana Díaz"),
        ("JANE DOE", "Jane Doe"),
        ("Ana and Peter", "Ana Díaz and Peter van Lund"),
        ("Acme team", "Acme team"),
        ("@ana", "@ana"),
        ("XX", "XX"),
        ("Zoe", "Zoe"),
    ],
)
def test_short_labels_find_their_names(label: str, name: str) -> None:
    """Initials, first names, surnames and capitals; groups, handles and strangers stay."""
    assert resolve([label], TEXT)[label] == name


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("We asked Jane Doe, head of a school, what she reads.", "head of a school"),
        ("We asked Jane Doe (keeper of the lamp) what she reads.", "keeper of the lamp"),
        ("Jane Doe is a weaver from Leeds. She reads.", "weaver from Leeds"),
        ("We asked Jane Doe and John Roe, editors of the Post.", "editors of the Post"),
        ("We asked the designer Jane Doe what she reads.", "designer"),
        ("灯塔公司的工程师 Jane Doe 说她不读书。", "灯塔公司的工程师"),
        ("Jane Doe 是灯塔公司的工程师，她不读书。", "灯塔公司的工程师"),
        ("We asked Jane Doe, John Roe and Ana Díaz.", ""),
        ("Jane Doe was more careful than that.", ""),
        ("Jane Doe said that it rained.", ""),
    ],
)
def test_roles_where_a_name_is_first_mentioned(text: str, role: str) -> None:
    """Commas, brackets, "is a", and what stands before; other names and the rest of the sentence are no roles."""
    document = parse_document(source_from_text(text, format="md"))
    assert find_roles(document, ["Jane Doe"]).get("Jane Doe", "") == role


def test_no_verb_of_speech_is_a_small_word_of_another_language() -> None:
    """All languages are looked for together; "dit" is the one that French cannot do without."""
    small = function_words()
    crossing = {
        (language, verb)
        for language, verbs in known("cues")["said"].items()
        for verb in verbs
        if verb in small and language not in small[verb]
    }
    assert crossing == {("fr", "dit")}

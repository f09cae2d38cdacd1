"""The codebook: read, checked, written, changed with its codings."""

from __future__ import annotations

import contextlib
import itertools

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expert_roundup.coding.codebook import (
    COLUMNS,
    check_codebook,
    codebook_fingerprint,
    codebook_for_taguette,
    codebook_to_yaml,
    read_codebook,
    themes_by_group,
)
from expert_roundup.coding.codebook_changes import (
    Edition,
    compare_codebooks,
    first_edition,
    merge_themes,
    read_changes,
    rename_theme,
    split_theme,
)
from expert_roundup.coding.codings import check_codings, coded
from expert_roundup.coding.recoding import bring_forward
from expert_roundup.output.tables import frame_to_csv

BOOK = pd.DataFrame(
    {
        "theme": ["goals", "plan", "craft"],
        "label": ["Have Goals", "Have A Plan", "Craft Posts"],
        "include": ["outcomes\nmeasures", "schedules", ""],
        "group": ["Strategy", "Strategy", "Content"],
    }
)
CODINGS = pd.DataFrame(
    [
        ("Q01", "goals", "A", 0.6, 3, 9, "aims"),
        ("Q01", "plan", "A", 0.9, None, None, "steps"),
        ("Q01", "craft", "A", 0.2, None, None, ""),
        ("Q01", "goals", "B", 0.3, None, None, "hardly"),
        ("Q02", "plan", "B", 0.8, 20, 25, ""),
        ("Q02", "", "A", None, None, None, ""),
    ],
    columns=["quote_id", "theme", "coder", "confidence", "start", "end", "rationale"],
)


def edition() -> Edition:
    return first_edition(BOOK, CODINGS, reason="start")


def saved(folder, name: str, content: str | bytes):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


st_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30)
st_books = st.lists(
    st.fixed_dictionaries(
        {
            "theme": st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), min_size=1, max_size=8),
            "definition": st_text,
            "include": st.lists(st_text, max_size=3).map("\n".join),
            "examples": st.lists(st_text, max_size=3).map("\n".join),
            "group": st_text,
        }
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda entry: entry["theme"].casefold(),
).map(pd.DataFrame)


def test_a_theme_alone_is_a_codebook():
    """What is left out is filled: the theme is its label, colours differ."""
    book = check_codebook(pd.DataFrame({"theme": [f"t{n}" for n in range(12)]}))
    assert tuple(book.columns) == COLUMNS
    assert (book["label"] == book["theme"]).all()
    assert book["color"].is_unique


def test_given_colours_are_kept_and_not_given_away():
    """A free theme gets a colour that nobody has."""
    book = check_codebook(pd.DataFrame({"theme": ["a", "b"], "color": ["", "#0072b2"]}))
    assert book["color"].to_list() == ["#D55E00", "#0072B2"]


def test_all_faults_of_a_codebook_are_named():
    """Empty and double themes, double labels and odd colours in one message."""
    book = pd.DataFrame(
        {
            "theme": ["goals", "", "goals", "craft", "tools"],
            "label": ["Goals", "x", "y", "GOALS", ""],
            "color": ["red", "", "", "", "#12345"],
        }
    )
    with pytest.raises(ValueError, match="codebook: 5 faults") as error:
        check_codebook(book)
    for part in ("row 2: theme is empty", "row 3: theme 'goals' stands", "row 4: label 'GOALS'", "row 1: color 'red'"):
        assert part in str(error.value)


@pytest.mark.parametrize("book", [pd.DataFrame({"theme": []}), pd.DataFrame({"label": ["Goals"]})])
def test_no_theme_is_no_codebook(book):
    """An empty codebook is refused, and so is one without the column."""
    with pytest.raises(ValueError, match="codebook: no themes"):
        check_codebook(book)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st_books)
def test_yaml_and_csv_read_back_equal(tmp_path, book):
    """A checked codebook survives both of its file formats."""
    checked = check_codebook(book)
    pd.testing.assert_frame_equal(read_codebook(saved(tmp_path, "c.yaml", codebook_to_yaml(book))), checked)
    pd.testing.assert_frame_equal(read_codebook(saved(tmp_path, "c.csv", frame_to_csv(checked))), checked)


def test_yaml_is_the_same_on_every_run():
    """Same codebook, same bytes."""
    assert codebook_to_yaml(BOOK) == codebook_to_yaml(BOOK.copy())


def test_items_may_be_a_list_or_lines(tmp_path):
    """`include` as a yaml list and as one text give the same column."""
    one = read_codebook(saved(tmp_path, "a.yaml", "themes:\n- theme: goals\n  include: [a, b]\n"))
    other = read_codebook(saved(tmp_path, "b.yaml", "- theme: goals\n  include: |\n    a\n    b\n"))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("themes: []\n", "no list of themes"),
        ("just words\n", "no list of themes"),
        ("themes:\n- goals\n", "'goals' is no theme"),
        ("themes:\n- theme: no\n- theme: 2024\n", "2 faults: row 1: theme 'False' is no text; put it in quotes; row 2"),
        ("themes:\n- theme: a\n  label: [x]\n", "label .* is no text"),
        ("a: &a [x]\nb: {{}", "no readable yaml"),
        ("!!python/object/apply:os.system ['true']\n", "no readable yaml"),
        ("themes:\n- theme: 2024-99-99\n- theme: 1:99\n  when: 2024-99-99\n", "no readable yaml|no text"),
        ("a: &a {x: y}\nb: {<<: [*a, *a]}\n", "merge keys"),
        ("[" * 5_000, "no readable yaml"),
        (b"\x00\x01\x02", "no readable yaml"),
    ],
)
def test_bad_yaml_is_one_clear_error(tmp_path, content, message):
    """Nothing in a yaml file runs, nests without end, or is taken for a word that it is not."""
    with pytest.raises(ValueError, match=message) as error:
        read_codebook(saved(tmp_path, "codebook.yaml", content))
    assert len(str(error.value)) < 1_000


def test_repeated_aliases_stay_small(tmp_path):
    """A file of aliases that would unfold to a billion items is refused, not unfolded."""
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    bomb = f"a0: &a0 [x]\n{levels}themes:\n- theme: *a9\n"
    with pytest.raises(ValueError, match="is no text"):
        read_codebook(saved(tmp_path, "bomb.yaml", bomb))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from([".yaml", ".csv"]))
def test_any_bytes_are_a_codebook_or_a_value_error(tmp_path, content, ending):
    """No bytes crash the reader."""
    with contextlib.suppress(ValueError):
        read_codebook(saved(tmp_path, f"codebook{ending}", content))


@pytest.mark.parametrize("column", ["tag", "name", "path"])
def test_taguettes_csv_is_read(tmp_path, column):
    """Taguette names the column tag, name or path; a dot in a path makes a group."""
    book = read_codebook(saved(tmp_path, "t.csv", f"{column},description\nwork.staff,Staff speak\ngoals,\n"))
    assert book["theme"].to_list() == ["work.staff", "goals"]
    assert book["definition"].to_list() == ["Staff speak", ""]
    assert book["group"].to_list() == ["work", ""]


def test_what_taguette_gets_reads_back(tmp_path):
    """Our csv for Taguette has the two columns it wants, and every theme."""
    table = codebook_for_taguette(BOOK.assign(definition=["aim", "", ""]))
    assert list(table.columns) == ["tag", "description"]
    assert table["description"].to_list() == ["Have Goals: aim", "Have A Plan", "Craft Posts"]
    assert read_codebook(saved(tmp_path, "t.csv", frame_to_csv(table)))["theme"].to_list() == ["goals", "plan", "craft"]


def test_a_csv_of_something_else_is_refused(tmp_path):
    """A csv without a column of themes is no codebook, nor is a QDC file without a code."""
    with pytest.raises(ValueError, match=r"no column theme \(ours\), tag, name or path"):
        read_codebook(saved(tmp_path, "x.csv", "a,b\n1,2\n"))
    with pytest.raises(ValueError, match="no code in it that can be given"):
        read_codebook(saved(tmp_path, "x.qdc", "<CodeBook/>"))


def test_groups_hold_their_themes_in_order():
    """Groups stand in the order of their first theme."""
    assert themes_by_group(BOOK) == {"Strategy": ["goals", "plan"], "Content": ["craft"]}


def test_the_fingerprint_follows_words_not_colours():
    """Another definition is another codebook, another colour is not."""
    assert codebook_fingerprint(BOOK) == codebook_fingerprint(BOOK.assign(color="#000000"))
    assert codebook_fingerprint(BOOK) != codebook_fingerprint(BOOK.assign(definition="other"))


def test_differences_are_listed():
    """Changed columns, new themes and lost themes each have their row; equal codebooks have none."""
    new = BOOK.assign(label=["Have Goals", "Plan", "Craft Posts"]).replace({"theme": {"craft": "posts"}})
    rows = compare_codebooks(BOOK, new)
    assert rows.to_numpy().tolist() == [
        ["plan", "label", "Have A Plan", "Plan"],
        ["posts", "theme", "", "posts"],
        ["craft", "theme", "craft", ""],
    ]
    assert compare_codebooks(BOOK, BOOK.copy()).empty


def test_a_renamed_theme_takes_its_codings_along():
    """Codings, place and label stay; the log says what was done."""
    new = rename_theme(edition(), "goals", "aims", reason="clearer")
    assert new.codebook["theme"].to_list() == ["aims", "plan", "craft"]
    assert new.codebook["label"].to_list() == BOOK["label"].to_list()
    assert (new.codings["theme"] == "aims").sum() == (CODINGS["theme"] == "goals").sum()
    assert new.version == 2
    assert new.changes.iloc[-1].to_list() == [2, "renamed", "goals", "aims", "clearer"]
    with pytest.raises(ValueError, match="already in the codebook: plan"):
        rename_theme(edition(), "goals", "plan")
    with pytest.raises(ValueError, match="not in the codebook: gaols"):
        rename_theme(edition(), "gaols", "plan")


def test_a_merged_theme_keeps_everything_that_was_said():
    """One coding a coder and quote: highest confidence, evidence there is, every rationale in words."""
    new = merge_themes(edition(), ["goals", "plan"], "strategy", label="Have A Strategy")
    assert new.codebook["theme"].to_list() == ["strategy", "craft"]
    assert new.codebook["label"].to_list() == ["Have A Strategy", "Craft Posts"]
    assert new.codebook["include"].iloc[0] == "outcomes\nmeasures\nschedules"
    rows = new.codings[new.codings["theme"] == "strategy"]
    assert rows[["quote_id", "coder", "confidence"]].to_numpy().tolist() == [
        ["Q01", "A", 0.9],
        ["Q01", "B", 0.3],
        ["Q02", "B", 0.8],
    ]
    assert rows.iloc[0][["start", "end"]].to_list() == [3, 9]
    assert rows["rationale"].to_list() == ["goals (0.6, 3-9): aims; plan (0.9): steps", "hardly", ""]
    assert len(new.codings) == len(CODINGS) - 1


def test_a_theme_can_absorb_another():
    """`into` may be one of the merged themes, and keeps its own entry; no other theme may be overwritten."""
    new = merge_themes(edition(), ["goals", "plan"], "plan")
    assert new.codebook["label"].to_list() == ["Have A Plan", "Craft Posts"]
    with pytest.raises(ValueError, match="already in the codebook: craft"):
        merge_themes(edition(), ["goals", "plan"], "craft")
    with pytest.raises(ValueError, match="two or more different themes"):
        merge_themes(edition(), ["goals", "goals"], "goals")
    with pytest.raises(ValueError, match="a theme has no colour"):
        merge_themes(edition(), ["goals", "plan"], "plan", colour="red")


def test_a_split_theme_asks_where_every_coding_goes():
    """Coded codings must be assigned, and may go to several parts; rejected ones reject every part."""
    parts = pd.DataFrame({"theme": ["aims", "measures"], "label": ["Have Aims", "Measure"]})
    with pytest.raises(ValueError, match="assigned: 1 fault: Q01 by A is coded goals and not assigned"):
        split_theme(edition(), "goals", parts, pd.DataFrame({"quote_id": [], "theme": []}))
    wish = pd.DataFrame({"quote_id": ["Q01", "Q01"], "coder": ["A", "A"], "theme": ["aims", "measures"]})
    new = split_theme(edition(), "goals", parts, wish)
    assert new.codebook["theme"].to_list() == ["aims", "measures", "plan", "craft"]
    assert coded(new.codings).query("theme in ['aims', 'measures']")["coder"].to_list() == ["A", "A"]
    assert new.codings.query("coder == 'B' and quote_id == 'Q01'")["theme"].to_list() == ["aims", "measures"]
    with pytest.raises(
        ValueError, match="2 faults: row 2: 'other' is no part of goals; row 1: no coding of goals for Q9"
    ):
        split_theme(edition(), "goals", parts, pd.DataFrame({"quote_id": ["Q9", "Q01"], "theme": ["aims", "other"]}))


def test_codings_of_an_older_version_are_brought_forward():
    """The log carries old codings through renaming and merging to what the new edition itself holds."""
    new = merge_themes(rename_theme(edition(), "plan", "steps"), ["goals", "steps"], "strategy")
    moved = bring_forward(CODINGS, new.changes, since=1)
    assert moved["theme"].to_list() == new.codings["theme"].to_list()
    pd.testing.assert_frame_equal(bring_forward(new.codings, new.changes, since=3), new.codings)


def test_codings_of_a_theme_split_since_cannot_be_brought_forward():
    """Which part an old coding means nobody can know, so the quotes are named."""
    parts = pd.DataFrame({"theme": ["aims", "measures"]})
    new = split_theme(edition(), "goals", parts, pd.DataFrame({"quote_id": ["Q01"], "theme": ["aims"]}))
    with pytest.raises(ValueError, match="goals was split in version 2; recode Q01"):
        bring_forward(CODINGS, new.changes, since=1)
    unconcerned = check_codings(CODINGS[CODINGS["theme"] == "plan"])
    pd.testing.assert_frame_equal(bring_forward(unconcerned, new.changes, since=1), unconcerned)


def test_the_log_is_written_and_read(tmp_path):
    """The change log survives yaml, and the codebook beside it too."""
    new = rename_theme(edition(), "goals", "aims", reason="clearer: no jargon")
    path = saved(tmp_path, "codebook.yaml", codebook_to_yaml(new.codebook, changes=new.changes))
    pd.testing.assert_frame_equal(read_changes(path), new.changes, check_dtype=False)
    pd.testing.assert_frame_equal(read_codebook(path), new.codebook)
    assert path.read_text().startswith("version: 2\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("changes: never\nthemes: []", "must be a list"),
        ("changes:\n- version: one\n", "version 'one' is no whole number"),
        ("changes:\n- version: 2\n- version: 2\n", "version '2' does not rise"),
    ],
)
def test_a_broken_log_is_named(tmp_path, content, message):
    """Versions are whole and rise."""
    with pytest.raises(ValueError, match=message):
        read_changes(saved(tmp_path, "codebook.yaml", content))


def test_editions_are_left_unchanged():
    """Every change returns a new edition."""
    old = edition()
    before = [frame.copy(deep=True) for frame in (old.codebook, old.codings, old.changes)]
    merge_themes(rename_theme(old, "goals", "aims"), ["aims", "plan"], "aims")
    for one, other in itertools.zip_longest(before, (old.codebook, old.codings, old.changes)):
        pd.testing.assert_frame_equal(one, other)

"""Merging codings made apart, and deciding what readers dispute."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_roundup.coding.adjudication import consensus, contested
from expert_roundup.coding.codings import check_codings, coded
from expert_roundup.coding.merging import CONFLICT_COLUMNS, Part, merge_codings

COLUMNS = ["quote_id", "theme", "coder", "confidence", "start", "end", "rationale"]


def codings(*rows: tuple[object, ...]) -> pd.DataFrame:
    padded = [(*row, *(None, None, "")[len(row) - 4 :]) for row in rows]
    return check_codings(pd.DataFrame(padded, columns=COLUMNS))


ANN = codings(("Q01", "goals", "ann", 0.9, 3, 9, "aims"), ("Q01", "craft", "ann", 0.2), ("Q02", "", "ann", None))
BEN = codings(("Q01", "goals", "ben", 0.7), ("Q02", "craft", "ben", 1.0))

st_parts = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from(["Q01", "Q02", "Q03"]),
            st.sampled_from(["", "goals", "craft"]),
            st.sampled_from(["ann", "ben"]),
            st.sampled_from([0.2, 0.8]),
        ),
        max_size=8,
        unique_by=lambda row: row[:3],
    ),
    min_size=2,
    max_size=4,
).map(lambda parts: [Part(f"{at}.csv", codings(*rows)) for at, rows in enumerate(parts)])


def rows_of(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return sorted(frame.drop(columns="coder").astype("str").fillna("").itertuples(index=False, name=None))


def test_parts_of_different_coders_are_joined():
    """Every row of every part, in the order of the parts, and nothing to report."""
    merged = merge_codings([Part("ann.csv", ANN), Part("ben.csv", BEN)])
    pd.testing.assert_frame_equal(merged.codings, pd.concat([ANN, BEN], ignore_index=True))
    assert merged.conflicts.empty
    assert tuple(merged.conflicts.columns) == CONFLICT_COLUMNS
    assert merged.n_repeated == 0


def test_one_coder_may_work_in_two_files():
    """Different quotes of one coder are one reading."""
    more = codings(("Q03", "goals", "ann", 0.9))
    merged = merge_codings([Part("a", ANN), Part("b", more)])
    assert merged.codings["coder"].unique().tolist() == ["ann"]
    assert merged.conflicts.empty


def test_word_for_word_repeats_are_kept_once_and_counted():
    """The same file twice changes nothing and is said."""
    merged = merge_codings([Part("a", ANN), Part("b", ANN), Part("c", BEN)])
    pd.testing.assert_frame_equal(merged.codings, pd.concat([ANN, BEN], ignore_index=True))
    assert (merged.conflicts.empty, merged.n_repeated) == (True, 3)


@pytest.mark.parametrize(
    ("changed", "theme", "first", "other"),
    [
        (("Q01", "goals", "ann", 0.8, 3, 9, "aims"), "goals", "0.9 3-9 aims", "0.8 3-9 aims"),
        (("Q01", "goals", "ann", 0.9, 3, 8, "aims"), "goals", "0.9 3-9 aims", "0.9 3-8 aims"),
        (("Q01", "goals", "ann", 0.9, 3, 9, "ends"), "goals", "0.9 3-9 aims", "0.9 3-9 ends"),
    ],
)
def test_a_coder_twice_with_other_content_is_a_conflict(changed, theme, first, other):
    """Confidence, evidence and rationale count; both readings stay, the later as a coder of its own."""
    again = codings(changed, ("Q01", "craft", "ann", 0.2), ("Q02", "", "ann", None))
    merged = merge_codings([Part("a.csv", ANN), Part("b.csv", again)])
    assert merged.conflicts.to_numpy().tolist() == [["coder twice", "b.csv", "ann", "Q01", theme, first, other]]
    assert merged.codings["coder"].value_counts().to_dict() == {"ann": 3, "ann (b.csv)": 3}


def test_a_theme_that_one_reading_lacks_is_a_conflict():
    """Silence against a coding, and a coding against no row, are both named."""
    again = codings(("Q02", "craft", "ann", 0.9))
    merged = merge_codings([Part("a", ANN), Part("b", again)])
    assert merged.conflicts[["theme", "first", "other"]].to_numpy().tolist() == [
        ["", "read, no theme", "no row"],
        ["craft", "no row", "0.9"],
    ]


def test_a_new_name_is_never_an_old_one():
    """The name of the second reading avoids coders that exist."""
    again = ANN.assign(confidence=0.1)
    merged = merge_codings([Part("a", ANN), Part("b", again), Part("c", BEN.assign(coder="ann (b)"))])
    assert sorted(merged.codings["coder"].unique()) == ["ann", "ann (b)", "ann (b)'"]


@settings(max_examples=20, deadline=None)
@given(st_parts)
def test_no_row_is_ever_dropped_silently(parts):
    """Rows in and rows out differ by the counted repeats, and every row's content is there."""
    merged = merge_codings(parts)
    assert sum(len(part.codings) for part in parts) == len(merged.codings) + merged.n_repeated
    assert {row for part in parts for row in rows_of(part.codings)} == set(rows_of(merged.codings))
    check_codings(merged.codings)


@settings(max_examples=20, deadline=None)
@given(st_parts)
def test_conflicts_equal_a_plain_comparison(parts):
    """A conflict stands for every theme at which a later part and the first part of a coder's quote differ."""

    def held(part: Part) -> dict[tuple[str, str], dict[str, float]]:
        found: dict[tuple[str, str], dict[str, float]] = {}
        for row in part.codings.fillna({"confidence": -1}).to_dict("records"):
            found.setdefault((row["coder"], row["quote_id"]), {})[row["theme"]] = row["confidence"]
        return found

    expected = set()
    first: dict[tuple[str, str], dict[str, float]] = {}
    for part in parts:
        for (coder, quote_id), themes in held(part).items():
            known = first.setdefault((coder, quote_id), themes)
            for theme in {*known, *themes}:
                if known.get(theme) != themes.get(theme):
                    expected.add((part.name, coder, quote_id, theme))
    found = merge_codings(parts).conflicts[["part", "coder", "quote_id", "theme"]]
    assert sorted(found.itertuples(index=False, name=None)) == sorted(expected)


def test_other_text_and_other_places_are_conflicts():
    """Offsets into another text point at other words; offsets into a shifted text do too."""
    quotes = pd.DataFrame({"quote_id": ["Q01", "Q02"], "text": ["one two three", "four five"], "start": [0, 20]})
    quotes = quotes.assign(end=[15, 30])
    changed = quotes.assign(text=["one two three", "four, five"], start=[0, 21])
    shifted = quotes.assign(start=[0, 19])
    merged = merge_codings(
        [Part("a", ANN, quotes=quotes), Part("b", BEN, quotes=changed), Part("c", codings(), quotes=shifted)]
    )
    assert merged.conflicts.to_numpy().tolist() == [
        ["other text", "b", "", "Q02", "", "four five", "four, five"],
        ["other place", "c", "", "Q02", "", "20", "19"],
    ]
    assert len(merged.codings) == len(ANN) + len(BEN)


def test_another_codebook_and_unknown_themes_are_conflicts():
    """Definitions count, colours do not; rows with unknown themes stay and are named one by one."""
    book = pd.DataFrame({"theme": ["goals"], "definition": ["have an aim"], "color": ["#111111"]})
    other = book.assign(definition="have a plan", color="#222222")
    merged = merge_codings([Part("a", ANN, codebook=book), Part("b", BEN, codebook=other)])
    assert merged.conflicts[["kind", "part", "quote_id", "theme", "first", "other"]].to_numpy().tolist() == [
        ["unknown theme", "a", "Q01", "craft", "not in the codebook", ""],
        ["unknown theme", "b", "Q02", "craft", "not in the codebook", ""],
        ["other codebook", "b", "", "goals", "definition: have an aim", "definition: have a plan"],
    ]
    assert len(merged.codings) == len(ANN) + len(BEN)
    assert merge_codings([Part("a", ANN, codebook=book), Part("b", ANN)], codebook=None).conflicts["kind"].size == 2


def test_a_part_unusable_by_itself_is_named():
    """Faults of a part carry its name; fewer than two parts, or two of one name, are no merge."""
    with pytest.raises(ValueError, match=r"b\.csv: codings: 1 fault: row 1: confidence"):
        merge_codings([Part("a.csv", ANN), Part("b.csv", BEN.assign(confidence=[7, 1]))])
    with pytest.raises(ValueError, match="two or more, not 1"):
        merge_codings([Part("a", ANN)])
    with pytest.raises(ValueError, match="given twice: a"):
        merge_codings([Part("a", ANN), Part("a", BEN)])


def test_inputs_are_left_unchanged():
    """Merging and deciding write into nothing they were given."""
    before = [ANN.copy(deep=True), BEN.copy(deep=True)]
    merge_codings([Part("a", ANN), Part("b", BEN), Part("c", ANN.assign(confidence=0.3))])
    contested(ANN)
    consensus(ANN, pd.DataFrame(columns=["quote_id", "theme", "is_coded", "rationale"]))
    for one, other in itertools.zip_longest(before, [ANN, BEN]):
        pd.testing.assert_frame_equal(one, other)


ROOM = pd.concat([ANN, BEN, codings(("Q01", "tools", "cat", 0.1), ("Q03", "", "cat", None))], ignore_index=True)


def test_disputed_cells_are_listed_with_what_was_said():
    """Disputed is what some readers of the quote coded and others did not; undisputed rejections are not listed."""
    listed = contested(ROOM)
    assert listed[["quote_id", "theme", "n_coded", "n_readers", "coders"]].to_numpy().tolist() == [
        ["Q01", "goals", 2, 3, "ann, ben"],
        ["Q02", "craft", 1, 2, "ben"],
    ]
    assert listed["rationales"].to_list() == ["ann 0.9: aims\nben 0.7: ", "ben 1.0: "]


def test_consensus_is_a_reading_with_reasons():
    """Decided cells carry the decision, agreed ones what all said, silent quotes an empty theme."""
    decisions = contested(ROOM).assign(is_coded=["yes", "no"], rationale=["plain", "only praise"])
    result = consensus(ROOM, decisions)
    assert result["coder"].unique().tolist() == ["consensus"]
    assert result[["quote_id", "theme", "rationale"]].to_numpy().tolist() == [
        ["Q01", "goals", "plain"],
        ["Q01", "craft", "rejected by all 3 readers"],
        ["Q01", "tools", "rejected by all 3 readers"],
        ["Q02", "craft", "only praise"],
        ["Q03", "", ""],
    ]
    assert coded(result)["theme"].to_list() == ["goals"]
    check_codings(pd.concat([ROOM, result], ignore_index=True))


def test_an_agreed_cell_may_be_overruled():
    """A decision stands before what all readers said, and may bring a theme nobody saw."""
    decisions = pd.DataFrame(
        [("Q01", "goals", True, "plain"), ("Q01", "tools", True, "second look"), ("Q02", "craft", False, "no"),
         ("Q03", "goals", True, "overlooked")],
        columns=["quote_id", "theme", "is_coded", "rationale"],
    )  # fmt: skip
    result = coded(consensus(ROOM, decisions))
    assert result[["quote_id", "theme"]].to_numpy().tolist() == [["Q01", "goals"], ["Q01", "tools"], ["Q03", "goals"]]


def test_every_open_or_unexplained_decision_is_named():
    """Nothing disputed is decided by default, nothing is decided without a reason."""
    decisions = pd.DataFrame(
        [("Q01", "goals", "perhaps", "plain"), ("Q01", "craft", True, ""), ("Q09", "craft", True, "new")],
        columns=["quote_id", "theme", "is_coded", "rationale"],
    )
    with pytest.raises(ValueError, match="decisions: 4 faults") as error:
        consensus(ROOM, decisions)
    for part in (
        "nobody read 'Q09'",
        "'perhaps' is not yes or no",
        "craft: rationale is empty",
        "Q02 craft is disputed",
    ):
        assert part in str(error.value)
    with pytest.raises(ValueError, match="decisions: no column is_coded, rationale"):
        consensus(ROOM, decisions[["quote_id", "theme"]])

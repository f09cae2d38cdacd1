"""Reading and checking codings, one coder's reading, and the majority."""

from __future__ import annotations

import contextlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expert_roundup.coding.codings import (
    check_codings,
    coded,
    coders,
    indicator,
    majority,
    mean_confidence,
    page_order,
    read_codings,
    read_quotes,
    reading,
)
from expert_roundup.output.tables import frame_to_csv

HEADER = "quote_id,theme,coder,confidence\n"
CYRILLIC = "quote_id,theme,coder,confidence,rationale\nQ01,цели,Анна,0.9,Говорит о целях бизнеса и о планах\n"


def frame(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["quote_id", "theme", "coder", "confidence"])


def saved(folder, content: bytes | str):
    path = folder / "codings.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


#: three readers of four quotes: a majority, a tie of two readers, a quote with nothing, a rejected theme
ROOM = frame(
    ("Q01", "goals", "A", 0.9),
    ("Q01", "goals", "B", 0.6),
    ("Q01", "craft", "B", 0.7),
    ("Q01", "", "C", None),
    ("Q02", "goals", "A", 0.9),
    ("Q02", "", "B", None),
    ("Q03", "", "A", None),
    ("Q10", "craft", "C", 0.3),
)

st_codings = st.lists(
    st.tuples(
        st.sampled_from(["Q01", "Q02", "Q03", "Q10"]),
        st.sampled_from(["", "goals", "craft", "tools"]),
        st.sampled_from(["A", "B", "C", "D"]),
        st.integers(0, 20).map(lambda n: n / 20),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row[:3],
).map(lambda rows: frame(*rows))


def naive_majority(codings: pd.DataFrame, threshold: float = 0.5) -> dict[tuple[str, str], tuple[bool, float]]:
    """Cell by cell, as DESIGN puts it: more than half of those who read the quote; mean over them."""
    rows = codings.to_dict("records")
    result = {}
    for quote_id in {row["quote_id"] for row in rows}:
        readers = {row["coder"] for row in rows if row["quote_id"] == quote_id}
        for theme in {row["theme"] for row in rows if row["quote_id"] == quote_id} - {""}:
            given = [row["confidence"] for row in rows if (row["quote_id"], row["theme"]) == (quote_id, theme)]
            n_coded = sum(confidence >= threshold for confidence in given)
            result[quote_id, theme] = (n_coded > len(readers) / 2, sum(given) / len(readers))
    return result


def test_all_faults_are_named_at_once():
    """Every faulty row of every kind stands in one message, counted from 1."""
    codings = pd.DataFrame(
        [
            ("Q01", "goals", "A", "0.9", 5, 9),
            ("Q99", "goals", "A", "0.9", None, None),
            ("Q01", "gaols", "A", "0.9", None, None),
            ("Q01", "craft", "A", "1.5", None, None),
            ("Q02", "craft", "A", "much", None, None),
            ("Q03", "craft", "A", None, None, None),
            ("Q01", "goals", "A", "0.2", None, None),
            ("Q02", "goals", "A", "1", 5, 30),
            ("Q02", "goals", "B", "1", 15, None),
            ("Q02", "goals", "C", "1", 18, 12),
            ("Q02", "goals", "", "1", None, None),
        ],
        columns=["quote_id", "theme", "coder", "confidence", "start", "end"],
    )
    quotes = pd.DataFrame({"quote_id": ["Q01", "Q02", "Q03"], "start": [0, 10, 30], "end": [10, 30, 40]})
    with pytest.raises(ValueError, match="codings: 10 faults") as error:
        check_codings(codings, quotes=quotes, codebook=pd.DataFrame({"theme": ["goals", "craft"]}))
    message = str(error.value)
    for part in (
        "row 2: quote 'Q99' is not among the 3 quotes",
        "row 3: theme 'gaols' is not in the codebook",
        "row 4: confidence '1.5' is no number from 0 to 1",
        "row 5: confidence 'much'",
        "row 6: confidence ''",
        "row 7: theme 'goals' of coder 'A' for 'Q01' stands there already",
        "row 8: evidence 5..30 lies outside Q02 (10..30)",
        "row 9: evidence has only one of start and end",
        "row 10: evidence 18..12 is empty, reversed or negative",
        "row 11: coder is empty",
    ):
        assert part in message


def test_a_long_list_of_faults_is_cut_and_counted():
    """Twenty rows of a kind are listed, the rest is counted."""
    codings = frame(*((f"Q{n:02d}", "goals", "A", 2) for n in range(50)))
    with pytest.raises(ValueError, match=r"50 faults: row 1: .*row 20: .*and 30 more rows like these"):
        check_codings(codings)


def test_a_checked_frame_has_all_columns_and_types():
    """Columns left out are filled, types are those of the codings frame, and checking again changes nothing."""
    checked = check_codings(ROOM)
    assert list(checked.columns) == ["quote_id", "theme", "coder", "confidence", "start", "end", "rationale"]
    assert [str(dtype) for dtype in checked.dtypes] == ["str", "str", "str", "float64", "Int64", "Int64", "str"]
    pd.testing.assert_frame_equal(check_codings(checked), checked)


@pytest.mark.parametrize("function", [check_codings, coded, coders, indicator, majority, mean_confidence, read_quotes])
def test_the_input_is_left_unchanged(function):
    """No function writes into the frame it was given."""
    before = ROOM.copy(deep=True)
    function(ROOM)
    pd.testing.assert_frame_equal(ROOM, before)


def test_no_frame_is_refused():
    """Something else than a frame is a TypeError that says what came."""
    with pytest.raises(TypeError, match="codings must be a frame, not list"):
        check_codings([])


def test_a_missing_column_is_named():
    """Without confidence there is no coding."""
    with pytest.raises(ValueError, match="no column confidence"):
        check_codings(ROOM.drop(columns="confidence"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1251", "koi8-r"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_old_and_wide_encodings_are_read(tmp_path, encoding, newline):
    """Cyrillic codings read the same from every encoding that spreadsheets write."""
    codings = read_codings(saved(tmp_path, CYRILLIC.replace("\n", newline).encode(encoding)))
    assert codings[["theme", "coder", "rationale"]].to_numpy().tolist() == [
        ["цели", "Анна", "Говорит о целях бизнеса и о планах"]
    ]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_and_tabs_separate_too(tmp_path, separator):
    """Spreadsheets in Europe separate by semicolon, "Unicode text" by tab."""
    codings = read_codings(saved(tmp_path, CYRILLIC.replace(",", separator)))
    assert codings["confidence"].to_list() == [0.9]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \r\n \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"quote_id,theme,confidence\nQ01,goals,1\n", "no column coder"),
        (b"quote_id,theme,coder,coder,confidence\n", "column coder stands there twice"),
        (HEADER.encode() + b"Q01,go\0als,A,1\n", "NUL"),
        (HEADER.encode() + b"Q01,goals,A,1,5,9\n", "the first row has 6 cells, the header 4"),
        (HEADER.encode() + b"\n  \nQ01,goals,A,1,5,9\n", "the first row has 6 cells, the header 4"),
        (HEADER.encode() + b"Q01,goals,A,1\nQ01,craft,A,1,5,9\n", "line 3"),
        (HEADER.encode() + b'Q01,"goals,A,1\n', "a row is broken"),
        (HEADER.encode() + b"Q01,goals\n", "coder is empty; .*no number from 0 to 1"),
        (b",".join([b"c"] * 1_000_000) + b"\n", "header line is longer"),
        (HEADER.encode() + b"," * 1_000_000, "has 1000001 cells"),
        (b"\xff\xfe\x00", "not readable as utf-16"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "codings.csv"),
        (b"a" * 3_000_000, "header line is longer"),
        (b"\n" * 100_000 + b"x", "no column|longer"),
    ],
)
def test_hostile_files_give_one_clear_error(tmp_path, content, message):
    """Whatever the bytes, the answer is a ValueError in one line that names the file or the rows."""
    with pytest.raises(ValueError, match=message) as error:
        read_codings(saved(tmp_path, content))
    assert type(error.value) is ValueError
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 5_000


def test_a_file_past_the_limit_is_not_read_whole(tmp_path, monkeypatch):
    """Size is bounded before memory is taken, whatever the file says about itself."""
    monkeypatch.setattr("expert_roundup.coding.csv_input.MAX_BYTES", 1_000_000)
    with pytest.raises(ValueError, match="larger than 1 MB"):
        read_codings(saved(tmp_path, HEADER.encode() + b"Q01,goals,A,1\n" * 100_000))
    with pytest.raises(ValueError, match="larger than 1 MB"):
        read_codings("/dev/zero")


def test_one_endless_line_is_refused(tmp_path):
    """A row of six million cells is no row."""
    rows = HEADER.encode() + b"Q01,goals,A,1\n"
    with pytest.raises(ValueError, match="a line is longer than 5 million characters"):
        read_codings(saved(tmp_path, rows + b"," * 11_000_000))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_codings_or_a_value_error(tmp_path, content, has_header):
    """No bytes crash the reader."""
    path = saved(tmp_path, (HEADER.encode() if has_header else b"") + content)
    with contextlib.suppress(ValueError):
        read_codings(path)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st_codings, st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), min_size=40))
def test_a_written_frame_reads_back_equal(tmp_path, codings, rationales):
    """Codings survive the csv of the output wing, formulas and line breaks in rationales too."""
    checked = check_codings(codings.assign(rationale=rationales[: len(codings)]))
    text = frame_to_csv(checked)
    pd.testing.assert_frame_equal(read_codings(saved(tmp_path, text.encode())), checked)


def test_words_that_pandas_takes_for_missing_are_kept(tmp_path):
    """A theme may be called NA, a coder null."""
    codings = read_codings(saved(tmp_path, HEADER + "Q01,NA,null,1\n"))
    assert codings[["theme", "coder"]].to_numpy().tolist() == [["NA", "null"]]


def test_read_and_silent_is_told_apart_from_not_read():
    """An empty theme shows that a quote was read; so does a rejected theme; no row means not read."""
    pairs = read_quotes(ROOM)
    assert pairs.groupby("coder")["quote_id"].agg(list).to_dict() == {
        "A": ["Q01", "Q02", "Q03"],
        "B": ["Q01", "Q02"],
        "C": ["Q01", "Q10"],
    }


def test_coded_is_at_or_above_the_threshold():
    """Exactly .5 is coded, an empty theme never is."""
    codings = frame(("Q1", "a", "A", 0.5), ("Q1", "b", "A", 0.49), ("Q1", "", "A", 1.0))
    assert coded(codings)["theme"].to_list() == ["a"]
    assert coded(codings, threshold=0.4)["theme"].to_list() == ["a", "b"]


@pytest.mark.parametrize("threshold", [0, -1, 1.1, float("nan")])
def test_a_threshold_outside_its_range_is_refused(threshold):
    """At 0 every considered theme would count, which is no threshold."""
    for function in (coded, majority):
        with pytest.raises(ValueError, match="threshold must be above 0 and at most 1"):
            function(ROOM, threshold=threshold)


def test_majority_needs_more_than_half_of_those_who_read():
    """Two of three code goals in Q01; in Q02 one of two does, a tie; Q03 and Q10 hold nothing coded."""
    result = majority(ROOM)
    assert result["coder"].unique().tolist() == ["majority"]
    assert coded(result)[["quote_id", "theme"]].to_numpy().tolist() == [["Q01", "goals"]]
    assert result[["quote_id", "theme"]].to_numpy().tolist() == [
        ["Q01", "goals"],
        ["Q01", "craft"],
        ["Q02", "goals"],
        ["Q03", ""],
        ["Q10", "craft"],
    ]
    assert result["confidence"].fillna(-1).round(9).to_list() == [0.5, 0.233333333, 0.45, -1, 0.3]
    assert result["start"].isna().all()
    assert (result["rationale"] == "").all()


def test_count_decides_where_count_and_mean_disagree():
    """One sure coder of three makes no majority, two doubtful ones do; the confidence stays on that side."""
    codings = frame(
        *(("Q1", "sure", coder, confidence) for coder, confidence in zip("ABC", (1, 0.4, 0.4), strict=True)),
        *(("Q1", "doubt", coder, confidence) for coder, confidence in zip("AB", (0.5, 0.5), strict=True)),
    )
    result = majority(codings).set_index("theme")["confidence"].to_dict()
    assert result == {"sure": pytest.approx(0.49), "doubt": 0.5}
    means = mean_confidence(codings).set_index("theme")["confidence"].to_dict()
    assert means == {"sure": pytest.approx(0.6), "doubt": pytest.approx(1 / 3)}


@settings(max_examples=25, deadline=None)
@given(st_codings, st.sampled_from([0.3, 0.5, 0.8]))
def test_majority_equals_its_definition(codings, threshold):
    """Cell by cell, the majority is what a plain loop over the definition gives."""
    expected = naive_majority(codings, threshold)
    result = majority(codings, threshold=threshold).query("theme != ''")
    cells = {(row.quote_id, row.theme): row.confidence for row in result.itertuples()}
    assert set(cells) == set(expected)
    for cell, (is_coded, mean) in expected.items():
        assert (cells[cell] >= threshold) == is_coded
        if (mean >= threshold) == is_coded and not threshold * 0.98 < mean < threshold:
            assert cells[cell] == pytest.approx(mean)


@settings(max_examples=25, deadline=None)
@given(st_codings, st.randoms(use_true_random=False))
def test_majority_ignores_the_order_of_rows(codings, random):
    """Shuffled rows give the same majority."""
    order = list(range(len(codings)))
    random.shuffle(order)
    one, other = (
        majority(rows).sort_values(["quote_id", "theme"], ignore_index=True) for rows in (codings, codings.iloc[order])
    )
    pd.testing.assert_frame_equal(one, other)


def test_derived_readings_are_no_coders():
    """Majority and consensus repeat what coders said, so they do not vote."""
    result = majority(ROOM)
    both = pd.concat([ROOM, result, result.assign(coder="consensus")], ignore_index=True)
    pd.testing.assert_frame_equal(majority(both), result)
    assert coders(both) == ["A", "B", "C"]
    with pytest.raises(ValueError, match="no coder to take a majority of"):
        majority(result)


def test_a_reading_is_one_coders():
    """A named coder's rows, the majority made on the spot, or an error that lists who there is."""
    assert reading(ROOM, "B")["quote_id"].to_list() == ["Q01", "Q01", "Q02"]
    pd.testing.assert_frame_equal(reading(ROOM, "majority"), majority(ROOM))
    with pytest.raises(ValueError, match="coder 'D' has no codings; there are A, B, C and majority"):
        reading(ROOM, "D")


def test_indicator_holds_only_quotes_that_were_read():
    """A read and silent quote is a row of zeros, an unread one no row; rows in page order, columns as asked for."""
    table = indicator(ROOM, coder="A", themes=["craft", "goals"])
    assert table.index.to_list() == ["Q01", "Q02", "Q03"]
    assert table.to_numpy().tolist() == [[0, 1], [0, 1], [0, 0]]
    assert table.to_numpy().dtype == np.int8
    with pytest.raises(ValueError, match="not in the codebook: goals"):
        indicator(ROOM, coder="A", themes=["craft"])


def test_pages_count_past_a_hundred():
    """Q100 comes after Q99, and ids of any shape compare."""
    assert page_order(["Q100", "Q99", "a-2-b", "Q7", "", "12", "Q07"]) == [
        "",
        "12",
        "Q07",
        "Q7",
        "Q99",
        "Q100",
        "a-2-b",
    ]

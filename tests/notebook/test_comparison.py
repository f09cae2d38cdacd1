"""The comparison: over the quotes both read, with values counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from expert_roundup.notebook.comparison import Reference, agreement_with_readings, differences, own_tally

CODEBOOK = pd.DataFrame({"theme": ["goals", "craft"], "label": ["Set Goals", "Craft Posts"]})


def codings(coder: str, given: dict[str, list[str]]) -> pd.DataFrame:
    """Codings of one coder: themes by quote, no themes for a quote read without."""
    rows = [(quote_id, theme) for quote_id, themes in given.items() for theme in themes or [""]]
    frame = pd.DataFrame(rows, columns=["quote_id", "theme"])
    return frame.assign(coder=coder, confidence=1.0)


MINE = codings("me", {"Q01": ["goals"], "Q02": ["goals", "craft"], "Q03": [], "Q04": ["craft"]})
READINGS = pd.concat(
    [
        codings("A", {"Q01": ["goals"], "Q02": ["craft"], "Q03": [], "Q04": ["craft"], "Q05": ["goals"]}),
        codings("B", {"Q01": ["goals"], "Q02": ["craft"], "Q03": ["goals"]}),
    ],
    ignore_index=True,
)
REFERENCE = Reference(CODEBOOK, READINGS, pd.DataFrame({"theme": ["goals", "craft"], "n_published": [3, 1]}))


def test_agreement_counts_the_quotes_that_both_read():
    """With A three of four quotes have the same themes, with B one of three; Q05 was not read here."""
    found = agreement_with_readings(MINE, REFERENCE, coefficients=["percent"]).set_index("reading")
    assert found["n_units"].to_dict() == {"A": 4, "B": 3, "majority": 4}
    assert found["value"].round(6).to_dict() == {"A": 0.75, "B": round(1 / 3, 6), "majority": 0.75}


def test_differences_name_quote_theme_and_side():
    """Mine alone is `goals` at Q02; a tie of A and B (`goals` at Q03) is no majority, and Q05 is not compared."""
    assert differences(MINE, REFERENCE).to_numpy().tolist() == [["Q02", "goals", "you"]]
    theirs = differences(MINE[MINE["theme"] != "craft"], REFERENCE)
    assert theirs.to_numpy().tolist() == [["Q02", "goals", "you"], ["Q02", "craft", "readings"]]


def test_the_own_tally_stands_beside_the_published_one():
    """Two answers each, against three and one."""
    tally = own_tally(MINE, REFERENCE)
    assert tally[["n_quotes", "n_published", "difference"]].to_numpy().tolist() == [[2, 3, -1], [2, 1, 1]]


def test_without_readings_there_is_nothing_to_agree_with():
    """No rows, rather than an error; without a coding there is nothing to compare at all."""
    alone = Reference(CODEBOOK)
    assert agreement_with_readings(MINE, alone).empty
    assert differences(MINE, alone).empty
    for function in (own_tally, agreement_with_readings):
        with pytest.raises(ValueError, match="nothing was coded yet"):
            function(MINE.iloc[:0], REFERENCE)


def test_a_rejected_theme_does_not_count():
    """Considered below the threshold is not given."""
    rejected = MINE.assign(confidence=MINE["confidence"].where(MINE["quote_id"] != "Q02", 0.2))
    assert differences(rejected, REFERENCE).to_numpy().tolist() == [["Q02", "craft", "readings"]]

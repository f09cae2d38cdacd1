"""Values printed in the literature, recomputed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from expert_roundup.coding.agreement import (
    agreement,
    alpha,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    multivalued_alpha,
    percent_agreement,
    set_alpha,
)

NAN = float("nan")

# Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability, example C: 4 observers, 12 units
CANONICAL = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]
CANONICAL_ALPHAS = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}

# Fleiss, J. L. (1971), table 1: how many of 6 psychiatrists gave each of 30 patients the diagnoses depression,
# personality disorder, schizophrenia, neurosis, other
FLEISS_TABLE_1 = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006
10050 11040 03300 10050 02031 00501 30012 51000 02040 10203
00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""

# Gwet, K. L. (2014), pregnancies of 100 women by two abstractors: ectopic, abnormal, normal
ABSTRACTORS = {(0, 0): 13, (1, 1): 20, (1, 2): 7, (2, 1): 4, (2, 2): 56}

# Krippendorff, K. and Craggs, R. (2016), tables 3, 8 and 9: units in rows, observers F, G, H in columns; "" is the
# empty set, None an empty cell
MULTIVALUED = {
    "table 3": (0.2866, [("bd", "d", None), ("abd", "b", "bd"), ("", "a", "a"), ("a", None, None)]),
    "table 8a": (0.947, [("a", "a", "a"), ("abd", "abd", "abde"), ("d", "d", "d")]),
    "table 8b": (0.923, [("a", "a", "a"), ("ab", "ab", "abd"), ("d", "d", "d")]),
    "table 8c": (0.895, [("a", "a", "a"), ("b", "b", "bd"), ("d", "d", "d")]),
    "table 9a": (0.716, [("a", "a", "a"), ("ab", "ad", "bd"), ("d", "d", "d")]),
    "table 9b": (0.554, [("a", "a", "a"), ("ab", "de", "f"), ("d", "d", "d")]),
    "table 9c": (-0.002, [("a", "b", "ab"), ("ab", "de", "f"), ("bd", "d", "be")]),
}


def _fleiss_data() -> np.ndarray:
    rows = [[int(n) for n in word] for word in FLEISS_TABLE_1.split()]
    return np.array([np.repeat(range(5), counts) for counts in rows]).T


def _of_cells(cells: dict[tuple[int, int], int]) -> list[list[int]]:
    pairs = list(Counter(cells).elements())
    return [[pair[side] for pair in pairs] for side in (0, 1)]


def _sets(rows: list[tuple[str | None, ...]]) -> list[list[set[str] | None]]:
    return [[None if cell is None else set(cell) for cell in column] for column in zip(*rows, strict=True)]


def _codings(sets: list[list[set[str] | None]]) -> pd.DataFrame:
    """Codings in which every coder who read a quote has a row, with an empty theme for an empty set."""
    rows = [
        {"quote_id": f"Q{unit:02}", "coder": "ABCDEF"[coder], "theme": theme, "confidence": 1.0 if theme else None}
        for coder, units in enumerate(sets)
        for unit, labels in enumerate(units, start=1)
        if labels is not None
        for theme in sorted(labels) or [""]
    ]
    return pd.DataFrame(rows)


def _value(codings: pd.DataFrame, coefficient: str, theme: str = "") -> float:
    frame = agreement(codings, coefficients=[coefficient], n_resamples=0)
    return float(frame.loc[frame["theme"] == theme, "value"].iloc[0])


@pytest.mark.parametrize(("level", "printed"), CANONICAL_ALPHAS.items())
def test_krippendorffs_canonical_example(level, printed):
    """Krippendorff (2011), examples C and D: nominal .743, ordinal .815, interval .849, ratio .797."""
    assert alpha(CANONICAL, level=level) == pytest.approx(printed, abs=5e-4)


def test_krippendorffs_binary_example():
    """Krippendorff (2011), example A: two observers, ten articles, alpha .095."""
    meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert alpha([meg, owen]) == pytest.approx(0.095, abs=5e-4)


def test_krippendorffs_nominal_example():
    """Krippendorff (2011), example B: two observers, twelve units, labels a to e, alpha .692."""
    assert alpha([list("aabbdcccedda"), list("babbbccceddd")]) == pytest.approx(0.692, abs=5e-4)


def test_three_observers_with_many_gaps():
    """The worked example of the encyclopedia article "Krippendorff's alpha": nominal .691, interval .811."""
    data = [
        [NAN, NAN, NAN, NAN, NAN, 3, 4, 1, 2, 1, 1, 3, 3, NAN, 3],
        [1, NAN, 2, 1, 3, 3, 4, 3, NAN, NAN, NAN, NAN, NAN, NAN, NAN],
        [NAN, NAN, 2, 1, 3, 4, 4, NAN, 2, 1, 1, 3, 3, NAN, 4],
    ]
    assert alpha(data) == pytest.approx(0.691, abs=5e-4)
    assert alpha(data, level="interval") == pytest.approx(0.811, abs=5e-4)


def test_gwets_example_of_four_raters():
    """Gwet (2014), page 120 (raw data of 4 raters, 12 subjects): percent .81818, Fleiss .76117, AC1 .77544."""
    assert percent_agreement(CANONICAL) == pytest.approx(0.8181818, abs=5e-8)
    assert fleiss_kappa(CANONICAL) == pytest.approx(0.76117, abs=5e-6)
    assert gwet_ac1(CANONICAL) == pytest.approx(0.77544, abs=5e-6)


def test_gwets_example_of_two_abstractors():
    """Gwet (2014), 100 women, two abstractors: percent .89, Cohen's kappa .7964, AC1 .8493, alpha .7973."""
    data = _of_cells(ABSTRACTORS)
    assert percent_agreement(data) == pytest.approx(0.89, abs=1e-12)
    assert cohen_kappa(*data) == pytest.approx(0.7964094, abs=5e-8)
    assert gwet_ac1(data) == pytest.approx(0.8493305, abs=5e-8)
    assert alpha(data) == pytest.approx(0.7972585, abs=5e-8)


def test_fleiss_example():
    """Fleiss (1971), table 1 and page 380: 30 patients, 6 psychiatrists each, kappa .430."""
    assert fleiss_kappa(_fleiss_data()) == pytest.approx(0.430, abs=5e-4)


def test_half_of_fleiss_example():
    """The first 15 patients, as Gwet's irrCAC prints them: Fleiss .4139265, AC1 .4448007, percent .5511111."""
    data = _fleiss_data()[:, :15]
    assert fleiss_kappa(data) == pytest.approx(0.4139265, abs=5e-8)
    assert gwet_ac1(data) == pytest.approx(0.4448007, abs=5e-8)
    assert percent_agreement(data) == pytest.approx(0.5511111, abs=5e-8)


@pytest.mark.parametrize(("printed", "rows"), MULTIVALUED.values(), ids=MULTIVALUED)
def test_multivalued_tables(printed, rows):
    """Krippendorff and Craggs (2016), tables 3, 8 and 9, with the nominal difference."""
    assert multivalued_alpha(_sets(rows)) == pytest.approx(printed, abs=5e-4)


def test_table_3_to_four_digits_and_only_with_missing_told_from_empty():
    """Table 3 gives .2866; were its empty cells empty sets, it would be .1285."""
    sets = _sets(MULTIVALUED["table 3"][1])
    assert multivalued_alpha(sets) == pytest.approx(0.2866, abs=5e-5)
    filled = [[set() if labels is None else labels for labels in units] for units in sets]
    assert multivalued_alpha(filled) == pytest.approx(0.1285, abs=5e-5)


def test_the_frame_gives_the_values_of_the_textbooks():
    """Codings with one theme a quote give Krippendorff's, Fleiss' and Gwet's values over all themes."""
    sets = [[None if np.isnan(value) else {str(int(value))} for value in units] for units in CANONICAL]
    codings = _codings(sets)
    assert _value(codings, "alpha_nominal") == pytest.approx(0.743, abs=5e-4)
    assert _value(codings, "alpha_masi") == pytest.approx(0.743, abs=5e-4)
    assert _value(codings, "fleiss_kappa") == pytest.approx(0.76117, abs=5e-6)
    assert _value(codings, "gwet_ac1") == pytest.approx(0.77544, abs=5e-6)
    assert _value(codings, "percent") == pytest.approx(9 / 11, abs=1e-12)


@pytest.mark.parametrize("level", ["ordinal", "interval", "ratio"])
def test_the_frame_gives_the_canonical_example_from_confidences(level):
    """Values 1 to 5 written as confidences .2 to 1 of one theme give the printed alphas, by theme and over all."""
    rows = [
        {"quote_id": f"Q{unit:02}", "theme": "t", "coder": "ABCD"[coder], "confidence": value / 5}
        for coder, units in enumerate(CANONICAL)
        for unit, value in enumerate(units)
        if not np.isnan(value)
    ]
    codings = pd.DataFrame(rows)
    for theme in ("", "t"):
        assert _value(codings, f"alpha_{level}", theme) == pytest.approx(CANONICAL_ALPHAS[level], abs=5e-4)


@pytest.mark.parametrize(("printed", "rows"), MULTIVALUED.values(), ids=MULTIVALUED)
def test_the_frame_gives_the_multivalued_tables(printed, rows):
    """The same tables through codings: an empty set is a row with an empty theme, a missing cell no row."""
    codings = _codings(_sets(rows))
    assert _value(codings, "alpha_multivalued") == pytest.approx(printed, abs=5e-4)


def test_masi_and_jaccard_of_a_worked_example():
    """Three units, worked by hand: {a} {a}; {a, b} {b}; empty, empty.

    MASI({a, b}, {b}) is 1 - 1/2 x 2/3 = 2/3, Jaccard 1/2. Observed: 2 x 2/3 of 6. Expected: the unordered pairs of the
    six sets a, a, ab, b, 0, 0 add up to 2 x 2/3 + 2/3 + 10 = 12 for MASI, 2 x 1/2 + 1/2 + 10 = 11.5 for Jaccard,
    of 15 pairs.
    """
    sets = [[{"a"}, {"a", "b"}, set()], [{"a"}, {"b"}, set()]]
    assert set_alpha(sets, distance="masi") == pytest.approx(1 - (2 * 2 / 3 / 6) / (12 / 15))
    assert set_alpha(sets, distance="jaccard") == pytest.approx(1 - (2 * 1 / 2 / 6) / (11.5 / 15))

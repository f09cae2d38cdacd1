"""Second implementations: the definitions written out as loops, nltk, and krippendorff."""

from __future__ import annotations

from itertools import combinations
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_roundup.coding.agreement import (
    alpha,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    multivalued_alpha,
    percent_agreement,
    set_alpha,
)

LEVELS = ("nominal", "ordinal", "interval", "ratio")
THEMES = "abcde"

values = st.one_of(st.none(), st.integers(0, 4))
tables = st.integers(2, 5).flatmap(
    lambda n_coders: st.integers(1, 12).flatmap(
        lambda n_units: st.lists(
            st.lists(values, min_size=n_units, max_size=n_units), min_size=n_coders, max_size=n_coders
        )
    )
)
some_set = st.one_of(st.none(), st.frozensets(st.sampled_from(THEMES), max_size=4))
set_tables = st.integers(2, 4).flatmap(
    lambda n_coders: st.integers(1, 8).flatmap(
        lambda n_units: st.lists(
            st.lists(some_set, min_size=n_units, max_size=n_units), min_size=n_coders, max_size=n_coders
        )
    )
)


def _units(table):
    """The given values of every unit that two coders read."""
    units = [[value for value in unit if value is not None] for unit in zip(*table, strict=True)]
    return [unit for unit in units if len(unit) > 1]


def _ordinal(counts):
    def distance(a, b):
        low, high = min(a, b), max(a, b)
        between = sum(n for value, n in counts.items() if low <= value <= high)
        return (between - (counts[low] + counts[high]) / 2) ** 2 if low != high else 0

    return distance


def _alpha_by_definition(table, distance):
    units = _units(table)
    given_values = [value for unit in units for value in unit]
    n = len(given_values)
    if len(set(given_values)) < 2:
        return float("nan")
    observed = sum(
        sum(distance(a, b) for i, a in enumerate(unit) for j, b in enumerate(unit) if i != j) / (len(unit) - 1)
        for unit in units
    )
    expected = sum(distance(a, b) for i, a in enumerate(given_values) for j, b in enumerate(given_values) if i != j)
    return 1 - (n - 1) * observed / expected


def _distance(level, table):
    given_values = [value for unit in _units(table) for value in unit]
    counts = {value: given_values.count(value) for value in set(given_values)}
    return {
        "nominal": lambda a, b: float(a != b),
        "ordinal": _ordinal(counts),
        "interval": lambda a, b: (a - b) ** 2,
        "ratio": lambda a, b: ((a - b) / (a + b)) ** 2 if a + b else 0,
    }[level]


def _numbers(table):
    return np.array([[np.nan if value is None else value for value in units] for units in table], dtype=float)


def _masi(a, b):
    if a == b:
        return 0.0
    weight = 2 / 3 if a <= b or b <= a else 1 / 3 if a & b else 0.0
    return 1 - len(a & b) / len(a | b) * weight


def _dice(a, b):
    return 1 - 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


def _multivalued_by_definition(table):
    """Observed over expected, the latter summed over every pair of sets that could be made of the labels."""
    units = _units(table)
    sets = [labels for unit in units for labels in unit]
    if len(set(sets)) < 2:
        return float("nan")
    observed = sum(
        sum(_dice(a, b) for i, a in enumerate(unit) for j, b in enumerate(unit) if i != j) / (len(unit) - 1)
        for unit in units
    ) / len(sets)
    labels = sorted({label for labels in sets for label in labels})
    n = {label: sum(label in labels for labels in sets) for label in labels}
    sizes = {size: sum(len(labels) == size for labels in sets) / len(sets) for size in {len(s) for s in sets}}
    expected = 0.0
    for r, share_r in sizes.items():
        for s, share_s in sizes.items():
            pairs = [(set(c), set(k)) for c in combinations(labels, r) for k in combinations(labels, s)]
            weights = [prod(n[x] for x in c | k) * prod(n[x] - 1 for x in c & k) for c, k in pairs]
            if sum(weights):
                mean = sum(w * _dice(c, k) for w, (c, k) in zip(weights, pairs, strict=True)) / sum(weights)
                expected += share_r * share_s * mean
    return 1 - observed / expected


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(LEVELS))
def test_alpha_is_its_definition(table, level):
    """1 - D_o / D_e over all ordered pairs of pairable values, missing values left out."""
    expected = _alpha_by_definition(table, _distance(level, table))
    assert alpha(_numbers(table), level=level) == pytest.approx(expected, abs=1e-9, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(set_tables)
def test_set_alpha_is_its_definition(table):
    """The same with MASI, Jaccard and Dice distances, empty sets among the values."""
    jaccard = {"jaccard": lambda a, b: 1 - len(a & b) / len(a | b) if a or b else 0.0, "masi": _masi, "dice": _dice}
    for name, distance in jaccard.items():
        expected = _alpha_by_definition(table, distance)
        assert set_alpha(table, distance=name) == pytest.approx(expected, abs=1e-9, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(set_tables)
def test_multivalued_alpha_is_its_definition(table):
    """Multiplying out label by label equals summing over every pair of sets."""
    assert multivalued_alpha(table) == pytest.approx(_multivalued_by_definition(table), abs=1e-9, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_kappas_are_their_definitions(table):
    """Percent, Fleiss and AC1 from shares per unit; Cohen from the table of two coders."""
    units = _units(table)
    every = [[v for v in unit if v is not None] for unit in zip(*table, strict=True)]
    every = [unit for unit in every if unit]
    found = sorted({v for unit in every for v in unit})
    agreeing = [np.mean([a == b for a, b in combinations(unit, 2)]) for unit in units]
    observed = np.mean(agreeing) if units else np.nan
    shares = [np.mean([unit.count(v) / len(unit) for unit in every]) for v in found]
    assert percent_agreement(_numbers(table)) == pytest.approx(observed, nan_ok=True)
    for coefficient, chance in (
        (fleiss_kappa, sum(p**2 for p in shares)),
        (gwet_ac1, sum(p * (1 - p) for p in shares) / (len(found) - 1) if len(found) > 1 else 1),
    ):
        expected = np.nan if len(found) < 2 else (observed - chance) / (1 - chance)
        assert coefficient(_numbers(table)) == pytest.approx(expected, abs=1e-9, nan_ok=True)
    pairs = [(a, b) for a, b in zip(table[0], table[1], strict=True) if a is not None and b is not None]
    chance = sum(np.mean([a == v for a, _ in pairs]) * np.mean([b == v for _, b in pairs]) for v in found if pairs)
    is_defined = bool(pairs) and chance < 1 - 1e-12
    expected = (np.mean([a == b for a, b in pairs]) - chance) / (1 - chance) if is_defined else np.nan
    assert cohen_kappa(*_numbers(table)[:2]) == pytest.approx(expected, abs=1e-9, nan_ok=True)


def _random_table(rng):
    n_coders, n_units, n_values = rng.integers(2, 6), rng.integers(3, 20), rng.integers(2, 6)
    table = rng.integers(0, n_values, size=(n_coders, n_units)).astype(float)
    table[rng.random(table.shape) < rng.choice([0, 0.2, 0.5])] = np.nan
    return table


def _varies(table):
    pairable = table[:, (~np.isnan(table)).sum(axis=0) > 1]
    return len(np.unique(pairable[~np.isnan(pairable)])) > 1


def test_krippendorff_package_agrees_on_a_thousand_tables():
    """1,000 random tables with missing values, four levels in turn: equal to 1e-9 where the package is defined."""
    import krippendorff

    rng, n_compared = np.random.default_rng(0), 0
    for round_ in range(1000):
        table, level = _random_table(rng), LEVELS[round_ % 4]
        # the package divides 0 by 0 in the ratio distance of two zeros
        table = table + 1 if level == "ratio" else table
        if _varies(table):
            expected = krippendorff.alpha(reliability_data=table, level_of_measurement=level)
            assert alpha(table, level=level) == pytest.approx(expected, abs=1e-9), table
            n_compared += 1
    assert n_compared > 950


@pytest.mark.parametrize("kind", ["nominal", "interval", "masi", "jaccard"])
def test_nltk_agrees_on_a_thousand_tables(kind):
    """250 random tables a distance, with missing values: equal to 1e-9; no empty sets, by which nltk divides."""
    from nltk.metrics import agreement as task
    from nltk.metrics import distance as distances

    chosen = {
        "nominal": distances.binary_distance,
        "interval": distances.interval_distance,
        "masi": distances.masi_distance,
        "jaccard": distances.jaccard_distance,
    }[kind]
    rng, n_compared = np.random.default_rng(1), 0
    subsets = [frozenset(c) for size in (1, 2, 3) for c in combinations(THEMES[:4], size)]
    for _ in range(250):
        table = _random_table(rng)
        if not _varies(table):
            continue
        is_set = kind in ("masi", "jaccard")
        label = (lambda value: subsets[int(value) * 3 % len(subsets)]) if is_set else float
        cells = [[None if np.isnan(v) else label(v) for v in units] for units in table]
        triples = [
            (coder, unit, cell)
            for coder, units in enumerate(cells)
            for unit, cell in enumerate(units)
            if cell is not None
        ]
        expected = task.AnnotationTask(data=triples, distance=chosen).alpha()
        found = set_alpha(cells, distance=kind) if is_set else alpha(table, level=kind)
        assert found == pytest.approx(expected, abs=1e-9), table
        n_compared += 1
    assert n_compared > 230


@settings(max_examples=40, deadline=None)
@given(set_tables, st.randoms(use_true_random=False))
def test_coder_order_does_not_matter(table, random):
    """Every coefficient over sets is the same whoever is called first."""
    shuffled = random.sample(table, len(table))
    for distance in ("masi", "jaccard", "dice"):
        assert set_alpha(shuffled, distance=distance) == pytest.approx(set_alpha(table, distance=distance), nan_ok=True)
    assert multivalued_alpha(shuffled) == pytest.approx(multivalued_alpha(table), nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.frozensets(st.sampled_from(THEMES)), min_size=2, max_size=8), st.integers(2, 4))
def test_identical_coders_have_alpha_one_if_their_codings_vary(units, n_coders):
    """Exactly 1 where two different sets occur, no value where they are all the same."""
    expected = 1.0 if len(set(units)) > 1 else float("nan")
    table = [units] * n_coders
    found = [set_alpha(table), set_alpha(table, distance="jaccard"), multivalued_alpha(table)]
    found += [alpha([[len(labels) for labels in units]] * n_coders, level=level) for level in LEVELS]
    sizes_vary = len({len(labels) for labels in units}) > 1
    assert found[:3] == pytest.approx([expected] * 3, nan_ok=True)
    assert found[3:] == pytest.approx([1.0 if sizes_vary else float("nan")] * 4, nan_ok=True)


def test_many_labels_cost_no_more_than_their_number():
    """40 labels, 2**80 possible pairs of sets: chance agreement of sets of one label each is that of single values."""
    rng = np.random.default_rng(0)
    table = [[{int(label)} for label in rng.integers(0, 40, size=500)] for _ in range(3)]
    observed = np.mean([a != b for units in zip(*table, strict=True) for a, b in combinations(units, 2)])
    n = np.bincount([label for units in table for labels in units for label in labels])
    # sets of one label: drawn in proportion n of the one, and n or n - 1 of the other
    chance = 1 - (n * (n - 1)).sum() / (n.sum() ** 2 - n.sum())
    assert multivalued_alpha(table) == pytest.approx(1 - observed / chance)


def test_data_that_is_no_table_is_refused():
    """A list of values is no table of coders x units; sets must come equally long; unknown names are named."""
    with pytest.raises(ValueError, match="coders x units, two dimensions, not 1"):
        alpha([1, 2, 3])
    with pytest.raises(ValueError, match=r"as many units for every coder, not \[1, 2\]"):
        set_alpha([[{"a"}], [{"a"}, {"b"}]])
    with pytest.raises(ValueError, match="level must be one of nominal, ordinal, interval, ratio, not 'cardinal'"):
        alpha([[1, 2]], level="cardinal")
    with pytest.raises(ValueError, match="distance must be one of masi, jaccard, dice, not 'hamming'"):
        set_alpha([[{"a"}]], distance="hamming")
    with pytest.raises(ValueError, match="'interval' needs numbers"):
        alpha([["a", "b"], ["a", "c"]], level="interval")
    with pytest.raises(ValueError, match="'ratio' needs numbers from 0 up, not -1"):
        alpha([[-1, 2], [1, 2]], level="ratio")


def test_labels_of_any_kind_are_compared():
    """Words, and words beside numbers, are nominal values; None and nan are missing."""
    assert alpha([["a", "b", None], ["a", "b", "a"]]) == 1.0
    assert alpha([["a", 1, float("nan")], ["a", 1, "a"]]) == 1.0

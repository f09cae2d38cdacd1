"""Charts read back off their axes: bars, dots, cells, labels and order are the frame's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from expert_roundup.output import charts
from expert_roundup.output.charts import draw_tally, make_chart, study_charts, tally_numbers, tally_title
from expert_roundup.output.charts.study import NAMES, RECIPES, charts_missing
from expert_roundup.output.style import Look

Frames = dict[str, pd.DataFrame]
Made = dict[str, charts.Chart]


def labelled(figure: Figure) -> Axes:
    """The axes whose rows have names."""
    return next(axes for axes in figure.axes if axes.get_yticklabels() and axes.get_yticklabels()[0].get_text())


def rows_of(figure: Figure) -> list[str]:
    """Names of the rows, from the top, in one line each."""
    return [label.get_text().replace("\n", " ") for label in labelled(figure).get_yticklabels()]


def words_of(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")  # type: ignore[attr-defined]


def test_tally_bars_are_the_counts_and_diamonds_the_published_ones(frames: Frames) -> None:
    """Most frequent first, ties in the order of the codebook."""
    tally = frames["tally"].sort_values("n_quotes", ascending=False, kind="stable")
    axes = labelled(draw_tally(frames["tally"]))
    assert [bar.get_width() for bar in axes.patches] == tally["n_quotes"].tolist()
    diamonds = next(line for line in axes.lines if line.get_marker() == "D")
    assert list(diamonds.get_xdata()) == tally["n_published"].tolist()
    assert rows_of(draw_tally(frames["tally"])) == tally["label"].tolist()


def test_rank_intervals_run_from_low_to_high(frames: Frames) -> None:
    """One line and one dot a theme in the panel at the right."""
    rows = tally_numbers(frames["tally"])
    panel = draw_tally(frames["tally"]).axes[0]
    lines = [list(line.get_xdata()) for line in panel.lines if len(line.get_xdata()) == 2]
    dots = [line.get_xdata()[0] for line in panel.lines if line.get_marker() == "o"]
    assert lines == rows[["rank_low", "rank_high"]].to_numpy().tolist()
    assert dots == rows["rank"].tolist()


def test_only_marked_themes_are_in_colour(frames: Frames) -> None:
    """By default those that lead; else those that are asked for."""
    look = Look()
    bars = labelled(draw_tally(frames["tally"], mark=["t03"])).patches
    colors = {tuple(bar.get_facecolor()) for bar in bars}
    assert len(colors) == 2
    leaders = (frames["tally"]["n_quotes"] == frames["tally"]["n_quotes"].max()).sum()
    blue = tuple(int(look.mark[i : i + 2], 16) / 255 for i in (1, 3, 5))
    first = labelled(draw_tally(frames["tally"])).patches
    assert sum(np.allclose(bar.get_facecolor()[:3], blue) for bar in first) == leaders


def test_a_tally_without_published_counts_and_ranks_leaves_their_columns_out(frames: Frames) -> None:
    """Nothing is invented where nothing was published."""
    bare = frames["tally"].assign(n_published=pd.NA, difference=pd.NA, rank_low=np.nan, rank_high=np.nan)
    figure = draw_tally(bare)
    assert not {"Published", "Diamond", "rank"} & set(words_of(figure).replace(".", " ").split())
    assert "published" not in tally_title(bare)


@pytest.mark.parametrize(
    ("counts", "published", "expected"),
    [
        ([5, 3], [5, 2], "“A” leads with 5 of 10 answers, as in the published tally (5)"),
        ([5, 3], [2, 6], "“A” leads with 5 of 10 answers; the published tally has “B” first (6)"),
        ([4, 4], [None, None], "“A” and “B” lead with 4 of 10 answers each"),
        ([4, 4, 4], [1, 1, 1], "3 themes share the lead with 4 of 10 answers each, as in the published tally (1)"),
        ([4, 2, 1], [1, 1, 1], "“A” leads with 4 of 10 answers; 3 lead the published tally"),
        ([0, 0], [1, 0], "No theme is given in any answer"),
    ],
)
def test_the_title_of_the_tally_says_what_is_there(
    counts: list[int], published: list[int | None], expected: str
) -> None:
    """Computed from the numbers, so that it changes when they do."""
    n = len(counts)
    frame = pd.DataFrame({"theme": list("abc")[:n], "label": list("ABC")[:n], "n_quotes": counts}).assign(
        share=[c / 10 for c in counts], n_published=pd.array(published, dtype="Int64"), difference=0, rank=1,
        rank_low=np.nan, rank_high=np.nan,
    )  # fmt: skip
    assert tally_title(frame) == expected


def test_agreement_dots_are_the_values_and_lines_the_intervals(frames: Frames, made: Made) -> None:
    """A theme without a value has no dot but says so."""
    chart = made["agreement"]
    axes = labelled(chart.figure)
    dots = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert dots == chart.numbers["value"].dropna().tolist()
    n_without = int(chart.numbers["value"].isna().sum())
    assert n_without
    assert sum(text.get_text().startswith("no value") for text in axes.texts) == n_without
    lines = [list(line.get_xdata()) for line in axes.lines if line.get_linewidth() == 4]
    assert lines == chart.numbers.dropna(subset=["value"])[["low", "high"]].to_numpy().tolist()


def test_agreement_shows_all_coders_even_where_some_were_left_out(frames: Frames) -> None:
    """Rows of fewer coders are another question."""
    fewer = frames["agreement"].assign(coders="A B", n_coders=2, value=0.1)
    both = pd.concat([fewer, frames["agreement"]], ignore_index=True)
    assert 0.1 not in charts.agreement_numbers(both)["value"].tolist()


def test_an_unknown_coefficient_is_an_error_that_names_those_there(frames: Frames) -> None:
    """The frame says what it has."""
    with pytest.raises(ValueError, match=r"coefficient: no theme has 'gamma'; the frame has alpha_masi, alpha_nominal"):
        charts.agreement_numbers(frames["agreement"], coefficient="gamma")


def test_reconstruction_has_a_dot_a_coding_and_a_frame_an_open_cell(frames: Frames, made: Made) -> None:
    """Doubt is drawn, not hidden."""
    chart = made["reconstruction"]
    axes = labelled(chart.figure)
    assert sum(line.get_marker() == "o" for line in axes.lines) == frames["reconstruction"]["is_coded"].sum()
    assert len(axes.patches) == frames["reconstruction"]["probability"].between(0.1, 0.9, inclusive="neither").sum()
    (cells,) = axes.collections
    assert sorted(cells.get_array()) == sorted(frames["reconstruction"]["probability"])


def test_who_said_what_shades_by_the_share_of_readers(frames: Frames, made: Made) -> None:
    """Every cell that a reader gave, and zero elsewhere; each speaker once."""
    chart = made["who_said_what"]
    axes = labelled(chart.figure)
    coded = frames["codings"][frames["codings"]["confidence"] >= 0.5]
    expected = coded.groupby(["quote_id", "theme"]).size().div(3)
    (cells,) = axes.collections
    values = np.asarray(cells.get_array())
    assert sorted(values[values > 0]) == pytest.approx(sorted(expected))
    assert len(axes.get_xticklabels()) == 31


def test_readings_made_of_others_are_no_readers(frames: Frames) -> None:
    """The majority does not vote once more."""
    codings = frames["codings"]
    more = pd.concat([codings, codings[codings["coder"] == "A"].assign(coder="majority")])
    pd.testing.assert_frame_equal(charts.who_said_what_numbers(more), charts.who_said_what_numbers(codings))


def test_an_empty_theme_counts_as_read_and_gives_nothing(frames: Frames) -> None:
    """A coder who found nothing lowers the share of those who did."""
    codings = pd.DataFrame(
        {"quote_id": ["Q1", "Q1"], "theme": ["a", ""], "coder": ["A", "B"], "confidence": [1.0, np.nan]}
    )
    assert charts.who_said_what_numbers(codings)["share"].tolist() == [0.5]


def test_cooccurrence_counts_pairs_and_what_chance_would_give() -> None:
    """Three answers, counted by hand: a and b meet twice, 2 x 3 / 3 = 2 by chance."""
    codings = pd.DataFrame(
        [(q, t, "A", 1.0) for q, themes in (("Q1", "ab"), ("Q2", "ab"), ("Q3", "b")) for t in themes],
        columns=["quote_id", "theme", "coder", "confidence"],
    )
    (row,) = charts.cooccurrence_numbers(codings).to_dict("records")
    assert (row["theme"], row["other"], row["n_both"], row["n_expected"]) == ("b", "a", 2, 2.0)
    axes = labelled(charts.draw_cooccurrence(codings))
    assert sorted(text.get_text() for text in axes.texts) == ["2", "2", "3"]


def test_pairs_that_were_tested_are_judged_by_their_corrected_p() -> None:
    """A pair is framed below .05 and the title counts it; above, the title says that none is beyond chance."""
    pairs = pd.DataFrame(
        {"theme_a": ["a"], "theme_b": ["b"], "n_a": [5], "n_b": [4], "n_both": [4], "expected": [1.0]}
    ).assign(p_corrected=[0.01])
    assert charts.cooccurrence_title(pairs) == "1 pair of 1 goes together beyond chance (corrected p below .05)"
    assert len(labelled(charts.draw_cooccurrence(pairs)).patches) == 1
    assert "No two themes" in charts.cooccurrence_title(pairs.assign(p_corrected=0.2))
    assert len(labelled(charts.draw_cooccurrence(pairs.assign(p_corrected=0.2))).patches) == 0


def test_dos_stand_right_and_donts_left(frames: Frames) -> None:
    """A statement of both kinds counts on both sides, and for every theme of its answer."""
    norms = pd.DataFrame(
        {
            "quote_id": ["Q1"] * 4,
            "kind": ["prescription", "proscription", "both", "proscription"],
            "strength": ["must", "implied", "should", "may"],
            "theme": ["a", "a", "a", "b"],
        }
    )
    numbers = charts.dos_and_donts_numbers(norms)
    assert numbers[["theme", "n_dos", "n_donts", "n_donts_implied"]].to_numpy().tolist() == [
        ["a", 2, 2, 1],
        ["b", 0, 1, 0],
    ]
    axes = labelled(charts.draw_dos_and_donts(norms))
    assert sum(bar.get_width() for bar in axes.patches if bar.get_width() > 0) == 2
    assert sum(bar.get_width() for bar in axes.patches if bar.get_width() < 0) == -3
    assert "warn more often" in charts.dos_and_donts_title(norms)


def test_dos_and_donts_need_themes(frames: Frames) -> None:
    """Without a column theme and without codings there is nothing to sort by."""
    with pytest.raises(ValueError, match="norms: needs a column theme, or codings"):
        charts.draw_dos_and_donts(frames["norms"])


def test_platform_bars_count_answers_not_mentions() -> None:
    """A platform named five times in one answer has one answer, with times in a column n or a row each."""
    rows = pd.DataFrame({"quote_id": ["Q1"] * 5 + ["Q1", "Q2"], "platform": ["Agora"] * 5 + ["Forum"] * 2})
    counted = pd.DataFrame({"quote_id": ["Q1", "Q1", "Q2"], "platform": ["Agora", "Forum", "Forum"], "n": [5, 1, 1]})
    for frame in (rows, counted):
        numbers = charts.platforms_numbers(frame, n_answers=4)
        assert numbers.to_numpy().tolist() == [["Forum", 2, 0.5, 2], ["Agora", 1, 0.25, 5]]
    assert [bar.get_width() for bar in labelled(charts.draw_platforms(rows)).patches] == [2, 1]


def test_length_columns_are_sorted_and_the_line_is_the_median(frames: Frames) -> None:
    """The longest first."""
    axes = charts.draw_lengths(frames["quotes"]).axes[0]
    words = sorted(frames["quotes"]["n_words"], reverse=True)
    assert [bar.get_height() for bar in axes.patches] == words
    assert any(line.get_ydata()[0] == np.median(words) for line in axes.lines)


def test_english_names_are_shown_where_the_study_knows_them(frames: Frames) -> None:
    """The column speaker_en comes first."""
    quotes = frames["quotes"].assign(speaker_en="Known")
    assert set(charts.lengths_numbers(quotes)["speaker"]) == {"Known"}


def test_the_consensus_matrix_is_ordered_by_group(frames: Frames, made: Made) -> None:
    """The largest group first, those in none last; the cells are the frame's in that order."""
    figure = made["consensus_matrix"].figure
    values = np.asarray(figure.axes[0].collections[0].get_array()).reshape(31, 31)
    assert np.array_equal(values, values.T)
    assert sorted(values.ravel()) == pytest.approx(sorted(frames["consensus"].to_numpy().ravel()))
    numbers = charts.consensus_matrix_numbers(frames["consensus"], clusters=frames["clusters"])
    order = [numbers["cluster"].iloc[0], *numbers["other_cluster"].head(30)]
    sizes = [order.count(group) for group in dict.fromkeys(order) if group]
    assert order == sorted(order, key=lambda group: (not group, -order.count(group), group))
    assert sizes == sorted(sizes, reverse=True)


def test_a_consensus_that_is_not_square_is_refused(frames: Frames) -> None:
    """Rows and columns must be the same answers."""
    with pytest.raises(ValueError, match="consensus: must be square"):
        charts.draw_consensus_matrix(frames["consensus"].iloc[:, 1:])


def test_map_points_are_where_the_frame_puts_them(frames: Frames) -> None:
    """Every answer once; the stress is in the title."""
    figure = charts.draw_map(frames["clusters"], stress=0.31)
    points = {(x, y) for line in figure.axes[0].lines for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)}
    assert points == set(zip(frames["clusters"]["x"], frames["clusters"]["y"], strict=True))
    assert "stress .31" in figure.title


def test_dendrogram_joins_at_the_heights_of_the_frame(frames: Frames, made: Made) -> None:
    """One bracket a join, its top at the join's height."""
    chart = made["dendrogram"]
    tops = [max(line.get_ydata()) for line in chart.figure.axes[0].lines if len(line.get_xdata()) == 4]
    assert sorted(tops) == pytest.approx(sorted(frames["linkage"]["height"]))
    assert chart.title.startswith(f"{frames['quotes']['speaker'][0]} and {frames['quotes']['speaker'][1]} join first")


@pytest.mark.parametrize("name", NAMES)
def test_title_n_and_source_stand_on_every_chart_unless_plain(frames: Frames, name: str) -> None:
    """The finding above, the source below; a plain chart has neither. Drawing does not touch the frames."""
    before = {name: frame.copy(deep=True) for name, frame in frames.items()}
    (chart,) = study_charts(frames, only=[name], source="Source: here")
    words, plain = words_of(chart.figure), words_of(chart.draw(Look(is_plain=True)))
    assert chart.title.split(";")[0] in words
    assert "Source: here" in words
    assert any(unit in words for unit in ("answer", "mention", "pair"))
    assert chart.title not in plain
    assert "Source" not in plain
    for frame, was in before.items():
        pd.testing.assert_frame_equal(frames[frame], was)


@pytest.mark.parametrize("name", NAMES)
def test_alt_texts_say_the_title_and_the_numbers(made: Made, name: str) -> None:
    """What the eye gets from the chart is in its words."""
    chart = made[name]
    assert chart.title in chart.alt_text
    assert len(chart.alt_text) > len(chart.title) + 40


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_an_empty_or_incomplete_frame_is_an_error_that_names_it(frames: Frames, recipe: Any) -> None:
    """The message says which frame, and what it lacks."""
    given = {"quote_ids": ["Q01"]} if recipe.name == "dendrogram" else {}
    with pytest.raises(ValueError, match=rf"^{recipe.frame}: (has no rows|needs|must be)"):
        make_chart(recipe.name, frames[recipe.frame].iloc[:0], **given)
    if recipe.name != "consensus_matrix":
        with pytest.raises(ValueError, match=rf"^{recipe.frame}: needs the columns"):
            make_chart(recipe.name, frames[recipe.frame][[frames[recipe.frame].columns[0]]], **given)


def test_study_charts_draws_what_the_frames_allow_and_says_what_they_lack(frames: Frames) -> None:
    """In the order of a talk; a chart that was asked for and cannot be drawn is an error."""
    few = {name: frames[name] for name in ("quotes", "tally")}
    assert [chart.name for chart in study_charts(few)] == ["tally", "lengths"]
    assert charts_missing(few)["map"] == "needs clusters"
    with pytest.raises(ValueError, match=r"only: map needs clusters; there are quotes, tally"):
        study_charts(few, only=["map", "tally"])
    with pytest.raises(ValueError, match=r"only: no chart is called nope"):
        study_charts(few, only=["nope"])
    with pytest.raises(ValueError, match=r"frames: none of .* makes a chart"):
        study_charts({})


def test_a_chart_that_its_frame_does_not_allow_leaves_the_others_alone(frames: Frames) -> None:
    """One theme makes no pair, points without a place no map; the reason is at hand, and an error where asked."""
    one = frames["codings"].assign(theme="t00")
    few = {"codings": one, "clusters": frames["clusters"].assign(x=np.nan)}
    assert [chart.name for chart in study_charts(few)] == ["who_said_what"]
    missing = charts_missing(few)
    assert missing["cooccurrence"] == "cannot be drawn: codings: two themes are needed to see which come together"
    assert "no answer has a place" in missing["map"]
    with pytest.raises(ValueError, match="only: cooccurrence cannot be drawn: codings: two themes"):
        study_charts(few, only=["cooccurrence"])


def test_a_notebook_shows_a_chart_without_pyplot(frames: Frames) -> None:
    """The figure brings its own picture, its size on the screen and its title as text."""
    data, sizes = draw_tally(frames["tally"])._repr_mimebundle_(include=None, exclude=None)
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == tally_title(frames["tally"])
    assert sizes["image/png"] == {"width": 960, "height": 540}

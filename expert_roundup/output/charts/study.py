"""All charts that the frames of a study allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expert_roundup.output.cells import legible
from expert_roundup.output.charts import (
    agreement,
    consensus,
    cooccurrence,
    dendrogram,
    dos_and_donts,
    lengths,
    maps,
    platforms,
    reconstruction,
    tally,
    who_said_what,
)
from expert_roundup.output.charts.chart import Chart

if TYPE_CHECKING:
    import pandas as pd

_Frames = Mapping[str, "pd.DataFrame"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one chart is made from the frames of a study.

    Attributes
    ----------
    name
        Of the chart.
    frame
        The frame it shows.
    also
        Frames it needs beside.
    may
        Frames it takes where they are there, under the name of the argument.
    numbers, title, alt_text, draw
        The chart's functions.
    """

    name: str
    frame: str
    also: tuple[str, ...]
    may: tuple[str, ...]
    numbers: Callable[..., pd.DataFrame]
    title: Callable[..., str]
    alt_text: Callable[..., str]
    draw: Callable[..., Any]

    def missing(self, frames: _Frames) -> list[str]:
        """Return the frames it lacks."""
        return [name for name in (self.frame, *self.also) if name not in frames or not len(frames[name])]


def _recipe(module: Any, name: str, frame: str, *, also: tuple[str, ...] = (), may: tuple[str, ...] = ()) -> Recipe:
    parts = {part: getattr(module, f"{name}_{part}") for part in ("numbers", "title", "alt_text")}
    return Recipe(name, frame, also, may, draw=getattr(module, f"draw_{name}"), **parts)


#: every chart, in the order in which a talk would show them
RECIPES = (
    _recipe(tally, "tally", "tally"),
    _recipe(who_said_what, "who_said_what", "codings", may=("quotes", "codebook")),
    _recipe(agreement, "agreement", "agreement", may=("codebook",)),
    _recipe(reconstruction, "reconstruction", "reconstruction", may=("codebook",)),
    _recipe(cooccurrence, "cooccurrence", "codings", may=("codebook",)),
    _recipe(dos_and_donts, "dos_and_donts", "norms", also=("codings",), may=("codings", "codebook")),
    _recipe(platforms, "platforms", "platforms"),
    _recipe(lengths, "lengths", "quotes"),
    _recipe(consensus, "consensus_matrix", "consensus", may=("clusters", "quotes")),
    _recipe(maps, "map", "clusters", may=("quotes",)),
    _recipe(dendrogram, "dendrogram", "linkage", also=("quotes",), may=("quotes",)),
)
NAMES = tuple(recipe.name for recipe in RECIPES)
#: every frame that a chart may show
FRAMES = (
    "quotes", "codebook", "codings", "published_tally", "tally", "agreement", "reconstruction", "norms", "clusters",
    "consensus", "linkage", "platforms", "cooccurrence",
)  # fmt: skip


def study_charts(
    frames: _Frames,
    *,
    only: Iterable[str] | None = None,
    source: str = "",
    notes: Mapping[str, str] | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Chart]:
    """Return the charts of a study.

    Parameters
    ----------
    frames
        The frames of a study by name, any of FRAMES.
    only
        Names of charts; default: all that the frames allow.
    source
        The line under each chart (`expert_roundup.output.provenance.source_line`).
    notes
        A limit to state on a chart, by the chart's name.
    options
        Further arguments of a chart, by the chart's name: ``{"map": {"stress": 0.31}}``.

    Returns
    -------
    list of Chart
        In the order of RECIPES.

    Raises
    ------
    ValueError
        A name in `only` is unknown, or its frames are missing or do not allow it, or the frames allow no chart at all.
    """
    wanted = set(NAMES if only is None else only)
    if unknown := sorted(wanted - set(NAMES)):
        raise ValueError(f"only: no chart is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    lacking = {name: reason for name, reason in charts_missing(frames).items() if name in wanted}
    if only is not None and lacking:
        reasons = "; ".join(f"{name} {reason}" for name, reason in lacking.items())
        raise ValueError(f"only: {reasons}; there are {', '.join(sorted(frames))}")
    made = [recipe for recipe in RECIPES if recipe.name in wanted and recipe.name not in lacking]
    if not made:
        raise ValueError(f"frames: none of {', '.join(sorted(frames)) or 'none'} makes a chart; a tally would")
    notes, options = notes or {}, options or {}
    charts = []
    for recipe in made:
        frame, given = _arguments(recipe, frames)
        given |= options.get(recipe.name, {})
        charts.append(make_chart(recipe.name, frame, source=source, note=notes.get(recipe.name, ""), **given))
    return charts


def make_chart(name: str, frame: pd.DataFrame, *, source: str = "", note: str = "", **options: Any) -> Chart:
    """Return one chart as a record.

    Parameters
    ----------
    name
        One of NAMES.
    frame
        The frame that the chart shows.
    source, note
        The last lines of the chart.
    options
        Further arguments of its functions: codebook, quotes, coder, ...

    Raises
    ------
    ValueError
        There is no such chart, or the frame lacks a column.
    """
    recipe = next((recipe for recipe in RECIPES if recipe.name == name), None)
    if recipe is None:
        raise ValueError(f"name: no chart is called {name!r}; there are {', '.join(NAMES)}")
    return Chart(
        name=name,
        title=legible(recipe.title(frame, **options)),
        alt_text=legible(recipe.alt_text(frame, **options)),
        numbers=recipe.numbers(frame, **options),
        draw=lambda look: recipe.draw(frame, **options, source=source, note=note, look=look),
    )


def tally_chart(tally: pd.DataFrame, *, source: str = "", note: str = "") -> Chart:
    """Return the tally chart as a record, for `save_chart` and `chart_files`."""
    return make_chart("tally", tally, source=source, note=note)


def charts_missing(frames: _Frames) -> dict[str, str]:
    """Return the charts that `frames` do not allow, each with the reason ("needs clusters", or what is wrong)."""
    reasons = {}
    for recipe in RECIPES:
        if lacking := recipe.missing(frames):
            reasons[recipe.name] = f"needs {', '.join(lacking)}"
            continue
        frame, given = _arguments(recipe, frames)
        try:
            recipe.numbers(frame, **given)
        except ValueError as error:
            reasons[recipe.name] = f"cannot be drawn: {error}"
    return reasons


def _arguments(recipe: Recipe, frames: _Frames) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The frame of a chart and what stands beside it."""
    frame, given = frames[recipe.frame], dict[str, Any]({name: frames[name] for name in recipe.may if name in frames})
    if recipe.name == "consensus_matrix" and "quote_id" in frame.columns:  # as it was read from csv
        frame = frame.set_index("quote_id")
    if recipe.name == "cooccurrence":  # counted and tested already, or to be counted from the codings
        frame = frames.get("cooccurrence", frame)
    if recipe.name == "platforms" and "quotes" in frames:
        given["n_answers"] = len(frames["quotes"])
    if recipe.name == "dendrogram":
        given["quote_ids"] = list(frames["quotes"]["quote_id"])
    return frame, given

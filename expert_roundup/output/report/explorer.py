"""The quote explorer: controls that a script works, and the cards, which are all there without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from expert_roundup.output.cells import is_missing
from expert_roundup.output.charts.words import plural
from expert_roundup.output.report.cards import language_tag, quote_cards
from expert_roundup.output.report.escaping import Html, element, joined
from expert_roundup.output.report.shelf import Shelf, shelve

if TYPE_CHECKING:
    import pandas as pd

#: what stays in the address, what a reader sees, and the token that cards carry
_Option = tuple[str, str, str]


def explorer(frames: Mapping[str, pd.DataFrame], *, wording: str = "") -> Html:
    """Return the controls and the cards.

    Parameters
    ----------
    frames
        quotes, and as far as the study has them codings, codebook and platforms.
    wording
        What a reader must know of the words that are shown.
    """
    shelf = shelve(frames)
    cards = quote_cards(shelf)
    note = element("p", element("strong", "About the wording. "), wording, class_="wording") if wording else ""
    shown = element("p", plural(len(cards), "answer"), id="shown", role="status", aria_live="polite")
    none = element("p", "No answer meets all of these. ", _clear(), id="none", hidden=True)
    results = element("div", shown, *cards, none, class_="results")
    return joined([note, _asked(shelf.quotes), element("div", _controls(shelf), results, class_="explorer")])


def _asked(quotes: pd.DataFrame) -> Html:
    """The questions, each once, in the language of the first answer to it."""
    asked: dict[str, str | None] = {}
    for row in quotes.to_dict("records"):
        if not is_missing(row.get("question")) and row["question"]:
            asked.setdefault(str(row["question"]), language_tag(row.get("language")))
    shown = [element("blockquote", question, dir="auto", lang=language) for question, language in asked.items()]
    return element("div", element("h3", "What was asked"), *shown) if shown else Html("")


def _controls(shelf: Shelf) -> Html:
    hint = (
        "Evidence for the chosen theme is marked, the darker the more readings point to it. The address of this page "
        "keeps the choice: copy it to share it."
    )
    return element(
        "form", element("h3", "Choose answers"), *_fields(shelf), element("p", _clear()),
        element("p", hint, class_="hint") if shelf.themes else "",
        id="filters", hidden=True, aria_label="Choose answers",
    )  # fmt: skip


def _fields(shelf: Shelf) -> Iterator[Html]:
    if shelf.themes:
        n_given = {theme: shelf.n_given.get(theme, 0) for theme in shelf.themes}
        counted = [(theme, f"{shelf.labels[theme]} ({n_given[theme]})", token) for theme, token in shelf.themes.items()]
        yield _choice("theme", "Theme", "all themes", counted)
        readings = [(name, f"reading {name}", token) for name, token in shelf.coders.items()]
        yield _choice("coder", "Given by", "most readings", [("any", "any reading", "any"), *readings])
    if any(shelf.speakers):
        speakers = [(name, name, token) for name, token in shelf.speakers.items() if name]
        yield _choice("speaker", "Speaker", "all speakers", speakers)
    if shelf.platforms:
        platforms = [(name, f"{name} ({shelf.n_named[name]})", token) for name, token in shelf.platforms.items()]
        yield _choice("platform", "Platform named", "any or none", platforms)
    words = element("input", type="search", id="text", name="text", autocomplete="off", spellcheck="false")
    yield element("p", element("label", "Words", for_="text"), words)


def _choice(name: str, label: str, all_: str, options: Iterable[_Option]) -> Html:
    """A labelled list whose first option leaves the choice open."""
    choices = [element("option", text, value=value, data_token=token) for value, text, token in options]
    listed = element("select", element("option", all_, value=""), *choices, id=name, name=name)
    return element("p", element("label", label, for_=name), listed)


def _clear() -> Html:
    return element("button", "Show all answers", type="button", data_clear=True)

"""Cards of the quote explorer: each answer with its themes, its evidence and what the readings say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from expert_roundup.output.cells import is_missing
from expert_roundup.output.charts.readings import THRESHOLD
from expert_roundup.output.charts.words import plural
from expert_roundup.output.report.escaping import Html, element, joined, link
from expert_roundup.output.report.evidence import evidence_spans, marked
from expert_roundup.output.report.shelf import Shelf, theme_tokens
from expert_roundup.output.report.tables import anchor, shown_speakers

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def quote_cards(shelf: Shelf) -> list[Html]:
    """Return one article per answer, in the order of the page; their attributes tell the script what to filter by."""
    speakers = shown_speakers(shelf.quotes)
    return [_card(row, speakers[str(row["quote_id"])], shelf) for row in shelf.quotes.to_dict("records")]


def language_tag(language: object) -> str | None:
    """Return a language for the page, where it is one by its form.

    Examples
    --------
    >>> language_tag("pt-BR"), language_tag(""), language_tag("<b>")
    ('pt-BR', None, None)
    """
    tag = _plain(language)
    return tag if _TAG.fullmatch(tag) else None


def _card(quote: dict[Any, Any], speaker: str, shelf: Shelf) -> Html:
    quote_id, codings = str(quote["quote_id"]), shelf.codings.get(str(quote["quote_id"]), [])
    named = dict.fromkeys(row["platform"] for row in shelf.named.get(quote_id, []))
    content = [
        _head(quote, quote_id, speaker),
        *_answer(quote, codings, shelf),
        _links(quote.get("links")),
        _themes(shelf.given.get(quote_id, []), shelf),
        _readings(codings, shelf),
    ]
    return element(
        "article", *content, class_="quote", id=anchor(quote_id), tabindex=-1, aria_labelledby=f"{anchor(quote_id)}-by",
        data_themes=" ".join(theme_tokens(quote_id, shelf)), data_speaker=shelf.speakers[speaker],
        data_platforms=" ".join(shelf.platforms[name] for name in named),
    )  # fmt: skip


def _head(quote: dict[Any, Any], quote_id: str, speaker: str) -> Html:
    printed, role = _plain(quote.get("speaker")), _plain(quote.get("role"))
    about = [text for text in (printed if printed != speaker else "", role) if text]
    name = element("span", speaker or "No name", dir="auto", class_="speaker", id=f"{anchor(quote_id)}-by")
    place = element("a", quote_id, href=f"#{anchor(quote_id)}", class_="place", aria_label=f"Link to {quote_id}")
    words = [element("span", text, dir="auto", class_="about") for text in about]
    return element("header", element("h3", place, " ", name), *words)


def _answer(quote: dict[Any, Any], codings: list[dict[str, Any]], shelf: Shelf) -> Iterable[Html]:
    """The text with its evidence, in its language, and a remark on evidence that has no place in it."""
    spans, n_lost = evidence_spans(
        quote, codings, [f"{shelf.themes.get(row['theme'], '')}.{shelf.coders[row['coder']]}" for row in codings]
    )
    language = language_tag(quote.get("language"))
    yield element("div", marked(_plain(quote["text"]), spans), class_="answer", dir="auto", lang=language)
    if n_lost:
        yield element("p", f"The evidence of {plural(n_lost, 'coding')} has no place in this text.", class_="remark")


def _links(links: object) -> Html:
    addresses = links if isinstance(links, list | tuple) else _plain(links).split()
    shown = [element("li", link(str(address), str(address))) for address in addresses]
    return element("ul", *shown, class_="links", aria_label="Links in the answer") if shown else Html("")


def _themes(given: list[dict[str, Any]], shelf: Shelf) -> Html:
    """The themes of an answer as links that choose them; those of a minority are outlined."""
    order = list(shelf.themes)
    items = []
    for row in sorted(given, key=lambda row: order.index(row["theme"])):
        token, is_most = shelf.themes[row["theme"]], row["share"] > 0.5
        count = element("span", f"{row['n_coded']} of {row['n_readers']}", class_="count")
        unseen = element("span", " readings" if is_most else " readings, not most of them", class_="unseen")
        inner = joined([shelf.labels[row["theme"]], " ", count, unseen])
        chip = element("a", inner, href="#filters", data_choose=token if is_most else f"{token} any")
        items.append(element("li", chip, class_=f"theme theme-{token}{'' if is_most else ' few'}"))
    return element("ul", *items, class_="themes", aria_label="Themes") if items else Html("")


def _readings(codings: list[dict[str, Any]], shelf: Shelf) -> Html:
    """What every reading says of every theme that it considered, folded away."""
    themes, coders = list(shelf.themes), list(shelf.coders)
    considered = [row for row in codings if row["theme"]]
    considered.sort(key=lambda row: (themes.index(row["theme"]), coders.index(row["coder"])))
    if not considered:
        return Html("")
    head = [element("th", name, scope="col") for name in ("Theme", "Reading", "Confidence", "Rationale")]
    body = [
        element(
            "tr", element("th", shelf.labels[row["theme"]], scope="row"), element("td", row["coder"]),
            element("td", _confidence(row["confidence"]), class_="number"),
            element("td", _plain(row.get("rationale")), dir="auto"),
        )
        for row in considered
    ]  # fmt: skip
    table = element("table", element("thead", element("tr", *head)), element("tbody", *body))
    frame = element("div", table, class_="scrolls", role="group", aria_label="What the readings say", tabindex=0)
    return element("details", element("summary", f"Readings: {plural(len(body), 'coding')}"), frame, class_="readings")


def _confidence(confidence: float) -> str:
    return f"{confidence:.2f}" if confidence >= THRESHOLD else f"{confidence:.2f}, rejected"


def _plain(value: object) -> str:
    return "" if is_missing(value) else str(value)

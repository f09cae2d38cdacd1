"""Tables of the report: the numbers behind the findings, sortable where they are long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from expert_roundup.output.cells import is_missing
from expert_roundup.output.charts.words import decimal, labels_of, percent, whole
from expert_roundup.output.report.escaping import Html, element, joined

if TYPE_CHECKING:
    import pandas as pd

_COEFFICIENTS = {
    "percent": "Per cent agreement",
    "cohen_kappa": "Cohen's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "gwet_ac1": "Gwet's AC1",
    "alpha_nominal": "Krippendorff's alpha, nominal",
    "alpha_ordinal": "Krippendorff's alpha, ordinal",
    "alpha_interval": "Krippendorff's alpha, interval",
    "alpha_ratio": "Krippendorff's alpha, ratio",
    "alpha_masi": "Krippendorff's alpha, MASI",
    "alpha_jaccard": "Krippendorff's alpha, Jaccard",
    "alpha_multivalued": "Krippendorff's alpha, multi-valued",
}
_ID = re.compile(r"Q[0-9]+")
_Cells = Sequence[object]


def study_tables(frames: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, Html]]:
    """Yield id, heading and table of every frame that the study has."""
    codebook = frames.get("codebook")
    if "tally" in frames:
        yield "tally", "Tally", tally_table(frames["tally"])
    if "agreement" in frames:
        yield "agreement", "Agreement", agreement_table(frames["agreement"], codebook)
    if "reconstruction" in frames:
        table = reconstruction_table(frames["reconstruction"], frames["quotes"], codebook)
        yield "reconstruction", "Reconstruction", table


def tally_table(tally: pd.DataFrame) -> Html:
    """Return the tally, one row per theme, in the order of the codebook."""
    columns: dict[str, tuple[_Cells, _Cells | None]] = {
        "Theme": (tally["label"].tolist(), None),
        "Recount": (whole(tally["n_quotes"]), tally["n_quotes"].tolist()),
        "Share": ([percent(share) for share in tally["share"].astype(float)], tally["share"].tolist()),
    }
    if tally["n_published"].notna().any():
        columns["Published"] = (whole(tally["n_published"]), tally["n_published"].tolist())
        columns["Difference"] = ([_signed(n) for n in tally["difference"]], tally["difference"].tolist())
    if tally["rank_low"].notna().any():
        ranks = zip(*(whole(tally[name]) for name in ("rank", "rank_low", "rank_high")), strict=True)
        columns["Rank (95 % interval)"] = (
            [f"{rank} ({low}–{high})" for rank, low, high in ranks],
            tally["rank"].tolist(),
        )
    return _table("Answers per theme: our recount beside the published tally", columns)


def agreement_table(agreement: pd.DataFrame, codebook: pd.DataFrame | None) -> Html:
    """Return the agreement, one row per theme and coefficient; all themes together come first."""
    labels = labels_of(codebook)
    values = agreement["value"].astype(float)
    lows, highs = agreement["low"].astype(float).tolist(), agreement["high"].astype(float).tolist()
    limits = zip(lows, highs, strict=True)
    columns: dict[str, tuple[_Cells, _Cells | None]] = {
        "Theme": ([labels[theme] if theme else "All themes" for theme in agreement["theme"].fillna("")], None),
        "Coefficient": ([_COEFFICIENTS.get(name, name) for name in agreement["coefficient"]], None),
        "Coders": (agreement["coders"].tolist(), None),
        "Value": ([decimal(value) or "undefined" for value in values], values.tolist()),
        "95 % interval": ([f"{decimal(a)} to {decimal(b)}" if a == a else "–" for a, b in limits], lows),
        "Answers coded": (whole(agreement["n_coded"]), agreement["n_coded"].tolist()),
        "Answers read": (whole(agreement["n_units"]), agreement["n_units"].tolist()),
    }
    return _table("How far the readings agree", columns)


def reconstruction_table(reconstruction: pd.DataFrame, quotes: pd.DataFrame, codebook: pd.DataFrame | None) -> Html:
    """Return the reconstruction as a grid of answers by themes: the probability of each cell in per cent."""
    labels, speakers = labels_of(codebook), shown_speakers(quotes)
    themes = list(dict.fromkeys(reconstruction["theme"]))
    cells = {(row.quote_id, row.theme): row for row in reconstruction.itertuples()}
    head = [element("th", "Answer", scope="col")]
    head += [element("th", element("span", theme, title=labels[theme]), scope="col") for theme in themes]
    rows = []
    for quote_id in dict.fromkeys(reconstruction["quote_id"]):
        name = joined([element("a", quote_id, href=f"#{anchor(quote_id)}"), " ", speakers.get(quote_id, "")])
        body = [_cell(cells.get((quote_id, theme))) for theme in themes]
        rows.append(element("tr", element("th", name, scope="row"), *body))
    caption = (
        "Probability in per cent that an answer was counted for a theme. Coded in the coding that fits the published "
        "totals best: bold, in a frame. A dot: less than half a per cent."
    )
    return _framed(caption, element("thead", element("tr", *head)), element("tbody", *rows), class_="grid")


def shown_speakers(quotes: pd.DataFrame) -> dict[str, str]:
    """Return the speaker of each answer, in English where the study knows it, "" where nobody is named."""
    named = [quotes[column].fillna("") for column in ("speaker_en", "speaker") if column in quotes.columns]
    rows = zip(quotes["quote_id"], *named, strict=True)
    return {str(quote_id): next((str(name) for name in names if name), "") for quote_id, *names in rows}


def anchor(quote_id: str) -> str:
    """Return the id under which an answer is found on the page, apart from every other id there.

    Examples
    --------
    >>> anchor("Q05"), anchor("summary"), anchor("a b")
    ('Q05', 'quote-summary', 'quote-a-20-b')
    """
    if _ID.fullmatch(quote_id):
        return quote_id
    return "quote-" + re.sub(r"[^A-Za-z0-9_]", lambda found: f"-{ord(found[0]):x}-", quote_id)


def _cell(cell: object) -> Html:
    probability = getattr(cell, "probability", float("nan"))
    if is_missing(probability):
        return element("td", "–")
    shade = f"shade-{min(int(float(probability) * 5), 4)}"
    if bool(getattr(cell, "is_coded", False)):
        return element("td", element("strong", f"{probability:.0%}"[:-1]), class_=f"{shade} coded")
    dot = joined([element("span", "·", aria_hidden="true"), element("span", "0", class_="unseen")])
    return element("td", f"{probability:.0%}"[:-1] if probability >= 0.005 else dot, class_=shade)


def _table(caption: str, columns: Mapping[str, tuple[_Cells, _Cells | None]]) -> Html:
    """A table whose first column heads its rows; a column with values stands right and sorts by them."""
    head = [
        element("th", name, scope="col", class_="number" if values is not None else None)
        for name, (_, values) in columns.items()
    ]
    cells = [
        [_valued(text, None if values is None else values[i]) for i, text in enumerate(texts)]
        for texts, values in columns.values()
    ]
    first, *others = cells
    heads = [element("th", text, scope="row", **data) for text, data in first]
    rows = [
        element("tr", heads[i], *(element("td", column[i][0], **column[i][1]) for column in others))
        for i in range(len(heads))
    ]
    return _framed(caption, element("thead", element("tr", *head)), element("tbody", *rows), class_="sortable")


def _valued(text: object, value: object) -> tuple[object, dict[str, object]]:
    if value is None:
        return text, {}
    return text, {"class_": "number", "data_n": "" if is_missing(value) else repr(float(str(value)))}


def _framed(caption: str, *content: Html, class_: str) -> Html:
    """A table in a frame that scrolls sideways on a narrow screen, by keyboard too."""
    table = element("table", element("caption", element("span", caption)), *content, class_=class_)
    return element("div", table, class_="scrolls", role="group", aria_label=caption.partition(".")[0], tabindex=0)


def _signed(n: object) -> str:
    return "–" if is_missing(n) else "0" if not n else f"{int(str(n)):+d}".replace("-", "−")

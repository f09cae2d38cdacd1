"""Suggestions: which themes a quote may carry, and the sentence that speaks for each."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.coding.check import check_codings
from expert_roundup.coding.codebook import check_codebook
from expert_roundup.coding.codings import THRESHOLD, coded, coders, majority
from expert_roundup.coding.faults import Faults, shown
from expert_roundup.coding.refi_qda.places import origin_of
from expert_roundup.coding.refi_qda.plain_text import PlainText
from expert_roundup.coding.suggestions.profiles import Example, Floats, Profiles, make_profiles
from expert_roundup.text.sentences import split_sentences

#: name of the reading that `as_codings` makes
CODER = "suggestions"
#: columns of the suggestions frame, in order
COLUMNS = ("quote_id", "theme", "score", "is_suggested", "start", "end")
#: a theme is suggested from this share of the best theme's evidence
RELATIVE = 0.65
#: evidence below this is none: one word that says little alone
FLOOR = 0.15
#: no quote gets more themes than this
MOST = 4


def suggest(
    quotes: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    examples: pd.DataFrame | None = None,
    terms: Mapping[str, Sequence[str]] | pd.DataFrame | None = None,
    source_text: str = "",
    progress: bool = False,
) -> pd.DataFrame:
    """Suggest themes for quotes by machine, from the codebook's own words.

    Parameters
    ----------
    quotes
        At least quote_id and text.
    codebook
        Label, definition, what to include, examples, and what to exclude; English, Russian, or both.
    examples
        Codings of some of these quotes: the suggestions learn their words. Of several coders the majority counts.
    terms
        Words of your own: theme -> cues (see `parse_cues`), or a frame with the columns theme and term. Needed for
        languages other than English and Russian.
    source_text
        What start and end of the quotes index; needed only to place evidence in quotes of several pieces.
    progress
        Show a bar on standard error.

    Returns
    -------
    DataFrame
        One row per quote x theme, in the order of quotes and codebook: quote_id, theme, score (0 to 1), is_suggested,
        start and end of the sentence that speaks most for the theme (Int64; missing where none does, or where its place
        in the source cannot be told). Offsets count like the quotes' start and end, without them in the quote's text.

    Raises
    ------
    ValueError
        Quotes, codebook, examples or terms are unusable; all offending rows are named.

    Notes
    -----
    These are suggestions, not a reading. They are wrong about one time in four where they were measured, and a
    machine in a panel of agreeing coders hides its errors: compare it with a reading (`against_reading`) instead.
    A score compares themes within a quote; it is no probability.

    Examples
    --------
    >>> quotes = pd.DataFrame({"quote_id": ["Q01"], "text": ["Reply to every comment. Have a plan!"]})
    >>> book = pd.DataFrame({"theme": ["talk", "aims"], "definition": ["Listen and reply", "Work from a plan"]})
    >>> suggest(quotes, book)[["theme", "is_suggested", "start", "end"]].to_numpy().tolist()
    [['talk', True, 0, 23], ['aims', True, 24, 36]]
    """
    _check_quotes(quotes)
    book = check_codebook(codebook)
    placed = [_placed(row, source_text) for row in quotes.to_dict("records")]
    lists = _terms(terms, set(book["theme"]))
    profiles = make_profiles(book, examples=list(_examples(examples, placed, book)), terms=lists)
    rows = [row for quote in _with_bar(placed, progress=progress) for row in _rows(quote, profiles)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    text = {"quote_id": "str", "theme": "str", "is_suggested": "bool", "start": "Int64", "end": "Int64"}
    return frame.astype({**text, "score": "float64"})


def as_codings(suggestions: pd.DataFrame) -> pd.DataFrame:
    """Suggestions in the columns of codings, for whoever asks for a tally of them: coder "suggestions".

    Returns
    -------
    DataFrame
        One row per quote x theme with any evidence, and one with an empty theme per quote without: codings columns.
        Confidence is .5 or more exactly where the theme is suggested; it orders themes and is no probability.

    Notes
    -----
    They stay apart from readings: neither a majority nor an agreement counts this coder.
    """
    missing = [name for name in COLUMNS if name not in suggestions.columns]
    if missing:
        raise ValueError(f"suggestions: no column {', '.join(missing)}")
    rows = suggestions[suggestions["score"] > 0]
    half = rows["score"] / 2
    codings = rows[["quote_id", "theme", "start", "end"]].assign(
        coder=CODER, confidence=(half + THRESHOLD).where(rows["is_suggested"], half.clip(upper=0.98 * THRESHOLD))
    )
    silent = suggestions.loc[~suggestions["quote_id"].isin(rows["quote_id"]), "quote_id"].drop_duplicates()
    empty = pd.DataFrame({"quote_id": silent, "theme": "", "coder": CODER, "confidence": np.nan})
    return check_codings(pd.concat([codings, empty]) if len(empty) else codings)


@dataclass(frozen=True, slots=True)
class _Quote:
    quote_id: str
    text: str
    places: PlainText | None  #: where its characters stand, None where that cannot be told


def _check_quotes(quotes: pd.DataFrame) -> None:
    if not isinstance(quotes, pd.DataFrame):
        raise TypeError(f"quotes must be a frame, not {type(quotes).__name__}")
    missing = [name for name in ("quote_id", "text") if name not in quotes.columns]
    if missing:
        raise ValueError(f"quotes: no column {', '.join(missing)}; needed are quote_id and text")
    quote_id = quotes["quote_id"].astype("str").reset_index(drop=True)
    faults = Faults("quotes")
    faults.add(quote_id == "", lambda _: "quote_id is empty")
    faults.add((quote_id != "") & quote_id.duplicated(), lambda at: f"{shown(quote_id.iloc[at])} stands there already")
    faults.raise_any()


def _placed(row: dict[Hashable, Any], source_text: str) -> _Quote:
    text = "" if pd.isna(row["text"]) else str(row["text"])
    start, end = row.get("start"), row.get("end")
    if start is None or end is None or pd.isna(start) or pd.isna(end):
        start, end = 0, len(text)
    origin = origin_of(text, int(start), int(end), source_text=source_text)
    return _Quote(str(row["quote_id"]), text, None if origin is None else PlainText(text, *origin))


def _terms(terms: Mapping[str, Sequence[str]] | pd.DataFrame | None, themes: set[str]) -> dict[str, list[str]]:
    if terms is None:
        return {}
    if isinstance(terms, pd.DataFrame):
        missing = [name for name in ("theme", "term") if name not in terms.columns]
        if missing:
            raise ValueError(f"terms: no column {', '.join(missing)}; needed are theme and term")
        lists = {str(theme): list(rows["term"].astype("str")) for theme, rows in terms.groupby("theme", sort=False)}
    else:
        lists = {theme: list(lines) for theme, lines in terms.items()}
    unknown = [theme for theme in lists if theme not in themes]
    if unknown:
        raise ValueError(f"terms: themes that are not in the codebook: {', '.join(map(shown, unknown[:20]))}")
    return lists


def _examples(codings: pd.DataFrame | None, quotes: Sequence[_Quote], book: pd.DataFrame) -> Iterator[Example]:
    """The passages that were coded: the evidence where it is marked, else the whole quote."""
    if codings is None:
        return
    texts = {quote.quote_id: quote for quote in quotes}
    known = pd.DataFrame({"quote_id": list(texts)})
    rows = check_codings(codings, quotes=known, codebook=book)
    reading = majority(rows) if len(coders(rows)) > 1 else rows
    marked = coded(rows).dropna(subset=["start"])
    keys = zip(marked["quote_id"], marked["theme"], strict=True)
    # of several coders' evidence the first
    spans = dict(reversed([*zip(keys, zip(marked["start"], marked["end"], strict=True), strict=True)]))
    passages: dict[tuple[str, str], list[str]] = {}
    for quote_id, theme in coded(reading)[["quote_id", "theme"]].drop_duplicates().itertuples(index=False, name=None):
        span = spans.get((quote_id, theme))
        passages.setdefault((quote_id, _passage(texts[quote_id], span)), []).append(theme)
    yield from (Example(text, tuple(given)) for (_, text), given in passages.items())


def _passage(quote: _Quote, span: tuple[int, int] | None) -> str:
    """The sentences that a span touches; the whole quote without one."""
    found = None if span is None or quote.places is None else quote.places.position(*span)
    if found is None:
        return quote.text
    touched = [(a, b) for a, b in split_sentences(quote.text) if a < found[1] and found[0] < b]
    return quote.text[touched[0][0] : touched[-1][1]] if touched else quote.text


def _rows(quote: _Quote, profiles: Profiles) -> Iterator[tuple[Any, ...]]:
    sentences = split_sentences(quote.text)
    evidence = sentence_evidence(quote.text, profiles)
    totals = evidence.sum(axis=0)
    is_suggested = suggested(totals)
    for at, theme in enumerate(profiles.themes):
        place = None
        if evidence[:, at].max() > 0 and quote.places is not None:
            place = quote.places.place(*sentences[int(evidence[:, at].argmax())])
        score = round(float(-np.expm1(-totals[at])), 4)
        yield (quote.quote_id, theme, score, bool(is_suggested[at]), *(place or (None, None)))


def sentence_evidence(text: str, profiles: Profiles) -> Floats:
    """How much each sentence speaks for each theme: sentences x themes, one row of zeros where there is none."""
    found = [profiles.evidence(text[start:end]) for start, end in split_sentences(text)]
    return np.array(found) if found else np.zeros((1, len(profiles.themes)))


def suggested(totals: Floats, *, relative: float = RELATIVE) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which themes to suggest for a quote with this evidence: the best, and others that come close, at most MOST."""
    chosen = (totals >= FLOOR) & (totals >= relative * totals.max())
    ranks = np.argsort(np.argsort(-totals, kind="stable"), kind="stable")
    return np.asarray(chosen & (ranks < MOST))


def _with_bar(quotes: Sequence[_Quote], *, progress: bool) -> Iterator[_Quote]:
    if not progress:
        yield from quotes
        return
    from tqdm import tqdm

    yield from tqdm(quotes, unit="quote", desc="suggest", leave=False, disable=None)

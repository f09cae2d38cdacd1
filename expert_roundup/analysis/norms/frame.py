"""The norms frame: every statement of a frame of quotes, with its place in the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from expert_roundup.analysis.norms.cues import Cues, cue_languages
from expert_roundup.analysis.norms.places import Places, find_places, one_piece
from expert_roundup.analysis.norms.statements import find_statements

#: columns of the norms frame, in order, and their types
COLUMNS = {
    "quote_id": "str",
    "start": "int64",
    "end": "int64",
    "kind": "str",
    "strength": "str",
    "cue": "str",
    "cue_start": "int64",
    "cue_end": "int64",
    "text": "str",
}
#: at most so many offenders are named in a message
_SHOWN = 20


def norms(
    quotes: pd.DataFrame,
    *,
    source_text: str | None = None,
    segments: pd.DataFrame | Sequence[Any] | None = None,
    languages: Sequence[Cues] = (),
    progress: bool = False,
) -> pd.DataFrame:
    """Find every sentence that prescribes or forbids something.

    Parameters
    ----------
    quotes
        At least quote_id and text. `language` (BCP 47) and `question` help to read it; `start` and `end` place it in
        its source.
    source_text
        The text that `start` indexes. Needed where a quote is several pieces of it.
    segments
        The segments of the source, as a frame (kind, start, end, quote_id) or as records: quotes of several pieces are
        looked for in their answer segments, and without them anywhere from `start` to `end`.
    languages
        Cues of more languages (`read_cues`), or in the place of those that ship.
    progress
        Show a bar on standard error.

    Returns
    -------
    DataFrame
        One row per statement, in page order: quote_id, start, end, kind (prescription: asks for something;
        proscription: warns of something; both), strength (must, should, may: a deontic word or an imperative says so;
        implied: praise or blame), cue with cue_start and cue_end, and text. Offsets count code points of the source
        where quotes have `start`, and of the quote's own text where not.

    Raises
    ------
    TypeError
        `quotes` is no frame.
    ValueError
        A column is missing, an id is empty or repeated, some quotes have a `start` and others none, or a quote's text
        is not where it should be. All of them are named.

    Notes
    -----
    Rules over sentences, with cue lists as data (docs/add-a-language.md). Obligations and commands are found well;
    praise and blame that no cue word voices are missed, and irony is taken at its word. Sentences in a language
    without cues are passed over, so no row means "none found", not "no norm".

    Examples
    --------
    >>> quotes = pd.DataFrame({"quote_id": ["Q01"], "text": ["You should listen. Don't shout! It rains."]})
    >>> norms(quotes)[["start", "end", "kind", "strength", "cue"]]
       start  end          kind strength          cue
    0      0   18  prescription   should       should
    1     19   31  proscription     must  Don't shout
    """
    quotes = _check_quotes(quotes)
    places = _find_all_places(quotes, source_text, segments)
    cues = {**cue_languages(), **{more.language: more for more in languages}}
    rows = [row for quote in zip(_bar(quotes, progress), places, strict=True) for row in _rows(*quote, cues)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def without_wording(norms: pd.DataFrame) -> pd.DataFrame:
    """Drop the columns that repeat the source's wording.

    Returns
    -------
    DataFrame
        One row per statement: quote_id, start, end, kind, strength, cue_start, cue_end.
    """
    return norms.drop(columns=["cue", "text"])


def _rows(quote: Any, places: Places, cues: Mapping[str, Cues]) -> Iterator[tuple[object, ...]]:
    statements = find_statements(quote.text, cues, language=quote.language, question=quote.question)
    for statement in statements:
        verdict = statement.verdict
        start, end = places.span(statement.start, statement.end)
        cue_start, cue_end = places.span(verdict.start, verdict.end)
        yield (
            *(quote.quote_id, start, end, verdict.kind, verdict.strength),
            *(quote.text[verdict.start : verdict.end], cue_start, cue_end),
            quote.text[statement.start : statement.end],
        )


def _bar(quotes: pd.DataFrame, progress: bool) -> Iterable[Any]:
    rows = quotes.itertuples(index=False)
    if not progress:
        return rows
    from tqdm import tqdm

    return tqdm(rows, total=len(quotes), desc="norms", unit="quote", disable=None)


def _check_quotes(quotes: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are read, with every gap filled, or name what is wrong."""
    if not isinstance(quotes, pd.DataFrame):
        raise TypeError(f"quotes must be a frame, not {type(quotes).__name__}")
    missing = [name for name in ("quote_id", "text") if name not in quotes.columns]
    if missing:
        raise ValueError(f"quotes has no column {' and no column '.join(missing)}")
    wanted = ["quote_id", "text", "language", "question"]
    filled = {name: quotes[name].fillna("").astype("str") if name in quotes else "" for name in wanted}
    checked = pd.DataFrame(filled, index=quotes.index).reset_index(drop=True)
    places = {name: _numbers(quotes, name) for name in ("start", "end")}
    ids = checked["quote_id"]
    if (ids == "").any():
        raise ValueError(f"quotes: quote_id is empty in rows {_named(ids.index[ids == ''] + 1)}")
    if ids.duplicated().any():
        raise ValueError(f"quotes: quote_id is repeated: {_named(ids[ids.duplicated()].drop_duplicates())}")
    return checked.assign(**places)


def _numbers(quotes: pd.DataFrame, name: str) -> pd.Series:
    if name not in quotes:
        return pd.Series([pd.NA] * len(quotes), dtype="Int64")
    given = quotes[name].reset_index(drop=True)
    numbers = pd.to_numeric(given, errors="coerce")
    bad = given.replace("", pd.NA).notna() & (numbers.isna() | (numbers < 0) | (numbers % 1 != 0))
    if bad.any():
        raise ValueError(f"quotes: {name} is no offset: {_named(given[bad])}")
    return numbers.astype("Int64")


def _find_all_places(
    quotes: pd.DataFrame, source_text: str | None, segments: pd.DataFrame | Sequence[Any] | None
) -> list[Places]:
    starts = quotes["start"]
    if starts.isna().all():
        if source_text is not None and len(quotes):
            raise ValueError("quotes has no start, so it cannot be placed in source_text")
        return [one_piece(0)] * len(quotes)
    if starts.isna().any():
        raise ValueError(f"quotes: no start given for {_named(quotes.loc[starts.isna(), 'quote_id'])}")
    spans = _answer_spans(segments)
    found = [_place(quote, source_text, spans) for quote in quotes.itertuples(index=False)]
    lost = [quote_id for quote_id, places in zip(quotes["quote_id"], found, strict=True) if places is None]
    if lost and source_text is None:
        raise ValueError(
            f"quotes: the text of {_named(lost)} is several pieces of its source; pass source_text to place it there, "
            "or leave out start to get places in the quote"
        )
    if lost:
        raise ValueError(f"quotes: the text of {_named(lost)} is not in source_text from start to end")
    return [places for places in found if places is not None]


def _answer_spans(segments: pd.DataFrame | Sequence[Any] | None) -> dict[str, list[tuple[int, int]]]:
    rows: Iterable[Any] = segments or () if not isinstance(segments, pd.DataFrame) else segments.itertuples(index=False)
    spans: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        if row.kind == "answer":
            spans.setdefault(str(row.quote_id), []).append((int(row.start), int(row.end)))
    return spans


def _place(quote: Any, source_text: str | None, answers: dict[str, list[tuple[int, int]]]) -> Places | None:
    start, end = quote.start, quote.end
    if source_text is None:
        is_one_piece = end is pd.NA or end - start == len(quote.text)
        return one_piece(start) if is_one_piece else None
    whole = [(start, len(source_text) if end is pd.NA else end)]
    return find_places(quote.text, source_text, answers.get(quote.quote_id, whole))


def _named(values: Sequence[object] | pd.Series | pd.Index) -> str:
    names = [str(value) for value in values]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more

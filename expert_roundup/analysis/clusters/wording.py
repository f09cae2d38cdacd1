"""Wording: the terms of every quote with their counts, beside its speaker, language, length and question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from expert_roundup.text.terms import term_counts, without_terms
from expert_roundup.text.words import stop_words

#: pairs grow with the square: beyond this, draw a sample first
MOST_QUOTES = 2000

_LISTED = 20  # offending rows named in an error


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """What a set of quotes says, as counts without order; two of them are equal only when they are the same object."""

    answers: pd.DataFrame  #: one row a quote, in page order: quote_id, speaker, language, question, n_words
    counts: pd.DataFrame  #: one row a quote and term: quote_id, term, n; stop words are left out

    @property
    def languages(self) -> pd.Series:
        """Language of every quote, index quote_id."""
        return self.answers.set_index("quote_id")["language"]

    @property
    def n_words(self) -> pd.Series:
        """Words of every quote, stop words counted in, index quote_id."""
        return self.answers.set_index("quote_id")["n_words"]

    @property
    def speakers(self) -> pd.Series:
        """Speaker of every quote, index quote_id; a quote without a named speaker counts as a speaker of its own."""
        named = self.answers.set_index("quote_id")["speaker"]
        return named.where(named != "", named.index.to_series())

    def only(self, language: str) -> Wording:
        """The quotes in one language."""
        answers = self.answers[self.answers["language"] == language].reset_index(drop=True)
        return Wording(answers, self.counts[self.counts["quote_id"].isin(answers["quote_id"])].reset_index(drop=True))


def wording_of_quotes(quotes: pd.DataFrame, *, stop: Iterable[str] | None = None) -> Wording:
    """Count the terms of quotes.

    Parameters
    ----------
    quotes
        One row per quote: quote_id and text; language, speaker and question where known.
    stop
        Words to leave out; by default the stop words of every language among the quotes, all of them in every quote,
        since an answer may mix languages.

    Returns
    -------
    Wording
        Quotes in the order given.

    Raises
    ------
    ValueError
        A column is missing, a quote_id stands twice or is empty, or there are no quotes or too many.

    Examples
    --------
    >>> import pandas as pd
    >>> quotes = pd.DataFrame({"quote_id": ["Q01"], "text": ["The plan is the plan."], "language": ["en"]})
    >>> wording_of_quotes(quotes).counts
      quote_id  term  n
    0      Q01  plan  2
    """
    _check_columns(quotes, "quotes", ("quote_id", "text"))
    texts = _strings(quotes["text"])
    terms = [term_counts(text) for text in texts]
    answers = quotes.assign(n_words=[counts.total() for counts in terms])
    rows = [
        (quote, term, n) for quote, counts in zip(quotes["quote_id"], terms, strict=True) for term, n in counts.items()
    ]
    return wording_of_terms(pd.DataFrame(rows, columns=["quote_id", "term", "n"]), answers, stop=stop)


def wording_of_terms(counts: pd.DataFrame, answers: pd.DataFrame, *, stop: Iterable[str] | None = None) -> Wording:
    """Take term counts that were made elsewhere, such as the shipped counts of the original article.

    Parameters
    ----------
    counts
        One row per quote and term: quote_id, term, n (a whole number of 1 or more).
    answers
        One row per quote: quote_id; language, speaker, question and n_words where known.
    stop
        As in `wording_of_quotes`.

    Raises
    ------
    ValueError
        A column is missing, a quote_id is unknown, empty or doubled, a count is no whole number of 1 or more, or a
        quote and term stand twice.
    """
    _check_columns(counts, "counts", ("quote_id", "term", "n"))
    known = _answers(answers)
    _check_counts(counts, known["quote_id"])
    totals = counts.groupby("quote_id")["n"].sum()
    if "n_words" not in answers:
        known["n_words"] = known["quote_id"].map(totals).fillna(0).astype("int64")
    left_out = _stop_words(known["language"]) if stop is None else frozenset(stop)
    kept = without_terms(dict.fromkeys(counts["term"], 1), left_out)
    rows = counts.loc[counts["term"].isin(kept), ["quote_id", "term", "n"]].astype({"n": "int64"})
    place = dict(zip(known["quote_id"], range(len(known)), strict=True))
    rows = rows.sort_values(
        ["quote_id", "term"], key=lambda column: column.map(place) if column.name == "quote_id" else column
    )
    return Wording(known, rows.reset_index(drop=True))


def _answers(answers: pd.DataFrame) -> pd.DataFrame:
    """The columns this wing knows, checked; what is not known is empty."""
    _check_columns(answers, "answers", ("quote_id",))
    quotes = _strings(answers["quote_id"])
    bad = sorted({quote for quote in quotes if quote == ""} | set(quotes[quotes.duplicated()]))
    if bad:
        raise ValueError(f"quote_id must be there and unique in every row; empty or doubled: {_listed(bad)}")
    if not 1 <= len(quotes) <= MOST_QUOTES:
        raise ValueError(f"between 1 and {MOST_QUOTES} quotes can be compared pair by pair, not {len(quotes)}")
    columns = {"quote_id": quotes}
    for name in ("speaker", "language", "question"):
        columns[name] = _strings(answers[name]) if name in answers else pd.Series([""] * len(quotes), dtype="str")
    frame = pd.DataFrame(columns)
    return frame.assign(n_words=answers["n_words"].to_numpy("int64")) if "n_words" in answers else frame


def _check_counts(counts: pd.DataFrame, quotes: pd.Series) -> None:
    n = pd.to_numeric(counts["n"], errors="coerce")
    faults = {
        "unknown quote_id": ~counts["quote_id"].isin(quotes),
        "n is no whole number of 1 or more": ~((n >= 1) & (n % 1 == 0)),
        "term is empty": counts["term"].isna() | (counts["term"] == ""),
        "quote_id and term stand twice": counts.duplicated(["quote_id", "term"]),
    }
    bad = [f"row {row}: {fault}" for fault, rows in faults.items() for row in counts.index[rows]]
    if bad:
        raise ValueError(
            f"counts must hold known quotes, terms, and whole numbers of 1 or more once each; {_listed(bad)}"
        )


def _check_columns(frame: pd.DataFrame, name: str, needed: tuple[str, ...]) -> None:
    missing = [column for column in needed if column not in frame]
    if missing:
        raise ValueError(f"{name} needs the columns {', '.join(needed)}; missing: {', '.join(missing)}")


def _strings(column: pd.Series) -> pd.Series:
    return column.fillna("").astype("str").reset_index(drop=True)


def _stop_words(languages: pd.Series) -> frozenset[str]:
    return frozenset().union(*(stop_words(language) for language in set(languages) if language))


def _listed(bad: list[str]) -> str:
    more = f" and {len(bad) - _LISTED} more" if len(bad) > _LISTED else ""
    return ", ".join(bad[:_LISTED]) + more

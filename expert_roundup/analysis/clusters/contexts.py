"""Concordance: every place where a word is used, with the words around it."""

from __future__ import annotations

import pandas as pd

from expert_roundup.text.terms import split_terms, term_spans


def concordance(quotes: pd.DataFrame, term: str, *, width: int = 40) -> pd.DataFrame:
    """Show a term in context.

    Parameters
    ----------
    quotes
        One row per quote: quote_id and text; speaker where known.
    term
        A word, in any case; a trailing * finds every word that begins so ("network*").
    width
        Characters of context on each side, at most.

    Returns
    -------
    DataFrame
        One row per place, in page order: quote_id, speaker, start, end (of the printed word in `text`, half-open,
        Unicode code points), left, word, right.

    Raises
    ------
    ValueError
        A column is missing, the term is empty or more than one word, or `width` is negative.

    Notes
    -----
    The lookup is nltk's ConcordanceIndex over the words of all quotes; contexts never run into the next quote.

    Examples
    --------
    >>> import pandas as pd
    >>> text = "Plan first. Plans change, planning stays."
    >>> quotes = pd.DataFrame({"quote_id": ["Q01"], "speaker": ["Ada"], "text": [text]})
    >>> concordance(quotes, "plan*", width=8)[["start", "left", "word", "right"]]
       start     left      word    right
    0      0               Plan   first.
    1     12   first.     Plans  change,
    2     26  change,  planning   stays.
    """
    missing = [column for column in ("quote_id", "text") if column not in quotes]
    if missing:
        raise ValueError(f"quotes needs the columns quote_id, text; missing: {', '.join(missing)}")
    wanted = split_terms(term.removesuffix("*"))
    if len(wanted) != 1:
        raise ValueError(f"term must be one word, with or without a trailing *, not {term!r}")
    if width < 0:
        raise ValueError(f"width must be 0 or more, not {width!r}")
    texts = quotes["text"].fillna("")
    places = [(row, *span) for row, text in enumerate(texts) for span in term_spans(text)]
    found = _offsets([word for *_, word in places], wanted[0], term)
    rows = [_row(quotes, *places[offset][:3], width) for offset in found]
    return pd.DataFrame(rows, columns=["quote_id", "speaker", "start", "end", "left", "word", "right"])


def _offsets(words: list[str], wanted: str, term: str) -> list[int]:
    """Positions of the term among all words, in page order."""
    from nltk.text import ConcordanceIndex

    index = ConcordanceIndex(words)
    forms = sorted({word for word in words if word.startswith(wanted)}) if term.endswith("*") else [wanted]
    return sorted(offset for form in forms for offset in index.offsets(form))


def _row(quotes: pd.DataFrame, row: int, start: int, end: int, width: int) -> tuple[str, str, int, int, str, str, str]:
    text = quotes["text"].iloc[row]
    speaker = quotes["speaker"].iloc[row] if "speaker" in quotes else ""
    left = " ".join(text[max(0, start - width) : start].split())
    right = " ".join(text[end : end + width].split())
    return quotes["quote_id"].iloc[row], speaker, start, end, left, text[start:end], right

"""Facts of the original article that ship in its place: hash, places, languages, lengths, term counts; no sentence.

`python -m expert_roundup.facts ARTICLE FOLDER` rebuilds them byte for byte.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from expert_roundup.parsing import Roundup, read_roundup
from expert_roundup.text.terms import term_counts

if TYPE_CHECKING:
    import pandas as pd


def article_facts(roundup: Roundup) -> dict[str, str]:
    """Facts that follow from a parsed roundup, as the files of data/source/.

    Returns
    -------
    dict of str to str
        File name to content: article.json (sha256, format, n_chars, n_answers), answers.csv (one row per answer:
        quote_id, language, n_words, n_chars, start, end), term_counts.csv (one row per answer x term: quote_id, term,
        n; terms in code point order, so that the order of the words cannot be got back), norms.csv (one row per
        statement that prescribes or forbids, without its words).
    """
    from expert_roundup.analysis.norms import norms, without_wording
    from expert_roundup.output.tables import frame_to_csv

    found = norms(roundup.quotes, source_text=roundup.source.text, segments=roundup.segments)

    article = {
        "sha256": roundup.source.sha256,
        "format": roundup.source.format,
        "n_chars": len(roundup.source.text),
        "n_answers": len(roundup.rows),
    }
    return {
        "article.json": json.dumps(article, indent=1) + "\n",
        "answers.csv": frame_to_csv(answers(roundup)),
        "term_counts.csv": frame_to_csv(counts(roundup)),
        "norms.csv": frame_to_csv(without_wording(found)),
    }


def answers(roundup: Roundup) -> pd.DataFrame:
    """One row per answer, in page order: quote_id, language, n_words, n_chars, start, end (in the source)."""
    quotes = roundup.quotes
    columns = ["quote_id", "language", "n_words", "n_chars", "start", "end"]
    return quotes.assign(n_chars=quotes["text"].str.len())[columns]


def counts(roundup: Roundup) -> pd.DataFrame:
    """One row per answer x term: quote_id, term, n."""
    import pandas as pd

    rows = [(row.quote_id, term, n) for row in roundup.rows for term, n in term_counts(row.text).items()]
    return pd.DataFrame(rows, columns=["quote_id", "term", "n"])


def check_evidence(evidence: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Return `evidence` (quote_id, theme, coder, start, end) when every span lies inside its answer.

    Raises
    ------
    ValueError
        A span is empty, of an unknown answer, or leaves its answer; all such rows are named.
    """
    places = evidence.merge(answers, on="quote_id", how="left", suffixes=("", "_answer"), validate="many_to_one")
    inside = (
        (places["start_answer"] <= places["start"])
        & (places["start"] < places["end"])
        & (places["end"] <= places["end_answer"])
    ).fillna(False)  # fmt: skip
    if inside.all():
        return evidence
    bad = [
        f"row {number + 2} ({row.quote_id}, {row.theme}, {row.coder}: {row.start} to {row.end})"
        for number, row in enumerate(places.itertuples(index=False))
        if not inside.iloc[number]
    ]
    shown = "; ".join(bad[:20]) + (f"; and {len(bad) - 20} more" if len(bad) > 20 else "")
    raise ValueError(f"evidence must lie inside its answer: {shown}")


def main(arguments: list[str]) -> int:
    """Write the facts of the article `arguments[0]` into the folder `arguments[1]`."""
    from pathlib import Path

    from expert_roundup.output.files import save_text

    if len(arguments) != 2:
        print("usage: python -m expert_roundup.facts ARTICLE FOLDER", file=sys.stderr)
        return 2
    for name, content in article_facts(read_roundup(arguments[0])).items():
        print(save_text(Path(arguments[1]) / name, content, overwrite=True))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

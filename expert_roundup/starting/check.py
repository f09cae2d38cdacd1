"""The roster check: what was found on a page, and what a reader should look at before coding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from expert_roundup.parsing import Roundup

#: answers with fewer words are named: something may have been cut off
SHORT = 8
_MOST_NAMES = 20


def roster_check(roundup: Roundup) -> list[str]:
    """Compare the speakers with the page's own list of contributors, and name whatever looks odd.

    Returns
    -------
    list of str
        Plain sentences: how much was found, who on the list has no answer, who is not on it, who answers more than
        once, which answers are very short, whether there is a question and a tally.
    """
    quotes = roundup.quotes
    speakers = f"{len(quotes)} answers by {quotes['speaker'].nunique()} speakers"
    said = [f"{speakers}, layout {roundup.layout}; language {', '.join(quotes['language'].unique())}."]
    said += _roster(roundup) if roundup.roster else ["No list of contributors to check against: look at the speakers."]
    if not quotes["question"].any():
        said.append("No question found: write it into quotes.csv if you know it.")
    often = quotes["speaker"].value_counts(sort=False)
    if (often > 1).any():
        said.append(f"More than one answer: {_listed(list(often[often > 1].index))}.")
    short = quotes[quotes["n_words"] < SHORT]
    if len(short):
        said.append(
            f"Fewer than {SHORT} words, perhaps cut: {_listed(list(short['quote_id'] + ' ' + short['speaker']))}."
        )
    n_themes, n_counts = len(roundup.published), sum(count.n_published for count in roundup.published)
    said.append(f"Published tally: {n_themes} themes, {n_counts} counts." if n_themes else "No published tally found.")
    return said


def _roster(roundup: Roundup) -> list[str]:
    silent = [name for name, quote_id in roundup.roster if quote_id is None]
    quotes = roundup.quotes
    unlisted = list(dict.fromkeys(quotes.loc[~quotes["is_on_roster"].fillna(False), "speaker"]))
    return [
        f"Contributors listed: {len(roundup.roster)}; without an answer: {_listed(silent)}.",
        f"Speakers not on that list: {_listed(unlisted)}.",
    ]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more if names else "none"

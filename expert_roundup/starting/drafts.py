"""Drafts: a codebook to fill in, with the themes of the page's own tally where it has one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: the longest theme made of a label, cut between words
_LONGEST = 40
_HEAD = """\
# The codebook of this study: one entry for each theme, in the order in which tables and charts show them.
#   theme       short name, the key in codings.csv; leave it alone once quotes are coded with it
#   label       as charts show it
#   definition  what an answer must say to carry the theme, in one sentence: FILL THIS IN before you code
#   include     what counts, even if it is not obvious (a list)
#   exclude     what does not count, though it looks alike (a list)
#   examples    words that carry the theme (a list)
"""
_FROM_TALLY = "# Themes and labels are those of the page's own tally.\n"
_NO_TALLY = "# The page has no tally of its own: put your own themes in the place of the example.\n"
_EXAMPLE: dict[str, Any] = {
    "theme": "example",
    "label": "Example Theme",
    "definition": "An answer carries this theme when it advises to begin with an example.",
    "include": ["praise of examples", "blame for leaving them out"],
    "exclude": ["an example that is merely given"],
    "examples": ["show one before you explain"],
}


def draft_published(published: pd.DataFrame) -> pd.DataFrame:
    """Return a parsed tally with a theme for every label.

    Parameters
    ----------
    published
        label and n_published, as a parsed page has them.

    Returns
    -------
    DataFrame
        One row per theme, in the author's order: theme, label, n_published. A theme is its label in lower case with
        hyphens, at most 40 characters, and no two are equal.

    Examples
    --------
    >>> import pandas as pd
    >>> tally = pd.DataFrame({"label": ["Write Less, Listen More", "Draw It"], "n_published": [3, 1]})
    >>> draft_published(tally)["theme"].to_list()
    ['write-less-listen-more', 'draw-it']
    """
    themes: list[str] = []
    for label in published["label"]:
        themes.append(_unique(_hyphened(str(label)), themes))
    return published.assign(theme=themes)[["theme", "label", "n_published"]]


def draft_codebook(published: pd.DataFrame) -> str:
    """Return a codebook to fill in, as yaml: the themes of a published tally, or an example that explains itself.

    Parameters
    ----------
    published
        theme and label, as `draft_published` returns them; without rows the codebook has one example theme.
    """
    from yaml import safe_dump

    labels = _unique_labels([str(label) for label in published["label"]])
    rows = [_blank(theme, label) for theme, label in zip(published["theme"], labels, strict=True)]
    body = safe_dump({"themes": rows or [_EXAMPLE]}, sort_keys=False, allow_unicode=True, width=10_000)
    return _HEAD + (_FROM_TALLY if rows else _NO_TALLY) + str(body)


def _blank(theme: str, label: str) -> dict[str, Any]:
    return {"theme": theme, "label": label, "definition": "", "include": [], "exclude": [], "examples": []}


def _hyphened(label: str) -> str:
    name = re.sub(r"[\W_]+", "-", label.casefold()).strip("-") or "theme"
    return name if len(name) <= _LONGEST else name[: _LONGEST + 1].rpartition("-")[0] or name[:_LONGEST]


def _unique(name: str, taken: list[str]) -> str:
    """The name, with a number behind it where it stands there already."""
    candidates = (name if n == 1 else f"{name}-{n}" for n in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)


def _unique_labels(labels: list[str]) -> list[str]:
    """Labels that a codebook accepts: no two alike but for capitals."""
    known: list[str] = []
    for label in labels:
        folded = [each.casefold() for each in known]
        number = next(
            n for n in range(1, len(known) + 2) if (label if n == 1 else f"{label} ({n})").casefold() not in folded
        )
        known.append(label if number == 1 else f"{label} ({number})")
    return known

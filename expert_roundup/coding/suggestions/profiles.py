"""Profiles: what the codebook, a user's terms and coded examples say about the words of each theme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from expert_roundup.coding.suggestions.cues import Cues, parse_cues, split_words
from expert_roundup.coding.suggestions.ideas import shipped_ideas, stems_everywhere
from expert_roundup.coding.suggestions.stems import stems_of

Floats = npt.NDArray[np.float64]

#: column of the codebook -> how much an idea that it voices says about the theme
_IDEA_WEIGHTS = {"theme": 1.0, "label": 2.0, "definition": 2.0, "include": 1.0, "examples": 0.5, "exclude": -0.3}
#: column -> how much its words say
_WORD_WEIGHTS = {"theme": 1.0, "label": 2.0, "definition": 1.0, "include": 1.0, "examples": 0.3}
#: how much the ideas of a coded example say, per theme that it was given, beside the codebook
_EXAMPLE_IDEAS = 0.1
#: how much its words say: for a theme whose ideas the vocabulary knows, and for one that it does not
_EXAMPLE_WORDS_KNOWN, _EXAMPLE_WORDS_UNKNOWN = 0.03, 0.3
#: how telling a word of the codebook is beside a telling cue's 1: likewise
_WORD_KNOWN, _WORD_UNKNOWN = 0.3, 1.2
#: an idea voiced more strongly than this in one line says no more
CAP = 1.5
#: words that a theme would need to have seen before its share of a word is believed
_DOUBT = 1.0


@dataclass(frozen=True, slots=True)
class Example:
    """A passage that was coded, with the themes it was given."""

    text: str
    themes: tuple[str, ...]


@dataclass(frozen=True)
class Profiles:
    """What speaks for each theme.

    Attributes
    ----------
    themes
        In the order of the codebook.
    ideas
        The cues of ideas.
    idea_shares
        Themes x ideas: how far an idea belongs to each theme; a column sums to 1, or to 0 where no theme voices it.
    words
        Stem -> how much it says for each theme.
    terms
        A user's own cues, an "idea" for each theme that has some.
    """

    themes: list[str]
    ideas: Cues
    idea_shares: Floats
    words: Mapping[str, Floats]
    terms: Cues

    def evidence(self, text: str) -> Floats:
        """How much a passage speaks for each theme, from 0 on."""
        words = split_words(text)
        found = self.ideas.found(words)
        strengths = np.array([min(found.get(idea, 0.0), CAP) for idea in self.ideas.ideas])
        evidence = self.idea_shares @ strengths
        for stem in sorted(stems_of(words)):
            if stem in self.words:
                evidence += self.words[stem]
        for theme, strength in self.terms.found(words).items():
            evidence[self.themes.index(theme)] += strength
        return np.asarray(evidence)


def make_profiles(
    codebook: pd.DataFrame,
    *,
    examples: Sequence[Example] = (),
    terms: Mapping[str, Sequence[str]] | None = None,
    ideas: Cues | None = None,
) -> Profiles:
    """Profile every theme of a codebook.

    Parameters
    ----------
    codebook
        The codebook frame, checked.
    examples
        Coded passages.
    terms
        Theme -> cues (see `parse_cues`).
    ideas
        Instead of those that ship.

    Returns
    -------
    Profiles
        An idea belongs to the themes whose codebook entry voices it, in proportion to how much of the entry does.
    """
    themes = list(codebook["theme"])
    voiced = shipped_ideas() if ideas is None else ideas
    of_ideas = np.zeros((len(themes), len(voiced.ideas)))
    of_words: dict[str, Floats] = {}
    for at, column, line in _lines(codebook):
        of_ideas[at] += _IDEA_WEIGHTS[column] * _strengths(voiced, line)
        _add_words(of_words, line, at, _WORD_WEIGHTS.get(column, 0.0), len(themes))
    # a theme that takes in less than one whole idea has its words, and what examples teach, to go by
    known = np.minimum(_shares(of_ideas).sum(axis=1), 1.0)
    learnt = _between(_EXAMPLE_WORDS_UNKNOWN, _EXAMPLE_WORDS_KNOWN, known)
    for example in examples:
        for theme in example.themes:
            at = themes.index(theme)
            of_ideas[at] += _EXAMPLE_IDEAS / len(example.themes) * _strengths(voiced, example.text)
            _add_words(of_words, example.text, at, learnt[at] / len(example.themes), len(themes))
    strengths = _between(_WORD_UNKNOWN, _WORD_KNOWN, known)
    words = {stem: strengths * share for stem, share in _word_shares(of_words).items()}
    return Profiles(themes, voiced, _shares(of_ideas), words, parse_cues(terms or {}))


def _between(unknown: float, known: float, share_known: Floats) -> Floats:
    return np.asarray(unknown + (known - unknown) * share_known)


def _lines(codebook: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    for column in _IDEA_WEIGHTS:
        for at, text in enumerate(codebook[column]):
            yield from ((at, column, line) for line in text.split("\n") if line)


def _strengths(ideas: Cues, text: str) -> Floats:
    found = ideas.found(split_words(text))
    return np.array([min(found.get(idea, 0.0), CAP) for idea in ideas.ideas])


def _add_words(words: dict[str, Floats], text: str, at: int, weight: float, n_themes: int) -> None:
    if weight:
        for stem in stems_of(split_words(text)) - stems_everywhere():
            words.setdefault(stem, np.zeros(n_themes))[at] += weight


def _shares(weights: Floats) -> Floats:
    weights = np.maximum(weights, 0)
    totals = weights.sum(axis=0)
    return np.asarray(np.divide(weights, totals, out=np.zeros_like(weights), where=totals > 0))


def _word_shares(words: Mapping[str, Floats]) -> dict[str, Floats]:
    shares = {}
    for stem, weights in words.items():
        # a word of many themes tells none from the other
        rare = 1 - (np.count_nonzero(weights) - 1) / max(len(weights) - 1, 1)
        shares[stem] = rare * weights / (weights.sum() + _DOUBT)
    return shares

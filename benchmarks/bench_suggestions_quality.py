"""How good machine suggestions are: micro-F1 against the majority reading, beside simpler and learnt suggestions.

Both editions of the first study; the original only where it is present. Intervals are percentiles of a bootstrap over
answers. What was left out, and why:

- "cut-off from other answers": the share of the best theme's evidence from which a theme is suggested, chosen for each
  answer on the other thirty; "from other themes": chosen for each theme on the eleven others.
- "only cues met in other answers too": an answer is read without the cues that occur in it alone.
- "examples": the codings of the other thirty answers are given as examples (leave one answer out).
- "unknown theme": each theme in turn is one whose ideas the vocabulary does not know, as a theme of another subject
  would be; only its own row is counted, so all twelve are told without their ideas (leave one theme out).

    python benchmarks/bench_suggestions_quality.py [--article FILE]
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from expert_roundup.coding.codings import indicator
from expert_roundup.coding.suggestions.cues import Cues, split_words
from expert_roundup.coding.suggestions.frame import RELATIVE, sentence_evidence, suggested
from expert_roundup.coding.suggestions.ideas import shipped_ideas
from expert_roundup.coding.suggestions.profiles import Example, make_profiles
from expert_roundup.study import load_study

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
ARTICLE = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "source_article.txt"
CUT_OFFS = np.arange(0.4, 1.01, 0.05)


class Edition:
    """Texts, the codebook, and what the majority coded (answers x themes)."""

    def __init__(self, source: Path | None) -> None:
        study = load_study(source)
        self.texts: list[str] = study["quotes"]["text"].tolist()
        self.book = study["codebook"]
        self.themes: list[str] = self.book["theme"].tolist()
        self.gold: Flags = indicator(study["codings"], themes=self.themes).to_numpy(dtype=bool)

    def evidence(self, *, examples: bool = False, ideas: Cues | None = None) -> Floats:
        """Evidence of answers x themes; with `examples`, each answer is read by what the others teach."""
        if not examples:
            profiles = make_profiles(self.book, ideas=ideas)
            return np.array([sentence_evidence(text, profiles).sum(axis=0) for text in self.texts])
        rows = []
        for left_out, text in enumerate(self.texts):
            others = [self.example(at) for at in range(len(self.texts)) if at != left_out]
            rows.append(sentence_evidence(text, make_profiles(self.book, examples=others, ideas=ideas)).sum(axis=0))
        return np.array(rows)

    def example(self, at: int) -> Example:
        """One answer with its codings."""
        return Example(self.texts[at], tuple(np.array(self.themes)[self.gold[at]]))


def chosen(evidence: Floats, relative: float = RELATIVE) -> Flags:
    return np.array([suggested(row, relative=relative) for row in evidence])


def f1(found: Flags, gold: Flags) -> float:
    return float(2 * (found & gold).sum() / max(found.sum() + gold.sum(), 1))


def interval(found: Flags, gold: Flags, *, seed: int = 0) -> tuple[float, float]:
    draws = np.random.default_rng(seed).integers(0, len(gold), (2_000, len(gold)))
    low, high = np.percentile([f1(found[draw], gold[draw]) for draw in draws], [2.5, 97.5])
    return float(low), float(high)


def cut_off_from_other_answers(edition: Edition) -> Flags:
    evidence, rows = edition.evidence(), []
    for left_out in range(len(edition.texts)):
        kept = np.arange(len(edition.texts)) != left_out
        best = max(CUT_OFFS, key=lambda cut: f1(chosen(evidence[kept], cut), edition.gold[kept]))
        rows.append(suggested(evidence[left_out], relative=best))
    return np.array(rows)


def cut_off_from_other_themes(edition: Edition) -> Flags:
    evidence, columns = edition.evidence(), []
    for left_out in range(len(edition.themes)):
        kept = np.arange(len(edition.themes)) != left_out
        best = max(CUT_OFFS, key=lambda cut: f1(chosen(evidence, cut)[:, kept], edition.gold[:, kept]))
        columns.append(chosen(evidence, best)[:, left_out])
    return np.array(columns).T


def unknown_theme(edition: Edition, *, examples: bool = False) -> Flags:
    """Each theme's column from a vocabulary without the ideas that belong to it more than to any other."""
    profiles = make_profiles(edition.book)
    owners = np.where(profiles.idea_shares.max(axis=0) > 0, profiles.idea_shares.argmax(axis=0), -1)
    columns = []
    for at in range(len(edition.themes)):
        dropped = {idea for idea, owner in zip(profiles.ideas.ideas, owners, strict=True) if owner == at}
        ideas = Cues(
            [idea for idea in profiles.ideas.ideas if idea not in dropped],
            [cue for cue in profiles.ideas.cues if cue.idea not in dropped],
        )
        columns.append(chosen(edition.evidence(examples=examples, ideas=ideas))[:, at])
    return np.array(columns).T


def cues_met_elsewhere(edition: Edition) -> Flags:
    """Each answer read without the cues that occur in no other answer, as if nobody had written them for it."""
    cues = shipped_ideas().cues
    single = [Cues([cue.idea], [cue]) for cue in cues]
    words = [split_words(text) for text in edition.texts]
    met = np.array([[bool(cue.found(answer)) for cue in single] for answer in words])
    rows = []
    for left_out, text in enumerate(edition.texts):
        elsewhere = np.delete(met, left_out, axis=0).any(axis=0) | ~met[left_out]
        ideas = Cues(shipped_ideas().ideas, [cue for cue, kept in zip(cues, elsewhere, strict=True) if kept])
        rows.append(sentence_evidence(text, make_profiles(edition.book, ideas=ideas)).sum(axis=0))
    return chosen(np.array(rows))


def always_the_commonest(edition: Edition) -> Flags:
    found = np.zeros_like(edition.gold)
    found[:, edition.gold.sum(axis=0).argmax()] = True
    return found


def nearest_definition(edition: Edition) -> Flags:
    """The theme whose label, definition and examples share most character n-grams with the answer (tf-idf)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    about = edition.book[["label", "definition", "include", "examples"]].agg(" ".join, axis=1)
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit([*about, *edition.texts])
    likeness = (grams.transform(edition.texts) @ grams.transform(about).T).toarray()
    found = np.zeros_like(edition.gold)
    found[np.arange(len(found)), likeness.argmax(axis=1)] = True
    return found


def learnt(edition: Edition) -> Flags:
    """One logistic regression a theme on tf-idf of words, each answer read by what the others taught."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    found = np.zeros_like(edition.gold)
    for left_out in range(len(edition.texts)):
        rest = [at for at in range(len(edition.texts)) if at != left_out]
        words = TfidfVectorizer(sublinear_tf=True).fit([edition.texts[at] for at in rest])
        rows, row = words.transform([edition.texts[at] for at in rest]), words.transform([edition.texts[left_out]])
        # a theme that only the answer left out carries cannot be learnt
        for at in np.flatnonzero(edition.gold[rest].any(axis=0)):
            model = LogisticRegression(class_weight="balanced", C=10.0)
            found[left_out, at] = model.fit(rows, edition.gold[rest, at]).predict(row)[0]
    return found


READERS: dict[str, Callable[[Edition], Flags]] = {
    "suggestions, from the codebook": lambda edition: chosen(edition.evidence()),
    "  cut-off from other answers": cut_off_from_other_answers,
    "  cut-off from other themes": cut_off_from_other_themes,
    "  only cues met in other answers too": cues_met_elsewhere,
    "  with examples, one answer out": lambda edition: chosen(edition.evidence(examples=True)),
    "  without the vocabulary of ideas": lambda edition: chosen(edition.evidence(ideas=Cues([], []))),
    "  unknown theme": unknown_theme,
    "  unknown theme, with examples": lambda edition: unknown_theme(edition, examples=True),
    "always the commonest theme": always_the_commonest,
    "nearest definition, tf-idf of characters": nearest_definition,
    "learnt, logistic regression, one answer out": learnt,
}


def report(name: str, edition: Edition) -> None:
    print(f"\n{name}: {len(edition.texts)} answers, {edition.gold.sum()} themes given by the majority")
    print(f"{'':<46}micro-F1              macro-F1  suggested")
    for reader, read in READERS.items():
        found = read(edition)
        low, high = interval(found, edition.gold)
        macro = np.mean([f1(found[:, at], edition.gold[:, at]) for at in range(len(edition.themes))])
        print(f"{reader:<46}{f1(found, edition.gold):.3f} [{low:.3f}, {high:.3f}]  {macro:.3f}     {found.sum()}")
    found = chosen(edition.evidence())
    table = pd.DataFrame({"coded": edition.gold.sum(axis=0), "suggested": found.sum(axis=0)}, index=edition.themes)
    print(table.assign(both=(found & edition.gold).sum(axis=0)).T.to_string())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--article", type=Path, default=Path(os.environ.get("EXPERT_ROUNDUP_SOURCE", ARTICLE)))
    article = parser.parse_args().article
    report("condensed edition", Edition(None))
    if article.exists():
        report("original", Edition(article))
    else:
        print(f"\noriginal: skipped, {article} is not here; pass --article")


if __name__ == "__main__":
    main()

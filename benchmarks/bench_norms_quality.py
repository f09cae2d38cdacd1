"""How well the rules read norms: micro-F1 on the labelled half of the first study, beside simpler and learnt readers.

A sentence is asked two questions: does it prescribe, does it forbid ("both" is yes twice, `unsure` is left out). A
statement belongs to the labelled sentence that it overlaps most. Intervals are percentiles of a bootstrap over answers.

The cues were written with these sentences in sight, so the first row is a fitting figure. "cues met elsewhere" reads
every answer without the praise and blame that occur in no other labelled answer, as if it had not been seen.

    python benchmarks/bench_norms_quality.py [--article FILE] [--labels FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from expert_roundup.analysis.norms import cues as cues_module
from expert_roundup.analysis.norms import norms
from expert_roundup.analysis.norms.cues import STRENGTHS, Cues, fold, parse_cues
from expert_roundup.parsing import read_roundup
from expert_roundup.parsing.roundup import Roundup

QUESTIONS = ("prescription", "proscription")
DEONTIC = ("must", "should", "may")
SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def gold_sentences(labels: Path, text: str) -> pd.DataFrame:
    """One row per labelled sentence: sentence, answer, start, end, kind, strength, text, language (by its letters)."""
    gold = pd.read_csv(labels).fillna({"strength": ""})
    texts = [text[start:end] for start, end in zip(gold["start"], gold["end"], strict=True)]
    is_russian = [len(re.findall("[а-яё]", t.lower())) > len(re.findall("[a-z]", t.lower())) for t in texts]
    return gold.assign(text=texts, language=np.where(is_russian, "ru", "en"))


def found_norms(gold: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Kind ("none" where nothing was found) and strength found for every labelled sentence."""
    kinds: dict[int, set[str]] = {}
    strengths: dict[int, set[str]] = {}
    for row in found.itertuples():
        overlap = np.minimum(gold["end"], row.end) - np.maximum(gold["start"], row.start)
        if overlap.max() > 0:
            kinds.setdefault(int(overlap.idxmax()), set()).add(row.kind)
            strengths.setdefault(int(overlap.idxmax()), set()).add(row.strength)
    strictest = [next((s for s in STRENGTHS if s in strengths.get(index, ())), "") for index in gold.index]
    return pd.DataFrame({"kind": [_one(kinds.get(index, set())) for index in gold.index], "strength": strictest})


def _one(kinds: set[str]) -> str:
    return "none" if not kinds else kinds.pop() if len(kinds) == 1 else "both"


def outcomes(gold: pd.DataFrame, found: pd.Series) -> np.ndarray:
    """Hits, false alarms and misses per sentence x question (sentences x questions x 3)."""
    says = np.array([[kind in (question, "both") for question in QUESTIONS] for kind in gold["kind"]])
    reads = np.array([[kind in (question, "both") for question in QUESTIONS] for kind in found])
    return np.stack([says & reads, ~says & reads, says & ~reads], axis=-1)


def micro_f1(counted: np.ndarray) -> float:
    hits, false_alarms, misses = counted.reshape(-1, 3).sum(axis=0)
    return 2 * hits / (2 * hits + false_alarms + misses) if hits else 0.0


def interval(
    counted: np.ndarray, answers: np.ndarray, *, seed: int = 0, n_resamples: int = 2000
) -> tuple[float, float]:
    """95 % percentile interval of micro-F1 over resampled answers."""
    rng = np.random.default_rng(seed)
    totals = np.array([counted[answers == answer].reshape(-1, 3).sum(axis=0) for answer in np.unique(answers)])
    draws = totals[rng.integers(len(totals), size=(n_resamples, len(totals)))].sum(axis=1)
    low, high = np.percentile(2 * draws[:, 0] / np.maximum(1, 2 * draws[:, 0] + draws[:, 1] + draws[:, 2]), [2.5, 97.5])
    return float(low), float(high)


def rules(roundup: Roundup, languages: Sequence[Cues] = (), quote_id: str | None = None) -> pd.DataFrame:
    quotes = roundup.quotes if quote_id is None else roundup.quotes[roundup.quotes["quote_id"] == quote_id]
    return norms(quotes, source_text=roundup.source.text, segments=roundup.segments, languages=languages)


def rules_with_cues_met_elsewhere(roundup: Roundup, gold: pd.DataFrame) -> pd.DataFrame:
    """Read every labelled answer without the implied cues that occur in no other labelled answer."""
    tables = {
        p.stem: tomllib.loads(p.read_text("utf-8"))
        for p in (Path(cues_module.__file__).parent / "languages").glob("*.toml")
    }
    met = {
        (name, side, cue): _answers_with(cue, tables[name]["letters"], gold)
        for name in tables
        for side in QUESTIONS
        for cue in _cues(tables[name], side)
    }
    parts = []
    for answer in gold["answer"].unique():
        languages = []
        for name, table in tables.items():
            kept = {
                side: "\n".join(cue for cue in _cues(table, side) if met[name, side, cue] != {answer})
                for side in QUESTIONS
            }
            languages.append(
                parse_cues(
                    _toml({**table, **{side: {**table[side], "implied": kept[side]} for side in QUESTIONS}}), name
                )
            )
        parts.append(rules(roundup, languages, f"Q{answer:02d}"))
    return pd.concat(parts, ignore_index=True)


def _cues(table: dict[str, dict[str, str]], side: str) -> list[str]:
    """Implied cues, the forms of their first word apart."""
    lines = [line.split(maxsplit=1) for line in table[side]["implied"].splitlines() if line.strip()]
    return [
        " ".join(["^" * word.startswith("^") + form, *rest])
        for word, *rest in lines
        for form in word.lstrip("^").split("|")
    ]


def _answers_with(cue: str, letters: str, gold: pd.DataFrame) -> set[int]:
    pattern = parse_cues(_toml({"letters": letters, "prescription": {"implied": cue}}), "xx").prescription["implied"]
    return {row.answer for row in gold.itertuples() if pattern.search(fold(row.text))}


def _toml(table: dict[str, object]) -> str:
    plain = [f"{key} = {json.dumps(value)}" for key, value in table.items() if isinstance(value, str)]
    for section, lists in table.items():
        if isinstance(lists, dict):
            plain += [f"[{section}]", *(f"{key} = {json.dumps(value)}" for key, value in lists.items())]
    return "\n".join(plain)


def learnt(gold: pd.DataFrame) -> pd.Series:
    """Logistic regression on tf-idf of words, one a question, each answer read by what the others taught."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    reads = pd.DataFrame(False, index=gold.index, columns=list(QUESTIONS))
    for answer in gold["answer"].unique():
        rest, held = gold[gold["answer"] != answer], gold[gold["answer"] == answer]
        for question in QUESTIONS:
            model = make_pipeline(TfidfVectorizer(sublinear_tf=True), LogisticRegression(class_weight="balanced"))
            model.fit(rest["text"], rest["kind"].isin([question, "both"]))
            reads.loc[held.index, question] = model.predict(held["text"])
    names = {(True, True): "both", (True, False): "prescription", (False, True): "proscription", (False, False): "none"}
    return pd.Series([names[pair] for pair in reads.itertuples(index=False, name=None)], index=gold.index)


def report(gold: pd.DataFrame, readers: dict[str, pd.Series], strengths: pd.Series) -> None:
    answers = gold["answer"].to_numpy()
    print(f"{len(gold)} sentences of {gold['answer'].nunique()} answers; 95 % intervals over answers\n")
    print(f"{'reader':<30}micro-F1                 any norm")
    for name, found in readers.items():
        low, high = interval(outcomes(gold, found), answers)
        any_norm = outcomes(gold.assign(kind=_any(gold["kind"])), _any(found))
        print(f"{name:<30}{micro_f1(outcomes(gold, found)):.3f}  [{low:.3f}, {high:.3f}]    {micro_f1(any_norm):.3f}")
    report_parts(gold, readers["rules"])
    print("\nkind: labelled (rows) against found by the rules (columns)")
    print(pd.crosstab(gold["kind"], readers["rules"].rename("found")).to_string())
    print("\nstrength: labelled (rows) against found by the rules (columns)")
    print(pd.crosstab(gold["strength"], strengths.rename("found")).to_string())


def _any(kinds: pd.Series) -> pd.Series:
    """Norm or none, as if every norm were a prescription."""
    return kinds.where(kinds == "none", "prescription")


def report_parts(gold: pd.DataFrame, found: pd.Series) -> None:
    parts = {"deontic word": gold["strength"].isin(DEONTIC), "implied": gold["strength"] == "implied"}
    parts |= {f"strength {strength}": gold["strength"] == strength for strength in DEONTIC}
    parts |= {f"language {name}": gold["language"] == name for name in ("ru", "en")}
    counted, answers = outcomes(gold, found), gold["answer"].to_numpy()
    print("\nthe rules, by part")
    for name, mask in parts.items():
        part = counted[mask.to_numpy()]
        low, high = interval(part, answers[mask.to_numpy()])
        print(f"{name:<30}{micro_f1(part):.3f}  [{low:.3f}, {high:.3f}]    {int(mask.sum())} sentences")
    for number, name in enumerate(("does it prescribe?", "does it forbid?")):
        print(f"{name:<30}{micro_f1(counted[:, number]):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--article", type=Path, default=Path(os.environ.get("EXPERT_ROUNDUP_SOURCE", SHARED / "source_article.txt"))
    )
    parser.add_argument("--labels", type=Path, default=SHARED / "norm_labels.csv")
    args = parser.parse_args()
    missing = [str(path) for path in (args.article, args.labels) if not path.exists()]
    if missing:
        print(f"skipped: {' and '.join(missing)} not here; pass --article and --labels", file=sys.stderr)
        return
    roundup = read_roundup(args.article)
    gold = gold_sentences(args.labels, roundup.source.text)
    read = found_norms(gold, rules(roundup))
    elsewhere = found_norms(gold, rules_with_cues_met_elsewhere(roundup, gold))
    sure = gold["kind"] != "unsure"
    gold, read, elsewhere = (frame[sure].reset_index(drop=True) for frame in (gold, read, elsewhere))
    readers = {
        "rules": read["kind"],
        "rules, cues met elsewhere": elsewhere["kind"],
        "learnt, leave one answer out": learnt(gold),
        "yes to both, always": pd.Series("both", index=gold.index),
    }
    report(gold, readers, read["strength"])


if __name__ == "__main__":
    main()

"""How fast norms are found and sentences split, beside NLTK's Punkt and a plain search for deontic words.

The text is that of the condensed edition (English) and of the sentence fixture (Russian), repeated, and with --article
that of the original. Every figure is the median of the same run, the readers in turn. Punkt splits the hard sentences
of the fixture with the same abbreviations: F1 over the places where sentences end.

    python benchmarks/bench_norms.py [--repeat 7] [--kilobytes 500] [--article FILE]
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from expert_roundup.analysis.norms import norms
from expert_roundup.parsing import read_roundup
from expert_roundup.text.sentences import split_sentences
from expert_roundup.text.words import word_lists

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = ROOT / "tests" / "text" / "fixtures" / "sentences.txt"
DEONTIC = re.compile(r"(?i)\b(must|should|have to|need to|должн\w+|нужно|надо|следует|стоит|нельзя)\b")
Spans = list[tuple[int, int]]


def punkt() -> Callable[[str], Spans]:
    """Punkt, told our abbreviations of English and Russian."""
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    for lists in (word_lists()["en"], word_lists()["ru"]):
        parameters.abbrev_types |= lists.never_final | lists.before_number | lists.sometimes_final
    tokenizer = PunktSentenceTokenizer(parameters)
    return lambda text: list(tokenizer.span_tokenize(text))


def cases() -> Iterator[tuple[str, str, list[str]]]:
    """Language, text and sentences of every hard case."""
    for block in SENTENCES.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, text, *expected = (line.replace("\\n", "\n").replace("\\r", "\r") for line in block.strip().splitlines())
        yield title.rpartition("(")[2].rstrip(")"), text, [sentence[2:] for sentence in expected]


def boundary_f1(split: Callable[[str], Spans], languages: set[str]) -> float:
    """F1 over the ends of sentences within the hard cases of `languages`."""
    hits = found = wanted = 0
    for language, text, expected in cases():
        if language in languages:
            ends, at = set(), 0
            for sentence in expected:
                at = text.index(sentence, at) + len(sentence)
                ends.add(at)
            mine = {end for _, end in split(text)}
            hits, found, wanted = hits + len(ends & mine), found + len(mine), wanted + len(ends)
    return 2 * hits / (found + wanted)


def texts(kilobytes: int, article: Path | None) -> dict[str, pd.DataFrame]:
    """Quotes of about so many kilobytes (UTF-8) by name."""
    english = read_roundup(ROOT / "data" / "condensed" / "roundup.md").quotes["text"].tolist()
    named = {
        "condensed edition, English": english,
        "fixture, Russian": [text for name, text, _ in cases() if name == "ru"],
    }
    if article:
        named["the article"] = read_roundup(article).quotes["text"].tolist()
    frames = {}
    for name, answers in named.items():
        times = 1 + kilobytes * 1000 // sum(len(answer.encode()) for answer in answers)
        repeated = answers * times
        frames[name] = pd.DataFrame({"quote_id": [f"Q{n}" for n in range(len(repeated))], "text": repeated})
    return frames


def medians(readers: dict[str, Callable[[], object]], *, repeat: int) -> dict[str, float]:
    """Median seconds of each reader, after one unmeasured round."""
    taken: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(repeat + 1):
        for name, read in readers.items():
            start = time.perf_counter()
            read()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds[1:]) for name, seconds in taken.items()}


def report_speed(quotes: pd.DataFrame, *, repeat: int) -> None:
    answers = quotes["text"].tolist()
    kilobytes = sum(len(answer.encode()) for answer in answers) / 1000
    split_by_punkt = punkt()
    found = medians(
        {
            "norms": lambda: norms(quotes),
            "split_sentences": lambda: [split_sentences(answer) for answer in answers],
            "Punkt": lambda: [split_by_punkt(answer) for answer in answers],
            "deontic words only": lambda: [DEONTIC.findall(answer) for answer in answers],
        },
        repeat=repeat,
    )
    for reader, seconds in found.items():
        beside = seconds / found["Punkt"]
        print(f"  {reader:<22}{kilobytes / seconds:>9.0f} kB/s{seconds * 1000:>9.0f} ms{beside:>8.2f} x Punkt")


def whole_process(arguments: list[str], *, repeat: int) -> float:
    command = [sys.executable, *arguments]
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=7, help="measured rounds (default 7)")
    parser.add_argument("--kilobytes", type=int, default=500, help="text to read (default 500)")
    parser.add_argument("--article", type=Path, help="the original article")
    args = parser.parse_args()
    for name, quotes in texts(args.kilobytes, args.article).items():
        print(f"{name}, {len(quotes)} quotes")
        report_speed(quotes, repeat=args.repeat)
    print("hard sentences, F1 over their ends")
    split_by_punkt = punkt()
    for languages in ({"en"}, {"ru"}, {"zh", "ja", "hi", "ar", "fr", "de", "es", "none"}):
        ours, theirs = boundary_f1(split_sentences, languages), boundary_f1(split_by_punkt, languages)
        print(f"  {' '.join(sorted(languages)):<30} ours {ours:.2f}   Punkt with our abbreviations {theirs:.2f}")
    source = str(args.article or ROOT / "data" / "condensed" / "roundup.md")
    print("whole processes")
    for name, words in {
        "expert-roundup norms": ["-m", "expert_roundup", "norms", source, "--format", "json", "--quiet"],
        "import nltk's Punkt": ["-c", "import nltk.tokenize.punkt"],
        "import pandas": ["-c", "import pandas"],
    }.items():
        print(f"  {name:<22}{whole_process(words, repeat=max(3, args.repeat // 2)):.2f} s")


if __name__ == "__main__":
    main()

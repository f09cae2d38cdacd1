"""Parsing of mutated documents: never a crash, segments lossless, answers exact slices, same input same output.

Run it as `python benchmarks/bench_parsing_fuzz.py [N] [--seed S] [--atheris SECONDS]`, by default 2,000 documents (a
release is run with 20,000). Seeds are small roundups of every layout, pages made of them, and the labelled documents
where they lie beside the project. With --atheris, and where that library is installed, coverage guides the mutations.
A failing document is printed shortened to what still fails.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

from bench_parsing import ANSWERS, document, page

from expert_roundup.parsing import NotARoundup, Roundup, parse_text
from expert_roundup.parsing.source import source_from_text

ROOT = Path(__file__).resolve().parent.parent
GOLD = Path(os.environ.get("EXPERT_ROUNDUP_GOLD", ROOT.parent / "shared" / "data" / "dev_roundups"))
#: pieces that mean something to some recogniser
PIECES = (
    "\n", "\n\n", "\r\n", "> ", "- ", "1. ", "## ", "**", "*", "_", "`", "```\n", "“", "”", "«", "»", '"', "—",
    "– ", ":", "：", "|", "|---|---|\n", "<blockquote>", "</blockquote>", "<aside>", "<span>", "<p>", "<!--",
    "-->", "[x](y)", "![p](q)", "[", "](", "---\n", "+++\n", "=IMAGE=x=", "::: note\n", "{% x %}", "&mdash;",
    "Jane Doe", "Иван Петров", "田中花子", "JD: ", " said: ", "сказал: ", "I do. ", "Why? ",
    "9 Goals 8 Plans 7 Tools ", "Goals (9)\n", "00:12:30 ", "\t", "\x00", "\u2028", "\ufeff", "\ud800", "🙂",
    "\\", "Q: ", "<div class=quote>", "<cite>", "<table><tr><td>", "<script>", "</script>", "<h2>", "<li>",
    "<a href='x'>",
)  # fmt: skip


def seeds() -> list[tuple[str, str]]:
    """Documents with their format, none longer than ten thousand characters."""
    found = [(document(layout, 2_500, each=200), "md") for layout in ANSWERS]
    found += [(text, "txt") for text, _ in found]
    found.append((page(5, each=200), "html"))
    for path in sorted(GOLD.glob("*.md")) if GOLD.is_dir() else ():
        text = path.read_text("utf-8")
        middle = len(text) // 2
        found += [(text[:6_000], "md"), (text[middle : middle + 4_000], "md")]
    return found


def mutated(text: str, others: list[tuple[str, str]], rng: random.Random) -> str:
    """`text` after one to eight changes: pieces put in, cut out, doubled, moved, swapped with another document's."""
    for _ in range(rng.randint(1, 8)):
        a, b = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        b = min(b, a + rng.choice((1, 3, 20, 300)))
        change = rng.randrange(7)
        if change == 0:
            text = text[:a] + rng.choice(PIECES) + text[a:]
        elif change == 1:
            text = text[:a] + text[b:]
        elif change == 2:
            text = text[:b] + text[a:]
        elif change == 3:
            text = text[:a] + text[a:b][::-1] + text[b:]
        elif change == 4:
            other = rng.choice(others)[0]
            at = rng.randint(0, len(other))
            text = text[:a] + other[at : at + rng.choice((5, 50, 500))] + text[b:]
        elif change == 5:
            lines = text.split("\n")
            rng.shuffle(lines)
            text = "\n".join(lines[: rng.randint(1, len(lines))])
        else:
            text = text[:a] + rng.choice(PIECES) * rng.choice((2, 9, 60)) + text[b:]
    return text[:20_000]


def fault_of(text: str, format: str, *, twice: bool = False) -> str:
    """What is wrong with how `text` is read, "" if nothing is."""
    try:
        source = source_from_text(text, format=format)
    except ValueError as error:
        return "" if format == "html" and str(error) else f"refused: {error}"
    try:
        roundup = parse_text(text, format=format)
    except NotARoundup:
        return ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if twice and parse_text(text, format=format).to_json() != roundup.to_json():
        return "another result the second time"
    return "" if roundup.source.text == source.text and _is_lossless(roundup) else "segments or slices are wrong"


def _is_lossless(roundup: Roundup) -> bool:
    text = roundup.source.text
    bounds = [0, *(segment.end for segment in roundup.segments)]
    if [segment.start for segment in roundup.segments] != bounds[:-1] or bounds[-1] != len(text):
        return False
    for row in roundup.rows:
        own = [one for one in roundup.segments if one.kind == "answer" and one.quote_id == row.quote_id]
        if not own or (own[0].start, own[-1].end) != (row.start, row.end):
            return False
        if len(own) == 1 and ">" not in text[row.start : row.end] and text[row.start : row.end] != row.text:
            return False
    return True


def shortened(text: str, format: str, fault: str) -> str:
    """The shortest text that fails alike, found by cutting pieces out."""
    kind = fault.split(":")[0]
    size = len(text) // 2
    while size:
        at = 0
        while at < len(text):
            shorter = text[:at] + text[at + size :]
            if fault_of(shorter, format).split(":")[0] == kind:
                text = shorter
            else:
                at += size
        size //= 2
    return text


def mutate(n: int, seed: int) -> int:
    rng = random.Random(seed)
    known = seeds()
    outcome: Counter[str] = Counter()
    slowest, begin = 0.0, time.monotonic()
    for number in range(n):
        text, format = rng.choice(known)
        text = mutated(text, known, rng)
        started = time.process_time()
        fault = fault_of(text, format, twice=number % 20 == 0)
        slowest = max(slowest, time.process_time() - started)
        outcome[fault.split(":")[0] or "fine"] += 1
        if fault and outcome[fault.split(":")[0]] <= 3:
            print(f"{fault}\n  {format} {shortened(text, format, fault)!r}", flush=True)
    taken = time.monotonic() - begin
    print(f"{n:,} documents in {taken:.0f} s, the slowest {slowest:.2f} s: {dict(outcome)}")
    return int(outcome.total() != outcome["fine"])


def guide(seconds: int) -> int:
    """Let coverage guide the mutations for some seconds."""
    import atheris

    def read(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        for format in ("md", "html"):
            if fault := fault_of(text[:5_000], format):
                raise AssertionError(f"{fault}: {format} {text[:5_000]!r}")

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=4000", "-print_final_stats=1"], read)
    atheris.Fuzz()
    return 0


def main() -> None:
    parser = argparse.ArgumentParser(description="Parse mutated documents.")
    parser.add_argument("n", nargs="?", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--atheris", type=int, metavar="SECONDS")
    args = parser.parse_args()
    sys.exit(guide(args.atheris) if args.atheris else mutate(args.n, args.seed))


if __name__ == "__main__":
    main()

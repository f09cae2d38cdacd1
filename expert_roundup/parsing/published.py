"""The published tally: the counts that the author printed, in running text, a list or a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Block
from expert_roundup.parsing.people import visible


@dataclass(frozen=True, slots=True)
class PublishedCount:
    """One label with the number of answers that the author counted for it."""

    label: str
    n_published: int


@dataclass(frozen=True, slots=True)
class PublishedTally:
    """The counts in page order, and where they stand."""

    counts: tuple[PublishedCount, ...]
    start: int
    end: int
    note: str = ""


#: words that count people: "9 experts", "9 votes"
_PEOPLE = (
    r"(?:of\s+(?:the\s+|our\s+)?(?:\d+\s+)?)?(?:experts?|people|persons?|respondents?|answers?|responses?|votes?|mentions?|times|contributors?|participants?|marketers?"
    r"|эксперт\w*|человек\w*|ответ\w*|голос\w*|раз\w*|упоминани\w*|участник\w*|experten|stimmen|personen|nennungen|antworten"
    r"|experts?|personnes?|voix|réponses?|mentions?|expertos|personas|respuestas|votos|menciones|especialistas|pessoas|respostas|人|票|名|次|명|표)"
)
_NUMBER = r"(?P<n>\d{1,4}(?:[.,]\d+)?)\s*(?P<percent>%)?"
_TAIL = rf"(?:\s*{_PEOPLE})?"
_LINE_FORMS = tuple(
    re.compile(form, re.I)
    for form in (
        # Label (9) · Label (9 experts) · Label [9]
        rf"(?P<label>.*?\w.*?)\s*[(（\[]\s*{_NUMBER}{_TAIL}\s*[)）\]]\s*[.;,]?",
        # Label: 9 · Label – 9 votes · Label ... 9
        rf"(?P<label>.*?\w.*?)\s*(?:[:：=]|\s[-–—]+|\.{{2,}}|…|\|)\s*{_NUMBER}{_TAIL}\s*[.;,]?",
        # 9 experts said Label · 9 of 31 recommend Label
        rf"{_NUMBER}\s*{_PEOPLE}\s*(?:said|say|mentioned|mention|recommended|recommend|named|chose|voted\s+for|suggested|сказал\w*|назвал\w*|совету\w+|for|за)?\s*[:：–—-]?\s*(?P<label>\w.*?)\s*[.;,]?",
        # 9 x Label · 9: Label · 9 – Label · 9 Label
        rf"{_NUMBER}\s*(?:[x×*:：]|[-–—]|\s)\s*(?P<label>[^\W\d].*?)\s*[.;]?",
    )
)
_RUNNING = re.compile(r"(?<![\w.,:/$€£#-])(\d{1,4})(?![\w.,:/%-])")
_SMALL = frozenset("a an and as at but by for from if in into nor not of off on or over per so the to up via with yet vs и в на с не по для".split())


def find_published_tally(document: Document, *, start: int) -> PublishedTally | None:
    """The tally printed after `start` (the first answer), else anywhere before it; None if there is none."""
    blocks = [block for block in document.blocks if block.is_text]
    after = [block for block in blocks if block.end > start]
    before = [block for block in blocks if block.end <= start]
    for part in (after, before):
        if found := _in_table(document, part) or _in_lines(document, part):
            return found
    return _in_running_text(document, start)


def _in_lines(document: Document, blocks: Sequence[Block]) -> PublishedTally | None:
    """Consecutive list items or lines that all have one form; the last such run counts."""
    best: PublishedTally | None = None
    for run in _runs(document, blocks):
        for form in _LINE_FORMS:
            matches = [form.fullmatch(line) for _, _, line in run]
            if len(run) < 3 or not all(matches):
                continue
            counts = _counts([match for match in matches if match])
            if counts and _is_plausible(counts):
                best = PublishedTally(counts, run[0][0], run[-1][1])
                break
    return best


def _runs(document: Document, blocks: Sequence[Block]) -> Iterator[list[tuple[int, int, str]]]:
    run: list[tuple[int, int, str]] = []
    for block in blocks:
        lines = [(start, end, visible(document.text[start:end])) for start, end in block.lines]
        short = block.kind == "paragraph" and all(len(line) <= 120 and re.search(r"\d", line) for _, _, line in lines)
        if short and (block.item >= 0 or len(lines) > 1 or run):
            # the markers of an ordered list are not counts
            run.extend(lines)
            continue
        if run:
            yield run
        run = []
    if run:
        yield run


def _counts(matches: Sequence[re.Match[str]]) -> tuple[PublishedCount, ...]:
    rows = []
    for match in matches:
        number = float(match["n"].replace(",", "."))
        if number != int(number):
            return ()
        rows.append(PublishedCount(match["label"].strip(" .:;,–—-*_|\"“”«»"), int(number)))
    return tuple(rows)


def _is_plausible(counts: Sequence[PublishedCount]) -> bool:
    """Counts of answers fall or are mixed; 1, 2, 3 … is an enumeration, years are years."""
    numbers = [count.n_published for count in counts]
    enumerates = all(b - a == 1 for a, b in zip(numbers, numbers[1:], strict=False))
    labels = {count.label.casefold() for count in counts}
    return not enumerates and max(numbers) < 1_500 and len(labels) == len(counts) and all(len(label) > 1 for label in labels)


def _in_table(document: Document, blocks: Sequence[Block]) -> PublishedTally | None:
    """A table with a column of labels and a column of whole numbers."""
    tables: dict[int, list[Block]] = {}
    for block in blocks:
        if block.kind == "row":
            tables.setdefault(block.table, []).append(block)
    for rows in tables.values():
        cells = [[visible(cell) for cell in split_row(document.content(row))] for row in rows]
        body = [row for row in cells[1:] if any(row)]
        if len(body) < 3:
            continue
        width = min(map(len, body))
        numeric = [
            c for c in range(width) if all(re.fullmatch(rf"\d{{1,4}}(?:\s*{_PEOPLE})?", row[c], re.I) for row in body)
        ]
        labels = [c for c in range(width) if all(re.search(r"[^\W\d]", row[c]) for row in body) and c not in numeric]
        if not numeric or not labels:
            continue
        counts = tuple(PublishedCount(row[labels[0]], int(re.match(r"\d+", row[numeric[-1]])[0])) for row in body)  # type: ignore[index]
        if _is_plausible(counts) and max(len(count.label) for count in counts) <= 120:
            return PublishedTally(counts, rows[0].start, rows[-1].end)
    return None


def split_row(line: str) -> list[str]:
    """The cells of a table row, bars at the ends optional, escaped bars kept.

    Examples
    --------
    >>> split_row("| a | b \\\\| c |")
    ['a', 'b | c']
    """
    bare = line.strip()
    bare = bare[1:] if bare.startswith("|") else bare
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", bare)]


def _in_running_text(document: Document, start: int) -> PublishedTally | None:
    """ "9 Focus On Relationships 8 Set Strategic Goals …": numbers, each followed by words in title case."""
    text = document.text
    numbers = list(_RUNNING.finditer(text, start))
    if len(numbers) < 3:
        return None
    best: list[tuple[int, int, PublishedCount]] = []
    run: list[tuple[int, int, PublishedCount]] = []
    for match, following in zip(numbers, [*numbers[1:], None], strict=True):
        limit = following.start() if following else min(len(text), match.end() + 200)
        label_end = _title_case_end(text, match.end(), min(limit, match.end() + 200))
        label = " ".join(text[match.end() : label_end].split()).strip(" ,.;:–—-")
        if not label:
            run = []
            continue
        run.append((match.start(), label_end, PublishedCount(label, int(match[1]))))
        if len(run) > len(best):
            best = list(run)
        if following is None or text[label_end : following.start()].strip(" ,;.\n\t\r"):
            run = []
    counts = tuple(count for _, _, count in best)
    if len(counts) < 3 or not _is_plausible(counts):
        return None
    falls = all(a.n_published >= b.n_published for a, b in zip(counts, counts[1:], strict=False))
    return PublishedTally(counts, best[0][0], best[-1][1]) if falls else None


def _title_case_end(text: str, start: int, limit: int) -> int:
    """Where a run of title-case words ends; the word that opens the next sentence is not part of it."""
    words = list(re.finditer(r"\S+", text[start:limit]))
    end, previous = start, start
    for word in words:
        bare = word.group().strip(",.;:!?\"“”«»()")
        is_small = bare in _SMALL and end > start
        if bare and not (is_small or bare[0].isupper() or bare in "&+–—/-"):
            # a lower-case word: the capital before it opened this sentence
            return previous
        previous, end = end, start + word.end()
        if word.group().endswith((".", "!", "?")):
            return end
    return end

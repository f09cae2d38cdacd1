"""Synthetic roundups: pages of every layout from a seed, with the themes that each answer was given."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from expert_roundup.corpus.document import document_id

#: themes of the phrases, in the order of the codebook
THEMES = ("plan", "listen", "measure", "rest", "share", "simple")
SECTORS = (1, 2, 3, 4)
YEARS = tuple(range(2015, 2025))
#: of ten pages so many are in English, Russian and German
_LANGUAGES = ("en", "en", "ru", "en", "en", "de", "en", "en", "en", "ru")
#: share of the answers that carry a theme, over all pages; pages differ around it
_SHARES = {"plan": 0.35, "listen": 0.45, "measure": 0.2, "rest": 0.15, "share": 0.3, "simple": 0.25}
#: the one theme that comes up more often from year to year, by so much
_RISE = 0.04


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that nobody gave."""

    speaker: str
    role: str
    text: str
    themes: tuple[str, ...]  #: what it was made to say


@dataclass(frozen=True, slots=True)
class Page:
    """A synthetic roundup."""

    name: str  #: path in the corpus: sector-1/2015-said-000.md
    layout: str
    text: str
    answers: tuple[Answer, ...]

    @property
    def document(self) -> str:
        """The name that a dataset gives it."""
        return document_id(hashlib.sha256(self.text.encode()).hexdigest())


def pages(n: int = 40, *, n_words: int = 45, seed: int = 0) -> Iterator[Page]:
    """Make `n` pages; the last of every forty repeats an earlier one under another title, as syndicated copies do.

    Parameters
    ----------
    n
        Number of pages.
    n_words
        Words an answer has, at least.
    seed
        Of everything random; page `i` depends on it and on `i` alone.
    """
    for index in range(n):
        if index % 40 == 39:
            yield _page(index - 20, n_words, seed, copy=index)
        else:
            yield _page(index, n_words, seed)


def codings(made: Sequence[Page], *, coder: str = "generator") -> list[dict[str, Any]]:
    """What every answer was made to say, as rows of a codings frame: quote_id, theme, coder, confidence."""
    return [
        {"quote_id": f"{page.document}-Q{number:02d}", "theme": theme, "coder": coder, "confidence": 1.0}
        for page in made
        for number, answer in enumerate(page.answers, start=1)
        for theme in answer.themes or ("",)
    ]


def _page(index: int, n_words: int, seed: int, copy: int | None = None) -> Page:
    rng = np.random.default_rng([seed, index])
    phrases = _phrases(_LANGUAGES[index % 10])
    sector, year = SECTORS[index % 4], YEARS[int(rng.integers(len(YEARS)))]
    layout = list(_LAYOUTS)[index % len(_LAYOUTS)]
    shares = [_share(theme, year, rng) for theme in THEMES]
    n_answers = int(rng.integers(6, 11))
    speakers = _speakers(phrases, n_answers, rng)
    if layout == "transcript":
        # three people take turns
        speakers = [speakers[turn % 3] for turn in range(n_answers)]
    answers = tuple(_answer(name, phrases, sector, shares, n_words, rng) for name in speakers)
    if copy is not None:
        year = min(year + 1, YEARS[-1])
    title = phrases["title"].format(n=n_answers, sector=sector) + ("" if copy is None else " (again)")
    month, day = int(rng.integers(1, 13)), int(rng.integers(1, 29))
    write, ending = _LAYOUTS[layout]
    text = write(title, f"{year}-{month:02d}-{day:02d}", phrases, answers)
    name = f"sector-{sector}/{year}-{layout.replace('_', '-')}-{copy if copy is not None else index:03d}.{ending}"
    return Page(name, layout, text, answers)


def _share(theme: str, year: int, rng: np.random.Generator) -> float:
    """How often this page's speakers name a theme: pages differ, as the interests of editors do."""
    middle = _SHARES[theme] + (_RISE * (year - YEARS[0]) if theme == "measure" else 0)
    return float(rng.beta(4 * middle, 4 * (1 - middle)))


@functools.cache
def _phrases(language: str) -> dict[str, Any]:
    known = tomllib.loads((resources.files("expert_roundup.corpus") / "synthetic.toml").read_text("utf-8"))
    return {**known[language], "callings": known["callings"], "letters": known["letters"]}


def _speakers(phrases: dict[str, Any], n: int, rng: np.random.Generator) -> list[str]:
    chosen = rng.choice(len(phrases["callings"]) * len(phrases["letters"]), size=n, replace=False)
    names = [(phrases["callings"][at // 10], phrases["letters"][at % 10]) for at in chosen.tolist()]
    own = phrases.get("names", {})
    return [f"{own.get(calling, calling)} {own.get(letter, letter)}" for calling, letter in names]


def _answer(
    name: str, phrases: dict[str, Any], sector: int, shares: Sequence[float], n_words: int, rng: np.random.Generator
) -> Answer:
    themes = tuple(theme for theme, share in zip(THEMES, shares, strict=True) if rng.random() < share)
    sentences = [_one_of(phrases["themes"][theme], rng) for theme in themes]
    while sum(len(sentence.split()) for sentence in sentences) < n_words:
        filler = _one_of(phrases["filler"], rng).format(sector=sector, number=int(rng.integers(2, 90)))
        sentences.insert(int(rng.integers(len(sentences) + 1)), filler)
    return Answer(name, phrases["role"].format(sector=sector), " ".join(sentences), themes)


def _one_of(phrases: Sequence[str], rng: np.random.Generator) -> str:
    return phrases[int(rng.integers(len(phrases)))]


def _markdown(title: str, date: str, phrases: dict[str, Any], body: Sequence[str]) -> str:
    head = ["---", f'title: "{title}"', f"date: {date}", "---", "", f"# {title}", "", phrases["note"], ""]
    return "\n".join([*head, *body]).rstrip() + "\n"


def _said(title: str, date: str, phrases: dict[str, Any], answers: Sequence[Answer]) -> str:
    body = [phrases["question"], ""]
    for answer in answers:
        body += [f"{answer.speaker}, {answer.role}, {phrases['said']}:", "", f"> {answer.text}", ""]
    return _markdown(title, date, phrases, body)


def _headings(title: str, date: str, phrases: dict[str, Any], answers: Sequence[Answer]) -> str:
    head = (
        f'<meta charset="utf-8"><title>{escape(title)}</title><meta property="article:published_time" content="{date}">'
    )
    body = [f"<h1>{escape(title)}</h1>", f"<p>{escape(phrases['note'])}</p>", f"<p>{escape(phrases['question'])}</p>"]
    for number, answer in enumerate(answers, start=1):
        body += [f"<h2>{number}. {escape(answer.speaker)}, {escape(answer.role)}</h2>", f"<p>{escape(answer.text)}</p>"]
    page = ["<!DOCTYPE html>", f"<html><head>{head}</head>", "<body><article>", *body, "</article></body></html>", ""]
    return "\n".join(page)


def _labels(title: str, date: str, phrases: dict[str, Any], answers: Sequence[Answer]) -> str:
    body = [f"## {phrases['question']}", ""]
    for answer in answers:
        body += [f"**{answer.speaker}:** {answer.text}", ""]
    return _markdown(title, date, phrases, body)


def _quote_then_name(title: str, date: str, phrases: dict[str, Any], answers: Sequence[Answer]) -> str:
    body = [phrases["question"], ""]
    for answer in answers:
        body += [f"> {answer.text}", "", f"— {answer.speaker}, {answer.role}", ""]
    return _markdown(title, date, phrases, body)


def _transcript(title: str, date: str, phrases: dict[str, Any], answers: Sequence[Answer]) -> str:
    names = dict.fromkeys(answer.speaker for answer in answers)
    body = [f"{', '.join(names)}.", ""]
    for answer in answers:
        body += [
            f"{phrases['host'].upper()}: {phrases['question']}",
            "",
            f"{answer.speaker.upper()}: {answer.text}",
            "",
        ]
    return _markdown(title, date, phrases, body)


def _table(title: str, date: str, phrases: dict[str, Any], answers: Sequence[Answer]) -> str:
    body = [phrases["question"], "", "| Name | Role | Answer |", "|---|---|---|"]
    body += [f"| {answer.speaker} | {answer.role} | {answer.text} |" for answer in answers]
    return _markdown(title, date, phrases, body)


def _cards(title: str, date: str, phrases: dict[str, Any], answers: Sequence[Answer]) -> str:
    body = [phrases["question"], ""]
    for answer in answers:
        credit = f'<p class="credit">- {escape(answer.speaker)}, {escape(answer.role)}</p>'
        body += ["<aside>", f"<p>{escape(answer.text, quote=False)}</p>", credit, "</aside>", ""]
    return _markdown(title, date, phrases, body)


_Writer = Callable[[str, str, dict[str, Any], Sequence[Answer]], str]
#: layout -> how it is written, ending of the file; seven are no multiple of the ten languages or the four sectors
_LAYOUTS: dict[str, tuple[_Writer, str]] = {
    "said": (_said, "md"),
    "headings": (_headings, "html"),
    "labels": (_labels, "md"),
    "quote_then_name": (_quote_then_name, "md"),
    "cards": (_cards, "md"),
    "transcript": (_transcript, "md"),
    "table": (_table, "md"),
}


def save_pages(folder: str | Path, *, n: int = 40, seed: int = 0) -> None:
    """Write pages, their codings and their codebook into a folder; those of data/many are made by this call."""
    from expert_roundup.coding.codebook import codebook_to_yaml
    from expert_roundup.output.files import save_text
    from expert_roundup.output.tables import frame_to_csv

    made = list(pages(n, seed=seed))
    for page in made:
        save_text(Path(folder) / page.name, page.text, overwrite=True)
    save_text(Path(folder) / "codings.csv", frame_to_csv(pd.DataFrame(codings(made))), overwrite=True)
    save_text(Path(folder) / "codebook.yaml", codebook_to_yaml(codebook()), overwrite=True)


def codebook() -> pd.DataFrame:
    """One row per theme of the phrases: the codebook frame."""
    from expert_roundup.coding.codebook import check_codebook

    labels = {
        "plan": "Plan the week", "listen": "Listen to people", "measure": "Measure", "rest": "Rest",
        "share": "Show the work", "simple": "Keep it simple",
    }  # fmt: skip
    phrases = [" / ".join(_phrases("en")["themes"][theme]) for theme in THEMES]
    return check_codebook(
        pd.DataFrame({"theme": THEMES, "label": [labels[theme] for theme in THEMES], "examples": phrases})
    )

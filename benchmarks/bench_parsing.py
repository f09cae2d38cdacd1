"""Parsing: a page beside trafilatura and newspaper4k, megabytes a second, growth, and texts made to be slow.

Run it as `python benchmarks/bench_parsing.py [page] [text] [growth] [slow]`, by default all four. Goals: a page of 31
answers in at most 1.5 times what trafilatura alone takes for the same page in the same run; plain text at 5 MB a
second; time per byte the same from 1 MB to 50 MB for every layout; no text of 1 MB in more than 5 s. Times are
processor time of this process, medians; ratios are what counts on a machine that does other things.
"""

from __future__ import annotations

import resource
import signal
import statistics
import sys
import time
from collections.abc import Callable
from html import escape
from itertools import cycle, islice

from expert_roundup.parsing import NotARoundup, parse_text

FIRST = ("Jane", "John", "Ana", "Ivan", "Mary", "Paul", "Rosa", "Ken", "Lu", "Tim", "Eva")
LAST = ("Doe", "Roe", "Lee", "Petrov", "Novak", "Major", "Bear", "Ito", "Stone", "Moon", "Diaz")
NAMES = [f"{first} {last}" for last in LAST for first in FIRST]
SENTENCES = (
    "I start with the people who will read it and not with the tool.",
    "We ask our users every week, because what they say changes what we build.",
    "Most teams forget that a small step which is done beats a large one which is planned.",
    "My rule is simple: write it down, read it aloud, and cut what nobody would miss.",
    "When time is short, they look at the numbers first and at the reasons later.",
    "It took us years to learn that a habit is worth more than a campaign.",
)


def words(n: int, *, start: int = 0) -> str:
    """Sentences of `n` characters or a little more."""
    text, number = "", start
    while len(text) < n:
        text += SENTENCES[number % len(SENTENCES)] + " "
        number += 1
    return text.strip()


def people(n: int) -> list[str]:
    return list(islice(cycle(NAMES), n))


#: layout -> one answer of a speaker; {n} number, {name}, {text}
ANSWERS: dict[str, str] = {
    "said": "{name}, editor at Acme, said: {text}\n\n",
    "quoted in prose": "“{text}” said {name}, editor at Acme.\n\n",
    "headings": "## {n}. {name}, editor at Acme\n\n{text}\n\n",
    "labels": "**{name}:** {text}\n\n",
    "quote, then name": "> {text}\n>\n> — {name}, editor at Acme\n\n",
    "cards": "<blockquote>{text}<span>- {name}, editor</span></blockquote>\n\n",
    "transcript": "{name}: {text}\n\n",
    "table": "| {name} | editor | {text} |\n",
}
HEADS = {"labels": "## What would you never do again?\n\n", "table": "| Name | Role | Answer |\n|---|---|---|\n"}


def document(layout: str, size: int, *, each: int = 1_500) -> str:
    """A Markdown document of one layout, `size` characters long or a little more."""
    form = ANSWERS[layout]
    pieces = [HEADS.get(layout, "# What would you never do again?\n\nWe asked them all.\n\n")]
    n, length = 0, 0
    while length < size:
        # numbered, for the same words of the same speaker count once
        piece = form.format(n=n + 1, name=NAMES[n % len(NAMES)], text=f"{words(each, start=n)} That is {n}.")
        pieces.append(piece)
        length += len(piece)
        n += 1
    return "".join(pieces)


def page(n: int = 31, *, each: int = 1_750) -> str:
    """A saved page of `n` answers among menu, sidebar, comments and scripts."""
    answers = "".join(
        f"<h2 id='a{number}'>{number}. {escape(name)}</h2><p><em>Editor at Acme</em></p>"
        f"<p>{words(each // 2, start=number)} <a href='https://example.org/{number}'>More</a>.</p>"
        f"<p>{words(each // 2, start=number + 3)}</p>"
        for number, name in enumerate(people(n), start=1)
    )
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in FIRST)
    comments = "".join(f"<li class='comment'><b>{name}</b><p>I like it, thanks.</p></li>" for name in people(8))
    return (
        "<!doctype html><html><head><title>Never again | The Note</title><style>p { margin: 0 }</style>"
        "<script>window.data = []</script></head><body>"
        f"<header class='site-header'><nav><ul>{menu}</ul></nav></header><div class='cookies'><p>We count.</p></div>"
        f"<main><article><h1>Never again</h1><p>We asked {n} people.</p>{answers}</article>"
        f"<section id='comments'><h2>8 comments</h2><ol>{comments}</ol></section></main>"
        f"<aside class='sidebar'><ul>{menu}</ul></aside><footer><p>© The Note</p></footer></body></html>"
    )


def seconds(work: Callable[[], object], *, runs: int = 7) -> float:
    """Median processor time of `runs` calls after a first one."""
    work()
    taken = []
    for _ in range(runs):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return statistics.median(taken)


def bench_page() -> None:
    import trafilatura
    from newspaper import Article

    from expert_roundup.parsing.html import html_to_markdown

    text = page()

    def newspaper() -> None:
        article = Article("https://example.org/")
        article.download(input_html=text)
        article.parse()

    roundup = parse_text(text, format="html")
    print(f"a page of {len(text.encode()) / 1000:.0f} kB, {len(roundup.rows)} answers found")
    peer = seconds(lambda: trafilatura.extract(text))
    for name, work in {
        "trafilatura, text": lambda: trafilatura.extract(text),
        "trafilatura, xml with formatting": lambda: trafilatura.extract(
            text, output_format="xml", include_formatting=True
        ),
        "newspaper4k": newspaper,
        "ours, page to Markdown": lambda: html_to_markdown(text),
        "ours, page to quotes": lambda: parse_text(text, format="html"),
    }.items():
        taken = seconds(work)
        print(f"  {name:<34} {1000 * taken:7.1f} ms   {taken / peer:5.2f} x trafilatura")


def bench_text() -> None:
    print("plain text to quotes, 2 MB of each layout")
    for layout in ANSWERS:
        text = document(layout, 2_000_000)
        try:
            taken = seconds(lambda text=text: parse_text(text, format="md"), runs=3)  # type: ignore[misc]
        except NotARoundup as error:
            print(f"  {layout:<20} {error}")
            continue
        print(f"  {layout:<20} {len(text.encode()) / 1e6 / taken:6.1f} MB/s", flush=True)


def bench_growth() -> None:
    print("seconds and peak memory by size; linear is the same time per MB throughout")
    for layout in ANSWERS:
        line = [f"  {layout:<20}"]
        for size in (1, 5, 20, 50):
            text = document(layout, size * 1_000_000)
            begin = time.process_time()
            try:
                n_answers = len(parse_text(text, format="md").rows)
            except NotARoundup:
                n_answers = 0
            taken = time.process_time() - begin
            line.append(f"{size:3} MB {taken:6.2f} s ({taken / size:.3f} s/MB, {n_answers} answers)")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print("  ".join(line), f" peak so far {peak:.1f} GB", flush=True)


MB = 1_000_000
#: seconds after which a text is given up
GIVEN_UP = 20
#: texts of 1 MB made to be slow for whoever backtracks, nests or starts over
SLOW: dict[str, Callable[[], str]] = {
    "said": lambda: "said " * (MB // 5),
    "names said": lambda: "Jane Doe said " * (MB // 14),
    "names": lambda: "Jane Doe\n" * (MB // 9),
    "**": lambda: "**" * (MB // 2),
    "**a": lambda: "**a " * (MB // 4),
    ">": lambda: ">" * MB,
    "> lines": lambda: "> x\n" * (MB // 4),
    "|": lambda: "|" * MB,
    "|a| lines": lambda: "|a|b|\n" * (MB // 6),
    "—": lambda: "—" * MB,
    "— lines": lambda: "— x\n" * (MB // 4),
    "nested lists": lambda: "\n".join("  " * (n % 700) + "- x" for n in range(1_400)),
    "nested quotes": lambda: "\n".join("> " * (n % 700) + "x" for n in range(1_400)),
    "list": lambda: "- x\n" * (MB // 4),
    "one open quote": lambda: "“" + "word " * (MB // 5),
    "open quotes": lambda: "“" * MB,
    "headings": lambda: "".join(f"# Jane Doe{n}\n\nI do.\n\n" for n in range(10_000)) + words(MB - 220_000),
    "tight heading lines": lambda: "##Jane\n" * (MB // 7),
    "names in brackets": lambda: "[Jane]\n" * (MB // 7),
    "names before corner brackets": lambda: "田中「x」\n" * (MB // 14),
    "blank lines above questions": lambda: "# Talk\n" + "> \n" * (MB // 3) + "**Why do you?**\n\nI do.\n\n" * 3,
    "heading lines": lambda: "".join(f"{'#' * (n % 6 + 1)} Jane Doe\n" for n in range(MB // 13)),
    "labels": lambda: "**Jane Doe:** I\n\n" * (MB // 17),
    "plain labels": lambda: "Jane Doe: I\n\n" * (MB // 13),
    "italic labels": lambda: "*Jane Doe:* I\n\n" * (MB // 15),
    "credits": lambda: "> x\n\n— Jane Doe\n\n" * (MB // 17),
    "credits inside": lambda: "> x\n> — Jane Doe\n\n" * (MB // 18),
    "signed lines": lambda: "I do.\nJane Doe\n\n" * (MB // 16),
    "quotes": lambda: "“I do,” said Jane Doe. " * (MB // 23),
    "lines of quotes": lambda: "“I do,” said Jane Doe.\n\n" * (MB // 24),
    "dashes and commas": lambda: "– " + "x, said Jane. " * (MB // 14),
    "dashes": lambda: "– " + "x, – said Jane. – " * (MB // 18),
    "present": lambda: "Jane: I do\n\nJohn: We do\n\n" + "Present: x\n" * (MB // 11),
    "open front matter": lambda: "---\n" + "a: b\n" * (MB // 5),
    "[": lambda: "[" * MB,
    "[a](": lambda: "[a](" * (MB // 4),
    "(": lambda: "(" * MB,
    "`": lambda: "`" * MB,
    "<!--": lambda: "<!--" * (MB // 4),
    "<a": lambda: "<a " * (MB // 3),
    "<aside>": lambda: "<aside>x" * (MB // 8),
    "&": lambda: "&mdash; " * (MB // 8),
    "---": lambda: "---\n" * (MB // 4),
    "9 Goals": lambda: "9 Goals " * (MB // 8),
    "questions": lambda: "Why? " * (MB // 5),
    "blanks": lambda: " " * MB + "x",
    "backslashes": lambda: "\\" * MB,
    "one sign": lambda: "字" * MB,
    "html: p": lambda: "<p>x" * (MB // 4),
    "html: br": lambda: "<p>" + "x<br>" * (MB // 5),
    "html: b": lambda: "<b>x</b> " * (MB // 9),
    "html: a": lambda: "<a href=x>y</a>" * (MB // 15),
    "html: scripts": lambda: "<script></script>x" * (MB // 18),
    "html: nested quotes": lambda: ("<blockquote>" * 400 + "x" + "</blockquote>" * 400) * (MB // 10_000),
    "html: quotes": lambda: "<blockquote>x<cite>Jane Doe</cite></blockquote>" * (MB // 47),
    "html: one quote": lambda: "<blockquote>" + "<span>x</span>" * (MB // 14),
    "html: cards": lambda: "<div class=quote>x y z<b class=name>Jane Doe</b></div>" * (MB // 54),
    "html: signed boxes": lambda: "<div class=c><p>I do, all day, all night.</p><p>Jane Doe</p></div>" * (MB // 71),
    "html: portraits": lambda: "<div class=c><p><img>Jane Doe</p><p>I do, all day, all night.</p></div>" * (MB // 76),
    "html: nested cards": lambda: ("<div class=quote>" * 100 + "<i>x</i>" * 900 + "</div>" * 100) * (MB // 9_500),
    "html: list": lambda: "<ul>" + "<li>x" * (MB // 5),
    "html: nested lists": lambda: ("<ul><li>" * 400 + "x" + "</ul>" * 400) * (MB // 5_200),
    "html: rows": lambda: "<table>" + "<tr><td>x<td>y" * (MB // 14),
    "html: cells": lambda: "<table><tr>" + "<td>x" * (MB // 10) + "<tr>" + "<td>x" * (MB // 10),
    "html: spans": lambda: "<table>" + "<tr><td rowspan=50 colspan=50>x<td>y" * (MB // 36),
    "html: headings": lambda: "<h2>Jane Doe</h2>x" * (MB // 18),
    "html: classes": lambda: "".join(f"<p class='a{n} b{n}-menu c'>x" for n in range(MB // 28)),
    "html: long class": lambda: f"<p class='{'a-' * (MB // 2)}'>x",
    "html: comments": lambda: "<!-- x -->y" * (MB // 11),
    "html: entities": lambda: "&lt;b&gt;" * (MB // 9),
    "html: one line": lambda: "<p>" + "x " * (MB // 2),
}


def bench_slow() -> None:
    print("texts of 1 MB made to be slow, those of more than a second", flush=True)
    slowest = 0.0
    for name, make in SLOW.items():
        text = make()
        begin = time.process_time()
        said = ""
        signal.setitimer(signal.ITIMER_REAL, GIVEN_UP)
        try:
            parse_text(text, format="html" if name.startswith("html") else "md")
        except NotARoundup:
            pass
        except (ValueError, TimeoutError) as error:
            said = f" ({error})"
        signal.setitimer(signal.ITIMER_REAL, 0)
        taken = time.process_time() - begin
        slowest = max(slowest, taken)
        if taken > 1:
            print(f"  {taken:7.2f} s  {name}{said}{'   OVER 5 s' if taken > 5 else ''}", flush=True)
    print(f"  {slowest:7.2f} s  at most, of {len(SLOW)} texts")


def give_up(*_: object) -> None:
    raise TimeoutError(f"given up after {GIVEN_UP} s")


def main() -> None:
    signal.signal(signal.SIGALRM, give_up)
    parts = {"page": bench_page, "text": bench_text, "growth": bench_growth, "slow": bench_slow}
    for name in sys.argv[1:] or parts:
        parts[name]()


if __name__ == "__main__":
    main()

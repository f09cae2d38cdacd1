"""What the parser's tests share: a scorer of labelled documents, and shells such as saved pages come in."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from expert_roundup.parsing import NotARoundup, parse_text

_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_HONORIFIC = re.compile(r"^(?:the|dr|mr|mrs|ms|prof)\.?\s+")


@dataclass(frozen=True)
class Labelled:
    """A document with its answers marked by hand."""

    label: dict[str, Any]
    text: str

    @property
    def id(self) -> str:
        """Its name among the labels."""
        return str(self.label["id"])


def labelled(folder: Path) -> Iterator[Labelled]:
    """The documents of a folder with labels.jsonl."""
    for line in (folder / "labels.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        yield Labelled(label, (folder / label["file"]).read_bytes().decode("utf-8"))


def words(markup: str) -> list[str]:
    """The words that a reader of Markdown or HTML sees, a sign of CJK counting as one."""
    text = re.sub(r"(?s)<!--.*?-->|!\[[^\]]*\]\([^)]*\)", " ", markup)
    text = re.sub(r"\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])", r"\1", text)
    text = html.unescape(re.sub(r"(?m)<[^>]+>|^\s*>+\s?", " ", text))
    text = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    return re.findall(rf"{_CJK}|[^\W]+", re.sub(f"({_CJK})", r" \1 ", text))


def same_words(one: list[str], other: list[str]) -> float:
    """F1 of two bags of words."""
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared / (len(one) + len(other)) if one and other else float(one == other)


def bare_name(name: str | None) -> str:
    text = unicodedata.normalize("NFKC", name or "").casefold()
    return re.sub(r"\s+", " ", _HONORIFIC.sub("", re.sub(r"[^\w@ ]+", " ", text).strip())).strip()


def names_of(quote: dict[str, Any]) -> set[str]:
    """The spellings of a labelled speaker that count as right; where nobody is named, their role or nothing."""
    names = {bare_name(name) for name in (quote["speaker"], *quote.get("speaker_alt", []))}
    return names if quote["speaker"] else names | {bare_name(quote.get("role")), ""}


def f1(document: Labelled, found: list[tuple[str, str]]) -> float:
    """F1 of answers found as (speaker, text): right where words agree by 0.8 and the speaker is the labelled one."""
    label, text = document.label, document.text
    spans = [quote.get("segments") or [[quote["start"], quote["end"]]] for quote in label["quotes"]]
    gold = [words(" ".join(text[a:b] for a, b in pieces)) for pieces in spans]
    left_out = [Counter(words(text[one["start"] : one["end"]])) for one in label.get("ignore", [])]
    answers = [(speaker, words(said)) for speaker, said in found]
    answers = [
        (speaker, said)
        for speaker, said in answers
        if not any(said and (Counter(said) & one).total() >= 0.8 * len(said) for one in left_out)
    ]
    if not gold and not answers:
        return 1.0
    pairs = sorted(
        (
            (same_words(said, right), -abs(i - j), i, j)
            for i, (_, said) in enumerate(answers)
            for j, right in enumerate(gold)
        ),
        reverse=True,
    )
    taken_answers: set[int] = set()
    taken_gold: set[int] = set()
    hits = 0
    for alike, _, i, j in pairs:
        if alike < 0.8 or i in taken_answers or j in taken_gold:
            continue
        taken_answers.add(i)
        taken_gold.add(j)
        hits += bare_name(answers[i][0]) in names_of(label["quotes"][j])
    return 2 * hits / (len(answers) + len(gold))


@pytest.fixture(scope="session")
def score() -> Callable[..., float]:
    """Score how a labelled document is read, itself or in a shell: `score(document, shell=None)`."""

    def scored(document: Labelled, shell: str | None = None) -> float:
        text, format = document.text, "md"
        if shell:
            text, format = SHELLS[shell](rendered(text), document.label.get("title") or document.id, text), "html"
        try:
            found = [(row.speaker, row.text) for row in parse_text(text, format=format).rows]
        except NotARoundup:
            found = []
        return f1(document, found)

    return scored


@pytest.fixture(scope="session")
def gold_documents(gold: Path) -> list[Labelled]:
    """The labelled documents."""
    return list(labelled(gold))


def rendered(markdown: str) -> str:
    """Markdown as HTML, its front matter left out."""
    body = re.sub(r"\A(---|\+\+\+)\n.*?\n\1\n", "", markdown, flags=re.DOTALL)
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(body))


def _links(*labels: str) -> str:
    return "".join(f'<li><a href="/{label.lower()}">{label}</a></li>' for label in labels)


def _data(value: object) -> str:
    """What a page carries in a script element."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


_CONSENT = "Our site keeps small files on your device to remember what you chose and to count visits. "
#: what readers wrote, in the very layouts that answers have
_COMMENTS = (
    '<li id="comment-1" class="comment"><article><footer><b class="fn">Pat Green</b> says:</footer>'
    '<div class="comment-content"><p>I think this is the best list I have read this year.</p></div></article></li>'
    '<li id="comment-2" class="comment"><article><footer><b class="fn">Lee Brown</b> says:</footer>'
    "<p>I do not agree with the third answer. We tried it and it failed.</p></article></li>"
    '<li id="comment-3"><p><b>Max White:</b> I will share this with my team, we need it.</p></li>'
)


def plain_page(body: str, title: str, _: str) -> str:
    """A page without anything around it."""
    return f"<html><head><title>{html.escape(title)}</title></head><body>{body}</body></html>"


def blog_page(body: str, title: str, text: str) -> str:
    """A blog's page: menu, cookie banner, search, sidebar, comments, newsletter, footer, and the text again as data."""
    shown = html.escape(title)
    data = _data({"@type": "Article", "headline": title, "articleBody": text})
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{shown} | The Daily Note</title>
<meta property="og:title" content="{shown}"><style>.a {{ color: red }}</style>
<script>var t = "<p>Jane Doe: I said</p>"</script>
<script type="application/ld+json">{data}</script></head>
<body class="single has-sidebar"><div class="skip-link"><a href="#main">Skip to content</a></div>
<div id="cookie-banner" role="dialog"><p>{_CONSENT * 2}</p><button>Accept all</button></div>
<header class="site-header"><a href="/">The Daily Note</a><nav class="main-nav"><ul>{_links("Home", "News")}</ul>
</nav><form action="/s"><input name="q" placeholder="Search"></form></header>
<div class="layout"><main id="main"><article class="post"><header class="entry-header"><h1>{shown}</h1>
<p class="meta">By <a rel="author" href="/a">Sam Poole</a> on <time>May 2, 2024</time> · 7 min read</p></header>
<div class="entry-content">{body}</div>
<footer class="entry-footer"><a href="/t">Work</a><div class="share-buttons"><a href="x">Tweet</a></div></footer>
</article><section id="comments" class="comments-area"><h2>3 Comments</h2><ol class="comment-list">{_COMMENTS}</ol>
<div id="respond"><h3>Leave a Reply</h3><form><label>Name</label><input></form></div></section></main>
<aside class="sidebar widget-area"><section class="widget"><h2>Recent</h2><ul>{_links("Rest", "May")}</ul></section>
<section class="widget"><h2>About</h2><p>Sam Poole writes about work. I live by the sea and I like it.</p></section>
</aside></div><div class="newsletter-signup"><h3>The letter</h3><p>I send one letter a week.</p></div>
<footer class="site-footer"><p>© 2024 The Daily Note</p><ul>{_links("Privacy", "Terms")}</ul></footer></body></html>"""


def soup_page(body: str, title: str, text: str) -> str:
    """A page of nothing but div: what is what shows in class names and headings only; the text again as state."""
    shown = html.escape(title)
    state = _data({"props": {"text": text}})
    return f"""<html><head><title>{shown}</title></head><body><div class="wrapper"><div class="top">
<a href="/"><img src="logo.png" alt="Note"></a><div class="menu-main"><a href="1">Start</a> <a href="2">Shop</a></div>
</div>
<div class="row"><div class="col-8"><h1>{shown}</h1><div class="text">{body}</div>
<div class="social-share"><span>Share:</span> <a href="f">Facebook</a></div>
<div class="related-posts"><h3>You may also like</h3><ul>{_links("Cities", "Walks")}</ul></div>
<h3>Comments (2)</h3><div class="c"><div><b>Pat Green</b> <i>2 days ago</i></div><p>I think this is good.</p></div>
<div class="c"><div><b>Lee Brown</b></div><p>I do not agree with the third answer. We tried it.</p></div></div>
<div class="col-4 sidebar-right"><h4>Popular</h4><p><a href="x">What we read</a></p><h4>Quote of the day</h4>
<p>“I rest, therefore I am.” — Jo Pillow</p></div></div><div class="foot">© Note · <a href="p">Privacy</a></div></div>
<div class="gdpr-consent" style="position:fixed"><p>{_CONSENT * 3}</p><a class="btn">OK</a></div>
<div style="display:none"><p>Jane Hidden said: “I am not here, and I never was.”</p></div>
<script id="__NEXT_DATA__" type="application/json">{state}</script></body></html>"""


def old_page(body: str, title: str, _: str) -> str:
    """A page of the nineties: laid out by tables, attributes unquoted, tags in capitals, nothing closed at the end."""
    return f"""<HTML><HEAD><TITLE>{html.escape(title)}</TITLE></HEAD><BODY BGCOLOR=#ffffff>
<TABLE WIDTH=100% BORDER=0><TR><TD COLSPAN=2><CENTER><IMG SRC=logo.gif ALT=Note></CENTER>
<TR><TD WIDTH=150 VALIGN=top><FONT SIZE=2><A HREF=index.html>Home</A><BR><A HREF=news.html>News</A><BR></FONT>
<TD><FONT FACE=Arial>{body}</FONT></TABLE>
<SCRIPT LANGUAGE=JavaScript><!-- document.write("<P>Jane Doe: I said</P>") //--></SCRIPT>"""


#: name -> (HTML of the text, title, the text itself) -> a page
SHELLS: dict[str, Callable[[str, str, str], str]] = {
    "plain": plain_page,
    "blog": blog_page,
    "soup": soup_page,
    "old": old_page,
}


@pytest.fixture(scope="session")
def shells() -> dict[str, Callable[[str, str, str], str]]:
    """Shells such as saved pages come in, by name."""
    return SHELLS

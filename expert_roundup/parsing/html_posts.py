"""Posts that are HTML below their Markdown head: site generators read both, and so do we."""

from __future__ import annotations

import re
from collections.abc import Iterator

from expert_roundup.parsing.blocks import front_matter

_OPENS_BLOCK = re.compile(
    r"(?i)\s*</?(?:p|div|blockquote|ul|ol|li|h[1-6]|table|thead|tbody|tr|td|th|figure|figcaption|section|article|aside|br|hr|img|center"
    r"|dl|dt|dd|style|script|main|header|footer|iframe)\b"
)
_MARKDOWN = re.compile(r"\s*(?:#{1,6}\s|[-*+]\s|>\s|\d{1,9}[.)]\s|```|~~~|\||!?\[|:::|\{[{%])|.*(?:\*\*|__|\]\()")
#: letters and marks that only HTML writes so, and how many of them speak for a page
_ENTITY = re.compile(
    r"&(?:[aeiouncyAEIOUNCY](?:acute|grave|circ|tilde|uml|cedil|ring)|[lrb]d?[sq]uo|[lr]aquo|nbsp|hellip|szlig);"
)
_ENTITIES = 3
#: an empty line
_CHUNK_END = re.compile(r"\n[ \t\r]*\n")
#: share of the characters that stand in chunks that a tag opens, and of the other lines that are Markdown
_TAGS, _MARKS = 0.5, 0.05


def page_of_post(text: str) -> str | None:
    """The page that a Markdown file is, None where it is Markdown."""
    return as_page(text) if is_html_post(text) else None


def is_html_post(text: str) -> bool:
    """Whether a Markdown file is a page's HTML, with entities, styles or drawings in it, and next to no Markdown.

    Tidy HTML inside Markdown is read where it stands.
    """
    if text.count("</") < 3 or not ("<style" in text or "<svg" in text or len(_ENTITY.findall(text)) >= _ENTITIES):
        return False
    chunks = [chunk for chunk in _CHUNK_END.split(text[len(front_matter(text)) :]) if chunk.strip()]
    whole = sum(map(len, chunks))
    running = [chunk for chunk in chunks if not _OPENS_BLOCK.match(chunk)]
    lines = [line for chunk in running for line in chunk.splitlines()]
    marked = sum(_MARKDOWN.match(line) is not None for line in lines)
    return sum(map(len, running)) <= (1 - _TAGS) * whole and marked <= max(1, _MARKS * len(lines))


def as_page(text: str) -> str:
    """The post as a page: its head, and below it HTML in which running text between blank lines is a paragraph."""
    head = front_matter(text)
    return head + "\n".join(_paragraphs(text[len(head) :]))


def _paragraphs(body: str) -> Iterator[str]:
    for chunk in _CHUNK_END.split(body):
        yield chunk if not chunk.strip() or "<" in chunk.lstrip()[:1] else f"<p>{chunk}</p>"

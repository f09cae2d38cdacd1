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
#: share of the characters that stand in lines of tags, and of the lines that are Markdown
_TAGS, _MARKS = 0.5, 0.05


def is_html_post(text: str) -> bool:
    """Whether a Markdown file is a page's HTML, with entities or styles in it, and next to no Markdown.

    Tidy HTML inside Markdown is read where it stands.
    """
    if text.count("</") < 3 or not ("<style" in text or len(_ENTITY.findall(text)) >= _ENTITIES):
        return False
    lines = [line for line in text[len(front_matter(text)) :].splitlines() if line.strip()]
    tagged = sum(len(line) for line in lines if _OPENS_BLOCK.match(line))
    marked = sum(_MARKDOWN.match(line) is not None for line in lines)
    return tagged >= _TAGS * sum(map(len, lines)) and marked <= _MARKS * len(lines)


def as_page(text: str) -> str:
    """The post as a page: its head, and below it HTML in which running text between blank lines is a paragraph."""
    head = front_matter(text)
    return head + "\n".join(_paragraphs(text[len(head) :]))


def _paragraphs(body: str) -> Iterator[str]:
    for chunk in re.split(r"\n[ \t\r]*\n", body):
        yield chunk if not chunk.strip() or "<" in chunk.lstrip()[:1] else f"<p>{chunk}</p>"

"""Records of who is announced where and what they say: what a layout's recogniser hands on."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from expert_roundup.parsing.blocks import Block, Span, content, front_matter, parse_blocks
from expert_roundup.parsing.knowledge import first_person
from expert_roundup.parsing.people import visible
from expert_roundup.parsing.source import Source
from expert_roundup.text.languages import detect_language


@dataclass(frozen=True, slots=True)
class Answer:
    """One announcement and what the announced speaker says."""

    speaker: str  #: as announced: a full name, or a short label that is resolved later
    role: str
    attribution: tuple[Span, ...]  #: the words that announce the speaker
    spans: tuple[Span, ...]  #: the answer, in page order
    question: Span | None = None  #: the question right before it, where the layout knows
    trailer: tuple[Span, ...] = ()  #: links and the like that close the answer


@dataclass(frozen=True, slots=True)
class Attempt:
    """A document read by one layout's rules."""

    layout: str
    answers: tuple[Answer, ...]
    questions: tuple[Span, ...] = ()
    moderators: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()  #: why it was read so, for `--explain`


@dataclass(frozen=True)
class Document:
    """A source with its blocks, as the recognisers see it."""

    source: Source
    blocks: tuple[Block, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """The text that every offset indexes."""
        return self.source.text

    def content(self, block: Block) -> str:
        """The block's text without prefixes."""
        return content(self.source.text, block)

    @functools.cached_property
    def title(self) -> str:
        """The document's title: from its head, its front matter, or its first heading of the top level."""
        if self.source.title:
            return self.source.title
        if match := re.search(r"(?m)^title\s*[:=]\s*(.+?)\s*$", front_matter(self.text)):
            return match[1].strip("\"'")
        headings = [block for block in self.blocks if block.kind == "heading"]
        if headings and headings[0].level == min(block.level for block in headings):
            return visible(self.content(headings[0]))
        first = next((block for block in self.blocks if block.is_text), None)
        if first is None:
            return ""
        line = visible(self.text[first.lines[0][0] : first.lines[0][1]])
        return line if len(line) <= 120 else ""

    @functools.cached_property
    def language(self) -> str:
        """Language of most of the document."""
        return detect_language(self.prose[:6_000][-3_000:])

    def speaks_of_self(self, text: str) -> bool:
        """Whether somebody says I or we in `text`."""
        return first_person(self.language).search(text) is not None

    @functools.cached_property
    def authors(self) -> tuple[str, ...]:
        """The authors that the front matter names, each of two words or more."""
        found = re.search(r"(?ms)^(?:authors?|by)\s*[:=]\s*(.*?)(?=^\w[\w-]*\s*[:=]|\Z)", front_matter(self.text))
        names = re.split(r"[,\[\]\n\"']+|\s-\s", found[1]) if found else []
        return tuple(name for name in (part.strip(" -\r") for part in names) if " " in name)

    @functools.cached_property
    def prose(self) -> str:
        """The document as a reader sees it, a line a block: where names are looked up."""
        matter = front_matter(self.text)
        return "\n".join([matter, *(visible(self.content(block)) for block in self.blocks if block.is_text)])

    @functools.cached_property
    def head(self) -> str:
        """The document's front matter and its first thousand words or so: where speakers are introduced."""
        return visible(self.text[:8_000])


def parse_document(source: Source) -> Document:
    """The source with its blocks."""
    return Document(source, parse_blocks(source.text))

"""Records of who is announced where and what they say: what a layout's recogniser reads and hands on."""

from __future__ import annotations

import functools
import itertools
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from expert_roundup.parsing.attendance import listed_names
from expert_roundup.parsing.blocks import Block, Span, content, front_matter, parse_blocks
from expert_roundup.parsing.comments import without_comments
from expert_roundup.parsing.knowledge import alternatives, has_first_person, known, n_first_person, whole_words, words
from expert_roundup.parsing.source import Source
from expert_roundup.parsing.visible import visible
from expert_roundup.text.languages import detect_language

#: what stands before a piece of an address or of a compound
_NO_WORD = frozenset("_@/.#-&~")
#: where a link leads to
_TARGET = re.compile(r"\]\([^()\s]*\)")
#: the title and the authors in a head of YAML, TOML or JSON
_TITLE = re.compile(r"(?m)^title[ \t]*[:=][ \t]*(\S.{0,999})")
_AUTHORS = re.compile(
    r"(?ms)^(?:authors?|by|[ \t]+\"authors?\")\s*[:=]\s*(.*?)(?=^\w[\w-]*\s*[:=]|^[ \t]+\"\w+\"\s*:|\Z)"
)
#: a picture, and the words that stand for it
_PICTURE = re.compile(r"!\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
#: the longest title, in characters
_LONGEST_TITLE = 150
#: words of a title that says little more than that people are quoted
_FEW_WORDS = 6
#: characters of a text in which words are looked for
_LOOKED_AT = 200_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One announcement and what the announced speaker says."""

    speaker: str  #: as announced: a full name, or a short label that is resolved later
    role: str
    attribution: tuple[Span, ...]  #: the words that announce the speaker
    spans: tuple[Span, ...]  #: the answer, in page order
    questions: tuple[Span, ...] = ()  #: what was asked right before it, where the layout knows
    trailer: tuple[Span, ...] = ()  #: links and the like that close the answer

    @property
    def start(self) -> int:
        """Where the answer or its announcement begins, whichever comes first."""
        return (
            min(self.spans[0][0], *(start for start, _ in self.attribution)) if self.attribution else self.spans[0][0]
        )

    @property
    def end(self) -> int:
        """Where the answer or its announcement ends, whichever comes last."""
        return max(self.spans[-1][1], *(end for _, end in self.attribution)) if self.attribution else self.spans[-1][1]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A document read by one layout's rules."""

    layout: str
    answers: tuple[Answer, ...]
    questions: tuple[Span, ...] = ()
    moderators: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()  #: why it was read so, for `--explain`
    #: the page itself says who is quoted (a credit under a block quote, a table of quotes, a title)
    is_explicit: bool = False


@dataclass(frozen=True)
class Document:
    """A source with its blocks, as the recognisers see it."""

    source: Source
    blocks: tuple[Block, ...] = field(repr=False)  #: up to where reader comments begin
    text: str = field(init=False, repr=False)  #: what every offset indexes

    def __post_init__(self) -> None:
        # no property: recognisers ask for it once or more a block
        object.__setattr__(self, "text", self.source.text)

    def content(self, block: Block) -> str:
        """The block's text without prefixes."""
        return content(self.text, block)

    def shown(self, block: Block) -> str:
        """The block as a reader sees it, on one line."""
        known = self._shown.get(block.start)
        if known is None:
            known = self._shown[block.start] = visible(self.content(block))
        return known

    @functools.cached_property
    def _shown(self) -> dict[int, str]:
        return {}

    def end_of_quote(self, index: int) -> int:
        """Index of the last block of the block quote that begins at `index`."""
        last = index
        while last + 1 < len(self.blocks) and self.blocks[last + 1].quote == self.blocks[index].quote:
            last += 1
        return last

    def said(self, answer: Answer) -> str:
        """The text from the first to the last character of an answer."""
        return self.text[answer.spans[0][0] : answer.spans[-1][1]]

    def n_speaking(self, answers: Sequence[Answer]) -> int:
        """In how many of the answers somebody says I or we."""
        return sum(self.speaks_of_self(self.said(answer)) for answer in answers)

    @functools.cached_property
    def size(self) -> int:
        """Characters of the blocks in which somebody may be speaking, where links lead to left out; at least 1."""
        spans = [(block.start, block.end) for block in self.blocks if block.is_text]
        targets = (match for span in spans for match in _TARGET.finditer(self.text, *span))
        return max(1, sum(end - start for start, end in spans) - sum(match.end() - match.start() for match in targets))

    @functools.cached_property
    def block_quotes(self) -> tuple[tuple[int, int], ...]:
        """First and last block of each block quote that has text."""
        found: list[tuple[int, int]] = []
        for index, block in enumerate(self.blocks):
            if block.quote >= 0 and block.lines and not (found and index <= found[-1][1]):
                found.append((index, self.end_of_quote(index)))
        return tuple(found)

    @functools.cached_property
    def habits(self) -> dict[str, bool]:
        """What recognisers found the page to do throughout."""
        return {}

    @functools.cached_property
    def credited(self) -> dict[tuple[int, int], tuple[Answer, int] | None]:
        """What the credits of block quotes say, by first and last block: two layouts ask for each of them."""
        return {}

    @functools.cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def block_at(self, position: int) -> int:
        """Index of the block that holds `position`, or of the first one after it."""
        index = bisect_right(self._starts, position) - 1
        if index >= 0 and position < self.blocks[index].end:
            return index
        return index + 1

    def blocks_between(self, start: int, end: int) -> Sequence[Block]:
        """The blocks that have text in [start, end)."""
        return self.blocks[self.block_at(start) : bisect_left(self._starts, end)]

    @functools.cached_property
    def title(self) -> str:
        """The document's title: from its head, its front matter, or its first heading of the top level."""
        if self.source.title:
            return self.source.title
        matter = front_matter(self.text)
        if matter.startswith("{") and isinstance(title := json.loads(matter).get("title"), str):
            return title[:1000].strip()
        if match := _TITLE.search(matter):
            return match[1].strip().strip("\"'")
        if self.top_heading:
            return self.top_heading
        first = next((block for block in self.blocks if block.is_text and block.lines), None)
        if first is None:
            return ""
        line = visible(self.text[first.lines[0][0] : first.lines[0][1]])
        return line if len(line) <= 120 else ""

    def is_listed(self, name: str) -> bool:
        """Whether minutes list `name` among those who were there: in full, by the first or last word, or as a nickname."""
        return bool(name) and name.casefold() in self._attendance

    @functools.cached_property
    def _attendance(self) -> frozenset[str]:
        return listed_names(self.text)

    @functools.cached_property
    def top_heading(self) -> str:
        """The first heading, where none is of a higher level; "" else."""
        headings = [block for block in self.blocks if block.kind == "heading" and block.lines]
        is_top = bool(headings) and headings[0].level == min(block.level for block in headings)
        return self.shown(headings[0]) if is_top else ""

    @functools.cached_property
    def announces_voices(self) -> bool:
        """Whether the title or a heading says that people are quoted."""
        headings = [self.shown(block) for block in self.blocks if block.kind == "heading" and block.lines]
        return any(len(line) <= _LONGEST_TITLE and _voices().search(line) for line in (self.title, *headings))

    @functools.cached_property
    def title_announces_voices(self) -> bool:
        """Whether the title or the first heading says that people are quoted, and not much more."""
        lines = (line for line in (self.title, self.top_heading) if len(line.split()) <= _FEW_WORDS)
        return any(_voices().search(line) for line in lines)

    @functools.cached_property
    def announces_users(self) -> bool:
        """Whether the title or the first heading says that those who use something tell how."""
        return any(_users().search(line) for line in (self.title, self.top_heading))

    @functools.cached_property
    def language(self) -> str:
        """Language of most of the document."""
        sizes, sample = 0, []
        for block in self.blocks[len(self.blocks) // 4 :]:
            if block.kind == "paragraph":
                sample.append(visible(self.text[block.start : min(block.end, block.start + 600)]))
                sizes += len(sample[-1])
            if sizes > 1_200:
                break
        return detect_language(" ".join(sample) or self.prose[:1_500])

    def speaks_of_self(self, text: str) -> bool:
        """Whether somebody says I or we in `text`."""
        return has_first_person(text, self.language)

    def n_of_self(self, text: str) -> int:
        """How often somebody says I or we in `text`."""
        return n_first_person(text, self.language)

    @functools.cached_property
    def authors(self) -> tuple[str, ...]:
        """The authors that the front matter names."""
        found = _AUTHORS.search(front_matter(self.text))
        names = re.split(r"[,\[\]\n\"']+|\s-\s", found[1]) if found else []
        return tuple(name for name in (part.strip(" -\r") for part in names) if name)

    @functools.cached_property
    def prose(self) -> str:
        """The document as a reader sees it, a line a block: where names are looked up."""
        matter = front_matter(self.text)
        return "\n".join([matter, *(self._told(block) for block in self.blocks if block.is_text and block.lines)])

    def _told(self, block: Block) -> str:
        """A block as a reader sees it; words that stand for a picture end where the picture does."""
        content = self.content(block)
        return visible(_PICTURE.sub(r"\1. ", content)) if "![" in content else self.shown(block)

    def line_of(self, index: int) -> int:
        """The line of the prose at which block `index` stands."""
        return self._lines[index]

    @functools.cached_property
    def _lines(self) -> list[int]:
        before = front_matter(self.text).count("\n") + 1
        shown = (block.is_text and bool(block.lines) for block in self.blocks)
        return list(itertools.accumulate(shown, initial=before))

    @functools.cached_property
    def head(self) -> str:
        """The document's front matter and its first thousand words or so: where speakers are introduced."""
        return visible(self.text[:8_000])

    def writes_in_lower_case(self, word: str) -> bool:
        """Whether the document has `word`, given in lower case, as a word of its own: a name made of such words is likely none."""
        known = self._lower_words.get(word)
        if known is None:
            known = self._lower_words[word] = _has_word(self.text, word, min(len(self.text), _LOOKED_AT))
        return known

    @functools.cached_property
    def _lower_words(self) -> dict[str, bool]:
        return {}


@functools.cache
def _users() -> re.Pattern[str]:
    return re.compile(rf"(?i){whole_words(words('cues', 'users'))}")


@functools.cache
def _voices() -> re.Pattern[str]:
    lists = known("cues")["voices"]
    return re.compile(rf"(?i){whole_words(lists['words'])}|{alternatives(lists['strings'])}")


def n_said(answers: Iterable[Answer]) -> int:
    """Characters that are said in all of the answers."""
    return sum(end - start for answer in answers for start, end in answer.spans)


def _has_word(text: str, word: str, end: int) -> bool:
    """Whether `word` stands alone in text[:end]: no letter beside it, no address around it."""
    start = text.find(word, 0, end)
    while start >= 0:
        before, behind = text[start - 1 : start], text[start + len(word) : start + len(word) + 1]
        if not (before.isalnum() or before in _NO_WORD) and not (behind.isalnum() or behind in ("_", "@", "/", "-")):
            return True
        start = text.find(word, start + len(word), end)
    return False


def parse_document(source: Source) -> Document:
    """The source with its blocks."""
    return Document(source, without_comments(source.text, parse_blocks(source.text)))

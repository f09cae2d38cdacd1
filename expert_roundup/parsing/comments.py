"""Comments: where a page's readers begin to speak, whom nobody asked."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable

from expert_roundup.parsing.blocks import Block, content
from expert_roundup.parsing.knowledge import alternatives, words
from expert_roundup.parsing.visible import visible


def without_comments(text: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks before a heading that opens the readers' comments."""
    paragraphs = [index for index, block in enumerate(blocks) if block.kind == "paragraph"]
    first_long = next((index for index in paragraphs if not _is_short(blocks[index])), len(blocks))
    begin = min([first_long, *paragraphs[1:2]])
    recurring: set[str] | None = None
    for index in range(begin + 1, len(blocks)):
        block = blocks[index]
        if block.kind in ("heading", "paragraph") and block.quote < 0 and _is_short(block):
            is_label = block.kind == "heading" or text[block.start : block.start + 2] in ("**", "__")
            shown = visible(content(text, block)) if is_label else ""
            if is_label and _comments().fullmatch(shown):
                recurring = _recurring(text, blocks) if recurring is None else recurring
                if shown in recurring:
                    continue  # parts of a page are called so, its readers' comments come once
                # minutes and papers have a discussion too, but not at their end
                may_be_ours = shown.casefold().strip() in words("cues", "discussions")
                if not may_be_ours or block.start * 2 > len(text):
                    return blocks[:index]
    return blocks


def _recurring(text: str, blocks: Iterable[Block]) -> set[str]:
    """The short headings that stand again and again: "Comments on chat" twice, "Comments" three times."""
    headings = (block for block in blocks if block.kind == "heading" and _is_short(block))
    counts = Counter(visible(content(text, block)) for block in headings)
    return {shown for shown, n in counts.items() if n > 1 + (" " not in shown)}


def _is_short(block: Block) -> bool:
    return block.end - block.start <= 80 and len(block.lines) == 1


@functools.cache
def _comments() -> re.Pattern[str]:
    """A line that says no more than "Comments (12)"."""
    said = alternatives(words("cues", "comments"))
    return re.compile(rf"(?i)\W*(?:\d+\s*)?(?:{said})(?:\s*\(?\d+\)?)?(?:\s+(?:on|to|zu|sur|на|к)\s.*)?\W*")

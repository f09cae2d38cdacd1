"""Section quotes: what quotations in the sections of a page are, the answers or lines pulled out of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Block
from expert_roundup.parsing.layouts.regions import stripped, unwrapped
from expert_roundup.parsing.visible import n_words

#: a quotation that so many times as many words surround may be pulled out of them
_PULLED = 4
#: words of a quotation that says something
_SAYS = 8
_OPENING = '“„«»「『"”‘&'


def in_block_quote(_: Document, block: Block) -> bool:
    """Whether a block stands in a block quote."""
    return block.quote >= 0


def in_marks(document: Document, block: Block) -> bool:
    """Whether a paragraph stands in quotation marks as a whole."""
    if block.kind != "paragraph" or not block.lines or document.text[block.span[0]] not in _OPENING:
        return False
    start, end = stripped(document.text, *block.span)
    return unwrapped(document.text, (start, end))[0] > start


#: uses in which what is quoted is the answer and the rest the editor's -> whether a block is quoted
ANSWERING: dict[str, Callable[[Document, Block], bool]] = {"block quotes": in_block_quote, "marked": in_marks}


def use_of_quotes(document: Document, sections: Sequence[tuple[str, Sequence[Block]]]) -> str:
    """What the quotations of most sections are; a section is its speaker's name and its blocks.

    "block quotes" or "marked" where they are the answers; "pulled" where little is in block quotes and the rest does
    not name the speaker; "few" where most sections have none.
    """
    n = n_pulled = n_marked = n_own = 0
    for speaker, blocks in sections:
        quoted = marked = 0
        rest: list[Block] = []
        for block in blocks:
            if block.kind == "heading" and quoted:
                break
            if block.quote >= 0:
                quoted += n_words(document.content(block))
            elif in_marks(document, block):
                marked += n_words(document.content(block))
            elif block.is_text and block.lines:
                rest.append(block)
        if not (quoted or marked):
            continue
        told = [document.shown(block) for block in rest]
        n_rest = sum(map(n_words, told))
        n += quoted >= _SAYS
        named = any(speaker.split()[-1] in text for text in told)
        n_pulled += quoted >= _SAYS and n_rest + marked >= _PULLED * quoted and not named
        n_marked += marked >= _SAYS and n_rest <= marked
        n_own += n_rest >= quoted and document.speaks_of_self(" ".join(told))
    if n_own >= 0.6 * len(sections) and n_pulled * 2 < n:
        return "few"  # what is quoted only opens what they say
    if n >= 0.6 * len(sections):
        return "block quotes" if n_pulled * 2 < n else "pulled"
    return "marked" if n_marked >= 0.6 * len(sections) else "few"

"""Quotations with their speakers, and which of them are one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from expert_roundup.parsing.answers import Answer
from expert_roundup.parsing.blocks import Span
from expert_roundup.parsing.names import CASELESS
from expert_roundup.parsing.people import Person


@dataclass(frozen=True, slots=True)
class Said:
    """One quotation with its speaker."""

    person: Person
    spans: tuple[Span, ...]
    attribution: Span
    block: int  #: index of its (last) block
    goes_on: bool  #: only an editor's clause parts it from what the same speaker said before
    is_credited: bool = False  #: a credit of its own names the speaker
    is_closed: bool = True  #: nothing but an editor's clause follows it in its paragraph


def joined(found: Sequence[Said]) -> list[Answer]:
    """What one speaker says with only an editor's clause between, in one paragraph or the next, is one answer."""
    groups: list[list[Said]] = []
    for one in found:
        previous = groups[-1][-1] if groups else None
        same = previous is not None and _same(previous.person.name, one.person.name)
        near = previous is not None and one.block - previous.block <= 1 and previous.is_closed
        if same and near and one.goes_on:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [_answer(group) for group in groups]


def in_full(found: Sequence[Said]) -> list[Said]:
    """Chinese and Japanese surnames alone become the one full name among `found` that begins with them."""
    full: dict[str, set[str]] = {}
    for name in {one.person.name for one in found if CASELESS.match(one.person.name)}:
        for length in (1, 2, 3):
            full.setdefault(name[:length], set()).update({name} if len(name) > length else ())
    return [
        replace(one, person=Person(next(iter(names)), one.person.role))
        if len(names := full.get(one.person.name, set())) == 1
        else one
        for one in found
    ]


def _answer(group: Sequence[Said]) -> Answer:
    name = max((one.person.name for one in group), key=len)
    role = next((one.person.role for one in group if one.person.role), "")
    return Answer(
        name, role, tuple(one.attribution for one in group), tuple(span for one in group for span in one.spans)
    )


def _same(one: str, other: str) -> bool:
    a, b = one.casefold().split(), other.casefold().split()
    return bool(a and b) and (a == b or set(a) <= set(b) or set(b) <= set(a))

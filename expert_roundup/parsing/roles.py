"""Roles: what a document says that a speaker is, where it first names them or lists who takes part."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Span, front_matter
from expert_roundup.parsing.knowledge import said, words
from expert_roundup.parsing.names import CASELESS, is_capitalised, name_likeness
from expert_roundup.parsing.people import split_person
from expert_roundup.parsing.visible import visible

#: mentions of a name that are looked at, and the text before and behind each
_MENTIONS, _BEFORE, _BEHIND = 6, 160, 320
_LONGEST = 110
#: names that are looked for, and characters of the text in which they are
_MOST_NAMES, _LOOKED_AT = 200, 200_000
_ARTICLE = r"(?:(?:an?|the|one of (?:our|the)|another|der|die|ein|eine|le|la|l[’']|une?|el|los|las|o|os|um|uma|il|lo|uno|una)\s+)?"
#: "Jane Doe (head of content)"
_BRACKETS = re.compile(r"\s*[(（](?:来自|from\s|of\s|de\s|из\s)?\s*(?P<role>[^()（）]{3,110})[)）]")
#: "Jane Doe, head of content at Acme, said"
_COMMA = re.compile(
    rf"\s*(?:\([^()]{{1,12}}\)\s*)?[,，]\s*{_ARTICLE}(?P<role>(?:[^,，.。;；:：!?\n“”\"«»]|\.(?=\w)){{3,110}})"
)
#: "Jane Doe is a head of content"
_COPULA = re.compile(
    r"\s*(?:[(（][^()（）]{1,12}[)）]\s*)?,?\s*(?:(?:(?:who\s+)?(?:is|was|works as|serves as|works (?=(?:on|at|for)\b))|ist|arbeitet als|est|travaille comme|es|é|è|jest|является|работает)(?!\w)"
    rf"|—\s|–\s|是(?:一名|一位|一个)?)\s*{_ARTICLE}(?P<role>(?:[^,，.。;；:：!?\n“”\"«»]|\.(?=\w)){{3,110}})"
)
#: a verb without an article behind it: "is more careful" says no role
_BARE_VERB = re.compile(r"(?:is|was|ist|est|es|é|è)\s*$")
#: "Jane Doe – head of content", "Jane Doe: head of content" on a line of its own or in a caption
_DASH = re.compile(
    r"\s*(?:\([^()]{1,12}\)\s*)?(?:[-–—|:：]|<br\s*/?>|</br>)\s+(?P<role>(?:[^.。;；!?\n“”\"«»]|\.(?=\w)){3,110})"
)
_HE_IS = re.compile(r"[^\n]{0,160}?[，。][他她]是(?:一名|一位)?\s*(?P<role>[^，。；\n]{3,50})")
#: where the next item of a list begins
_NEXT_ITEM = re.compile(r"\n\s*(?:[-*+•]|\d{1,3}[.)])\s")
#: "John Roe and" between a name and the role of both
_AND_OTHERS = re.compile(r"\s*,?\s*(?:and|und|et|y|e|и|和|、)\s+[^\s,][^,.:;\n]{2,40}?(?=,)")
#: where a role ends and a sentence goes on
_STOP = re.compile(
    r"\s(?:who|whose|which|that|where|when|as well as|while|and (?:I|we|he|she|has|is|was|the)|for whom|qui|dont|que|quien|der|die|das|который|которая|où|donde|che)\s.*|\s+(?:said|says|told)\b.*",
    re.S,
)
#: what stands before the name in scripts without blanks: "Acme 的 CTO "
_CASELESS_BEFORE = re.compile(r"(?:^|[。！？；：，、\n“”（）()])\s*(?P<role>[^。！？；：，、\n“”（）()]{2,50}?)\s*$")
_AS = re.compile(r"作为\s*(?P<role>[^。！？\n]{2,50})，\s*$")
_LEADING = re.compile(
    r"^(?:据|根据|正如|例如|但是?|而且?|因此|同时|其中|还是|来自|请到了|这是|下面是|在|于是|对于|和|与)+"
)
_BEFORE_NAME = re.compile(rf"(?:^|[\s(]){_ARTICLE}(?P<role>(?:[^\s,.;:!?()“”\"]+\s+){{1,5}})$")


def find_roles(document: Document, names: Iterable[str], *, announced: Sequence[Span] = ()) -> dict[str, str]:
    """For each name the role that the document first gives it; names without one are left out.

    Looked at are the first mentions outside the head of the file and the `announced` spans: what brackets, commas, a dash
    or "is" set behind the name, and what stands before it.
    """
    text = document.text[:_LOOKED_AT]
    starts = [start for start, _ in announced]
    found = {}
    for name in islice(names, _MOST_NAMES):
        if len(name) < 2 or name.startswith("@"):
            continue
        for match in islice(_mentions(text, name, len(front_matter(text))), _MENTIONS):
            place = bisect_right(starts, match.start())
            if place and match.start() < announced[place - 1][1]:
                continue
            above, below = (
                text[max(0, match.start() - _BEFORE) : match.start()],
                text[match.end() : match.end() + _BEHIND],
            )
            before = visible(above.replace("\r\n", "\n").rpartition("\n\n")[2])
            behind = _behind(below.replace("\r\n", "\n"))
            role = next(_roles(before, behind, name), "")
            if role and name not in role and not role.endswith("!") and not document.speaks_of_self(role):
                found[name] = role
                break
    return found


def _mentions(text: str, name: str, start: int) -> Iterator[re.Match[str]]:
    """Where `name` stands in `text` from `start` on, its words parted by blanks or markup."""
    first = name.split()[0]
    pattern = re.compile(r"(?<![^\W_])" + r"[\s*_\[\]]+".join(map(re.escape, name.split())) + r"(?![a-zа-яё])")
    while (start := text.find(first, start)) >= 0:
        if match := pattern.match(text, start):
            yield match
        start += len(first)


def _behind(raw: str) -> str:
    """What follows a mention as a reader sees it, up to the end of its paragraph; the rest of a link or emphasis is taken off."""
    raw = re.sub(r"^[*_]*\](?:\([^()\s]*\)|\[[^\]]*\])|^[*_]+|^</(?!br)\w+>", "", raw)
    # the next item of a list is somebody else
    paragraph = _NEXT_ITEM.split(raw.partition("\n\n")[0], maxsplit=1)[0]
    return re.sub(r"[ \t\u00a0\n]+", " ", visible_keeping_breaks(paragraph))


def visible_keeping_breaks(raw: str) -> str:
    """`raw` without links and emphasis; line breaks in HTML stay, since captions part name and role by them."""
    kept = re.sub(r"</?br\s*/?>", " – ", raw)
    return " " + visible(kept) if kept[:1].isspace() else visible(kept)


def _roles(before: str, behind: str, name: str) -> Iterator[str]:
    """What may be the role, the surest first."""
    shared = _AND_OTHERS.match(behind)
    for text in (behind, behind[shared.end() :] if shared else ""):
        for pattern in (_BRACKETS, _COMMA, _COPULA, _DASH):
            match = pattern.match(text)
            if (
                match
                and (role := _clean(match["role"]))
                and _is_role(
                    role, sure=pattern is not _COMMA and not _BARE_VERB.search(match.group()[: -len(match["role"])])
                )
            ):
                yield role
    if match := _HE_IS.match(behind):
        yield _clean(match["role"])
    if CASELESS.search(before[-12:]):
        match = _AS.search(before) or _CASELESS_BEFORE.search(before)
        role = _LEADING.sub("", match["role"]).strip(" 的[") if match else ""
        # a title, or a clause of its own, stands before the name by chance
        is_own = role.startswith("#") or role.endswith((",", "，", "、"))
        if len(role) >= 3 and not is_own and said().search(role) is None:
            yield role
    elif match := _BEFORE_NAME.search(before + " "):
        tokens = match["role"].split()
        if role := _lower_role(tokens):
            yield role
        elif all(map(is_capitalised, tokens)):
            person = split_person(f"{' '.join(tokens)} {name}")
            yield person.role if person.name == name else ""


def _lower_role(tokens: list[str]) -> str:
    """The words right before a name, from an adjective or a firm on, where the last one is a role: "Acme designer"."""
    roles = words("people", "roles")
    if not tokens or not {tokens[-1].casefold(), tokens[-1].casefold().removesuffix("s")} & roles:
        return ""
    start = len(tokens) - 1
    while start and (
        tokens[start - 1][0].isupper() or tokens[start - 1][0].isdigit() or tokens[start - 1].casefold() in roles
    ):
        start -= 1
    return " ".join(tokens[start:])


def _clean(role: str) -> str:
    role = _STOP.sub("", " " + role).strip(" ,，.-–—|的'’\"*_")
    return role if len(role) <= _LONGEST and len(role.split()) <= 16 else ""


def _is_role(role: str, *, sure: bool) -> bool:
    """Whether words behind a name say what its bearer is, rather than name the next one or go on the sentence."""
    low = [word.casefold().strip(".,’'") for word in role.split()]
    if not low or re.fullmatch(r"[A-ZА-ЯЁ]{1,4}|@?\w+\.\w+|\W*|\d+", role) or said().match(role):
        return False
    known = (words("people", "roles"), words("people", "organisations"))
    if any(form in some for word in low for form in (word, word.removesuffix("s")) for some in known):
        return True
    if CASELESS.search(role):
        return sure or "的" in role
    if name_likeness(role) >= 0.8 or low[0] in (
        "and",
        "but",
        "or",
        "und",
        "et",
        "y",
        "e",
        "и",
        "for",
        "in",
        "at",
        "to",
        "on",
        "i",
        "we",
        "you",
    ):
        return sure and len(low) >= 2 and low[0] not in ("and", "i", "we", "you")
    return sure or any(word in _LINKS for word in low)


#: small words that tie a role to its place: "head of content"
_LINKS = frozenset(
    {"of", "at", "for", "from", "de", "del", "di", "da", "von", "der", "des", "du", "chez", "en", "in", "на", "в", "из"}
)

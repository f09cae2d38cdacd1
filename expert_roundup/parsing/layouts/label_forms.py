"""Labels: how the start of a line announces a speaker ("**Jane Doe:** I start small.", "[00:12:30] JD: Well.")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import Span
from expert_roundup.parsing.knowledge import words
from expert_roundup.parsing.names import HANDLE, clean_name, is_known_person, name_likeness
from expert_roundup.parsing.people import Person, is_role, split_person
from expert_roundup.parsing.visible import BREAK, asks, n_words, visible

_TIME = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?"
_LEADING_TIME = re.compile(rf"(?:\*{{0,2}}{_TIME}\*{{0,2}}\s*[-–—|]?\s*)?(?:\d{{1,3}}[.)]\s+)?")
#: what a time stamp or a number opens with, its emphasis included
_MAY_LEAD = frozenset("*[(0123456789")
#: an opening emphasis with a label in it, the colon inside or behind: **Jane:** · **Jane**: · [**Jane**](x): · <b>Jane:</b>
_BOLD = re.compile(
    rf"""(?x)
    \[?(?P<open>\*\*\*|\*\*|__|<(?i:strong|b)>)\[?\s*
    (?P<label>[^*<>\n]{{1,120}}(?:(?:\n|<br\s*/?>)[^*<>\n]{{1,80}})?)
    (?:\*\*\*|\*\*|__|</(?i:strong|b)>)(?:\]\([^)\s]*\))?
    (?P<aside>\s*(?:\([^()\n]{{1,80}}\)|,\s*(?:[^:：\n*]|:(?=//)){{1,160}}?(?=[:：](?!//))|,\s*(?:[^:：*]|:(?=//)){{1,240}}?(?=[:：]\s*\Z)|{_TIME}))?
    (?P<after>\s*[:：](?!//)|\s*[-–—](?=\s))?[ \t]*(?:\{{:[^{{}}\n]*\}}[ \t]*)?  # kramdown sets the look of a label behind it
    """
)
_ITALIC = re.compile(
    r"(?P<open>[*_])(?P<label>[^*_\n<>]{1,80})(?P=open)(?P<aside>\s*\([^()\n]{1,80}\))?\s*(?P<after>[:：])?[ \t]*"
)
#: a label inside the emphasis of the words behind it: *Jane: I start small.*
_INSIDE = re.compile(r"[*_]{1,3}(?P<label>[^\W\d_][^\W\d_.]{0,20}(?: [^\W\d_][^\W\d_]{0,20}){0,2})[:：]\s+(?=\S)")
_LINK = re.compile(
    r"\[(?P<label>[^\]\[\n]{1,80})\]\([^()\s]*\)(?P<aside>\s*\([^()\n]{1,80}\)|,\s*[^:：\n]{1,80})?\s*[:：][ \t]*"
)
#: what a bare label may not hold: it would be a sentence
_NO_LABEL = re.compile(r"[\n*_\[\]{}|\"“”«»?!;<>`=/\\#]|\.\s+[^\W\d_]{3}")
_BARE_END = re.compile(r"[:：](?!//)(?=\s|[^\x00-\x7f]|[\"'(\[*_]|[A-Z]|$)[ \t]*")
_DASH_END = re.compile(r"\s+[–—]\s+")
#: a label on a line of its own beside a time stamp, the words below: Jane Doe  00:12
_TIMED = re.compile(
    rf"(?P<label>[^\W\d_][^:\n*\[\](){{}}|]{{0,60}}?)\s*[-–—,|]?\s*(?P<aside>{_TIME})\s*$"
    rf"|(?P<aside2>{_TIME})\s*[-–—,|]?\s*(?P<label2>[^\W\d_][^:\n*\[\](){{}}|]{{0,60}}?)\s*:?\s*$"
)
#: a time stamp and a name in brackets on a line of their own: [00:12:30 — Jane Doe]
_BOXED = re.compile(
    rf"\[\s*(?:{_TIME}\s*[-–—|,]\s*(?P<name>[^\[\]\n\d]{{2,60}}?)|(?P<name2>[^\[\]\n\d]{{2,60}}?)\s*[-–—|,]\s*{_TIME})\s*\]:?\s*"
)
#: brackets or a time stamp that close a label
_ASIDE = re.compile(rf"\s*(?:\(([^()]{{1,80}})\)|{_TIME})$")
#: what a label may say before the name: "Testimonial by Jane Doe"
_BY = re.compile(
    r"(?i)^(?:testimonial|comment|statement|answer|response|reply|quote|feedback|témoignage|intervention|réponse|commentaire|testimonio|intervención"
    r"|respuesta|comentario|depoimento|resposta|testimonianza|intervento|risposta|commento|antwort|kommentar|отзыв|ответ|комментарий)"
    r" (?:(?:by|from|de|di|da|von|от)\s|d[’'])\s*"
)
#: a name in brackets on a line of its own, no link: [Jane]
_BRACKETED = re.compile(r"[*_]{0,2}[\[【](?P<name>[^\[\]【】()\n\d]{2,40})[\]】][*_]{0,2}[:：]?\s*")
#: a Japanese line that is a name and words in corner brackets; no particle ties the one to the other: 田中「小さく始めます」
_CORNERED = re.compile(
    r"[*_]{0,2}(?P<label>[^「」『』\s:：*_、。，,]{1,20})(?<![はがもをにのでとへや])[ \u3000]?(?=「[^「」]*(?:「[^「」]*」[^「」]*)*」[*_]{0,2}\s*\Z)"
)
_LONGEST = 100
#: a line break; unlike BREAK it looks for no blanks before it, of which a line may hold a million
_LINE_BREAK = re.compile(r"(?i)<br\s*/?>\s*")


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the start of a line."""

    start: int
    end: int  #: where the words begin
    person: Person
    style: str  #: bold, italic, link, plain, dash, timed or alone (bold on a line of its own)
    block: int  #: index of its block
    in_item: bool
    is_first: bool  #: in its block


def labels(document: Document) -> Iterator[Label]:
    """Every line of a paragraph that begins like a label, whether it announces a speaker or not."""
    text = document.text
    for index, block in enumerate(document.blocks):
        if block.kind != "paragraph":
            continue
        for start, end in (piece for line in block.lines for piece in _pieces(text, *line)):
            found = _label(text, start, end, block.lines[-1][1])
            if found:
                person, begins, style = found
                yield Label(start, begins, person, style, index, block.item >= 0, start == block.lines[0][0])


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The lines that a page shows of the line at [start, end): line breaks part it as well."""
    if text.find("<", start, end) >= 0:
        for line_break in _LINE_BREAK.finditer(text, start, end):
            if start < line_break.start():
                yield start, line_break.start()
            start = line_break.end()
    if start < end:
        yield start, end


def label_at(text: str, start: int, end: int) -> Label | None:
    """The label that opens text[start:end], None if none does."""
    stop = text.find("\n", start, end)
    found = _label(text, start, stop if stop >= 0 else end, end) if start < end else None
    return Label(start, found[1], found[0], found[2], -1, in_item=False, is_first=True) if found else None


def label_of(line: str) -> Person | None:
    """Whom the label that opens `line` names, None if none does."""
    found = _label(line, 0, len(line), len(line)) if line.strip() else None
    return found[0] if found and found[2] != "dash" and name_likeness(found[0].name) >= 0.3 else None


def _label(text: str, start: int, end: int, block_end: int) -> tuple[Person, int, str] | None:
    """The label that opens the line [start, end): who, where the words begin, its style."""
    if text[start] == "[" and (boxed := _BOXED.fullmatch(text, start, end)):
        name = clean_name(boxed["name"] or boxed["name2"])
        return (Person(name), end, "timed") if name_likeness(name) >= 0.5 else None
    if bracketed := _bracketed(text, start, end):
        return bracketed
    lead = _LEADING_TIME.match(text, start, end) if text[start] in _MAY_LEAD else None
    begin = lead.end() if lead else start
    first = text[begin : begin + 1]
    if begin > start and text.startswith("**", start) and text.endswith("**", begin, end):  # **00:12 Jane Doe**
        name = clean_name(text[begin : end - 2])
        return (Person(name), end, "timed") if len(name) <= 60 and name_likeness(name) >= 0.5 else None
    if first in ("*", "_", "<", "["):
        return _marked(text, begin, end, block_end)
    if not (first.isalpha() or first == "@" or text[start].isdigit()):
        return None
    if text[end - 1].isdigit() or text[start : start + 1] in "[(0123456789" or text[end - 1] in "])":
        match = _TIMED.match(text, start, min(end, start + 140))
        if match and match.end() >= end and name_likeness(match["label"] or match["label2"]) >= 0.5:
            return Person(clean_name(match["label"] or match["label2"])), end, "timed"
    return _bare(text, begin, end, block_end)


def _bracketed(text: str, start: int, end: int) -> tuple[Person, int, str] | None:
    """[Jane] on a line of its own · 田中「words」."""
    if text[start] in "[【*_" and (alone := _BRACKETED.fullmatch(text, start, end)):
        person = split_person(alone["name"])
        if name_likeness(person.name) >= 0.5:
            return person, end, "alone"
    if text.find("「", start, min(end, start + 24)) > start and (cornered := _CORNERED.match(text[start:end])):
        name = clean_name(cornered["label"])
        if name_likeness(name) >= 0.5 or HANDLE.match(name):
            return Person(name), start + cornered.end(), "plain"
    return None


def _marked(text: str, begin: int, end: int, block_end: int) -> tuple[Person, int, str] | None:
    if text[begin : begin + 3] in ("_**", "*__"):
        begin += 1  # the words are in italics, and the label in bold besides
    limit = min(block_end, begin + 330)
    # the end of the paragraph is the end of what is searched
    if match := _BOLD.match(text, begin, limit):
        return _emphatic(text, match, max(end, min(match.end(), block_end)), "bold")
    if text[begin] in "*_" and (match := _ITALIC.match(text, begin, min(end, limit))):
        found = _emphatic(text, match, end, "italic")
        if found or asks(match["label"]):
            return found if found and found[2] == "italic" else None
    if text[begin] in "*_" and (match := _INSIDE.match(text, begin, min(end, limit))):
        return split_person(match["label"]), match.end(), "plain"
    if match := _LINK.match(text, begin, min(end, begin + 400)):
        aside = (match["aside"] or "").strip(" ,()")
        person = split_person(match["label"])
        return Person(person.name, person.role or aside), match.end(), "link"
    return None


def _emphatic(text: str, match: re.Match[str], end: int, style: str) -> tuple[Person, int, str] | None:
    aside = (match["aside"] or "").strip(" ,()[]")
    label = " ".join(BREAK.sub(", ", match["label"].replace("\n>", " ")).split()).strip(" []_")
    if (timed := _TIMED.fullmatch(label)) and not text[match.end() : end].strip():
        return Person(clean_name(timed["label"] or timed["label2"])), end, "timed"
    has_colon = label.endswith((":", "："))
    person = split_person(_BY.sub("", re.sub(r"^\d{1,3}[.)]\s*", "", label.rstrip(" :："))))
    person = Person(person.name, person.role or _without_time(visible(aside)))
    if has_colon or match["after"]:
        return person, match.end(), style
    behind = text[match.end() : end].strip()
    if asks(label) or re.search(r"[:：]\s", label):
        return None  # a question, with or without the label of the one who asks
    if not behind:
        return person, end, "alone"
    # "**Jane Doe**, head of content, Acme" on a line of its own
    if (
        behind[0] in ",–—-|("
        and len(behind) <= 120
        and n_words(behind) <= 14
        and not behind.endswith((".", "!", "?", ":"))
    ):
        role = behind.strip(" ,–—-|()")
        return (Person(person.name, role), end, "alone") if name_likeness(person.name) >= 0.8 else None
    return None


def _is_named_by(text: str, begin: int, dash: re.Match[str], colon: re.Match[str]) -> bool:
    """Whether a dash closes the label, and the colon behind it stands in what is said: "Jane Doe – My rule: start small"."""
    between = text[dash.end() : colon.start()]
    is_said = between[:1].isupper() and len(between.split()) >= 3 and not _names_trade(between)
    return is_said and is_known_person(text[begin : dash.start()])


def _is_role(line: str) -> bool:
    """Whether what follows a dash on a line of its own says what somebody is."""
    return len(line) <= 80 and line[-1] not in ".!?…:;" and _names_trade(line)


def _names_trade(line: str) -> bool:
    """Whether a word of `line` is a trade or an office."""
    return any(is_role([token.casefold().strip(",.")]) for token in line.split() if token.strip(",."))


def _bare(text: str, begin: int, end: int, block_end: int) -> tuple[Person, int, str] | None:
    """Jane Doe: · JD (Acme): · 田中： · Jane Doe — words."""
    limit = min(end, begin + _LONGEST)
    match, style = _BARE_END.search(text, begin, limit), "plain"
    dash = _DASH_END.search(text, begin, min(limit, begin + 50))
    if match is None or (dash and dash.end() < match.start() and _is_named_by(text, begin, dash, match)):
        match, style = dash, "dash"
    if match is None or match.start() == begin:
        return None
    label = text[begin : match.start()]
    if (_NO_LABEL.search(label) and not HANDLE.fullmatch(label)) or label.split()[-1].casefold() in words(
        "cues", "said"
    ):
        return None
    aside = _ASIDE.search(label)
    behind = text[match.end() : end].strip()
    if style == "dash" and end == block_end and behind[:1].isupper() and _is_role(behind):
        return Person(clean_name(visible(label)), behind), end, "alone"
    person = split_person(_BY.sub("", visible(label[: aside.start()] if aside and aside.start() else label)))
    role = _without_time(aside[1] or "") if aside else ""
    return Person(person.name, person.role or role), match.end(), style


def _without_time(aside: str) -> str:
    return "" if re.fullmatch(_TIME, aside) or not re.search(r"[^\W\d_]", aside) else aside

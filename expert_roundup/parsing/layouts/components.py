"""Layout "cards" as site generators write them: components, short codes and boxes whose attributes name the speaker."""

from __future__ import annotations

import re

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Span
from expert_roundup.parsing.knowledge import known, words
from expert_roundup.parsing.layouts.evidence import personhood
from expert_roundup.parsing.layouts.regions import says_enough, stripped, unquoted
from expert_roundup.parsing.people import Person, name_likeness, split_person

#: a tag that opens: {{< quote author="Jane" >}}, {% include quote.html author="Jane" %}, <Quote author="Jane">, :::quote{author="Jane"}
_TAG = re.compile(
    r"""(?x)
    (?: \{\{[<%]\s*(?P<code>[\w/.-]+)(?P<code_attributes>[^{}]*?)(?P<code_closed>/)?\s*[%>]\}\}
      | \{%-?\s*(?:include\s+)?(?P<tag>[\w/.-]+)(?P<tag_attributes>[^{}]*?)-?%\}
      | <(?P<component>[A-Z]\w*|[a-z]+-[\w-]+)(?P<component_attributes>(?:\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|\{[^{}<>]*\}))+)\s*(?P<component_closed>/)?>
      | :(?<![^\n]:):{2,}\s*\{?\s*(?P<box>[\w-]+)\}?(?P<box_attributes>[^\n]*)$
      | !(?<![^\n]!)!!\s+(?P<note>[\w-]+)(?P<note_attributes>[^\n]*)$ )
    """,
    re.M,
)
_ATTRIBUTE = re.compile(
    r"""(?P<key>[\w-]+)\s*[=:]\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\{[`"'](?P<braced>[^`"'{}]*)[`"']\})"""
)
#: lines that belong to a box of MkDocs
_INDENTED = re.compile(r"(?:\n(?:[ \t]{2,}[^\n]*|[ \t]*(?=\n[ \t]{2})))+")
#: characters of the longest component
_LONGEST = 20_000
#: answers that make a page of them, and the share in which somebody says I or we where no name says that they quote
_FEWEST, _VOICE = 2, 0.4


def recognise(document: Document) -> Attempt | None:
    """Read the components of a page that name a speaker and hold or carry words; None under two."""
    answers: list[Answer] = []
    n_named = 0
    for match in _TAG.finditer(document.text):
        answer = _answer(document, match)
        if answer and not (answers and answer.start < answers[-1].end):
            answers.append(answer)
            n_named += _quotes(match)
    speaking = document.n_speaking(answers)
    if len(answers) < _FEWEST or max(n_named, speaking) < _VOICE * len(answers):
        return None
    note = f"{len(answers)} components that name the speaker"
    return Attempt("cards", tuple(answers), notes=(note,), is_explicit=True)


def _kind(match: re.Match[str]) -> str:
    return next(kind for kind in ("code", "tag", "component", "box", "note") if match[kind])


def _quotes(match: re.Match[str]) -> bool:
    """Whether the component's name says that it quotes."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", match[_kind(match)])
    return any(re.fullmatch(pattern, name, re.I) for pattern in known("pages")["quote"])


def _answer(document: Document, match: re.Match[str]) -> Answer | None:
    kind = _kind(match)
    found = _attributes(match, f"{kind}_attributes")
    person = _person(match, kind, found)
    if person is None or name_likeness(person.name) < 0.3 or not personhood(document, person.name):
        return None
    said = next((span for key, span in found.items() if key in words("credits", "words_attributes")), None) or _inside(
        document.text, match, kind
    )
    if said is None:
        return None
    spans = unquoted(document.text, (said,))
    whole = (match.start(), match.end()) if said[0] >= match.end() else (match.start(), said[0])
    return Answer(person.name, person.role, (whole,), spans) if says_enough(document.text, spans) else None


def _attributes(match: re.Match[str], group: str) -> dict[str, Span]:
    """Attribute -> where its value stands."""
    start, end = match.span(group)
    found = {}
    for attribute in _ATTRIBUTE.finditer(match.string, start, end):
        kind = next(one for one in ("double", "single", "braced") if attribute[one] is not None)
        found[attribute["key"].casefold()] = stripped(match.string, *attribute.span(kind))
    return found


def _person(match: re.Match[str], kind: str, found: dict[str, Span]) -> Person | None:
    text = match.string
    who = next((text[slice(*span)] for key, span in found.items() if key in words("credits", "who_attributes")), None)
    if who is None and not found and _quotes(match):
        who = match[f"{kind}_attributes"].strip(" \"'{}")  # {% blockquote Jane Doe, editor %}
    if not who:
        return None
    person = split_person(who)
    role = next((text[slice(*span)] for key, span in found.items() if key in words("credits", "role_attributes")), "")
    return Person(person.name, person.role or role)


def _inside(text: str, match: re.Match[str], kind: str) -> Span | None:
    """What stands between a tag and the one that closes it."""
    name = re.escape(match[kind])
    if kind == "note":
        lines = _INDENTED.match(text, match.end())
        return stripped(text, *lines.span()) if lines else None
    if kind in ("code", "component") and match[f"{kind}_closed"]:
        return None
    closing = {
        "code": rf"\{{\{{[<%]\s*/\s*{name}\s*[%>]\}}\}}",
        "tag": rf"\{{%-?\s*end{name}\s*-?%\}}",
        "component": rf"</{name}\s*>",
        "box": r"^:{3,}\s*$",
    }[kind]
    end = re.compile(closing, re.M).search(text, match.end(), match.end() + _LONGEST)
    return stripped(text, match.end(), end.start()) if end else None

"""Credits: the words behind a quotation that name who gave it ("— Jane Doe, Acme")."""

from __future__ import annotations

import functools
import re

from expert_roundup.parsing.knowledge import alternatives, said, words
from expert_roundup.parsing.layouts.descriptions import describes_person
from expert_roundup.parsing.names import CASELESS, HANDLE, is_capitalised, is_known_person, name_likeness
from expert_roundup.parsing.people import Person, split_person
from expert_roundup.parsing.visible import is_date, n_words, visible

#: a dash that opens a credit, as a character, an entity or an escaped hyphen
_DASH = r"(?:&mdash;|&ndash;|&#8212;|&#8211;|&#x2014;|\\?[-–—―~⸺─]{1,3}|\\-)"
#: what has no width
_NO_WIDTH = "\ufeff\u200b\u200c\u200d\u2060"
_LINE = re.compile(rf"\s*(?:<[^<>]+>\s*)*+(?:[*_]{{1,3}})?\s*(?P<link>\[)?{_DASH}\s*(?P<who>[^\s\d].*)$", re.S)
_LEADING_DASH = re.compile(rf"^\s*{_DASH}\s*")
#: a credit behind the closing quotation mark on the same line: "..." - Jane Doe; no "**Acme**-Products"
_INLINE = re.compile(
    rf"(?P<close>[”\"»’'*_」』][*_]{{0,3}})(?!-\w)\s*(?:<br\s*/?>)?\s*{_DASH}\s*(?P<who>[^\n]{{1,399}}[^\s*_])[\s*_]*+$"
)
#: a credit in brackets behind the closing quotation mark: "..." (Jane Doe)
_BRACKETED = re.compile(
    r"(?P<close>[”\"»“」』][*_]{0,3})\s*[*_]{0,3}[(（]\s*(?P<who>[^()（）\n]{2,100})[)）][*_]{0,3}\.?\s*$"
)
#: an em dash inside the last line of a quotation, maybe in italics: I start small. *— Jane Doe*
_BEHIND_STOP = re.compile(rf"(?<=[.!?…”\"»'’*_)。！？])\s*(?:(?<=\s)[*_]{{1,3}})?{_DASH}\s*(?P<who>[^\n.!?]{{2,90}})$")
#: a handle behind the closing quotation mark: "..." @jane
_HANDLED = re.compile(r"(?P<close>[”\"»」』][*_]{0,3})\s+(?P<who>@\w[\w.-]{0,60})\s*$")
_OPENING_MARK = re.compile(r"\s*[*_]{0,3}\s*(?:\\?[\"“”„«»「『‘]|&ldquo;|&quot;|&laquo;|<q>)")
_TAG_END = re.compile(r"(?i)</(?P<tag>cite|footer|span|figcaption|small|p)>\s*$")
#: a tag that says that a credit follows, by its name or class or because it sets a line to the right
_OPENING = re.compile(
    r"(?is)<(?:div|p)\b[^<>]*\balign\s*[:=]\s*[\"']?right\b[^<>]*>\s*$|<(?:footer|cite|figcaption|address|small)\b[^<>]*>\s*$|<\w+\b[^<>]*\bclass\s*=\s*[\"'][^\"'<>]*(?:credit|author|cite|attribution|byline|speaker|source|name)[^<>]*>\s*$"
)
#: how far before a block such a tag may begin, in characters
_LONGEST_OPENING = 300
_EMPHATIC = re.compile(r"\s*([*_]{1,3})[^*_]+\1[^*_]{0,60}")
#: what ends a sentence, and with it a line that is no name; the dot of an initial does not
_STOP = re.compile(r"(?:(?<!\s\w)\.|[!?…:])\s*$")
#: where a link leads to: its marks are no emphasis
_TARGET = re.compile(r"(?<=\])\([^()\s]*\)")
#: addresses and options of commands credit nobody
_COMMAND = re.compile(r"://|(?<!\S)-{1,2}[A-Za-z]|[=`]|\w@\w+[.-]\w")
#: the longest credit, in words and characters
_MOST_WORDS, _MOST_CHARACTERS = 26, 220
#: words of a credit that may hold a verb of speech, and how like a name those must be that need no dash
_MOST_SAID, _SURE = 8, 0.8
#: the longest line that credits somebody without any mark
_LONGEST_LINE = 80


def credit_person(credit: str, *, strict: bool) -> Person | None:
    """The person whom a credit names; `strict` asks for the look of a name, else any short credit will do."""
    shown = visible(credit).strip().lstrip(",; ")
    is_long = n_words(shown) > _MOST_WORDS and CASELESS.search(shown) is None
    if not shown or len(shown) > _MOST_CHARACTERS or is_long:
        return None
    if handle := HANDLE.match(shown):
        return Person(handle.group().rstrip("."), _role_behind_handle(shown[handle.end() :]))
    bare = shown[1:-1] if shown[0] in "(（" and shown[-1] in ")）" else shown
    person = split_person(bare)
    if ": " in bare and not is_known_person(person.name):
        person = Person(bare)  # a title with a colon in it
    if _COMMAND.search(person.name):
        return None
    likeness = name_likeness(person.name)
    is_known = likeness >= _SURE or is_known_person(person.name)
    if person.role and _is_trade(person.name) and not is_date(person.role):
        person = Person(bare)  # a client is told from the next one by all that is printed
    if not is_known and n_words(shown) > _MOST_SAID and said().search(shown):
        return None  # a dash opens speech as well: "– I start small, says Jane."
    if likeness >= (_SURE if strict else 0.3):
        return person
    if strict or shown.endswith(("?", "!", ":", "…", ",", "？", "：")):
        return None
    # behind a dash any few words name the speaker: a pseudonym, or only what they are
    name = person.name if person.name and n_words(person.name) <= 4 else shown.strip(" .")
    return Person(name, person.role if name == person.name else "") if n_words(name) <= 12 else None


def _is_trade(name: str) -> bool:
    """Whether a credit opens with what somebody is: a word, or several of which some are small; "Baker Jones" is a name."""
    tokens = name.split()
    may_be_name = len(tokens) > 1 and all(map(is_capitalised, tokens))
    return not (may_be_name or is_known_person(name)) and describes_person(name)


def _role_behind_handle(behind: str) -> str:
    """What a handle's bearer is: ", maintainer of Acme"; the title of what is quoted is left out."""
    role = re.split(r"[\"“«„]|\s(?:on|in|из|на|в|sur|dans|en|über|auf|su)\s", behind, maxsplit=1)[0]
    if cue := said().search(role):
        role = role[: cue.start()]
    return role.strip(" ,;:-–—()")


def opens_marks(head: str) -> bool:
    """Whether a text opens with a quotation mark, maybe in italics."""
    return _OPENING_MARK.match(head) is not None


def dashed(text: str) -> str | None:
    """What follows the dash that opens `text`, None if none does."""
    match = _LINE.match(text)
    return (match["link"] or "") + match["who"].lstrip(_NO_WIDTH) if match else None


def dashed_person(text: str) -> Person | None:
    """The person whom a line that opens with a dash credits."""
    who = dashed(text)
    return credit_person(who.split("\n")[0], strict=False) if who else None


def inline_credit(tail: str) -> tuple[int, Person] | None:
    """A credit behind the closing mark at the end of `tail`, after a dash, in brackets, or a handle: where the words end, and who."""
    match = _INLINE.search(tail)
    person = credit_person(match["who"], strict=False) if match else None
    if person is None and tail.rstrip(" .*_").endswith((")", "）")):
        match = _BRACKETED.search(tail)
        person = credit_person(match["who"], strict=True) if match else None
    if person is None and "@" in tail:
        match = _HANDLED.search(tail)
        person = credit_person(match["who"], strict=True) if match else None
    return (match.end("close"), person) if match and person else None


def credit_behind_stop(line: str) -> tuple[int, Person] | None:
    """A credit behind a dash and a full stop at the end of `line`: where the words end, and who."""
    match = _BEHIND_STOP.search(line[-160:])
    person = credit_person(match["who"], strict=True) if match else None
    return (max(0, len(line) - 160) + match.start(), person) if match and person else None


def tagged_credit(whole: str) -> tuple[int, Person] | None:
    """A credit in a tag of its own at the end of `whole`: where the tag begins, and who."""
    match = _TAG_END.search(whole)
    if match is None:
        return None
    opening = whole.lower().rfind(f"<{match['tag'].lower()}", 0, match.start())
    if opening < 0 or match.start() - opening > 600:
        return None
    inside = whole[whole.find(">", opening) + 1 : match.start()]
    person = credit_person(_LEADING_DASH.sub("", visible(inside)), strict=False)
    return (opening, person) if person else None


def is_opened_by_credit(text: str, start: int) -> bool:
    """Whether a tag that announces a credit opens the block that starts there: <footer>, <p class="author">."""
    head = text[max(0, start - _LONGEST_OPENING) : start]
    return head.rstrip().endswith(">") and _OPENING.search(head) is not None


def closing_person(line: str, *, is_paragraph: bool) -> Person | None:
    """The person whom a last line names: in emphasis (*Jane Doe*, Acme), or as a known name in a paragraph of its own."""
    bare = _TARGET.sub("", line) if "](" in line else line
    if len(bare) > 200:
        return None
    if _EMPHATIC.fullmatch(bare):
        return credit_person(line, strict=True)
    if (
        bare != line
        and line.lstrip().startswith("[")
        and bare.count("]") == 1
        and (person := credit_person(line, strict=True))
    ):
        return person if is_known_person(person.name) else None  # a name that is linked, maybe with a role behind it
    if len(bare) > _LONGEST_LINE or _STOP.search(bare):
        return None
    person = credit_person(line, strict=True)
    # words that go on over lines may end in a name by chance; a name alone is one
    is_name = is_paragraph or (person is not None and not person.role)
    return person if person and is_name and is_known_person(person.name) else None


def keyed_person(line: str) -> Person | None:
    """The person whom an entry of a list names as the speaker: Speaker: Jane Doe."""
    match = _speaker_key().match(line)
    return credit_person(match["who"], strict=False) if match else None


@functools.cache
def _speaker_key() -> re.Pattern[str]:
    return re.compile(rf"(?i)\W*(?:{alternatives(words('credits', 'speaker_keys'))})\s*[:：]\s*(?P<who>\S.*)")

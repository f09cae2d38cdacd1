"""Names: how like a name a piece of text is, what of it is name and what is role, and which short label means whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from expert_roundup.parsing.knowledge import cjk_surnames, given_names, words

#: a word of a name: letters, inner hyphens and apostrophes, a closing dot of an initial
WORD = re.compile(r"[^\W\d_](?:[^\W_]|[-’'`·](?=[^\W\d_]))*\.?")
_LINK = re.compile(r"!?\[([^\]\[]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])")
_TAG = re.compile(r"<[^<>]*>")
_EMPHASIS = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)|`+|~~")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_HANDLE = re.compile(r"@[\w.-]+")
_CASELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0590-\u06ff\u0e00-\u0e7f]")
_PRONOUNS = re.compile(r"(?i)\s*\((?:she|he|they|her|him|ze|xe|any|elle|il|er|sie|она|он)(?:\s*/\s*\w+)*\)")
#: initials in brackets behind the name they stand for
_INITIALS = re.compile(r"\s*\([A-ZА-ЯЁ]{1,3}\)")
#: what parts a name from a role: a comma, a bracket, a spaced dash, a bar, an "of"
_ROLE_BREAK = re.compile(
    r"\s*[,，、;|]\s*|\s+[-–—―]{1,3}\s+|\s*[(（\[]|\s*:\s+|\s+/\s+|\s+(?=(?:from|of|at|de chez|bei|из)\s)"
)


@dataclass(frozen=True, slots=True)
class Person:
    """A speaker as the document gives them."""

    name: str
    role: str = ""


def visible(text: str) -> str:
    """`text` as a reader sees it: links by their words, no tags, no emphasis, one blank between words."""
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "*" in text or "_" in text or "`" in text or "~" in text:
        text = _EMPHASIS.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    if "&" in text:
        import html

        text = html.unescape(text)
    return " ".join(text.split())


def split_person(label: str) -> Person:
    """Name and role in an announcement such as "Dr Jane Doe, CEO of Acme" or "Jane Doe (Acme)".

    Examples
    --------
    >>> split_person("[Dr. Jane Doe](x), CEO, Acme")
    Person(name='Jane Doe', role='CEO, Acme')
    """
    text = _INITIALS.sub("", _PRONOUNS.sub("", visible(label))).strip(" :：,，-–—―\"“”«»")
    match = _ROLE_BREAK.search(text)
    while match and _is_inside_name(text, match):
        match = _ROLE_BREAK.search(text, match.end())
    name, role = (text[: match.start()], text[match.end() :]) if match else (text, "")
    if match and match.group().strip()[:1] in ("(", "（", "["):
        role = re.sub(r"[)）\]]\s*[,，]?\s*", ", ", role, count=1).strip(", ")
        if not name:
            name, role = role, ""
    return Person(clean_name(name), role.strip(" ,;:.-–—|"))


def _is_inside_name(text: str, match: re.Match[str]) -> bool:
    """Whether a break belongs to the name: "Jane Doe, Jr." or "Department of Justice"."""
    after = text[match.end() :]
    if not match.group().strip():
        return len(text[: match.start()].split()) < 2 or name_likeness(text[: match.start()]) < 0.8
    return bool(re.match(r"(?i)(?:jr|sr|phd|ph\.d|md|m\.d|ii|iii|inc|llc|ltd|co|corp|gmbh|s\.a|plc)\b\.?", after)) and "," in match.group()


def clean_name(name: str) -> str:
    """`name` without honorifics, quotation marks and stray punctuation."""
    words_left = name.strip(" \t:：,，;-–—―\"“”«»„'‘*_").split()
    while len(words_left) > 1 and words_left[0].casefold() in words("people", "honorifics"):
        words_left = words_left[1:]
    kept = " ".join(words_left)
    if re.search(r"(?i)\b(?:inc|ltd|co|corp|jr|sr)\.$", kept):
        return kept
    return kept[:-1] if kept.endswith(".") and not re.search(r"(?:^|[\s.])\w{1,2}\.$", kept) else kept


def name_likeness(text: str) -> float:
    """How like the name of a speaker `text` is, 0 to 1; 1 is a handle or two to four capitalised words.

    Examples
    --------
    >>> name_likeness("Jane van Doe"), name_likeness("How did it start?")
    (1.0, 0.0)
    """
    name = clean_name(text)
    if not name or len(name) > 80 or re.search(r"[?!…{}=<>\[\]#%\\]|\w{3}\.\s+\w", name):
        return 0.0
    if _HANDLE.fullmatch(name):
        return 1.0
    tokens = name.split()
    low = [token.casefold().strip(".,:") for token in tokens]
    if low[0] in words("people", "not_names") or name.casefold() in words("people", "not_names"):
        return 0.0
    if _CASELESS.search(name):
        return _caseless_likeness(name, tokens)
    if re.search(r"\d", name):
        return 0.2 if len(tokens) <= 3 else 0.0
    small = words("people", "particles") | words("people", "joiners")
    capitalised = [_is_capitalised(token) for token in tokens]
    lower = [token for token, capital in zip(low, capitalised, strict=True) if not capital and token not in small]
    if lower:
        groups = any(token in words("people", "organisations") for token in low)
        return 0.5 if groups and capitalised[0] and len(tokens) <= 8 else 0.0
    n = sum(capitalised)
    if n == 0:
        return 0.0
    if n == 1:
        return 0.5 if len(tokens) == 1 else 0.3
    return 1.0 if n <= 4 else 0.6 if n <= 7 else 0.2


def _caseless_likeness(name: str, tokens: Sequence[str]) -> float:
    """A name in Chinese, Japanese or Korean letters opens with a surname or writes a foreign one in kana or with a middle dot."""
    if len(name) > 16 or len(tokens) > 4 or re.search(r"[。、，：的是をにはがで]", name):
        return 0.0
    if 2 <= len(name.replace(" ", "")) <= 5 and name.startswith(cjk_surnames()):
        return 0.9
    if "·" in name or "・" in name or re.fullmatch(r"[\u30a0-\u30ff ]{3,16}(?:さん|氏)?", name) or re.search(r"(?:さん|氏|先生|教授|老师|女士|博士)$", name):
        return 0.9
    return 0.3 if len(name) <= 8 else 0.0


def is_known_person(name: str) -> bool:
    """Whether `name` holds a given name, an initial, a handle or a surname that we know.

    Examples
    --------
    >>> is_known_person("Jane Doe"), is_known_person("Big Data"), is_known_person("@jane")
    (True, False, True)
    """
    if _HANDLE.match(name):
        return True
    tokens = WORD.findall(name)
    if any(token.casefold() in given_names() for token in tokens[:2]):
        return True
    if len(tokens) > 1 and any(re.fullmatch(r"[^\W\d_]\.", token) for token in tokens):
        return True
    return bool(_CASELESS.search(name)) and name_likeness(name) >= 0.9


def _is_capitalised(token: str) -> bool:
    letters = [character for character in token if character.isalpha()]
    return bool(letters) and letters[0].isupper()


def name_before(text: str, end: int, *, floor: int = 0) -> tuple[int, int] | None:
    """The span of the capitalised name that ends just before `end`, blanks and commas aside; None if there is none."""
    window = max(floor, end - 160)
    tokens = list(WORD.finditer(text, window, end))
    small = words("people", "particles") | words("people", "joiners")
    start: int | None = None
    last = end
    stop = None
    for token in reversed(tokens):
        gap = text[token.end() : last]
        if start is not None and gap.strip(" \t\u00a0"):
            break
        if start is None and gap.strip(" \t\u00a0,") not in ("",):
            break
        word = token.group()
        if _is_capitalised(word) or _CASELESS.match(word):
            start = token.start()
            stop = stop or token.end()
        elif start is not None and word.casefold() in small and token.start() > window:
            pass
        else:
            break
        last = token.start()
        if stop - token.start() > 80:
            break
    return None if start is None or stop is None else (start, stop)


def initials(name: str) -> str:
    """First letters of the words of `name`, upper case, particles left in.

    Examples
    --------
    >>> initials("Jane van Doe")
    'JVD'
    """
    return "".join(token[0].upper() for token in re.findall(r"[^\W\d_]+", name))


def person_names(text: str) -> list[str]:
    """Names of two to four capitalised words in `text`, in order of first mention."""
    found: dict[str, None] = {}
    for match in _FULL_NAME.finditer(text):
        name = clean_name(" ".join(match.group().split()))
        while (first := name.split(" ", 1))[0].casefold() in words("people", "not_names") and len(first) == 2:
            name = first[1]
        if " " in name:
            found.setdefault(name)
    return list(found)


#: capitalised words in a row, particles allowed between
_CAPITAL = r"(?:[A-ZÀ-ÖØ-ÞĀ-ŽȘ-ȚА-ЯЁІЇЄҐΑ-Ω](?:[^\W\d_]|[’'-](?=[^\W\d_]))+|[A-ZÀ-ÖØ-ÞА-ЯЁΑ-Ω]\.?)(?![\w])"
_FULL_NAME = re.compile(
    rf"(?<![\w@/]){_CAPITAL}(?:[ \u00a0]+(?:[\"“(][\w .]+[\"”)][ ]+)?(?:(?:van|von|der|den|de|del|della|di|da|dos|la|le|el|al|bin|ter|ван|фон|де)[ ]+){{0,2}}{_CAPITAL}){{1,4}}"
)


def resolve(labels: Iterable[str], text: str, names: Sequence[str] = ()) -> dict[str, str]:
    """The full name that `text` gives for each short label; a label that it does not explain stays.

    Parameters
    ----------
    labels
        Distinct labels: initials, first names, surnames, capitals or full names.
    text
        The visible text of the document.
    names
        Names known to be speakers, tried before those that the text only mentions.
    """
    labels = list(dict.fromkeys(labels))
    shown = [label for label in labels if " " in label.strip() and not label.isupper()]
    joiners = words("people", "joiners")
    single = [name for name in shown if not any(word in joiners for word in name.casefold().split())]
    mentioned = [*names, *single, *person_names(text)]
    counts = {name: text.count(name) for name in dict.fromkeys(mentioned)}
    return {label: _full_name(label, text, list(counts)) for label in labels}


def _full_name(label: str, text: str, names: Sequence[str]) -> str:
    bare = label.strip(" .")
    if not bare or bare.startswith("@"):
        return label
    low = bare.casefold()
    if any(token in words("people", "organisations") for token in low.split()):
        return label
    if defined := _defined(bare, text):
        return defined
    if " " in bare:
        exact = next((name for name in names if name.casefold() == low), None)
        if exact and bare.isupper():
            return exact
        # "Jane Doe" where the introduction has "Jane Quincy Doe" stays as it is printed here
        return bare.title() if bare.isupper() and len(bare) > 4 and not exact else label
    if "." in bare:
        return label
    for matches in (
        lambda name: low in (name.split()[0].casefold(), name.split()[-1].casefold()),
        lambda name: bare.isupper() and 2 <= len(bare) <= 4 and initials(name) == bare,
        lambda name: bare.isupper() and len(bare) == 2 and (initials(name)[:1] + initials(name)[-1:]) == bare,
        lambda name: len(low) >= 3 and name.split()[0].casefold().startswith(low),
    ):
        for name in names:
            if " " in name and matches(name):
                return name
    return bare.capitalize() if bare.isupper() and len(bare) > 4 else label


def _defined(label: str, text: str) -> str | None:
    """The name that carries `label` in brackets after it: "Jane Doe (JD)"."""
    match = re.search(rf"[(\[]{re.escape(label)}[)\]]", text)
    if not match:
        return None
    span = name_before(text, match.start())
    if span is None or span[1] < match.start() - 2:
        return None
    name = clean_name(text[span[0] : span[1]])
    return name or None

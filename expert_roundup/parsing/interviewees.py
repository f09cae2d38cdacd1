"""Interviewees: the one expert whom a title, a head or an introduction says that the questions went to."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.blocks import front_matter
from expert_roundup.parsing.knowledge import alternatives, common_words, given_names, known, plain, whole_words, words
from expert_roundup.parsing.layouts.evidence import personhood
from expert_roundup.parsing.layouts.introductions import says_name
from expert_roundup.parsing.layouts.native_names import ZH_OFFICE, native_in_title
from expert_roundup.parsing.names import initials, is_known_person, name_likeness
from expert_roundup.parsing.people import Person, split_person
from expert_roundup.parsing.questions import is_emphatic, speaks_to
from expert_roundup.parsing.resolution import person_names, resolve
from expert_roundup.parsing.visible import visible

#: keys of a page's head that name whom the page is about
_GUEST = re.compile(
    r"(?mi)^(?:interviewees?|guests?|speakers?|interviewed|expert|personne|invité|invitado)[ \t]*:[ \t]*(?P<one>[^\s{-][^\n]*)?(?P<many>(?:\n\s*-\s+[^\n]+)*)"
)
_FIRST, _LAST = (re.compile(rf"(?mi)^{key}\s*:\s*[\"']?([^\n\"']+)") for key in ("first_?name", "last_?name"))
_ROLE = re.compile(r"(?mi)^(?:job|role|job_?title|position|poste)\s*:\s*[\"']?([^\n\"']+)")
#: a title that quotes somebody: Jane Doe (Acme): “I start small.”
_QUOTED = re.compile(
    r"(?P<name>[^\W\d_][\w.’'-]+(?: [^\W\d_][\w.’'-]+){1,3})\s*(?:\([^()]{1,60}\)\s*)?[:：—–-]\s*[\"“„«'‘「]"
)
#: what a title sets before whom an interview is with
INTERVIEW_WITH = (
    "interview (?:with|mit)|entretien avec|entrevista (?:a|con|com)|intervista (?:a|con)|gespräch mit|интервью с"
)
#: a title that says whom the interview is with
_TITLED = re.compile(rf"(?i)(?:{INTERVIEW_WITH})\s+(?P<rest>\S.*)")
#: characters of the longest line that says whom one of several interviews is with, and blocks between its heading and it
_LONGEST_TITLE, _ABOVE = 200, 4
#: how often "with" is tried in a title and how many bylines are read, and characters before "an interview with"
_MOST_TRIED, _ARTICLE = 3, 6
_WITH = re.compile(r"(?i)(?<!\w)(?:with|avec|mit|con|com|met|с)\s+")
#: endings by which Slavic names are declined
_DECLINED = re.compile(r"(?:ого|ому|ом|ым|ой|ей|ем|им|а|е|и|у|ы|ю|я|й|ь)$")
_NOMINATIVE = ("", "а", "я", "й", "ь")
#: one given name or two
_GIVEN = re.compile(
    r"(?P<first>[^\W\d_][\w’-]+)(?:\s(?P<and>y|e|and|und|et|и|&)\s(?:a\s|con\s|mit\s|with\s)?(?P<second>[^\W\d_][\w’-]+))?[.!]?"
)
#: what stands around names in titles
_EDGES = " \t*_.,!()👑❤️✨🎉⭐🚀"
#: how like a name a part of a title must be whose words we do not know
_NAME = 0.8
#: and those of which we know one
_LIKELY = 0.3
#: how surely whom a title quotes must be somebody: "Visual Studio" is not
_PERSON = 0.4
#: how much of a page may introduce its guest, in characters
_INTRODUCTION = 4_000
#: characters of the first question in which somebody may be addressed, and how that looks
_FIRST_QUESTION = 200
_VOCATIVE = re.compile(r"(?<![\w-])(?P<name>[^\W\d_a-zа-яё][\w’'-]+(?: [^\W\d_a-zа-яё][\w’'-]+)?)(?=\s*[,!，！])")
#: the longest line that is a name and nothing else, in characters
_LONGEST_LINE = 80


def interviewee(document: Document, begin: int, *, is_asked: bool = False, is_dialogue: bool = False) -> Person | None:
    """The expert who is interviewed in `document`, whose first question stands at `begin`; None if it is no interview.

    `is_asked` says that the questions speak to somebody: then nothing need announce an interview; `is_dialogue` that the
    markup tells replies from questions: then whoever is named is the one.
    """
    line = document.text.rfind("\n", 0, begin) + 1
    intro = visible(document.text[len(front_matter(document.text)) : line][-_INTRODUCTION:])
    if guests := list(_guests(front_matter(document.text))):
        return guests[0] if len(guests) == 1 else None
    if stated := _stated(document, begin, line, intro):
        return stated
    announcing = f"{document.title}\n{front_matter(document.text)[:2_000]}\n{intro}"
    if quotes_somebody(document.title) or _is_with(document):
        announcing += " interview"  # a title that quotes somebody, or names whom the page quotes
    if is_announced(announcing):
        return _announced_one(document, begin, intro)
    return _unannounced(document, begin, intro, is_asked=is_asked, is_dialogue=is_dialogue)


def _stated(document: Document, begin: int, line: int, intro: str) -> Person | None:
    """Whom the page itself calls its guest: by its title, or in the lines above `line`."""
    if is_known_person(document.title) and person_names(document.title) == [document.title]:
        return Person(document.title)  # a page whose title is a name is theirs
    if guest := _guest_line(document.text[max(0, line - _INTRODUCTION) : line]):
        return guest
    name = _in_title(document, begin)
    others = name and any(one != name and is_known_person(one) for one in person_names(intro))
    return Person(name, _role(name, intro)) if name and (is_known_person(name) or not others) else None


def _unannounced(document: Document, begin: int, intro: str, *, is_asked: bool, is_dialogue: bool) -> Person | None:
    """Who answers where nothing says that it is an interview: whoever says their name, is asked by it, or is the page's subject."""
    if said := introduced_self(document.text[begin : begin + _INTRODUCTION]) or introduced_self(intro):
        return said
    if not is_asked:
        return None
    if asked := _asked_by_name(document, begin):
        return asked
    if told := _told(document, _end_of_block(document, begin)):
        return told
    person = _named_in(document, intro) or _titled_after(document.title, document.prose)
    headings = [document.shown(block) for block in document.blocks_between(0, begin) if block.kind == "heading"]
    is_theirs = person and (is_dialogue or _is_subject(person.name, (document.title, *headings), intro))
    return person if is_theirs else None


def _announced_one(document: Document, begin: int, intro: str) -> Person | None:
    """Whom an interview is with: whoever its title says it is with or quotes, the introduction names, or the first question addresses."""
    if titled := _TITLED.match(document.title):
        name = next(iter(person_names(titled["rest"])), "")
        is_first = titled["rest"].replace(" ", "").startswith(name.replace(" ", ""))
        if name and is_first and name_likeness(name) >= 0.5:
            return Person(_as_named(name, document), _role(name, intro))
    quoted = _QUOTED.match(document.title)
    if quoted and quoted["name"] in intro and personhood(document, quoted["name"]) >= _PERSON:
        return Person(quoted["name"], _role(quoted["name"], intro))
    called = (
        introduced_self(intro)
        or _first_name_above(document, begin)
        or _named_in(document, intro)
        or _titled_after(document.title, intro)
    )
    end = _end_of_block(document, begin)
    return (
        called
        or _addressed(document.text[begin : min(begin + _FIRST_QUESTION, end)])
        or _told(document, end)
        or _titled_after(document.title, intro, is_sure=True)
    )


def _guest_line(intro: str) -> Person | None:
    """Whom a line above the first question calls the guest."""
    found = _line_of("guest_keys").search(intro)
    person = split_person(visible(found["name"]).strip(" *_")) if found else None
    if person is None or name_likeness(person.name) < _LIKELY:
        return None
    return Person(person.name.title() if person.name.isupper() else person.name, person.role)


def _asked_by_name(document: Document, begin: int) -> Person | None:
    """Whom the first question calls by a given name, where the page has the full one: "Jane, how did it begin?"."""
    question = document.text[begin : _end_of_block(document, begin)]
    person = _addressed(question[:_FIRST_QUESTION])
    full = _in_full(document, person) if person and speaks_to(question, person.name.split()[0]) else None
    return full if full and " " in full.name else None


def _told(document: Document, end: int) -> Person | None:
    """Who says their name in the first answer, which begins behind the question that ends at `end`."""
    person = says_name(document.text[end : end + 2 * _FIRST_QUESTION].lstrip("> \r\n"))
    return _in_full(document, person) if person else None


def _in_full(document: Document, person: Person) -> Person:
    """The person under the full name that the page gives."""
    name = resolve([person.name], document.prose)[person.name]
    return Person(name, _role(name, document.prose[:_INTRODUCTION]))


def interviews_in(document: Document) -> list[tuple[int, Person]]:
    """Whom each of several interviews on one page is with, by lines that say so, and where it begins; [] for fewer than two."""
    found = []
    for index, block in enumerate(document.blocks):
        if not block.lines or block.end - block.start > _LONGEST_TITLE or block.kind not in ("heading", "paragraph"):
            continue
        line = document.text[slice(*block.lines[0])]
        titled = _TITLED.search(visible(line))
        if titled is None or titled.start() > _ARTICLE:
            continue
        name = next(iter(person_names(titled["rest"])), "")
        if not name or not titled["rest"].startswith(name) or name_likeness(name) < _NAME:
            continue
        if block.kind == "heading" or is_emphatic(line.strip()) or titled["rest"].strip(" :") == name:
            # the date and what else stands between its heading and this line belong to it
            above = (one for one in reversed(document.blocks[max(0, index - _ABOVE) : index]) if one.kind == "heading")
            found.append((next(above, block).start, Person(name, split_person(titled["rest"]).role)))
    return found if len({person.name for _, person in found}) > 1 else []


def _is_with(document: Document) -> bool:
    """Whether a title names somebody behind "with" whom a line of the page credits: "On tides, with Jane Doe" and "— Jane Doe"."""
    title = document.title[:_LONGEST_TITLE]
    for match in islice(_WITH.finditer(title), _MOST_TRIED):
        names = person_names(title[match.end() :])[:1]
        if names and title.startswith(names[0], match.end()) and is_known_person(names[0]):
            return re.search(rf"(?m)^[>\s]{{0,9}}[—–-] {re.escape(names[0])}", document.text) is not None
    return False


def _first_name_above(document: Document, begin: int) -> Person | None:
    """Whom a title names by given names alone: "Interview with Jane", "Entrevista a Ana y a Juan de Acme"; in full where the page has it."""
    headings = (document.shown(block) for block in document.blocks_between(0, begin) if block.kind == "heading")
    for title in (document.title, *headings):
        titled = _TITLED.match(title)
        named = _GIVEN.match(titled["rest"]) if titled else None
        if named is None or plain(named["first"]) not in given_names():
            continue
        if named["second"] and plain(named["second"]) in given_names():
            return Person(f"{named['first']} {named['and']} {named['second']}")
        if not named["second"] and named.end() == len(titled["rest"] if titled else ""):
            return Person(resolve([named["first"]], document.prose)[named["first"]])
    return None


def _titled_after(title: str, intro: str, *, is_sure: bool = False) -> Person | None:
    """The name of unknown words that a title sets behind a colon or a dash, and the introduction repeats: "Our people: Jane Doe".

    Where it `is_sure` that the page is an interview, a given name need not be repeated.
    """
    parts = re.split(r"\s+[|–—·-]\s+|\s*[:：]\s+", title)
    bare = [part.strip(_EDGES) for part in parts[1:]]
    full = [part for part in bare if name_likeness(part) >= _NAME and " " in part]
    given = [part for part in bare if plain(part) in given_names()]
    names = [part for part in full or given if intro.count(part) > (part in given)] or given * is_sure
    if not names and ZH_OFFICE.search(title.strip()):
        # "20届硕-Allen-开发工程师": no blanks part them, and no name of letters would stand there otherwise
        names = [part for part in re.split(r"[-–—|｜/ ]+", title) if plain(part) in given_names() and part.istitle()]
    return Person(names[0], _role(names[0], intro)) if len(names) == 1 else None


def _named_in(document: Document, intro: str) -> Person | None:
    """The known person whom title and introduction name, the author left out: of several the one named most often."""
    askers = {initials(author) for author in document.authors} | set(document.authors) | _bylines(document)
    if document.language in ("zh", "ja", "ko") and (person := native_in_title(document.title)):
        return person
    for text in (document.title, *_announced(document.title), *_announced(intro), intro):
        named = (_from_given(_as_named(name, document)) for name in person_names(text))
        names = [
            name
            for name in dict.fromkeys(named)
            if is_known_person(name)
            and name_likeness(name) >= _LIKELY
            and name not in askers
            and not _is_phrase(document, name)
        ]
        if names:
            name = max(names, key=lambda one: (intro.count(one.split()[0]), -names.index(one)))
            return Person(name, _role(name, intro))
    # who introduces themselves writes their own page
    own = (
        name
        for name in map(_from_given, person_names(document.title))
        if name in document.authors and is_known_person(name)
    )
    return next(map(Person, own), None)


def _bylines(document: Document) -> set[str]:
    """Whom lines near the top say that the page is by."""
    found = islice(_line_of("bylines").finditer(document.text[: 2 * _INTRODUCTION]), _MOST_TRIED)
    return {name for line in found for name in person_names(visible(line["name"]))[:1]}


@functools.cache
def _line_of(kind: str) -> re.Pattern[str]:
    """A line that one of these words opens, and the name behind it: "Guest: Jane Doe", "By Jane Doe, 14 June"."""
    keys = alternatives(words("cues", kind))
    return re.compile(
        rf"(?m)^[ \t*_>#-]{{0,9}}+(?i:{keys})(?!\w)[ \t*_:：]{{1,9}}+(?P<name>[^\W\d_a-zа-яё][^\n]{{2,80}})$"
    )


def _is_subject(name: str, titles: Sequence[str], intro: str) -> bool:
    """Whether a page is about `name`: titles name them, or the introduction says who they are or names them again."""
    says_who = re.search(rf"{re.escape(name)}[^\w\s]*\s+(?:{alternatives(words('cues', 'is_somebody'))})(?!\w)", intro)
    if any(name in title for title in titles):
        return True
    is_byline = re.search(rf"(?m)^\W*(?:(?:by|von|par|por|di|door)\s)?{re.escape(name)}\W*$", intro) is not None
    return not is_byline and (
        says_who is not None or any(intro.count(part) > 1 for part in name.split() if len(part) > 2)
    )


def _end_of_block(document: Document, place: int) -> int:
    index = document.block_at(place)
    return document.blocks[index].end if index < len(document.blocks) else place


def _addressed(question: str) -> Person | None:
    """Whom the first question addresses: "Please introduce yourself, Jane!", "Jane, how did it begin?"."""
    for match in _VOCATIVE.finditer(visible(question)):
        parts = match["name"].split()
        # "Question Jane, how": what stands before a given name that we know is none
        is_led = len(parts) > 1 and plain(parts[0]) not in given_names() and plain(parts[1]) in given_names()
        name = " ".join(parts[is_led or parts[0].casefold() in words("people", "not_names") :])
        if is_known_person(name):
            return Person(name)
    return None


def introduced_self(text: str) -> Person | None:
    """Whoever says their own name: "My name is Jane", "Ich heiße Jana Doe"."""
    match = _self_introduction().search(visible(text))
    return Person(match["name"]) if match and is_known_person(match["name"]) else None


@functools.cache
def _self_introduction() -> re.Pattern[str]:
    said = alternatives(words("cues", "self_introduction"))
    return re.compile(rf"(?i:(?<!\w)(?:{said}))\s+(?P<name>[^\W\d_a-zа-яё]\w+(?: [^\W\d_a-zа-яё][\w’'-]+){{0,2}})")


def _in_title(document: Document, begin: int) -> str:
    """The part of a title, between its dashes or bars, that stands above the first question as a heading or line of its own."""
    lines = {
        document.shown(block)
        for block in document.blocks_between(0, begin)
        if block.kind in ("heading", "paragraph") and block.lines and block.end - block.start <= _LONGEST_LINE
    }
    parts = re.split(r"\s+[|–—·-]\s+|\s*[:：]\s+", document.title)
    return next((part for part in parts if len(parts) > 1 and part in lines and name_likeness(part) >= 0.8), "")


def is_announced(text: str) -> bool:
    """Whether `text` says that it is about an interview."""
    return _interview().search(text) is not None


def quotes_somebody(title: str) -> bool:
    """Whether a title is a name and what its bearer says: "Jane Doe (Acme): “I start small”"."""
    return _QUOTED.match(title) is not None


def _from_given(name: str) -> str:
    """A name without what stands before the given name: "Acme Jane Doe"."""
    tokens = name.split()
    known_at = (number for number, token in enumerate(tokens[:-1]) if plain(token) in given_names())
    given = next((number for number in known_at if tokens[number][0].isupper()), 0)
    return " ".join(tokens[given:])


def _is_phrase(document: Document, name: str) -> bool:
    """Whether a word of a name is a function word of the page's language: "Maire On" closes a sentence and opens one."""
    return any(
        word.casefold() in common_words(document.language) and plain(word) not in given_names()
        for word in name.split()[1:]
    )


def _as_named(name: str, document: Document) -> str:
    """A Slavic name as the subject has it: "интервью с Иваном Петровым" is with Иван Петров, whether the page says so or not."""
    if re.search(r"[а-яёіїє]$", name) is None:
        return name
    stems = [_DECLINED.sub("", word) if len(word) > 3 else word for word in name.split()]
    given = next((n for n, stem in enumerate(stems[:-1]) if _given(stem)), 0)
    stems, name = stems[given:], " ".join(name.split()[given:])
    pattern = r"\s+".join(rf"{re.escape(stem)}[а-яёіїє]{{0,3}}" for stem in stems)
    seen = re.findall(rf"(?<!\w){pattern}(?!\w)", f"{document.title}\n{document.prose[: 3 * _INTRODUCTION]}")
    forms = sorted({" ".join(form.split()) for form in seen}, key=lambda form: (len(form), form))
    known_forms = [form for form in forms if plain(form.split()[0]) in given_names()]
    return next(iter(known_forms), "") or _nominative(stems) or next(iter(forms), name)


def _given(stem: str) -> str:
    """The given name that a declined one is a form of, "" if none is known."""
    return next((stem + ending for ending in _NOMINATIVE if plain(stem + ending) in given_names()), "")


def _nominative(stems: Sequence[str]) -> str:
    """The subject's form of a declined name whose given name is known, "" else: a surname goes by the given name's gender."""
    first = _given(stems[0])
    if not first or len(stems) != 2:
        return ""
    is_woman = first.endswith(("а", "я")) and plain(first) not in words("people", "men_in_a")
    last = stems[1]
    if last.endswith(("ск", "цк")):
        last += "ая" if is_woman else "ий"
    elif is_woman and last.endswith(("ов", "ев", "ёв", "ин", "ын")):
        last += "а"
    return f"{first} {last}"


def _guests(head: str) -> Iterator[Person]:
    """The people whom the head of a page names as its guests."""
    first, last, role = _FIRST.search(head), _LAST.search(head), _ROLE.search(head)
    if first and last:
        yield Person(f"{first[1].strip()} {last[1].strip()}", visible(role[1]).strip() if role else "")
        return
    found = _GUEST.search(head)
    if found is None:
        return
    for line in (found["one"] or "").split(",") if found["one"] else (found["many"] or "").split("\n"):
        person = split_person(line.strip(" -\"'[]"))
        if name_likeness(person.name) >= 0.5:
            yield person


def _announced(text: str) -> Iterator[str]:
    """What follows an announcement such as "interview with"."""
    for match in _interview().finditer(text):
        yield text[match.start() : match.end() + 120]


def _role(name: str, intro: str) -> str:
    """What a comma, a dash or brackets set behind the name at its first mention."""
    match = re.search(rf"{re.escape(name)}\s*(?:,|[-–—]|\()\s*([^.!?;:\n]{{3,120}})", intro)
    if match is None:
        return ""
    role = re.split(r"(?:^|\s)(?:who|which|about|and I|qui|que|quien|который|которая|der|die)\s|[,)]\s", match[1])[
        0
    ].strip(" ,)")
    role = re.sub(r"^(?:an?|the|une?|le|la|un|una|el|ein|eine|der|die)\s+", "", role)
    return role if len(role.split()) <= 14 else ""


@functools.cache
def _interview() -> re.Pattern[str]:
    lists = known("cues")["interview"]
    return re.compile(rf"(?i){whole_words(lists['words'])}|{alternatives(lists['strings'])}")

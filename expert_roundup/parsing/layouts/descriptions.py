"""Descriptions: whom a page means by "the gardener" or "la fundadora de Acme" beside a quotation."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Collection

from expert_roundup.parsing.knowledge import alternatives, known, plain, whole_words, words
from expert_roundup.parsing.people import Person

#: what ends a description: a stop, a mark, a clause of its own
_END = re.compile(
    r"[,;:.!?…()«»“”„\"—–]|\s-\s|\s(?:who|which|that|as|when|while|after|before|about|qui|dont|lors|que|quien|cuando|mientras"
    r"|quando|enquanto|sobre|che|mentre|als|wie|über|die|der|dat|toen)\s"
)
#: characters around a name in which it is presented
_BEFORE, _BEHIND = 90, 110
_SENTENCE_EDGE = re.compile(r"[.!?…]\s|[\n“”«»\"]")
#: languages that write no articles
_WITHOUT_ARTICLES = frozenset({"ru", "uk", "pl"})
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
#: words of the longest description, and characters by which two words are forms of one
_LONGEST, _STEM = 9, 5
#: letters of the shortest trade at the end of a compound
_SUFFIX = 6
#: the share of its words with which somebody was presented, and the least number of them
_SHARED, _FEWEST = 0.6, 2
#: names that are kept for a word: what more people share says nothing
_MOST_NAMES = 24


def description(clause: str, language: str) -> str:
    """The words at the head of `clause` that describe somebody by an article and a noun, "" if they do not.

    Languages without articles do so by a noun that says what people are.

    Examples
    --------
    >>> description("the head of the bakery, as she swept.", "en"), description("пекарь из Твери.", "ru")
    ('the head of the bakery', 'пекарь из Твери')
    """
    pattern = _article(language)
    match = pattern.match(clause) if pattern else None
    if match is None and (language not in _WITHOUT_ARTICLES or not describes_person(clause.partition(" ")[0])):
        return ""
    place = match.end() if match else 0
    end = _END.search(clause, place)
    phrase = clause[: end.start() if end else len(clause)].strip()
    noun = clause[place : place + 1]
    is_noun = noun.isupper() if language == "de" else noun.islower()
    return phrase if is_noun and len(phrase.split()) <= _LONGEST else ""


def without_article(phrase: str) -> str:
    """A description without the article it begins with."""
    match = _any_article().match(phrase)
    return phrase[match.end() :] if match else phrase


def describes_person(phrase: str, *, alone: bool = False) -> bool:
    """Whether a description opens with what people are: a trade, a role, a relation; an adjective or two before it.

    `alone` leaves out the plural, which says of nobody in particular what they are: "the Guard, firefighters and".
    """
    found = _WORD.findall(without_article(phrase))[:3]
    # "vice-chancellor"
    forms = {form for word in found for form in (word.casefold(), word.rpartition("-")[2].casefold())}
    # "Außenminister", "Projektleiterin"
    forms |= {word[at:].casefold() for word in found if word.istitle() for at in range(3, len(word) - _SUFFIX + 1)}
    if not alone:
        forms |= {form.removesuffix(ending) for form in forms for ending in ("s", "es")}
    return not _trades().isdisjoint(forms)


@functools.cache
def _trades() -> frozenset[str]:
    """What people are: trades, roles, relations, in any language."""
    return words("cues", "described") | words("people", "roles")


class Presentations:
    """With which words a page presents the people it names, and whom it brings in without a name."""

    def __init__(self, prose: str) -> None:
        self._prose = prose
        self._places: list[tuple[str, int, int]] = []

    def add(self, name: str, start: int, end: int) -> None:
        """Keep that the prose names somebody in full at [start, end)."""
        self._places.append((name, start, end))

    @functools.cached_property
    def _unnamed(self) -> frozenset[str]:
        """The nouns by which the page brings in people without a name: "A guard told us"."""
        return frozenset(match[1] for match in _brings_in().finditer(self._prose))

    @functools.cached_property
    def _names(self) -> dict[str, list[str]]:
        """Who is presented with a word, by its stem; few pages describe anybody, so nothing is read before one does."""
        found: dict[str, list[str]] = {}
        for name, start, end in self._places:
            for stem in _stems(_sentence_around(self._prose, start, end)):
                held = found.setdefault(stem, [])
                if len(held) < _MOST_NAMES and name not in held:
                    held.append(name)
        return found

    def described(self, phrase: str, last: Person | None) -> Person | None:
        """Who a description is: whom the page presents with its words, else the one named last, else nobody but itself."""
        rest = without_article(phrase)
        name = self._presented(rest)
        if name and " " in rest:
            return Person(name)
        if not describes_person(phrase):
            return None
        article = phrase.removesuffix(rest).strip().casefold()
        is_new = article in words("cues", "indefinite_articles") or rest.split(" ", 1)[0] in self._unnamed
        if is_new or _is_plural(article, rest):
            return Person(phrase)
        return Person(name) if name else last or Person(phrase)

    def _presented(self, rest: str) -> str | None:
        """The one name that is presented with most of the words of `rest`, None if nobody is or two are alike."""
        wanted = _stems(rest)
        shared = Counter(name for stem in wanted for name in self._names.get(stem, ()))
        best = shared.most_common(2)
        if not best or best[0][1] < max(min(_FEWEST, len(wanted)), _SHARED * len(wanted)):
            return None
        return best[0][0] if len(best) == 1 or best[1][1] < best[0][1] else None


def _sentence_around(prose: str, start: int, end: int) -> str:
    """The sentence that names somebody at [start, end), as far as it may present them."""
    before, behind = prose[max(0, start - _BEFORE) : start], prose[end : end + _BEHIND]
    begins = 0
    for edge in _SENTENCE_EDGE.finditer(before):
        begins = edge.end()
    ends = _SENTENCE_EDGE.search(behind)
    return prose[start - len(before) + begins : end] + (behind[: ends.start()] if ends else behind)


def _stems(text: str) -> frozenset[str]:
    """The words of `text` that are not small, cut to what their forms share."""
    return frozenset(plain(word)[:_STEM] for word in _WORD.findall(text) if len(word) > 3 or word.isupper())


def _is_plural(article: str, rest: str) -> bool:
    is_unmarked = article in ("the", "de", "") and rest.split(" ", 1)[0].endswith(("s", "ы", "и"))
    return is_unmarked or article in ("les", "los", "las", "os", "as", "i", "gli")


@functools.cache
def _brings_in() -> re.Pattern[str]:
    """An article that opens a sentence, and the noun behind it: "A guard told us"."""
    articles = [article.capitalize() for article in words("cues", "indefinite_articles") if article[-1].isalpha()]
    return re.compile(rf"{whole_words(articles)} ([^\W\d_]+)")


@functools.cache
def _any_article() -> re.Pattern[str]:
    entries = words("cues", "articles") | words("cues", "indefinite_articles")
    return re.compile(rf"(?i){_articles(entries)}(?=\w)")


@functools.cache
def _article(language: str) -> re.Pattern[str] | None:
    lists = known("cues")
    entries = [*lists["articles"].get(language, ()), *lists["indefinite_articles"].get(language, ())]
    return re.compile(rf"(?i){_articles(entries)}") if entries else None


def _articles(entries: Collection[str]) -> str:
    """A regular expression for articles: "the" with the blank behind it, "l’" without."""
    spaced = alternatives([entry for entry in entries if entry[-1].isalpha()])
    joined = alternatives([entry for entry in entries if not entry[-1].isalpha()])
    return rf"(?:(?:{spaced})\s+" + (rf"|(?:{joined}))" if joined else ")")

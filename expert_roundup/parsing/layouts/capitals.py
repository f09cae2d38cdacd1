"""Capitals: where running text may name somebody, by its capitalised words."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from expert_roundup.parsing.knowledge import whole_words, words
from expert_roundup.parsing.layouts.descriptions import describes_person

_UPPER = "A-ZÀ-ÖØ-ÞĀ-ŽȘ-ȚА-ЯЁІЇЄҐΑ-Ω"
#: letters of the scripts that have capitals; those of others may touch a name
_LETTER = "A-Za-zÀ-ÖØ-öø-ɏͰ-ϿЀ-ӿḀ-ỿ"
#: a small word inside a name
PARTICLE = r"(?:van|von|der|den|de|del|della|di|da|dos|la|le|el|al|bin|ter|ван|фон|де)"
#: a capitalised word: the rest may hold capitals too (McGrath), inner hyphens and apostrophes
_REST = rf"(?:\.[{_UPPER}]\.(?:[{_UPPER}]\.)?(?=\s))?(?:[{_LETTER}]|[’'-](?=[{_UPPER}])|[’'](?=[{_LETTER}]{{2}}))*+\.?"
_CAPITAL = rf"[{_UPPER}]{_REST}"
#: one with no letter before it, and no "z.B."; a search begins sooner with letters than with a look behind
_FIRST = rf"[{_UPPER}](?<![{_LETTER}\d_@/#][{_UPPER}])(?<!\b[a-z]\.[{_UPPER}]){_REST}"
#: "when I met Jane I knew", "Jane Doe A photo of": no name goes on with it
_SELF = rf"(?:I(?![{_LETTER}.])|A(?=\s[a-z]))"


def _run(repeated: str) -> re.Pattern[str]:
    """Capitalised words in a row, particles and a nickname allowed between; a dot behind three letters ends a sentence."""
    return re.compile(
        rf"{_FIRST}"
        rf"(?:(?<![{_LETTER}]{{3}}\.)[ \u00a0](?:[\"“(][\w .]{{1,20}}[\"”)] )?(?:{PARTICLE} ){{0,2}}(?!{_SELF})(?:{_CAPITAL}))"
        rf"{repeated}(?![{_LETTER}\d_@])"
    )


#: one capitalised word or more, and two or more
RUN, _RUNS = _run("*+"), _run("++")
#: an age or a trade behind a name, which only people have: "Jane Doe, 34," "Jane Doe (34)", "Jane Doe, de 34 años", "Jane Doe, a baker"
_AGED = re.compile(
    r"(?P<age>, (?:aged |de |di )?[1-9]\d(?=[,.;)]| (?:ans|anos|años|anni|years?|Jahre|jaar|lat|лет|год))| \([1-9]\d\))"
    rf"|, (?P<trade>[^\W\d_A-Z][{_LETTER}’'-]*(?: [^\W\d_A-Z][{_LETTER}’'-]*){{0,2}})"
)


class Scan(NamedTuple):
    """Where a document may name somebody."""

    runs: list[re.Match[str]]  #: two capitalised words or more
    aged: list[re.Match[str]]  #: those of them that an age or a trade stands behind
    aliases: list[re.Match[str]]

    @classmethod
    def of(cls, prose: str) -> Scan:
        """Look through a document once."""
        runs = list(_RUNS.finditer(prose))
        return cls(runs, [run for run in runs if _is_aged(prose, run.end())], list(_known_as().finditer(prose)))


def _is_aged(prose: str, end: int) -> bool:
    """Whether an age or a trade follows the name that ends at `end`."""
    behind = _AGED.match(prose, end)
    return behind is not None and bool(
        behind["age"] or behind["trade"].startswith("who ") or describes_person(behind["trade"], alone=True)
    )


@functools.cache
def _known_as() -> re.Pattern[str]:
    return re.compile(rf"{whole_words(words('cues', 'known_as'))} (?:[\"“«„'’‘] ?)?(?P<alias>{_CAPITAL})")

"""Label speakers: which labels of a page announce people, and which are terms or options."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from expert_roundup.parsing.answers import Document
from expert_roundup.parsing.knowledge import answerers, given_names, plain, words
from expert_roundup.parsing.layouts.credits import opens_marks
from expert_roundup.parsing.layouts.evidence import is_common, personhood
from expert_roundup.parsing.layouts.label_forms import Label
from expert_roundup.parsing.names import WORD, name_likeness
from expert_roundup.parsing.people import has_age

#: an office in capitals
_OFFICE = re.compile(r"THE [A-Z]{4,}(?: [A-Z]{3,}){0,2}")
#: a name that opens in lower case
_NICK = re.compile(r"[a-z0-9][A-Za-z0-9_.-]{2,24}")
#: what may stand between a label and a quotation mark
_BETWEEN = " \t\r\n-*•>"
#: share of labels that quotation marks must follow
_QUOTED = 0.6
#: speakers among whom an unknown single name is one too
_FEWEST = 3


def speakers_of(document: Document, found: Sequence[Label], style: str) -> set[str]:
    """The labels that name speakers: by their look, because they recur, or because the document says whom they mean."""
    # "Jane Doe, photo: Acme" credits a picture
    found = [label for label in found if label.person.role.casefold() not in words("people", "captions")]
    counts = Counter(label.person.name for label in found)
    aged = aged_of(found)
    in_items = sum(label.in_item for label in found) * 2 > len(found)
    kept = {name for name, n in counts.items() if name and _is_speaker(document, name, n, style, in_items)}
    kept = _without_terms(document, kept, counts) | (aged if len(aged) >= 2 else set())
    if len(kept) >= 2:
        # chairs who type fast write names small
        small = {name for name, n in counts.items() if n >= 2 and name.islower() and " " not in name}
        kept |= {name for name in small if plain(name) in given_names() or document.is_listed(name)}
    if len(kept) >= 2 and in_items:
        kept |= {name for name, n in counts.items() if n >= 2 and name.isupper() and 2 <= len(name) <= 3}
        # who speaks again and again beside people is one
        again = {name for name, n in counts.items() if n >= _FEWEST and " " not in name}
        kept |= {name for name in again if name_likeness(name) >= 0.5 and not is_common(document, name)}
    if len(kept) >= _FEWEST and not in_items:
        # among people, a single capitalised word is a name that we do not know
        single = {name for name in counts if " " not in name and name_likeness(name) >= 0.5}
        unknown = {name for name in single - kept if not is_common(document, name) and style != "dash"}
        kept |= unknown if len(unknown) <= len(kept) else set()
    kept |= {name for name in counts if document.is_listed(name)} | _quoted(document, found) | _letters(kept, counts)
    return kept | {name for name in counts if name.casefold().startswith("the ") and name[4:] in kept}


def _letters(kept: set[str], counts: Counter[str]) -> set[str]:
    """The single letters that stand for one of the speakers each: "**Jane:**", and from then on "**J:**"."""
    initials = Counter(name[0] for name in kept if len(name) > 2)
    return {name for name, n in counts.items() if len(name) == 1 and n >= 2 and initials[name] == 1}


def _quoted(document: Document, found: Sequence[Label]) -> set[str]:
    """The labels, where most are followed by words in quotation marks: whoever is quoted speaks, be it a seminar."""
    quoted = [label for label in found if opens_marks(document.text[label.end : label.end + 16].lstrip(_BETWEEN))]
    are_many = len(quoted) >= _FEWEST and len(quoted) >= _QUOTED * len(found)
    return {label.person.name for label in quoted if label.person.name[:1].isupper()} if are_many else set()


def _without_terms(document: Document, kept: set[str], counts: Counter[str]) -> set[str]:
    """The labels without common words that open a line only now and then among people who speak."""
    people = {name for name in kept if personhood(document, name) >= 0.4}
    if sum(counts[name] for name in people) * 2 < sum(counts[name] for name in kept):
        return kept
    asked = words("people", "moderators") | answerers()
    # of two capitalised words one may well be common, as long as the other is not
    mixed = {name for name in kept - people if " " in name and name_likeness(name) >= 0.8 and _has_own(document, name)}
    return {name for name in kept if name in people | mixed or counts[name] > 2 or name.casefold() in asked}


def _has_own(document: Document, name: str) -> bool:
    """Whether a word of the name is not a common one."""
    return not all(is_common(document, token) for token in WORD.findall(name))


def _is_speaker(document: Document, name: str, n: int, style: str, in_items: bool) -> bool:
    low = name.casefold()
    if low in words("people", "captions"):
        return False
    if low in words("people", "moderators") or low in answerers():
        return True
    if low in words("people", "nobody") or (
        low in words("people", "not_names") and not (len(name) == 2 and name.isupper())
    ):
        return False
    if n >= 2 and _OFFICE.fullmatch(name):
        return True  # "THE PRESIDENT:"
    likeness = name_likeness(name)
    if likeness == 0 and style == "bold" and n >= _FEWEST and not in_items and _NICK.fullmatch(name):
        return not is_common(document, name)  # what people call themselves on the net
    if likeness >= 0.8:
        return style != "dash" or personhood(document, name) >= 0.8
    if style == "dash":
        return False
    if in_items and n >= 2 and personhood(document, name) == 1.0:
        return True  # minutes in lists
    if likeness >= 0.3 and not in_items:
        is_sure = n >= 2 or style in ("bold", "timed", "link") or personhood(document, name) == 1.0
        return is_sure or _is_explained(name, document.head)
    # a group's name with small words in it: "Department of Justice's Office of Information Policy"
    return n >= 2 and style == "bold" and not in_items and name[:1].isupper() and 2 <= len(name.split()) <= 14


def _is_explained(name: str, head: str) -> bool:
    return re.search(rf"[(\[]{re.escape(name)}[)\]]|(?<!\w){re.escape(name)}\s+[A-ZА-ЯЁ]\w+", head) is not None


def aged_of(found: Sequence[Label]) -> set[str]:
    """Whoever is labelled with an age."""
    return {label.person.name for label in found if has_age(label.person)}

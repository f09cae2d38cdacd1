"""One key a person, equal across spellings, scripts and documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

from expert_roundup.corpus.spellings import Spelling, first_letters, likeness, spelling

#: how like the words of two scripts must be, and how far the best candidate must lead the next one
_LIKE = 0.86
#: how like they must be where the other spelling is nearer to a third one
_VERY_LIKE = 0.9
_LEAD = 0.02


def speaker_keys(names: Iterable[str]) -> dict[str, str]:
    """Give every spelling the key of its person.

    Parameters
    ----------
    names
        Spellings of all documents; what is linked depends on all of them.

    Returns
    -------
    dict
        Spelling -> key: the words of the fullest spelling, in Latin letters, sorted.

    Notes
    -----
    Titles, particles, order, capitals, diacritics and habits of transliteration do not count. Initials ("J. Doe") and
    left-out middle names are linked to the one person of the corpus that they fit; where they fit two, they stay a key
    of their own. A name in another script is linked to the one Latin spelling that it is most like. Two people of one
    name are one key: a name is all that a page gives.

    Examples
    --------
    >>> keys = speaker_keys(["Jane Doe", "Dr. DOE, Jane", "J. Doe", "John Roe"])
    >>> keys["J. Doe"], keys["Dr. DOE, Jane"], len(set(keys.values()))
    ('do yane', 'do yane', 2)
    """
    spelled = {name: spelling(name) for name in sorted(set(names))}
    groups: dict[str, Spelling] = {}
    for one in spelled.values():
        known = groups.get(one.key)
        groups[one.key] = one if known is None or (one.script == "latin" and known.script != "latin") else known
    links = _across_scripts(groups)
    index = _by_word(groups)
    links |= dict(_of_initials(groups, index)) | dict(_of_middle_names(groups, index))
    return {name: _end(one.key or name.casefold(), links) for name, one in spelled.items()}


def _by_word(groups: dict[str, Spelling]) -> dict[str, list[str]]:
    index: defaultdict[str, list[str]] = defaultdict(list)
    for key, one in groups.items():
        for word in set(one.words):
            index[word].append(key)
    return index


def _of_initials(groups: dict[str, Spelling], index: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Link "j. doe" to the one group whose words it abbreviates."""
    for key, one in groups.items():
        if not (one.initials and one.words):
            continue
        plain = " ".join(one.words)
        if len(one.words) > 1 and plain in groups:
            # a middle initial beside the same first and last name
            yield key, plain
            continue
        rare = min(one.words, key=lambda word: len(index[word]))
        found = [other for other in index[rare] if other != key and _abbreviates(one, groups[other])]
        if len(found) == 1:
            yield key, found[0]


def _abbreviates(short: Spelling, full: Spelling) -> bool:
    left = list(full.words)
    for word in short.words:
        if word not in left:
            return False
        left.remove(word)
    for letter in short.initials:
        match = next((word for word in left if word.startswith(letter) or _sounds(word, letter)), None)
        if match is None:
            return False
        left.remove(match)
    return not full.initials


def _sounds(word: str, letter: str) -> bool:
    """Whether a folded word may have begun with this letter before it was folded: Jane is yane, Walter is valter."""
    return word[0] in {"j": "y", "w": "v", "y": "eu", "k": "hx", "p": "f"}.get(letter, "")


def _of_middle_names(groups: dict[str, Spelling], index: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Link "jane doe" to the one longer group that holds its words, if no two longer ones do."""
    for key, one in groups.items():
        if one.initials or len(one.words) < 2:
            continue
        rare = min(one.words, key=lambda word: len(index[word]))
        found = [
            other
            for other in index[rare]
            if set(one.words) < set(groups[other].words) and len(groups[other].words) == len(one.words) + 1
        ]
        if len(found) == 1 and not groups[found[0]].initials:
            yield key, found[0]


def _across_scripts(groups: dict[str, Spelling]) -> dict[str, str]:
    """Link each group of another script to the Latin one that it is most like, if that is plain both ways.

    Further Latin groups that are very like it, and like no other, are linked to it.
    """
    blocks: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, one in groups.items():
        if len(one.words) > 1 and not one.initials:
            blocks[first_letters(one)].append(key)
    scores: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for keys in blocks.values():
        latin = [key for key in keys if groups[key].script == "latin"]
        others = [key for key in keys if groups[key].script != "latin"]
        for left, right in product(latin, others):
            if (score := likeness(groups[left], groups[right])) >= _LIKE:
                scores[left][right] = scores[right][left] = score
    best = {key: _leader(found) for key, found in scores.items()}
    links: dict[str, str] = {}
    for key, other in best.items():
        if other is None:
            continue
        if groups[key].script != "latin" and best.get(other) == key:
            links[key] = other
        elif groups[key].script == "latin" and best.get(other) != key and scores[key][other] >= _VERY_LIKE:
            # a further transliteration of a name that another one is nearer to
            links[key] = other
    return links


def _leader(found: dict[str, float]) -> str | None:
    ordered = sorted(found, key=lambda key: (-found[key], key))
    return None if len(ordered) > 1 and found[ordered[0]] - found[ordered[1]] < _LEAD else ordered[0]


def _end(key: str, links: dict[str, str]) -> str:
    """Follow links to their end; a circle ends at its smallest key."""
    seen = [key]
    while (step := links.get(seen[-1])) is not None:
        if step in seen:
            return min(seen[seen.index(step) :])
        seen.append(step)
    return seen[-1]


def add_speaker_keys(folder: Path) -> None:
    """Fill the column speaker_key in the files of the table speakers."""
    import pyarrow as pa

    from expert_roundup.corpus.parts import read_files, write_table
    from expert_roundup.corpus.schema import schema

    files = sorted(folder.glob("*.parquet"))
    names: dict[str, None] = {}
    for path in files:
        names.update(dict.fromkeys(read_files([path], "speakers", ["speaker"]).column("speaker").to_pylist()))
    keys = speaker_keys(names)
    at = schema("speakers").get_field_index("speaker_key")
    for path in files:
        rows = read_files([path], "speakers")
        column = pa.array([keys[name] for name in rows.column("speaker").to_pylist()], pa.string())
        write_table(rows.set_column(at, schema("speakers").field(at), column), path)

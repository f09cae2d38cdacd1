"""A project file as records: users, codes, variables and sources with their selections, every fault of it named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from expert_roundup.coding.refi_qda.codebook_import import Code, code_faults, codes_of
from expert_roundup.coding.refi_qda.identity import plain_guid
from expert_roundup.coding.refi_qda.xml_reading import children, local_name, raise_faults, text_of

#: elements that hold the value of a variable
_VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
#: container -> what in it has no place in a study
_LEFT_OUT = {
    "Sources": ("PictureSource", "AudioSource", "VideoSource", "PDFSource"),
    "Notes": ("Note",),
    "Links": ("Link",),
    "Sets": ("Set",),
    "Graphs": ("Graph",),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A selection, or the whole source, with the codes that one user gave to it."""

    guid: str
    name: str
    start: int | None  #: None for the whole source
    end: int | None
    user: str  #: GUID, "" for none
    memo: str
    codes: tuple[tuple[str, str], ...]  #: (GUID of the user or "", GUID of the code)


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A text with what was marked in it."""

    guid: str
    name: str
    path: str  #: where the archive holds the text, "" where `content` is it
    content: str
    marks: tuple[Mark, ...]
    variables: tuple[tuple[str, str], ...]  #: (GUID of the variable, value)


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """A project as its file says it, references checked."""

    name: str
    origin: str
    users: dict[str, str]  #: GUID -> name, in order
    codes: list[Code]
    variables: dict[str, tuple[str, str]]  #: GUID -> (name, type)
    sources: list[SourceRecord]
    cases: frozenset[str]  #: GUIDs; some programs code with cases
    n_left_out: Counter[str]  #: kind of thing that has no place in a study -> number


def read_project(root: Any, what: str) -> ProjectRecord:
    """Read the element Project.

    Raises
    ------
    ValueError
        GUIDs stand there twice, references lead nowhere, or positions are no numbers; all of them are named.
    """
    faults: list[str] = []
    users = _named(root, "Users", "User", faults)
    variables = _named(root, "Variables", "Variable", faults)
    kinds = {plain_guid(e.get("guid")): e.get("typeOfVariable") or "Text" for e in _all(root, "Variables", "Variable")}
    codes = [code for place in children(root, "CodeBook") for code in codes_of(place)]
    sources = list(_sources(root, faults))
    cases = frozenset(plain_guid(element.get("guid")) for element in _all(root, "Cases", "Case"))
    record = ProjectRecord(
        name=(root.get("name") or "").strip(),
        origin=root.get("origin") or "",
        users=users,
        codes=codes,
        variables={key: (name, kinds[key]) for key, name in variables.items()},
        sources=sources,
        cases=cases,
        n_left_out=_left_out(root),
    )
    faults += code_faults(codes) + _twice(record) + _dangling(record)
    raise_faults(faults, what)
    return record


def _left_out(root: Any) -> Counter[str]:
    elements = [element for container, names in _LEFT_OUT.items() for element in _all(root, container, *names)]
    sources = [*_all(root, "Sources", "TextSource")]
    used = {plain_guid(reference.get("targetGUID")) for source in sources for reference in children(source, "NoteRef")}
    return Counter(
        local_name(element)
        for element in elements
        # a PDF with text is a source, and a note on a span of a source is a mark of it
        if next(children(element, "Representation"), None) is None
        and not (
            plain_guid(element.get("guid")) in used and next(children(element, "PlainTextSelection"), None) is not None
        )
    )


def _all(root: Any, container: str, *names: str) -> Iterator[Any]:
    for place in children(root, container):
        yield from children(place, *names)


def _named(root: Any, container: str, tag: str, faults: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in _all(root, container, tag):
        key = plain_guid(element.get("guid"))
        if key in found:
            faults.append(f"{tag.lower()} {element.get('name')!r} has the GUID of another ({key})")
        found[key] = (element.get("name") or element.get("id") or key).strip()
    return found


def _sources(root: Any, faults: list[str]) -> Iterator[SourceRecord]:
    cases = _case_values(root)
    notes = {plain_guid(note.get("guid")): note for note in _all(root, "Notes", "Note")}
    for element in _all(root, "Sources", "TextSource", "PDFSource"):
        is_pdf = local_name(element) == "PDFSource"
        text = next(children(element, "Representation"), None) if is_pdf else element
        if text is None:
            continue
        content = next(children(text, "PlainTextContent"), None)
        key = plain_guid(element.get("guid"))
        yield SourceRecord(
            guid=key,
            name=" ".join((element.get("name") or text.get("name") or "").split()),
            path=(text.get("plainTextPath") or "").strip() if content is None else "",
            content="" if content is None else "".join(content.itertext()),
            marks=(
                *_marks(text, faults),
                *(_marks(element, faults) if is_pdf else ()),
                *_note_marks(text, notes, faults),
            ),
            variables=tuple({**cases.get(key, {}), **dict(_values(element))}.items()),
        )


def _marks(source: Any, faults: list[str]) -> Iterator[Mark]:
    for element in children(source, "PlainTextSelection"):
        start, end = (_position(element, name, source, faults) for name in ("startPosition", "endPosition"))
        yield _mark(element, start, end)
    for coding in children(source, "Coding"):
        # a code for the whole source
        yield Mark("", "", None, None, "", "", tuple(_codes([coding])))


def _note_marks(source: Any, notes: Mapping[str, Any], faults: list[str]) -> Iterator[Mark]:
    """Notes on spans of a source: QualCoder writes what has no code as a note that the source refers to."""
    for reference in children(source, "NoteRef"):
        note = notes.get(plain_guid(reference.get("targetGUID")))
        if note is None:
            continue
        for element in children(note, "PlainTextSelection"):
            start, end = (_position(element, name, source, faults) for name in ("startPosition", "endPosition"))
            user = plain_guid(note.get("creatingUser") or note.get("modifyingUser"))
            yield Mark("", "", start, end, user, text_of(note, "PlainTextContent"), ())


def _mark(element: Any, start: int | None, end: int | None) -> Mark:
    return Mark(
        guid=plain_guid(element.get("guid")),
        name=element.get("name") or "",
        start=start,
        end=end,
        user=plain_guid(element.get("creatingUser") or element.get("modifyingUser")),
        memo=text_of(element, "Description"),
        codes=tuple(_codes(children(element, "Coding"))),
    )


def _codes(codings: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for coding in codings:
        for reference in children(coding, "CodeRef"):
            yield plain_guid(coding.get("creatingUser")), plain_guid(reference.get("targetGUID"))


def _position(element: Any, name: str, source: Any, faults: list[str]) -> int | None:
    written = (element.get(name) or "").strip()
    if written.isascii() and written.removeprefix("-").isdigit() and len(written) < 16:
        return int(written)
    faults.append(f"{name} {written[:30]!r} in source {_shown(source)} is no whole number")
    return None


def _values(element: Any) -> Iterator[tuple[str, str]]:
    for value in children(element, "VariableValue"):
        for reference in children(value, "VariableRef"):
            written = [text_of(value, kind) for kind in _VALUES]
            yield plain_guid(reference.get("targetGUID")), next(filter(None, written), "")


def _case_values(root: Any) -> dict[str, dict[str, str]]:
    """Values of cases that are just one source, which is how MAXQDA and Quirkos write what is known of a source."""
    found: dict[str, dict[str, str]] = {}
    for case in _all(root, "Cases", "Case"):
        references = [plain_guid(reference.get("targetGUID")) for reference in children(case, "SourceRef")]
        if len(references) == 1:
            found.setdefault(references[0], {}).update(_values(case))
    return found


def _twice(record: ProjectRecord) -> list[str]:
    marks = [(mark.guid, f"selection {mark.start}..{mark.end} of {source.name!r}") for source, mark in _each(record)]
    kinds: dict[str, list[tuple[str, str]]] = {
        "source": [(source.guid, f"source {source.name!r}") for source in record.sources],
        "selection": [(key, name) for key, name in marks if key],
    }
    faults = []
    for kind, named in kinds.items():
        seen: set[str] = set()
        for key, name in named:
            if key in seen:
                faults.append(f"{name} has the GUID of another {kind} ({key})")
            seen.add(key)
    return faults


def _dangling(record: ProjectRecord) -> list[str]:
    codes = {code.guid for code in record.codes} | record.cases
    faults = []
    for source, mark in _each(record):
        where = f"of a selection {mark.start}..{mark.end} in source {source.name!r}"
        faults += [_nowhere("code", key, where) for _, key in mark.codes if key not in codes]
        users = {mark.user, *(user for user, _ in mark.codes)}
        faults += [_nowhere("user", key, where) for key in sorted(users) if key and key not in record.users]
    for source in record.sources:
        where = f"of source {source.name!r}"
        faults += [_nowhere("variable", key, where) for key, _ in source.variables if key not in record.variables]
    return faults


def _each(record: ProjectRecord) -> Iterator[tuple[SourceRecord, Mark]]:
    for source in record.sources:
        for mark in source.marks:
            yield source, mark


def _nowhere(kind: str, key: str, where: str) -> str:
    return f"{kind} {key or '(no GUID)'} {where} is not in the project"


def _shown(element: Any) -> str:
    return repr((element.get("name") or element.get("guid") or "")[:60])

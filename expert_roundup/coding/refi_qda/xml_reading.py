"""XML that anybody may have written: no declarations, no network, no depth, one encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from expert_roundup.coding.faults import MAX_LISTED

_MAX_PROLOG = 100_000
#: what may stand before the root element: blanks, comments and processing instructions
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DECLARED = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']")
_UTF8 = ("utf-8", "utf8", "us-ascii", "ascii")


def parse_xml(data: bytes, *, root: str, what: str) -> Any:
    """Parse an exchange file.

    Parameters
    ----------
    data
        UTF-8, with or without a byte order mark, or UTF-16 with one.
    root
        Local name that the root element must have.
    what
        How messages name the file.

    Raises
    ------
    ValueError
        It is no XML, in another encoding, declares entities or a document type, is nested too deeply, or has another
        root.
    """
    text = _decoded(data, what)
    prolog = _PROLOG.match(text, 0, _MAX_PROLOG)
    body = prolog.end() if prolog else 0
    # no exchange file needs a document type, and every trick with entities does
    if text[body : body + 2] == "<!":
        raise ValueError(f"{what}: declares a document type; entities and declarations are not read here")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        element = etree.fromstring(text[body:].encode("utf-8"), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        raise ValueError(f"{what}: no readable XML ({_reason(error)})") from error
    if local_name(element) != root:
        raise ValueError(f"{what}: its root is {local_name(element)[:60]!r}, not {root}")
    return element


def local_name(element: Any) -> str:
    """Name of an element without its namespace: programs write three different ones."""
    return str(etree.QName(element).localname)


def children(element: Any, *names: str) -> Iterator[Any]:
    """Child elements with one of these local names, in order."""
    for child in element:
        if isinstance(child.tag, str) and local_name(child) in names:
            yield child


def text_of(element: Any, name: str) -> str:
    """Text of the first child of that local name; "" without one."""
    for child in children(element, name):
        return "".join(child.itertext())
    return ""


def raise_faults(faults: Sequence[str], what: str) -> None:
    """Raise one ValueError that lists the faults of a file, or do nothing when there are none."""
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        more = f"; and {len(faults) - MAX_LISTED} more" if len(faults) > MAX_LISTED else ""
        raise ValueError(f"{what}: {count}: {'; '.join(faults[:MAX_LISTED])}{more}")


def _decoded(data: bytes, what: str) -> str:
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        declared = _DECLARED.match(data[:200].removeprefix(codecs.BOM_UTF8).decode("latin-1"))
        if declared and declared[1].lower() not in _UTF8:
            raise ValueError(f"{what}: encoded as {declared[1][:30]}; exchange files are UTF-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"{what}: not readable as {encoding[:6].rstrip('-')} at byte {error.start:,}") from error


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200]

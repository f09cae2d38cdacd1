"""Elements of an exchange file: in their namespace, in the order given, as the same bytes on every run."""

from __future__ import annotations

from typing import Any

from lxml import etree

from expert_roundup.coding.refi_qda.memos import xml_text

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
#: what QualCoder looks for before it reads anything else
ORIGIN = "expert-roundup"
#: exports carry no clock: equal content is equal bytes
DATE = "2000-01-01T00:00:00Z"


def root_of(namespace: str, tag: str, **attributes: str) -> Any:
    """A root element whose namespace is the default one."""
    return etree.Element(f"{{{namespace}}}{tag}", _plain(attributes), nsmap={None: namespace})


def child_of(parent: Any, tag: str, text: str = "", **attributes: str) -> Any:
    """A new last child of `parent`, in its namespace."""
    child = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{tag}", _plain(attributes))
    if text:
        child.text = xml_text(text)
    return child


def xml_bytes(root: Any) -> bytes:
    """The whole document: UTF-8 without a byte order mark, one element a line where no text stands."""
    written = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return bytes(written)


def _plain(attributes: dict[str, str]) -> dict[str, str]:
    return {name: xml_text(value) for name, value in attributes.items()}

"""Identities that are equal on every run: what has the same name has the same GUID."""

from __future__ import annotations

import re
import uuid

#: everything that this package names lives below this identity
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:expert-roundup:refi-qda")
_BRACES = re.compile(r"\s*\{?\s*(.*?)\s*\}?\s*", re.DOTALL)


def guid(kind: str, *names: object) -> str:
    """GUID of a thing of that kind and those names, in lower case.

    Examples
    --------
    >>> guid("user", "A") == guid("user", "A"), guid("user", "A") == guid("code", "A")
    (True, False)
    """
    # the length before each name keeps ("a", "bc") apart from ("ab", "c")
    return str(uuid.uuid5(_NAMESPACE, "".join(f"{len(str(name))}:{name}" for name in (kind, *names))))


def plain_guid(written: str | None) -> str:
    """GUID as it is compared: without braces and blanks, in lower case; "" for none.

    Examples
    --------
    >>> plain_guid("{00AB34CD-0000-0000-0000-000000000000}")
    '00ab34cd-0000-0000-0000-000000000000'
    """
    match = _BRACES.fullmatch(written or "")
    return match[1].lower() if match else ""

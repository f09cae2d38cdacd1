"""Office files are zip archives, which carry dates: here they lose them, so that equal content is equal bytes."""

from __future__ import annotations

import io
import re
import zipfile

#: the first date a zip archive can hold
_FIRST = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def without_dates(archive: bytes) -> bytes:
    """Return an office file whose entries, and those of the workbooks inside it, carry no time of making.

    Entries keep their order; what is not a date is not touched.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, date_time=_FIRST)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            new.writestr(info, _plain(entry.filename, old.read(entry)), compresslevel=6)
    return out.getvalue()


def _plain(name: str, content: bytes) -> bytes:
    if name.endswith(".xlsx"):
        return without_dates(content)
    if name == "docProps/core.xml":
        return _DATES.sub(rb"\g<1>2000-01-01T00:00:00Z\g<3>", content)
    return content

"""Read a csv that anybody may have made: odd encodings, odd separators, broken rows, or no csv at all."""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

#: a file above this is refused before it is read (a million codings are about 80 MB, and memory takes five times that)
MAX_BYTES = 300_000_000
#: columns that a table of this package could sensibly have beside its own
MAX_COLUMNS = 1_000
_MAX_HEADER = 100_000
_MAX_LINE = 5_000_000
_SEPARATORS = (",", ";", "\t")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# what spreadsheets of the last thirty years wrote on machines set to a European language
_OLD_ENCODINGS = ("cp1251", "koi8_r", "cp866", "cp1252", "cp1250", "cp1253", "cp1254", "iso8859_5", "mac_cyrillic")

# the apostrophe that our own csv files carry before text that a spreadsheet would run
_GUARD = r"(?s)^'(?=[\s']*(?:[=＝]|[+\-@＋－＠].*[(|（｜]))"


def read_table(
    path: str | os.PathLike[str], *, required: Sequence[str], optional: Sequence[str] = (), argument: str = "table"
) -> pd.DataFrame:
    """Read the named columns of a csv file as text, whatever its encoding and separator.

    Parameters
    ----------
    path
        File with one header line; separated by comma, semicolon or tab; UTF-8, UTF-16, UTF-32 or an old 8-bit encoding.
    required
        Columns that must be there; the order in the file is free.
    optional
        Columns that are read where they are there, and left out where not.
    argument
        What the file is, for the message.

    Returns
    -------
    DataFrame
        One row per row of the file, in its order; every value a str, "" where the cell is empty. Other columns are
        left out; the apostrophe that keeps a spreadsheet from running a cell is taken away.

    Raises
    ------
    ValueError
        The file is empty, too large, not decodable, no csv, or lacks a column.
    OSError
        The file cannot be read.
    """
    what = f"{argument} {Path(path).name}"
    text = decode(read_bytes(path, MAX_BYTES, argument=what), argument=what).lstrip("\r\n")
    _check_text(text, what)
    header, separator = _header(text, what)
    columns = _wanted(header, required, optional, what)
    _check_first_row(text, len(header), separator, what)
    return _rows(text, header, columns, separator, what)


def read_bytes(path: str | os.PathLike[str], limit: int, *, argument: str = "file") -> bytes:
    """Content of a file of at most `limit` bytes; a larger one, or an endless one, is a ValueError."""
    with open(path, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"{argument}: larger than {limit // 1_000_000} MB")
    return data


def decode(data: bytes, *, argument: str = "file") -> str:
    r"""Text of a file of unknown encoding, without its byte order mark.

    Raises
    ------
    ValueError
        No encoding fits.

    Examples
    --------
    >>> decode("\ufeffтема".encode("utf-16"))
    'тема'
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_as(data, encoding, argument).removeprefix("\ufeff")
    if _looks_wide(data):
        return _decode_as(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be", argument)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_as(data, _guess(data, argument), argument)


def _check_text(text: str, what: str) -> None:
    if not text.strip():
        raise ValueError(f"{what}: the file is empty")
    if "\0" in text:
        raise ValueError(f"{what}: holds NUL characters, so it is no csv")
    # a longer line fills a whole piece, and the csv reader would take ten times its size
    pieces = (text[at : at + _MAX_LINE] for at in range(0, len(text) - _MAX_LINE + 1, _MAX_LINE))
    if any("\n" not in piece and "\r" not in piece for piece in pieces):
        raise ValueError(f"{what}: a line is longer than {_MAX_LINE // 1_000_000} million characters")


def _decode_as(data: bytes, encoding: str, argument: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"{argument}: not readable as {encoding} at byte {error.start}") from error


def _guess(data: bytes, argument: str) -> str:
    from charset_normalizer import from_bytes

    # only lines with a byte above 127 tell encodings apart; a file may hold them late
    lines: list[bytes] = []
    for line in io.BytesIO(data):
        if not line.isascii():
            lines.append(line[:2_000])
        if len(lines) == 200:
            break
    best = from_bytes(b"".join(lines), cp_isolation=list(_OLD_ENCODINGS), threshold=0.9).best()
    if best is None:
        raise ValueError(f"{argument}: in no encoding that is known here; save it as UTF-8")
    return best.encoding


def _looks_wide(data: bytes) -> bool:
    """Whether this is UTF-16 without a mark: a header is Latin letters, so every second byte of it is NUL."""
    head = data[:40]
    return len(head) >= 8 and (head[0::2].count(0) == len(head[0::2]) or head[1::2].count(0) == len(head[1::2]))


def _header(text: str, what: str) -> tuple[list[str], str]:
    line = text[:_MAX_HEADER].replace("\r", "\n").partition("\n")[0]
    if len(line) == _MAX_HEADER:
        raise ValueError(f"{what}: the header line is longer than {_MAX_HEADER} characters")
    separator = max(_SEPARATORS, key=line.count)
    try:
        header = [name.strip() for name in next(csv.reader([line], delimiter=separator, strict=True))]
    except csv.Error as error:
        raise ValueError(f"{what}: the header line is broken ({error})") from error
    if len(header) > MAX_COLUMNS:
        raise ValueError(f"{what}: {len(header)} columns, more than {MAX_COLUMNS}")
    return header, separator


def _wanted(header: list[str], required: Sequence[str], optional: Sequence[str], what: str) -> list[str]:
    missing = [name for name in required if name not in header]
    if missing:
        raise ValueError(f"{what}: no column {', '.join(missing)}; its columns are {', '.join(header)[:300]}")
    wanted = [name for name in (*required, *optional) if name in header]
    twice = [name for name in wanted if header.count(name) > 1]
    if twice:
        raise ValueError(f"{what}: column {', '.join(twice)} stands there twice")
    return wanted


def _check_first_row(text: str, n_columns: int, separator: str, what: str) -> None:
    """Refuse surplus cells in the first row: pandas would take them for an index, and a million of them for hours."""
    reader = csv.reader(io.StringIO(text[:_MAX_LINE], newline=""), delimiter=separator)
    try:
        next(reader)
        # pandas skips blank lines, so the first row is the first that is not
        n_cells = next((len(row) for row in reader if len(row) > 1 or "".join(row).strip()), 0)
    except csv.Error as error:
        raise ValueError(f"{what}: the first row is broken ({error})") from error
    if n_cells > n_columns:
        raise ValueError(f"{what}: the first row has {n_cells} cells, the header {n_columns} columns")


def _rows(text: str, header: list[str], columns: list[str], separator: str, what: str) -> pd.DataFrame:
    names = [name if name in columns else f"{number}:{name}" for number, name in enumerate(header)]
    try:
        table = pd.read_csv(
            # bytes, because a StringIO takes four bytes a character
            io.BytesIO(text.encode()),
            sep=separator,
            header=None,
            names=names,
            skiprows=1,
            dtype="str",
            keep_default_na=False,
            on_bad_lines="error",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ValueError(f"{what}: a row is broken ({str(error).strip()})") from error
    if not isinstance(table.index, pd.RangeIndex):
        raise ValueError(f"{what}: rows have more cells than the header has columns ({len(header)})")
    return pd.DataFrame({name: _unguarded(table[name].fillna("")) for name in columns})


def _unguarded(cells: pd.Series[str]) -> pd.Series[str]:
    marked = cells.str.startswith("'")
    # most columns hold none, and the pattern is slow over a million cells
    return cells.where(~marked, cells[marked].str.replace(_GUARD, "", regex=True)) if marked.any() else cells

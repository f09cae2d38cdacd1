"""One key a person, equal across spellings, scripts and documents."""

from __future__ import annotations

from pathlib import Path


def add_speaker_keys(folder: Path) -> None:
    """Fill the column speaker_key in the files of the table speakers."""
    import pyarrow as pa

    from expert_roundup.corpus.parts import read_files, write_table
    from expert_roundup.corpus.schema import schema

    files = sorted(folder.glob("*.parquet"))
    names: dict[str, None] = {}
    for path in files:
        names.update(dict.fromkeys(read_files([path], "speakers", ["speaker"]).column("speaker").to_pylist()))
    keys = speaker_keys(list(names))
    at = schema("speakers").get_field_index("speaker_key")
    for path in files:
        rows = read_files([path], "speakers")
        column = pa.array([keys[name] for name in rows.column("speaker").to_pylist()], pa.string())
        write_table(rows.set_column(at, schema("speakers").field(at), column), path)


def speaker_keys(names: list[str]) -> dict[str, str]:
    return {n: n.casefold() for n in names}

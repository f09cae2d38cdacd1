"""Hostile projects and codebooks: one clear error each, all offending parts named, memory bounded, nothing believed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from expert_roundup.coding.refi_qda import import_codebook, import_project

USER, CODE, SOURCE, MARK, CODING = (f"{n}2222222-aaaa-4bbb-8ccc-1234567890ab" for n in range(1, 6))
TEXT = b"A text of thirty characters ok"
CODES = f'<Code guid="{CODE}" name="goals" isCodable="true"/>'
SELECTION = (
    f'<PlainTextSelection guid="{MARK}" startPosition="2" endPosition="6" creatingUser="{USER}">'
    f'<Coding guid="{CODING}" creatingUser="{USER}"><CodeRef targetGUID="{CODE}"/></Coding></PlainTextSelection>'
)


def project(
    inner: str = SELECTION, *, codes: str = CODES, path: str = f"internal://{SOURCE}.txt", after: str = ""
) -> str:
    return (
        f'<Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="x"><Users><User guid="{USER}" name="Ann"/></Users>'
        f"<CodeBook><Codes>{codes}</Codes></CodeBook><Sources>"
        f'<TextSource guid="{SOURCE}" name="One" plainTextPath="{path}">{inner}</TextSource>{after}</Sources></Project>'
    )


def packed(folder: Path, xml: str | bytes = "", texts: dict[str, bytes] | None = None) -> Path:
    path = folder / "evil.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", xml or project())
        archive.writestr(f"sources/{SOURCE}.txt", TEXT)
        for name, data in (texts or {}).items():
            archive.writestr(name, data)
    return path


def refused(path: Path, match: str) -> None:
    """The project is refused with one ValueError that begins with its name, and nothing appears on disk."""
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(ValueError, match=match) as caught:
        import_project(path)
    assert str(caught.value).startswith("project evil.qdpx: ")
    assert len(str(caught.value)) < 3_000
    assert sorted(path.parent.rglob("*")) == before


def test_the_honest_project_is_read(tmp_path: Path) -> None:
    """What the others here are made from has no fault."""
    assert import_project(packed(tmp_path)).codings["theme"].tolist() == ["goals"]


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil.txt", "sources/../../evil.txt", "..\\evil.txt", "C:\\evil.txt", "\\\\host\\evil"]
)
def test_paths_out_of_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    """Up, absolute, with a drive or a share: named as they were packed."""
    refused(packed(tmp_path, texts={name: b"", "sources/fine.txt": b""}), "evil.* leads out of the archive")


@pytest.mark.parametrize(
    "path",
    ["internal://../../etc/passwd", "absolute:///etc/passwd", "relative:///etc/passwd", "file:///etc/passwd",
     "/etc/passwd", "internal://..%2f..%2fetc/passwd", "https://example.com/x.txt"],
)  # fmt: skip
def test_texts_outside_the_archive_are_not_read(tmp_path: Path, path: str) -> None:
    """A source may name any file of the machine; none of them is opened."""
    refused(packed(tmp_path, project(path=path)), "text of source 'One' lies outside the archive")


def test_symbolic_links_are_refused(tmp_path: Path) -> None:
    """A link in an archive can lead anywhere once it is unpacked."""
    path = packed(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("sources/link.txt")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    refused(path, "'sources/link.txt' is a symbolic link")


ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(10))


@pytest.mark.parametrize(
    "declaration",
    [f"<!DOCTYPE p [{ENTITIES}]>", '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
     '<!DOCTYPE p SYSTEM "http://127.0.0.1:9/x.dtd">', "<!-- first --><!DOCTYPE p>",
     '<?x y?>\n<!DOCTYPE p [<!ENTITY % e "">]>'],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_entities_and_document_types_are_refused(tmp_path: Path, declaration: str, encoding: str) -> None:
    """No expansion, no external file, no address, in any encoding."""
    xml = declaration + project(SELECTION.replace("<Coding", "<Description>&x;&a9;</Description><Coding"))
    refused(packed(tmp_path, xml.encode(encoding)), "declares a document type")


def test_entities_that_nobody_declared_are_refused(tmp_path: Path) -> None:
    """Without a declaration a reference is no XML."""
    refused(packed(tmp_path, project(codes=CODES.replace("goals", "&x;"))), "no readable XML.*Entity 'x'")


@pytest.mark.parametrize("depth", [300, 20_000])
def test_deep_nesting_is_refused(tmp_path: Path, depth: int) -> None:
    """Neither the parser nor our own walk runs out of stack."""
    refused(packed(tmp_path, project("<Description>" * depth + "</Description>" * depth)), "no readable XML.*depth")
    nested = f'<Code guid="{CODE}" name="a">' * depth + "</Code>" * depth
    refused(packed(tmp_path, project(codes=nested)), "no readable XML.*depth")


def zeros(archive: zipfile.ZipFile, name: str, megabytes: int) -> None:
    with archive.open(name, "w", force_zip64=True) as file:
        for _ in range(megabytes):
            file.write(bytes(1_000_000))


def test_a_bomb_of_a_gigabyte_is_refused_unread(tmp_path: Path) -> None:
    """One megabyte that unpacks to a thousand is recognised by its sizes, wherever it lies."""
    for name, megabytes in (("project.qde", 20), (f"sources/{SOURCE}.txt", 1_000), ("sources/unused.bin", 20)):
        path = tmp_path / "evil.qdpx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            if name != "project.qde":
                archive.writestr("project.qde", project())
            zeros(archive, name, megabytes)
        refused(path, f"'{name}' unpacks to far more than its size")


def test_a_bomb_that_lies_about_its_size_stays_small(tmp_path: Path) -> None:
    """The sizes that an archive states are not believed: no more than the stated bytes are unpacked."""
    path = packed(tmp_path, project(path="internal://big.txt"), {"sources/big.txt": bytes(30_000_000)})
    size = (30_000_000).to_bytes(4, "little")
    assert path.read_bytes().count(size) == 2
    path.write_bytes(path.read_bytes().replace(size, (100).to_bytes(4, "little")))
    refused(path, "sources/big.txt is damaged")


def test_memory_stays_bounded(tmp_path: Path) -> None:
    """Texts that are too long together are refused before they fill the memory."""
    resource = pytest.importorskip("resource")
    assert resource
    # each source reads the same megabyte: no bomb by its ratio, too much all the same
    sources = "".join(
        f'<TextSource guid="{n:08x}-0000-4000-8000-000000000000" name="{n}" plainTextPath="internal://noise.txt"/>'
        for n in range(250)
    )
    path = packed(tmp_path, project(after=sources), {"sources/noise.txt": os.urandom(500_000).hex().encode()})
    code = (
        "import resource, sys; from expert_roundup.coding.refi_qda import import_project;"
        "base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: import_project(sys.argv[1])\n"
        "except ValueError as error: print(error)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    message, grown = done.stdout.splitlines()
    assert message.startswith("project evil.qdpx: sources/noise.txt unpacks to 1 MB")
    assert "read are at most" in message
    assert int(grown) < 500_000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (project().encode("utf-16-le"), "no readable XML|not readable"),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + project().encode(), "encoded as windows-1251"),
        (project().replace("Ann", "Анна").encode("cp1251"), "not readable as utf-8 at byte"),
        (b"\x00\x01\x02", "no readable XML|not readable"),
        (b"", "no readable XML"),
        (b"<Project>", "no readable XML"),
        (b"<html><body/></html>", "its root is 'html', not Project"),
        (project().replace("Ann", "A\x00n").encode(), "no readable XML"),
    ],
    ids=["UTF-16 without mark", "declared", "cp1251", "binary", "empty", "cut off", "html", "NUL"],
)
def test_project_files_in_wrong_encodings_are_refused(tmp_path: Path, data: bytes, message: str) -> None:
    """UTF-8 is what the standard says; what is not readable as such is not guessed at."""
    path = tmp_path / "evil.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", data)
    refused(path, message)


def test_texts_in_wrong_encodings_are_all_named(tmp_path: Path) -> None:
    """A guessed encoding would move every coding, so each such text is named with its first bad byte."""
    other = SOURCE.replace("3", "9", 1)
    after = f'<TextSource guid="{other}" name="Two" plainTextPath="internal://two.txt"/>'
    texts = {"sources/one.txt": "Планы".encode("cp1251"), "sources/two.txt": "ab\ufeff".encode("utf-16")}
    path = packed(tmp_path, project(path="internal://one.txt", after=after), texts)
    refused(path, r"2 faults: text of source 'One' is not UTF-8 \(byte 0\); text of source 'Two' is not UTF-8")


def test_selections_outside_their_text_are_all_named(tmp_path: Path) -> None:
    """Behind the end, before the beginning, reversed: no coding is moved to where it might have been."""
    inner = "".join(
        SELECTION.replace(MARK, MARK.replace("2", str(n), 1)).replace('"2"', f'"{start}"').replace('"6"', f'"{end}"')
        for n, (start, end) in enumerate([(2, 31), (-1, 3), (9, 4), (0, 30), (10**12, 10**12 + 1)])
    )
    message = (
        r"4 faults: selection 2\.\.31 of source 'One' lies outside its text of 30 characters; selection -1\.\.3 of .*"
        r"selection 9\.\.4 of .*selection 1000000000000"
    )
    refused(packed(tmp_path, project(inner)), message)


@pytest.mark.parametrize("number", ["", "1.5", "x", "1e3", "９", "9" * 400])
def test_positions_that_are_no_numbers_are_named(tmp_path: Path, number: str) -> None:
    """A whole number in plain digits, or an error."""
    refused(
        packed(tmp_path, project(SELECTION.replace('"6"', f'"{number}"'))), "endPosition .* in source 'One' is no whole"
    )


def test_references_to_nothing_are_all_named(tmp_path: Path) -> None:
    """A code, a user and a variable that are not there, and a text that is not in the archive."""
    nowhere = "99999999-0000-4000-8000-000000000000"
    value = f'<VariableValue><VariableRef targetGUID="{nowhere}"/><TextValue>x</TextValue></VariableValue>'
    inner = SELECTION.replace(CODE, nowhere).replace(f'"{USER}"', f'"{nowhere[:-1]}1"', 1) + value
    message = (
        rf"3 faults: code {nowhere} of a selection 2\.\.6 in source 'One' is not in the project; "
        rf"user {nowhere[:-1]}1 of .*; variable {nowhere} of source 'One'"
    )
    refused(packed(tmp_path, project(inner)), message)
    refused(packed(tmp_path, project(path="internal://gone.txt")), "text of source 'One' is not in the archive")


def test_guids_that_stand_there_twice_are_all_named(tmp_path: Path) -> None:
    """Codes, users, sources and selections: a reference to one of two means neither."""
    codes = CODES + CODES.replace("goals", "craft").replace(CODE, f"{{{CODE.upper()}}}")
    again = f'<TextSource guid="{SOURCE}" name="Two" plainTextPath="internal://{SOURCE}.txt"/>'
    xml = project(SELECTION + SELECTION, codes=codes, after=again)
    xml = xml.replace("</Users>", f'<User guid="{USER}" name="Bob"/></Users>')
    message = "4 faults: user 'Bob' has the GUID.*code 'craft' has.*source 'Two' has.*selection 2..6 of 'One' has"
    refused(packed(tmp_path, xml), message)


def test_a_thousand_faults_are_twenty_and_a_count(tmp_path: Path) -> None:
    """The message stays readable."""
    codes = "".join(f'<Code guid="{CODE}" name="c{n}"/>' for n in range(1_000))
    refused(packed(tmp_path, project(codes=codes)), "999 faults: .*; and 979 more")


def test_archives_that_are_none_are_refused(tmp_path: Path) -> None:
    """A text, an empty file, a cut archive, one without a project, one with two, an encrypted one, one file twice."""
    honest = packed(tmp_path).read_bytes()
    path = tmp_path / "evil.qdpx"
    for data in (b"", b"hello", honest[:-30], honest[:200]):
        path.write_bytes(data)
        refused(path, "no readable archive")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    refused(path, "no project.qde in it")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.qde", project())
        archive.writestr("b.qde", project())
    refused(path, "no project.qde in it")
    path.write_bytes(honest.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"))
    refused(path, "is encrypted")
    path.write_bytes(honest[:40] + bytes(40) + honest[80:])
    refused(path, "project.qde is damaged")


def test_one_file_twice_is_refused(tmp_path: Path) -> None:
    """Readers differ in which of two they take."""
    path = packed(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("project.qde", project())
        archive.writestr(f"SOURCES/{SOURCE}.txt", b"")
    refused(path, f"'project.qde', 'sources/{SOURCE}.txt' stands there twice")


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    """Files that cannot be read are the system's matter."""
    with pytest.raises(FileNotFoundError):
        import_project(tmp_path / "none.qdpx")
    with pytest.raises(FileNotFoundError):
        import_codebook(tmp_path / "none.qdc")


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("<Code name='a'>" * 300 + "</Code>" * 300, "no readable XML.*depth"),
        ("", "no code in it"),
        ("<Code name='a' isCodable='false'/>", "no code in it that can be given"),
        ("<Code name=' '/><Code/>", "3 faults: a code without a name in the codebook"),
        (f"<Code guid='{CODE}' name='a'/><Code guid='{CODE}' name='b'/>", "1 fault: code 'b' has the GUID"),
        ("<Code name='&#0;'/>", "no readable XML"),
    ],
)
def test_hostile_codes_are_refused(tmp_path: Path, inner: str, message: str) -> None:
    """The same manners for the codes of a bare codebook."""
    codebook_refused(tmp_path, f"<CodeBook><Codes>{inner}</Codes></CodeBook>", message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"<!DOCTYPE x [{ENTITIES}]><CodeBook/>", "declares a document type"),
        ("<Project/>", "its root is 'Project', not CodeBook"),
        ("", "no readable XML"),
    ],
)
def test_hostile_codebooks_are_refused(tmp_path: Path, text: str, message: str) -> None:
    """And for the file around them."""
    codebook_refused(tmp_path, text, message)


def codebook_refused(folder: Path, text: str, message: str) -> None:
    path = folder / "evil.qdc"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        import_codebook(path)
    assert str(caught.value).startswith("codebook evil.qdc: ")


def test_a_codebook_of_twenty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    """No codebook is that long."""
    path = tmp_path / "evil.qdc"
    path.write_bytes(b"<CodeBook>" + bytes(20_000_000))
    with pytest.raises(ValueError, match="larger than 16 MB"):
        import_codebook(path)

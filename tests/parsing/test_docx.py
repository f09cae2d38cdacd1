"""Word documents: what they show becomes Markdown, and what would harm is refused before it is unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from expert_roundup.parsing import docx as wing
from expert_roundup.parsing import read_roundup, read_source
from expert_roundup.parsing.docx import docx_to_markdown
from expert_roundup.parsing.source import source_from_bytes


def written(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def markdown(fill: Callable[[Any], None]) -> str:
    """The Markdown of a new document that `fill` writes into."""
    document = docx.Document()
    fill(document)
    return docx_to_markdown(written(document), "x.docx")[0]


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive `data` with one part changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return stream.getvalue()


def element(xml: str) -> Any:
    return parse_xml(xml.replace("<w:p>", f"<w:p {nsdecls('w', 'r')}>", 1))


def test_headings_quotes_lists_and_rules_of_looks() -> None:
    """Styles become block markup, bold and italic inline markup, and what looks like markup is escaped."""

    def fill(document: Any) -> None:
        document.add_heading("Four people on work", 0)
        document.add_heading("1. Jane Doe", 2)
        paragraph = document.add_paragraph()
        paragraph.add_run("John ").bold = True
        paragraph.add_run("Roe:").bold = True
        paragraph.add_run(" I write *code*.\n- not a list ")
        paragraph.add_run("at all").italic = True
        document.add_paragraph("I start small.", style="Intense Quote")
        document.add_paragraph("one", style="List Bullet")
        document.add_paragraph("first", style="List Number")
        document.add_paragraph("second", style="List Number")

    assert markdown(fill) == (
        "# Four people on work\n\n## 1. Jane Doe\n\n**John Roe:** I write \\*code\\*.  \n\\- not a list *at all*\n\n"
        "> I start small.\n\n- one\n1. first\n2. second\n"
    )


def test_a_table_keeps_its_rows() -> None:
    """The marked first row is the head, a cell merged downwards is repeated, lines of a cell are parted."""

    def fill(document: Any) -> None:
        table = document.add_table(4, 3)
        for row, texts in enumerate((("Who", "Role", "Words"), ("Jane Doe", "CEO", "I | do"), ("", "", "I did\nit"))):
            for column, text in enumerate(texts):
                table.cell(row, column).text = text
        table.cell(1, 0).merge(table.cell(2, 0))

    assert markdown(fill) == (
        "| Who | Role | Words |\n| --- | --- | --- |\n| Jane Doe | CEO | I \\| do |\n| Jane Doe |  | I did<br>it |\n"
    )


def test_a_box_of_one_cell_is_text() -> None:
    """People frame a quote by a table of one cell."""

    def fill(document: Any) -> None:
        document.add_table(1, 1).cell(0, 0).text = "Jane Doe: I start small."

    assert markdown(fill) == "Jane Doe: I start small.\n"


def test_changes_count_as_accepted() -> None:
    """Inserted text is there, deleted, hidden and instruction text is not."""
    xml = (
        "<w:p><w:ins w:id='1' w:author='a'><w:r><w:t>I start </w:t></w:r></w:ins>"
        "<w:del w:id='2' w:author='a'><w:r><w:delText>big</w:delText></w:r></w:del>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
        "<w:r><w:t>small</w:t><w:tab/><w:t>now</w:t></w:r></w:p>"
    )
    assert markdown(lambda document: document.element.body.insert(0, element(xml))) == "I start small now\n"


def test_links_keep_their_address() -> None:
    """A link to the web is kept, a link within the document is its words."""

    def fill(document: Any) -> None:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        key = document.part.relate_to("https://example.org/a(b)", kind, is_external=True)
        xml = (
            f"<w:p><w:hyperlink r:id='{key}'><w:r><w:t>Jane</w:t></w:r></w:hyperlink>"
            "<w:hyperlink w:anchor='x'><w:r><w:t> Doe</w:t></w:r></w:hyperlink></w:p>"
        )
        document.element.body.insert(0, element(xml))

    assert markdown(fill) == "[Jane](https://example.org/a%28b%29) Doe\n"


def test_the_title_is_the_one_shown() -> None:
    """The title on the page comes before the one in the file's properties."""
    document = docx.Document()
    document.core_properties.title = "Document1"
    assert docx_to_markdown(written(document), "x")[1] == "Document1"
    document.add_heading("Four people", 0)
    assert docx_to_markdown(written(document), "x")[1] == "Four people"


@pytest.mark.parametrize("ending", ["docx", "bin"])
def test_a_roundup_in_word_is_read(tmp_path: Any, ending: str) -> None:
    """Known by its content too; offsets index the extracted text, and equal bytes give equal text."""
    document = docx.Document()
    for name, said in (("Анна Белова", "Я начинаю с малого."), ("Пётр Орлов", "Я пишу каждый день, и мы спорим.")):
        document.add_heading(name, 2)
        document.add_paragraph(said)
    path = tmp_path / f"совет.{ending}"
    path.write_bytes(written(document))
    source = read_source(path)
    roundup = read_roundup(source)
    assert (source.format, read_source(path).text) == ("docx", source.text)
    assert [(row.speaker, source.text[row.start : row.end]) for row in roundup.rows] == [
        ("Анна Белова", "Я начинаю с малого."),
        ("Пётр Орлов", "Я пишу каждый день, и мы спорим."),
    ]


def test_an_archive_that_unpacks_too_far_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory of the archive says how large its parts are; nothing is unpacked before it is looked at."""
    bomb = changed(written(docx.Document()), "word/document.xml", lambda xml: xml + b" " * 70_000_000)
    assert len(bomb) < 200_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("something was unpacked"))
    with pytest.raises(ValueError, match=r"x\.docx unpacks to more than 60 MB"):
        docx_to_markdown(bomb, "x.docx")


def test_an_archive_of_very_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """So is one with more parts than any document has."""
    monkeypatch.setattr(wing, "MAX_PARTS", 5)
    with pytest.raises(ValueError, match="unpacks to more than"):
        docx_to_markdown(written(docx.Document()), "x.docx")


def test_entities_are_not_expanded() -> None:
    """A document type of its own is refused before any parser sees it."""
    laughs = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    data = changed(written(docx.Document()), "word/document.xml", lambda xml: laughs + xml.split(b"?>", 1)[1])
    with pytest.raises(ValueError, match="declares entities of its own"):
        docx_to_markdown(data, "x.docx")


def test_parts_with_paths_of_their_own_harm_nothing(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written to disk, so a part called ../../x goes nowhere."""
    monkeypatch.chdir(tmp_path)
    document = docx.Document()
    document.add_paragraph("I start small.")
    stream = io.BytesIO(written(document))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("../../escaped.txt", "x")
    assert docx_to_markdown(stream.getvalue(), "x.docx")[0] == "I start small.\n"
    assert not list(tmp_path.iterdir())


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and then nothing of a zip archive",
        zipped(mimetype=b"application/epub+zip"),
        written(docx.Document())[:-200],
        written(docx.Document())[:8_000],
        changed(written(docx.Document()), "word/document.xml", lambda xml: xml[:500]),
        changed(written(docx.Document()), "word/document.xml", lambda xml: b""),
        changed(written(docx.Document()), "[Content_Types].xml", lambda xml: xml.replace(b"main+xml", b"x+xml")),
        changed(written(docx.Document()), "_rels/.rels", lambda xml: b"<Relationships/>"),
    ],
    ids=["no archive", "epub", "cut", "half", "broken xml", "empty part", "other type", "no relations"],
)
def test_what_is_no_word_document_is_said_so(data: bytes) -> None:
    """One sentence, whatever is broken."""
    with pytest.raises(ValueError, match=r"x\.docx is no (whole )?Word document"):
        source_from_bytes(data, "x.docx")


def test_a_text_named_docx_is_no_word_document() -> None:
    """The ending promises an archive."""
    with pytest.raises(ValueError, match=r"a \.docx is a zip archive"):
        source_from_bytes(b"Jane Doe: I start small.", "x.docx")

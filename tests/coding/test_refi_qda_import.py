"""Projects and codebooks of other programs, in all the shapes they write; and our own, read back."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expert_roundup.coding.codebook import check_codebook, read_codebook
from expert_roundup.coding.refi_qda import export_codebook, export_project, import_codebook, import_project
from expert_roundup.coding.refi_qda.memos import Memo, read_description, read_memos, write_description, write_memos
from expert_roundup.coding.refi_qda.plain_text import plain_text
from expert_roundup.study import load_study

USER, OTHER, GOALS, CRAFT, SOURCE, NUMBER = (f"{n}1111111-aaaa-4bbb-8ccc-1234567890ab" for n in range(1, 7))
CODES = f'<Code guid="{GOALS}" name="goals" isCodable="true"/><Code guid="{CRAFT}" name="craft" isCodable="true"/>'
TEXT = "I plan first.\nThen I write: 😀 good copy.\n"


def guids(start: int) -> Any:
    """A function that gives a new GUID with every call."""
    numbers = iter(range(start, start + 10_000))
    return lambda: f"{next(numbers):08x}-0000-4000-8000-000000000000"


def selection(start: int, end: int, code: str = GOALS, *, user: str = USER, memo: str = "", name: str = "") -> str:
    new = guids(start * 1000 + end * 10 + len(memo) + (user == OTHER))
    text = f"<Description>{memo}</Description>" if memo else ""
    coding = f'<Coding guid="{new()}" creatingUser="{user}"><CodeRef targetGUID="{code}"/></Coding>' if code else ""
    return (
        f'<PlainTextSelection guid="{new()}" name="{name}" startPosition="{start}" endPosition="{end}" '
        f'creatingUser="{user}">{text}{coding}</PlainTextSelection>'
    )


def source(inner: str, *, name: str = "Interview", guid: str = SOURCE, path: str | None = None) -> str:
    place = f'plainTextPath="internal://{guid}.txt"' if path is None else path
    return f'<TextSource guid="{guid}" name="{name}" {place}>{inner}</TextSource>'


def project(
    sources: str,
    *,
    origin: str = "QualCoder 4.0",
    extra: str = "",
    codes: str = CODES,
) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<Project xmlns="urn:QDA-XML:project:1.0" name="Their study" origin="{origin}">'
        f'<Users><User guid="{USER}" name="Ann"/><User guid="{OTHER}" name="Bob"/></Users>'
        f"<CodeBook><Codes>{codes}</Codes></CodeBook>{extra}<Sources>{sources}</Sources></Project>"
    )


def packed(folder: Path, xml: str | bytes, texts: dict[str, bytes] | None = None) -> Path:
    path = folder / "theirs.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", xml)
        for name, data in ({f"sources/{SOURCE}.txt": TEXT.encode()} if texts is None else texts).items():
            archive.writestr(name, data)
    return path


def words(study: Any) -> list[tuple[str, str, str]]:
    """Theme, coder and evidence of every coding, in order."""
    texts = study.quotes.set_index("quote_id")
    return [
        (r.theme, r.coder, texts.loc[r.quote_id, "text"][r.start - texts.loc[r.quote_id, "start"] :][: r.end - r.start])
        for r in study.codings.itertuples()
    ]


AT = TEXT.index("good")
PLAN, COPY = selection(2, 6), selection(AT, AT + 9, CRAFT, user=OTHER, memo="well &amp; said")
EXPECTED = [("goals", "Ann", "plan"), ("craft", "Bob", "good copy")]


def test_a_project_becomes_frames(tmp_path: Path) -> None:
    """Sources are quotes, codes themes, selections codings; a foreign coding is certain, its memo the reason."""
    study = import_project(packed(tmp_path, project(source(PLAN + COPY))))
    assert study.name == "Their study"
    assert study.quotes[["quote_id", "speaker", "text", "start", "end"]].to_dict("records") == [
        {"quote_id": "Q01", "speaker": "Interview", "text": TEXT, "start": 0, "end": len(TEXT)}
    ]
    assert study.codebook["theme"].tolist() == ["goals", "craft"]
    assert words(study) == EXPECTED
    assert study.codings["confidence"].tolist() == [1, 1]
    assert study.codings["rationale"].tolist() == ["", "well & said"]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8-sig"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
        TEXT.replace("\n", "\r").encode(),
    ],
    ids=["byte order mark", "CRLF", "both", "CR"],
)
@pytest.mark.parametrize("origin", ["QualCoder 4.0", "ATLAS.ti 24", "NVivo", "MAXQDA", ""])
def test_line_ends_and_marks_shift_nothing(tmp_path: Path, data: bytes, origin: str) -> None:
    """Positions that count a line end once find their words, whoever wrote the file."""
    path = packed(tmp_path, project(source(PLAN + COPY), origin=origin), {f"sources/{SOURCE}.txt": data})
    assert words(import_project(path)) == EXPECTED


@pytest.mark.parametrize("origin", ["NVivo", "MAXQDA 2022", ""])
def test_positions_that_count_both_characters_of_a_line_end_are_known_by_the_words(tmp_path: Path, origin: str) -> None:
    """Where a program counted CR and LF apart, selections end with words in that count only."""
    text = TEXT.replace("\n", "\r\n")
    at = text.index("good")
    xml = project(source(PLAN + selection(at, at + 9, CRAFT, user=OTHER)), origin=origin)
    study = import_project(packed(tmp_path, xml, {f"sources/{SOURCE}.txt": text.encode()}))
    assert words(study) == EXPECTED
    assert study.quotes.loc[0, "text"] == TEXT


def test_the_name_of_a_selection_decides_how_line_ends_count(tmp_path: Path) -> None:
    """ATLAS.ti and QualCoder name a selection by its words; they outweigh where words begin and end."""
    text = "a b c d\r\ne f g h"
    xml = project(source(selection(8, 13, name="e f g...")), origin="NVivo")
    study = import_project(packed(tmp_path, xml, {f"sources/{SOURCE}.txt": text.encode()}))
    assert words(study) == [("goals", "Ann", "e f g")]


def test_guids_match_in_any_case_and_in_braces(tmp_path: Path) -> None:
    """NVivo writes upper case, others braces; definition and reference may differ."""
    xml = project(source(PLAN + COPY))
    for number, guid in enumerate((USER, GOALS, CRAFT, OTHER)):
        xml = xml.replace(f'"{guid}"', f'"{{{guid.upper()}}}"' if number % 2 else f'"{guid.upper()}"', 1)
    assert words(import_project(packed(tmp_path, xml))) == EXPECTED


def test_paths_in_upper_case_folders_and_names_are_found(tmp_path: Path) -> None:
    """NVivo has a folder Sources, and names in another case than the reference."""
    path = packed(tmp_path, project(source(PLAN + COPY)), {f"Sources/{SOURCE.upper()}.TXT": TEXT.encode()})
    assert words(import_project(path)) == EXPECTED


def test_inline_content_is_read(tmp_path: Path) -> None:
    """The text may stand in the project file itself."""
    inline = f"<PlainTextContent>{TEXT}</PlainTextContent>"
    path = packed(tmp_path, project(source(inline + PLAN + COPY, path="")), {})
    assert words(import_project(path)) == EXPECTED


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:project:1.0", "urn:QDA-XML:project:0:4", ""])
@pytest.mark.parametrize("prefix", ["", "qda"])
def test_namespaces_may_be_prefixed_old_or_missing(tmp_path: Path, namespace: str, prefix: str) -> None:
    """Elements are known by their local names."""
    xml = project(source(PLAN + COPY)).replace('xmlns="urn:QDA-XML:project:1.0"', f'xmlns="{namespace}"')
    if prefix and namespace:
        xml = (
            xml.replace("</", f"</{prefix}:")
            .replace("<", f"<{prefix}:")
            .replace(f"<{prefix}:/{prefix}:", f"</{prefix}:")
        )
        xml = xml.replace(f"<{prefix}:?xml", "<?xml").replace("xmlns=", f"xmlns:{prefix}=")
    assert words(import_project(packed(tmp_path, xml))) == EXPECTED


def test_the_project_file_may_have_another_name_and_a_mark(tmp_path: Path) -> None:
    """MAXQDA names it after the project; Windows programs begin it with a byte order mark; UTF-16 is read."""
    for encoding in ("utf-8-sig", "utf-16"):
        xml = project(source(PLAN + COPY)).replace('encoding="utf-8"', f'encoding="{encoding[:6].rstrip("-")}"')
        path = tmp_path / "theirs.qdpx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("My study.qde", xml.encode(encoding))
            archive.writestr(f"sources/{SOURCE}.txt", TEXT)
        assert words(import_project(path)) == EXPECTED


def test_the_coder_stands_on_the_selection_or_on_the_coding(tmp_path: Path) -> None:
    """QualCoder looks at the selection, others at the coding; without either nobody is named."""
    bare = PLAN.replace(f' creatingUser="{USER}"', "")
    on_selection = bare.replace(' name=""', f' name="" creatingUser="{OTHER}"')
    on_coding = bare.replace("<Coding ", f'<Coding creatingUser="{OTHER}" ')
    coders = [
        import_project(packed(tmp_path, project(source(one)))).codings["coder"].tolist()
        for one in (bare, on_selection, on_coding)
    ]
    assert coders == [["unknown"], ["Bob"], ["Bob"]]


def test_a_code_for_the_whole_source_has_no_evidence(tmp_path: Path) -> None:
    """Some programs code documents, not passages."""
    inner = f'<Coding guid="{NUMBER}" creatingUser="{OTHER}"><CodeRef targetGUID="{CRAFT}"/></Coding>'
    row = import_project(packed(tmp_path, project(source(inner)))).codings.loc[0]
    assert (row["theme"], row["coder"]) == ("craft", "Bob")
    assert pd.isna(row["start"])


def test_repeated_selections_are_one_coding(tmp_path: Path) -> None:
    """A coder, a quote and a theme meet once: evidence runs from first to last, reasons are joined, and it is said."""
    again = selection(AT, AT + 4, memo="again")
    study = import_project(packed(tmp_path, project(source(selection(2, 6, memo="plans") + again))))
    assert words(study) == [("goals", "Ann", TEXT[2 : AT + 4])]
    assert study.codings.loc[0, "rationale"] == "plans\nagain"
    assert study.remarks[0].startswith("1 selections repeat a theme")


def test_codes_in_codes_are_told_apart_by_their_parents(tmp_path: Path) -> None:
    """NVivo repeats names under different parents; colours may have three digits; parents can be given too."""
    codes = (
        f'<Code guid="{GOALS}" name="work" isCodable="true" color="#0aF">'
        f'<Code guid="{CRAFT}" name="trust" isCodable="true"/>'
        f'<Code guid="{NUMBER}" name="Trust" isCodable="1"><Description>at home</Description></Code></Code>'
        f'<Code guid="{OTHER}" name="People" isCodable="false"/>'
    )
    book = import_project(packed(tmp_path, project(source(PLAN), codes=codes))).codebook
    assert book["theme"].tolist() == ["work", "work/trust", "work/Trust (2)"]
    assert book["group"].tolist() == ["", "work", "work"]
    assert book["color"].tolist()[0] == "#00AAFF"
    assert book["definition"].tolist() == ["", "", "at home"]


def test_variables_become_columns(tmp_path: Path) -> None:
    """Values stand at the source, or at a case that is just this source (MAXQDA, Quirkos)."""
    extra = (
        f'<Variables><Variable guid="{NUMBER}" name="Age" typeOfVariable="Integer"/>'
        f'<Variable guid="{OTHER}" name="role" typeOfVariable="Text"/></Variables>'
        f'<Cases><Case guid="{GOALS}"><VariableValue><VariableRef targetGUID="{NUMBER}"/>'
        f'<IntegerValue>41</IntegerValue></VariableValue><SourceRef targetGUID="{SOURCE}"/></Case></Cases>'
    )
    value = f'<VariableValue><VariableRef targetGUID="{OTHER}"/><TextValue>baker</TextValue></VariableValue>'
    quotes = import_project(packed(tmp_path, project(source(PLAN + value), extra=extra))).quotes
    assert quotes.loc[0, ["role", "Age"]].tolist() == ["baker", 41]


def test_sources_of_other_kinds_are_left_out_and_counted(tmp_path: Path) -> None:
    """Sound and pictures have no text; the text of a PDF is read."""
    pdf = (
        f'<PDFSource guid="{NUMBER}" name="page" path="internal://x.pdf"><Representation guid="{CRAFT}" '
        f'plainTextPath="internal://p.txt">{selection(0, 4)}</Representation></PDFSource>'
    )
    others = f'<AudioSource guid="{OTHER}" name="talk"/><PDFSource guid="{USER}" name="scan"/>'
    texts = {f"sources/{SOURCE}.txt": TEXT.encode(), "sources/p.txt": b"Page one."}
    study = import_project(packed(tmp_path, project(source(PLAN) + pdf + others), texts))
    assert words(study) == [("goals", "Ann", "plan"), ("goals", "Ann", "Page")]
    assert study.remarks == ("left out: 1 x audio source", "left out: 1 x PDF without text")


def test_quotes_keep_the_identity_in_their_name(tmp_path: Path) -> None:
    """Without our variable, sources named Q07 and Q03 stay these quotes, whatever their order."""
    both = source(PLAN, name="Q07 Jane Doe") + source(selection(0, 1), name="Q03: Joe", guid=NUMBER)
    texts = {f"sources/{SOURCE}.txt": TEXT.encode(), f"sources/{NUMBER}.txt": b"I say."}
    quotes = import_project(packed(tmp_path, project(both), texts)).quotes
    assert quotes[["quote_id", "speaker"]].to_numpy().tolist() == [["Q07", "Jane Doe"], ["Q03", "Joe"]]


def test_a_memo_without_a_code_is_left_out_and_counted(tmp_path: Path) -> None:
    """A remark on a span is no coding."""
    study = import_project(packed(tmp_path, project(source(PLAN + selection(7, 12, "", memo="odd")))))
    assert len(study.codings) == 1
    assert study.remarks == ("left out: 1 x memo on a span without a code",)


def test_a_note_on_a_span_says_that_a_quote_was_read(tmp_path: Path) -> None:
    """QualCoder hands on what has no code as a note: ours still means read and empty, anybody else's is counted."""
    notes = "".join(
        f'<Note guid="{guid}" creatingUser="{OTHER}"><PlainTextContent>{memo}</PlainTextContent>'
        f'<PlainTextSelection guid="{guid}" startPosition="0" endPosition="{len(TEXT)}"/></Note>'
        for guid, memo in ((NUMBER, "[read, no theme given]"), (CRAFT, "odd"), (GOALS, "unlinked"))
    )
    references = f'<NoteRef targetGUID="{NUMBER}"/><NoteRef targetGUID="{CRAFT}"/>'
    xml = project(source(PLAN + references)).replace("</Sources>", f"</Sources><Notes>{notes}</Notes>")
    study = import_project(packed(tmp_path, xml))
    assert study.codings[["theme", "coder"]].to_numpy().tolist() == [["goals", "Ann"], ["", "Bob"]]
    assert study.remarks == ("left out: 1 x note", "left out: 1 x memo on a span without a code")


def test_what_another_program_adds_to_our_export_is_understood(tmp_path: Path) -> None:
    """A coder adds a selection to an exported study: its offsets count in the source, like all others."""
    text = "Ann says: I plan first.\r\nThen I write."
    quotes = pd.DataFrame({"quote_id": ["Q01"], "start": [10], "end": [len(text)], "text": [text[10:]]})
    book = pd.DataFrame({"theme": ["goals"]})
    codings = pd.DataFrame({"quote_id": ["Q01"], "theme": "goals", "coder": "A", "confidence": 0.8})
    data = export_project(quotes, book, codings)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("project.qde").decode()
        files = {name: archive.read(name) for name in archive.namelist()[1:]}
    code = xml.split('<CodeRef targetGUID="')[1][:36]
    xml = xml.replace("</Users>", f'<User guid="{USER}" name="Ann"/></Users>')
    at = files[next(iter(files))].decode().index("write")
    added = selection(at, at + 5, code)
    xml = xml.replace("</PlainTextSelection>", f"</PlainTextSelection>{added}", 1)
    got = import_project(packed(tmp_path, xml, files)).codings
    assert got["coder"].tolist() == ["A", "Ann"]
    assert text[got.loc[1, "start"] : got.loc[1, "end"]] == "write"


def test_the_shipped_study_comes_back_whole(tmp_path: Path) -> None:
    """All 274 rows with confidence, evidence and rationale; codebook and quotes as they were."""
    study = load_study()
    path = tmp_path / "study.qdpx"
    path.write_bytes(export_project(study["quotes"], study["codebook"], study["codings"], is_all=True))
    back = import_project(path)
    assert_same_codings(back.codings, study["codings"])
    pd.testing.assert_frame_equal(back.codebook, study["codebook"])
    for name in back.quotes.columns:
        assert back.quotes[name].tolist() == study["quotes"][name].tolist()


def test_the_original_comes_back_whole(article: Path, tmp_path: Path) -> None:
    """The same with evidence in the article."""
    study = load_study(article)
    path = tmp_path / "study.qdpx"
    data = export_project(study["quotes"], study["codebook"], study["codings"], source_text=study.text, is_all=True)
    path.write_bytes(data)
    assert_same_codings(import_project(path).codings, study["codings"])


def assert_same_codings(got: pd.DataFrame, expected: pd.DataFrame) -> None:
    key = ["quote_id", "theme", "coder"]
    one, other = (frame.sort_values(key).reset_index(drop=True) for frame in (got, expected))
    pd.testing.assert_frame_equal(one, other, check_dtype=False)


#: letters that normalisation moves: line ends, composed and decomposed, Hangul, an emoji
st_text = st.text(
    st.sampled_from("ab \n\r.😀ée\u0301йи\u0306\u1112\u1161\u11abक\u093c"), min_size=1, max_size=30
).filter(str.strip)
st_name = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=8).map(
    lambda text: " ".join(text.split())
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_exported_reads_back(tmp_path: Path, data: st.DataObject) -> None:
    """Any texts, themes, coders, confidences, evidence and reasons come back equal."""
    texts = data.draw(st.lists(st_text, min_size=1, max_size=3))
    themes = data.draw(
        st.lists(st_name.filter(bool), min_size=1, max_size=3, unique_by=str.casefold).filter(_is_codebook)
    )
    quotes = pd.DataFrame({"quote_id": [f"Q{n}" for n in range(len(texts))], "text": texts, "start": 7})
    quotes["end"] = quotes["start"] + quotes["text"].str.len()
    rows = []
    for quote in quotes.itertuples():
        for theme in [*themes, ""]:
            if data.draw(st.booleans()):
                place = data.draw(st.tuples(st.integers(quote.start, quote.end - 1), st.integers(1, 5)) | st.none())
                span = (None, None) if place is None or not theme else (place[0], min(place[0] + place[1], quote.end))
                reason = data.draw(st.text(st.characters(exclude_categories=("Cs",)), max_size=12))
                sure = data.draw(st.floats(0, 1)) if theme else math.nan
                rows.append((quote.quote_id, theme, data.draw(st.sampled_from(["A", "Ж"])), sure, *span, reason))
    columns = ["quote_id", "theme", "coder", "confidence", "start", "end", "rationale"]
    codings = pd.DataFrame(rows, columns=columns).astype({"start": "Int64", "end": "Int64"})
    path = tmp_path / "any.qdpx"
    path.write_bytes(export_project(quotes, pd.DataFrame({"theme": themes}), codings, is_all=True))
    back = import_project(path)
    assert_same_codings(back.codings, codings)
    assert back.codebook["theme"].tolist() == themes
    assert back.quotes["text"].tolist() == [plain_text(text).text for text in texts]


def _is_codebook(themes: list[str]) -> bool:
    try:
        return check_codebook(pd.DataFrame({"theme": themes}))["theme"].tolist() == themes
    except ValueError:
        return False


@given(st.text(st.characters(exclude_categories=("Cs",))), st.text(st.sampled_from("[]\\;u0 \n")), st.floats(0, 1))
def test_memos_read_back(theme: str, rationale: str, confidence: float) -> None:
    """Whatever a reason looks like, even like our own header, it is the reason again."""
    memos = [Memo(theme.replace("\n", " ") or "x", confidence, rationale), Memo("goals", 1.0, theme, is_marked=False)]
    assert read_memos(write_memos(memos)) == memos


@given(st.text(st.sampled_from("LabelIncd:\n- \\x")))
def test_descriptions_read_back(definition: str) -> None:
    """A definition that looks like a part of the description stays the definition."""
    row = check_codebook(pd.DataFrame({"theme": ["t"], "label": ["L"], "definition": [definition]})).loc[0].to_dict()
    assert read_description(write_description(row)).get("definition", "") == row["definition"]


def test_a_codebook_reads_back(tmp_path: Path) -> None:
    """The shipped codebook through QDC, groups and order included, by the importer and by whoever takes a codebook."""
    book = load_study()["codebook"]
    (tmp_path / "codes.qdc").write_bytes(export_codebook(book))
    pd.testing.assert_frame_equal(import_codebook(tmp_path / "codes.qdc"), book)
    pd.testing.assert_frame_equal(read_codebook(tmp_path / "codes.qdc"), book)


@pytest.mark.parametrize(
    "xml",
    [
        '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette"><Codes><Code guid="{g}" name="trust" '
        'isCodable="true" color="#FF0"/></Codes><Sets/></CodeBook>',
        '<q:CodeBook xmlns:q="urn:QDA-XML:codebook:0:4"><q:Codes><q:Code guid="{{{g}}}" name="trust"/></q:Codes>'
        "</q:CodeBook>",
        '\ufeff<?xml version="1.0"?><CodeBook><Codes><Code guid="{g}" name="cat" isCodable="false"><Code name="trust"/>'
        "</Code></Codes></CodeBook>",
    ],
    ids=["empty sets", "prefix", "byte order mark, no guid"],
)
def test_codebooks_of_other_programs_are_read(tmp_path: Path, xml: str) -> None:
    """Taguette's with its empty Sets, prefixed and bare ones."""
    (tmp_path / "codes.qdc").write_text(xml.format(g=GOALS), encoding="utf-8")
    assert import_codebook(tmp_path / "codes.qdc")["theme"].tolist() == ["trust"]

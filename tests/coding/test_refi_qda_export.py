"""QDPX and QDC exports: every rule that other programs hold us to, by reading the files without our own reader."""

from __future__ import annotations

import io
import os
import pickle
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lxml import etree

from expert_roundup.coding.refi_qda import export_codebook, export_project, import_project
from expert_roundup.study import Study, load_study

NS = "{urn:QDA-XML:project:1.0}"
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
#: the official schema, or where it was unpacked from the wheel that carries it (AGPL: never installed, never copied)
SCHEMA = "EXPERT_ROUNDUP_QDA_SCHEMA"
IN_CI = os.environ.get("CI", "").lower() in ("true", "1")

#: emoji, Cyrillic, markup, a composed and a decomposed letter, CRLF; three coders on one span
SOURCE = 'Ann says: 😀 Планы & цели <важны> "да".\r\nCafe\u0301 first!\n\nBob says: It depends.'
FIRST, SECOND = (10, SOURCE.index("\n\nBob")), (SOURCE.index("It depends"), len(SOURCE))


def small_quotes() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "quote_id": ["Q01", "Q02"],
            "speaker": ["Ann & Söhne <GmbH>", 'Bob "B" O/Brien'],
            "role": ["", "chief"],
            "is_on_roster": pd.array([True, None], dtype="boolean"),
            "question": ["Why?", "Why?"],
            "language": ["ru", "en"],
            "start": [FIRST[0], SECOND[0]],
            "end": [FIRST[1], SECOND[1]],
            "text": [SOURCE[slice(*FIRST)], SOURCE[slice(*SECOND)]],
        }
    )


def small_codebook() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "theme": ["goals", "craft & care", "tools"],
            "label": ["Set <Goals>", "Craft", "tools"],
            "definition": ["Aims.\nLabel: not one", "", ""],
            "include": ["plans\nreasons", "", ""],
            "exclude": ["", "luck", ""],
            "examples": ["- a dash first", "", ""],
            "group": ["Strategy", "", "Strategy"],
            "color": ["#0072B2", "#D55E00", "#000000"],
        }
    )


def small_codings() -> pd.DataFrame:
    plans = SOURCE.index("Планы")
    cafe = SOURCE.index("Cafe")
    rows = [
        ("Q01", "goals", "А. Ким", 0.9, plans, plans + 12, "Планы: [важны]\n[goals; confidence 1.0]\n\\"),
        ("Q01", "goals", "B", 0.7, plans, plans + 12, ""),
        ("Q01", "goals", "C <c>", 1.0, plans, plans + 12, "a & b < c > \"d\" 'e' \u0001"),
        ("Q01", "craft & care", "B", 0.5, plans, plans + 12, "same span, same coder"),
        ("Q01", "craft & care", "C <c>", 0.6, cafe, cafe + 5, "the decomposed letter"),
        ("Q01", "tools", "B", 0.2, None, None, "considered and rejected"),
        ("Q02", "goals", "B", 0.8, None, None, "no evidence"),
        ("Q02", "", "C <c>", None, None, None, ""),
    ]
    columns = ["quote_id", "theme", "coder", "confidence", "start", "end", "rationale"]
    return pd.DataFrame(rows, columns=columns).astype({"start": "Int64", "end": "Int64"})


def small_project(**options: Any) -> bytes:
    return export_project(
        small_quotes(), small_codebook(), small_codings(), name="Small & <own>", source_text=SOURCE, **options
    )


def opened(data: bytes) -> tuple[Any, dict[str, str]]:
    """The root of a project and its texts by file name."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist() if name.startswith("sources/")}
    return etree.fromstring(archive.read("project.qde")), texts


def coded_words(data: bytes) -> set[tuple[str, str, str]]:
    """Code, coder and selected words of every coding, as a reader finds them that knows the standard only."""
    root, texts = opened(data)
    users = {user.get("guid"): user.get("name") for user in root.iter(f"{NS}User")}
    codes = {code.get("guid"): code.get("name") for code in root.iter(f"{NS}Code")}
    found = set()
    for source in root.iter(f"{NS}TextSource"):
        text = texts["sources/" + source.get("plainTextPath").removeprefix("internal://")]
        for selection in source.iter(f"{NS}PlainTextSelection"):
            words = text[int(selection.get("startPosition")) : int(selection.get("endPosition"))]
            for coding in selection.iter(f"{NS}Coding"):
                assert coding.get("creatingUser") == selection.get("creatingUser")
                found.add((codes[coding[0].get("targetGUID")], users[coding.get("creatingUser")], words))
    return found


@pytest.fixture(scope="module")
def condensed() -> Study:
    return load_study()


@pytest.fixture(scope="module")
def projects(condensed: Study, request: pytest.FixtureRequest) -> dict[str, bytes]:
    """Exports of what ships and of a small project of ours."""
    return {"small": small_project(), "all": small_project(is_all=True), "condensed": exported(condensed)}


def exported(study: Study, *, is_all: bool = False) -> bytes:
    return export_project(
        study["quotes"], study["codebook"], study["codings"], name=study.name, source_text=study.text, is_all=is_all
    )


def expected_words(study: Study, *, is_all: bool = False) -> set[tuple[str, str, str]]:
    """Theme, coder and the words that the evidence cuts out of the source; the whole answer without evidence."""
    texts = study["quotes"].set_index("quote_id")["text"]
    rows = study["codings"]
    rows = rows if is_all else rows[rows["confidence"] >= 0.5]
    return {
        (r.theme, r.coder, texts[r.quote_id] if pd.isna(r.start) else study.text[int(r.start) : int(r.end)])
        for r in rows.itertuples()
    }


def test_an_archive_holds_the_project_first_then_the_flat_folder_of_sources() -> None:
    """The project file is the first entry, the texts lie in `sources/`, and no entry has a date of its own."""
    archive = zipfile.ZipFile(io.BytesIO(small_project()))
    names = archive.namelist()
    assert names[0] == "project.qde"
    assert all(re.fullmatch(r"sources/[0-9a-f-]{36}\.txt", name) for name in names[1:])
    assert names[1:] == sorted(names[1:])
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_exports_are_equal_in_bytes(projects: dict[str, bytes], condensed: Study) -> None:
    """Two exports of one study are one file; another process, which hashes words differently, writes the same."""
    assert exported(condensed) == projects["condensed"]
    frames = [small_quotes(), small_codebook(), small_codings()]
    code = (
        "import pickle, sys; from expert_roundup.coding.refi_qda import export_project;"
        "quotes, book, codings, source = pickle.load(sys.stdin.buffer);"
        "data = export_project(quotes, book, codings, name='Small & <own>', source_text=source);"
        "sys.stdout.buffer.write(data)"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps((*frames, SOURCE)),
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "1"},
    )
    assert other.stdout == projects["small"]


def test_children_stand_in_the_order_of_the_standard(projects: dict[str, bytes]) -> None:
    """Users, CodeBook, Variables, Sources, Description; in a source selections before values."""
    order = ["Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs", "Description"]
    within = ["Description", "PlainTextSelection", "Coding", "NoteRef", "VariableValue"]
    for data in projects.values():
        root, _ = opened(data)
        assert root.tag == f"{NS}Project"
        assert root.nsmap == {None: NS[1:-1]}
        places = [order.index(etree.QName(child).localname) for child in root]
        assert places == sorted(set(places))
        for source in root.iter(f"{NS}TextSource"):
            places = [within.index(etree.QName(child).localname) for child in source]
            assert places == sorted(places)


def test_no_container_is_empty(projects: dict[str, bytes]) -> None:
    """A project without codings has no CodeBook rather than an empty one, and no element is empty that must not be."""
    bare = export_project(pd.DataFrame({"quote_id": ["Q01"], "text": ["Only a text."]}))
    for data in (*projects.values(), bare):
        root, _ = opened(data)
        may_be_empty = {"User", "VariableRef", "CodeRef", "Code", "Variable"}
        empty = {etree.QName(e).localname for e in root.iter() if not len(e) and not (e.text or "").strip()}
        assert empty <= may_be_empty
    assert opened(bare)[0].find(f"{NS}CodeBook") is None


def test_guids_are_lower_case_and_each_is_defined_once(projects: dict[str, bytes]) -> None:
    """References are spelled as definitions are, name-based (uuid5), and nothing refers to nothing."""
    for data in projects.values():
        root, _ = opened(data)
        defined = [e.get("guid") for e in root.iter() if e.get("guid")]
        assert len(defined) == len(set(defined))
        used = {value for e in root.iter() for name, value in e.items() if name.endswith(("GUID", "User"))}
        assert all(GUID.fullmatch(guid) for guid in {*defined, *used})
        assert used <= set(defined)


def test_origin_and_every_date_are_there(projects: dict[str, bytes]) -> None:
    """They are optional in the schema; QualCoder stops without them."""
    for data in projects.values():
        root, _ = opened(data)
        assert root.get("origin") == "expert-roundup"
        dated = [root, *root.iter(f"{NS}TextSource", f"{NS}PlainTextSelection", f"{NS}Coding")]
        assert {element.get("creationDateTime") for element in dated} == {"2000-01-01T00:00:00Z"}


def test_codes_say_whether_they_can_be_given() -> None:
    """A theme is codable and has its colour; its group is a code around it that is not codable."""
    root, _ = opened(small_project())
    codes = {code.get("name"): code for code in root.iter(f"{NS}Code")}
    assert {name: code.get("isCodable") for name, code in codes.items()} == {
        "Strategy": "false", "goals": "true", "tools": "true", "craft & care": "true",
    }  # fmt: skip
    assert codes["goals"].getparent() is codes["Strategy"]
    assert codes["goals"].get("color") == "#0072B2"
    assert codes["goals"].find(f"{NS}Description").text.startswith("Label: Set <Goals>\nDefinition: Aims.")


def test_texts_are_lf_nfc_and_have_no_byte_order_mark() -> None:
    """A byte order mark, a CRLF or a letter in two parts would shift every coding behind it."""
    quotes = pd.DataFrame({"quote_id": ["Q01"], "text": ["\ufeffa\r\nCafe\u0301\rend"]})
    _, texts = opened(export_project(quotes))
    assert list(texts.values()) == ["a\nCafé\nend"]


def test_positions_are_code_points_with_the_end_exclusive() -> None:
    """Behind an emoji, a CRLF and a combining letter the words are still exactly those of the evidence."""
    assert coded_words(small_project()) >= {
        ("goals", "А. Ким", "Планы & цели"),
        ("goals", "B", "Планы & цели"),
        ("goals", "C <c>", "Планы & цели"),
        ("craft & care", "C <c>", "Café"),
    }


def test_a_coding_without_evidence_selects_the_whole_quote() -> None:
    """No words are singled out that the coder did not mark."""
    assert ("goals", "B", "It depends.") in coded_words(small_project())


def test_each_span_and_coder_is_one_selection() -> None:
    """Three coders on one span are three selections; two themes of one coder on it are one, with the coder on both."""
    root, _ = opened(small_project(is_all=True))
    for source in root.iter(f"{NS}TextSource"):
        keys = [
            (s.get("startPosition"), s.get("endPosition"), s.get("creatingUser"))
            for s in source.iter(f"{NS}PlainTextSelection")
        ]
        assert len(keys) == len(set(keys))
    selections = [s for s in root.iter(f"{NS}PlainTextSelection") if s.get("startPosition") == "2"]
    assert sorted(len(s.findall(f"{NS}Coding")) for s in selections) == [1, 1, 2]


def test_the_memo_is_the_description_of_the_selection() -> None:
    """QualCoder shows it as the memo of the coding: theme, confidence, reason."""
    root, _ = opened(small_project())
    memos = [s.findtext(f"{NS}Description") for s in root.iter(f"{NS}PlainTextSelection")]
    assert "[goals; confidence 0.7]\n[craft & care; confidence 0.5]\nsame span, same coder" in memos
    assert "[goals; confidence 0.8; no evidence marked]\nno evidence" in memos


def test_a_reader_who_gave_nothing_leaves_a_note() -> None:
    """Read and empty is not the same as not read: a selection without a code says so."""
    root, _ = opened(small_project())
    bare = [s for s in root.iter(f"{NS}PlainTextSelection") if s.find(f"{NS}Coding") is None]
    assert [s.findtext(f"{NS}Description") for s in bare] == ["[read, no theme given]"]


def test_selections_are_named_for_their_line() -> None:
    """`qualitative-coding` reads the line from the name, counted from 0."""
    root, texts = opened(small_project(is_all=True))
    for source in root.iter(f"{NS}TextSource"):
        text = texts["sources/" + source.get("plainTextPath").removeprefix("internal://")]
        for selection in source.iter(f"{NS}PlainTextSelection"):
            lines_before = text[: int(selection.get("startPosition"))].split("\n")
            assert selection.get("name") == f"line:{len(lines_before) - 1}"


def test_what_is_known_of_a_quote_is_a_variable_of_its_source() -> None:
    """Speaker, role and language stand at the source, typed, and values that are not there are left out."""
    root, _ = opened(small_project())
    names = {v.get("guid"): (v.get("name"), v.get("typeOfVariable")) for v in root.iter(f"{NS}Variable")}
    assert ("is_on_roster", "Boolean") in names.values()
    assert ("start", "Integer") in names.values()
    one, two = (
        {names[value[0].get("targetGUID")][0]: value[1].text for value in source.iter(f"{NS}VariableValue")}
        for source in root.iter(f"{NS}TextSource")
    )
    assert one["speaker"] == "Ann & Söhne <GmbH>"
    assert one["language"] == "ru"
    assert "role" not in one
    assert two["role"] == "chief"
    assert "is_on_roster" not in two


def test_names_of_sources_are_unique_and_fit_for_files() -> None:
    """QualCoder saves each source under its name, and its database takes each name once."""
    quotes = pd.DataFrame({"quote_id": ["Q1", "q1", "Q2"], "speaker": ['A/B: "C"?', "a b c", "x" * 200], "text": "Hm."})
    root, _ = opened(export_project(quotes))
    names = [source.get("name") for source in root.iter(f"{NS}TextSource")]
    assert names[:2] == ["Q1 A B C", "q1 a b c (2)"]
    assert len(names[2]) == 80


def test_rejected_themes_are_exported_only_when_asked() -> None:
    """Below the threshold a theme was considered and not given; other programs would count it."""
    assert ("tools", "B") not in {(code, coder) for code, coder, _ in coded_words(small_project())}
    assert ("tools", "B") in {(code, coder) for code, coder, _ in coded_words(small_project(is_all=True))}


def test_evidence_in_a_quote_of_several_pieces_finds_its_words() -> None:
    """The text skips prefixes and what stands between the pieces; with the source the places are known."""
    source = "> Start here.\n> Go on.\n\nAsked again, Ann adds:\n\n> End 😀 there."
    quotes = pd.DataFrame(
        {"quote_id": ["Q01"], "start": [2], "end": [len(source)], "text": ["Start here.\nGo on.\n\nEnd 😀 there."]}
    )
    at = source.index("there")
    codings = pd.DataFrame(
        {"quote_id": "Q01", "theme": ["goals", "tools"], "coder": "A", "confidence": 1.0,
         "start": [at, source.index("Go")], "end": [at + 5, source.index("Go") + 5]}
    )  # fmt: skip
    data = export_project(quotes, small_codebook(), codings, source_text=source)
    assert coded_words(data) == {("goals", "A", "there"), ("tools", "A", "Go on")}
    blind = export_project(quotes, small_codebook(), codings)
    assert coded_words(blind) == {(theme, "A", quotes.loc[0, "text"]) for theme in ("goals", "tools")}


def test_the_shipped_study_selects_its_evidence(condensed: Study, projects: dict[str, bytes]) -> None:
    """All 143 coded rows select exactly the words that their offsets cut out of the condensed edition."""
    assert coded_words(projects["condensed"]) == expected_words(condensed)
    assert coded_words(exported(condensed, is_all=True)) == expected_words(condensed, is_all=True)
    assert len(opened(projects["condensed"])[1]) == 31


def test_the_original_selects_its_evidence(article: Path) -> None:
    """The same with the article, whose answers mix two scripts."""
    study = load_study(article)
    assert study.edition == "original"
    assert coded_words(exported(study)) == expected_words(study)
    assert coded_words(exported(study, is_all=True)) == expected_words(study, is_all=True)


def test_pyrefiqda_reads_exactly_what_was_exported(
    condensed: Study, projects: dict[str, bytes], tmp_path: Path
) -> None:
    """An independent reader finds users, codes, sources, variables and every coded span."""
    for name, data in projects.items():
        assert pyrefiqda_words(data, tmp_path / name) == coded_words(data)


def test_pyrefiqda_reads_the_original(article: Path, tmp_path: Path) -> None:
    """The same with the article."""
    study = load_study(article)
    assert pyrefiqda_words(exported(study), tmp_path) == expected_words(study)


def pyrefiqda_words(data: bytes, folder: Path) -> set[tuple[str, str, str]]:
    """Code, coder and words of every coding, as pyrefiqda reads them."""
    pyrefiqda = pytest.importorskip("pyrefiqda")
    folder.mkdir(exist_ok=True)
    (folder / "study.qdpx").write_bytes(data)
    project = pyrefiqda.RefiProject.load(folder / "study.qdpx", extract_dir=folder / "unpacked")
    users = {user.guid: user.name for user in project.users.user}
    codes = {}
    waiting = list(project.code_book.codes.code)
    while waiting:
        code = waiting.pop()
        codes[code.guid] = code.name
        waiting += code.code
    found = set()
    for source in project.sources.text_source:
        path = pyrefiqda.RefiProject.resolve_source_path(source.plain_text_path, folder / "unpacked")
        text = path.read_text(encoding="utf-8")
        for selection in source.plain_text_selection:
            words = text[selection.start_position : selection.end_position]
            found |= {(codes[c.code_ref.target_guid], users[c.creating_user], words) for c in selection.coding}
    return found


def test_pyrefiqda_reads_the_codebook(condensed: Study, tmp_path: Path) -> None:
    """A QDC of the shipped codebook: twelve codes in four groups."""
    pyrefiqda = pytest.importorskip("pyrefiqda")
    (tmp_path / "codes.qdc").write_bytes(export_codebook(condensed["codebook"]))
    book = pyrefiqda.RefiCodebook.load(tmp_path / "codes.qdc")
    groups = {group.name: [code.name for code in group.code] for group in book.codes.code}
    expected = condensed["codebook"].groupby("group", sort=False)["theme"].agg(list).to_dict()
    assert groups == expected


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """The official schema: from $EXPERT_ROUNDUP_QDA_SCHEMA, in CI out of the wheel of qualitative-coding."""
    path = os.environ.get(SCHEMA)
    if path is None and not IN_CI:
        pytest.skip(f"the official schema does not ship; ${SCHEMA} names none")
    if path is None:
        folder = tmp_path_factory.mktemp("schema")
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), "qualitative-coding"]
        subprocess.run(command, check=True, capture_output=True)
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
            return etree.XMLSchema(etree.fromstring(wheel.read("qualitative_coding/refi_qda/schema.xsd")))
    return etree.XMLSchema(etree.parse(path))


def test_exports_are_valid_against_the_official_schema(schema: etree.XMLSchema, projects: dict[str, bytes]) -> None:
    """Project files of a small study and of the condensed edition; an empty one too."""
    bare = export_project(pd.DataFrame({"quote_id": ["Q01"], "text": ["Only a text."]}))
    for data in (*projects.values(), bare):
        schema.assertValid(opened(data)[0])


def test_the_original_is_valid_against_the_official_schema(schema: etree.XMLSchema, article: Path) -> None:
    """The same with the article, with and without rejected themes."""
    study = load_study(article)
    schema.assertValid(opened(exported(study))[0])
    schema.assertValid(opened(exported(study, is_all=True))[0])


def test_codebooks_are_valid_against_the_official_schema(schema: etree.XMLSchema, condensed: Study) -> None:
    """A QDC has a namespace of its own; its codes, moved into a project, meet the project's rules for codes."""
    text = export_codebook(condensed["codebook"]).decode().replace("QDA-XML:codebook", "QDA-XML:project")
    book = etree.fromstring(text.encode())
    assert set(book.attrib) == {"origin"}
    del book.attrib["origin"]
    project = etree.fromstring(f'<Project xmlns="{NS[1:-1]}" name="codes"/>')
    project.append(book)
    schema.assertValid(project)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quotes": pd.DataFrame({"quote_id": ["Q01"]})}, "quotes: no column text"),
        ({"quotes": pd.DataFrame({"quote_id": [], "text": []})}, "quotes: no rows"),
        (
            {"quotes": pd.DataFrame({"quote_id": ["Q01", "Q01", ""], "text": ["a", "b", " "]})},
            "3 faults: row 3: quote_id is empty; row 2: 'Q01' stands there already; row 3: '' has no text",
        ),
        ({"codebook": None}, "codings need a codebook"),
        ({"codebook": pd.DataFrame({"theme": ["goals"]})}, "'craft & care' is not in the codebook.*'tools'"),
        ({"quotes": small_quotes().head(1)}, "quote 'Q02' is not among the 1 quotes"),
    ],
)
def test_what_does_not_fit_together_is_named(change: dict[str, Any], message: str) -> None:
    """Every offending row is named before anything is written."""
    given = {"quotes": small_quotes(), "codebook": small_codebook(), "codings": small_codings()} | change
    with pytest.raises(ValueError, match=message):
        export_project(given["quotes"], given["codebook"], given["codings"])


def test_exports_leave_their_arguments_alone(inputs_unchanged: Any) -> None:
    """Frames come out as they went in."""
    inputs_unchanged(export_project, small_quotes(), small_codebook(), small_codings(), source_text=SOURCE)
    inputs_unchanged(export_codebook, small_codebook())


def test_a_frame_is_needed() -> None:
    """A list of texts is no quotes frame."""
    with pytest.raises(TypeError, match="quotes must be a frame, not list"):
        export_project(["a"])  # type: ignore[arg-type]


def test_no_schema_no_claim() -> None:
    """The project neither installs nor carries the AGPL package whose wheel holds the schema."""
    root = Path(__file__).resolve().parents[2]
    for name in ("pyproject.toml", "requirements.lock", "environment.yml"):
        assert "qualitative-coding" not in (root / name).read_text(encoding="utf-8")
    assert not list((root / "expert_roundup").rglob("*.xsd"))


def test_the_small_project_reads_back(tmp_path: Path) -> None:
    """With rejected themes, codings, codebook and quotes come back as they were (the text in its normal form)."""
    (tmp_path / "small.qdpx").write_bytes(small_project(is_all=True))
    project = import_project(tmp_path / "small.qdpx")
    key = ["quote_id", "coder", "theme"]
    got, put = (frame.sort_values(key).reset_index(drop=True) for frame in (project.codings, small_codings()))
    pd.testing.assert_frame_equal(got, put, check_dtype=False)
    pd.testing.assert_frame_equal(project.codebook, small_codebook(), check_dtype=False)
    columns = ["quote_id", "speaker", "role", "is_on_roster", "question", "language", "start", "end"]
    pd.testing.assert_frame_equal(project.quotes[columns], small_quotes()[columns], check_dtype=False)
    assert (project.name, project.remarks) == ("Small & <own>", ())

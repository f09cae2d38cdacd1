"""Building a dataset: once, again, disturbed."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from expert_roundup.corpus import build as building
from expert_roundup.corpus import engine, parts, replacement
from expert_roundup.corpus.build import build
from expert_roundup.corpus.compaction import n_partitions, partition_of
from expert_roundup.corpus.dataset import Dataset, open_dataset
from expert_roundup.corpus.document import document_id, read_document, stated_date
from expert_roundup.corpus.schema import TABLES, schema
from expert_roundup.corpus.synthetic import Page
from expert_roundup.parsing import read_roundup


def test_every_answer_of_every_layout_is_in_the_dataset(dataset: Dataset, made: Sequence[Page]) -> None:
    """Documents, quotes, texts and speakers are those that the generator wrote; what is no roundup is a failure."""
    quotes = dataset.read("quotes").set_index("quote_id")
    expected = {
        f"{page.document}-Q{number:02d}": answer.text
        for page in made
        for number, answer in enumerate(page.answers, start=1)
    }
    assert quotes["text"].to_dict() == expected
    documents = dataset.read("documents")
    assert set(documents["layout"]) == {page.layout for page in made}
    assert (documents["year"].astype("str") == documents["source"].str.extract(r"/(\d{4})-")[0]).all()
    assert dataset.read("failures")[["kind", "reason"]].to_numpy().tolist() == [
        ["no_roundup", "no attributed answers found"]
    ]


def test_quotes_are_those_of_the_parser(dataset: Dataset) -> None:
    """A build changes nothing of what `read_roundup` gives."""
    row = dataset.read("documents").iloc[3]
    alone = read_roundup(row["source"]).quotes
    quotes = dataset.read("quotes").query("document == @row.document")
    for name in ("speaker", "role", "question", "language", "n_words", "start", "end", "text"):
        assert quotes[name].tolist() == alone[name].tolist()


def test_columns_are_those_of_the_schema(dataset: Dataset) -> None:
    """Every table has the columns that the schema promises, in its order."""
    for table in TABLES:
        if dataset.files(table):
            assert dataset.read(table).columns.tolist() == schema(table).names


def test_a_repeated_build_does_nothing(dataset: Dataset, sources: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anything new no engine starts and no file is touched."""
    monkeypatch.setattr(engine, "client", lambda *_, **__: pytest.fail("an engine was started"))
    before = {path: path.stat().st_mtime_ns for path in dataset.folder.rglob("*")}
    report = build(sources, dataset.folder)
    assert (report.n_new, report.n_kept, report.is_changed) == (0, len(sources), False)
    assert {path: path.stat().st_mtime_ns for path in dataset.folder.rglob("*")} == before
    assert not dataset.folder.with_name("dataset.building").exists()


@pytest.mark.usefixtures("without_engine")
def test_a_build_in_two_steps_equals_one(
    dataset: Dataset, sources: list[str], tmp_path: Path, is_same: Callable[..., bool]
) -> None:
    """Half of the sources first and all of them later is the same dataset."""
    build(sources[::2], tmp_path / "d")
    report = build(sources, tmp_path / "d")
    assert report.n_new == len(sources) - len(sources[::2])
    assert is_same(dataset, report.dataset)


@pytest.mark.usefixtures("without_engine")
def test_an_interrupted_build_goes_on(
    dataset: Dataset, sources: list[str], tmp_path: Path, is_same: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was parsed before an interruption is not parsed again, and nothing is there until all is."""
    whole, seen = parts.write_part, []

    def stops(rows: Any, place: Path) -> None:
        if len(seen) == 3:
            raise KeyboardInterrupt
        seen.append(place)
        whole(rows, place)

    monkeypatch.setattr(parts, "write_part", stops)
    with pytest.raises(KeyboardInterrupt):
        build(sources, tmp_path / "d")
    assert not (tmp_path / "d").exists()
    monkeypatch.setattr(parts, "write_part", whole)
    report = build(sources, tmp_path / "d")
    assert 0 < report.n_new < len(sources)
    assert is_same(dataset, report.dataset)
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


@pytest.mark.usefixtures("without_engine")
def test_a_full_disk_loses_nothing(
    dataset: Dataset, sources: list[str], tmp_path: Path, is_same: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that cannot be written ends the run in an OSError; the dataset of before stays, the next run ends it."""
    build(sources[:4], tmp_path / "d")
    whole = replacement.write_table

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(replacement, "write_table", full)
    with pytest.raises(OSError, match="No space left"):
        build(sources, tmp_path / "d")
    assert open_dataset(tmp_path / "d").counts["documents"] + open_dataset(tmp_path / "d").counts["failures"] == 4
    monkeypatch.setattr(replacement, "write_table", whole)
    report = build(sources, tmp_path / "d")
    assert report.n_new == 0
    assert is_same(dataset, report.dataset)


@pytest.mark.usefixtures("without_engine")
def test_a_kill_between_the_renames_is_mended(
    dataset: Dataset, sources: list[str], tmp_path: Path, is_same: Callable[..., bool]
) -> None:
    """The dataset that was moved aside comes back."""
    (tmp_path / "d.building").mkdir()
    shutil.copytree(dataset.folder, tmp_path / "d.building" / "old")
    report = build(sources, tmp_path / "d")
    assert report.n_new == 0
    assert is_same(dataset, report.dataset)


@pytest.mark.usefixtures("without_engine")
def test_a_changed_source_replaces_what_it_held(made: Sequence[Page], tmp_path: Path) -> None:
    """A page saved anew counts once; a source that vanished is a failure, and comes back when it does."""
    pages = [tmp_path / f"{number}.md" for number in range(3)]
    texts = [page.text for page in made if page.name.endswith("md")]
    for path, text in zip(pages, texts, strict=False):
        path.write_text(text, encoding="utf-8")
    named = list(map(str, pages))
    first = build(named, tmp_path / "d").dataset.read("documents")
    pages[0].write_text(texts[5], encoding="utf-8")
    pages[1].unlink()
    second = build(named, tmp_path / "d").dataset
    assert len(second.read("documents")) == 3
    assert len(set(second.read("documents")["document"]) - set(first["document"])) == 1
    assert second.read("failures")[["source", "kind"]].to_numpy().tolist() == [[named[1], "unreadable"]]
    pages[1].write_text(texts[1], encoding="utf-8")
    third = build(named, tmp_path / "d").dataset
    assert third.read("failures").empty


@pytest.mark.usefixtures("without_engine")
def test_a_changed_parser_is_noticed(sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another parser version is refused with the way out; --rebuild takes it, and takes all known sources along."""
    build(sources[:2], tmp_path / "d")
    for module in (building, replacement):
        monkeypatch.setattr(module, "parser_version", lambda: "9.9+new")
    with pytest.raises(ValueError, match=r"this is 9\.9\+new: pass --rebuild"):
        build(sources[:2], tmp_path / "d")
    report = build(sources[2:4], tmp_path / "d", rebuild=True)
    assert (report.n_new, report.dataset.parser) == (4, "9.9+new")
    assert set(report.dataset.read("sources")["source"]) == set(sources[:4])


def test_another_schema_version_is_refused(dataset: Dataset, sources: list[str], tmp_path: Path) -> None:
    """It is named, with both ways out, by reading and by building."""
    shutil.copytree(dataset.folder, tmp_path / "d")
    known = json.loads((tmp_path / "d/dataset.json").read_text(encoding="utf-8"))
    (tmp_path / "d/dataset.json").write_text(json.dumps(known | {"schema_version": 99}), encoding="utf-8")
    for attempt in (lambda: open_dataset(tmp_path / "d"), lambda: build(sources, tmp_path / "d")):
        with pytest.raises(ValueError, match="schema version 99"):
            attempt()


def test_no_folder_of_others_is_touched(sources: list[str], tmp_path: Path) -> None:
    """A folder that is no dataset is refused as it is."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d/letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="is no dataset"):
        build(sources, tmp_path / "d", rebuild=True)
    assert (tmp_path / "d/letter.txt").read_text(encoding="utf-8") == "mine"


def test_a_file_that_changes_while_the_build_runs_is_named(sources: list[str], tmp_path: Path) -> None:
    """Its content is not counted under the hash of another."""
    rows = read_document(sources[0], sha256="0" * 64)
    assert [row["kind"] for row in rows["failures"]] == ["changed"]
    gone = read_document(str(tmp_path / "gone.md"), sha256="0" * 64)
    assert [(row["kind"], row["document"]) for row in gone["failures"]] == [("unreadable", document_id("0" * 64))]


@pytest.mark.parametrize(
    ("data", "date"),
    [
        (b"---\ntitle: x\npublished: '2008-02-13 2:00:14'\n---\n", "2008-02-13"),
        (b'<meta property="article:published_time" content="2019-07-01T10:00Z">', "2019-07-01"),
        (b'<script type="application/ld+json">{"datePublished": "2020-12-24"}</script>', "2020-12-24"),
        (b'<time class="d" datetime="2021-05-11">May</time>', "2021-05-11"),
        (b"We met on 2020-01-01 and the update: 2020-02-02 was late.", None),
        (b"date: 2020-13-45", None),
    ],
)
def test_dates_are_those_that_the_page_states(data: bytes, date: str | None) -> None:
    """Front matter, meta elements, linked data and time elements count; a date in running text does not."""
    assert stated_date(data) == date


def test_partitions_split_in_halves() -> None:
    """When a dataset outgrows its partitions, each is divided in two and no document moves elsewhere."""
    documents = [f"{number * 2654435761 % 2**32:08x}{number:012x}" for number in range(500)]
    assert n_partitions(1_000) == 1 < n_partitions(1_001)
    for document in documents:
        assert partition_of(document, 8) // 2 == partition_of(document, 4)

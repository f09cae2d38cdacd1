"""The study from its source to its folder: the same numbers from both editions, and nothing half-written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from expert_roundup import study as studies
from expert_roundup.datasets import data_path
from expert_roundup.output import files
from expert_roundup.output.tables import csv_to_frame

FRAMES = ("tally", "agreement", "reconstruction")


@pytest.fixture(scope="module")
def shipped() -> studies.Study:
    """The study that ships."""
    return studies.run_study()


@pytest.fixture(scope="module")
def folder(shipped, tmp_path_factory) -> Path:
    """Its results, written once."""
    path = tmp_path_factory.mktemp("study") / "reports"
    studies.save_study(shipped, path)
    return path


def test_the_published_tally_stands_beside_the_recount(shipped):
    """48 counts of the majority beside 45 published ones; the differences are their difference."""
    tally = shipped["tally"]
    assert (int(tally["n_quotes"].sum()), int(tally["n_published"].sum())) == (48, 45)
    assert (tally["difference"] == tally["n_quotes"] - tally["n_published"]).all()


def test_the_reconstruction_meets_every_published_total(shipped):
    """372 cells; each theme is coded exactly as often as the author counted it."""
    cells = shipped["reconstruction"]
    assert len(cells) == 31 * 12
    totals = cells.groupby("theme")["is_coded"].sum()
    assert totals.to_dict() == shipped["published_tally"].set_index("theme")["n_published"].to_dict()


def test_the_parsed_tally_of_the_condensed_edition_is_the_published_one(shipped):
    """What the parser reads from the text is what data/published_tally.csv holds."""
    from expert_roundup.parsing import read_roundup

    parsed = read_roundup(data_path("condensed/roundup.md")).published_tally
    published = shipped["published_tally"]
    assert list(zip(parsed["label"], parsed["n_published"], strict=True)) == list(
        zip(published["label"], published["n_published"], strict=True)
    )


def test_original_and_condensed_edition_give_the_same_numbers(shipped, article):
    """Tally, agreement and reconstruction rest on the codings alone, whichever edition they are attached to."""
    original = studies.run_study(article)
    assert original.edition == "original"
    for name in FRAMES:
        pd.testing.assert_frame_equal(original[name], shipped[name])


def test_evidence_of_the_original_lies_in_its_quotes(article):
    """With the article passed, all 274 spans index the article, each inside the quote it speaks of."""
    original = studies.load_study(article)
    places = original["codings"].merge(original["quotes"], on="quote_id", suffixes=("", "_quote"))
    assert places["start"].notna().sum() == 274
    assert ((places["start_quote"] <= places["start"]) & (places["end"] <= places["end_quote"])).all()


def test_another_copy_is_recognised_by_its_speakers_with_a_remark(tmp_path):
    """One changed byte is another copy: codings attach by quote, without evidence, and the study says so."""
    path = tmp_path / "copy.md"
    path.write_bytes(data_path("condensed/roundup.md").read_bytes() + b"\n")
    copy = studies.load_study(path)
    assert copy.edition == "copy"
    assert copy["codings"]["start"].isna().all()
    assert "without evidence" in copy.remarks[0]


def test_a_written_study_reads_back_equal(shipped, folder):
    """Every result is there, equal to the frame it was written from."""
    for name in FRAMES:
        written = csv_to_frame((folder / f"{name}.csv").read_text("utf-8"))
        pd.testing.assert_frame_equal(written, shipped[name], check_dtype=False)


def test_a_study_folder_is_a_source(shipped, folder):
    """What a study wrote can be studied again, with the same tally."""
    again = studies.run_study(folder)
    pd.testing.assert_frame_equal(again["tally"], shipped["tally"])
    pd.testing.assert_frame_equal(again["quotes"], shipped["quotes"], check_dtype=False)
    assert set(FRAMES) <= set(studies.study_frames(folder))


def test_two_runs_write_the_same_bytes(folder, tmp_path):
    """No clock, no machine, no order of a set in any file."""
    studies.save_study(studies.run_study(), tmp_path / "again")
    for path in sorted(folder.iterdir()):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_an_existing_result_is_not_overwritten_unasked(shipped, folder):
    """Nothing is written where a single file would be replaced."""
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(ValueError, match="exists already"):
        studies.save_study(shipped, folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_an_interrupted_study_leaves_whole_files_and_runs_again(shipped, tmp_path, monkeypatch):
    """Whatever stands after an interruption is whole, and the next run completes the folder."""
    target, real, n_written = tmp_path / "reports", files.os.replace, []

    def replace(source, destination):
        if len(n_written) == 3:
            raise KeyboardInterrupt
        n_written.append(destination)
        real(source, destination)

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            studies.save_study(shipped, target)
    assert [path.name for path in target.iterdir() if path.name.startswith(".")] == []
    assert len(list(target.iterdir())) == 3
    paths = studies.save_study(shipped, target, overwrite=True)
    assert all(path.stat().st_size for path in paths)


def test_a_folder_without_quotes_is_no_study(tmp_path):
    """The error says what is missing and what makes a study folder."""
    with pytest.raises(ValueError, match=r"no quotes\.csv.*expert-roundup start"):
        studies.load_study(tmp_path)


def test_codings_of_other_quotes_are_refused_with_every_bad_row(tmp_path):
    """Codings given to a study must be about its quotes and themes."""
    path = tmp_path / "codings.csv"
    path.write_text("quote_id,theme,coder,confidence\nQ99,goals,A,1\nQ01,nonsense,A,1\nQ02,goals,A,7\n")
    with pytest.raises(ValueError, match=r"(?s)(?=.*'Q99')(?=.*'nonsense')(?=.*'7')"):
        studies.load_study(codings=[path])


def test_conflicting_files_of_codings_are_told(tmp_path):
    """Two files in which one coder reads one quote differently: both readings stay, and a remark says so."""
    for name, theme in (("one.csv", "goals"), ("two.csv", "craft")):
        (tmp_path / name).write_text(f"quote_id,theme,coder,confidence\nQ01,{theme},jane,1\n")
    study = studies.load_study(codings=[tmp_path / "one.csv", tmp_path / "two.csv"])
    assert study["codings"]["coder"].nunique() == 2
    assert any("conflicts" in remark for remark in study.remarks)


def test_totals_that_no_coding_can_meet_leave_the_rest_standing(tmp_path):
    """The tally is there, the reconstruction is not, and a remark names the reason."""
    path = tmp_path / "published.csv"
    shutil.copy(data_path("published_tally.csv"), path)
    path.write_text(path.read_text().replace("Relationships,9", "Relationships,99"))
    study = studies.run_study(published=path)
    assert "tally" in study.frames
    assert "reconstruction" not in study.frames
    assert any("no reconstruction" in remark and "relationships" in remark for remark in study.remarks)


def test_a_roundup_of_ones_own_needs_codings_for_more(tmp_path):
    """Without codings a study has quotes, and says what comes next."""
    page = tmp_path / "page.md"
    page.write_text("# What helps?\n\n**Jane Doe:** I start small.\n\n**John Roe:** We measure our work.\n")
    study = studies.run_study(page)
    assert list(study.frames) == ["quotes", "norms"]
    assert any("No codings yet" in sentence for sentence in studies.summary(study))


def test_the_summary_names_the_doubtful_cells(shipped):
    """The sentences printed after a study carry its figures and never claim the author's coding."""
    text = " ".join(studies.summary(shipped))
    assert "9 of 372 cells" in text
    assert "Q14 consistent" in text
    assert "not the author's own coding" in text
    assert "machine-assisted" in text


def test_the_folder_says_what_was_studied(folder):
    """study.json names the edition and the hash of its source."""
    about = json.loads((folder / "study.json").read_text())
    assert about["edition"] == "condensed"
    assert len(about["sha256"]) == 64

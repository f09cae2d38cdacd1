"""A study of your own: what is laid out, that it is whole or not there, and that everything works in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.coding.codebook import read_codebook
from expert_roundup.coding.codings import read_codings
from expert_roundup.coding.published import read_published_tally
from expert_roundup.datasets import data_path
from expert_roundup.notebook import code_quotes
from expert_roundup.output import files as saving
from expert_roundup.parsing import NotARoundup, parse_text, read_roundup
from expert_roundup.starting import folder as folders
from expert_roundup.starting import start_study, study_files
from expert_roundup.starting.check import roster_check
from expert_roundup.starting.drafts import draft_codebook, draft_published
from expert_roundup.study import load_study, run_study, study_frames, summary

EXAMPLE = data_path("example/roundup.md")
#: a page without a tally and without a roster, and with an answer that looks cut off
PAGE = "# What helps?\n\n**Jane Doe:** I start small, and I measure my work every week.\n\n**John Roe:** We wait.\n"


@pytest.fixture
def page(tmp_path) -> Path:
    """A roundup of our own without a tally."""
    path = tmp_path / "page.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_the_folder_holds_everything_that_a_study_needs(tmp_path):
    """Quotes as parsed, codings that are empty, the page's totals, and the text that offsets index."""
    started = start_study(EXAMPLE, tmp_path / "notes")
    roundup, folder = read_roundup(EXAMPLE), started.folder
    study = load_study(folder)
    assert study["quotes"]["text"].to_list() == roundup.quotes["text"].to_list()
    assert study.text == roundup.source.text
    slices = [
        study.text[start:end] for start, end in zip(study["quotes"]["start"], study["quotes"]["end"], strict=True)
    ]
    assert slices == study["quotes"]["text"].to_list()
    assert study["codings"].empty
    assert study["published_tally"]["n_published"].to_list() == roundup.published_tally["n_published"].to_list()
    assert study["codebook"]["label"].to_list() == roundup.published_tally["label"].to_list()
    assert (study.name, study.sha256, study.edition) == ("roundup.md", roundup.source.sha256, "own")


def test_the_laid_out_source_is_the_same_roundup(tmp_path):
    """Parsed again, source.md gives the quotes of the folder: nothing was lost on the way."""
    start_study(EXAMPLE, tmp_path / "notes")
    pd.testing.assert_frame_equal(read_roundup(tmp_path / "notes/source.md").quotes, read_roundup(EXAMPLE).quotes)


def test_the_roster_check_names_who_is_missing():
    """The example lists one contributor who does not answer; nobody speaks who is not on the list."""
    said = roster_check(read_roundup(EXAMPLE))
    assert "Contributors listed: 9; without an answer: @open-window." in said
    assert "Speakers not on that list: none." in said
    assert "Published tally: 5 themes, 13 counts." in said


def test_the_roster_check_says_what_cannot_be_checked(page):
    """No list, no tally, and an answer of two words."""
    said = " ".join(roster_check(read_roundup(page)))
    assert "No list of contributors to check against" in said
    assert "perhaps cut: Q02 John Roe" in said
    assert "No published tally found" in said
    assert "No question found" not in said
    assert "No question found" in " ".join(roster_check(parse_text(PAGE.partition("\n")[2], format="md")))


def test_without_a_tally_the_codebook_explains_itself(page, tmp_path):
    """One example theme that reads as a codebook does, and no file of published totals."""
    folder = start_study(page, tmp_path / "study").folder
    assert read_codebook(folder / "codebook.yaml")["theme"].to_list() == ["example"]
    assert not (folder / "published_tally.csv").exists()
    assert "published_tally.csv" not in (folder / "README.md").read_text("utf-8")


@given(st.lists(st.text(min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=8))
def test_any_labels_become_themes_that_a_codebook_takes(labels):
    """Whatever an author calls the themes, each has a name of its own, and the draft is a codebook."""
    published = draft_published(pd.DataFrame({"label": labels, "n_published": 1}))
    assert published["theme"].is_unique
    assert published["theme"].str.len().between(1, 44).all()
    assert not published["theme"].str.contains(r"\s").any()
    text = draft_codebook(published)
    assert "*id" not in text  # yaml's short cut for equal lists, which nobody could fill in
    assert text.count("definition: ''") == len(labels)


def test_labels_of_any_script_become_readable_themes():
    """Words joined by hyphens, cut between words; look-alikes get a number."""
    labels = [
        "Be Consistent",
        "be  consistent!",
        "Слушать людей",
        "先听",
        "One Two Three Four Five Six Seven Eight Nine",
    ]
    assert draft_published(pd.DataFrame({"label": labels, "n_published": 1}))["theme"].to_list() == [
        "be-consistent", "be-consistent-2", "слушать-людей", "先听", "one-two-three-four-five-six-seven-eight",
    ]  # fmt: skip


def test_the_same_page_gives_the_same_bytes():
    """Nothing in the folder depends on the moment or on chance, the notebooks included."""
    first, second = (study_files(read_roundup(EXAMPLE), coder="Ann") for _ in range(2))
    assert first == second
    assert len([name for name in first if name.endswith(".ipynb")]) == 3


def test_notebooks_carry_their_parameters_and_no_output():
    """The cell behind the one tagged `parameters` sets them, as papermill does, and nothing has run."""
    files = study_files(read_roundup(EXAMPLE), coder="Ann")
    for name in (name for name in files if name.endswith(".ipynb")):
        cells = json.loads(files[name])["cells"]
        tags = [cell["metadata"].get("tags", []) for cell in cells]
        assert tags.index(["injected-parameters"]) == tags.index(["parameters"]) + 1
        assert 'coder = "Ann"' in "".join(cells[tags.index(["injected-parameters"])]["source"])
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def run_cells(path: Path, monkeypatch: pytest.MonkeyPatch) -> dict:
    """Run a notebook's code in its folder, without a kernel; return its names."""
    monkeypatch.chdir(path.parent)
    names: dict = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), str(path), "exec"), names)
    return names


@pytest.mark.parametrize("is_coded", [False, True])
def test_the_notebooks_run_in_the_folder_coded_or_not(tmp_path, monkeypatch, is_coded):
    """Each runs from top to bottom on a fresh folder, and on one with codings."""
    folder = start_study(EXAMPLE, tmp_path / "notes", coder="Ann").folder
    if is_coded:
        (folder / "codings.csv").write_bytes(data_path("example/codings.csv").read_bytes())
    tally = run_cells(folder / "2-tally.ipynb", monkeypatch)
    assert tally["is_coded"] == is_coded
    assert run_cells(folder / "3-agreement-and-reconstruction.ipynb", monkeypatch)["has_reconstruction"] == is_coded
    if not is_coded:  # codings.csv belongs to somebody else otherwise
        widget = run_cells(folder / "1-code.ipynb", monkeypatch)["widget"]
        widget.give("Q01", "draw-it", words="every sentence")
        assert read_codings(folder / "codings.csv")["coder"].to_list() == ["Ann"]


def test_from_start_to_a_tally(tmp_path):
    """Laid out, coded, counted: the study of the folder has the tally, and what the folder holds is computed anew."""
    folder = start_study(EXAMPLE, tmp_path / "notes").folder
    assert "No codings yet" in " ".join(summary(run_study(folder)))
    study = load_study(folder)
    widget = code_quotes(
        study["quotes"], study["codebook"], coder="me", path=folder / "codings.csv", source_text=study.text
    )
    widget.give("Q01", "write-less-listen-more", words="They want every sentence")
    widget.give_none("Q07")
    tally = run_study(folder)["tally"].set_index("theme")
    assert tally.loc["write-less-listen-more", ["n_quotes", "n_published", "difference"]].to_list() == [1, 3, -2]
    assert study_frames(folder)["tally"]["n_quotes"].sum() == 1


def test_the_example_s_own_coding_gives_the_counts_that_its_page_claims():
    """14 counts against 13 printed; evidence lies in its quotes, and *Read Them Again* is the one difference."""
    roundup = read_roundup(EXAMPLE)
    codebook = read_codebook(data_path("example/codebook.yaml"))
    codings = read_codings(data_path("example/codings.csv"), quotes=roundup.quotes, codebook=codebook)
    counts = codings[codings["confidence"] >= 0.5].groupby("theme")["quote_id"].nunique()
    published = draft_published(roundup.published_tally).set_index("theme")["n_published"]
    assert (counts.sum(), published.sum()) == (14, 13)
    assert (counts.reindex(published.index) - published).loc[lambda d: d != 0].to_dict() == {"read-them-again": 1}
    assert codebook["theme"].to_list() == published.index.to_list()
    assert (codebook["definition"] != "").all()


def test_a_folder_that_holds_something_is_left_alone(page, tmp_path):
    """Without overwrite nothing is touched; an empty folder is taken."""
    busy = tmp_path / "busy"
    busy.mkdir()
    (busy / "codings.csv").write_text("my work")
    with pytest.raises(ValueError, match="may hold your work"):
        start_study(page, busy)
    assert [path.name for path in busy.iterdir()] == ["codings.csv"]
    (tmp_path / "empty").mkdir()
    assert start_study(page, tmp_path / "empty").moved is None


def test_overwrite_moves_the_old_folder_aside(page, tmp_path):
    """Codings that somebody made are never deleted: the folder stays beside, numbered."""
    folder = tmp_path / "study"
    start_study(page, folder)
    (folder / "codings.csv").write_text("my work")
    assert start_study(page, folder, overwrite=True).moved == tmp_path / "study.1"
    assert start_study(page, folder, overwrite=True).moved == tmp_path / "study.2"
    assert (tmp_path / "study.1/codings.csv").read_text() == "my work"
    assert read_codings(folder / "codings.csv").empty


def test_a_full_disk_leaves_no_half_folder(page, tmp_path, monkeypatch):
    """The fourth file cannot be written: no folder, no remains, and what stood there stands there again."""
    folder = tmp_path / "study"
    start_study(page, folder)
    (folder / "mine.txt").write_text("mine")
    written = []

    def save(path, data, **options):
        written.append(path)
        if len(written) == 4:
            raise OSError(28, "No space left on device", str(path))
        return Path(path).write_bytes(data)

    monkeypatch.setattr(saving, "save_bytes", save)
    with pytest.raises(OSError, match="No space left"):
        start_study(page, folder, overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.md", "study"]
    assert (folder / "mine.txt").read_text() == "mine"


def test_an_interrupt_at_the_last_moment_brings_the_old_folder_back(page, tmp_path, monkeypatch):
    """Between moving the old folder aside and putting the new one in place."""
    folder = tmp_path / "study"
    start_study(page, folder)
    (folder / "mine.txt").write_text("mine")
    monkeypatch.setattr(folders.os, "rename", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        start_study(page, folder, overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.md", "study"]
    assert (folder / "mine.txt").read_text() == "mine"


def test_without_the_extra_there_is_a_folder_without_notebooks(page, tmp_path, monkeypatch):
    """The core alone lays out everything else, and says what to install."""
    monkeypatch.setattr(folders, "has_notebooks", lambda: False)
    started = start_study(page, tmp_path / "study")
    assert "expert-roundup[notebooks]" in started.remarks[0]
    assert not list(started.folder.glob("*.ipynb"))
    assert ".ipynb" not in (started.folder / "README.md").read_text("utf-8")


def test_what_is_no_roundup_makes_no_folder(tmp_path):
    """Nobody is quoted, so there is nothing to code."""
    path = tmp_path / "plain.md"
    path.write_text("Nothing here is said by anybody.\n")
    with pytest.raises(NotARoundup):
        start_study(path, tmp_path / "study")
    assert [each.name for each in tmp_path.iterdir()] == ["plain.md"]


@pytest.mark.parametrize("coder", ["", "majority"])
def test_a_coder_needs_a_name_of_their_own(page, tmp_path, coder):
    """A name that stands for a derived reading would never be counted."""
    with pytest.raises(ValueError, match="coder must be a name"):
        start_study(page, tmp_path / "study", coder=coder)


def test_a_hostile_page_cannot_write_into_the_readme(tmp_path):
    """Title and names are shown as they are: no link, no heading and no table of the page's own making."""
    page = "# [click](http://x.example) | `rm` <script>\n\n" + PAGE.replace("Jane Doe", "Jane Doe")
    path = tmp_path / "page.md"
    path.write_text(page, encoding="utf-8")
    text = (start_study(path, tmp_path / "study").folder / "README.md").read_text("utf-8")
    assert not re.search(r"(?<!\\)\[click", text)
    assert not re.search(r"(?<!\\)<script", text)


def test_published_totals_of_the_folder_fit_its_codebook(tmp_path):
    """Themes of both files are the same, so that the tally can stand beside them."""
    folder = start_study(EXAMPLE, tmp_path / "notes").folder
    codebook = read_codebook(folder / "codebook.yaml")
    assert (
        read_published_tally(folder / "published_tally.csv", codebook=codebook)["theme"].to_list()
        == codebook["theme"].to_list()
    )


def test_labelled_roundups_can_be_started(gold, tmp_path):
    """Every labelled document that is a roundup becomes a study whose quotes lie where its source says."""
    n_started = 0
    for number, path in enumerate(sorted(gold.glob("f*.md"))):
        try:
            folder = start_study(path, tmp_path / str(number)).folder
        except NotARoundup:
            continue
        study = load_study(folder)
        assert study.text == read_roundup(path).source.text
        assert len(study["quotes"]) >= 2
        n_started += 1
    assert n_started >= 10

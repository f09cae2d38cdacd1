"""Figures in the README come out of a run: each is computed anew here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expert_roundup import study as studies
from expert_roundup.coding.codings import coded, majority
from expert_roundup.coding.ranks import top_change
from expert_roundup.coding.tally import first_probabilities
from expert_roundup.datasets import load_norms

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def readme() -> str:
    """Its text on one line."""
    return " ".join((ROOT / "README.md").read_text("utf-8").split())


@pytest.fixture(scope="module")
def study() -> studies.Study:
    """The study that ships."""
    return studies.run_study()


def test_the_finding_states_both_tallies(readme, study):
    """9 of 45 published, 11 of 48 recounted."""
    first = study["tally"].set_index("theme").loc["relationships"]
    n_published, n_quotes = study["tally"]["n_published"].sum(), study["tally"]["n_quotes"].sum()
    assert f"with {first['n_published']} of {n_published} counts" in readme
    assert f"with {first['n_quotes']} of {n_quotes}" in readme
    assert (majority(study["codings"]).pipe(coded)["theme"] == "relationships").sum() == first["n_quotes"]


def test_the_finding_names_who_could_be_first(readme, study):
    """Themes whose rank interval holds 1, beside the leader."""
    rows = study["tally"]
    rivals = rows.loc[(rows["rank_low"] == 1) & (rows["rank"] > 1), "theme"].tolist()
    assert f"*{rivals[0]}* or *{rivals[1]}* could stand in its place" in readme
    assert len(rivals) == 2


def test_the_number_of_open_cells_is_computed(readme, study):
    """Cells with a probability between .1 and .9, of all."""
    cells = study["reconstruction"]
    n_open = int(cells["probability"].between(0.1, 0.9).sum())
    assert f"{n_open} of the {len(cells)} decisions" in readme


def test_the_row_of_norms_is_computed(readme):
    """181 statements, those that forbid, and the share of these that blame alone implies."""
    norms = load_norms()
    forbids = norms["kind"].isin(["proscription", "both"])
    share = (forbids & (norms["strength"] == "implied")).sum() / forbids.sum()
    assert f"{len(norms)} statements; {forbids.sum()} forbid, {share:.0%}".replace("%", " %") in readme


def test_notebook_two_states_what_a_run_gives(study):
    """The lead in redrawn crowds and the recodings to change the top three, as the first cell says."""
    first = first_probabilities(study["codings"], study["codebook"]).set_index("theme").loc["relationships"]
    told = (ROOT / "notebooks/02-theme-tally.ipynb").read_text("utf-8")
    assert re.search(rf"in {first['share_first_or_level']:.0%}".replace("%", " %"), told)
    assert top_change(study["tally"]).n_recodings == 2
    assert "Two recodings" in told

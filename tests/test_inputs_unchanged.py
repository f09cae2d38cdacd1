"""No public function changes its arguments: one test over all that take frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import expert_roundup as er
from expert_roundup.analysis.clusters import wording_of_quotes
from expert_roundup.datasets import load_codebook, load_codings, load_published_tally, load_quotes
from expert_roundup.output import charts
from expert_roundup.output.tables import frame_to_csv, frame_to_text


def cases() -> dict[
    str, Callable[[dict[str, pd.DataFrame]], tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]]
]:
    """Name to what is called with which arguments, out of the frames of the first study."""
    return {
        "check_codebook": lambda f: (er.check_codebook, (f["codebook"],), {}),
        "codebook_to_yaml": lambda f: (er.codebook_to_yaml, (f["codebook"],), {}),
        "check_codings": lambda f: (er.check_codings, (f["codings"],), about(f)),
        "majority": lambda f: (er.majority, (f["codings"],), {}),
        "tally": lambda f: (er.tally, (f["codings"], f["codebook"]), {"published": f["published"], "n_resamples": 50}),
        "ahead_probabilities": lambda f: (er.ahead_probabilities, (f["codings"], f["codebook"]), {"n_resamples": 50}),
        "agreement": lambda f: (er.agreement, (f["codings"],), {"codebook": f["codebook"], "n_resamples": 50}),
        "disagreements": lambda f: (er.disagreements, (f["codings"], f["quotes"]), {"codebook": f["codebook"]}),
        "reconstruct": lambda f: (er.reconstruct, (f["codings"], f["published"]), {}),
        "norms": lambda f: (er.norms, (f["quotes"],), {}),
        "wording_of_quotes": lambda f: (wording_of_quotes, (f["quotes"],), {}),
        "frame_to_csv": lambda f: (frame_to_csv, (f["quotes"],), {}),
        "frame_to_text": lambda f: (frame_to_text, (f["quotes"],), {}),
        "draw_lengths": lambda f: (charts.draw_lengths, (f["quotes"],), {}),
        "draw_who_said_what": lambda f: (charts.draw_who_said_what, (f["codings"],), about(f)),
    }  # fmt: skip


def about(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """What codings are about."""
    return {"quotes": frames["quotes"], "codebook": frames["codebook"]}


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    """The frames that ship."""
    return {
        "quotes": load_quotes(),
        "codebook": load_codebook(),
        "codings": load_codings(),
        "published": load_published_tally(),
    }


@pytest.mark.parametrize("name", cases())
def test_arguments_are_left_as_they_were(name, frames, inputs_unchanged):
    """A frame that was passed is the same frame afterwards, cell by cell and type by type."""
    function, arguments, options = cases()[name](frames)
    inputs_unchanged(function, *arguments, **options)

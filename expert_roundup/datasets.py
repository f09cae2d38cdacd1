"""What ships in data/: the frames of the first study, each read and checked by the function that reads yours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_ROUNDUP = "condensed/roundup.md"


def version() -> str:
    """Version of the installed package."""
    # importlib.metadata costs 30 ms; it is asked for only where a version is shown
    from importlib.metadata import version as installed

    return installed("expert-roundup")


def data_path(name: str = "") -> Path:
    """Path of a shipped file or folder: inside the wheel, else in the clone.

    Raises
    ------
    FileNotFoundError
        Nothing of that name ships.
    """
    package = Path(__file__).parent
    for folder in (package / "_shipped" / "data", package.parent / "data"):
        if (folder / name).exists():
            return folder / name
    raise FileNotFoundError(f"data/{name} does not ship with this installation")


def load_quotes() -> pd.DataFrame:
    """Quotes of the condensed edition, parsed anew.

    Returns
    -------
    DataFrame
        One row per answer, in page order: the quotes frame.

    Notes
    -----
    The wording is ours: the article's answers restated for this project.
    """
    from expert_roundup.parsing import read_roundup

    return read_roundup(data_path(_ROUNDUP)).quotes


def load_codebook() -> pd.DataFrame:
    """Twelve themes of the first study.

    Returns
    -------
    DataFrame
        One row per theme, in the order of the published tally: the codebook frame.

    Examples
    --------
    >>> load_codebook()["label"].head(2).to_list()
    ['Focus On Relationships', 'Set Strategic Goals, Not Vanity Metrics']
    """
    from expert_roundup.coding.codebook import read_codebook

    return read_codebook(data_path("codebook.yaml"))


def load_codings() -> pd.DataFrame:
    """Three independent machine-assisted readings, coders A, B and C.

    Returns
    -------
    DataFrame
        One row per coder x quote x theme considered: the codings frame; evidence indexes the condensed edition and is
        missing where the condensed answer does not carry the point.

    Notes
    -----
    Readings of one kind agree more than three people would.
    """
    from expert_roundup.coding.codings import read_codings

    return read_codings(data_path("codings.csv"))


def load_published_tally() -> pd.DataFrame:
    """Tally that the author of the roundup published.

    Returns
    -------
    DataFrame
        One row per theme: theme, label, n_published (Int64).

    Examples
    --------
    >>> int(load_published_tally()["n_published"].sum())
    45
    """
    from expert_roundup.coding.published import read_published_tally

    return read_published_tally(data_path("published_tally.csv"))


def load_speakers() -> pd.DataFrame:
    """Speakers of the first study in both spellings.

    Returns
    -------
    DataFrame
        One row per answer, in page order: quote_id, speaker_en, speaker (as printed before the answer), name_in_roster
        (surname first, in part garbled; "" where the roster lacks the speaker), is_spelling_certain (bool; False where
        the English spelling was inferred).

    Examples
    --------
    >>> load_speakers()["speaker_en"].iloc[-1]
    'Mike Allton'
    """
    from expert_roundup.coding.csv_input import read_table

    columns = ("quote_id", "speaker_en", "speaker", "name_in_roster", "is_spelling_certain")
    table = read_table(data_path("speakers.csv"), required=columns, argument="speakers")
    return table.assign(is_spelling_certain=table["is_spelling_certain"] == "true")


def load_answers() -> pd.DataFrame:
    """Facts about the original answers.

    Returns
    -------
    DataFrame
        One row per answer, in page order: quote_id, speaker (English spelling), language, n_words, n_chars, start, end
        (in the article).

    Examples
    --------
    >>> load_answers()["language"].value_counts().to_dict()
    {'ru': 27, 'en': 4}
    """
    import pandas as pd

    answers = pd.read_csv(data_path("source/answers.csv"))
    answers.insert(1, "speaker", load_speakers()["speaker_en"])
    return answers


def load_norms() -> pd.DataFrame:
    """Norms of the original answers, without their words.

    Returns
    -------
    DataFrame
        One row per statement: quote_id, start, end, kind, strength, cue_start, cue_end (places in the article).
    """
    import pandas as pd

    return pd.read_csv(data_path("source/norms.csv"))


def load_term_counts() -> pd.DataFrame:
    """Terms of the original answers with their counts, without their order.

    Returns
    -------
    DataFrame
        One row per answer x term: quote_id, term, n (Int64).
    """
    import pandas as pd

    from expert_roundup.coding.csv_input import read_table

    table = read_table(data_path("source/term_counts.csv"), required=("quote_id", "term", "n"), argument="term counts")
    return table.assign(n=pd.to_numeric(table["n"]).astype("Int64"))

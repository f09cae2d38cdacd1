"""A study as a QDPX project: every quote a source, every coding a selection that others find where it was made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from expert_roundup.coding.check import check_codings
from expert_roundup.coding.codebook import check_codebook
from expert_roundup.coding.codings import THRESHOLD
from expert_roundup.coding.faults import Faults, shown
from expert_roundup.coding.refi_qda.archive import write_archive
from expert_roundup.coding.refi_qda.codebook_xml import add_codes
from expert_roundup.coding.refi_qda.identity import guid
from expert_roundup.coding.refi_qda.memos import write_memos
from expert_roundup.coding.refi_qda.selections import QuoteText, Selection, quote_text, split_selections
from expert_roundup.coding.refi_qda.variables import add_values, add_variables, variable_columns
from expert_roundup.coding.refi_qda.xml_writing import DATE, ORIGIN, PROJECT, child_of, root_of, xml_bytes

#: signs that no file name may hold; QualCoder saves each source under its name
_NO_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_MAX_NAME = 80


def export_project(
    quotes: pd.DataFrame,
    codebook: pd.DataFrame | None = None,
    codings: pd.DataFrame | None = None,
    *,
    name: str = "expert roundup",
    source_text: str = "",
    is_all: bool = False,
    threshold: float = THRESHOLD,
) -> bytes:
    """Write quotes, codebook and codings as a QDPX project.

    Parameters
    ----------
    quotes
        At least quote_id and text; every other column becomes a variable of the quote's source.
    codebook
        Needed with codings.
    codings
        The readings; their evidence counts in the source of the quotes, like the quotes' start and end.
    name
        Name of the project.
    source_text
        The source that offsets index. Evidence in a quote of several pieces is placed with its help; without it,
        such a coding selects the whole quote and names its place in the memo.
    is_all
        Export considered and rejected themes too: in other programs they count as coded, and only their memo says
        that their confidence is below the threshold. `import_project` then gives all codings back.

    Returns
    -------
    bytes
        The content of a .qdpx file, equal on every run. A coding without evidence selects the whole quote. A coder
        who read a quote and gave no theme has a selection without a code there, which programs show as a note.

    Raises
    ------
    ValueError
        Quotes, codebook or codings are unusable, or do not fit together; all offending rows are named.

    Examples
    --------
    >>> quotes = pd.DataFrame({"quote_id": ["Q01"], "speaker": ["Jane"], "text": ["I plan."]})
    >>> export_project(quotes, name="Plans")[:2]
    b'PK'
    """
    _check_quotes(quotes)
    checked = _checked(codings, quotes, codebook, threshold if not is_all else 0.0)
    users = list(checked["coder"].unique()) or [ORIGIN]
    root = root_of(
        PROJECT, "Project", name=name, origin=ORIGIN, creatingUserGUID=guid("user", users[0]), creationDateTime=DATE
    )  # fmt: skip
    _add_users(root, users)
    if codebook is not None:
        add_codes(child_of(root, "CodeBook"), codebook)
    rows = [{str(key): value for key, value in row.items()} for row in quotes.to_dict("records")]
    texts = [quote_text(row, source_text=source_text) for row in rows]
    table = quotes.assign(places=[text.places for text in texts])
    kinds = variable_columns(table)
    add_variables(root, kinds)
    files = _add_sources(root, table, texts, checked, kinds, users[0])
    child_of(root, "Description", _about(name, is_all=is_all, threshold=threshold))
    return write_archive(xml_bytes(root), files)


def _check_quotes(quotes: pd.DataFrame) -> None:
    if not isinstance(quotes, pd.DataFrame):
        raise TypeError(f"quotes must be a frame, not {type(quotes).__name__}")
    missing = [column for column in ("quote_id", "text") if column not in quotes.columns]
    if missing:
        raise ValueError(f"quotes: no column {', '.join(missing)}; needed are quote_id and text")
    if quotes.empty:
        raise ValueError("quotes: no rows")
    quote_id = quotes["quote_id"].astype("str").reset_index(drop=True)
    faults = Faults("quotes")
    faults.add(quote_id == "", lambda _: "quote_id is empty")
    faults.add(quote_id.duplicated(), lambda row: f"{shown(quote_id.iloc[row])} stands there already")
    is_blank = quotes["text"].astype("str").str.strip().reset_index(drop=True) == ""
    faults.add(is_blank, lambda row: f"{shown(quote_id.iloc[row])} has no text")
    faults.raise_any()


def _checked(
    codings: pd.DataFrame | None, quotes: pd.DataFrame, codebook: pd.DataFrame | None, threshold: float
) -> pd.DataFrame:
    """Codings from `threshold` on, and a row without theme for whoever read a quote and has none left."""
    if codings is None:
        return check_codings(pd.DataFrame(columns=["quote_id", "theme", "coder", "confidence"]))
    if codebook is None:
        raise ValueError("codings need a codebook: themes are exported as its codes")
    book = check_codebook(codebook)
    has_places = {"start", "end"} <= set(quotes.columns)
    placed = quotes if has_places else quotes.assign(start=0, end=quotes["text"].astype("str").str.len())
    rows = check_codings(codings, quotes=placed, codebook=book)
    kept = rows[(rows["theme"] == "") | (rows["confidence"] >= threshold)]
    pair = ["quote_id", "coder"]
    read = rows.drop_duplicates(pair)
    silent = read[~pd.MultiIndex.from_frame(read[pair]).isin(pd.MultiIndex.from_frame(kept[pair]))]
    return check_codings(pd.concat([kept, silent[pair].assign(theme="", confidence=None)]))


def _add_users(root: Any, users: Sequence[str]) -> None:
    place = child_of(root, "Users")
    for user in users:
        child_of(place, "User", guid=guid("user", user), name=user)


def _add_sources(
    root: Any,
    quotes: pd.DataFrame,
    texts: Sequence[QuoteText],
    codings: pd.DataFrame,
    kinds: dict[str, str],
    user: str,
) -> dict[str, bytes]:
    """Add the element Sources; return the text files that it names."""
    place = child_of(root, "Sources")
    by_quote = dict(tuple(codings.groupby("quote_id", sort=False)))
    names = source_names(quotes)
    files = {}
    for row, text, source_name in zip(quotes.to_dict("records"), texts, names, strict=True):
        identity = guid("source", row["quote_id"], text.plain.text)
        files[f"{identity}.txt"] = text.plain.text.encode("utf-8")
        source = child_of(
            place,
            "TextSource",
            guid=identity,
            name=source_name,
            plainTextPath=f"internal://{identity}.txt",
            creatingUser=guid("user", user),
            creationDateTime=DATE,
        )
        for selection in split_selections(by_quote.get(row["quote_id"], codings.head(0)), text):
            _add_selection(source, identity, text.plain.text, selection)
        add_values(source, {str(key): value for key, value in row.items()}, kinds)
    return files


def source_names(quotes: pd.DataFrame) -> list[str]:
    """A name for the source of every quote, unique, usable as a file name: identity and speaker.

    Examples
    --------
    >>> source_names(pd.DataFrame({"quote_id": ["Q01", "Q02"], "speaker": ["Jane Doe", "A/B"]}))
    ['Q01 Jane Doe', 'Q02 A B']
    """
    speakers = quotes["speaker"].astype("str").fillna("") if "speaker" in quotes.columns else [""] * len(quotes)
    names: list[str] = []
    taken: set[str] = set()
    for quote_id, speaker in zip(quotes["quote_id"].astype("str"), speakers, strict=True):
        plain = " ".join(_NO_NAME.sub(" ", f"{quote_id} {speaker}").split())[:_MAX_NAME].strip(" .")
        n = 1
        while (tried := plain if n == 1 else f"{plain} ({n})").casefold() in taken:
            n += 1
        taken.add(tried.casefold())
        names.append(tried)
    return names


def _add_selection(source: Any, identity: str, text: str, selection: Selection) -> None:
    user = guid("user", selection.coder)
    marked = guid("selection", identity, selection.start, selection.end, selection.coder)
    n_lines_before = text.count("\n", 0, selection.start)
    place = child_of(
        source,
        "PlainTextSelection",
        guid=marked,
        name=f"line:{n_lines_before}",
        startPosition=str(selection.start),
        endPosition=str(selection.end),
        creatingUser=user,
        creationDateTime=DATE,
    )
    child_of(place, "Description", write_memos(selection.memos))
    for memo in selection.memos:
        if memo.theme:
            coding = child_of(
                place, "Coding", guid=guid("coding", marked, memo.theme), creatingUser=user, creationDateTime=DATE
            )
            child_of(coding, "CodeRef", targetGUID=guid("code", memo.theme))


def _about(name: str, *, is_all: bool, threshold: float) -> str:
    rejected = (
        f"Themes that a coder considered and rejected are here too: a confidence below {threshold:g} in the memo."
        if is_all
        else f"Themes below a confidence of {threshold:g} were left out."
    )
    return (
        f"{name}. Each source is one answer. A memo names theme and confidence, then the coder's reason. "
        f"A coding of a whole source has no evidence marked. {rejected}"
    )

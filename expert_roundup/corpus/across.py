"""What single roundups are asked, asked of a whole dataset: norms, suggestions and clusters of wording."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from expert_roundup.corpus.dataset import Dataset, describe, work_folder
from expert_roundup.corpus.lock import locked
from expert_roundup.corpus.tally import document_of

if TYPE_CHECKING:
    from expert_roundup.analysis.clusters import Wording

#: suggestions of a quotes frame by a codebook: quote_id, theme, score, is_suggested, start, end
Suggest = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]
#: quotes that the exploration of clusters compares, each with each
MOST_CLUSTERED = 500


def corpus_norms(dataset: Dataset) -> Iterator[pd.DataFrame]:
    """Norms of every quote, partition by partition.

    Yields
    ------
    DataFrame
        One row per statement: the norms frame with the document in front; offsets count within
        the quote.
    """
    from expert_roundup.analysis.norms import norms

    for quotes in dataset.batches("quotes", columns=["quote_id", "document", "language", "question", "text"]):
        found = norms(quotes.drop(columns="document"))
        found.insert(0, "document", document_of(found["quote_id"]))
        yield found


def norms_by_document(found: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Count norms per document.

    Returns
    -------
    DataFrame
        One row per document (index): n_read (its quotes), and quotes with at least one prescription, and proscription.
    """
    sizes = dataset.read("documents", columns=["document", "n_quotes"]).set_index("document")["n_quotes"]
    table = pd.DataFrame({"n_read": sizes})
    for kind in ("prescription", "proscription"):
        rows = found[found["kind"].isin([kind, "both"])].drop_duplicates("quote_id")
        table[kind] = rows["document"].value_counts().reindex(table.index, fill_value=0)
    return table


def add_suggestions(dataset: Dataset, codebook: pd.DataFrame, suggest: Suggest) -> int:
    """Write machine suggestions beside the quotes, apart from any reading, and return how many rows.

    Earlier suggestions are replaced, all at once.

    Raises
    ------
    ValueError
        Somebody else writes the dataset.
    """
    with locked(work_folder(dataset.folder) / "lock"):
        beside, place = dataset.folder / ".suggestions", dataset.folder / "suggestions"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        files = dataset.files("quotes")
        batches = dataset.batches("quotes", columns=["quote_id", "document", "language", "text"])
        n = sum(
            _suggest_into(beside / path.name, quotes, codebook, suggest)
            for path, quotes in zip(files, batches, strict=True)
        )
        shutil.rmtree(place, ignore_errors=True)
        beside.rename(place)
        counts = dataset.counts | {"suggestions": n}
        describe(dataset.folder, parser=dataset.parser, n_partitions=dataset.n_partitions, counts=counts)
    with contextlib.suppress(OSError):
        work_folder(dataset.folder).rmdir()
    return n


def _suggest_into(path: Path, quotes: pd.DataFrame, codebook: pd.DataFrame, suggest: Suggest) -> int:
    import pyarrow as pa

    from expert_roundup.corpus.parts import write_table
    from expert_roundup.corpus.schema import schema

    wanted, table = schema("suggestions"), schema("suggestions").empty_table()
    if len(quotes):
        rows = suggest(quotes[["quote_id", "language", "text"]], codebook)
        rows = rows.assign(document=document_of(rows["quote_id"]))
        table = pa.Table.from_pandas(rows[wanted.names], schema=wanted, preserve_index=False)
    write_table(table, path)
    return int(table.num_rows)


def corpus_wording(dataset: Dataset, *, n: int = MOST_CLUSTERED, seed: int = 0) -> Wording:
    """Wording of a random sample of quotes, for clusters: comparing each with each does not go beyond some hundreds."""
    from expert_roundup.analysis.clusters import wording_of_quotes
    from expert_roundup.corpus.sampling import sample

    known = dataset.read("near_duplicates")["document"]
    quotes = dataset.read("quotes", columns=["document"])
    available = int((~quotes["document"].isin(known)).sum())
    drawn = sample(dataset, min(n, available), by=("language",), seed=seed)
    return wording_of_quotes(drawn.sort_values("quote_id").reset_index(drop=True))

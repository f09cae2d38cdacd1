"""The report as one page: parts put together, and a policy that lets it load nothing and run nothing but its own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from expert_roundup.output.charts.words import check_frame, plural
from expert_roundup.output.report.escaping import Html, element, escaped, joined
from expert_roundup.output.report.explorer import explorer
from expert_roundup.output.report.notebooks import NotebookPage, notebook_id, notebook_parts, notebook_title
from expert_roundup.output.report.summary import summary
from expert_roundup.output.report.tables import study_tables
from expert_roundup.output.slides.speaking import METHODS

if TYPE_CHECKING:
    import pandas as pd

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_LIMITED = ("tally", "agreement", "reconstruction")


def build_report(
    frames: Mapping[str, pd.DataFrame],
    *,
    title: str = "",
    source: str = "",
    notes: Mapping[str, str] | None = None,
    said: Sequence[str] = (),
    limits: Sequence[str] = (),
    wording: str = "",
    notebooks: Sequence[NotebookPage] = (),
) -> bytes:
    """Return the report of a study as one HTML file in UTF-8, the same bytes on every run.

    Parameters
    ----------
    frames
        Of a study, by name: quotes, and as far as it has them codebook, codings, tally, agreement, reconstruction,
        norms and platforms.
    title
        Of the page; default: what was counted.
    source
        Where the numbers come from, for the head and the foot.
    notes
        A limit to state beside a finding, by the chart's name.
    said
        Further sentences for the summary.
    limits
        Sentences on what the numbers do not show.
    wording
        What a reader must know of the words of the answers.
    notebooks
        Notebooks with their outputs (`read_notebook`, `run_notebook`).

    Raises
    ------
    ValueError
        There are no quotes, or a frame lacks a column.

    Notes
    -----
    The page asks for nothing outside itself, and its policy forbids it to. Answers, names and whatever else comes from
    a source or from codings are text, never markup; marks that turn the writing direction are left out, control
    characters are shown as U+FFFD.
    """
    if "quotes" not in frames:
        raise ValueError(f"frames: needs quotes; there are {', '.join(sorted(frames)) or 'none'}")
    quotes = check_frame(frames["quotes"], "quotes", ["quote_id", "text"])
    notes = notes or {}
    sections = [
        ("summary", "In short", summary(frames, notes=notes, said=said)),
        ("quotes", "Answers", explorer(frames, wording=wording)),
        *_tables(frames, notes),
        *_notebooks(notebooks),
        ("limits", "What these numbers do not show", _limits(frames, limits)),
    ]
    sections = [section for section in sections if section[2]]
    style, script = _text("report.css") + _theme_colors(frames), _text("report.js")
    page = Template(_text("report.html")).substitute(
        title=escaped(title or f"What {plural(len(quotes), 'answer')} advise"),
        source=escaped(source),
        contents=element("ul", *(element("li", element("a", name, href=f"#{key}")) for key, name, _ in sections)),
        sections=joined((_section(*section) for section in sections), "\n"),
        style=style,
        script=script,
        policy=escaped(_policy(style, script)),
    )
    return page.encode("utf-8")


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """The page's content security policy: its own style and script, told by their hashes, and pictures it carries."""
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _section(key: str, heading: str, content: Html) -> Html:
    return element(
        "section", element("h2", heading, id=f"{key}-heading"), content, id=key, aria_labelledby=f"{key}-heading"
    )


def _tables(frames: Mapping[str, pd.DataFrame], notes: Mapping[str, str]) -> list[tuple[str, str, Html]]:
    parts = []
    for key, heading, table in study_tables(frames):
        note = " ".join(filter(None, [METHODS[key][0], notes.get(key, "")]))
        parts.append(joined([element("h3", heading, id=key), element("p", note), table]))
    return [("tables", "Tables", joined(parts))] if parts else []


def _notebooks(pages: Sequence[NotebookPage]) -> list[tuple[str, str, Html]]:
    if not pages:
        return []
    places = [element("li", element("a", notebook_title(page), href=f"#{notebook_id(page.name)}")) for page in pages]
    return [("notebooks", "Notebooks", joined([element("ul", *places), *notebook_parts(pages)]))]


def _limits(frames: Mapping[str, pd.DataFrame], limits: Sequence[str]) -> Html:
    known = [METHODS[name][1] for name in _LIMITED if name in frames]
    items = [element("li", limit) for limit in dict.fromkeys([*limits, *known])]
    return element("ul", *items) if items else Html("")


def _theme_colors(frames: Mapping[str, pd.DataFrame]) -> str:
    """A rule a theme: its colour in the codebook, beside its name on every card."""
    codebook = frames.get("codebook")
    colors = [] if codebook is None or "color" not in codebook.columns else list(codebook["color"].astype(str))
    return "".join(f".theme-t{i} {{ --own: {color}; }}\n" for i, color in enumerate(colors) if _COLOR.fullmatch(color))

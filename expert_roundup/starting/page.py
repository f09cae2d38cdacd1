"""The README of a study folder: what was found, what lies there, and what comes next."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from expert_roundup.starting.check import roster_check

if TYPE_CHECKING:
    from expert_roundup.parsing import Roundup

_PAGE = """\
# A study of: {title}

Laid out by expert-roundup {version} from {source} (sha256 {digest}).

## Check first

{check}

`quotes.csv` holds every answer with its speaker: mend names and roles there.
Leave `quote_id`, `start` and `end` alone: codings and evidence point at them.
Then fill in the definitions in `codebook.yaml`: two people should be able to code alike by them.

## The next three commands, in this folder

```sh
{commands}
```

{first}; every coding is a row of `codings.csv`, which any spreadsheet edits as well.
The second counts what you have coded so far, the third makes slides of it.
`expert-roundup study . -o reports` writes tables and charts at once, `expert-roundup charts . -o charts` pictures.

## What lies here

| file | what it is |
|---|---|
| `quotes.csv` | one row an answer: speaker, question, place in the source, text |
| `codebook.yaml` | the themes, with definitions to fill in |
| `codings.csv` | your codings; nothing but a header until you code |
{published}| `{text}` | the text in which `start` and `end` count |
| `study.json` | name and hash of the source |
{notebooks}
Several people code apart, each into a file of their own; this joins them:

```sh
expert-roundup merge ann.csv bo.csv -o codings.csv --overwrite
```
"""
_NOTEBOOKS = """\
| `1-code.ipynb` | code the quotes, blind until you are done |
| `2-tally.ipynb` | your tally, and how firm its order is |
| `3-agreement-and-reconstruction.ipynb` | how sure each count is |
"""


def next_commands(folder: str, *, has_published: bool, has_notebooks: bool) -> tuple[str, ...]:
    """Return the next three commands, with paths that hold where `folder` does.

    Examples
    --------
    >>> next_commands("my study", has_published=True, has_notebooks=True)[1]
    "expert-roundup tally 'my study/codings.csv' --published 'my study/published_tally.csv'"
    """

    def here(name: str) -> str:
        return shlex.quote(str(Path(folder, name)))

    published = f" --published {here('published_tally.csv')}" if has_published else ""
    return (
        f"jupyter lab {here('1-code.ipynb')}" if has_notebooks else f"expert-roundup suggest {here('quotes.csv')}",
        f"expert-roundup tally {here('codings.csv')}{published}",
        f"expert-roundup slides {here('')} -o slides.pptx",
    )


def readme(roundup: Roundup, *, has_notebooks: bool = True) -> str:
    """Return the README.md of a study folder, with or without its notebooks."""
    from expert_roundup.datasets import version

    name = Path(roundup.source.name).name or roundup.source.name
    return _PAGE.format(
        title=_plain(roundup.title) or _plain(name),
        version=version(),
        source=_plain(name),
        digest=roundup.source.sha256[:12],
        check="\n".join(f"- {_plain(sentence)}" for sentence in roster_check(roundup)),
        commands="\n".join(next_commands(".", has_published=bool(roundup.published), has_notebooks=has_notebooks)),
        first="The first opens the coding widget" if has_notebooks else "The first suggests themes to weigh",
        notebooks=_NOTEBOOKS if has_notebooks else "",
        published="| `published_tally.csv` | the page's own totals |\n" if roundup.published else "",
        text="source.txt" if roundup.source.format == "txt" else "source.md",
    )


def _plain(text: str) -> str:
    """One line that Markdown shows as it is: titles and names of a page may hold anything."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split()))

"""Frames as tables in Markdown and LaTeX; what a cell says is never read as markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from expert_roundup.output.screen import screen_cells

if TYPE_CHECKING:
    import pandas as pd

_MARKDOWN = re.compile(r"([\\`*_\[\]|~$])")
_LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}
#: letters beyond which a column is set in lines, and rows beyond which a table breaks over pages
_LONG, _MANY = 40, 30


def frame_to_markdown(frame: pd.DataFrame) -> str:
    r"""Return a frame as a Markdown table.

    Returns
    -------
    str
        One line per row under the header. Numbers stand right and have at most three decimals, missing values are
        empty, a line break is a blank. Markup and HTML in a cell are shown, not obeyed.

    Examples
    --------
    >>> import pandas as pd
    >>> print(frame_to_markdown(pd.DataFrame({"theme": ["goals", "a|b"], "n": [9, 8]})), end="")
    | theme | n |
    |---|---:|
    | goals | 9 |
    | a\|b | 8 |
    """
    names, columns, right = screen_cells(frame)
    lines = [_pipes(names), "|" + "".join("---:|" if is_right else "---|" for is_right in right)]
    return "\n".join([*lines, *map(_pipes, zip(*columns, strict=True))]) + "\n"


def frame_to_latex(frame: pd.DataFrame, *, caption: str = "", label: str = "") -> str:
    r"""Return a frame as a LaTeX table; the document needs the packages booktabs and longtable.

    Parameters
    ----------
    frame
        Any frame; it is not changed.
    caption
        Text of the caption, escaped here like the cells.
    label
        For ``\ref``.

    Returns
    -------
    str
        A table of one page, or a longtable where there are more than 30 rows. Numbers stand right and have at most
        three decimals; columns of long text are set in lines.

    Examples
    --------
    >>> import pandas as pd
    >>> print(frame_to_latex(pd.DataFrame({"theme": ["R&D"], "n": [9]})), end="")
    \begin{table}
    \centering
    \begin{tabular}{lr}
    \toprule
    theme & n \\
    \midrule
    R\&D & 9 \\
    \bottomrule
    \end{tabular}
    \end{table}
    """
    names, columns, right = screen_cells(frame)
    letters = [max([len(name), *map(len, column)]) for name, column in zip(names, columns, strict=True)]
    wide = sum(n > _LONG for n in letters)
    share = f"{0.8 / max(wide, 1):.2f}"
    kinds = [
        "r" if is_right else "l" if n <= _LONG else rf"p{{{share}\linewidth}}"
        for n, is_right in zip(letters, right, strict=True)
    ]
    head = [r"\toprule", _ampersands(names), r"\midrule"]
    rows = [_ampersands(row) for row in zip(*columns, strict=True)]
    said = [rf"\caption{{{_tex(caption)}}}" if caption else "", rf"\label{{{label}}}" if label else ""]
    if len(rows) > _MANY:
        ends = r" \\" if any(said) else ""
        before = [rf"\begin{{longtable}}{{{''.join(kinds)}}}", "".join(said) + ends, *head, r"\endhead"]
        after = [r"\bottomrule", r"\end{longtable}"]
    else:
        before = [r"\begin{table}", r"\centering", *said, rf"\begin{{tabular}}{{{''.join(kinds)}}}", *head]
        after = [r"\bottomrule", r"\end{tabular}", r"\end{table}"]
    return "".join(f"{line}\n" for line in [*before, *rows, *after] if line)


def _pipes(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(_MARKDOWN.sub(r"\\\1", _entities(cell)) for cell in cells) + " |"


def _entities(cell: str) -> str:
    return cell.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _ampersands(cells: tuple[str, ...] | list[str]) -> str:
    return " & ".join(map(_tex, cells)) + r" \\"


def _tex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)

"""Markdown written block by block: prefixes of quotes and list items, and escapes where text would be read as markup.

HTML and Word documents are written this way, so that every layout looks at one kind of block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

#: deeper quotes and lists are written flat: no reader follows them, and prefixes would outgrow the text
MAX_DEPTH = 8


class Run(NamedTuple):
    """A piece of running text with one look; a line feed in `text` is a forced line break."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    href: str = ""


#: characters that may need an escape, for a quick look
_SPECIAL = re.compile(r"[\\*_`\[<&~]")
_INLINE = re.compile(
    r"""(?x)
    (?P<back> \\ (?=[!-/:-@\[-`{-~]) | (?<!\s)\* | \*(?!\s) | (?<![^\W_])_ | _(?![^\W_]) | `
      | \[ (?= [^\[\]]{0,200} \] [(\[:] ) | ~ (?=~) )     # escaped by a backslash
    | (?P<tag> < (?= [A-Za-z/!?] ) )                      # a tag would vanish
    | (?P<entity> & (?= \#?\w{1,32}; ) )                  # the page shows an entity literally
    """
)
#: what opens a block at the start of a line
_LINE_START = re.compile(
    r"""(?x)
    (?P<sign> \#{1,6}(?=\s|$) | [-+*](?=\s|$) | > | ``` | ~~~ | ::: | \+\+\+ | =+\s*$ | [-_*](?:[ \t]*[-_*])+\s*$
      | [|:][|:\s-]*$ )
    | (?P<number> \d{1,9} ) (?= [.)] (?:\s|$) )
    """
)
_STARTERS = frozenset("#>-+*=~`_|:0123456789")


def escaped(text: str) -> str:
    r"""`text` so that Markdown shows it as it is; line starts are left to `Pen`.

    Examples
    --------
    >>> escaped("snake_case, 2*3, <b> and [a](b)")
    'snake_case, 2\\*3, &lt;b> and \\[a](b)'
    """
    return _INLINE.sub(_escape, text) if _SPECIAL.search(text) else text


def _escape(match: re.Match[str]) -> str:
    return "&lt;" if match["tag"] else "&amp;" if match["entity"] else "\\" + match.group()


def inline(runs: Sequence[Run]) -> str:
    """The runs as Markdown: bold outside italic outside links, blanks outside all of them.

    Examples
    --------
    >>> inline([Run("Jane Doe", bold=True, href="https://example.org"), Run(", CEO: ", bold=True), Run("I do.")])
    '**[Jane Doe](https://example.org), CEO:** I do.'
    """
    if len(runs) == 1 and not any(runs[0][1:]):
        return escaped(runs[0].text)
    pieces: list[str] = []
    at = 0
    while at < len(runs):
        look, end = _longest_look(runs, at)
        if look == "code":
            pieces.append(_code("".join(run.text for run in runs[at:end])))
        elif look:
            # what reaches furthest goes outside, so that marks nest as the page nested them
            inner = inline([run._replace(**{look: _PLAIN[look]}) for run in runs[at:end]])
            pieces.append(_marked(inner, look, runs[at].href, pieces))
        else:
            pieces.append(escaped(runs[at].text))
        at = end
    return "".join(pieces)


#: each look and its absence, those that go outside first
_PLAIN: dict[str, Any] = {"bold": False, "italic": False, "href": "", "code": False}
_MARKS = {"bold": "**", "italic": "*"}


def _longest_look(runs: Sequence[Run], at: int) -> tuple[str, int]:
    """The look of the run at `at` that reaches furthest, and where it ends; "" and the next run if it has none."""
    best, best_end = "", at + 1
    for look, plain in _PLAIN.items():
        value = getattr(runs[at], look)
        if value == plain:
            continue
        end = at + 1
        while end < len(runs) and getattr(runs[end], look) == value:
            end += 1
        if not best or end > best_end:
            best, best_end = look, end
    return best, best_end


def _marked(text: str, look: str, href: str, before: list[str]) -> str:
    bare = text.strip()
    if not bare:
        return text
    if look == "href":
        if before and before[-1].endswith("!"):
            # "more![here](x)" would be a picture
            before[-1] = before[-1][:-1] + "&#33;"
        label = bare.replace("\\[", "[").replace("[", "&#91;").replace("]", "&#93;")
        return _around(text, f"[{label}]({address(href)})")
    return _around(text, _MARKS[look] + bare + _MARKS[look])


def _code(text: str) -> str:
    bare = text.strip()
    return escaped(text) if not bare or "`" in bare else _around(text, f"`{bare}`")


def _around(text: str, inner: str) -> str:
    """`inner` with the blanks that open and close `text`."""
    bare = text.strip()
    at = text.index(bare)
    return text[:at] + inner + text[at + len(bare) :]


def address(href: str) -> str:
    """`href` as a link's target: no blanks, brackets or line ends."""
    return re.sub(r"[\s()<>\\]", lambda match: f"%{ord(match.group()):02X}", href.strip())


class Pen:
    """Writes Markdown; blocks written inside `quote()` and `item()` carry their prefixes."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._prefixes: list[list[str]] = []  # of each open container: what opens the next line, and those after it
        self._containers: tuple[int, ...] = ()  # each its own number, items negative
        self._last: tuple[str, tuple[int, ...]] = ("", ())  # the last block's kind, and the containers it stands in
        self._n_containers = 0
        self.length = 0  #: characters written so far

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n" if self._lines else ""

    def paragraph(self, runs: Sequence[Run]) -> None:
        """One paragraph, or several where two forced line breaks follow each other."""
        lines: list[str] = []
        for text in _lines_of(runs):
            if text:
                lines.append(_line_start_escaped(text))
            elif lines:
                self._block("paragraph", lines, line_end="  ")
                lines = []
        if lines:
            self._block("paragraph", lines, line_end="  ")

    def heading(self, level: int, runs: Sequence[Run]) -> None:
        """A heading on one line, its bold dropped."""
        plain = [run._replace(text=run.text.replace("\n", " "), bold=False) for run in runs]
        text = re.sub(r"(#+)$", r"\\\1", " ".join(inline(plain).split()))
        if text:
            self._block("heading", [f"{'#' * min(max(level, 1), 6)} {text}"])

    def rule(self) -> None:
        """A line across: "***", since three hyphens at the start of a text would open front matter."""
        self._block("rule", ["***"])

    def code(self, text: str) -> None:
        """A fenced block."""
        longest = max((len(ticks) for ticks in re.findall(r"`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        self._block("code", [fence, *text.strip("\n").split("\n"), fence])

    def table(self, rows: Sequence[Sequence[str]], *, has_head: bool) -> None:
        """A table of cells that are Markdown already; without a head, an empty one is written."""
        width = max(map(len, rows), default=0)
        filled = [[*(cell.replace("|", "\\|") for cell in row), *[""] * (width - len(row))] for row in rows]
        head, body = (filled[0], filled[1:]) if has_head else ([""] * width, filled)
        self._block("table", [f"| {' | '.join(row)} |" for row in (head, ["---"] * width, *body)])

    @contextmanager
    def quote(self) -> Iterator[None]:
        """Blocks within are quoted."""
        with self._inside("> ", "> "):
            yield

    @contextmanager
    def item(self, marker: str = "-") -> Iterator[None]:
        """Blocks within are a list item that `marker` opens."""
        with self._inside(f"{marker} ", " " * (len(marker) + 1)):
            yield

    @contextmanager
    def _inside(self, first: str, rest: str) -> Iterator[None]:
        if len(self._prefixes) >= MAX_DEPTH:
            yield
            return
        self._n_containers += 1
        outside = self._containers
        self._containers = (*outside, self._n_containers if first == "> " else -self._n_containers)
        self._prefixes.append([first, rest])
        yield
        self._prefixes.pop()
        self._containers = outside

    def _block(self, kind: str, lines: Sequence[str], *, line_end: str = "") -> None:
        self._separate(kind)
        last = len(lines) - 1
        for number, line in enumerate(lines):
            if self._prefixes:
                line = "".join(prefix[0] for prefix in self._prefixes) + line
                for prefix in self._prefixes:
                    prefix[0] = prefix[1]
            self._lines.append(line + line_end if number < last else line)
            self.length += len(line)
        self._last = (kind, self._containers)

    def _separate(self, kind: str) -> None:
        """A blank line, inside the containers that both blocks share; none between the items of a plain list."""
        if not self._lines:
            return
        last_kind, last = self._last
        if not last or not self._containers:
            self._lines.append("")
            return
        shared = 0
        while shared < min(len(last), len(self._containers)) and last[shared] == self._containers[shared]:
            shared += 1
        are_items = len(self._containers) == shared + 1 == len(last) and last[shared] < 0 > self._containers[shared]
        if are_items and kind == last_kind == "paragraph":
            return
        self._lines.append("".join(prefix[1] for prefix in self._prefixes[:shared]).rstrip())


def _lines_of(runs: Sequence[Run]) -> Iterator[str]:
    """Each line of the runs as Markdown, without blanks at its ends."""
    line: list[Run] = []
    for run in runs:
        *whole, rest = run.text.split("\n")
        for piece in whole:
            yield inline([*line, run._replace(text=piece)]).strip()
            line = []
        if rest:
            line.append(run if not whole else run._replace(text=rest))
    if line:
        yield inline(line).strip()


def _line_start_escaped(line: str) -> str:
    if line[0] == "[":
        return "\\" + line if re.match(r"\[[^\]]+\]:", line) else line
    if line[0] not in _STARTERS or (match := _LINE_START.match(line)) is None:
        return line
    return f"{match['number']}\\{line[match.end() :]}" if match["number"] else "\\" + line

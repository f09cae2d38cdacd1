"""The coding widget: a quote, the codebook and the coder's marks in a notebook, saved at every step."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from expert_roundup.notebook import desk as desks
from expert_roundup.notebook import sheet as sheets
from expert_roundup.notebook import view
from expert_roundup.notebook.asking import asked_move
from expert_roundup.notebook.comparison import Reference, agreement_with_readings, own_tally
from expert_roundup.notebook.keeping import CodingFile
from expert_roundup.notebook.places import Places

if TYPE_CHECKING:
    import pandas as pd

#: seconds without a step after which the comparison is drawn anew, so that drawing never stands before a click
PAUSE = 1.0


class CodingWidget(anywidget.AnyWidget):
    """What `code_quotes` returns; show it as the last line of a cell.

    Attributes
    ----------
    codings
        The coder's work so far: the codings frame.
    desk
        The sheet with its earlier steps.
    path
        The file that holds the work.
    problem
        Why the last step could not be saved or taken, "" where all is well.
    """

    _esm = Path(__file__).with_name("widget.js").read_text(encoding="utf-8")
    _css = Path(__file__).with_name("widget.css").read_text(encoding="utf-8")

    material = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    comparison = traitlets.Dict().tag(sync=True)
    chart = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        quotes: pd.DataFrame,
        where: Mapping[str, Places],
        reference: Reference,
        sheet: sheets.Sheet,
        file: CodingFile,
    ) -> None:
        self._where, self._reference, self._file = where, reference, file
        self._is_saved, self._is_watched, self.problem, self._step = True, False, "", 0
        self._timer: asyncio.TimerHandle | None = None
        self.desk = desks.Desk(sheet)
        # the first unread quote lies open, also after a restart
        self.desk = self.desk if sheet.quotes[0] not in sheet.marks else desks.turn_to_unread(self.desk)
        super().__init__(
            material=view.material(quotes, reference.codebook, sheet.coder), state=self._shown("Nothing to save yet.")
        )
        self.on_msg(self._on_message)

    def __repr__(self) -> str:
        # says nothing of how far the work has come, so that a notebook's stored output stays true
        sheet = self.desk.sheet
        size = f"{len(sheet.quotes)} quotes, {len(sheet.themes)} themes"
        return f"Coding widget of {sheet.coder}: {size}; run this cell to open it"

    @property
    def codings(self) -> pd.DataFrame:
        """One row per quote x theme considered: the codings frame."""
        return sheets.to_codings(self.desk.sheet)

    @property
    def path(self) -> Path:
        """The file that holds the work."""
        return self._file.path

    def give(
        self, quote_id: str, theme: str, *, words: str | None = None, confidence: float | None = None, memo: str = ""
    ) -> None:
        """Give a theme to a quote, as a click would: with the words that show it, how sure it is, and why.

        Raises
        ------
        ValueError
            The quote, the theme or the words are not there, or the confidence is no number from 0 to 1.
        """
        evidence = None if words is None else self._place(quote_id).find(words)

        def step(sheet: sheets.Sheet) -> sheets.Sheet:
            sheet = sheets.give(sheet, quote_id, theme, evidence=evidence)
            sheet = sheet if confidence is None else sheets.weigh(sheet, quote_id, theme, confidence)
            return sheets.note(sheet, quote_id, theme, memo) if memo else sheet

        self._take(lambda desk: desks.change(desk, step))

    def give_none(self, quote_id: str) -> None:
        """Say that a quote was read and no theme applies."""
        self._take(lambda desk: desks.change(desk, lambda sheet: sheets.read_without_theme(sheet, quote_id)))

    def take_back(self, quote_id: str, theme: str) -> None:
        """Take a theme back."""
        self._take(lambda desk: desks.change(desk, lambda sheet: sheets.take_back(sheet, quote_id, theme)))

    def undo(self) -> None:
        """Go back one step."""
        self._take(desks.undo)

    def finish(self) -> None:
        """End the blind part: from now on `tally` and `agreement` answer, and the comparison is shown."""
        self._take(desks.finish)

    @property
    def tally(self) -> pd.DataFrame:
        """The coder's tally beside the published one; blind until `finish`."""
        self._check_open()
        return own_tally(self.codings, self._reference)

    @property
    def agreement(self) -> pd.DataFrame:
        """Agreement with each reading; blind until `finish`."""
        self._check_open()
        return agreement_with_readings(self.codings, self._reference)

    def _check_open(self) -> None:
        if not self.desk.is_open:
            raise ValueError("blind until done: finish() opens the comparison with other readings and published totals")

    def _place(self, quote_id: str) -> Places:
        if quote_id not in self._where:
            raise ValueError(f"quote_id {quote_id!r} is not among the {len(self._where)} quotes")
        return self._where[quote_id]

    def _take(self, move: Callable[[desks.Desk], desks.Desk], said: str = "") -> None:
        """Take one step, save what it changed, and show the result."""
        before = self.desk
        self.desk = move(before)
        if self.desk.sheet != before.sheet:
            self._is_saved = False
        self._save()
        self.state = self._shown(said)
        if self.desk.is_open and (not before.is_open or self.desk.sheet != before.sheet):
            self._compare_soon()

    def _save(self) -> None:
        """Write what is not yet written; where that fails, the work stays here and the reason is shown."""
        if self._is_saved:
            return
        try:
            self._file.save(self.codings)
        except (OSError, ValueError) as error:
            self.problem = _reason(error)
        else:
            self._is_saved, self.problem = True, ""

    def _shown(self, said: str = "") -> dict[str, Any]:
        """The state that the browser gets; `step` grows, so that the browser knows what was answered."""
        shown = view.open_quote(self.desk, self._where[self.desk.quote_id])
        saved = f"Saved in {self._file.path.name}." if self._is_saved and self.desk.sheet.marks else ""
        return shown | {
            "step": self._step,
            "is_saved": self._is_saved,
            "problem": self.problem,
            "said": " ".join(filter(None, (said, saved))),
            "path": str(self._file.path),
        }

    def _on_message(self, _widget: object, message: Any, _buffers: object) -> None:
        """Take the step that a browser asks for; whatever is wrong with it is told there."""
        if not isinstance(message, dict):
            return
        self._step = message.get("step", self._step)
        self._is_watched = True
        try:
            self._obey(message)
        except (OSError, ValueError, TypeError, KeyError) as error:
            self.state = self._shown(f"Not done: {_reason(error)}.")

    def _obey(self, message: Mapping[str, Any]) -> None:
        if message.get("do") == "move":
            self._file.move(Path(str(message["path"])))
            self._is_saved = False
        self._take(asked_move(message, self._where), str(message.get("said", "")))
        if message.get("do") == "show" and self.desk.is_open:
            self._compare_soon()

    def _compare_soon(self) -> None:
        """Draw the comparison once the coder pauses; where no browser looks on, nothing is drawn."""
        if not self._is_watched:
            return
        if self._timer is not None:
            self._timer.cancel()
        try:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self._compare)
        except RuntimeError:  # outside a kernel nothing else waits
            self._compare()

    def _compare(self) -> None:
        codings = self.codings
        self.comparison = view.comparison(codings, self._reference, n_changed_since=self.desk.n_changed_since)
        self.chart = {} if codings.empty else _picture(own_tally(codings, self._reference))


def _picture(tally: pd.DataFrame) -> dict[str, str]:
    from expert_roundup.output.charts import make_chart, render_chart

    chart = make_chart("tally", tally)
    data = base64.b64encode(render_chart(chart, "png")).decode("ascii")
    return {"src": f"data:image/png;base64,{data}", "alt": f"{chart.title}. {chart.alt_text}"}


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error) or type(error).__name__

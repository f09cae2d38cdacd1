"""The file that holds one coder's work: read when coding begins, written whole after every step."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class CodingFile:
    """A csv of codings with a single coder in it.

    Attributes
    ----------
    path
        Where it lies; it need not exist yet.
    coder
        Whose it is.
    overwrite
        Begin anew whatever the file holds; it is replaced at the first step.
    """

    path: Path
    coder: str
    overwrite: bool = False
    _known: bytes | None = field(default=None, init=False, repr=False)

    def read(self) -> pd.DataFrame:
        """Return what the coder has coded so far, no rows where there is no file.

        Raises
        ------
        ValueError
            The file is no csv of codings, or holds those of another coder.
        OSError
            It cannot be read.
        """
        from expert_roundup.coding.check import COLUMNS, check_codings
        from expert_roundup.coding.codings import read_codings

        self._known = self._content()
        if self._known is None or self.overwrite:
            import pandas as pd

            return check_codings(pd.DataFrame(columns=list(COLUMNS)))
        codings = read_codings(self.path)
        others = [name for name in codings["coder"].unique() if name != self.coder]
        if others:
            raise ValueError(
                f"{self.path} holds codings of {', '.join(others[:20])}, not of {self.coder} alone; name another file "
                f"(expert-roundup merge joins them), or pass overwrite=True to begin it anew"
            )
        return codings

    def save(self, codings: pd.DataFrame) -> None:
        """Write the codings, whole or not at all.

        Raises
        ------
        ValueError
            Somebody else has changed the file since it was read or written here.
        OSError
            It cannot be written; what stood there is untouched.
        """
        from expert_roundup.output.files import save_bytes
        from expert_roundup.output.tables import frame_to_csv

        if self._content() != self._known:
            raise ValueError(f"{self.path} was changed elsewhere (another notebook?), and is left as it is there")
        data = frame_to_csv(codings).encode("utf-8")
        save_bytes(self.path, data, overwrite=True)
        self._known = data

    def move(self, path: Path) -> None:
        """Go on in another file, which must not exist yet.

        Raises
        ------
        ValueError
            It exists.
        """
        from expert_roundup.output.files import check_free

        self.path, self._known = check_free(path), None

    def _content(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

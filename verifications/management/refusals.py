"""The rows of a file that are not sent: the first are told at once, all stand in a file to mend."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from tqdm import tqdm

from verifications import phones
from verifications.management.base import Misuse
from verifications.management.notice_file import ENCODINGS, ERROR, NoticeFile, Row

_TOLD = 20


class Told(Protocol):
    def write(self, text: str, /) -> None: ...


class Refusals:
    """`count` of them. With a report, it is there once all rows were looked at: one of a run that
    was ended would lack some, and is not needed, as the same rows are refused again."""

    def __init__(self, file: NoticeFile, told: Told, report: TextIO | None) -> None:
        self.count = 0
        self.kept = False
        self._file = file
        self._told = told
        self._writer = csv.writer(report) if report else None
        if self._writer:
            self._writer.writerow([*self._without_error(file.header), ERROR])

    @classmethod
    @contextmanager
    def to(cls, path: Path | None, file: NoticeFile, told: Told) -> Iterator["Refusals"]:
        """`path`: a new file, for nobody else to read. Raises Misuse."""
        if path is None:
            refusals = cls(file, told, None)
            yield refusals
            refusals.and_more("name a --report to have all")
            return
        part = path.with_name(f"{path.name}.part")
        with _new(path, part, file.encoding) as report:
            refusals = cls(file, told, report)
            try:
                yield refusals
            finally:
                report.close()
                if refusals.kept and refusals.count:
                    _place(part, path)
                part.unlink(missing_ok=True)
        refusals.and_more(f"{path} has all" if refusals.kept else "")

    def add(self, row: Row, reason: str) -> None:
        self.count += 1
        if self._writer:
            cells = self._without_error([*row.cells, *[""] * (self._file.width - len(row.cells))])
            place = len(self._without_error(self._file.header))
            self._writer.writerow([*cells[:place], reason, *cells[place:]])
        if self.count <= _TOLD:
            # What is too short to be a number has nothing to hide.
            shown = phones.mask(row.phone[:32]) if len(row.phone) > 8 else row.phone
            with tqdm.external_write_mode():
                self._told.write(f"line {row.line}: {shown}: {reason}")

    def keep(self) -> None:
        """All rows were looked at."""
        self.kept = True

    def and_more(self, where: str) -> None:
        if self.count > _TOLD:
            self._told.write(f"... and {self.count - _TOLD} more; {where}".rstrip("; "))

    def _without_error(self, cells: list[str]) -> list[str]:
        """A report may be mended and sent, and reported on again."""
        if ERROR not in self._file.header:
            return cells
        place = self._file.header.index(ERROR)
        return cells[:place] + cells[place + 1 :]


def _new(path: Path, part: Path, encoding: str) -> TextIO:
    if path.exists():
        raise Misuse(f"{path} is there already. Move it away, or name another report.")
    try:
        part.unlink(missing_ok=True)  # of a run that was killed
        part.touch(mode=0o600, exist_ok=False)
        return part.open("w", encoding=ENCODINGS[encoding], newline="")
    except OSError as error:
        raise Misuse(f"{part}: {error.strerror}") from None


def _place(part: Path, path: Path) -> None:
    """Raises Misuse rather than write over a file that was made meanwhile."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise Misuse(f"{path} was made by somebody else meanwhile: name another report.") from None
    part.replace(path)

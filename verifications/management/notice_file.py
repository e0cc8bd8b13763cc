"""A CSV file of notices: a row a text, read as often and as far as it is needed.

    file = NoticeFile.open(path, params, encoding="utf-8", columns={"order": "订单号"})
    for row in file.rows(): ...

One that cannot be read to its end is no such file: Misuse, before anything was sent.
"""

import csv
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from verifications.management.base import Misuse

# What a Chinese Excel writes, CSV UTF-8 (with a mark in front) and CSV, and Python's names for it.
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
ERROR = "error"  # the column that a report has more, and that is not read


class Row(NamedTuple):
    """`cells` as they stand there; `phone` or a parameter is "" where the row is too short."""

    line: int
    cells: list[str]
    phone: str
    params: dict[str, str]


@dataclass(frozen=True)
class NoticeFile:
    path: Path
    encoding: str
    header: list[str]
    places: dict[str, int]  # phone and each parameter -> which column it is in

    @classmethod
    def open(
        cls, path: Path, params: Sequence[str], *, encoding: str, columns: Mapping[str, str]
    ) -> "NoticeFile":
        """`columns` says how the column of `phone` or of a parameter is called, where otherwise."""
        wanted = ["phone", *params]
        if unknown := [name for name in columns if name not in wanted]:
            raise Misuse(f"--map {unknown[0]}=…: there is {', '.join(wanted)}.")
        if encoding != "utf-8" and _is_utf8(path):
            raise Misuse(f"{path} is UTF-8: leave --encoding away.")
        lines = _lines(path, encoding)
        header = [name.strip() for name in next(lines, (0, []))[1]]
        named = {name: columns.get(name, name) for name in wanted}
        for name, column in named.items():
            if header.count(column) != 1:
                raise Misuse(
                    f"The first line of {path} has to name the columns "
                    f"{', '.join(named.values())}, each once. Is one called otherwise? "
                    f"--map {name}=COLUMN."
                )
        places = {name: header.index(column) for name, column in named.items()}
        return cls(path, encoding, header, places)

    @property
    def width(self) -> int:
        """How many columns a row has; a report of ours has one more."""
        return len(self.header)

    @property
    def unread(self) -> list[str]:
        """The columns that nothing is made of."""
        return [name for at, name in enumerate(self.header) if at not in self.places.values()]

    def rows(self) -> Generator[Row, None, None]:
        """From the first on. Raises Misuse where it is no CSV, or in another encoding."""
        lines = _lines(self.path, self.encoding)
        next(lines)
        for line, cells in lines:
            values = {
                name: cells[at] if at < len(cells) else "" for name, at in self.places.items()
            }
            yield Row(line, cells, values.pop("phone"), values)

    def count(self) -> int:
        """How many rows there are; and so the file is read to its end."""
        return sum(1 for _ in self.rows())


def _lines(path: Path, encoding: str) -> Generator[tuple[int, list[str]], None, None]:
    """(number of the line, its cells), without the empty ones."""
    reader = None
    try:
        with path.open(
            encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline=""
        ) as file:
            reader = csv.reader(file, strict=True)
            yield from ((reader.line_num, cells) for cells in reader if cells)
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        others = " or ".join(one for one in ENCODINGS if one != encoding)
        raise Misuse(f"{path} is not {encoding.upper()}. Try --encoding {others}.") from None
    except csv.Error as error:
        line = reader.line_num if reader else 1
        raise Misuse(f"{path}, line {line}: {error}") from None


def _is_utf8(path: Path) -> bool:
    """And more than ASCII. Read as GB18030 it would mostly pass, and shoppers would get 椤轰赴."""
    try:
        with path.open(encoding="utf-8") as file:
            return not all(line.isascii() for line in file)
    except UnicodeDecodeError:
        return False
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror}") from None

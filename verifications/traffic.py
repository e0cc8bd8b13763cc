"""Texts that were asked for in the past, from a CSV file: what replay_guard replays.

    time,address,phone,verified,attack
    2026-06-18T09:12:03.417+08:00,203.0.113.7,13800138000,1,0

`time` is ISO 8601 (in TIME_ZONE where it does not say) or Unix seconds; `address` may be empty;
`verified` is 1, 0, true or false. `attack` may be left out: 0 or false is a shopper's text, 1 or a
name is what it was part of.
"""

import csv
import io
import ipaddress
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from . import conf, phones
from .exceptions import VerificationError

SHOPPER, UNVERIFIED = "shopper", "unverified"

_COLUMNS = ["time", "address", "phone", "verified"]
_WORDS = {"1": True, "true": True, "0": False, "false": False, "": False}
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}", re.ASCII)
_LAST = 4_102_444_800  # 2100, in seconds


class Text(NamedTuple):
    """A text that was asked for."""

    at_ms: int  # since 1970
    phone: str  # E.164
    address: str | None
    verified: bool
    # SHOPPER, or the name of an attack; UNVERIFIED in a file that does not tell, for phones that
    # never verified anything.
    part: str


class Unreadable(Exception):
    """Complaints, one a line of the file: `line 7: address: ...`."""

    def __init__(self, *complaints: str) -> None:
        super().__init__(*complaints)
        self.complaints = complaints


def read(file: Path) -> tuple[list[Text], bool]:
    """(its texts, whether it tells what was an attack).

    Raises Unreadable with all that is wrong: a half of the traffic would tell nothing true.
    """
    rows = _rows(file)
    header = next(rows)[1]
    told = "attack" in header
    if sorted(header) != sorted(_COLUMNS + ["attack"] * told):
        columns = ", ".join(_COLUMNS)
        raise Unreadable(f"The first line has to name the columns {columns}, and may name attack.")
    texts, complaints = list[Text](), list[str]()
    for line, cells in rows:
        try:
            if len(cells) != len(header):
                raise ValueError(f"{len(header)} columns are expected")
            texts.append(_text(dict(zip(header, cells, strict=True))))
        except ValueError as error:
            complaints.append(f"line {line}: {error}")
    if complaints:
        raise Unreadable(*complaints)
    return (texts if told else _guessed(texts)), told


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """(number of its line, its cells), the header first; empty lines are left out."""
    try:
        reader = csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""), strict=True)
        yield 1, [name.strip() for name in next(reader, [])]
        for cells in reader:
            if cells:
                yield reader.line_num, [cell.strip() for cell in cells]
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{file} is not UTF-8.") from None
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num}: {error}") from None


def _text(cells: Mapping[str, str]) -> Text:
    """Raises ValueError with what is wrong; it holds no full phone."""
    verified = _WORDS.get(cells["verified"].lower())
    if verified is None or not cells["verified"]:
        raise ValueError("verified: 1 or 0 is expected")
    part = cells.get("attack", "").lower()
    known = _WORDS.get(part)
    if known is None and not _NAME.fullmatch(part):
        raise ValueError("attack: 0, 1 or a name in small letters is expected")
    name = part if known is None else "attack" if known else SHOPPER
    return Text(
        _time(cells["time"]), _phone(cells["phone"]), _address(cells["address"]), verified, name
    )


def _time(cell: str) -> int:
    try:
        seconds = float(cell)
    except ValueError:
        try:
            time = datetime.fromisoformat(cell)
            if time.tzinfo is None:
                time = time.replace(tzinfo=ZoneInfo(conf.get().time_zone))
            seconds = time.timestamp()
        except (ValueError, OverflowError):
            seconds = -1
    if not 0 <= seconds < _LAST:  # nan too
        raise ValueError("time: ISO 8601 or Unix seconds are expected")
    return round(seconds * 1000)


def _phone(cell: str) -> str:
    try:
        return phones.normalise(cell, conf.get().allowed_countries)
    except VerificationError as refusal:
        # What is too short to be a number has nothing to hide.
        shown = phones.mask(cell[:32]) if len(cell) > 8 else cell
        raise ValueError(f"phone: {shown}: {refusal.code}") from None


def _address(cell: str) -> str | None:
    try:
        return str(ipaddress.ip_address(cell)) if cell else None
    except ValueError:
        raise ValueError("address: an IPv4 or IPv6 address is expected, or none") from None


def _guessed(texts: list[Text]) -> list[Text]:
    """A phone that verified anything is a shopper's, with the texts that it asked for in vain."""
    verified = {text.phone for text in texts if text.verified}
    return [text if text.phone in verified else text._replace(part=UNVERIFIED) for text in texts]

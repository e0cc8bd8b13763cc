"""A CSV file of texts that were asked for is read whole, or refused with all its faults."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Configure
from verifications import traffic
from verifications.traffic import SHOPPER, UNVERIFIED, Text, Unreadable

Read = Callable[..., tuple[list[Text], bool]]

HEADER = "time,address,phone,verified"
TOLD = f"{HEADER},attack"
NINE = 1_781_744_400_000  # 2026-06-18 09:00 in Shanghai


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def lines(*lines: str, encoding: str = "utf-8") -> tuple[list[Text], bool]:
        file = tmp_path / "asked.csv"
        file.write_text("\n".join(lines) + "\n", encoding)
        return traffic.read(file)

    return lines


def _complaints(read: Read, *lines: str, encoding: str = "utf-8") -> Sequence[str]:
    with pytest.raises(Unreadable) as refusal:
        read(*lines, encoding=encoding)
    return refusal.value.complaints


@pytest.mark.parametrize(
    "time",
    [
        "2026-06-18T09:00:00",
        "2026-06-18 09:00:00",
        "2026-06-18T09:00:00+08:00",
        "2026-06-18T01:00:00Z",
        "1781744400",
        "1781744400.0",
    ],
)
def test_times(time: str, read: Read) -> None:
    (text,), _ = read(HEADER, f"{time},203.0.113.7,13800138000,1")
    assert text == Text(NINE, "+8613800138000", "203.0.113.7", True, SHOPPER)


def test_milliseconds_are_kept(read: Read) -> None:
    texts, _ = read(
        HEADER, "2026-06-18T09:00:00.417,,13800138000,1", "1781744400.417,,13800138000,0"
    )
    assert [text.at_ms for text in texts] == [NINE + 417] * 2


def test_a_time_is_in_the_time_zone_of_the_settings(read: Read, configure: Configure) -> None:
    configure(TIME_ZONE="UTC")
    (text,), _ = read(HEADER, "2026-06-18T01:00:00,,13800138000,1")
    assert text.at_ms == NINE


def test_an_address_may_be_unknown_or_of_ipv6(read: Read) -> None:
    texts, _ = read(HEADER, "1,,13800138000,1", "1,2001:DB8::7,13800138000,1")
    assert [text.address for text in texts] == [None, "2001:db8::7"]


def test_columns_in_any_order_as_a_spreadsheet_writes_them(read: Read) -> None:
    (text,), told = read(
        "phone, attack,verified,time,address", "", "138 0013 8000, 0,TRUE,1,", encoding="utf-8-sig"
    )
    assert (text, told) == (Text(1000, "+8613800138000", None, True, SHOPPER), True)


def test_what_is_an_attack(read: Read) -> None:
    texts, told = read(
        TOLD, *(f"1,,13800138000,0,{cell}" for cell in ("0", "false", "", "1", "true", "Pump"))
    )
    assert told
    assert [text.part for text in texts] == [SHOPPER] * 3 + ["attack"] * 2 + ["pump"]


def test_where_nobody_tells_a_phone_that_verified_anything_is_a_shoppers(read: Read) -> None:
    texts, told = read(
        HEADER, "1,,13800138000,0", "90,,+8613800138000,1", "1,,13800138001,0", "9,,13800138001,0"
    )
    assert not told
    assert [text.part for text in texts] == [SHOPPER, SHOPPER, UNVERIFIED, UNVERIFIED]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("soon,,13800138000,1,0", "time: ISO 8601 or Unix seconds are expected"),
        ("nan,,13800138000,1,0", "time: ISO 8601 or Unix seconds are expected"),
        ("-1,,13800138000,1,0", "time: ISO 8601 or Unix seconds are expected"),
        ("1781744400000,,13800138000,1,0", "time: ISO 8601 or Unix seconds are expected"),
        ("0001-01-01T00:00:00,,13800138000,1,0", "time: ISO 8601 or Unix seconds are expected"),
        (",,13800138000,1,0", "time: ISO 8601 or Unix seconds are expected"),
        ("1,home,13800138000,1,0", "address: an IPv4 or IPv6 address is expected, or none"),
        ("1,,12345678901,1,0", "phone: 123****8901: invalid_phone"),
        ("1,,13800,1,0", "phone: 13800: invalid_phone"),
        ("1,,+14155552671,1,0", "phone: +14****2671: country_not_allowed"),
        ("1,,13800138000,yes,0", "verified: 1 or 0 is expected"),
        ("1,,13800138000,,0", "verified: 1 or 0 is expected"),
        ("1,,13800138000,1,a pump", "attack: 0, 1 or a name in small letters is expected"),
        ("1,,13800138000,1", "5 columns are expected"),
        ("1,,13800138000,1,0,0", "5 columns are expected"),
    ],
)
def test_a_bad_row_is_told_with_its_line(row: str, complaint: str, read: Read) -> None:
    good = "1,,13800138000,1,0"
    assert _complaints(read, TOLD, good, row, good) == (f"line 3: {complaint}",)


def test_all_bad_rows_are_told(read: Read) -> None:
    complaints = _complaints(read, HEADER, "x,,13800138000,1", "1,,13800138000,1", "1,x,1,1")
    assert [line.partition(":")[0] for line in complaints] == ["line 2", "line 4"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "time,phone,verified",
        "time,address,phone,verified,more",
        "1,,13800138000,1",
        f"{TOLD},attack",
    ],
    ids=["nothing", "a column is missing", "one is too many", "no header", "one stands twice"],
)
def test_the_columns_have_to_be_named(header: str, read: Read) -> None:
    (complaint,) = _complaints(read, header, "1,,13800138000,1")
    assert "time, address, phone, verified" in complaint


def test_an_open_quote(read: Read) -> None:
    (complaint,) = _complaints(read, HEADER, '1,,"13800138000,1')
    assert complaint.startswith("line 2: ")


def test_not_utf_8(read: Read) -> None:
    (complaint,) = _complaints(read, HEADER, "1,,一三八,1", encoding="gb18030")
    assert complaint.endswith("asked.csv is not UTF-8.")


def test_not_there() -> None:
    with pytest.raises(Unreadable, match=r"nowhere\.csv: No such file"):
        traffic.read(Path("nowhere.csv"))

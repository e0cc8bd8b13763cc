"""Which entry of the lists a phone or an address goes by."""

import ipaddress
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from verifications.entries import Network
from verifications.rules import Row, Rules

PHONE = "+8617001234567"


def _rules(*listed: str) -> Rules:
    """Of `block phone +86…`."""
    return Rules([(*line.split(), None) for line in listed])  # type: ignore[misc]


@pytest.mark.parametrize(
    ("listed", "verdict"),
    [
        ([], None),
        (["block segment +86171"], None),
        (["block segment +86170"], "block"),
        (["allow segment +86170"], "allow"),
        (["block phone +8617001234567"], "block"),
        (["allow phone +8617001234567"], "allow"),
        (["block phone +8617001234568"], None),
        # The phone's own entry beats its segment's,
        (["block segment +86170", "allow phone +8617001234567"], "allow"),
        (["allow segment +861700123456", "block phone +8617001234567"], "block"),
        # a longer segment a shorter one,
        (["block segment +86170", "allow segment +861700"], "allow"),
        (["allow segment +86170", "block segment +861700"], "block"),
        (["allow segment +86170", "block segment +861701"], "allow"),
        # and of two that say the opposite of the same, the one that allows.
        (["block segment +86170", "allow segment +86170"], "allow"),
        (["block phone +8617001234567", "allow phone +8617001234567"], "allow"),
        # Entries of one kind say nothing about another.
        (["block address 170.0.0.0/8"], None),
    ],
)
def test_a_phone(listed: list[str], verdict: str | None) -> None:
    assert _rules(*listed).of_phone(PHONE) == verdict


def test_whether_the_phone_is_listed_itself() -> None:
    assert _rules(f"block phone {PHONE}").phone_listed_itself(PHONE)
    assert _rules(f"allow phone {PHONE}", "block segment +86170").phone_listed_itself(PHONE)
    assert not _rules("block segment +86170").phone_listed_itself(PHONE)


def test_another_country() -> None:
    listed = _rules("block segment +852", "allow segment +8525")
    assert listed.of_phone("+85261234567") == "block"
    assert listed.of_phone("+85251234567") == "allow"
    assert listed.of_phone("+85361234567") is None


@pytest.mark.parametrize(
    ("listed", "verdict"),
    [
        ([], None),
        (["block address 203.0.113.7"], "block"),
        (["block address 203.0.113.8"], None),
        (["block address 203.0.113.0/24"], "block"),
        (["block address 203.0.113.0/24", "allow address 203.0.113.7"], "allow"),
        (["allow address 203.0.0.0/16", "block address 203.0.113.0/24"], "block"),
        (["allow address 203.0.113.0/24", "block address 203.0.113.0/24"], "allow"),
        (["block address 0.0.0.0/0"], "block"),
        (["block address ::/0"], None),
        (["block phone +8617001234567"], None),
    ],
)
@pytest.mark.parametrize("ip", ["203.0.113.7", "::ffff:203.0.113.7"])
def test_an_address(listed: list[str], verdict: str | None, ip: str) -> None:
    assert _rules(*listed).of_address(ip) == verdict


def test_an_ipv6_address() -> None:
    listed = _rules("block address 2001:db8::/32", "allow address 2001:db8:1::/48")
    assert listed.of_address("2001:db8:2::1") == "block"
    assert listed.of_address("2001:db8:1::1") == "allow"
    assert listed.of_address("2001:db9::1") is None


def test_an_entry_ends(travel: Callable[[float], None]) -> None:
    end = timezone.now() + timedelta(seconds=60)
    listed = Rules(
        [
            ("allow", "phone", PHONE, end),
            ("block", "segment", "+86170", None),
            ("block", "address", "203.0.113.7", end),
        ]
    )
    travel(59)
    assert listed.of_phone(PHONE) == "allow"
    assert listed.of_address("203.0.113.7") == "block"
    travel(1)
    assert listed.of_phone(PHONE) == "block"
    assert not listed.phone_listed_itself(PHONE)
    assert listed.of_address("203.0.113.7") is None


def test_entries_that_were_written_past_the_model(caplog: pytest.LogCaptureFixture) -> None:
    """What can be read is; of the rest no process dies, and the log has the type alone."""
    listed = _rules("block phone 13800138000", "block address nonsense", f"block phone {PHONE}")
    assert listed.of_phone("+8613800138000") == "block"
    assert listed.of_phone(PHONE) == "block"
    assert caplog.messages == ["rules: an entry of type address cannot be read"]


# Against a plain search through all entries.

ENDS = st.sampled_from([None, timezone.now() - timedelta(1), timezone.now() + timedelta(1)])
DIGITS = st.text("017", min_size=1, max_size=6)
NETWORKS = st.builds(
    lambda family, bits, length: ipaddress.ip_network((family(bits), length), strict=False),
    st.sampled_from([ipaddress.IPv4Address, ipaddress.IPv6Address]),
    st.integers(0, 15).map(lambda bits: bits << 26),
    st.integers(0, 32),
)
LISTS = st.sampled_from(["block", "allow"])


def _once(row: Row) -> tuple[str, str, str]:
    return row[:3]


PHONE_ROWS = st.lists(
    st.tuples(LISTS, st.sampled_from(["phone", "segment"]), DIGITS.map(lambda s: f"+{s}"), ENDS),
    unique_by=_once,
)
ADDRESS_ROWS = st.lists(
    st.tuples(LISTS, st.just("address"), NETWORKS.map(str), ENDS), unique_by=_once
)


def _naive(rows: list[Row], closeness: Callable[[Row], int]) -> str | None:
    """The list of the closest entry in force that is about it at all (closeness 0: it is not)."""
    now = timezone.now()
    force = [row for row in rows if (row[3] is None or row[3] > now) and closeness(row)]
    best = max(force, key=lambda row: (closeness(row), row[0] == "allow"), default=None)
    return best[0] if best else None


@given(PHONE_ROWS, DIGITS)
def test_phones_against_a_plain_search(rows: list[Row], digits: str) -> None:
    phone = f"+{digits}"

    def closeness(row: Row) -> int:
        if row[1] == "phone":
            return 100 if row[2] == phone else 0
        return len(row[2]) if phone.startswith(row[2]) else 0

    listed = Rules(rows)
    assert listed.of_phone(phone) == _naive(rows, closeness)
    alone = [row for row in rows if row[1] == "phone"]
    assert listed.phone_listed_itself(phone) == (_naive(alone, closeness) is not None)


@given(ADDRESS_ROWS, NETWORKS)
def test_addresses_against_a_plain_search(rows: list[Row], network: Network) -> None:
    address = network.network_address

    def closeness(row: Row) -> int:
        listed = ipaddress.ip_network(row[2])
        return listed.prefixlen + 1 if address in listed else 0

    assert Rules(rows).of_address(str(address)) == _naive(rows, closeness)

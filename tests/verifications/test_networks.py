"""What counts as one address."""

import pytest

from verifications import limits


@pytest.mark.parametrize(
    ("ip", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
    ],
)
def test_a_subscriber_is_one_however_many_addresses_it_was_given(ip: str, counted_as: str) -> None:
    assert limits.network(ip) == counted_as


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7:80", "203.0.113.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:80", "2001:db8::1"),
        ("::1", "::1"),
        ("", limits.NOWHERE),
        ("unix:", limits.NOWHERE),
        ("a:b", limits.NOWHERE),
    ],
)
def test_an_address_is_read_with_or_without_its_port(text: str, address: str) -> None:
    assert limits.address(text) == address

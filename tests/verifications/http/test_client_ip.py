from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from tests.conftest import Configure
from verifications.edge import client_ip
from verifications.limits import NOWHERE


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:51234", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:51234", "2001:db8::1"),
        ("unix:", NOWHERE),
        ("", NOWHERE),
        ("fe80::1%eth0", "fe80::1%eth0"),
    ],
)
def test_the_address_of_the_connection(remote: str, address: str) -> None:
    assert client_ip(RequestFactory().get("/", REMOTE_ADDR=remote)) == address


def test_a_header_is_not_believed_without_a_proxy() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="1.2.3.4")
    assert client_ip(request) == "203.0.113.7"


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "1.2.3.4, 203.0.113.7", "203.0.113.7"),
        (2, "1.2.3.4, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7:80, [2001:db8::1]:443", "203.0.113.7"),
        (1, "garbage", NOWHERE),
        (1, "unix:", NOWHERE),
        (1, "203.0.113.7, ", NOWHERE),
        (2, "203.0.113.7", "10.0.0.9"),  # it came past a proxy
    ],
)
def test_behind_our_proxies(proxies: int, header: str, address: str, configure: Configure) -> None:
    configure(TRUSTED_PROXIES=proxies)
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=header)
    assert client_ip(request) == address


def test_clients_without_an_address_share_one_quota(
    configure: Configure, new_phone: Callable[[], str], client: Client
) -> None:
    """A proxy that was set up badly must not switch the limits of addresses off."""
    configure(IP_LIMITS=[[2, 3600]])
    answers = [
        client.post(
            "/v1/verifications/codes",
            {"purpose": "login", "phone": new_phone()},
            content_type="application/json",
            REMOTE_ADDR="unix:",
        )
        for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [202, 202, 429]


def test_a_spoofed_hop_in_front_buys_no_quota(
    configure: Configure, new_phone: Callable[[], str], client: Client
) -> None:
    configure(IP_LIMITS=[[2, 3600]], TRUSTED_PROXIES=1)
    answers = [
        client.post(
            "/v1/verifications/codes",
            {"purpose": "login", "phone": new_phone()},
            content_type="application/json",
            headers={"X-Forwarded-For": f"198.51.100.{i}, 203.0.113.7:{5000 + i}"},
        )
        for i in range(3)
    ]
    assert [answer.status_code for answer in answers] == [202, 202, 429]

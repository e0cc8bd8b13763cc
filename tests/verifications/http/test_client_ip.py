import pytest
from django.test import RequestFactory

from tests.conftest import Configure
from verifications.edge import client_ip


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:51234", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:51234", "2001:db8::1"),
        ("unix:", None),
        ("", None),
    ],
)
def test_the_address_of_the_connection(remote: str, address: str | None) -> None:
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
        (1, "garbage", None),
        (2, "203.0.113.7", "10.0.0.9"),  # it came past a proxy
    ],
)
def test_behind_our_proxies(
    proxies: int, header: str, address: str | None, configure: Configure
) -> None:
    configure(TRUSTED_PROXIES=proxies)
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=header)
    assert client_ip(request) == address

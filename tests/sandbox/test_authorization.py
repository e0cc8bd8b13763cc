"""Authorization and sig, each thing wrong in turn, and the platform's code for it."""

import base64
import json

import pytest

from tests.sandbox.client import Client, status


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def send(client: Client, **parts: str | None) -> str:
    body = json.dumps(client.message()).encode()
    return status(client.post("SMS/TemplateSMS", body, **parts))  # type: ignore[arg-type]


def test_right(client: Client) -> None:
    assert send(client) == "000000"


def test_authorization_missing(client: Client) -> None:
    assert send(client, Authorization=None) == "111101"


@pytest.mark.parametrize("value", ["%%%", "Zg", "Basic Zg=="])
def test_authorization_not_base64(client: Client, value: str) -> None:
    assert send(client, Authorization=value) == "111102"


def test_authorization_with_a_spare_bit_set(client: Client) -> None:
    right = str(client.headers(client.timestamp())["Authorization"])
    assert right.endswith("=")
    loose = right[:-2] + chr(ord(right[-2]) + 1) + "="
    assert base64.b64decode(loose) == base64.b64decode(right)
    assert send(client, Authorization=loose) == "111102"


@pytest.mark.parametrize("plain", ["nothing to part", "a:b:c"])
def test_authorization_of_another_form(client: Client, plain: str) -> None:
    assert send(client, Authorization=encoded(plain)) == "111103"


def test_authorization_without_account(client: Client) -> None:
    assert send(client, Authorization=encoded(f":{client.timestamp()}")) == "111104"


def test_authorization_without_timestamp(client: Client) -> None:
    assert send(client, Authorization=encoded(f"{client.account.sid}:")) == "111105"


def test_authorization_of_another_account(client: Client) -> None:
    other = "8aaf0708000000000000000000000000"
    assert send(client, Authorization=encoded(f"{other}:{client.timestamp()}")) == "111107"


def test_authorization_with_another_timestamp_than_sig(client: Client) -> None:
    sig = client.sig("20010101000000")
    assert send(client, query=f"sig={sig}") == "111109"


@pytest.mark.parametrize("query", ["", "sig=", "Sig=0", "signature=0"])
def test_sig_missing(client: Client, query: str) -> None:
    assert send(client, query=query) == "111108"


def test_sig_in_lower_case(client: Client) -> None:
    stamp = client.timestamp()
    sig = client.sig(stamp).lower()
    assert send(client, timestamp=stamp, query=f"sig={sig}") == "111109"


@pytest.mark.parametrize("more", ["0", "&a=b", "%20", "&sig=0"])
def test_sig_with_more_after_it(client: Client, more: str) -> None:
    stamp = client.timestamp()
    assert send(client, timestamp=stamp, query=f"sig={client.sig(stamp)}{more}") == "111109"


@pytest.mark.parametrize(
    ("sid", "code"), [("", "111128"), ("8aaf-708", "111129"), ("8aaf0708", "111130")]
)
def test_account_in_the_url(client: Client, sid: str, code: str) -> None:
    assert send(client, sid=sid) == code


def test_account_unknown(client: Client) -> None:
    sid = "8aaf0708000000000123456789abcdee"
    authorization = encoded(f"{sid}:{client.timestamp()}")
    assert send(client, sid=sid, Authorization=authorization) == "111141"


def test_another_version(client: Client) -> None:
    assert send(client, version="2014-01-01") == "111110"


def test_a_refused_request_sends_nothing(client: Client) -> None:
    send(client, query="sig=0")
    assert client.texts() == []

"""The Authorization header, each thing wrong in turn, and the platform's code for it."""

from datetime import UTC, timedelta

import pytest

from tests.sandbox.baidu.client import SEND, Account, Client, code

GOOD = b'{"mobile": "1", "template": "t", "signatureId": "s", "contentVar": {}}'


def answer(client: Client, **parts: object) -> tuple[int, str]:
    got = client.request("POST", SEND, GOOD, **parts)  # type: ignore[arg-type]
    return got.status_code, code(got)


def ago(client: Client, seconds: int) -> str:
    moment = client.box.world.time().astimezone(UTC) - timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_right(client: Client) -> None:
    assert client.code() == "1000"


def test_missing(client: Client) -> None:
    assert answer(client, headers={"Authorization": None}) == (403, "AccessDenied")


@pytest.mark.parametrize("header", ["Basic Zg==", "bce-auth-v1/a/b/c/d/e", "bce-auth-v2/a"])
def test_of_another_form(client: Client, header: str) -> None:
    assert answer(client, headers={"Authorization": header}) == (400, "InvalidHTTPAuthHeader")


@pytest.mark.parametrize("seconds", ["0", "-1", "x", "", "1800.0", "1234567"])
def test_seconds_that_are_none(client: Client, seconds: str) -> None:
    assert answer(client, seconds=seconds) == (400, "InvalidHTTPAuthHeader")


@pytest.mark.parametrize("time", ["20260101T000000Z", "2026-13-01T00:00:00Z", "now"])
def test_time_that_is_none(client: Client, time: str) -> None:
    assert answer(client, time=time) == (400, "InvalidHTTPAuthHeader")


def test_unknown_key(client: Client) -> None:
    stranger = Client(client.box, Account(key="stranger"))
    assert answer(stranger) == (403, "InvalidAccessKeyId")


def test_wrong_secret(client: Client) -> None:
    assert answer(Client(client.box, Account(secret="x"))) == (400, "SignatureDoesNotMatch")


def test_expired(client: Client) -> None:
    assert answer(client, time=ago(client, 62), seconds="60") == (400, "RequestExpired")
    assert answer(client, time=ago(client, 58), seconds="60")[0] == 200


def test_from_the_future(client: Client) -> None:
    assert answer(client, time=ago(client, -310)) == (400, "RequestExpired")
    assert answer(client, time=ago(client, -290))[0] == 200


def test_date_of_another_day(client: Client) -> None:
    client.time = lambda: "2020-01-01T00:00:00Z"  # type: ignore[method-assign]
    assert answer(client, time=ago(client, 0)) == (400, "RequestExpired")


@pytest.mark.parametrize("signed", ["host", "x-bce-date", "content-type"])
def test_host_and_date_must_be_signed(client: Client, signed: str) -> None:
    assert answer(client, signed=signed) == (403, "AccessDenied")


def test_every_header_of_the_platforms_own_must_be_signed(client: Client) -> None:
    assert answer(client, headers={"x-bce-more": "1"}) == (403, "AccessDenied")


@pytest.mark.parametrize("signed", ["x-bce-date;host", "host;host;x-bce-date", "host;x-bce-date;"])
def test_names_are_sorted_and_each_once(client: Client, signed: str) -> None:
    assert answer(client, signed=signed) == (400, "InvalidHTTPAuthHeader")


def test_a_signed_header_must_be_there(client: Client) -> None:
    wrong = answer(client, signed="host;x-bce-date;x-bce-more")
    assert wrong == (400, "SignatureDoesNotMatch")


def test_an_unsigned_token_is_refused(client: Client) -> None:
    signed = {"Host": client.box.url.removeprefix("http://"), "x-bce-date": client.time()}
    header = client.authorization("POST", SEND, signed)
    got = client.request("POST", f"{SEND}?clientToken=a", GOOD, headers={"Authorization": header})
    assert (got.status_code, code(got)) == (400, "SignatureDoesNotMatch")


def test_a_refused_request_sends_nothing(client: Client) -> None:
    Client(client.box, Account(secret="x")).send()
    assert client.texts() == []

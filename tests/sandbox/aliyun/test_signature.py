"""ACS3-HMAC-SHA256, each thing wrong in turn, and the gateway's word for it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from sandbox import Sandbox
from sandbox.aliyun.auth import Nonces
from sandbox.aliyun.codes import PlatformError
from tests.sandbox.aliyun.client import FORM, Client, answered, at, gateway

INCOMPLETE = (400, "IncompleteSignature")
DIFFERS = (400, "SignatureDoesNotMatch")
NOW = datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC)


def ask(client: Client, **headers: str | None) -> tuple[int, str]:
    answer = client.ask("SendSms", client.message(), **headers)  # type: ignore[arg-type]
    if answer.status_code == 200:
        return 200, answered(answer)["Code"]
    assert client.texts() == []
    return gateway(answer)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_right(client: Client, method: str) -> None:
    assert answered(client.ask("SendSms", client.message(), method=method))["Code"] == "OK"


@pytest.mark.parametrize("value", ["", "x", "ACS3-HMAC-SHA256 Credential=a", None])
def test_authorization_of_another_form(client: Client, value: str | None) -> None:
    assert ask(client, authorization=value) == INCOMPLETE


@pytest.mark.parametrize("name", ["x-acs-signature-nonce", "x-acs-content-sha256", "x-acs-date"])
def test_a_header_missing(client: Client, name: str) -> None:
    assert ask(client, **{name.replace("-", "_"): None}) == INCOMPLETE


@pytest.mark.parametrize("name", ["host", "x-acs-date", "x-acs-extra", "content-type"])
def test_a_header_not_signed(client: Client, name: str) -> None:
    headers = {
        "host": client.box.url.removeprefix("http://"), "x-acs-action": "SendSms",
        "x-acs-content-sha256": "0" * 64, "x-acs-date": at(client.box.world.time()),
        "x-acs-signature-nonce": "n", "x-acs-version": "2017-05-25", "x-acs-extra": "e",
        "content-type": FORM,
    }  # fmt: skip
    kept = {key: value for key, value in headers.items() if key != name}
    authorization = client.authorization("POST", "", kept)
    changes = {key.replace("-", "_"): value for key, value in headers.items()}
    assert ask(client, **changes, authorization=authorization) == INCOMPLETE


def test_unknown_key(box: Sandbox) -> None:
    assert ask(Client(box, key_id="nobody")) == (404, "InvalidAccessKeyId.NotFound")


def test_wrong_secret(box: Sandbox) -> None:
    assert ask(Client(box, secret="wrong")) == DIFFERS


def test_another_body_than_the_one_hashed(client: Client) -> None:
    assert ask(client, x_acs_content_sha256="0" * 64) == DIFFERS


def test_another_version(client: Client) -> None:
    assert ask(client, x_acs_version="2017-05-26") == (400, "InvalidVersion")


def test_another_action(client: Client) -> None:
    assert gateway(client.ask("SendSmses")) == (404, "InvalidAction.NotFound")


def test_another_method(client: Client) -> None:
    assert client.ask("SendSms", client.message(), method="PUT").status_code == 405


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(900, (200, "OK")), (-900, (200, "OK")), (901, None), (-901, None)],
)
def test_fifteen_minutes(seconds: int, expected: tuple[int, str] | None) -> None:
    with Sandbox(clock=lambda: NOW) as box:
        date = at(NOW + timedelta(seconds=seconds))
        assert ask(Client(box), x_acs_date=date) == (expected or (400, "InvalidTimeStamp.Expired"))


@pytest.mark.parametrize("date", ["2026-02-30T00:00:00Z", "2026-01-01 00:00:00", "1767225600"])
def test_not_a_date(client: Client, date: str) -> None:
    assert ask(client, x_acs_date=date) == (400, "InvalidTimeStamp.Format")


def test_a_nonce_twice(client: Client) -> None:
    assert ask(client, x_acs_signature_nonce="once")[0] == 200
    answer = client.ask("SendSms", client.message(), x_acs_signature_nonce="once")
    assert gateway(answer) == (400, "SignatureNonceUsed")
    assert len(client.texts()) == 1


def test_a_refused_request_does_not_use_its_nonce_up(client: Client) -> None:
    wrong = Client(client.box, secret="wrong")
    assert ask(wrong, x_acs_signature_nonce="once") == DIFFERS
    assert ask(client, x_acs_signature_nonce="once") == (200, "OK")


def test_of_ten_with_one_nonce_one_is_taken(client: Client) -> None:
    def send(_: int) -> int:
        one = Client(client.box)
        return one.ask("SendSms", one.message(), x_acs_signature_nonce="n").status_code

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(send, range(10))) == [200, *[400] * 9]
    assert len(client.texts()) == 1


def test_a_nonce_is_remembered_as_long_as_its_request_is_good() -> None:
    nonces = Nonces()
    nonces.take("key", "n", NOW)
    nonces.take("another key", "n", NOW)
    with pytest.raises(PlatformError):
        nonces.take("key", "n", NOW + timedelta(minutes=30))
    nonces.take("key", "n", NOW + timedelta(hours=2))

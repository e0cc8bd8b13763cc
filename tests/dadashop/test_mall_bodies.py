"""Whatever arrives at the mall's routes, the answer is HTTP 200 and JSON that the pages read."""

import pytest
from django.test import Client

from tests.dadashop.mall import FORM, ROUTES, Mall
from verifications import services
from verifications.providers import locmem

pytestmark = pytest.mark.parametrize("path", ROUTES)

REFUSED = {"code": 10100, "error": {"message": "填写的内容有误，请检查后重试。"}}


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"x", b"{", b"[]", b"null", b'"text"', b"1", b"NaN"),
        b"phone=13800138000&purpose=login",
        b'{"phone": "13800138000\\u0000", "verify": "123456"}',
        b'{"phone": "13800138000\0"}',
        b'{"phone": "1380013800\xff"}',
        b'{"phone": "\\ud800"}',
        b'{"phone": "13800138000", "phone": "13900139000"}',
        b"[" * 4000,
        b'{"phone": ' + b"1" * 5000 + b"}",
        b"x" * 1_000_000,
        b'{"phone": "' + b"1" * 1_000_000 + b'"}',
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_sound_json_object(path: str, body: bytes, mall: Mall) -> None:
    assert mall.post(path, body) == REFUSED
    assert not locmem.outbox


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_another_method(path: str, method: str, client: Client) -> None:
    answer = getattr(client, method)(path)
    assert answer.status_code == 200
    if method != "head":
        assert answer.json() == REFUSED


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart/form-data", "nonsense"])
def test_another_content_type(path: str, content_type: str, client: Client) -> None:
    answer = client.generic("POST", path, b"{}", content_type=content_type)
    assert answer.status_code == 200
    assert answer.json()["code"] == 10100


@pytest.mark.parametrize("length", ["-1", "", "abc"])
def test_a_length_that_is_none(path: str, length: str, client: Client) -> None:
    answer = client.post(path, "{}", content_type=FORM, CONTENT_LENGTH=length)
    assert answer.status_code == 200
    assert answer.json()["code"] in {10100, 10199}


def test_a_mistake_of_ours(
    path: str, mall: Mall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("13800138000 123456")

    for use_case in ("send_code", "register", "log_in"):
        monkeypatch.setattr(services, use_case, broken)
    monkeypatch.setattr("dadashop.mall._new_user", lambda _: {})
    told = mall.post(path, {"phone": "13800138000", "verify": "123456"})
    assert told == {"code": 10199, "error": {"message": "服务出错了，请稍后重试。"}}
    assert "KeyError" in caplog.text
    assert "13800138000" not in caplog.text
    assert "123456" not in caplog.text

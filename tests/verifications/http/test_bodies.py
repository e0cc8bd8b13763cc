"""Whatever is posted, the answer is a clear 400 and nothing is sent."""

import json
from typing import Any

import pytest

from tests.conftest import Api
from tests.verifications.http.conftest import Service
from verifications import edge
from verifications.providers import locmem

GOOD = {"phone": "13800138000", "purpose": "login"}


def _errors(api: Api, body: bytes) -> list[dict[str, str]]:
    answer = api.post("/v1/verifications/codes", body)
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["code"] == "invalid_request"
    assert not locmem.outbox
    errors: list[dict[str, str]] = problem["errors"]
    return errors


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"x", b"{", b"[]", b"null", b'"text"', b"1", b"NaN"),
        b'{"phone": NaN, "purpose": "login"}',
        b'{"phone": "13800138000", "purpose": "login"} trailing',
        b'{"phone": "13800138000", "phone": "13900139000", "purpose": "login"}',
        b'\xef\xbb\xbf{"phone": "13800138000", "purpose": "login"}',
        b'{"phone": "1380013800\xff", "purpose": "login"}',
        json.dumps(GOOD).encode("utf-16"),
        b'{"phone": "13800138000\\u0000", "purpose": "login"}',
        b'{"phone": "13800138000\0", "purpose": "login"}',
        b'{"phone": "13800138000\\ud800", "purpose": "login"}',
        b'{"phone": "13800138000", "purpose": "login", "captcha": "\\udc00"}',
        b"[" * 4000,
        b'{"a":' * 1500,
        b'{"phone": "13800138000", "purpose": "login", "n": ' + b"1" * 5000 + b"}",
    ],
)
def test_what_is_not_a_sound_json_object(api: Api, body: bytes) -> None:
    assert _errors(api, body)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": None}, "phone"),
        ({"phone": 13800138000}, "phone"),
        ({"phone": ["13800138000"]}, "phone"),
        ({"purpose": True}, "purpose"),
        ({"captcha": 1}, "captcha"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_field_of_the_wrong_type_or_name_is_named(
    api: Api, change: dict[str, Any], field: str
) -> None:
    (error,) = _errors(api, json.dumps(GOOD | change).encode())
    assert error["field"] == field
    assert error["message"]


@pytest.mark.parametrize(
    ("path", "body", "field", "chinese", "english"),
    [
        ("codes", {"purpose": "login"}, "phone", "缺少这个字段。", "This field is missing."),
        ("codes", {**GOOD, "extra": 1}, "extra", "没有这个字段。", "There is no such field."),
        ("codes", {**GOOD, "phone": 1}, "phone", "应为文本。", "This has to be text."),
        ("codes", [], "", "应为 JSON 对象。", "This has to be a JSON object."),
        ("notices", {"to": "1"}, "to", "应为列表。", "This has to be a list."),
        ("notices", {"to": ["1", 2]}, "to[1]", "应为文本。", "This has to be text."),
        ("notices", {"to": []}, "to", "长度至少为 1。", "The length is at least 1."),
        ("notices", {"to": ["1"] * 1001}, "to", "长度至多为 1000。", "The length is at most 1000."),
        ("notices", {"params": []}, "params", "应为对象。", "This has to be an object."),
        ("pickups", {"order": ""}, "order", "长度至少为 1。", "The length is at least 1."),
    ],
)
def test_what_is_wrong_is_said_in_the_clients_language(
    path: str, body: Any, field: str, chinese: str, english: str, api: Api, service: Service
) -> None:
    notice = {"template": "shipped", "to": ["1"], "params": {}}
    pickup = {"phone": "13800138000", "order": "D1001"}
    for language, words in (("zh-CN", chinese), ("en", english)):
        headers = {"Accept-Language": language}
        if path == "codes":
            answer = api.post("/v1/verifications/codes", json.dumps(body).encode(), **headers)
        elif path == "notices":
            answer = service("/v1/notices", notice | body, **headers)
        else:
            answer = service("/v1/pickup-codes", pickup | body, **headers)
        assert answer.json()["errors"] == [{"field": field, "message": words}]


@pytest.mark.parametrize("field", ["phone", "purpose"])
def test_a_missing_field_is_named(api: Api, field: str) -> None:
    body = {name: value for name, value in GOOD.items() if name != field}
    (error,) = _errors(api, json.dumps(body).encode())
    assert error["field"] == field


def test_a_megabyte_is_refused_unread(api: Api) -> None:
    assert _errors(api, b"x" * 1_000_000)
    body = json.dumps(GOOD | {"captcha": "x" * edge.MAX_BODY}).encode()
    assert _errors(api, body)


def test_what_is_typed_is_not_echoed(api: Api) -> None:
    answer = api.post("/v1/verifications/codes", {"phone": "<b>1", "purpose": "login"})
    assert "<b>" not in answer.content.decode()


def test_the_content_type_does_not_matter(api: Api) -> None:
    answer = api.client.post(
        "/v1/verifications/codes", json.dumps(GOOD), content_type="text/plain;charset=utf-8"
    )
    assert answer.status_code == 202


def test_escapes_of_honest_text_are_fine(api: Api) -> None:
    body = b'{"phone": "\\u0031\\u00338 0013 8000", "purpose": "login"}'
    assert api.post("/v1/verifications/codes", body).status_code == 202

"""What is pushed to /v1/receipts and is no report: refused, and it moves nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from tests.conftest import Api, Configure
from tests.verifications.http.conftest import RECEIPT_SECRET, PushTo, Taken
from tests.verifications.http.reports import FORMATS, baidu, cloopen
from verifications.models import EarlyReceipt

each_format = pytest.mark.parametrize("form", FORMATS)


def _assert_refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert not EarlyReceipt.objects.exists()


@each_format
def test_the_wrong_secret(form: str, push: PushTo, taken: Taken, api: Api, phone: str) -> None:
    provider, report, _ = FORMATS[form]
    code_id = taken(provider)
    for secret in (RECEIPT_SECRET[:-1], RECEIPT_SECRET + "x", "x", "%00", "密"):
        _assert_refused(push(provider, *report(phone), secret=secret), 404, "not_found")
    found = api.client.get(f"/v1/verifications/codes/{code_id}").json()
    assert found["status"] == "sent"


def test_a_platform_that_we_do_not_know(push: PushTo, phone: str) -> None:
    unknown = push("nobody", *cloopen(phone))
    _assert_refused(unknown, 404, "not_found")
    assert unknown.content == push("cloopen", *cloopen(phone), secret="x").content


def test_where_no_secret_is_set_nobody_has_one(api: Api, configure: Configure, phone: str) -> None:
    configure(RECEIPT_SECRET=[])
    for secret in ("None", "%20", RECEIPT_SECRET):
        body, _ = cloopen(phone)
        answer = api.post(f"/v1/receipts/cloopen/{secret}", body)
        _assert_refused(answer, 404, "not_found")


@each_format
@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda _: b"null",
        lambda _: b"\xff\xfe",
        lambda _: b"[" * 50_000,
        lambda body: body[: len(body) // 2],
        lambda body: body.replace(b"their-id", b"their\x00id"),
        lambda body: body.replace(b"their-id", b"x" * 201),
        lambda body: body.replace(b"138", b"abc"),
    ],
    ids=["empty", "null", "no UTF-8", "deep", "torn", "NUL", "long", "no phone"],
)
def test_a_push_that_is_no_report(
    spoil: Callable[[bytes], bytes], form: str, push: PushTo, phone: str
) -> None:
    provider, report, _ = FORMATS[form]
    body, headers = report(phone)
    answer = push(provider, spoil(body), headers)
    _assert_refused(answer, 400, "invalid_request")
    assert phone not in answer.content.decode()


def test_baidu_signs_what_it_pushes(push: PushTo, taken: Taken, api: Api, phone: str) -> None:
    code_id = taken("baidu")
    body, headers = baidu(phone)
    forged = [
        baidu(phone, token="another-account"),
        (body.replace(b"DELIVRD", b"UNDELIV"), headers),
        (body, headers | {"timestamp": "1795348803001"}),
        (body, {name: value for name, value in headers.items() if name != "signature"}),
    ]
    for push_of_somebody in forged:
        _assert_refused(push("baidu", *push_of_somebody), 400, "invalid_request")
    found = api.client.get(f"/v1/verifications/codes/{code_id}").json()
    assert found["status"] == "sent"


def test_more_than_256_kilobytes_are_refused_unread(push: PushTo, phone: str) -> None:
    body, headers = cloopen(phone)
    assert push("cloopen", body + b" " * (256 * 1024 - len(body)), headers).status_code == 200
    EarlyReceipt.objects.all().delete()
    answer = push("cloopen", body + b" " * (256 * 1024 + 1 - len(body)), headers)
    _assert_refused(answer, 400, "invalid_request")


def test_without_the_database_the_platform_is_to_push_again(push: PushTo, phone: str) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        answer = push("cloopen", *cloopen(phone))
    _assert_refused(answer, 503, "unavailable")


def test_a_browser_that_looks_is_told_nothing(api: Api) -> None:
    assert api.client.get(f"/v1/receipts/cloopen/{RECEIPT_SECRET}").status_code == 405

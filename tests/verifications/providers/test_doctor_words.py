"""What `manage.py doctor` is told, by what a platform says of our account and templates."""

import json
from typing import Any

import pytest

from tests.verifications.providers.accounts import build
from tests.verifications.providers.answering import Answering
from verifications.providers.base import Check

ACCEPTED = Check("account", ok=True, detail="our key is accepted")
TEMPLATE_HINT = "check its id, and its review (审核), in the platform's console"


def _told(name: str, answer: Any, answering: Answering, *templates: str) -> list[Check]:
    return build(name, base_url=answering(200, json.dumps(answer).encode())).check(templates)


def _cloopen(balance: Any, status: Any = "1") -> dict[str, Any]:
    account = {} if balance is None else {"balance": balance}
    return {"statusCode": "000000", "Account": account, "TemplateSMS": [{"status": status}]}


def _tencent(*rows: Any) -> dict[str, Any]:
    return {"Response": {"DescribeTemplateStatusSet": list(rows)}}


@pytest.mark.parametrize(
    ("balance", "ok", "told"),
    [
        ("12.50", True, "12.50"),
        (0.1, True, "0.1"),
        ("0", False, "0"),
        ("-3", False, "-3"),
        ("much", False, "much"),
        (None, False, "?"),
    ],
)
def test_cloopens_balance(balance: Any, ok: bool, told: str, answering: Answering) -> None:
    (account,) = _told("cloopen", _cloopen(balance), answering)
    hint = "top it up (充值) in the platform's console"
    assert account == Check("account", ok=ok, detail=f"balance {told}", hint=hint)


@pytest.mark.parametrize(
    ("name", "answer", "state"),
    [
        ("cloopen", _cloopen("1"), "approved"),
        ("cloopen", _cloopen("1", 1), "approved"),
        ("cloopen", _cloopen("1", "0"), "not approved"),
        ("aliyun", {"Code": "OK", "TemplateStatus": 0}, "in review"),
        ("aliyun", {"Code": "OK", "TemplateStatus": 1}, "approved"),
        ("aliyun", {"Code": "OK", "TemplateStatus": "2"}, "rejected"),
        ("aliyun", {"Code": "OK", "TemplateStatus": 10}, "withdrawn"),
        ("aliyun", {"Code": "OK", "TemplateStatus": 7}, "status 7"),
        ("tencent", _tencent({"StatusCode": 0}), "approved"),
        ("tencent", _tencent({"StatusCode": 1}), "in review"),
        ("tencent", _tencent({"StatusCode": 2}), "not in force yet"),
        ("tencent", _tencent({"StatusCode": -1}), "rejected"),
        ("tencent", _tencent({"StatusCode": 7}, {"StatusCode": 0}), "status 7"),
        ("tencent", _tencent(), "not there"),
        ("tencent", _tencent(7), "not there"),
        ("tencent", {"Response": {"DescribeTemplateStatusSet": {"0": 1}}}, "not there"),
        ("baidu", {"status": "READY"}, "approved"),
        ("baidu", {"status": "APPROVED"}, "approved"),
        ("baidu", {"status": "REJECTED"}, "rejected"),
    ],
)
def test_the_state_of_a_template(name: str, answer: Any, state: str, answering: Answering) -> None:
    account, template = _told(name, answer, answering, "100001")
    assert account.ok
    if name != "cloopen":
        assert account == ACCEPTED
    assert template == Check(
        "template 100001", ok=state == "approved", detail=state, hint=TEMPLATE_HINT
    )


def test_an_id_that_tencent_cannot_have_is_not_asked_for(answering: Answering) -> None:
    account, template = _told("tencent", _tencent({"StatusCode": 0}), answering, "SMS_1")
    assert account == ACCEPTED
    assert (template.ok, template.detail) == (False, "not a number, as its ids are")


def _refusal(name: str, code: str) -> dict[str, Any]:
    answers: dict[str, dict[str, Any]] = {
        "cloopen": {"statusCode": code, "statusMsg": "m"},
        "aliyun": {"Code": code, "Message": "m"},
        "tencent": {"Response": {"Error": {"Code": code, "Message": "m"}}},
        "baidu": {"code": code, "message": "m"},
    }
    return answers[name]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("aliyun", "isv.SMS_TEMPLATE_ILLEGAL"),
        ("aliyun", "isv.INVALID_PARAMETERS"),
        ("tencent", "FailedOperation.MissingTemplateList"),
        ("tencent", "FailedOperation.TemplateIdNotExist"),
        ("baidu", "NoSuchKey"),
        ("baidu", "B:00007"),
    ],
)
def test_a_refusal_that_is_about_the_template(name: str, code: str, answering: Answering) -> None:
    account, template = _told(name, _refusal(name, code), answering, "100001")
    assert account == ACCEPTED
    assert (template.ok, template.detail) == (False, f"{code} m")


@pytest.mark.parametrize("name", ["cloopen", "aliyun", "tencent", "baidu"])
def test_a_refusal_that_is_about_the_account(name: str, answering: Answering) -> None:
    url = answering(200, json.dumps(_refusal(name, "Nobody.Knows")).encode())
    provider = build(name, base_url=url)
    hint = f"check the variables {name.upper()}_… and this machine's clock"
    detail = f"Nobody.Knows m ({url})"
    assert provider.check(["100001", "100002"]) == [
        Check("account", ok=False, detail=detail, hint=hint)
    ]


@pytest.mark.parametrize("name", ["aliyun", "tencent", "baidu"])
def test_without_a_template_there_is_nothing_to_ask(name: str, answering: Answering) -> None:
    assert _told(name, _refusal(name, "Nobody.Knows"), answering) == []

from datetime import datetime
from urllib.parse import urlsplit

import pytest

from tests.verifications.providers import vectors
from tests.verifications.providers.contract import Batching, Checking, Sending
from tests.verifications.providers.contract_failures import PHONE, Failing
from tests.verifications.providers.contract_receipts import Receiving
from verifications.providers import Text, aliyun_auth
from verifications.providers.aliyun import Aliyun

(VECTOR,) = vectors.load("aliyun")


class TestAliyun(Sending, Batching, Checking, Failing, Receiving):
    backend = Aliyun
    account = {
        "access_key_id": "LTAI5tSandboxDadashop00",
        "access_key_secret": "sandboxAliyunSecret0123456789a",
        "sign_name": "达达商城",
    }
    secret = "access_key_secret"
    code_template, order_template, pending_template = "SMS_100001", "SMS_100002", "SMS_100004"
    code_text = "【达达商城】您的验证码是902817，请于5分钟内正确输入。"
    outcome_for_each = False
    no_message_id = (b'{"Code":"OK"}', b'{"Code":"OK","BizId":""}', b'{"Code":"OK","BizId":7}')
    acknowledged = {"code": 0, "msg": "接收成功"}
    report = {
        "phone_number": "13912345678",
        "send_time": "2026-07-01 12:00:00",
        "report_time": "2026-07-01 12:00:01",
        "success": True,
        "err_code": "DELIVERED",
        "err_msg": "用户接收成功",
        "sms_size": "1",
        "biz_id": "900619746936498440^0",
        "out_id": "abc",
    }
    needed = ("phone_number", "success", "biz_id")
    uplink = [
        {
            "phone_number": "13912345678",
            "send_time": "2026-07-01 12:00:00",
            "content": "TD",
            "dest_code": "90",
            "sequence_id": 1234567890,
        }
    ]


def test_the_signature_is_the_vendors() -> None:
    headers = {name.lower(): value for name, value in VECTOR["request"]["headers"]}
    right = headers["authorization"]
    signed = right.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    query = urlsplit(VECTOR["request"]["url"]).query
    inputs = VECTOR["inputs"]
    ours = aliyun_auth.authorization(
        inputs["access_key_id"],
        inputs["access_key_secret"],
        "POST",
        query,
        {name: headers[name] for name in signed},
    )
    assert ours == right


def test_the_request_is_the_vendors(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = VECTOR["inputs"]
    moment = datetime.fromisoformat(inputs["timestamp"])
    provider = Aliyun(
        access_key_id=inputs["access_key_id"],
        access_key_secret=inputs["access_key_secret"],
        sign_name=inputs["params"]["sign_name"],
        clock=lambda: moment,
    )
    text = Text(["+8615300000001"], "SMS_71390007", {"customer": "test"}, "123")
    sent = vectors.captured(lambda: provider.send(text), monkeypatch)
    theirs = dict(VECTOR["request"]["headers"])
    assert (sent.method, sent.url) == ("POST", VECTOR["request"]["url"])
    assert not sent.body
    for name in ("host", "x-acs-version", "x-acs-action", "x-acs-date", "x-acs-content-sha256"):
        assert sent.headers[name] == theirs[name]
    assert "Content-Type" not in sent.headers  # it would have to be signed


def test_each_request_has_a_nonce_of_its_own() -> None:
    provider = Aliyun(access_key_id="a", access_key_secret="b", sign_name="c")
    nonces = {provider.sign("SendSms", "")["x-acs-signature-nonce"] for _ in range(100)}
    assert len(nonces) == 100


def test_a_full_request_fits_into_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gateways commonly take 8 kB."""
    provider = Aliyun(access_key_id="a", access_key_secret="b", sign_name="达达商城")
    phones = [f"+86139{n:08d}" for n in range(200)]
    text = Text(phones, "SMS_100002", {"order": "单" * 200}, "a" * 32)
    sent = vectors.captured(lambda: provider.send(text), monkeypatch)
    assert len(sent.url or "") < 6000


def test_another_countrys_number_goes_out_without_its_plus(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider = Aliyun(access_key_id="a", access_key_secret="b", sign_name="c")
    text = Text(["+85251234567", PHONE], "SMS_1", {}, "a")
    sent = vectors.captured(lambda: provider.send(text), monkeypatch)
    assert "PhoneNumbers=85251234567%2C13800138000&" in str(sent.url)

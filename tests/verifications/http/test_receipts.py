"""POST /v1/receipts/<provider>/<secret>: a platform tells what became of a text, in its own way."""

import pytest

from tests.conftest import Api, Configure
from tests.verifications.http.conftest import PushTo, Taken
from tests.verifications.http.reports import FORMATS
from verifications.models import EarlyReceipt, Message

each_format = pytest.mark.parametrize("form", FORMATS)


def _status(api: Api, code_id: str) -> str:
    status: str = api.client.get(f"/v1/verifications/codes/{code_id}").json()["status"]
    return status


@each_format
def test_a_text_has_arrived(form: str, push: PushTo, taken: Taken, api: Api, phone: str) -> None:
    provider, report, acknowledgement = FORMATS[form]
    code_id = taken(provider)
    answer = push(provider, *report(phone))
    assert answer.status_code == 200
    assert (answer["Content-Type"], answer.content) == acknowledgement
    assert _status(api, code_id) == "delivered"


@each_format
def test_a_text_has_not_arrived(
    form: str, push: PushTo, taken: Taken, api: Api, phone: str
) -> None:
    provider, report, acknowledgement = FORMATS[form]
    code_id = taken(provider)
    answer = push(provider, *report(phone, lost="2"))
    assert (answer["Content-Type"], answer.content) == acknowledgement
    assert _status(api, code_id) == "undelivered"
    assert Message.objects.get(pk=code_id).reason == "2"


@each_format
def test_told_again_it_is_acknowledged_again(
    form: str, push: PushTo, taken: Taken, api: Api, phone: str
) -> None:
    provider, report, acknowledgement = FORMATS[form]
    code_id = taken(provider)
    push(provider, *report(phone))
    for again in (report(phone), report(phone, lost="2")):
        answer = push(provider, *again)
        assert (answer.status_code, answer.content) == (200, acknowledgement[1])
    assert _status(api, code_id) == "delivered"


@each_format
def test_a_report_on_a_text_that_we_do_not_know_is_acknowledged(
    form: str, push: PushTo, phone: str
) -> None:
    provider, report, acknowledgement = FORMATS[form]
    answer = push(provider, *report(phone))
    assert answer.status_code == 200
    assert (answer["Content-Type"], answer.content) == acknowledgement
    (kept,) = EarlyReceipt.objects.all()
    assert (kept.provider, kept.message_id) == (provider, "their-id")


def test_the_content_type_does_not_matter(push: PushTo, taken: Taken, api: Api, phone: str) -> None:
    code_id = taken("cloopen")
    body, _ = FORMATS["cloopen_xml"][1](phone)
    answer = push("cloopen", body, {"Content-Type": "text/plain"})
    assert answer["Content-Type"] == "application/xml;charset=utf-8"
    assert _status(api, code_id) == "delivered"


def test_a_report_of_another_platform_is_not_about_ours(
    push: PushTo, taken: Taken, api: Api, phone: str
) -> None:
    code_id = taken("aliyun")
    assert push("tencent", *FORMATS["tencent"][1](phone)).status_code == 200
    assert _status(api, code_id) == "sent"


@pytest.mark.parametrize("secret", ["the-new-secret-0123456789", "the-old-secret-0123456789"])
def test_while_the_secret_is_changed_both_are_honoured(
    secret: str, push: PushTo, configure: Configure
) -> None:
    push("cloopen", b"", {})
    configure(RECEIPT_SECRET=["the-new-secret-0123456789", "the-old-secret-0123456789"])
    body, headers = FORMATS["cloopen"][1]("13800138000")
    assert push("cloopen", body, headers, secret).status_code == 200
    assert push("cloopen", body, headers, secret[:-1]).status_code == 404

"""The accounts there are, the two that cannot send, and what can be asked of a template."""

import pytest

from tests.sandbox.baidu.client import CODE, SIGNATURE, Account, Client, code
from tests.sandbox.client import TIMEOUT

SUSPENDED = Account(
    "sandboxbaiduak000000000000005050",
    "sandboxbaidusk000000000000005050",
    "sandboxbaiduaccount0000000005050",
)
BROKE = Account(
    "sandboxbaiduak00000000000000000a",
    "sandboxbaidusk00000000000000000a",
    "sandboxbaiduaccount000000000000a",
)


def test_listing(client: Client) -> None:
    answer = client.session.get(f"{client.box.url}/sandbox/accounts", timeout=TIMEOUT)
    rows = [row for row in answer.json() if row["provider"] == "baidu"]
    told = [
        Account(row["access_key_id"], row["secret_access_key"], row["account_id"]) for row in rows
    ]
    assert told == [Account(), SUSPENDED, BROKE]
    assert rows[0]["signatures"] == [{"id": SIGNATURE, "text": "达达商城"}]
    assert rows[0]["templates"][0] == {
        "id": CODE,
        "text": "您的验证码是${code}，请于${minutes}分钟内正确输入。",
        "status": "approved",
    }


def test_suspended(client: Client) -> None:
    answer = Client(client.box, SUSPENDED).send()
    assert (answer.status_code, code(answer)) == (403, "AccessDenied")


def test_without_balance(client: Client) -> None:
    assert Client(client.box, BROKE).code() == "B:00018"
    assert client.texts() == []


@pytest.mark.parametrize(
    ("template", "status"), [(CODE, "READY"), ("sms-tmpl-promo000001", "SUBMITTED")]
)
def test_template(client: Client, template: str, status: str) -> None:
    told = client.request("GET", f"/sms/v3/template/{template}").json()
    assert (told["templateId"], told["status"]) == (template, status)
    assert told["userId"] == client.account.id
    assert set(told) == {
        "templateId", "userId", "name", "content", "countryType", "smsType", "status",
        "description", "review",
    }  # fmt: skip


def test_template_of_nobody(client: Client) -> None:
    answer = client.request("GET", "/sms/v3/template/sms-tmpl-%E6%97%A0")
    assert (answer.status_code, code(answer)) == (404, "NoSuchKey")


def test_template_is_signed_like_the_rest(client: Client) -> None:
    stranger = Client(client.box, Account(secret="x"))
    assert code(stranger.request("GET", f"/sms/v3/template/{CODE}")) == "SignatureDoesNotMatch"


def test_template_is_for_get(client: Client) -> None:
    answer = client.request("DELETE", f"/sms/v3/template/{CODE}")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")

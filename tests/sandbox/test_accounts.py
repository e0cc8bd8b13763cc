"""The accounts there are, and the two that cannot send."""

from tests.sandbox.client import TIMEOUT, Account, Client

SUSPENDED = Account(
    "8aaf0708000000000000000000005050",
    "50505050505050505050505050505050",
    "8aaf07080000000000000000000050a0",
)
BROKE = Account(
    "8aaf0708000000000000000000000000",
    "00000000000000000000000000000000",
    "8aaf07080000000000000000000000a0",
)


def test_listing(client: Client) -> None:
    url = f"{client.box.url}/sandbox/accounts"
    listed = client.session.get(url, timeout=TIMEOUT).json()
    rows = [row for row in listed if row["provider"] == "cloopen"]
    accounts = [Account(row["account_sid"], row["auth_token"], row["app_id"]) for row in rows]
    assert accounts == [Account(), SUSPENDED, BROKE]
    assert listed[0] == rows[0]
    assert rows[0]["templates"][0] == {
        "id": "1",
        "text": "【云通讯】您使用的是云通讯短信模板，您的验证码是{1}，请于{2}分钟内正确输入",
        "status": "approved",
    }
    assert rows[0]["templates"][3]["status"] == "pending"


def test_suspended(client: Client) -> None:
    assert Client(client.box, SUSPENDED).code() == "111139"


def test_without_balance(client: Client) -> None:
    assert Client(client.box, BROKE).code() == "111142"
    assert client.texts() == []


def test_without_balance_the_account_can_still_be_asked(client: Client) -> None:
    answer = Client(client.box, BROKE).post("AccountInfo", b"", method="GET").json()
    assert answer["Account"]["balance"] == "0.00"


def test_a_suspended_account_with_a_wrong_sig_tells_nothing(client: Client) -> None:
    answer = Client(client.box, SUSPENDED).post("AccountInfo", b"", method="GET", query="sig=0")
    assert answer.json()["statusCode"] == "111109"

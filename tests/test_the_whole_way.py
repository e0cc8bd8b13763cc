"""The product as it runs, over plain HTTP: from a phone number to a logged-in shopper and back."""

import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.dadashop.mall import FORM
from tests.live import Live, start, stop

pytestmark = pytest.mark.live

SEND, CHECK = "/v1/verifications/codes", "/v1/verifications/verify"


def _send(live: Live, phone: str, purpose: str = "login") -> requests.Response:
    return live.post(SEND, {"phone": phone, "purpose": purpose})


def _verify(live: Live, phone: str, code: str, purpose: str = "login") -> requests.Response:
    return live.post(CHECK, {"phone": phone, "purpose": purpose, "code": code})


def _code(live: Live, phone: str) -> str:
    """What the shopper reads on the phone."""
    found = re.search(r"您的验证码是(\d{6})，请于(\d)分钟内", live.texts(phone)[0]["text"])
    assert found
    assert found[2] == "5"
    return found[1]


def _status(live: Live, sent: requests.Response) -> str:
    answer = requests.get(f"{live.url}{SEND}/{sent.json()['id']}", timeout=10)
    assert answer.status_code == 200
    return str(answer.json()["status"])


def _becomes_delivered(live: Live, sent: requests.Response) -> bool:
    deadline = time.monotonic() + 10
    while (status := _status(live, sent)) in {"sent", "unknown"} and time.monotonic() < deadline:
        time.sleep(0.1)
    return status == "delivered"


def _me(live: Live, authorization: str) -> requests.Response:
    headers = {"Authorization": authorization}
    return requests.get(live.url + "/v1/users/me", headers=headers, timeout=10)


def test_a_shopper_logs_in(live: Live, phone: str) -> None:
    sent = _send(live, phone)
    assert sent.status_code == 202
    assert sent.json()["phone"] == f"{phone[:3]}****{phone[-4:]}"
    assert _becomes_delivered(live, sent)
    answer = _verify(live, phone, _code(live, phone))
    assert answer.status_code == 200
    assert answer.json()["created"] is True
    token = answer.json()["token"]
    for authorization in (f"Bearer {token}", token):
        me = _me(live, authorization)
        assert (me.status_code, me.json()) == (200, answer.json()["user"])
    assert _me(live, token[:-2]).status_code == 401
    assert _verify(live, phone, _code(live, phone)).json()["code"] == "code_expired"


def test_a_shopper_registers(live: Live, phone: str) -> None:
    _send(live, phone, "register")
    code = _code(live, phone)
    assert _verify(live, phone, code).json()["code"] == "code_expired"  # it is not for logging in
    answer = _verify(live, phone, code, "register")
    assert answer.status_code == 200
    assert _me(live, answer.json()["token"]).json()["phone"] == f"{phone[:3]}****{phone[-4:]}"


def test_a_forgotten_password_gives_a_proof(live: Live, phone: str) -> None:
    _send(live, phone, "reset_password")
    answer = _verify(live, phone, _code(live, phone), "reset_password").json()
    assert answer.keys() == {"verified", "purpose", "proof", "expires_in"}
    assert phone not in answer["proof"]


def test_the_malls_page_registers(live: Live, phone: str) -> None:
    def post(path: str, body: str) -> dict[str, Any]:
        answer = requests.post(
            live.url + path,
            data=body,
            headers={"Content-Type": FORM, "Origin": "http://127.0.0.1"},
            timeout=10,
        )
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1"
        told: dict[str, Any] = answer.json()
        return told

    assert post("/v1/users/sms/code", f'{{"phone": "{phone}"}}')["code"] == 200
    fields = f'"uname": "dada{phone}", "password": "secret1", "phone": "{phone}"'
    told = post("/v1/users", f'{{{fields}, "verify": "{_code(live, phone)}"}}')
    assert (told["code"], told["username"], told["carts_count"]) == (200, f"dada{phone}", 0)
    assert _me(live, told["token"]).json()["username"] == f"dada{phone}"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "error", "code": "160042"}, 502, "delivery_failed"),  # the number is bad
        ({"kind": "error", "code": "160014"}, 502, "delivery_failed"),  # the platform has no money
        ({"kind": "http_500"}, 503, "unavailable"),
    ],
)
def test_what_the_platform_refused_may_be_asked_for_again_at_once(
    fault: dict[str, str], status: int, code: str, live: Live, phone: str
) -> None:
    live.fault(phone=phone, **fault)
    answer = _send(live, phone)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert live.texts(phone) == []
    assert _send(live, phone).status_code == 202
    assert _verify(live, phone, _code(live, phone)).status_code == 200


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [
        ({"kind": "timeout_after", "delay": 5}, True),
        ({"kind": "torn"}, True),
        ({"kind": "timeout_before", "delay": 5}, False),
        ({"kind": "reset"}, False),
    ],
)
def test_where_the_platform_fell_silent_the_code_may_arrive(
    fault: dict[str, Any], arrives: bool, live: Live, phone: str
) -> None:
    live.fault(phone=phone, **fault)
    sent = _send(live, phone)
    assert sent.status_code == 202
    if arrives:
        assert _becomes_delivered(live, sent)  # which the platform reports
    else:
        assert sent.json()["status"] == _status(live, sent) == "unknown"
    assert _send(live, phone).json()["code"] == "cooldown"
    assert len(live.texts(phone)) == arrives
    if arrives:
        assert _verify(live, phone, _code(live, phone)).status_code == 200


def test_it_tells_how_it_is(live: Live, phone: str) -> None:
    assert requests.get(f"{live.url}/healthz", timeout=10).text == "ok\n"
    ready = requests.get(f"{live.url}/readyz", timeout=10)
    assert ready.status_code == 200
    assert ready.json() == {"redis": "ok", "database": "ok", "queue": "inline"}
    _send(live, phone, "pickup")
    answer = requests.get(f"{live.url}/metrics", timeout=10)
    families = {family.name for family in text_string_to_metric_families(answer.text)}
    assert {"verifications_sends", "verifications_provider_duration_seconds"} <= families
    assert phone not in answer.text


def _send_again(live: Live, phone: str) -> requests.Response:
    """As a page does: having waited as long as it was told."""
    refused = _send(live, phone)
    assert refused.json()["code"] == "cooldown"
    time.sleep(int(refused.headers["Retry-After"]))
    return _send(live, phone)


@pytest.fixture
def hurried(tmp_path: Path) -> Iterator[Live]:
    """A product of this test's own, where a code may be asked for again after a second."""
    running = start(tmp_path, DJANGO_SETTINGS_MODULE="tests.browser.settings")
    yield running
    if running.process.poll() is None:
        stop(running)


def _output(live: Live) -> str:
    """All that it printed, to the end of the last process of it."""
    live.process.send_signal(signal.SIGINT)
    assert live.process.stdout
    with live.process.stdout as printed:
        text = printed.read()
    assert live.process.wait(timeout=20) == 0
    return text


def test_nothing_of_a_shopper_is_in_what_the_product_prints(
    hurried: Live, new_phone: Callable[[], str]
) -> None:
    """Of two logins of one shopper, of faults and of nonsense."""
    phone, unlucky = new_phone(), new_phone()
    secrets = {phone, unlucky, "13800138000"}
    _send(hurried, phone)
    first = _verify(hurried, phone, code := _code(hurried, phone))
    secrets |= {code, first.json()["token"]}
    assert _send_again(hurried, phone).status_code == 202
    second = _verify(hurried, phone, code := _code(hurried, phone))
    secrets |= {code, second.json()["token"]}
    assert (first.json()["created"], second.json()["created"]) == (True, False)
    assert first.json()["user"] == second.json()["user"]

    words = f"号码{unlucky}有误"  # a platform may repeat the number
    hurried.fault(phone=unlucky, kind="error", code="160042", message=words)
    assert _send(hurried, unlucky).status_code == 502
    hurried.fault(phone=unlucky, kind="reset")
    assert _send(hurried, unlucky).status_code == 202
    requests.post(hurried.url + SEND, data=b'{"phone": "13800138000\xff', timeout=10)
    requests.get(f"{hurried.url}/v1/13800138000", timeout=10)

    printed = _output(hurried)
    assert "160042" in printed  # the fault itself is there for an operator to read
    for secret in secrets:
        assert secret not in printed

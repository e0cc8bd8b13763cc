"""docs/providers.md, "Add a platform in an afternoon": what it shows keeps the contract, and texts
a shopper."""

import atexit
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.module_loading import import_string

from sandbox import Sandbox
from tests.conftest import Configure
from tests.outside.project import files
from tests.sandbox.listener import Listener
from tests.verifications.providers.acme import API_KEY, AcmePlatform
from tests.verifications.providers.contract import (
    Batching,
    Checking,
    Remembering,
    Sending,
    received,
)
from tests.verifications.providers.contract_failures import Failing
from tests.verifications.providers.contract_receipts import Receiving
from verifications.models import Message
from verifications.services import look_up_code, send_code, verify_code

_PLACE = Path(tempfile.mkdtemp(prefix="dadashop-acme-"))
atexit.register(shutil.rmtree, _PLACE, ignore_errors=True)
_SHOWN = files("docs/providers.md")
for _path, _source in {**_SHOWN, "mall/__init__.py": ""}.items():
    (_PLACE / _path).parent.mkdir(exist_ok=True)
    (_PLACE / _path).write_text(_source)
sys.path.insert(0, str(_PLACE))
Acme = import_string("mall.acme.Acme")


@pytest.fixture(scope="module", autouse=True)
def _acme(box: Sandbox) -> None:
    box.world.platforms = (*box.world.platforms, AcmePlatform(box.world))


class TestAcme(Sending, Batching, Checking, Remembering, Failing, Receiving):
    backend = Acme
    account = {"api_key": API_KEY}
    secret = "api_key"
    code_template, order_template, pending_template = "code", "shipped", "promo"
    code_text = "【达达商城】您的验证码是902817，请于5分钟内正确输入。"
    remembers = timedelta(minutes=55)
    no_message_id = (
        b'{"code":"OK"}',
        b'{"code":"OK","results":{}}',
        b'{"code":"OK","results":[7]}',
        b'{"code":"OK","results":[{"to":"+8613800138000"}]}',
        b'{"code":"OK","results":[{"to":"+8613800138000","code":"OK"}]}',
        b'{"code":"OK","results":[{"to":["+8613800138000"],"code":"OK","message_id":"1"}]}',
    )
    acknowledged = {"code": "OK"}
    report = {"message_id": "1", "id": "a" * 32, "to": "+8613912345678", "status": "delivered"}
    needed = ("message_id", "to", "status")
    uplink = {"event": "reply", "from": "+8613912345678", "text": "TD"}

    def wrapped(self, report: Any) -> Any:
        return {"event": "report", "reports": [report]}

    def error_rows(self) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = json.loads(_SHOWN["mall/acme_errors.json"])
        return rows


@pytest.fixture
def _in_the_settings(configure: Configure, box: Sandbox) -> Iterator[None]:
    names: dict[str, Any] = {}
    exec(_SHOWN["mall/settings.py"], names)
    shown = names["VERIFICATIONS"]
    shown["PROVIDERS"]["acme"]["OPTIONS"] = {"api_key": API_KEY, "base_url": box.url}
    configure(**shown)
    yield
    box.world.receipts.target("acme", None)


@pytest.mark.usefixtures("_in_the_settings")
def test_a_shopper_is_texted_through_it(
    phone: str, box: Sandbox, listener: Listener, client: Client, configure: Configure
) -> None:
    configure(RECEIPT_SECRET=["s" * 32])
    box.world.receipts.target("acme", listener.url)
    pending = send_code(phone, "login")
    (text,) = received(box, f"+86{phone}")
    assert verify_code(phone, "login", re.findall(r"\d{6}", text)[0])
    _headers, body = listener.heard.get(timeout=5)
    answer = client.post(f"/v1/receipts/acme/{'s' * 32}", body, content_type="application/json")
    assert (answer.status_code, answer.content) == (200, b'{"code":"OK"}')
    told = look_up_code(pending.id)
    assert told
    assert told[0] == Message.Status.DELIVERED


@pytest.mark.usefixtures("_in_the_settings")
def test_the_settings_pass_the_checks(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check")
    assert "no issues" in capsys.readouterr().out


@pytest.mark.usefixtures("_in_the_settings")
def test_it_fails_over(
    phone: str, box: Sandbox, configure: Configure, last_code: Callable[[], str]
) -> None:
    locmem = {"BACKEND": "verifications.providers.locmem.LocMem"}
    acme = {
        "BACKEND": "mall.acme.Acme",
        "OPTIONS": {"api_key": "wrong", "base_url": box.url},
    }
    configure(
        PROVIDERS={"acme": acme, "locmem": locmem},
        PROVIDER_ORDER=["acme", "locmem"],
        TEMPLATES={"default": {"IDS": {"acme": "code", "locmem": "1"}}},
    )
    assert send_code(phone, "login").status == "sent"
    assert received(box, f"+86{phone}") == []
    assert verify_code(phone, "login", last_code())

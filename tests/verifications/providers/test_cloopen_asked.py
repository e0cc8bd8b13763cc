"""What 容联云 is asked beside texts: for reports, for a template, and by which day it counts."""

import json
import time
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from sandbox import Sandbox
from tests.verifications.providers import vectors
from tests.verifications.providers.accounts import build
from tests.verifications.providers.conftest import ACCOUNT
from verifications.providers import Text
from verifications.providers.cloopen import Cloopen


@pytest.fixture
def _in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_in_new_york")
@pytest.mark.parametrize(("hour", "remembered"), [(15, True), (17, False)])
def test_its_day_is_that_of_shanghai_wherever_we_are(hour: int, remembered: bool) -> None:
    """Where it is midnight at 16:00 UTC."""
    now = datetime(2026, 7, 1, hour, tzinfo=UTC)
    provider = build("cloopen", clock=lambda: now)
    for earlier in (datetime(2026, 6, 30, 17, tzinfo=UTC), datetime(2026, 7, 1, 8, tzinfo=UTC)):
        assert provider.can_repeat(earlier) == remembered


@pytest.mark.usefixtures("_in_new_york")
def test_a_signature_is_of_the_time_of_shanghai() -> None:
    provider = Cloopen(**ACCOUNT, clock=lambda: datetime(2026, 7, 1, 16, tzinfo=UTC))
    assert b64decode(provider.sign().authorization).endswith(b":20260702000000")


def test_reports_are_asked_for_in_json_whatever_texts_are_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider: Any = build("cloopen", format="xml", pull=True)
    sent = vectors.captured(provider.pull_receipts, monkeypatch)
    assert sent.headers["Accept"] == "application/json"
    asked = {"appId": provider.app_id, "smsType": "1", "count": "500"}
    assert json.loads(sent.body or b"") == asked


def test_a_template_that_cannot_be_asked_about_is_told_with_the_reason(box: Sandbox) -> None:
    fault = {"provider": "cloopen", "kind": "error", "code": "112322", "message": "m"}
    url = f"{box.url}/sandbox/faults"
    requests.post(url, json={**fault, "api": "QuerySMSTemplate"}, timeout=5).raise_for_status()
    account, template = Cloopen(**ACCOUNT, base_url=box.url).check(["1"])
    assert account.ok
    assert (template.name, template.ok, template.detail) == ("template 1", False, "112322 m")


@pytest.mark.parametrize(
    ("extension", "sent"), [("8888", b'"subAppend": "8888"'), ("", b'"reqId": "a"}')]
)
def test_its_extension_code_goes_along_where_there_is_one(
    extension: str, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = build("cloopen", sub_append=extension)
    text = Text(["+8613800138000"], "1", {}, "a")
    body = vectors.captured(lambda: provider.send(text), monkeypatch).body
    assert isinstance(body, bytes)
    assert sent in body


def test_its_extension_code_has_four_digits() -> None:
    with pytest.raises(ValueError, match=r"^sub_append has to be four digits$"):
        build("cloopen", sub_append="888")

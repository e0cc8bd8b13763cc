"""容联云 in the sandbox, and somebody who reads along."""

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.conf import LazySettings
from django.test import Client

from dadashop.logs import Json
from sandbox import Sandbox
from tests.conftest import Configure
from tests.verifications.providers.conftest import ACCOUNT
from verifications.service_keys import hash_of

CodeOf = Callable[[str], str]
Fault = Callable[..., None]

RECEIPT_SECRET, SERVICE_KEY = "receipts-s3cret-of-the-tests", "service-s3cret-of-the-tests"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(port=0) as running:
        yield running


@pytest.fixture(autouse=True)
def _platform(box: Sandbox, configure: Configure) -> None:
    """容联云 itself: how it words a failure is looked at too."""
    backend = "verifications.providers.cloopen.Cloopen"
    options = {**ACCOUNT, "base_url": box.url, "timeout": (1.0, 0.2)}
    configure(
        PROVIDERS={"cloopen": {"BACKEND": backend, "OPTIONS": options}},
        PROVIDER_ORDER=["cloopen"],
        RECEIPT_SECRET=[RECEIPT_SECRET],
        SERVICE_KEYS=[hash_of(SERVICE_KEY)],
    )


@pytest.fixture
def code_of(box: Sandbox) -> CodeOf:
    """code_of(phone): what the phone received last."""

    def read(phone: str) -> str:
        found = re.search(r"(?:验证码|提货码)是(\d{6})", box.world.phones.messages(phone)[0].text)
        assert found
        return found[1]

    return read


@pytest.fixture
def fault(box: Sandbox) -> Fault:
    def add(**fields: Any) -> None:
        body = {"provider": "cloopen", **fields}
        requests.post(f"{box.url}/sandbox/faults", json=body, timeout=5).raise_for_status()

    return add


def tells(text: str, secret: str) -> bool:
    """Six digits in a row may well be a part of some longer number."""
    return bool(
        re.search(rf"(?<!\d){secret}(?!\d)" if len(secret) == 6 else re.escape(secret), text)
    )


class Secrets:
    """What may not be said, and where to look for it."""

    def __init__(self, caplog: pytest.LogCaptureFixture, client: Client, key: str) -> None:
        self.caplog = caplog
        self.client = client
        self.said = ""  # bodies of errors, reprs
        # Of the signature that 容联云 takes in a URL: it is good for a day.
        self.kept = {"sig=", key, str(ACCOUNT["auth_token"]), RECEIPT_SECRET, SERVICE_KEY}

    def keep(self, *secrets: str) -> None:
        self.kept |= set(secrets)

    def say(self, *texts: object) -> None:
        self.said += "".join(f"{text}\n" for text in texts)

    @property
    def logged(self) -> str:
        """In both forms."""
        # caplog.text is emptied before a fixture's end.
        records = self.caplog.get_records("call")
        lines = [*map(self.caplog.handler.format, records), *map(Json().format, records)]
        return "\n".join(lines)

    def check(self) -> None:
        metrics = self.client.get("/metrics").content.decode()
        for secret in self.kept:
            assert not tells(self.logged, secret), "in a log"
            assert not tells(metrics, secret), "in a metric"
            assert not tells(self.said, secret), "in an answer or a repr"


@pytest.fixture
def secrets(
    caplog: pytest.LogCaptureFixture, client: Client, settings: LazySettings
) -> Iterator[Secrets]:
    """Whatever happens in the test, every log line of it is looked at, those for debugging too."""
    caplog.set_level(logging.DEBUG)
    kept = Secrets(caplog, client, settings.SECRET_KEY)
    yield kept
    kept.check()

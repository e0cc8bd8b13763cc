"""docs/api.md says what the API does."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api, Configure
from tests.dadashop.mall import ROUTES
from tests.docs.pages import blocks, quoted, read, rows
from tests.docs.typed import run_curl
from tests.live import Live
from tests.verifications.http.reports import FORMATS, JSON_TYPE
from verifications import openapi
from verifications.models import Message
from verifications.providers import locmem
from verifications.service_keys import hash_of
from verifications.services import exchange_code, send_code

PAGE = read("docs/api.md")


def test_every_call_of_the_interface() -> None:
    documented = [quoted(call)[0] for call, *_ in rows(PAGE, "call")]
    paths: dict[str, dict[str, Any]] = openapi.document()["paths"]
    calls = [f"{method.upper()} {path}" for path, item in paths.items() for method in item]
    assert sorted(documented) == sorted(re.sub(r"{(\w+)}", r"<\1>", call) for call in calls)


def test_every_route_of_the_mall() -> None:
    theirs = PAGE.partition("## The mall's own pages")[2]
    documented = {path for call, *_ in rows(theirs, "call") for path in quoted(call)}
    assert documented == {f"POST {path}" for path in ROUTES}


def test_every_status_of_a_text() -> None:
    documented = [quoted(status)[0] for status, *_ in rows(PAGE, "`status`")]
    assert sorted(documented) == sorted(Message.Status.values)


def test_what_each_platform_reads() -> None:
    documented = [
        (quoted(name)[0], quoted(reads)[0]) for name, _, reads in rows(PAGE, "`provider`")
    ]
    assert documented == [
        (platform, body.decode())
        for platform, _, (media, body) in FORMATS.values()
        if media == JSON_TYPE
    ]


@pytest.mark.django_db(transaction=True)
def test_the_notice_that_is_shown(api: Api, configure: Configure) -> None:
    (body,) = re.findall(r"--json '(.*?)'", PAGE, re.DOTALL)
    key = "key-of-the-tests-0123456789"
    configure(SERVICE_KEYS=[hash_of(key)])
    answer = api.post("/v1/notices", json.loads(body), Authorization=f"Bearer {key}")
    assert answer.status_code == 202
    shown = next(row for row in rows(PAGE, "call") if "/v1/notices" in row[0])[2]
    assert {*answer.json(), *answer.json()["messages"][0]} <= {*quoted(shown)}


@pytest.mark.live
def test_the_notice_that_is_shown_can_be_typed(live: Live, phone: str) -> None:
    (command,) = blocks(PAGE, "sh")
    key = (live.data_dir / "service_key").read_text().strip()
    assert "$(cat var/service_key)" in command
    here = command.replace("http://127.0.0.1:8000", live.url).replace("13800138000", phone)
    (told,) = json.loads(run_curl(here.replace("$(cat var/service_key)", key)))["messages"]
    assert told["phone"] == f"+86{phone}"


@pytest.mark.django_db(transaction=True)
def test_the_calls_that_are_shown(
    last_code: Callable[[], str], travel: Callable[[float], None]
) -> None:
    phone, purpose = "13800138000", "reset_password"
    send_code(phone, purpose)
    proof: Any = exchange_code(phone, purpose, last_code())
    travel(61)
    (shown,) = blocks(PAGE, "python")
    here = shown.replace('"the proof of POST /verify"', "proof")
    here = here.replace('"123456"', "last_code()")
    names: dict[str, Any] = {"proof": proof.proof, "last_code": last_code}
    exec(here, names)
    assert names["phone"] == f"+86{phone}"
    _, _, one, *each = locmem.outbox
    assert one.params == names["shipped"]
    assert [text.params["number"] for text in each] == ["SF1", "SF2"]

"""docs/api.md says what the API does."""

import json
import re
from typing import Any

import pytest

from tests.conftest import Api, Configure
from tests.dadashop.mall import ROUTES
from tests.docs.pages import quoted, read, rows
from tests.verifications.http.reports import FORMATS, JSON_TYPE
from verifications import openapi
from verifications.models import Message
from verifications.service_keys import hash_of

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

"""Each request has a name, in its answer and in the log."""

import logging
import re
from typing import Any

import pytest
from django.test import Client

from dadashop.logs import WithRequestId
from tests.conftest import Api, Configure
from verifications import request_ids, services

pytestmark = pytest.mark.django_db

GIVEN = "0123abcd-of-the-proxy"


def _get(client: Client, path: str) -> Any:
    answer = client.get(path, headers={request_ids.HEADER: ""})
    answer.close()  # a file is open until then
    return answer


@pytest.mark.parametrize(
    "path", ["/healthz", "/", "/v1/nothing", "/nothing", "/admin/", "/static/dadashop/page.css"]
)
def test_every_answer_tells_it_if_asked(client: Client, path: str) -> None:
    ids = [_get(client, path).headers[request_ids.HEADER] for _ in range(2)]
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)
    assert ids[0] != ids[1]


def test_others_are_alike_to_the_letter(api: Api) -> None:
    first, second = (api.send("1").headers for _ in range(2))
    assert first == second


def test_a_failure_tells_it_unasked(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "look_up_code", None)
    answer = api.client.get("/v1/verifications/codes/1")
    assert answer.status_code == 500
    assert answer.headers[request_ids.HEADER]


def test_a_proxy_may_give_it(client: Client, configure: Configure) -> None:
    configure(TRUSTED_PROXIES=1)
    answer = client.get("/healthz", headers={request_ids.HEADER: GIVEN})
    assert answer.headers[request_ids.HEADER] == GIVEN


def test_a_client_may_not(client: Client) -> None:
    answer = client.get("/healthz", headers={request_ids.HEADER: GIVEN})
    assert answer.headers[request_ids.HEADER] != GIVEN


@pytest.mark.parametrize(
    "given",
    ["", "short", "x" * 65, "with blanks", "验证码验证码验证码", "line\nbreak-in-it", "a_b_c_d_e"],
)
def test_what_has_not_the_form_of_one_is_none(
    client: Client, configure: Configure, given: str
) -> None:
    configure(TRUSTED_PROXIES=1)
    answer = client.get("/healthz", headers={request_ids.HEADER: given})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers[request_ids.HEADER])


def test_pages_of_the_mall_may_read_it(client: Client) -> None:
    answer = client.get("/healthz", headers={"Origin": "http://127.0.0.1"})
    assert "X-Request-ID" in answer.headers["Access-Control-Expose-Headers"]


def test_what_it_does_says_so(api: Api, phone: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(WithRequestId())
    caplog.set_level(logging.INFO)
    body = {"phone": phone, "purpose": "login"}
    answer = api.post("/v1/verifications/codes", body, **{request_ids.HEADER: ""})
    (line,) = [record for record in caplog.records if record.name == "verifications.tries"]
    assert vars(line)["request_id"] == answer.headers[request_ids.HEADER]
    assert vars(line)["message_id"] == answer.json()["id"]

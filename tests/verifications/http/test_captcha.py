"""A code that is asked for with a captcha, over HTTP."""

from typing import Any

import pytest

from tests.conftest import Api, Configure
from tests.verifications import captchas
from tests.verifications.racing import race
from verifications.providers import locmem

CHALLENGE = "/v1/verifications/captcha"


@pytest.fixture(autouse=True)
def _always(configure: Configure) -> None:
    configure(CAPTCHA="always", CAPTCHA_OPTIONS=captchas.EASY)


def ask(api: Api, phone: str, captcha: str | None = None) -> Any:
    body = {"phone": phone, "purpose": "login"}
    return api.post(
        "/v1/verifications/codes", body if captcha is None else {**body, "captcha": captcha}
    )


def solved(api: Api) -> str:
    return captchas.solve(api.client.get(CHALLENGE).json())


def test_a_challenge_is_for_one_shopper(api: Api) -> None:
    answer = api.client.get(CHALLENGE)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert answer.json().keys() == {"parameters", "signature"}
    assert answer.json() != api.client.get(CHALLENGE).json()


def test_it_is_only_there_to_be_read(api: Api) -> None:
    answer = api.post(CHALLENGE, {})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("missing", [None, ""])
def test_without_one_nothing_is_sent(api: Api, phone: str, missing: str | None) -> None:
    answer = ask(api, phone, missing)
    assert (answer.status_code, answer.json()["code"]) == (403, "captcha_required")
    assert not locmem.outbox


def test_with_one_a_code_is_sent(api: Api, phone: str) -> None:
    assert ask(api, phone, solved(api)).status_code == 202
    assert len(locmem.outbox) == 1


@pytest.mark.parametrize("wrong", ["x", "验证码", "A" * 4000])
def test_a_wrong_one_is_told(api: Api, phone: str, wrong: str) -> None:
    answer = ask(api, phone, wrong)
    assert (answer.status_code, answer.json()["code"]) == (403, "captcha_invalid")
    assert not locmem.outbox


def test_one_is_good_for_one_text(api: Api, phone: str) -> None:
    answer = solved(api)
    assert ask(api, phone, answer).status_code == 202
    again = ask(api, f"139{phone[3:]}", answer)
    assert (again.status_code, again.json()["code"]) == (403, "captcha_invalid")
    assert len(locmem.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_with_one_answer_get_one_text(api: Api, phone: str) -> None:
    answer = solved(api)
    statuses = race(8, lambda n: ask(api, f"13{n}{phone[3:]}", answer).status_code)
    assert sorted(statuses) == [202, *[403] * 7]
    assert len(locmem.outbox) == 1


def test_where_it_is_switched_off_nobody_is_asked(
    api: Api, phone: str, configure: Configure
) -> None:
    configure(CAPTCHA="never")
    assert ask(api, phone).status_code == 202

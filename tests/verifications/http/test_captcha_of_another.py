"""CAPTCHA_BACKEND: a class of somebody else's takes ALTCHA's place."""

from typing import Any

import pytest

from tests.conftest import Api, Configure


@pytest.fixture(autouse=True)
def _riddle(configure: Configure) -> None:
    configure(
        CAPTCHA="always",
        CAPTCHA_BACKEND="tests.verifications.captchas.Riddle",
        CAPTCHA_OPTIONS={"answer": "piano"},
    )


def ask(api: Api, phone: str, answer: str) -> Any:
    body = {"phone": phone, "purpose": "login", "captcha": answer}
    return api.post("/v1/verifications/codes", body)


def test_its_challenge_is_what_the_page_gets(api: Api) -> None:
    answer = api.client.get("/v1/verifications/captcha")
    assert answer.json() == {"riddle": "What has keys but opens no door?"}


def test_its_word_counts(api: Api, phone: str) -> None:
    refused = ask(api, phone, "lock")
    assert (refused.status_code, refused.json()["code"]) == (403, "captcha_invalid")
    assert ask(api, phone, "piano").status_code == 202


def test_what_it_says_is_spent_is_spent(api: Api, phone: str) -> None:
    assert ask(api, phone, "piano#1").status_code == 202
    assert ask(api, f"139{phone[3:]}", "piano#1").status_code == 403
    assert ask(api, f"139{phone[3:]}", "piano#2").status_code == 202


def test_where_it_cannot_tell_nothing_is_let_through(api: Api, phone: str) -> None:
    answer = ask(api, phone, "the judge is asleep")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) > 0

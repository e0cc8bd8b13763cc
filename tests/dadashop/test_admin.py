"""Operators' pages beside all the others: their headers, and what they say when something fails."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, OperationalError, connection
from django.test import Client

from tests.dadashop.operators import LISTS, LOGIN

PHONE = "13800138000"
PAGES = ["/admin/", LISTS, f"{LISTS}add/", "/admin/jsi18n/", "/admin/password_change/"]


def _is_guarded(answer: Any) -> None:
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "form-action 'self'; frame-ancestors 'none'" in policy
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page(path: str, operator: Client) -> None:
    answer = operator.get(path)
    assert answer.status_code == 200
    _is_guarded(answer)


@pytest.mark.django_db
def test_the_login_is_in_chinese(client: Client) -> None:
    answer = client.get(LOGIN, headers={"Accept-Language": "en"})
    _is_guarded(answer)
    assert 'lang="zh-hans"' in answer.content.decode()
    assert "达达商城短信验证" in answer.content.decode()


def test_the_address_without_a_slash(client: Client) -> None:
    answer = client.get("/admin")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


@pytest.mark.django_db
def test_a_stranger_is_led_to_the_login(client: Client) -> None:
    answer = client.get(LISTS)
    assert (answer.status_code, answer["Location"]) == (302, f"{LOGIN}?next={LISTS}")


@pytest.mark.django_db
def test_an_operator_without_the_permission(client: Client) -> None:
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    client.force_login(clerk)
    assert client.get("/admin/").status_code == 200
    for answer in (client.get(LISTS), client.post(LISTS, {"q": "1"}, follow=True)):
        assert answer.status_code == 403


def test_the_api_neither_reads_nor_sets_a_cookie(operator: Client) -> None:
    """Not even one that an operator's browser would send: no form can be forged with it."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = operator.cookies
    answer = strict.post(
        "/v1/verifications/codes", {"phone": PHONE, "purpose": "login"}, "application/json"
    )
    assert answer.status_code == 202
    assert not answer.cookies
    assert answer["Vary"] == "origin"
    assert strict.get("/v1/users/me").status_code == 401
    for path in ("/", "/v1/docs", "/healthz"):
        page = strict.get(path)
        assert not page.cookies
        assert "Cookie" not in page.get("Vary", "")


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (IntegrityError, 503, "服务暂时不可用"),
        (OperationalError, 503, "服务暂时不可用"),
        (RuntimeError, 500, "服务出错了"),
    ],
)
def test_an_error_says_nothing_of_what_it_was_about(
    error: type[Exception], status: int, words: str, operator: Client, caplog: Any
) -> None:
    def fail(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("INSERT"):
            raise error(f"Key (value)=(+86{PHONE}) already exists.")
        return execute(sql, *rest)

    form = {"list": "block", "what": "phone", "value": PHONE}
    form |= {"note": "", "expires_at_0": "", "expires_at_1": ""}
    with connection.execute_wrapper(fail):
        answer = operator.post(f"{LISTS}add/", form)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert PHONE not in answer.content.decode()
    _is_policed(answer)
    assert f"unexpected {error.__name__} in {__file__}" in caplog.text
    assert PHONE not in caplog.text


def _is_policed(answer: Any) -> None:
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")

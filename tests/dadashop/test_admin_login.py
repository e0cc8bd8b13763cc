"""The admin's login: so many tries for each address, counted before the password is looked at."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.test import Client

from dadashop.caches import cache_of
from tests.conftest import Configure
from tests.dadashop.operators import LOGIN, PASSWORD, log_in, superuser
from tests.live import free_port

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}


@pytest.fixture(autouse=True)
def _operator(db: None) -> None:
    superuser()


@pytest.fixture
def looked_at() -> Iterator[list[str]]:
    """The user names whose passwords were compared, and found wrong."""
    names: list[str] = []

    def failed(credentials: dict[str, str], **_: Any) -> None:
        names.append(credentials["username"])

    user_login_failed.connect(failed)
    yield names
    user_login_failed.disconnect(failed)


def _use_up(client: Client, **meta: Any) -> None:
    for _ in range(10):
        assert log_in(client, "wrong", **meta).status_code == 200


def test_a_right_password(client: Client) -> None:
    answer = log_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


def test_the_cookies(client: Client) -> None:
    client.get(LOGIN)
    answer = log_in(client)
    assert set(answer.cookies) == {"sessionid", "csrftoken"}
    for cookie in answer.cookies.values():
        assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/admin/", "Lax", True)
    assert answer.cookies["sessionid"]["max-age"] == 8 * 3600


def test_ten_tries_in_a_quarter_of_an_hour(
    client: Client, looked_at: list[str], travel: Callable[[float], None]
) -> None:
    _use_up(client)
    assert len(looked_at) == 10
    for password in ("wrong", PASSWORD):
        answer = log_in(client, password)
        assert answer.status_code == 429
        assert 840 < int(answer["Retry-After"]) <= 900
        assert "登录尝试过于频繁，请在 15 分钟后再试。" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    assert len(looked_at) == 10
    assert client.get("/admin/").status_code == 302  # not logged in
    travel(900)
    assert log_in(client).status_code == 302


def test_right_passwords_count_too(client: Client) -> None:
    for _ in range(10):
        assert log_in(Client()).status_code == 302
    assert log_in(client).status_code == 429


def test_the_limit_is_a_setting(client: Client, configure: Configure) -> None:
    configure(ADMIN_LOGIN_LIMIT=[1, 60])
    assert log_in(client, "wrong").status_code == 200
    assert log_in(client).status_code == 429


def test_looking_at_the_form_is_no_try(client: Client) -> None:
    for _ in range(12):
        assert client.get(LOGIN).status_code == 200
    assert log_in(client).status_code == 302


def test_a_stranger_does_not_lock_an_operator_out(client: Client) -> None:
    _use_up(client, **HERE)
    assert log_in(client, **HERE).status_code == 429
    assert log_in(client, **ELSEWHERE).status_code == 302


def test_other_names_and_sessions_do_not_help(client: Client) -> None:
    _use_up(client, **HERE)
    assert log_in(Client(), name="somebody", **HERE).status_code == 429


def test_a_subscriber_of_ipv6_is_one(client: Client) -> None:
    _use_up(client, REMOTE_ADDR="2001:db8::1")
    assert log_in(client, REMOTE_ADDR="2001:db8::2").status_code == 429
    assert log_in(client, REMOTE_ADDR="2001:db8:0:1::1").status_code == 302


def test_behind_a_proxy_the_clients_address_counts(client: Client, configure: Configure) -> None:
    configure(TRUSTED_PROXIES=1)
    _use_up(client, HTTP_X_FORWARDED_FOR="203.0.113.7")
    forged = "198.51.100.1, 203.0.113.7"
    assert log_in(client, HTTP_X_FORWARDED_FOR=forged).status_code == 429
    assert log_in(client, HTTP_X_FORWARDED_FOR="203.0.113.8").status_code == 302


def test_what_has_no_address_counts_together(client: Client) -> None:
    _use_up(client, REMOTE_ADDR="")
    assert log_in(client, REMOTE_ADDR="").status_code == 429
    assert log_in(client, **HERE).status_code == 302


def test_without_redis_nobody_logs_in(
    client: Client, looked_at: list[str], tmp_path: Path, settings: LazySettings,
    configure: Configure,
) -> None:  # fmt: skip
    url = f"redis://127.0.0.1:{free_port()}/0"
    settings.CACHES = {**settings.CACHES, str(tmp_path): cache_of(url, tmp_path)}
    configure(REDIS_ALIAS=str(tmp_path))
    for password in ("wrong", PASSWORD):
        answer = log_in(client, password)
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert "服务暂时不可用，请在 5 秒后重试。" in answer.content.decode()
    assert not looked_at


def _words(answer: Any) -> list[str]:
    return [str(word) for word in answer.context["form"].non_field_errors()]


def test_an_unknown_name_is_told_the_same_as_a_wrong_password(client: Client) -> None:
    unknown, wrong = log_in(client, name="nobody"), log_in(client, "wrong")
    assert _words(unknown) == _words(wrong) != []


def test_a_shopper_does_not_get_in(client: Client) -> None:
    get_user_model().objects.create_user("shopper", password=PASSWORD)
    assert log_in(client, name="shopper").status_code == 200
    assert client.get("/admin/").status_code == 302


def test_a_forged_form_is_refused_before_it_is_a_try(configure: Configure) -> None:
    configure(ADMIN_LOGIN_LIMIT=[1, 60])
    strict = Client(enforce_csrf_checks=True)
    answer = log_in(strict)
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
    strict.get(LOGIN)
    token = strict.cookies["csrftoken"].value
    form = {"username": "operator", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert strict.post(LOGIN, form).status_code == 302

"""What the plugin does, as tests of the project that test_plugin.py runs there."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from celery import current_app
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django_redis import get_redis_connection

from verifications import conf, tasks
from verifications.exceptions import Cooldown, Unavailable
from verifications.providers import Uncertain, Unreachable, locmem
from verifications.pytest_plugin import Outbox
from verifications.services import issue_pickup_code, notify, send_code, verify_code

PHONE = "13800138000"
SHIPPED = {"order": "D1001", "company": "顺丰", "number": "SF1"}

pytestmark = pytest.mark.django_db


def _ask(client: Client, path: str, **body: str) -> Any:
    return client.post(path, body, content_type="application/json")


def test_rest_framework(client: Client, sms_outbox: Outbox) -> None:
    assert _ask(client, "/api/codes", phone=PHONE).json() == {"resend_after": 60}
    again = _ask(client, "/api/codes", phone=PHONE)
    assert (again.status_code, again.json()["code"]) == (429, "cooldown")
    assert 0 < int(again["Retry-After"]) <= 60
    code = sms_outbox[-1].code
    wrong = _ask(client, "/api/phones", phone=PHONE, code=f"{(int(code) + 1) % 10**6:06d}")
    assert (wrong.status_code, wrong.json()["attempts_left"]) == (400, 4)
    assert "Retry-After" not in wrong
    assert "code" in _ask(client, "/api/phones", phone=PHONE).json()  # its own kind of refusal
    right = _ask(client, "/api/phones", phone=PHONE, code=code)
    assert (right.status_code, right.json()) == (200, {"phone": f"+86{PHONE}"})


def test_a_form_that_is_wrong_elsewhere_uses_no_code_up(
    client: Client, sms_outbox: Outbox, settings: LazySettings
) -> None:
    name = "django.contrib.auth.password_validation.MinimumLengthValidator"
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": name}]
    client.post("/password/code", {"phone": PHONE})
    code = sms_outbox[-1].code
    client.post("/password", {"phone": PHONE, "code": code, "password": "short"})
    assert verify_code(PHONE, "reset_password", code)


@pytest.mark.parametrize("_turn", [1, 2])
def test_no_cooldown_of_another_test_is_there(_turn: int, sms_outbox: Outbox) -> None:
    send_code(PHONE, "login")
    with pytest.raises(Cooldown):
        send_code(PHONE, "login")
    assert len(sms_outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_notice_at_a_real_commit(sms_outbox: Outbox) -> None:
    with transaction.atomic():
        notify(PHONE, "shipped", SHIPPED)
        assert not sms_outbox
    assert [sms.params for sms in sms_outbox] == [SHIPPED]


def test_a_notice_after_a_block_of_the_code_under_test(sms_outbox: Outbox) -> None:
    with transaction.atomic():
        notify(PHONE, "shipped", SHIPPED)
        assert not sms_outbox
    assert len(sms_outbox) == 1
    assert len(sms_outbox) == 1  # once


def test_a_notice_that_is_rolled_back(sms_outbox: Outbox) -> None:
    with transaction.atomic():
        notify(PHONE, "shipped", SHIPPED)
        transaction.set_rollback(True)
    assert not sms_outbox


def test_hooks_of_the_project_are_left_to_it(
    sms_outbox: Outbox,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    ran = []
    with django_capture_on_commit_callbacks(execute=True):
        transaction.on_commit(lambda: ran.append(1))
        notify(PHONE, "shipped", SHIPPED)
        assert (len(sms_outbox), ran) == (1, [])
    assert (len(sms_outbox), ran) == (1, [1])


def test_a_pickup_code(sms_outbox: Outbox) -> None:
    issue_pickup_code(PHONE, "D1001")
    assert (sms_outbox[0].template, sms_outbox[0].params["code"]) == (
        "pickup_code",
        sms_outbox[0].code,
    )


def test_a_notice_has_no_code(sms_outbox: Outbox) -> None:
    notify(PHONE, "shipped", SHIPPED)
    with pytest.raises(KeyError):
        _ = sms_outbox[0].code


def test_failures(sms_outbox: Outbox) -> None:
    sms_outbox.fail_with(Unreachable("down"))
    with pytest.raises(Unavailable):
        send_code(PHONE, "login")
    sms_outbox.fail_with(Uncertain("read timeout"))
    assert send_code(PHONE, "login").status == "unknown"
    sms_outbox.fail_with(None)
    assert send_code("13900139000", "register").status == "sent"
    assert [sms.template for sms in sms_outbox] == ["register"]


def test_it_can_be_cleared(sms_outbox: Outbox) -> None:
    notify(PHONE, "shipped", SHIPPED)
    sms_outbox.clear()
    assert [*sms_outbox[:]] == []


def test_a_setting_is_changed_as_ever(sms_outbox: Outbox, settings: LazySettings) -> None:
    settings.VERIFICATIONS = {**settings.VERIFICATIONS, "CODE_LENGTH": 4}
    send_code(PHONE, "login")
    assert len(sms_outbox[0].code) == 4


def test_a_broker_is_not_asked(sms_outbox: Outbox, settings: LazySettings) -> None:
    settings.CELERY_BROKER_URL = "amqp://nobody.invalid"
    notify(PHONE, "shipped", SHIPPED)
    assert send_code(PHONE, "login").status == "sent"
    assert len(sms_outbox) == 2


@pytest.fixture
def _eager(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a project that tests its queue."""
    monkeypatch.setattr(tasks, "broker", lambda: "memory://")
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


@pytest.mark.usefixtures("_eager")
def test_with_an_eager_celery(sms_outbox: Outbox) -> None:
    assert send_code(PHONE, "login").status == "queued"
    assert sms_outbox[0].template == "login"


def test_a_test_that_does_not_ask_texts_nobody_either() -> None:
    assert {entry.backend for entry in conf.get().providers.values()} == {
        f"{locmem.__name__}.LocMem"
    }
    send_code("13900139000", "change_phone")
    assert locmem.outbox[-1].phones == ["+8613900139000"]


@pytest.fixture
def nothing_left() -> Iterator[list[str]]:
    prefixes: list[str] = []
    yield prefixes
    assert prefixes
    assert not [*get_redis_connection().scan_iter(f"{prefixes[0]}*")]


def test_its_keys_are_deleted(nothing_left: list[str], sms_outbox: Outbox) -> None:
    send_code(PHONE, "login", ip="203.0.113.7")
    nothing_left.append(conf.get().key_prefix)
    assert [*get_redis_connection().scan_iter(f"{nothing_left[0]}*")]

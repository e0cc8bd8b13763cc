"""What Sentry is sent of our failures, frames and requests with them: no phone, no code, no key."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory

from tests.conftest import Configure
from tests.dadashop.mall import FORM
from tests.secrets.conftest import RECEIPT_SECRET, SERVICE_KEY, CodeOf, Fault, Secrets
from tests.secrets.watching import Watch, watching
from tests.waiting import Waiting
from verifications import tasks
from verifications.models import Message
from verifications.services import issue_pickup_code, notify, send_code
from verifications.wsgi import discreet

pytestmark = pytest.mark.django_db(transaction=True)

SHIPPED = {"order": "D1001", "company": "顺丰", "number": "SF1"}
APPLICATION = discreet(WSGIHandler())


@pytest.fixture
def watch(secrets: Secrets) -> Iterator[Watch]:
    with watching() as watch:
        yield watch
    assert watch.errors + watch.requests
    secrets.say(watch.told)


def _post(path: str, body: Any, media: str = "application/json", **headers: str) -> int:
    """Through all that stands between a server and the view: the status."""
    request = RequestFactory().generic("POST", path, json.dumps(body), media, headers=headers)
    told: list[str] = []

    def start_response(status: str, *_: object) -> Any:
        told.append(status)

    answer: Any = APPLICATION(request.environ, start_response)
    b"".join(answer)
    answer.close()
    return int(told[0][:3])


def _away(_: object, asked: object, values: object, *__: object) -> None:
    raise DatabaseError(f"cannot run {asked} {values}")


def _writes_fail(execute: Any, asked: str, values: object, *rest: object) -> object:
    """As a constraint that is broken, which PostgreSQL words with the row's values."""
    if "deliveryattempt" in asked and asked.startswith("INSERT"):
        raise DatabaseError(f"Failing row contains {values}.")
    return execute(asked, values, *rest)


def test_requests(watch: Watch, secrets: Secrets, phone: str, code_of: CodeOf) -> None:
    body = {"phone": phone, "purpose": "login"}
    assert _post("/v1/verifications/codes", body) == 202
    code = code_of(phone)
    secrets.keep(phone, code)
    with connection.execute_wrapper(_away):
        assert _post("/v1/verifications/verify", {**body, "code": code}) == 503
        assert _post("/v1/tokens/sms", {"phone": phone, "verify": code}, FORM) == 200
        assert _post("/v1/users/sms/code", {"phone": phone, "purpose": "login"}, FORM) == 200
    assert watch.requests == 4
    assert "/v1/tokens/sms" in watch.told


def test_requests_that_are_not_even_read(watch: Watch, secrets: Secrets, phone: str) -> None:
    secrets.keep(phone)
    assert _post("/v1/notices", {"template": "shipped", "to": [phone]}) == 401
    assert _post("/v1/users/me", {"phone": phone}) == 405
    assert _post("/v1/verifications/codes", {"phone": phone, "x": "y" * 8192}) == 400
    assert watch.requests == 3


def test_services(watch: Watch, secrets: Secrets, phone: str) -> None:
    secrets.keep(phone)
    key = {"Authorization": f"Bearer {SERVICE_KEY}"}
    body = {"template": "shipped", "to": [phone], "params": SHIPPED}
    with connection.execute_wrapper(_away):
        assert _post("/v1/notices", body, **key) == 503
    assert _post("/v1/notices", body, **key) == 202
    assert _post("/v1/pickup-codes", {"phone": phone, "order": "D1001"}, **key) == 202


@pytest.mark.parametrize("tail", ["", "x", "/x"])
def test_receipts(tail: str, watch: Watch, secrets: Secrets, phone: str) -> None:
    secrets.keep(phone)
    report = {"smsType": "1", "content": "1", "fromNum": phone, "status": "0"}
    path = f"/v1/receipts/cloopen/{RECEIPT_SECRET}{tail}"
    with connection.execute_wrapper(_away):
        assert _post(path, {"Request": report}) == (404 if tail else 503)
    assert "/v1/receipts/cloopen/" in watch.told


def _broken(phone: str, **fields: Any) -> None:
    """A CREATE_USER with a mistake in it."""
    raise LookupError(f"{phone} {fields}")


def test_a_mistake_of_ours(
    watch: Watch, secrets: Secrets, phone: str, code_of: CodeOf, configure: Configure
) -> None:
    configure(CREATE_USER=f"{__name__}._broken")
    send_code(phone, "login")
    secrets.keep(phone, code_of(phone))
    body = {"phone": phone, "purpose": "login", "code": code_of(phone)}
    assert _post("/v1/verifications/verify", body) == 500
    assert "unexpected LookupError in " in watch.told


@pytest.mark.parametrize("kind", ["http_500", "reset", "torn", "timeout_after"])
def test_a_platform_that_fails(
    kind: str, watch: Watch, secrets: Secrets, phone: str, fault: Fault
) -> None:
    fault(kind=kind, phone=phone, **({"delay": 2} if kind == "timeout_after" else {}))
    secrets.keep(phone)
    assert _post("/v1/verifications/codes", {"phone": phone, "purpose": "login"}) in (202, 503)
    assert "/SMS/TemplateSMS" in watch.told  # requests to platforms are told of


@pytest.mark.parametrize("broken", [_away, _writes_fail])
def test_a_call_for_a_code_that_fails(
    broken: Any,
    watch: Watch,
    secrets: Secrets,
    phone: str,
    waiting: Waiting,
    configure: Configure,
) -> None:
    configure(CLAIM_TTL=5)
    send_code(phone, "login")
    secrets.keep(phone, f"+86{phone}")
    with connection.execute_wrapper(broken):
        outcome = tasks.collect.apply()
    assert isinstance(outcome.result, tasks.Failed)
    assert "DatabaseError in " in watch.told
    secrets.say(outcome.traceback)


@pytest.mark.parametrize("broken", [_away, _writes_fail])
def test_a_task_that_fails(
    broken: Any, watch: Watch, secrets: Secrets, phone: str, waiting: Waiting
) -> None:
    issue_pickup_code(phone, "D1001")
    secrets.keep(phone, f"+86{phone}")
    (message,) = Message.objects.all()
    with connection.execute_wrapper(broken):
        outcome = tasks.deliver.apply(([message.pk.hex],))
    assert isinstance(outcome.result, tasks.Failed)
    assert watch.errors == 1
    assert "DatabaseError in " in watch.told
    secrets.say(outcome.traceback)


@pytest.mark.parametrize("task", [tasks.sweep, tasks.pull_receipts, tasks.forget])
def test_the_other_tasks(
    task: Any, watch: Watch, secrets: Secrets, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets.keep(phone)

    def broken(*asked: object) -> None:
        raise LookupError(phone, asked)

    monkeypatch.setattr("verifications.claims.due", broken)
    monkeypatch.setattr("verifications.arrivals.apply", broken)
    monkeypatch.setattr("verifications.arrivals.forget_unclaimed", broken)
    assert isinstance(task.apply().result, tasks.Failed)
    assert watch.errors == 1


def test_what_follows_a_commit(watch: Watch, secrets: Secrets, phone: str) -> None:
    """Django would log it with its text and its frames."""
    secrets.keep(phone)
    with connection.execute_wrapper(_writes_fail):
        for write in (
            lambda: notify(phone, "shipped", SHIPPED),
            lambda: issue_pickup_code(phone, "D1001"),
        ):
            with transaction.atomic():
                write()
    assert watch.errors == 2
    assert watch.told.count("after a commit: DatabaseError in ") >= 2
    assert Message.objects.count() == 2

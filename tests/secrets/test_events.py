"""What a worker that sends events (`-E`) tells its broker of tasks: ids, and where one failed."""

import base64
import json
import time

import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import LazySettings
from django.db import DatabaseError
from redis import Redis

from dadashop.celery import app
from tests.secrets.conftest import CodeOf, Secrets
from tests.waiting import Waiting
from verifications import delivery
from verifications.models import Message
from verifications.services import issue_pickup_code, send_code

pytestmark = pytest.mark.django_db(transaction=True)


def _told(settings: LazySettings, last: str) -> str:
    """All events of a worker that works off the queue, until one of the type `last`."""
    path = str(settings.REDIS_URL).removeprefix("unix://")
    told = ""
    with Redis(unix_socket_path=path) as redis, redis.pubsub() as heard:
        heard.psubscribe("*celeryev*")
        assert heard.get_message(timeout=5)  # that we are heard
        with start_worker(
            app, pool="solo", queues=["codes"], perform_ping_check=False, task_events=True
        ):
            deadline = time.monotonic() + 30
            while f'"{last}"' not in told:
                assert time.monotonic() < deadline, told
                if event := heard.get_message(timeout=1):
                    told += base64.b64decode(json.loads(event["data"])["body"]).decode()
    return told


def test_of_a_task_that_sends(
    secrets: Secrets, phone: str, code_of: CodeOf, waiting: Waiting, settings: LazySettings
) -> None:
    issue_pickup_code(phone, "D1001")
    told = _told(settings, "task-succeeded")
    secrets.keep(phone, code_of(phone))
    secrets.say(told)
    assert Message.objects.get().pk.hex in told


def test_of_a_call_for_a_code(
    secrets: Secrets, phone: str, code_of: CodeOf, waiting: Waiting, settings: LazySettings
) -> None:
    send_code(phone, "login")
    told = _told(settings, "task-succeeded")
    secrets.keep(phone, code_of(phone))
    secrets.say(told)


def test_of_a_task_that_fails(
    secrets: Secrets,
    phone: str,
    waiting: Waiting,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*asked: object) -> None:
        raise DatabaseError(f"Failing row contains (+86{phone}).", asked)

    issue_pickup_code(phone, "D1001")
    secrets.keep(phone)
    monkeypatch.setattr(delivery, "deliver", broken)
    told = _told(settings, "task-failed")
    secrets.say(told)
    assert "DatabaseError in " in told

"""A phone is unmasked by a form of ours, and that is written down."""

import logging

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from tests.dadashop.acts import logged, pickup
from tests.dadashop.operators import PICKUPS, TEXTS
from tests.dadashop.texts import BARE, PHONE, text

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_unmasking_is_written_down(operator: Client, caplog: pytest.LogCaptureFixture) -> None:
    message = text()
    url = f"{TEXTS}{message.pk}/unmask/"
    with caplog.at_level(logging.INFO):
        page = operator.post(url)
    assert page.status_code == 200
    assert PHONE in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (str(message.pk), "查看了完整手机号码。")
    assert entry.object_repr == f"notice {message.pk}"
    assert f"message {message.pk}: unmasked by operator {entry.user_id}" in caplog.text
    assert not BARE.search(caplog.text)
    assert "查看了完整手机号码。" in operator.get(f"{TEXTS}{message.pk}/history/").content.decode()
    assert PHONE not in operator.get(f"{TEXTS}{message.pk}/change/").content.decode()


def test_a_pickup_codes_phone_too(operator: Client, caplog: pytest.LogCaptureFixture) -> None:
    code = pickup()
    assert PHONE not in operator.get(f"{PICKUPS}{code.pk}/change/").content.decode()
    with caplog.at_level(logging.INFO):
        assert PHONE in operator.post(f"{PICKUPS}{code.pk}/unmask/").content.decode()
    assert logged() == ["查看了完整手机号码。"]
    assert f"pickupcode {code.pk}: unmasked by operator" in caplog.text
    assert not BARE.search(caplog.text)


def test_unmasking_takes_a_form_of_ours(operator: Client) -> None:
    message = text()
    url = f"{TEXTS}{message.pk}/unmask/"
    assert operator.get(url).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = operator.cookies
    assert strict.post(url).status_code == 403
    assert logged() == []

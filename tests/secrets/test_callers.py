"""The secret of the webhook and the keys of services are in no log, answer or metric."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.conftest import Api
from tests.secrets.conftest import RECEIPT_SECRET, SERVICE_KEY, Secrets

pytestmark = pytest.mark.django_db(transaction=True)

RECEIPTS = f"/v1/receipts/cloopen/{RECEIPT_SECRET}"


def _refuse(*_: object) -> None:
    raise OperationalError(RECEIPT_SECRET + SERVICE_KEY)


def test_a_push_that_is_refused(secrets: Secrets, client: Client) -> None:
    for path in (RECEIPTS, f"{RECEIPTS}x", RECEIPTS.replace("cloopen", "nobody"), f"{RECEIPTS}/x"):
        answer = client.post(path, b"nonsense", content_type="application/json")
        assert 400 <= answer.status_code < 500
        secrets.say(answer.content.decode(), dict(answer.headers))
    secrets.say(client.get(RECEIPTS).content.decode())


def test_a_push_while_the_database_is_away(secrets: Secrets, client: Client, phone: str) -> None:
    secrets.keep(phone)
    report = {"smsType": "1", "content": "1", "fromNum": phone, "status": "0"}
    with connection.execute_wrapper(_refuse):
        answer = client.post(RECEIPTS, {"Request": report}, content_type="application/json")
    assert answer.status_code == 503
    secrets.say(answer.content.decode(), dict(answer.headers))


def test_a_service_that_is_refused(secrets: Secrets, api: Api, phone: str) -> None:
    secrets.keep(phone)
    body = {"template": "shipped", "to": [phone], "params": {}}
    for key in (SERVICE_KEY, SERVICE_KEY + "x", f"Bearer {SERVICE_KEY}"):
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": SERVICE_KEY}
        answer = api.post("/v1/notices", body, **headers)
        assert answer.status_code in (400, 401)
        secrets.say(answer.content.decode(), dict(answer.headers))


def test_a_service_while_the_database_is_away(secrets: Secrets, api: Api, phone: str) -> None:
    secrets.keep(phone)
    params = {"order": "D1001", "company": "顺丰", "number": "SF1"}
    body = {"template": "shipped", "to": [phone], "params": params}
    with connection.execute_wrapper(_refuse):
        answer = api.post("/v1/notices", body, Authorization=f"Bearer {SERVICE_KEY}")
    assert answer.status_code == 503
    secrets.say(answer.content.decode(), dict(answer.headers))

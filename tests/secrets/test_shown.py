"""What a log or a debugger may show of our objects: no phone, no code, no key."""

import sys
from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import RequestFactory
from django.views.debug import technical_500_response

from tests.conftest import wrong
from tests.secrets.conftest import CodeOf, Fault, Secrets
from verifications import arrivals, conf, exceptions, providers, rollups, tally
from verifications.fates import Moved
from verifications.models import Budget, DeliveryAttempt, ListEntry, Message
from verifications.providers import Push, Receipt, Text, Uncertain
from verifications.services import (
    Proof,
    SignedIn,
    exchange_code,
    issue_pickup_code,
    notify,
    send_code,
)
from verifications.tries import Job, Try

pytestmark = pytest.mark.django_db(transaction=True)

SHIPPED = {"order": "D1001", "company": "顺丰", "number": "SF1"}


def test_what_a_use_case_gives_back(
    secrets: Secrets, phone: str, new_phone: Callable[[], str], code_of: CodeOf
) -> None:
    other, third, bad = new_phone(), new_phone(), f"138{phone}"
    pending = [send_code(phone, "login"), send_code(other, "pickup")]
    signed_in = exchange_code(phone, "login", code_of(phone))
    proof = exchange_code(other, "pickup", code_of(other))
    assert isinstance(signed_in, SignedIn)
    assert isinstance(proof, Proof)
    notices = notify([new_phone(), bad], "shipped", SHIPPED)
    pickup = issue_pickup_code(third, "D1001")
    secrets.keep(phone, other, third, bad, code_of(phone), code_of(other), code_of(third))
    secrets.keep(signed_in.token, proof.proof)
    secrets.say(*map(repr, [*pending, signed_in, proof, *notices, pickup]))


def test_rows(secrets: Secrets, phone: str, code_of: CodeOf) -> None:
    send_code(phone, "login")
    exchange_code(phone, "login", code_of(phone))
    notify(phone, "shipped", SHIPPED, idempotency_key="D1001")
    issue_pickup_code(phone, "D1001")
    arrivals.apply("cloopen", [Receipt("1", "", f"+86{phone}", True, "DELIVRD")])
    ListEntry.objects.create(list="block", what="phone", value=phone)
    Budget.objects.create(daily="100")
    tally.flush()
    rollups.keep()
    secrets.keep(phone, code_of(phone))
    for model in apps.get_app_config("verifications").get_models():
        rows = model._default_manager.all()
        assert rows
        secrets.say(*rows, *map(repr, rows))


def test_what_travels_to_a_platform_and_back(secrets: Secrets, phone: str) -> None:
    code = "271828"
    secrets.keep(phone, code)
    text = Text([f"+86{phone}"], "1", {"code": code, "minutes": "5"}, "a" * 32)
    cloopen = providers.build("cloopen")
    assert cloopen
    job = Job([Message(phone=f"+86{phone}")], [cloopen], text.params)
    attempts = [DeliveryAttempt(message=job.messages[0])]
    tried = Try(job, attempts, [Uncertain("ReadTimeout")])
    receipt = Receipt("1", "", f"+86{phone}", True, "DELIVRD")
    push = Push({}, f"{phone} {code}".encode())
    shown = [text, cloopen, job, tried, receipt, push, Moved(job.messages, Message.Status.SENT)]
    secrets.say(*map(repr, shown))


def test_the_settings(secrets: Secrets) -> None:
    settings = conf.get()
    secrets.say(repr(settings), *map(repr, settings.providers.values()))


def test_djangos_page_of_an_error_hides_our_settings(secrets: Secrets, rf: RequestFactory) -> None:
    try:
        raise LookupError
    except LookupError:
        page = technical_500_response(rf.get("/"), *sys.exc_info()).content.decode()
    assert "VERIFICATIONS" in page
    secrets.say(page)


def test_exceptions(secrets: Secrets, phone: str, code_of: CodeOf, fault: Fault) -> None:
    send_code(phone, "login")
    secrets.keep(phone, code_of(phone), wrong(code_of(phone)))
    for call in (
        lambda: send_code(phone, "login"),
        lambda: send_code(phone + "1", "login"),
        lambda: send_code(phone, phone),
        lambda: exchange_code(phone, "login", wrong(code_of(phone))),
    ):
        with pytest.raises(exceptions.VerificationError) as refusal:
            call()
        secrets.say(repr(refusal.value), refusal.value, refusal.value.message, vars(refusal.value))
    fault(kind="error", code="160042", message=f"{phone}有误")
    cloopen = providers.build("cloopen")
    assert cloopen
    with pytest.raises(providers.SendError) as failure:
        cloopen.send(Text(["+86" + phone], "1", {"code": "1"}, "b" * 32))
    secrets.say(repr(failure.value), failure.value, vars(failure.value))

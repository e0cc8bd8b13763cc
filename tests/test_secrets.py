"""No phone, code, token, proof or key is in a log, a metric, an error, a repr or a URL."""

import logging
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
import requests
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.test import Client

from sandbox import Sandbox
from tests.conftest import Api, Configure, wrong
from tests.dadashop.mall import Mall
from tests.verifications.providers.conftest import ACCOUNT
from verifications import conf, exceptions, providers
from verifications.models import VerifiedPhone
from verifications.providers import Accepted, Provider, Text
from verifications.services import Proof, SignedIn, exchange_code, send_code

pytestmark = pytest.mark.django_db

CodeOf = Callable[[str], str]
Fault = Callable[..., None]


class Broken(Provider):
    """A platform with a mistake in it: its exception holds all that it was given."""

    name = "broken"
    codes: ClassVar[list[str]] = []

    def send(self, text: Text) -> Accepted:
        self.codes.append(text.params["code"])
        raise LookupError(f"{text.phones} {text.params} {ACCOUNT['auth_token']}")


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(port=0) as running:
        yield running


@pytest.fixture(autouse=True)
def _platform(box: Sandbox, configure: Configure) -> None:
    """容联云 itself, in the sandbox: how it words a failure is looked at too."""
    backend = "verifications.providers.cloopen.Cloopen"
    options = {**ACCOUNT, "base_url": box.url, "timeout": (1.0, 0.2)}
    configure(
        PROVIDERS={
            "cloopen": {"BACKEND": backend, "OPTIONS": options},
            "broken": {"BACKEND": f"{__name__}.Broken"},
        },
        PROVIDER_ORDER=["cloopen"],
        TEMPLATES={"default": {"cloopen": "1", "broken": "1"}},
    )


@pytest.fixture
def code_of(box: Sandbox) -> CodeOf:
    """code_of(phone): what the phone received last."""

    def read(phone: str) -> str:
        found = re.search(r"验证码是(\d{6})", box.world.phones.messages(phone)[0].text)
        assert found
        return found[1]

    return read


@pytest.fixture
def fault(box: Sandbox) -> Fault:
    def add(**fields: Any) -> None:
        body = {"provider": "cloopen", **fields}
        requests.post(f"{box.url}/sandbox/faults", json=body, timeout=5).raise_for_status()

    return add


class Secrets:
    """What may not be said, and where to look for it."""

    def __init__(self, caplog: pytest.LogCaptureFixture, client: Client, key: str) -> None:
        self.caplog = caplog
        self.client = client
        self.said = ""  # bodies of errors, reprs
        self.kept = {key, str(ACCOUNT["auth_token"])}

    def keep(self, *secrets: str) -> None:
        self.kept |= set(secrets)

    def say(self, *texts: object) -> None:
        self.said += "".join(f"{text}\n" for text in texts)

    def check(self) -> None:
        metrics = self.client.get("/metrics").content.decode()
        for secret in self.kept:
            # Six digits in a row may well be a part of some longer number.
            told = re.compile(rf"(?<!\d){secret}(?!\d)" if len(secret) == 6 else re.escape(secret))
            assert not told.search(self.caplog.text), "in a log"
            assert not told.search(metrics), "in a metric"
            assert not told.search(self.said), "in an answer or a repr"


@pytest.fixture
def secrets(
    caplog: pytest.LogCaptureFixture, client: Client, settings: LazySettings
) -> Iterator[Secrets]:
    """Whatever happens in the test, every log line of it is looked at, those for debugging too."""
    caplog.set_level(logging.DEBUG)
    kept = Secrets(caplog, client, settings.SECRET_KEY)
    yield kept
    kept.check()


def test_a_login(secrets: Secrets, api: Api, phone: str, code_of: CodeOf) -> None:
    secrets.keep(phone)
    sent = api.send(phone)
    code = code_of(phone)
    secrets.keep(code)
    secrets.say(sent.content.decode(), dict(sent.headers))
    secrets.say(api.client.get(f"/v1/verifications/codes/{sent.json()['id']}").content.decode())
    answer = api.verify(phone, code).json()
    secrets.keep(answer["token"])
    me = api.client.get("/v1/users/me", headers={"Authorization": answer["token"]})
    secrets.say(answer["user"], me.content.decode())
    assert phone not in answer["token"]
    assert "/SMS/TemplateSMS?sig=" in secrets.caplog.text  # URLs are looked at, that is


def test_a_proof(secrets: Secrets, api: Api, phone: str, code_of: CodeOf) -> None:
    api.send(phone, "reset_password")
    code = code_of(phone)
    proof = api.verify(phone, code, "reset_password").json()["proof"]
    secrets.keep(phone, code, proof)


def test_refusals(secrets: Secrets, api: Api, phone: str, code_of: CodeOf) -> None:
    api.send(phone)
    code = code_of(phone)
    secrets.keep(phone, code, wrong(code))
    for answer in (
        api.send(phone),
        api.send(phone, phone),
        api.send(phone + "0"),
        api.verify(phone, wrong(code)),
        api.verify(phone, f"{code} "[:3]),
        api.verify(phone, code, code),
        api.post("/v1/verifications/codes", {"phone": phone, "purpose": [code]}),
        api.post("/v1/verifications/verify", {"phone": {phone: 1}, "code": code}),
        api.post("/v1/verifications/verify", f'{{"phone": "{phone}", "code": "{code}'.encode()),
        api.post("/v1/verifications/verify", {"phone": phone, "code": code, "more": code}),
        api.client.get("/v1/users/me", headers={"Authorization": f"Bearer {code}.{phone}.x"}),
    ):
        assert 400 <= answer.status_code < 500
        secrets.say(answer.content.decode(), dict(answer.headers))


@pytest.mark.parametrize(
    "failure",
    [
        {"kind": "error", "code": "160042"},
        {"kind": "error", "code": "160014"},
        {"kind": "http_500"},
        {"kind": "reset"},
        {"kind": "html"},
        {"kind": "torn"},
        {"kind": "timeout_after", "delay": 2},
    ],
    ids=lambda failure: f"{failure['kind']}{failure.get('code', '')}",
)
def test_failures_of_a_platform(
    failure: dict[str, Any], secrets: Secrets, api: Api, phone: str, fault: Fault
) -> None:
    if failure["kind"] == "error":
        failure = {**failure, "message": f"{phone}的验证码发送失败"}
    fault(phone=phone, **failure)
    secrets.keep(phone)
    secrets.say(api.send(phone).content.decode())
    assert "cloopen: " in secrets.caplog.text  # it was logged


def test_a_platform_out_of_reach(
    secrets: Secrets, api: Api, phone: str, configure: Configure
) -> None:
    options = {**ACCOUNT, "base_url": "http://127.0.0.1:1"}
    backend = "verifications.providers.cloopen.Cloopen"
    configure(PROVIDERS={"cloopen": {"BACKEND": backend, "OPTIONS": options}})
    secrets.keep(phone)
    answer = api.send(phone)
    assert answer.status_code == 503
    secrets.say(answer.content.decode())


def test_a_mistake_of_ours(secrets: Secrets, api: Api, phone: str, configure: Configure) -> None:
    configure(PROVIDER_ORDER=["broken"])
    secrets.keep(phone)
    answer = api.send(phone)
    secrets.keep(*Broken.codes)
    assert answer.status_code == 500
    secrets.say(answer.content.decode())
    told = Mall(api.client).send(str(int(phone) + 100_000_000))
    secrets.keep(str(int(phone) + 100_000_000), *Broken.codes)
    assert told["code"] == 10199
    secrets.say(told)
    assert secrets.caplog.text.count("LookupError") == 2  # it was logged


def test_the_database_tells_what_it_was_asked(
    secrets: Secrets, api: Api, phone: str, code_of: CodeOf
) -> None:
    def refuse(*asked: object) -> None:
        raise OperationalError(f"cannot run {asked[1]} {asked[2]} for +86{phone}")

    api.send(phone)
    secrets.keep(phone, code_of(phone))
    with connection.execute_wrapper(refuse):
        secrets.say(api.verify(phone, code_of(phone)).content.decode())


def test_objects_that_a_log_or_a_debugger_may_show(
    secrets: Secrets, phone: str, new_phone: Callable[[], str], code_of: CodeOf
) -> None:
    other = new_phone()
    pending = [send_code(phone, "login"), send_code(other, "pickup")]
    signed_in = exchange_code(phone, "login", code_of(phone))
    proof = exchange_code(other, "pickup", code_of(other))
    assert isinstance(signed_in, SignedIn)
    assert isinstance(proof, Proof)
    secrets.keep(phone, other, code_of(phone), code_of(other), signed_in.token, proof.proof)
    text = Text(["+86" + phone], "1", {"code": code_of(phone), "minutes": "5"}, "a" * 32)
    secrets.say(*map(repr, [*pending, signed_in, proof, text, *providers.in_order()]))
    secrets.say(*map(repr, VerifiedPhone.objects.all()), *VerifiedPhone.objects.all())
    secrets.say(repr(conf.get()))


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
    with pytest.raises(providers.SendError) as failure:
        providers.in_order()[0].send(Text(["+86" + phone], "1", {"code": "1"}, "b" * 32))
    secrets.say(repr(failure.value), failure.value, vars(failure.value))


def test_the_signature_that_a_platform_takes_is_in_no_log_as_we_set_them_up(
    caplog: pytest.LogCaptureFixture, phone: str
) -> None:
    """It is good for a day; urllib3 tells every URL to whoever asks for debugging."""
    caplog.set_level(logging.getLogger("verifications").getEffectiveLevel())
    assert logging.getLogger("urllib3").getEffectiveLevel() >= logging.INFO
    send_code(phone, "login")
    assert "sig=" not in caplog.text


def test_a_public_id_holds_neither_phone_nor_code(phone: str, code_of: CodeOf) -> None:
    pending = send_code(phone, "login")
    raw = urlsafe_b64decode(pending.id)
    for secret in (phone, code_of(phone)):
        assert secret not in pending.id
        assert secret.encode() not in raw
    assert int(phone).to_bytes(5, "big") not in raw

"""No phone, code, token, proof or key is in a log, a metric, an error or a URL."""

from typing import Any

import pytest
from django.db import OperationalError, connection

from tests.conftest import Api, Configure, wrong
from tests.dadashop.mall import Mall
from tests.secrets.conftest import CodeOf, Fault, Secrets
from tests.verifications.providers.conftest import ACCOUNT
from verifications.providers import Accepted, Provider, SendError, Text

pytestmark = pytest.mark.django_db


class Broken(Provider):
    """A platform with a mistake in it: its exception holds all that it was given."""

    name = "broken"

    def send(self, text: Text) -> dict[str, Accepted | SendError]:
        raise LookupError(f"{text.phones} {text.params} {ACCOUNT['auth_token']}")


def broken(phone: str, **fields: Any) -> None:
    """A CREATE_USER with a mistake in it."""
    raise LookupError(f"{phone} {fields}")


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
    assert "/SMS/TemplateSMS" in secrets.caplog.text  # URLs are looked at, that is


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


def test_a_mistake_in_a_platforms_class(
    secrets: Secrets, api: Api, phone: str, configure: Configure
) -> None:
    configure(
        PROVIDERS={"broken": {"BACKEND": f"{__name__}.Broken"}},
        PROVIDER_ORDER=["broken"],
        TEMPLATES={"default": {"IDS": {"broken": "1"}}},
    )
    secrets.keep(phone)
    answer = api.send(phone)
    assert answer.json()["status"] == "unknown"
    secrets.say(answer.content.decode())
    assert "broken: LookupError in send()" in secrets.caplog.messages


def test_a_mistake_of_ours(
    secrets: Secrets, api: Api, phone: str, code_of: CodeOf, configure: Configure
) -> None:
    configure(CREATE_USER=f"{__name__}.broken")
    api.send(phone)
    secrets.keep(phone, code_of(phone))
    answer = api.verify(phone, code_of(phone))
    assert answer.status_code == 500
    secrets.say(answer.content.decode())
    other = str(int(phone) + 100_000_000)
    api.send(other)
    secrets.keep(other, code_of(other))
    told = Mall(api.client).log_in(other, code_of(other))
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

"""A fault that is described wrongly is refused, and the refusal says how."""

import json

import pytest

from tests.sandbox.client import TIMEOUT, Client

ERROR = {"provider": "cloopen", "kind": "error", "code": "160000"}
SLOW = {"provider": "cloopen", "kind": "slow"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ([], "object"),
        ({}, "kind"),
        ({"provider": "cloopen"}, "kind"),
        ({"provider": "cloopen", "kind": "explode"}, "kind"),
        ({"provider": "cloopen", "kind": ["error"]}, "kind"),
        ({"provider": "acme", "kind": "reset"}, "provider"),
        ({"provider": "cloopen", "kind": "error"}, "code"),
        (ERROR | {"code": 160000}, "code"),
        (ERROR | {"code": ""}, "code"),
        (ERROR | {"message": 1}, "message"),
        (ERROR | {"delay": 1}, "delay"),
        (ERROR | {"more": 1}, "more"),
        (ERROR | {"times": 0}, "times"),
        (ERROR | {"times": 1.5}, "times"),
        (ERROR | {"times": True}, "times"),
        (ERROR | {"times": "1"}, "times"),
        (ERROR | {"seconds": 0}, "seconds"),
        (ERROR | {"seconds": -1}, "seconds"),
        (ERROR | {"times": 1, "seconds": 1}, "times or seconds"),
        (ERROR | {"phone": 138}, "phone"),
        (ERROR | {"phone": ""}, "phone"),
        (ERROR | {"api": "Nothing"}, "api"),
        (SLOW | {"delay": 0}, "delay"),
        (SLOW | {"delay": "1"}, "delay"),
        (SLOW | {"delay": 601}, "delay"),
        (SLOW | {"delay": float("nan")}, "delay"),
        (SLOW | {"code": "160000"}, "code"),
        ({"provider": "cloopen", "kind": "no_receipt", "api": "TemplateSMS"}, "api"),
    ],
)
def test_refused(client: Client, body: object, named: str) -> None:
    answer = client.session.post(
        f"{client.box.url}/sandbox/faults",
        data=json.dumps(body),
        headers={"Content-Type": "application/json"},
        timeout=TIMEOUT,
    )
    assert answer.status_code == 400
    assert named in answer.json()["error"]
    assert client.box.world.faults.waiting() == []


def test_not_json(client: Client) -> None:
    url = f"{client.box.url}/sandbox/faults"
    headers = {"Content-Type": "application/json"}
    answer = client.session.post(url, data=b"{", headers=headers, timeout=TIMEOUT)
    assert answer.status_code == 400


def test_json_is_read_whatever_it_calls_itself(client: Client) -> None:
    """curl -d says that it is a form."""
    url = f"{client.box.url}/sandbox/faults"
    body = b'{"provider": "cloopen", "kind": "reset"}'
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.session.post(url, data=body, headers=headers, timeout=TIMEOUT)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("kind", "delay"),
    [("timeout_before", 30), ("timeout_after", 30), ("slow", 3), ("late_receipt", 5)],
)
def test_default_delay(client: Client, kind: str, delay: int) -> None:
    assert client.fault(kind)["delay"] == delay

"""Before the right code, no answer tells whether a phone has an account."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api, Configure, wrong
from verifications import accounts

pytestmark = pytest.mark.redis


def _seen(response: Any) -> tuple[int, dict[str, str], dict[str, Any]]:
    """All that differs by nature taken out: the phone's own digits and the id of its code."""
    body = {name: value for name, value in response.json().items() if name not in ("id", "phone")}
    return response.status_code, dict(response.headers), body


@pytest.mark.parametrize("purpose", ["login", "register", "reset_password"])
@pytest.mark.parametrize("create_on_login", [True, False])
def test_answers_are_the_same_with_and_without_an_account(
    api: Api,
    new_phone: Callable[[], str],
    last_code: Callable[[], str],
    configure: Configure,
    purpose: str,
    create_on_login: bool,
) -> None:
    configure(CREATE_ON_LOGIN=create_on_login)
    known, unknown = new_phone(), new_phone()
    accounts.register(f"+86{known}")
    seen = {}
    for phone in (known, unknown):
        sent = api.send(phone, purpose)
        code = last_code()
        again = api.send(phone, purpose)
        refused = api.verify(phone, wrong(code), purpose)
        seen[phone] = [_seen(sent), _seen(again), _seen(refused)]
    assert seen[known] == seen[unknown]

"""`manage.py make_service_key`: its key opens the door, its hash does not."""

import io
import re

from django.core.management import call_command

from tests.conftest import Api, Configure


def _made() -> tuple[str, str]:
    """(key, hash)"""
    out = io.StringIO()
    call_command("make_service_key", stdout=out)
    found = re.search(r"Bearer (\w{64})\n.*(sha256:\w{64})\n$", out.getvalue(), re.DOTALL)
    assert found
    return found[1], found[2]


def test_the_key_is_let_in_and_its_hash_is_not(api: Api, configure: Configure) -> None:
    key, hash_ = _made()
    configure(SERVICE_KEYS=[hash_])
    statuses = [
        api.post("/v1/notices", {}, Authorization=f"Bearer {shown}").status_code
        for shown in (key, hash_, key.upper())
    ]
    assert statuses == [400, 401, 401]


def test_no_two_are_alike() -> None:
    assert _made() != _made()

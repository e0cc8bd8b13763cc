"""`manage.py doctor`, and a platform for it to look at."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command

from sandbox import Sandbox
from tests.conftest import Configure
from tests.verifications.providers.conftest import ACCOUNT

NO_MONEY = {
    "account_sid": "8aaf0708000000000000000000000000",
    "auth_token": "0" * 32,
    "app_id": "8aaf07080000000000000000000000a0",
}
UseCloopen = Callable[..., None]
OURS = {"redis", "clock", "database", "queue", "late", "guard", "budget", "receipts"}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(port=0) as running:
        yield running


@pytest.fixture
def cloopen(box: Sandbox, configure: Configure) -> UseCloopen:
    """cloopen(auth_token="x"): the only platform is 容联云, in the sandbox."""

    def use(templates: dict[str, str] | None = None, **options: Any) -> None:
        options = {**ACCOUNT, "base_url": box.url, **options}
        backend = "verifications.providers.cloopen.Cloopen"
        configure(
            PROVIDERS={"cloopen": {"BACKEND": backend, "OPTIONS": options}},
            PROVIDER_ORDER=["cloopen"],
            TEMPLATES={
                text: {"IDS": {"cloopen": id_}}
                for text, id_ in (templates or {"default": "1"}).items()
            },
        )

    return use


def doctor() -> tuple[int, dict[str, str]]:
    """(exit code, {check: `ok …` or `FAIL …`}). No secret is in it."""
    out, code = io.StringIO(), 0
    try:
        call_command("doctor", stdout=out)
    except SystemExit as ended:
        code = int(str(ended.code))
    text = out.getvalue()
    for secret in (ACCOUNT["auth_token"], "sig=", "s3cret"):
        assert secret not in text
    lines = [re.fullmatch(r"(ok  |FAIL) ([^:]+): (.+)", line) for line in text.splitlines()]
    assert all(lines), text
    return code, {line[2]: f"{line[1].strip()} {line[3]}" for line in lines if line}

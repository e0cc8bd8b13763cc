from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from sandbox import Sandbox
from verifications.providers.cloopen import Cloopen

# The account of the vendor's captured requests; the sandbox knows it.
ACCOUNT: dict[str, Any] = {
    "account_sid": "8aaf0708000000000123456789abcdef",
    "auth_token": "0123456789abcdef0123456789abcdef",
    "app_id": "8aaf070800000000fedcba9876543210",
}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(port=0) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(box: Sandbox) -> None:
    box.world.faults.clear()


@pytest.fixture
def cloopen(box: Sandbox) -> Callable[..., Cloopen]:
    """cloopen(format="xml"): the platform, spoken to in the sandbox."""

    def build(**options: Any) -> Cloopen:
        return Cloopen(**{**ACCOUNT, "base_url": box.url, "timeout": (1.0, 1.0), **options})

    return build


@pytest.fixture
def fault(box: Sandbox) -> Callable[..., None]:
    """fault("error", code="160042"): the next call meets it."""

    def add(kind: str, **more: Any) -> None:
        body = {"provider": "cloopen", "kind": kind, **more}
        requests.post(f"{box.url}/sandbox/faults", json=body, timeout=5).raise_for_status()

    return add

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import Sandbox
from tests.sandbox.listener import Listener, listening
from tests.verifications.providers.answering import Answering
from tests.verifications.providers.answering import answering as _answering

# The account of the vendor's captured requests; the sandbox knows it.
ACCOUNT: dict[str, Any] = {
    "account_sid": "8aaf0708000000000123456789abcdef",
    "auth_token": "0123456789abcdef0123456789abcdef",
    "app_id": "8aaf070800000000fedcba9876543210",
}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(port=0, receipt_delay=0.02) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(box: Sandbox) -> Iterator[None]:
    box.world.faults.clear()
    yield
    for platform in box.world.platforms:
        box.world.receipts.target(platform.name, None)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as running:
        yield running


@pytest.fixture
def answering() -> Iterator[Answering]:
    with _answering() as running:
        yield running


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`error_row` is each row of the platform's table of errors."""
    if "error_row" in metafunc.fixturenames:
        rows = metafunc.cls().error_rows()
        metafunc.parametrize("error_row", rows, ids=[row["code"][:40] for row in rows])

"""`appId`: there, and this account's."""

import pytest

from tests.sandbox.client import Client


@pytest.mark.parametrize(
    ("app_id", "code"),
    [
        (None, "111169"),
        ("", "111169"),
        ("8aaf0708-0000-00fedcba9876543210", "111170"),
        ("8aaf0708", "111171"),
        ("8aaf070800000000fedcba9876543211", "111181"),
        ("8aaf07080000000000000000000000a0", "111182"),
    ],
)
def test_refused(client: Client, app_id: str | None, code: str) -> None:
    assert client.code(appId=app_id) == code

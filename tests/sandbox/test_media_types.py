"""Accept and Content-Type: JSON or XML, in UTF-8, and nothing else."""

import json

import pytest

from tests.sandbox.client import Client, status


def send(client: Client, **headers: str | None) -> str:
    body = json.dumps(client.message()).encode()
    return status(client.post("SMS/TemplateSMS", body, **headers))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        "application/json",
        "application/json;",
        "application/json;charset=utf-8",
        "application/json; charset=UTF-8",
        "Application/JSON;charset=utf-8;",
    ],
)
def test_allowed(client: Client, value: str) -> None:
    assert send(client, Accept=value, Content_Type=value) == "000000"


BAD = ["*/*", "text/plain", "application/jsonp", "application/json;charset=gbk"]
BAD += ["application/json, application/xml", "application/x-www-form-urlencoded"]


@pytest.mark.parametrize("value", BAD)
def test_accept_refused(client: Client, value: str) -> None:
    assert send(client, Accept=value) == "112607"


@pytest.mark.parametrize("value", [*BAD, None])
def test_content_type_refused(client: Client, value: str | None) -> None:
    assert send(client, Content_Type=value) == "112608"

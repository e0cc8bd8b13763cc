"""Faults that change the answer."""

import http.client

import pytest
import requests

from tests.sandbox.client import Client


def test_error(client: Client) -> None:
    client.fault("error", code="160038", message="验证码发送过频")
    assert client.send().json() == {"statusCode": "160038", "statusMsg": "验证码发送过频"}
    assert client.texts() == []


def test_error_in_the_platforms_usual_words(client: Client) -> None:
    client.fault("error", code="160042")
    assert client.send().json() == {"statusCode": "160042", "statusMsg": "号码格式有误"}


def test_http_500(client: Client) -> None:
    client.fault("http_500")
    assert client.send().status_code == 500
    assert client.texts() == []


def test_html(client: Client) -> None:
    client.fault("html")
    answer = client.send()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html;charset=utf-8")
    assert answer.text.startswith("<html>")
    assert client.texts() == []


def test_empty(client: Client) -> None:
    client.fault("empty")
    answer = client.send()
    assert (answer.status_code, answer.content) == (200, b"")
    assert len(client.texts()) == 1


def test_torn(client: Client) -> None:
    client.fault("torn")
    with pytest.raises(requests.exceptions.ChunkedEncodingError) as caught:
        client.send()
    torn = caught.value.args[0].args[1]
    assert isinstance(torn, http.client.IncompleteRead)
    assert len(client.texts()) == 1


@pytest.mark.parametrize("kind", ["http_500", "html", "empty"])
def test_the_connection_lives_on(client: Client, kind: str) -> None:
    client.fault(kind)
    client.send()
    assert client.code() == "000000"


@pytest.mark.parametrize("kind", ["empty", "torn"])
def test_what_was_taken_has_used_its_req_id(client: Client, kind: str) -> None:
    client.fault(kind)
    try:
        client.send(reqId="a1")
    except requests.RequestException:
        assert kind == "torn"
    assert client.code(reqId="a1") == "160054"

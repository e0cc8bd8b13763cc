"""The page for people: one file, nothing from elsewhere, nothing inline but what is vouched for."""

import base64
import hashlib
import re

import pytest
import requests

from tests.sandbox.client import TIMEOUT, Client


@pytest.fixture
def page(client: Client) -> requests.Response:
    return client.session.get(f"{client.box.url}/sandbox/", timeout=TIMEOUT)


def test_is_html(page: requests.Response) -> None:
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html;charset=utf-8"
    assert "手机短信" in page.content.decode()


def test_without_the_slash_it_is_found(client: Client) -> None:
    answer = client.session.get(f"{client.box.url}/sandbox", timeout=TIMEOUT)
    assert answer.url.endswith("/sandbox/")
    assert answer.status_code == 200


def test_policy_vouches_for_its_own_script_and_style(page: requests.Response) -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        (inline,) = re.findall(f"<{tag}>(.*?)</{tag}>", page.content.decode(), re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert policy[directive] == f"'sha256-{digest}'"


def test_nothing_comes_from_elsewhere(page: requests.Response) -> None:
    text = page.content.decode().replace("http://www.w3.org/2000/svg", "")
    assert "http:" not in text
    assert "https:" not in text


def test_texts_are_never_read_as_html(page: requests.Response) -> None:
    text = page.content.decode()
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in text

"""docs/dadashop.http has every route, and each request of it does what its title says."""

import re
from typing import Any, NamedTuple

import pytest
import requests

from dadashop import openapi
from tests.browser.shop import newest_code
from tests.docs.pages import read
from tests.live import Live

PAGE = read("docs/dadashop.http")
VARIABLES = dict(re.findall(r"^@(\w+) = (\S+)$", PAGE, re.MULTILINE))


class Request(NamedTuple):
    title: str
    status: int
    method: str
    url: str
    headers: dict[str, str]
    body: str


def _parsed(block: str) -> Request:
    title, request, *rest = block.strip("\n").split("\n")
    said, _, status = title.rpartition(": ")
    method, _, url = request.partition(" ")
    head, _, body = (
        "\n".join(rest).partition("\n\n") if rest and rest[0] else ("", "", "\n".join(rest))
    )
    headers = dict(line.split(": ", 1) for line in head.splitlines())
    return Request(said, int(status), method, url, headers, body.strip())


REQUESTS = [_parsed(block) for block in PAGE.split("\n### ")[1:]]


def _filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"{{(\w+)}}", lambda place: values[place[1]], text)


def test_each_place_is_a_variable_and_each_variable_a_place() -> None:
    assert set(re.findall(r"{{(\w+)}}", PAGE)) == VARIABLES.keys()


def test_every_route_is_there() -> None:
    asked = {
        (one.method.lower(), re.sub(r"{{\w+}}", "{}", one.url.partition("}}")[2]))
        for one in REQUESTS
        if one.url.startswith("{{host}}")
    }
    documented = {
        (method, re.sub(r"{\w+}", "{}", path).replace("receipts/{}", "receipts/tencent"))
        for path, item in openapi.document()["paths"].items()
        for method in item
    }
    assert asked == {*documented, ("get", "/v1/openapi.json")}


@pytest.mark.live
def test_each_request_does_what_its_title_says(live: Live, phone: str) -> None:
    shoppers = {"phone": phone, "newcomer": f"136{phone[3:]}", "regular": f"137{phone[3:]}"}
    values = {**VARIABLES, **shoppers, "host": live.url, "sandbox": live.sandbox_url}
    for name, file in (("serviceKey", "service_key"), ("receiptSecret", "receipt_secret")):
        values[name] = (live.data_dir / file).read_text()
    for request in REQUESTS:
        if "{{code}}" in request.body:
            (shopper,) = (each for each in shoppers if f"{{{{{each}}}}}" in request.body)
            values["code"] = newest_code(live, values[shopper])
        answer = requests.request(
            request.method,
            _filled(request.url, values),
            headers={name: _filled(value, values) for name, value in request.headers.items()},
            data=_filled(request.body, values).encode(),
            timeout=10,
        )
        assert answer.status_code == request.status, (request.title, answer.text)
        _as_the_mall_reads_it(request, answer)
        if answer.headers["Content-Type"] == "application/json":
            _remember(answer.json(), values)


def _as_the_mall_reads_it(request: Request, answer: requests.Response) -> None:
    if request.title.startswith("The mall"):
        assert answer.json()["code"] == 200, (request.title, answer.text)


def _remember(answer: Any, values: dict[str, str]) -> None:
    """As its reader would copy it to the top."""
    if isinstance(answer, dict):
        values.update({name: answer[name] for name in ("id", "token") if name in answer})

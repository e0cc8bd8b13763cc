"""AccountInfo."""

from xml.etree import ElementTree

from tests.sandbox.client import Client

FIELDS = {"dateCreated", "dateUpdated", "friendlyName", "type", "status", "balance", "subBalance"}


def test_json(client: Client) -> None:
    body = client.post("AccountInfo", b"", method="GET").json()
    assert body["statusCode"] == "000000"
    assert set(body["Account"]) == FIELDS
    assert all(isinstance(value, str) for value in body["Account"].values())
    assert body["Account"]["balance"] == "1000.00"


def test_xml(client: Client) -> None:
    answer = client.post("AccountInfo", b"", method="GET", Accept="application/xml")
    root = ElementTree.fromstring(answer.content)
    assert {node.tag for node in root.iterfind("Account/*")} == FIELDS


def test_needs_no_content_type(client: Client) -> None:
    answer = client.post("AccountInfo", b"", method="GET", Content_Type=None)
    assert answer.json()["statusCode"] == "000000"


def test_is_signed_like_the_rest(client: Client) -> None:
    answer = client.post("AccountInfo", b"", method="GET", query="sig=0")
    assert answer.json()["statusCode"] == "111109"


def test_is_for_get(client: Client) -> None:
    answer = client.post("AccountInfo", b"{}")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")

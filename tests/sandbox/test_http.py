"""HTTP itself: connections kept, wrong paths and methods, malformed and oversized requests."""

import http.client
from urllib.parse import urlsplit

import pytest

from sandbox import Sandbox
from tests.sandbox.client import TIMEOUT, Client, dial, exchange


def connect(box: Sandbox) -> http.client.HTTPConnection:
    parts = urlsplit(box.url)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, TIMEOUT)


def test_a_connection_is_kept(box: Sandbox) -> None:
    connection = connect(box)
    used = []
    for path in ("/sandbox/messages", "/nowhere", "/sandbox/accounts"):
        connection.request("GET", path)
        used.append(connection.sock.getsockname())
        connection.getresponse().read()
    assert len(set(used)) == 1
    connection.close()


def test_close_is_honoured(box: Sandbox) -> None:
    with dial(box) as connection:
        connection.sendall(b"GET /sandbox/faults HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert connection.makefile("rb").read().endswith(b"[]")


@pytest.mark.parametrize(
    "path", ["/", "/sandbox/nothing", "/sandbox/messages/", "/2013-12-26/Accounts/x/SMS/Nothing"]
)
def test_wrong_path(client: Client, path: str) -> None:
    answer = client.session.get(client.box.url + path, timeout=TIMEOUT)
    assert answer.status_code == 404
    assert answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/sandbox/messages", "DELETE, GET"),
        ("PATCH", "/sandbox/faults", "DELETE, GET, POST"),
        ("PUT", "/sandbox/", "GET"),
        ("GET", "/2013-12-26/Accounts/x/SMS/TemplateSMS", "POST"),
    ],
)
def test_wrong_method(client: Client, method: str, path: str, allowed: str) -> None:
    answer = client.session.request(method, client.box.url + path, timeout=TIMEOUT)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.json()["error"]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /sandbox/faults\x00 what HTTP/1.1\r\n\r\n", 400),
        (b"EXPLODE /sandbox/faults HTTP/1.1\r\n\r\n", 501),
        (b"GET /sandbox/faults#x HTTP/1.1\r\n\r\n", 400),
        (b"GET /sandbox/faults HTTP/1.1\r\nno header\r\n\r\n", 400),
        (b"GET /sandbox/faults HTTP/1.1\r\nno name : x\r\n\r\n", 400),
        (b"GET /sandbox/faults HTTP/1.1\r\nName: x\r\n folded\r\n\r\n", 400),
        (b"GET /sandbox/faults HTTP/1.1\r\nName: a\rb\r\n\r\n", 400),
        (b"GET /sandbox/faults HTTP/1.1\r\nName: a\x00b\r\n\r\n", 400),
        (b"GET /sandbox/faults HTTP/1.1\r\nName: " + b"x" * 70_000 + b"\r\n\r\n", 400),
        (b"GET /sandbox/faults HTTP/1.1\r\n" + b"Name: x\r\n" * 101 + b"\r\n", 431),
        (b"GET /sandbox/faults HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET /sandbox/faults HTTP/2.0\r\n\r\n", 400),
        (b"GET /sandbox/faults\r\n", 400),
        (b"POST /sandbox/faults HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /sandbox/faults HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n", 400),
        (b"POST /x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
        (b"POST /sandbox/faults HTTP/1.1\r\nContent-Length: 262145\r\n\r\n", 413),
        (b"POST /sandbox/faults HTTP/1.1\r\nContent-Length: 9999999999999999\r\n\r\n", 413),
        (b"POST /sandbox/faults HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
    ],
)
def test_malformed(box: Sandbox, request_bytes: bytes, status: int) -> None:
    answered, body = exchange(box, request_bytes)
    assert answered == status
    assert body.startswith(b'{"error": ')


def test_after_a_malformed_request_the_connection_closes(box: Sandbox) -> None:
    with dial(box) as connection:
        bad = b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(bad + b"GET /sandbox/faults HTTP/1.1\r\n\r\n")
        assert connection.makefile("rb").read().count(b"HTTP/1.1 ") == 1


def test_http_1_0_closes(box: Sandbox) -> None:
    with dial(box) as connection:
        connection.sendall(b"GET /sandbox/faults HTTP/1.0\r\n\r\n")
        assert connection.makefile("rb").read().endswith(b"[]")


def test_a_client_that_asks_before_its_body_is_told_to_go_on(box: Sandbox) -> None:
    head = b"POST /sandbox/faults HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    with dial(box) as connection, connection.makefile("rb") as reader:
        connection.sendall(head)
        assert reader.readline() + reader.readline() == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert reader.readline() == b"HTTP/1.1 400 Bad Request\r\n"


def test_sixty_four_connections_at_once(box: Sandbox) -> None:
    connections = [connect(box) for _ in range(64)]
    for _round in range(2):
        for connection in connections:
            connection.request("GET", "/sandbox/faults")
        assert {connection.getresponse().read() for connection in connections} == {b"[]"}
    for connection in connections:
        connection.close()


def test_head_has_no_body(box: Sandbox) -> None:
    connection = connect(box)
    connection.request("HEAD", "/sandbox/faults")
    assert connection.getresponse().status == 405
    connection.close()


def test_stopping_frees_the_port_and_cuts_idle_connections() -> None:
    with Sandbox() as box:
        idle = dial(box)
        port = urlsplit(box.url).port or 0
        client = Client(box)
        client.send()
    assert idle.recv(1) == b""
    idle.close()
    with Sandbox(port=port) as again:
        assert Client(again).code() == "000000"

"""HTTPS: a certificate that the client checks, and handshakes that hold up nobody."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import trustme

from sandbox import Sandbox
from sandbox.__main__ import main
from tests.sandbox.client import TIMEOUT, Client, dial, status
from tests.sandbox.test_command import running


@dataclass(frozen=True)
class Files:
    """PEM files: whom a client trusts, and what the sandbox shows."""

    trusted: str
    certificate: str
    key: str


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder: Path = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    shown = authority.issue_cert("127.0.0.1")
    found = Files(*(str(folder / name) for name in ("ca.pem", "cert.pem", "key.pem")))
    authority.cert_pem.write_to_path(found.trusted)
    shown.cert_chain_pems[0].write_to_path(found.certificate)
    shown.private_key_pem.write_to_path(found.key)
    return found


@pytest.fixture
def box(files: Files) -> Iterator[Sandbox]:
    with Sandbox(tls=(files.certificate, files.key), receipt_delay=0.01) as running:
        yield running


@pytest.fixture
def client(box: Sandbox, files: Files) -> Client:
    client = Client(box)
    client.session.verify = files.trusted
    return client


def test_a_send_and_the_text(client: Client) -> None:
    assert client.box.url.startswith("https://127.0.0.1:")
    assert client.code() == "000000"
    assert len(client.texts()) == 1


def test_a_connection_is_kept(client: Client) -> None:
    for _ in range(3):
        status(client.send())
    pools = client.session.get_adapter(client.box.url).poolmanager.pools  # type: ignore[attr-defined]
    (pool,) = (pools[key] for key in pools.keys())  # noqa: SIM118 - no plain dict
    assert (pool.num_connections, pool.num_requests) == (1, 3)


def test_a_client_that_does_not_trust_it_goes_away(box: Sandbox, client: Client) -> None:
    with requests.Session() as stranger:
        stranger.trust_env = False
        with pytest.raises(requests.exceptions.SSLError):
            stranger.get(f"{box.url}/sandbox/faults", timeout=TIMEOUT)
    assert client.code() == "000000"


def test_plain_http_gets_no_answer(box: Sandbox) -> None:
    with dial(box) as connection:
        connection.sendall(b"GET /sandbox/faults HTTP/1.1\r\n\r\n")
        assert b"HTTP/1.1 200" not in connection.makefile("rb").read()


def test_silent_clients_hold_up_nobody(box: Sandbox, client: Client) -> None:
    silent = [dial(box) for _ in range(20)]
    client.timeout = 2
    assert client.code() == "000000"
    for connection in silent:
        connection.close()


def test_the_end_cuts_handshakes_under_way(files: Files) -> None:
    with Sandbox(tls=(files.certificate, files.key)) as box:
        silent = dial(box)
        time.sleep(0.1)
        start = time.monotonic()
    assert time.monotonic() - start < 1
    assert silent.recv(1) == b""
    silent.close()


@pytest.mark.parametrize(
    ("kind", "delay", "taken"),
    [
        ("timeout_before", {"delay": 0.1}, 0),
        ("timeout_after", {"delay": 0.1}, 1),
        ("slow", {}, 1),
        ("reset", {}, 0),
        ("torn", {}, 1),
    ],
)
def test_faults(client: Client, kind: str, delay: dict[str, float], taken: int) -> None:
    client.fault(kind, **delay)
    client.timeout = 0.5
    with pytest.raises(requests.RequestException):
        client.send()
    client.timeout = TIMEOUT
    assert len(client.texts()) == taken
    assert client.code() == "000000"


def test_as_a_command(files: Files) -> None:
    options = ["--certificate", files.certificate, "--key", files.key]
    with running(*options) as (_, line), requests.Session() as session:
        session.trust_env = False
        url = line.removeprefix("Sandbox listening on ").strip()
        assert urlsplit(url).scheme == "https"
        answer = session.get(f"{url}/sandbox/faults", verify=files.trusted, timeout=TIMEOUT)
        assert answer.json() == []


def test_a_file_that_is_not_there_is_named(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", "0", "--certificate", files.certificate, "--key", "no.pem"]) == 1
    assert "no.pem" in capsys.readouterr().err


def test_a_file_that_holds_something_else(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "0", "--certificate", __file__, "--key", files.key]) == 1
    assert capsys.readouterr().err.startswith("sandbox: ")


def test_one_without_the_other(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--certificate", files.certificate])
    assert "go together" in capsys.readouterr().err

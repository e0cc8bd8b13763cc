"""The platform has to prove who it is before it is told anything."""

import http.server
import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme

from tests.verifications.providers.conftest import ACCOUNT
from tests.verifications.providers.test_cloopen_send import text
from verifications.providers import Unreachable
from verifications.providers.cloopen import Cloopen


class _Platform(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"statusCode":"000000","templateSMS":{"smsMessageSid":"1"}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def https_url(authority: trustme.CA) -> Iterator[str]:
    """A platform whose certificate is for localhost, by an authority that nobody else trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Platform)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_authority_that_we_do_not_trust(https_url: str) -> None:
    with pytest.raises(Unreachable, match="SSLError"):
        Cloopen(base_url=https_url, **ACCOUNT).send(text())


def test_a_certificate_of_another_host(https_url: str, authority: trustme.CA) -> None:
    provider = Cloopen(base_url=https_url.replace("localhost", "127.0.0.1"), **ACCOUNT)
    with authority.cert_pem.tempfile() as trusted:
        provider._session.verify = trusted
        with pytest.raises(Unreachable, match="SSLError"):
            provider.send(text())


def test_the_right_certificate(https_url: str, authority: trustme.CA) -> None:
    provider = Cloopen(**{**ACCOUNT, "base_url": https_url})
    with authority.cert_pem.tempfile() as trusted:
        provider._session.verify = trusted
        assert provider.send(text()).message_id == "1"

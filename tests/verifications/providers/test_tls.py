"""The platform has to prove who it is before it is told anything."""

import ssl
from collections.abc import Iterator

import pytest
import trustme

from tests.verifications.providers.answering import answering
from tests.verifications.providers.conftest import ACCOUNT
from verifications.providers import Accepted, Text, Unreachable
from verifications.providers.cloopen import Cloopen

TEXT = Text(["+8613800138000"], "1", {"code": "123456", "minutes": "5"}, "a" * 32)
TAKEN = b'{"statusCode":"000000","templateSMS":{"smsMessageSid":"1"}}'


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def https_url(authority: trustme.CA) -> Iterator[str]:
    """A platform whose certificate is for localhost, by an authority that nobody else trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with answering(context) as tell:
        yield tell(200, TAKEN).replace("127.0.0.1", "localhost")


def test_an_authority_that_we_do_not_trust(https_url: str) -> None:
    with pytest.raises(Unreachable, match="SSLError"):
        Cloopen(base_url=https_url, **ACCOUNT).send(TEXT)


def test_a_certificate_of_another_host(https_url: str, authority: trustme.CA) -> None:
    provider = Cloopen(base_url=https_url.replace("localhost", "127.0.0.1"), **ACCOUNT)
    with authority.cert_pem.tempfile() as trusted:
        provider._session.verify = trusted
        with pytest.raises(Unreachable, match="SSLError"):
            provider.send(TEXT)


def test_the_right_certificate(https_url: str, authority: trustme.CA) -> None:
    provider = Cloopen(base_url=https_url, **ACCOUNT)
    with authority.cert_pem.tempfile() as trusted:
        provider._session.verify = trusted
        assert provider.send(TEXT) == {"+8613800138000": Accepted("1")}

"""Whoever answers in a platform's place holds no thread, eats no memory and leads nowhere."""

import gzip
import http.client
import logging
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import pytest

from tests.live import free_port
from tests.verifications.providers.conftest import ACCOUNT
from tests.verifications.providers.speaking import speaking
from verifications.providers import Accepted, Text, Uncertain, Unreachable, wire
from verifications.providers.aliyun import Aliyun
from verifications.providers.cloopen import Cloopen

PHONE, CODE = "+8613800138000", "271828"
TEXT = Text([PHONE], "1", {"code": CODE, "minutes": "5"}, "a" * 32)
TAKEN = b'{"statusCode":"000000","templateSMS":{"smsMessageSid":"1"}}'
OK = b"HTTP/1.1 200 OK\r\n"
HEAD = OK + b"Content-Length: %d\r\n\r\n" % len(TAKEN)
MEGABYTE = b" " * 1024 * 1024


def _send(url: str, **options: Any) -> Accepted | Exception:
    return Cloopen(**ACCOUNT, base_url=url, **options).send(TEXT)[PHONE]


def _byte_by_byte(whole: bytes) -> Iterator[bytes]:
    return (whole[place : place + 1] for place in range(len(whole)))


@pytest.mark.parametrize(
    "words",
    [
        list(_byte_by_byte(HEAD + TAKEN)),
        [HEAD, *_byte_by_byte(TAKEN)],
        [OK + b"Transfer-Encoding: chunked\r\n\r\n", *_byte_by_byte(b"0" * 99 + b"3b\r\n"), TAKEN],
        [OK, *repeat(b"X: y\r\n", 50), HEAD.removeprefix(OK) + TAKEN],
        [*repeat(b"HTTP/1.1 100 Continue\r\n\r\n", 50), HEAD + TAKEN],
    ],
    ids=["all", "body", "chunk", "headers", "continue"],
)
def test_a_peer_that_drips_is_left_when_the_time_is_over(words: list[bytes]) -> None:
    """Each byte comes in time; all of them would not."""
    with speaking(words, pause=0.02) as peer, pytest.raises(Uncertain, match="ReadTimeout"):
        _send(peer.url, timeout=(1.0, 0.1))


@pytest.mark.parametrize(
    "words",
    [
        [OK + b"\r\n", *repeat(MEGABYTE, 100)],
        [OK + b"Content-Length: 104857600\r\n\r\n", *repeat(MEGABYTE, 100)],
        [OK + b"Transfer-Encoding: chunked\r\n\r\n6400000\r\n", *repeat(MEGABYTE, 100)],
        [*repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, 1000), HEAD + TAKEN],
    ],
    ids=["to the end", "length", "chunk", "continue"],
)
def test_a_peer_that_floods_is_left_when_it_has_said_enough(words: list[bytes]) -> None:
    with speaking(words) as peer, pytest.raises(Uncertain):
        _send(peer.url, timeout=(1.0, 30.0))
    assert peer.said < 16 * 1024 * 1024  # the kernel holds some of it


@pytest.mark.parametrize("status", [b"200 OK", b"302 Found"])
def test_nothing_is_unpacked(status: bytes) -> None:
    """A megabyte may be a gigabyte, packed."""
    packed = gzip.compress(TAKEN)
    location = b"Location: http://127.0.0.1/\xff\r\n"
    head = b"HTTP/1.1 %s\r\n%sContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    refused = pytest.raises((Uncertain, Unreachable), match=r"^(unreadable reply|HTTP 302)$")
    with speaking([head % (status, location, len(packed)) + packed]) as peer, refused:
        _send(peer.url)
    assert b"\r\nAccept-Encoding: identity\r\n" in peer.heard[0]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with speaking([HEAD + TAKEN]) as elsewhere:
        location = b"Location: %s/\r\n" % elsewhere.url.encode()
        head = b"HTTP/1.1 %d Moved\r\n%sContent-Length: 0\r\n\r\n" % (status, location)
        with speaking([head]) as peer, pytest.raises(Unreachable, match=f"HTTP {status}"):
            _send(peer.url)
    assert elsewhere.heard == []


def test_no_cookie_is_kept() -> None:
    length = b"Set-Cookie: a=b; Path=/\r\nContent-Length: %d\r\n\r\n" % len(TAKEN)
    with speaking([OK + b"Connection: close\r\n" + length + TAKEN]) as peer:
        cloopen = Cloopen(**ACCOUNT, base_url=peer.url)
        for _ in range(2):
            assert cloopen.send(TEXT) == {PHONE: Accepted("1")}
    assert len(peer.heard) == 2
    assert b"cookie" not in peer.heard[1].lower()


def test_a_connection_whose_answer_came_late_in_its_time_is_as_patient_as_before() -> None:
    session = wire.session()
    with speaking([HEAD, TAKEN], pause=0.05) as peer:
        answer = session.get(peer.url, timeout=(1.0, 5.0), stream=True)
        connection: Any = answer.raw.connection
        assert answer.raw.read() == TAKEN
        assert connection.sock.gettimeout() == 5.0
    session.close()


# Aliyun reads numbers and words from the URL; Cloopen's signature stands there.
def _aliyun(url: str) -> Aliyun:
    return Aliyun(access_key_id="k", access_key_secret="s", sign_name="达达商城", base_url=url)


def test_the_url_is_in_no_log_however_odd_the_answers_headers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    body = b'{"Code":"OK","BizId":"1"}'
    length = b"Content-Length: %d\r\n" % len(body)
    for odd in (b"no header at all\r\n", b" folded: x\r\n", b"Content-Type: multipart/x\r\n"):
        with speaking([OK + length + odd + b"\r\n" + body]) as peer:
            assert _aliyun(peer.url).send(TEXT) == {PHONE: Accepted("1")}
        assert CODE.encode() in peer.heard[0]
    assert CODE not in caplog.text
    assert PHONE[3:] not in caplog.text


def test_who_watches_http_client_sees_neither_phone_nor_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So do Sentry and others."""
    seen: list[str] = []
    usual = http.client.HTTPConnection.putrequest

    def watch(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        seen.append(f"{method} {url}")
        usual(self, method, url, *args, **kwargs)

    monkeypatch.setattr(http.client.HTTPConnection, "putrequest", watch)
    body = b'{"Code":"OK","BizId":"1"}'
    with speaking([OK + b"Content-Length: %d\r\n\r\n" % len(body) + body]) as peer:
        _aliyun(peer.url).send(TEXT)
    assert seen == ["POST /"]
    line = peer.heard[0].partition(b"\r\n")[0].decode()
    assert line.startswith("POST /?OutId=aaaaaaaa")
    assert PHONE[3:] in line
    assert CODE in line


@pytest.mark.parametrize(
    "url",
    [
        *("", "sms.example", "//sms.example", "ftp://sms.example", "file:///etc/passwd"),
        *("https://", "https:///path", "https://:443", "https://sms.example:0"),
        *("https://sms.example:x", "https://sms.example:65536", "https://[::1", "https://a b"),
        *("https://me@sms.example", "https://me:pw@sms.example", "https://@sms.example"),
        *("https://sms.example?a", "https://sms.example/?", "https://sms.example#a"),
        *("https://sms.example\n", "https://sms.example\\@127.0.0.1", "https://短信.example"),
        *("http://sms.example", "http://10.0.0.1", "http://127.0.0.1.example", "http://0.0.0.0"),
        *("http://169.254.169.254", "http://localhost.example", "http://2130706433"),
    ],
)
def test_a_url_that_leads_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        Cloopen(**ACCOUNT, base_url=url)


@pytest.mark.parametrize(
    "url",
    [
        *("https://sms.example", "https://sms.example:8883", "https://sms.example/a/b/"),
        *("https://10.0.0.1", "https://[2001:db8::1]:443", "HTTPS://SMS.EXAMPLE"),
        *("http://127.0.0.1:8883", "http://localhost:1", "http://[::1]:80", "http://127.1.2.3"),
    ],
)
def test_a_url_that_is_one(url: str) -> None:
    assert Cloopen(**ACCOUNT, base_url=url).base_url == url.rstrip("/")


def test_no_proxy_and_no_password_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with speaking([HEAD + TAKEN]) as peer:
        assert _send(peer.url) == Accepted("1")
    assert b"Basic" not in peer.heard[0]

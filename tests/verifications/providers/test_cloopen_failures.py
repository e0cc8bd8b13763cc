"""Each way to fail ends in one of three, and none gives the token away."""

import http.server
import json
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from sandbox import Sandbox
from tests.live import free_port
from tests.verifications.providers.conftest import ACCOUNT
from tests.verifications.providers.test_cloopen_send import text
from verifications.providers import Rejected, SendError, Unavailable, Uncertain, Unreachable, base
from verifications.providers.cloopen import Cloopen

Build = Callable[..., Cloopen]
Fault = Callable[..., None]

TABLE = json.loads((Path(base.__file__).parent / "cloopen_errors.json").read_text())
EXPECTED = {"recipient": Rejected, "duplicate": Uncertain, "unknown_outcome": Uncertain}


def _raised(provider: Cloopen) -> SendError:
    with pytest.raises(SendError) as caught:
        provider.send(text())
    return caught.value


def test_all_173_rows_are_there() -> None:
    assert len(TABLE) == 173


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(
    "row", [row for row in TABLE if row["class"] != "success"], ids=lambda row: row["code"]
)
def test_each_error_code_is_of_its_class(
    row: dict[str, str], form: str, cloopen: Build, fault: Fault
) -> None:
    code = row["code"].replace(",", "-").split("-")[-1]  # the last of a range
    fault("error", code=code, message="错误 & <b>")
    error = _raised(cloopen(format=form))
    assert type(error) is EXPECTED.get(row["class"], Unavailable)
    assert (error.code, error.reason) == (code, "错误 & <b>")


def test_a_phone_that_the_platform_repeats_is_left_out(cloopen: Build, fault: Fault) -> None:
    fault("error", code="160042", message="号码 13800138000 的验证码 1234 有误")
    assert _raised(cloopen()).reason == "号码 … 的验证码 … 有误"


def test_ranges_of_codes_are_spread() -> None:
    kinds = base.load_error_kinds(Path(base.__file__).parent / "cloopen_errors.json")
    assert kinds["111001"] == kinds["111050"] == kinds["111099"] == "transient"
    assert kinds["112612"] == kinds["112616"] == "request"
    assert "160066" not in kinds


def test_a_code_that_nobody_knows_is_a_refusal(cloopen: Build, fault: Fault) -> None:
    fault("error", code="999999")
    assert type(_raised(cloopen())) is Unavailable


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("http_500", Unreachable),
        ("html", Uncertain),
        ("empty", Uncertain),
        ("torn", Uncertain),
        ("reset", Uncertain),
        ("timeout_before", Uncertain),
        ("timeout_after", Uncertain),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_each_fault_of_the_wire(
    kind: str, expected: type[SendError], form: str, cloopen: Build, fault: Fault
) -> None:
    fault(kind, **({"delay": 5} if kind.startswith("timeout") else {}))
    assert type(_raised(cloopen(format=form, timeout=(0.5, 0.2)))) is expected


def test_a_slow_answer_within_the_time_is_an_answer(cloopen: Build, fault: Fault) -> None:
    fault("slow", delay=0.1)
    assert cloopen().send(text()).message_id


def test_a_refused_connection_was_surely_not_taken(cloopen: Build) -> None:
    provider = cloopen(base_url=f"http://127.0.0.1:{free_port()}")
    assert type(_raised(provider)) is Unreachable


def test_a_host_that_does_not_exist_was_surely_not_taken(cloopen: Build) -> None:
    assert type(_raised(cloopen(base_url="http://sms.invalid"))) is Unreachable


def test_a_wrong_token_is_a_refusal_that_does_not_name_it(cloopen: Build) -> None:
    error = _raised(cloopen(auth_token="f" * 32))
    assert type(error) is Unavailable
    assert error.code == "111109"


def test_there_are_no_hidden_retries(cloopen: Build, fault: Fault, box: Sandbox) -> None:
    fault("http_500", times=1)
    provider = cloopen()
    _raised(provider)
    assert not box.world.faults.waiting()
    assert provider.send(text()).message_id  # the second call is ours alone


def test_no_proxy_of_the_environment_is_used(
    cloopen: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert cloopen().send(text()).message_id


@pytest.mark.parametrize("kind", ["error", "http_500", "reset", "html", "timeout_before"])
def test_neither_token_nor_signature_is_in_an_error(
    kind: str, cloopen: Build, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    fault(kind, **({"code": "160042"} if kind == "error" else {}))
    provider = cloopen(timeout=(0.5, 0.2))
    error = _raised(provider)
    shown = "".join(traceback.format_exception(error)) + repr(provider) + caplog.text
    assert ACCOUNT["auth_token"] not in shown
    assert "sig=" not in shown
    assert "13800138000" not in shown


class _Answers(http.server.BaseHTTPRequestHandler):
    """Answers what it is told."""

    status, body, location = 200, b"", ""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(type(self).status)
        if type(self).location:
            self.send_header("Location", type(self).location)
        self.send_header("Content-Length", str(len(type(self).body)))
        self.end_headers()
        self.wfile.write(type(self).body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def answering(cloopen: Build) -> Iterator[Callable[..., Cloopen]]:
    """answering(status, body): a platform that answers that, whatever it is asked."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()

    def build(status: int, body: bytes, location: str = "") -> Cloopen:
        _Answers.status, _Answers.body, _Answers.location = status, body, location
        return cloopen(base_url=f"http://127.0.0.1:{server.server_port}")

    yield build
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b"null",
        b'{"statusCode":"000000"}',
        b'{"statusCode":"000000","templateSMS":[]}',
        b'{"statusCode":"000000","templateSMS":"x"}',
        b'{"statusCode":"000000","templateSMS":{"smsMessageSid":" "}}',
        b'{"statusCode":"0000',
        b"\xff\xfe",
        b"<Response><statusCode>000000</statusCode>",
        b"<html><body>hi</body></html>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><Response>&b;</Response>',
    ],
)
def test_an_answer_that_says_nothing_leaves_us_uncertain(
    body: bytes, answering: Callable[..., Cloopen]
) -> None:
    assert type(_raised(answering(200, body))) is Uncertain


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((400, Unreachable), (403, Unreachable), (500, Unreachable), (503, Unreachable)),
        *((502, Uncertain), (504, Uncertain)),
    ],
)
def test_another_status_than_200(
    status: int, expected: type[SendError], answering: Callable[..., Cloopen]
) -> None:
    assert type(_raised(answering(status, b"<html></html>"))) is expected


def test_a_redirect_is_not_followed(answering: Callable[..., Cloopen], box: Sandbox) -> None:
    before = len(box.world.phones.messages())
    path = "/2013-12-26/Accounts/x/SMS/TemplateSMS"
    assert type(_raised(answering(307, b"", box.url + path))) is Unreachable
    assert len(box.world.phones.messages()) == before
    assert requests.get(f"{box.url}/sandbox/accounts", timeout=5).ok
